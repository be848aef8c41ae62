//! What the database can say about its own soundness.

use diesel::{prelude::*, sql_query, sql_types::Text};

use super::DbConn;
use crate::platform::error::Result;

#[derive(QueryableByName)]
struct Sentence {
    #[diesel(sql_type = Text)]
    sentence: String,
}

/// Damaged pages and references that lead nowhere, a sentence each; nothing when all is well. PostgreSQL refuses both while
/// it runs, so only SQLite, whose file anybody can open, is asked.
pub fn verify(c: &mut DbConn) -> Result<Vec<String>> {
    let DbConn::Sqlite(c) = c else { return Ok(Vec::new()) };
    let mut found: Vec<Sentence> = sql_query(
        "SELECT integrity_check AS sentence FROM pragma_integrity_check WHERE integrity_check <> 'ok' LIMIT 100",
    )
    .load(c)?;
    found.extend(
        sql_query(
            "SELECT 'row ' || coalesce(rowid, '?') || ' of ' || \"table\" || ' refers to a row of ' || parent || ' that is not there' \
             AS sentence FROM pragma_foreign_key_check LIMIT 100",
        )
        .load::<Sentence>(c)?,
    );
    Ok(found.into_iter().map(|s| s.sentence).collect())
}
