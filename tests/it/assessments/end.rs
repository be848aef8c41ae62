//! Deadlines, submissions and how many attempts there are.

use nongcot::platform::clock::local_day;

use super::*;

#[actix_web::test]
async fn the_deadline_holds_and_a_job_hands_in() {
    let class = class("never", 3).await;
    let mut browser = class.browser().await;
    let attempt = class.start().await;
    assert_eq!(attempt.deadline_at, class.app.app.now() + TimeDelta::minutes(20));
    class.answer_all(&attempt).await;
    let position = class.position(&attempt, "km-q-dung");
    let wrong = json!({ "position": position, "answer": { "type": "true_false", "value": false }, "sequence": 99 });
    class.app.later(TimeDelta::minutes(20) - TimeDelta::microseconds(1));
    hand_in_overdue(&class).await;
    assert!(class.reread(attempt.id).await.submitted_at.is_none());
    class.app.later(TimeDelta::microseconds(1));
    let late = browser.post_json(&format!("{}/tra-loi", path(&attempt)), &wrong).await;
    late.is(409).says("Đã hết giờ");
    let form = form(&[(position, Answer::TrueFalse { value: false })], "98");
    assert_eq!(post(&mut browser, &path(&attempt), &form).await.location(), format!("{}/ket-qua", path(&attempt)));
    assert_eq!(browser.get(&path(&attempt)).await.location(), format!("{}/ket-qua", path(&attempt)));
    browser.get(&format!("{}/ket-qua", path(&attempt))).await.is(200).says("Bài đang được nộp");
    browser.get(&class.intro()).await.is(200).says("Đang nộp").says_not("Bắt đầu làm bài");
    class.app.later(TimeDelta::seconds(30));
    hand_in_overdue(&class).await;
    let ended = class.reread(attempt.id).await;
    assert_eq!(ended.submitted_at, Some(attempt.deadline_at));
    assert_eq!(ended.submitted_by, Some(SubmittedBy::Deadline));
    assert_eq!((ended.points_permille, ended.is_passed), (Some(1000), Some(true)));
    assert_eq!(class.completions().await, 1);
    let person = class.learner.id;
    let when: Moment = class
        .app
        .read(move |c| {
            Ok(completion_events::table
                .filter(completion_events::person_id.eq(person))
                .select(completion_events::occurred_at)
                .first(c)?)
        })
        .await;
    assert_eq!(when, attempt.deadline_at, "done at the deadline, not when the job came round");
    browser.get(&format!("{}/ket-qua", path(&attempt))).await.is(200).says("tự nộp khi hết giờ").says("Đạt");
}

#[actix_web::test]
async fn a_test_never_outlives_its_class() {
    let class = class("never", 3).await;
    // Ten minutes before 20/12/2026 is over in Viet Nam.
    let near_end = "2026-12-20T16:50:00Z".parse::<chrono::DateTime<Utc>>().unwrap();
    class.app.app.clock.set(near_end);
    let mut browser = class.browser().await;
    browser.get(&class.intro()).await.is(200).says("Lớp kết thúc lúc 23:59 20/12/2026");
    let attempt = class.start().await;
    // Handed in at the deadline it counts on the last day of the class, which ends at 24:00.
    assert_eq!(attempt.deadline_at, class.run.closes_at - TimeDelta::seconds(1));
    assert_eq!(local_day(attempt.deadline_at.0), class.run.last_day());
    class.app.later(TimeDelta::minutes(10));
    hand_in_overdue(&class).await;
    assert_eq!(class.reread(attempt.id).await.is_passed, Some(false));
    let (now, by, enrolment) = (class.app.app.now(), class.by(), class.enrolment);
    let over = class.tried(move |c| start(c, now, &by, enrolment, TEST)).await;
    assert_eq!(key(over.unwrap_err()), "learning-run-is-over");
    browser.get(&class.intro()).await.is(200).says("Lớp đã kết thúc").says_not("Làm lại bài");
}

