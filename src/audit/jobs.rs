//! The jobs that seal the log.

use serde::{Deserialize, Serialize};

use super::{actions, queries};
use crate::{
    app::App,
    platform::{error::Result, jobs::Job},
};

/// Chains the rows written since the last run. Chaining is not part of each write, so that writes do not wait for each other.
#[derive(Debug, Serialize, Deserialize)]
pub struct SealAudit {}

impl Job for SealAudit {
    const KIND: &'static str = "audit.seal";
}

pub async fn seal(app: App, _: SealAudit) -> Result<()> {
    while app.db.write("audit.seal", actions::seal_some).await? > 0 {}
    Ok(())
}

/// Looks through the whole log for rows that became visible so late that [`SealAudit`] finds them no more, and chains them.
#[derive(Debug, Serialize, Deserialize)]
pub struct SealMissed {}

impl Job for SealMissed {
    const KIND: &'static str = "audit.seal-missed";
}

/// The long look is a reader's: the writer only comes where there is something to do.
pub async fn seal_missed(app: App, _: SealMissed) -> Result<()> {
    while !app.db.read(|c| queries::missed(c, 1)).await?.is_empty() {
        app.db.write("audit.seal", actions::seal_missed).await?;
    }
    Ok(())
}
