//! What becomes of a report when something breaks.

use std::{collections::BTreeSet, time::Duration};

use diesel::{prelude::*, sql_query};
use nongcot::{
    access::Role,
    platform::db::{
        Moment,
        schema::{jobs, report_files, reports},
    },
    reports::{actions, model as asked},
};

use super::{ask, example, fields, file};
use crate::{
    records::{fresh, write},
    support::{Server, TestDatabase, classes::as_person},
    targets::{days, in_order},
};

#[actix_web::test]
async fn a_failed_report_says_why_and_is_tried_again() {
    let (app, _, mut browser) = example().await;
    let auditor = app.person_as("Đối soát", Role::Auditor, "CDSQG").await;
    let place = ask(&mut browser, &fields(&[("target", "minh-hoa-2025")])).await;
    // A file stands where the folder of reports should be.
    let folder = app.database.folder.path().join("files");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("reports"), b"in the way").unwrap();
    app.run_jobs().await;
    let failed = browser.get(&place).await;
    failed.is(200).says("Lỗi").says("kho tệp không ghi được").says("Lập lại").says_not("/tep/pdf");
    browser.get(&format!("{place}/tep/pdf")).await.is(404);
    browser.get("/thong-bao").await.says("Không lập được");
    app.sign_in(&auditor).await.get(&place).await.says("kho tệp không ghi được").says_not("lam-lai");

    std::fs::remove_file(folder.join("reports")).unwrap();
    browser.post(&format!("{place}/lam-lai"), &[]).await.is(303);
    browser.post(&format!("{place}/lam-lai"), &[]).await.is(409);
    browser.get(&place).await.says("Đang chờ lập").says("0/4 bước");
    app.run_jobs().await;
    browser.get(&place).await.is(200).says("Đã lập");
    assert!(file(&mut browser, &place, "pdf").await.starts_with(b"%PDF"));
    browser.get("/thong-bao").await.says("Đã lập xong");
    // A name that no font has is found when the paper is set, and named.
    app.write(|c| Ok(sql_query("UPDATE units SET name_vi = 'Tỉnh 日' WHERE code = 'P15'").execute(c).map(drop)?)).await;
    let place = ask(&mut browser, &fields(&[("target", "minh-hoa-2025")])).await;
    app.run_jobs().await;
    browser.get(&place).await.is(200).says("ký tự 日 (U+65E5) không in được");
    app.stop().await;
}

/// How many reports are done, and how many files there are of them.
async fn state(database: &TestDatabase) -> (usize, usize) {
    database
        .db
        .read(|c| {
            let rows: Vec<(i64, String, Option<String>)> =
                reports::table.select((reports::id, reports::state, reports::body)).load(c)?;
            let files: Vec<i64> = report_files::table.select(report_files::report_id).load(c)?;
            for (id, state, body) in &rows {
                let own = files.iter().filter(|of| *of == id).count();
                let whole = if state == "done" { (4, true) } else { (0, false) };
                assert_eq!((own, body.is_some()), whole, "report {id} is {state}: half a report");
            }
            let done = rows.iter().filter(|(_, state, _)| state == "done").count();
            Ok::<_, nongcot::platform::error::Error>((done, files.len()))
        })
        .await
        .unwrap()
}

/// TEST_KILLS says how often.
#[actix_web::test]
async fn a_killed_server_leaves_no_half_report() {
    const REPORTS: usize = 12;
    let kills: usize = std::env::var("TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(3);
    let (db, database) = fresh().await;
    let example = in_order(&db).await;
    let (by, code) = (as_person(nongcot::access::PersonId(example.people["D"])), example.target.code.clone());
    write(&db, move |c| {
        for _ in 0..REPORTS {
            let now = crate::records::at("2026-02-01");
            let new = asked::NewReport {
                title: "Báo cáo minh họa".to_owned(),
                unit: None,
                is_national: true,
                kind: asked::PeriodKind::Year,
                days: days("2025-01-01", "2025-12-31"),
                known_at: now,
                seal: None,
                has_names: false,
                asked: asked::Asked {
                    targets: vec![code.clone()],
                    as_of: None,
                    adjusted_until: None,
                    words: asked::Words { issuer: "Cơ quan Minh họa".to_owned(), ..asked::Words::default() },
                },
            };
            actions::request(c, &by, now, &new)?;
        }
        Ok(())
    })
    .await;
    let folder = database.folder.path().display().to_string();
    let settings = [("DATABASE__URL", database.url.as_str()), ("STORAGE__DIR", &folder), ("LOG__LEVEL", "off")];
    let mut seen = BTreeSet::new();
    for round in 0..=kills {
        let mut server = Server::start(&[], &settings).await;
        let last = round == kills;
        let known = state(&database).await.0;
        for _ in 0..12_000 {
            let (done, _) = state(&database).await;
            if done == REPORTS || (!last && done > known + REPORTS / (kills + 2)) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // Each time at another moment of the making.
        tokio::time::sleep(Duration::from_millis(31 * u64::try_from(round % 5).unwrap())).await;
        server.kill();
        seen.insert(state(&database).await);
        // What the dead held is free again once its time is over; nobody waits five minutes here.
        write(&db, |c| {
            let held = jobs::table.filter(jobs::state.eq("running"));
            diesel::update(held).set(jobs::locked_until.eq(Moment(chrono::DateTime::UNIX_EPOCH))).execute(c)?;
            Ok(())
        })
        .await;
    }
    assert_eq!(state(&database).await, (REPORTS, REPORTS * 4), "after {seen:?}");
    assert!(kills == 0 || seen.len() > 1, "no kill came in the middle: {seen:?}");
}
