//! The machine: room on the disk, a place to sort in, and open files. What the system knows is asked of its own tools, so that no unsafe call is needed.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use super::Finding;
use crate::platform::config::{Config, DatabaseUrl};

/// Less room than this is a matter of days.
const ROOM: u64 = 1024 * 1024 * 1024;
/// What the figures of a nation need to be sorted, and more.
const SORTING: u64 = 256 * 1024 * 1024;
/// Files the program needs beside its connections: databases, logs, uploads in hand.
const BESIDE: u64 = 256;

pub fn look(config: &Config) -> Vec<Finding> {
    let mut folders = vec![config.storage.dir.as_path()];
    if let DatabaseUrl::Sqlite(file) = &config.database.url
        && let Some(folder) = file.parent().filter(|f| !f.starts_with(&config.storage.dir))
    {
        folders.push(folder);
    }
    let mut findings: Vec<Finding> = folders.into_iter().map(disk).collect();
    if matches!(config.database.url, DatabaseUrl::Sqlite(_)) {
        findings.push(sorting());
    }
    findings.push(open_files(config));
    findings
}

fn disk(folder: &Path) -> Finding {
    match room(folder) {
        Some(free) if free < ROOM => Finding::wrong(
            "disk",
            format!("only {} MiB are free at {}", free / 1024 / 1024, folder.display()),
            "Make room or move storage.dir; on a full disk the site only shows that it cannot save.",
        ),
        Some(free) => Finding::ok("disk", format!("{} GiB are free at {}", free / ROOM, folder.display())),
        None => Finding::ok("disk", format!("how much is free at {} cannot be told here", folder.display())),
    }
}

/// What is too large to be sorted in memory goes to a file in the first of these folders that can be written, in SQLite's own order.
fn sorting() -> Finding {
    let named = ["SQLITE_TMPDIR", "TMPDIR"].into_iter().filter_map(std::env::var_os).map(PathBuf::from);
    let usual = ["/var/tmp", "/usr/tmp", "/tmp", "."].into_iter().map(PathBuf::from);
    let what = "sorting";
    let Some(folder) = named.chain(usual).find(|folder| takes_files(folder)) else {
        return Finding::wrong(
            what,
            "SQLite finds no folder to sort in, so that the figures of many people will fail",
            "Set SQLITE_TMPDIR to a folder that the program may write to.",
        );
    };
    match room(&folder) {
        Some(free) if free < SORTING => Finding::wrong(
            what,
            format!("SQLite sorts in {}, where only {} MiB are free", folder.display(), free / 1024 / 1024),
            "Make room there, or set SQLITE_TMPDIR to another folder that the program may write to.",
        ),
        _ => Finding::ok(what, format!("SQLite sorts in {}", folder.display())),
    }
}

fn takes_files(folder: &Path) -> bool {
    let tried = folder.join(format!("nongcot-doctor-{}", std::process::id()));
    File::create_new(&tried).and_then(|_| std::fs::remove_file(&tried)).is_ok()
}

fn room(folder: &Path) -> Option<u64> {
    let output = std::process::Command::new("df").arg("-Pk").arg("--").arg(folder).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let kibibytes: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kibibytes * 1024)
}

fn open_files(config: &Config) -> Finding {
    let wanted = u64::try_from(config.http.max_connections).unwrap_or(u64::MAX).saturating_add(BESIDE);
    match limit() {
        Some(limit) if limit < wanted => Finding::wrong(
            "open files",
            format!("this process may have {limit}, and {} connections need {wanted}", config.http.max_connections),
            format!(
                "Start it with LimitNOFILE={wanted} (systemd) or `ulimit -n {wanted}`, or lower http.max_connections."
            ),
        ),
        Some(limit) => {
            Finding::ok("open files", format!("{limit}, enough for {} connections", config.http.max_connections))
        }
        None => Finding::ok("open files", "how many are allowed cannot be told here"),
    }
}

fn limit() -> Option<u64> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find(|l| l.starts_with("Max open files"))?;
    match line.split_whitespace().nth(3)? {
        "unlimited" => Some(u64::MAX),
        number => number.parse().ok(),
    }
}