#[actix_web::test]
async fn a_second_submission_changes_nothing() {
    let class = class("never", 3).await;
    let attempt = class.start().await;
    class.answer_all(&attempt).await;
    let first = class.submit(&attempt).await;
    assert_eq!((first.points_permille, first.submitted_by), (Some(1000), Some(SubmittedBy::Learner)));
    class.app.later(TimeDelta::minutes(3));
    let again = class.submit(&attempt).await;
    assert_eq!((again.submitted_at, again.points_permille), (first.submitted_at, first.points_permille));
    let late = class.save(&attempt, 1, Answer::Empty, 500).await;
    assert_eq!(key(late.unwrap_err()), "assessments-answer-submitted");
    let mut browser = class.browser().await;
    browser.post(&format!("{}/nop", path(&attempt)), &[]).await.is(303);
    assert_eq!(class.reread(attempt.id).await.submitted_at, first.submitted_at);
    assert_eq!(class.completions().await, 1, "one completion, whatever is pressed");
    let (now, by, enrolment) = (class.app.app.now(), class.by(), class.enrolment);
    let more = class.tried(move |c| start(c, now, &by, enrolment, TEST)).await;
    assert_eq!(key(more.unwrap_err()), "assessments-passed-already");
}

#[actix_web::test]
async fn ten_submissions_at_once_are_one() {
    let class = class("never", 3).await;
    let attempt = class.start().await;
    class.answer_all(&attempt).await;
    let now = class.app.app.now();
    let mut ends = Vec::new();
    for _ in 0..10 {
        let (db, by, id) = (class.app.app.db.clone(), class.by(), attempt.id);
        ends.push(actix_web::rt::spawn(
            async move { db.write("test", move |c| submit(c, now, &by, id, &OBSERVERS)).await },
        ));
    }
    let mut completions = 0;
    for end in ends {
        let submitted = end.await.unwrap().unwrap();
        assert_eq!(submitted.attempt.is_passed, Some(true));
        completions += usize::from(submitted.completion.is_some());
    }
    assert_eq!((completions, class.completions().await), (1, 1));
}

#[actix_web::test]
async fn no_more_attempts_than_allowed_and_one_at_a_time() {
    let class = class("never", 2).await;
    for number in 1..=2 {
        let now = class.app.app.now();
        let mut starts = Vec::new();
        for _ in 0..8 {
            let (db, by, enrolment) = (class.app.app.db.clone(), class.by(), class.enrolment);
            starts.push(actix_web::rt::spawn(async move {
                db.write("test", move |c| start(c, now, &by, enrolment, TEST)).await
            }));
        }
        let mut codes = std::collections::BTreeSet::new();
        let mut last = None;
        for begun in starts {
            let attempt = begun.await.unwrap().unwrap();
            assert_eq!(attempt.number, number);
            codes.insert(attempt.code.clone());
            last = Some(attempt);
        }
        assert_eq!(codes.len(), 1, "eight presses, one attempt");
        assert_eq!(class.submit(&last.unwrap()).await.is_passed, Some(false));
    }
    let (now, by, enrolment) = (class.app.app.now(), class.by(), class.enrolment);
    let third = class.tried(move |c| start(c, now, &by, enrolment, TEST)).await;
    assert_eq!(key(third.unwrap_err()), "assessments-no-attempts-left");
    let mut browser = class.browser().await;
    browser.get(&class.intro()).await.is(200).says("Đã làm đủ 2 lần").says("Không đạt, 0%");
    assert_eq!(browser.post(&class.intro(), &[]).await.location(), class.intro());
    assert_eq!(class.app.read(move |c| queries::attempts(c, enrolment, TEST)).await.len(), 2);
    assert_eq!(class.completions().await, 0);
}

#[actix_web::test]
async fn who_left_the_class_completes_nothing() {
    let class = class("never", 3).await;
    let attempt = class.start().await;
    class.answer_all(&attempt).await;
    let (now, by, enrolment) = (class.app.app.now(), class.by(), class.enrolment);
    class.app.write(move |c| withdraw(c, now, &by, enrolment)).await;
    class.app.later(TimeDelta::minutes(30));
    hand_in_overdue(&class).await;
    let ended = class.reread(attempt.id).await;
    assert_eq!((ended.is_passed, ended.submitted_by), (Some(true), Some(SubmittedBy::Deadline)));
    assert_eq!(class.completions().await, 0);
    // Back in the class with attempts left.
    let (now, person, run): (_, PersonId, _) = (class.app.app.now(), class.learner.id, class.run.id);
    class.app.write(move |c| enrol(c, now, &classes::as_person(person), run, person, &Entry::Open)).await;
    assert_eq!(class.start().await.number, 2);
    let standings = class.app.read(move |c| queries::for_run(c, enrolment)).await;
    assert_eq!(standings.iter().map(|standing| (standing.left(), standing.is_done)).collect::<Vec<_>>(), [(1, false)]);
}
