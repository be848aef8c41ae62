//! Pages: the targets, one target with its agencies, and the list behind a number. The nation for coordinators and auditors, their own
//! agency for training officers.

mod agencies;
mod book;
mod changes;
mod charts;
mod compare;
mod detail;
mod kind;
mod lens;
mod list;
mod map;
mod outside;
mod pace;
mod people;
mod public;
mod quotas;
mod seal;
mod seals;

use actix_web::web;
use chrono::NaiveDate;
use serde::Serialize;

use super::{
    model::{Days, Figures, Metric, Split, Target, TargetState},
    queries::{Scope, Share},
};
use crate::platform::{
    error::FieldErrors,
    http::Page,
    i18n::{Locale, Message},
    text::read_day,
};

pub use self::{map::ProvinceMap, outside::UPLOAD};

pub fn routes(cfg: &mut web::ServiceConfig) {
    list::routes(cfg);
    book::routes(cfg);
    detail::routes(cfg);
    kind::routes(cfg);
    people::routes(cfg);
    public::routes(cfg);
    agencies::routes(cfg);
    seals::routes(cfg);
    compare::routes(cfg);
    seal::routes(cfg);
    quotas::routes(cfg);
    outside::routes(cfg);
}

/// A target's definition in the reader's language, with the figures of a scope and what they mean.
#[derive(Serialize)]
struct TargetView {
    counting: Option<CountingView>,
    code: String,
    title: String,
    basis: String,
    is_illustration: bool,
    from: NaiveDate,
    to: NaiveDate,
    days_left: Option<i64>,
    state: String,
    state_kind: &'static str,
    metric: String,
    /// What the required number is a number of.
    unit: String,
    /// It is a number of percent of them.
    is_percent: bool,
    required: i64,
    people: i64,
    turns: i64,
    counts_people: bool,
    counts_turns: bool,
    /// The required number is the nation's: how far it is reached is only shown beside the nation's figure.
    has_share: bool,
    /// What is measured, of how much: people or turns of those required, or agencies of those there are.
    reached: i64,
    whole: i64,
    whole_unit: String,
    agencies: Option<Share>,
    /// Drafts, superseded ones and those without a course are not counted.
    is_counted: bool,
    /// Of a period that is over without any data, nothing is not a figure.
    has_figures: bool,
    standing: String,
    standing_kind: &'static str,
    courses: Vec<String>,
}

impl TargetView {
    fn of(
        page: &Page,
        target: &Target,
        courses: Vec<String>,
        figures: Figures,
        share: Option<Share>,
        scope: &Scope,
        today: NaiveDate,
    ) -> Self {
        let (title, basis) = match page.locale() {
            Locale::Vi => (&target.title_vi, &target.basis_vi),
            Locale::En => (&target.title_en, &target.basis_en),
        };
        let running = target.state == TargetState::InForce && target.period().contains(today);
        let (standing, standing_kind) = standing(page, target, figures, share, scope, !courses.is_empty());
        let share = share.filter(|_| scope.is_nation());
        let agencies = target.metric == Metric::Agencies;
        let is_counted = target.state.is_counted() && !courses.is_empty();
        Self {
            counting: CountingView::of(target),
            code: target.code.clone(),
            title: title.clone(),
            basis: basis.clone(),
            is_illustration: target.is_illustration,
            from: target.period_from,
            to: target.period_to,
            days_left: running.then(|| (target.period_to - today).num_days() + 1),
            state: page.text(Message::new(format!("targets-state-{}", target.state))),
            state_kind: match target.state {
                TargetState::InForce => "info",
                TargetState::Closed => "plain",
                TargetState::Draft | TargetState::Superseded => "warn",
            },
            metric: page.text(Message::new(format!("targets-metric-{}", target.metric))),
            unit: if agencies { page.text("targets-unit-share") } else { unit_word(page, target.metric) },
            is_percent: agencies,
            required: target.required,
            people: figures.people,
            turns: figures.turns,
            counts_people: target.metric == Metric::People,
            counts_turns: target.metric == Metric::Turns,
            has_share: scope.is_nation(),
            reached: figures.of(target.metric).or(share.map(|s| s.organised)).unwrap_or(0),
            whole: share.map_or(target.required, |s| s.all).max(1),
            whole_unit: unit_word(page, target.metric),
            agencies: share,
            is_counted,
            has_figures: is_counted && !(target.state == TargetState::Closed && figures.is_zero()),
            standing,
            standing_kind,
            courses,
        }
    }
}

