//! Lists of people: kept, looked at, confirmed, applied in small steps, taken back. Each step finds what is left to do in the
//! database, so it can be broken off anywhere and begun again, and a row is applied once.

mod apply;
mod undo;

use diesel::prelude::*;
use serde_json::json;

pub use self::{
    apply::apply_some,
    undo::{undo, undo_some},
};
use crate::{
    access::Actor,
    accounts::{
        jobs::WorkImport,
        model::import::{Import, ImportId, ImportState, Judgement, Mapping, NewImport, RowChoice, RowOutcome},
        queries::imports as queries,
    },
    audit::{self, Entry},
    platform::{
        db::{
            DbConn, Moment, breaks_unique,
            schema::{people_import_rows, people_imports},
        },
        error::{Error, Result},
        http::guard::random_code,
        jobs,
    },
};

/// Begins to keep a list. Nobody sees it before [`open`].
pub fn begin(c: &mut DbConn, by: &Actor, now: Moment, new: &NewImport) -> Result<ImportId> {
    let owner = by.person.ok_or_else(|| Error::internal("a list comes from somebody"))?;
    Ok(diesel::insert_into(people_imports::table)
        .values((
            (
                people_imports::code.eq(random_code()?),
                people_imports::owner_id.eq(owner),
                people_imports::unit_id.eq(new.unit),
                people_imports::purpose.eq(new.purpose),
                people_imports::subject.eq(&new.subject),
                people_imports::source.eq(new.source),
                people_imports::file_name.eq(&new.file_name),
                people_imports::content_hash.eq(&new.content_hash),
            ),
            people_imports::state.eq(ImportState::Discarded),
            people_imports::headings.eq(serde_json::to_string(&new.headings)?),
            people_imports::mapping.eq(serde_json::to_string(&new.mapping.clone().unwrap_or_default())?),
            people_imports::total.eq(i64::try_from(new.rows.len()).map_err(Error::internal)?),
            people_imports::done.eq(0),
            people_imports::invites.eq(true),
            people_imports::created_at.eq(now),
        ))
        .returning(people_imports::id)
        .get_result(c)?)
}

/// Keeps some of its rows.
pub fn keep_rows(c: &mut DbConn, id: ImportId, rows: &[(i64, Vec<String>)]) -> Result<()> {
    let mut values = Vec::with_capacity(rows.len());
    for (number, cells) in rows {
        values.push((
            people_import_rows::import_id.eq(id),
            people_import_rows::number.eq(number),
            people_import_rows::cells.eq(serde_json::to_string(cells)?),
            people_import_rows::outcome.eq(RowOutcome::Pending),
            people_import_rows::reasons.eq("[]"),
        ));
    }
    // A batch insert is not part of diesel's common backend.
    crate::both!(c, |c| diesel::insert_into(people_import_rows::table).values(&values).execute(c))?;
    Ok(())
}

/// Shows a list that was kept whole. Of two that are the same, sent at once, one comes through and the other leads to it.
pub fn open(c: &mut DbConn, by: &Actor, now: Moment, id: ImportId, new: &NewImport) -> Result<Import> {
    if let Some(earlier) = queries::earlier(c, new.unit, new.purpose, &new.subject, &new.content_hash)? {
        return Ok(earlier);
    }
    let state = if new.mapping.is_some() { ImportState::Checking } else { ImportState::Mapping };
    diesel::update(people_imports::table.find(id)).set(people_imports::state.eq(state)).execute(c).map_err(|e| {
        match breaks_unique(&e, "people_imports", "content_hash") {
            true => Error::refused("import-sent-at-once"),
            false => e.into(),
        }
    })?;
    let import = queries::import(c, id)?;
    let entry = Entry::new("import.open", "people_imports", id).unit(new.unit).after(json!({
        "purpose": new.purpose, "subject": new.subject, "source": new.source, "file": new.file_name,
        "hash": new.content_hash, "rows": new.rows.len(),
    }));
    audit::record(c, by, now, entry)?;
    if state == ImportState::Checking {
        queue(c, now, &import)?;
    }
    Ok(import)
}

