//! The nation's figures, kept in memory as long as nothing was recorded.
//!
//! A visitor of the national page asks four ids, not all counters. What was kept is given out only while these ids are the same, the day
//! is the same and it is young: on a database with several writers a smaller id may become visible after a greater one. Only
//! one sums at a time; the others wait for it.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use tokio::sync::RwLock;

use super::{
    model::{Days, Metric, Target, TargetId, TargetState},
    queries::{self, Board, Funnel, NationRow, Officials, PublicRow, Scope, Version, View},
};
use crate::{
    app::App,
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, Result},
        kept::Kept,
    },
};

/// How long figures are given out without summing them again, whatever the ids say.
const YOUNG: TimeDelta = TimeDelta::seconds(15);
/// What anybody may see is of months that are over: a few minutes are nothing to it.
const PUBLIC: TimeDelta = TimeDelta::minutes(5);
/// What is counted over so many rows takes longer than a page may, and nobody sees it change by one.
const MANY: i64 = 20_000;
const LARGE: TimeDelta = TimeDelta::minutes(3);

/// A working day: what somebody wanted in it is made anew before it is too old.
const WANTED: TimeDelta = TimeDelta::hours(12);

/// The provinces stand on a first page to be glanced at, and who works where changes slowly.
const BOARD: TimeDelta = TimeDelta::minutes(3);

/// Whose funnel of which target in which period.
type Key = (TargetId, Days, Scope);

struct Nation {
    version: Version,
    day: NaiveDate,
    at: Moment,
    rows: Arc<Vec<NationRow>>,
}

/// One for the program.
#[derive(Clone)]
pub struct Snapshot {
    nation: Arc<RwLock<Option<Nation>>>,
    public: Kept<(), Vec<PublicRow>>,
    funnels: Kept<Key, Funnel>,
    officials: Kept<NaiveDate, Officials>,
    boards: Kept<TargetId, Board>,
}

impl Default for Snapshot {
    fn default() -> Self {
        Self {
            nation: Arc::default(),
            public: Kept::new(PUBLIC),
            boards: Kept::new(BOARD),
            funnels: Kept::new(LARGE).if_worth(|funnel| funnel.enrolled.turns >= MANY),
            officials: Kept::new(LARGE).if_worth(|officials| officials.values().sum::<i64>() >= MANY),
        }
    }
}

impl Snapshot {
    /// The nation's figures as they are now.
    pub async fn nation(&self, app: &App) -> Result<Arc<Vec<NationRow>>> {
        let now = app.now();
        let today = local_day(now.0);
        let version = app.db.read(queries::version).await?;
        let fresh = |kept: &Nation| kept.version == version && kept.day == today && now - kept.at < YOUNG;
        if let Some(kept) = self.nation.read().await.as_ref().filter(|kept| fresh(kept)) {
            return Ok(Arc::clone(&kept.rows));
        }
        let mut place = self.nation.write().await;
        if let Some(kept) = place.as_ref().filter(|kept| fresh(kept)) {
            return Ok(Arc::clone(&kept.rows));
        }
        // Together, so that the figures are of this version or of a later one, never of an earlier.
        let (version, rows) =
            app.db.read(move |c| Ok::<_, Error>((queries::version(c)?, queries::nation(c, today)?))).await?;
        let rows = Arc::new(rows);
        *place = Some(Nation { version, day: today, at: now, rows: Arc::clone(&rows) });
        Ok(rows)
    }

    /// What anybody may see, and of which moment it is.
    pub async fn public(&self, app: &App) -> Result<(Moment, Arc<Vec<PublicRow>>)> {
        let now = app.now();
        let today = local_day(now.0);
        self.public.get((), now, app.db.read(move |c| queries::published(c, today))).await
    }

    /// How far the people on their way to a target have come, and of which moment that is: the present one where they are few.
    pub async fn funnel(&self, app: &App, target: &Target, scope: &Scope) -> Result<(Moment, Arc<Funnel>)> {
        let now = app.now();
        let key = (target.id, target.period(), scope.clone());
        self.funnels.get(key.clone(), now, count(app, now, key)).await
    }

