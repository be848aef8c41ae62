//! Reading one state of a database into frames while others go on writing.

use std::io::Write;

use diesel::{
    connection::{DefaultLoadingMode, SimpleConnection},
    pg::PgRowByRowLoadingMode,
    prelude::*,
    sql_query,
    sql_types::Text,
};

use super::{
    ArchiveError, Head, HeadTable, Kind, Out, Result,
    tables::{self, Table},
};
use crate::platform::{
    config::DatabaseUrl,
    db::{
        DbConn,
        conn::{self, Mode},
        migrate,
    },
};

/// A frame of rows is closed once it is this long. A single row may be longer and then has a frame of its own.
const FRAME: usize = 1024 * 1024;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// One state of the database, held for reading. On SQLite the log cannot be cut while it is held, so it grows by what is
/// written meanwhile; on PostgreSQL old rows are kept meanwhile. Nobody waits for it.
pub struct Snapshot {
    conn: DbConn,
    tables: Vec<Table>,
    migrations: Vec<String>,
}

/// A user file as the database knows it.
#[derive(Debug, Clone)]
pub struct KnownFile {
    pub key: String,
    pub sha256: String,
}

impl Snapshot {
    /// Fixes the state: everything acknowledged before this call is in it.
    pub fn open(target: &DatabaseUrl) -> Result<Self> {
        if let DatabaseUrl::Sqlite(path) = target
            && !path.exists()
        {
            return Err(ArchiveError::Refused(format!("there is no database at {}", path.display())));
        }
        let mut conn = conn::open(target, Mode::Read).map_err(|e| ArchiveError::Database(e.to_string()))?;
        let migrations = migrate::applied(&mut conn)?;
        if let DbConn::Pg(c) = &mut conn {
            c.batch_execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")?;
        }
        conn::begin(&mut conn, Mode::Read)?;
        // The first read inside the transaction is what fixes the state.
        let tables = tables::all(&mut conn)?;
        if tables.is_empty() {
            return Err(ArchiveError::Refused("the database has no tables yet".to_owned()));
        }
        Ok(Self { conn, tables, migrations })
    }

    /// What is in this state. `made_at` and `files` are the caller's to say.
    pub fn head(&mut self, made_at: String, files: String) -> Result<Head> {
        let mut list = Vec::new();
        for table in &self.tables {
            list.push(HeadTable {
                name: table.name.clone(),
                columns: table.columns.iter().map(|c| c.name.clone()).collect(),
                last_id: tables::last_id(&mut self.conn, table)?,
            });
        }
        Ok(Head {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            made_at,
            database: if self.is_sqlite() { "sqlite" } else { "postgres" }.to_owned(),
            files,
            migrations: self.migrations.clone(),
            tables: list,
        })
    }

    /// Writes the rows of every table; how many there were.
    pub fn write_rows<W: Write>(&mut self, out: &mut Out<W>) -> Result<u64> {
        let mut all = 0;
        let is_sqlite = self.is_sqlite();
        for table in &self.tables {
            let (mut rows, mut text) = (0_u64, String::new());
            each(&mut self.conn, &table.select(is_sqlite), &mut |line| {
                text.push_str(&line);
                text.push('\n');
                rows += 1;
                if text.len() >= FRAME {
                    out.whole(Kind::Rows, &table.name, rows, text.as_bytes())?;
                    all += rows;
                    rows = 0;
                    text.clear();
                }
                Ok(())
            })?;
            if rows > 0 {
                out.whole(Kind::Rows, &table.name, rows, text.as_bytes())?;
                all += rows;
            }
        }
        Ok(all)
    }

    /// Every user file that this state knows of.
    pub fn each_file(&mut self, found: &mut dyn FnMut(KnownFile) -> Result<()>) -> Result<()> {
        let array = if self.is_sqlite() { "json_array" } else { "json_build_array" };
        let sql = format!("SELECT CAST({array}(key, sha256) AS TEXT) AS line FROM files ORDER BY id");
        each(&mut self.conn, &sql, &mut |line| {
            let (key, sha256) = serde_json::from_str(&line).map_err(std::io::Error::from)?;
            found(KnownFile { key, sha256 })
        })
    }

    fn is_sqlite(&self) -> bool {
        matches!(self.conn, DbConn::Sqlite(_))
    }
}

/// Hands on row after row, never holding more than one. How a result is streamed differs between the databases.
fn each(c: &mut DbConn, sql: &str, take: &mut dyn FnMut(String) -> Result<()>) -> Result<()> {
    match c {
        DbConn::Sqlite(c) => {
            for row in sql_query(sql).load_iter::<Line, DefaultLoadingMode>(c)? {
                take(row?.line)?;
            }
        }
        DbConn::Pg(c) => {
            for row in sql_query(sql).load_iter::<Line, PgRowByRowLoadingMode>(c)? {
                take(row?.line)?;
            }
        }
    }
    Ok(())
}
