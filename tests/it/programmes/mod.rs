//! Programmes: from the nomination to a recognition in effect, and to its end; who fills which post; who sees whom.

mod coverage;
mod limits;
mod road;
mod sides;

use chrono::TimeDelta;
use nongcot::{
    access::{Actor, Category, PersonId, Role},
    accounts::{
        actions as accounts,
        model::{NewMembership, NewPerson, Person},
    },
    learning::{
        self,
        model::{Completion, EnrolmentMode, Entry, Run},
    },
    organisations::model::UnitKind,
    platform::{
        db::DbConn,
        error::Result,
        files::{Limits, MediaType},
        text,
    },
    programmes::{
        actions::{self, NewLetter, programmes as write, recognise},
        jobs,
        model::programme::{Cohort, Deed, Delivery, Member, MemberId, NewCohort, Programme, Stage, Terms},
        queries::{self, members, programmes},
    },
    site,
};
use reqwest::Method;

use crate::support::{self, Client, Reply, TestApp, classes, unit_id};

pub const A: &str = "P15-2025";
pub const B: &str = "P24-2025";
pub const PROGRAMME: &str = "nong-cot-thu";
pub const ROUND: &str = "dot-thu";
pub const AT: &str = "/chuong-trinh/nong-cot-thu";

/// A programme that asks for all of KM-01 and at least one of KM-02 and KM-03, with a cohort of a nomination round.
pub struct World {
    pub app: TestApp,
    pub coordinator: Person,
    pub programme: Programme,
    pub cohort: Cohort,
    /// The classes of KM-01, KM-02 and KM-03.
    pub runs: Vec<Run>,
}

pub fn terms(cap: i64) -> Terms {
    Terms {
        title_vi: "Chuyên gia nòng cốt (thử)".to_owned(),
        title_en: "Core experts (a test)".to_owned(),
        document_number: "01/QĐ-MH".to_owned(),
        document_date: None,
        document_issuer: "Bộ Minh họa".to_owned(),
        document_subject: String::new(),
        cap,
        period_from: "2026-01-01".parse().expect("a day"),
        period_to: None,
        validity_months: Some(12),
        notice_days: 60,
    }
}

pub async fn world(cap: i64, seats: &'static [(&'static str, i64)]) -> World {
    let app = support::app().await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "CDSQG").await;
    let (now, by) = (app.app.now(), classes::as_person(coordinator.id));
    let (programme, cohort, runs) = app
        .write(move |c| {
            let mut runs = Vec::new();
            for (code, days) in [
                ("KM-01", ("2026-12-01", "2027-12-20")),
                ("KM-02", ("2026-12-05", "2027-12-20")),
                ("KM-03", ("2026-12-05", "2027-12-20")),
            ] {
                let course = classes::small(code, &code.to_lowercase(), &format!("Khóa minh họa {code}"), "một");
                let version = classes::bring_in(c, now, &course)?;
                runs.push(classes::run_with(c, now, &format!("{code}-A"), version, "CDSQG", days, |new| {
                    new.enrolment = EnrolmentMode::List;
                })?);
            }
            let round = crate::nominations::round(c, now, &by, ROUND, runs.first().cloned(), seats)?;
            let programme = write::create(c, &by, now, PROGRAMME, &terms(cap))?;
            let group = |title: &str, needed, courses: &[(&str, Delivery)]| write::NewGroup {
                title_vi: title.to_owned(),
                title_en: title.to_owned(),
                needed,
                courses: courses.iter().map(|(code, how)| ((*code).to_owned(), *how)).collect(),
            };
            let all = group("Bắt buộc", None, &[("KM-01", Delivery::ELearning)]);
            write::put_group(c, &by, now, &programme, None, &all)?;
            let some = group("Tự chọn", Some(1), &[("KM-02", Delivery::Live), ("KM-03", Delivery::InPerson)]);
            write::put_group(c, &by, now, &programme, None, &some)?;
            let new = NewCohort {
                code: "khoa-01".to_owned(),
                title_vi: "Khóa 01".to_owned(),
                title_en: "Cohort 01".to_owned(),
                round: Some(round.id),
                counts_from: "2026-11-01".parse().expect("a day"),
            };
            let cohort = write::open_cohort(c, &by, now, &programme, &new)?;
            for run in runs.iter().skip(1) {
                write::add_run(c, &by, now, &cohort, &run.code)?;
            }
            Ok((programme, cohort, runs))
        })
        .await;
    World { app, coordinator, programme, cohort, runs }
}

