//! What was done without a line: applied once, in order, each with its own result.

use serde_json::{Value, json};

use super::*;
use crate::support::{Client, Reply};

const BATCH: &str = "/lop/BATCH-01/tien-do";

async fn learner(app: &TestApp) -> (EnrolmentId, Client, String) {
    let run = small_run(app, "BATCH-01", |_| {}).await;
    let person = app.person("Học viên Một", "P01").await;
    let enrolment = enrolled(app, &run, person.id).await;
    let mut browser = app.sign_in(&person).await;
    let page = browser.get("/lop/BATCH-01/hoc/bai-mot").await.text();
    let before = page.split("<span>hai</span>").next().unwrap();
    let right = before.rsplit("value=\"").next().unwrap().split('"').next().unwrap().to_owned();
    (enrolment, browser, right)
}

fn results(reply: &Reply) -> Vec<(String, String, Value)> {
    let said: Value = serde_json::from_slice(&reply.is(200).bytes).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = said["results"].as_array().unwrap();
    all.iter().map(|one| (text(&one["id"]), text(&one["outcome"]), one["go"].clone())).collect()
}

fn outcomes(reply: &Reply) -> Vec<String> {
    results(reply).into_iter().map(|(_, outcome, _)| outcome).collect()
}

async fn state(app: &TestApp, enrolment: EnrolmentId) -> (usize, usize, i64) {
    app.read(move |c| {
        let progress = queries::progress(c, enrolment)?;
        let answers = queries::answers(c, enrolment)?;
        let read = progress.0.values().map(|step| step.dwell_seconds).sum();
        Ok((answers.len(), progress.done().len(), read))
    })
    .await
}

#[actix_web::test]
async fn a_batch_is_applied_once_and_in_order() {
    let app = support::app().await;
    let (enrolment, mut browser, right) = learner(&app).await;
    let given = app.app.now() + TimeDelta::minutes(4);
    app.later(TimeDelta::minutes(9));
    let fields = json!([["answer", right]]);
    let items = json!({ "items": [
        { "id": "may-a-0001", "given": given, "kind": "time", "lesson": "bai-mot", "seconds": 240 },
        { "id": "may-a-0002", "given": given, "kind": "answer", "lesson": "bai-mot", "item": "km-01-q-mot", "fields": fields },
        { "id": "may-a-0003", "given": given, "kind": "done", "lesson": "bai-mot" },
        { "id": "may-a-0004", "given": given, "kind": "time", "lesson": "bai-hai", "seconds": 200 },
        { "id": "may-a-0005", "given": given, "kind": "done", "lesson": "bai-hai" },
    ]});
    let first = results(&browser.post_json(BATCH, &items).await);
    assert!(first.iter().all(|(_, outcome, _)| outcome == "applied"), "{first:?}");
    assert_eq!(first[1].2, "/lop/BATCH-01/hoc/bai-mot#cau-hoi-km-01-q-mot");
    assert_eq!(first[2].2, "/lop/BATCH-01/hoc/bai-hai");
    assert_eq!(first[4].2, "/lop/BATCH-01");
    // The second lesson was opened by nothing but this batch, so no time of it had passed.
    assert_eq!(state(&app, enrolment).await, (1, 2, 240));
    browser.get("/lop/BATCH-01").await.says("Đã hoàn thành lớp");
    // The answer got lost on the way back: the same once more, and in part with something new.
    app.later(TimeDelta::minutes(1));
    assert!(outcomes(&browser.post_json(BATCH, &items).await).iter().all(|outcome| outcome == "repeated"));
    let events: i64 = app.read(|c| Ok(completion_events::table.count().get_result(c)?)).await;
    assert_eq!((state(&app, enrolment).await, events), ((1, 2, 240), 1));
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
}

