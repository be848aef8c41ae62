//! The letters of this slice.

use serde::{Deserialize, Serialize};

use super::{model::Purpose, queries};
use crate::{
    access::PersonId,
    app::App,
    platform::{
        error::{Error, Result},
        jobs::Job,
        mail::Letter,
    },
};

/// A letter with a one-time link. The token waits in the queue until the letter has left; it opens nothing without the
/// database it came from, and is over after its time.
#[derive(Debug, Serialize, Deserialize)]
pub struct LinkLetter {
    pub person: PersonId,
    pub purpose: Purpose,
    pub token: String,
}

impl Job for LinkLetter {
    const KIND: &'static str = "accounts.link-letter";
}

#[derive(Serialize)]
struct LinkView {
    name: String,
    link: String,
    hours: i64,
}

/// Sends the letter.
pub async fn send_link(app: App, job: LinkLetter) -> Result<()> {
    let person = match app.db.read(move |c| queries::person(c, job.person)).await {
        // An account that was taken back with its list wants no letter.
        Err(Error::NotFound) => return Ok(()),
        found => found?,
    };
    let Some(address) = person.email.clone() else { return Ok(()) };
    let view = LinkView {
        name: person.full_name(),
        link: app.config.http.link(&format!("/mo/{}", job.token)),
        hours: job.purpose.lifetime().num_hours(),
    };
    let folder = if job.purpose == Purpose::Reset { "reset" } else { "invitation" };
    // Stable, so that a letter sent twice by a repeated job is one letter for the reader.
    let id = super::sessions::hash_token(&job.token).chars().take(32).collect::<String>();
    send(&app, folder, &view, person.full_name(), address, person.locale(), id).await
}

/// Renders `templates/mail/<folder>/{subject,text,html}` and hands it to the mailer.
pub async fn send(
    app: &App,
    folder: &str,
    view: &impl Serialize,
    to_name: String,
    to_address: String,
    locale: crate::platform::i18n::Locale,
    id: String,
) -> Result<()> {
    let part = |name: &str| app.templates.render_text(&format!("mail/{folder}/{name}"), view, locale);
    let host = app.config.http.public_url.host_str().unwrap_or("localhost").to_owned();
    let letter = Letter {
        to_name,
        to_address,
        subject: part("subject")?.trim().to_owned(),
        text: part("text")?,
        html: Some(app.templates.render_part(&format!("mail/{folder}/html"), view, locale)?),
        message_id: format!("{id}@{host}"),
    };
    app.mailer.send(&letter).await.map_err(|e| {
        if e.is_transient() {
            Error::internal(e)
        } else {
            Error::Refused(crate::platform::i18n::Message::new(e.to_string()))
        }
    })
}
