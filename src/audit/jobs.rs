//! The job that seals the log.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::queries;
use crate::platform::{
    db::{DbConn, schema::audit_seals},
    error::Result,
    jobs::Job,
};

/// Chains the rows written since the last run. Chaining is not part of each write, so that writes do not wait for each other.
#[derive(Debug, Serialize, Deserialize)]
pub struct SealAudit {}

impl Job for SealAudit {
    const KIND: &'static str = "audit.seal";
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
