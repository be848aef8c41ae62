//! `/de-cu/{round}/{unit}/trinh`: sending nominations up with the signed letter, and reading that letter.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{seats::crumbs, title};
use crate::{
    app::App,
    platform::{
        clock::local_day,
        error::{Error, FieldErrors, Result},
        files::{Limits, MediaType},
        http::{
            Crumb, FormView, Input, Page,
            upload::{self as uploads, Incoming},
        },
        i18n::Message,
        text,
    },
    programmes::{
        actions::{self, NewLetter},
        guards::{NominatorOf, SeatsOf},
        model::{LetterId, NominationState},
        queries,
    },
};

/// A letter is a signed paper, not a draft.
const KINDS: &[MediaType] = &[MediaType::Pdf];
const MOST: u64 = 20 * 1024 * 1024;

#[derive(Serialize)]
struct SubmitView {
    crumbs: Vec<Crumb>,
    path: String,
    title: String,
    unit: String,
    /// Those that go, and those of them that need no new letter.
    people: Vec<String>,
    needs_letter: bool,
    form: FormView,
    limit: u64,
}

pub async fn form(app: web::Data<App>, page: Page, nominator: NominatorOf) -> Result<HttpResponse> {
    let form = FormView::with([("dated", text::date(local_day(app.now().0)))]);
    render(&app, &page, &nominator.0, StatusCode::OK, form).await
}

async fn render(app: &App, page: &Page, seats: &SeatsOf, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let quota = seats.quota.id;
    let mut ready = app.db.read(move |c| queries::of_quota(c, quota)).await?;
    ready.retain(|(nomination, _)| nomination.state.is_with_unit());
    if ready.is_empty() {
        return Ok(page.go_saying(&seats.path(), "info", "programmes-nothing-ready"));
    }
    let mut way = crumbs(page, seats);
    way.push(Crumb::new(seats.unit.name(page.locale()), seats.path()));
    let view = SubmitView {
        crumbs: way,
        path: seats.path(),
        title: title(page, &seats.round),
        unit: seats.unit.name(page.locale()).to_owned(),
        needs_letter: ready.iter().any(|(nomination, _)| nomination.state == NominationState::Drafted),
        people: ready
            .iter()
            .map(|(nomination, person)| format!("{}, {}", person.full_name(), nomination.position))
            .collect(),
        form,
        limit: MOST / (1024 * 1024),
    };
    page.html_as(status, "programmes/submit", &view)
}

pub async fn submit(
    app: web::Data<App>,
    page: Page,
    nominator: NominatorOf,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let seats = nominator.0;
    let limits = Limits { max_bytes: MOST, accept: KINDS };
    let upload = uploads::receive(&request, payload.into_inner(), &app.files, "letters", "file", &limits).await?;
    let (input, incoming) = match upload.file {
        Ok(incoming) => (upload.input, Some(incoming)),
        // A browser sends the field also where nothing was chosen.
        Err(said) if said.key == "upload-missing" => (upload.input, None),
        Err(said) => {
            let mut errors = FieldErrors::default();
            errors.add("file", said);
            let form = page.form(&upload.input, &errors);
            return render(&app, &page, &seats, StatusCode::UNPROCESSABLE_ENTITY, form).await;
        }
    };
    let stored = incoming.as_ref().map(|incoming| incoming.stored.clone());
    match send(&app, &seats, &input, incoming).await {
        Ok(count) => {
            let said = Message::new("programmes-submitted").with("count", i64::try_from(count).unwrap_or(0));
            Ok(page.go_saying(&seats.path(), "good", said))
        }
        // Whether the row was written is not known: then the file stays.
        Err(error @ Error::NotKnown(_)) => Err(error),
        Err(error) => {
            if let Some(stored) = stored {
                uploads::forget(&app.files, &stored).await;
            }
            let Error::Invalid(errors) = error else { return Err(error) };
            let form = page.form(&input, &errors);
            render(&app, &page, &seats, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

async fn send(app: &App, seats: &SeatsOf, input: &Input, incoming: Option<Incoming>) -> Result<usize> {
    let now = app.now();
    let letter = match incoming {
        None => None,
        Some(incoming) => {
            let mut errors = FieldErrors::default();
            let number = input.text("number");
            if number.is_empty() || number.chars().count() > 100 {
                errors.add("number", "programmes-letter-number");
            }
            let dated = text::read_day(&input.text("dated")).filter(|day| *day <= local_day(now.0));
            let Some(dated) = dated else {
                errors.add("dated", "programmes-letter-date");
                return Err(Error::Invalid(errors));
            };
            Some(errors.or(NewLetter { number, dated, stored: incoming.stored, name: incoming.name })?)
        }
    };
    let (by, round, quota) = (seats.who.actor(), seats.round.clone(), seats.quota.clone());
    app.db
        .write("programmes.submit", move |c| {
            if !round.is_open() {
                return Err(Error::refused("quotas-refused-closed"));
            }
            let letter = letter.map(|letter| actions::add_letter(c, &by, now, &quota, &letter)).transpose()?;
            let count = actions::submit(c, &by, now, &quota, letter)?;
            actions::tell_deciders(c, now, &round, &quota, count)?;
            Ok(count)
        })
        .await
}

/// The way to the letter: a link to the other host that works for a short while.
pub async fn letter(
    app: web::Data<App>,
    page: Page,
    seats: SeatsOf,
    at: web::Path<(String, String, i64)>,
) -> Result<HttpResponse> {
    let (quota, id) = (seats.quota.id, LetterId(at.2));
    let letter = app.db.read(move |c| queries::letter(c, quota, id)).await?;
    Ok(page.go(&app.way_to_file(&letter.key, &letter.media_type, letter.name)?))
}
