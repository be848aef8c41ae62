//! The form of answers: JSON with tags, problem documents in two languages, and no way around the token.

use nongcot::{access::Role, accounts::model::token::Resource, site};
use reqwest::Method;
use serde_json::Value;

use super::{A, ask, json, send, token_of};
use crate::{
    isolation::world::{self, common, fill},
    support::{self, TestApp},
};

const ALL: &[Resource] = Resource::ALL;

async fn nation(app: &TestApp) -> String {
    let coordinator = app.person_as("Điều phối giám sát", Role::Coordinator, "CDSQG").await;
    token_of(app, &coordinator, None, ALL).await
}

/// Every field of every answer, and every parameter: a name that changes is seen here, and breaks whoever relies on it.
#[actix_web::test]
async fn the_document_is_kept() {
    let app = support::app().await;
    let document = ask(&app, "", "/openapi.json").await;
    let document = json(&document);
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["paths"].as_object().map(serde_json::Map::len), Some(site::operations().len()));
    insta::assert_snapshot!(outline(&document));
}

/// Operations with their parameters, and schemas with their fields and types: what others rely on, without the words.
fn outline(document: &Value) -> String {
    let mut lines = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let get = &item["get"];
        let parameters = get["parameters"].as_array().expect("parameters");
        lines.push(format!("GET {path} {}", get["operationId"]));
        lines.extend(parameters.iter().map(|p| format!("  {} {} {}", p["in"], p["name"], p["schema"])));
        lines.push(format!("  = {}", shape(&get["responses"]["200"]["content"]["application/json"]["schema"])));
    }
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        lines.push(name.clone());
        let fields = schema["properties"].as_object().expect("fields");
        lines.extend(fields.iter().map(|(field, schema)| format!("  {field}: {}", shape(schema))));
    }
    lines.join("\n")
}

/// A schema without its descriptions.
fn shape(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| *name != "description")
            .map(|(name, member)| (name.clone(), shape(member)))
            .collect(),
        Value::Array(members) => members.iter().map(shape).collect(),
        other => other.clone(),
    }
}

#[actix_web::test]
async fn errors_are_problem_documents_in_the_language_asked_for() {
    let app = support::app().await;
    let token = nation(&app).await;
    let cases = [
        (Method::GET, "", "/targets", 401, "Cần mã truy cập", "A token is needed"),
        (Method::GET, "nct_khong-co", "/targets", 401, "Cần mã truy cập", "A token is needed"),
        (Method::GET, token.as_str(), "/khong-co", 404, "Không tìm thấy", "Not found"),
        (Method::GET, token.as_str(), "/targets/khong-co", 404, "Không tìm thấy", "Not found"),
        (Method::GET, token.as_str(), "/targets/c%C3%B3", 404, "Không tìm thấy", "Not found"),
        (Method::GET, token.as_str(), "/targets?tim=1", 400, "“tim”", "“tim”"),
        (Method::GET, token.as_str(), "/targets?limit=0", 400, "“limit”", "“limit”"),
        (Method::GET, token.as_str(), "/targets?limit=5&limit=5", 400, "“limit”", "“limit”"),
        (Method::GET, token.as_str(), "/organisations?on=2026-02-30", 400, "“on”", "“on”"),
        (Method::POST, token.as_str(), "/targets", 405, "Chỉ được đọc", "Read-only"),
        (Method::OPTIONS, "", "/targets", 405, "Chỉ được đọc", "Read-only"),
    ];
    for (method, token, path, status, vi, en) in cases {
        for (language, said) in [("vi", vi), ("en-GB,en;q=0.9", en)] {
            let reply = send(&app, method.clone(), token, path, &[("accept-language", language)]).await;
            reply.is(status).says(said);
            assert_eq!(reply.header("content-type"), "application/problem+json", "{path}");
            let problem: Value = serde_json::from_slice(&reply.bytes).expect("JSON");
            assert_eq!(problem["status"], status);
            assert_eq!(problem["reference"], reply.header("x-request-id"));
            assert_eq!(problem["type"], format!("/api#loi-{status}"));
            assert_eq!(reply.header("content-language"), &language[..2]);
            assert_eq!(reply.header("www-authenticate").is_empty(), status != 401);
            assert_eq!(reply.header("allow"), if status == 405 { "GET, HEAD" } else { "" });
            assert!(reply.header("set-cookie").is_empty() && reply.header("access-control-allow-origin").is_empty());
        }
    }
    send(&app, Method::GET, &token, "/targets", &[("accept", "text/html")]).await.is(406);
    // A reference that a page would lead to is there.
    app.visitor().get("/api").await.is(200).says("loi-401").says("GET /api/v1/targets/{code}/units");
}

#[actix_web::test]
async fn a_cookie_opens_nothing() {
    let app = support::app().await;
    let administrator = app.person_as("Quản trị", Role::Administrator, "CDSQG").await;
    let mut browser = app.sign_in(&administrator).await;
    browser.get("/api/v1/targets").await.is(401);
    // Nor does a token open a page.
    let token = nation(&app).await;
    let bearer = format!("Bearer {token}");
    app.visitor().send(Method::GET, "/nguoi", &[("authorization", &bearer)], None).await.is(303);
}

