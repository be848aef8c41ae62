//! Bringing a database to the schema of this binary: safe when two nodes do it at once, refused when the database is newer.

use std::{fs::File, path::Path};

use diesel::{
    connection::SimpleConnection,
    migration::{Migration, MigrationSource, MigrationVersion},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{
    conn::{self, DbConn, Mode},
    planner::{Worth, look_over},
};
use crate::{both, platform::config::DatabaseUrl as Target};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error("the database cannot be opened: {0}")]
    Open(String),
    #[error(
        "the database was migrated by a newer version of nongcot (it has {0}, which this version does not know); run that version"
    )]
    Newer(String),
    #[error("a migration failed: {0}")]
    Failed(String),
}

/// Runs what is missing and names it. Nodes that start together wait for each other.
pub fn migrate(target: &Target) -> Result<Vec<String>, MigrateError> {
    let _file_lock = match target {
        Target::Sqlite(path) => Some(lock_beside(path)?),
        Target::Postgres(_) => None,
    };
    let mut conn = conn::open(target, Mode::Write).map_err(|e| MigrateError::Open(e.to_string()))?;
    if let DbConn::Pg(c) = &mut conn {
        // Held until the connection closes, so also when this process dies. The number is arbitrary and ours.
        c.batch_execute("SET lock_timeout = 0; SET statement_timeout = 0; SELECT pg_advisory_lock(7206180310)")
            .map_err(failed)?;
    }
    refuse_newer(&mut conn)?;
    let done = match &mut conn {
        DbConn::Sqlite(c) => names(&c.run_pending_migrations(SQLITE).map_err(failed)?),
        DbConn::Pg(c) => names(&c.run_pending_migrations(POSTGRES).map_err(failed)?),
    };
    // Slower queries are better than no program: a disk that is full must not keep it from starting.
    if let Err(error) = look_over(&mut conn, Worth::Grown) {
        tracing::warn!(%error, "the planner of queries was not told how the tables grew");
    }
    Ok(done)
}

/// What would be run, without running it. An unreachable or newer database is an error.
pub fn pending(target: &Target) -> Result<Vec<String>, MigrateError> {
    if let Target::Sqlite(path) = target
        && !path.exists()
    {
        return Err(MigrateError::Open(format!("there is no file {}", path.display())));
    }
    let mut conn = conn::open(target, Mode::Write).map_err(|e| MigrateError::Open(e.to_string()))?;
    refuse_newer(&mut conn)?;
    Ok(match &mut conn {
        DbConn::Sqlite(c) => {
            c.pending_migrations(SQLITE).map_err(failed)?.iter().map(|m| m.name().to_string()).collect()
        }
        DbConn::Pg(c) => c.pending_migrations(POSTGRES).map_err(failed)?.iter().map(|m| m.name().to_string()).collect(),
    })
}

/// The day of the newest migration of this version: no right clock shows an earlier one.
pub fn newest_day() -> Option<chrono::NaiveDate> {
    let known: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> = SQLITE.migrations().ok()?;
    let newest = known.iter().map(|m| m.name().version().to_string()).max()?;
    chrono::NaiveDate::parse_from_str(newest.get(..8)?, "%Y%m%d").ok()
}

/// The migrations a database has had, oldest first. One that this version does not know is an error.
pub(super) fn applied(conn: &mut DbConn) -> Result<Vec<String>, MigrateError> {
    refuse_newer(conn)?;
    let mut versions: Vec<String> =
        both!(conn, |c| c.applied_migrations()).map_err(failed)?.iter().map(ToString::to_string).collect();
    versions.sort();
    Ok(versions)
}

/// Runs exactly these migrations, on a connection that may stand in a transaction.
pub(super) fn build(conn: &mut DbConn, wanted: &[String]) -> Result<(), MigrateError> {
    let done = match conn {
        DbConn::Sqlite(c) => run_those(c, SQLITE, wanted)?,
        DbConn::Pg(c) => run_those(c, POSTGRES, wanted)?,
    };
    match wanted.iter().find(|w| !done.contains(w)) {
        Some(unknown) => Err(MigrateError::Newer(unknown.clone())),
        None => Ok(()),
    }
}

/// Runs what is still missing, on a connection that may stand in a transaction.
pub(super) fn rest(conn: &mut DbConn) -> Result<(), MigrateError> {
    match conn {
        DbConn::Sqlite(c) => c.run_pending_migrations(SQLITE).map(|_| ()),
        DbConn::Pg(c) => c.run_pending_migrations(POSTGRES).map(|_| ()),
    }
    .map_err(failed)
}

fn run_those<DB: diesel::backend::Backend>(
    c: &mut impl MigrationHarness<DB>,
    source: EmbeddedMigrations,
    wanted: &[String],
) -> Result<Vec<String>, MigrateError>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let mut done = Vec::new();
    for migration in c.pending_migrations(source).map_err(failed)? {
        let version = migration.name().version().to_string();
        if wanted.contains(&version) {
            c.run_migration(migration.as_ref()).map_err(failed)?;
            done.push(version);
        }
    }
    Ok(done)
}

fn refuse_newer(conn: &mut DbConn) -> Result<(), MigrateError> {
    let applied = both!(conn, |c| c.applied_migrations()).map_err(failed)?;
    let source: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> = SQLITE.migrations().map_err(failed)?;
    let known: Vec<MigrationVersion> = source.iter().map(|m| m.name().version().as_owned()).collect();
    match applied.into_iter().find(|a| !known.contains(a)) {
        Some(unknown) => Err(MigrateError::Newer(unknown.to_string())),
        None => Ok(()),
    }
}

fn lock_beside(path: &Path) -> Result<File, MigrateError> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| MigrateError::Open(format!("{}: {e}", folder.display())))?;
    }
    let lock = path.with_extension("migrate-lock");
    let file = File::create(&lock).map_err(|e| MigrateError::Open(format!("{}: {e}", lock.display())))?;
    file.lock().map_err(failed)?;
    Ok(file)
}

fn names(versions: &[MigrationVersion<'_>]) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}

fn failed(e: impl std::fmt::Display) -> MigrateError {
    MigrateError::Failed(e.to_string())
}
