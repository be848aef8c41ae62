//! What the pages of targets show, and to whom.

use nongcot::{
    access::{Actor, Category, Role},
    platform::db::{Database, DbConn},
    targets::{
        actions,
        model::{Metric, TargetState},
        queries::{self, Asked, Scope, View},
    },
};

use crate::{
    records::{self, Completed, at, completed, fresh, write},
    support::{self, TestApp},
    targets::{COMPLETED, assert_verified, day, in_order, read},
};

#[tokio::test]
async fn the_list_behind_a_number_says_why() {
    let (db, _dir) = fresh().await;
    let example = in_order(&db).await;
    let held = example.clone();
    write(&db, move |c| {
        let mut event = held.event(&COMPLETED[4]);
        (event.course, event.occurred, event.recorded) = (held.courses["LD-03"], "2025-04-01", "2025-04-01");
        let id = completed(c, &event);
        actions::count_completion(c, id)
    })
    .await;
    let list = |asked: Asked, scope: Scope| {
        let (db, target) = (db.clone(), example.target.clone());
        async move {
            let page = read(&db, move |c| queries::records(c, &target, &scope, &asked, 1)).await;
            let rows = page
                .rows
                .iter()
                .map(|r| format!("{} {} {}", r.person_code, r.verdict, if r.seats_person { "người" } else { "-" }));
            (page.total, rows.collect::<Vec<_>>())
        }
    };
    let (total, rows) = list(Asked { counted: Some(true), ..Asked::default() }, Scope::Nation).await;
    assert_eq!(total, 8);
    assert_eq!(rows[..4], ["A counted người", "A counted -", "B counted người", "B counted -"]);
    let (total, _) = list(Asked { people_only: true, ..Asked::default() }, Scope::Nation).await;
    assert_eq!(total, 6);
    let (_, rows) = list(Asked { counted: Some(false), ..Asked::default() }, Scope::Nation).await;
    assert_eq!(rows, ["H voided -"]);
    let (_, rows) = list(Asked { search: "minh hoa a".to_owned(), ..Asked::default() }, Scope::Nation).await;
    assert_eq!(rows, ["A other-course -", "A counted người", "A counted -"]);
    let (_, rows) =
        list(Asked { search: "E".to_owned(), ..Asked::default() }, Scope::Units(vec![example.units["P15-2025"]])).await;
    assert!(rows.contains(&"E outside-period -".to_owned()), "{rows:?}");
    let (total, _) = list(Asked::default(), Scope::Units(vec![example.units["P10"]])).await;
    assert_eq!(total, 2);
    let target = example.target.clone();
    let behind =
        read(&db, move |c| queries::units_behind(c, &target, View::AsOf(day("2025-12-31")), example.units["P15-2025"]))
            .await;
    assert_eq!(behind.len(), 3);
}

#[tokio::test]
async fn shipped_definitions_are_written_once_and_ended_ones_closed() {
    let (db, _dir) = fresh().await;
    let seed = |db: Database| async move {
        write(&db, |c| actions::seed_definitions(c, &Actor::system(), at("2026-11-21"))).await
    };
    let fresh_ones = seed(db.clone()).await;
    assert!(fresh_ones >= 4);
    assert_eq!(seed(db.clone()).await, 0);
    let shown = read(&db, |c| queries::list(c, false)).await;
    assert!(shown.iter().all(|t| t.state.is_counted()));
    assert_eq!(read(&db, |c| queries::list(c, true)).await.len(), fresh_ones);
    let old = read(&db, |c| queries::by_code(c, "chi-thi-02-2022")).await;
    assert_eq!((old.state, old.required, old.metric), (TargetState::Closed, 10_000, Metric::People));

    write(&db, |c| {
        records::course(c, "KT-01");
        actions::seed_illustration(c, &Actor::system(), at("2026-11-21"), 200, &["KT-01"])
    })
    .await;
    assert_eq!(write(&db, |c| actions::close_ended(c, at("2026-12-31 23:59:59"))).await, 0);
    assert_eq!(write(&db, |c| actions::close_ended(c, at("2027-01-01 00:00:00"))).await, 2);
    let plan = read(&db, |c| queries::by_code(c, "minh-hoa-2026")).await;
    assert_eq!(plan.state, TargetState::Closed);
    let id = plan.id;
    assert_eq!(read(&db, move |c| queries::course_codes(c, id)).await, ["KT-01"]);
    assert_verified(&db).await;
}

/// The app with the shipped organisations and definitions, a plan of the year, and one completion counted for Yên Bái.
pub async fn site() -> (TestApp, i64) {
    let app = support::app().await;
    let learner = app.person("Học viên Minh họa Một", "P15-2025").await;
    let person = learner.id.0;
    let course = app
        .write(move |c| {
            let course = records::course(c, "KT-01");
            let now = at("2026-11-23 07:15:00");
            actions::seed_definitions(c, &Actor::system(), now)?;
            actions::seed_illustration(c, &Actor::system(), now, 200, &["KT-01"])?;
            one_more(c, person, course, "P15-2025", "2026-11-02")?;
            Ok(course)
        })
        .await;
    (app, course)
}

