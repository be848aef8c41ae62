//! The load on the program and what it costs; README.md beside this file says how to run it and what it gave.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a tool of developers: what goes wrong ends it")]

mod client;
mod limits;
mod measure;
mod morning;
mod program;
mod report;
mod scenarios;
mod store;
mod workbook;
mod world;

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Parser;

use crate::{
    client::{Conn, between, request},
    measure::Setting,
    program::{Place, Program},
    report::Table,
    scenarios::{Goal, Scenario},
    store::Store,
    world::{Size, World},
};

/// Measures the program under load. Without a word all scenarios and the figures around them; with `morning` the morning of an exam; with
/// `workbook` a hundred thousand rows.
#[derive(Debug, Parser)]
pub struct Options {
    /// `morning`, `workbook`, or a part of a scenario's name
    what: Option<String>,
    /// Enrolments of the large database
    #[arg(long, default_value_t = 1_000_000)]
    large: u32,
    /// Enrolments of the small one, with which the large one is compared; 0 leaves it out
    #[arg(long, default_value_t = 10_000)]
    small: u32,
    /// Finished lessons for each enrolment
    #[arg(long, default_value_t = 10)]
    progress: u32,
    /// Connections
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Seconds of each loop
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    /// How many learners ask
    #[arg(long, default_value_t = 320)]
    learners: usize,
    /// Morning: how many people
    #[arg(long, default_value_t = 10_000)]
    people: usize,
    /// Morning: seconds within which they come
    #[arg(long, default_value_t = 240)]
    come: u64,
    /// Morning: how long it is watched after the last came
    #[arg(long, default_value_t = 60)]
    stay: u64,
    /// Morning: seconds between two answers of one person
    #[arg(long, default_value_t = 20)]
    every: u64,
    /// Morning: how many times the program is killed without warning and started again
    #[arg(long, default_value_t = 0)]
    kills: u32,
    /// Settings of the program, as NAME=VALUE with the names of its variables after NONGCOT__
    #[arg(long)]
    set: Vec<String>,
    /// The folder of the data; target/load without it
    #[arg(long)]
    folder: Option<PathBuf>,
    /// A PostgreSQL server to measure on; tests/load/run starts one
    #[arg(long)]
    postgres: Option<String>,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    fn span(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    fn settings(&self) -> Vec<(&str, &str)> {
        self.set.iter().filter_map(|one| one.split_once('=')).collect()
    }
}

fn main() {
    let options = Options::parse();
    if options.what.as_deref() == Some(workbook::WORD) {
        return workbook::write();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let folder = options.folder.clone().unwrap_or_else(|| PathBuf::from("target/load"));
    std::fs::create_dir_all(&folder).expect("a folder");
    let folder = folder.canonicalize().expect("a folder");
    let store = Store { folder, postgres: options.postgres.clone() };
    runtime.block_on(async {
        match options.what.as_deref() {
            Some("morning") => morning::run(&options, &store).await,
            only => everything(&options, &store, only.unwrap_or_default()).await,
        }
    });
}

/// All scenarios on the large database; the coordinator's also on the small one.
async fn everything(options: &Options, store: &Store, only: &str) {
    let mut table = Table::new(options.connections);
    let mut small = Vec::new();
    if options.small > 0 && "coordinator".contains(only) {
        let place = world::copy(store, Size::of(options.small, options.progress));
        small = measure_all(options, store, &place, "coordinator", &mut Table::new(options.connections)).await;
    }
    let place = world::copy(store, Size::of(options.large, options.progress));
    let large = measure_all(options, store, &place, only, &mut table).await;
    println!("\n{} · {} enrolments · {} connections\n\n{table}", store.kind(), options.large, options.connections);
    for (name, rate) in &small {
        if let Some((_, large)) = large.iter().find(|(other, _)| other == name) {
            println!("{name}: {:.2} times slower than with {} enrolments", rate / large, options.small);
        }
    }
}

/// Requests a second by scenario.
type Rates = Vec<(&'static str, f64)>;

async fn measure_all(options: &Options, store: &Store, place: &Place, only: &str, table: &mut Table) -> Rates {
    let mut world = world::make(place, options.learners).await;
    let names = world::passwords(place, 2000).await;
    let wants_saves = "saving an answer".contains(only) || only.is_empty();
    let mut raw = 0.0;
    if wants_saves {
        raw = limits::raw_saves(place, &world, options.connections, options.span()).await;
        table.note(format!("raw group commit: {raw:.0} saves/s by {} writers", options.connections));
        if store.postgres.is_some()
            && let Some(rate) = limits::pgbench(place, &world, options.connections, options.span())
        {
            table.note(format!("pgbench, the same change of a row: {rate:.0}/s"));
        }
    }
    let (program, first) = Program::serve(place, &options.settings()).await;
    table.note(format!("first page after {} ms, memory idle {} MB", first.as_millis(), program.memory(false)));
    let guest = guest_token(&program).await;
    world::open_papers(&program, &mut world).await;
    let world = Arc::new(world);
    let mut rates = Vec::new();
    for scenario in scenarios::all(&world, &names, &guest) {
        if scenario.name.contains(only) {
            rates.push((scenario.name, measure(options, &program, &scenario, raw, table).await));
        }
    }
    if "limit".contains(only) {
        bare_answers(options, &program, &world, table).await;
    }
    if only.is_empty() {
        agency(options, &program, &world, table).await;
        let before = program.memory(false);
        let opened = many_sessions(&program, &world, place).await;
        table.note(format!(
            "memory {before} MB after these, {} MB after {opened} people with a session each opened a lesson",
            program.memory(false)
        ));
        table.note(format!("most memory ever {} MB", program.memory(true)));
        drop(program);
        let (sound, took, most) = program::timed(program::command(place, &["verify"]));
        let says = if sound { "agrees" } else { "FINDS DIFFERENCES" };
        table.note(format!("verify {says} after {:.1} s with {most} MB (goal: 60 s, 500 MB)", took.as_secs_f64()));
        workbook::measure(table);
    }
    rates
}

async fn guest_token(program: &Program) -> String {
    let mut conn = Conn::open(program.address).await.expect("the server");
    let form = request("GET", "/dang-nhap", "cookie: khach=load-generator-visitor\r\n", "");
    conn.exchange(&form).await.expect("an answer");
    between(conn.text(), "name=\"_csrf\" value=\"", "\"").expect("a token").to_owned()
}

async fn measure(options: &Options, program: &Program, scenario: &Scenario, raw: f64, table: &mut Table) -> f64 {
    let setting = Setting {
        address: program.address,
        make: Arc::clone(&scenario.make),
        status: scenario.status,
        connections: options.connections,
        span: options.span(),
    };
    // Once before it counts: what is kept is kept from here on, as on any day.
    measure::closed(program, &Setting { span: options.span() / 4, ..setting.clone() }).await;
    let closed = measure::closed(program, &setting).await;
    let rate = closed.a_second();
    let open = measure::open(program, &setting, rate / 2.0).await;
    let goal = match scenario.goal {
        Goal::Rate(goal) => format!("{goal:.0}/s"),
        Goal::OfRaw(share) => format!("{share} × raw = {:.0}/s", share * raw),
        Goal::None => String::new(),
    };
    table.row(scenario.name, &goal, &closed, &open, program.memory(false));
    if let Some(make) = &scenario.compressed {
        let setting = Setting { make: Arc::clone(make), ..setting };
        measure::closed(program, &Setting { span: options.span() / 4, ..setting.clone() }).await;
        let closed = measure::closed(program, &setting).await;
        let open = measure::open(program, &setting, closed.a_second() / 2.0).await;
        table.row("  the same, compressed", "", &closed, &open, program.memory(false));
    }
    rate
}

/// As many bytes as a lesson and as the answer to a save have, behind the same middleware and the same look at the session: what nothing can be
/// faster than.
async fn bare_answers(options: &Options, program: &Program, world: &World, table: &mut Table) {
    let learner = &world.learners[0];
    let mut conn = Conn::open(program.address).await.expect("the server");
    let path = format!("/lop/{}/hoc/{}", learner.run, world.lessons[0]);
    let lesson = conn.exchange(&request("GET", &path, &learner.cookie, "")).await.expect("an answer").bytes;
    for (name, bytes) in [
        ("limit: middleware, session, the bytes of a lesson", lesson),
        ("limit: middleware, session, a hundred bytes", 100),
    ] {
        let make = scenarios::single(&learner.cookie, &format!("/gioi-han/{bytes}"));
        let scenario = Scenario { name, goal: Goal::None, status: 200, make, compressed: None };
        measure(options, program, &scenario, 0.0, table).await;
    }
}

/// The pages of somebody who answers for an agency of a quarter of all people; one at a time, since one person asks.
async fn agency(options: &Options, program: &Program, world: &World, table: &mut Table) {
    for (what, path) in [
        ("first page", "/".to_owned()),
        ("people", "/nguoi".to_owned()),
        ("reminders", "/don-doc".to_owned()),
        ("target", format!("/chi-tieu/{}", world.target)),
        ("its people", format!("/chi-tieu/{}/nguoi", world.target)),
        ("nominations", "/de-cu".to_owned()),
        ("register", "/so-cap".to_owned()),
        ("classes", "/lop".to_owned()),
    ] {
        let mut conn = Conn::open(program.address).await.expect("the server");
        let asked = Instant::now();
        conn.exchange(&request("GET", &path, &world.officer, "")).await.expect("an answer");
        if asked.elapsed() > Duration::from_millis(100) {
            table.note(format!("large agency: {what}: {} ms for who asks first", asked.elapsed().as_millis()));
        }
        let setting = Setting {
            address: program.address,
            make: scenarios::single(&world.officer, &path),
            status: 200,
            connections: 1,
            span: options.span() / 4,
        };
        let alone = measure::closed(program, &setting).await;
        table.row(&format!("large agency: {what}"), "100 ms", &alone, &alone, program.memory(false));
    }
}

/// Ten thousand people, each with a session of their own, open a lesson each; how many did.
async fn many_sessions(program: &Program, world: &World, place: &Place) -> usize {
    let mut conn = Conn::open(program.address).await.expect("the server");
    let mut opened = 0;
    for (n, (cookie, run)) in world::sessions_of_all(place).await.into_iter().enumerate() {
        let path = format!("/lop/{run}/hoc/{}", world.lessons[n % world.lessons.len()]);
        let reply = conn.exchange(&request("GET", &path, &cookie, "")).await.expect("an answer");
        opened += usize::from(reply.status == 200);
    }
    opened
}
