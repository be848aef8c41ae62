//! Two agencies with the same kinds of records, filled by the same function: every text of one that is its own affair carries a word
//! that stands nowhere else, and so do its codes where a code can.

use chrono::{NaiveDate, TimeDelta};
use nongcot::{
    access::{Actor, Category, PersonId, Role},
    accounts::{
        actions::{create_person, grant_role, join_unit},
        model::{NewMembership, NewPerson, Person, token::Resource},
    },
    courses::{self, model::VersionId},
    learning::{
        self,
        actions::NewRun,
        model::{EnrolmentMode, Entry, Run},
    },
    site,
    targets::model::{Days, NewOutside},
};
use reqwest::Method;

use crate::{
    nominations, quotas,
    support::{Client, Reply, TestApp, classes, unit_id},
};

/// One of the two agencies.
#[derive(Debug, Clone, Copy)]
pub struct Agency {
    pub unit: &'static str,
    /// Stands in every text of its own.
    pub word: &'static str,
    pub phone: &'static str,
    pub class: &'static str,
}

pub const A: Agency = Agency { unit: "P15-2025", word: "Kanari", phone: "0912000111", class: "LOP-MOT" };
pub const B: Agency = Agency { unit: "P24-2025", word: "Sonca", phone: "0912000222", class: "LOP-HAI" };

impl Agency {
    /// What may stand in nothing that another agency sees.
    pub fn canaries(self) -> [String; 3] {
        let number = self.phone.trim_start_matches('0');
        let spaced = format!("{} {} {}", &number[..3], &number[3..6], &number[6..]);
        [self.word.to_lowercase(), number.to_owned(), spaced]
    }
}

/// What both share: a course, the definitions, the rounds with seats for both; and the class of each, which is a notice to
/// everybody who is signed in.
pub struct Common {
    pub version: VersionId,
}

