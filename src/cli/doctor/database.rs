//! The database: there, of this version, and set so that nothing acknowledged is lost.

use super::Finding;
use crate::platform::{
    as_i64,
    clock::{Clock, local_time},
    config::{Config, DatabaseUrl},
    db::{
        Database, MigrateError, Moment,
        health::{Health, PostgresHealth, SqliteHealth, health, newest_event},
        newest_day, pending,
    },
    error::{Error, Result},
};

pub async fn look(config: &Config) -> Vec<Finding> {
    let shown = config.database.url.shown();
    let mut findings = Vec::new();
    let is_current = match pending(&config.database.url) {
        Ok(missing) if missing.is_empty() => {
            findings.push(Finding::ok("database", format!("{shown} answers and has the schema of this version")));
            true
        }
        Ok(missing) => {
            let says = format!("{shown} lacks {} migrations of this version: {}", missing.len(), missing.join(", "));
            findings.push(Finding::wrong(
                "database",
                says,
                "Run `nongcot backup` with the old version, then `nongcot migrate`.",
            ));
            false
        }
        Err(error) => {
            findings.push(unreachable(config, &error));
            return findings;
        }
    };
    match ask(config, is_current).await {
        Ok((health, newest)) => {
            findings.push(match &health {
                Health::Sqlite(sqlite) => judge_sqlite(sqlite),
                Health::Postgres(postgres) => judge_postgres(config, postgres),
            });
            findings.push(clock(&health, newest));
        }
        Err(error) => {
            findings.push(Finding::wrong(
                "database",
                format!("{shown}: {error}"),
                "Look into the log of the database.",
            ));
        }
    }
    findings
}

fn unreachable(config: &Config, error: &MigrateError) -> Finding {
    let mend = match (error, &config.database.url) {
        (MigrateError::Newer(_), _) => "Start the version that migrated it, or restore a backup made before that.",
        (_, DatabaseUrl::Sqlite(path)) if !path.exists() => {
            "If this is a new installation, `nongcot migrate` makes the database; otherwise correct database.url or storage.dir."
        }
        (_, DatabaseUrl::Sqlite(_)) => {
            "Give the user of this program the right to read and write the file and its folder."
        }
        (_, DatabaseUrl::Postgres(_)) => {
            "Check that the server runs, that the database and its user exist, and host, port and password in database.url."
        }
    };
    Finding::wrong("database", format!("{}: {error}", config.database.url.shown()), mend)
}

async fn ask(config: &Config, is_current: bool) -> Result<(Health, Option<Moment>)> {
    let db = Database::open(config.database.url.clone(), 1, 16)?;
    db.read(move |c| {
        let newest = if is_current { newest_event(c)? } else { None };
        Ok::<_, Error>((health(c)?, newest))
    })
    .await
}

fn judge_sqlite(found: &SqliteHealth) -> Finding {
    let what = "SQLite";
    let slow = match (found.memory_management, found.stable_plans) {
        (0, 1) => None,
        (0, _) => Some("compiles statements anew at each use (no SQLITE_ENABLE_QPSG)"),
        _ => Some("was built with one lock for all readers (SQLITE_ENABLE_MEMORY_MANAGEMENT)"),
    };
    if let Some(slow) = slow {
        return Finding::wrong(
            what,
            format!("{} {slow}", found.version),
            "Build inside the project's folder, whose .cargo/config.toml says how, or set LIBSQLITE3_FLAGS as it does.",
        );
    }
    if found.journal_mode != "wal" || found.synchronous != 2 {
        return Finding::wrong(
            what,
            format!("{} uses journal {} and synchronous {}", found.version, found.journal_mode, found.synchronous),
            "Put the file on a local disk: network file systems cannot keep a write-ahead log.",
        );
    }
    Finding::ok(what, format!("{}, write-ahead log, every commit synced, readers without a common lock", found.version))
}

fn judge_postgres(config: &Config, found: &PostgresHealth) -> Finding {
    let what = "PostgreSQL";
    let version = &found.version;
    // Readers and writers have a pool each.
    let wanted = as_i64(config.database.pool * 2);
    if found.number < 150_000 {
        return Finding::wrong(what, format!("version {version} is too old"), "Use PostgreSQL 15 or newer.");
    }
    if found.encoding != "UTF8" {
        return Finding::wrong(
            what,
            format!("the database is encoded in {}", found.encoding),
            "Make it anew with ENCODING 'UTF8' and restore a backup into it.",
        );
    }
    if found.fsync != "on" || found.synchronous_commit == "off" {
        return Finding::wrong(
            what,
            format!(
                "{version} with fsync {} and synchronous_commit {}: a crash loses writes that were confirmed",
                found.fsync, found.synchronous_commit
            ),
            "Set both to on in postgresql.conf and reload the server.",
        );
    }
    if wanted > found.max_connections - 5 {
        return Finding::wrong(
            what,
            format!("it allows {} connections and one process of this program may use {wanted}", found.max_connections),
            "Lower database.pool (each process uses twice as many) or raise max_connections.",
        );
    }
    Finding::ok(
        what,
        format!("{version}, every commit synced, {wanted} of {} connections for this process", found.max_connections),
    )
}

fn clock(health: &Health, newest: Option<Moment>) -> Finding {
    let now = Clock::system().now();
    let shown = format!(
        "{} in Viet Nam ({} UTC)",
        local_time(now).format("%d/%m/%Y %H:%M:%S"),
        now.format("%d/%m/%Y %H:%M:%S")
    );
    let mend = "Set the machine's clock and keep it right (Debian: apt-get install systemd-timesyncd).";
    if newest_day().is_some_and(|day| now.date_naive() < day) {
        return Finding::wrong("clock", format!("it shows {shown}, before this version was made"), mend);
    }
    if let Some(newest) = newest.filter(|at| **at > now + chrono::TimeDelta::minutes(2)) {
        let says =
            format!("it shows {shown}, but the database holds something of {} UTC", newest.format("%d/%m/%Y %H:%M:%S"));
        return Finding::wrong("clock", says, mend);
    }
    if let Health::Postgres(server) = health {
        let apart = (*server.now - now).num_seconds().abs();
        if apart > 5 {
            return Finding::wrong("clock", format!("it and the database server's are {apart} seconds apart"), mend);
        }
    }
    Finding::ok("clock", format!("{shown}; days begin at midnight in Viet Nam whatever the machine's time zone"))
}
