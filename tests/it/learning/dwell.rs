//! Reading time as the server counts it, and what is doubted because of it.

use nongcot::{
    learning::{
        actions::give_answer,
        model::{Hasty, Reading},
    },
    platform::{
        db::schema::{lesson_beats, lesson_progress},
        jobs,
    },
};
use reqwest::Method;
use serde_json::{Value, json};

use super::*;
use crate::support::{Client, Reply};

const BEAT: &str = "/lop/DWELL-01/hoc/bai-mot/nhip";

async fn reader(app: &TestApp) -> (EnrolmentId, Client) {
    let run = small_run(app, "DWELL-01", |_| {}).await;
    let person = app.person("Học viên Một", "P01").await;
    let enrolment = enrolled(app, &run, person.id).await;
    let mut browser = app.sign_in(&person).await;
    browser.get("/lop/DWELL-01/hoc/bai-mot").await.is(200).says("data-counts").says("Từng lần ghi giữ 30 ngày");
    (enrolment, browser)
}

async fn beat(app: &TestApp, browser: &mut Client, seconds: i64) -> Reply {
    browser.post_json(BEAT, &json!({ "seconds": seconds, "at": app.app.now() })).await
}

async fn counted(app: &TestApp, browser: &mut Client, seconds: i64) -> i64 {
    let reply = beat(app, browser, seconds).await;
    let said: Value = serde_json::from_slice(&reply.is(200).bytes).unwrap();
    said["counted"].as_i64().unwrap()
}

async fn total(app: &TestApp, enrolment: EnrolmentId) -> (i64, i64) {
    app.read(move |c| {
        let progress = queries::progress(c, enrolment)?;
        Ok(progress.0.get("km-01-mot").map(|step| (step.dwell_seconds, step.beats)).unwrap_or_default())
    })
    .await
}

#[actix_web::test]
async fn no_moment_counts_twice() {
    let app = support::app().await;
    let (enrolment, mut browser) = reader(&app).await;
    app.later(TimeDelta::seconds(20));
    assert_eq!(counted(&app, &mut browser, 20).await, 20);
    // Another tab of the same class, side by side.
    app.later(TimeDelta::seconds(10));
    assert_eq!(counted(&app, &mut browser, 20).await, 10);
    app.later(TimeDelta::seconds(10));
    assert_eq!(counted(&app, &mut browser, 20).await, 10);
    // Away for ten minutes: a beat says how long somebody read, and never more than thirty seconds.
    app.later(TimeDelta::minutes(10));
    assert_eq!(counted(&app, &mut browser, 20).await, 20);
    assert_eq!(total(&app, enrolment).await, (60, 4));
    browser.get("/lop/DWELL-01/hoc/bai-mot").await.says("đã tính: 1 trên 5 phút");
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
}

#[actix_web::test]
async fn a_forged_beat_gives_nothing() {
    let app = support::app().await;
    let (enrolment, mut browser) = reader(&app).await;
    app.later(TimeDelta::seconds(20));
    let now = app.app.now();
    for sent in [
        json!({ "seconds": 31, "at": now }),
        json!({ "seconds": 0, "at": now }),
        json!({ "seconds": -20, "at": now }),
        json!({ "seconds": 20, "at": now + TimeDelta::minutes(1) }),
        json!({ "seconds": 20, "at": now - TimeDelta::minutes(5) }),
    ] {
        browser.post_json(BEAT, &sent).await.is(422).says("không được tính");
    }
    for broken in [json!({ "seconds": 20 }), json!({ "seconds": "nhiều", "at": now }), json!([])] {
        browser.post_json(BEAT, &broken).await.is(400);
    }
    let sent = json!({ "seconds": 20, "at": now });
    let forged = [("content-type", "application/json"), ("accept", "application/json"), ("x-csrf-token", "AAAA")];
    browser.send(Method::POST, BEAT, &forged, Some(sent.to_string().into_bytes())).await.is(400);
    browser.post_json("/lop/DWELL-01/hoc/bai-khong-co/nhip", &sent).await.is(404);
    let other = app.person("Học viên Khác", "P01").await;
    app.sign_in(&other).await.post_json(BEAT, &sent).await.is(404);
    app.visitor().post_json(BEAT, &sent).await.is(401);
    assert_eq!(total(&app, enrolment).await, (0, 0));
    assert_eq!(counted(&app, &mut browser, 20).await, 20);
    app.later(TimeDelta::seconds(3));
    beat(&app, &mut browser, 3).await.is(429);
    app.write(move |c| withdraw(c, now, &Actor::system(), enrolment)).await;
    app.later(TimeDelta::seconds(20));
    beat(&app, &mut browser, 20).await.is(404);
    assert_eq!(total(&app, enrolment).await, (20, 1));
}

