//! What an earlier version kept is kept by this one. A backup that it made, with rows of nearly every kind, is restored, which runs the
//! migrations since; and its database is put back as it was and upgraded by them, as an installation that goes on is.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use nongcot::platform::{config::DatabaseUrl, db::archive::load::Loading};
use serde_json::Value;

use crate::{
    backup::{Place, read, text},
    sources,
    support::run,
};

/// Made on SQLite by the program of 22/11/2026 with 25 migrations, from the people and records of the access matrix: a course that was completed and
/// certified, an open attempt, a signed seal and one that waits for its second signature, quotas, nominations, an import, a report.
fn earlier(folder: &Path) -> PathBuf {
    let packed = sources::root().join("tests/it/fixtures/backups/after-25-migrations.nongcot.gz");
    let mut unpacked = flate2::read::GzDecoder::new(std::fs::File::open(packed).unwrap());
    let file = folder.join("earlier");
    std::io::copy(&mut unpacked, &mut std::fs::File::create_new(&file).unwrap()).unwrap();
    file
}

/// Rows that a backup, a restore or an upgrade may add to or change.
const NOTES: [&str; 3] = ["audit_events", "audit_seals", "jobs"];

/// The rows of a table, each by the names of its columns.
type Rows = Vec<BTreeMap<String, Value>>;

fn tables(file: &Path) -> BTreeMap<String, Rows> {
    let mut found: BTreeMap<String, Rows> = BTreeMap::new();
    read(file, None, |head, name, lines, _| {
        let columns = &head.tables.iter().find(|table| table.name == name).unwrap().columns;
        let row = |line: &str| columns.iter().cloned().zip(serde_json::from_str::<Vec<Value>>(line).unwrap()).collect();
        found.entry(name.to_owned()).or_default().extend(lines.lines().map(row));
    });
    found
}

/// Every row of the backup is in the database, and the program agrees with what it finds.
async fn holds_all_of(place: &Place, file: &Path, folder: &Path) {
    run(&place.settings(), &["verify"]).await.ended(0);
    let again = folder.join("again");
    run(&place.settings(), &["backup", text(&again)]).await.ended(0);
    let (was, is) = (tables(file), tables(&again));
    assert!(was.len() > 40, "the backup holds rows of {} tables only", was.len());
    for (table, rows) in was.iter().filter(|(table, _)| !NOTES.contains(&table.as_str())) {
        let kept = &is[table];
        // A column that came since is not compared; one that went is missed.
        let columns: BTreeSet<&String> = rows[0].keys().collect();
        let mut left: Vec<BTreeMap<&String, &Value>> =
            kept.iter().map(|row| row.iter().filter(|(name, _)| columns.contains(name)).collect()).collect();
        for row in rows {
            let row: BTreeMap<&String, &Value> = row.iter().collect();
            let at = left.iter().position(|kept| *kept == row);
            left.swap_remove(at.unwrap_or_else(|| panic!("{table}: this row is lost: {row:?}")));
        }
    }
}

#[actix_web::test]
async fn an_earlier_backup_is_restored_with_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::same_kind(&folder.path().join("restored"));
    let file = earlier(folder.path());
    place.restore(&file).await.ended(0).says("audit: agrees");
    holds_all_of(&place, &file, folder.path()).await;
}

#[actix_web::test]
async fn an_earlier_database_is_upgraded_with_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::same_kind(&folder.path().join("installed"));
    std::fs::create_dir(folder.path().join("installed")).unwrap();
    let target = DatabaseUrl::parse(&place.database).unwrap();
    let file = earlier(folder.path());
    let mut loading = None;
    let files = folder.path().join("installed/files");
    let head = read(&file, Some(&files), |head, table, lines, rows| {
        let loading = loading.get_or_insert_with(|| Loading::begin(&target, head).unwrap());
        loading.rows(table, lines, rows).unwrap();
    });
    loading.expect("rows").leave().unwrap();
    assert_eq!(head.migrations.len(), 25);
    run(&place.settings(), &["verify"]).await.ended(1).says("lacks migrations of this version");
    run(&place.settings(), &["migrate"]).await.ended(0);
    holds_all_of(&place, &file, folder.path()).await;
}
