//! The one place that lists every key with its default, and the rules between keys.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use tracing_subscriber::EnvFilter;
use url::Url;

use super::address::{Bucket, DatabaseUrl, MailUrl};
use super::reader::{Reader, parse_public_url, parse_socket};
use super::{
    Config, ConfigError, ConfigSource, Database, Fault, FilesHost, Http, Jobs, Log, LogFormat, Mail, Metrics, Origin,
    Passwords, S3, Secret, Storage,
};

const MEBIBYTE: u64 = 1024 * 1024;

pub(super) fn load(source: &ConfigSource) -> Result<Config, ConfigError> {
    let mut r = Reader::new(source.read());
    let http = http(&mut r)?;
    let files = files(&mut r)?;
    let show = |address: &SocketAddr| address.to_string();
    let metrics = Metrics { listen: r.optional("metrics.listen", Some(local(9090)), parse_socket, show) };
    let storage = storage(&mut r);
    let database = database(&mut r, &storage);
    let mail = Mail {
        url: r.text("mail.url", MailUrl::Folder(storage.dir.join("mail")), MailUrl::parse, MailUrl::shown),
        from: r.text("mail.from", "Nòng Cốt <nong-cot@localhost>".to_owned(), sender, String::clone),
    };
    let log = Log {
        format: r.text("log.format", LogFormat::Text, log_format, |f| format!("{f:?}").to_lowercase()),
        level: r.text("log.level", "info".to_owned(), log_level, String::clone),
    };
    let jobs = Jobs { workers: r.count("jobs.workers", 2, 1..=64) };
    let passwords = Passwords {
        parallel: r.count("passwords.parallel", 2, 1..=64),
        queue: r.count("passwords.queue", 2000, 1..=100_000),
        patience: seconds(r.number("passwords.patience_seconds", 4, 1..=30)),
    };
    check_hosts(&mut r, &http, &files);
    check_listens(&mut r, &http, &files, &metrics);
    let described = r.finish()?;
    Ok(Config { http, files, metrics, database, storage, mail, log, jobs, passwords, described })
}

fn http(r: &mut Reader) -> Result<Http, ConfigError> {
    let listen = r.socket("http.listen", local(8080));
    // Whoever moves the port on the own machine should not have to say so twice.
    let public_url = known_url("http.public_url", &format!("http://localhost:{}", listen.port()))?;
    let cores = std::thread::available_parallelism().map_or(2, |n| u32::try_from(n.get()).unwrap_or(2)).clamp(1, 256);
    Ok(Http {
        listen,
        public_url: r.public_url("http.public_url", public_url),
        trusted_proxies: r.list("http.trusted_proxies", |text| {
            text.parse().map_err(|()| format!("must be addresses or blocks such as 10.0.0.0/8, which {text:?} is not"))
        }),
        workers: r.count("http.workers", cores, 1..=256),
        max_connections: r.count("http.max_connections", 25_000, 16..=1_000_000),
        kept_connections: r.count("http.kept_connections", 500, 1..=1_000_000),
        max_form_bytes: r.count("http.max_form_bytes", 256 * 1024, 4096..=16 * 1024 * 1024),
        max_json_bytes: r.count("http.max_json_bytes", 1024 * 1024, 4096..=64 * 1024 * 1024),
        max_upload_bytes: r.number("http.max_upload_bytes", 100 * MEBIBYTE, MEBIBYTE..=16 * 1024 * MEBIBYTE),
        max_api_per_minute: r.count("http.max_api_per_minute", 600, 1..=1_000_000),
        header_timeout: seconds(r.number("http.header_seconds", 10, 1..=300)),
        keep_alive: seconds(r.number("http.keep_alive_seconds", 30, 1..=3600)),
        shutdown_timeout: seconds(r.number("http.shutdown_seconds", 20, 1..=600)),
    })
}

fn files(r: &mut Reader) -> Result<FilesHost, ConfigError> {
    let listen = r.socket("files.listen", local(8081));
    // `localhost` and `127.0.0.1` are two hosts to a browser, which is what keeps uploads away from the site's cookies.
    let public_url = known_url("files.public_url", &format!("http://127.0.0.1:{}", listen.port()))?;
    Ok(FilesHost {
        listen,
        public_url: r.public_url("files.public_url", public_url),
        link_lifetime: seconds(r.number("files.link_seconds", 3600, 60..=86_400)),
    })
}

