//! Accepting or voiding one completion, with a reason that stays on record.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{Crumb, Tag};
use crate::{
    accounts::queries as accounts,
    app::App,
    learning::{
        actions,
        guards::DeciderOf,
        model::{ChangeKind, Completion, CompletionId, Observers},
        queries,
    },
    organisations::queries as organisations,
    platform::{
        db::Moment,
        error::{Error, FieldErrors, Result},
        http::{FormView, Input, Page},
    },
};

#[derive(Serialize)]
struct DecideView {
    run: String,
    id: i64,
    name: String,
    unit: String,
    position: String,
    category: String,
    occurred_at: Moment,
    recorded_at: Moment,
    state: Tag,
    can_accept: bool,
    can_void: bool,
    form: FormView,
    crumbs: Vec<Crumb>,
}

pub async fn show(
    app: web::Data<App>,
    page: Page,
    decider: DeciderOf,
    path: web::Path<(String, i64)>,
) -> Result<HttpResponse> {
    render(&app, &page, &decider, CompletionId(path.1), StatusCode::OK, FormView::default()).await
}

async fn render(
    app: &App,
    page: &Page,
    decider: &DeciderOf,
    id: CompletionId,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let run = decider.run.id;
    let (completion, changes, person, unit) = app
        .db
        .read(move |c| {
            let (completion, changes) = queries::completion(c, id)?;
            if completion.run != run {
                return Err(Error::NotFound);
            }
            let person = accounts::person(c, completion.person)?;
            let unit = organisations::unit(c, completion.unit)?;
            Ok((completion, changes, person, unit))
        })
        .await?;
    let is_own = decider.who.id() == completion.person;
    let voided = changes.contains(&ChangeKind::Voided);
    let accepted = changes.contains(&ChangeKind::Accepted);
    let view = DecideView {
        run: decider.run.code.clone(),
        id: id.0,
        name: person.full_name(),
        unit: unit.name(page.locale()).to_owned(),
        position: completion.position.clone(),
        category: page.text(crate::platform::i18n::Message::new(format!("accounts-category-{}", completion.category))),
        occurred_at: completion.occurred_at,
        recorded_at: completion.recorded_at,
        state: state(page, &completion, &changes),
        can_accept: completion.is_flagged && !accepted && !voided && !is_own,
        can_void: !voided && !is_own,
        form,
        crumbs: vec![
            Crumb::new(page.text("learning-runs-title"), "/lop"),
            Crumb::new(decider.run.title.clone(), format!("/lop/{}", decider.run.code)),
        ],
    };
    page.html_as(status, "learning/completion", &view)
}

fn state(page: &Page, completion: &Completion, changes: &[ChangeKind]) -> Tag {
    let (kind, key) = match changes.last() {
        Some(ChangeKind::Voided) => ("bad", "learning-standing-voided"),
        Some(ChangeKind::Accepted) => ("good", "learning-standing-accepted"),
        None if completion.is_flagged => ("warn", "learning-standing-flagged"),
        None => ("good", "learning-standing-completed"),
    };
    Tag { kind, text: page.text(key) }
}

pub async fn accept(
    app: web::Data<App>,
    page: Page,
    decider: DeciderOf,
    path: web::Path<(String, i64)>,
    input: Input,
    observers: web::Data<Observers>,
) -> Result<HttpResponse> {
    decide(&app, &page, decider, CompletionId(path.1), &input, ChangeKind::Accepted, **observers).await
}

pub async fn void(
    app: web::Data<App>,
    page: Page,
    decider: DeciderOf,
    path: web::Path<(String, i64)>,
    input: Input,
    observers: web::Data<Observers>,
) -> Result<HttpResponse> {
    decide(&app, &page, decider, CompletionId(path.1), &input, ChangeKind::Voided, **observers).await
}

async fn decide(
    app: &App,
    page: &Page,
    decider: DeciderOf,
    id: CompletionId,
    input: &Input,
    kind: ChangeKind,
    observers: Observers,
) -> Result<HttpResponse> {
    let (now, by, run, reason) = (app.now(), decider.who.actor(), decider.run.id, input.text("reason"));
    let decided = app
        .db
        .write("learning.decide", move |c| {
            if queries::completion(c, id)?.0.run != run {
                return Err(Error::NotFound);
            }
            match kind {
                ChangeKind::Accepted => actions::accept(c, now, &by, id, &reason, &observers),
                ChangeKind::Voided => actions::void(c, now, &by, id, &reason, &observers),
            }
        })
        .await;
    let said = match kind {
        ChangeKind::Accepted => "learning-decided-accepted",
        ChangeKind::Voided => "learning-decided-voided",
    };
    match decided {
        Ok(_) => Ok(page.go_saying(&format!("/lop/{}", decider.run.code), "good", said)),
        Err(Error::Invalid(errors)) => {
            render(app, page, &decider, id, StatusCode::UNPROCESSABLE_ENTITY, page.form(input, &errors)).await
        }
        Err(Error::Refused(message)) => {
            let errors = FieldErrors(vec![("", message)]);
            render(app, page, &decider, id, StatusCode::CONFLICT, page.form(input, &errors)).await
        }
        Err(error) => Err(error),
    }
}