#[actix_web::test]
async fn beats_keep_to_the_dates_of_the_run_and_end_with_the_completion() {
    let app = support::app().await;
    let (enrolment, mut browser) = reader(&app).await;
    app.later(TimeDelta::minutes(1));
    let now = app.app.now();
    app.write(move |c| learn(c, now, enrolment, &Observers::NONE)).await;
    app.later(TimeDelta::minutes(20));
    assert_eq!(counted(&app, &mut browser, 20).await, 0, "nothing needs it any more");
    browser.get("/lop/DWELL-01/hoc/bai-mot").await.says_not("data-counts");
    app.later(TimeDelta::days(28));
    let person = app.person("Học viên Hai", "P01").await;
    app.sign_in(&person).await.post_json(BEAT, &json!({ "seconds": 20, "at": app.app.now() })).await.is(404);
    let mut browser = app
        .sign_in(
            &app.read(move |c| {
                let id = queries::enrolment(c, enrolment)?.0.person_id;
                nongcot::accounts::queries::person(c, id)
            })
            .await,
        )
        .await;
    beat(&app, &mut browser, 20).await.is(409).says("đã kết thúc");
}

#[actix_web::test]
async fn single_beats_are_forgotten_after_thirty_days() {
    let app = support::app().await;
    let (enrolment, mut browser) = reader(&app).await;
    for _ in 0..3 {
        app.later(TimeDelta::seconds(20));
        counted(&app, &mut browser, 20).await;
    }
    let beats = || app.read(|c| Ok(lesson_beats::table.count().get_result::<i64>(c)?));
    let forget = || async {
        let now = app.app.now();
        app.write(move |c| jobs::enqueue(c, now, &nongcot::learning::jobs::ForgetBeats {})).await;
        app.run_jobs().await;
    };
    app.later(TimeDelta::days(30) - TimeDelta::seconds(30));
    forget().await;
    assert_eq!(beats().await, 2, "the first is older than thirty days");
    app.later(TimeDelta::minutes(5));
    forget().await;
    assert_eq!(beats().await, 0);
    assert_eq!(total(&app, enrolment).await, (60, 3), "the totals stay");
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new());
    app.write(|c| {
        diesel::update(lesson_progress::table).set(lesson_progress::dwell_seconds.eq(5)).execute(c)?;
        Ok(())
    })
    .await;
    assert_eq!(app.read(queries::verify).await, Vec::<String>::new(), "what is forgotten cannot be compared");
}

#[actix_web::test]
async fn a_page_left_open_is_not_read() {
    let app = support::app().await;
    let (enrolment, mut browser) = reader(&app).await;
    app.later(TimeDelta::seconds(20));
    counted(&app, &mut browser, 20).await;
    app.later(TimeDelta::hours(3));
    browser.post("/lop/DWELL-01/hoc/bai-mot/xong", &[]).await.is(303);
    browser.get("/lop/DWELL-01/hoc/bai-hai").await.is(200);
    app.later(TimeDelta::hours(3));
    counted_on(&app, &mut browser, "bai-hai", 30).await;
    browser.post("/lop/DWELL-01/hoc/bai-hai/xong", &[]).await.is(303);
    let id = app.read(move |c| queries::completion_of(c, enrolment)).await.expect("a completion");
    let (completion, _) = app.read(move |c| queries::completion(c, id)).await;
    let reading = Reading { seconds: 50, minutes: 10, without_beats: 0 };
    assert_eq!(completion.doubt.expect("a doubt").reading, Some(reading));
    let judge = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "BKHCN-2025").await;
    let mut judge = app.sign_in(&judge).await;
    let page = format!("/lop/DWELL-01/hoan-thanh/{}", id.0);
    judge.get(&page).await.is(200).says("Đọc 50 giây trên 10 phút").says("cần ít nhất 30%");
}

