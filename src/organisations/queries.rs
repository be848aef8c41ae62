//! Reading units: one, its neighbours on a day, and the lines of succession. [`reach`] answers who lies under whom,
//! [`search`] finds units by what is typed, [`overview`] is the tree on a day.

pub mod changes;
mod overview;
mod reach;
mod search;

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{CarriedTo, Lines, Placement, Span, Succession, Unit, UnitId, UnitKind};
use crate::platform::{
    db::{
        DbConn,
        schema::{unit_placements, unit_successions, units},
    },
    error::{Error, Result},
};

pub use self::{
    changes::changes_between,
    overview::{Branch, Group, Overview, branch, changes_on, days_of_change, overview},
    reach::{is_under, nearest, subtree_ids, ways_up},
    search::{Choice, Options, options, search},
};

/// The condition that a unit is valid on a day.
#[diesel::dsl::auto_type]
fn unit_on(day: NaiveDate) -> _ {
    (units::valid_from.is_null().or(units::valid_from.le(day)))
        .and(units::valid_to.is_null().or(units::valid_to.ge(day)))
}

/// The condition that a placement holds on a day.
#[diesel::dsl::auto_type]
fn placed_on(day: NaiveDate) -> _ {
    (unit_placements::valid_from.is_null().or(unit_placements::valid_from.le(day)))
        .and(unit_placements::valid_to.is_null().or(unit_placements::valid_to.ge(day)))
}

pub fn unit(c: &mut DbConn, id: UnitId) -> Result<Unit> {
    Ok(units::table.find(id).select(Unit::as_select()).first(c)?)
}

pub fn by_code(c: &mut DbConn, code: &str) -> Result<Option<Unit>> {
    Ok(units::table.filter(units::code.eq(code)).select(Unit::as_select()).first(c).optional()?)
}

/// The unit of that code where it is valid on that day; what a form names.
pub fn by_code_on(c: &mut DbConn, code: &str, on: NaiveDate) -> Result<Option<Unit>> {
    Ok(by_code(c, code)?.filter(|unit| unit.valid_on(on)))
}

/// Several units at once, for lists that name them.
pub fn by_ids(c: &mut DbConn, ids: &[UnitId]) -> Result<HashMap<UnitId, Unit>> {
    let found: Vec<Unit> = units::table.filter(units::id.eq_any(ids.to_vec())).select(Unit::as_select()).load(c)?;
    Ok(found.into_iter().map(|unit| (unit.id, unit)).collect())
}

/// Several units at once, by their codes; those that are not there are not in it.
pub fn by_codes(c: &mut DbConn, codes: &[String]) -> Result<HashMap<String, Unit>> {
    let found: Vec<Unit> = units::table.filter(units::code.eq_any(codes.to_vec())).select(Unit::as_select()).load(c)?;
    Ok(found.into_iter().map(|unit| (unit.code.clone(), unit)).collect())
}

/// All units valid on a day, in the order of lists; of some kinds only, unless `kinds` is empty. The denominator of a
/// share of agencies is the length of this.
pub fn valid_on(c: &mut DbConn, kinds: &[UnitKind], on: NaiveDate) -> Result<Vec<Unit>> {
    let mut query = units::table.filter(unit_on(on)).select(Unit::as_select()).into_boxed();
    if !kinds.is_empty() {
        query = query.filter(units::kind.eq_any(kinds.iter().map(|kind| kind.as_str())));
    }
    let mut found = query.order((units::sort_key.asc(), units::id.asc())).load(c)?;
    found.sort_by_key(|unit: &Unit| unit.kind);
    Ok(found)
}