#[actix_web::test]
async fn each_item_has_its_own_result() {
    let app = support::app().await;
    let (enrolment, mut browser, right) = learner(&app).await;
    app.later(TimeDelta::minutes(6));
    let now = app.app.now();
    let fields = json!([["answer", right]]);
    let answer = |id: &str, lesson: &str, item: &str, fields: &Value| json!({ "id": id, "given": now, "kind": "answer", "lesson": lesson, "item": item, "fields": fields });
    let items = json!({ "items": [
        answer("may-b-0001", "bai-mot", "km-01-q-hai", &fields),
        answer("may-b-0002", "bai-khong-co", "km-01-q-mot", &fields),
        answer("may-b-0003", "bai-mot", "km-01-q-mot", &json!([])),
        { "id": "may-b-0004", "given": now - TimeDelta::days(31), "kind": "done", "lesson": "bai-mot" },
        { "id": "may-b-0005", "given": now, "kind": "time", "lesson": "bai-mot", "seconds": -5 },
        answer("may-b-0006", "bai-mot", "km-01-q-mot", &fields),
        { "id": "may-b-0007", "given": now + TimeDelta::days(9), "kind": "done", "lesson": "bai-mot" },
    ]});
    let reply = browser.post_json(BATCH, &items).await;
    let expected = ["refused", "refused", "refused", "refused", "refused", "applied", "applied"];
    assert_eq!(outcomes(&reply), expected);
    reply.says("không có trong lớp").says("đã quá 30 ngày").says("Chưa có câu trả lời nào");
    assert_eq!(state(&app, enrolment).await, (1, 1, 0));
    let step = app.read(move |c| queries::progress(c, enrolment)).await.0["km-01-mot"].clone();
    assert_eq!(step.completed_at, Some(now), "the server's time, whatever the browser's clock says");
    // A refusal leaves no receipt: put right, it is applied under the same id.
    let again =
        json!({ "items": [{ "id": "may-b-0005", "given": now, "kind": "time", "lesson": "bai-mot", "seconds": 30 }] });
    assert_eq!(outcomes(&browser.post_json(BATCH, &again).await), ["applied"]);
    assert_eq!(state(&app, enrolment).await.2, 30);
}

/// A fault of ours with one item: the others are applied, and this one is to come again.
#[actix_web::test]
async fn one_item_that_fails_does_not_block_the_rest() {
    use nongcot::platform::db::schema::items;
    let app = support::app().await;
    let (enrolment, mut browser, right) = learner(&app).await;
    app.later(TimeDelta::minutes(6));
    let body = |c: &mut DbConn| {
        Ok(items::table.filter(items::key.eq("km-01-q-mot")).select(items::body).first::<String>(c)?)
    };
    let sound = app.read(body).await;
    let put = |text: String| {
        app.write(move |c| {
            diesel::update(items::table.filter(items::key.eq("km-01-q-mot"))).set(items::body.eq(text)).execute(c)?;
            Ok(())
        })
    };
    put("{".to_owned()).await;
    let now = app.app.now();
    let items = json!({ "items": [
        { "id": "may-f-0001", "given": now, "kind": "time", "lesson": "bai-mot", "seconds": 60 },
        { "id": "may-f-0002", "given": now, "kind": "answer", "lesson": "bai-mot", "item": "km-01-q-mot", "fields": [["answer", right]] },
        { "id": "may-f-0003", "given": now, "kind": "done", "lesson": "bai-mot" },
    ]});
    assert_eq!(outcomes(&browser.post_json(BATCH, &items).await), ["applied", "failed", "applied"]);
    assert_eq!(state(&app, enrolment).await, (0, 1, 60));
    put(sound).await;
    assert_eq!(outcomes(&browser.post_json(BATCH, &items).await), ["repeated", "applied", "repeated"]);
    assert_eq!(state(&app, enrolment).await, (1, 1, 60));
}

#[actix_web::test]
async fn time_without_a_line_is_believed_within_bounds() {
    let app = support::app().await;
    let (enrolment, mut browser, _) = learner(&app).await;
    app.later(TimeDelta::minutes(2));
    let time = |id: &str, seconds: i64| json!({ "items": [{ "id": id, "given": app.app.now(), "kind": "time", "lesson": "bai-mot", "seconds": seconds }] });
    let sent = time("may-c-0001", 3600);
    browser.post_json(BATCH, &sent).await.is(200);
    assert_eq!(state(&app, enrolment).await.2, 120, "no more than has passed");
    app.later(TimeDelta::hours(2));
    let sent = time("may-c-0002", 7200);
    browser.post_json(BATCH, &sent).await.is(200);
    assert_eq!(state(&app, enrolment).await.2, 420, "no more than the lesson's five minutes");
}

