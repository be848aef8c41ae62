//! Taking a list back: an account that it made and nobody used is gone; one that is in use stays, and the reason stands beside it.

use diesel::prelude::*;
use serde_json::json;

use super::{go, hold, queue};
use crate::{
    access::{Actor, PersonId},
    accounts::{
        model::import::{Import, ImportId, ImportRow, ImportState, Reason, RowResult, Uses},
        queries::{self as accounts, imports as queries},
    },
    audit::{self, Entry},
    platform::{
        as_i64,
        db::{
            DbConn, Moment,
            schema::{memberships, notices, one_time_links, people, people_import_rows, people_imports},
        },
        error::Result,
    },
};

/// Wants a list taken back.
pub fn undo(c: &mut DbConn, by: &Actor, now: Moment, import: &Import) -> Result<()> {
    go(c, import, &[ImportState::Applied], ImportState::Undoing)?;
    diesel::update(people_imports::table.find(import.id)).set(people_imports::confirmed_by.eq(by.person)).execute(c)?;
    audit::record(c, by, now, Entry::new("import.undo", "people_imports", import.id).unit(import.unit_id))?;
    queue(c, now, import)
}

/// Takes the next rows back; whether there may be more.
pub fn undo_some(c: &mut DbConn, now: Moment, id: ImportId, limit: i64, uses: &Uses) -> Result<bool> {
    let import = hold(c, id)?;
    if import.state != ImportState::Undoing {
        return Ok(false);
    }
    let by = Actor { person: import.confirmed_by, ..Actor::default() };
    let rows: Vec<ImportRow> = people_import_rows::table
        .filter(people_import_rows::import_id.eq(id))
        .filter(people_import_rows::result.eq_any([RowResult::Created, RowResult::Linked]))
        .order(people_import_rows::number.asc())
        .limit(limit)
        .select(ImportRow::as_select())
        .load(c)?;
    if rows.is_empty() {
        diesel::update(people_imports::table.find(id))
            .set((people_imports::state.eq(ImportState::Undone), people_imports::undone_at.eq(now)))
            .execute(c)?;
        return Ok(false);
    }
    for row in &rows {
        let Some(person) = row.person_id else { continue };
        (uses.give_back)(c, &by, now, &import, person)?;
        let result = match row.result {
            Some(RowResult::Created) => withdraw(c, &by, now, id, row.number, person, uses)?,
            _ => RowResult::Skipped,
        };
        diesel::update(people_import_rows::table.find((id, row.number)))
            .set(people_import_rows::result.eq(result))
            .execute(c)?;
    }
    let step = as_i64(rows.len());
    diesel::update(people_imports::table.find(id))
        .set(people_imports::done.eq(people_imports::done + step))
        .execute(c)?;
    Ok(true)
}

/// Withdraws an account that the list made, unless somebody holds on to it.
fn withdraw(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    import: ImportId,
    number: i64,
    id: PersonId,
    uses: &Uses,
) -> Result<RowResult> {
    let person = accounts::person(c, id)?;
    let holds = match queries::in_use(c, &person)? {
        None => (uses.in_use)(c, id)?,
        some => some,
    };
    if let Some(key) = holds {
        diesel::update(people_import_rows::table.find((import, number)))
            .set(people_import_rows::reasons.eq(serde_json::to_string(&[Reason::new(key)])?))
            .execute(c)?;
        return Ok(RowResult::Kept);
    }
    // Other lists may have met the account in their dry run.
    diesel::update(people_import_rows::table.filter(people_import_rows::person_id.eq(id)))
        .set(people_import_rows::person_id.eq(None::<PersonId>))
        .execute(c)?;
    diesel::delete(one_time_links::table.filter(one_time_links::person_id.eq(id.0))).execute(c)?;
    diesel::delete(notices::table.filter(notices::person_id.eq(id.0))).execute(c)?;
    diesel::delete(memberships::table.filter(memberships::person_id.eq(id))).execute(c)?;
    diesel::delete(people::table.find(id.0)).execute(c)?;
    let entry = Entry::new("person.withdraw", "people", id).before(json!({ "name": person.full_name() }));
    audit::record(c, by, now, entry)?;
    Ok(RowResult::Withdrawn)
}
