//! When a final test opens, and whether it was answered by somebody who read it.

use nongcot::courses::package::{AssessmentKind, Package};

use super::*;

/// The class with a course in which the lesson must be done too.
async fn with_lesson(change: impl FnOnce(&mut Package)) -> Class {
    let mut package = edition("never", 3).package().clone();
    package.course.completion.required.push("km-m1".to_owned());
    change(&mut package);
    class_of(Edition::of(package)).await
}

#[actix_web::test]
async fn a_final_test_opens_when_the_required_lessons_are_done() {
    let class = with_lesson(|_| {}).await;
    let mut browser = class.browser().await;
    let closed = browser.get(&class.intro()).await;
    closed.is(409).says("Còn 1 bài").says("/lop/KM-09-01/hoc/bai").says_not("Bắt đầu làm bài");
    let pressed = browser.post(&class.intro(), &[]).await;
    pressed.is(409).says("Còn 1 bài").says("/lop/KM-09-01/hoc/bai");
    let enrolment = class.enrolment;
    assert!(class.app.read(move |c| queries::attempts(c, enrolment, TEST)).await.is_empty());
    browser.get("/lop/KM-09-01/hoc/bai").await.is(200);
    class.app.later(TimeDelta::minutes(5));
    browser.post("/lop/KM-09-01/hoc/bai/xong", &[]).await.is(303);
    browser.get(&class.intro()).await.is(200).says("Bắt đầu làm bài");
    browser.post(&class.intro(), &[]).await.is(303);
    // After the end of the class the page says that first.
    class.app.later(TimeDelta::days(40));
    let mut browser = class.browser().await;
    browser.get(&class.intro()).await.is(200).says("Lớp đã kết thúc");
}

#[actix_web::test]
async fn a_check_is_open_from_the_start() {
    let class = with_lesson(|package| package.assessments[0].kind = AssessmentKind::Check).await;
    let mut browser = class.browser().await;
    browser.get(&class.intro()).await.is(200).says("Bắt đầu làm bài");
    browser.post(&class.intro(), &[]).await.is(303);
}

#[actix_web::test]
async fn a_test_answered_without_reading_is_doubted() {
    for (pause, flagged) in [(TimeDelta::seconds(11), true), (TimeDelta::seconds(12), false)] {
        let class = class("never", 3).await;
        let attempt = class.start().await;
        class.app.later(pause);
        class.answer_all(&attempt).await;
        // Sitting there afterwards does not make it slower.
        class.app.later(TimeDelta::minutes(5));
        let mut browser = class.browser().await;
        let result = browser.post(&format!("{}/nop", path(&attempt)), &[]).await;
        result.is(303);
        let said = if flagged {
            "chờ người có thẩm quyền xác nhận"
        } else {
            "Kết quả đã được ghi nhận"
        };
        browser.get(&result.location()).await.is(200).says(said);
        let person = class.learner.id;
        let doubts: Vec<(bool, Option<String>)> = class
            .app
            .read(move |c| {
                Ok(completion_events::table
                    .filter(completion_events::person_id.eq(person))
                    .select((completion_events::is_flagged, completion_events::doubt))
                    .load(c)?)
            })
            .await;
        assert_eq!((doubts.len(), doubts[0].0), (1, flagged));
        let expected = r#"{"hasty":[{"key":"km-kiem-tra","answers":6,"fast":6}]}"#;
        assert_eq!(doubts[0].1.as_deref(), flagged.then_some(expected));
    }
}
