//! The register for those who look after it: officers see their own agency's people, coordinators and auditors all. Only who decides
//! on records revokes.

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{RowView, StateView};
use crate::{
    access::Permission,
    accounts::{self, SignedIn},
    app::App,
    certificates::{
        actions, forms,
        model::{CertificateEvent, CertificateState, Entry, grouped, typed_code},
        queries::{self, REGISTER_PAGE, RegisterAsked},
    },
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, FieldErrors, Result},
        http::{FormView, Input, Page},
        i18n::Message,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/so-cap").get(list))
        .service(web::resource("/so-cap/{code}").get(show))
        .service(web::resource("/so-cap/{code}/thu-hoi").post(revoke));
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    tim: String,
    #[serde(default, rename = "trang-thai")]
    state: String,
    #[serde(default)]
    trang: Option<i64>,
}

/// Voided, but still valid.
const AWAITING: &str = "cho-thu-hoi";

#[derive(Serialize)]
struct ListView {
    form: FormView,
    states: Vec<OptionView>,
    rows: Vec<RowView>,
    total: i64,
    pages: PagesView,
}

#[derive(Serialize)]
struct OptionView {
    value: String,
    label: String,
}

#[derive(Serialize)]
struct PagesView {
    summary: String,
    previous: Option<String>,
    next: Option<String>,
}

async fn list(app: web::Data<App>, page: Page, who: SignedIn, asked: web::Query<Asked>) -> Result<HttpResponse> {
    who.require(Permission::SeeCertificates)?;
    let (authority, today) = (who.authority().clone(), local_day(app.now().0));
    let wanted = RegisterAsked {
        search: asked.tim.chars().take(100).collect(),
        state: CertificateState::parse(&asked.state),
        awaiting: asked.state == AWAITING,
    };
    let number = asked.trang.unwrap_or(1).clamp(1, 1_000_000);
    let found = app
        .db
        .read(move |c| {
            let units = queries::seen_units(c, &authority, today)?;
            queries::register(c, units.as_deref(), &wanted, number)
        })
        .await?;
    let last = (found.total + REGISTER_PAGE - 1) / REGISTER_PAGE;
    let to = |n: i64| {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("tim", &asked.tim)
            .append_pair("trang-thai", &asked.state)
            .append_pair("trang", &n.to_string())
            .finish();
        format!("/so-cap?{query}")
    };
    let mut states: Vec<OptionView> = CertificateState::ALL
        .iter()
        .map(|s| OptionView { value: s.to_string(), label: page.text(Message::new(format!("certificates-state-{s}"))) })
        .collect();
    states.push(OptionView { value: AWAITING.to_owned(), label: page.text("certificates-awaiting") });
    let view = ListView {
        form: FormView::with([("tim", asked.tim.clone()), ("trang-thai", asked.state.clone())]),
        states,
        rows: found.rows.iter().map(|entry| RowView::of(&page, &entry.certificate)).collect::<Result<_>>()?,
        total: found.total,
        pages: PagesView {
            summary: page.text(Message::new("certificates-pages").with("page", number).with("last", last.max(1))),
            previous: (number > 1).then(|| to(number - 1)),
            next: (number < last).then(|| to(number + 1)),
        },
    };
    page.html("certificates/register", &view)
}

#[derive(Serialize)]
struct EntryView {
    code: String,
    lookup_code: String,
    register_number: String,
    serial_number: String,
    holder: String,
    unit: String,
    position: Option<String>,
    course: String,
    from: String,
    to: String,
    result: Option<String>,
    signer: String,
    issued_at: Moment,
    state: StateView,
    has_file: bool,
    events: Vec<EventView>,
    may_revoke: bool,
    form: FormView,
}

#[derive(Serialize)]
struct EventView {
    at: Moment,
    what: String,
    by: Option<String>,
    decision_number: Option<String>,
    decision_date: Option<NaiveDate>,
    reason: Option<String>,
}

struct Found {
    entry: Entry,
    events: Vec<(CertificateEvent, Option<String>)>,
    may_revoke: bool,
}

/// What is not within reach is not there.
async fn find(app: &App, who: &SignedIn, code: &str) -> Result<Found> {
    who.require(Permission::SeeCertificates)?;
    let code = typed_code(code).ok_or(Error::NotFound)?;
    let (authority, today) = (who.authority().clone(), local_day(app.now().0));
    app.db
        .read(move |c| {
            let entry = queries::by_code(c, &code)?.ok_or(Error::NotFound)?;
            if !queries::reaches(c, &authority, Permission::SeeCertificates, entry.unit, today)? {
                return Err(Error::NotFound);
            }
            let decides = queries::reaches(c, &authority, Permission::DecideRecords, entry.unit, today)?;
            let mut events = Vec::new();
            for event in queries::events(c, entry.certificate.id)? {
                let by = event.actor_id.map(|id| accounts::queries::person(c, id)).transpose()?;
                events.push((event, by.map(|p| p.full_name())));
            }
            let may_revoke = decides && entry.certificate.state == CertificateState::Valid;
            Ok(Found { entry, events, may_revoke })
        })
        .await
}

fn entry_view(page: &Page, found: Found, form: FormView) -> Result<EntryView> {
    let certificate = found.entry.certificate;
    let paper = certificate.paper()?;
    Ok(EntryView {
        lookup_code: grouped(&certificate.code),
        register_number: certificate.register_number,
        serial_number: paper.serial_number,
        holder: paper.holder,
        unit: paper.unit,
        position: paper.position,
        course: paper.course,
        from: paper.from,
        to: paper.to,
        result: paper.result,
        signer: paper.signer_name,
        issued_at: certificate.issued_at,
        state: StateView::of(page, certificate.state),
        has_file: certificate.file_id.is_some(),
        code: certificate.code,
        events: found
            .events
            .into_iter()
            .map(|(event, by)| EventView {
                at: event.at,
                what: page.text(Message::new(format!("certificates-event-{}", event.kind))),
                by,
                decision_number: event.decision_number,
                decision_date: event.decision_date,
                reason: event.reason,
            })
            .collect(),
        may_revoke: found.may_revoke,
        form,
    })
}

async fn show(app: web::Data<App>, page: Page, who: SignedIn, code: web::Path<String>) -> Result<HttpResponse> {
    let found = find(&app, &who, &code).await?;
    page.html("certificates/entry", &entry_view(&page, found, FormView::default())?)
}

async fn revoke(
    app: web::Data<App>,
    page: Page,
    who: SignedIn,
    code: web::Path<String>,
    input: Input,
) -> Result<HttpResponse> {
    let found = find(&app, &who, &code).await?;
    who.require(Permission::DecideRecords)?;
    let now = app.now();
    match forms::revocation(&input, local_day(now.0)) {
        Err(Error::Invalid(faults)) => unaccepted(&page, found, &input, &faults),
        Err(other) => Err(other),
        Ok(decision) => {
            let (by, id, code) = (who.actor(), found.entry.certificate.id, found.entry.certificate.code);
            let done =
                app.db.write("certificates.revoke", move |c| actions::revoke(c, &by, now, id, &decision)).await?;
            let said = Message::new("certificates-revoked").with("number", done.register_number);
            Ok(page.go_saying(&format!("/so-cap/{code}"), "good", said))
        }
    }
}

fn unaccepted(page: &Page, found: Found, input: &Input, faults: &FieldErrors) -> Result<HttpResponse> {
    let form = page.form(input, faults);
    page.html_as(StatusCode::UNPROCESSABLE_ENTITY, "certificates/entry", &entry_view(page, found, form)?)
}
