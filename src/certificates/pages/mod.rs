//! Pages: the public lookup, one's own certificates, the register, taking it away as a table, issuing anew.

mod export;
mod lookup;
mod own;
mod register;
mod reissue;

use actix_web::web;
use serde::Serialize;

use super::model::{Certificate, CertificateState, Links, Other};
use crate::platform::{db::Moment, error::Result, http::Page, i18n::Message, text};

pub fn routes(cfg: &mut web::ServiceConfig) {
    lookup::routes(cfg);
    own::routes(cfg);
    // Before the register: its own path must not be taken for the code of an entry.
    export::routes(cfg);
    reissue::routes(cfg);
    register::routes(cfg);
}

/// A state in a word, and the colour that repeats it.
#[derive(Serialize)]
struct StateView {
    word: String,
    kind: &'static str,
}

impl StateView {
    fn of(page: &Page, state: CertificateState) -> Self {
        let kind = match state {
            CertificateState::Valid => "good",
            CertificateState::Revoked => "bad",
            CertificateState::Replaced => "warn",
        };
        Self { word: page.text(Message::new(format!("certificates-state-{state}"))), kind }
    }
}

/// A certificate in a list, from what stands on its paper.
#[derive(Serialize)]
struct RowView {
    code: String,
    register_number: String,
    holder: String,
    unit: String,
    course: String,
    issued_at: Moment,
    state: StateView,
    is_valid: bool,
    /// What became of it, as the register notes it.
    notes: Vec<String>,
}

impl RowView {
    fn of(page: &Page, certificate: &Certificate, links: Option<&Links>) -> Result<Self> {
        let paper = certificate.paper()?;
        Ok(Self {
            code: certificate.code.clone(),
            register_number: certificate.register_number.clone(),
            holder: paper.holder,
            unit: paper.unit,
            course: paper.course,
            issued_at: certificate.issued_at,
            state: StateView::of(page, certificate.state),
            is_valid: certificate.state == CertificateState::Valid,
            notes: links.map(|links| notes(page, links)).unwrap_or_default(),
        })
    }
}

/// The remarks of the register (ghi chú) about an entry.
fn notes(page: &Page, links: &Links) -> Vec<String> {
    let other = |key: &'static str, other: &Option<Other>| {
        other.as_ref().map(|other| page.text(Message::new(key).with("number", other.register_number.clone())))
    };
    let revoked = links.revoked_by.as_ref().map(|(number, date)| {
        let said = Message::new("certificates-note-revoked").with("number", number.clone());
        page.text(said.with("date", date.map(text::date).unwrap_or_default()))
    });
    [
        other("certificates-note-replaces", &links.replaces),
        other("certificates-note-replaced", &links.replaced_by),
        revoked,
    ]
    .into_iter()
    .flatten()
    .collect()
}
