//! The settings of one running program: plain structs, defaults in code, one TOML file over them, and the environment
//! (`NONGCOT__SECTION__KEY`) over that. Nothing here is global: whoever needs a setting is handed it.
//!
//! Invariants: an unknown key, a value of the wrong kind or two settings that contradict each other stop the start, all
//! named at once with the place they came from; a secret is never part of a message.

mod address;
mod load;
mod network;
mod reader;
mod secret;
mod source;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

pub use address::{Bucket, DatabaseUrl, MailUrl};
pub use network::Network;
pub use secret::Secret;
pub use source::{ConfigSource, DEFAULT_FILE, FILE_VARIABLE, Origin};

/// Everything that can be set. The fields are the documentation: `http.listen` in the file is `http.listen` here.
#[derive(Debug, Clone)]
pub struct Config {
    pub http: Http,
    pub files: FilesHost,
    pub metrics: Metrics,
    pub database: Database,
    pub storage: Storage,
    pub mail: Mail,
    pub log: Log,
    pub jobs: Jobs,
    pub passwords: Passwords,
    described: Vec<Described>,
}

/// The site itself.
#[derive(Debug, Clone)]
pub struct Http {
    pub listen: SocketAddr,
    /// What people type. Links, QR codes and the flags of cookies follow it.
    pub public_url: Url,
    /// The proxies in front of us, whose word about the client's address is believed.
    pub trusted_proxies: Vec<Network>,
    pub workers: usize,
    pub max_connections: usize,
    /// How many of them may stay open between two requests.
    pub kept_connections: usize,
    pub max_form_bytes: usize,
    pub max_json_bytes: usize,
    pub max_upload_bytes: u64,
    /// How many requests a token of the interface for programs may make in a minute.
    pub max_api_per_minute: usize,
    /// How long a client may take to send its headers.
    pub header_timeout: Duration,
    pub keep_alive: Duration,
    /// How long requests in progress may take after a stop was asked for.
    pub shutdown_timeout: Duration,
}

impl Http {
    /// Cookies are `Secure` and `__Host-` exactly when people come by https.
    pub fn secure_cookies(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// `https://host` without a slash at the end, as browsers write it in `Origin`.
    pub fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// The full address of a page, for mails and QR codes. `path` begins with a slash.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }
}

/// What people uploaded, served from another host than the site so that it can never act as the site.
#[derive(Debug, Clone)]
pub struct FilesHost {
    pub listen: SocketAddr,
    pub public_url: Url,
    /// How long a signed link to a file works.
    pub link_lifetime: Duration,
}

impl FilesHost {
    pub fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }
}

#[derive(Debug, Clone)]
pub struct Metrics {
    /// Where Prometheus may ask; empty switches it off.
    pub listen: Option<SocketAddr>,
}

#[derive(Debug, Clone)]
pub struct Database {
    pub url: DatabaseUrl,
    /// SQLite: connections that read beside the one writer.
    pub readers: usize,
    /// SQLite: writes that may wait for the writer before a new one is turned away.
    pub write_queue: usize,
    /// PostgreSQL: connections in the pool.
    pub pool: usize,
    /// How long a request may wait for a connection or a lock.
    pub wait: Duration,
}

#[derive(Debug, Clone)]
pub struct Storage {
    /// The folder of everything that this machine keeps: the SQLite file, uploads, mail of the demonstration.
    pub dir: PathBuf,
    /// Uploads in an S3-compatible store instead of the folder.
    pub s3: Option<S3>,
}

#[derive(Debug, Clone)]
pub struct S3 {
    pub bucket: Bucket,
    /// The server, for every store but Amazon's own.
    pub endpoint: Option<Url>,
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: Secret<String>,
}

#[derive(Debug, Clone)]
pub struct Mail {
    pub url: MailUrl,
    /// The sender of every letter: `name <address>`.
    pub from: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone)]
pub struct Log {
    pub format: LogFormat,
    /// What to write: a level, or levels by module (`info,nongcot::platform::db=debug`).
    pub level: String,
}

#[derive(Debug, Clone)]
pub struct Jobs {
    /// Jobs that run at the same time in one process.
    pub workers: usize,
}

/// Checking a password takes 19 MiB and a third of a core's second, so few run at once and the rest wait in a line.
#[derive(Debug, Clone)]
pub struct Passwords {
    pub parallel: usize,
    pub queue: usize,
    /// How long a page waits for its turn before it shows the place in the line instead.
    pub patience: Duration,
}

/// One setting as `doctor` shows it; a secret's value is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    pub key: &'static str,
    pub value: String,
    pub source: String,
}

/// Why the program does not start: everything that is wrong with the settings.
#[derive(Debug, Clone)]
pub struct ConfigError {
    pub faults: Vec<Fault>,
}

/// One mistake: the key, where it was written, and one sentence. Values that could be secret are not quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub key: String,
    pub origin: Origin,
    pub sentence: String,
}

impl Fault {
    fn new(key: &str, origin: Origin, sentence: String) -> Self {
        Self { key: key.to_owned(), origin, sentence }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.key, self.origin, self.sentence)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.faults.iter().map(Fault::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads and checks everything.
    pub fn load(source: &ConfigSource) -> Result<Self, ConfigError> {
        load::load(source)
    }

    /// Every setting with its value and where it came from, for `doctor`.
    pub fn describe(&self) -> &[Described] {
        &self.described
    }
}
