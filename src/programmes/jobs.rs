//! What happens to nominations and to experts without anybody asking.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{actions, queries};
use crate::{
    access::Actor,
    app::App,
    platform::{db::DbConn, error::Result, jobs::Job},
};

/// Recurring: a quota may have grown while people waited for its seats.
#[derive(Debug, Serialize, Deserialize)]
pub struct FillSeats {}

impl Job for FillSeats {
    const KIND: &'static str = "programmes.fill-seats";
}

pub async fn fill_seats(app: App, _: FillSeats) -> Result<()> {
    for quota in app.db.read(queries::quotas_to_fill).await? {
        let now = app.now();
        app.db.write("programmes.fill-seats", move |c| actions::fill_seats(c, now, quota)).await?;
    }
    Ok(())
}

/// Recurring: classes of cohorts begin, and classes held outside the system are confirmed or taken back, without anybody telling the
/// cohort.
#[derive(Debug, Serialize, Deserialize)]
pub struct FollowCohorts {}

impl Job for FollowCohorts {
    const KIND: &'static str = "programmes.follow";
}

pub async fn follow_cohorts(app: App, _: FollowCohorts) -> Result<()> {
    for cohort in app.db.read(queries::programmes::all_cohorts).await? {
        let now = app.now();
        if app.db.read(move |c| actions::members::is_due(c, now, cohort)).await? {
            let follow = move |c: &mut DbConn| actions::members::follow(c, &Actor::system(), now, cohort, None);
            app.db.write("programmes.follow", follow).await?;
        }
    }
    for member in app.db.read(queries::members::with_losses).await? {
        let now = app.now();
        app.db.write("programmes.doubt", move |c| actions::members::doubt(c, now, member.id)).await?;
    }
    Ok(())
}

/// How often it is looked whether a recognition begins, ends soon or ended.
pub const EXPERTS_EVERY: Duration = Duration::from_secs(600);

/// Recurring: recognitions come into effect, people are told that theirs ends soon, and what is over lapses.
#[derive(Debug, Serialize, Deserialize)]
pub struct MindExperts {}

impl Job for MindExperts {
    const KIND: &'static str = "programmes.experts";
}

pub async fn mind_experts(app: App, _: MindExperts) -> Result<()> {
    let now = app.now();
    // In small steps, each of which leaves fewer to be done.
    while app.db.write("programmes.activate", move |c| actions::experts::activate_due(c, now)).await? > 0 {}
    while app.db.write("programmes.lapse", move |c| actions::experts::lapse_due(c, now)).await? > 0 {}
    while app.db.write("programmes.warn", move |c| actions::experts::warn_due(c, now)).await? > 0 {}
    Ok(())
}
