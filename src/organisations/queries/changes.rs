//! Changes of organisation: those entered here with their decision, and everything that became of units in a span of days, however it
//! came into the list.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    super::model::{
        Unit, UnitId,
        change::{Basis, ChangeId, ChangeKind, ChangeState, Occurred, Part, Record, Request, Stand, UnitChange},
        plan::Sight,
    },
    ancestors,
};
use crate::platform::{
    db::{
        DbConn, Moment,
        schema::{unit_change_units, unit_changes, unit_placements, unit_successions, units},
    },
    error::Result,
};

pub fn change(c: &mut DbConn, id: ChangeId) -> Result<UnitChange> {
    Ok(unit_changes::table.find(id).select(UnitChange::as_select()).first(c)?)
}

pub fn by_code(c: &mut DbConn, code: &str) -> Result<UnitChange> {
    Ok(unit_changes::table.filter(unit_changes::code.eq(code)).select(UnitChange::as_select()).first(c)?)
}

/// The decisions entered here, the latest first, without those thrown away, and how many there are.
pub fn entered(c: &mut DbConn, offset: i64, limit: i64) -> Result<(i64, Vec<UnitChange>)> {
    let kept = unit_changes::state.ne(ChangeState::Discarded);
    let total = unit_changes::table.filter(kept).count().get_result(c)?;
    let found = unit_changes::table
        .filter(unit_changes::state.ne(ChangeState::Discarded))
        .order(unit_changes::id.desc())
        .offset(offset)
        .limit(limit)
        .select(UnitChange::as_select())
        .load(c)?;
    Ok((total, found))
}

/// How many decisions wait to be confirmed.
pub fn drafts(c: &mut DbConn) -> Result<i64> {
    Ok(unit_changes::table.filter(unit_changes::state.eq(ChangeState::Draft)).count().get_result(c)?)
}

/// Several at once, for lists that name them.
pub fn by_ids(c: &mut DbConn, ids: &[ChangeId]) -> Result<HashMap<ChangeId, UnitChange>> {
    let found: Vec<UnitChange> =
        unit_changes::table.filter(unit_changes::id.eq_any(ids.to_vec())).select(UnitChange::as_select()).load(c)?;
    Ok(found.into_iter().map(|change| (change.id, change)).collect())
}

/// The units a change is about.
pub fn parts(c: &mut DbConn, change: ChangeId) -> Result<Vec<(String, Part)>> {
    Ok(unit_change_units::table
        .filter(unit_change_units::change_id.eq(change))
        .order((unit_change_units::part.asc(), unit_change_units::unit_code.asc()))
        .select((unit_change_units::unit_code, unit_change_units::part))
        .load(c)?)
}

/// The first change after this one that stands on a unit it ended, began or moved, and that is done or being done.
pub fn built_on(c: &mut DbConn, change: ChangeId) -> Result<Option<UnitChange>> {
    let own: Vec<String> = unit_change_units::table
        .filter(unit_change_units::change_id.eq(change))
        .filter(unit_change_units::part.eq_any([Part::Ended, Part::Begun, Part::Moved]))
        .select(unit_change_units::unit_code)
        .load(c)?;
    Ok(unit_change_units::table
        .inner_join(unit_changes::table)
        .filter(unit_change_units::unit_code.eq_any(own))
        .filter(unit_changes::id.gt(change))
        .filter(unit_changes::state.eq_any([ChangeState::Staging, ChangeState::Done]))
        .order(unit_changes::id.asc())
        .select(UnitChange::as_select())
        .first(c)
        .optional()?)
}

