//! `/chuyen-gia/{expert}`: one expert, or somebody on the way, with everything that happened.

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::Serialize;

use super::{crumbs, turned};
use crate::{
    access::PersonId,
    accounts::queries::{self as accounts, directory},
    app::App,
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, Result},
        http::{Crumb, FormView, Input, Page, Tag},
    },
    programmes::{
        actions::members as actions,
        guards::programmes::ExpertSeen,
        model::programme::{Decision, DecisionId, MemberEvent, expert_path},
        pages::programme::stage_tag,
        queries::{members, programmes},
    },
};

#[derive(Serialize)]
struct ExpertView {
    crumbs: Vec<Crumb>,
    path: String,
    name: String,
    birth_year: Option<i32>,
    stage: Tag,
    since: Moment,
    programme: Crumb,
    cohort: Crumb,
    /// Where they work today; none for who works nowhere.
    unit: Option<String>,
    position: Option<String>,
    /// As what they were nominated, and from where.
    nominated_unit: String,
    nominated_position: String,
    valid_from: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
    needs_review: bool,
    can_settle: bool,
    events: Vec<EventView>,
    form: FormView,
}

#[derive(Serialize)]
struct EventView {
    at: Moment,
    what: String,
    by: Option<String>,
    reason: String,
    decision: Option<DecisionView>,
}

#[derive(Serialize)]
struct DecisionView {
    number: String,
    dated: NaiveDate,
    signer: String,
    file: Option<String>,
}

pub async fn show(app: web::Data<App>, page: Page, expert: ExpertSeen) -> Result<HttpResponse> {
    super::super::note_look_up(&app, &expert.who, Some(expert.member.person_id), "").await?;
    render(&app, &page, expert, StatusCode::OK, FormView::default()).await
}

async fn render(
    app: &App,
    page: &Page,
    expert: ExpertSeen,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let ExpertSeen { member, programme, manages, .. } = expert;
    let (one, today, locale) = (member.clone(), local_day(app.now().0), page.locale());
    let (person, place, nominated, cohort, (events, names, decisions)) = app
        .db
        .read(move |c| {
            let events = members::history(c, one.id)?;
            let people: Vec<PersonId> = events.iter().filter_map(|event| event.by_id).collect();
            let names = directory::names(c, &people)?;
            let ids: Vec<DecisionId> = events.iter().filter_map(|event| event.decision_id).collect();
            let decisions = programmes::decisions(c, &ids)?;
            let place = members::places(c, &[one.person_id], today)?.remove(&one.person_id);
            let nominated = organisations::unit(c, one.unit_id)?;
            let cohort = programmes::cohort(c, one.cohort_id)?;
            Ok::<_, Error>((accounts::person(c, one.person_id)?, place, nominated, cohort, (events, names, decisions)))
        })
        .await?;
    let path = expert_path(&member.code);
    let decision = |decision: &Decision| DecisionView {
        number: decision.number.clone(),
        dated: decision.dated,
        signer: decision.signer.clone(),
        file: decision.file.as_ref().map(|_| format!("{path}/quyet-dinh/{}", decision.id)),
    };
    let event = |event: MemberEvent| EventView {
        at: event.occurred_at,
        what: turned(page, event.kind),
        by: event.by_id.and_then(|id| names.get(&id)).map(|(_, name)| name.clone()),
        reason: event.reason,
        decision: event.decision_id.and_then(|id| decisions.get(&id)).map(decision),
    };
    let view = ExpertView {
        crumbs: crumbs(page),
        name: person.full_name(),
        birth_year: person.birth_year,
        stage: stage_tag(page, member.stage),
        since: member.changed_at,
        programme: Crumb::new(programme.title(locale), programme.path()),
        cohort: Crumb::new(cohort.title(locale), format!("{}/khoa/{}", programme.path(), cohort.code)),
        position: place.as_ref().map(|(position, _)| position.clone()),
        unit: place.map(|(_, unit)| unit.name(locale).to_owned()),
        nominated_unit: nominated.name(locale).to_owned(),
        nominated_position: member.position.clone(),
        valid_from: member.valid_from.filter(|_| member.stage.is_recognised()),
        valid_until: member.valid_until.filter(|_| member.stage.is_recognised()),
        needs_review: member.needs_review,
        can_settle: manages && member.needs_review,
        events: events.into_iter().rev().map(event).collect(),
        form,
        path: path.clone(),
    };
    page.html_as(status, "programmes/expert", &view)
}

/// The coordinator lets a recognition stand although something it rests on fell away.
pub async fn settle(app: web::Data<App>, page: Page, expert: ExpertSeen, input: Input) -> Result<HttpResponse> {
    if !expert.manages {
        return Err(Error::Forbidden);
    }
    let (now, by, id, reason) = (app.now(), expert.who.actor(), expert.member.id, input.text("reason"));
    match app.db.write("programmes.settle", move |c| actions::settle(c, &by, now, id, &reason)).await {
        Ok(()) => Ok(page.go_saying(&expert_path(&expert.member.code), "good", "experts-settled")),
        Err(Error::Invalid(faults)) => {
            let form = page.form(&input, &faults);
            render(&app, &page, expert, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
        Err(error) => Err(error),
    }
}

/// The way to the file of a decision about this person: a link to the other host that works for a short while.
pub async fn decision(
    app: web::Data<App>,
    page: Page,
    expert: ExpertSeen,
    at: web::Path<(String, i64)>,
) -> Result<HttpResponse> {
    let (member, id) = (expert.member.id, DecisionId(at.1));
    let found = app
        .db
        .read(move |c| {
            let of_them = members::history(c, member)?.iter().any(|event| event.decision_id == Some(id));
            let found = programmes::decisions(c, &[id])?.remove(&id);
            found.filter(|_| of_them).and_then(|decision| decision.file).ok_or(Error::NotFound)
        })
        .await?;
    let (key, media_type, name) = found;
    Ok(page.go(&app.way_to_file(&key, &media_type, name)?))
}
