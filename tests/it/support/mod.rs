//! What tests stand on: a migrated database of their own on the database that TEST_DATABASE names (sqlite unless it says
//! postgres), the real app on a port of its own with a clock the test moves, and a client that keeps cookies.

pub mod classes;
pub mod client;
mod database;
pub mod factory;
pub mod html;
pub mod outage;
mod program;

pub use client::{Client, Reply};
pub use database::{EmptyDatabase, TestDatabase, database, on_postgres, order, runs_on_both, seeded_database};
pub use program::{Ran, Server, program as command, run};

use chrono::{DateTime, TimeDelta, Utc};
use nongcot::{
    access::{Role, UnitId},
    accounts::{model::Person, sessions},
    app::App,
    platform::{
        clock::Clock,
        config::{Config, ConfigSource},
        db::DbConn,
        error::{Error, Result},
        jobs::Worker,
    },
    site::{self, Listeners, Running},
};

/// The moment at which every test begins: a Monday morning in Viet Nam.
pub fn monday() -> DateTime<Utc> {
    "2026-11-23T00:15:00Z".parse().expect("a moment")
}

/// The real program around a database of its own.
pub struct TestApp {
    pub app: App,
    pub base: String,
    pub files_base: String,
    pub database: TestDatabase,
    /// What its browsers talk over.
    connections: reqwest::Client,
    running: Option<Running>,
}

/// Starts the program. Jobs run when the test says so ([`TestApp::run_jobs`]).
pub async fn app() -> TestApp {
    app_with(|source| source).await
}

/// Starts the program with settings of the test's own.
pub async fn app_with(settings: impl FnOnce(ConfigSource) -> ConfigSource) -> TestApp {
    let database = seeded_database().await;
    let folder = database.folder.path();
    let listen = "127.0.0.1:0";
    let source = ConfigSource::empty()
        .with("database.url", database.url.clone())
        .with("storage.dir", folder.display().to_string())
        .with("http.listen", listen)
        .with("files.listen", listen)
        .with("metrics.listen", "")
        .with("http.workers", "1")
        .with("log.level", "off");
    let source = settings(source);
    let first = Config::load(&source).expect("a configuration");
    let listeners = Listeners::bind(&first).expect("free ports");
    let port = |l: &std::net::TcpListener| l.local_addr().expect("an address").port();
    let base = format!("http://localhost:{}", port(&listeners.http));
    let files_base = format!("http://127.0.0.1:{}", port(&listeners.files));
    let source = source.with("http.public_url", base.clone()).with("files.public_url", files_base.clone());
    let config = Config::load(&source).expect("a configuration");
    let app = App::build(config, Clock::fixed(monday())).await.expect("the app");
    let running = site::start(app.clone(), listeners, false, false).expect("a server");
    TestApp { app, base, files_base, database, connections: client::connections(), running: Some(running) }
}

impl TestApp {
    /// A browser that nobody signed in with.
    pub fn visitor(&self) -> Client {
        Client::over(&self.base, self.connections.clone())
    }

    /// A browser in which that person is signed in.
    pub async fn sign_in(&self, person: &Person) -> Client {
        let (now, id) = (self.app.now(), person.id);
        let token =
            self.write(move |c| sessions::begin(c, &nongcot::access::Actor::system(), now, id, "a test", "test")).await;
        let mut client = self.visitor();
        client.set_cookie("phien", &token);
        client
    }

    /// A person with a membership since 2020 in the unit of that code.
    pub async fn person(&self, name: &str, unit: &str) -> Person {
        let (now, name, unit) = (self.app.now(), name.to_owned(), unit.to_owned());
        self.write(move |c| factory::person(c, now, &name, &unit)).await
    }

    /// A person with a role, over a unit where the role is held over one.
    pub async fn person_as(&self, name: &str, role: Role, unit: &str) -> Person {
        let (now, name, unit) = (self.app.now(), name.to_owned(), unit.to_owned());
        self.write(move |c| factory::person_as(c, now, &name, role, &unit)).await
    }

    /// Writes, or fails the test.
    pub async fn write<T: Send + 'static>(&self, f: impl FnOnce(&mut DbConn) -> Result<T> + Send + 'static) -> T {
        self.app.db.write("test", f).await.expect("a write")
    }

    /// Reads, or fails the test.
    pub async fn read<T: Send + 'static>(&self, f: impl FnOnce(&mut DbConn) -> Result<T> + Send + 'static) -> T {
        self.app.db.read(f).await.expect("a read")
    }

    /// Runs all jobs that are due; how many ran.
    pub async fn run_jobs(&self) -> usize {
        let worker = Worker {
            app: self.app.clone(),
            db: self.app.db.clone(),
            clock: self.app.clock.clone(),
            registry: std::sync::Arc::new(site::jobs()),
        };
        worker.drain().await.expect("the queue")
    }

    /// Moves the clock on.
    pub fn later(&self, step: TimeDelta) {
        self.app.clock.advance(step);
    }

    /// The letters that left, oldest first, decoded enough to search in.
    pub fn letters(&self) -> Vec<String> {
        let folder = self.database.folder.path().join("mail");
        let mut found: Vec<_> = std::fs::read_dir(folder)
            .map(|entries| entries.filter_map(|e| e.ok().map(|e| e.path())).collect())
            .unwrap_or_default();
        found.sort_by_key(|p: &std::path::PathBuf| p.metadata().and_then(|m| m.modified()).ok());
        found.iter().filter(|p| p.extension().is_some_and(|e| e == "eml")).map(|p| factory::decode_mail(p)).collect()
    }

    /// Stops the program and starts another on the same database, with the same clock.
    pub async fn restarted(mut self) -> Self {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
        let (config, clock) = ((*self.app.config).clone(), self.app.clock.clone());
        let listeners = Listeners::bind(&config).expect("free ports");
        let port = listeners.http.local_addr().expect("an address").port();
        self.base = format!("http://localhost:{port}");
        self.app = App::build(config, clock).await.expect("the app");
        self.running = Some(site::start(self.app.clone(), listeners, false, false).expect("a server"));
        self
    }

    /// Stops the program as a signal would.
    pub async fn stop(mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }
}

/// The id of the unit of a code.
pub fn unit_id(c: &mut DbConn, code: &str) -> Result<UnitId> {
    nongcot::organisations::queries::by_code(c, code)?.map(|u| u.id).ok_or(Error::NotFound)
}
