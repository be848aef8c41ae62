//! Work outside requests.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::{actions, model::TargetId};
use crate::{
    app::App,
    platform::{
        db::DbConn,
        error::{Error, Result},
        jobs::{self, Job},
    },
};

/// Counts a target anew, some completions at a time; how far it is stands in the target.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct CountAnew {
    pub target: TargetId,
    /// The change after which it is counted. Jobs of before there were rounds belong to the first.
    #[serde(default)]
    pub round: i64,
}

impl Job for CountAnew {
    const KIND: &'static str = "targets.count-backlog";
}

/// How long one job goes on, far below the time after which another worker would take it for lost.
const TURN: Duration = Duration::from_secs(30);

/// As many steps as fit into a turn, each a write of its own, and with the last the job for what is left.
pub async fn count_anew(app: App, job: CountAnew) -> Result<()> {
    let began = Instant::now();
    loop {
        let (now, is_last) = (app.now(), began.elapsed() >= TURN);
        let step = move |c: &mut DbConn| {
            let more = actions::count_anew(c, job.target, job.round)?;
            if more && is_last {
                jobs::enqueue(c, now, &job)?;
            }
            Ok::<_, Error>(more && !is_last)
        };
        if !app.db.write("targets.count-anew", step).await? {
            return Ok(());
        }
    }
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
