//! Doing a change that was confirmed, outside the request.

use serde::{Deserialize, Serialize};

use super::actions;
use crate::{
    app::App,
    organisations::model::change::ChangeId,
    platform::{error::Result, jobs::Job},
};

/// Notes who passes on, then lets the change happen.
#[derive(Debug, Serialize, Deserialize)]
pub struct WorkChange {
    pub change: ChangeId,
}

impl Job for WorkChange {
    const KIND: &'static str = "reorganisations.work";
}

/// Memberships noted in one transaction: a few milliseconds.
const A_PIECE: i64 = 500;

/// Wherever it breaks off, what is noted stays noted, and nothing has happened yet.
pub async fn work(app: App, job: WorkChange) -> Result<()> {
    let id = job.change;
    while app.db.write("reorganisations.note", move |c| actions::note_some(c, id, A_PIECE)).await? {}
    let now = app.now();
    app.db.write("reorganisations.take-effect", move |c| actions::take_effect(c, now, id)).await
}