pub async fn common(app: &TestApp) -> Common {
    let now = app.app.now();
    let coordinator = app.person_as("Điều phối viên", Role::Coordinator, "CDSQG").await;
    let by = classes::as_person(coordinator.id);
    app.write(move |c| {
        nongcot::targets::actions::seed_definitions(c, &Actor::system(), now)?;
        let version = classes::bring_in(c, now, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một"))?;
        nongcot::targets::actions::seed_illustration(c, &Actor::system(), now, 20, &["KM-01"])?;
        let round = nongcot::targets::actions::quotas::open_round(c, &by, now, &quotas::round_of("dot-1", 100))?;
        quotas::give(c, &by, round.id, None, &[(A.unit, 10), (B.unit, 10)])?;
        nominations::round(c, now, &by, "dot-mot", None, &[(A.unit, 5), (B.unit, 5)])?;
        for agency in [A, B] {
            let new = NewRun {
                code: agency.class.to_owned(),
                version,
                unit: unit_id(c, agency.unit)?,
                title: String::new(),
                opens_at: now - TimeDelta::days(10),
                closes_at: now + TimeDelta::days(10),
                capacity: None,
                enrolment: EnrolmentMode::List,
                decision: None,
            };
            learning::actions::open_run(c, now - TimeDelta::days(10), &by, &new)?;
        }
        Ok(Common { version })
    })
    .await
}

/// The people of an agency at their browsers.
pub struct Desk {
    pub browsers: Vec<(&'static str, Client)>,
    /// Of the officer, for the interface of other programs.
    pub token: String,
}

/// Fills an agency.
pub async fn fill(app: &TestApp, common: &Common, agency: Agency) -> Desk {
    let (officer, teacher, learner) = people(app, agency).await;
    let (mut at_officer, mut at_teacher) = (app.sign_in(&officer).await, app.sign_in(&teacher).await);
    let at_learner = app.sign_in(&learner).await;
    study(app, common, agency, learner.id).await;
    app.run_jobs().await;

    let word = agency.word;
    let file = format!("Tài liệu {word}.pdf");
    let path = format!("/lop/{}/tai-lieu", agency.class);
    upload(&mut at_teacher, &path, &[("title", &format!("Tài liệu {word}"))], &file).await.is(303);

    let rows = format!(
        "Họ tên\tChức vụ\tNhóm\tEmail\nNgười Mới {word}\tChuyên viên {word}\tkhác\tmoi.{word}@example.gov.vn\n"
    );
    crate::imports::paste(&mut at_officer, agency.unit, &rows).await;

    let (now, by, person) = (app.app.now(), classes::as_person(officer.id), learner.id);
    app.write(move |c| {
        let (round, quota, _) = nongcot::programmes::queries::place(c, "dot-mot", agency.unit)?;
        nongcot::programmes::actions::nominate(c, &by, now, &round, &quota, person)?;
        let new = NewOutside {
            course: courses::queries::by_code(c, "KM-01")?.expect("a course").0,
            organiser: unit_id(c, agency.unit)?,
            days: Days { from: day(5), to: day(7) },
            decision: format!("Quyết định {word}"),
            people: vec![person],
        };
        nongcot::targets::actions::enter_outside(c, &by, now, &new)
    })
    .await;
    let letter = [("number", format!("12/CV-{word}")), ("dated", "20/11/2026".to_owned())];
    let letter: Vec<(&str, &str)> = letter.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let path = format!("/de-cu/dot-mot/{}/trinh", agency.unit);
    upload(&mut at_officer, &path, &letter, &format!("cong-van-{word}.pdf")).await.is(303);

    // Asks for more seats, with a reason of its own.
    let reason = format!("Lý do {word}");
    let answer = [("answer", "ask"), ("asked", "12"), ("reason", reason.as_str())];
    at_officer.post(&format!("/phan-bo/dot-1/{}/tra-loi", agency.unit), &answer).await.is(303);
    let token = crate::api::token_of(app, &officer, Some(agency.unit), Resource::ALL).await;
    app.run_jobs().await;
    Desk {
        browsers: vec![("cán bộ đào tạo", at_officer), ("giảng viên", at_teacher), ("học viên", at_learner)], token
    }
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, day).expect("a day")
}

async fn people(app: &TestApp, agency: Agency) -> (Person, Person, Person) {
    let now = app.app.now();
    app.write(move |c| {
        let unit = unit_id(c, agency.unit)?;
        let mut made = Vec::new();
        for (label, role) in
            [("Cán bộ", Some(Role::Officer)), ("Giảng viên", Some(Role::Instructor)), ("Học viên", None)]
        {
            let mut new = NewPerson::named(&format!("{label} {}", agency.word));
            new.email = Some(format!(
                "{}.{}@example.gov.vn",
                nongcot::platform::text::slugify(label),
                agency.word.to_lowercase()
            ));
            if role.is_none() {
                new.phone = nongcot::platform::text::phone(agency.phone);
                new.staff_code = Some(format!("MA-{}", agency.word));
                new.user_name = Some(format!("hv-{}", agency.word.to_lowercase()));
            }
            let person = create_person(c, &Actor::system(), now, &new)?;
            let membership = NewMembership {
                unit,
                position: format!("Chuyên viên {}", agency.word),
                category: Category::Other,
                from: NaiveDate::from_ymd_opt(2020, 1, 1).expect("a day"),
            };
            join_unit(c, &Actor::system(), now, person.id, &membership)?;
            if let Some(role) = role {
                grant_role(c, &Actor::system(), now, person.id, role, Some(unit))?;
            }
            made.push(person);
        }
        let [officer, teacher, learner] = made.try_into().expect("three people");
        Ok((officer, teacher, learner))
    })
    .await
}

/// The learner is in the class and completes it.
async fn study(app: &TestApp, common: &Common, agency: Agency, learner: PersonId) {
    let (now, version) = (app.app.now(), common.version);
    app.write(move |c| {
        let by = Actor::system();
        let run: Run = learning::queries::run_by_code(c, agency.class)?;
        let begun = now - TimeDelta::days(9);
        let enrolment = learning::actions::enrol(c, begun, &by, run.id, learner, &Entry::Listed)?.id();
        let outline = courses::queries::outline(c, version)?;
        let mut at = begun;
        for lesson in outline.lessons() {
            learning::actions::open_lesson(c, at, enrolment, &lesson.key)?;
            at = at + TimeDelta::hours(2);
            learning::actions::complete_item(c, at, &by, enrolment, &lesson.key, &site::OBSERVERS)?;
        }
        assert!(learning::queries::completion_of(c, enrolment)?.is_some(), "the class was not completed");
        Ok(())
    })
    .await;
}

/// Sends fields and a file as a form does.
pub async fn upload(browser: &mut Client, path: &str, fields: &[(&str, &str)], name: &str) -> Reply {
    let token = browser.token().await;
    let mut body = Vec::new();
    for (field, value) in [("_csrf", token.as_str())].iter().chain(fields) {
        body.extend(format!("--vach\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
    }
    let head = "Content-Disposition: form-data; name=\"file\"; filename=";
    body.extend(format!("--vach\r\n{head}\"{name}\"\r\nContent-Type: application/pdf\r\n\r\n").bytes());
    body.extend(nominations::PDF);
    body.extend(b"\r\n--vach--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=vach")];
    browser.send(Method::POST, path, &headers, Some(body)).await
}
