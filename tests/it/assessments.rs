//! Tests of a class run: papers, answers, deadlines, submission and results, through the pages and beside them.

use std::collections::BTreeMap;

use chrono::{TimeDelta, Utc};
use diesel::prelude::*;
use nongcot::{
    access::PersonId,
    accounts::model::Person,
    assessments::{
        actions::{save_answer, start, submit},
        model::{Attempt, AttemptId, Sent, SubmittedBy},
        queries,
    },
    courses::{edition::Edition, package::check_files, queries as courses},
    learning::{
        actions::{enrol, withdraw},
        model::{EnrolmentId, Entry, Observers, Run},
    },
    platform::{
        db::{Moment, schema::completion_events},
        error::{Error, Result},
        jobs,
    },
    questions::model::{Answer, Item},
    site::OBSERVERS,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::json;

use crate::support::{self, Client, TestApp, classes};

const TEST: &str = "km-kiem-tra";
/// What the author says to answers, and nothing else in the course does.
const SECRETS: [&str; 3] = ["Phải rồi", "Chưa phải", "Tính lại cho chắc"];

/// A course whose one requirement is a test with a question of every kind.
fn edition(show_key: &str, attempts: u32) -> Edition {
    let head = "code = \"KM-09\"\nslug = \"kiem-tra\"\nperiods = 1\naudience = [\"technology\"]\nprerequisites = []\ncertificate = \"completion\"\n\
                legal_review = 2026-11-21\nlicence = \"CC-BY-4.0\"\nauthors = [\"Tổ biên soạn Minh họa\"]\nobjectives = [\"Nêu được một ví dụ\"]\n\
                [title]\nvi = \"Khóa có bài kiểm tra\"\nen = \"A course with a test\"\n[summary]\nvi = \"Khóa học minh họa.\"\nen = \"Illustration.\"\n\
                [completion]\nrequired = [\"km-kiem-tra\"]\n";
    let test = format!(
        "[[assessment]]\nid = \"{TEST}\"\ntitle = \"Bài kiểm tra minh họa\"\nkind = \"final\"\nminutes = 20\nattempts = {attempts}\n\
         pass_percent = 50\nshow_key = \"{show_key}\"\n[[assessment.draw]]\ntopic = \"mau\"\ncount = 6\n"
    );
    let bank = "// id: km-q-mot\nMột cộng một? {\n=hai#Phải rồi, là hai.\n~ba#Chưa phải.\n~bốn\n####Tính lại cho chắc.\n}\n\n\
                // id: km-q-nhieu\nSố nào chẵn? {\n~%50%hai mươi\n~%50%bốn mươi\n~%-100%ba mươi mốt\n}\n\n\
                // id: km-q-dung\nBa là số lẻ. {T}\n\n\
                // id: km-q-ngan\nViết chữ số mười hai. {=12 =mười hai}\n\n\
                // id: km-q-so\nMột trăm cộng không? {#100:1}\n\n\
                // id: km-q-ghep\nGhép phiên bản với năm {=1.0 -> 2015 =2.0 -> 2019 = -> 2030}\n";
    let lesson = "+++\nid = \"km-bai\"\ntitle = \"Bài\"\nreviewed = 2026-11-21\n+++\n## Mục\n\nMột bài ngắn.\n";
    let files = [
        ("course.toml", head.to_owned()),
        ("sources.toml", String::new()),
        ("assessments.toml", test),
        ("bank/mau.gift", bank.to_owned()),
        ("01-mo-dau/module.toml", "id = \"km-m1\"\ntitle = \"Mở đầu\"\naim = \"Biết bắt đầu từ đâu.\"\n".to_owned()),
        ("01-mo-dau/01-bai.md", lesson.to_owned()),
    ]
    .map(|(path, text)| (path.to_owned(), text.into_bytes()))
    .into();
    let checked = check_files(&files);
    Edition::of(checked.package.unwrap_or_else(|| panic!("{:#?}", checked.faults)))
}

/// A class with a test and one learner in it.
struct Class {
    app: TestApp,
    run: Run,
    learner: Person,
    enrolment: EnrolmentId,
    items: BTreeMap<String, Item>,
}

async fn class(show_key: &'static str, attempts: u32) -> Class {
    let app = support::app().await;
    let learner = app.person("Học viên Minh họa", "P01").await;
    let (now, person) = (app.app.now(), learner.id);
    let (run, enrolment, items) = app
        .write(move |c| {
            let version = classes::bring_in(c, now, &edition(show_key, attempts))?;
            let run = classes::run(c, now, "KM-09-01", version, "BKHCN-2025", ("2026-11-20", "2026-12-20"))?;
            let enrolment = enrol(c, now, &classes::as_person(person), run.id, person, &Entry::Open)?.id();
            let items = courses::bank(c, version)?.into_iter().map(|item| (item.id.clone(), item)).collect();
            Ok((run, enrolment, items))
        })
        .await;
    Class { app, run, learner, enrolment, items }
}

impl Class {
    fn by(&self) -> nongcot::access::Actor {
        classes::as_person(self.learner.id)
    }

    async fn start(&self) -> Attempt {
        let (now, by, enrolment) = (self.app.app.now(), self.by(), self.enrolment);
        self.app.write(move |c| start(c, now, &by, enrolment, TEST)).await
    }

    async fn tried<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut nongcot::platform::db::DbConn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.app.app.db.write("test", f).await
    }

    async fn save(&self, attempt: &Attempt, position: i32, answer: Answer, sequence: i64) -> Result<i64> {
        let (now, id) = (self.app.app.now(), attempt.id);
        let sent = Sent { position, answer, sequence };
        self.tried(move |c| save_answer(c, now, id, &sent).map(|kept| kept.sequence)).await
    }

    async fn submit(&self, attempt: &Attempt) -> Attempt {
        let (now, by, id) = (self.app.app.now(), self.by(), attempt.id);
        self.app.write(move |c| submit(c, now, &by, id, &OBSERVERS).map(|submitted| submitted.attempt)).await
    }

    async fn reread(&self, id: AttemptId) -> Attempt {
        self.app.read(move |c| queries::attempt(c, id)).await
    }

    /// The right answers of a paper, by position.
    fn right(&self, attempt: &Attempt) -> Vec<(i32, Answer)> {
        let paper = attempt.paper().unwrap();
        paper.numbered().map(|(position, question)| (position, self.items[&question.item].right_answer())).collect()
    }

    fn position(&self, attempt: &Attempt, item: &str) -> i32 {
        attempt.paper().unwrap().numbered().find(|(_, question)| question.item == item).unwrap().0
    }

    async fn answer_all(&self, attempt: &Attempt) {
        for (position, answer) in self.right(attempt) {
            self.save(attempt, position, answer, 1).await.unwrap();
        }
    }

    async fn completions(&self) -> i64 {
        let person = self.learner.id;
        self.app
            .read(move |c| {
                Ok(completion_events::table.filter(completion_events::person_id.eq(person)).count().get_result(c)?)
            })
            .await
    }

    async fn browser(&self) -> Client {
        self.app.sign_in(&self.learner).await
    }

    fn intro(&self) -> String {
        format!("/lop/{}/kiem-tra/{TEST}", self.run.code)
    }
}

