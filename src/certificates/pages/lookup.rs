//! Anybody may ask whether a certificate is good. Only what the law on personal data lets be shown is shown: no day of birth, no
//! unit, no position.

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::StateView;
use crate::{
    access::Permission,
    accounts::MaybeSignedIn,
    app::App,
    certificates::{
        model::{CertificateEvent, CertificateState, Entry, EventKind, grouped, typed_code},
        queries,
    },
    platform::{
        clock::local_day,
        error::{Error, Result},
        http::{FormView, Page},
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/tra-cuu").get(ask)).service(web::resource("/tra-cuu/{code}").get(answer));
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    ma: String,
    #[serde(default)]
    so: String,
}

#[derive(Serialize)]
struct LookupView {
    form: FormView,
    /// Officers and auditors may also ask by register number.
    may_ask_number: bool,
    /// Something was asked for that is not there.
    is_missing: bool,
    result: Option<ResultView>,
}

#[derive(Serialize)]
struct ResultView {
    state: StateView,
    is_revoked: bool,
    is_replaced: bool,
    holder: String,
    course: String,
    from: String,
    to: String,
    issuer: String,
    issued_at: crate::platform::db::Moment,
    decision_number: Option<String>,
    decision_date: Option<NaiveDate>,
}

/// What was typed, kept in the form, without any answer yet.
fn view(code: &str, number: &str, who: &MaybeSignedIn) -> LookupView {
    LookupView {
        form: FormView::with([("ma", code.to_owned()), ("so", number.to_owned())]),
        may_ask_number: who.0.as_ref().is_some_and(|who| who.may(Permission::SeeCertificates)),
        is_missing: false,
        result: None,
    }
}

fn missing(page: &Page, view: LookupView) -> Result<HttpResponse> {
    page.html_as(StatusCode::NOT_FOUND, "certificates/lookup", &LookupView { is_missing: true, ..view })
}

async fn ask(app: web::Data<App>, page: Page, who: MaybeSignedIn, asked: web::Query<Asked>) -> Result<HttpResponse> {
    let (typed, number) = (asked.ma.trim(), asked.so.trim());
    let view = view(typed, number, &who);
    if !typed.is_empty() {
        return match typed_code(typed) {
            Some(code) => Ok(page.go(&format!("/tra-cuu/{code}"))),
            None => missing(&page, view),
        };
    }
    if let (false, true, Some(who)) = (number.is_empty(), view.may_ask_number, who.0) {
        let (number, today) = (number.to_owned(), local_day(app.now().0));
        let authority = who.authority().clone();
        let found = app
            .db
            .read(move |c| {
                let Some(entry) = queries::by_register_number(c, &number)? else { return Ok(None) };
                let seen = queries::reaches(c, &authority, Permission::SeeCertificates, entry.unit, today)?;
                Ok::<_, Error>(seen.then_some(entry))
            })
            .await?;
        return match found {
            Some(entry) => Ok(page.go(&format!("/tra-cuu/{}", entry.certificate.code))),
            None => missing(&page, view),
        };
    }
    page.html("certificates/lookup", &view)
}

struct Found {
    entry: Entry,
    events: Vec<CertificateEvent>,
}

async fn answer(app: web::Data<App>, page: Page, who: MaybeSignedIn, code: web::Path<String>) -> Result<HttpResponse> {
    let typed: String = code.chars().take(80).collect();
    let Some(code) = typed_code(&typed) else { return missing(&page, view(&typed, "", &who)) };
    let found = app
        .db
        .read(move |c| {
            let Some(entry) = queries::by_code(c, &code)? else { return Ok(None) };
            let events = queries::events(c, entry.certificate.id)?;
            Ok::<_, Error>(Some(Found { entry, events }))
        })
        .await?;
    match found {
        None => missing(&page, view(&typed, "", &who)),
        Some(found) => {
            let mut view = view(&grouped(&found.entry.certificate.code), "", &who);
            view.result = Some(result(&page, found)?);
            page.html("certificates/lookup", &view)
        }
    }
}

fn result(page: &Page, found: Found) -> Result<ResultView> {
    let certificate = found.entry.certificate;
    let paper = certificate.paper()?;
    let decision = found.events.into_iter().rev().find(|e| e.kind == EventKind::Revoked);
    Ok(ResultView {
        state: StateView::of(page, certificate.state),
        is_revoked: certificate.state == CertificateState::Revoked,
        is_replaced: certificate.state == CertificateState::Replaced,
        holder: paper.holder,
        course: paper.course,
        from: paper.from,
        to: paper.to,
        issuer: paper.issuing_body,
        issued_at: certificate.issued_at,
        decision_number: decision.as_ref().and_then(|d| d.decision_number.clone()),
        decision_date: decision.and_then(|d| d.decision_date),
    })
}
