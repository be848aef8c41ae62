//! Work after a change: telling everybody in a class takes longer than a transaction should.

use serde::{Deserialize, Serialize};

use super::actions;
use crate::{
    app::App,
    platform::{error::Result, jobs::Job},
};

/// Tells the learners of a class what became of one of its sessions.
#[derive(Debug, Serialize, Deserialize)]
pub struct Tell {
    pub event: i64,
}

impl Job for Tell {
    const KIND: &'static str = "events.tell";
}

pub async fn tell(app: App, job: Tell) -> Result<()> {
    loop {
        let now = app.now();
        if !app.db.write("events.tell", move |c| actions::tell_some(c, now, job.event)).await? {
            return Ok(());
        }
    }
}