#[actix_web::test]
async fn what_did_not_change_is_not_sent_again() {
    let app = support::app().await;
    let token = nation(&app).await;
    let first = ask(&app, &token, "/organisations?limit=3").await;
    let tag = first.is(200).header("etag");
    assert!(tag.starts_with("W/\"") && first.header("cache-control").contains("private"));
    let again = send(&app, Method::GET, &token, "/organisations?limit=3", &[("if-none-match", &tag)]).await;
    again.is(304);
    assert_eq!((again.bytes.len(), again.header("etag")), (0, tag.clone()));
    let other = send(&app, Method::GET, &token, "/organisations?limit=4", &[("if-none-match", &tag)]).await;
    other.is(200);
    let head = send(&app, Method::HEAD, &token, "/organisations?limit=3", &[]).await;
    head.is(200);
    assert_eq!((head.bytes.len(), head.header("etag")), (0, tag));
    // Somebody else's tag tells nothing without a token.
    send(&app, Method::GET, "", "/organisations?limit=3", &[("if-none-match", "*")]).await.is(401);
}

#[actix_web::test]
async fn pages_of_a_list_hold_every_row_once() {
    let app = support::app().await;
    let token = nation(&app).await;
    let (mut after, mut seen) = (String::new(), Vec::new());
    for _ in 0..200 {
        let page = json(&ask(&app, &token, &format!("/organisations?on=2026-11-23&limit=7{after}")).await);
        let items = page["items"].as_array().expect("rows");
        assert!(items.len() <= 7);
        seen.extend(items.iter().map(|row| row["code"].as_str().expect("a code").to_owned()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let all =
        app.read(|c| nongcot::organisations::queries::valid_on(c, &[], "2026-11-23".parse().expect("a day"))).await;
    let mut expected: Vec<String> = all.into_iter().map(|unit| unit.code).collect();
    expected.sort();
    seen.sort();
    assert_eq!(seen, expected);
    let provinces = json(&ask(&app, &token, "/organisations?on=2026-11-23&kind=province&limit=200").await);
    assert_eq!(provinces["items"].as_array().map(Vec::len), Some(27));
    let detail = json(&ask(&app, &token, &format!("/organisations/{A}")).await);
    assert!(detail["predecessors"].as_array().is_some_and(|codes| codes.contains(&"P15".into())), "{detail}");
}

/// A level of the tree adds up to the target's figures, in both views; a part of the period holds what lies in it.
#[actix_web::test]
async fn figures_add_up() {
    let app = support::app().await;
    let shared = common(&app).await;
    fill(&app, &shared, world::A).await;
    fill(&app, &shared, world::B).await;
    let token = nation(&app).await;
    for view in ["", "as_of=2026-11-23"] {
        let whole = json(&ask(&app, &token, "/targets/minh-hoa-2026").await);
        let level = json(&ask(&app, &token, &format!("/targets/minh-hoa-2026/units?{view}")).await);
        assert_eq!(level["total"], whole["figures"]);
        let rows: Vec<(&str, i64)> = level["items"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| {
                (row["code"].as_str().expect("a code"), row["figures"]["total"]["turns"].as_i64().expect("turns"))
            })
            .collect();
        assert_eq!(rows, [(A, 1), ("P24-2025", 1)]);
        let listed = json(&ask(&app, &token, "/targets?limit=200").await);
        let all = listed["items"].as_array().expect("rows");
        let same = all.iter().find(|row| row["target"]["code"] == "minh-hoa-2026").expect("the target");
        assert_eq!(same["figures"], whole["figures"]);
    }
    let outside = json(&ask(&app, &token, "/targets/minh-hoa-2026?from=2026-01-01&to=2026-01-31").await);
    assert_eq!(outside["figures"]["total"]["turns"], 0);
    let empty = json(&ask(&app, &token, "/targets/minh-hoa-2026?from=2026-12-31&to=2026-01-01").await);
    assert_eq!(empty["figures"]["total"]["people"], 0);
}

#[actix_web::test]
async fn a_token_asks_only_so_often() {
    let app = support::app_with(|source| source.with("http.max_api_per_minute", "3")).await;
    let (token, other) = (nation(&app).await, {
        let officer = app.person_as("Cán bộ A", Role::Officer, A).await;
        token_of(&app, &officer, Some(A), ALL).await
    });
    for _ in 0..3 {
        ask(&app, &token, "/courses").await.is(200);
    }
    let refused = ask(&app, &token, "/courses").await;
    refused.is(429).says("Gọi quá nhiều");
    assert_eq!(refused.header("retry-after"), "60");
    ask(&app, &other, "/courses").await.is(200);
    app.later(chrono::TimeDelta::seconds(60));
    ask(&app, &token, "/courses").await.is(200);
    // Guessing is slow, too.
    for _ in 0..3 {
        ask(&app, "nct_doan", "/courses").await.is(401);
    }
    ask(&app, "nct_doan", "/courses").await.is(429);
}
