//! The inbox.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::{actions, model::NoticeId, queries};
use crate::{
    accounts::SignedIn,
    app::App,
    platform::{
        db::Moment,
        error::{Error, Result},
        http::{Input, Page},
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/thong-bao").get(show)).service(web::resource("/thong-bao/da-doc").post(read));
}

const PAGE: i64 = 50;

#[derive(Deserialize)]
struct Older {
    truoc: Option<i64>,
}

#[derive(Serialize)]
struct InboxView {
    notices: Vec<NoticeView>,
    older: Option<String>,
    /// The newest shown, for the button that marks all as read.
    last: Option<NoticeId>,
    has_unread: bool,
}

#[derive(Serialize)]
struct NoticeView {
    text: String,
    href: Option<String>,
    at: Moment,
    is_read: bool,
}

async fn show(app: web::Data<App>, page: Page, who: SignedIn, older: web::Query<Older>) -> Result<HttpResponse> {
    let (id, before) = (who.id(), older.truoc.map(NoticeId));
    let mut notices = app.db.read(move |c| queries::inbox(c, id, before, PAGE + 1)).await?;
    let more = notices.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    notices.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let view = InboxView {
        older: notices.last().filter(|_| more).map(|n| format!("/thong-bao?truoc={}", n.id)),
        last: notices.first().map(|n| n.id),
        has_unread: notices.iter().any(|n| !n.is_read),
        notices: notices
            .into_iter()
            .map(|n| NoticeView { text: page.text(n.message), href: n.href, at: n.created_at, is_read: n.is_read })
            .collect(),
    };
    page.html("notifications/inbox", &view)
}

async fn read(app: web::Data<App>, page: Page, who: SignedIn, input: Input) -> Result<HttpResponse> {
    let last = input.text("last").parse().map(NoticeId).map_err(|_| Error::BadRequest("error-broken-form".into()))?;
    let (now, id) = (app.now(), who.id());
    app.db.write("notifications.read", move |c| actions::read_up_to(c, now, id, last)).await?;
    Ok(page.go("/thong-bao"))
}
