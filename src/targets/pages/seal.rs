//! One seal: its figures as they were signed, what was recorded since, its file; and signing or taking back what waits.

use std::collections::HashMap;

use actix_web::{HttpResponse, http::header, web};
use chrono::NaiveDate;
use serde::Serialize;

use super::{CountingView, SplitView, seals::state, title};
use crate::{
    access::{Actor, PersonId},
    accounts::queries::directory,
    app::App,
    platform::{
        db::Moment,
        error::{Error, Result},
        files::content_disposition,
        http::{Crumb, Page},
        i18n::{Locale, Message},
    },
    targets::{
        actions,
        guards::{ManagedSeal, SealOf},
        model::{
            Figures, Target,
            seal::{Content, Seal, SealId, SealRow, SealState},
        },
        queries::{self, Adjustment, Adjustments, AgencyChanges, Cause},
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/chi-tieu/{code}/ban-chot/{seal}").get(show))
        .service(web::resource("/chi-tieu/{code}/ban-chot/{seal}/tep").get(download))
        .service(web::resource("/chi-tieu/{code}/ban-chot/{seal}/ky-duyet").post(sign))
        .service(web::resource("/chi-tieu/{code}/ban-chot/{seal}/rut").post(withdraw));
}

#[derive(Serialize)]
struct SealView {
    crumbs: Vec<Crumb>,
    title: String,
    target: String,
    path: String,
    number: Option<i64>,
    state: String,
    state_kind: &'static str,
    is_waiting: bool,
    is_signed: bool,
    /// May sign: manages targets and did not prepare it.
    can_sign: bool,
    can_withdraw: bool,
    from: NaiveDate,
    to: NaiveDate,
    known_at: Moment,
    prepared_at: Moment,
    prepared_by: String,
    decided_at: Option<Moment>,
    decided_by: String,
    hash: Option<String>,
    previous: Option<String>,
    required: i64,
    required_unit: String,
    courses: Vec<String>,
    split: SplitView,
    units: Vec<UnitView>,
    agencies: Option<AgencyChanges>,
    as_of: Moment,
    /// Then nothing can be said of what was recorded since.
    counting: Option<CountingView>,
    sealed: Figures,
    lines: Vec<LineView>,
    change: ChangeView,
    now: Figures,
}

#[derive(Serialize)]
struct UnitView {
    code: String,
    name: String,
    split: SplitView,
}

/// Numbers with their sign, as they are added.
#[derive(Serialize)]
pub(super) struct ChangeView {
    people: String,
    turns: String,
}

impl From<Figures> for ChangeView {
    fn from(change: Figures) -> Self {
        let signed = |n: i64| match n {
            0 => "0".to_owned(),
            n if n < 0 => format!("−{}", n.unsigned_abs()),
            n => format!("+{n}"),
        };
        Self { people: signed(change.people), turns: signed(change.turns) }
    }
}

#[derive(Serialize)]
pub(super) struct LineView {
    at: Moment,
    name: String,
    unit: String,
    category: String,
    course: String,
    day: NaiveDate,
    cause: String,
    event: i64,
    change: ChangeView,
}

pub(super) fn line(page: &Page, names: &HashMap<PersonId, (String, String)>, line: &Adjustment) -> LineView {
    let cause = match line.cause {
        Cause::Completed => "targets-cause-completed",
        Cause::Outside => "targets-cause-outside",
        Cause::Accepted => "targets-cause-accepted",
        Cause::Voided => "targets-cause-voided",
        Cause::Moved => "targets-cause-moved",
        Cause::Definition => "targets-cause-definition",
    };
    LineView {
        at: line.at,
        name: names.get(&line.person).map(|(_, name)| name.clone()).unwrap_or_default(),
        unit: line.unit.as_ref().map(|u| u.name(page.locale()).to_owned()).unwrap_or_default(),
        category: page.text(Message::new(format!("targets-category-{}", line.category))),
        course: line.course.clone(),
        day: line.day,
        cause: page.text(cause),
        event: line.event,
        change: line.change.into(),
    }
}

struct Found {
    content: Content,
    /// Only of what is signed.
    chain: Option<(String, String)>,
    adjustments: Adjustments,
    names: HashMap<PersonId, (String, String)>,
}

async fn show(app: web::Data<App>, page: Page, seen: SealOf) -> Result<HttpResponse> {
    let (now, row) = (app.now(), seen.row.clone());
    let id = row.id;
    let is_unfinished = match row.state {
        SealState::Preparing => true,
        SealState::Withdrawn => app.db.read(move |c| Ok::<_, Error>(queries::seal_text(c, id)?.is_empty())).await?,
        SealState::Prepared | SealState::Signed => false,
    };
    if is_unfinished {
        return show_unfinished(&app, &page, &seen).await;
    }
    let is_counting = seen.target.is_being_counted();
    let found = app
        .db
        .read(move |c| {
            let (content, chain) = match row.state {
                SealState::Signed => {
                    let seal = Seal::members_of(&queries::seal_text(c, row.id)?)?;
                    (seal.content, Some((seal.hash, seal.previous)))
                }
                _ => (queries::seal_content(c, row.id)?, None),
            };
            let adjustments = if is_counting {
                // What counts now is not known before it is through.
                let sealed = content.figures.total;
                Adjustments { sealed, lines: Vec::new(), now: sealed, agencies: None }
            } else {
                queries::adjustments(c, &row, &content)?
            };
            let mut people: Vec<PersonId> = adjustments.lines.iter().map(|line| line.person).collect();
            people.extend([Some(row.prepared_by), row.decided_by].into_iter().flatten());
            let names = directory::names(c, &people)?;
            Ok::<_, Error>(Found { content, chain, adjustments, names })
        })
        .await?;
    page.html("targets/seal", &view(&page, &seen, now, found))
}

/// What a job still computes, or did not finish before it was taken back.
#[derive(Serialize)]
struct UnfinishedView {
    crumbs: Vec<Crumb>,
    title: String,
    target: String,
    path: String,
    state: String,
    state_kind: &'static str,
    is_preparing: bool,
    can_withdraw: bool,
    from: NaiveDate,
    to: NaiveDate,
    known_at: Moment,
    prepared_by: String,
}

async fn show_unfinished(app: &App, page: &Page, seen: &SealOf) -> Result<HttpResponse> {
    let SealOf { target, row, can_manage, .. } = seen;
    let who = row.prepared_by;
    let names = app.db.read(move |c| directory::names(c, &[who])).await?;
    let (state, state_kind) = state(page, row);
    let is_preparing = row.state == SealState::Preparing;
    let view = UnfinishedView {
        crumbs: crumbs(page, target),
        title: page.text("targets-seal"),
        target: title(page, target),
        path: format!("/chi-tieu/{}/ban-chot/{}", target.code, row.id),
        state,
        state_kind,
        is_preparing,
        can_withdraw: is_preparing && *can_manage,
        from: row.period_from,
        to: row.period_to,
        known_at: row.known_at,
        prepared_by: names.get(&who).map(|(_, name)| name.clone()).unwrap_or_default(),
    };
    page.html("targets/seal_unfinished", &view)
}

fn crumbs(page: &Page, target: &Target) -> Vec<Crumb> {
    let path = format!("/chi-tieu/{}", target.code);
    vec![
        Crumb::new(page.text("targets-title"), "/chi-tieu"),
        Crumb::new(title(page, target), path.clone()),
        Crumb::new(page.text("targets-seals"), format!("{path}/ban-chot")),
    ]
}

fn view(page: &Page, seen: &SealOf, now: Moment, found: Found) -> SealView {
    let SealOf { who, target, row, can_manage } = seen;
    let Found { content, chain, adjustments, names } = found;
    let name = |id: PersonId| names.get(&id).map(|(_, name)| name.clone()).unwrap_or_default();
    let path = format!("/chi-tieu/{}", target.code);
    let (state, state_kind) = state(page, row);
    let is_waiting = row.state == SealState::Prepared;
    let mut change = Figures::default();
    adjustments.lines.iter().for_each(|line| change += line.change);
    let (hash, previous) = chain.unzip();
    SealView {
        crumbs: crumbs(page, target),
        title: match row.number {
            Some(number) => page.text(Message::new("targets-seal-title").with("number", number.to_string())),
            None => page.text("targets-seal-title-waiting"),
        },
        target: if page.locale() == Locale::Vi { content.target.title_vi } else { content.target.title_en },
        path: format!("{path}/ban-chot/{}", row.id),
        number: row.number,
        state,
        state_kind,
        is_waiting,
        is_signed: row.state == SealState::Signed,
        can_sign: is_waiting && *can_manage && who.id() != row.prepared_by,
        can_withdraw: is_waiting && *can_manage,
        from: content.period.from,
        to: content.period.to,
        known_at: content.known_at,
        prepared_at: row.prepared_at,
        prepared_by: name(row.prepared_by),
        decided_at: row.decided_at,
        decided_by: row.decided_by.map(name).unwrap_or_default(),
        hash,
        previous,
        required: content.target.required,
        required_unit: page.text(Message::new(format!("targets-unit-{}", content.target.metric))),
        courses: content.target.courses,
        split: content.figures.into(),
        units: content
            .units
            .into_iter()
            .map(|unit| UnitView { code: unit.code, name: unit.name, split: unit.figures.into() })
            .collect(),
        as_of: now,
        counting: CountingView::of(target),
        sealed: adjustments.sealed,
        lines: adjustments.lines.iter().map(|l| line(page, &names, l)).collect(),
        change: change.into(),
        now: adjustments.now,
        agencies: adjustments.agencies,
    }
}

/// The file is what was signed, byte for byte.
async fn download(app: web::Data<App>, seen: SealOf) -> Result<HttpResponse> {
    let SealRow { id, number, .. } = seen.row;
    let Some(number) = number else { return Err(Error::refused("targets-seal-not-signed")) };
    let text = app.db.read(move |c| queries::seal_text(c, id)).await?;
    let name = format!("ban-chot-{number:04}-{}.json", seen.target.code);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CONTENT_DISPOSITION, content_disposition(&name, false)))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(text))
}

