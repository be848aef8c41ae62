//! Figures from the counters, in the two views of organisations: as recorded, and as of a day.
//!
//! A unit's counter is carried up to the units it stands under. As recorded, what it stood under is asked for each day that is
//! counted: an office that moved to another ministry in March adds to the old one until February. The tree only changes
//! on few days, so the period is cut at them and each part is one grouped read.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use diesel::{dsl::sql, prelude::*, sql_types::BigInt};

use super::{
    scope::{Scope, within_scope},
    tree::Tree,
};
use crate::{
    access::{Category, UnitId},
    organisations::{
        model::{CarriedTo, Unit},
        queries::{Conversion, by_ids, conversion},
    },
    platform::{
        db::{DbConn, schema::target_counts},
        error::{Error, Result},
        text,
    },
    targets::model::{Cell, Days, Figures, Metric, Split, Target, TargetId},
};

/// The two views of organisations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The unit that the event carries.
    AsRecorded,
    /// Carried along the successions to the unit that is valid on a day.
    AsOf(NaiveDate),
}

/// Figures of one unit and all that lies under it.
#[derive(Debug, Clone)]
pub struct Counted {
    pub unit: Unit,
    pub split: Split,
    /// Whether some of it was counted below the unit, so that there is a next level to look at.
    pub has_parts: bool,
    /// The units as recorded that are in it.
    pub sources: BTreeSet<UnitId>,
}

/// One level of the tree with what was counted in it. `rows` and `direct` and `unconverted` add up to `total`.
#[derive(Debug, Clone, Default)]
pub struct Level {
    /// By what is counted, the most first.
    pub rows: Vec<Counted>,
    /// Recorded for the unit of this level itself.
    pub direct: Split,
    /// Units that cannot be converted to the day of the view ("không quy đổi được"), as recorded.
    pub unconverted: Vec<Counted>,
    pub total: Split,
}

pub(super) type Cells = Vec<(UnitId, Category, Figures)>;

/// Sums of the counters by unit as recorded and category. The counters of a day hold the people first counted on that day, so
/// that a part of the period holds the people first counted in it.
pub(super) fn cells(c: &mut DbConn, target: TargetId, days: Days, scope: &Scope) -> Result<Cells> {
    let query = target_counts::table
        .group_by((target_counts::unit_id, target_counts::category))
        .select((
            target_counts::unit_id,
            target_counts::category,
            sql::<BigInt>("CAST(SUM(turns) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(people) AS BIGINT)"),
        ))
        .into_boxed();
    let query = within_scope!(query, scope, target_counts::unit_id, target_counts::day)
        .filter(target_counts::target_id.eq(target.0).and(target_counts::day.between(days.from, days.to)));
    let rows: Vec<(UnitId, Category, i64, i64)> = query.load(c)?;
    Ok(rows.into_iter().map(|(unit, category, turns, people)| (unit, category, Figures { turns, people })).collect())
}

/// The figures of a scope in a part of the period, split by category.
pub fn split(c: &mut DbConn, target: TargetId, days: Days, scope: &Scope) -> Result<Split> {
    let mut split = Split::default();
    for (_, category, figures) in cells(c, target, days, scope)? {
        split.add(category, figures);
    }
    Ok(split)
}

/// The figures of many targets, each of its whole period, in one read. Counters only stand for days of the period.
pub fn totals(c: &mut DbConn, targets: &[Target], scope: &Scope) -> Result<HashMap<TargetId, Split>> {
    let query = target_counts::table
        .group_by((target_counts::target_id, target_counts::category))
        .select((
            target_counts::target_id,
            target_counts::category,
            sql::<BigInt>("CAST(SUM(turns) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(people) AS BIGINT)"),
        ))
        .into_boxed();
    let query = within_scope!(query, scope, target_counts::unit_id, target_counts::day)
        .filter(target_counts::target_id.eq_any(targets.iter().map(|t| t.id.0).collect::<Vec<_>>()));
    let mut totals: HashMap<TargetId, Split> = targets.iter().map(|t| (t.id, Split::default())).collect();
    for (target, category, turns, people) in query.load::<(TargetId, Category, i64, i64)>(c)? {
        totals.entry(target).or_default().add(category, Figures { turns, people });
    }
    Ok(totals)
}

