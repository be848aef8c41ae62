//! The share of agencies: how many of the agencies of some kinds organised a class that counts.
//!
//! An agency organised where a completion of one of its classes counts, or of a class held by what stands under it. Who held a class
//! is carried along the successions to the day of the share, since it is compared with the agencies of that day.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use diesel::{dsl::count_star, prelude::*};

use super::tree::Tree;
use crate::{
    access::UnitId,
    organisations::{
        model::{Unit, UnitKind},
        queries::{by_ids, conversion, valid_on},
    },
    platform::{
        as_i64,
        db::{
            DbConn,
            schema::{completion_events, counted_turns, target_kinds},
        },
        error::Result,
    },
    targets::model::{Days, Metric, Target, TargetId},
};

/// Numerator and denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Share {
    pub organised: i64,
    pub all: i64,
    /// The day whose agencies they are.
    pub on: NaiveDate,
}

impl Share {
    /// Whether the share is at least so many percent; compared in whole numbers, never rounded.
    pub fn reaches(self, percent: i64) -> bool {
        self.all > 0 && self.organised.saturating_mul(100) >= percent.saturating_mul(self.all)
    }
}

#[derive(Debug, Clone)]
pub struct AgencyRow {
    pub unit: Unit,
    /// What was counted of the classes it held.
    pub turns: i64,
}

#[derive(Debug, Clone)]
pub struct Agencies {
    pub on: NaiveDate,
    /// The part of the target's period that the share is of: one year.
    pub days: Days,
    /// In the order of lists: by kind, then by name.
    pub rows: Vec<AgencyRow>,
    /// Held classes that count, and are none of these agencies nor stand under one on that day.
    pub others: Vec<AgencyRow>,
}

impl Agencies {
    pub fn share(&self) -> Share {
        let organised = self.rows.iter().filter(|row| row.turns > 0).count();
        Share { organised: as_i64(organised), all: as_i64(self.rows.len()), on: self.on }
    }
}

/// The kinds of agencies of a target.
pub fn kinds(c: &mut DbConn, target: TargetId) -> Result<Vec<UnitKind>> {
    Ok(target_kinds::table
        .filter(target_kinds::target_id.eq(target.0))
        .order(target_kinds::kind.asc())
        .select(target_kinds::kind)
        .load(c)?)
}

/// The year and the day of a share: those of the last day of the period, or of today while it is running.
fn year_of(target: &Target, today: NaiveDate) -> (Days, NaiveDate) {
    let period = target.period();
    let last = today.clamp(period.from, period.to);
    let edge = |month, day| NaiveDate::from_ymd_opt(last.year(), month, day).unwrap_or(last);
    let days = Days { from: edge(1, 1).max(period.from), to: edge(12, 31).min(period.to) };
    (days, edge(12, 31).min(today.max(period.from)))
}

/// Every agency of the target's kinds, and what it organised in the year.
pub fn agencies(c: &mut DbConn, target: &Target, today: NaiveDate) -> Result<Agencies> {
    let (days, on) = year_of(target, today);
    let turns: Vec<(UnitId, i64)> = counted_turns::table
        .inner_join(completion_events::table)
        .filter(counted_turns::target_id.eq(target.id.0).and(counted_turns::day.between(days.from, days.to)))
        .group_by(completion_events::organiser_id)
        .select((completion_events::organiser_id, count_star()))
        .load(c)?;
    gather(c, target.id, days, on, turns)
}

/// The same from turns that are given: what was known at some moment.
pub(super) fn agencies_known(
    c: &mut DbConn,
    target: &Target,
    today: NaiveDate,
    turns: impl IntoIterator<Item = (UnitId, NaiveDate)>,
) -> Result<Agencies> {
    let (days, on) = year_of(target, today);
    let mut by_organiser: BTreeMap<UnitId, i64> = BTreeMap::new();
    for (organiser, _) in turns.into_iter().filter(|(_, day)| days.contains(*day)) {
        *by_organiser.entry(organiser).or_default() += 1;
    }
    gather(c, target.id, days, on, by_organiser.into_iter().collect())
}

fn gather(c: &mut DbConn, target: TargetId, days: Days, on: NaiveDate, turns: Vec<(UnitId, i64)>) -> Result<Agencies> {
    let kinds = kinds(c, target)?;
    // No kind at all would mean every unit there is.
    let all = if kinds.is_empty() { Vec::new() } else { valid_on(c, &kinds, on)? };
    let agencies: HashSet<UnitId> = all.iter().map(|unit| unit.id).collect();
    let (tree, conversion) = (Tree::load(c)?, conversion(c, on)?);
    let mut found: HashMap<UnitId, i64> = HashMap::new();
    let mut others: BTreeMap<UnitId, i64> = BTreeMap::new();
    for (organiser, count) in turns {
        let place = conversion.of(organiser).unit().unwrap_or(organiser);
        match tree.path(place, on).into_iter().rev().find(|unit| agencies.contains(unit)) {
            Some(agency) => *found.entry(agency).or_default() += count,
            None => *others.entry(place).or_default() += count,
        }
    }
    let mut named = by_ids(c, &others.keys().copied().collect::<Vec<_>>())?;
    let others =
        others.into_iter().filter_map(|(id, turns)| named.remove(&id).map(|unit| AgencyRow { unit, turns })).collect();
    let rows =
        all.into_iter().map(|unit| AgencyRow { turns: found.get(&unit.id).copied().unwrap_or(0), unit }).collect();
    Ok(Agencies { on, days, rows, others })
}

/// The shares of those targets that measure one.
pub fn shares(c: &mut DbConn, targets: &[Target], today: NaiveDate) -> Result<HashMap<TargetId, Share>> {
    targets
        .iter()
        .filter(|target| target.metric == Metric::Agencies)
        .map(|target| Ok((target.id, agencies(c, target, today)?.share())))
        .collect()
}
