//! Coming in, staying, and going out.

use chrono::TimeDelta;
use diesel::prelude::*;
use nongcot::{
    access::{Actor, Category, Role},
    accounts::{
        actions, links,
        model::{NewMembership, Purpose},
        queries, sessions,
    },
    platform::{
        clock,
        db::{
            DbConn,
            schema::{memberships, units},
        },
        error::Result,
    },
};

use crate::support;

async fn with_password(app: &support::TestApp, name: &str, password: &str) -> nongcot::accounts::model::Person {
    let person = app.person(name, "P01").await;
    let hash = app.app.passwords.hash(password.to_owned()).await.expect("a hash");
    let (now, id) = (app.app.now(), person.id);
    app.write(move |c| actions::set_password(c, &Actor::system(), now, id, &hash, None)).await;
    person
}

#[actix_web::test]
async fn a_password_opens_the_account_and_going_out_closes_it() {
    let app = support::app().await;
    with_password(&app, "Học viên Minh họa", "một câu dễ nhớ").await;
    let mut browser = app.visitor();
    browser.get("/tai-khoan").await.is(303);
    let reply = browser
        .post(
            "/dang-nhap",
            &[("identifier", "hoc-vien-minh-hoa"), ("password", "một câu dễ nhớ"), ("next", "/tai-khoan")],
        )
        .await;
    assert_eq!((reply.status, reply.location().as_str()), (303, "/tai-khoan"));
    browser.get("/tai-khoan").await.is(200).says("Học viên Minh họa");
    browser.post("/dang-xuat", &[]).await.is(303);
    browser.get("/tai-khoan").await.is(303);
}

#[actix_web::test]
async fn a_wrong_password_says_so_beside_the_field_and_keeps_what_was_typed() {
    let app = support::app().await;
    with_password(&app, "Học viên Minh họa", "một câu dễ nhớ").await;
    let mut browser = app.visitor();
    let reply =
        browser.post("/dang-nhap", &[("identifier", "hoc-vien-minh-hoa"), ("password", "sai hẳn rồi nhé")]).await;
    reply.is(422).says("chưa đúng").says("hoc-vien-minh-hoa").says_not("sai hẳn");
    // An unknown name gets the same answer.
    let unknown = browser.post("/dang-nhap", &[("identifier", "khong-co-ai"), ("password", "sai hẳn rồi nhé")]).await;
    unknown.is(422).says("chưa đúng");
}

#[actix_web::test]
async fn five_failures_close_the_door_for_a_quarter_of_an_hour() {
    let app = support::app().await;
    with_password(&app, "Học viên Minh họa", "một câu dễ nhớ").await;
    let mut browser = app.visitor();
    for _ in 0..5 {
        browser.post("/dang-nhap", &[("identifier", "hoc-vien-minh-hoa"), ("password", "sai")]).await.is(422);
    }
    let right = [("identifier", "hoc-vien-minh-hoa"), ("password", "một câu dễ nhớ")];
    browser.post("/dang-nhap", &right).await.is(429).says("15 phút");
    app.later(TimeDelta::minutes(16));
    browser.post("/dang-nhap", &right).await.is(303);
}

#[actix_web::test]
async fn fifty_tries_at_once_do_not_slip_past_the_limiter() {
    let app = support::app().await;
    let now = app.app.now();
    let tries = (0..50).map(|_| {
        let db = app.app.db.clone();
        async move {
            db.write("test", move |c| {
                nongcot::accounts::limiter::attempt(c, now, "password", "ai-do", std::net::IpAddr::from([192, 0, 2, 1]))
            })
            .await
            .is_ok()
        }
    });
    let passed = futures_util::future::join_all(tries).await.into_iter().filter(|ok| *ok).count();
    assert_eq!(passed, 5);
}

#[actix_web::test]
async fn a_one_time_link_works_once_and_not_after_its_time() {
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", "P01").await;
    let (now, id) = (app.app.now(), person.id);
    let token = app.write(move |c| links::make(c, &Actor::system(), now, id, Purpose::SignIn)).await;
    let path = format!("/mo/{token}");
    let mut first = app.visitor();
    first.get(&path).await.is(200).says("Học viên Minh họa");
    first.get("/tai-khoan").await.is(303);
    first.post(&path, &[]).await.is(303);
    first.get("/tai-khoan").await.is(200);
    let mut second = app.visitor();
    second.get(&path).await.is(409).says("đã được dùng");
    second.post(&path, &[]).await.is(409);

    let late = app.write(move |c| links::make(c, &Actor::system(), now, id, Purpose::Invitation)).await;
    app.later(TimeDelta::days(8));
    app.visitor().get(&format!("/mo/{late}")).await.is(409);
    app.visitor().get("/mo/khong-phai-ma").await.is(409);
}

