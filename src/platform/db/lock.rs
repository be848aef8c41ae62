//! Locks by name, for what no key of a table keeps apart. They end with the transaction.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};

use super::DbConn;
use crate::platform::error::Result;

#[derive(Debug, Clone, Copy)]
pub enum Lock {
    Shared,
    Alone,
}

/// Waits until nobody else holds the lock of this name in a way that excludes this one. PostgreSQL only: SQLite's one writer is lock
/// enough.
pub fn lock(c: &mut DbConn, kind: Lock, name: &str) -> Result<()> {
    let DbConn::Pg(c) = c else { return Ok(()) };
    let statement = match kind {
        Lock::Shared => "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, $2))",
        Lock::Alone => "SELECT pg_advisory_xact_lock(hashtextextended($1, $2))",
    };
    sql_query(statement).bind::<Text, _>(name).bind::<BigInt, _>(0).execute(c)?;
    Ok(())
}
