//! Making reports outside requests.

use serde::{Deserialize, Serialize};

use super::{
    actions::{self, Made},
    document::{self, compose},
    export,
    model::{
        FileKind, Report, ReportId,
        document::{Document, Named, OfSeal},
    },
    paper,
    queries::{
        self,
        gather::{Listed, Part, gather},
        names::NameList,
    },
};
use crate::{
    app::App,
    organisations::queries as organisations,
    platform::{
        aside::aside,
        error::{Error, Outage, Result},
        files::{FilesError, Limits, MediaType, Stored},
        i18n::{Arg, Message},
        jobs::Job,
    },
    targets::queries as targets,
};

/// Makes a report. It may be run again at any time: what was not finished is begun anew, what is done stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BuildReport {
    pub report: ReportId,
}

impl Job for BuildReport {
    const KIND: &'static str = "reports.build";
}

const MOST: u64 = 200_000_000;
const FILES: Limits = Limits { max_bytes: MOST, accept: &[MediaType::Pdf, MediaType::Xlsx, MediaType::Text] };

/// A fault is written down with its reason, for the person who asked; only where the database does not answer is the job tried again.
pub async fn build(app: App, job: BuildReport) -> Result<()> {
    let id = job.report;
    if !app.db.write("reports.begin", move |c| actions::begin(c, id)).await? {
        return Ok(());
    }
    // A task of its own: a panic is this report's failure, and is told like any other.
    let made = tokio::spawn(make(app.clone(), id)).await;
    match made.unwrap_or_else(|e| Err(Error::internal(format!("the making ended: {e}")))) {
        Ok(()) => Ok(()),
        Err(error @ (Error::NotKnown(_) | Error::Unavailable(Outage::Database | Outage::Busy, _))) => Err(error),
        Err(error) => {
            tracing::warn!(report = id.0, %error, "a report failed");
            let (now, (fault, detail)) = (app.now(), reason(&error));
            app.db.write("reports.fail", move |c| actions::fail(c, now, id, fault, &detail)).await
        }
    }
}

/// Why it failed, as a message and what is inserted into it.
fn reason(error: &Error) -> (&'static str, String) {
    match error {
        Error::Refused(Message { key, args }) if key == paper::UNPRINTABLE => {
            let detail = args.iter().find_map(|(_, value)| match value {
                Arg::Text(text) => Some(text.clone()),
                Arg::Number(_) => None,
            });
            (paper::UNPRINTABLE, detail.unwrap_or_default())
        }
        Error::NotFound => ("reports-fault-gone", String::new()),
        Error::Unavailable(Outage::Files, _) => ("reports-fault-files", String::new()),
        _ => ("reports-fault-internal", String::new()),
    }
}

async fn step(app: &App, report: &Report, done: &mut i64) -> Result<()> {
    *done += 1;
    let (id, done) = (report.id, *done);
    app.db.write("reports.progress", move |c| actions::progress(c, id, done)).await
}

