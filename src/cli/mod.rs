//! The command line. Each command has a file; this one knows their names, what they take, and how they end.

mod course;
mod demo;
mod migrate;
mod organisations;
mod person;
mod serve;
mod work;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::platform::{
    clock::Clock,
    config::{Config, ConfigSource},
    db::{self, Database},
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
    /// Organisational units over time
    #[command(subcommand)]
    Organisations(Organisations),
    /// Courses as folders of text
    #[command(subcommand)]
    Course(Course),
}

#[derive(Debug, Subcommand)]
enum Organisations {
    /// Import lists of units (CSV); without a file, the lists this version ships
    Import { files: Vec<PathBuf> },
    /// List the units of a day
    List {
        /// The day, as YYYY-MM-DD; today without it
        #[arg(long)]
        day: Option<chrono::NaiveDate>,
        /// Only units of this kind
        #[arg(long)]
        kind: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
enum Course {
    /// Check folders and name every fault at once; exit code 1 if one may not be imported
    Check {
        #[arg(required = true)]
        folders: Vec<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    /// Import a folder as a new version of its course
    Import {
        folder: PathBuf,
        /// What changed, for those who teach and learn with it
        #[arg(long)]
        note: String,
    },
    /// List courses and their versions
    List,
}

/// How a command ends badly.
pub enum Failure {
    /// The configuration or the command's words are wrong: exit code 2.
    Usage(String),
    /// The work could not be done: exit code 1.
    Failed(anyhow::Error),
    /// What is wrong was printed already: exit code 1.
    Told,
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
        Err(Failure::Told) => ExitCode::FAILURE,
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
        // Needs neither configuration nor database.
        Command::Course(Course::Check { folders, json }) => match course::check(&folders, json)? {
            true => Ok(()),
            false => Err(Failure::Told),
        },
        command => {
            let config = load(&source)?;
            match command {
                Command::Serve => serve::run(config).await,
                Command::Migrate => migrate::run(&config),
                Command::Work => work::run(config).await,
                Command::Person(person) => person::run(config, person).await,
                Command::Organisations(command) => {
                    let (db, clock) = database(&config).await?;
                    match command {
                        Organisations::Import { files } => organisations::import(&db, &clock, &files).await?,
                        Organisations::List { day, kind } => organisations::list(&db, &clock, day, kind.as_deref()).await?,
                    }
                    Ok(())
                }
                Command::Course(command) => {
                    let (db, clock) = database(&config).await?;
                    match command {
                        Course::Import { folder, note } => course::import(&db, &clock, &folder, &note).await?,
                        Course::List => course::list(&db).await?,
                        Course::Check { .. } => {}
                    }
                    Ok(())
                }
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

/// The migrated database, for commands that need nothing else.
async fn database(config: &Config) -> Result<(Database, Clock), Failure> {
    db::migrate(&config.database.url)?;
    Ok((Database::open(config.database.url.clone(), 2, 100)?, Clock::system()))
}
