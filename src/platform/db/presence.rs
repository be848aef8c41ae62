//! Whether the SQLite file is still there, and still the same one. A connection goes on writing into a file that was deleted or
//! moved away without noticing, and opening a missing one would make an empty one: both would lose what was acknowledged.

use std::{
    os::unix::fs::MetadataExt,
    path::PathBuf,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use crate::platform::{
    config::DatabaseUrl as Target,
    error::{Error, Outage},
};

/// The file as it was when it was first used. Nothing to watch on PostgreSQL.
#[derive(Debug)]
pub struct Presence {
    path: Option<PathBuf>,
    known: OnceLock<(u64, u64)>,
    began: Instant,
    /// Until when, in milliseconds since it began, a glance takes the last look for granted.
    trusted: AtomicU64,
}

/// Milliseconds for which a glance takes the last look for granted: what it may read meanwhile out of a file that was moved away is what was
/// true this short time ago. Writing always looks. Asking the file system for each glance took a fortieth of a lesson page.
const TRUSTED: u64 = 50;

impl Presence {
    pub fn of(target: &Target) -> Self {
        let path = match target {
            Target::Sqlite(path) => Some(path.clone()),
            Target::Postgres(_) => None,
        };
        Self { path, known: OnceLock::new(), began: Instant::now(), trusted: AtomicU64::new(0) }
    }

    /// As [`Presence::check`], for reads that look at a few rows: now and then.
    pub fn glance(&self) -> Result<(), Error> {
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        if now < self.trusted.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.check()?;
        self.trusted.store(now.saturating_add(TRUSTED), Ordering::Relaxed);
        Ok(())
    }

    /// An outage while the file is away. It ends when the same file is back; another one needs a new start, because
    /// connections to the old one are open.
    pub fn check(&self) -> Result<(), Error> {
        let Some(path) = &self.path else { return Ok(()) };
        let lost = |why: &str| Err(Error::Unavailable(Outage::Database, format!("{}: {why}", path.display())));
        match std::fs::metadata(path) {
            Ok(found) => {
                let now = (found.dev(), found.ino());
                if *self.known.get_or_init(|| now) == now {
                    Ok(())
                } else {
                    lost("the file was replaced by another; stop the program before restoring")
                }
            }
            Err(e) => lost(&e.to_string()),
        }
    }
}