/// A stretch of the units valid on a day, in the order of their codes, each with the code of what it stands under.
pub fn stretch_on(
    c: &mut DbConn,
    on: NaiveDate,
    kind: Option<UnitKind>,
    after: &str,
    limit: i64,
) -> Result<Vec<(Unit, Option<String>)>> {
    let mut query =
        units::table.filter(unit_on(on)).filter(units::code.gt(after)).select(Unit::as_select()).into_boxed();
    if let Some(kind) = kind {
        query = query.filter(units::kind.eq(kind));
    }
    let found: Vec<Unit> = query.order(units::code.asc()).limit(limit).load(c)?;
    let mut parents: HashMap<UnitId, String> = unit_placements::table
        .inner_join(units::table.on(units::id.eq(unit_placements::parent_id)))
        .filter(unit_placements::unit_id.eq_any(found.iter().map(|unit| unit.id).collect::<Vec<_>>()))
        .filter(placed_on(on))
        .select((unit_placements::unit_id, units::code))
        .load::<(UnitId, String)>(c)?
        .into_iter()
        .collect();
    Ok(found.into_iter().map(|unit| (parents.remove(&unit.id), unit)).map(|(parent, unit)| (unit, parent)).collect())
}

/// How many units of each kind are valid on a day; kinds without any are left out.
pub fn counts_on(c: &mut DbConn, on: NaiveDate) -> Result<Vec<(UnitKind, i64)>> {
    let mut counts: Vec<(UnitKind, i64)> = units::table
        .filter(unit_on(on))
        .group_by(units::kind)
        .select((units::kind, diesel::dsl::count_star()))
        .load(c)?;
    counts.sort();
    Ok(counts)
}

/// What stands directly under a unit on a day, in the order of lists.
pub fn children(c: &mut DbConn, parent: UnitId, on: NaiveDate) -> Result<Vec<Unit>> {
    let mut found: Vec<Unit> = unit_placements::table
        .inner_join(units::table.on(units::id.eq(unit_placements::unit_id)))
        .filter(unit_placements::parent_id.eq(parent))
        .filter(placed_on(on))
        .order((units::sort_key.asc(), units::id.asc()))
        .select(Unit::as_select())
        .load(c)?;
    found.sort_by_key(|unit| unit.kind);
    Ok(found)
}

/// What a unit stands under on a day.
pub fn parent(c: &mut DbConn, unit: UnitId, on: NaiveDate) -> Result<Option<Unit>> {
    Ok(unit_placements::table
        .inner_join(units::table.on(units::id.eq(unit_placements::parent_id)))
        .filter(unit_placements::unit_id.eq(unit))
        .filter(placed_on(on))
        .select(Unit::as_select())
        .first(c)
        .optional()?)
}

/// The way up from a unit on a day, the highest first, without the unit itself. A few steps, one small read each.
pub fn ancestors(c: &mut DbConn, unit: UnitId, on: NaiveDate) -> Result<Vec<Unit>> {
    let mut way: Vec<Unit> = Vec::new();
    let mut at = unit;
    while let Some(above) = parent(c, at, on)? {
        at = above.id;
        if way.iter().any(|seen| seen.id == above.id) {
            return Err(Error::internal(format!("unit {at} stands under itself on {on}")));
        }
        way.push(above);
    }
    way.reverse();
    Ok(way)
}

/// Everything a unit ever stood under, the latest first.
pub fn placements(c: &mut DbConn, unit: UnitId) -> Result<Vec<(Span, Unit)>> {
    let mut found: Vec<(Placement, Unit)> = unit_placements::table
        .inner_join(units::table.on(units::id.eq(unit_placements::parent_id)))
        .filter(unit_placements::unit_id.eq(unit))
        .select((Placement::as_select(), Unit::as_select()))
        .load(c)?;
    found.sort_by_key(|(placement, _)| std::cmp::Reverse(placement.valid_from));
    Ok(found.into_iter().map(|(placement, above)| (placement.span(), above)).collect())
}

/// Into what a unit went, the main successor first.
pub fn successors(c: &mut DbConn, unit: UnitId) -> Result<Vec<Unit>> {
    Ok(unit_successions::table
        .inner_join(units::table.on(units::id.eq(unit_successions::successor_id)))
        .filter(unit_successions::unit_id.eq(unit))
        .order(unit_successions::position.asc())
        .select(Unit::as_select())
        .load(c)?)
}

