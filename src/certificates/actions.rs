//! Issuing and revoking; issuing anew in [`reissue`].

mod reissue;

use chrono::Datelike;
use diesel::prelude::*;
use serde_json::json;

pub use self::reissue::{prepare, reissue};
use super::{
    jobs::{IssueCertificate, IssueMissing},
    model::{
        Certificate, CertificateId, CertificateState, Decision, Details, Draft, EventKind, Lookup, Signer, random_code,
        random_serial,
    },
    queries,
};
use crate::{
    access::{Actor, Permission},
    accounts, audit, notifications,
    platform::{
        as_i64,
        clock::local_day,
        db::{
            DbConn, Moment, breaks_unique, note_file,
            schema::{
                certificate_events, certificate_registers, certificates, completion_events, enrolments, files, settings,
            },
        },
        error::{Error, Result},
        files::Stored,
        i18n::Message,
        jobs::{self, Job},
        text,
    },
};

/// Asks for the certificate of a completion. Call it in the transaction in which the completion is made or accepted; whether it
/// can be certified is looked at when the job runs.
pub fn request_issue(c: &mut DbConn, now: Moment, completion: i64) -> Result<()> {
    jobs::enqueue_once(c, now, &format!("certificates.issue.{completion}"), &IssueCertificate { completion })
}

/// Tells those who may revoke that a certificate's completion was voided. Call it in the transaction of the voiding; where nothing is
/// in force, there is nothing to ask. That it waits is no state of its own: it follows from the two until it is revoked.
pub fn ask_revocation(c: &mut DbConn, now: Moment, completion: i64) -> Result<()> {
    let in_force = queries::of_completion(c, completion)?.filter(|found| found.state == CertificateState::Valid);
    let Some(certificate) = in_force else { return Ok(()) };
    let unit = queries::unit_of(c, &certificate)?;
    let told = Message::new("notifications-revocation-asked").with("number", certificate.register_number);
    let href = format!("/so-cap/{}", certificate.code);
    for person in accounts::queries::directory::who_may(c, Permission::DecideRecords, unit, local_day(now.0))? {
        notifications::actions::notify(c, now, person, &told, Some(&href), true)?;
    }
    Ok(())
}

/// Enters a certificate into the register and gives it its number, or answers with the one the completion already has: also one
/// that was revoked, for a repeated job must not undo a decision. `None` where there is nothing to certify.
pub fn issue(c: &mut DbConn, now: Moment, completion: i64, lookup: &Lookup) -> Result<Option<Certificate>> {
    hold_completion(c, completion)?;
    if let Some(there) = queries::of_completion(c, completion)? {
        return Ok(Some(there));
    }
    let Some(draft) = queries::draft(c, completion, now)? else { return Ok(None) };
    let by = Actor::system();
    let certificate =
        enter(c, now, &by, &NewEntry { draft: &draft, replaces: None, decision: None, details: None }, lookup)?;
    let entry = audit::Entry::new("certificate.issue", "certificates", certificate.id).unit(draft.unit);
    let after = json!({ "register_number": certificate.register_number, "completion": completion });
    audit::record(c, &by, now, entry.after(after))?;
    Ok(Some(certificate))
}

/// Locks the enrolment behind a completion, as accepting and voiding do: what is decided about a completion and what is issued for
/// it come one after the other, so that no certificate slips out beside a voiding.
fn hold_completion(c: &mut DbConn, completion: i64) -> Result<()> {
    // SQLite has one writer at a time; only PostgreSQL has row locks.
    if let DbConn::Pg(c) = c {
        enrolments::table
            .inner_join(completion_events::table.on(completion_events::enrolment_id.eq(enrolments::id.nullable())))
            .filter(completion_events::id.eq(completion))
            .select(enrolments::id)
            .for_no_key_update()
            .load::<i64>(c)?;
    }
    Ok(())
}

/// What a new entry of the register says.
struct NewEntry<'a> {
    draft: &'a Draft,
    replaces: Option<CertificateId>,
    decision: Option<&'a Decision>,
    details: Option<&'a Details>,
}

