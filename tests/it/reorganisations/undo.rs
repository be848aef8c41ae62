//! Taking a change back: every row as it was, once; and not any more when something stands on it.

use chrono::TimeDelta;
use nongcot::{
    access::{Actor, Role},
    accounts::queries::directory,
    organisations::queries,
};

use super::{administrator, change, confirm, everything, place, places, prepare};
use crate::support::{self, TestApp, classes, unit_id};

/// Two provinces of today go into a new one, with everything below them.
const MERGER: [(&str, &str); 4] = [
    ("units", "P15-2025\nP24-2025"),
    ("code_1", "P99-2026"),
    ("name_vi_1", "Tỉnh Minh Họa"),
    ("name_en_1", "Minh Hoa Province"),
];

async fn undo(browser: &mut support::Client, path: &str) -> support::Reply {
    browser.post(&format!("{path}/hoan-tac"), &[]).await
}

#[actix_web::test]
async fn a_change_taken_back_leaves_every_row_as_it_was() {
    let app = support::app().await;
    let mut browser = administrator(&app).await;
    let officer = app.person_as("Cán bộ Minh họa", Role::Officer, "P15-2025").await;
    let other = app.person_as("Cán bộ Khác", Role::Officer, "P24-2025").await;
    let learner = app.person("Học viên Minh họa", "P15-2025").await;
    // Entered after the day of the change: somebody who left in the meantime, and somebody who came.
    let (left, came) = (app.person("Người Đã Đi", "P24-2025").await, app.person("Người Mới Đến", "BKHCN-2025").await);
    let (now, ids) = (app.app.now(), (left.id, came.id));
    app.write(move |c| {
        use nongcot::accounts::{actions, model::NewMembership};
        let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
        let open = directory::open_memberships(c, ids.0)?;
        actions::leave_unit(c, &Actor::system(), now, open[0].id, day("2026-11-15"))?;
        let new = NewMembership {
            unit: unit_id(c, "P15-2025")?,
            position: "Chuyên viên".into(),
            category: nongcot::access::Category::Other,
            from: day("2026-11-10"),
        };
        actions::join_unit(c, &Actor::system(), now, ids.1, &new)
    })
    .await;
    let before = everything(&app).await;

    let path = prepare(&mut browser, "merge", "01/11/2026", &MERGER).await;
    assert_eq!(everything(&app).await, before, "a preview changes nothing");
    let preview = browser.get(&path).await;
    preview
        .is(200)
        .says("Tỉnh Minh Họa")
        .says("Đơn vị kết thúc, ngày cuối 31/10/2026")
        .says("Sở Khoa học và Công nghệ");
    preview.says("Cán bộ Minh họa: Cán bộ phụ trách đào tạo, Tỉnh Lào Cai").says("5 người chuyển theo");
    let grant = {
        let id = officer.id;
        app.read(move |c| Ok(directory::roles(c, id)?[0].grant.to_string())).await
    };
    confirm(&mut browser, &path, &[&grant]).await.is(303);
    browser
        .get(&path)
        .await
        .is(200)
        .says("Đã thực hiện")
        .says("Có thể hoàn tác đến 07:15 30/11/2026")
        .says("1 vai trò");
    assert_eq!(
        places(&app, &learner).await,
        [place("P15-2025", "2020-01-01", "2026-10-31"), place("P99-2026", "2026-11-01", "")]
    );
    assert_eq!(
        places(&app, &left).await,
        [place("P24-2025", "2020-01-01", "2026-10-31"), place("P99-2026", "2026-11-01", "2026-11-15")]
    );
    assert_eq!(places(&app, &came).await[1..], [place("P99-2026", "2026-11-10", "")]);
    // The role that was ticked was passed on; the other was not, and reaches only what is over.
    let mut theirs = app.sign_in(&officer).await;
    theirs.get(&format!("/nguoi/{}", learner.code)).await.is(200).says("Theo 12/QĐ-MH");
    theirs.get(&format!("/nguoi/{}", other.code)).await.is(200);
    app.sign_in(&other).await.get(&format!("/nguoi/{}", learner.code)).await.is(404);
    browser.get("/to-chuc/P15-2025").await.is(200).says("12/QĐ-MH, hiệu lực từ 01/11/2026");

    undo(&mut browser, &path).await.is(303);
    assert_eq!(everything(&app).await, before);
    browser.get(&path).await.is(200).says("Đã hoàn tác").says_not("Hoàn tác thay đổi này");
    // A second click, and the confirmation of long ago, change nothing any more.
    undo(&mut browser, &path).await.is(303);
    browser.post(&format!("{path}/xac-nhan"), &[("basis", "x")]).await.is(409);
    assert_eq!(everything(&app).await, before);
    app.run_jobs().await;
    assert_eq!(everything(&app).await, before);
    browser.get("/nhat-ky?viec=unit-change").await.is(200).says("Hoàn tác thay đổi tổ chức").says("Thực hiện thay đổi");
    // The same may be done again.
    change(&mut browser, "merge", "01/11/2026", &MERGER).await;
}