fn key(error: Error) -> String {
    match error {
        Error::Refused(message) => message.key.into_owned(),
        Error::Invalid(errors) => errors.0.into_iter().map(|(_, message)| message.key.into_owned()).collect(),
        other => other.to_string(),
    }
}

fn path(attempt: &Attempt) -> String {
    format!("/bai-lam/{}", attempt.code)
}

/// The form of the paper as a browser without scripts fills it in with these answers.
fn form(answers: &[(i32, Answer)], sequence: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for (position, answer) in answers {
        let name = format!("q{position}");
        fields.push((format!("seq{position}"), sequence.to_owned()));
        match answer {
            Answer::Empty => {}
            Answer::Choice { option } => fields.push((name, option.clone())),
            Answer::Choices { options } => fields.extend(options.iter().map(|id| (name.clone(), id.clone()))),
            Answer::TrueFalse { value } => fields.push((name, value.to_string())),
            Answer::Text { text } | Answer::Number { text } => fields.push((name, text.clone())),
            Answer::Matching { pairs } => {
                fields.extend(pairs.iter().map(|(left, right)| (format!("{name}-{left}"), right.clone())));
            }
        }
    }
    fields
}

async fn post(browser: &mut Client, path: &str, fields: &[(String, String)]) -> support::Reply {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &fields).await
}