/// Lists of so many rows are worked on while the page loads; the job then only makes sure.
pub const SMALL: i64 = 200;

/// Sees to it that the work is done, whatever happens to whoever asked for it.
fn queue(c: &mut DbConn, now: Moment, import: &Import) -> Result<()> {
    let later = if import.total <= SMALL { now + chrono::TimeDelta::seconds(60) } else { now };
    jobs::enqueue_at(c, now, later, &WorkImport { import: import.id })
}

/// Takes the row of a list before anything of it is changed, so that two that work on it go one after the other.
fn hold(c: &mut DbConn, id: ImportId) -> Result<Import> {
    // SQLite has one writer at a time; only PostgreSQL has row locks.
    if let DbConn::Pg(c) = c {
        people_imports::table.find(id).for_no_key_update().select(people_imports::id).first::<ImportId>(c)?;
    }
    queries::import(c, id)
}

/// Goes from one state to another, or not at all where it is in neither of those it may come from.
fn go(c: &mut DbConn, import: &Import, from: &[ImportState], to: ImportState) -> Result<()> {
    let changed = diesel::update(
        people_imports::table.filter(people_imports::id.eq(import.id).and(people_imports::state.eq_any(from.to_vec()))),
    )
    .set((people_imports::state.eq(to), people_imports::done.eq(0)))
    .execute(c)?;
    if changed == 1 { Ok(()) } else { Err(Error::refused("import-state-other")) }
}

/// Says which column is what, and looks at all rows anew.
pub fn map(c: &mut DbConn, by: &Actor, now: Moment, import: &Import, mapping: &Mapping) -> Result<()> {
    go(c, import, &[ImportState::Mapping, ImportState::Ready], ImportState::Checking)?;
    let mapping = serde_json::to_string(mapping)?;
    diesel::update(people_imports::table.find(import.id)).set(people_imports::mapping.eq(&mapping)).execute(c)?;
    audit::record(
        c,
        by,
        now,
        Entry::new("import.map", "people_imports", import.id).unit(import.unit_id).after(json!({ "mapping": mapping })),
    )?;
    queue(c, now, import)
}

/// Looks at all rows anew: accounts may have come and gone since.
pub fn check_again(c: &mut DbConn, now: Moment, import: &Import) -> Result<()> {
    go(c, import, &[ImportState::Ready], ImportState::Checking)?;
    queue(c, now, import)
}

/// Keeps what the dry run found out about some rows; `done` is how many are behind it then.
pub fn keep_judgements(c: &mut DbConn, import: &Import, judged: &[Judgement], done: usize) -> Result<()> {
    if hold(c, import.id)?.state != ImportState::Checking {
        return Ok(());
    }
    for row in judged {
        diesel::update(people_import_rows::table.find((import.id, row.number)))
            .set((
                people_import_rows::outcome.eq(row.outcome),
                people_import_rows::reasons.eq(serde_json::to_string(&row.reasons)?),
                people_import_rows::person_id.eq(row.person),
                people_import_rows::choice.eq(None::<RowChoice>),
            ))
            .execute(c)?;
    }
    diesel::update(people_imports::table.find(import.id))
        .set(people_imports::done.eq(i64::try_from(done).map_err(Error::internal)?))
        .execute(c)?;
    Ok(())
}

/// The dry run is there to be looked at.
pub fn end_check(c: &mut DbConn, now: Moment, import: &Import) -> Result<()> {
    diesel::update(
        people_imports::table
            .filter(people_imports::id.eq(import.id).and(people_imports::state.eq(ImportState::Checking))),
    )
    .set((people_imports::state.eq(ImportState::Ready), people_imports::checked_at.eq(now)))
    .execute(c)?;
    Ok(())
}