async fn sign(app: web::Data<App>, page: Page, managed: ManagedSeal) -> Result<HttpResponse> {
    let (now, by, id) = (app.now(), managed.who.actor(), managed.row.id);
    answer(&page, &managed, sign_on(&app, &by, now, id).await, "targets-seal-signed")
}

/// How often the seal is computed anew because another one was signed meanwhile.
const TRIES: usize = 5;

/// The seal is computed beside those who write; they wait only for it to be kept.
async fn sign_on(app: &App, by: &Actor, now: Moment, id: SealId) -> Result<()> {
    for _ in 0..TRIES {
        let who = by.clone();
        let signing = app.db.read(move |c| actions::draft_seal(c, &who, now, id)).await?;
        let who = by.clone();
        if app.db.write("targets.sign-seal", move |c| actions::put_seal(c, &who, now, &signing)).await?.is_some() {
            return Ok(());
        }
    }
    Err(Error::refused("targets-refused-changed"))
}

async fn withdraw(app: web::Data<App>, page: Page, managed: ManagedSeal) -> Result<HttpResponse> {
    let (now, by, id) = (app.now(), managed.who.actor(), managed.row.id);
    let withdrawn = app.db.write("targets.withdraw-seal", move |c| actions::withdraw_seal(c, &by, now, id)).await;
    answer(&page, &managed, withdrawn, "targets-seal-withdrawn")
}

fn answer(page: &Page, managed: &ManagedSeal, done: Result<()>, said: &'static str) -> Result<HttpResponse> {
    let list = format!("/chi-tieu/{}/ban-chot", managed.target.code);
    let one = format!("{list}/{}", managed.row.id);
    match done {
        Ok(()) => Ok(page.go_saying(if said == "targets-seal-signed" { &one } else { &list }, "good", said)),
        Err(error) => Err(error),
    }
}
