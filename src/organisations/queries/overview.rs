//! The tree on a day, level by level: the units at the top in groups, and on a unit's own page what stands under it.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;

use super::{
    super::model::{Unit, UnitId, UnitKind},
    children, placed_on, unit_on,
};
use crate::platform::{
    db::{
        DbConn,
        schema::{unit_placements, units},
    },
    error::Result,
};

/// A unit and how many stand directly under it.
#[derive(Debug, Clone)]
pub struct Branch {
    pub unit: Unit,
    pub children: i64,
}

/// Units of one kind.
#[derive(Debug, Clone)]
pub struct Group {
    pub kind: UnitKind,
    pub branches: Vec<Branch>,
}

/// The top of the tree on a day.
#[derive(Debug, Clone)]
pub struct Overview {
    pub groups: Vec<Group>,
}

impl Overview {
    /// How many units of a kind stand at the top.
    pub fn count(&self, kind: UnitKind) -> usize {
        self.groups.iter().filter(|group| group.kind == kind).map(|group| group.branches.len()).sum()
    }
}

/// Three reads, whatever the size of the country.
pub fn overview(c: &mut DbConn, on: NaiveDate) -> Result<Overview> {
    let placed = diesel::dsl::exists(
        unit_placements::table.filter(unit_placements::unit_id.eq(units::id)).filter(placed_on(on)),
    );
    let top: Vec<Unit> = units::table
        .filter(unit_on(on))
        .filter(diesel::dsl::not(placed))
        .order((units::sort_key.asc(), units::id.asc()))
        .select(Unit::as_select())
        .load(c)?;
    Ok(Overview { groups: grouped(top, &counts(c, on)?) })
}

/// What stands under a unit on a day, in groups.
pub fn branch(c: &mut DbConn, parent: UnitId, on: NaiveDate) -> Result<Vec<Group>> {
    let below = children(c, parent, on)?;
    Ok(grouped(below, &counts(c, on)?))
}

fn counts(c: &mut DbConn, on: NaiveDate) -> Result<HashMap<UnitId, i64>> {
    let counts: Vec<(UnitId, i64)> = unit_placements::table
        .filter(placed_on(on))
        .group_by(unit_placements::parent_id)
        .select((unit_placements::parent_id, diesel::dsl::count_star()))
        .load(c)?;
    Ok(counts.into_iter().collect())
}

fn grouped(units: Vec<Unit>, counts: &HashMap<UnitId, i64>) -> Vec<Group> {
    let mut groups: Vec<Group> = UnitKind::ALL.iter().map(|kind| Group { kind: *kind, branches: Vec::new() }).collect();
    for unit in units {
        let children = counts.get(&unit.id).copied().unwrap_or_default();
        if let Some(group) = groups.iter_mut().find(|group| group.kind == unit.kind) {
            group.branches.push(Branch { unit, children });
        }
    }
    groups.retain(|group| !group.branches.is_empty());
    groups
}

/// The years whose changes are offered: before, the list is a convention, not history.
const FIRST_YEAR: i32 = 2015;

/// The days on which units that stand alone began, the latest first.
pub fn days_of_change(c: &mut DbConn) -> Result<Vec<NaiveDate>> {
    let days: Vec<Option<NaiveDate>> = units::table
        .filter(units::kind.eq_any(standing_alone()))
        .filter(units::valid_from.is_not_null())
        .select(units::valid_from)
        .distinct()
        .order(units::valid_from.desc())
        .load(c)?;
    Ok(days.into_iter().flatten().filter(|day| day.year() >= FIRST_YEAR).collect())
}

/// The units standing alone that began on a day, each with what went into it, in the order of lists.
pub fn changes_on(c: &mut DbConn, day: NaiveDate) -> Result<Vec<(Unit, Vec<Unit>)>> {
    let mut begun: Vec<Unit> = units::table
        .filter(units::kind.eq_any(standing_alone()))
        .filter(units::valid_from.eq(day))
        .order((units::sort_key.asc(), units::id.asc()))
        .select(Unit::as_select())
        .load(c)?;
    begun.sort_by_key(|unit| unit.kind);
    let ids: Vec<UnitId> = begun.iter().map(|unit| unit.id).collect();
    let mut before: HashMap<UnitId, Vec<Unit>> = HashMap::new();
    for (into, unit) in went_into(c, ids)? {
        before.entry(into).or_default().push(unit);
    }
    Ok(begun
        .into_iter()
        .map(|unit| {
            let made_of = before.remove(&unit.id).unwrap_or_default();
            (unit, made_of)
        })
        .collect())
}

fn went_into(c: &mut DbConn, successors: Vec<UnitId>) -> Result<Vec<(UnitId, Unit)>> {
    use crate::platform::db::schema::unit_successions;
    Ok(unit_successions::table
        .inner_join(units::table.on(units::id.eq(unit_successions::unit_id)))
        .filter(unit_successions::successor_id.eq_any(successors))
        .order((units::sort_key.asc(), units::id.asc()))
        .select((unit_successions::successor_id, Unit::as_select()))
        .load(c)?)
}

fn standing_alone() -> impl Iterator<Item = &'static str> {
    UnitKind::ALL.iter().filter(|kind| !kind.is_subordinate()).map(|kind| kind.as_str())
}
