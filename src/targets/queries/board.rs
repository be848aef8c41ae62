//! The agencies of a target side by side: what was counted in each, what each was given, how many work there.
//!
//! An agency is a unit that stands under nothing. Whatever the number of agencies and enrolments, this is the same few
//! statements: counters are summed by unit and carried up the tree in memory.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Datelike, NaiveDate, TimeDelta};
use diesel::{dsl::sql, prelude::*, sql_types::BigInt};

use super::{
    figures::{Counted, View, level},
    scope::Scope,
    tree::Tree,
};
use crate::{
    access::UnitId,
    organisations::{
        model::{CarriedTo, Unit, UnitKind},
        queries::{Conversion, by_ids, conversion, valid_on},
    },
    platform::{
        db::{
            DbConn,
            schema::{memberships, quota_rounds, quotas, target_counts},
        },
        error::Result,
        text,
    },
    targets::model::{Days, Figures, Forecast, Metric, Pace, Split, Target},
};

/// One agency.
#[derive(Debug, Clone)]
pub struct Agency {
    pub unit: Unit,
    pub split: Split,
    /// Something was counted below it.
    pub has_parts: bool,
    /// What the coordinator gave it in the rounds of the target; `None` is nothing at all.
    pub quota: Option<i64>,
    /// Who works in it and below it on the day of the board.
    pub officials: i64,
    /// What was counted on each of the last days, in what the target counts; before them `earlier`.
    recent: Vec<(NaiveDate, i64)>,
    earlier: i64,
}

impl Agency {
    pub fn figure(&self, metric: Metric) -> i64 {
        self.split.total.rank(metric)
    }

    /// What it still has to reach of what it was given.
    pub fn missing(&self, metric: Metric) -> Option<i64> {
        self.quota.map(|quota| (quota - self.figure(metric)).max(0))
    }

    /// How fast it goes towards what it was given, while the period is running.
    pub fn pace(&self, target: &Target, today: NaiveDate) -> Option<Pace> {
        let mut by_day = vec![(target.period_from, self.earlier)];
        by_day.extend(self.recent.iter().copied());
        Pace::of(target.period(), self.quota?, &by_day, today)
    }

    /// Whether at its pace it will not reach what it was given, or did not.
    pub fn is_behind(&self, target: &Target, today: NaiveDate) -> bool {
        match self.pace(target, today).map(|pace| pace.forecast) {
            Some(Forecast::Reached | Forecast::TooLittle) => false,
            Some(Forecast::Standing) => true,
            Some(Forecast::On { day, .. }) => day > target.period_to,
            None => today > target.period_to && self.missing(target.metric).is_some_and(|missing| missing > 0),
        }
    }

    /// What is missing in each group of people, where the target says how it divides: what it was given is divided likewise, the
    /// parts add up to it, and a group that has more than its part fills no other.
    pub fn missing_by_category(&self, target: &Target) -> Option<[i64; 3]> {
        let parts =
            [target.required_leaders?, target.required_technology?, target.required_other?].map(|part| part.max(0));
        let given = divided(self.quota?, parts);
        let has = [self.split.leaders, self.split.technology, self.split.other].map(|f| f.rank(target.metric));
        let [(a, x), (b, y), (c, z)] =
            [0, 1, 2].map(|i| (given.get(i).copied().unwrap_or(0), has.get(i).copied().unwrap_or(0)));
        Some([(a - x).max(0), (b - y).max(0), (c - z).max(0)])
    }
}

/// An amount divided as other numbers are, in whole numbers that add up to it: what is left over goes to the largest remainders.
fn divided(amount: i64, parts: [i64; 3]) -> [i64; 3] {
    let whole: i64 = parts.iter().sum::<i64>().max(1);
    let mut found = parts.map(|part| amount.saturating_mul(part) / whole);
    let mut rests: Vec<(i64, usize)> =
        parts.iter().enumerate().map(|(at, part)| (amount.saturating_mul(*part) % whole, at)).collect();
    rests.sort_by_key(|(rest, at)| (std::cmp::Reverse(*rest), *at));
    let left = usize::try_from(amount - found.iter().sum::<i64>()).unwrap_or(0);
    for (_, at) in rests.into_iter().take(left) {
        if let Some(part) = found.get_mut(at) {
            *part += 1;
        }
    }
    found
}

