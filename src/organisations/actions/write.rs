//! Reading what is kept, and writing the difference to what is planned, each change of an existing unit with its audit row.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::{Value, json};

use super::{
    super::model::{self, Placement, Span, Succession, Unit, UnitId, UnitKind},
    check::{Plan, Planned},
};
use crate::{
    access::Actor,
    audit::{Entry, record},
    both,
    platform::{
        db::{
            DbConn, Moment,
            schema::{unit_placements, unit_successions, units},
        },
        error::{Error, Result},
    },
};

/// What an import did, by codes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    pub created: Vec<String>,
    pub changed: Vec<String>,
    /// How many units were named or kept and stayed as they were.
    pub unchanged: usize,
}

/// What the database holds.
pub struct Kept {
    pub state: BTreeMap<String, Planned>,
    ids: HashMap<String, UnitId>,
}

/// Rows of one INSERT: few enough for the limits on bound values of both databases.
const CHUNK: usize = 500;

#[derive(Insertable)]
#[diesel(table_name = units)]
struct NewUnit<'a> {
    code: &'a str,
    name_vi: &'a str,
    name_en: &'a str,
    kind: UnitKind,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    folded: String,
    sort_key: String,
}

#[derive(Insertable)]
#[diesel(table_name = unit_placements)]
struct NewPlacement {
    unit_id: UnitId,
    parent_id: UnitId,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
}

#[derive(Insertable)]
#[diesel(table_name = unit_successions)]
struct NewSuccession {
    unit_id: UnitId,
    successor_id: UnitId,
    position: i32,
}

pub fn load(c: &mut DbConn) -> Result<Kept> {
    let rows: Vec<Unit> = units::table.select(Unit::as_select()).load(c)?;
    let placements: Vec<Placement> = unit_placements::table.select(Placement::as_select()).load(c)?;
    let mut successions: Vec<Succession> = unit_successions::table.select(Succession::as_select()).load(c)?;
    successions.sort_by_key(|succession| succession.position);

    let codes: HashMap<UnitId, String> = rows.iter().map(|unit| (unit.id, unit.code.clone())).collect();
    let code = |id: &UnitId| codes.get(id).cloned().ok_or_else(|| Error::internal(format!("there is no unit {id}")));
    let ids = rows.iter().map(|unit| (unit.code.clone(), unit.id)).collect();
    let mut state: BTreeMap<String, Planned> = BTreeMap::new();
    for unit in rows {
        let span = unit.span();
        let Unit { code, name_vi, name_en, kind, .. } = unit;
        state.insert(code, Planned { name_vi, name_en, kind, span, successors: Vec::new(), placements: Vec::new() });
    }
    for placement in placements {
        if let Some(unit) = state.get_mut(&code(&placement.unit_id)?) {
            unit.placements.push((code(&placement.parent_id)?, placement.span()));
        }
    }
    for succession in successions {
        if let Some(unit) = state.get_mut(&code(&succession.unit_id)?) {
            unit.successors.push(code(&succession.successor_id)?);
        }
    }
    for unit in state.values_mut() {
        unit.placements.sort_by_key(|(_, span)| span.from);
    }
    Ok(Kept { state, ids })
}

