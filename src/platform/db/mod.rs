//! The databases behind one door: `read` and `write` take a closure, run it in one transaction off the async threads, and are
//! the only way to a connection. SQLite is written by one thread with group commit ([`writer`]), PostgreSQL by a pool.

pub mod archive;
mod checkpointer;
pub mod conn;
mod fault;
mod files;
pub mod health;
pub mod integrity;
mod lock;
mod migrate;
mod planner;
mod presence;
pub mod schema;
#[cfg(test)]
mod tests;
pub mod types;
mod unit;
mod writer;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

use diesel::r2d2::Pool;

use self::{
    checkpointer::Checkpointer,
    conn::{Manager, Mode},
    presence::Presence,
    unit::{Answer, Ended, Unit, typed},
    writer::{Task, Writer},
};
pub use self::{
    conn::DbConn,
    fault::{breaks_check, breaks_unique},
    files::note_file,
    lock::{Lock, lock},
    migrate::{MigrateError, migrate, newest_day, pending},
    planner::{Worth, look_over},
    types::{Moment, UtcTs},
};
use super::{
    aside::{aside, is_unhurried},
    config::DatabaseUrl as Target,
    error::{Error, Outage},
    telemetry::figure,
};

/// How long a caller waits for a write before it is told that its end is not known.
const WRITE_PATIENCE: Duration = Duration::from_secs(15);
/// How long a caller waits for a connection.
const POOL_PATIENCE: Duration = Duration::from_secs(3);

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    target: Target,
    presence: Arc<Presence>,
    readers: Pool<Manager>,
    writing: Writing,
}

enum Writing {
    Sqlite(Writer, #[expect(dead_code, reason = "it works as long as it is there")] Checkpointer),
    Postgres(Pool<Manager>),
}

impl Database {
    /// Opens the pools without asking the database anything yet: a database that is down must not keep the program from
    /// starting and saying so.
    pub fn open(target: Target, connections: u32, write_queue: usize) -> Result<Self, Error> {
        let sqlite = matches!(target, Target::Sqlite(_));
        let pool = |mode, size| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(0))
                .connection_timeout(POOL_PATIENCE)
                // The first word of a transaction tells as much, see `begun`.
                .test_on_check_out(false)
                .build_unchecked(Manager { target: target.clone(), mode })
        };
        let presence = Arc::new(Presence::of(&target));
        let readers = pool(Mode::Read, connections);
        let writing = if sqlite {
            Writing::Sqlite(
                Writer::start(target.clone(), Arc::clone(&presence), write_queue)?,
                Checkpointer::start(target.clone(), Arc::clone(&presence))?,
            )
        } else {
            Writing::Postgres(pool(Mode::Write, connections))
        };
        Ok(Self(Arc::new(Inner { target, presence, readers, writing })))
    }

    pub fn target(&self) -> &Target {
        &self.0.target
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.0.target, Target::Sqlite(_))
    }

    /// Reads in one transaction that sees one state of the database. Writing inside fails.
    pub fn read<T, E, F>(&self, closure: F) -> impl Future<Output = Result<T, E>> + Send
    where
        F: FnOnce(&mut DbConn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        typed(self.read_unit(Unit::of(closure)))
    }

    async fn read_unit(&self, unit: Unit) -> Result<Answer, Error> {
        let inner = Arc::clone(&self.0);
        let started = Instant::now();
        let work = move || {
            inner.presence.check()?;
            in_transaction(begun(&inner.readers, Mode::Read)?, Mode::Read, unit)
        };
        let result = if is_unhurried() { aside("unhurried-read", work).await } else { blocking(work).await };
        metrics::histogram!(figure::DB_READ_SECONDS).record(started.elapsed());
        result
    }

    /// Reads a few rows by their keys, as [`Database::read`] does. On SQLite that takes less time than handing it to another thread and
    /// back, so it is done at once where a connection is free; a lesson page, which reads three times, takes a third less
    /// processor time by it. Not for lists, sums or searches: meanwhile nobody else is served by this thread.
    pub fn glance<T, E, F>(&self, closure: F) -> impl Future<Output = Result<T, E>> + Send
    where
        F: FnOnce(&mut DbConn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        typed(self.glance_unit(Unit::of(closure)))
    }

    async fn glance_unit(&self, unit: Unit) -> Result<Answer, Error> {
        let free = if self.is_sqlite() { self.0.readers.try_get() } else { None };
        let Some(mut conn) = free else { return self.read_unit(unit).await };
        self.0.presence.glance()?;
        let started = Instant::now();
        conn::begin(&mut conn, Mode::Read).map_err(|e| outage(&e))?;
        let result = in_transaction(conn, Mode::Read, unit);
        metrics::histogram!(figure::DB_READ_SECONDS).record(started.elapsed());
        result
    }

    /// Writes in one transaction named `name` (for the log). When this answers `Ok`, the work is on the disk. An `Err` of the
    /// closure's own means that nothing was written; [`Error::NotKnown`] means just that.
    pub fn write<T, E, F>(&self, name: &'static str, closure: F) -> impl Future<Output = Result<T, E>> + Send
    where
        F: FnOnce(&mut DbConn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        typed(self.write_unit(name, Unit::of(closure)))
    }

    async fn write_unit(&self, name: &'static str, unit: Unit) -> Result<Answer, Error> {
        let started = Instant::now();
        let result = match &self.0.writing {
            Writing::Sqlite(writer, _) => {
                let (task, receiver) = Task::new(name, unit);
                writer.submit(task)?;
                match tokio::time::timeout(WRITE_PATIENCE, receiver).await {
                    Ok(Ok(result)) => result,
                    _ => Err(Error::NotKnown(format!("{name} took too long"))),
                }
            }
            Writing::Postgres(pool) => {
                let pool = pool.clone();
                blocking(move || in_transaction(begun(&pool, Mode::Write)?, Mode::Write, unit)).await
            }
        };
        metrics::histogram!(figure::DB_WRITE_SECONDS).record(started.elapsed());
        result
    }

    /// Whether the database answers; `Ok` when it does.
    pub async fn ping(&self) -> Result<(), Error> {
        use diesel::connection::SimpleConnection;
        self.read(|c| c.batch_execute("SELECT 1").map_err(Error::from)).await
    }
}

