//! Certificates while the server is killed: no number twice, no gap, nobody forgotten.

use std::{collections::BTreeSet, time::Duration};

use diesel::{prelude::*, sql_query};
use nongcot::platform::db::{
    Moment,
    schema::{certificates, jobs},
};

use crate::{
    certificates::{class, faults, finish},
    records::{self, fresh, write},
    support::{Server, TestDatabase, run},
};

const PEOPLE: usize = 40;

/// How many are issued, and how many of them have their paper.
async fn issued(database: &TestDatabase) -> (usize, usize) {
    let numbers: Vec<(i64, Option<i64>)> = database
        .db
        .read(|c| {
            let all = certificates::table.order(certificates::number.asc());
            Ok::<_, nongcot::platform::error::Error>(all.select((certificates::number, certificates::file_id)).load(c)?)
        })
        .await
        .unwrap();
    let expected: Vec<i64> = (1..).take(numbers.len()).collect();
    assert_eq!(numbers.iter().map(|(number, _)| *number).collect::<Vec<_>>(), expected, "a gap, or a number twice");
    (numbers.len(), numbers.iter().filter(|(_, file)| file.is_some()).count())
}

/// TEST_KILLS says how often.
#[actix_web::test]
async fn a_killed_server_leaves_no_gap_in_the_register() {
    let kills: usize = std::env::var("TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(3);
    let (db, database) = fresh().await;
    write(&db, |c| {
        sql_query("DELETE FROM settings WHERE key = 'certificates.signers'").execute(c)?;
        let class = class(c);
        for n in 0..PEOPLE {
            let person = records::person(c, &format!("N{n}"));
            finish(c, class, person, false);
        }
        Ok(())
    })
    .await;
    let folder = database.folder.path().display().to_string();
    let settings = [("DATABASE__URL", database.url.as_str()), ("STORAGE__DIR", &folder), ("LOG__LEVEL", "off")];
    let sign = ["signer", "add", "--from", "2020-01-01", "--title", "CỤC TRƯỞNG", "--name", "Người ký Minh họa"];
    run(&settings, &sign).await.ended(0);

    let mut seen = BTreeSet::new();
    for round in 0..=kills {
        let mut server = Server::start(&[], &settings).await;
        let last = round == kills;
        let known = issued(&database).await.1;
        for _ in 0..6_000 {
            let (_, complete) = issued(&database).await;
            if complete == PEOPLE || (!last && complete >= known + PEOPLE / (kills + 2)) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // Each time at another moment: before the number, between the number and the paper, after both.
        tokio::time::sleep(Duration::from_millis(13 * u64::try_from(round % 5).unwrap())).await;
        server.kill();
        seen.insert(issued(&database).await);
        // What the dead held is free again once its time is over; nobody waits five minutes here.
        write(&db, |c| {
            let held = jobs::table.filter(jobs::state.eq("running"));
            diesel::update(held).set(jobs::locked_until.eq(Moment(chrono::DateTime::UNIX_EPOCH))).execute(c)?;
            Ok(())
        })
        .await;
    }
    assert_eq!(issued(&database).await, (PEOPLE, PEOPLE), "after {seen:?}");
    assert!(kills == 0 || seen.len() > 1, "no kill came in the middle: {seen:?}");
    assert_eq!(faults(&db).await, Vec::<String>::new());
}
