//! The nation's dashboard and what anybody may see of it, from counters alone.
//!
//! What is read grows with targets, days and agencies, never with enrolments or people. Whether anything changed since it was read
//! last is asked of the ids of what is only ever added to, so that the same figures are not summed for every visitor.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use diesel::{
    dsl::{max, sql},
    prelude::*,
    sql_types::{BigInt, Text},
};

use super::{
    agencies::{Share, shares},
    board::board,
    courses_of,
    figures::{View, by_day_of_all, totals},
    list,
    scope::Scope,
    tree::Tree,
};
use crate::{
    access::UnitId,
    organisations::model::UnitKind,
    platform::{
        as_i64,
        db::{
            DbConn,
            schema::{audit_events, completion_events, quota_events, target_counts, target_events, units},
        },
        error::Result,
    },
    targets::model::{
        Figures, Group, Metric, Split, Target, TargetId, TargetState,
        public::{Month, MonthCount, Published, publish},
    },
};

/// The last of everything that figures follow from. Equal means that nothing was recorded in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version([Option<i64>; 4]);

pub fn version(c: &mut DbConn) -> Result<Version> {
    Ok(Version([
        completion_events::table.select(max(completion_events::id)).first(c)?,
        target_events::table.select(max(target_events::id)).first(c)?,
        quota_events::table.select(max(quota_events::id)).first(c)?,
        audit_events::table.select(max(audit_events::id)).first(c)?,
    ]))
}

/// A target that is counted, with the nation's figures.
#[derive(Debug, Clone)]
pub struct NationRow {
    pub target: Target,
    pub courses: Vec<String>,
    pub split: Split,
    pub by_day: Vec<(NaiveDate, Figures)>,
    pub share: Option<Share>,
    /// While it is running.
    pub alerts: Option<Alerts>,
}

/// What of a running target wants somebody's attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alerts {
    /// Agencies that are there today without anything counted, of how many.
    pub without_data: i64,
    pub agencies: i64,
    /// Agencies that will not reach what they were given at their pace.
    pub behind: i64,
}

/// Targets in force first, then those that are closed.
pub fn nation(c: &mut DbConn, today: NaiveDate) -> Result<Vec<NationRow>> {
    let targets = list(c, false)?;
    let mut totals = totals(c, &targets, &Scope::Nation)?;
    let mut by_day = by_day_of_all(c, &targets)?;
    let mut courses = courses_of(c, &targets)?;
    let shares = shares(c, &targets, today)?;
    targets
        .into_iter()
        .map(|target| {
            let courses = courses.remove(&target.id).unwrap_or_default();
            // Few targets run at a time; each is one look at its counters.
            let alerts = match is_running(&target, today) && target.metric != Metric::Agencies && !courses.is_empty() {
                true => Some(alerts(c, &target, today)?),
                false => None,
            };
            Ok(NationRow {
                courses,
                split: totals.remove(&target.id).unwrap_or_default(),
                by_day: by_day.remove(&target.id).unwrap_or_default(),
                share: shares.get(&target.id).copied(),
                alerts,
                target,
            })
        })
        .collect()
}

fn is_running(target: &Target, today: NaiveDate) -> bool {
    target.state == TargetState::InForce && target.period().contains(today)
}

fn alerts(c: &mut DbConn, target: &Target, today: NaiveDate) -> Result<Alerts> {
    let board = board(c, target, target.period(), View::AsOf(today), today, &super::Officials::new())?;
    Ok(Alerts {
        without_data: as_i64(board.agencies.iter().filter(|agency| agency.split.total.is_zero()).count()),
        behind: as_i64(board.agencies.iter().filter(|agency| agency.is_behind(target, today)).count()),
        agencies: as_i64(board.agencies.len()),
    })
}

/// A target as anybody may see it.
#[derive(Debug, Clone)]
pub struct PublicRow {
    pub target: Target,
    /// Agencies are not people: their share is shown as it is.
    pub share: Option<Share>,
    pub published: Published,
}

/// The targets in force and closed ones, with what may be published of the months that are over.
pub fn published(c: &mut DbConn, today: NaiveDate) -> Result<Vec<PublicRow>> {
    let targets = list(c, false)?;
    let shares = shares(c, &targets, today)?;
    let mut months = months(c, &targets, today)?;
    Ok(targets
        .into_iter()
        .map(|target| PublicRow {
            share: shares.get(&target.id).copied(),
            published: match target.metric {
                Metric::Agencies => Published::default(),
                Metric::People | Metric::Turns => publish(&months.remove(&target.id).unwrap_or_default()),
            },
            target,
        })
        .collect())
}

/// What was counted in each month that is over, from the first of the period, by group of agencies as recorded.
fn months(c: &mut DbConn, targets: &[Target], today: NaiveDate) -> Result<HashMap<TargetId, Vec<MonthCount>>> {
    // The first seven letters of a day as both databases write it: the year and the month.
    let rows: Vec<(TargetId, UnitId, String, i64, i64)> = target_counts::table
        .filter(target_counts::target_id.eq_any(targets.iter().map(|t| t.id.0).collect::<Vec<_>>()))
        .group_by(sql::<Text>("target_id, unit_id, substr(CAST(day AS TEXT), 1, 7)"))
        .select(sql::<(BigInt, BigInt, Text, BigInt, BigInt)>(
            "target_id, unit_id, substr(CAST(day AS TEXT), 1, 7), CAST(SUM(turns) AS BIGINT), CAST(SUM(people) AS BIGINT)",
        ))
        .load(c)?;
    let kinds: HashMap<UnitId, UnitKind> =
        units::table.select((units::id, units::kind)).load::<(UnitId, UnitKind)>(c)?.into_iter().collect();
    let tree = Tree::load(c)?;
    let metrics: HashMap<TargetId, Metric> = targets.iter().map(|target| (target.id, target.metric)).collect();
    let mut counted: BTreeMap<(TargetId, Month), MonthCount> = BTreeMap::new();
    for target in targets {
        let mut month = Month::of(target.period_from);
        while month.last_day() < today && month.first_day() <= target.period_to {
            counted.insert((target.id, month), MonthCount { month, people: [0; 4], shown: [0; 4] });
            month = month.next();
        }
    }
    for (target, unit, month, turns, people) in rows {
        let Ok(day) = NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d") else { continue };
        // Of a month that is not over nothing is shown.
        let Some(count) = counted.get_mut(&(target, Month::of(day))) else { continue };
        let agency = tree.path(unit, day).first().copied().unwrap_or(unit);
        let group = kinds.get(&agency).map_or(Group::Other, |kind| Group::of(*kind));
        let Some(at) = Group::ALL.iter().position(|one| *one == group) else { continue };
        let shown = if metrics.get(&target) == Some(&Metric::Turns) { turns } else { people };
        if let (Some(of), Some(with)) = (count.people.get_mut(at), count.shown.get_mut(at)) {
            *of += people;
            *with += shown;
        }
    }
    let mut found: HashMap<TargetId, Vec<MonthCount>> = HashMap::new();
    for ((target, _), count) in counted {
        found.entry(target).or_default().push(count);
    }
    Ok(found)
}
