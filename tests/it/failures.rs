//! What happens when something outside goes wrong: settings, ports, the database. Nothing acknowledged is lost, what cannot be
//! done is said with the right status, and what can be done again works again by itself.

use std::{collections::BTreeSet, net::TcpListener, path::Path, process::Command, time::Duration};

use chrono::Utc;
use diesel::{prelude::*, sql_query};
use nongcot::{
    access::Actor,
    accounts::sessions,
    platform::{
        config::DatabaseUrl,
        db::{self, Database, Moment, schema::sessions as rows},
        error::Result,
    },
};
use reqwest::Method;

use crate::support::{self, Client, EmptyDatabase, Server, TestDatabase, factory, run};

#[actix_web::test]
async fn wrong_settings_stop_the_start_with_their_name() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").display().to_string();
    for (key, value, name) in [
        ("HTTP__LISTE", "x", "http.liste"),
        ("NOWHERE__KEY", "x", "nowhere.key"),
        ("HTTP__LISTEN", "port eighty", "http.listen"),
        ("DATABASE__URL", "mysql://somewhere", "database.url"),
        ("MAIL__URL", "pigeon:", "mail.url"),
        ("JOBS__WORKERS", "many", "jobs.workers"),
    ] {
        for command in ["serve", "migrate", "verify"] {
            let ran = run(&[("STORAGE__DIR", &data), (key, value)], &[command]).await;
            ran.ended(2).says(&format!("{name} (environment NONGCOT__{key}):"));
            assert_eq!(ran.err.trim().lines().count(), 1, "{}", ran.err);
        }
        let ran = run(&[("STORAGE__DIR", &data), (key, value)], &["doctor"]).await;
        ran.ended(1).says("WRONG  configuration").says(name);
    }
    let missing = folder.path().join("none.toml").display().to_string();
    run(&[], &["serve", "--config", &missing]).await.ended(2).says("none.toml");
    run(&[], &["serves"]).await.ended(2);
    assert!(!Path::new(&data).exists(), "something was made before the settings were right");
}

#[actix_web::test]
async fn a_port_in_use_stops_the_start_with_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").display().to_string();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap();
    for (key, name) in
        [("HTTP__LISTEN", "http.listen"), ("FILES__LISTEN", "files.listen"), ("METRICS__LISTEN", "metrics.listen")]
    {
        let mut settings = vec![("STORAGE__DIR", data.clone())];
        for other in ["HTTP__LISTEN", "FILES__LISTEN", "METRICS__LISTEN"] {
            settings.push((other, if other == key { port.to_string() } else { "127.0.0.1:0".to_owned() }));
        }
        let settings: Vec<_> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let ran = run(&settings, &["serve"]).await;
        ran.ended(2).says(&format!("{name}: the port {} of 127.0.0.1 is in use", port.port()));
        assert_eq!(ran.err.trim().lines().count(), 1, "{}", ran.err);
    }
    assert!(!Path::new(&data).join("nongcot.sqlite3").exists(), "the database was made before the ports were free");
}

#[actix_web::test]
async fn an_older_program_refuses_a_newer_database() {
    let database = support::database().await;
    let written: Result<usize> = database
        .db
        .write("test", |c| {
            Ok(sql_query("INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000001')").execute(c)?)
        })
        .await;
    written.unwrap();
    let folder = database.folder.path().display().to_string();
    let settings = [
        ("DATABASE__URL", database.url.as_str()),
        ("STORAGE__DIR", &folder),
        ("HTTP__LISTEN", "127.0.0.1:0"),
        ("FILES__LISTEN", "127.0.0.1:0"),
        ("METRICS__LISTEN", ""),
    ];
    for command in [&["serve"][..], &["migrate"], &["verify"], &["backup", "/nonexistent/backup"], &["doctor"]] {
        run(&settings, command).await.ended(1);
    }
    run(&settings, &["serve"]).await.says("newer version").says("29990101000001");
    run(&settings, &["doctor"]).await.says("WRONG  database").says("newer version");
}

#[actix_web::test]
async fn several_may_migrate_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let empty = if support::on_postgres() { EmptyDatabase::make() } else { None };
    let url = match &empty {
        Some(empty) => empty.url.clone(),
        None => format!("sqlite:{}", folder.path().join("new").join("test.sqlite3").display()),
    };
    let settings = [("DATABASE__URL", url.as_str()), ("LOG__LEVEL", "off")];
    let ran = futures_util::future::join_all((0..4).map(|_| run(&settings, &["migrate"]))).await;
    let mut applied: Vec<&str> = Vec::new();
    for one in &ran {
        one.ended(0);
        applied.extend(one.out.lines().filter_map(|l| l.strip_prefix("applied ")));
    }
    let count = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite")).unwrap().count();
    let distinct: BTreeSet<_> = applied.iter().collect();
    assert_eq!((applied.len(), distinct.len()), (count, count), "each migration runs once: {applied:?}");
    run(&settings, &["verify"]).await.ended(0);
}

