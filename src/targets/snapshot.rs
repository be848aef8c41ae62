//! The nation's figures, kept in memory as long as nothing was recorded.
//!
//! A visitor of the national page asks four ids, not all counters. What was kept is given out only while these ids are the same, the day
//! is the same and it is young: on a database with several writers a smaller id may become visible after a greater one. Only
//! one sums at a time; the others wait for it.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use tokio::sync::RwLock;

use super::queries::{self, NationRow, PublicRow, Version};
use crate::{
    app::App,
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, Result},
    },
};

/// How long figures are given out without summing them again, whatever the ids say.
const YOUNG: TimeDelta = TimeDelta::seconds(15);
/// What anybody may see is of months that are over: a few minutes are nothing to it.
const PUBLIC: TimeDelta = TimeDelta::minutes(5);

struct Kept {
    version: Version,
    day: NaiveDate,
    at: Moment,
    rows: Arc<Vec<NationRow>>,
}

struct KeptPublic {
    day: NaiveDate,
    at: Moment,
    rows: Arc<Vec<PublicRow>>,
}

/// One for the program.
#[derive(Clone, Default)]
pub struct Snapshot {
    nation: Arc<RwLock<Option<Kept>>>,
    public: Arc<RwLock<Option<KeptPublic>>>,
}

impl Snapshot {
    /// The nation's figures as they are now.
    pub async fn nation(&self, app: &App) -> Result<Arc<Vec<NationRow>>> {
        let now = app.now();
        let today = local_day(now.0);
        let version = app.db.read(queries::version).await?;
        let fresh = |kept: &Kept| kept.version == version && kept.day == today && now - kept.at < YOUNG;
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
        *place = Some(Kept { version, day: today, at: now, rows: Arc::clone(&rows) });
        Ok(rows)
    }

    /// What anybody may see, and of which moment it is.
    pub async fn public(&self, app: &App) -> Result<(Moment, Arc<Vec<PublicRow>>)> {
        let now = app.now();
        let today = local_day(now.0);
        let fresh = |kept: &KeptPublic| kept.day == today && now - kept.at < PUBLIC;
        if let Some(kept) = self.public.read().await.as_ref().filter(|kept| fresh(kept)) {
            return Ok((kept.at, Arc::clone(&kept.rows)));
        }
        let mut place = self.public.write().await;
        if let Some(kept) = place.as_ref().filter(|kept| fresh(kept)) {
            return Ok((kept.at, Arc::clone(&kept.rows)));
        }
        let rows = Arc::new(app.db.read(move |c| queries::published(c, today)).await?);
        *place = Some(KeptPublic { day: today, at: now, rows: Arc::clone(&rows) });
        Ok((now, rows))
    }
}
