//! Work outside requests.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{actions, model::TargetId};
use crate::platform::{
    db::{Database, Moment},
    error::Result,
    jobs::{self, Job},
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

impl CountBacklog {
    /// One chunk, and in the same transaction the job for the next.
    pub async fn run(self, db: &Database, now: Moment) -> Result<()> {
        db.write("targets.count-backlog", move |c| {
            if let Some(after) = actions::count_backlog(c, self.target, self.after)? {
                jobs::enqueue(c, now, &Self { target: self.target, after })?;
            }
            Ok(())
        })
        .await
    }
}

/// Closes the targets whose period is over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CloseEnded {}

impl Job for CloseEnded {
    const KIND: &'static str = "targets.close-ended";
}

impl CloseEnded {
    /// How often to look.
    pub const EVERY: Duration = Duration::from_secs(15 * 60);

    pub async fn run(self, db: &Database, now: Moment) -> Result<()> {
        db.write("targets.close-ended", move |c| actions::close_ended(c, now).map(drop)).await
    }
}
