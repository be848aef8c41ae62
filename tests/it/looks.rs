//! Pages and letters as they read, held to snapshots: a change of words or structure is seen before it is merged.

use nongcot::{access::Actor, accounts::actions};

use crate::support;

/// The part of a page between `<main` and `</main>`, without what differs from run to run.
fn body(page: &str) -> String {
    let main = page.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).expect("a main part");
    let mut text = String::new();
    for line in main.lines().map(str::trim_end).filter(|l| !l.is_empty()) {
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

#[actix_web::test]
async fn the_letter_of_an_invitation() {
    let app = support::app().await;
    let mut person = app.person("Học viên Minh họa", "P15-2025").await;
    let (id, now) = (person.id.0, app.app.now());
    person.email = Some("hv@example.org".to_owned());
    app.write(move |c| {
        use diesel::prelude::*;
        use nongcot::platform::db::schema::people;
        diesel::update(people::table.find(id)).set(people::email.eq("hv@example.org")).execute(c)?;
        actions::invite(c, &Actor::system(), now, &person)
    })
    .await;
    app.run_jobs().await;
    let letter = app.letters().pop().expect("a letter");
    // The words of the plain part, without the link.
    let words: String = letter
        .lines()
        .skip_while(|l| !l.starts_with("Kính gửi"))
        .take_while(|l| !l.contains("Content-Type"))
        .filter(|l| l.is_empty() || (l.contains(' ') && !l.contains("/mo/")))
        .map(|l| format!("{}\n", l.trim_end()))
        .collect();
    insta::assert_snapshot!("invitation", words);
}