#[actix_web::test]
async fn a_test_is_taken_without_a_script() {
    let class = class("never", 3).await;
    let mut browser = class.browser().await;
    browser
        .get(&class.intro())
        .await
        .is(200)
        .says("Bài kiểm tra minh họa")
        .says("6 câu")
        .says("20 phút")
        .says("còn 3/3 lần");
    let begun = browser.post(&class.intro(), &[]).await;
    begun.is(303);
    let sheet = begun.location();
    let attempt = class.app.read(move |c| queries::by_code(c, sheet.trim_start_matches("/bai-lam/"))).await;
    // Pressed twice: the same attempt.
    assert_eq!(browser.post(&class.intro(), &[]).await.location(), path(&attempt));
    browser.get(&path(&attempt)).await.is(200).says("Hết giờ lúc 07:35:00").says("Đã trả lời 0/6 câu");
    let mut answers = class.right(&attempt);
    let left_out = answers.pop().unwrap();
    let saved = post(&mut browser, &path(&attempt), &form(&answers, "0")).await;
    assert_eq!((saved.status, saved.location()), (303, path(&attempt)));
    browser
        .get(&path(&attempt))
        .await
        .is(200)
        .says("Đã trả lời 5/6 câu")
        .says("Đã lưu 07:15:00")
        .says("Đã lưu bài lúc 07:15:00");
    let mut fields = form(&answers, "1");
    fields.push(("action".to_owned(), "submit".to_owned()));
    let end = post(&mut browser, &path(&attempt), &fields).await;
    assert_eq!(end.location(), format!("{}/nop", path(&attempt)));
    let item = &attempt.paper().unwrap().question(left_out.0).unwrap().item.clone();
    browser.get(&end.location()).await.is(200).says("Còn 1/6 câu chưa trả lời").says(&format!("#cau-hoi-{item}"));
    assert!(class.reread(attempt.id).await.submitted_at.is_none());
    let result = browser.post(&end.location(), &[]).await;
    assert_eq!(result.location(), format!("{}/ket-qua", path(&attempt)));
    browser.get(&result.location()).await.is(200).says("Đạt").says("83,3%").says("5/6 câu").says("Đã hoàn thành lớp");
    browser.get(&class.intro()).await.is(200).says("Đạt, 83,3%").says("Đã đạt bài kiểm tra này");
    assert_eq!(class.completions().await, 1);
}

#[actix_web::test]
async fn an_answer_of_a_stale_form_does_not_replace_a_newer_one() {
    let class = class("never", 3).await;
    let attempt = class.start().await;
    let position = class.position(&attempt, "km-q-ngan");
    let text = |text: &str| Answer::Text { text: text.to_owned() };
    class.save(&attempt, position, text("mới"), 50).await.unwrap();
    let mut browser = class.browser().await;
    post(&mut browser, &path(&attempt), &form(&[(position, text("cũ"))], "3")).await.is(303);
    browser.get(&path(&attempt)).await.says("value=\"mới\"").says_not("value=\"cũ\"");
    post(&mut browser, &path(&attempt), &form(&[(position, text("mới hơn"))], "50")).await.is(303);
    browser.get(&path(&attempt)).await.says("value=\"mới hơn\"");
}

#[actix_web::test]
async fn the_key_stays_on_the_server_until_it_may_leave() {
    for (show_key, at_once, after_closing) in
        [("never", false, false), ("after-closing", false, true), ("after-submit", true, true)]
    {
        let class = class(show_key, 3).await;
        let mut browser = class.browser().await;
        let attempt = class.start().await;
        let clean = |page: &support::Reply| {
            for secret in SECRETS {
                page.says_not(secret);
            }
            page.says_not("option-right").says_not("weight").says_not("notice-good");
        };
        clean(browser.get(&path(&attempt)).await.is(200));
        for (position, answer) in class.right(&attempt) {
            let sent = json!({ "position": position, "answer": answer, "sequence": 7 });
            let reply = browser.post_json(&format!("{}/tra-loi", path(&attempt)), &sent).await;
            let said: serde_json::Value = serde_json::from_slice(&reply.is(200).bytes).unwrap();
            let names: Vec<&String> = said.as_object().unwrap().keys().collect();
            assert_eq!(names, ["now", "position", "saved", "sequence"], "{said}");
        }
        clean(browser.get(&path(&attempt)).await.is(200).says("Đã trả lời 6/6"));
        clean(browser.get(&format!("{}/nop", path(&attempt))).await.is(200));
        let result = format!("{}/ket-qua", path(&attempt));
        assert_eq!(browser.get(&result).await.location(), path(&attempt), "no result before the end");
        class.submit(&attempt).await;
        let shown = |page: &support::Reply, expected: bool| {
            assert_eq!(page.is(200).text().contains("Tính lại cho chắc"), expected, "{show_key}\n{}", page.text());
            assert_eq!(page.text().contains("option-right"), expected, "{show_key}");
        };
        shown(&browser.get(&result).await, at_once);
        class.app.later(TimeDelta::days(40));
        let mut later = class.browser().await;
        shown(&later.get(&result).await, after_closing);
    }
}

