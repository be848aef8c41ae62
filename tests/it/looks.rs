//! Pages and letters as they read, held to snapshots: a change of words or structure is seen before it is merged.

use nongcot::{
    access::Actor,
    accounts::{actions, model::Person},
    notifications,
    platform::i18n::Message,
};

use crate::{
    access,
    support::{self, TestApp},
};

/// The part of a page between `<main` and `</main>`, without what differs from run to run.
fn body(page: &str) -> String {
    let main = page.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).expect("a main part");
    let mut text = String::new();
    // The name of a script holds a hash of its content.
    let kept = |line: &&str| !line.is_empty() && !line.starts_with("<script ");
    for line in main.lines().map(str::trim_end).filter(kept) {
        let line = match line.split_once("name=\"_csrf\" value=\"") {
            Some((before, after)) => {
                format!("{before}name=\"_csrf\" value=\"…\"{}", after.split_once('"').map_or("", |(_, rest)| rest))
            }
            None => line.to_owned(),
        };
        let line = match line.split_once("<code>") {
            Some((before, after)) => {
                format!("{before}<code>…{}", after.split_once("</code>").map_or("", |(_, rest)| rest))
            }
            None => line,
        };
        text.push_str(&line);
        text.push('\n');
    }
    text
}

#[actix_web::test]
async fn the_pages_before_signing_in() {
    let app = support::app().await;
    let mut browser = app.visitor();
    insta::assert_snapshot!("sign_in", body(&browser.get("/dang-nhap").await.text()));
    insta::assert_snapshot!("not_found", body(&browser.get("/khong-co").await.text()));
    browser.post("/ngon-ngu", &[("locale", "en"), ("next", "/")]).await.is(303);
    insta::assert_snapshot!("sign_in_en", body(&browser.get("/dang-nhap").await.text()));
}

#[actix_web::test]
async fn the_first_page_of_a_new_learner() {
    let app = support::app().await;
    let person = app.person("Học viên Minh họa", "P15-2025").await;
    let page = app.sign_in(&person).await.get("/").await.text();
    insta::assert_snapshot!("home", body(&page));
}

/// Serial numbers and look-up codes, which are random, as dots.
fn without_codes(text: &str) -> String {
    // A serial number may happen to hold no digit, so it is known by how it begins.
    let is_code = |word: &str| {
        word.starts_with("NC-")
            || (word.len() >= 13
                && word.contains(|c: char| c.is_ascii_digit())
                && word.contains(|c: char| c.is_ascii_uppercase()))
    };
    let belongs = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
    let (mut shown, mut word) = (String::new(), String::new());
    for c in text.chars().chain(['\n']) {
        if belongs(c) {
            word.push(c);
        } else {
            shown.push_str(if is_code(&word) { "…" } else { &word });
            word.clear();
            shown.push(c);
        }
    }
    shown
}

/// The pages that carry records: what a learner, a coordinator, an auditor and a visitor read of one and the same completion.
#[actix_web::test]
async fn the_pages_around_one_completion() {
    let app = support::app().await;
    let world = access::world(&app).await;
    let pages = [
        ("classes", "học viên A", "/hoc".to_owned()),
        ("certificates", "học viên A", "/chung-nhan".to_owned()),
        ("class", "giảng viên A", world.address("/lop/{code}")),
        ("target", "điều phối viên", world.address("/chi-tieu/{code}")),
        ("register_entry", "đối soát", world.address("/so-cap/{code}")),
        ("look_up", "khách", world.address("/tra-cuu/{code}")),
    ];
    for (name, label, path) in pages {
        let person = world.roles.iter().find(|(known, _)| *known == label).expect("a role").1.clone();
        let mut browser = match &person {
            Some(person) => app.sign_in(person).await,
            None => app.visitor(),
        };
        let mut text = body(&browser.get(&path).await.is(200).text());
        // What is random in every run says nothing.
        for random in [&world.certificate, &world.attempt] {
            text = text.replace(random.as_str(), "…");
        }
        for (_, person) in &world.roles {
            if let Some(person) = person {
                text = text.replace(&person.code, "…");
            }
        }
        insta::assert_snapshot!(name, without_codes(&text));
    }
}

/// Somebody with an address.
async fn reachable(app: &TestApp) -> Person {
    let mut person = app.person("Học viên Minh họa", "P15-2025").await;
    let id = person.id.0;
    person.email = Some("hv@example.org".to_owned());
    app.write(move |c| {
        use diesel::prelude::*;
        use nongcot::platform::db::schema::people;
        Ok(diesel::update(people::table.find(id)).set(people::email.eq("hv@example.org")).execute(c)?)
    })
    .await;
    person
}

/// The subject and the words of the plain part of the last letter, without the link.
fn words(app: &TestApp) -> String {
    let letter = app.letters().pop().expect("a letter");
    letter
        .lines()
        .skip_while(|l| !l.starts_with("Kính gửi"))
        .take_while(|l| !l.contains("Content-Type"))
        .filter(|l| l.is_empty() || (l.contains(' ') && !l.contains("/mo/")))
        .map(|l| format!("{}\n", l.trim_end()))
        .collect()
}

#[actix_web::test]
async fn the_letters() {
    let app = support::app().await;
    let (person, now) = (reachable(&app).await, app.app.now());
    let invited = person.clone();
    app.write(move |c| actions::invite(c, &Actor::system(), now, &invited)).await;
    app.run_jobs().await;
    insta::assert_snapshot!("invitation", words(&app));
    app.visitor().post("/quen-mat-khau", &[("identifier", "hv@example.org")]).await.is(303);
    app.run_jobs().await;
    insta::assert_snapshot!("reset", words(&app));
    let told = Message::new("notifications-completed").with("course", "Kiến trúc Chính phủ điện tử Việt Nam");
    app.write(move |c| notifications::actions::notify(c, now, person.id, &told, Some("/chung-nhan"), true)).await;
    app.run_jobs().await;
    insta::assert_snapshot!("notice", words(&app));
}
