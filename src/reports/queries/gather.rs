//! The figures of one target for a report, from what was known at its moment.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use chrono::NaiveDate;

use crate::{
    access::UnitId,
    organisations::{
        model::{Unit, UnitKind},
        queries as organisations,
    },
    platform::{
        as_i64,
        clock::local_day,
        db::{DbConn, Moment},
        error::{Error, Result},
        text,
    },
    reports::model::{Asked, Report, document::Named, year_before},
    targets::{
        model::{Cell, Days, Figures, Metric, Rule, Split, Target, seal::Content},
        queries::{
            self as targets, Adjustment, Counted, Funnel, Known, KnownTurn, Level, Scope, Share, View, counted_in,
            given_at, known, known_in_seal, level_of,
        },
    },
};

/// Of which kinds agencies are named that have no figures, where the target does not say it.
const KINDS: [UnitKind; 5] = [
    UnitKind::Ministry,
    UnitKind::MinisterialAgency,
    UnitKind::GovernmentAgency,
    UnitKind::CentralCity,
    UnitKind::Province,
];

/// What a report says of one target.
#[derive(Debug, Clone)]
pub struct Part {
    pub target: Target,
    /// The definition that was counted by: of a seal its own.
    pub title: String,
    pub basis: String,
    pub metric: Metric,
    pub required: i64,
    pub period: Days,
    pub courses: Vec<String>,
    /// In the days of the report, and from the first day of the target until their end.
    pub within: Split,
    pub so_far: Split,
    pub share: Option<Share>,
    /// The same days a year before; nothing where nothing was counted then.
    pub year_before: Option<Split>,
    /// What was to be reached: the nation's required number, or what the unit was given.
    pub plan: Option<i64>,
    pub rows: Vec<Line>,
    /// Recorded for the unit of the report itself.
    pub direct: Split,
    pub unconverted: Vec<Line>,
    pub missing: Vec<Named>,
    /// Only where the figures are those of the moment of asking.
    pub funnel: Option<Funnel>,
    pub adjustments: Option<Adjusted>,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub unit: Named,
    pub within: Split,
    pub so_far: Figures,
    pub given: Option<i64>,
}

/// What was recorded since a seal, until the moment asked for.
#[derive(Debug, Clone)]
pub struct Adjusted {
    pub until: Moment,
    pub sealed: Figures,
    pub lines: Vec<Adjustment>,
    pub now: Figures,
}

/// A completion of the list of names.
#[derive(Debug, Clone)]
pub struct Listed {
    pub target: Arc<str>,
    pub turn: KnownTurn,
}

/// Whose figures, and how organisations are looked at.
struct Frame {
    view: View,
    scope: Scope,
    below: Option<UnitId>,
}

impl Frame {
    /// Who looks after a unit alone sees of it what was recorded for the units that lie under it now.
    fn of(c: &mut DbConn, report: &Report, asked: &Asked, target: &Target) -> Result<Self> {
        let view = asked.as_of.map_or(View::AsRecorded, View::AsOf);
        let Some(unit) = report.unit_id else { return Ok(Self { view, scope: Scope::Nation, below: None }) };
        let seen = if report.is_national {
            Scope::Nation
        } else {
            Scope::Units(organisations::subtree_ids(c, &[unit], local_day(report.created_at.0))?)
        };
        let scope = seen.behind(targets::behind(c, target, view, unit)?);
        Ok(Self { view, scope, below: Some(unit) })
    }

    fn level(&self, c: &mut DbConn, counts: &BTreeMap<Cell, Figures>, metric: Metric, days: Days) -> Result<Level> {
        level_of(c, counts, metric, days, self.view, &self.scope, self.below)
    }
}

/// What the paper says was counted, and by which definition.
struct Counting {
    title: String,
    basis: String,
    metric: Metric,
    required: i64,
    period: Days,
    courses: Vec<String>,
    listed: Vec<i64>,
}

impl Counting {
    fn of(c: &mut DbConn, target: &Target, seal: Option<&Content>) -> Result<Self> {
        Ok(match seal.map(|content| &content.target) {
            Some(sealed) => Self {
                title: sealed.title_vi.clone(),
                basis: sealed.basis_vi.clone(),
                metric: sealed.metric,
                required: sealed.required,
                period: sealed.period,
                courses: sealed.courses.clone(),
                listed: targets::ids_of_courses(c, &sealed.courses)?,
            },
            None => Self {
                title: target.title_vi.clone(),
                basis: target.basis_vi.clone(),
                metric: target.metric,
                required: target.required,
                period: target.period(),
                courses: targets::course_codes(c, target.id)?,
                listed: targets::course_ids(c, target.id)?,
            },
        })
    }
}

