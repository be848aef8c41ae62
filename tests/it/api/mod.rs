//! The interface for other programs: [`tokens`] and what they reach, [`answers`] and their form, and [`outside`], where a program that
//! is not ours asks whatever the document allows.

mod answers;
mod outside;
mod tokens;

use chrono::NaiveDate;
use nongcot::{
    access::Actor,
    accounts::{
        actions::tokens::make,
        model::{
            Person,
            token::{NewToken, Resource},
        },
    },
};
use reqwest::Method;

use crate::support::{Reply, TestApp, unit_id};

pub const A: &str = "P15-2025";
pub const B: &str = "P24-2025";
pub const ROOT: &str = "/api/v1";

pub fn new(resources: &[Resource]) -> NewToken {
    let last_day = NaiveDate::from_ymd_opt(2027, 3, 31).expect("a day");
    NewToken { name: "Trung tâm minh họa".to_owned(), unit: None, resources: resources.to_vec(), last_day }
}

/// A token of a person, over a unit or the whole country.
pub async fn token_of(app: &TestApp, person: &Person, unit: Option<&str>, resources: &[Resource]) -> String {
    // What is the nation's alone is not for a token of a unit, and asked for it would be refused.
    let fit: Vec<_> = resources.iter().copied().filter(|resource| unit.is_none() || !resource.is_of_nation()).collect();
    let (now, id, unit, new) = (app.app.now(), person.id, unit.map(str::to_owned), new(&fit));
    app.write(move |c| {
        let unit = unit.map(|code| unit_id(c, &code)).transpose()?;
        make(c, &Actor { person: Some(id), ..Actor::default() }, now, id, &NewToken { unit, ..new })
    })
    .await
}

/// Asks with a token; without one where it is empty.
pub async fn ask(app: &TestApp, token: &str, path: &str) -> Reply {
    send(app, Method::GET, token, path, &[]).await
}

pub async fn send(app: &TestApp, method: Method, token: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
    let bearer = format!("Bearer {token}");
    let mut all: Vec<(&str, &str)> = headers.to_vec();
    if !token.is_empty() {
        all.push(("authorization", &bearer));
    }
    app.visitor().send(method, &format!("{ROOT}{path}"), &all, None).await
}

pub fn json(reply: &Reply) -> serde_json::Value {
    reply.is(200);
    serde_json::from_slice(&reply.bytes).expect("JSON")
}
