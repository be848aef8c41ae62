//! Changes of organisation: prepared as a draft, done in one go, taken back in one go. What people and roles do with them is said by the
//! slices above, in the same transaction.

use chrono::NaiveDate;
use diesel::{prelude::*, result::DatabaseErrorKind};
use serde_json::json;

use super::super::{
    model::{
        self, UnitId,
        change::{Basis, ChangeId, ChangeState, Effect, Journal, Plan, Request, UNDO_WINDOW, UnitChange},
    },
    queries::{by_code, changes as queries},
};
use crate::{
    access::Actor,
    audit::{self, Entry},
    platform::{
        db::{
            DbConn, Lock, Moment, lock,
            schema::{unit_change_units, unit_changes, unit_placements, unit_successions, units},
        },
        error::{Error, Result},
        http::guard::random_code,
    },
};

/// What is looked at and written is the tree as a whole, so changes of it come one after the other.
pub fn hold_the_tree(c: &mut DbConn) -> Result<()> {
    lock(c, Lock::Alone, "organisations.tree")
}

/// Keeps a change that is to be looked at and confirmed.
pub fn prepare(c: &mut DbConn, by: &Actor, now: Moment, document: &Basis, request: &Request) -> Result<UnitChange> {
    let id: ChangeId = diesel::insert_into(unit_changes::table)
        .values((
            (
                unit_changes::code.eq(random_code()?),
                unit_changes::kind.eq(request.kind),
                unit_changes::state.eq(ChangeState::Draft),
                unit_changes::effective_on.eq(request.on),
                unit_changes::legal_number.eq(&document.number),
                unit_changes::legal_date.eq(document.dated),
                unit_changes::legal_issuer.eq(&document.issuer),
                unit_changes::request.eq(serde_json::to_string(request)?),
            ),
            unit_changes::basis.eq(""),
            unit_changes::roles.eq("[]"),
            unit_changes::journal.eq(serde_json::to_string(&Journal::default())?),
            unit_changes::total.eq(0),
            unit_changes::noted.eq(0),
            unit_changes::created_at.eq(now),
            unit_changes::created_by.eq(by.person.map(|p| p.0)),
        ))
        .returning(unit_changes::id)
        .get_result(c)?;
    let change = queries::change(c, id)?;
    audit::record(c, by, now, Entry::new("unit-change.prepare", "unit_changes", id).after(said(&change, request)))?;
    Ok(change)
}

fn said(change: &UnitChange, request: &Request) -> serde_json::Value {
    json!({
        "kind": change.kind, "on": change.effective_on, "number": change.document.number, "dated": change.document.dated,
        "issuer": change.document.issuer, "units": request.units, "parent": request.parent, "people": request.people.len(),
        "into": request.into.iter().map(|taker| &taker.code).collect::<Vec<_>>(),
    })
}

/// Writes a draft anew.
pub fn revise(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    change: &UnitChange,
    document: &Basis,
    request: &Request,
) -> Result<()> {
    let changed = diesel::update(drafted(change.id))
        .set((
            unit_changes::effective_on.eq(request.on),
            unit_changes::legal_number.eq(&document.number),
            unit_changes::legal_date.eq(document.dated),
            unit_changes::legal_issuer.eq(&document.issuer),
            unit_changes::request.eq(serde_json::to_string(request)?),
            unit_changes::returned_at.eq(None::<Moment>),
        ))
        .execute(c)?;
    if changed == 0 {
        return Err(Error::refused("changes-not-a-draft"));
    }
    let change = queries::change(c, change.id)?;
    let entry = Entry::new("unit-change.revise", "unit_changes", change.id).after(said(&change, request));
    audit::record(c, by, now, entry)
}

#[diesel::dsl::auto_type]
fn drafted(id: ChangeId) -> _ {
    let id: i64 = id.0;
    unit_changes::table.filter(unit_changes::id.eq(id)).filter(unit_changes::state.eq("draft"))
}

/// Throws a draft away. It stays in the log.
pub fn discard(c: &mut DbConn, by: &Actor, now: Moment, change: &UnitChange) -> Result<()> {
    let changed = diesel::update(drafted(change.id)).set(unit_changes::state.eq(ChangeState::Discarded)).execute(c)?;
    if changed == 0 {
        return Err(Error::refused("changes-not-a-draft"));
    }
    audit::record(c, by, now, Entry::new("unit-change.discard", "unit_changes", change.id))
}

