//! What is said about a list that was sent: confirmed or given back by a second person; and the beginning of a correction.

use actix_web::{HttpResponse, web};

use super::{
    plan::told,
    sheet::{Asked, Forms, render},
};
use crate::{
    app::App,
    events::{
        actions,
        guards::{SiteKeeper, SiteOf, SiteSecond},
        model::{ListId, ListState, Site},
        queries,
    },
    learning::model::Observers,
    platform::{
        db::DbConn,
        error::{Error, Result},
        http::{Input, Page},
    },
};

/// The list that waits; a form names none, since a site has one at a time.
fn waiting(c: &mut DbConn, site: &Site) -> Result<ListId> {
    match queries::latest_list(c, site.id)? {
        Some(list) if list.state == ListState::Submitted => Ok(list.id),
        _ => Err(Error::refused("events-list-decided")),
    }
}

pub async fn confirm(
    app: web::Data<App>,
    page: Page,
    second: SiteSecond,
    _: Input,
    observers: web::Data<Observers>,
) -> Result<HttpResponse> {
    let at = second.0;
    let (now, by, run, observers) = (app.now(), at.seen.who.actor(), at.seen.run.clone(), **observers);
    let (session, site) = (at.seen.session.clone(), at.site.clone());
    app.db
        .write("events.confirm", move |c| {
            let list = waiting(c, &site)?;
            actions::confirm(c, now, &by, &run, (&session, &site), list, &observers)
        })
        .await?;
    Ok(page.go_saying(&at.path(), "good", "events-word-confirmed"))
}

pub async fn give_back(app: web::Data<App>, page: Page, second: SiteSecond, input: Input) -> Result<HttpResponse> {
    let at = second.0;
    let (now, by, run, reason) = (app.now(), at.seen.who.actor(), at.seen.run.clone(), input.text("reason"));
    let (session, site) = (at.seen.session.clone(), at.site.clone());
    let given = app
        .db
        .write("events.return", move |c| {
            let list = waiting(c, &site)?;
            actions::give_back(c, now, &by, &run, (&session, &site), list, &reason)
        })
        .await;
    answer(&app, &page, &at, &input, given, "events-word-returned").await
}

pub async fn correct(app: web::Data<App>, page: Page, keeper: SiteKeeper, input: Input) -> Result<HttpResponse> {
    let at = keeper.0;
    let (now, by, run, reason) = (app.now(), at.seen.who.actor(), at.seen.run.clone(), input.text("reason"));
    let (session, site) = (at.seen.session.clone(), at.site.clone());
    let begun =
        app.db.write("events.correct", move |c| actions::correct(c, now, &by, &run, (&session, &site), &reason)).await;
    answer(&app, &page, &at, &input, begun, "events-word-correcting").await
}

async fn answer(
    app: &App,
    page: &Page,
    at: &SiteOf,
    input: &Input,
    done: Result<()>,
    said: &'static str,
) -> Result<HttpResponse> {
    match done {
        Ok(()) => Ok(page.go_saying(&at.path(), "good", said)),
        Err(error) => {
            let (status, errors) = told(error)?;
            let forms = Forms { word: page.form(input, &errors), ..Forms::default() };
            render(app, page, at, Asked::default(), status, forms).await
        }
    }
}
