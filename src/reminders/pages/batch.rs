//! What became of a press of the button: only whoever pressed it sees it.

use actix_web::{
    HttpResponse,
    http::header::{HeaderValue, REFRESH},
    web,
};
use serde::Serialize;

use crate::{
    access::Permission,
    accounts::SignedIn,
    app::App,
    platform::{
        db::Moment,
        error::{Error, Result},
        http::{Crumb, Page},
    },
    reminders::{model::BatchKind, queries},
    targets::queries as targets,
};

#[derive(Serialize)]
struct BatchView {
    crumbs: Vec<Crumb>,
    path: String,
    created_at: Moment,
    is_finished: bool,
    /// Above nothing: the bar has a whole.
    total: i64,
    sent: i64,
    skipped: i64,
    unreached: i64,
    is_agencies: bool,
    back: String,
}

pub async fn show(app: web::Data<App>, page: Page, who: SignedIn, code: web::Path<String>) -> Result<HttpResponse> {
    who.require(Permission::Remind)?;
    let (code, me) = (code.into_inner(), who.person().id);
    let (batch, target) = app
        .db
        .read(move |c| {
            let batch = queries::batch_by_code(c, &code)?;
            if batch.by_id != me {
                return Err(Error::NotFound);
            }
            let target = batch.target_id.map(|id| targets::by_id(c, id)).transpose()?;
            Ok((batch, target))
        })
        .await?;
    let is_finished = batch.finished_at.is_some();
    let view = BatchView {
        crumbs: vec![Crumb::new(page.text("reminders-title"), "/don-doc")],
        path: super::batch_path(&batch.code),
        created_at: batch.created_at,
        is_finished,
        total: batch.total,
        sent: batch.sent,
        skipped: batch.skipped,
        unreached: batch.unreached,
        is_agencies: batch.kind == BatchKind::Agencies,
        back: target.map_or_else(|| "/don-doc".to_owned(), |target| format!("/don-doc/chi-tieu/{}", target.code)),
    };
    let mut response = page.html("reminders/batch", &view)?;
    if !is_finished {
        // The page looks again by itself until the work is done; no script is needed for it.
        response.headers_mut().insert(REFRESH, HeaderValue::from_static("2"));
    }
    Ok(response)
}
