//! Waiting for a seat of a full class: joining, leaving, and what the pages say about it.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::run;
use crate::{
    accounts::queries as accounts,
    app::App,
    learning::{
        actions,
        guards::{ManagerOf, VisitorOf},
        model::{Entry, Waiting},
        queries::WaitingPlace,
    },
    organisations::model::Unit,
    platform::{
        db::Moment,
        error::{Error, Result},
        http::{Input, Page},
        i18n::{Locale, Message},
    },
};

/// Where I stand.
#[derive(Serialize)]
pub struct MyPlaceView {
    text: String,
    joined_at: Moment,
}

impl MyPlaceView {
    pub fn new(page: &Page, place: WaitingPlace) -> Self {
        let text = page.text(Message::new("learning-wait-place").with("place", place.place));
        Self { text, joined_at: place.joined_at }
    }
}

/// Somebody in the list, for those who run the class.
#[derive(Serialize)]
pub struct WaitingView {
    place: i64,
    code: String,
    name: String,
    birth_year: Option<i32>,
    unit: String,
    joined_at: Moment,
    can_remove: bool,
}

impl WaitingView {
    pub fn new(waiting: Waiting, unit: Option<&Unit>, locale: Locale, can_remove: bool) -> Self {
        Self {
            place: waiting.place,
            code: waiting.person.code.clone(),
            name: waiting.person.full_name(),
            birth_year: waiting.person.birth_year,
            unit: unit.map(|unit| unit.name(locale).to_owned()).unwrap_or_default(),
            joined_at: waiting.joined_at,
            can_remove,
        }
    }
}

/// Joins the waiting list, with the class code where the class wants one.
pub async fn join(app: web::Data<App>, page: Page, visitor: VisitorOf, input: Input) -> Result<HttpResponse> {
    let (now, by, person, run) = (app.now(), visitor.who.actor(), visitor.who.id(), visitor.run.id);
    let typed = input.text("access_code");
    let how = if typed.is_empty() { Entry::Open } else { Entry::Code(typed) };
    let joined = app.db.write("learning.wait", move |c| actions::join_waiting(c, now, &by, run, person, &how)).await;
    match joined {
        Ok(place) => {
            let said = Message::new("learning-wait-joined").with("place", place);
            Ok(page.go_saying(&format!("/lop/{}", visitor.run.code), "good", said))
        }
        Err(error) => run::refused(&app, &page, visitor, error, &input).await,
    }
}

pub async fn leave(app: web::Data<App>, page: Page, visitor: VisitorOf) -> Result<HttpResponse> {
    let (now, by, person, run) = (app.now(), visitor.who.actor(), visitor.who.id(), visitor.run.id);
    app.db.write("learning.wait-end", move |c| actions::leave_waiting(c, now, &by, run, person)).await?;
    Ok(page.go_saying(&format!("/lop/{}", visitor.run.code), "good", "learning-wait-left"))
}

/// Takes somebody off the waiting list.
pub async fn remove(
    app: web::Data<App>,
    page: Page,
    manager: ManagerOf,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse> {
    let (_, person) = path.into_inner();
    let (now, by, run) = (app.now(), manager.who.actor(), manager.run.id);
    let name = app
        .db
        .write("learning.wait-end", move |c| {
            let person = accounts::person_by_code(c, &person)?.ok_or(Error::NotFound)?;
            actions::leave_waiting(c, now, &by, run, person.id)?;
            Ok::<_, Error>(person.full_name())
        })
        .await?;
    let said = Message::new("learning-wait-removed").with("name", name);
    Ok(page.go_saying(&format!("/lop/{}", manager.run.code), "good", said))
}
