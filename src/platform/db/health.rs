//! What `doctor` asks a database about itself. Settings differ between the two, so each is asked in its own words.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};

use super::{DbConn, Moment, UtcTs};
use crate::platform::error::Result;

/// The version and the settings that decide whether acknowledged writes survive and how fast reads are.
#[derive(Debug)]
pub enum Health {
    Sqlite(SqliteHealth),
    Postgres(PostgresHealth),
}

#[derive(Debug, QueryableByName)]
pub struct SqliteHealth {
    #[diesel(sql_type = Text)]
    pub version: String,
    #[diesel(sql_type = Text)]
    pub journal_mode: String,
    /// 2 is FULL.
    #[diesel(sql_type = BigInt)]
    pub synchronous: i64,
    /// How many page caches share one lock: 1 when the library was built with SQLITE_ENABLE_MEMORY_MANAGEMENT, 0 as it should be.
    #[diesel(sql_type = BigInt)]
    pub memory_management: i64,
    /// 1 when a kept statement is not compiled anew for each bound LIMIT (SQLITE_ENABLE_QPSG), as it should be.
    #[diesel(sql_type = BigInt)]
    pub stable_plans: i64,
}

#[derive(Debug, QueryableByName)]
pub struct PostgresHealth {
    #[diesel(sql_type = Text)]
    pub version: String,
    /// 150004 is 15.4.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
    #[diesel(sql_type = Text)]
    pub encoding: String,
    #[diesel(sql_type = Text)]
    pub fsync: String,
    #[diesel(sql_type = Text)]
    pub synchronous_commit: String,
    #[diesel(sql_type = BigInt)]
    pub max_connections: i64,
    #[diesel(sql_type = UtcTs)]
    pub now: Moment,
}

pub fn health(c: &mut DbConn) -> Result<Health> {
    Ok(match c {
        DbConn::Sqlite(c) => Health::Sqlite(
            sql_query(
                "SELECT sqlite_version() AS version, (SELECT journal_mode FROM pragma_journal_mode) AS journal_mode, \
                 (SELECT synchronous FROM pragma_synchronous) AS synchronous, \
                 sqlite_compileoption_used('ENABLE_MEMORY_MANAGEMENT') AS memory_management, \
                 sqlite_compileoption_used('ENABLE_QPSG') AS stable_plans",
            )
            .get_result(c)?,
        ),
        DbConn::Pg(c) => Health::Postgres(
            sql_query(
                "SELECT current_setting('server_version') AS version, current_setting('server_version_num')::bigint AS number, \
                 current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync, \
                 current_setting('synchronous_commit') AS synchronous_commit, \
                 current_setting('max_connections')::bigint AS max_connections, clock_timestamp() AS now",
            )
            .get_result(c)?,
        ),
    })
}

#[derive(QueryableByName)]
struct Newest {
    #[diesel(sql_type = diesel::sql_types::Nullable<UtcTs>)]
    at: Option<Moment>,
}

/// When the latest thing happened that the database knows of. The schema must be of this version.
pub fn newest_event(c: &mut DbConn) -> Result<Option<Moment>> {
    let newest: Newest = sql_query(
        "SELECT max(at) AS at FROM (SELECT max(at) AS at FROM audit_events UNION ALL SELECT max(created_at) FROM jobs \
         UNION ALL SELECT max(last_seen_at) FROM sessions) AS latest",
    )
    .get_result(c)?;
    Ok(newest.at)
}