/// The tree around a request, as far as it matters for it.
pub fn sight(c: &mut DbConn, request: &Request) -> Result<Sight> {
    let mut codes = request.units.clone();
    codes.extend(request.into.iter().map(|taker| taker.code.clone()));
    codes.extend(request.parent.clone());
    let mut sight = Sight::default();
    read_units(c, &mut sight, codes)?;
    let ending: Vec<UnitId> =
        request.units.iter().filter_map(|code| sight.units.get(code)).map(|unit| unit.id).collect();

    let (child, parent) = diesel::alias!(units as child, units as parent);
    // Placement, child, parent, first and last day.
    type Row = (i64, String, String, Option<NaiveDate>, Option<NaiveDate>);
    let rows: Vec<Row> = unit_placements::table
        .inner_join(child.on(child.field(units::id).eq(unit_placements::unit_id)))
        .inner_join(parent.on(parent.field(units::id).eq(unit_placements::parent_id)))
        .filter(unit_placements::unit_id.eq_any(ending.clone()).or(unit_placements::parent_id.eq_any(ending.clone())))
        .filter(unit_placements::valid_to.is_null().or(unit_placements::valid_to.ge(request.on)))
        .order(unit_placements::id.asc())
        .select((
            unit_placements::id,
            child.field(units::code),
            parent.field(units::code),
            unit_placements::valid_from,
            unit_placements::valid_to,
        ))
        .load(c)?;
    sight.stands = rows.into_iter().map(|(id, unit, parent, from, to)| Stand { id, unit, parent, from, to }).collect();
    // Those that stand around: what a new unit comes under by itself, and what comes under another.
    let around: Vec<String> = sight
        .stands
        .iter()
        .flat_map(|stand| [stand.unit.clone(), stand.parent.clone()])
        .filter(|code| !sight.units.contains_key(code))
        .collect();
    read_units(c, &mut sight, around)?;

    let takers: Vec<Unit> = request
        .into
        .iter()
        .map(|taker| taker.code.as_str())
        .chain(request.parent.as_deref())
        .chain(
            sight.stands.iter().filter(|stand| request.units.contains(&stand.unit)).map(|stand| stand.parent.as_str()),
        )
        .filter_map(|code| sight.units.get(code).cloned())
        .collect();
    for unit in takers {
        let way = ancestors(c, unit.id, request.on)?;
        sight.above.insert(unit.code, way.into_iter().map(|above| above.code).collect());
    }
    let took: Vec<(UnitId, Option<NaiveDate>)> = unit_successions::table
        .inner_join(units::table.on(units::id.eq(unit_successions::unit_id)))
        .filter(unit_successions::successor_id.eq_any(ending))
        .group_by(unit_successions::successor_id)
        .select((unit_successions::successor_id, diesel::dsl::max(units::valid_to)))
        .load(c)?;
    for (unit, last) in took {
        let code = sight.units.values().find(|known| known.id == unit).map(|known| known.code.clone());
        if let (Some(code), Some(last)) = (code, last) {
            sight.took_in.insert(code, last);
        }
    }
    Ok(sight)
}

fn read_units(c: &mut DbConn, sight: &mut Sight, codes: Vec<String>) -> Result<()> {
    let found: Vec<Unit> = units::table.filter(units::code.eq_any(codes)).select(Unit::as_select()).load(c)?;
    sight.units.extend(found.into_iter().map(|unit| (unit.code.clone(), unit)));
    Ok(())
}

/// A unit's own columns, for tables that meet it twice.
const COLUMNS: (
    units::id,
    units::code,
    units::name_vi,
    units::name_en,
    units::kind,
    units::valid_from,
    units::valid_to,
) = (units::id, units::code, units::name_vi, units::name_en, units::kind, units::valid_from, units::valid_to);

/// What became of units in a span of days, both included, the latest first; of one day in the order of lists. Units go together that
/// have the same main successor.
pub fn changes_between(c: &mut DbConn, from: NaiveDate, to: NaiveDate) -> Result<Vec<Occurred>> {
    let (Some(first), Some(last)) = (from.pred_opt(), to.pred_opt()) else { return Ok(Vec::new()) };
    let ended: Vec<Unit> = units::table
        .filter(units::valid_to.between(first, last))
        .order((units::sort_key.asc(), units::id.asc()))
        .select(Unit::as_select())
        .load(c)?;
    let mut into: HashMap<UnitId, Vec<(i32, Unit)>> = HashMap::new();
    let (before, after) = diesel::alias!(units as before, units as after);
    let rows: Vec<(UnitId, i32, Unit)> = unit_successions::table
        .inner_join(before.on(before.field(units::id).eq(unit_successions::unit_id)))
        .inner_join(after.on(after.field(units::id).eq(unit_successions::successor_id)))
        .filter(before.field(units::valid_to).between(first, last))
        .select((unit_successions::unit_id, unit_successions::position, after.fields(COLUMNS)))
        .load(c)?;
    for (unit, position, successor) in rows {
        into.entry(unit).or_default().push((position, successor));
    }
    let mut groups: BTreeMap<(std::cmp::Reverse<NaiveDate>, i64, UnitId), Occurred> = BTreeMap::new();
    for unit in ended {
        let Some(on) = unit.valid_to.and_then(|last| last.succ_opt()) else { continue };
        let mut takers = into.remove(&unit.id).unwrap_or_default();
        takers.sort_by_key(|(position, _)| *position);
        let takers: Vec<Unit> = takers.into_iter().map(|(_, taker)| taker).collect();
        let main = takers.first().map_or(unit.id, |taker| taker.id);
        let order = kind_order(takers.first().unwrap_or(&unit));
        let group = groups.entry((std::cmp::Reverse(on), order, main)).or_insert_with(|| Occurred {
            on,
            kind: ChangeKind::End,
            from: Vec::new(),
            into: Vec::new(),
            record: None,
        });
        for taker in takers {
            if !group.into.iter().any(|known| known.id == taker.id) {
                group.into.push(taker);
            }
        }
        group.from.push(unit);
    }
    let mut found: Vec<Occurred> = groups.into_values().collect();
    for group in &mut found {
        group.kind = kind_of(group);
    }
    found.extend(moves_between(c, from, to)?);
    found.sort_by_key(|occurred| std::cmp::Reverse(occurred.on));
    name_decisions(c, &mut found)?;
    Ok(found)
}

