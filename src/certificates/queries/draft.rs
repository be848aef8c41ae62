//! What is to stand on a paper, from the frozen facts of a completion.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    access::{PersonId, UnitId},
    app,
    certificates::{
        model::{Draft, ISSUER, PaperKind, Signer, issuer_symbol},
        paper::Paper,
    },
    courses::{package::CertificateKind, queries as courses},
    organisations::{model::Unit, queries as organisations},
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment,
            schema::{class_runs, completion_events, course_versions, enrolments, people, settings, units},
        },
        error::{Error, Result},
        text,
    },
};

/// Where the list of signers is kept.
pub const SIGNERS: &str = "certificates.signers";

/// Who signs, and from when. Empty where nobody was named yet.
pub fn signers(c: &mut DbConn) -> Result<Vec<Signer>> {
    let kept: Option<String> = settings::table.find(SIGNERS).select(settings::value).first(c).optional()?;
    kept.map_or_else(|| Ok(Vec::new()), |text| Ok(serde_json::from_str(&text)?))
}

/// Everything about one completion that a paper is made of.
#[derive(Queryable)]
struct Facts {
    person: PersonId,
    unit: UnitId,
    position: String,
    organiser: UnitId,
    occurred_at: Moment,
    is_flagged: bool,
    names: (String, String),
    unit_name: String,
    /// Course and minutes; nothing for a class outside the system.
    version: Option<(String, i32, String)>,
    enrolled_at: Option<Moment>,
    run: Option<(Moment, Option<String>)>,
}

/// The draft for a completion, or `None` where there is nothing to certify now: voided, flagged and not accepted, a class
/// outside the system, a course that gives no paper of this kind (a "chứng chỉ" of a regulated programme is not ours to issue), or
/// nobody named yet who signs on this day: a paper stands as it was issued, so it waits for its signer
/// ([`crate::certificates::actions::set_signers`] asks again).
pub fn draft(c: &mut DbConn, completion: i64, now: Moment) -> Result<Option<Draft>> {
    let facts: Facts = completion_events::table
        .inner_join(people::table.on(people::id.eq(completion_events::person_id)))
        .inner_join(units::table.on(units::id.eq(completion_events::unit_id)))
        .left_join(course_versions::table.on(course_versions::id.nullable().eq(completion_events::version_id)))
        .left_join(enrolments::table.on(enrolments::id.nullable().eq(completion_events::enrolment_id)))
        .left_join(class_runs::table.on(class_runs::id.nullable().eq(completion_events::run_id)))
        .filter(completion_events::id.eq(completion).and(completion_events::kind.eq("completed")))
        .select((
            completion_events::person_id,
            completion_events::unit_id,
            completion_events::position,
            completion_events::organiser_id,
            completion_events::occurred_at,
            completion_events::is_flagged,
            (people::family_names, people::given_name),
            units::name_vi,
            (course_versions::title_vi, course_versions::minutes, course_versions::course).nullable(),
            enrolments::enrolled_at.nullable(),
            (class_runs::opens_at, class_runs::decision).nullable(),
        ))
        .first(c)?;
    let changes: Vec<String> = completion_events::table
        .filter(completion_events::completion_id.eq(completion))
        .select(completion_events::kind)
        .load(c)?;
    let is = |kind: &str| changes.iter().any(|k| k == kind);
    if is("voided") || (facts.is_flagged && !is("accepted")) {
        return Ok(None);
    }
    let today = local_day(now.0);
    let issuer = issuer(c, facts.organiser, today)?;
    let kind = PaperKind::Confirmation;
    let (person, unit) = (facts.person, facts.unit);
    let Some(paper) = paper(c, facts, &issuer, kind, today)? else { return Ok(None) };
    let symbol = format!("{}-{}", kind.symbol(), issuer_symbol(&issuer.code));
    Ok(Some(Draft { completion, person, unit, issuer: issuer.id, kind, symbol, paper }))
}

/// The issuing body as it is on the day, along its succession; where there is none, the organiser of the class run.
fn issuer(c: &mut DbConn, organiser: UnitId, today: NaiveDate) -> Result<Unit> {
    let Some(body) = organisations::by_code(c, ISSUER)? else { return organisations::unit(c, organiser) };
    if body.valid_on(today) {
        return Ok(body);
    }
    match organisations::carry_forward(c, body.id, today)?.unit() {
        Some(then) => organisations::unit(c, then),
        None => organisations::unit(c, organiser),
    }
}

fn paper(c: &mut DbConn, facts: Facts, issuer: &Unit, kind: PaperKind, today: NaiveDate) -> Result<Option<Paper>> {
    let (Some((course, minutes, described)), Some(enrolled_at), Some((opens_at, decision))) =
        (facts.version, facts.enrolled_at, facts.run)
    else {
        return Ok(None);
    };
    if courses::certificate_kind_in(&described)? != CertificateKind::Completion {
        return Ok(None);
    }
    let (family, given) = facts.names;
    let superior = organisations::parent(c, issuer.id, today)?;
    let signers = signers(c)?;
    let Some(signer) = Signer::on(&signers, today) else { return Ok(None) };
    let name_of_holder = format!("{family} {given}");
    if name_of_holder.trim().is_empty() {
        return Err(Error::internal("a person without a name completed a course"));
    }
    Ok(Some(Paper {
        superior_body: superior.map(|u| u.name_vi.to_uppercase()).unwrap_or_default(),
        issuing_body: issuer.name_vi.to_uppercase(),
        title: kind.title().to_owned(),
        legal_basis: decision.filter(|d| !d.trim().is_empty()).map(|d| legal_basis(d.trim())),
        holder: name_of_holder.trim().to_uppercase(),
        born: None,
        position: Some(facts.position).filter(|p| !p.trim().is_empty()),
        unit: facts.unit_name,
        achievement: "Đã hoàn thành khóa bồi dưỡng".to_owned(),
        course,
        form_of_study: "trực tuyến".to_owned(),
        from: text::date_of(enrolled_at.max(opens_at).0),
        to: text::date_of(facts.occurred_at.0),
        duration: crate::certificates::model::duration(minutes),
        result: Some("Đạt".to_owned()),
        place_and_date: String::new(),
        signer_lines: signer.lines.clone(),
        signer_name: signer.name.clone(),
        register_number: String::new(),
        serial_number: String::new(),
        lookup_code: String::new(),
        lookup_page: String::new(),
        lookup_url: String::new(),
        issued_at: facts.occurred_at.0,
        reissue: None,
        is_illustration: app::is_demo(c)?,
    }))
}

/// "Quyết định số …" becomes "Theo Quyết định số …".
fn legal_basis(decision: &str) -> String {
    let ready = ["Theo ", "Căn cứ "].iter().any(|word| decision.starts_with(word));
    if ready { decision.to_owned() } else { format!("Theo {decision}") }
}
