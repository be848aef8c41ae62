//! What tests of outages do over and over: writes that promise something, and a program of their own that may be killed.

use std::{collections::BTreeSet, time::Duration};

use chrono::Utc;
use diesel::prelude::*;
use nongcot::{
    access::Actor,
    accounts::sessions,
    platform::{
        db::{Database, Moment, schema::sessions as rows},
        error::Result,
    },
};
use reqwest::Method;

use super::{Client, Server, TestDatabase, factory};

/// The page says in Vietnamese that it cannot serve, and so does the door for load balancers.
pub async fn assert_down(browser: &mut Client) {
    let page = browser.get("/tai-khoan").await;
    page.is(503)
        .says("<h1")
        .says_not("sqlite")
        .says_not("SELECT")
        .says_not(std::env::temp_dir().to_str().expect("a path"));
    assert!(!page.header("retry-after").is_empty());
    browser.get("/readyz").await.is(503);
    browser.get("/healthz").await.is(200);
}

/// Waits until it serves again.
pub async fn assert_up(browser: &mut Client) {
    for _ in 0..100 {
        if browser.get("/readyz").await.status == 200 {
            browser.get("/tai-khoan").await.is(200);
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it did not come back by itself");
}

/// Ends a session of one's own: a write whose answer promises that it is on the disk.
pub async fn end_session(browser: &mut Client, id: i64) -> Option<u16> {
    let token = browser.token().await;
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
    let body = format!("_csrf={token}").into_bytes();
    let path = format!("/tai-khoan/phien/{id}/ket-thuc");
    browser.try_send(Method::POST, &path, &headers, Some(body)).await.ok().map(|reply| reply.status)
}

/// A person with this many sessions: the token of the first, the ids of the others.
pub async fn with_sessions(db: &Database, name: &str, count: usize) -> (String, Vec<i64>) {
    let name = name.to_owned();
    let made: Result<_> = db
        .write("test", move |c| {
            let now = Moment(Utc::now());
            let person = factory::person(c, now, &name, "P01")?.id;
            let token = sessions::begin(c, &Actor::system(), now, person, "a test", "test")?;
            for _ in 0..count {
                sessions::begin(c, &Actor::system(), now, person, "a test", "test")?;
            }
            let of = rows::table.filter(rows::person_id.eq(person.0)).order(rows::id.asc());
            Ok((token, of.offset(1).limit(10_000).select(rows::id).load(c)?))
        })
        .await;
    made.unwrap()
}

/// The sessions that have ended.
pub async fn ended(db: &Database) -> BTreeSet<i64> {
    let found: Result<Vec<i64>> =
        db.read(|c| Ok(rows::table.filter(rows::ended_at.is_not_null()).select(rows::id).load(c)?)).await;
    found.unwrap().into_iter().collect()
}

/// The settings of a program of its own on this database.
pub fn settings(database: &TestDatabase) -> Vec<(&'static str, String)> {
    vec![
        ("DATABASE__URL", database.url.clone()),
        ("STORAGE__DIR", database.folder.path().display().to_string()),
        ("LOG__LEVEL", "off".to_owned()),
    ]
}

/// Starts it, behind the words `before` (a tracer).
pub async fn serve(before: &[&str], settings: &[(&'static str, String)]) -> Server {
    let settings: Vec<_> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
    Server::start(before, &settings).await
}