pub fn write(c: &mut DbConn, by: &Actor, now: Moment, kept: &Kept, plan: &Plan) -> Result<ImportReport> {
    let mut report = ImportReport::default();
    let (mut created, mut changed) = (Vec::new(), Vec::new());
    for (code, unit) in &plan.units {
        match kept.state.get(code) {
            None => created.push((code.as_str(), unit)),
            Some(before) if before != unit => changed.push((code.as_str(), before, unit)),
            Some(_) => report.unchanged += 1,
        }
    }
    insert_units(c, &created)?;
    let ids = all_ids(c, kept, &created)?;
    for (code, before, unit) in &changed {
        change(c, id(&ids, code)?, before, unit)?;
        let entry = Entry::new("unit.change", "units", id(&ids, code)?).unit(id(&ids, code)?);
        record(c, by, now, entry.before(state(before)).after(state(unit)))?;
    }
    // Only now: a new unit may stand under another new one, and a changed unit may go into a new one.
    let mut placements = Vec::new();
    let mut successions = Vec::new();
    let moved = changed
        .iter()
        .filter(|(_, before, unit)| before.placements != unit.placements)
        .map(|(code, _, unit)| (*code, *unit));
    for (code, unit) in created.iter().copied().chain(moved) {
        for (parent, span) in &unit.placements {
            let (unit_id, parent_id) = (id(&ids, code)?, id(&ids, parent)?);
            placements.push(NewPlacement { unit_id, parent_id, valid_from: span.from, valid_to: span.to });
        }
    }
    let gone = changed
        .iter()
        .filter(|(_, before, unit)| before.successors != unit.successors)
        .map(|(code, _, unit)| (*code, *unit));
    for (code, unit) in created.iter().copied().chain(gone) {
        for (position, successor) in (0..).zip(&unit.successors) {
            successions.push(NewSuccession { unit_id: id(&ids, code)?, successor_id: id(&ids, successor)?, position });
        }
    }
    for chunk in placements.chunks(CHUNK) {
        // Several rows in one statement: the common backend has no batch insert.
        both!(c, |k| diesel::insert_into(unit_placements::table).values(chunk).execute(k))?;
    }
    for chunk in successions.chunks(CHUNK) {
        // Several rows in one statement: the common backend has no batch insert.
        both!(c, |k| diesel::insert_into(unit_successions::table).values(chunk).execute(k))?;
    }
    report.created = created.iter().map(|(code, _)| (*code).to_owned()).collect();
    report.changed = changed.iter().map(|(code, _, _)| (*code).to_owned()).collect();
    if !report.created.is_empty() {
        let entry = Entry::new("units.import", "units", "import").after(json!({ "created": report.created }));
        record(c, by, now, entry)?;
    }
    Ok(report)
}

fn insert_units(c: &mut DbConn, created: &[(&str, &Planned)]) -> Result<()> {
    let rows: Vec<NewUnit<'_>> = created
        .iter()
        .map(|(code, unit)| NewUnit {
            code,
            name_vi: &unit.name_vi,
            name_en: &unit.name_en,
            kind: unit.kind,
            valid_from: unit.span.from,
            valid_to: unit.span.to,
            folded: model::folded(code, &unit.name_vi, &unit.name_en),
            sort_key: model::sort_key(unit.kind, &unit.name_vi),
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        // Several rows in one statement: the common backend has no batch insert.
        both!(c, |k| diesel::insert_into(units::table).values(chunk).execute(k))?;
    }
    Ok(())
}

fn all_ids(c: &mut DbConn, kept: &Kept, created: &[(&str, &Planned)]) -> Result<HashMap<String, UnitId>> {
    let mut ids = kept.ids.clone();
    for chunk in created.chunks(CHUNK) {
        let codes = chunk.iter().map(|(code, _)| *code);
        ids.extend(
            units::table
                .filter(units::code.eq_any(codes))
                .select((units::code, units::id))
                .load::<(String, UnitId)>(c)?,
        );
    }
    Ok(ids)
}

fn id(ids: &HashMap<String, UnitId>, code: &str) -> Result<UnitId> {
    ids.get(code).copied().ok_or_else(|| Error::internal(format!("there is no unit {code}")))
}

/// The unit's own row, and what stands around it taken away where it differs.
fn change(c: &mut DbConn, unit: UnitId, before: &Planned, after: &Planned) -> Result<()> {
    let code: String = units::table.find(unit).select(units::code).first(c)?;
    diesel::update(units::table.find(unit))
        .set((
            units::name_vi.eq(&after.name_vi),
            units::name_en.eq(&after.name_en),
            units::kind.eq(after.kind),
            units::valid_from.eq(after.span.from),
            units::valid_to.eq(after.span.to),
            units::folded.eq(model::folded(&code, &after.name_vi, &after.name_en)),
            units::sort_key.eq(model::sort_key(after.kind, &after.name_vi)),
        ))
        .execute(c)?;
    if before.placements != after.placements {
        diesel::delete(unit_placements::table.filter(unit_placements::unit_id.eq(unit))).execute(c)?;
    }
    if before.successors != after.successors {
        diesel::delete(unit_successions::table.filter(unit_successions::unit_id.eq(unit))).execute(c)?;
    }
    Ok(())
}

/// A unit as the audit keeps it.
fn state(unit: &Planned) -> Value {
    let span = |span: &Span| json!({ "from": span.from, "to": span.to });
    let placements: Vec<Value> =
        unit.placements.iter().map(|(parent, days)| json!({ "parent": parent, "valid": span(days) })).collect();
    json!({
        "name_vi": unit.name_vi,
        "name_en": unit.name_en,
        "kind": unit.kind,
        "valid": span(&unit.span),
        "successors": unit.successors,
        "placements": placements,
    })
}
