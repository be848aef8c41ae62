//! The rows of files: what the store keeps, noted in the transaction of the change that it belongs to.

use diesel::prelude::*;

use super::{
    DbConn, Moment,
    schema::files::{self, dsl},
};
use crate::platform::{
    error::{Error, Result},
    files::Stored,
};

/// Notes a file that is in the store already, under the name that people see; the id of its row. `by` is who sent it, nobody where
/// the program made it.
pub fn note_file(c: &mut DbConn, now: Moment, kind: &str, stored: &Stored, name: &str, by: Option<i64>) -> Result<i64> {
    Ok(diesel::insert_into(files::table)
        .values((
            dsl::key.eq(stored.key.as_str()),
            dsl::kind.eq(kind),
            dsl::media_type.eq(stored.media_type.mime()),
            dsl::size.eq(i64::try_from(stored.len).map_err(Error::internal)?),
            dsl::sha256.eq(stored.sha256_hex()),
            dsl::name.eq(name),
            dsl::created_by.eq(by),
            dsl::created_at.eq(now),
        ))
        .returning(dsl::id)
        .get_result(c)?)
}
