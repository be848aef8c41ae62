//! One connection type over both databases, and how a connection is opened and set up.

use std::path::Path;

use diesel::{
    Connection, ConnectionError, PgConnection, RunQueryDsl, SqliteConnection,
    connection::{
        SimpleConnection,
        TransactionDepthChange::{self, DecreaseDepth, IncreaseDepth},
        ValidTransactionManagerStatus,
    },
    query_builder::{AstPass, QueryFragment, QueryId},
    r2d2,
    sqlite::Sqlite,
};

use crate::platform::config::DatabaseUrl as Target;

/// A connection to either database. The slices write their queries once, against this type.
#[derive(diesel::MultiConnection)]
pub enum DbConn {
    Sqlite(SqliteConnection),
    Pg(PgConnection),
}

/// The backend of [`DbConn`].
pub type Db = self::multi_connection_impl::MultiBackend;

/// Runs one expression on the connection inside: for the few statements diesel's common backend cannot express (upserts, batch inserts), and
/// for those that every request waits for, since the common backend writes the SQL anew each time it runs a statement. Each use says why.
#[macro_export]
macro_rules! both {
    ($conn:expr, |$inner:ident| $body:expr) => {
        match $conn {
            $crate::platform::db::DbConn::Sqlite($inner) => $body,
            $crate::platform::db::DbConn::Pg($inner) => $body,
        }
    };
}

/// What a connection may do; a reader that tries to write fails loudly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Read,
    Write,
}

/// Opens a connection and sets it up.
///
/// # Errors
/// Whatever the database says: not there, refused, no such file.
pub fn open(target: &Target, mode: Mode) -> Result<DbConn, ConnectionError> {
    match target {
        Target::Sqlite(path) => open_sqlite(path, mode).map(DbConn::Sqlite),
        Target::Postgres(url) => {
            let mut conn = PgConnection::establish(url.expose())?;
            conn.batch_execute("SET TIME ZONE 'UTC'; SET client_min_messages = warning; SET statement_timeout = '60s'; SET lock_timeout = '10s'")
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(DbConn::Pg(conn))
        }
    }
}

/// Pages of 4 kB after which a commit itself copies what is left of the log into the main file: the `checkpointer` was there before it.
const LOG_PAGES: u32 = 4096;

/// What a connection that only reads does differently.
///
/// Whatever counting for a nation sorts beyond the size of its cache goes to a file that has no name, in the folder for such files. In memory
/// it stayed with the process, in pieces too small to give back: 90 MB more, for no less processor time. The cache is half of the writer's,
/// since every commit of another connection empties it, and what it held is in the cache of the system anyway.
const READER: &str = "PRAGMA query_only = ON; PRAGMA temp_store = FILE; PRAGMA cache_size = -8192;";

fn open_sqlite(path: &Path, mode: Mode) -> Result<SqliteConnection, ConnectionError> {
    let name = path.to_str().ok_or_else(|| ConnectionError::BadConnection("the path is not UTF-8".to_owned()))?;
    let mut conn = SqliteConnection::establish(name)?;
    // FULL: a commit is on the disk before it is answered; the group commit pays for it once a batch.
    conn.batch_execute(
        "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
         PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;",
    )
    .map_err(ConnectionError::CouldntSetupConfiguration)?;
    conn.batch_execute(&format!("PRAGMA wal_autocheckpoint = {LOG_PAGES}"))
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    if mode == Mode::Read {
        conn.batch_execute(READER).map_err(ConnectionError::CouldntSetupConfiguration)?;
    }
    Ok(conn)
}

/// Keeps connections for a pool.
#[derive(Debug, Clone)]
pub struct Manager {
    pub target: Target,
    pub mode: Mode,
}

