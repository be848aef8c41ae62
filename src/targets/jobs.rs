//! Work outside requests.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::{
    actions::{self, Written},
    model::{
        Days, TargetId,
        seal::{SealId, SealState},
    },
    queries,
};
use crate::{
    access::Actor,
    app::App,
    platform::{
        aside::aside,
        db::{DbConn, Moment},
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
                // Behind what became due meanwhile: mail and papers wait for nobody else.
                jobs::enqueue(c, now, &job)?;
            }
            Ok::<_, Error>(more && !is_last)
        };
        if !app.db.write("targets.count-anew", step).await? {
            return Ok(());
        }
    }
}

/// Computes the figures of a target that are to be sealed.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct PrepareSeal {
    pub seal: SealId,
}

impl Job for PrepareSeal {
    const KIND: &'static str = "targets.prepare-seal";
}

/// So many salts are one write.
const SALTS: usize = 1000;

/// May be run again at any time: what an earlier attempt kept is taken away first. Nobody who writes waits for the computing, nor for all
/// the people at once.
pub async fn prepare_seal(app: App, job: PrepareSeal) -> Result<()> {
    let id = job.seal;
    let row = app.db.read(move |c| queries::seal(c, id)).await?;
    if row.state != SealState::Preparing {
        return Ok(());
    }
    let (by, now) = (Actor { person: Some(row.prepared_by), ..Actor::system() }, app.now());
    let days = Days { from: row.period_from, to: row.period_to };
    let asked = row.prepared_at;
    let prepared = app.db.read(move |c| {
        // By the definition that was there when it was asked for, or not at all.
        match queries::changed_since(c, row.target_id, asked)? {
            true => Ok(None),
            false => queries::prepare(c, row.target_id, days, row.known_at, asked).map(Some),
        }
    });
    let Some(prepared) = prepared.await? else {
        return app.db.write("targets.drop-seal", move |c| actions::drop_seal(c, now, id)).await;
    };
    let who = by.clone();
    let written = aside("seal", move || Written::of(prepared, &who, asked)).await?;
    let kept = keep(&app, id, by, now, written).await;
    // Taken back meanwhile: there is nothing left to do.
    if matches!(kept, Err(Error::Refused(_))) { Ok(()) } else { kept }
}

async fn keep(app: &App, id: SealId, by: Actor, now: Moment, written: Written) -> Result<()> {
    let Written { text, figures, mut salts } = written;
    app.db.write("targets.drop-salts", move |c| actions::drop_salts(c, id)).await?;
    // One of each write, to see at the end that none of them was taken away by another worker with the same job.
    let mut marks = Vec::new();
    while !salts.is_empty() {
        let some = salts.split_off(salts.len().saturating_sub(SALTS));
        marks.extend(some.first().map(|(hidden, ..)| hidden.clone()));
        app.db.write("targets.add-salts", move |c| actions::add_salts(c, id, &some)).await?;
    }
    let put = move |c: &mut DbConn| actions::put_prepared(c, &by, now, id, &text, figures, &marks);
    app.db.write("targets.put-prepared", put).await
}

/// Closes the targets whose period is over, and goes on counting where that broke off.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CloseEnded {}

impl Job for CloseEnded {
    const KIND: &'static str = "targets.close-ended";
}

/// How often to look for them.
pub const CLOSE_EVERY: Duration = Duration::from_secs(15 * 60);

pub async fn close_ended(app: App, _: CloseEnded) -> Result<()> {
    let now = app.now();
    let work = move |c: &mut DbConn| {
        actions::close_ended(c, now)?;
        actions::go_on(c, now)
    };
    app.db.write("targets.close-ended", work).await
}
