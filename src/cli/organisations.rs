//! `organisations`: bring the list of units in, and print it as it is on a day.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chrono::NaiveDate;

use crate::{
    access::Actor,
    organisations::{
        actions::{self, ImportReport, List},
        model::UnitKind,
        queries,
    },
    platform::{
        clock::Clock,
        db::Database,
        error::Error,
        i18n::{Catalogue, Locale},
        text,
    },
};

/// A list larger than this is not one of units.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Imports the files, or the shipped list where none is named: whole or not at all, every fault with file, line and reason.
pub async fn import(db: &Database, clock: &Clock, files: &[PathBuf]) -> anyhow::Result<()> {
    let lists = if files.is_empty() {
        actions::shipped()
    } else {
        files.iter().map(|file| read(file)).collect::<anyhow::Result<_>>()?
    };
    let now = clock.now().into();
    let report = db.write("organisations.import", move |c| actions::import(c, &Actor::system(), now, &lists)).await;
    match report {
        Ok(report) => {
            println!("{}", summary(&report));
            Ok(())
        }
        Err(Error::Invalid(faults)) => {
            let catalogue = Catalogue::embedded().map_err(anyhow::Error::msg)?;
            for (_, fault) in &faults.0 {
                eprintln!("{}", catalogue.text(Locale::En, fault));
            }
            bail!("nothing was imported: {} faults", faults.0.len())
        }
        Err(other) => Err(other.into()),
    }
}

fn read(file: &Path) -> anyhow::Result<List> {
    let size = std::fs::metadata(file).with_context(|| format!("{} cannot be read", file.display()))?.len();
    if size > LARGEST {
        bail!("{} is larger than {} MiB", file.display(), LARGEST / 1024 / 1024);
    }
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let text = String::from_utf8(bytes).ok().with_context(|| format!("{} is not UTF-8 text", file.display()))?;
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
    Ok(List { name, text })
}

fn summary(report: &ImportReport) -> String {
    let ImportReport { created, changed, unchanged } = report;
    format!("{} units created, {} changed, {unchanged} as they were", created.len(), changed.len())
}

/// Prints the units valid on a day (today where none is given), of one kind only where one is named: code, kind, days, name.
pub async fn list(db: &Database, clock: &Clock, day: Option<NaiveDate>, kind: Option<&str>) -> anyhow::Result<()> {
    let on = day.unwrap_or_else(|| clock.today());
    let kinds = match kind.map(|name| (name, UnitKind::parse(name))) {
        None => Vec::new(),
        Some((_, Some(kind))) => vec![kind],
        Some((name, None)) => {
            let known: Vec<&str> = UnitKind::ALL.iter().map(|kind| kind.as_str()).collect();
            bail!("{name:?} is no kind of unit; there are: {}", known.join(", "))
        }
    };
    let units = db.read(move |c| queries::valid_on(c, &kinds, on)).await?;
    for unit in &units {
        let day = |day: Option<NaiveDate>| day.map_or_else(|| text::NO_FIGURE.to_owned(), text::date);
        println!(
            "{:<20} {:<18} {:<10} {:<10} {}",
            unit.code,
            unit.kind,
            day(unit.valid_from),
            day(unit.valid_to),
            unit.name_vi
        );
    }
    println!("{} units on {}", units.len(), text::date(on));
    Ok(())
}