/// Everything a report says of a target; and with `lists_names`, the completions behind it.
pub fn gather(c: &mut DbConn, report: &Report, code: &str, lists_names: bool) -> Result<(Part, Vec<Listed>)> {
    let asked = report.asked()?;
    let target = targets::by_code(c, code)?;
    let seal = report.seal_id.map(|id| targets::seal_content(c, id)).transpose()?;
    let counting = Counting::of(c, &target, seal.as_ref())?;
    let frame = Frame::of(c, report, &asked, &target)?;
    let (days, metric, period) = (report.days(), counting.metric, counting.period);
    let rule = Rule { courses: &counting.listed, period };
    let known = match &seal {
        Some(content) => known_in_seal(c, content)?,
        None => known(c, rule, report.known_at, lists_names.then_some(days))?,
    };
    let level = frame.level(c, &known.counts, metric, days)?;
    // A seal holds its own days alone, so what came before them is asked of the events of its moment.
    let so_far = Days { from: period.from, to: days.to };
    let earlier = match &seal {
        Some(content) if content.period.from > period.from => Some(known_at(c, rule, report.known_at)?),
        _ => None,
    };
    let counts = earlier.as_ref().map_or(&known.counts, |known| &known.counts);
    let so_far = frame.level(c, counts, metric, so_far)?;
    let on = days.to.min(local_day(report.known_at.0));
    let share = match metric {
        Metric::Agencies if frame.below.is_none() => Some(share(c, &target, seal.as_ref(), on, days, &known)?),
        _ => None,
    };
    let (plan, given) = given(c, &frame, &target, report.known_at)?;
    let listed = match lists_names {
        true => list(c, &frame, code, &known.turns)?,
        false => Vec::new(),
    };
    // The steps come from counters: while they are on the way to another definition there are none.
    let is_live = seal.is_none() && report.known_at == report.created_at && !target.is_being_counted();
    let part = Part {
        within: level.total,
        so_far: so_far.total,
        share,
        year_before: before(c, &frame, &counting, report.known_at, days)?,
        plan: if frame.below.is_none() { Some(counting.required) } else { plan },
        direct: level.direct,
        unconverted: level.unconverted.iter().map(|row| line(row, Figures::default(), None)).collect(),
        missing: missing(c, &frame, &target, metric, &known, days, on)?,
        rows: lines(c, level, &so_far, given)?,
        funnel: if is_live {
            Some(targets::funnel(c, target.id, target.period(), &frame.scope, report.known_at)?)
        } else {
            None
        },
        adjustments: match (&seal, asked.adjusted_until) {
            (Some(content), Some(until)) => Some(adjusted(c, &target, content, until)?),
            _ => None,
        },
        title: counting.title,
        basis: counting.basis,
        metric,
        required: counting.required,
        period,
        courses: counting.courses,
        target,
    };
    Ok((part, listed))
}

fn known_at(c: &mut DbConn, rule: Rule<'_>, at: Moment) -> Result<Known> {
    known(c, rule, at, None)
}

/// The same days a year before, by the same rule: in the target's own period where that reaches so far back, otherwise in the
/// stretch of the same length a year earlier.
fn before(c: &mut DbConn, frame: &Frame, counting: &Counting, at: Moment, days: Days) -> Result<Option<Split>> {
    let then = year_before(days);
    let inside = counting.period.contains(then.from) && counting.period.contains(then.to);
    let period = if inside { counting.period } else { year_before(counting.period) };
    let known = known_at(c, Rule { courses: &counting.listed, period }, at)?;
    let total = frame.level(c, &known.counts, counting.metric, then)?.total;
    Ok((!total.total.is_zero()).then_some(total))
}

fn share(
    c: &mut DbConn,
    target: &Target,
    seal: Option<&Content>,
    on: NaiveDate,
    days: Days,
    known: &Known,
) -> Result<Share> {
    match seal.and_then(|content| content.agencies.as_ref()) {
        Some(sealed) => {
            let count = |codes: &[String]| as_i64(codes.len());
            Ok(Share { organised: count(&sealed.organised), all: count(&sealed.all), on: sealed.on })
        }
        None => {
            let organised = known.organised.iter().filter(|(_, day)| days.contains(*day)).copied().collect();
            let known = Known { organised, ..Known::default() };
            targets::share_known(c, target, on, &known)
        }
    }
}

