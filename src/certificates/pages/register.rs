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
        model::{CertificateEvent, CertificateState, Entry, Ground, Links, Other, grouped, typed_code},
        queries::{self, REGISTER_PAGE, RegisterAsked},
    },
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, FieldErrors, Result},
        http::{Choice, Crumb, FormView, Input, Page, Pages, address, page_number},
        i18n::Message,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/so-cap").get(list))
        .service(web::resource("/so-cap/{code}").get(show))
        .service(web::resource("/so-cap/{code}/thu-hoi").post(revoke));
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    tim: String,
    #[serde(default, rename = "trang-thai")]
    state: String,
    #[serde(default)]
    trang: Option<i64>,
}

/// Voided, but still valid.
const AWAITING: &str = "cho-thu-hoi";

impl Asked {
    pub(super) fn wanted(&self) -> RegisterAsked {
        RegisterAsked {
            search: self.tim.chars().take(100).collect(),
            state: CertificateState::parse(&self.state),
            awaiting: self.state == AWAITING,
        }
    }

    /// The same question asked of another address.
    fn address(&self, path: &str, page: Option<i64>) -> String {
        let page = page.map(|n| n.to_string()).unwrap_or_default();
        address(path, &[("tim", &self.tim), ("trang-thai", &self.state), ("trang", &page)])
    }
}

#[derive(Serialize)]
struct ListView {
    form: FormView,
    states: Vec<Choice>,
    rows: Vec<RowView>,
    total: i64,
    pages: Pages,
    export_href: String,
}

async fn list(app: web::Data<App>, page: Page, who: SignedIn, asked: web::Query<Asked>) -> Result<HttpResponse> {
    who.require(Permission::SeeCertificates)?;
    let (authority, today) = (who.authority().clone(), local_day(app.now().0));
    let wanted = asked.wanted();
    let number = page_number(asked.trang);
    let (found, links) = app
        .db
        .read(move |c| {
            let units = queries::covered_units(c, &authority, Permission::SeeCertificates, today)?;
            let found = queries::register(c, units.as_deref(), &wanted, number)?;
            let ids: Vec<_> = found.rows.iter().map(|entry| entry.certificate.id).collect();
            let links = queries::links(c, &ids)?;
            Ok::<_, Error>((found, links))
        })
        .await?;
    let mut states: Vec<Choice> = CertificateState::ALL
        .iter()
        .map(|s| Choice::new(s.to_string(), page.text(Message::new(format!("certificates-state-{s}")))))
        .collect();
    states.push(Choice::new(AWAITING, page.text("certificates-awaiting")));
    let view = ListView {
        form: FormView::with([("tim", asked.tim.clone()), ("trang-thai", asked.state.clone())]),
        states,
        rows: found
            .rows
            .iter()
            .map(|entry| RowView::of(&page, &entry.certificate, links.get(&entry.certificate.id)))
            .collect::<Result<_>>()?,
        total: found.total,
        pages: Pages::of(&page, number, found.total, REGISTER_PAGE, |n| asked.address("/so-cap", Some(n))),
        export_href: asked.address("/so-cap/tai-ve", None),
    };
    page.html("certificates/register", &view)
}

#[derive(Serialize)]
struct EntryView {
    crumbs: Vec<Crumb>,
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
    /// The completion was voided: a decision to revoke is waited for.
    is_awaiting: bool,
    replaces: Option<OtherView>,
    replaced_by: Option<OtherView>,
    events: Vec<EventView>,
    may_revoke: bool,
    may_reissue: bool,
    form: FormView,
}

/// Another entry, for those who see the register.
#[derive(Serialize)]
struct OtherView {
    code: String,
    register_number: String,
}

impl From<Other> for OtherView {
    fn from(other: Other) -> Self {
        Self { code: other.code, register_number: other.register_number }
    }
}

#[derive(Serialize)]
struct EventView {
    at: Moment,
    what: String,
    by: Option<String>,
    decision_number: Option<String>,
    decision_date: Option<NaiveDate>,
    reason: Option<String>,
    /// Why it was issued anew, and each correction as "before → after".
    ground: Option<String>,
    corrections: Vec<CorrectionView>,
}

#[derive(Serialize)]
struct CorrectionView {
    label: String,
    before: String,
    after: String,
}

pub(super) struct Found {
    pub(super) entry: Entry,
    events: Vec<(CertificateEvent, Option<String>)>,
    links: Links,
    is_awaiting: bool,
    /// The right to decide reaches the unit of this holder, not only some unit.
    decides: bool,
    may_revoke: bool,
    pub(super) may_reissue: bool,
}

/// What is not within reach is not there.
pub(super) async fn find(app: &App, who: &SignedIn, code: &str) -> Result<Found> {
    who.require(Permission::SeeCertificates)?;
    let code = typed_code(code).ok_or(Error::NotFound)?;
    let (authority, now) = (who.authority().clone(), app.now());
    let today = local_day(now.0);
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
            let id = entry.certificate.id;
            let links = queries::links(c, &[id])?.remove(&id).unwrap_or_default();
            let stands = queries::draft(c, entry.certificate.completion_id, now)?.is_some();
            let is_valid = entry.certificate.state == CertificateState::Valid;
            let is_own = entry.certificate.person_id == authority.person;
            let is_last = links.replaced_by.is_none();
            Ok(Found {
                is_awaiting: is_valid && !stands,
                decides,
                may_revoke: decides && is_valid,
                may_reissue: decides && stands && is_last && !is_own,
                entry,
                events,
                links,
            })
        })
        .await
}

/// The entry, for whoever may decide about it. Others who see it know that it is there: 403.
pub(super) async fn within_reach(app: &App, who: &SignedIn, code: &str) -> Result<Found> {
    let found = find(app, who, code).await?;
    if found.decides { Ok(found) } else { Err(Error::Forbidden) }
}

fn entry_view(page: &Page, found: Found, form: FormView) -> Result<EntryView> {
    let certificate = found.entry.certificate;
    let paper = certificate.paper()?;
    Ok(EntryView {
        crumbs: vec![Crumb::new(page.text("certificates-register-title"), "/so-cap")],
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
        is_awaiting: found.is_awaiting,
        replaces: found.links.replaces.map(OtherView::from),
        replaced_by: found.links.replaced_by.map(OtherView::from),
        code: certificate.code,
        events: found.events.into_iter().map(|(event, by)| event_view(page, event, by)).collect::<Result<_>>()?,
        may_revoke: found.may_revoke,
        may_reissue: found.may_reissue,
        form,
    })
}

fn event_view(page: &Page, event: CertificateEvent, by: Option<String>) -> Result<EventView> {
    let details = event.details()?;
    let what = match &details {
        Some(details) => {
            page.text(Message::new("certificates-event-reissued").with("number", details.replaces.clone()))
        }
        None => page.text(Message::new(format!("certificates-event-{}", event.kind))),
    };
    let ground = details.as_ref().map(|details| page.text(ground_key(details.ground)));
    let corrections = details.map(|details| details.corrections).unwrap_or_default();
    Ok(EventView {
        at: event.at,
        what,
        by,
        decision_number: event.decision_number,
        decision_date: event.decision_date,
        reason: event.reason,
        ground,
        corrections: corrections
            .into_iter()
            .map(|correction| CorrectionView {
                label: page.text(Message::new(format!("certificates-corrected-{}", correction.field))),
                before: correction.before,
                after: correction.after,
            })
            .collect(),
    })
}

pub(super) fn ground_key(ground: Ground) -> Message {
    Message::new(format!("certificates-ground-{ground}"))
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
    let found = within_reach(&app, &who, &code).await?;
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
