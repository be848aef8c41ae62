//! `/don-vi/thay-doi`: what became of units, and for those who may the way from a document to the change, and back.

mod act;
mod form;
mod list;
mod show;

use actix_web::web;

use crate::{
    app::App,
    organisations::model::{
        Unit, UnitKind,
        change::{ChangeKind, ChangeState, UnitChange},
    },
    platform::{
        error::Result,
        http::{Choice, Crumb, Page, Tag},
        i18n::Message,
        text,
    },
    reorganisations::{
        actions::SMALL,
        jobs::{WorkChange, work},
    },
};

const LIST: &str = "/don-vi/thay-doi";

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/don-vi/thay-doi").get(list::show))
        .service(web::resource("/don-vi/thay-doi/moi").get(form::blank).post(form::submit))
        .service(web::resource("/don-vi/thay-doi/{change}").get(show::show))
        .service(web::resource("/don-vi/thay-doi/{change}/sua").get(form::edit).post(form::revise))
        .service(web::resource("/don-vi/thay-doi/{change}/xac-nhan").post(act::confirm))
        .service(web::resource("/don-vi/thay-doi/{change}/bo").post(act::discard))
        .service(web::resource("/don-vi/thay-doi/{change}/hoan-tac").post(act::undo));
}

fn crumbs(page: &Page, change: Option<&UnitChange>) -> Vec<Crumb> {
    let mut way =
        vec![Crumb::new(page.text("organisations-title"), "/to-chuc"), Crumb::new(page.text("changes-title"), LIST)];
    way.extend(change.map(|change| Crumb::new(title(page, change), change.path())));
    way
}

fn kind_name(page: &Page, kind: ChangeKind) -> String {
    page.text(Message::new(format!("changes-kind-{kind}")))
}

/// What it is, and by which document.
fn title(page: &Page, change: &UnitChange) -> String {
    let said = Message::new("changes-entry").with("kind", kind_name(page, change.kind));
    page.text(said.with("number", change.document.number.clone()))
}

fn document(page: &Page, change: &UnitChange) -> String {
    let document = &change.document;
    page.text(
        Message::new("changes-document")
            .with("number", document.number.clone())
            .with("day", text::date(document.dated))
            .with("issuer", document.issuer.clone()),
    )
}

fn state_tag(page: &Page, state: ChangeState) -> Tag {
    let kind = match state {
        ChangeState::Draft => "warn",
        ChangeState::Staging => "info",
        ChangeState::Done => "good",
        ChangeState::Undone | ChangeState::Discarded => "",
    };
    Tag { kind, text: page.text(Message::new(format!("changes-state-{state}"))) }
}

fn unit_kinds(page: &Page) -> Vec<Choice> {
    let label =
        |kind: &UnitKind| page.text(Message::new(format!("organisations-kind-{}", kind.as_str().replace('_', "-"))));
    UnitKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), label(kind))).collect()
}

fn name(page: &Page, unit: &Unit) -> String {
    unit.name(page.locale()).to_owned()
}

/// Does a change with few people at once; a large one is the job's, and the page tells how far it is. Nothing is lost when this breaks
/// off: the job was queued with the confirmation.
async fn work_now(app: &App, change: &UnitChange) -> Result<()> {
    if change.state == ChangeState::Staging && change.total <= SMALL {
        work(app.clone(), WorkChange { change: change.id }).await?;
    }
    Ok(())
}
