//! What a unit of work may do wrong without harm to others.

use diesel::{connection::SimpleConnection, prelude::*, sql_query};

use super::{Database, DbConn, migrate, schema::settings};
use crate::platform::{
    config::DatabaseUrl,
    error::{Error, Outage, Result},
};

fn database() -> (Database, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let target = DatabaseUrl::Sqlite(folder.path().join("test.sqlite"));
    migrate(&target).unwrap();
    (Database::open(target, 2, 100).unwrap(), folder)
}

fn set(c: &mut DbConn, key: &str) -> Result<()> {
    diesel::insert_into(settings::table).values((settings::key.eq(key), settings::value.eq("x"))).execute(c)?;
    Ok(())
}

async fn keys(db: &Database) -> Vec<String> {
    let found: Result<_> =
        db.read(|c| Ok(settings::table.select(settings::key).order(settings::key.asc()).load(c)?)).await;
    found.unwrap()
}

#[tokio::test]
async fn a_panic_undoes_its_own_work_alone() {
    let (db, _folder) = database();
    let panicking = || {
        db.write("test", |c| {
            set(c, "panicked")?;
            // Deep inside: a savepoint of its own is open.
            c.transaction(|_| -> Result<()> { panic!("on purpose") })
        })
    };
    let (before, panicked, after) =
        tokio::join!(db.write("test", |c| set(c, "before")), panicking(), db.write("test", |c| set(c, "after")));
    before.unwrap();
    assert!(matches!(panicked, Err(Error::Internal(_))), "{panicked:?}");
    after.unwrap();
    let read: Result<()> = db.read(|_| panic!("on purpose")).await;
    assert!(matches!(read, Err(Error::Internal(_))));
    db.write("test", |c| set(c, "later")).await.unwrap();
    assert_eq!(keys(&db).await, ["after", "before", "later"]);
}

/// After some errors of a disk SQLite takes back the whole transaction by itself, with what others wrote in it. Nobody may be told that it is kept.
#[tokio::test]
async fn a_transaction_that_was_taken_back_acknowledges_nobody() {
    for nested in [true, false] {
        let (db, _folder) = database();
        let (open, gate) = std::sync::mpsc::channel::<()>();
        // The others wait until all of them stand in the queue, and share a transaction.
        let holding = db.write("test", move |_| {
            gate.recv().unwrap();
            Ok::<_, Error>(())
        });
        let taken_back = db.write("test", move |c| {
            let gone = |c: &mut DbConn| -> Result<()> { Ok(c.batch_execute("ROLLBACK")?) };
            let failing = |c: &mut DbConn| gone(c).and(Err::<(), _>(Error::NotFound));
            // As a list does of which some lines fail: it goes on.
            let _ = if nested { c.transaction(failing) } else { failing(c) };
            Ok::<_, Error>(())
        });
        let (_, first, second, third, ()) = tokio::join!(
            holding,
            db.write("test", |c| set(c, "first")),
            taken_back,
            db.write("test", |c| set(c, "third")),
            async move { open.send(()).unwrap() }
        );
        for told in [first, second, third] {
            assert!(matches!(told, Err(Error::NotKnown(_))), "{nested}: {told:?}");
        }
        db.write("test", |c| set(c, "later")).await.unwrap();
        assert_eq!(keys(&db).await, ["later"], "{nested}");
    }
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let (db, _folder) = database();
    let written = db.read(|c| set(c, "x")).await;
    assert!(matches!(written, Err(Error::Unavailable(Outage::Database, _))), "{written:?}");
    assert!(keys(&db).await.is_empty());
}

#[tokio::test]
async fn a_full_disk_is_an_outage_and_passes() {
    let (db, _folder) = database();
    // SQLite's own limit answers as a full disk does.
    let pages = |most: u32| {
        move |c: &mut DbConn| -> Result<()> {
            sql_query(format!("PRAGMA max_page_count = {most}")).execute(c)?;
            Ok(())
        }
    };
    db.write("test", pages(1)).await.unwrap();
    let large = |c: &mut DbConn| -> Result<()> {
        let value = "x".repeat(100_000);
        diesel::insert_into(settings::table)
            .values((settings::key.eq("large"), settings::value.eq(value)))
            .execute(c)?;
        Ok(())
    };
    let full = db.write("test", large).await;
    assert!(matches!(full, Err(Error::Unavailable(Outage::Database, _))), "{full:?}");
    assert!(keys(&db).await.is_empty());
    db.write("test", pages(1_000_000)).await.unwrap();
    db.write("test", large).await.unwrap();
    assert_eq!(keys(&db).await, ["large"]);
}

#[tokio::test]
async fn a_file_that_went_away_is_missed_and_never_made_anew() {
    let (db, folder) = database();
    db.write("test", |c| set(c, "before")).await.unwrap();
    let (path, away) = (folder.path().join("test.sqlite"), folder.path().join("away"));
    std::fs::rename(&path, &away).unwrap();
    assert!(matches!(db.write("test", |c| set(c, "lost")).await, Err(Error::Unavailable(Outage::Database, _))));
    assert!(matches!(db.ping().await, Err(Error::Unavailable(Outage::Database, _))));
    assert!(!path.exists(), "an empty database was made in its place");
    std::fs::copy(&away, &path).unwrap();
    assert!(db.ping().await.is_err(), "another file is not the one that is open");
    std::fs::rename(&away, &path).unwrap();
    db.write("test", |c| set(c, "after")).await.unwrap();
    assert_eq!(keys(&db).await, ["after", "before"]);
}
