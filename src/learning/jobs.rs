//! Work that comes with time.

use serde::{Deserialize, Serialize};

use super::{
    actions,
    model::{EnrolmentId, Observers, RunId},
};
use crate::{
    app::App,
    platform::{error::Result, jobs::Job},
};

/// Freezes the facts of those who enrolled before their run began. Once a minute is often enough: whoever completes sooner
/// is frozen in that transaction.
#[derive(Debug, Serialize, Deserialize)]
pub struct FreezeDue {}

impl Job for FreezeDue {
    const KIND: &'static str = "learning.freeze";
}

/// Forgets heartbeats and receipts of batches after 30 days.
#[derive(Debug, Serialize, Deserialize)]
pub struct ForgetBeats {}

impl Job for ForgetBeats {
    const KIND: &'static str = "learning.forget-beats";
}

/// Writes the completions that waited for a session which was cancelled.
#[derive(Debug, Serialize, Deserialize)]
pub struct SettleAttended {
    pub run: RunId,
}

impl Job for SettleAttended {
    const KIND: &'static str = "learning.settle-attended";
}

pub async fn settle_attended(app: App, job: SettleAttended, observers: Observers) -> Result<()> {
    let mut after = Some(EnrolmentId(0));
    while let Some(from) = after {
        let now = app.now();
        let settle = move |c: &mut _| actions::settle_attended(c, now, job.run, from, BATCH, &observers);
        after = app.db.write("learning.settle-attended", settle).await?;
    }
    Ok(())
}

/// Rows of each kind forgotten in one transaction.
const FORGET: i64 = 200;

pub async fn forget_beats(app: App, _: ForgetBeats) -> Result<()> {
    loop {
        let now = app.now();
        if app.db.write("learning.forget", move |c| actions::forget_old(c, now, FORGET)).await? == 0 {
            return Ok(());
        }
    }
}

/// Enrolments in one transaction.
const BATCH: i64 = 20;

/// What could not be frozen is told in the log, and is due again in the next minute.
pub async fn freeze_due(app: App, observers: Observers) -> Result<()> {
    let mut after = Some(EnrolmentId(0));
    while let Some(from) = after {
        let now = app.now();
        let frozen =
            app.db.write("learning.freeze", move |c| actions::freeze_due(c, now, from, BATCH, &observers)).await?;
        for (enrolment, error) in frozen.failed {
            tracing::error!(enrolment = enrolment.0, %error, "the facts of an enrolment could not be frozen");
        }
        after = frozen.next;
    }
    Ok(())
}