#[actix_web::test]
async fn every_kind_of_change_can_be_taken_back() {
    let app = support::app().await;
    let mut browser = administrator(&app).await;
    for unit in ["P15-2025", "P15-2025-SKHCN", "P15-2025-TTCNTT", "BQP"] {
        app.person(&format!("Học viên {unit}"), unit).await;
    }
    let new = |n: &str, code: &'static str, name: &'static str| {
        [(format!("code_{n}"), code), (format!("name_vi_{n}"), name), (format!("name_en_{n}"), name)]
    };
    let (one, two) = (new("1", "P98-2026", "Tỉnh Một"), new("2", "P97-2026", "Tỉnh Hai"));
    let named = |takers: &'static [&'static str]| takers.iter().map(|code| ("units", *code)).collect::<Vec<_>>();
    let mut split = named(&["P15-2025"]);
    split.extend(one.iter().chain(&two).map(|(name, value)| (name.as_str(), *value)));
    let mut renamed = named(&["P15-2025-SKHCN"]);
    renamed.extend(one.iter().map(|(name, value)| (name.as_str(), *value)));
    let into = [("units", "P15-2025-TTCNTT"), ("code_1", "P24-2025-TTCNTT")];
    let moved = [("units", "Cục Chuyển đổi số quốc gia"), ("parent", "BQP")];
    let changes: [(&str, &[(&str, &str)]); 6] = [
        ("split", &split),
        ("rename", &renamed),
        ("merge", &into),
        ("move", &moved),
        ("end", &[("units", "P15-2025-TTCNTT")]),
        ("transfer", &[("units", "P15-2025"), ("code_1", "P24-2025"), ("all", "1")]),
    ];
    for (kind, fields) in changes {
        let before = everything(&app).await;
        let path = change(&mut browser, kind, "01/12/2026", fields).await;
        assert_ne!(everything(&app).await, before, "{kind}");
        undo(&mut browser, &path).await.is(303);
        assert_eq!(everything(&app).await, before, "{kind}");
    }
}

async fn obstacle(app: &TestApp, browser: &mut support::Client, path: &str, said: &str) {
    let before = everything(app).await;
    browser.get(path).await.is(200).says("Không hoàn tác được").says(said).says_not("Hoàn tác thay đổi này");
    undo(browser, path).await.is(409).says(said);
    assert_eq!(everything(app).await, before);
}

#[actix_web::test]
async fn what_was_built_on_a_change_keeps_it() {
    let app = support::app().await;
    let mut browser = administrator(&app).await;
    let learner = app.person("Học viên Minh họa", "P15-2025").await;
    let path = change(&mut browser, "merge", "01/11/2026", &MERGER).await;
    let later = change(
        &mut browser,
        "rename",
        "15/11/2026",
        &[("units", "P99-2026"), ("code_1", "P98-2026"), ("name_vi_1", "Tỉnh Mới"), ("name_en_1", "New Province")],
    )
    .await;
    obstacle(&app, &mut browser, &path, "Đã có thay đổi sau đó").await;
    undo(&mut browser, &later).await.is(303);
    // Somebody moves on from the new unit.
    let to = [
        ("unit_search", "P24-2025-SKHCN"),
        ("unit", "P24-2025-SKHCN"),
        ("position", "x"),
        ("category", "other"),
        ("from", "16/11/2026"),
    ];
    browser.post(&format!("/nguoi/{}/cong-tac", learner.code), &to).await.is(303);
    obstacle(&app, &mut browser, &path, "1 người đã chuyển tiếp").await;
}

#[actix_web::test]
async fn nobody_is_brought_back_to_a_unit_that_has_ended_since() {
    let app = support::app().await;
    let mut browser = administrator(&app).await;
    app.person("Học viên Minh họa", "P15-2025-TTCNTT").await;
    let to = [("units", "P15-2025-TTCNTT"), ("code_1", "P24-2025"), ("all", "1")];
    let path = change(&mut browser, "transfer", "01/11/2026", &to).await;
    let end = change(&mut browser, "end", "15/11/2026", &[("units", "P15-2025-TTCNTT")]).await;
    obstacle(&app, &mut browser, &path, "Đã có thay đổi sau đó").await;
    undo(&mut browser, &end).await.is(303);
    undo(&mut browser, &path).await.is(303);
}

#[actix_web::test]
async fn what_is_recorded_with_a_new_unit_keeps_it() {
    let app = support::app().await;
    let mut browser = administrator(&app).await;
    let path = change(&mut browser, "merge", "01/11/2026", &MERGER).await;
    let now = app.app.now();
    app.write(move |c| {
        let version = classes::bring_in(c, now, &classes::small("CB-08", "cb-08", "Cơ bản", "một"))?;
        classes::run(c, now, "LOP-MOI", version, "P99-2026", ("2026-12-01", "2026-12-31"))
    })
    .await;
    obstacle(&app, &mut browser, &path, "Đã có lớp, ghi danh").await;
    app.person("Người Mới Đến", "P99-2026").await;
    obstacle(&app, &mut browser, &path, "1 người, hoặc danh sách người").await;
}

#[actix_web::test]
async fn the_window_closes_after_seven_days() {
    let app = support::app().await;
    let admin = app.person_as("Quản trị Minh họa", Role::Administrator, "BKHCN-2025").await;
    let mut browser = app.sign_in(&admin).await;
    let path = change(&mut browser, "merge", "01/11/2026", &MERGER).await;
    app.later(TimeDelta::days(7) + TimeDelta::minutes(1));
    let mut browser = app.sign_in(&admin).await;
    obstacle(&app, &mut browser, &path, "Thời hạn hoàn tác đã qua").await;
    let state = app.read(|c| Ok(queries::changes::entered(c, 0, 10)?.1[0].state)).await;
    assert_eq!(state.as_str(), "done");
}
