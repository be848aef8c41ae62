//! A backup: one file, the same for both databases, so that it also moves an installation from SQLite to PostgreSQL and back.
//!
//! ```text
//! nongcot backup 1
//! {"kind":"head","name":"","rows":0,"bytes":B}      then B bytes of JSON: version, migrations, tables with their columns
//! {"kind":"rows","name":"people","rows":N,"bytes":B} then N lines, each a JSON array in the order of the head's columns
//! {"kind":"file","name":"submissions/…","bytes":B}   then the bytes of one user file
//! {"kind":"end",…}                                  then B bytes of JSON: how many rows and files there are in all
//! ```
//!
//! Each frame ends with a line that holds SHA-256 over the seal before it, its header and its content, so a changed bit, a
//! missing frame and a cut end are all seen. Values are whole numbers, texts and nulls; bytes are written in hexadecimal, true
//! and false as 1 and 0, moments and dates as ISO 8601 text in UTC.
//!
//! Invariants: what is read is one state of the database, as of [`dump::Snapshot::open`]; neither side ever holds more than one
//! frame in memory; tables and columns are those the database itself names, so a new migration needs no line here.

pub mod dump;
mod frames;
pub mod load;
mod tables;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use self::frames::{Frame, In, Kind, Out};

/// What kept a backup from being made or read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("the backup cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// The file is not what was written.
    #[error("the backup is damaged: {0}")]
    Damaged(String),
    #[error("the database says: {0}")]
    Database(String),
    /// The file or the target is not fit for this; nothing was changed.
    #[error("{0}")]
    Refused(String),
}

impl From<diesel::result::Error> for ArchiveError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.to_string())
    }
}

impl From<super::MigrateError> for ArchiveError {
    fn from(error: super::MigrateError) -> Self {
        Self::Database(error.to_string())
    }
}

pub type Result<T, E = ArchiveError> = std::result::Result<T, E>;

/// The first frame: what is in the file and what made it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Head {
    /// The version of the program.
    pub version: String,
    pub made_at: String,
    /// For people to read: `sqlite` or `postgres`.
    pub database: String,
    /// Where user files were: `folder` (they are inside) or the address of a store (they are not).
    pub files: String,
    /// The migrations the database had; a restore runs these, fills the tables, and only then runs later ones.
    pub migrations: Vec<String>,
    /// In an order in which every row finds those it refers to.
    pub tables: Vec<HeadTable>,
}

/// [`Head::files`] of an installation that keeps its files in a folder.
pub const FILES_INSIDE: &str = "folder";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HeadTable {
    pub name: String,
    pub columns: Vec<String>,
    /// The highest id ever given, also to a row that is gone; `None` for a table without ids of its own.
    pub last_id: Option<i64>,
}

/// The last frame. A file without it was cut off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    pub rows: u64,
    pub files: u64,
}
