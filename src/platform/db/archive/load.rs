//! Filling an empty database from frames: everything or nothing.

use std::collections::BTreeMap;

use diesel::{connection::SimpleConnection, prelude::*, sql_query, sql_types::Text};

use super::{
    ArchiveError, Head, Result,
    tables::{self, Table, quoted},
};
use crate::platform::{
    config::DatabaseUrl,
    db::{
        DbConn,
        conn::{self, Mode},
        migrate,
    },
};

/// A database that is being filled. Dropped before [`Loading::finish`], it leaves PostgreSQL as it was; on SQLite the file is
/// one that nobody uses yet, and its maker deletes it.
pub struct Loading {
    conn: DbConn,
    tables: BTreeMap<String, (Table, String)>,
    last_ids: Vec<(String, i64)>,
}

impl Loading {
    /// Makes the tables as they were when the backup was made. The target must be empty.
    pub fn begin(target: &DatabaseUrl, head: &Head) -> Result<Self> {
        if let DatabaseUrl::Sqlite(path) = target
            && path.exists()
        {
            return Err(ArchiveError::Refused(format!("{} exists already", path.display())));
        }
        let mut conn = conn::open(target, Mode::Write).map_err(|e| ArchiveError::Database(e.to_string()))?;
        match &mut conn {
            // Nobody else knows the file, so it needs no log; the last step brings it to the disk. References are checked
            // together at the end.
            DbConn::Sqlite(c) => {
                c.batch_execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF")?;
            }
            DbConn::Pg(c) => {
                c.batch_execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")?
            }
        }
        if !tables::all(&mut conn)?.is_empty() {
            return Err(ArchiveError::Refused(
                "the database holds tables already; a backup is restored into an empty one".to_owned(),
            ));
        }
        if matches!(conn, DbConn::Pg(_)) {
            // One transaction for the tables and all rows.
            conn::begin(&mut conn, Mode::Write)?;
        }
        migrate::build(&mut conn, &head.migrations)?;
        if matches!(conn, DbConn::Sqlite(_)) {
            conn::begin(&mut conn, Mode::Write)?;
        }
        let is_sqlite = matches!(conn, DbConn::Sqlite(_));
        let made = tables::all(&mut conn)?;
        for table in made.iter().rev() {
            // A migration may have put rows in; the backup has them, perhaps changed.
            sql_query(format!("DELETE FROM {}", quoted(&table.name))).execute(&mut conn)?;
        }
        let mut expected = BTreeMap::new();
        let mut last_ids = Vec::new();
        for table in made {
            let listed = head.tables.iter().find(|t| t.name == table.name).ok_or_else(|| unknown(&table.name))?;
            last_ids.extend(listed.last_id.map(|last| (table.name.clone(), last)));
            let insert = table.insert(is_sqlite, &listed.columns)?;
            expected.insert(table.name.clone(), (table, insert));
        }
        if let Some(extra) = head.tables.iter().find(|t| !expected.contains_key(&t.name)) {
            return Err(unknown(&extra.name));
        }
        Ok(Self { conn, tables: expected, last_ids })
    }

    /// Inserts the rows of one frame.
    pub fn rows(&mut self, table: &str, lines: &str, rows: u64) -> Result<()> {
        let (_, insert) = self.tables.get(table).ok_or_else(|| unknown(table))?;
        let array = format!("[{}]", lines.trim_end_matches('\n').replace('\n', ","));
        let inserted = crate::both!(&mut self.conn, |c| sql_query(insert.as_str()).bind::<Text, _>(&array).execute(c))?;
        if u64::try_from(inserted).ok() == Some(rows) {
            Ok(())
        } else {
            Err(ArchiveError::Damaged(format!("a part of {table} announced {rows} rows and held {inserted}")))
        }
    }

    /// Runs later migrations and makes it all stand. `before` runs last of all that may still fail: where it does, nothing stands.
    pub fn finish(mut self, before: impl FnOnce() -> Result<()>) -> Result<()> {
        self.continue_ids()?;
        if matches!(self.conn, DbConn::Sqlite(_)) {
            conn::commit(&mut self.conn)?;
            migrate::rest(&mut self.conn)?;
            // Only of this file: a migration may have used temporary tables, and their store has no log to bring in.
            self.conn.batch_execute(
                "PRAGMA main.journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA main.wal_checkpoint(TRUNCATE)",
            )?;
            before()
        } else {
            migrate::rest(&mut self.conn)?;
            before()?;
            Ok(conn::commit(&mut self.conn)?)
        }
    }

    /// Leaves it as it was when the backup was made, so that an upgrade can be tried on it.
    pub fn leave(mut self) -> Result<()> {
        self.continue_ids()?;
        Ok(conn::commit(&mut self.conn)?)
    }

    fn continue_ids(&mut self) -> Result<()> {
        for (name, last) in &self.last_ids {
            if let Some((table, _)) = self.tables.get(name) {
                tables::continue_ids(&mut self.conn, table, *last)?;
            }
        }
        Ok(())
    }
}

fn unknown(table: &str) -> ArchiveError {
    ArchiveError::Damaged(format!("its tables and those of its migrations differ: {table}"))
}
