//! Pages: the public lookup, one's own certificates, the register.

mod lookup;
mod own;
mod register;

use actix_web::web;
use serde::Serialize;

use super::model::{Certificate, CertificateState};
use crate::platform::{db::Moment, error::Result, http::Page, i18n::Message};

pub fn routes(cfg: &mut web::ServiceConfig) {
    lookup::routes(cfg);
    own::routes(cfg);
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
    has_file: bool,
}

impl RowView {
    fn of(page: &Page, certificate: &Certificate) -> Result<Self> {
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
            has_file: certificate.file_id.is_some(),
        })
    }
}
