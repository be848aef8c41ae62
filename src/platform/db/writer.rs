//! Group commit on SQLite: one thread owns the only writing connection, takes closures from a bounded queue, runs each in a
//! savepoint, commits the batch with one fsync, and only then answers each of them.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types};
use tokio::sync::oneshot;

use super::{
    conn::{self, DbConn, Mode},
    fault,
    presence::Presence,
    unit::{Answer, Unit},
};
use crate::platform::{
    config::DatabaseUrl as Target,
    error::{Error, Outage},
    telemetry::figure,
};

/// How many closures share a commit at most; a batch never waits to become fuller.
const BATCH: usize = 256;
/// A closure that takes longer holds up everybody behind it and is logged.
const SLOW: Duration = Duration::from_millis(5);
/// How often a writer that lost its database tries to get it back.
const RETRY: Duration = Duration::from_millis(500);

/// A unit of work in the queue, what came of it, and who waits for that.
pub struct Task {
    name: &'static str,
    unit: Option<Unit>,
    result: Option<Result<Answer, Error>>,
    waiting: oneshot::Sender<Result<Answer, Error>>,
}

impl Task {
    pub fn new(name: &'static str, unit: Unit) -> (Self, oneshot::Receiver<Result<Answer, Error>>) {
        let (waiting, receiver) = oneshot::channel();
        (Self { name, unit: Some(unit), result: None, waiting }, receiver)
    }

    /// Runs the unit inside a savepoint; `false` asks for its rollback.
    fn run(&mut self, conn: &mut DbConn) -> bool {
        let Some(unit) = self.unit.take() else { return false };
        match catch_unwind(AssertUnwindSafe(|| unit.run(conn))) {
            Ok(ended) => {
                self.result = Some(Ok(ended.answer));
                ended.keep
            }
            Err(_) => {
                fault::count("panic");
                self.result = Some(Err(Error::internal(format!("a panic in {}", self.name))));
                false
            }
        }
    }

    /// Sets aside a result of the unit's own for another (a failed savepoint, an outage, an unknown end).
    fn fail(&mut self, error: Error) {
        self.result = Some(Err(error));
    }

    /// Tells the caller. Only called when the batch is on the disk, or for sure not.
    fn answer(self) {
        if let Some(result) = self.result {
            // The caller may have given up; what was written stays written.
            let _ = self.waiting.send(result);
        }
    }
}

/// The sending end of the queue.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::SyncSender<Task>,
}

impl Writer {
    /// Starts the thread. It ends when the last sender is dropped and the queue is empty.
    pub fn start(target: Target, presence: Arc<Presence>, capacity: usize) -> std::io::Result<Self> {
        let (queue, tasks) = mpsc::sync_channel(capacity);
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || write_all(&target, &presence, &tasks))?;
        Ok(Self { queue })
    }

    /// Queues a closure, or says at once that too many are waiting.
    pub fn submit(&self, task: Task) -> Result<(), Error> {
        self.queue.try_send(task).map_err(|e| match e {
            mpsc::TrySendError::Full(_) => {
                fault::count("busy");
                Error::Unavailable(Outage::Busy, "the write queue is full".to_owned())
            }
            mpsc::TrySendError::Disconnected(_) => {
                Error::Unavailable(Outage::Database, "the writer has ended".to_owned())
            }
        })?;
        metrics::gauge!(figure::DB_QUEUE_DEPTH).increment(1.0);
        Ok(())
    }
}

fn write_all(target: &Target, presence: &Presence, tasks: &mpsc::Receiver<Task>) {
    let mut connection: Option<DbConn> = None;
    let mut suspect = false;
    let mut closed: Option<(Instant, String)> = None;
    while let Ok(first) = tasks.recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH {
            match tasks.try_recv() {
                Ok(task) => batch.push(task),
                Err(_) => break,
            }
        }
        metrics::gauge!(figure::DB_QUEUE_DEPTH).decrement(f64::from(u32::try_from(batch.len()).unwrap_or(u32::MAX)));
        if let Some((until, reason)) = &closed
            && Instant::now() < *until
        {
            // Nobody waits for a database that did not answer a moment ago.
            refuse(batch, reason);
            continue;
        }
        if connection.is_none() {
            match reopen(target, presence, suspect) {
                Ok(conn) => {
                    connection = Some(conn);
                    suspect = false;
                }
                Err(reason) => {
                    refuse(batch, &reason);
                    closed = Some((Instant::now() + RETRY, reason));
                    continue;
                }
            }
        }
        if let Some(conn) = connection.as_mut()
            && let Err(lost) = write_batch(conn, presence, batch)
        {
            // The page cache may hold what the disk does not. Nothing of this batch was acknowledged; before anything else is,
            // the database is reopened and its log is copied into the main file and synced again.
            tracing::error!(reason = %lost.reason, "the database was lost; it is reopened before the next write");
            suspect |= lost.at_commit;
            connection = None;
        }
    }
}