/// The seats that the unit of the report had, and those of each unit directly under it.
fn given(c: &mut DbConn, frame: &Frame, target: &Target, at: Moment) -> Result<(Option<i64>, BTreeMap<UnitId, i64>)> {
    let conversion = match frame.view {
        View::AsRecorded => None,
        View::AsOf(day) => Some(organisations::conversion(c, day)?),
    };
    let carried = |unit: UnitId| conversion.as_ref().and_then(|c| c.of(unit).unit()).unwrap_or(unit);
    let (mut own, mut rows) = (None, BTreeMap::new());
    for (unit, above, amount) in given_at(c, target.id, at)? {
        let (unit, above) = (carried(unit), above.map(carried));
        if above == frame.below {
            *rows.entry(unit).or_default() += amount;
        } else if Some(unit) == frame.below {
            *own.get_or_insert(0) += amount;
        }
    }
    Ok((own, rows))
}

fn named(unit: &Unit) -> Named {
    Named { code: unit.code.clone(), name: unit.name_vi.clone() }
}

fn line(row: &Counted, so_far: Figures, given: Option<i64>) -> Line {
    Line { unit: named(&row.unit), within: row.split, so_far, given }
}

/// The units of the level with what they were given; those that were given something and have no figures stand among them.
fn lines(c: &mut DbConn, level: Level, so_far: &Level, mut given: BTreeMap<UnitId, i64>) -> Result<Vec<Line>> {
    let earlier: BTreeMap<UnitId, Figures> = so_far.rows.iter().map(|row| (row.unit.id, row.split.total)).collect();
    let sum = |unit: UnitId| earlier.get(&unit).copied().unwrap_or_default();
    let mut lines = Vec::with_capacity(level.rows.len());
    let mut shown: HashSet<UnitId> = HashSet::new();
    for row in &level.rows {
        shown.insert(row.unit.id);
        lines.push(line(row, sum(row.unit.id), given.remove(&row.unit.id)));
    }
    let rest: HashSet<UnitId> =
        earlier.keys().chain(given.keys()).copied().filter(|unit| !shown.contains(unit)).collect();
    let mut units: Vec<Unit> = organisations::by_ids(c, &rest.into_iter().collect::<Vec<_>>())?.into_values().collect();
    units.sort_by_cached_key(|unit| (text::sort_key(&unit.name_vi), unit.id));
    lines.extend(units.iter().map(|unit| Line {
        unit: named(unit),
        within: Split::default(),
        so_far: sum(unit.id),
        given: given.get(&unit.id).copied(),
    }));
    Ok(lines)
}

/// Agencies without a figure in these days; below a unit, the units directly under it. They are those of the last day, since what has no
/// figures was recorded nowhere.
fn missing(
    c: &mut DbConn,
    frame: &Frame,
    target: &Target,
    metric: Metric,
    known: &Known,
    days: Days,
    on: NaiveDate,
) -> Result<Vec<Named>> {
    let all = match frame.below {
        Some(unit) => organisations::children(c, unit, on)?,
        None => {
            let kinds = targets::kinds(c, target.id)?;
            organisations::valid_on(c, if kinds.is_empty() { &KINDS } else { &kinds }, on)?
        }
    };
    let level = level_of(c, &known.counts, metric, days, View::AsOf(on), &frame.scope, frame.below)?;
    let with: HashSet<UnitId> = level.rows.iter().map(|row| row.unit.id).collect();
    Ok(all.iter().filter(|unit| !with.contains(&unit.id)).map(named).collect())
}

fn adjusted(c: &mut DbConn, target: &Target, content: &Content, until: Moment) -> Result<Adjusted> {
    if until < content.known_at {
        return Err(Error::internal("adjustments before the seal"));
    }
    let turns = targets::turns_known(c, content, until)?;
    let found = targets::between(c, target, content, &turns, Some(until))?;
    Ok(Adjusted { until, sealed: found.sealed, lines: found.lines, now: found.now })
}

fn list(c: &mut DbConn, frame: &Frame, code: &str, turns: &[KnownTurn]) -> Result<Vec<Listed>> {
    let places = turns.iter().map(|turn| (turn.unit, turn.day));
    let inside = counted_in(c, frame.view, &frame.scope, frame.below, places)?;
    let target: Arc<str> = code.into();
    let counted = turns.iter().filter(|turn| inside.contains(&(turn.unit, turn.day)));
    Ok(counted.map(|turn| Listed { target: Arc::clone(&target), turn: *turn }).collect())
}
