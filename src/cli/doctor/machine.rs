//! The machine: room on the disk and open files. Both are asked of the system's own tools, so that no unsafe call is needed.

use std::path::Path;

use super::Finding;
use crate::platform::config::{Config, DatabaseUrl};

/// Less room than this is a matter of days.
const ROOM: u64 = 1024 * 1024 * 1024;
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