fn refuse(batch: Vec<Task>, reason: &str) {
    fault::count("unavailable");
    for mut task in batch {
        task.fail(Error::Unavailable(Outage::Database, reason.to_owned()));
        task.answer();
    }
}

fn not_known(batch: Vec<Task>, reason: &str) {
    for mut task in batch {
        task.fail(Error::NotKnown(reason.to_owned()));
        task.answer();
    }
}

#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = sql_types::Integer)]
    busy: i32,
}

/// Opens the database anew; never makes one. After a failed commit it is `suspect`: the system forgets which pages it could not
/// write, so only what is written again can be relied on. Copying the whole log into the main file, syncing that and emptying
/// the log does so. A reader that is in the way keeps the database suspect until it is done.
fn reopen(target: &Target, presence: &Presence, suspect: bool) -> Result<DbConn, String> {
    presence.check().map_err(|e| e.to_string())?;
    let mut conn = conn::open(target, Mode::Write).map_err(|e| e.to_string())?;
    if suspect && let DbConn::Sqlite(c) = &mut conn {
        let done: Checkpoint = sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(c).map_err(|e| e.to_string())?;
        if done.busy != 0 {
            return Err("the log cannot be written out while somebody reads from it".to_owned());
        }
        tracing::warn!("the database answers again; its log was written out and synced");
    }
    Ok(conn)
}

struct Lost {
    reason: String,
    at_commit: bool,
}

fn write_batch(conn: &mut DbConn, presence: &Presence, mut batch: Vec<Task>) -> Result<(), Lost> {
    let begun = presence.check().map_err(|e| e.to_string());
    if let Err(reason) = begun.and_then(|()| conn::begin(conn, Mode::Write).map_err(|e| e.to_string())) {
        refuse(batch, &reason);
        return Err(Lost { reason, at_commit: false });
    }
    for task in &mut batch {
        let began = Instant::now();
        // Where the savepoint itself fails the transaction is unusable, and so is everything before it in the batch.
        if let Err(e) = conn::savepoint(conn) {
            let reason = e.to_string();
            let _ = conn::roll_back_to(conn, 0);
            refuse(batch, &reason);
            return Err(Lost { reason, at_commit: false });
        }
        let keep = task.run(conn);
        if let Err(e) = conn::end_savepoint(conn, keep) {
            let reason = e.to_string();
            let _ = conn::roll_back_to(conn, 0);
            // A closure that failed with the transaction wrote nothing. One that went on may have written outside of any.
            if keep {
                not_known(batch, &reason)
            } else {
                refuse(batch, &reason)
            }
            return Err(Lost { reason, at_commit: false });
        }
        let took = began.elapsed();
        if took > SLOW {
            tracing::warn!(name = task.name, ms = took.as_millis(), "a slow write held the queue");
        }
    }
    metrics::histogram!(figure::DB_WRITE_BATCH).record(u32::try_from(batch.len()).unwrap_or(u32::MAX));
    // A file that went away meanwhile took the batch with it, unless it comes back.
    let committed = conn::commit(conn).map_err(|e| e.to_string());
    if let Err(reason) = committed.and_then(|()| presence.check().map_err(|e| e.to_string())) {
        let _ = conn::roll_back_to(conn, 0);
        // After a failed sync the batch may or may not survive: its callers are told just that.
        not_known(batch, &reason);
        return Err(Lost { reason, at_commit: true });
    }
    for task in batch {
        task.answer();
    }
    Ok(())
}
