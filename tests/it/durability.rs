//! What was acknowledged survives: a full disk, a process that is killed, a disk that cannot sync.

use std::{collections::BTreeSet, process::Command, time::Duration};

use diesel::{prelude::*, sql_query};
use nongcot::platform::{
    config::DatabaseUrl,
    db::{self, Database},
    error::Result,
};
use reqwest::Method;

use crate::support::{
    self, Client,
    outage::{end_session, ended, serve, settings, with_sessions},
    run,
};

/// A small file system of its own, which only root may make. The log of all that the test writes fits in, should a busy machine copy none of it
/// into the database meanwhile: it must be full because of the filling alone.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn make() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"]).arg(folder.path()).output();
        mounted.is_ok_and(|m| m.status.success()).then(|| Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).output();
    }
}

#[actix_web::test]
async fn a_full_disk_refuses_writes_loses_nothing_and_heals() {
    if support::on_postgres() {
        eprintln!("skipped: the disk of the PostgreSQL server is not the test's to fill");
        return;
    }
    let Some(disk) = SmallDisk::make() else {
        eprintln!("skipped: no file system can be mounted here (that needs root)");
        return;
    };
    let database = support::seeded_database().await;
    let (token, mine) = with_sessions(&database.db, "Học viên Minh họa", 300).await;
    drop(database.db.clone());
    let file = disk.0.path().join("small.sqlite");
    let backup = database.folder.path().join("backup");
    // A clean copy of the file, without its log.
    let copied: Result<usize> = {
        let text = backup.display().to_string();
        let mut conn = db::conn::open(&DatabaseUrl::parse(&database.url).unwrap(), db::conn::Mode::Write).unwrap();
        Ok(sql_query(format!("VACUUM INTO '{text}'")).execute(&mut conn).unwrap())
    };
    copied.unwrap();
    std::fs::copy(&backup, &file).unwrap();
    let mut all = settings(&database);
    all[0].1 = format!("sqlite:{}", file.display());
    let mut server = serve(&[], &all).await;
    let mut browser = Client::new(&server.base);
    browser.set_cookie("phien", &token);
    let (mut acknowledged, mut left) = (BTreeSet::new(), mine.into_iter());
    for id in left.by_ref().take(5) {
        assert_eq!(end_session(&mut browser, id).await, Some(303));
        acknowledged.insert(id);
    }
    // Fill what is left to the last byte.
    let filling = disk.0.path().join("filling");
    let mut size = 4096 * 1024;
    let mut filled = Vec::new();
    while size >= 1024 {
        filled.resize(filled.len() + size, 1_u8);
        if std::fs::write(&filling, &filled).is_err() {
            filled.truncate(filled.len() - size);
            size /= 2;
        }
    }
    let mut refused = 0;
    for id in left.by_ref().take(40) {
        match end_session(&mut browser, id).await {
            Some(303) => assert!(acknowledged.insert(id)),
            Some(503) => refused += 1,
            other => panic!("{other:?}, the server: {:?}", server.end()),
        }
    }
    assert!(refused > 0, "the disk did not become full");
    browser.get("/tai-khoan").await.is(200);
    std::fs::remove_file(&filling).unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    for id in left {
        assert_eq!(end_session(&mut browser, id).await, Some(303), "it did not come back by itself");
        acknowledged.insert(id);
    }
    drop(server);
    let db = Database::open(DatabaseUrl::Sqlite(file), 1, 10).unwrap();
    let lost: Vec<_> = acknowledged.difference(&ended(&db).await).copied().collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
}

/// TEST_KILLS says how often; the long drill sets it to 20.
#[actix_web::test]
async fn a_killed_server_loses_no_acknowledged_write() {
    let kills: u64 = std::env::var("TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(2);
    let database = support::seeded_database().await;
    let settings = settings(&database);
    let mut all = BTreeSet::new();
    for round in 0..kills {
        let mut people = Vec::new();
        for number in 0..4 {
            people.push(with_sessions(&database.db, &format!("Học viên Minh họa {round} {number}"), 150).await);
        }
        let mut server = serve(&[], &settings).await;
        let writers: Vec<_> = people
            .into_iter()
            .map(|(token, ids)| {
                let mut browser = Client::new(&server.base);
                browser.set_cookie("phien", &token);
                actix_web::rt::spawn(async move {
                    let mut acknowledged = Vec::new();
                    if browser.try_send(Method::GET, "/", &[], None).await.is_err() {
                        return acknowledged;
                    }
                    browser.token().await;
                    for id in ids {
                        match end_session(&mut browser, id).await {
                            Some(303) => acknowledged.push(id),
                            Some(other) => panic!("status {other}"),
                            None => break,
                        }
                    }
                    acknowledged
                })
            })
            .collect();
        // Not before the writers write, and each time at another moment.
        let known = all.len();
        while ended(&database.db).await.len() < known + 10 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(37 * (round % 7))).await;
        server.kill();
        for writer in writers {
            all.extend(writer.await.unwrap());
        }
        let kept = ended(&database.db).await;
        let lost: Vec<_> = all.difference(&kept).copied().collect();
        assert!(lost.is_empty(), "kill {round}: acknowledged and lost: {lost:?}");
        // What was done without its answer having arrived counts as known from here on.
        all.extend(kept);
    }
    println!("{kills} kills, {} writes, none lost", all.len());
    let settings: Vec<_> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
    run(&settings, &["verify"]).await.ended(0);
}