#[actix_web::test]
async fn another_learners_attempt_does_not_exist() {
    let class = class("after-submit", 3).await;
    let attempt = class.start().await;
    let other = class.app.person("Học viên Khác", "P01").await;
    let (now, run, id) = (class.app.app.now(), class.run.id, other.id);
    // In the same class, and still nothing of hers.
    class.app.write(move |c| enrol(c, now, &classes::as_person(id), run, id, &Entry::Open)).await;
    let mut browser = class.app.sign_in(&other).await;
    let base = path(&attempt);
    for page in ["", "/nop", "/ket-qua"] {
        browser.get(&format!("{base}{page}")).await.is(404);
    }
    for page in ["", "/nop"] {
        browser.post(&format!("{base}{page}"), &[("q1", "x")]).await.is(404);
    }
    let sent = json!({ "position": 1, "answer": { "type": "empty" }, "sequence": 1 });
    browser.post_json(&format!("{base}/tra-loi"), &sent).await.is(404);
    browser.get("/bai-lam/khong-co").await.is(404);
    let mut stranger = class.app.visitor();
    stranger.post_json(&format!("{base}/tra-loi"), &sent).await.is(401);
    let outside = class.app.person("Người Ngoài Lớp", "P01").await;
    let mut outsider = class.app.sign_in(&outside).await;
    outsider.get(&class.intro()).await.is(404);
    outsider.post(&class.intro(), &[]).await.is(404);
    browser.get(&format!("/lop/{}/kiem-tra/km-khac", class.run.code)).await.is(404);
    assert!(class.reread(attempt.id).await.submitted_at.is_none());
    assert!(class.app.read(move |c| queries::answers(c, attempt.id)).await.is_empty());
    // Who left the class finds no tests of it any more.
    let (by, enrolment) = (class.by(), class.enrolment);
    class.app.write(move |c| withdraw(c, now, &by, enrolment)).await;
    class.browser().await.get(&base).await.is(404);
}

#[actix_web::test]
async fn answers_only_go_forward() {
    let class = class("never", 3).await;
    let attempt = class.start().await;
    let position = class.position(&attempt, "km-q-ngan");
    let mut runner = TestRunner::deterministic();
    for round in 0..12_i64 {
        let base = round * 100;
        let orders = Just((1..=9_i64).collect::<Vec<_>>()).prop_shuffle();
        let order = orders.new_tree(&mut runner).unwrap().current();
        let mut highest = 0;
        for sequence in order {
            highest = highest.max(sequence);
            let text = format!("lần {}", base + sequence);
            let kept = class.save(&attempt, position, Answer::Text { text }, base + sequence).await.unwrap();
            assert_eq!(kept, base + highest);
        }
        let kept = class.app.read(move |c| queries::answers(c, attempt.id)).await;
        assert_eq!(kept[&position].0, Answer::Text { text: format!("lần {}", base + 9) });
    }
    // The same once more, as after an acknowledgement that got lost, and another answer under the same number.
    let kept = class.save(&attempt, position, Answer::Text { text: "khác".to_owned() }, 1109).await.unwrap();
    assert_eq!(kept, 1109);
    let kept = class.app.read(move |c| queries::answers(c, attempt.id)).await;
    assert_eq!(kept[&position].0, Answer::Text { text: "lần 1109".to_owned() });
}

#[actix_web::test]
async fn thirty_saves_at_once_all_count() {
    let class = class("never", 3).await;
    let attempt = class.start().await;
    let now = class.app.app.now();
    let right = class.right(&attempt);
    let mut saves = Vec::new();
    for sequence in 1..=5_i64 {
        for (position, answer) in &right {
            let answer = if sequence == 5 { answer.clone() } else { Answer::Empty };
            let sent = Sent { position: *position, answer, sequence };
            let (db, id) = (class.app.app.db.clone(), attempt.id);
            saves.push(actix_web::rt::spawn(
                async move { db.write("test", move |c| save_answer(c, now, id, &sent)).await },
            ));
        }
    }
    assert_eq!(saves.len(), 30);
    for save in saves {
        save.await.unwrap().unwrap();
    }
    let kept = class.app.read({
        let id = attempt.id;
        move |c| queries::answers(c, id)
    });
    assert!(kept.await.values().all(|(_, kept)| kept.sequence == 5));
    assert_eq!(class.submit(&attempt).await.points_permille, Some(1000));
}

