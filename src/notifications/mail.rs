//! The letter of a notice.

use serde::{Deserialize, Serialize};

use super::{model::NoticeId, queries};
use crate::{
    accounts,
    app::App,
    platform::{
        error::{Error, Result},
        http::templates::say,
        jobs::Job,
    },
};

#[derive(Debug, Serialize, Deserialize)]
pub struct NoticeLetter {
    pub notice: NoticeId,
}

impl Job for NoticeLetter {
    const KIND: &'static str = "notifications.letter";
}

#[derive(Serialize)]
struct LetterView {
    name: String,
    sentence: String,
    link: String,
}

/// Sends the letter, unless the person has no address.
pub async fn send(app: App, job: NoticeLetter) -> Result<()> {
    let found = app
        .db
        .read(move |c| {
            let Some(notice) = queries::one(c, job.notice)? else { return Ok(None) };
            let person = accounts::queries::person(c, notice.person)?;
            Ok::<_, Error>(Some((notice, person)))
        })
        .await?;
    let Some((notice, person)) = found else { return Ok(()) };
    let Some(address) = person.email.clone() else { return Ok(()) };
    let view = LetterView {
        name: person.full_name(),
        sentence: say(&app.templates, person.locale(), &notice.message),
        link: app.config.http.link(notice.href.as_deref().unwrap_or("/thong-bao")),
    };
    accounts::mail::send(
        &app,
        "notice",
        &view,
        person.full_name(),
        address,
        person.locale(),
        format!("notice-{}", notice.id),
    )
    .await
}