pub fn one_more(
    c: &mut DbConn,
    person: i64,
    course: i64,
    unit: &str,
    occurred: &str,
) -> nongcot::platform::Result<i64> {
    let unit = support::unit_id(c, unit)?;
    let event = Completed {
        person,
        course,
        organiser: unit,
        unit,
        category: Category::Other,
        flagged: false,
        occurred,
        recorded: occurred,
    };
    let id = completed(c, &event);
    actions::count_completion(c, id)?;
    Ok(id)
}

#[actix_web::test]
async fn the_coordinator_sees_the_number_move_and_why() {
    let (app, course) = site().await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "BKHCN-2025").await;
    let second = app.person("Học viên Minh họa Hai", "P01").await.id.0;
    let mut browser = app.sign_in(&coordinator).await;

    let list = browser.get("/chi-tieu").await;
    list.is(200).says("Kế hoạch minh họa năm 2026").says("Còn thiếu 199 người").says("1/200: 0,5%").says("Minh họa");
    list.says("Chỉ thị 02/CT-TTg").says("Hệ thống không có dữ liệu của kỳ này").says_not("15.000 lượt");
    browser.get("/chi-tieu?tat-ca=1").await.is(200).says("15.000 lượt").says("Đã được thay thế");

    app.write(move |c| one_more(c, second, course, "P01-TTCNTT", "2026-11-23 07:00:00")).await;
    browser.get("/chi-tieu").await.is(200).says("Còn thiếu 198 người").says("2/200: 1%");

    let detail = browser.get("/chi-tieu/minh-hoa-2026").await;
    detail.is(200).says("Tỉnh Lào Cai").says("Thành phố Hà Nội").says("Như đã ghi nhận").says("<svg");
    // Counted below Hà Nội, so there is a next level.
    detail.says("don-vi&#x3D;P01\"").says("11/2026");
    browser
        .get("/chi-tieu/minh-hoa-2026?don-vi=P01")
        .await
        .is(200)
        .says("Trong Thành phố Hà Nội")
        .says("Sở Khoa học và Công nghệ");
    browser
        .get("/chi-tieu/minh-hoa-2026?xem=hom-nay&tu=2026-11-01&den=2026-11-15")
        .await
        .is(200)
        .says("01/11/2026")
        .says("Tỉnh Lào Cai")
        .says_not("Thành phố Hà Nội");
    browser.get("/chi-tieu/minh-hoa-2026?tu=hom-qua").await.is(200).says("Ngày không đúng");
    browser.get("/chi-tieu/khong-co").await.is(404);
    browser.get("/chi-tieu/minh-hoa-2026?don-vi=KHONG-CO").await.is(404);

    let people = browser.get("/chi-tieu/minh-hoa-2026/nguoi?don-vi=P01").await;
    people
        .is(200)
        .says("Học viên Minh họa Hai")
        .says("Được tính")
        .says("Người được tính tại đây")
        .says_not("Học viên Minh họa Một");
    browser.get("/chi-tieu/chi-thi-02-2022/nguoi?tim=minh+hoa+mot").await.is(200).says("Không tính: ngoài kỳ");
    browser.post("/ngon-ngu", &[("locale", "en"), ("next", "/")]).await;
    for path in [
        "/chi-tieu",
        "/chi-tieu/minh-hoa-2026",
        "/chi-tieu/minh-hoa-2026/nguoi",
        "/chi-tieu/du-thao-2021-ngan-han-2030",
    ] {
        browser.get(path).await.is(200).says_not("targets-");
    }
    app.stop().await;
}

#[actix_web::test]
async fn an_officer_sees_the_own_agency_and_a_learner_nothing() {
    let (app, course) = site().await;
    let elsewhere = app.person("Học viên Minh họa Ba", "P01").await;
    let id = elsewhere.id.0;
    app.write(move |c| one_more(c, id, course, "P01", "2026-11-03")).await;
    let officer = app.person_as("Cán bộ Minh họa", Role::Officer, "P15-2025").await;
    let mut browser = app.sign_in(&officer).await;
    browser.get("/chi-tieu").await.is(200).says("Phần của đơn vị").says_not("Còn thiếu");
    for view in ["", "?xem=hom-nay"] {
        let detail = browser.get(&format!("/chi-tieu/minh-hoa-2026{view}")).await;
        detail.is(200).says("Tỉnh Lào Cai").says_not("Hà Nội");
    }
    browser.get("/chi-tieu/minh-hoa-2026/nguoi").await.is(200).says("Minh họa Một").says_not("Minh họa Ba");
    browser.get("/chi-tieu/minh-hoa-2026/nguoi?tim=minh+hoa").await.is(200).says_not("Minh họa Ba");
    for path in ["/chi-tieu/minh-hoa-2026?don-vi=P01", "/chi-tieu/minh-hoa-2026/nguoi?don-vi=P01"] {
        browser.get(path).await.is(404);
    }
    let mut learner = app.sign_in(&elsewhere).await;
    for path in ["/chi-tieu", "/chi-tieu/minh-hoa-2026", "/chi-tieu/minh-hoa-2026/nguoi"] {
        learner.get(path).await.is(403);
        app.visitor().get(path).await.is(303);
    }
    app.stop().await;
}
