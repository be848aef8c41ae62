//! What an administrator decides about failed jobs, with its audit row.

use serde_json::json;

use crate::{
    access::Actor,
    audit::{self, Entry},
    platform::{
        db::{DbConn, Moment},
        error::{Error, Result},
        jobs,
    },
};

/// Runs a failed job again.
pub fn retry_job(c: &mut DbConn, by: &Actor, now: Moment, id: i64) -> Result<()> {
    let kind = jobs::failed_kind(c, id)?.ok_or_else(|| Error::refused("system-job-gone"))?;
    if !jobs::retry(c, now, id)? {
        return Err(Error::refused("system-job-gone"));
    }
    audit::record(c, by, now, Entry::new("job.retry", "jobs", id).after(json!({ "kind": kind })))
}

/// Gives a failed job up for good.
pub fn discard_job(c: &mut DbConn, by: &Actor, now: Moment, id: i64) -> Result<()> {
    let kind = jobs::failed_kind(c, id)?.ok_or_else(|| Error::refused("system-job-gone"))?;
    if !jobs::cancel_failed(c, id)? {
        return Err(Error::refused("system-job-gone"));
    }
    audit::record(c, by, now, Entry::new("job.discard", "jobs", id).before(json!({ "kind": kind })))
}
