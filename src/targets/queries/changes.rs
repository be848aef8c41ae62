//! Changes of organisation inside a target's period that move its figures from one unit to another.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    board::day_of,
    figures::{View, cells},
    scope::Scope,
    tree::Tree,
};
use crate::{
    access::UnitId,
    organisations::{model::Unit, queries::by_ids},
    platform::{
        db::{
            DbConn,
            schema::{unit_successions, units},
        },
        error::Result,
    },
    targets::model::{Days, Figures, Target},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It ended, and goes on in the units named; the first carries its figures.
    Succeeded,
    /// It ended, and nothing goes on: its figures cannot be carried.
    Ended,
    /// It stands under another unit since then.
    Moved,
}

/// One change, and what was counted until then in the unit and below it.
#[derive(Debug, Clone)]
pub struct Change {
    /// The first day of the new order.
    pub day: NaiveDate,
    pub kind: ChangeKind,
    pub unit: Unit,
    pub into: Vec<Unit>,
    pub figures: Figures,
}

/// The changes from the first day of the period to the day of the view that move figures, the latest first; and how many more there
/// were in units without any. What ended together with the unit above it is in that unit's line.
pub fn changes(c: &mut DbConn, target: &Target, view: View, today: NaiveDate) -> Result<(Vec<Change>, usize)> {
    let last = day_of(target, view, today).max(target.period_from);
    let tree = Tree::load(c)?;
    let counted: Vec<(UnitId, Figures)> = cells(c, target.id, target.period(), &Scope::Nation)?
        .into_iter()
        .map(|(unit, _, figures)| (unit, figures))
        .collect();
    let ended: Vec<Unit> = units::table
        .filter(units::valid_to.ge(target.period_from.pred_opt()).and(units::valid_to.lt(last)))
        .order((units::valid_to.desc(), units::sort_key.asc(), units::id.asc()))
        .select(Unit::as_select())
        .load(c)?;
    let ids: Vec<i64> = ended.iter().map(|unit| unit.id.0).collect();
    let rows: Vec<(UnitId, UnitId)> = unit_successions::table
        .filter(unit_successions::unit_id.eq_any(ids.clone()))
        .order((unit_successions::unit_id.asc(), unit_successions::position.asc()))
        .select((unit_successions::unit_id, unit_successions::successor_id))
        .load(c)?;
    let moves = tree.moves(Days { from: target.period_from, to: last });
    let mut wanted: Vec<UnitId> = rows.iter().map(|(_, to)| *to).collect();
    wanted.extend(moves.iter().flat_map(|(unit, to, _)| [*unit, *to]));
    wanted.sort_unstable();
    wanted.dedup();
    let named = by_ids(c, &wanted)?;
    let mut into: BTreeMap<UnitId, Vec<Unit>> = BTreeMap::new();
    for (from, to) in rows {
        into.entry(from).or_default().extend(named.get(&to).cloned());
    }

    let held = |unit: UnitId, day: NaiveDate| {
        let mut sum = Figures::default();
        for (at, figures) in &counted {
            if *at == unit || tree.path(*at, day).contains(&unit) {
                sum += *figures;
            }
        }
        sum
    };
    let (mut found, mut others) = (Vec::new(), 0);
    for unit in ended {
        let Some(to) = unit.valid_to else { continue };
        let above = tree.path(unit.id, to);
        // A unit whose superior ended with it is part of that change.
        if above.iter().any(|at| *at != unit.id && ids.contains(&at.0)) {
            continue;
        }
        let figures = held(unit.id, to);
        if figures.is_zero() {
            others += 1;
            continue;
        }
        let into = into.remove(&unit.id).unwrap_or_default();
        let kind = if into.is_empty() { ChangeKind::Ended } else { ChangeKind::Succeeded };
        found.push(Change { day: to.succ_opt().unwrap_or(to), kind, unit, into, figures });
    }
    for (unit, to, day) in moves {
        let (Some(unit), Some(to)) = (named.get(&unit).cloned(), named.get(&to).cloned()) else { continue };
        let figures = held(unit.id, day);
        match figures.is_zero() {
            true => others += 1,
            false => found.push(Change { day, kind: ChangeKind::Moved, unit, into: vec![to], figures }),
        }
    }
    found.sort_by_key(|change| std::cmp::Reverse(change.day));
    Ok((found, others))
}
