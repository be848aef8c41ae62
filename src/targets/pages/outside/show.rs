//! A class with its people, and the second person's word.

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{crumbs, named, state};
use crate::{
    access::PersonId,
    accounts::queries::{self as accounts, directory},
    app::App,
    courses::queries as courses,
    organisations::queries as organisations,
    platform::{
        db::Moment,
        error::{Error, Result},
        http::{Crumb, FormView, Input, Page},
        i18n::Message,
        text::sort_key,
    },
    targets::{
        actions,
        guards::outside::{OutsideDecider, OutsideSeen, OutsideVoider},
        queries,
    },
};

#[derive(Serialize)]
struct ClassView {
    crumbs: Vec<Crumb>,
    path: String,
    course: String,
    organiser: String,
    first_day: NaiveDate,
    last_day: NaiveDate,
    decision: String,
    entered_by: String,
    entered_at: Moment,
    decided_by: Option<String>,
    decided_at: Option<Moment>,
    reason: Option<String>,
    state: String,
    state_kind: &'static str,
    has_file: bool,
    total: usize,
    rows: Vec<RowView>,
    can_decide: bool,
    /// Waits, and the reader is the one who cannot confirm it.
    waits_for_other: bool,
    form: FormView,
}

#[derive(Serialize)]
struct RowView {
    /// The person's code, for the form that takes their result back.
    code: String,
    name: String,
    unit: String,
    position: String,
    category: String,
    /// Whether it counts, in words; nothing while the class waits.
    standing: Option<String>,
    standing_kind: &'static str,
    can_void: bool,
}

pub async fn show(app: web::Data<App>, page: Page, seen: OutsideSeen) -> Result<HttpResponse> {
    render(&app, &page, seen, StatusCode::OK, FormView::default()).await
}

async fn render(app: &App, page: &Page, seen: OutsideSeen, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let OutsideSeen { class, people, can_decide, can_void, .. } = seen;
    let (id, course, organiser) = (class.id, class.course, class.organiser);
    let mut who: Vec<PersonId> = people.iter().map(|person| person.person).collect();
    who.push(class.entered_by);
    who.extend(class.decided.map(|(.., by)| by));
    let mut at: Vec<_> = people.iter().map(|person| person.unit).collect();
    at.push(organiser);
    let completions: Vec<i64> = people.iter().filter_map(|person| person.completion).collect();
    let (names, units, titles, voided, file, reason) = app
        .db
        .read(move |c| {
            Ok::<_, Error>((
                directory::names(c, &who)?,
                organisations::by_ids(c, &at)?,
                courses::named(c, &[course])?,
                queries::voided(c, &completions)?,
                queries::roster_file(c, id)?,
                queries::outside_reason(c, id)?,
            ))
        })
        .await?;
    let name = |id: PersonId| names.get(&id).cloned().unwrap_or_default();
    let unit = |id| units.get(&id).map(|unit| unit.name(page.locale()).to_owned()).unwrap_or_default();
    let mut rows: Vec<RowView> = people
        .iter()
        .map(|person| {
            let (code, name) = name(person.person);
            let (standing, standing_kind) = match person.completion {
                None => (None, "plain"),
                Some(id) if voided.contains(&id) => (Some("external-voided"), "bad"),
                Some(_) => (Some("external-counted"), "good"),
            };
            RowView {
                code,
                name,
                unit: unit(person.unit),
                position: person.position.clone(),
                category: page.text(Message::new(format!("targets-category-{}", person.category))),
                can_void: can_void && standing_kind == "good",
                standing: standing.map(|key| page.text(key)),
                standing_kind,
            }
        })
        .collect();
    rows.sort_by_cached_key(|row| sort_key(&row.name));
    let (state, state_kind) = state(page, class.decided.map(|(kind, ..)| kind));
    let view = ClassView {
        crumbs: crumbs(page),
        path: class.path(),
        course: named(&titles, course, page),
        organiser: unit(organiser),
        first_day: class.first_day,
        last_day: class.last_day,
        decision: class.decision,
        entered_by: name(class.entered_by).1,
        entered_at: class.entered_at,
        decided_by: class.decided.map(|(.., by)| name(by).1),
        decided_at: class.decided.map(|(_, at, _)| at),
        reason,
        state,
        state_kind,
        has_file: file.is_some(),
        total: rows.len(),
        rows,
        can_decide,
        waits_for_other: class.decided.is_none() && !can_decide,
        form,
    };
    page.html_as(status, "targets/outside", &view)
}