/// Confirms a draft as its preview showed it; whether it still was one.
pub fn confirm(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    change: &UnitChange,
    basis: &str,
    roles: &[i64],
    total: i64,
) -> Result<bool> {
    let changed = diesel::update(drafted(change.id))
        .set((
            unit_changes::state.eq(ChangeState::Staging),
            unit_changes::basis.eq(basis),
            unit_changes::roles.eq(serde_json::to_string(roles)?),
            unit_changes::total.eq(total),
            unit_changes::noted.eq(0),
            unit_changes::confirmed_at.eq(now),
            unit_changes::confirmed_by.eq(by.person.map(|p| p.0)),
            unit_changes::returned_at.eq(None::<Moment>),
        ))
        .execute(c)?;
    if changed == 1 {
        let entry = Entry::new("unit-change.confirm", "unit_changes", change.id);
        audit::record(c, by, now, entry.after(json!({ "people": total, "roles": roles })))?;
    }
    Ok(changed == 1)
}

/// Says how many of those who pass on are noted.
pub fn noted(c: &mut DbConn, id: ChangeId, noted: i64) -> Result<()> {
    diesel::update(unit_changes::table.find(id)).set(unit_changes::noted.eq(noted)).execute(c)?;
    Ok(())
}

/// Back to a draft: what was confirmed is not what would happen any more.
pub fn give_back(c: &mut DbConn, by: &Actor, now: Moment, id: ChangeId) -> Result<()> {
    diesel::update(unit_changes::table.find(id))
        .set((
            unit_changes::state.eq(ChangeState::Draft),
            unit_changes::returned_at.eq(now),
            unit_changes::noted.eq(0),
            unit_changes::total.eq(0),
        ))
        .execute(c)?;
    audit::record(c, by, now, Entry::new("unit-change.return", "unit_changes", id))
}

fn unit_id(c: &mut DbConn, code: &str) -> Result<UnitId> {
    by_code(c, code)?.map(|unit| unit.id).ok_or_else(|| Error::internal(format!("there is no unit {code}")))
}

/// Does to the tree what a plan says. The caller holds the tree and has just made the plan.
pub fn apply(c: &mut DbConn, by: &Actor, now: Moment, on: NaiveDate, plan: &Plan) -> Result<Journal> {
    let mut journal = Journal { plan: plan.clone(), ..Journal::default() };
    let before = on.pred_opt().ok_or_else(|| Error::internal("no day before"))?;
    for effect in &plan.effects {
        match effect {
            Effect::Begins { code, unit } => {
                let id: UnitId = diesel::insert_into(units::table)
                    .values((
                        units::code.eq(code),
                        units::name_vi.eq(&unit.name_vi),
                        units::name_en.eq(&unit.name_en),
                        units::kind.eq(unit.kind),
                        units::valid_from.eq(on),
                        units::folded.eq(model::folded(code, &unit.name_vi, &unit.name_en)),
                        units::sort_key.eq(model::sort_key(unit.kind, &unit.name_vi)),
                    ))
                    .returning(units::id)
                    .get_result(c)?;
                journal.begun.push(id);
                let after = json!({ "code": code, "name_vi": unit.name_vi, "kind": unit.kind, "from": on });
                audit::record(c, by, now, Entry::new("unit.begin", "units", id).unit(id).after(after))?;
            }
            Effect::Ends { unit } => {
                let id = unit_id(c, unit)?;
                let open = units::table.filter(units::id.eq(id).and(units::valid_to.is_null()));
                if diesel::update(open).set(units::valid_to.eq(before)).execute(c)? != 1 {
                    return Err(Error::refused("changes-outdated"));
                }
                journal.ended.push(id);
                let after = json!({ "code": unit, "to": before });
                audit::record(c, by, now, Entry::new("unit.end", "units", id).unit(id).after(after))?;
            }
            Effect::Closes(stand) => {
                diesel::update(unit_placements::table.find(stand.id))
                    .set(unit_placements::valid_to.eq(before))
                    .execute(c)?;
                journal.closed.push(stand.clone());
            }
            Effect::Drops(stand) => {
                diesel::delete(unit_placements::table.find(stand.id)).execute(c)?;
                journal.dropped.push(stand.clone());
            }
            Effect::Places { unit, parent, from, to } => {
                let (unit, above) = (unit_id(c, unit)?, unit_id(c, parent)?);
                let id = diesel::insert_into(unit_placements::table)
                    .values((
                        unit_placements::unit_id.eq(unit),
                        unit_placements::parent_id.eq(above),
                        unit_placements::valid_from.eq(from),
                        unit_placements::valid_to.eq(to),
                    ))
                    .returning(unit_placements::id)
                    .get_result(c)?;
                journal.placed.push(id);
                let after = json!({ "parent": parent, "from": from });
                audit::record(c, by, now, Entry::new("unit.place", "units", unit).unit(unit).after(after))?;
            }
            Effect::Succeeds { unit, successor, position } => {
                let (unit, successor) = (unit_id(c, unit)?, unit_id(c, successor)?);
                let id = diesel::insert_into(unit_successions::table)
                    .values((
                        unit_successions::unit_id.eq(unit),
                        unit_successions::successor_id.eq(successor),
                        unit_successions::position.eq(position),
                    ))
                    .returning(unit_successions::id)
                    .get_result(c)?;
                journal.succeeded.push(id);
            }
        }
    }
    for passage in &plan.passages {
        let to = passage.to.as_deref().map(|code| unit_id(c, code)).transpose()?;
        journal.passed.push((unit_id(c, &passage.from)?, to));
    }
    Ok(journal)
}

