//! Makes figures that are kept before somebody has to wait for them: those somebody wanted lately when they are soon too old, and at the
//! beginning of a working day, or of the program, those that the people of large units will want.

use std::collections::VecDeque;

use chrono::{NaiveDate, TimeDelta};

use super::{
    Snapshot,
    model::Target,
    queries::{self, Scope},
};
use crate::{
    app::App,
    platform::{clock::local_day, error::Result},
};

/// A working day begins at six o'clock.
const NIGHT: TimeDelta = TimeDelta::hours(6);
/// People of a unit whose figures may take longer than a page may.
const MANY: i64 = 4_000;

/// One for the program.
pub struct Renewal {
    snapshot: Snapshot,
    /// The working day whose figures are or were `awaited`.
    day: Option<NaiveDate>,
    awaited: VecDeque<(Target, Scope)>,
}

impl Renewal {
    pub fn of(snapshot: Snapshot) -> Self {
        Self { snapshot, day: None, awaited: VecDeque::new() }
    }

    /// Makes one thing; whether there was any to be made.
    pub async fn one(&mut self, app: &App) -> Result<bool> {
        if self.snapshot.renew_one(app).await? {
            return Ok(true);
        }
        if let Some((target, scope)) = self.awaited.pop_front() {
            self.snapshot.funnel(app, &target, &scope).await?;
            return Ok(true);
        }
        let now = app.now();
        let day = local_day((now - NIGHT).0);
        if self.day == Some(day) {
            return Ok(false);
        }
        let today = local_day(now.0);
        let officials = self.snapshot.officials(app, today).await?;
        self.awaited = app.db.read(move |c| queries::awaited(c, &officials, MANY, today)).await?.into();
        if !self.awaited.is_empty() {
            let nation = self.snapshot.nation(app).await?;
            self.snapshot.neediest(app, &nation).await?;
        }
        self.day = Some(day);
        Ok(true)
    }
}
