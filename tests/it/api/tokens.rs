//! A token is shown once, kept as a hash, ends by its day, by revoking and with the role of its maker, and reaches no further than
//! that role.

use chrono::TimeDelta;
use diesel::prelude::*;
use nongcot::{
    access::{Actor, Role},
    accounts::{actions, model::token::Resource, queries, sessions::hash_token},
    platform::db::schema::{api_tokens, certificates, role_grants},
};

use super::{A, B, ask, json, token_of};
use crate::{
    isolation::world::{self, common, fill},
    support::{self, TestApp, run},
};

const ALL: &[Resource] = Resource::ALL;

/// The token that a page shows.
fn shown(page: &str) -> String {
    let at = page.find("nct_").expect("a token");
    page[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect()
}

#[actix_web::test]
async fn a_token_is_shown_once_and_kept_as_a_hash() {
    let app = support::app().await;
    let officer = app.person_as("Cán bộ A", Role::Officer, A).await;
    let mut browser = app.sign_in(&officer).await;
    browser.get("/tai-khoan").await.is(200).says("/tai-khoan/ma-api");
    browser.get("/tai-khoan/ma-api/moi").await.is(200).says_not("Cả nước</span>");
    let fields = [
        ("name", "Trung tâm A"),
        ("unit", A),
        ("resources", "targets"),
        ("resources", "classes"),
        ("last_day", "31/03/2027"),
    ];
    let made = browser.post("/tai-khoan/ma-api/moi", &fields).await;
    let token = shown(&made.is(200).text());
    assert!(token.len() >= 4 + 22, "{token} is too short to hold 128 bits");
    ask(&app, &token, "/targets").await.is(200);
    ask(&app, &token, "/classes").await.is(200);
    ask(&app, &token, "/courses").await.is(403);

    noted(&app, "2026-11-23").await;

    // Never again, on no page and nowhere in the records.
    let list = browser.get("/tai-khoan/ma-api").await;
    list.is(200).says("Trung tâm A").says("23/11/2026").says_not(&token);
    let wanted = hash_token(&token);
    let kept: Vec<String> = app.read(|c| Ok(api_tokens::table.select(api_tokens::token_hash).load(c)?)).await;
    assert_eq!(kept, [wanted]);
    let folder = app.database.folder.path().to_owned();
    let file = folder.join("all.nongcot");
    let settings = [("DATABASE__URL", app.database.url.as_str()), ("STORAGE__DIR", folder.to_str().expect("a path"))];
    run(&settings, &["backup", file.to_str().expect("a path")]).await.ended(0);
    let all = String::from_utf8_lossy(&std::fs::read(&file).expect("the backup")).into_owned();
    assert!(all.contains("Trung tâm A") && !all.contains(&token) && !all.contains("nct_"), "the token is kept");
}

#[actix_web::test]
async fn faults_of_the_form_are_told_and_nothing_is_made() {
    let app = support::app().await;
    let officer = app.person_as("Cán bộ A", Role::Officer, A).await;
    let mut browser = app.sign_in(&officer).await;
    for (name, unit, resource, day) in [
        ("", A, "targets", "31/03/2027"),
        ("X", A, "", "31/03/2027"),
        ("X", A, "everything", "31/03/2027"),
        ("X", A, "seals", "31/03/2027"),
        ("X", A, "targets", "22/11/2026"),
        ("X", A, "targets", "24/11/2027"),
        ("X", A, "targets", ""),
        // Another agency's unit, and the whole country: an officer's reach has neither.
        ("X", B, "targets", "31/03/2027"),
        ("X", "", "targets", "31/03/2027"),
    ] {
        let fields = [("name", name), ("scope", "nation"), ("unit", unit), ("resources", resource), ("last_day", day)];
        let reply = browser.post("/tai-khoan/ma-api/moi", &fields).await;
        reply.is(422).says("error-summary").says_not("nct_");
    }
    let count: i64 = app.read(|c| Ok(api_tokens::table.count().get_result(c)?)).await;
    assert_eq!(count, 0);
}

#[actix_web::test]
async fn a_token_ends_by_its_day_and_by_revoking() {
    let app = support::app().await;
    let officer = app.person_as("Cán bộ A", Role::Officer, A).await;
    let (short, long) = (token_of(&app, &officer, Some(A), ALL).await, token_of(&app, &officer, Some(A), ALL).await);
    ask(&app, &short, "/targets").await.is(200);

    // Somebody else's token is not there for another officer, and for whoever looks after the system it is.
    let other = app.person_as("Cán bộ B", Role::Officer, B).await;
    let administrator = app.person_as("Quản trị", Role::Administrator, "CDSQG").await;
    let mut browser = app.sign_in(&other).await;
    browser.get("/tai-khoan/ma-api").await.is(200).says_not("Trung tâm minh họa");
    browser.post("/tai-khoan/ma-api/1/thu-hoi", &[]).await.is(404);
    app.sign_in(&administrator)
        .await
        .get("/tai-khoan/ma-api")
        .await
        .is(200)
        .says("Trung tâm minh họa")
        .says("Cán bộ A");
    ask(&app, &short, "/targets").await.is(200);

    let mut browser = app.sign_in(&officer).await;
    browser.post("/tai-khoan/ma-api/1/thu-hoi", &[]).await.is(303);
    ask(&app, &short, "/targets").await.is(401);
    browser.post("/tai-khoan/ma-api/1/thu-hoi", &[]).await.is(404);
    browser.get("/tai-khoan/ma-api").await.says("Đã thu hồi");

    // Its last day is 31/03/2027, whole.
    let last = "2027-03-31T16:59:59Z".parse::<chrono::DateTime<chrono::Utc>>().expect("a moment");
    app.app.clock.set(last);
    ask(&app, &long, "/targets").await.is(200);
    app.later(TimeDelta::seconds(1));
    ask(&app, &long, "/targets").await.is(401);
}

#[actix_web::test]
async fn a_token_falls_with_the_role_it_stands_on() {
    let app = support::app().await;
    let officer = app.person_as("Cán bộ A", Role::Officer, A).await;
    let token = token_of(&app, &officer, Some(A), ALL).await;
    ask(&app, &token, "/targets").await.is(200);
    let (now, id) = (app.app.now(), officer.id);
    let grant: i64 = app
        .read(move |c| {
            Ok(role_grants::table.filter(role_grants::person_id.eq(id.0)).select(role_grants::id).first(c)?)
        })
        .await;
    // Another role of the same person does not keep it, and the same role again is another.
    app.write(move |c| {
        actions::grant_role(c, &Actor::system(), now, id, Role::Coordinator, None)?;
        actions::end_role(c, &Actor::system(), now, id, grant)
    })
    .await;
    ask(&app, &token, "/targets").await.is(401);
    app.sign_in(&officer).await.get("/tai-khoan/ma-api").await.says("Người tạo không còn vai trò");

    let locked = app.person_as("Cán bộ khóa", Role::Officer, A).await;
    let token = token_of(&app, &locked, Some(A), ALL).await;
    ask(&app, &token, "/targets").await.is(200);
    let id = locked.id;
    app.write(move |c| actions::office::lock(c, &Actor::system(), now, id, "thử")).await;
    ask(&app, &token, "/targets").await.is(401);
}

/// The unit of a token leaves the reach of its maker: from that moment the token is over, though the role is still held.
#[actix_web::test]
async fn a_token_reaches_no_further_than_its_maker_when_it_is_used() {
    let app = support::app().await;
    let officer = app.person_as("Cán bộ A", Role::Officer, A).await;
    let token = token_of(&app, &officer, Some(A), ALL).await;
    ask(&app, &token, "/targets").await.is(200);
    let id = officer.id;
    app.write(move |c| {
        let other = support::unit_id(c, B)?;
        diesel::update(role_grants::table.filter(role_grants::person_id.eq(id.0)))
            .set(role_grants::unit_id.eq(other.0))
            .execute(c)?;
        Ok(())
    })
    .await;
    ask(&app, &token, "/targets").await.is(401);
}

#[actix_web::test]
async fn who_learns_or_checks_makes_no_token() {
    let app = support::app().await;
    for role in [Role::Learner, Role::Instructor, Role::Auditor] {
        let person = app.person_as(&format!("Người {role}"), role, A).await;
        let mut browser = app.sign_in(&person).await;
        browser.get("/tai-khoan/ma-api").await.is(403);
        browser.get("/tai-khoan").await.is(200).says_not("/tai-khoan/ma-api");
        browser.post("/tai-khoan/ma-api/moi", &[]).await.is(403);
    }
}

#[actix_web::test]
async fn the_last_day_of_use_is_noted() {
    let app = support::app().await;
    let officer = app.person_as("Cán bộ A", Role::Officer, A).await;
    let token = token_of(&app, &officer, Some(A), ALL).await;
    assert_eq!(last_used(&app).await, None);
    for day in ["2026-11-23", "2026-11-24"] {
        ask(&app, &token, "/targets").await.is(200);
        noted(&app, day).await;
        app.later(TimeDelta::days(1));
    }
}

/// The day is written down beside the answer, and so a moment later.
async fn noted(app: &TestApp, day: &str) {
    for _ in 0..200 {
        if last_used(app).await.is_some_and(|noted| noted.to_string() == day) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{day} was not noted");
}

async fn last_used(app: &TestApp) -> Option<chrono::NaiveDate> {
    app.read(|c| Ok(queries::tokens::list(c, None, None, 1)?.first().and_then(|row| row.token.last_used_on))).await
}

/// What a token of an agency reads is that agency's; what is the nation's alone it does not read at all.
#[actix_web::test]
async fn a_token_reads_within_its_scope() {
    let app = support::app().await;
    let shared = common(&app).await;
    let a = fill(&app, &shared, world::A).await.token;
    let other = app.person_as("Cán bộ khác", Role::Officer, "P25-2025").await;
    let other = token_of(&app, &other, Some("P25-2025"), ALL).await;
    let coordinator = app.person_as("Điều phối", Role::Coordinator, "CDSQG").await;
    let nation = token_of(&app, &coordinator, None, ALL).await;
    let within = token_of(&app, &coordinator, Some(B), ALL).await;
    let target = "/targets/minh-hoa-2026";
    let turns = async |token: &str| json(&ask(&app, token, target).await)["figures"]["total"]["turns"].as_i64();
    assert_eq!(
        [turns(&a).await, turns(&other).await, turns(&nation).await, turns(&within).await],
        [1, 0, 1, 0].map(Some)
    );
    let classes = async |token: &str| json(&ask(&app, token, "/classes").await)["items"].as_array().map(Vec::len);
    assert_eq!([classes(&a).await, classes(&other).await, classes(&nation).await], [1, 0, 2].map(Some));
    let issued = async |token: &str| json(&ask(&app, token, "/certificates").await)["years"][0]["issued"].as_i64();
    assert_eq!([issued(&a).await, issued(&other).await, issued(&nation).await], [Some(1), None, Some(1)]);
    ask(&app, &a, &format!("{target}/units?below={A}")).await.is(200);
    let elsewhere = ask(&app, &a, &format!("{target}/units?below={B}")).await;
    let nowhere = ask(&app, &a, &format!("{target}/units?below=KHONG-CO")).await;
    assert_eq!((elsewhere.status, nowhere.status), (404, 404));
    // As tokens of before could be: they hold the word, and it does not reach.
    let all = Resource::joined(ALL);
    app.write(move |c| Ok(diesel::update(api_tokens::table).set(api_tokens::resources.eq(all)).execute(c)?)).await;
    for path in ["/seals", "/seals/1", "/targets/minh-hoa-co-quan-2026/agencies"] {
        ask(&app, &a, path).await.is(403);
    }
    ask(&app, &nation, "/seals").await.is(200);
    ask(&app, &nation, "/targets/minh-hoa-co-quan-2026/agencies").await.is(200);
    // Whose certificate it is, nobody is told.
    let code: String = app.read(|c| Ok(certificates::table.select(certificates::code).first(c)?)).await;
    let known = ask(&app, &other, &format!("/certificates/{code}")).await;
    known.is(200).says("\"state\":\"valid\"").says_not(world::A.word).says_not("Học viên");
}