/// The number comes from one conditional statement on the register's row, which keeps the row locked until this transaction
/// ends: numbers are given in the order of the commits, and a transaction that fails gives its number back.
fn enter(c: &mut DbConn, now: Moment, by: &Actor, new: &NewEntry<'_>, lookup: &Lookup) -> Result<Certificate> {
    let draft = new.draft;
    let (register, number) = next_number(c, draft, now)?;
    let code = random_code()?;
    let paper = draft.numbered(number, &code, &random_serial()?, lookup, now.0);
    let paper_json = serde_json::to_string(&paper)?;
    let id: CertificateId = diesel::insert_into(certificates::table)
        .values((
            certificates::code.eq(&code),
            certificates::completion_id.eq(draft.completion),
            certificates::person_id.eq(draft.person.0),
            certificates::register_id.eq(register),
            certificates::number.eq(number),
            certificates::register_number.eq(&paper.register_number),
            certificates::paper.eq(&paper_json),
            certificates::state.eq(CertificateState::Valid),
            certificates::issued_at.eq(now),
            certificates::replaces_id.eq(new.replaces.map(|id| id.0)),
        ))
        .returning(certificates::id)
        .get_result(c)
        .map_err(|e| {
            let twice = ["replaces", "completion"].iter().any(|part| breaks_unique(&e, "certificates", part));
            match twice && new.replaces.is_some() {
                true => Error::refused("certificates-refused-reissued-already"),
                // A second job for the same completion at the same time: it gives its number back and, repeated, finds the first.
                false => e.into(),
            }
        })?;
    event(c, now, by, id, EventKind::Issued, new.decision, new.details)?;
    Ok(Certificate {
        id,
        code,
        completion_id: draft.completion,
        person_id: draft.person,
        register_id: register,
        number,
        register_number: paper.register_number,
        paper_json,
        state: CertificateState::Valid,
        issued_at: now,
        replaces_id: new.replaces,
        file_id: None,
    })
}

fn next_number(c: &mut DbConn, draft: &Draft, now: Moment) -> Result<(i64, i64)> {
    let year = local_day(now.0).year();
    if let Some(given) = count_up(c, draft, year)? {
        return Ok(given);
    }
    let first = (
        certificate_registers::issuer_id.eq(draft.issuer.0),
        certificate_registers::year.eq(year),
        certificate_registers::paper_kind.eq(draft.kind),
        certificate_registers::symbol.eq(&draft.symbol),
    );
    // on_conflict is not part of diesel's common backend.
    crate::both!(c, |c| diesel::insert_into(certificate_registers::table)
        .values(first)
        .on_conflict_do_nothing()
        .execute(c))?;
    count_up(c, draft, year)?.ok_or_else(|| Error::internal("a register that was just opened is not there"))
}

/// The register and its next number; nothing while the register was not opened.
fn count_up(c: &mut DbConn, draft: &Draft, year: i32) -> Result<Option<(i64, i64)>> {
    let own = certificate_registers::issuer_id
        .eq(draft.issuer.0)
        .and(certificate_registers::year.eq(year))
        .and(certificate_registers::paper_kind.eq(draft.kind));
    Ok(diesel::update(certificate_registers::table.filter(own))
        .set(certificate_registers::last_number.eq(certificate_registers::last_number + 1))
        .returning((certificate_registers::id, certificate_registers::last_number))
        .get_result(c)
        .optional()?)
}

fn event(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    id: CertificateId,
    kind: EventKind,
    decision: Option<&Decision>,
    details: Option<&Details>,
) -> Result<()> {
    diesel::insert_into(certificate_events::table)
        .values((
            certificate_events::certificate_id.eq(id.0),
            certificate_events::kind.eq(kind),
            certificate_events::at.eq(now),
            certificate_events::actor_id.eq(by.person.map(|p| p.0)),
            certificate_events::decision_number.eq(decision.map(|d| d.decision_number.as_str())),
            certificate_events::decision_date.eq(decision.map(|d| d.decision_date)),
            certificate_events::reason.eq(decision.map(|d| d.reason.as_str())),
            certificate_events::details.eq(details.map(serde_json::to_string).transpose()?),
        ))
        .execute(c)?;
    Ok(())
}