#[derive(Debug, Clone)]
pub struct Board {
    /// On which day the agencies are there, and those who work in them.
    pub on: NaiveDate,
    /// By kind and then by name.
    pub agencies: Vec<Agency>,
    /// Cannot be converted to the day of the view; with the agencies they add up to `total`.
    pub unconverted: Vec<Counted>,
    pub total: Split,
}

/// The kinds of units that stand under nothing.
const AGENCIES: [UnitKind; 6] = [
    UnitKind::Ministry,
    UnitKind::MinisterialAgency,
    UnitKind::GovernmentAgency,
    UnitKind::CentralCity,
    UnitKind::Province,
    UnitKind::StateCorporation,
];

/// The day whose agencies are looked at: that of the view, or the last of the period that is not in the future.
pub fn day_of(target: &Target, view: View, today: NaiveDate) -> NaiveDate {
    match view {
        View::AsOf(day) => day,
        View::AsRecorded => today.clamp(target.period_from, target.period_to),
    }
}

/// To which agency a unit belongs, in a view.
struct Way<'a> {
    tree: &'a Tree,
    conversion: Option<Conversion>,
    view: View,
    known: HashMap<(UnitId, NaiveDate), Option<UnitId>>,
}

impl Way<'_> {
    fn agency(&mut self, unit: UnitId, day: NaiveDate) -> Option<UnitId> {
        let day = if let View::AsOf(on) = self.view { on } else { day };
        let (tree, conversion) = (self.tree, &self.conversion);
        *self.known.entry((unit, day)).or_insert_with(|| {
            let at = match conversion {
                None => unit,
                Some(conversion) => match conversion.of(unit) {
                    CarriedTo::Unit(now) => now,
                    CarriedTo::NotConvertible => return None,
                },
            };
            tree.path(at, day).first().copied()
        })
    }
}

/// Every agency that is there on the day, has figures of a part of the period or was given something; with who works
/// there, as far as `working` tells.
pub fn board(
    c: &mut DbConn,
    target: &Target,
    days: Days,
    view: View,
    today: NaiveDate,
    working: &Officials,
) -> Result<Board> {
    let on = day_of(target, view, today);
    let found = level(c, target, days, view, &Scope::Nation, None)?;
    let tree = Tree::load(c)?;
    let conversion = match view {
        View::AsOf(day) => Some(conversion(c, day)?),
        View::AsRecorded => None,
    };
    let mut way = Way { tree: &tree, conversion, view, known: HashMap::new() };

    let mut given: BTreeMap<UnitId, i64> = BTreeMap::new();
    for (unit, amount) in handed_out(c, target)? {
        if let Some(agency) = way.agency(unit, on) {
            *given.entry(agency).or_default() += amount;
        }
    }
    let mut officials: BTreeMap<UnitId, i64> = BTreeMap::new();
    for (&unit, count) in working {
        if let Some(agency) = way.agency(unit, on) {
            *officials.entry(agency).or_default() += count;
        }
    }
    let mut recent: BTreeMap<UnitId, Vec<(NaiveDate, i64)>> = BTreeMap::new();
    if let Some(lately) = recent_days(target, today) {
        for part in tree.parts(lately) {
            for (unit, day, figures) in daily(c, target, part)? {
                if let Some(agency) = way.agency(unit, part.from) {
                    recent.entry(agency).or_default().push((day, figures.rank(target.metric)));
                }
            }
        }
    }

    let mut splits: BTreeMap<UnitId, (Split, bool)> =
        found.rows.iter().map(|row| (row.unit.id, (row.split, row.has_parts))).collect();
    let mut units: HashMap<UnitId, Unit> = found.rows.into_iter().map(|row| (row.unit.id, row.unit)).collect();
    let there = valid_on(c, &AGENCIES, on)?.into_iter().filter(|unit| tree.path(unit.id, on).len() == 1);
    units.extend(there.map(|unit| (unit.id, unit)));
    let unknown: HashSet<UnitId> = given.keys().copied().filter(|id| !units.contains_key(id)).collect();
    if !unknown.is_empty() {
        units.extend(by_ids(c, &unknown.into_iter().collect::<Vec<_>>())?);
    }
    let mut agencies: Vec<Agency> = units
        .into_values()
        .map(|unit| {
            let (split, has_parts) = splits.remove(&unit.id).unwrap_or_default();
            let recent = recent.remove(&unit.id).unwrap_or_default();
            let lately: i64 = recent.iter().map(|(_, count)| count).sum();
            Agency {
                quota: given.get(&unit.id).copied().filter(|amount| *amount > 0),
                officials: officials.get(&unit.id).copied().unwrap_or(0),
                earlier: split.total.rank(target.metric) - lately,
                recent,
                split,
                has_parts,
                unit,
            }
        })
        .collect();
    agencies.sort_by_cached_key(|a| (a.unit.kind, text::sort_key(&a.unit.name_vi), a.unit.id));
    Ok(Board { on, agencies, unconverted: found.unconverted, total: found.total })
}

