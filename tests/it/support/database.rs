//! A database of its own for every test, copied from one that was migrated and given the shipped organisations once.

use std::{
    path::PathBuf,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use diesel::{Connection, connection::SimpleConnection};
use nongcot::platform::{
    config::DatabaseUrl,
    db::{self, Database, Moment},
};
use tempfile::TempDir;

/// A migrated database and the folder for everything beside it. Both are gone when this is dropped.
pub struct TestDatabase {
    pub url: String,
    pub folder: TempDir,
    pub db: Database,
    name: Option<String>,
}

/// Whether the tests run on PostgreSQL.
pub fn on_postgres() -> bool {
    std::env::var("TEST_DATABASE").is_ok_and(|v| v == "postgres")
}

impl std::ops::Deref for TestDatabase {
    type Target = Database;
    fn deref(&self) -> &Database {
        &self.db
    }
}

/// Whether the suite runs on the other database, too, as `tests/run` says: what needs to be seen once is left to one of them.
pub fn runs_on_both() -> bool {
    std::env::var("TEST_DATABASES").is_ok_and(|both| both.contains(' '))
}

/// A migrated, empty database of the test's own.
pub async fn database() -> TestDatabase {
    copy_of(Content::Empty).await
}

/// The same with the shipped organisations in it.
pub async fn seeded_database() -> TestDatabase {
    copy_of(Content::Organisations).await
}

/// What a template holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Empty,
    Organisations,
}

async fn copy_of(content: Content) -> TestDatabase {
    let folder = tempfile::tempdir().expect("a folder");
    let copied = folder.path().to_owned();
    let (url, name) =
        tokio::task::spawn_blocking(
            move || if on_postgres() { copy_postgres(content) } else { copy_sqlite(content, &copied) },
        )
        .await
        .expect("a database");
    let db = Database::open(DatabaseUrl::parse(&url).expect("an address"), 4, 1000).expect("a database");
    TestDatabase { url, folder, db, name }
}

fn fill(url: &str, content: Content) {
    let target = DatabaseUrl::parse(url).expect("an address");
    db::migrate(&target).expect("the migrations");
    let mut conn = db::conn::open(&target, db::conn::Mode::Write).expect("a connection");
    // Somebody signs, as in every place that has begun; without the job that naming them asks for.
    conn.batch_execute(
        "INSERT INTO settings (key, value) VALUES ('certificates.signers', \
         '[{\"from\":\"2000-01-01\",\"lines\":[\"CỤC TRƯỞNG\"],\"name\":\"Người ký Minh họa\"}]')",
    )
    .expect("the signer");
    if content == Content::Empty {
        return;
    }
    db::conn::begin(&mut conn, db::conn::Mode::Write).expect("a transaction");
    let now = Moment(super::monday());
    nongcot::organisations::actions::seed(&mut conn, now).expect("the organisations");
    db::conn::commit(&mut conn).expect("a commit");
}

fn copy_sqlite(content: Content, folder: &std::path::Path) -> (String, Option<String>) {
    static TEMPLATES: [OnceLock<(TempDir, PathBuf)>; 2] = [OnceLock::new(), OnceLock::new()];
    let (_, template) = TEMPLATES[content as usize].get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("template.sqlite");
        fill(&format!("sqlite:{}", path.display()), content);
        let target = DatabaseUrl::Sqlite(path.clone());
        let mut conn = db::conn::open(&target, db::conn::Mode::Write).expect("a connection");
        conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").expect("a checkpoint");
        (folder, path)
    });
    let path = folder.join("nongcot.sqlite");
    std::fs::copy(template, &path).expect("a copy");
    (format!("sqlite:{}", path.display()), None)
}

/// `TEST_POSTGRES_URL` names the database to give orders from; ours are made beside it.
fn server() -> String {
    std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL (tests/run sets it)")
}

fn beside(name: &str) -> String {
    let mut url = url::Url::parse(&server()).expect("an address");
    url.set_path(name);
    url.to_string()
}

/// Gives the PostgreSQL server an order that concerns a whole database; all of them over one connection.
pub fn order(statement: &str) {
    static KEPT: Mutex<Option<diesel::PgConnection>> = Mutex::new(None);
    // A test that failed inside must not take the others with it.
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let conn = kept.get_or_insert_with(|| diesel::PgConnection::establish(&server()).expect("PostgreSQL"));
    // A template that a pool still holds open is refused for a moment.
    for attempt in 0.. {
        match conn.batch_execute(statement) {
            Ok(_) => return,
            Err(e) if attempt < 50 && e.to_string().contains("being accessed") => {
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
            Err(e) => panic!("{statement}: {e}"),
        }
    }
}

/// What no other process calls its databases, nor one of this number before.
fn this_run() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| format!("{}_{}", std::process::id(), chrono::Utc::now().timestamp()))
}

fn copy_postgres(content: Content) -> (String, Option<String>) {
    static TEMPLATES: [OnceLock<String>; 2] = [OnceLock::new(), OnceLock::new()];
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let template = TEMPLATES[content as usize].get_or_init(|| {
        let name = format!("nongcot_template_{}_{}", this_run(), content as usize);
        order(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"));
        fill(&beside(&name), content);
        name
    });
    let name = format!("nongcot_test_{}_{}", this_run(), COUNT.fetch_add(1, Ordering::Relaxed));
    // Its files are copied as they are: a third of the work of writing each page into the log.
    order(&format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"));
    (beside(&name), Some(name))
}

impl TestDatabase {
    /// The database's name on its PostgreSQL server.
    pub fn name(&self) -> &str {
        self.name.as_deref().expect("a database on PostgreSQL")
    }
}

/// A PostgreSQL database without a single table, gone when this is dropped.
pub struct EmptyDatabase {
    pub url: String,
    name: String,
}

impl EmptyDatabase {
    /// `None` where no PostgreSQL runs for the tests.
    pub fn make() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        std::env::var("TEST_POSTGRES_URL").ok()?;
        let name = format!("nongcot_empty_{}_{}", this_run(), COUNT.fetch_add(1, Ordering::Relaxed));
        order(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"));
        Some(Self { url: beside(&name), name })
    }
}

impl Drop for EmptyDatabase {
    fn drop(&mut self) {
        order(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            order(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}
