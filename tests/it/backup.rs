//! A backup made while the site is written to holds everything acknowledged before its start, comes back whole in either
//! database or not at all, and shows every damage.

use std::{
    collections::BTreeSet,
    io::BufReader,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use diesel::{connection::SimpleConnection, prelude::*};
use nongcot::{
    access::{Actor, Role},
    accounts::{actions, model::NewPerson},
    audit::{
        self, Entry,
        model::{AuditEvent, BACKUPS},
        queries::Wanted,
    },
    platform::{
        config::DatabaseUrl,
        db::{
            Database, DbConn, Moment,
            archive::{Head, In, Kind},
            schema::{files, people, settings},
        },
        error::{Error, Result},
        files::{FileKey, Limits, MediaType},
    },
};

use crate::support::{self, EmptyDatabase, Ran, TestApp, run};

/// A place to restore into, of the kind that the tests run on.
pub struct Place {
    into: String,
    storage: std::path::PathBuf,
    pub database: String,
    _empty: Option<EmptyDatabase>,
}

impl Place {
    fn folder(folder: &Path) -> Self {
        let database = format!("sqlite:{}", folder.join("nongcot.sqlite3").display());
        Self { into: folder.display().to_string(), storage: folder.to_owned(), database, _empty: None }
    }

    fn postgres(folder: &Path) -> Option<Self> {
        let empty = EmptyDatabase::make()?;
        Some(Self {
            into: empty.url.clone(),
            storage: folder.to_owned(),
            database: empty.url.clone(),
            _empty: Some(empty),
        })
    }

    pub fn same_kind(folder: &Path) -> Self {
        if support::on_postgres() { Self::postgres(folder).expect("PostgreSQL") } else { Self::folder(folder) }
    }

    pub async fn restore(&self, file: &Path) -> Ran {
        let mut args = vec!["restore", text(file), "--into", &self.into];
        if self.into.starts_with("postgres") {
            args.extend(["--storage", text(&self.storage)]);
        }
        run(&[("LOG__LEVEL", "off")], &args).await
    }

    pub fn settings(&self) -> [(&str, &str); 3] {
        [("DATABASE__URL", &self.database), ("STORAGE__DIR", text(&self.storage)), ("LOG__LEVEL", "off")]
    }

    fn open(&self) -> Database {
        Database::open(DatabaseUrl::parse(&self.database).unwrap(), 2, 100).unwrap()
    }
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

async fn back_up(app: &TestApp, file: &Path) -> Ran {
    let folder = app.database.folder.path().to_owned();
    run(
        &[("DATABASE__URL", &app.database.url), ("STORAGE__DIR", text(&folder)), ("LOG__LEVEL", "off")],
        &["backup", text(file)],
    )
    .await
}

/// A user file with its row.
async fn keep_file(app: &TestApp, content: &[u8]) -> FileKey {
    let limits = Limits { max_bytes: 1_000_000, accept: &[MediaType::Text] };
    let stored = app.app.files.put_bytes("submissions", content, &limits).await.unwrap();
    let (key, now) = (stored.key.clone(), app.app.now());
    let sha256: String = stored.sha256.iter().map(|b| format!("{b:02x}")).collect();
    app.write(move |c| {
        diesel::insert_into(files::table)
            .values((
                files::key.eq(stored.key.as_str()),
                files::kind.eq("submissions"),
                files::media_type.eq("text/plain"),
                files::size.eq(i64::try_from(stored.len).unwrap()),
                files::sha256.eq(sha256),
                files::name.eq("bài làm.txt"),
                files::created_at.eq(now),
            ))
            .execute(c)?;
        Ok(())
    })
    .await;
    key
}

async fn names(db: &Database) -> BTreeSet<String> {
    let found: Result<Vec<Option<String>>> = db.read(|c| Ok(people::table.select(people::user_name).load(c)?)).await;
    found.unwrap().into_iter().flatten().collect()
}

#[actix_web::test]
async fn every_write_acknowledged_before_the_start_is_in_the_copy() {
    let app = support::app().await;
    let key = keep_file(&app, "Xin chào, bản sao!\n".as_bytes()).await;
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    let go_on = Arc::new(AtomicBool::new(true));
    let writers: Vec<_> = (0..4)
        .map(|task| {
            let (db, now) = (app.app.db.clone(), app.app.now());
            let (acknowledged, go_on) = (Arc::clone(&acknowledged), Arc::clone(&go_on));
            tokio::spawn(async move {
                for number in 0.. {
                    if !go_on.load(Ordering::Relaxed) {
                        break;
                    }
                    let name = format!("writer-{task}-{number}");
                    let mut new = NewPerson::named("Người Minh họa");
                    new.user_name = Some(name.clone());
                    let written =
                        db.write("test", move |c| actions::create_person(c, &Actor::system(), now, &new)).await;
                    written.expect("a write");
                    acknowledged.lock().unwrap().insert(name);
                }
            })
        })
        .collect();
    while acknowledged.lock().unwrap().len() < 50 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    let before = acknowledged.lock().unwrap().clone();
    back_up(&app, &file).await.ended(0).says("1 files");
    let after = acknowledged.lock().unwrap().len();
    go_on.store(false, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(after > before.len(), "nothing was written during the backup");

    let place = Place::same_kind(&folder.path().join("restored"));
    place.restore(&file).await.ended(0).says("audit: agrees");
    let restored = names(&place.open()).await;
    let lost: Vec<_> = before.difference(&restored).collect();
    assert!(lost.is_empty(), "acknowledged, then backed up, and not restored: {lost:?}");
    let copied = std::fs::read(place.storage.join("files").join(key.as_str())).unwrap();
    assert_eq!(copied, "Xin chào, bản sao!\n".as_bytes());

    run(&place.settings(), &["verify"]).await.ended(0);
    // Ids go on behind those that were given.
    run(&place.settings(), &["person", "create", "--name", "Người Đến Sau", "--user-name", "den-sau"]).await.ended(0);
}

/// The head of a backup, its frames of rows as they are read, and its files into a folder, if there is one for them.
pub fn read(file: &Path, files: Option<&Path>, mut rows: impl FnMut(&Head, &str, &str, u64)) -> Head {
    let mut archive = In::new(BufReader::new(std::fs::File::open(file).unwrap())).unwrap();
    let frame = archive.frame().unwrap();
    let head: Head = serde_json::from_str(&archive.text(&frame).unwrap()).unwrap();
    loop {
        let frame = archive.frame().unwrap();
        match frame.kind {
            Kind::Head => panic!("a second head"),
            Kind::Rows => rows(&head, &frame.name, &archive.text(&frame).unwrap(), frame.rows),
            Kind::File => match files.map(|files| files.join(&frame.name)) {
                Some(path) => {
                    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                    archive.content(&frame, &mut std::fs::File::create_new(path).unwrap()).unwrap();
                }
                None => archive.content(&frame, &mut std::io::sink()).unwrap(),
            },
            Kind::End => return head,
        }
    }
}

/// Rows by table, as JSON values, and the last id of each table.
type Rows = (Vec<(String, serde_json::Value)>, Vec<(String, Option<i64>)>);

/// All that a backup holds.
fn rows(file: &Path) -> Rows {
    let mut rows = Vec::new();
    let head = read(file, None, |_, name, lines, _| {
        let values = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        rows.extend(values.map(|value| (name.to_owned(), value)));
    });
    let mut ids: Vec<(String, Option<i64>)> =
        head.tables.into_iter().map(|table| (table.name, table.last_id)).collect();
    // That it came from a backup is the one thing that a restored database says and the one before did not.
    rows.retain(|(name, value)| name != "audit_events" || !value.to_string().contains("backup.restore"));
    ids.retain(|(name, _): &(String, _)| name != "audit_events");
    rows.sort_by_key(|(name, value)| (name.clone(), value.to_string()));
    ids.sort();
    (rows, ids)
}

#[actix_web::test]
async fn a_backup_moves_between_the_databases_and_back() {
    let app = support::app().await;
    app.person("Học viên Minh họa Một", "BKHCN-2025").await;
    keep_file(&app, b"a file\n").await;
    app.write(|c| {
        for (key, value) in [("odd", "a \"quoted\"\n\tline \\ with đ, 😀 and \u{7f}"), ("empty", ""), ("null", "null")]
        {
            diesel::insert_into(settings::table)
                .values((settings::key.eq(key), settings::value.eq(value)))
                .execute(c)?;
        }
        Ok::<_, Error>(())
    })
    .await;
    app.run_jobs().await;
    // A course brings pictures, which are bytes in the database, and marks that are true or false.
    let course = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/fixtures/courses/good");
    let settings = [("DATABASE__URL", app.database.url.as_str()), ("LOG__LEVEL", "off")];
    run(&settings, &["course", "import", course, "--note", "first"]).await.ended(0);
    let folder = tempfile::tempdir().unwrap();
    let first = folder.path().join("first");
    back_up(&app, &first).await.ended(0);
    for table in ["course_assets", "lessons", "units", "audit_events", "files"] {
        assert!(rows(&first).0.iter().any(|(name, _)| name == table), "nothing of {table} is in the backup");
    }

    let there = if support::on_postgres() {
        Place::folder(&folder.path().join("there"))
    } else if let Some(place) = Place::postgres(&folder.path().join("there")) {
        place
    } else {
        eprintln!("skipped: TEST_POSTGRES_URL names no PostgreSQL to move to");
        return;
    };
    there.restore(&first).await.ended(0);
    let second = folder.path().join("second");
    run(&there.settings(), &["backup", text(&second)]).await.ended(0);
    assert_eq!(rows(&first), rows(&second), "the other database holds something else");

    let back = Place::same_kind(&folder.path().join("back"));
    back.restore(&second).await.ended(0);
    let third = folder.path().join("third");
    run(&back.settings(), &["backup", text(&third)]).await.ended(0);
    assert_eq!(rows(&first), rows(&third));
}

#[actix_web::test]
async fn a_damaged_backup_restores_nothing() {
    let app = support::app().await;
    app.person("Học viên Minh họa Một", "BKHCN-2025").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("whole");
    back_up(&app, &file).await.ended(0);
    let whole = std::fs::read(&file).unwrap();
    let late = whole.windows(13).rposition(|w| w == b"\"kind\":\"rows\"").unwrap() + 150;
    let cases = [
        ("changed", [&whole[..late], &[whole[late] ^ 1], &whole[late + 1..]].concat()),
        ("cut", whole[..whole.len() - 200].to_vec()),
        ("longer", [&whole[..], b"more"].concat()),
    ];
    for (name, bytes) in cases {
        let damaged = folder.path().join(name);
        std::fs::write(&damaged, bytes).unwrap();
        let into = folder.path().join(format!("into-{name}"));
        let place = Place::same_kind(&into);
        place.restore(&damaged).await.ended(1).says("damaged");
        run(&[], &["restore", text(&damaged), "--check"]).await.ended(1).says("damaged");
        assert!(!into.exists(), "{name}: something was left in the folder");
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert!(left.iter().all(|n| !n.to_str().unwrap().contains("restoring")), "{left:?}");
        // The same place takes a good one, so it is as empty as before.
        place.restore(&file).await.ended(0);
    }
    let other = folder.path().join("other");
    std::fs::write(&other, b"something else\n").unwrap();
    run(&[], &["restore", text(&other), "--check"]).await.ended(2).says("no backup");
}

/// Writes into the log what a backup would, with moments of its own.
async fn noted(app: &TestApp, action: &'static str, made_at: Moment, missing: i64) {
    let told = serde_json::json!({ "bytes": 13_005_000, "rows": 10, "files": 2, "missing_files": missing });
    app.write(move |c| {
        let entry = Entry::new(action, BACKUPS, made_at.to_rfc3339()).after(told);
        audit::record(c, &Actor::system(), made_at, entry)
    })
    .await;
}

#[actix_web::test]
async fn administrators_see_how_old_the_last_backup_is() {
    let app = support::app().await;
    let administrator = app.person_as("Quản trị Minh họa", Role::Administrator, "CDSQG").await;
    let mut browser = app.sign_in(&administrator).await;
    let bad = "figure figure-bad\"><dt>Bản sao lưu gần nhất";
    for path in ["/", "/he-thong"] {
        browser.get(path).await.is(200).says(bad).says("Nhật ký chưa ghi lần sao lưu nào.").says("nongcot backup");
    }
    let now = app.app.now();
    noted(&app, "backup.make", now - TimeDelta::hours(25), 0).await;
    let page = browser.get("/").await;
    page.is(200).says(">25</span> giờ trước").says("Dữ liệu đến 06:15 22/11/2026, 12,4 MB.").says_not(bad);
    app.later(TimeDelta::hours(1));
    browser.get("/").await.is(200).says(">26</span> giờ trước").says_not(bad);
    app.later(TimeDelta::minutes(1));
    browser.get("/").await.is(200).says(bad).says("Đã quá 26 giờ: cần sao lưu.");
    app.later(TimeDelta::hours(30));
    browser.get("/he-thong").await.is(200).says(bad).says(">2</span> ngày trước");
    noted(&app, "backup.make", app.app.now(), 3).await;
    browser.get("/").await.is(200).says(bad).says(">0</span> phút trước").says("Thiếu 3 tệp đính kèm.");
    // A database that came from a backup has none of its own, whatever the one before had.
    noted(&app, "backup.restore", now, 0).await;
    let page = browser.get("/").await;
    page.is(200).says(bad).says("được khôi phục từ bản sao lưu lúc 07:15 23/11/2026").says_not("phút trước");
    browser.get("/nhat-ky?viec=backup").await.is(200).says("Khôi phục từ bản sao lưu").says("Sao lưu dữ liệu");
    // Others are not bothered with it.
    let officer = app.person_as("Cán bộ Minh họa", Role::Officer, "P15-2025").await;
    app.sign_in(&officer).await.get("/").await.is(200).says_not("Bản sao lưu");
    app.stop().await;
}

#[actix_web::test]
async fn a_backup_and_a_restore_are_in_the_log_of_their_database() {
    let app = support::app().await;
    let administrator = app.person_as("Quản trị Minh họa", Role::Administrator, "CDSQG").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    back_up(&app, &file).await.ended(0);
    app.sign_in(&administrator).await.get("/").await.is(200).says("Dữ liệu đến").says_not("chưa ghi lần sao lưu nào");
    let place = Place::same_kind(&folder.path().join("restored"));
    place.restore(&file).await.ended(0).says("audit: agrees");
    let wanted = Wanted { kind: Some(BACKUPS.to_owned()), ..Wanted::default() };
    let told: Result<Vec<AuditEvent>> = place.open().read(move |c| audit::queries::latest(c, &wanted, None, 10)).await;
    let told = told.unwrap();
    assert_eq!(told.iter().map(|event| event.action.as_str()).collect::<Vec<_>>(), ["backup.restore"]);
    // One that takes no word of it is backed up all the same, and says so.
    app.write(|c| {
        match c {
            DbConn::Sqlite(c) => c.batch_execute(
                "CREATE TRIGGER full BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'the log is full'); END",
            ),
            DbConn::Pg(c) => c.batch_execute("ALTER TABLE audit_events ADD CHECK (action <> 'backup.make') NOT VALID"),
        }
        .map_err(Error::from)
    })
    .await;
    let second = folder.path().join("second");
    back_up(&app, &second).await.ended(0).says("could not note it");
    run(&[], &["restore", text(&second), "--check"]).await.ended(0);
    app.stop().await;
}

#[actix_web::test]
async fn nothing_that_exists_is_written_over() {
    let app = support::app().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    back_up(&app, &file).await.ended(0);
    back_up(&app, &file).await.ended(2).says("exists already");

    let filled = folder.path().join("filled");
    std::fs::create_dir(&filled).unwrap();
    std::fs::write(filled.join("something"), b"of mine").unwrap();
    run(&[], &["restore", text(&file), "--into", text(&filled)]).await.ended(2).says("not empty");
    assert_eq!(std::fs::read(filled.join("something")).unwrap(), b"of mine");
    if support::on_postgres() {
        let storage = folder.path().join("storage");
        run(&[], &["restore", text(&file), "--into", &app.database.url, "--storage", text(&storage)])
            .await
            .ended(2)
            .says("holds tables already");
    }
    run(&[], &["restore", text(&file)]).await.ended(2);
}

#[actix_web::test]
async fn files_that_are_gone_or_changed_are_named_and_the_rest_is_kept() {
    let app = support::app().await;
    let (gone, changed) = (keep_file(&app, b"one\n").await, keep_file(&app, b"two\n").await);
    let files = app.database.folder.path().join("files");
    std::fs::remove_file(files.join(gone.as_str())).unwrap();
    std::fs::write(files.join(changed.as_str()), b"TWO\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    back_up(&app, &file).await.ended(1).says(gone.as_str()).says(changed.as_str());
    let place = Place::same_kind(&folder.path().join("restored"));
    place.restore(&file).await.ended(0);
    assert_eq!(std::fs::read(place.storage.join("files").join(changed.as_str())).unwrap(), b"TWO\n");
}

#[actix_web::test]
async fn verify_names_what_does_not_agree() {
    let app = support::app().await;
    app.person("Học viên Minh họa Một", "BKHCN-2025").await;
    app.write(nongcot::audit::actions::seal_some).await;
    let settings = [("DATABASE__URL", app.database.url.as_str()), ("LOG__LEVEL", "off")];
    run(&settings, &["verify"]).await.ended(0).says("audit: agrees");
    app.write(|c| {
        diesel::sql_query("UPDATE audit_events SET action = 'forged' WHERE id = (SELECT max(id) FROM audit_events)")
            .execute(c)?;
        Ok::<_, Error>(())
    })
    .await;
    run(&settings, &["verify"]).await.ended(1).says("the chain is broken at position");
}