/// What was counted in a part of the period, by the units directly under `below`, or by the topmost ones that the scope
/// holds. Scope is always a matter of the unit as recorded.
pub fn level(
    c: &mut DbConn,
    target: &Target,
    days: Days,
    view: View,
    scope: &Scope,
    below: Option<UnitId>,
) -> Result<Level> {
    let tree = Tree::load(c)?;
    let mut found = Gathered::default();
    match view {
        View::AsRecorded => {
            for part in tree.parts(days) {
                let placed = Placed { tree: &tree, day: part.from, scope: Some(scope), below };
                for (unit, category, figures) in cells(c, target.id, part, scope)? {
                    found.add(&placed, unit, unit, category, figures);
                }
            }
        }
        View::AsOf(day) => {
            let conversion = conversion(c, day)?;
            let held = carried(&conversion, scope);
            let placed = Placed { tree: &tree, day, scope: held.as_ref(), below };
            for (unit, category, figures) in cells(c, target.id, days, scope)? {
                match conversion.of(unit) {
                    CarriedTo::Unit(now) => found.add(&placed, now, unit, category, figures),
                    CarriedTo::NotConvertible if below.is_none() => found.unconverted(unit, category, figures),
                    CarriedTo::NotConvertible => {}
                }
            }
        }
    }
    found.finish(c, target.metric)
}

/// The same from counters of single days that are given: what was known at some moment, or what is sealed.
pub fn level_of(
    c: &mut DbConn,
    cells: &BTreeMap<Cell, Figures>,
    metric: Metric,
    days: Days,
    view: View,
    scope: &Scope,
    below: Option<UnitId>,
) -> Result<Level> {
    let tree = Tree::load(c)?;
    let mut found = Gathered::default();
    let inside = || cells.iter().filter(|((unit, _, day), _)| days.contains(*day) && scope.holds(*unit));
    match view {
        View::AsRecorded => {
            for ((unit, category, day), figures) in inside() {
                let placed = Placed { tree: &tree, day: *day, scope: Some(scope), below };
                found.add(&placed, *unit, *unit, *category, *figures);
            }
        }
        View::AsOf(day) => {
            let conversion = conversion(c, day)?;
            let held = carried(&conversion, scope);
            let placed = Placed { tree: &tree, day, scope: held.as_ref(), below };
            for ((unit, category, _), figures) in inside() {
                match conversion.of(*unit) {
                    CarriedTo::Unit(now) => found.add(&placed, now, *unit, *category, *figures),
                    CarriedTo::NotConvertible if below.is_none() => found.unconverted(*unit, *category, *figures),
                    CarriedTo::NotConvertible => {}
                }
            }
        }
    }
    found.finish(c, metric)
}

/// Which of these units, on which of these days, [`level_of`] adds up: for lists that must agree with it.
pub fn counted_in(
    c: &mut DbConn,
    view: View,
    scope: &Scope,
    below: Option<UnitId>,
    asked: impl IntoIterator<Item = (UnitId, NaiveDate)>,
) -> Result<HashSet<(UnitId, NaiveDate)>> {
    let tree = Tree::load(c)?;
    let conversion = match view {
        View::AsRecorded => None,
        View::AsOf(day) => Some((conversion(c, day)?, day)),
    };
    let is_in = |(unit, day): &(UnitId, NaiveDate)| {
        let (unit, day) = match &conversion {
            None => (Some(*unit), *day),
            Some((conversion, day)) => (conversion.of(*unit).unit(), *day),
        };
        below.is_none_or(|below| unit.is_some_and(|unit| tree.path(unit, day).contains(&below)))
    };
    let pairs: BTreeSet<(UnitId, NaiveDate)> = asked.into_iter().filter(|(unit, _)| scope.holds(*unit)).collect();
    Ok(pairs.into_iter().filter(is_in).collect())
}

/// The units of a scope with those they were carried to. Above an officer's own unit there is nothing for them, also where the unit
/// was converted.
fn carried(conversion: &Conversion, scope: &Scope) -> Option<Scope> {
    scope.units().map(|units| {
        let carried = units.iter().filter_map(|u| conversion.of(*u).unit());
        Scope::Units(carried.chain(units.iter().copied()).collect())
    })
}

/// Where in the tree figures are gathered.
struct Placed<'a> {
    tree: &'a Tree,
    day: NaiveDate,
    scope: Option<&'a Scope>,
    below: Option<UnitId>,
}

