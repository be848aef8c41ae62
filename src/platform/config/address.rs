//! Where the databases, the files and the mail are: the three addresses that a start depends on, parsed by ourselves,
//! because a library that guesses has once made a SQLite file named like a PostgreSQL server.

use std::path::PathBuf;

use url::Url;

use super::secret::Secret;

/// Which database to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    /// The whole connection address, password included, as libpq takes it.
    Postgres(Secret<String>),
}

impl DatabaseUrl {
    pub fn parse(text: &str) -> Result<Self, String> {
        let scheme = text.split_once(':').map(|(scheme, _)| scheme);
        match scheme {
            Some("sqlite") => Ok(Self::Sqlite(file_path("sqlite", text)?)),
            Some("postgres" | "postgresql") => {
                let url = Url::parse(text).map_err(|e| format!("is not a PostgreSQL address: {e}"))?;
                if url.path().trim_matches('/').is_empty() {
                    return Err("names no database; write postgres://user@host/database".to_owned());
                }
                Ok(Self::Postgres(Secret::new(text.to_owned())))
            }
            _ => Err("must begin with sqlite: (a file) or postgres:// (a server)".to_owned()),
        }
    }

    /// For people to read: the address without its password.
    pub fn shown(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres(url) => without_password(url.expose()),
        }
    }
}

/// How letters leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailUrl {
    /// Every letter becomes a file in this folder: for development, demonstration and tests.
    Folder(PathBuf),
    /// The whole address of the SMTP server, password included.
    Smtp(Secret<String>),
}

impl MailUrl {
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.split_once(':').map(|(scheme, _)| scheme) {
            Some("file") => Ok(Self::Folder(file_path("file", text)?)),
            Some(scheme @ ("smtp" | "smtps")) => {
                let url = Url::parse(text).map_err(|e| format!("is not a mail server's address: {e}"))?;
                let host = url.host_str().filter(|h| !h.is_empty()).ok_or("names no mail server")?;
                let mut encrypted = scheme == "smtps";
                for (name, value) in url.query_pairs() {
                    match (name.as_ref(), value.as_ref()) {
                        ("tls", "required") => encrypted = true,
                        ("tls", "opportunistic") if scheme == "smtp" => {}
                        _ => return Err(format!("takes only ?tls=required or ?tls=opportunistic, not ?{name}=")),
                    }
                }
                let password = url.password().is_some();
                if password && !encrypted && !is_this_machine(host) {
                    return Err("would send its password unencrypted; use smtps:// or add ?tls=required".to_owned());
                }
                if password == url.username().is_empty() {
                    return Err("must give both a user name and a password, or neither".to_owned());
                }
                Ok(Self::Smtp(Secret::new(text.to_owned())))
            }
            _ => Err("must begin with smtp://, smtps:// or file:".to_owned()),
        }
    }

    /// For people to read: the address without its password.
    pub fn shown(&self) -> String {
        match self {
            Self::Folder(path) => format!("file:{}", path.display()),
            Self::Smtp(url) => without_password(url.expose()),
        }
    }
}

/// The bucket of an S3-compatible store, and the folder in it when it is shared with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    pub name: String,
    pub prefix: String,
}

impl Bucket {
    pub fn parse(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix("s3://").ok_or("must look like s3://bucket or s3://bucket/folder")?;
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || !name.chars().all(good) {
            return Err("must name a bucket in letters, digits, dots and hyphens".to_owned());
        }
        let prefix = prefix.trim_matches('/');
        let parts_good = prefix.split('/').all(|part| part.chars().all(good) && part != "." && part != "..");
        if !parts_good || prefix.contains("//") {
            return Err("must name a folder in letters, digits, dots and hyphens".to_owned());
        }
        Ok(Self { name: name.to_owned(), prefix: prefix.to_owned() })
    }

    pub fn shown(&self) -> String {
        if self.prefix.is_empty() {
            format!("s3://{}", self.name)
        } else {
            format!("s3://{}/{}", self.name, self.prefix)
        }
    }
}

/// An address of this very machine: what goes there crosses no wire.
pub(super) fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// `sqlite:data/x.sqlite3`, `sqlite:/var/x.sqlite3` and `sqlite:///var/x.sqlite3`. Two slashes would make the first
/// folder a host name to some readers and a folder to others, so they are refused.
fn file_path(scheme: &str, text: &str) -> Result<PathBuf, String> {
    let rest = text.get(scheme.len() + 1..).unwrap_or_default();
    let path = match rest.strip_prefix("//") {
        Some(absolute) if absolute.starts_with('/') => absolute,
        Some(_) => return Err(format!("must be written {scheme}:folder/name or {scheme}:/folder/name")),
        None => rest,
    };
    if path.is_empty() || path.starts_with(':') || path.contains(['?', '\0']) {
        return Err(format!("must name a place on disk, such as {scheme}:data/name"));
    }
    Ok(PathBuf::from(path))
}

fn without_password(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else { return "(not readable)".to_owned() };
    if url.password().is_some() && url.set_password(Some("***")).is_err() {
        return "(not readable)".to_owned();
    }
    // A password may also stand among the parameters, which is where libpq takes it too.
    let kept: Vec<(String, String)> =
        url.query_pairs().filter(|(k, _)| !k.contains("pass")).map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    url.into()
}
