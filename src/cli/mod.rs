//! The command line. Each command has a file; this one knows their names, what they take, and how they end.

pub mod course;
mod demo;
mod migrate;
mod person;
mod serve;
mod work;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::platform::{
    config::{Config, ConfigSource},
    telemetry,
};

/// Nòng Cốt, the learning platform for officials. Without a command it serves.
///
/// Settings come from nongcot.toml (or --config, or NONGCOT_CONFIG) and from NONGCOT__SECTION__KEY variables over it.
#[derive(Debug, Parser)]
#[command(name = "nongcot", version, max_term_width = 100)]
struct Line {
    /// The configuration file
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site (the default); on SQLite jobs run inside
    Serve,
    /// Make a fresh database with illustrative data, serve it, and print one-time sign-in links
    Demo(demo::Options),
    /// Bring the database to the schema of this version
    Migrate,
    /// Run jobs beside the site (PostgreSQL only; on SQLite `serve` runs them)
    Work,
    /// Create people and sign-in links
    #[command(subcommand)]
    Person(person::Person),
}

/// How a command ends badly.
pub enum Failure {
    /// The configuration or the command's words are wrong: exit code 2.
    Usage(String),
    /// The work could not be done: exit code 1.
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

type Outcome = Result<(), Failure>;

/// Runs the command of this process.
pub fn main() -> ExitCode {
    let line = Line::parse();
    let outcome = crate::site::block_on(run(line));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(text)) => {
            eprintln!("{text}");
            ExitCode::from(2)
        }
        Err(Failure::Failed(error)) => {
            eprintln!("nongcot: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(line: Line) -> Outcome {
    let source = ConfigSource::of_process(line.config);
    match line.command.unwrap_or(Command::Serve) {
        Command::Demo(options) => demo::run(source, options).await,
        command => {
            let config = load(&source)?;
            match command {
                Command::Serve => serve::run(config).await,
                Command::Migrate => migrate::run(&config),
                Command::Work => work::run(config).await,
                Command::Person(person) => person::run(config, person).await,
                Command::Demo(_) => Ok(()),
            }
        }
    }
}

/// Reads the configuration and starts the log.
fn load(source: &ConfigSource) -> Result<Config, Failure> {
    let config = Config::load(source).map_err(|e| Failure::Usage(e.to_string()))?;
    telemetry::init_logging(&config.log);
    Ok(config)
}