impl World {
    /// A posts' line: title, kinds, words.
    pub async fn post(&self, title: &'static str, kinds: &'static [UnitKind], words: &'static [&'static str]) {
        let (now, programme) = (self.app.app.now(), self.programme.clone());
        let new = write::NewPost {
            title_vi: title.to_owned(),
            title_en: title.to_owned(),
            kinds: kinds.to_vec(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
        };
        self.app.write(move |c| write::put_post(c, &Actor::system(), now, &programme, None, &new)).await;
    }

    /// Somebody with a position in a unit.
    pub async fn person(&self, name: &'static str, unit: &'static str, position: &'static str) -> Person {
        let now = self.app.app.now();
        self.app
            .write(move |c| {
                let mut new = NewPerson::named(name);
                new.user_name = Some(text::slugify(name));
                let person = accounts::create_person(c, &Actor::system(), now, &new)?;
                let place = NewMembership {
                    unit: unit_id(c, unit)?,
                    position: position.to_owned(),
                    category: Category::Technology,
                    from: "2020-01-01".parse().expect("a day"),
                };
                accounts::join_unit(c, &Actor::system(), now, person.id, &place)?;
                Ok(person)
            })
            .await
    }

    /// Nominates somebody for the seats of an agency and sends it up with a letter.
    pub async fn nominate(&self, agency: &'static str, person: &Person) -> nongcot::programmes::model::NominationId {
        const LIMITS: Limits = Limits { max_bytes: 4096, accept: &[MediaType::Pdf] };
        let stored = self.app.app.files.put_bytes("letters", crate::nominations::PDF, &LIMITS).await.expect("a file");
        let (now, person, by) = (self.app.app.now(), person.id, classes::as_person(self.coordinator.id));
        self.app
            .write(move |c| {
                let (round, quota, _) = queries::place(c, ROUND, agency)?;
                let nomination = actions::nominate(c, &by, now, &round, &quota, person)?;
                let name = "cong-van.pdf".to_owned();
                let letter =
                    NewLetter { number: "1/CV".to_owned(), dated: "2026-11-20".parse().expect("a day"), stored, name };
                let letter = actions::add_letter(c, &by, now, &quota, &letter)?;
                actions::submit(c, &by, now, &quota, Some(letter))?;
                Ok(nomination.id)
            })
            .await
    }

    pub async fn approve(&self, id: nongcot::programmes::model::NominationId) -> Result<actions::Approved> {
        let (now, by) = (self.app.app.now(), classes::as_person(self.coordinator.id));
        self.app.app.db.write("test", move |c| actions::approve(c, &by, now, id)).await
    }

    /// Nominated and approved.
    pub async fn seat(&self, agency: &'static str, person: &Person) {
        let id = self.nominate(agency, person).await;
        assert_eq!(self.approve(id).await.expect("an approval"), actions::Approved::Seated);
    }

    /// Learns a course of the cohort at an honest pace, as it goes today.
    pub async fn learn(&self, person: &Person, place: usize) -> Completion {
        let (run, person, now) = (self.runs[place].clone(), person.id, self.app.app.now());
        let id = ["km-01", "km-02", "km-03"][place];
        let completion = self
            .app
            .write(move |c| {
                let enrolment =
                    learning::actions::enrol(c, now, &Actor::system(), run.id, person, &Entry::Listed)?.id();
                let mut done = None;
                for (step, lesson) in ["mot", "hai"].into_iter().enumerate() {
                    let key = format!("{id}-{lesson}");
                    let at = now + TimeDelta::minutes(30 * i64::try_from(step).expect("small"));
                    learning::actions::open_lesson(c, at, enrolment, &key)?;
                    let end = at + TimeDelta::minutes(25);
                    done =
                        learning::actions::complete_item(c, end, &Actor::system(), enrolment, &key, &site::OBSERVERS)?;
                }
                Ok(done)
            })
            .await
            .expect("a completion");
        assert!(!completion.is_flagged, "{:?}", completion.doubt);
        self.app.later(TimeDelta::hours(1));
        completion
    }

    pub async fn member(&self, person: PersonId) -> Member {
        let cohort = self.cohort.id;
        self.app.read(move |c| Ok(members::in_cohort(c, cohort, person)?.expect("a member"))).await
    }

    pub async fn stage(&self, person: &Person) -> Stage {
        self.member(person.id).await.stage
    }

    /// What the recurring jobs do.
    pub async fn jobs(&self) {
        jobs::follow_cohorts(self.app.app.clone(), jobs::FollowCohorts {}).await.expect("the job");
        jobs::mind_experts(self.app.app.clone(), jobs::MindExperts {}).await.expect("the job");
    }

    pub async fn until(&self, moment: &str) {
        let to: chrono::DateTime<chrono::Utc> = moment.parse().expect("a moment");
        self.app.later(to - self.app.app.now().0);
    }

    /// A decision without the form.
    pub async fn decide(&self, deed: Deed, of: &[MemberId], number: &str) -> recognise::Decided {
        let (now, by, programme) =
            (self.app.app.now(), classes::as_person(self.coordinator.id), self.programme.clone());
        let today = nongcot::platform::clock::local_day(now.0);
        let new = recognise::NewDecision {
            number: number.to_owned(),
            dated: today,
            signer: "Người ký Minh họa".to_owned(),
            effective_from: today,
            file: None,
        };
        let of = of.to_vec();
        self.app.write(move |c| recognise::decide(c, &by, now, &programme, deed, &of, &new)).await
    }

    pub async fn at_coordinator(&self) -> Client {
        self.app.sign_in(&self.coordinator).await
    }

    pub async fn differences(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (_, check) in nongcot::site::checks() {
            found.extend(self.app.read(check).await);
        }
        found
    }

    pub async fn counts(&self) -> std::collections::BTreeMap<Stage, i64> {
        let (programme, cohort) = (self.programme.id, self.cohort.id);
        let counts = self.app.read(move |c| members::counts_by_cohort(c, programme, None)).await;
        counts[&cohort].iter().filter(|(_, people)| **people > 0).map(|(stage, people)| (*stage, *people)).collect()
    }

    pub async fn held(&self) -> i64 {
        let id = self.cohort.id;
        self.app.read(move |c: &mut DbConn| Ok(programmes::cohort(c, id)?.held)).await
    }
}

/// Sends the form of a decision as a browser does, with or without a file.
pub async fn send_decision(browser: &mut Client, fields: &[(&str, &str)], file: Option<&[u8]>) -> Reply {
    let token = browser.token().await;
    let mut body = Vec::new();
    for (field, value) in [("_csrf", token.as_str())].iter().chain(fields) {
        body.extend(format!("--vach\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
    }
    let name = if file.is_some() { "quyet-dinh.pdf" } else { "" };
    body.extend(
        format!(
            "--vach\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/pdf\r\n\r\n"
        )
        .bytes(),
    );
    body.extend(file.unwrap_or_default());
    body.extend(b"\r\n--vach--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=vach")];
    browser.send(Method::POST, &format!("{AT}/quyet-dinh"), &headers, Some(body)).await
}
