//! Who lies under whom, for permissions: what an officer of some units may see.
//!
//! On a day, a unit lies under another when the way up from it leads there. One step up is
//! 1. for a unit valid on that day: to what it stands under on that day;
//! 2. for a unit that is over by then: to its main successor, and to what it stood under on its last day.
//!
//! So the officer of a merged province sees the provinces it was made of and all that lay under them at their end, while a
//! department that moved to another ministry goes with the ministry it stands under now. An authority over a unit that is
//! over reaches that unit and what ended with it; it does **not** pass to the successor, for a merger must not silently
//! give one officer the people of the other provinces: the role is granted anew.
//!
//! The way is walked level by level: two small indexed reads a level, three to five levels, whatever the size of the
//! country. One recursive statement gave the same on both databases but read every step of the country at every level
//! and was planned anew each time; walking in memory would load all placements for each question.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::model::UnitId;
use crate::platform::{
    db::{
        DbConn,
        schema::{unit_placements, unit_successions, units},
    },
    error::Result,
};

/// The condition that a placement is a step on a day: it holds then, or it is the last of a unit that is over.
/// Wants `units` joined as the placed unit.
#[diesel::dsl::auto_type]
fn leads_up(day: NaiveDate) -> _ {
    (unit_placements::valid_from.is_null().or(unit_placements::valid_from.le(day))).and(
        unit_placements::valid_to
            .is_null()
            .or(unit_placements::valid_to.ge(day))
            .or(unit_placements::valid_to.eq(units::valid_to)),
    )
}

/// Whether `unit` is one of `roots` or lies under one of them on a day.
pub fn is_under(c: &mut DbConn, unit: UnitId, roots: &[UnitId], on: NaiveDate) -> Result<bool> {
    if roots.is_empty() {
        return Ok(false);
    }
    let mut seen = BTreeSet::from([unit]);
    let mut level = vec![unit];
    while !level.is_empty() {
        if level.iter().any(|at| roots.contains(at)) {
            return Ok(true);
        }
        let mut next: Vec<UnitId> = unit_placements::table
            .inner_join(units::table.on(units::id.eq(unit_placements::unit_id)))
            .filter(unit_placements::unit_id.eq_any(level.clone()))
            .filter(leads_up(on))
            .select(unit_placements::parent_id)
            .load(c)?;
        next.extend(
            unit_successions::table
                .inner_join(units::table.on(units::id.eq(unit_successions::unit_id)))
                .filter(unit_successions::unit_id.eq_any(level))
                .filter(unit_successions::position.eq(0))
                .filter(units::valid_to.lt(on))
                .select(unit_successions::successor_id)
                .load::<UnitId>(c)?,
        );
        next.retain(|at| seen.insert(*at));
        level = next;
    }
    Ok(false)
}

/// `roots` and all that lies under them on a day, in order of their ids.
pub fn subtree_ids(c: &mut DbConn, roots: &[UnitId], on: NaiveDate) -> Result<Vec<UnitId>> {
    let mut seen: BTreeSet<UnitId> = roots.iter().copied().collect();
    let mut level: Vec<UnitId> = seen.iter().copied().collect();
    while !level.is_empty() {
        let mut next: Vec<UnitId> = unit_placements::table
            .inner_join(units::table.on(units::id.eq(unit_placements::unit_id)))
            .filter(unit_placements::parent_id.eq_any(level.clone()))
            .filter(leads_up(on))
            .select(unit_placements::unit_id)
            .load(c)?;
        next.extend(
            unit_successions::table
                .inner_join(units::table.on(units::id.eq(unit_successions::unit_id)))
                .filter(unit_successions::successor_id.eq_any(level))
                .filter(unit_successions::position.eq(0))
                .filter(units::valid_to.lt(on))
                .select(unit_successions::unit_id)
                .load::<UnitId>(c)?,
        );
        next.retain(|at| seen.insert(*at));
        level = next;
    }
    Ok(seen.into_iter().collect())
}

/// The way up from each of these units on a day, the unit itself first; level by level for all of them at once.
pub fn ways_up(c: &mut DbConn, from: &[UnitId], on: NaiveDate) -> Result<HashMap<UnitId, Vec<UnitId>>> {
    let mut above: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
    let mut seen: BTreeSet<UnitId> = from.iter().copied().collect();
    let mut level: Vec<UnitId> = seen.iter().copied().collect();
    while !level.is_empty() {
        let mut steps: Vec<(UnitId, UnitId)> = unit_placements::table
            .inner_join(units::table.on(units::id.eq(unit_placements::unit_id)))
            .filter(unit_placements::unit_id.eq_any(level.clone()))
            .filter(leads_up(on))
            .order(unit_placements::id.asc())
            .select((unit_placements::unit_id, unit_placements::parent_id))
            .load(c)?;
        steps.extend(
            unit_successions::table
                .inner_join(units::table.on(units::id.eq(unit_successions::unit_id)))
                .filter(unit_successions::unit_id.eq_any(level))
                .filter(unit_successions::position.eq(0))
                .filter(units::valid_to.lt(on))
                .select((unit_successions::unit_id, unit_successions::successor_id))
                .load::<(UnitId, UnitId)>(c)?,
        );
        level = steps.iter().map(|(_, to)| *to).filter(|to| seen.insert(*to)).collect();
        for (unit, to) in steps {
            above.entry(unit).or_default().push(to);
        }
    }
    let way = |unit: &UnitId| {
        let mut way = vec![*unit];
        let mut place = 0;
        while let Some(at) = way.get(place) {
            let next: Vec<UnitId> =
                above.get(at).into_iter().flatten().copied().filter(|to| !way.contains(to)).collect();
            way.extend(next);
            place += 1;
        }
        (*unit, way)
    };
    Ok(from.iter().map(way).collect())
}

/// For each of these units the nearest of `roots` that it is or lies under on a day; those under none are left out.
pub fn nearest(c: &mut DbConn, from: &[UnitId], roots: &[UnitId], on: NaiveDate) -> Result<HashMap<UnitId, UnitId>> {
    let first = |way: Vec<UnitId>| way.into_iter().find(|at| roots.contains(at));
    Ok(ways_up(c, from, on)?.into_iter().filter_map(|(unit, way)| Some((unit, first(way)?))).collect())
}