/// Marks a change as done, with what it did.
pub fn finish(c: &mut DbConn, by: &Actor, now: Moment, id: ChangeId, journal: &Journal) -> Result<()> {
    diesel::update(unit_changes::table.find(id))
        .set((
            unit_changes::state.eq(ChangeState::Done),
            unit_changes::journal.eq(serde_json::to_string(journal)?),
            unit_changes::done_at.eq(now),
            unit_changes::undo_until.eq(now + UNDO_WINDOW),
        ))
        .execute(c)?;
    let parts: Vec<_> = journal
        .plan
        .parts()
        .into_iter()
        .map(|(code, part)| {
            (
                unit_change_units::change_id.eq(id),
                unit_change_units::unit_code.eq(code),
                unit_change_units::part.eq(part),
            )
        })
        .collect();
    // A batch insert is not part of diesel's common backend.
    crate::both!(c, |c| diesel::insert_into(unit_change_units::table).values(&parts).execute(c))?;
    let after = json!({ "ended": journal.ended, "begun": journal.begun, "passed": journal.passed });
    audit::record(c, by, now, Entry::new("unit-change.do", "unit_changes", id).after(after))
}

/// Puts the tree back as it was. What refers to a unit that the change began keeps it from going.
pub fn take_back(c: &mut DbConn, by: &Actor, now: Moment, change: &UnitChange) -> Result<()> {
    let journal = change.journal()?;
    let marked = diesel::update(
        unit_changes::table.filter(unit_changes::id.eq(change.id).and(unit_changes::state.eq(ChangeState::Done))),
    )
    .set((
        unit_changes::state.eq(ChangeState::Undone),
        unit_changes::undone_at.eq(now),
        unit_changes::undone_by.eq(by.person.map(|p| p.0)),
    ))
    .execute(c)?;
    if marked == 0 {
        return Err(Error::refused("changes-undone-already"));
    }
    diesel::delete(unit_successions::table.filter(unit_successions::id.eq_any(journal.succeeded))).execute(c)?;
    diesel::delete(unit_placements::table.filter(unit_placements::id.eq_any(journal.placed))).execute(c)?;
    for stand in &journal.dropped {
        let (unit, above) = (unit_id(c, &stand.unit)?, unit_id(c, &stand.parent)?);
        diesel::insert_into(unit_placements::table)
            .values((
                unit_placements::id.eq(stand.id),
                unit_placements::unit_id.eq(unit),
                unit_placements::parent_id.eq(above),
                unit_placements::valid_from.eq(stand.from),
                unit_placements::valid_to.eq(stand.to),
            ))
            .execute(c)?;
    }
    for stand in &journal.closed {
        diesel::update(unit_placements::table.find(stand.id)).set(unit_placements::valid_to.eq(stand.to)).execute(c)?;
    }
    diesel::update(units::table.filter(units::id.eq_any(journal.ended)))
        .set(units::valid_to.eq(None::<NaiveDate>))
        .execute(c)?;
    for unit in &journal.begun {
        diesel::delete(units::table.find(unit)).execute(c).map_err(used)?;
    }
    audit::record(c, by, now, Entry::new("unit-change.undo", "unit_changes", change.id))
}

/// Something was recorded with the unit since.
fn used(error: diesel::result::Error) -> Error {
    match error {
        diesel::result::Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => {
            Error::refused("changes-undo-used")
        }
        other => other.into(),
    }
}
