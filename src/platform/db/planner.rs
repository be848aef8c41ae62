//! What the planner of queries knows of the tables.

use diesel::connection::SimpleConnection;

use super::conn::DbConn;

/// What the planner of queries is told anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// Tables that have grown much since the last time.
    Grown,
    /// All, after much was written at once.
    All,
}

/// Lets the planner of queries know how much there is of what. SQLite does not do it by itself, and without it takes a table of a
/// million rows and one of ten for alike; it reads some rows of each index, a matter of milliseconds. PostgreSQL does it by
/// itself, but only some time after much was written.
pub fn look_over(conn: &mut DbConn, worth: Worth) -> diesel::QueryResult<()> {
    match (conn, worth) {
        (DbConn::Sqlite(c), Worth::Grown) => c.batch_execute("PRAGMA analysis_limit = 1000; PRAGMA optimize = 0x10002"),
        (DbConn::Sqlite(c), Worth::All) => c.batch_execute("PRAGMA analysis_limit = 1000; ANALYZE"),
        (DbConn::Pg(_), Worth::Grown) => Ok(()),
        (DbConn::Pg(c), Worth::All) => c.batch_execute("ANALYZE"),
    }
}