#[actix_web::test]
async fn who_may_not_is_told_and_nothing_is_applied() {
    let app = support::app().await;
    let (enrolment, mut browser, _) = learner(&app).await;
    app.later(TimeDelta::minutes(6));
    let done =
        json!({ "items": [{ "id": "may-d-0001", "given": app.app.now(), "kind": "done", "lesson": "bai-mot" }] });
    app.visitor().post_json(BATCH, &done).await.is(401);
    let other = app.person("Học viên Khác", "P01").await;
    app.sign_in(&other).await.post_json(BATCH, &done).await.is(404);
    for broken in [json!({}), json!({ "items": [{ "id": "may-d-0001", "kind": "done" }] }), json!([1])] {
        browser.post_json(BATCH, &broken).await.is(400);
    }
    let item = |id: &str| json!({ "id": id, "given": app.app.now(), "kind": "done", "lesson": "bai-mot" });
    for bad in ["", "ngan", "có dấu cách", &"a".repeat(65)] {
        let sent = json!({ "items": [item(bad)] });
        browser.post_json(BATCH, &sent).await.is(422);
    }
    let many: Vec<Value> = (0..51).map(|n| item(&format!("may-d-{n:06}"))).collect();
    browser.post_json(BATCH, &json!({ "items": many })).await.is(422);
    assert_eq!(state(&app, enrolment).await, (0, 0, 0));
    let now = app.app.now();
    app.write(move |c| withdraw(c, now, &Actor::system(), enrolment)).await;
    browser.post_json(BATCH, &done).await.is(404);
    // Back in the class, after its end: refused by the rule, not lost on the way.
    app.write(move |c| {
        let (enrolment, run) = queries::enrolment(c, enrolment)?;
        enrol(c, now, &Actor::system(), run.id, enrolment.person_id, &Entry::Open).map(drop)
    })
    .await;
    app.later(TimeDelta::days(28));
    let person = app.read(move |c| {
        let id = queries::enrolment(c, enrolment)?.0.person_id;
        nongcot::accounts::queries::person(c, id)
    });
    let mut browser = app.sign_in(&person.await).await;
    let late = browser.post_json(BATCH, &done).await;
    late.says("đã kết thúc");
    assert_eq!(outcomes(&late), ["refused"]);
    assert_eq!(state(&app, enrolment).await, (0, 0, 0));
}

#[actix_web::test]
async fn two_tabs_that_send_the_same_are_one() {
    let app = support::app().await;
    let (enrolment, browser, _) = learner(&app).await;
    app.later(TimeDelta::minutes(9));
    let now = app.app.now();
    let items = json!({ "items": [
        { "id": "may-e-0001", "given": now, "kind": "time", "lesson": "bai-mot", "seconds": 200 },
        { "id": "may-e-0002", "given": now, "kind": "done", "lesson": "bai-mot" },
        { "id": "may-e-0003", "given": now, "kind": "done", "lesson": "bai-hai" },
    ]});
    let mut tabs = Vec::new();
    for _ in 0..8 {
        let (mut tab, items) = (browser.clone(), items.clone());
        tabs.push(actix_web::rt::spawn(async move { outcomes(&tab.post_json(BATCH, &items).await) }));
    }
    let mut applied = 0;
    for tab in tabs {
        applied += tab.await.unwrap().iter().filter(|outcome| *outcome == "applied").count();
    }
    assert_eq!(applied, 3);
    let events: i64 = app.read(|c| Ok(completion_events::table.count().get_result(c)?)).await;
    assert_eq!((state(&app, enrolment).await, events), ((0, 2, 200), 1));
}

/// The page holds what the script needs, and stays a plain form without it.
#[actix_web::test]
async fn learning_pages_stay_light() {
    let app = support::app().await;
    let (_, mut browser, _) = learner(&app).await;
    let page = browser.get("/lop/BATCH-01/hoc/bai-mot").await.text();
    let mut weight = 0;
    for address in page.split('"').filter(|part| part.starts_with("/tinh/") && !part.contains("svg")) {
        weight += browser.get(address).await.is(200).bytes.len();
    }
    assert!(page.contains("lesson") && weight > 30_000, "the style and the scripts are counted");
    assert!(weight <= 60_000, "{weight} bytes of style and script");
    assert!(page.contains("action=\"/lop/BATCH-01/hoc/bai-mot/xong\""));
    for address in ["/hoc", "/lop/BATCH-01"] {
        browser.get(address).await.is(200).says("data-queue=");
    }
}
