//! What a database error means to the caller; the one place that knows how each database words it.

use diesel::result::{DatabaseErrorKind, Error as Diesel};

use crate::platform::{
    error::{Error, Outage},
    telemetry::figure,
};

/// Counts a fault of the database: `busy`, `unavailable` or `panic`.
pub fn count(kind: &'static str) {
    metrics::counter!(figure::DB_FAULTS, "kind" => kind).increment(1);
}

impl From<Diesel> for Error {
    fn from(error: Diesel) -> Self {
        match error {
            Diesel::NotFound => Self::NotFound,
            Diesel::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::ReadOnlyTransaction,
                info,
            ) => Self::Unavailable(Outage::Database, info.message().to_owned()),
            Diesel::DatabaseError(_, ref info) if is_outage(info.message()) => {
                Self::Unavailable(Outage::Database, info.message().to_owned())
            }
            Diesel::BrokenTransactionManager => {
                Self::Unavailable(Outage::Database, "the transaction is broken".to_owned())
            }
            other => Self::internal(other),
        }
    }
}

/// Texts by which the databases say that they, not the statement, are at fault.
const OUTAGES: [&str; 19] = [
    "disk I/O error",
    // SQLite took the transaction back by itself: whoever goes on with a list would write outside of any.
    "no such savepoint",
    "database or disk is full",
    "attempt to write a readonly database",
    "database is locked",
    "unable to open database file",
    "database disk image is malformed",
    "file is not a database",
    "no connection to the server",
    "server closed the connection",
    "terminating connection",
    "the database system is",
    "could not connect",
    "connection to server",
    "SSL connection has been closed",
    "cannot execute",
    "could not extend file",
    "No space left on device",
    "canceling statement due to",
];

fn is_outage(message: &str) -> bool {
    OUTAGES.iter().any(|o| message.contains(o))
}

/// Whether the error is the breach of a uniqueness, and of which: the index or constraint is named after its table and columns
/// on both databases (`people_email_key` or `people.email`), so `table` and `column` suffice.
pub fn breaks_unique(error: &Diesel, table: &str, column: &str) -> bool {
    let Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, info) = error else { return false };
    // SQLite: "UNIQUE constraint failed: people.email"; PostgreSQL names the constraint: "people_email_key".
    info.message().contains(&format!("{table}.{column}"))
        || info.constraint_name().is_some_and(|c| c.starts_with(&format!("{table}_{column}")))
}

/// Whether the error is the breach of a CHECK.
pub fn breaks_check(error: &Diesel) -> bool {
    matches!(error, Diesel::DatabaseError(DatabaseErrorKind::CheckViolation, _))
}
