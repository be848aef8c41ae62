//! `/de-cu/{round}/{unit}/ho-so/{nomination}`: one nomination, its history, and what its unit may do with it.

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::Serialize;

use super::{Holder, StepView, happened, holder, seats::crumbs, state_tag, steps, title};
use crate::{
    access::{PersonId, Reach},
    accounts::queries::{self as accounts, directory},
    app::App,
    learning::queries as learning,
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, FieldErrors, Result},
        http::{Crumb, FormView, Input, Page, Tag},
        i18n::Message,
    },
    programmes::{
        actions,
        guards::{NominationOf, SeatsOf},
        model::{Letter, Nomination, NominationEvent, NominationState},
        queries,
    },
};

#[derive(Serialize)]
struct NominationView {
    crumbs: Vec<Crumb>,
    path: String,
    round: String,
    name: String,
    birth_year: Option<i32>,
    unit: String,
    position: String,
    category: String,
    state: Tag,
    holder: Holder,
    steps: Vec<StepView>,
    class: Option<Crumb>,
    replaces: Option<Crumb>,
    events: Vec<EventView>,
    can_withdraw: bool,
    can_replace: bool,
    can_endorse: bool,
    form: FormView,
    replace_form: FormView,
}

#[derive(Serialize)]
struct EventView {
    at: Moment,
    what: String,
    by: Option<String>,
    reason: String,
    letter: Option<LetterView>,
}

#[derive(Serialize)]
struct LetterView {
    href: String,
    number: String,
    dated: NaiveDate,
}

pub async fn show(app: web::Data<App>, page: Page, found: NominationOf) -> Result<HttpResponse> {
    super::note_look_up(&app, &found.seats.who, Some(found.nomination.person_id), "").await?;
    render(&app, &page, found, StatusCode::OK, FormView::default(), FormView::default()).await
}

async fn render(
    app: &App,
    page: &Page,
    found: NominationOf,
    status: StatusCode,
    form: FormView,
    replace_form: FormView,
) -> Result<HttpResponse> {
    let NominationOf { seats, nomination } = found;
    let (one, locale) = (nomination.clone(), page.locale());
    let run = seats.round.run_id;
    let (person, unit, place, events, class, rules, replaces) = app
        .db
        .read(move |c| {
            let place = match one.state {
                NominationState::Waiting => Some(queries::waiting_place(c, &one)?),
                _ => None,
            };
            let mut events: Vec<(NominationEvent, Option<Letter>)> = Vec::new();
            for event in queries::history(c, one.id)? {
                let letter = event.letter_id.map(|letter| queries::letter(c, one.quota_id, letter)).transpose()?;
                events.push((event, letter));
            }
            let people: Vec<PersonId> = events.iter().filter_map(|(event, _)| event.by_id).collect();
            let names = directory::names(c, &people)?;
            let class = match (run, one.state) {
                (Some(run), NominationState::Approved) => Some(learning::run(c, run)?),
                _ => None,
            };
            let replaces = match one.replaces_id {
                Some(old) => {
                    let old = queries::nomination(c, old)?;
                    Some((accounts::person(c, old.person_id)?.full_name(), old.code))
                }
                None => None,
            };
            let unit = organisations::unit(c, one.unit_id)?.name(locale).to_owned();
            let person = accounts::person(c, one.person_id)?;
            let rules = queries::rules(c, one.round_id)?;
            Ok::<_, Error>((person, unit, place, (events, names), class, rules, replaces))
        })
        .await?;
    let (events, names) = events;
    let path = seats.path();
    let acts = seats.nominates && !nomination.state.is_over();
    let event = |(event, letter): (NominationEvent, Option<Letter>)| EventView {
        at: event.occurred_at,
        what: happened(page, event.kind),
        by: event.by_id.and_then(|id| names.get(&id)).map(|(_, name)| name.clone()),
        reason: event.reason,
        letter: letter.map(|letter| LetterView {
            href: format!("{path}/cong-van/{}", letter.id),
            number: letter.number,
            dated: letter.dated,
        }),
    };
    let mut way = crumbs(page, &seats);
    way.push(Crumb::new(seats.unit.name(locale), path.clone()));
    let view = NominationView {
        crumbs: way,
        round: title(page, &seats.round),
        name: person.full_name(),
        birth_year: person.birth_year,
        unit,
        category: page.text(Message::new(format!("accounts-category-{}", nomination.category))),
        state: state_tag(page, nomination.state),
        holder: holder(page, &nomination, seats.unit.name(locale), place),
        steps: steps(page, nomination.state),
        class: class.map(|run| Crumb::new(run.title.clone(), format!("/lop/{}", run.code))),
        replaces: replaces.map(|(name, code)| Crumb::new(name, format!("{path}/ho-so/{code}"))),
        events: events.into_iter().rev().map(event).collect(),
        can_withdraw: acts,
        can_replace: acts && nomination.state == NominationState::Approved && seats.round.is_open(),
        can_endorse: acts
            && rules.steps >= 2
            && nomination.state == NominationState::Submitted
            && nomination.submitted_by != Some(seats.who.id()),
        path: format!("{path}/ho-so/{}", nomination.code),
        position: nomination.position,
        form,
        replace_form,
    };
    page.html_as(status, "programmes/nomination", &view)
}