fn kind_order(unit: &Unit) -> i64 {
    super::super::model::UnitKind::ALL.iter().position(|kind| *kind == unit.kind).map_or(0, |at| at as i64)
}

fn kind_of(group: &Occurred) -> ChangeKind {
    let begun_then = group.into.first().is_some_and(|main| main.valid_from == Some(group.on));
    match (group.from.len(), group.into.len()) {
        (_, 0) => ChangeKind::End,
        (1, 1) if begun_then => ChangeKind::Rename,
        (1, 2..) => ChangeKind::Split,
        _ => ChangeKind::Merge,
    }
}

/// Units that came under another one while they went on, and that not because the one above went into it.
fn moves_between(c: &mut DbConn, from: NaiveDate, to: NaiveDate) -> Result<Vec<Occurred>> {
    let parent = diesel::alias!(units as parent);
    let rows: Vec<(Option<NaiveDate>, Unit, Unit)> = unit_placements::table
        .inner_join(units::table.on(units::id.eq(unit_placements::unit_id)))
        .inner_join(parent.on(parent.field(units::id).eq(unit_placements::parent_id)))
        .filter(unit_placements::valid_from.between(from, to))
        .filter(units::valid_from.is_null().or(units::valid_from.lt(unit_placements::valid_from)))
        .order((unit_placements::valid_from.desc(), units::sort_key.asc(), units::id.asc()))
        .select((unit_placements::valid_from, Unit::as_select(), parent.fields(COLUMNS)))
        .load(c)?;
    let went: Vec<UnitId> = rows.iter().map(|(_, _, above)| above.id).collect();
    let followed: Vec<(UnitId, UnitId)> = unit_successions::table
        .filter(unit_successions::successor_id.eq_any(went))
        .select((unit_successions::successor_id, unit_successions::unit_id))
        .load(c)?;
    let moved: Vec<UnitId> = rows.iter().map(|(_, unit, _)| unit.id).collect();
    let before: Vec<(UnitId, UnitId, Option<NaiveDate>)> = unit_placements::table
        .filter(unit_placements::unit_id.eq_any(moved))
        .select((unit_placements::unit_id, unit_placements::parent_id, unit_placements::valid_to))
        .load(c)?;
    let follows = |unit: &Unit, above: &Unit, day: NaiveDate| {
        before.iter().any(|(id, parent, last)| {
            *id == unit.id && *last == day.pred_opt() && followed.contains(&(above.id, *parent))
        })
    };
    Ok(rows
        .into_iter()
        .filter_map(|(day, unit, above)| {
            let on = day.filter(|on| !follows(&unit, &above, *on))?;
            Some(Occurred { on, kind: ChangeKind::Move, from: vec![unit], into: vec![above], record: None })
        })
        .collect())
}

/// Sets the decision beside what was entered with one.
fn name_decisions(c: &mut DbConn, found: &mut [Occurred]) -> Result<()> {
    let codes: Vec<String> = found.iter().flat_map(|occurred| &occurred.from).map(|unit| unit.code.clone()).collect();
    let mut known: HashMap<(String, NaiveDate), Record> = HashMap::new();
    for part in codes.chunks(MANY) {
        let rows: Vec<(String, NaiveDate, String, Basis)> = unit_change_units::table
            .inner_join(unit_changes::table)
            .filter(unit_change_units::unit_code.eq_any(part.to_vec()))
            .filter(unit_change_units::part.eq_any([Part::Ended, Part::Moved]))
            .filter(unit_changes::state.eq(ChangeState::Done).and(unit_changes::kind.ne(ChangeKind::Transfer)))
            .select((unit_change_units::unit_code, unit_changes::effective_on, unit_changes::code, Basis::as_select()))
            .load(c)?;
        known.extend(rows.into_iter().map(|(unit, on, code, document)| ((unit, on), Record { code, document })));
    }
    for occurred in found {
        let code = occurred.from.first().map(|unit| unit.code.clone()).unwrap_or_default();
        occurred.record = known.get(&(code, occurred.on)).cloned();
    }
    Ok(())
}

/// Values of one statement.
const MANY: usize = 500;

/// The decisions entered here by which a unit changed, the latest first.
pub fn decisions_about(c: &mut DbConn, code: &str) -> Result<Vec<UnitChange>> {
    Ok(unit_change_units::table
        .inner_join(unit_changes::table)
        .filter(unit_change_units::unit_code.eq(code))
        .filter(unit_change_units::part.ne(Part::Parent))
        .filter(unit_changes::state.eq(ChangeState::Done))
        .filter(unit_changes::kind.ne(ChangeKind::Transfer))
        .order((unit_changes::effective_on.desc(), unit_changes::id.desc()))
        .select(UnitChange::as_select())
        .distinct()
        .load(c)?)
}

/// Whether the window in which a change can be taken back is open.
pub fn can_still_be_undone(change: &UnitChange, now: Moment) -> bool {
    change.state == ChangeState::Done && change.undo_until.is_some_and(|until| now <= until)
}
