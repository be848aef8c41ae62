//! Work that comes with time.

use serde::{Deserialize, Serialize};

use super::{actions, model::AttemptId, queries};
use crate::{
    access::Actor,
    app::App,
    learning::model::Observers,
    platform::{error::Result, jobs::Job},
};

/// Submits attempts at their deadline, for learners who did not.
#[derive(Debug, Serialize, Deserialize)]
pub struct SubmitOverdue {}

impl Job for SubmitOverdue {
    const KIND: &'static str = "assessments.submit";
}

/// Attempts looked up at a time.
const BATCH: i64 = 100;

/// Each attempt in a transaction of its own, so that one that cannot be graded does not hold up the others.
pub async fn submit_overdue(app: App, observers: Observers) -> Result<()> {
    let mut after = AttemptId(0);
    loop {
        let now = app.now();
        let overdue = app.db.read(move |c| queries::overdue(c, now, after, BATCH)).await?;
        let Some(last) = overdue.last().copied() else { return Ok(()) };
        for id in overdue {
            let submitted = app
                .db
                .write("assessments.submit", move |c| actions::submit(c, now, &Actor::system(), id, &observers))
                .await;
            if let Err(error) = submitted {
                tracing::error!(attempt = id.0, %error, "an attempt could not be submitted at its deadline");
            }
        }
        after = last;
    }
}

/// Takes what was answered since into the tallies of questions.
#[derive(Debug, Serialize, Deserialize)]
pub struct TallyAnswers {}

impl Job for TallyAnswers {
    const KIND: &'static str = "assessments.tally";
}

/// Attempts, and answers in lessons, of one transaction.
const TALLIED: i64 = 50;

/// The papers are read and graded outside of the transaction that writes, so that nobody who hands in waits for it.
pub async fn tally_answers(app: App, _: TallyAnswers) -> Result<()> {
    loop {
        let read = app.db.read(|c| queries::tallies::untallied(c, TALLIED)).await?;
        if read.is_empty() {
            return Ok(());
        }
        for what in &read.read.unreadable {
            tracing::error!(what, "an answer is not in the tallies of questions");
        }
        let now = app.now();
        app.db.write("assessments.tally", move |c| actions::tallies::keep(c, now, &read)).await?;
    }
}
