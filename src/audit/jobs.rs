//! The job that seals the log.

use serde::{Deserialize, Serialize};

use crate::platform::jobs::Job;

/// Chains the rows written since the last run. Chaining is not part of each write, so that writes do not wait for each other.
#[derive(Debug, Serialize, Deserialize)]
pub struct SealAudit {}

impl Job for SealAudit {
    const KIND: &'static str = "audit.seal";
}
