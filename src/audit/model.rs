//! A row of the log, and the hash that seals it.

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use crate::platform::{db::Moment, text::hex};

/// A row as it was written.
#[derive(Debug, Clone, Queryable, serde::Serialize)]
pub struct AuditEvent {
    pub id: i64,
    pub at: Moment,
    pub actor_id: Option<i64>,
    pub action: String,
    pub object_kind: String,
    pub object_id: String,
    pub unit_id: Option<i64>,
    pub address: Option<String>,
    pub request_id: Option<String>,
    pub before_state: Option<String>,
    pub after_state: Option<String>,
    pub reason: Option<String>,
}

/// What backups made and restored are in the log; their id is the moment whose state they hold.
pub const BACKUPS: &str = "backups";

/// The hash before the first row.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

impl AuditEvent {
    /// The seal of this row on top of the one before: SHA-256 over the previous hash and the row as JSON.
    pub fn seal(&self, previous: &str) -> Result<String, serde_json::Error> {
        let mut hash = Sha256::new();
        hash.update(previous.as_bytes());
        hash.update(b"\n");
        hash.update(serde_json::to_vec(self)?);
        Ok(hex(&hash.finalize()))
    }
}
