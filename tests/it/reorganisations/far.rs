//! A change that many people pass on with: noted in pieces that nobody sees, broken off and begun again, then there at once.

use chrono::NaiveDate;
use diesel::prelude::*;
use nongcot::{
    access::{Actor, Category, Role, UnitId},
    accounts::{
        actions,
        model::{NewMembership, NewPerson},
    },
    organisations::{model::change::ChangeState, queries::changes},
    platform::db::schema::{membership_transfers, memberships},
    reorganisations,
};

use super::{basis, everything, prepare};
use crate::support::{self, TestApp, unit_id};

const MANY: usize = 1_300;

async fn crowd(app: &TestApp, unit: &'static str) {
    let now = app.app.now();
    for part in 0..MANY / 100 {
        app.write(move |c| {
            let names: Vec<NewPerson> =
                (0..100).map(|n| NewPerson::named(&format!("Học viên Đông {part:02}{n:02}"))).collect();
            let made = actions::create_people(c, &Actor::system(), now, &names)?;
            let place = NewMembership {
                unit: unit_id(c, unit)?,
                position: "Chuyên viên".to_owned(),
                category: Category::Other,
                from: NaiveDate::from_ymd_opt(2020, 1, 1).unwrap(),
            };
            let all: Vec<_> = made.iter().map(|person| (person.id, place.clone())).collect();
            actions::join_units(c, &Actor::system(), now, &all)
        })
        .await;
    }
}

/// How many work in a unit on the day and later.
async fn at_work(app: &TestApp, unit: &'static str) -> usize {
    app.read(move |c| {
        let Some(unit) = nongcot::organisations::queries::by_code(c, unit)? else { return Ok(0) };
        let unit: UnitId = unit.id;
        let open = memberships::table.filter(memberships::unit_id.eq(unit).and(memberships::valid_to.is_null()));
        let count: i64 = open.count().get_result(c)?;
        Ok(usize::try_from(count).unwrap())
    })
    .await
}

#[actix_web::test]
async fn many_people_pass_on_at_once_however_often_the_work_breaks_off() {
    let app = support::app().await;
    crowd(&app, "BQP").await;
    let admin = app.person_as("Quản trị Minh họa", Role::Administrator, "BKHCN-2025").await;
    let mut browser = app.sign_in(&admin).await;
    let fields =
        [("units", "BQP"), ("code_1", "BQP-2026"), ("name_vi_1", "Bộ Minh họa"), ("name_en_1", "Ministry Example")];
    let path = prepare(&mut browser, "rename", "01/12/2026", &fields).await;
    let before = everything(&app).await;
    let page = browser.get(&path).await;
    page.is(200).says("1.300 người chuyển theo");
    let basis = basis(&page.text());
    browser.post(&format!("{path}/xac-nhan"), &[("basis", &basis)]).await.is(303);
    // The job waits; the page says how far it is.
    browser.get(&path).await.is(200).says("Đang chuẩn bị chuyển người").says("0/1.300 người");
    assert_eq!(everything(&app).await, before);

    let code = path.rsplit('/').next().unwrap().to_owned();
    let id = app.read(move |c| Ok(changes::by_code(c, &code)?.id)).await;
    // The first piece, and then the power fails.
    assert!(app.write(move |c| reorganisations::actions::note_some(c, id, 500)).await);
    assert_eq!(everything(&app).await, before, "what is noted is not seen");
    browser.get(&path).await.says("500/1.300 người");
    // Somebody leaves and somebody comes before it goes on.
    let now = app.app.now();
    app.write(move |c| {
        let first: i64 = membership_transfers::table
            .select(diesel::dsl::min(membership_transfers::membership_id))
            .first::<Option<i64>>(c)?
            .unwrap();
        diesel::update(memberships::table.find(first))
            .set(memberships::valid_to.eq(NaiveDate::from_ymd_opt(2026, 11, 20)))
            .execute(c)?;
        support::factory::person(c, now, "Người Mới Đến", "BQP")
    })
    .await;
    let app = app.restarted().await;
    app.run_jobs().await;
    assert_eq!((at_work(&app, "BQP").await, at_work(&app, "BQP-2026").await), (0, MANY));
    let state = app.read(move |c| changes::change(c, id)).await;
    assert_eq!((state.state, state.noted), (ChangeState::Done, i64::try_from(MANY).unwrap()));
    // The job again, by a second worker: nothing more.
    let done = everything(&app).await;
    reorganisations::jobs::work(app.app.clone(), reorganisations::jobs::WorkChange { change: id }).await.unwrap();
    assert_eq!(everything(&app).await, done);

    let mut browser = app.sign_in(&admin).await;
    browser.post(&format!("{path}/hoan-tac"), &[]).await.is(303);
    assert_eq!((at_work(&app, "BQP").await, at_work(&app, "BQP-2026").await), (MANY, 0));
}

#[actix_web::test]
async fn a_tree_that_changes_while_people_are_noted_gives_the_change_back() {
    let app = support::app().await;
    crowd(&app, "BQP").await;
    let mut browser = super::administrator(&app).await;
    let rename = |code: &'static str| {
        [("units", "BQP"), ("code_1", code), ("name_vi_1", "Bộ Minh họa"), ("name_en_1", "Ministry Example")]
    };
    let path = prepare(&mut browser, "rename", "01/12/2026", &rename("BQP-2026")).await;
    let first = basis(&browser.get(&path).await.text());
    let second_path = prepare(&mut browser, "rename", "01/12/2026", &rename("BQP-2027")).await;
    let second = basis(&browser.get(&second_path).await.text());
    for (path, basis) in [(&path, &first), (&second_path, &second)] {
        browser.post(&format!("{path}/xac-nhan"), &[("basis", basis)]).await.is(303);
    }
    app.run_jobs().await;
    browser.get(&path).await.is(200).says("Đã thực hiện");
    let page = browser.get(&second_path).await;
    page.is(200).says("chưa có gì được thực hiện").says("không tồn tại vào ngày 01/12/2026").says_not("name=\"basis\"");
    assert_eq!((at_work(&app, "BQP-2026").await, at_work(&app, "BQP-2027").await), (MANY, 0));
    let noted: i64 = app.read(|c| Ok(membership_transfers::table.count().get_result(c)?)).await;
    assert_eq!(noted, i64::try_from(MANY).unwrap(), "what was noted for the other is forgotten");
}
