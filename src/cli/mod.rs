//! The command line. Each command has a file; this one knows their names, what they take, and how they end.

mod artificial;
mod backup;
mod bench_data;
pub mod course;
mod demo;
mod doctor;
mod migrate;
mod organisations;
mod person;
mod restore;
mod serve;
mod signer;
mod verify;
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
/// Settings come from defaults, over them the file nongcot.toml (or --config, or NONGCOT_CONFIG), and over that variables:
/// http.listen of the file is NONGCOT__HTTP__LISTEN. `nongcot doctor` shows them all with their source.
#[derive(Debug, Parser)]
#[command(name = "nongcot", version, max_term_width = 100, after_help = EXITS)]
struct Line {
    /// The configuration file
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

const EXITS: &str = "Exit codes: 0 done; 1 it could not be done, or something was found wrong; 2 the configuration or the words \
of the command are wrong, and nothing was touched.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site (the default), its files, its metrics and its jobs
    ///
    /// Brings the database to the schema of this version first. Ends on SIGTERM or Ctrl-C after the requests in hand.
    /// Addresses: http.listen, files.listen, metrics.listen. /healthz says that it lives, /readyz that it can serve.
    Serve,
    /// Make a fresh database with illustrative data, serve it, and print one-time sign-in links
    ///
    /// Everything lies in a new folder under storage.dir; real data is never touched.
    Demo(demo::Options),
    /// Bring the database to the schema of this version
    ///
    /// `serve` does this too. Several at once wait for each other; a database of a newer version is refused.
    Migrate,
    /// Look for what is wrong and say how it is mended
    ///
    /// Configuration, address, database, files, mail, clock, disk and open files. Changes nothing that is kept, and may run
    /// beside the site. Ends with 1 if anything is wrong.
    Doctor(doctor::Options),
    /// Check that what is kept agrees with itself
    ///
    /// The database's own soundness, the sealed chain of the audit, and every figure that is derived from others, computed
    /// anew, with every seal of figures. Names each difference and then ends with 1. Reads only; the site may go on.
    ///
    /// To check the file of a seal without a database: nongcot verify --seal FILE
    Verify(verify::Options),
    /// Make one file with the whole database and all user files, while the site goes on
    ///
    /// Everything acknowledged before the start is in it. The same format serves SQLite and PostgreSQL, so a backup of one can
    /// be restored into the other. User files in an S3 store stay there and need a backup of that store. The log of the database
    /// notes it, and the first page of administrators says how old the last one is.
    Backup(backup::Options),
    /// Make an installation from a backup, in a new folder or an empty PostgreSQL database: all of it or nothing
    ///
    /// Checks every hash on the way and runs `verify` at the end. Never start the old and the restored installation side by
    /// side: both would send the letters that were waiting.
    ///
    /// To look at a backup without restoring it: nongcot restore FILE --check
    Restore(restore::Options),
    /// Fill an empty database with artificial people who study, to measure with
    ///
    /// Prints rows a second. `verify` agrees afterwards. A database that holds real people is refused. The people sign in by
    /// links: nongcot person login-link minh-hoa-1-0
    BenchData(bench_data::Options),
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
    /// Who signs certificates, and from when
    #[command(subcommand)]
    Signer(signer::Signer),
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
        /// What changed, for those who teach and learn with it; without it, the course's own change_note
        #[arg(long)]
        note: Option<String>,
    },
    /// List courses and their versions
    List,
    /// Write a small course to start from into a new folder
    New {
        /// Its code, such as KT-02
        code: String,
        /// Its title in Vietnamese
        title: String,
        /// Where the course's folder is made
        #[arg(long, default_value = ".")]
        r#in: PathBuf,
    },
}

/// How a command ends badly.
pub enum Failure {
    /// The configuration or the command's words are wrong: exit code 2.
    Usage(String),
    /// The work could not be done: exit code 1.
    Failed(anyhow::Error),
    /// What was found wrong was said where it belongs: exit code 1.
    Said,
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
        Err(Failure::Said) => ExitCode::FAILURE,
    }
}

async fn run(line: Line) -> Outcome {
    let source = ConfigSource::of_process(line.config);
    match line.command.unwrap_or(Command::Serve) {
        Command::Demo(options) => demo::run(source, options).await,
        // Needs neither configuration nor database.
        Command::Course(Course::Check { folders, json }) => match course::check(&folders, json)? {
            true => Ok(()),
            false => Err(Failure::Said),
        },
        Command::Course(Course::New { code, title, r#in }) => course::new(&r#in, &code, &title),
        Command::Verify(options) if !options.seals.is_empty() => verify::seals(&options.seals),
        Command::Doctor(options) => doctor::run(&source, &options).await,
        command => {
            let config = load(&source)?;
            match command {
                Command::Serve => serve::run(config).await,
                Command::Migrate => migrate::run(&config),
                Command::Work => work::run(config).await,
                Command::Signer(command) => {
                    let (db, clock) = database(&config).await?;
                    signer::run(&db, &clock, command).await
                }
                Command::Person(person) => person::run(config, person).await,
                Command::Organisations(command) => {
                    let (db, clock) = database(&config).await?;
                    match command {
                        Organisations::Import { files } => organisations::import(&db, &clock, &files).await?,
                        Organisations::List { day, kind } => {
                            organisations::list(&db, &clock, day, kind.as_deref()).await?
                        }
                    }
                    Ok(())
                }
                Command::Course(command) => {
                    let (db, clock) = database(&config).await?;
                    match command {
                        Course::Import { folder, note } => course::import(&db, &clock, &folder, note).await?,
                        Course::List => course::list(&db).await?,
                        Course::Check { .. } | Course::New { .. } => {}
                    }
                    Ok(())
                }
                Command::BenchData(options) => bench_data::run(config, options).await,
                Command::Verify(_) => verify::run(&open(&config)?).await,
                Command::Backup(options) => backup::run(&config, &options).await,
                Command::Restore(options) => restore::run(config, options).await,
                Command::Demo(_) | Command::Doctor(_) => Ok(()),
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

/// The database as it stands: a command that only looks must not make or change one.
fn open(config: &Config) -> Result<Database, Failure> {
    let missing = db::pending(&config.database.url)?;
    if !missing.is_empty() {
        return Err(
            anyhow::anyhow!("the database lacks migrations of this version; run `nongcot migrate` first").into()
        );
    }
    Ok(Database::open(config.database.url.clone(), 2, 64)?)
}