/// The agencies that are there on a day and have nothing counted for a target, also where their figures stand with what they were
/// made of.
pub fn without_data(c: &mut DbConn, target: &Target, today: NaiveDate) -> Result<Vec<Unit>> {
    let on = today.clamp(target.period_from, target.period_to);
    let found = level(c, target, target.period(), View::AsOf(on), &Scope::Nation, None)?;
    let has: HashSet<UnitId> = found.rows.iter().map(|row| row.unit.id).collect();
    let tree = Tree::load(c)?;
    let there = valid_on(c, &AGENCIES, on)?;
    Ok(there.into_iter().filter(|unit| !has.contains(&unit.id) && tree.path(unit.id, on).len() == 1).collect())
}

/// What the coordinator gave, by the unit it was given to.
fn handed_out(c: &mut DbConn, target: &Target) -> Result<Vec<(UnitId, i64)>> {
    Ok(quotas::table
        .inner_join(quota_rounds::table)
        .filter(quota_rounds::target_id.eq(target.id.0).and(quotas::parent_id.is_null()))
        .select((quotas::unit_id, quotas::amount))
        .load(c)?)
}

/// How many people work directly in each unit.
pub type Officials = HashMap<UnitId, i64>;

pub fn officials_on(c: &mut DbConn, on: NaiveDate) -> Result<Officials> {
    let rows: Vec<(UnitId, i64)> = memberships::table
        .filter(memberships::valid_from.le(on))
        .filter(memberships::valid_to.is_null().or(memberships::valid_to.ge(on)))
        .group_by(memberships::unit_id)
        .select((memberships::unit_id, diesel::dsl::count(memberships::person_id).aggregate_distinct()))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// The days that a pace is the mean of, up to today; none outside the period.
fn recent_days(target: &Target, today: NaiveDate) -> Option<Days> {
    let monday = today - TimeDelta::days(i64::from(today.weekday().num_days_from_monday()));
    let from = (monday - TimeDelta::weeks(4)).max(target.period_from);
    (target.period().contains(today) && from <= today).then_some(Days { from, to: target.period_to })
}

fn daily(c: &mut DbConn, target: &Target, days: Days) -> Result<Vec<(UnitId, NaiveDate, Figures)>> {
    let rows: Vec<(UnitId, NaiveDate, i64, i64)> = target_counts::table
        .filter(target_counts::target_id.eq(target.id.0).and(target_counts::day.between(days.from, days.to)))
        .group_by((target_counts::unit_id, target_counts::day))
        .select((
            target_counts::unit_id,
            target_counts::day,
            sql::<BigInt>("CAST(SUM(turns) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(people) AS BIGINT)"),
        ))
        .load(c)?;
    Ok(rows.into_iter().map(|(unit, day, turns, people)| (unit, day, Figures { turns, people })).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::divided;

    #[test]
    fn what_is_left_over_goes_to_the_largest_remainder() {
        assert_eq!(divided(10, [1, 1, 1]), [4, 3, 3]);
        assert_eq!(divided(100, [2000, 4000, 9000]), [13, 27, 60]);
        assert_eq!(divided(0, [1, 2, 3]), [0, 0, 0]);
    }

    proptest! {
        #[test]
        fn the_parts_add_up(amount in 0i64..1_000_000, parts in prop::array::uniform3(0i64..10_000)) {
            prop_assume!(parts.iter().sum::<i64>() > 0);
            prop_assert_eq!(divided(amount, parts).iter().sum::<i64>(), amount);
        }
    }
}
