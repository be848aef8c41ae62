//! `doctor`: is everything there that the program needs, and if not, how is it mended? Changes nothing of what is kept.

use clap::Args;
use serde::Serialize;

use super::{Failure, Outcome};
use crate::platform::{
    config::{Config, ConfigSource, MailUrl},
    files::Files,
    mail::Mailer,
};

mod database;
mod machine;

#[derive(Debug, Args)]
pub struct Options {
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub struct Finding {
    what: &'static str,
    is_ok: bool,
    /// What was found, in one sentence.
    says: String,
    /// What to do, where something is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    mend: Option<String>,
}

impl Finding {
    fn ok(what: &'static str, says: impl Into<String>) -> Self {
        Self { what, is_ok: true, says: says.into(), mend: None }
    }

    fn wrong(what: &'static str, says: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { what, is_ok: false, says: says.into(), mend: Some(mend.into()) }
    }
}

#[derive(Serialize)]
struct Setting<'a> {
    key: &'a str,
    value: &'a str,
    source: &'a str,
}

#[derive(Serialize)]
struct Report<'a> {
    is_ok: bool,
    findings: &'a [Finding],
    settings: Vec<Setting<'a>>,
}

pub async fn run(source: &ConfigSource, options: &Options) -> Outcome {
    let loaded = Config::load(source);
    let (findings, settings) = match &loaded {
        Ok(config) => (look(config).await, config.describe()),
        Err(error) => {
            let wrong = |fault: &crate::platform::config::Fault| {
                Finding::wrong("configuration", fault.to_string(), format!("Correct {} where it is set.", fault.key))
            };
            (error.faults.iter().map(wrong).collect(), [].as_slice())
        }
    };
    let settings = settings.iter().map(|d| Setting { key: d.key, value: &d.value, source: &d.source }).collect();
    let report = Report { is_ok: findings.iter().all(|f| f.is_ok), findings: &findings, settings };
    if options.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print(&report);
    }
    if report.is_ok { Ok(()) } else { Err(Failure::Said) }
}

fn print(report: &Report<'_>) {
    let width = |text: fn(&Setting<'_>) -> usize| report.settings.iter().map(text).max().unwrap_or(0);
    let (keys, values) = (width(|s| s.key.chars().count()), width(|s| s.value.chars().count()).min(50));
    for Setting { key, value, source } in &report.settings {
        println!("{key:<keys$}  {value:<values$}  {source}");
    }
    println!();
    for finding in report.findings {
        let mark = if finding.is_ok { "OK   " } else { "WRONG" };
        println!("{mark}  {:<14} {}", finding.what, finding.says);
        if let Some(mend) = &finding.mend {
            println!("{:>22}→ {mend}", "");
        }
    }
}

async fn look(config: &Config) -> Vec<Finding> {
    let mut findings =
        vec![Finding::ok("configuration", format!("{} settings, all known and valid", config.describe().len()))];
    findings.push(address(config));
    findings.extend(database::look(config).await);
    findings.push(storage(config).await);
    findings.push(mail(config).await);
    findings.extend(machine::look(config));
    findings
}

/// Whether people can reach the site without anybody listening in.
fn address(config: &Config) -> Finding {
    let origin = config.http.origin();
    if config.http.secure_cookies() || is_here(config) {
        return Finding::ok("address", format!("people come by {origin}"));
    }
    Finding::wrong(
        "address",
        format!("people come by {origin}, so their passwords cross the network unencrypted"),
        "Put a proxy with a certificate in front and set http.public_url to its https:// address.",
    )
}

/// The site is for this machine only: a trial.
fn is_here(config: &Config) -> bool {
    match config.http.public_url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

async fn storage(config: &Config) -> Finding {
    let files = match Files::open(&config.storage) {
        Ok(files) => files,
        Err(e) => {
            return Finding::wrong("files", e.to_string(), "Make storage.dir a folder that this user may write to.");
        }
    };
    match files.check().await {
        Ok(()) => Finding::ok("files", format!("written, read and deleted one in {}", files.place())),
        Err(e) if config.storage.s3.is_some() => Finding::wrong(
            "files",
            format!("{}: {e}", files.place()),
            "Check storage.url, storage.endpoint and the two keys, and that the store answers from this machine.",
        ),
        Err(e) => Finding::wrong(
            "files",
            format!("{}: {e}", files.place()),
            "Give the user of this program the right to write there, and look at the disk.",
        ),
    }
}

async fn mail(config: &Config) -> Finding {
    let shown = config.mail.url.shown();
    let checked = match Mailer::open(&config.mail) {
        Ok(mailer) => mailer.check().await,
        Err(error) => Err(error),
    };
    match (checked, &config.mail.url) {
        (Err(error), MailUrl::Folder(_)) => {
            Finding::wrong("mail", format!("{shown}: {error}"), "Make the folder of mail.url writable for this user.")
        }
        (Err(error), MailUrl::Smtp(_)) => Finding::wrong(
            "mail",
            format!("{shown}: {error}"),
            "Check host, port, user name and password in mail.url; letters wait and leave once the server answers.",
        ),
        (Ok(()), MailUrl::Folder(_)) if !is_here(config) => Finding::wrong(
            "mail",
            format!("letters are put into {shown} and reach nobody"),
            "Set mail.url to smtps://user:password@host and mail.from to your sender.",
        ),
        (Ok(()), MailUrl::Folder(_)) => Finding::ok("mail", format!("letters are put into {shown}, as in a trial")),
        (Ok(()), MailUrl::Smtp(_)) => {
            Finding::ok("mail", format!("{shown} answers and takes letters from {}", config.mail.from))
        }
    }
}
