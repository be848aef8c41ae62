//! What happens when something outside goes wrong: settings, ports, the database. What cannot be done is said with the right status, and
//! what can be done again works again by itself; `durability` has what must never be lost.

use std::{collections::BTreeSet, net::TcpListener, path::Path, time::Duration};

use diesel::{prelude::*, sql_query};
use nongcot::platform::{db::DbConn, error::Result};

use crate::support::{
    self, EmptyDatabase,
    outage::{assert_down, assert_up},
    run,
};

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
        "OK     sorting",
    ] {
        ran.says(text);
    }
    assert!(!database.folder.path().join("none.sqlite3").exists(), "doctor made a database");
}

/// PostgreSQL was restarted, or something between it and the program closed what lay idle.
#[actix_web::test]
async fn connections_that_postgres_dropped_are_noticed_by_nobody() {
    if !support::on_postgres() {
        return;
    }
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", "P01").await;
    let mut browser = app.sign_in(&person).await;
    // Several at once, so that several connections lie idle afterwards.
    let reads = (0..4).map(|_| app.read(|c| Ok(sql_query("SELECT pg_sleep(0.2)").execute(c)?)));
    futures_util::future::join_all(reads).await;
    support::order(&format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
        app.database.name()
    ));
    for _ in 0..3 {
        browser.get("/tai-khoan").await.is(200).says("Học viên Minh họa");
    }
    browser.post("/ngon-ngu", &[("locale", "en")]).await.is(303);
    app.person("Học viên Minh họa Hai", "P01").await;

    // One that breaks while it is used ends that piece of work, which is not tried again; the next is none the worse for it.
    fn fall(c: &mut DbConn) -> Result<usize> {
        Ok(sql_query("SELECT pg_terminate_backend(pg_backend_pid())").execute(c)?)
    }
    app.app.db.read(fall).await.expect_err("a read without a connection");
    app.app.db.write("test", fall).await.expect_err("a write without a connection");
    browser.get("/tai-khoan").await.is(200);
    app.person("Học viên Minh họa Ba", "P01").await;
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
