//! What waits for those who teach, look over records, or keep the system running.

use std::{cmp::Reverse, collections::BTreeMap};

use chrono::{Months, NaiveDate};
use serde::Serialize;

use super::{
    backup::BackupView,
    system,
    totals::{Changes, Registers, Totals},
};
use crate::{
    access::{Authority, Permission, Reach, UnitId},
    accounts::{model::PersonState, queries::directory::units_within},
    app::App,
    assessments::queries::tallies,
    audit::queries::{self as audit, ChainState},
    certificates::{
        model::CertificateState,
        queries::{self as certificates, RegisterAsked},
    },
    courses::queries::{self as courses, ReviewDue},
    events::{
        model::Session,
        queries::{self as events, Desk},
    },
    home::queries::{LastBackup, last_backup},
    learning::{
        model::{Run, RunId},
        queries as learning,
    },
    organisations::queries::changes,
    platform::{
        clock::local_day,
        db::{DbConn, Moment},
        error::Result,
        http::Page,
        i18n::{Locale, Message},
        jobs,
        text::{self, span},
    },
    programmes,
    targets::queries::{self as targets, Decided},
};

/// Rows of each list; the pages they lead to have all.
const SHOWN: usize = 5;
/// So many questions of the classes that are open now.
const HARDEST: i64 = 3;
/// A course is to be held against the law twice a year.
const REVIEW_MONTHS: u32 = 6;

/// What was read of somebody's duties.
pub struct Duties {
    pub desk: programmes::queries::Desk,
    pub lists: Vec<Desk>,
    revocations: i64,
    quotas: i64,
    outside: i64,
    failed_jobs: i64,
    /// The drafts of decisions; who may see the changes near today is told of them, too.
    drafts: Option<i64>,
    teaching: Option<Teaching>,
    records: Option<Records>,
    jobs: Option<jobs::Stuck>,
    backup: Option<LastBackup>,
}

struct Teaching {
    runs: Vec<Run>,
    all: usize,
    sessions: Vec<(RunId, Session)>,
    reviews: Vec<ReviewDue>,
    hardest: Vec<Hard>,
}

/// A question that few got right in a class.
struct Hard {
    run: RunId,
    text: String,
    people: i64,
    correct: i64,
}

struct Records {
    awaiting: i64,
    chain: ChainState,
}

/// A question is asked only for who has that duty.
pub fn read(c: &mut DbConn, authority: &Authority, now: Moment) -> Result<Duties> {
    let today = local_day(now.0);
    let may = |permission| authority.may(permission);
    let outside = match authority.reach(Permission::RecordOutside) {
        Reach::Nowhere => 0,
        reach => {
            let units = units_within(c, &reach, today)?;
            targets::outside_page(c, units.as_deref(), Some(Decided::Not), (0, 1))?.1
        }
    };
    let jobs = if may(Permission::ManageSystem) { Some(jobs::counts(c)?) } else { None };
    let backup = if may(Permission::ManageSystem) { Some(last_backup(c)?) } else { None };
    let drafts = if may(Permission::ManageOrganisations) { Some(changes::drafts(c)?) } else { None };
    Ok(Duties {
        desk: programmes::queries::desk(c, authority, now)?,
        lists: events::desk(c, now, authority.person)?,
        revocations: certificates::awaiting_count(c, authority, today)?,
        quotas: targets::quotas::to_answer(c, authority)?,
        outside,
        failed_jobs: jobs.as_ref().map_or(0, |jobs| jobs.failed),
        drafts,
        teaching: teaching(c, authority, now)?,
        records: match may(Permission::SeeAudit) && may(Permission::SeeCertificates) {
            true => Some(Records {
                awaiting: certificates::count(c, None, &RegisterAsked { awaiting: true, ..RegisterAsked::default() })?,
                chain: audit::chain_state(c)?,
            }),
            false => None,
        },
        jobs,
        backup,
    })
}

/// The classes of who runs some; the nation's classes are nobody's first page.
fn teaching(c: &mut DbConn, authority: &Authority, now: Moment) -> Result<Option<Teaching>> {
    let reach = authority.reach(Permission::ManageClasses);
    if !matches!(reach, Reach::Under(_)) {
        return Ok(None);
    }
    let today = local_day(now.0);
    let mut runs = learning::runs_within(c, &reach, today)?;
    runs.retain(|run| run.closes_at > now);
    runs.sort_by_key(|run| (run.opens_at > now, run.closes_at));
    let (all, ids) = (runs.len(), runs.iter().map(|run| run.id).collect::<Vec<_>>());
    let sessions = events::next_of(c, now, &ids)?;
    let since = today.checked_sub_months(Months::new(REVIEW_MONTHS)).unwrap_or(today);
    let reviews = if authority.may(Permission::ManageCourses) { courses::review_due(c, since)? } else { Vec::new() };
    let hardest = hardest(c, now, &runs)?;
    Ok(Some(Teaching { runs, all, sessions, reviews, hardest }))
}

