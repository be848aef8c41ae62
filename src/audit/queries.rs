//! Reading the log, and checking its chain.

use diesel::prelude::*;

use super::model::{AuditEvent, GENESIS};
use crate::platform::{
    db::{
        DbConn,
        schema::{audit_events, audit_seals},
    },
    error::Result,
};

/// Which rows of the log are wanted; nothing given means all.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// What the action begins with: `person` for all that happens to people.
    pub noun: Option<String>,
    /// The table of the object, and its id there.
    pub kind: Option<String>,
    pub object: Option<String>,
}

/// A page of the log, newest first, from before an id.
pub fn latest(c: &mut DbConn, wanted: &Wanted, before: Option<i64>, limit: i64) -> Result<Vec<AuditEvent>> {
    let mut query = audit_events::table.into_boxed();
    if let Some(before) = before {
        query = query.filter(audit_events::id.lt(before));
    }
    if let Some(noun) = &wanted.noun {
        // Upwards of "person." and below "person/": a range keeps wildcards in what was asked for harmless.
        query =
            query.filter(audit_events::action.ge(format!("{noun}.")).and(audit_events::action.lt(format!("{noun}/"))));
    }
    if let Some(kind) = &wanted.kind {
        query = query.filter(audit_events::object_kind.eq(kind.clone()));
    }
    if let Some(object) = &wanted.object {
        query = query.filter(audit_events::object_id.eq(object.clone()));
    }
    Ok(query.order(audit_events::id.desc()).limit(limit).load(c)?)
}

/// How far the log is sealed.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ChainState {
    /// The last position of the chain, and so how many rows are sealed.
    pub sealed: i64,
    pub hash: String,
    pub waiting: i64,
}

pub fn chain_state(c: &mut DbConn) -> Result<ChainState> {
    let (sealed, hash) = chain_end(c)?;
    // Not all rows less the sealed ones: the log only grows, and this is shown on first pages. A row that becomes visible late, with
    // a smaller number than one that is sealed, is missing here for the moment until the job takes it.
    let last: Option<i64> = audit_seals::table.select(diesel::dsl::max(audit_seals::event_id)).first(c)?;
    let waiting = audit_events::table.filter(audit_events::id.gt(last.unwrap_or(0))).count().get_result(c)?;
    Ok(ChainState { sealed, hash, waiting })
}

/// The positions in the chain of some rows; those without one are not sealed yet.
pub fn positions(c: &mut DbConn, events: &[i64]) -> Result<std::collections::HashMap<i64, i64>> {
    let found: Vec<(i64, i64)> = audit_seals::table
        .filter(audit_seals::event_id.eq_any(events.to_vec()))
        .select((audit_seals::event_id, audit_seals::position))
        .load(c)?;
    Ok(found.into_iter().collect())
}

/// So many seals back a row is still looked for each time that was written before them and became visible after them.
const LATE: i64 = 2_000;

/// The rows up to here are behind the end of the chain.
fn behind(c: &mut DbConn) -> Result<i64> {
    let (end, _) = chain_end(c)?;
    let event: Option<i64> = audit_seals::table.find(end - LATE).select(audit_seals::event_id).first(c).optional()?;
    Ok(event.unwrap_or(0))
}

#[diesel::dsl::auto_type]
fn is_unsealed() -> _ {
    diesel::dsl::not(diesel::dsl::exists(audit_seals::table.filter(audit_seals::event_id.eq(audit_events::id))))
}

/// Rows that are not in the chain yet, oldest first. Looked for near the end of the chain only: the log is as long as the years.
pub fn unsealed(c: &mut DbConn, limit: i64) -> Result<Vec<AuditEvent>> {
    let behind = behind(c)?;
    let rows = audit_events::table.filter(audit_events::id.gt(behind)).filter(is_unsealed());
    Ok(rows.order(audit_events::id.asc()).limit(limit).load(c)?)
}

/// Rows that [`unsealed`] finds no more: of a transaction that lasted so long that thousands of others were sealed meanwhile. This
/// looks through the whole log.
pub fn missed(c: &mut DbConn, limit: i64) -> Result<Vec<AuditEvent>> {
    let behind = behind(c)?;
    let rows = audit_events::table.filter(audit_events::id.le(behind)).filter(is_unsealed());
    Ok(rows.order(audit_events::id.asc()).limit(limit).load(c)?)
}

/// The end of the chain: its last position (0 when empty) and hash.
pub fn chain_end(c: &mut DbConn) -> Result<(i64, String)> {
    let end = audit_seals::table
        .order(audit_seals::position.desc())
        .select((audit_seals::position, audit_seals::hash))
        .first::<(i64, String)>(c)
        .optional()?;
    Ok(end.unwrap_or_else(|| (0, GENESIS.to_owned())))
}

/// Walks a stretch of the chain from a position and its hash: the next position and hash, or the position that is broken.
/// A row taken out leaves a seal without its row, a row altered another hash.
pub fn check_chain(
    c: &mut DbConn,
    from: i64,
    hash: &str,
    limit: i64,
) -> Result<std::result::Result<(i64, String), i64>> {
    let seals: Vec<(i64, i64, String)> = audit_seals::table
        .filter(audit_seals::position.gt(from))
        .order(audit_seals::position.asc())
        .limit(limit)
        .select((audit_seals::position, audit_seals::event_id, audit_seals::hash))
        .load(c)?;
    let ids: Vec<i64> = seals.iter().map(|(_, event, _)| *event).collect();
    let rows: std::collections::HashMap<i64, AuditEvent> = audit_events::table
        .filter(audit_events::id.eq_any(ids))
        .load::<AuditEvent>(c)?
        .into_iter()
        .map(|e| (e.id, e))
        .collect();
    let (mut position, mut previous) = (from, hash.to_owned());
    for (at, event, sealed) in seals {
        let Some(row) = rows.get(&event) else { return Ok(Err(at)) };
        if at != position + 1 || row.seal(&previous)? != sealed {
            return Ok(Err(at));
        }
        (position, previous) = (at, sealed);
    }
    Ok(Ok((position, previous)))
}

/// Walks the whole chain and says where it is broken, and which rows behind its end were left out of it; nothing when it holds.
pub fn verify(c: &mut DbConn) -> Result<Vec<String>> {
    let (mut position, mut hash) = (0, GENESIS.to_owned());
    loop {
        match check_chain(c, position, &hash, 1000)? {
            Ok((next, _)) if next == position => break,
            Ok(next) => (position, hash) = next,
            Err(broken) => {
                return Ok(vec![format!(
                    "the chain is broken at position {broken}: the row sealed there was changed or removed"
                )]);
            }
        }
    }
    let missed = missed(c, 20)?;
    Ok(missed.iter().map(|row| format!("row {} is not in the chain, though it is behind its end", row.id)).collect())
}