/// Whoever was told "saved" is graded for it, whatever order the database chose.
#[actix_web::test]
async fn what_was_acknowledged_beside_the_submission_is_graded() {
    let class = class("never", 12).await;
    for _ in 0..6 {
        let attempt = class.start().await;
        let (now, by) = (class.app.app.now(), class.by());
        let mut saves = Vec::new();
        for (position, answer) in class.right(&attempt).into_iter().take(2) {
            let sent = Sent { position, answer, sequence: 1 };
            let (db, id) = (class.app.app.db.clone(), attempt.id);
            saves.push(actix_web::rt::spawn(
                async move { db.write("test", move |c| save_answer(c, now, id, &sent)).await },
            ));
        }
        let (db, id) = (class.app.app.db.clone(), attempt.id);
        let end =
            actix_web::rt::spawn(
                async move { db.write("test", move |c| submit(c, now, &by, id, &Observers::NONE)).await },
            );
        let mut acknowledged = 0;
        for save in saves {
            match save.await.unwrap() {
                Ok(_) => acknowledged += 1,
                Err(error) => assert_eq!(key(error), "assessments-answer-submitted"),
            }
        }
        let attempt = end.await.unwrap().unwrap().attempt;
        assert_eq!(attempt.points_permille, Some(acknowledged * 1000 / 6));
    }
}

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

/// What the worker does every five seconds.
async fn hand_in_overdue(class: &Class) {
    let now = class.app.app.now();
    class.app.write(move |c| jobs::enqueue(c, now, &nongcot::assessments::jobs::SubmitOverdue {})).await;
    assert!(class.app.run_jobs().await >= 1);
}

#[actix_web::test]
async fn a_test_never_outlives_its_class() {
    let class = class("never", 3).await;
    // Ten minutes before 20/12/2026 is over in Viet Nam.
    let near_end = "2026-12-20T16:50:00Z".parse::<chrono::DateTime<Utc>>().unwrap();
    class.app.app.clock.set(near_end);
    let mut browser = class.browser().await;
    browser.get(&class.intro()).await.is(200).says("Lớp kết thúc lúc 00:00 21/12/2026");
    let attempt = class.start().await;
    assert_eq!(attempt.deadline_at, class.run.closes_at);
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
async fn what_is_no_answer_is_refused_and_not_kept() {
    let class = class("never", 3).await;
    let attempt = class.start().await;
    let mut browser = class.browser().await;
    let address = format!("{}/tra-loi", path(&attempt));
    let choice = class.position(&attempt, "km-q-mot");
    let typed = class.position(&attempt, "km-q-ngan");
    let long = "a".repeat(501);
    for sent in [
        json!({ "position": 0, "answer": { "type": "empty" }, "sequence": 1 }),
        json!({ "position": 7, "answer": { "type": "empty" }, "sequence": 1 }),
        json!({ "position": choice, "answer": { "type": "choice", "option": "khong-co" }, "sequence": 1 }),
        json!({ "position": choice, "answer": { "type": "text", "text": "hai" }, "sequence": 1 }),
        json!({ "position": typed, "answer": { "type": "text", "text": long }, "sequence": 1 }),
        json!({ "position": typed, "answer": { "type": "text", "text": "12" }, "sequence": 0 }),
        json!({ "position": typed, "answer": { "type": "text", "text": "12" }, "sequence": i64::MAX }),
    ] {
        browser.post_json(&address, &sent).await.is(422).says("không hợp với câu hỏi");
    }
    browser.post_json(&address, &json!({ "position": "một" })).await.is(400);
    let forged = [("content-type", "application/json"), ("accept", "application/json"), ("x-csrf-token", "AAAA")];
    let body = json!({ "position": typed, "answer": { "type": "text", "text": "12" }, "sequence": 1 }).to_string();
    browser.send(reqwest::Method::POST, &address, &forged, Some(body.into_bytes())).await.is(400);
    assert!(class.app.read(move |c| queries::answers(c, attempt.id)).await.is_empty());
}

#[actix_web::test]
async fn a_test_goes_on_after_a_restart() {
    let mut class = class("never", 3).await;
    let attempt = class.start().await;
    let before = class.browser().await.get(&path(&attempt)).await;
    class.answer_all(&attempt).await;
    class.app.later(TimeDelta::minutes(5));
    class.app = class.app.restarted().await;
    let mut elsewhere = class.browser().await;
    let after = elsewhere.get(&path(&attempt)).await;
    after.is(200).says("Đã trả lời 6/6 câu").says("Đã lưu 07:15:00").says("Hết giờ lúc 07:35:00");
    let order = |page: &support::Reply| -> Vec<String> {
        let text = page.text();
        text.split("value=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|v| v.len() == 12)
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(order(&before), order(&after), "the same questions and options in the same order");
    assert_eq!(class.submit(&attempt).await.points_permille, Some(1000));
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
