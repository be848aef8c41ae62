//! `restore`: a backup becomes an installation again, in a new folder or an empty PostgreSQL database: all of it or nothing.

use std::{
    fs::{self, File},
    io::BufReader,
    path::{Path, PathBuf},
};

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::json;

use super::{
    Failure, Outcome,
    backup::{beside, note, sync_folder},
    verify,
};
use crate::platform::{
    clock::Clock,
    config::{Config, DatabaseUrl},
    db::{
        Database,
        archive::{ArchiveError, FILES_INSIDE, Frame, Head, In, Kind, Totals, load::Loading},
    },
    files::{FileKey, Files},
};

#[derive(Debug, Args)]
pub struct Options {
    /// The file that `backup` made
    file: PathBuf,
    /// A folder that does not exist or is empty, or the address of an empty PostgreSQL database (postgres://…)
    #[arg(long, value_name = "FOLDER|URL", required_unless_present = "check")]
    into: Option<String>,
    /// With a PostgreSQL address: the storage folder that takes the user files [default: storage.dir of the configuration]
    #[arg(long, value_name = "FOLDER")]
    storage: Option<PathBuf>,
    /// Only read the file through and check every hash
    #[arg(long, conflicts_with_all = ["into", "storage"])]
    check: bool,
}

/// The name of the database inside a folder, as a configuration without `database.url` has it.
const SQLITE_FILE: &str = "nongcot.sqlite3";

type Archive = In<BufReader<File>>;

pub async fn run(config: Config, options: Options) -> Outcome {
    let mut archive = open(&options.file)?;
    let head = head(&mut archive)?;
    println!("{}: made {} by version {} from {}", options.file.display(), head.made_at, head.version, head.database);
    let Some(into) = options.into else {
        let totals = walk(&mut archive, &mut |archive, frame| archive.content(frame, &mut std::io::sink()))?;
        println!("It is whole: {} rows, {} files.", totals.rows, totals.files);
        return Ok(());
    };
    let restored = if into.starts_with("postgres:") || into.starts_with("postgresql:") {
        let target = DatabaseUrl::parse(&into).map_err(|e| Failure::Usage(format!("--into: the address {e}")))?;
        into_postgres(archive, &head, target, &options.storage.unwrap_or(config.storage.dir))
    } else if options.storage.is_some() {
        return Err(Failure::Usage(
            "--storage goes with a PostgreSQL address; a folder takes the files itself".to_owned(),
        ));
    } else {
        into_folder(archive, &head, Path::new(&into))
    };
    let (target, totals) = restored.map_err(|error| match error.downcast() {
        Ok(ArchiveError::Refused(sentence)) => Failure::Usage(sentence),
        Ok(other) => other.into(),
        Err(error) => Failure::from(error),
    })?;
    println!("Restored into {}: {} rows, {} files.", target.shown(), totals.rows, totals.files);
    let told = json!({ "rows": totals.rows, "files": totals.files, "version": head.version });
    let made_at: DateTime<Utc> = head.made_at.parse().context("the backup does not say when it was made")?;
    note(&target, Clock::system().now().into(), "backup.restore", made_at.into(), told).await?;
    if head.files != FILES_INSIDE {
        println!("User files were in {} and are there still: set storage.url to it.", head.files);
    }
    verify::run(&Database::open(target, 2, 16)?).await
}

fn open(file: &Path) -> Result<Archive, Failure> {
    let opened = File::open(file).map_err(|e| Failure::Usage(format!("{} cannot be read: {e}", file.display())))?;
    In::new(BufReader::with_capacity(256 * 1024, opened))
        .map_err(|e| Failure::Usage(format!("{}: {e}", file.display())))
}

fn head(archive: &mut Archive) -> Result<Head, ArchiveError> {
    let frame = archive.frame()?;
    if frame.kind != Kind::Head {
        return Err(ArchiveError::Damaged("its beginning is missing".to_owned()));
    }
    serde_json::from_str(&archive.text(&frame)?)
        .map_err(|e| ArchiveError::Damaged(format!("its first part is not readable ({e})")))
}

