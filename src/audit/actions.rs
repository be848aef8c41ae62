//! Writing the log.

use diesel::prelude::*;
use serde_json::Value;

use super::{model::AuditEvent, queries};
use crate::{
    access::{Actor, UnitId},
    platform::{
        db::{
            DbConn, Moment,
            schema::{audit_events, audit_seals},
        },
        error::Result,
    },
};

/// One row of the log. `action` is `noun.verb` in English, such as `session.end`.
#[derive(Debug)]
pub struct Entry {
    action: &'static str,
    kind: &'static str,
    id: String,
    unit: Option<UnitId>,
    before: Option<Value>,
    after: Option<Value>,
    reason: Option<String>,
}

impl Entry {
    /// `action` happened to the object `id` of that kind (the name of its table).
    pub fn new(action: &'static str, kind: &'static str, id: impl ToString) -> Self {
        Self { action, kind, id: id.to_string(), unit: None, before: None, after: None, reason: None }
    }
    #[must_use]
    pub fn unit(mut self, unit: UnitId) -> Self {
        self.unit = Some(unit);
        self
    }
    #[must_use]
    pub fn before(mut self, state: Value) -> Self {
        self.before = Some(state);
        self
    }
    #[must_use]
    pub fn after(mut self, state: Value) -> Self {
        self.after = Some(state);
        self
    }
    #[must_use]
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }
}

#[derive(Insertable)]
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
struct Row<'a> {
    at: Moment,
    actor_id: Option<i64>,
    action: &'static str,
    object_kind: &'static str,
    object_id: String,
    unit_id: Option<i64>,
    address: Option<String>,
    request_id: Option<&'a str>,
    before_state: Option<String>,
    after_state: Option<String>,
    reason: Option<String>,
}

/// Adds the row; call it in the transaction of the change.
pub fn record(c: &mut DbConn, by: &Actor, at: Moment, entry: Entry) -> Result<()> {
    record_all(c, by, at, [entry])
}

/// Adds the rows of one act upon many things, in order.
pub fn record_all(c: &mut DbConn, by: &Actor, at: Moment, entries: impl IntoIterator<Item = Entry>) -> Result<()> {
    let rows: Vec<Row<'_>> = entries
        .into_iter()
        .map(|entry| Row {
            at,
            actor_id: by.person.map(|p| p.0),
            action: entry.action,
            object_kind: entry.kind,
            object_id: entry.id,
            unit_id: entry.unit.map(|u| u.0),
            address: by.address.map(|a| a.to_string()),
            request_id: by.request_id.as_deref(),
            before_state: entry.before.map(|v| v.to_string()),
            after_state: entry.after.map(|v| v.to_string()),
            reason: entry.reason,
        })
        .collect();
    for part in rows.chunks(STATEMENT) {
        // A batch insert is not part of diesel's common backend.
        crate::both!(c, |c| diesel::insert_into(audit_events::table).values(part).execute(c))?;
    }
    Ok(())
}

/// Rows of one statement: far below the 32 766 values that SQLite takes.
const STATEMENT: usize = 500;

/// How many rows one transaction seals.
const CHUNK: i64 = 200;

/// Seals one chunk; how many rows it held.
pub fn seal_some(c: &mut DbConn) -> Result<usize> {
    let rows = queries::unsealed(c, CHUNK)?;
    seal(c, &rows)
}

/// Seals one chunk of the rows that were left behind; how many it held.
pub fn seal_missed(c: &mut DbConn) -> Result<usize> {
    let rows = queries::missed(c, CHUNK)?;
    seal(c, &rows)
}

fn seal(c: &mut DbConn, rows: &[AuditEvent]) -> Result<usize> {
    let (mut position, mut hash) = queries::chain_end(c)?;
    for row in rows {
        position += 1;
        hash = row.seal(&hash)?;
        // The position is the key: a second sealer at the same time fails here and tries again later.
        diesel::insert_into(audit_seals::table)
            .values((audit_seals::position.eq(position), audit_seals::event_id.eq(row.id), audit_seals::hash.eq(&hash)))
            .execute(c)?;
    }
    Ok(rows.len())
}
