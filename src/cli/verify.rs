//! `verify`: whether what is kept agrees with itself. Reads only, so the site may go on. With `--seal`: whether the files of
//! seals hold, without configuration, database or network.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use super::{Failure, Outcome};
use crate::{
    platform::{
        db::Database,
        text::{date, datetime},
    },
    site,
    targets::model::seal::{Fault, Seal},
};

#[derive(Debug, Args)]
pub struct Options {
    /// Check the file of a seal instead; needs neither configuration nor database
    ///
    /// The file is one JSON object in one line, written without spaces and with the members of every object in the order of
    /// their bytes. Its `hash` is the SHA-256 of that text without the member `hash`; its `previous` is the hash of the seal
    /// signed before. Checked are the writing, the hash, that the figures are the sums of the people and turns listed,
    /// and, between several files, that each follows the one before.
    #[arg(long = "seal", value_name = "FILE", num_args = 1..)]
    pub seals: Vec<PathBuf>,
}

/// Says what each file holds, or what is wrong with it; any fault is a failure.
pub fn seals(files: &[PathBuf]) -> Outcome {
    let mut read = Vec::new();
    let mut faults = 0;
    for file in files {
        match seal(file)? {
            Ok(seal) => {
                println!("{}: {}", file.display(), told(&seal));
                read.push((file, seal));
            }
            Err(fault) => {
                println!("{}: NOT SOUND: {fault}", file.display());
                faults += 1;
            }
        }
    }
    read.sort_by_key(|(_, seal)| seal.number);
    for pair in read.windows(2) {
        let [(_, before), (file, seal)] = pair else { continue };
        let follows = seal.number == before.number + 1;
        if seal.number == before.number && seal.hash != before.hash {
            println!("{}: NOT SOUND: another seal has the number {}", file.display(), seal.number);
            faults += 1;
        } else if follows && seal.previous != before.hash {
            println!("{}: NOT SOUND: it does not follow seal {}", file.display(), before.number);
            faults += 1;
        }
    }
    if faults == 0 { Ok(()) } else { Err(Failure::Said) }
}

fn seal(file: &Path) -> anyhow::Result<std::result::Result<Seal, Fault>> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Seal::read(&text),
        Err(e) => Err(Fault::Unreadable(e.to_string())),
    })
}

fn told(seal: &Seal) -> String {
    let (content, figures) = (&seal.content, seal.content.figures.total);
    let agencies = content
        .agencies
        .as_ref()
        .map_or_else(String::new, |a| format!(", {} of {} agencies on {}", a.organised.len(), a.all.len(), date(a.on)));
    format!(
        "sound. Seal {} of {}, {} – {}, known at {}: {} people, {} turns{agencies}\n  hash {}\n  previous {}",
        seal.number,
        content.target.code,
        date(content.period.from),
        date(content.period.to),
        datetime(content.known_at.0),
        figures.people,
        figures.turns,
        seal.hash,
        seal.previous,
    )
}

/// Prints each difference; any is a failure.
pub async fn run(db: &Database) -> Outcome {
    let mut differences = 0;
    for (name, check) in site::checks() {
        let found = db.read(check).await.with_context(|| format!("{name} cannot be checked"))?;
        println!(
            "{name}: {}",
            if found.is_empty() { "agrees".to_owned() } else { format!("{} differences", found.len()) }
        );
        for difference in &found {
            println!("  {difference}");
        }
        differences += found.len();
    }
    if differences == 0 {
        return Ok(());
    }
    Err(anyhow::anyhow!("{differences} differences were found").into())
}