/// Keeps what somebody decided about rows that may be doubles.
pub fn choose(c: &mut DbConn, by: &Actor, now: Moment, import: &Import, choices: &[(i64, RowChoice)]) -> Result<usize> {
    if hold(c, import.id)?.state != ImportState::Ready {
        return Err(Error::refused("import-state-other"));
    }
    let mut changed = 0;
    for (number, choice) in choices {
        let row = people_import_rows::table
            .filter(people_import_rows::import_id.eq(import.id).and(people_import_rows::number.eq(number)))
            .filter(people_import_rows::outcome.eq(RowOutcome::Likely));
        let set = people_import_rows::choice.eq(*choice);
        // Only where somebody is known can the row mean the same person.
        changed += match choice {
            RowChoice::Same => {
                diesel::update(row.filter(people_import_rows::person_id.is_not_null())).set(set).execute(c)?
            }
            RowChoice::New | RowChoice::Skip => diesel::update(row).set(set).execute(c)?,
        };
    }
    let entry = Entry::new("import.choose", "people_imports", import.id).unit(import.unit_id);
    audit::record(
        c,
        by,
        now,
        entry.after(json!({ "rows": choices.iter().map(|(row, choice)| (row, choice.as_str())).collect::<Vec<_>>() })),
    )?;
    Ok(changed)
}

/// Somebody looked at the dry run and wants it done.
pub fn confirm(c: &mut DbConn, by: &Actor, now: Moment, import: &Import, invites: bool) -> Result<()> {
    let person = by.person.ok_or_else(|| Error::internal("a list is confirmed by somebody"))?;
    go(c, import, &[ImportState::Ready], ImportState::Applying)?;
    diesel::update(people_imports::table.find(import.id))
        .set((
            people_imports::invites.eq(invites),
            people_imports::confirmed_by.eq(person),
            people_imports::confirmed_at.eq(now),
        ))
        .execute(c)?;
    let entry = Entry::new("import.confirm", "people_imports", import.id).unit(import.unit_id);
    audit::record(c, by, now, entry.after(json!({ "invites": invites })))?;
    queue(c, now, import)
}

/// Throws a list away that was not confirmed. Where some of it was done already it stays, so that it can be taken back.
pub fn discard(c: &mut DbConn, by: &Actor, now: Moment, import: &Import) -> Result<()> {
    if queries::counts(c, import.id)?.results.values().any(|count| *count > 0) {
        return Err(Error::refused("import-state-other"));
    }
    go(c, import, &[ImportState::Mapping, ImportState::Ready], ImportState::Discarded)?;
    audit::record(c, by, now, Entry::new("import.discard", "people_imports", import.id).unit(import.unit_id))
}

/// So many rows are forgotten in one step.
const FORGOTTEN: i64 = 200;
/// A list that nobody confirmed is personal data that serves nothing after this.
const KEPT: chrono::TimeDelta = chrono::TimeDelta::days(30);

/// Forgets some rows of lists that were thrown away, or never confirmed in time; whether there may be more.
pub fn forget_some(c: &mut DbConn, now: Moment) -> Result<bool> {
    diesel::update(
        people_imports::table
            .filter(people_imports::state.eq_any([ImportState::Mapping, ImportState::Ready]))
            .filter(people_imports::created_at.lt(now - KEPT)),
    )
    .set(people_imports::state.eq(ImportState::Discarded))
    .execute(c)?;
    // Not those of the last hour: one may just be coming in.
    let gone = people_imports::table
        .filter(people_imports::state.eq(ImportState::Discarded))
        .filter(people_imports::created_at.lt(now - chrono::TimeDelta::hours(1)))
        .select(people_imports::id);
    let rows: Vec<(ImportId, i64)> = people_import_rows::table
        .filter(people_import_rows::import_id.eq_any(gone))
        .limit(FORGOTTEN)
        .select((people_import_rows::import_id, people_import_rows::number))
        .load(c)?;
    for row in &rows {
        diesel::delete(people_import_rows::table.find(*row)).execute(c)?;
    }
    Ok(!rows.is_empty())
}
