//! Sessions of a class and who attended them, through the pages: planned, told, written down, confirmed by somebody else, and counted.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use nongcot::{
    access::{Actor, PersonId, Role},
    accounts::model::Person,
    events::queries as events,
    learning::{
        actions::{self as learning, complete_item, open_lesson},
        model::{Enrolment, EnrolmentId, Entry, Run},
        queries,
    },
    notifications::queries as notices,
    platform::db::Moment,
    site, targets,
};
use reqwest::Method;

use crate::support::{self, Client, TestApp, classes, client::Reply};

mod correct;
mod reach;
mod road;
mod sheet;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";
const RUN: &str = "/lop/BH-01";
/// The first day of the tests is Monday 23/11/2026, 07:15 in Viet Nam.
const FIRST: &str = "23/11/2026";
const SECOND: &str = "24/11/2026";

struct World {
    app: TestApp,
    run: Run,
    /// Two who run the class, so that one can be the second person.
    one: Client,
    two: Client,
    /// Keeps the list of the site of P15.
    keeper: Client,
    keeper_id: PersonId,
    /// An and Ánh of P15, Xa of P24, with their enrolments.
    people: Vec<(Person, EnrolmentId)>,
}

fn at(text: &str) -> Moment {
    text.parse::<DateTime<Utc>>().unwrap().into()
}

/// A class of three that asks for so many of its sessions.
async fn world(needed: Option<i64>) -> World {
    let app = support::app().await;
    let one = app.person_as("Giảng viên Một", Role::Instructor, "BKHCN-2025").await;
    let two = app.person_as("Giảng viên Hai", Role::Instructor, "BKHCN-2025").await;
    let keeper = app.person("Người Giữ", "P15-2025").await;
    let now = app.app.now();
    let run = app
        .write(move |c| {
            let version = classes::bring_in(c, now, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một"))?;
            targets::actions::seed_definitions(c, &Actor::system(), now)?;
            targets::actions::seed_illustration(c, &Actor::system(), now, 20, &["KM-01"])?;
            let run = classes::run(c, now, "BH-01", version, "BKHCN-2025", ("2026-11-20", "2026-12-20"))?;
            learning::set_sessions_needed(c, now, &Actor::system(), run.id, needed)
        })
        .await;
    let mut people = Vec::new();
    for (name, unit) in [("Học viên An", "P15-2025"), ("Học viên Ánh", "P15-2025"), ("Học viên Xa", "P24-2025")]
    {
        let person = app.person(name, unit).await;
        let (run, id) = (run.id, person.id);
        let early = at("2026-11-20T01:00:00Z");
        let write = move |c: &mut _| learning::enrol(c, early, &classes::as_person(id), run, id, &Entry::Open);
        people.push((person, app.write(write).await.id()));
    }
    let (first, second, holder) = (app.sign_in(&one).await, app.sign_in(&two).await, app.sign_in(&keeper).await);
    World { run, one: first, two: second, keeper: holder, keeper_id: keeper.id, people, app }
}

/// What a manager types for a session whose first site is the organiser's own.
fn session<'a>(title: &'a str, day: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("title", title),
        ("kind", "both"),
        ("day", day),
        ("from", "08:00"),
        ("to", "11h30"),
        ("name", "Điểm cầu trung tâm"),
        ("unit", "BKHCN-2025"),
        ("place", "Phòng 1"),
        ("link", ""),
        ("keeper", "giang-vien-mot"),
    ]
}

fn province() -> Vec<(&'static str, &'static str)> {
    vec![
        ("name", "Điểm cầu tỉnh"),
        ("unit", "P15-2025"),
        ("place", ""),
        ("link", "https://hop.example.vn/mot"),
        ("keeper", "nguoi-giu"),
    ]
}

fn site(session: i32, site: i32) -> String {
    format!("{RUN}/buoi/{session}/diem-cau/{site}")
}

impl World {
    /// Plans a session with the two sites.
    async fn plan(&mut self, title: &str, day: &str) {
        let planned = self.one.post(&format!("{RUN}/buoi"), &session(title, day)).await;
        planned.is(303);
        self.one.post(&format!("{}/diem-cau", planned.location()), &province()).await.is(303);
    }

    /// Both lists written, everybody there, submitted and confirmed.
    async fn held(&mut self, number: i32) {
        for (place, is_keeper) in [(site(number, 1), false), (site(number, 2), true)] {
            let writer = if is_keeper { &mut self.keeper } else { &mut self.one };
            writer.post(&place, &[("action", "rest")]).await.is(303);
            writer.post(&place, &[("action", "submit")]).await.is(303);
            self.two.post(&format!("{place}/xac-nhan"), &[]).await.is(303);
        }
    }

    /// All lessons read at an honest pace, before the first session.
    async fn reads(&self, enrolment: EnrolmentId) {
        self.app
            .write(move |c| {
                let by = Actor::system();
                let mut at = at("2026-11-20T02:00:00Z");
                for key in ["km-01-mot", "km-01-hai"] {
                    open_lesson(c, at, enrolment, key)?;
                    at = at + TimeDelta::minutes(30);
                    complete_item(c, at, &by, enrolment, key, &site::OBSERVERS)?;
                }
                Ok(())
            })
            .await;
    }

    async fn enrolment(&self, id: EnrolmentId) -> Enrolment {
        self.app.read(move |c| queries::enrolment(c, id)).await.0
    }

    async fn counted(&self) -> i64 {
        let figure = |c: &mut _| {
            let target = targets::queries::by_code(c, "minh-hoa-2026")?;
            Ok(targets::queries::split(c, target.id, target.period(), &targets::queries::Scope::Nation)?.total.turns)
        };
        self.app.read(figure).await
    }

    async fn agrees(&self) {
        for (name, check) in site::checks() {
            let faults = self.app.read(check).await;
            assert_eq!(faults, Vec::<String>::new(), "{name}");
        }
    }

    async fn told(&self, person: PersonId, key: &'static str) -> usize {
        let all = self.app.read(move |c| notices::inbox(c, person, None, 100)).await;
        all.iter().filter(|notice| notice.message.key == key).count()
    }

    async fn later(&self, hours: i64) {
        self.app.later(TimeDelta::hours(hours));
    }
}

/// A form with a file, as a browser sends it.
async fn send(browser: &mut Client, path: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Reply {
    let token = browser.token().await;
    let mut body = Vec::new();
    for (field, value) in [("_csrf", token.as_str())].iter().chain(fields) {
        body.extend(format!("--vach\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
    }
    let (name, bytes) = file.unwrap_or(("", b""));
    let head = format!("--vach\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n");
    body.extend(head.bytes());
    body.extend(b"Content-Type: application/octet-stream\r\n\r\n");
    body.extend(bytes);
    body.extend(b"\r\n--vach--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=vach"), ("sec-fetch-site", "same-origin")];
    browser.send(Method::POST, path, &headers, Some(body)).await
}

/// The marks of a page, by the codes of the people.
fn marks<'a>(fields: &'a BTreeMap<String, &'a str>, action: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (name.as_str(), *value)).chain([("action", action)]).collect()
}

fn mark(person: &Person) -> String {
    format!("m-{}", person.code)
}