/// 403 for who only sees.
fn must_nominate(seats: &SeatsOf) -> Result<()> {
    if seats.nominates { Ok(()) } else { Err(Error::Forbidden) }
}

fn path(seats: &SeatsOf, nomination: &Nomination) -> String {
    format!("{}/ho-so/{}", seats.path(), nomination.code)
}

pub async fn withdraw(app: web::Data<App>, page: Page, found: NominationOf, input: Input) -> Result<HttpResponse> {
    must_nominate(&found.seats)?;
    let (now, by, id, reason) = (app.now(), found.seats.who.actor(), found.nomination.id, input.text("reason"));
    match app.db.write("programmes.withdraw", move |c| actions::withdraw(c, &by, now, id, &reason)).await {
        Ok(()) => Ok(page.go_saying(&found.seats.path(), "good", "programmes-withdrawn")),
        Err(Error::Invalid(errors)) => {
            let form = page.form(&input, &errors);
            render(&app, &page, found, StatusCode::UNPROCESSABLE_ENTITY, form, FormView::default()).await
        }
        Err(error) => Err(error),
    }
}

/// Somebody of the same unit takes the place, named by e-mail address, telephone number, user name, or by a name that only one has.
pub async fn replace(app: web::Data<App>, page: Page, found: NominationOf, input: Input) -> Result<HttpResponse> {
    must_nominate(&found.seats)?;
    let (now, by, id) = (app.now(), found.seats.who.actor(), found.nomination.id);
    let (reason, typed, unit) = (input.text("reason"), input.text("person"), found.seats.quota.unit_id);
    let replaced = app
        .db
        .write("programmes.replace", move |c| {
            let today = local_day(now.0);
            let within = directory::units_within(c, &Reach::Under(vec![unit]), today)?;
            let typed: String = typed.chars().take(100).collect();
            let found = match typed.is_empty() {
                true => Vec::new(),
                false => directory::list(c, within.as_deref(), today, &typed, 0, 2)?.1,
            };
            let person = match found.as_slice() {
                [one] => one.person.id,
                [] => return Err(FieldErrors::one("person", "programmes-replace-unknown")),
                _ => return Err(FieldErrors::one("person", "programmes-replace-several")),
            };
            actions::replace(c, &by, now, id, person, &reason)
        })
        .await;
    match replaced {
        Ok(new) => Ok(page.go_saying(&path(&found.seats, &new), "good", "programmes-replaced")),
        Err(Error::Invalid(errors)) => {
            let form = page.form(&input, &errors);
            render(&app, &page, found, StatusCode::UNPROCESSABLE_ENTITY, FormView::default(), form).await
        }
        Err(error) => Err(error),
    }
}

pub async fn endorse(app: web::Data<App>, page: Page, found: NominationOf, _: Input) -> Result<HttpResponse> {
    must_nominate(&found.seats)?;
    let (now, by, id) = (app.now(), found.seats.who.actor(), found.nomination.id);
    app.db.write("programmes.endorse", move |c| actions::endorse(c, &by, now, id)).await?;
    Ok(page.go_saying(&path(&found.seats, &found.nomination), "good", "programmes-endorsed"))
}