/// The way to the signed roster: a link to the host of files that works for a short while.
pub async fn roster_file(app: web::Data<App>, page: Page, seen: OutsideSeen) -> Result<HttpResponse> {
    let id = seen.class.id;
    let (key, mime, name) = app.db.read(move |c| queries::roster_file(c, id)).await?.ok_or(Error::NotFound)?;
    Ok(page.go(&app.way_to_file(&key, &mime, name)?))
}

pub async fn confirm(app: web::Data<App>, page: Page, decider: OutsideDecider, _: Input) -> Result<HttpResponse> {
    let class = decider.0.class;
    let (now, by, id) = (app.now(), decider.0.who.actor(), class.id);
    app.db.write("targets.outside-confirm", move |c| actions::confirm_outside(c, &by, now, id)).await?;
    Ok(page.go_saying(&class.path(), "good", "external-confirmed"))
}

pub async fn reject(app: web::Data<App>, page: Page, decider: OutsideDecider, input: Input) -> Result<HttpResponse> {
    let seen = decider.0;
    let (now, by, id, reason) = (app.now(), seen.who.actor(), seen.class.id, input.text("reason"));
    let done = app.db.write("targets.outside-reject", move |c| actions::reject_outside(c, &by, now, id, &reason)).await;
    match done {
        Ok(()) => Ok(page.go_saying(&seen.class.path(), "good", "external-rejected")),
        Err(Error::Invalid(errors)) => {
            let form = page.form(&input, &errors);
            render(&app, &page, seen, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
pub struct Whom {
    #[serde(default)]
    nguoi: String,
}

#[derive(Serialize)]
struct VoidView {
    crumbs: Vec<Crumb>,
    path: String,
    code: String,
    name: String,
    form: FormView,
}

pub async fn void_form(
    app: web::Data<App>,
    page: Page,
    voider: OutsideVoider,
    whom: web::Query<Whom>,
) -> Result<HttpResponse> {
    let code = whom.into_inner().nguoi;
    render_void(&app, &page, &voider.0, code, StatusCode::OK, FormView::default()).await
}

/// Somebody of the class, by their code.
async fn person_of(app: &App, seen: &OutsideSeen, code: String) -> Result<(PersonId, String)> {
    let found = app.db.read(move |c| accounts::person_by_code(c, &code)).await?.ok_or(Error::NotFound)?;
    let is_in_it = seen.people.iter().any(|person| person.person == found.id);
    if is_in_it { Ok((found.id, found.full_name())) } else { Err(Error::NotFound) }
}

async fn render_void(
    app: &App,
    page: &Page,
    seen: &OutsideSeen,
    code: String,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let (_, name) = person_of(app, seen, code.clone()).await?;
    let mut way = crumbs(page);
    way.push(Crumb::new(seen.class.decision.clone(), seen.class.path()));
    page.html_as(status, "targets/outside_void", &VoidView { crumbs: way, path: seen.class.path(), code, name, form })
}

pub async fn void(app: web::Data<App>, page: Page, voider: OutsideVoider, input: Input) -> Result<HttpResponse> {
    let seen = voider.0;
    let code = input.text("nguoi");
    let (person, _) = person_of(&app, &seen, code.clone()).await?;
    let (now, by, id, reason) = (app.now(), seen.who.actor(), seen.class.id, input.text("reason"));
    let write = move |c: &mut _| actions::void_outside(c, &by, now, id, person, &reason);
    match app.db.write("targets.outside-void", write).await {
        Ok(_) => Ok(page.go_saying(&seen.class.path(), "good", "external-void-done")),
        Err(Error::Invalid(errors)) => {
            let form = page.form(&input, &errors);
            render_void(&app, &page, &seen, code, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
        Err(error) => Err(error),
    }
}
