//! Writing the log.

use diesel::prelude::*;
use serde_json::Value;

use super::queries;
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

/// Adds the row; call it in the transaction of the change.
pub fn record(c: &mut DbConn, by: &Actor, at: Moment, entry: Entry) -> Result<()> {
    diesel::insert_into(audit_events::table)
        .values((
            audit_events::at.eq(at),
            audit_events::actor_id.eq(by.person.map(|p| p.0)),
            audit_events::action.eq(entry.action),
            audit_events::object_kind.eq(entry.kind),
            audit_events::object_id.eq(entry.id),
            audit_events::unit_id.eq(entry.unit.map(|u| u.0)),
            audit_events::address.eq(by.address.map(|a| a.to_string())),
            audit_events::request_id.eq(by.request_id.clone()),
            audit_events::before_state.eq(entry.before.map(|v| v.to_string())),
            audit_events::after_state.eq(entry.after.map(|v| v.to_string())),
            audit_events::reason.eq(entry.reason),
        ))
        .execute(c)?;
    Ok(())
}

/// How many rows one transaction seals.
const CHUNK: i64 = 200;

/// Seals one chunk; how many rows it held.
pub fn seal_some(c: &mut DbConn) -> Result<usize> {
    let rows = queries::unsealed(c, CHUNK)?;
    let (mut position, mut hash) = queries::chain_end(c)?;
    for row in &rows {
        position += 1;
        hash = row.seal(&hash)?;
        // The position is the key: a second sealer at the same time fails here and tries again later.
        diesel::insert_into(audit_seals::table)
            .values((audit_seals::position.eq(position), audit_seals::event_id.eq(row.id), audit_seals::hash.eq(&hash)))
            .execute(c)?;
    }
    Ok(rows.len())
}
