//! What first pages ask that belongs to no slice.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::{
    audit::{
        model::BACKUPS,
        queries::{Wanted, latest},
    },
    platform::{
        db::{DbConn, Moment},
        error::{Error, Result},
    },
};

/// The last backup that the log of this database tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastBackup {
    Never,
    /// The database came from a backup that holds this state, and none was made of it since.
    Restored(Moment),
    /// The state that is in it, its length, and the user files that were not there to be put in.
    Made {
        at: Moment,
        bytes: i64,
        missing: i64,
    },
}

#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    bytes: i64,
    #[serde(default)]
    missing_files: i64,
}

pub fn last_backup(c: &mut DbConn) -> Result<LastBackup> {
    let wanted = Wanted { kind: Some(BACKUPS.to_owned()), ..Wanted::default() };
    let Some(event) = latest(c, &wanted, None, 1)?.into_iter().next() else { return Ok(LastBackup::Never) };
    let at: DateTime<Utc> = event.object_id.parse().map_err(Error::internal)?;
    if event.action == "backup.restore" {
        return Ok(LastBackup::Restored(at.into()));
    }
    let Told { bytes, missing_files } = serde_json::from_str(event.after_state.as_deref().unwrap_or("{}"))?;
    Ok(LastBackup::Made { at: at.into(), bytes, missing: missing_files })
}
