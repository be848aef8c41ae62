//! The share of agencies: its pages, and what is no part of it.

use nongcot::{
    access::{Actor, Role},
    platform::error::Error,
    targets::{
        actions,
        model::{Metric, NewTarget, TargetState},
        queries,
    },
};

use crate::{
    records::{at, fresh, write},
    targets::{illustration, read},
    targets_pages::{one_more, site},
};

#[actix_web::test]
async fn the_coordinator_sees_who_has_not_organised() {
    let (app, course) = site().await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "CDSQG").await;
    let mut browser = app.sign_in(&coordinator).await;
    // One completion stands already, of a class that Lào Cai held.
    browser.get("/chi-tieu").await.is(200).says("1/56").says("80%</span> số cơ quan").says("Còn thiếu 44 cơ quan");
    let detail = browser.get("/chi-tieu/minh-hoa-co-quan-2026").await;
    detail.is(200).says("1/56").says("Tỉnh").says("/chi-tieu/minh-hoa-co-quan-2026/co-quan").says_not("Cần mỗi tuần");
    let missing = browser.get("/chi-tieu/minh-hoa-co-quan-2026/co-quan").await;
    missing.is(200).says("Chưa tổ chức (55)").says("Bộ Khoa học và Công nghệ").says_not(">Tỉnh Lào Cai<");

    // A class of a directorate counts for its ministry; one of a corporation is outside this target.
    let person = app.person("Học viên Minh họa Hai", "P01").await.id.0;
    app.write(move |c| {
        one_more(c, person, course, "CDSQG", "2026-11-10")?;
        one_more(c, person, course, "VNPT", "2026-11-11").map(drop)
    })
    .await;
    let missing = browser.get("/chi-tieu/minh-hoa-co-quan-2026/co-quan").await;
    missing
        .is(200)
        .says("Chưa tổ chức (54)")
        .says_not(">Bộ Khoa học và Công nghệ<")
        .says("Đơn vị tổ chức ngoài danh sách");
    let done = browser.get("/chi-tieu/minh-hoa-co-quan-2026/co-quan?xem=da").await;
    done.is(200).says(">Bộ Khoa học và Công nghệ<").says(">Tỉnh Lào Cai<").says("2/56");
    browser.get("/").await.is(200).says("2/56 cơ quan");
    // Other targets have no such page; the draft of 2021 is kept, marked and not counted.
    browser.get("/chi-tieu/minh-hoa-2026/co-quan").await.is(404);
    browser.get("/chi-tieu").await.is(200).says_not("80% cơ quan tổ chức");
    browser.get("/chi-tieu?tat-ca=1").await.is(200).says("80% cơ quan tổ chức").says("Đã được thay thế");
    browser.get("/chi-tieu/du-thao-2021-co-quan-2025").await.is(200).says("Không tính số liệu");

    let officer = app.person_as("Cán bộ Minh họa", Role::Officer, "P15-2025").await;
    let mut own = app.sign_in(&officer).await;
    own.get("/chi-tieu/minh-hoa-co-quan-2026/co-quan").await.is(403);
    own.get("/chi-tieu").await.is(200).says_not("/56");
    own.get("/").await.is(200).says_not("/56");
    browser.post("/ngon-ngu", &[("locale", "en"), ("next", "/")]).await;
    for path in ["/chi-tieu/minh-hoa-co-quan-2026", "/chi-tieu/minh-hoa-co-quan-2026/co-quan?xem=da"] {
        browser.get(path).await.is(200).says_not("targets-").says("Share of agencies");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_share_needs_kinds_and_at_most_a_hundred_percent() {
    let (db, _dir) = fresh().await;
    let new = NewTarget { metric: Metric::Agencies, required: 101, ..illustration("ty-le", &[]) };
    let refused = db.write("test", move |c| actions::create(c, &Actor::system(), at("2025-01-01"), &new)).await;
    let Err(Error::Invalid(faults)) = refused else { panic!("{refused:?}") };
    assert_eq!(faults.0.iter().map(|(field, _)| *field).collect::<Vec<_>>(), ["required", "kinds"]);
}

/// The shipped definition says what is known of it, and nothing more.
#[tokio::test]
async fn the_draft_of_2021_is_kept_as_superseded() {
    let (db, _dir) = fresh().await;
    write(&db, |c| actions::seed_definitions(c, &Actor::system(), at("2026-11-21"))).await;
    let draft = read(&db, |c| queries::by_code(c, "du-thao-2021-co-quan-2025")).await;
    assert_eq!((draft.metric, draft.required, draft.state), (Metric::Agencies, 80, TargetState::Superseded));
    let kinds = read(&db, move |c| queries::kinds(c, draft.id)).await;
    assert_eq!(kinds.len(), 6);
}