/// Its figures are not whole yet: how many of the events there are were looked at.
#[derive(Serialize)]
pub struct CountingView {
    percent: i64,
}

impl CountingView {
    pub fn of(target: &Target) -> Option<Self> {
        target.counted_percent().map(|percent| Self { percent })
    }
}

/// A target's title in the reader's language.
fn title(page: &Page, target: &Target) -> String {
    if page.locale() == Locale::Vi { target.title_vi.clone() } else { target.title_en.clone() }
}

fn unit_word(page: &Page, metric: Metric) -> String {
    page.text(Message::new(format!("targets-unit-{metric}")))
}

/// So much of what a target counts: 1.234 lượt.
fn counted(page: &Page, metric: Metric, count: i64) -> String {
    page.text(Message::new(format!("targets-counted-{metric}")).with("count", count))
}

/// How a target stands, in words that name what was measured.
fn standing(
    page: &Page,
    target: &Target,
    figures: Figures,
    share: Option<Share>,
    scope: &Scope,
    has_courses: bool,
) -> (String, &'static str) {
    let closed = target.state == TargetState::Closed;
    if !target.state.is_counted() {
        return (page.text("targets-standing-not-counted"), "plain");
    }
    if !has_courses {
        return (page.text("targets-standing-no-courses"), "warn");
    }
    if closed && figures.is_zero() {
        return (page.text("targets-standing-no-data"), "warn");
    }
    if !scope.is_nation() {
        return (page.text("targets-standing-part"), "plain");
    }
    // So many agencies make the percentage: a part of one is one.
    let needed = share.map_or(target.required, |s| (s.all.saturating_mul(target.required) + 99) / 100);
    let missing = needed - figures.of(target.metric).or(share.map(|s| s.organised)).unwrap_or(0);
    let key = match (missing <= 0, closed) {
        (true, false) => "targets-standing-reached",
        (true, true) => "targets-standing-closed-reached",
        (false, false) => "targets-standing-missing",
        (false, true) => "targets-standing-closed-missing",
    };
    let shown = if missing <= 0 { needed } else { missing };
    (
        page.text(Message::new(key).with("count", counted(page, target.metric, shown))),
        if missing <= 0 {
            "good"
        } else if closed {
            "bad"
        } else {
            "info"
        },
    )
}

/// One line of figures: in all and by group.
#[derive(Serialize, Clone, Copy)]
struct SplitView {
    total: Figures,
    leaders: Figures,
    technology: Figures,
    other: Figures,
}

impl From<Split> for SplitView {
    fn from(split: Split) -> Self {
        Self { total: split.total, leaders: split.leaders, technology: split.technology, other: split.other }
    }
}

/// The part of the period that was asked for; the faults where it cannot be read.
fn part_asked(from: &str, to: &str, period: Days) -> (Days, FieldErrors) {
    let mut faults = FieldErrors::default();
    let mut read = |field, typed: &str, otherwise: NaiveDate| match typed.trim() {
        "" => otherwise,
        typed => read_day(typed).unwrap_or_else(|| {
            faults.add(field, "targets-fault-day");
            otherwise
        }),
    };
    let from = read("tu", from, period.from).max(period.from);
    let to = read("den", to, period.to).min(period.to);
    if to < from && faults.is_empty() {
        faults.add("den", "targets-fault-period");
    }
    if faults.is_empty() { (Days { from, to }, faults) } else { (period, faults) }
}