/// The questions of the classes now open that fewest got right.
fn hardest(c: &mut DbConn, now: Moment, runs: &[Run]) -> Result<Vec<Hard>> {
    let open: Vec<&Run> = runs.iter().filter(|run| run.opens_at <= now).collect();
    let found = tallies::hardest(c, &open.iter().map(|run| run.id).collect::<Vec<_>>(), HARDEST)?;
    let keys: Vec<String> = found.iter().map(|(place, ..)| place.item.clone()).collect();
    let version = |id: RunId| open.iter().find(|run| run.id == id).map(|run| run.version_id);
    let versions: Vec<_> = found.iter().filter_map(|(place, ..)| version(place.run)).collect();
    let mut items = courses::questions_of(c, &versions, &keys)?;
    let hard = |(place, people, correct): (tallies::Place, i64, i64)| {
        let item = items.remove(&(version(place.run)?, place.item))?;
        Some(Hard { run: place.run, text: item.text.replace('\n', " "), people, correct })
    };
    Ok(found.into_iter().filter_map(hard).collect())
}

/// One thing that waits: what it is, and where it is done.
#[derive(Serialize)]
pub struct TaskView {
    href: String,
    text: String,
}

#[derive(Serialize)]
pub struct DutiesView {
    tasks: Vec<TaskView>,
    teaching: Option<TeachingView>,
    records: Option<RecordsView>,
    health: Option<HealthView>,
}

#[derive(Serialize)]
struct TeachingView {
    runs: Vec<RunView>,
    /// How many there are beside those shown.
    more: usize,
    sessions: Vec<SessionView>,
    reviews: Vec<ReviewView>,
    hardest: Vec<HardView>,
}

#[derive(Serialize)]
struct HardView {
    href: String,
    text: String,
    class: String,
    share: String,
    people: String,
}

#[derive(Serialize)]
struct RunView {
    href: String,
    title: String,
    when: String,
    learners: String,
}

#[derive(Serialize)]
struct SessionView {
    href: String,
    title: String,
    when: String,
    class: String,
}

#[derive(Serialize)]
struct ReviewView {
    href: String,
    title: String,
    reviewed: NaiveDate,
}

#[derive(Serialize)]
struct RecordsView {
    years: Vec<YearView>,
    issuers: Vec<IssuerView>,
    total: CountView,
    awaiting: i64,
    sealed: i64,
    unsealed: i64,
}

#[derive(Serialize)]
struct YearView {
    year: i32,
    count: CountView,
}

#[derive(Serialize)]
struct IssuerView {
    /// As it stands on the papers.
    name: String,
    count: CountView,
}

/// Certificates by what they are good for now.
#[derive(Serialize, Default, Clone, Copy)]
struct CountView {
    issued: i64,
    valid: i64,
    replaced: i64,
    revoked: i64,
}

impl CountView {
    fn add(&mut self, state: CertificateState, count: i64) {
        self.issued += count;
        match state {
            CertificateState::Valid => self.valid += count,
            CertificateState::Replaced => self.replaced += count,
            CertificateState::Revoked => self.revoked += count,
        }
    }
}

#[derive(Serialize)]
struct HealthView {
    failed: i64,
    ready: i64,
    active: i64,
    invited: i64,
    disabled: i64,
    backup: Option<BackupView>,
    program: system::ProgramView,
}

impl DutiesView {
    /// The returned nominations of an officer have their own list, with their reasons.
    pub fn of(app: &App, page: &Page, duties: Duties, totals: &Totals, lists_returned: bool) -> Self {
        let backup = duties.backup.map(|last| BackupView::of(page, app.now(), last));
        Self {
            tasks: tasks(page, &duties, totals, lists_returned),
            teaching: duties.teaching.map(|teaching| TeachingView::of(page, teaching)),
            records: duties.records.zip(totals.registers.as_deref()).map(RecordsView::of),
            health: duties.jobs.zip(totals.people.as_deref()).map(|(jobs, people)| HealthView {
                failed: jobs.failed,
                ready: jobs.ready + jobs.running,
                active: people.get(&PersonState::Active).copied().unwrap_or(0),
                invited: people.get(&PersonState::Invited).copied().unwrap_or(0),
                disabled: people.get(&PersonState::Disabled).copied().unwrap_or(0),
                backup,
                program: system::ProgramView::of(app, page),
            }),
        }
    }
}

