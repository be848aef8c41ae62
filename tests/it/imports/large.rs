//! Long lists are worked on by a job, a few rows at a time; it may break off anywhere and goes on.

use std::fmt::Write;

use nongcot::accounts::{
    actions::import as actions,
    jobs::{WorkImport, work_import},
    model::import::RowResult,
    queries::imports as queries,
};

use super::{A, officer, paste, results};
use crate::support;

const ROWS: usize = 450;

fn long() -> String {
    let mut list = "Họ và tên\tNgày sinh\tChức vụ\tNhóm đối tượng\tEmail\n".to_owned();
    for number in 1..=ROWS {
        writeln!(list, "Người Minh Họa {number}\t1985\tChuyên viên\tkhác\tmh{number}@example.gov.vn").expect("a line");
    }
    list
}

#[actix_web::test]
async fn a_long_list_shows_how_far_it_is_and_every_row_is_applied_once() {
    let app = support::app().await;
    let (_, mut browser) = officer(&app).await;
    let path = paste(&mut browser, A, &long()).await;
    let page = browser.get(&path).await;
    page.is(200).says("Đang kiểm tra từng dòng").says("0/450 dòng");
    assert_eq!(page.header("refresh"), "2");
    app.run_jobs().await;
    let page = browser.get(&path).await;
    page.says("Người mới (450)").says("Trang 1/5").says_not("mh101@example.gov.vn");
    assert_eq!(page.header("refresh"), "");
    browser.get(&format!("{path}?trang=2")).await.says("mh101@example.gov.vn");

    browser.post(&format!("{path}/xac-nhan"), &[]).await.is(303);
    // A few steps, and the program is gone.
    let code = path.rsplit('/').next().expect("a code").to_owned();
    let (now, today) = (app.app.now(), "2026-11-23".parse().expect("a day"));
    let import = app.read(move |c| Ok(queries::by_code(c, &code)?.expect("the list"))).await;
    let (id, unit) = (import.id, import.unit_id);
    for _ in 0..3 {
        app.write(move |c| {
            let places = queries::places(c, unit, today)?;
            actions::apply_some(c, now, id, &places, 15, &nongcot::site::USES)
        })
        .await;
    }
    browser.get(&path).await.says("45/450 dòng").says("Đang nhập từng dòng");
    assert_eq!(results(&app, &path, RowResult::Created).await, 45);
    let app = app.restarted().await;
    // Two workers at once do not do a row twice.
    let work = || work_import(app.app.clone(), WorkImport { import: id }, nongcot::site::USES);
    let (first, second) = tokio::join!(work(), work());
    first.and(second).expect("both end well");
    assert_eq!(results(&app, &path, RowResult::Created).await, 450);
    let people = app
        .read(move |c| Ok(nongcot::accounts::queries::directory::list(c, None, today, "Người Minh Họa", 0, 1)?.0))
        .await;
    assert_eq!(people, 450);
    assert_eq!(app.run_jobs().await, 1, "no letters were wanted, only the job that makes sure");

    let officer = app.read(move |c| nongcot::accounts::queries::person(c, import.owner_id)).await;
    let mut browser = app.sign_in(&officer).await;
    browser.post(&format!("{path}/hoan-tac"), &[]).await.is(303);
    app.run_jobs().await;
    assert_eq!(results(&app, &path, RowResult::Withdrawn).await, 450);
}
