//! Work outside requests.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{actions, model::TargetId};
use crate::{
    app::App,
    platform::{
        error::Result,
        jobs::{self, Job},
    },
};

/// Counts the completions that were there before their target, a chunk at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CountBacklog {
    pub target: TargetId,
    /// The last completion event that was looked at.
    pub after: i64,
}

impl Job for CountBacklog {
    const KIND: &'static str = "targets.count-backlog";
}

/// One chunk, and in the same transaction the job for the next.
pub async fn count_backlog(app: App, job: CountBacklog) -> Result<()> {
    let now = app.now();
    app.db
        .write("targets.count-backlog", move |c| {
            if let Some(after) = actions::count_backlog(c, job.target, job.after)? {
                jobs::enqueue(c, now, &CountBacklog { target: job.target, after })?;
            }
            Ok(())
        })
        .await
}

/// Closes the targets whose period is over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CloseEnded {}

impl Job for CloseEnded {
    const KIND: &'static str = "targets.close-ended";
}

/// How often to look for them.
pub const CLOSE_EVERY: Duration = Duration::from_secs(15 * 60);

pub async fn close_ended(app: App, _: CloseEnded) -> Result<()> {
    let now = app.now();
    app.db.write("targets.close-ended", move |c| actions::close_ended(c, now).map(drop)).await
}