#[actix_web::test]
async fn a_forgotten_password_is_set_anew_by_mail_and_ends_the_other_sessions() {
    let app = support::app().await;
    let person = with_password(&app, "Học viên Minh họa", "một câu dễ nhớ").await;
    let id = person.id.0;
    app.write(move |c| {
        use diesel::prelude::*;
        use nongcot::platform::db::schema::people;
        diesel::update(people::table.find(id)).set(people::email.eq("hv@example.org")).execute(c)?;
        Ok(())
    })
    .await;
    let mut other = app.sign_in(&person).await;
    other.get("/tai-khoan").await.is(200);
    let mut browser = app.visitor();
    browser.post("/quen-mat-khau", &[("identifier", "hv@example.org")]).await.is(303);
    browser.post("/quen-mat-khau", &[("identifier", "khong-co@example.org")]).await.is(303);
    app.run_jobs().await;
    let letters = app.letters();
    assert_eq!(letters.len(), 1, "{letters:?}");
    let link = letters[0].split(&format!("{}/mo/", app.base)).nth(1).expect("a link");
    let token: String = link.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let path = format!("/mo/{token}");
    let short = browser.post(&path, &[("password", "ngắn"), ("password_again", "ngắn")]).await;
    short.is(422).says("ít nhất 10");
    let new = "mật khẩu hoàn toàn mới";
    browser.post(&path, &[("password", new), ("password_again", "khác")]).await.is(422);
    browser.post(&path, &[("password", new), ("password_again", new)]).await.is(303);
    browser.get("/tai-khoan").await.is(200);
    other.get("/tai-khoan").await.is(303);
    let mut third = app.visitor();
    third.post("/dang-nhap", &[("identifier", "hv@example.org"), ("password", new)]).await.is(303);
}

#[actix_web::test]
async fn sessions_are_listed_and_ended_by_their_owner_only() {
    let app = support::app().await;
    let (mine, hers) = (app.person("Học viên Một", "P01").await, app.person("Học viên Hai", "P01").await);
    let mut here = app.sign_in(&mine).await;
    let mut phone = app.sign_in(&mine).await;
    let mut stranger = app.sign_in(&hers).await;
    let page = here.get("/tai-khoan/phien").await;
    page.is(200).says("Thiết bị này");
    let end = page
        .text()
        .split("action=\"/tai-khoan/phien/")
        .nth(1)
        .expect("a button")
        .split('"')
        .next()
        .expect("a path")
        .to_owned();
    stranger.post(&format!("/tai-khoan/phien/{end}"), &[]).await.is(404);
    phone.get("/tai-khoan").await.is(200);
    here.post(&format!("/tai-khoan/phien/{end}"), &[]).await.is(303);
    phone.get("/tai-khoan").await.is(303);
    here.get("/tai-khoan").await.is(200);
}

#[actix_web::test]
async fn the_language_is_kept_for_the_person() {
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", "P01").await;
    let mut browser = app.sign_in(&person).await;
    browser.get("/tai-khoan").await.says("Quá trình công tác");
    browser.post("/ngon-ngu", &[("locale", "en"), ("next", "/tai-khoan")]).await.is(303);
    browser.get("/tai-khoan").await.says("Units and positions").says("lang=\"en\"");
    app.sign_in(&person).await.get("/tai-khoan").await.says("lang=\"en\"");
}

/// Every request of everybody finds its person by one statement, which joins what the rooms' own questions ask for one by one.
#[actix_web::test]
async fn a_session_knows_the_roles_and_the_place_that_the_records_know() {
    let app = support::app().await;
    let (nobody, several) =
        (app.person("Học viên Minh họa", "P01").await.id, app.person("Người nhiều vai", "P01").await.id);
    let (now, by) = (app.app.now(), Actor::system());
    let day = clock::local_day(now.0);
    let found = app
        .write(move |c| {
            let unit = |c: &mut DbConn, code: &str| support::unit_id(c, code);
            let (here, there) = (unit(c, "P01")?, unit(c, "P25-2025")?);
            // Two roles that hold and one that ended.
            actions::grant_role(c, &by, now, several, Role::Officer, Some(here))?;
            let ended = actions::grant_role(c, &by, now, several, Role::Instructor, Some(there))?;
            actions::grant_role(c, &by, now, several, Role::Auditor, None)?;
            actions::end_role(c, &by, now, several, ended)?;
            // On this day they work in two places, since the same day.
            let first = queries::membership_on(c, several, day)?.expect("a place");
            diesel::update(memberships::table.find(first.id)).set(memberships::valid_to.eq(day)).execute(c)?;
            let second = NewMembership {
                unit: there,
                position: "Chuyên viên".to_owned(),
                category: Category::Other,
                from: first.valid_from,
            };
            actions::join_unit(c, &by, now, several, &second)?;
            // The other works nowhere any more and holds nothing.
            diesel::delete(memberships::table.filter(memberships::person_id.eq(nobody.0))).execute(c)?;
            [several, nobody]
                .map(|person| {
                    let token = sessions::begin(c, &by, now, person, "a test", "test")?;
                    let signed = sessions::find(c, now, &token)?.expect("a session");
                    let place = queries::membership_on(c, person, day)?.map(|membership| membership.unit_id);
                    let place =
                        place.map(|unit| units::table.find(unit).select((units::name_vi, units::name_en)).first(c));
                    Ok((signed, queries::authority(c, person)?, place.transpose()?))
                })
                .into_iter()
                .collect::<Result<Vec<_>>>()
        })
        .await;
    for (signed, authority, place) in &found {
        assert_eq!((&signed.authority.grants, &signed.unit), (&authority.grants, place));
    }
    assert_eq!(found[0].1.grants.len(), 2);
    assert!(found[0].2.as_ref().is_some_and(|(name, _): &(String, String)| !name.is_empty()));
    assert!(found[1].1.grants.is_empty() && found[1].2.is_none());
}