impl r2d2::ManageConnection for Manager {
    type Connection = DbConn;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<DbConn, Self::Error> {
        open(&self.target, self.mode).map_err(r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut DbConn) -> Result<(), Self::Error> {
        conn.batch_execute("SELECT 1").map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut DbConn) -> bool {
        use diesel::connection::TransactionManager;
        // A connection whose transaction was left open by a panic must not be lent again.
        match conn {
            DbConn::Sqlite(c) => {
                diesel::connection::AnsiTransactionManager::is_broken_transaction_manager(c) || depth_sqlite(c) > 0
            }
            DbConn::Pg(c) => {
                diesel::connection::AnsiTransactionManager::is_broken_transaction_manager(c) || depth_pg(c) > 0
            }
        }
    }
}

fn depth_sqlite(conn: &mut SqliteConnection) -> u32 {
    use diesel::connection::TransactionManager;
    diesel::connection::AnsiTransactionManager::transaction_manager_status_mut(conn)
        .transaction_depth()
        .ok()
        .flatten()
        .map_or(0, std::num::NonZeroU32::get)
}

fn depth_pg(conn: &mut PgConnection) -> u32 {
    use diesel::connection::TransactionManager;
    diesel::connection::AnsiTransactionManager::transaction_manager_status_mut(conn)
        .transaction_depth()
        .ok()
        .flatten()
        .map_or(0, std::num::NonZeroU32::get)
}

/// A statement that SQLite keeps compiled. An answer that is saved begins and ends two transactions and a savepoint, and compiling the words for it
/// each time took a twentieth of the save.
struct Kept(&'static str);

impl QueryFragment<Sqlite> for Kept {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> diesel::QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}

impl QueryId for Kept {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl diesel::RunQueryDsl<SqliteConnection> for Kept {}

/// Runs what begins or ends a transaction or savepoint, and lets diesel know: it rolls back by what it knows.
fn run_kept(conn: &mut SqliteConnection, sql: &'static str, change: TransactionDepthChange) -> diesel::QueryResult<()> {
    sound(conn)?;
    Kept(sql).execute(conn)?;
    sound(conn)?.change_transaction_depth(change)
}

/// What diesel knows of the open transactions, unless it has lost count.
fn sound(conn: &mut SqliteConnection) -> diesel::QueryResult<&mut ValidTransactionManagerStatus> {
    use diesel::connection::{AnsiTransactionManager as T, TransactionManager, TransactionManagerStatus as Status};
    match T::transaction_manager_status_mut(conn) {
        Status::Valid(status) => Ok(status),
        Status::InError => Err(diesel::result::Error::BrokenTransactionManager),
    }
}

/// The outermost transaction of a unit of work.
pub fn begin(conn: &mut DbConn, mode: Mode) -> diesel::QueryResult<()> {
    use diesel::connection::AnsiTransactionManager as T;
    match (conn, mode) {
        // A deferred transaction that reads first and writes later fails with "database is locked" under load.
        (DbConn::Sqlite(c), Mode::Write) => run_kept(c, "BEGIN IMMEDIATE", IncreaseDepth),
        (DbConn::Sqlite(c), Mode::Read) => run_kept(c, "BEGIN", IncreaseDepth),
        (DbConn::Pg(c), Mode::Write) => T::begin_transaction_sql(c, "BEGIN"),
        (DbConn::Pg(c), Mode::Read) => T::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
    }
}

/// Marks a connection over which PostgreSQL does not answer, so that its pool throws it away; `false` on SQLite, where there is nobody to lose.
pub fn give_up(conn: &mut DbConn) -> bool {
    use diesel::connection::{AnsiTransactionManager as T, TransactionManager};
    match conn {
        DbConn::Sqlite(_) => false,
        DbConn::Pg(c) => {
            T::transaction_manager_status_mut(c).set_in_error();
            true
        }
    }
}

/// Opens the savepoint of one closure inside the transaction of a batch on SQLite; an error where that transaction has ended.
pub fn savepoint(conn: &mut DbConn) -> diesel::QueryResult<()> {
    match (depth(conn), conn) {
        // Named as diesel names it, which rolls back to it by that name.
        (1, DbConn::Sqlite(c)) => run_kept(c, "SAVEPOINT diesel_savepoint_1", IncreaseDepth),
        _ => Err(diesel::result::Error::NotInTransaction),
    }
}

/// Ends that savepoint, keeping or undoing what was done since.
///
/// # Errors
/// What the closure did is not undone, or more than that is: after some errors of a disk SQLite takes back the whole transaction by itself, and
/// what is written then stands outside of any.
pub fn end_savepoint(conn: &mut DbConn, keep: bool) -> diesel::QueryResult<()> {
    match depth(conn) {
        0 | 1 => Err(diesel::result::Error::NotInTransaction),
        2 if keep => commit(conn),
        _ => roll_back_to(conn, 1),
    }
}

/// Ends the innermost transaction or savepoint, keeping its work.
pub fn commit(conn: &mut DbConn) -> diesel::QueryResult<()> {
    use diesel::connection::{AnsiTransactionManager as T, TransactionManager};
    match (depth(conn), conn) {
        (1, DbConn::Sqlite(c)) => run_kept(c, "COMMIT", DecreaseDepth),
        (2, DbConn::Sqlite(c)) => run_kept(c, "RELEASE SAVEPOINT diesel_savepoint_1", DecreaseDepth),
        (_, conn) => both!(conn, |c| T::commit_transaction(c)),
    }
}

/// How many transactions and savepoints are open.
pub fn depth(conn: &mut DbConn) -> u32 {
    match conn {
        DbConn::Sqlite(c) => depth_sqlite(c),
        DbConn::Pg(c) => depth_pg(c),
    }
}

/// Rolls back until only `keep` levels are open; also after a panic deep inside.
pub fn roll_back_to(conn: &mut DbConn, keep: u32) -> diesel::QueryResult<()> {
    use diesel::connection::{AnsiTransactionManager as T, TransactionManager};
    while depth(conn) > keep {
        both!(conn, |c| T::rollback_transaction(c))?;
    }
    Ok(())
}

#[derive(diesel::QueryableByName)]
struct IsReadOnly {
    #[diesel(sql_type = diesel::sql_types::Text)]
    setting: String,
}

/// A PostgreSQL session that was opened while writing was switched off (managed servers do so when their disk is full) keeps
/// refusing after it was switched on again. It is left inside a transaction, which is how the pool tells what not to lend again.
pub fn retire_if_read_only(conn: &mut DbConn) {
    use diesel::{
        RunQueryDsl,
        connection::{AnsiTransactionManager as T, TransactionManager},
    };
    let DbConn::Pg(c) = conn else { return };
    let asked = diesel::sql_query("SELECT current_setting('default_transaction_read_only') AS setting")
        .get_result::<IsReadOnly>(c);
    if asked.is_ok_and(|answer| answer.setting == "on") {
        let _ = T::begin_transaction(c);
    }
}