/// Runs a closure on a thread that may block.
pub async fn blocking<T, E, F>(closure: F) -> Result<T, E>
where
    F: FnOnce() -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    tokio::task::spawn_blocking(closure)
        .await
        .unwrap_or_else(|e| Err(Error::internal(format!("a blocking task ended: {e}")).into()))
}

fn outage(e: &dyn std::fmt::Display) -> Error {
    fault::count("unavailable");
    Error::Unavailable(Outage::Database, e.to_string())
}

/// A connection of a pool, waiting for one if need be.
fn lent(pool: &Pool<Manager>) -> Result<Lent, Error> {
    pool.get().map_err(|e| outage(&e))
}

type Lent = diesel::r2d2::PooledConnection<Manager>;

/// A connection that has begun a transaction. What PostgreSQL has dropped meanwhile (it was restarted, or something between closed what lay
/// idle) shows at this first word. Nothing was asked yet, so another connection is taken, the last of them new; to ask each beforehand whether it
/// is still there would cost every unit of work a round trip.
fn begun(pool: &Pool<Manager>, mode: Mode) -> Result<Lent, Error> {
    let mut others = pool.max_size();
    loop {
        let mut conn = lent(pool)?;
        match conn::begin(&mut conn, mode) {
            Ok(()) => return Ok(conn),
            Err(error) if others > 0 && conn::give_up(&mut conn) => {
                tracing::debug!(%error, "a connection was lost while it lay idle");
                others -= 1;
            }
            Err(e) => return Err(outage(&e)),
        }
    }
}

/// Runs a unit of work in the transaction that has begun, and ends it.
fn in_transaction(mut conn: Lent, mode: Mode, unit: Unit) -> Result<Answer, Error> {
    match catch_unwind(AssertUnwindSafe(|| unit.run(&mut conn))) {
        Ok(Ended { keep: true, answer }) => {
            if let Err(e) = conn::commit(&mut conn) {
                let _ = conn::roll_back_to(&mut conn, 0);
                return Err(if mode == Mode::Write { Error::NotKnown(e.to_string()) } else { outage(&e) });
            }
            Ok(answer)
        }
        Ok(Ended { keep: false, answer }) => {
            let _ = conn::roll_back_to(&mut conn, 0);
            if mode == Mode::Write {
                conn::retire_if_read_only(&mut conn);
            }
            Ok(answer)
        }
        Err(_) => {
            let _ = conn::roll_back_to(&mut conn, 0);
            fault::count("panic");
            Err(Error::internal("a panic in a unit of work"))
        }
    }
}