fn storage(r: &mut Reader) -> Storage {
    let dir = r.text(
        "storage.dir",
        PathBuf::from("./data"),
        |text| if text.is_empty() { Err("must name a folder".to_owned()) } else { Ok(PathBuf::from(text)) },
        |dir| dir.display().to_string(),
    );
    let bucket = r.optional("storage.url", None, Bucket::parse, Bucket::shown);
    let endpoint = r.optional("storage.endpoint", None, parse_public_url, |url| url.origin().ascii_serialization());
    let region = r.text("storage.region", "us-east-1".to_owned(), not_empty, String::clone);
    let access_key_id = r.optional("storage.access_key_id", None, not_empty, String::clone);
    let secret = r.optional("storage.secret_access_key", None, |t| not_empty(t).map(Secret::new), hidden);
    let s3 = match (bucket, access_key_id, secret) {
        (Some(bucket), Some(access_key_id), Some(secret_access_key)) => {
            Some(S3 { bucket, endpoint, region, access_key_id, secret_access_key })
        }
        (Some(_), id, secret) => {
            for (key, missing) in
                [("storage.access_key_id", id.is_none()), ("storage.secret_access_key", secret.is_none())]
            {
                if missing {
                    r.object(key, "A bucket in storage.url needs this key too.");
                }
            }
            None
        }
        (None, ..) => {
            if !r.was_given("storage.url") {
                for key in ["storage.endpoint", "storage.access_key_id", "storage.secret_access_key"] {
                    if r.was_given(key) {
                        r.object(key, "This has no effect without a bucket in storage.url.");
                    }
                }
            }
            None
        }
    };
    Storage { dir, s3 }
}

fn database(r: &mut Reader, storage: &Storage) -> Database {
    let file = DatabaseUrl::Sqlite(storage.dir.join("nongcot.sqlite3"));
    Database {
        url: r.text("database.url", file, DatabaseUrl::parse, DatabaseUrl::shown),
        readers: r.count("database.readers", 4, 1..=64),
        write_queue: r.count("database.write_queue", 4096, 16..=100_000),
        pool: r.count("database.pool", 16, 2..=500),
        wait: seconds(r.number("database.wait_seconds", 5, 1..=60)),
    }
}

/// Uploads under the site's own host name could read its cookies, whatever the port.
fn check_hosts(r: &mut Reader, http: &Http, files: &FilesHost) {
    if http.public_url.host() == files.public_url.host() {
        r.object("files.public_url", "Uploaded files need a host name of their own, different from http.public_url.");
    }
    if http.secure_cookies() && files.public_url.scheme() != "https" {
        r.object("files.public_url", "The files must come by https too when the site does.");
    }
}

fn check_listens(r: &mut Reader, http: &Http, files: &FilesHost, metrics: &Metrics) {
    // Port 0 asks the system for a free one.
    let collide = |a: SocketAddr, b: SocketAddr| {
        a.port() != 0
            && a.port() == b.port()
            && (a.ip() == b.ip() || a.ip().is_unspecified() || b.ip().is_unspecified())
    };
    if collide(http.listen, files.listen) {
        r.object("files.listen", "This is the port of http.listen; give the files another one.");
    }
    if let Some(metrics) = metrics.listen {
        if collide(metrics, http.listen) {
            r.object("metrics.listen", "This is the port of http.listen; give the metrics another one.");
        }
        if collide(metrics, files.listen) {
            r.object("metrics.listen", "This is the port of files.listen; give the metrics another one.");
        }
    }
}

fn sender(text: &str) -> Result<String, String> {
    match text.parse::<lettre::message::Mailbox>() {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("must look like Nòng Cốt <nong-cot@example.vn>".to_owned()),
    }
}

fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("must be text or json".to_owned()),
    }
}

fn log_level(text: &str) -> Result<String, String> {
    let wanted = "must be error, warn, info, debug or trace, or such levels by module";
    match EnvFilter::try_new(text) {
        Ok(_) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(wanted.to_owned()),
    }
}

fn not_empty(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("must not be empty".to_owned()) } else { Ok(text.to_owned()) }
}

fn hidden(_: &Secret<String>) -> String {
    "(set, not shown)".to_owned()
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

/// The defaults are well formed; should one not be, the start says so rather than panics.
fn known_url(key: &str, text: &str) -> Result<Url, ConfigError> {
    Url::parse(text).map_err(|error| ConfigError { faults: vec![Fault::new(key, Origin::Default, error.to_string())] })
}