impl Placed<'_> {
    /// The unit of this level that a unit belongs to: `None` if it lies elsewhere, `Some(None)` if it is the one above.
    fn of(&self, unit: UnitId) -> Option<Option<UnitId>> {
        let path = self.tree.path(unit, self.day);
        match self.below {
            None => Some(path.into_iter().find(|u| self.scope.is_none_or(|s| s.holds(*u))).or(Some(unit))),
            Some(below) => {
                let at = path.iter().position(|u| *u == below)?;
                Some(path.get(at + 1).copied())
            }
        }
    }
}

#[derive(Default)]
struct Gathered {
    rows: BTreeMap<UnitId, (Split, bool, BTreeSet<UnitId>)>,
    unconverted: BTreeMap<UnitId, Split>,
    direct: Split,
    total: Split,
}

impl Gathered {
    fn add(&mut self, placed: &Placed<'_>, unit: UnitId, recorded: UnitId, category: Category, figures: Figures) {
        if figures.is_zero() {
            return;
        }
        let Some(place) = placed.of(unit) else { return };
        self.total.add(category, figures);
        match place {
            Some(row) => {
                let (split, has_parts, sources) = self.rows.entry(row).or_default();
                split.add(category, figures);
                *has_parts |= row != unit;
                sources.insert(recorded);
            }
            None => self.direct.add(category, figures),
        }
    }

    fn unconverted(&mut self, unit: UnitId, category: Category, figures: Figures) {
        if !figures.is_zero() {
            self.total.add(category, figures);
            self.unconverted.entry(unit).or_default().add(category, figures);
        }
    }

    fn finish(self, c: &mut DbConn, metric: Metric) -> Result<Level> {
        let ids: HashSet<UnitId> = self.rows.keys().chain(self.unconverted.keys()).copied().collect();
        let units = by_ids(c, &ids.into_iter().collect::<Vec<_>>())?;
        let unit =
            |id: UnitId| units.get(&id).cloned().ok_or_else(|| Error::internal("figures of a unit that is not there"));
        let mut level = Level { direct: self.direct, total: self.total, ..Level::default() };
        for (id, (split, has_parts, sources)) in self.rows {
            level.rows.push(Counted { unit: unit(id)?, split, has_parts, sources });
        }
        for (id, split) in self.unconverted {
            level.unconverted.push(Counted { unit: unit(id)?, split, has_parts: false, sources: BTreeSet::from([id]) });
        }
        for rows in [&mut level.rows, &mut level.unconverted] {
            rows.sort_by_cached_key(|r| {
                (std::cmp::Reverse(r.split.total.rank(metric)), text::sort_key(&r.unit.name_vi), r.unit.id)
            });
        }
        Ok(level)
    }
}

/// What was counted on each day of the period, in order.
pub fn by_day(c: &mut DbConn, target: &Target, scope: &Scope) -> Result<Vec<(NaiveDate, Figures)>> {
    let query = target_counts::table
        .group_by(target_counts::day)
        .order(target_counts::day.asc())
        .select((
            target_counts::day,
            sql::<BigInt>("CAST(SUM(turns) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(people) AS BIGINT)"),
        ))
        .into_boxed();
    let query = within_scope!(query, scope, target_counts::unit_id, target_counts::day)
        .filter(target_counts::target_id.eq(target.id.0));
    let rows: Vec<(NaiveDate, i64, i64)> = query.load(c)?;
    Ok(rows.into_iter().map(|(day, turns, people)| (day, Figures { turns, people })).collect())
}

/// The same of many targets in one read, in what each counts; turns of a share of agencies.
pub fn by_day_of_all(c: &mut DbConn, targets: &[Target]) -> Result<HashMap<TargetId, Vec<(NaiveDate, Figures)>>> {
    let rows: Vec<(TargetId, NaiveDate, i64, i64)> = target_counts::table
        .filter(target_counts::target_id.eq_any(targets.iter().map(|t| t.id.0).collect::<Vec<_>>()))
        .group_by((target_counts::target_id, target_counts::day))
        .order((target_counts::target_id.asc(), target_counts::day.asc()))
        .select((
            target_counts::target_id,
            target_counts::day,
            sql::<BigInt>("CAST(SUM(turns) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(people) AS BIGINT)"),
        ))
        .load(c)?;
    let mut found: HashMap<TargetId, Vec<(NaiveDate, Figures)>> = HashMap::new();
    for (target, day, turns, people) in rows {
        found.entry(target).or_default().push((day, Figures { turns, people }));
    }
    Ok(found)
}