/// Hands every frame to `take`, which takes its content, and checks the count at the end.
fn walk(
    archive: &mut Archive,
    take: &mut dyn FnMut(&mut Archive, &Frame) -> Result<(), ArchiveError>,
) -> Result<Totals, ArchiveError> {
    let mut counted = Totals::default();
    loop {
        let frame = archive.frame()?;
        match frame.kind {
            Kind::Rows => counted.rows += frame.rows,
            Kind::File => counted.files += 1,
            Kind::Head => return Err(ArchiveError::Damaged("it begins twice".to_owned())),
            Kind::End => {
                let announced: Totals = serde_json::from_str(&archive.text(&frame)?).map_err(std::io::Error::from)?;
                if announced != counted || !archive.is_at_end()? {
                    return Err(ArchiveError::Damaged("it holds more or less than its end says".to_owned()));
                }
                return Ok(counted);
            }
        }
        take(archive, &frame)?;
    }
}

/// Reads all that follows the head into a database and a folder of files.
fn fill(mut archive: Archive, loading: &mut Loading, files: &Path) -> Result<Totals, ArchiveError> {
    walk(&mut archive, &mut |archive, frame| match frame.kind {
        Kind::Rows => {
            let lines = archive.text(frame)?;
            loading.rows(&frame.name, &lines, frame.rows)
        }
        _ => {
            // The name was ours when it was written; anything else could lead out of the folder.
            let key = FileKey::parse(&frame.name)
                .ok_or_else(|| ArchiveError::Damaged(format!("{:?} cannot be a file's name", frame.name)))?;
            let path = files.join(key.as_str());
            fs::create_dir_all(path.parent().unwrap_or(files))?;
            let mut file = File::create_new(&path)?;
            archive.content(frame, &mut file)?;
            file.sync_all()?;
            Ok(())
        }
    })
}

fn into_folder(archive: Archive, head: &Head, folder: &Path) -> anyhow::Result<(DatabaseUrl, Totals)> {
    refuse_filled(folder)?;
    let absolute = std::path::absolute(folder)?;
    let unfinished = beside(&absolute, &format!("restoring-{}", std::process::id()));
    fs::create_dir_all(&unfinished).with_context(|| format!("{} cannot be made", unfinished.display()))?;
    let filled = (|| {
        let target = unfinished.join(SQLITE_FILE);
        let mut loading = Loading::begin(&DatabaseUrl::Sqlite(target.clone()), head)?;
        let totals = fill(archive, &mut loading, &files_in(&unfinished))?;
        loading.finish(|| Ok(()))?;
        File::open(&target)?.sync_all()?;
        // An empty folder is replaced in one step, one that was filled meanwhile is not.
        fs::rename(&unfinished, &absolute).with_context(|| format!("{} cannot take its place", absolute.display()))?;
        sync_folder(&absolute)?;
        Ok((DatabaseUrl::Sqlite(folder.join(SQLITE_FILE)), totals))
    })();
    if filled.is_err() {
        let _ = fs::remove_dir_all(&unfinished);
    }
    filled
}

fn into_postgres(
    archive: Archive,
    head: &Head,
    target: DatabaseUrl,
    storage: &Path,
) -> anyhow::Result<(DatabaseUrl, Totals)> {
    let files = files_in(&std::path::absolute(storage)?);
    if head.files == FILES_INSIDE {
        refuse_filled(&files)?;
    }
    let unfinished = beside(&files, &format!("restoring-{}", std::process::id()));
    let filled = (|| {
        let mut loading = Loading::begin(&target, head)?;
        let totals = fill(archive, &mut loading, &unfinished)?;
        let placed = std::cell::Cell::new(false);
        let finished = loading.finish(|| {
            if totals.files > 0 {
                fs::rename(&unfinished, &files)?;
                placed.set(true);
                sync_folder(&files)?;
            }
            Ok(())
        });
        if finished.is_err() && placed.get() {
            let _ = fs::remove_dir_all(&files);
        }
        finished?;
        Ok((target, totals))
    })();
    if filled.is_err() {
        let _ = fs::remove_dir_all(&unfinished);
    }
    filled
}

fn files_in(storage: &Path) -> PathBuf {
    Files::folder_in(storage)
}

fn refuse_filled(folder: &Path) -> Result<(), ArchiveError> {
    match fs::read_dir(folder).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(ArchiveError::Refused(format!(
            "{} is not empty; a backup is restored into a new place",
            folder.display()
        ))),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(ArchiveError::Refused(format!("{} cannot be used: {e}", folder.display()))),
    }
}