async fn counted_on(app: &TestApp, browser: &mut Client, slug: &str, seconds: i64) {
    let path = format!("/lop/DWELL-01/hoc/{slug}/nhip");
    browser.post_json(&path, &json!({ "seconds": seconds, "at": app.app.now() })).await.is(200);
}

/// Without a script: from opening to done, no lesson for more than its own minutes, side by side once.
#[actix_web::test]
async fn without_beats_the_time_between_opening_and_done_counts() {
    let app = support::app().await;
    let run = small_run(&app, "SPAN-01", |_| {}).await;
    let now = app.app.now();
    let by = Actor::system();
    let minutes = TimeDelta::minutes;
    for (name, second_opened, end, expected) in [
        // One after the other, three minutes in all.
        ("Học viên Một", minutes(2), minutes(3), None),
        // Both at once, overnight: five minutes of ten.
        ("Học viên Hai", minutes(0), minutes(600), None),
        ("Học viên Ba", minutes(0), minutes(2), Some(Reading { seconds: 120, minutes: 10, without_beats: 2 })),
    ] {
        let person = app.person(name, "P01").await.id;
        let enrolment = enrolled(&app, &run, person).await;
        let by = by.clone();
        let completion = app
            .write(move |c| {
                open_lesson(c, now, enrolment, "km-01-mot")?;
                open_lesson(c, now + second_opened, enrolment, "km-01-hai")?;
                complete_item(c, now + end, &by, enrolment, "km-01-mot", &Observers::NONE)?;
                complete_item(c, now + end, &by, enrolment, "km-01-hai", &Observers::NONE)
            })
            .await
            .expect("a completion");
        assert_eq!(completion.doubt.and_then(|doubt| doubt.reading), expected, "{name}");
    }
}

#[actix_web::test]
async fn a_check_answered_without_reading_is_doubted() {
    let app = support::app().await;
    let run = small_run(&app, "FAST-02", |_| {}).await;
    let version = run.version_id;
    for (name, pause, hasty) in [("Học viên Một", 1, 2), ("Học viên Hai", 15, 0)] {
        let person = app.person(name, "P01").await.id;
        let enrolment = enrolled(&app, &run, person).await;
        let now = app.app.now();
        let completion = app
            .write(move |c| {
                let outline = nongcot::courses::queries::outline(c, version)?;
                for (lesson, item) in outline.lessons().zip(["km-01-q-mot", "km-01-q-hai"]) {
                    open_lesson(c, now, enrolment, &lesson.key)?;
                    let given = now + TimeDelta::seconds(pause);
                    let question = nongcot::courses::queries::questions(c, version, &[item.to_owned()])?;
                    let nongcot::questions::model::Answer::Choice { option } = question[item].right_answer() else {
                        panic!("one option")
                    };
                    let all = |_: &str| vec![option.clone()];
                    assert!(give_answer(c, given, given, enrolment, version, lesson, item, all)?);
                    // Once more, at once: only the first answer tells how long somebody thought.
                    assert!(give_answer(c, given, given, enrolment, version, lesson, item, all)?);
                }
                let end = now + TimeDelta::minutes(9);
                complete_item(c, end, &Actor::system(), enrolment, "km-01-mot", &Observers::NONE)?;
                complete_item(c, end, &Actor::system(), enrolment, "km-01-hai", &Observers::NONE)
            })
            .await
            .expect("a completion");
        let doubted = completion.doubt.unwrap_or_default();
        assert_eq!((doubted.reading, doubted.hasty.len()), (None, hasty), "{name}");
        assert_eq!(completion.is_flagged, hasty > 0);
        if hasty > 0 {
            assert!(doubted.hasty.contains(&Hasty { key: "km-01-mot".to_owned(), answers: 1, fast: 1 }));
            let judge = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "BKHCN-2025").await;
            let page = format!("/lop/FAST-02/hoan-thanh/{}", completion.id.0);
            let page = app.sign_in(&judge).await.get(&page).await;
            page.is(200).says("1 trên 1 câu được trả lời trong chưa đầy 2 giây").says("Bài một").says_not("phút trên");
        }
    }
}