#[actix_web::test]
async fn doctor_says_what_is_wrong_and_how_to_mend_it() {
    let database = support::database().await;
    let folder = database.folder.path().display().to_string();
    let good = [("DATABASE__URL", database.url.as_str()), ("STORAGE__DIR", &folder), ("HTTP__MAX_CONNECTIONS", "16")];
    let json: serde_json::Value = serde_json::from_str(&run(&good, &["doctor", "--json"]).await.out).unwrap();
    let wrong: Vec<&str> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["is_ok"] == false)
        .map(|f| f["what"].as_str().unwrap())
        .collect();
    // The server of the tests may lose what it confirmed, and doctor sees it.
    let expected: &[&str] = if support::on_postgres() { &["PostgreSQL"] } else { &[] };
    assert_eq!(wrong, expected, "{json:#}");
    assert!(
        json["settings"].as_array().unwrap().iter().any(|s| s["key"] == "storage.dir" && s["value"] == folder.as_str())
    );

    let (gone, closed) = (format!("sqlite:{folder}/none.sqlite3"), "smtp://127.0.0.1:9");
    let bad = [
        ("DATABASE__URL", gone.as_str()),
        ("STORAGE__DIR", &folder),
        ("MAIL__URL", closed),
        ("HTTP__PUBLIC_URL", "http://daotao.example"),
        ("HTTP__MAX_CONNECTIONS", "900000"),
    ];
    let ran = run(&bad, &["doctor"]).await;
    ran.ended(1);
    for text in [
        "WRONG  address",
        "http.public_url to its https:// address",
        "WRONG  database",
        "`nongcot migrate` makes the database",
        "WRONG  mail",
        "in mail.url",
        "WRONG  open files",
        "OK     files",
    ] {
        ran.says(text);
    }
    assert!(!database.folder.path().join("none.sqlite3").exists(), "doctor made a database");
}

/// The page says in Vietnamese that it cannot serve, and so does the door for load balancers.
async fn assert_down(browser: &mut Client) {
    let page = browser.get("/tai-khoan").await;
    page.is(503)
        .says("<h1")
        .says_not("sqlite")
        .says_not("SELECT")
        .says_not(std::env::temp_dir().to_str().expect("a path"));
    assert!(!page.header("retry-after").is_empty());
    browser.get("/readyz").await.is(503);
    browser.get("/healthz").await.is(200);
}

async fn assert_up(browser: &mut Client) {
    for _ in 0..100 {
        if browser.get("/readyz").await.status == 200 {
            browser.get("/tai-khoan").await.is(200);
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it did not come back by itself");
}

#[actix_web::test]
async fn a_database_that_vanishes_is_missed_and_comes_back_by_itself() {
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", "P01").await;
    let mut browser = app.sign_in(&person).await;
    assert_up(&mut browser).await;
    if support::on_postgres() {
        let name = app.database.name();
        support::order(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
        support::order(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
        assert_down(&mut browser).await;
        support::order(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
    } else {
        let file = app.database.folder.path().join("nongcot.sqlite");
        let away = app.database.folder.path().join("away");
        std::fs::rename(&file, &away).unwrap();
        assert_down(&mut browser).await;
        assert!(!file.exists());
        std::fs::rename(&away, &file).unwrap();
    }
    assert_up(&mut browser).await;
    app.person("Người Đến Sau", "P01").await;
}

/// Ends a session of one's own: a write whose answer promises that it is on the disk.
async fn end_session(browser: &mut Client, id: i64) -> Option<u16> {
    let token = browser.token().await;
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
    let body = format!("_csrf={token}").into_bytes();
    let path = format!("/tai-khoan/phien/{id}/ket-thuc");
    browser.try_send(Method::POST, &path, &headers, Some(body)).await.ok().map(|reply| reply.status)
}

/// A person with this many sessions: the token of the first, the ids of the others.
async fn with_sessions(db: &Database, name: &str, count: usize) -> (String, Vec<i64>) {
    let name = name.to_owned();
    let made: Result<_> = db
        .write("test", move |c| {
            let now = Moment(Utc::now());
            let person = factory::person(c, now, &name, "P01")?.id;
            let token = sessions::begin(c, &Actor::system(), now, person, "a test", "test")?;
            for _ in 0..count {
                sessions::begin(c, &Actor::system(), now, person, "a test", "test")?;
            }
            let of = rows::table.filter(rows::person_id.eq(person.0)).order(rows::id.asc());
            Ok((token, of.offset(1).limit(10_000).select(rows::id).load(c)?))
        })
        .await;
    made.unwrap()
}

async fn ended(db: &Database) -> BTreeSet<i64> {
    let found: Result<Vec<i64>> =
        db.read(|c| Ok(rows::table.filter(rows::ended_at.is_not_null()).select(rows::id).load(c)?)).await;
    found.unwrap().into_iter().collect()
}

fn settings(database: &TestDatabase) -> Vec<(&'static str, String)> {
    vec![
        ("DATABASE__URL", database.url.clone()),
        ("STORAGE__DIR", database.folder.path().display().to_string()),
        ("LOG__LEVEL", "off".to_owned()),
    ]
}

async fn serve(before: &[&str], settings: &[(&'static str, String)]) -> Server {
    let settings: Vec<_> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
    Server::start(before, &settings).await
}

#[actix_web::test]
async fn read_only_postgres_refuses_writes_and_heals() {
    if !support::on_postgres() {
        eprintln!("skipped: on SQLite a file cannot be made read-only for a process that has it open");
        return;
    }
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", "P01").await;
    let (mut browser, name) = (app.sign_in(&person).await, app.database.name());
    support::order(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on"));
    support::order(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
    // Reading goes on, writing says that it cannot.
    browser.get("/tai-khoan").await.is(200);
    browser.post("/dang-xuat", &[]).await.is(503);
    support::order(&format!("ALTER DATABASE {name} SET default_transaction_read_only = off"));
    for _ in 0..50 {
        if browser.post("/dang-xuat", &[]).await.status == 303 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it did not come back by itself");
}

/// A small file system of its own, which only root may make.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn make() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"]).arg(folder.path()).output();
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
