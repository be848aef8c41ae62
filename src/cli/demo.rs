//! `demo`: a fresh database with illustrative data, the site on it, and links to come in by.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::Context;
use clap::Args;
use serde::Serialize;

use super::{Failure, Outcome, load};
use crate::{
    accounts::queries,
    app::{self, App},
    platform::{
        clock::Clock,
        config::{Config, ConfigSource, DatabaseUrl},
    },
    site::{self, Listeners},
};

mod data;
mod decisions;
mod experts;
mod nominations;
mod plan;
mod quotas;
mod reports;
mod sessions;
mod years;

#[derive(Debug, Args)]
pub struct Options {
    /// Leave the year 2022 with its 12.300 turns out: starts at once
    #[arg(long)]
    quick: bool,
    /// Fill the year 2022 with one in so many of its people and turns: shorter to wait for, with figures in proportion
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=100), conflicts_with = "quick")]
    one_in: u16,
    /// Go on with a demonstration made before, as it was left: its folder (with PostgreSQL, its database is taken as configured)
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["quick", "one_in"])]
    again: Option<PathBuf>,
    /// Print one JSON object with the address and the links, and nothing else
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Printed<'a> {
    base: &'a str,
    links: &'a BTreeMap<&'static str, String>,
}

pub async fn run(source: ConfigSource, options: Options) -> Outcome {
    let given = Config::load(&source).map_err(|e| Failure::Usage(e.to_string()))?;
    // A folder of its own, so that a demonstration never meets real data; a PostgreSQL address is taken as it is.
    let new = || given.storage.dir.join(format!("demo-{}", std::process::id()));
    let folder = options.again.clone().unwrap_or_else(new);
    let source = if matches!(given.database.url, DatabaseUrl::Sqlite(_)) {
        let file = folder.join("nongcot.sqlite");
        if options.again.is_some() && !file.is_file() {
            return Err(Failure::Usage(format!("There is no demonstration in {}.", folder.display())));
        }
        source
            .with("storage.dir", folder.display().to_string())
            .with("database.url", format!("sqlite:{}", file.display()))
            .with("mail.url", format!("file:{}", folder.join("mail").display()))
    } else {
        source.with("storage.dir", folder.display().to_string())
    };
    // Filling writes long batches while nobody waits for the writer; its warnings about them would tell nothing.
    let source = source.with("log.level", format!("{},nongcot::platform::db::writer=error", given.log.level));
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let config = load(&source)?;
    let listeners = Listeners::bind(&config).map_err(Failure::Usage)?;
    let config = load(&on_the_ports(source, &config, &listeners)?)?;
    let app = App::build(config, clock()).await.context("the program cannot start")?;
    let (app, links) = if options.again.is_some() {
        refuse_what_is_no_demo(&app)?;
        let links = data::links(&app).await?;
        (app, links)
    } else {
        refuse_real_data(&app).await?;
        app.db.write("demo.mark", app::mark_demo).await?;
        let app = App { demo: true, ..app };
        let links = data::fill(&app, (!options.quick).then_some(usize::from(options.one_in))).await?;
        (app, links)
    };
    let base = app.config.http.origin();
    let running = site::start(app, listeners, true, true)?;
    if options.json {
        println!("{}", serde_json::to_string(&Printed { base: &base, links: &links })?);
    } else {
        println!("\nNòng Cốt, bản trình diễn với dữ liệu minh họa: {base}\nDữ liệu nằm ở {}\n", folder.display());
        println!("Đường dẫn đăng nhập một lần (one-time sign-in links):");
        for (role, link) in &links {
            println!("  {role:<18} {link}");
        }
        println!("\nCtrl-C để dừng; mở lại bằng: nongcot demo --again {}", folder.display());
    }
    running.wait().await?;
    Ok(())
}

#[cfg(not(feature = "test-clock"))]
fn clock() -> Clock {
    Clock::system()
}

/// The journeys move the clock: a line with a number of seconds on standard input puts it forward, and a line with the new
/// moment answers.
#[cfg(feature = "test-clock")]
fn clock() -> Clock {
    let clock = Clock::movable();
    let moved = clock.clone();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if let Ok(seconds) = line.trim().parse() {
                moved.advance(chrono::TimeDelta::seconds(seconds));
                println!("{}", serde_json::json!({ "now": moved.now() }));
            }
        }
    });
    clock
}

/// Where a port was left to the system, the public addresses follow what was given.
fn on_the_ports(mut source: ConfigSource, config: &Config, listeners: &Listeners) -> Result<ConfigSource, Failure> {
    if config.http.listen.port() == 0 {
        source = source.with("http.public_url", format!("http://localhost:{}", listeners.http.local_addr()?.port()));
    }
    if config.files.listen.port() == 0 {
        source = source.with("files.public_url", format!("http://127.0.0.1:{}", listeners.files.local_addr()?.port()));
    }
    Ok(source)
}

/// Links to sign in without a password are made in a demonstration only.
fn refuse_what_is_no_demo(app: &App) -> Outcome {
    if app.demo { Ok(()) } else { Err(Failure::Usage("This database was not made by `demo`.".to_owned())) }
}

async fn refuse_real_data(app: &App) -> Outcome {
    if app.db.read(queries::anybody).await? {
        return Err(Failure::Usage("The database holds people already; `demo` wants an empty one.".to_owned()));
    }
    Ok(())
}
