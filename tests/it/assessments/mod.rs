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

mod answers;
mod end;
mod gate;
mod items;
mod sheet;

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
    class_of(edition(show_key, attempts)).await
}

async fn class_of(edition: Edition) -> Class {
    let app = support::app().await;
    let learner = app.person("Học viên Minh họa", "P01").await;
    let (now, person) = (app.app.now(), learner.id);
    let (run, enrolment, items) = app
        .write(move |c| {
            let version = classes::bring_in(c, now, &edition)?;
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

/// What the worker does every five seconds.
async fn hand_in_overdue(class: &Class) {
    let now = class.app.app.now();
    class.app.write(move |c| jobs::enqueue(c, now, &nongcot::assessments::jobs::SubmitOverdue {})).await;
    assert!(class.app.run_jobs().await >= 1);
}