/// What is owed stands before what is only to be known.
fn tasks(page: &Page, duties: &Duties, totals: &Totals, lists_returned: bool) -> Vec<TaskView> {
    let Duties { desk, .. } = duties;
    let returned = if lists_returned { 0 } else { desk.returned };
    let records = duties.records.as_ref().map_or(0, |records| records.awaiting);
    let counted = [
        (duties.failed_jobs, "home-failed-jobs", "/he-thong"),
        (duties.revocations.max(records), "home-revocations", "/so-cap?trang-thai=cho-thu-hoi"),
        (duties.quotas, "home-quotas", "/phan-bo"),
        (returned, "home-returned", "/de-cu"),
        (desk.to_decide, "home-to-decide", "/de-cu"),
        (desk.to_review, "home-to-review", "/chuyen-gia?giai-doan=xem-lai"),
        (desk.to_recognise, "home-to-recognise", "/chuong-trinh"),
        (duties.outside, "home-outside", "/lop-ngoai?xem=cho"),
        (duties.drafts.unwrap_or(0), "home-change-drafts", "/don-vi/thay-doi?xem=quyet-dinh"),
    ];
    let mut tasks: Vec<TaskView> = counted
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, key, href)| TaskView {
            href: href.to_owned(),
            text: page.text(Message::new(key).with("count", count)),
        })
        .collect();
    if let Some(&Changes { from, to, count: count @ 1.. }) = totals.changes.as_deref() {
        let said = Message::new("home-changes").with("count", count);
        tasks.push(TaskView {
            href: format!("/don-vi/thay-doi?tu={from}&den={to}"),
            text: page.text(said.with("from", text::date(from)).with("to", text::date(to))),
        });
    }
    tasks
}

impl TeachingView {
    fn of(page: &Page, teaching: Teaching) -> Self {
        let Teaching { runs, all, sessions, reviews, hardest } = teaching;
        let locale = page.locale();
        let run = |run: &Run| {
            let said = match run.capacity {
                Some(seats) => Message::new("home-run-seats").with("seats", seats),
                None => Message::new("home-run-learners"),
            };
            RunView {
                href: format!("/lop/{}", run.code),
                title: run.title.clone(),
                when: format!("{} – {}", text::date(local_day(run.opens_at.0)), text::date(run.last_day())),
                learners: page.text(said.with("count", run.taken)),
            }
        };
        let session = |(id, session): &(RunId, Session)| {
            let class = runs.iter().find(|run| run.id == *id)?;
            Some(SessionView {
                href: session.path(&class.code),
                title: session.title.clone(),
                when: span(session.starts_at.0, session.ends_at.0),
                class: class.title.clone(),
            })
        };
        let hard = |hard: Hard| {
            let class = runs.iter().find(|run| run.id == hard.run)?;
            let people = Message::new("home-hardest-people").with("count", hard.people);
            Some(HardView {
                href: format!("/lop/{}/cau-hoi", class.code),
                text: hard.text,
                class: class.title.clone(),
                share: page.text(
                    Message::new("home-hardest-share").with("share", text::percent(hard.correct, hard.people, locale)),
                ),
                people: page.text(people),
            })
        };
        Self {
            hardest: hardest.into_iter().filter_map(hard).collect(),
            sessions: sessions.iter().filter_map(session).collect(),
            more: all.saturating_sub(SHOWN),
            runs: runs.iter().take(SHOWN).map(run).collect(),
            reviews: reviews
                .into_iter()
                .take(SHOWN)
                .map(|course| ReviewView {
                    href: format!("/khoa-hoc/{}", course.slug),
                    title: if locale == Locale::Vi { course.title_vi } else { course.title_en },
                    reviewed: course.reviewed,
                })
                .collect(),
        }
    }
}

impl RecordsView {
    fn of((records, registers): (Records, &Registers)) -> Self {
        let mut years: BTreeMap<i32, CountView> = BTreeMap::new();
        // The body that issued last comes first.
        let mut issuers: BTreeMap<UnitId, (i32, CountView)> = BTreeMap::new();
        let mut total = CountView::default();
        for row in &registers.counts {
            years.entry(row.year).or_default().add(row.state, row.count);
            let issuer = issuers.entry(row.issuer).or_default();
            issuer.0 = issuer.0.max(row.year);
            issuer.1.add(row.state, row.count);
            total.add(row.state, row.count);
        }
        let mut issuers: Vec<(UnitId, (i32, CountView))> = issuers.into_iter().collect();
        issuers.sort_by_key(|(_, (last, count))| (Reverse(*last), Reverse(count.issued)));
        let name = |id: UnitId| registers.issuers.get(&id).map(|unit| unit.name_vi.clone()).unwrap_or_default();
        Self {
            years: years.into_iter().rev().map(|(year, count)| YearView { year, count }).collect(),
            issuers: issuers.into_iter().map(|(id, (_, count))| IssuerView { name: name(id), count }).collect(),
            total,
            awaiting: records.awaiting,
            sealed: records.chain.sealed,
            unsealed: records.chain.waiting,
        }
    }
}