    /// How many people work directly in each unit on a day.
    pub async fn officials(&self, app: &App, on: NaiveDate) -> Result<Arc<Officials>> {
        Ok(self.officials.get(on, app.now(), app.db.read(move |c| queries::officials_on(c, on))).await?.1)
    }

    /// The whole country by unit, for the target that needs most, and of which moment it is: it takes all people by where they work.
    pub async fn neediest(&self, app: &App, rows: &[NationRow]) -> Result<Option<(Moment, Target, Arc<Board>)>> {
        let now = app.now();
        let today = local_day(now.0);
        let Some(target) = neediest(rows, today).map(|row| row.target.clone()) else { return Ok(None) };
        let (at, board) = self.boards.get(target.id, now, self.board(app, target.clone(), today)).await?;
        Ok(Some((at, target, board)))
    }

    async fn board(&self, app: &App, target: Target, today: NaiveDate) -> Result<Board> {
        let officials = self.officials(app, today).await?;
        let day = View::AsOf(today);
        app.db.read(move |c| queries::board(c, &target, target.period(), day, today, &officials)).await
    }

    /// Makes one thing anew that was asked for within [`WANTED`] and is soon too old; whether there was any. Without this, whoever came
    /// first after it was too old would wait for it, at a large agency for a second.
    pub async fn renew_one(&self, app: &App) -> Result<bool> {
        let now = app.now();
        let (today, since) = (local_day(now.0), now - WANTED);
        if let Some(on) = self.officials.due(now, since) {
            self.officials.renew(&on, now, app.db.read(move |c| queries::officials_on(c, on))).await?;
        } else if let Some(id) = self.boards.due(now, since) {
            let target = app.db.read(move |c| queries::by_id(c, id)).await?;
            self.boards.renew(&id, now, self.board(app, target, today)).await?;
        } else if let Some(key) = self.funnels.due(now, since) {
            self.funnels.renew(&key, now, count(app, now, key.clone())).await?;
        } else {
            return Ok(false);
        }
        Ok(true)
    }
}

fn count(app: &App, now: Moment, (target, period, scope): Key) -> impl Future<Output = Result<Funnel>> {
    app.db.read(move |c| queries::funnel(c, target, period, &scope, now))
}

/// Of the running targets of people or turns the one that has to gain the greatest part of its whole on each day that is left.
fn neediest(rows: &[NationRow], today: NaiveDate) -> Option<&NationRow> {
    let running = |row: &&NationRow| {
        let target = &row.target;
        target.state == TargetState::InForce && target.metric != Metric::Agencies && target.period().contains(today)
    };
    let need = |row: &&NationRow| {
        let Target { required, metric, period_to, .. } = row.target;
        need(required, row.split.total.rank(metric), (period_to - today).num_days() + 1)
    };
    // Of equal ones the first.
    rows.iter().filter(running).rev().max_by_key(need)
}

/// What is missing for each day that is left, in thousandths of a millionth of the whole.
fn need(required: i64, reached: i64, days: i64) -> i128 {
    let missing = (required - reached).max(0);
    i128::from(missing) * 1_000_000_000 / (i128::from(required.max(1)) * i128::from(days.max(1)))
}

#[cfg(test)]
mod tests {
    use super::need;

    #[test]
    fn the_nearer_the_end_and_the_more_is_missing_the_greater_the_need() {
        assert!(need(1000, 0, 100) > need(1000, 500, 100));
        assert!(need(1000, 500, 10) > need(1000, 500, 100));
        // A tenth of a large plan in ten days is as much as all of a small one in a hundred.
        assert_eq!(need(10_000, 9_000, 10), need(100, 0, 100));
        assert_eq!([need(100, 100, 5), need(100, 140, 5), need(0, 0, 0)], [0, 0, 0]);
    }
}