/// Notes where the PDF lies. `false` when another worker was first: then the file is not needed.
pub fn attach_file(c: &mut DbConn, now: Moment, certificate: &Certificate, stored: &Stored) -> Result<bool> {
    let still_bare =
        certificates::table.filter(certificates::id.eq(certificate.id.0).and(certificates::file_id.is_null()));
    let name = format!("{}.pdf", certificate.register_number.replace('/', "-"));
    let file = note_file(c, now, "certificates", stored, &name, None)?;
    let changed = diesel::update(still_bare).set(certificates::file_id.eq(file)).execute(c)?;
    if changed == 0 {
        diesel::delete(files::table.find(file)).execute(c)?;
    }
    Ok(changed == 1)
}

/// Revokes a certificate by a decision. It stays in the register, and its page says so.
pub fn revoke(c: &mut DbConn, by: &Actor, now: Moment, id: CertificateId, decision: &Decision) -> Result<Certificate> {
    let changed = diesel::update(
        certificates::table.filter(certificates::id.eq(id.0).and(certificates::state.eq(CertificateState::Valid))),
    )
    .set(certificates::state.eq(CertificateState::Revoked))
    .execute(c)?;
    if changed == 0 {
        return Err(Error::refused("certificates-refused-not-valid"));
    }
    event(c, now, by, id, EventKind::Revoked, Some(decision), None)?;
    let certificate = queries::by_id(c, id)?;
    let entry = audit::Entry::new("certificate.revoke", "certificates", id)
        .unit(queries::unit_of(c, &certificate)?)
        .before(json!({ "state": CertificateState::Valid }))
        .after(json!({
            "state": certificate.state, "register_number": certificate.register_number,
            "decision_number": decision.decision_number, "decision_date": decision.decision_date,
        }))
        .reason(decision.reason.clone());
    audit::record(c, by, now, entry)?;
    let told = Message::new("notifications-certificate-revoked")
        .with("number", certificate.register_number.clone())
        .with("date", text::date(decision.decision_date));
    let href = format!("/tra-cuu/{}", certificate.code);
    notifications::actions::notify(c, now, certificate.person_id, &told, Some(&href), true)?;
    Ok(certificate)
}

/// Keeps that somebody took the register away as a table, and how much of it.
pub fn note_export(c: &mut DbConn, by: &Actor, now: Moment, searched: &str, count: i64) -> Result<()> {
    let entry = audit::Entry::new("certificate.export", "certificates", "list");
    audit::record(c, by, now, entry.after(json!({ "search": searched, "count": count })))
}

/// Writes down who signs from which day on; papers that were issued keep their signer, and those that waited for one are asked for
/// again.
pub fn set_signers(c: &mut DbConn, by: &Actor, now: Moment, signers: &[Signer]) -> Result<()> {
    let before = queries::signers(c)?;
    let row = (settings::key.eq(queries::SIGNERS), settings::value.eq(serde_json::to_string(signers)?));
    diesel::delete(settings::table.find(queries::SIGNERS)).execute(c)?;
    diesel::insert_into(settings::table).values(row).execute(c)?;
    let entry = audit::Entry::new("certificate.signers", "settings", queries::SIGNERS);
    audit::record(c, by, now, entry.before(json!(before)).after(json!(signers)))?;
    jobs::enqueue_once(c, now, IssueMissing::KIND, &IssueMissing {})
}

/// Asks for the certificates of a batch of completions that have none, after the event `after`; where to go on, or `None` at the
/// end. What has nothing to certify is asked for in vain and stays as it is.
pub fn request_missing(c: &mut DbConn, now: Moment, after: i64, limit: i64) -> Result<Option<i64>> {
    let missing = queries::without_certificate(c, after, limit)?;
    for completion in &missing {
        request_issue(c, now, *completion)?;
    }
    Ok(missing.last().copied().filter(|_| as_i64(missing.len()) >= limit))
}