/// What a trace of the drills shows: syncs, and answers as they leave.
const CALLS: &str = "trace=fdatasync,fsync,sendto,sendmsg,write,writev";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum File {
    Log,
    Main,
}

/// The syncs of a trace that are under way. One that was interrupted by a call of another thread ends on a line of its own, without its file.
#[derive(Default)]
struct Syncs<'a>(std::collections::BTreeMap<&'a str, File>);

impl<'a> Syncs<'a> {
    /// Which file was synced with this line.
    fn ended(&mut self, line: &'a str) -> Option<File> {
        let thread = line.split_whitespace().next().unwrap_or_default();
        let file = if line.contains("sync(") && line.contains("-wal>") {
            File::Log
        } else if line.contains("sync(") && line.contains(".sqlite>") {
            File::Main
        } else if line.contains("sync resumed") {
            self.0.remove(thread)?
        } else {
            return None;
        };
        if line.contains("unfinished") {
            self.0.insert(thread, file);
        }
        line.trim_end().ends_with("= 0").then_some(file)
    }
}

/// Needs strace; tests/long/fsync_drill runs it.
#[actix_web::test]
#[ignore = "a drill with a command of its own: tests/long/fsync_drill"]
async fn after_a_failed_sync_nothing_is_acknowledged_until_the_log_was_written_out() {
    let database = support::seeded_database().await;
    let (token, ids) = with_sessions(&database.db, "Học viên Minh họa", 120).await;
    let trace = database.folder.path().join("trace");
    let path = trace.display().to_string();
    let tracer = [
        "strace",
        "-f",
        "-y",
        "-qq",
        "-o",
        &path,
        "-s",
        "16",
        "-e",
        CALLS,
        "-e",
        "inject=fdatasync,fsync:error=EIO:when=40+61",
    ];
    let server = serve(&tracer, &settings(&database)).await;
    let mut browser = Client::new(&server.base);
    browser.set_cookie("phien", &token);
    let (mut acknowledged, mut unknown) = (BTreeSet::new(), 0);
    for id in ids {
        match end_session(&mut browser, id).await {
            Some(303) => assert!(acknowledged.insert(id)),
            Some(503) => unknown += 1,
            other => panic!("{other:?}"),
        }
    }
    drop(server);
    let text = std::fs::read_to_string(&trace).unwrap();
    let (mut failures, mut owed, mut too_early) = (0, false, Vec::new());
    let mut syncs = Syncs::default();
    for line in text.lines() {
        let synced = syncs.ended(line);
        if line.contains("-wal>") && line.contains("INJECTED") {
            (failures, owed) = (failures + 1, true);
        } else if synced == Some(File::Main) {
            owed = false;
        }
        if owed && line.contains("HTTP/1.1 303") {
            too_early.push(line);
        }
    }
    assert!(failures > 0 && unknown > 0, "no sync of the log failed:\n{text}");
    assert!(
        too_early.is_empty(),
        "after a failed sync promised before the log was written out: {too_early:#?}\n{text}"
    );
    let lost: Vec<_> = acknowledged.difference(&ended(&database.db).await).copied().collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    println!("{failures} failed syncs of the log, {} acknowledged, {unknown} not; none lost", acknowledged.len());
}

/// Needs strace; tests/long/fsync_drill runs it. One write after the other: between two answers that promise something the log must have been
/// synced, or the second promised what only the memory knew.
#[actix_web::test]
#[ignore = "a drill with a command of its own: tests/long/fsync_drill"]
async fn every_answer_that_promises_follows_a_completed_sync() {
    let database = support::seeded_database().await;
    let (token, ids) = with_sessions(&database.db, "Học viên Minh họa", 60).await;
    let trace = database.folder.path().join("trace");
    let path = trace.display().to_string();
    let tracer = ["strace", "-f", "-y", "-qq", "-s", "16", "-o", &path, "-e", CALLS];
    let server = serve(&tracer, &settings(&database)).await;
    let mut browser = Client::new(&server.base);
    browser.set_cookie("phien", &token);
    let promised = ids.len();
    for id in ids {
        assert_eq!(end_session(&mut browser, id).await, Some(303));
    }
    drop(server);
    let text = std::fs::read_to_string(&trace).unwrap();
    let (mut synced, mut answers, mut without) = (false, 0, Vec::new());
    let mut syncs = Syncs::default();
    for line in text.lines() {
        synced |= syncs.ended(line) == Some(File::Log);
        if line.contains("HTTP/1.1 303") {
            answers += 1;
            if !synced {
                without.push(line);
            }
            synced = false;
        }
    }
    assert_eq!(answers, promised, "not every answer was seen in the trace");
    assert!(without.is_empty(), "promised before a sync: {without:#?}");
    println!("{answers} answers, each after a completed sync of the log");
}