async fn make(app: App, id: ReportId) -> Result<()> {
    let report = app.db.read(move |c| queries::report(c, id)).await?;
    let mut done = 0;
    let (mut parts, mut listed): (Vec<Part>, Vec<Listed>) = (Vec::new(), Vec::new());
    for code in report.asked()?.targets {
        let asked = report.clone();
        let (part, own) = app.db.read(move |c| gather(c, &asked, &code, asked.has_names)).await?;
        parts.push(part);
        listed.extend(own);
        step(&app, &report, &mut done).await?;
    }
    let document = write(&app, &report, parts).await?;
    let body = serde_json::to_string(&document)?;
    let pdf = {
        let document = document.clone();
        aside("report", move || paper::pdf(&document)).await?
    };
    step(&app, &report, &mut done).await?;
    let tables = {
        let document = document.clone();
        aside("report", move || {
            Ok::<_, Error>([export::xlsx(&document)?, export::csv(&document)?, export::json(&document)?])
        })
        .await?
    };
    step(&app, &report, &mut done).await?;
    let [xlsx, csv, json] = tables;
    let mut files = vec![(FileKind::Pdf, pdf), (FileKind::Xlsx, xlsx), (FileKind::Csv, csv), (FileKind::Json, json)];
    if report.has_names {
        let list = app.db.read(move |c| NameList::load(c, listed)).await?;
        let (title, at) = (document.title(), document::stamp(&document));
        let made = aside("report", move || {
            let title = format!("Danh sách kèm theo: {title}");
            Ok::<_, Error>((export::names_xlsx(&title, at, list.rows())?, export::names_csv(list.rows())?))
        });
        let (xlsx, csv) = made.await?;
        files.extend([(FileKind::NamesXlsx, xlsx), (FileKind::NamesCsv, csv)]);
        step(&app, &report, &mut done).await?;
    }
    keep(&app, &report, body, files).await
}

/// Puts all files into the store, then notes them all at once. What was stored for nothing is taken away again.
async fn keep(app: &App, report: &Report, body: String, files: Vec<(FileKind, Vec<u8>)>) -> Result<()> {
    let mut stored: Vec<(FileKind, Stored, String)> = Vec::new();
    let mut failed = None;
    for (kind, bytes) in files {
        match app.files.put_bytes("reports", &bytes, &FILES).await {
            Ok(file) => stored.push((kind, file, name(app, report, kind))),
            Err(error) => {
                failed = Some(failing(error));
                break;
            }
        }
    }
    let outcome = match failed {
        Some(error) => Err(error),
        None => {
            let (now, id, made) = (app.now(), report.id, Made { body, files: stored.clone() });
            app.db.write("reports.finish", move |c| actions::finish(c, now, id, &made)).await
        }
    };
    // Whether they were noted is not known: then they stay.
    if !matches!(outcome, Ok(true) | Err(Error::NotKnown(_))) {
        for (_, file, _) in &stored {
            app.files.delete(&file.key).await.map_err(failing)?;
        }
    }
    outcome.map(drop)
}

fn failing(error: FilesError) -> Error {
    Error::Unavailable(Outage::Files, error.to_string())
}

/// What a file is called where it is downloaded.
fn name(app: &App, report: &Report, kind: FileKind) -> String {
    let demo = if app.demo { "minh-hoa-" } else { "" };
    let names = if kind.has_names() { "danh-sach-" } else { "" };
    let short: String = report.code.chars().take(6).collect();
    let (from, to) = (report.period_from.format("%Y%m%d"), report.period_to.format("%Y%m%d"));
    format!("bao-cao-{names}{demo}{from}-{to}-{short}.{}", kind.extension())
}

async fn write(app: &App, report: &Report, parts: Vec<Part>) -> Result<Document> {
    let (asked, is_illustration) = (report.asked()?, app.demo);
    let (unit, seal) = (report.unit_id, report.seal_id);
    let (unit, seal) = app
        .db
        .read(move |c| {
            let unit = unit.map(|unit| organisations::unit(c, unit)).transpose()?;
            let seal = seal.map(|seal| targets::seal(c, seal)).transpose()?;
            Ok::<_, Error>((unit, seal))
        })
        .await?;
    let seal = seal
        .map(|row| match (row.number, row.hash, row.decided_at) {
            (Some(number), Some(hash), Some(signed_at)) => Ok(OfSeal { number, hash, signed_at }),
            _ => Err(Error::internal("a report from a seal that nobody signed")),
        })
        .transpose()?;
    let frame = document::Frame {
        is_illustration,
        unit: unit.map(|unit| Named { code: unit.code, name: unit.name_vi }),
        seal,
        as_of: asked.as_of,
        words: asked.words,
    };
    let report = report.clone();
    aside("report", move || Ok(compose(&report, frame, &parts))).await
}
