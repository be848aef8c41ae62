//! `backup`: one file with everything this installation keeps, made while the site goes on. When it is there, a line in the log of the database
//! says so, for those who look whether backups are made.

use std::{
    fs::{File, OpenOptions},
    io::BufWriter,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::Args;
use serde_json::json;

use super::{Failure, Outcome};
use crate::{
    access::Actor,
    audit::{self, Entry, model::BACKUPS},
    platform::{
        clock::Clock,
        config::{Config, DatabaseUrl},
        db::{
            Database, Moment,
            archive::{ArchiveError, FILES_INSIDE, Frame, Kind, Out, Totals, dump::Snapshot},
        },
        error,
        files::{FileKey, Files},
    },
};

#[derive(Debug, Args)]
pub struct Options {
    /// The file to make; it must not exist yet. It holds password hashes and personal data: keep it as safe as the database
    file: PathBuf,
}

/// What was made.
struct Made {
    /// The state that is in it.
    at: Moment,
    totals: Totals,
    faults: Vec<String>,
}

pub async fn run(config: &Config, options: &Options) -> Outcome {
    let file = &options.file;
    if file.exists() {
        return Err(Failure::Usage(format!("{} exists already; name a new file", file.display())));
    }
    let unfinished = beside(file, "unfinished");
    let made = write(config, &unfinished);
    let Made { at, totals, faults } = match made {
        Ok(made) => made,
        Err(error) => {
            let _ = std::fs::remove_file(&unfinished);
            return Err(match error.downcast() {
                Ok(ArchiveError::Refused(sentence)) => Failure::Usage(sentence),
                Ok(other) => other.into(),
                Err(error) => error.into(),
            });
        }
    };
    std::fs::rename(&unfinished, file).with_context(|| format!("{} cannot be renamed", unfinished.display()))?;
    sync_folder(file)?;
    let size = std::fs::metadata(file)?.len();
    println!(
        "{}: {} rows, {} files, {size} bytes, from {}",
        file.display(),
        totals.rows,
        totals.files,
        config.database.url.shown()
    );
    if let Some(s3) = &config.storage.s3 {
        println!("User files stay in {}: back that store up by its own means.", s3.bucket.shown());
    }
    let told = json!({ "bytes": size, "rows": totals.rows, "files": totals.files, "missing_files": faults.len() });
    if let Err(error) = note(&config.database.url, Clock::system().now().into(), "backup.make", at, told).await {
        eprintln!(
            "The backup is complete, but the database could not note it, so the site does not know of it: {error}"
        );
    }
    if faults.is_empty() {
        return Ok(());
    }
    for fault in &faults {
        eprintln!("{fault}");
    }
    Err(anyhow::anyhow!("the backup is complete but for the {} files named above", faults.len()).into())
}

/// Writes into the log of a database that a backup was made of it, or that it came from one. The backup itself holds no word of this: it was
/// begun before. So a database that came from a backup says that it did, and whatever was made of the one before counts no more.
pub async fn note(
    of: &DatabaseUrl,
    now: Moment,
    action: &'static str,
    made_at: Moment,
    told: serde_json::Value,
) -> error::Result<()> {
    let entry = Entry::new(action, BACKUPS, made_at.to_rfc3339()).after(told);
    let db = Database::open(of.clone(), 1, 1)?;
    db.write("cli.backup", move |c| audit::record(c, &Actor::system(), now, entry)).await
}

fn write(config: &Config, to: &Path) -> anyhow::Result<Made> {
    // Only for its owner's eyes, from the first byte.
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    let file = file.with_context(|| format!("{} cannot be made", to.display()))?;
    let mut out = Out::new(BufWriter::with_capacity(256 * 1024, file))?;
    let mut snapshot = Snapshot::open(&config.database.url)?;
    let folder = Files::folder(&config.storage);
    let place = config.storage.s3.as_ref().map_or_else(|| FILES_INSIDE.to_owned(), |s3| s3.bucket.shown());
    let at = Moment::from(Clock::system().now());
    let head = snapshot.head(at.to_rfc3339(), place)?;
    out.whole(Kind::Head, "", 0, &serde_json::to_vec(&head)?)?;
    let mut totals = Totals { rows: snapshot.write_rows(&mut out)?, files: 0 };
    let mut faults = Vec::new();
    if let Some(folder) = folder {
        snapshot.each_file(&mut |known| {
            match add_file(&mut out, &folder, &known.key, &known.sha256)? {
                Added::Whole => totals.files += 1,
                Added::Changed => {
                    totals.files += 1;
                    faults.push(format!(
                        "{}: the file is not what was once stored; it is in the backup as it is now",
                        known.key
                    ));
                }
                Added::Missing => faults.push(format!("{}: the file is not in {}", known.key, folder.display())),
            }
            Ok(())
        })?;
    }
    out.whole(Kind::End, "", 0, &serde_json::to_vec(&totals)?)?;
    let file = out.into_inner().into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all().with_context(|| format!("{} cannot be brought to the disk", to.display()))?;
    Ok(Made { at, totals, faults })
}

enum Added {
    Whole,
    Changed,
    Missing,
}

fn add_file(out: &mut Out<BufWriter<File>>, folder: &Path, key: &str, sha256: &str) -> Result<Added, ArchiveError> {
    let Some(key) = FileKey::parse(key) else { return Ok(Added::Missing) };
    let mut file = match File::open(folder.join(key.as_str())) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Added::Missing),
        Err(e) => return Err(e.into()),
    };
    let frame = Frame { kind: Kind::File, name: key.as_str().to_owned(), rows: 0, bytes: file.metadata()?.len() };
    let hash = out.copied(&frame, &mut file)?;
    Ok(if hash == sha256 { Added::Whole } else { Added::Changed })
}

/// `name.ending` in the same folder, for what is not finished yet.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

/// A new name is on the disk only when its folder is.
pub fn sync_folder(of: &Path) -> std::io::Result<()> {
    let folder = of.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
