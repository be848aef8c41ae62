//! Copies SQLite's log into the main file beside the writer. Left to the writer, whoever's commit fills the log waits until its pages are
//! copied and the main file is synced, and all behind them wait, too: up to a tenth of a second, a few times a minute in the morning of an
//! exam. What is left for the writer then (`conn::LOG_PAGES`) is little: the last pages, and to begin the log anew.

use std::{
    path::PathBuf,
    sync::{Arc, mpsc},
    time::Duration,
};

use diesel::connection::SimpleConnection;

use super::{
    conn::{self, DbConn, Mode},
    presence::Presence,
};
use crate::platform::config::DatabaseUrl as Target;

/// How often the log is looked at.
const EVERY: Duration = Duration::from_millis(250);
/// Bytes of a log that is worth copying.
const WORTH: u64 = 1024 * 1024;

/// The thread. It ends when this is dropped.
pub struct Checkpointer {
    _alive: mpsc::Sender<()>,
}

impl Checkpointer {
    pub fn start(target: Target, presence: Arc<Presence>) -> std::io::Result<Self> {
        let (alive, ended) = mpsc::channel();
        std::thread::Builder::new()
            .name("sqlite-checkpoint".to_owned())
            .spawn(move || copy_all(&target, &presence, &ended))?;
        Ok(Self { _alive: alive })
    }
}

fn copy_all(target: &Target, presence: &Presence, ended: &mpsc::Receiver<()>) {
    let Target::Sqlite(path) = target else { return };
    let mut log = path.clone().into_os_string();
    log.push("-wal");
    let log = PathBuf::from(log);
    let mut connection: Option<DbConn> = None;
    while ended.recv_timeout(EVERY) == Err(mpsc::RecvTimeoutError::Timeout) {
        if std::fs::metadata(&log).is_ok_and(|file| file.len() < WORTH) || presence.check().is_err() {
            continue;
        }
        // Whatever goes wrong here is the writer's to notice: what it acknowledged lies synced in the log, and a copy that was not
        // synced does not count as made.
        if let Err(error) = copy(target, &mut connection) {
            tracing::debug!(%error, "the log was not copied into the main file");
            connection = None;
        }
    }
}

fn copy(target: &Target, connection: &mut Option<DbConn>) -> Result<(), Box<dyn std::error::Error>> {
    let conn = match connection {
        Some(conn) => conn,
        None => connection.insert(conn::open(target, Mode::Write)?),
    };
    // Passive: nobody who reads or writes waits for it, and it waits for nobody.
    Ok(conn.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")?)
}