/// What went into a unit, with the position of this unit among its successors (0: it is the main one).
pub fn predecessors(c: &mut DbConn, unit: UnitId) -> Result<Vec<(i32, Unit)>> {
    Ok(unit_successions::table
        .inner_join(units::table.on(units::id.eq(unit_successions::unit_id)))
        .filter(unit_successions::successor_id.eq(unit))
        .order((units::sort_key.asc(), units::id.asc()))
        .select((unit_successions::position, Unit::as_select()))
        .load(c)?)
}

/// The lines of succession of all units, in two reads.
pub fn lines(c: &mut DbConn) -> Result<Lines> {
    let spans: Vec<(UnitId, Option<NaiveDate>, Option<NaiveDate>)> =
        units::table.select((units::id, units::valid_from, units::valid_to)).load(c)?;
    let successions: Vec<Succession> = unit_successions::table.select(Succession::as_select()).load(c)?;
    Ok(Lines::new(spans.into_iter().map(|(id, from, to)| (id, Span::new(from, to))), &successions))
}

/// Where one unit is on a day: reads only the units of its own line. For many use [`conversion`].
pub fn carry_forward(c: &mut DbConn, unit: UnitId, on: NaiveDate) -> Result<CarriedTo> {
    let (mut known, mut successions): (Vec<UnitId>, Vec<Succession>) = (vec![unit], Vec::new());
    loop {
        let columns = (units::id, units::valid_from, units::valid_to);
        let spans: Vec<(UnitId, Option<NaiveDate>, Option<NaiveDate>)> = match known.as_slice() {
            // The usual case by itself: a statement that does not change is prepared once.
            [one] => units::table.filter(units::id.eq(*one)).select(columns).load(c)?,
            _ => units::table.filter(units::id.eq_any(known.clone())).select(columns).load(c)?,
        };
        let spans = spans.into_iter().map(|(id, from, to)| (id, Span::new(from, to)));
        let carried = Lines::new(spans, &successions).carry(unit, on);
        if carried != CarriedTo::NotConvertible {
            return Ok(carried);
        }
        // One step further along the line, both ways.
        successions = unit_successions::table
            .filter(
                unit_successions::unit_id
                    .eq_any(known.clone())
                    .or(unit_successions::successor_id.eq_any(known.clone())),
            )
            .select(Succession::as_select())
            .load(c)?;
        let before = known.len();
        for succession in &successions {
            for id in [succession.unit_id, succession.successor_id] {
                if !known.contains(&id) {
                    known.push(id);
                }
            }
        }
        if known.len() == before {
            return Ok(carried);
        }
    }
}

/// The view "as of a date" for every unit at once: the unit it is on that day, or `None` where it cannot be converted.
#[derive(Debug, Clone)]
pub struct Conversion(HashMap<UnitId, Option<UnitId>>);

impl Conversion {
    pub fn of(&self, unit: UnitId) -> CarriedTo {
        self.0.get(&unit).copied().flatten().map_or(CarriedTo::NotConvertible, CarriedTo::Unit)
    }

    /// All units that are `unit` on that day, itself among them.
    pub fn sources(&self, unit: UnitId) -> Vec<UnitId> {
        let mut found: Vec<UnitId> =
            self.0.iter().filter(|(_, to)| **to == Some(unit)).map(|(from, _)| *from).collect();
        found.sort_unstable();
        found
    }
}

/// Two reads for the whole table: reports carry thousands of rows through it.
pub fn conversion(c: &mut DbConn, on: NaiveDate) -> Result<Conversion> {
    let lines = lines(c)?;
    Ok(Conversion(lines.units().map(|unit| (unit, lines.carry(unit, on).unit())).collect()))
}
