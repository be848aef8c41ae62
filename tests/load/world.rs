//! The data that is measured with: made once by `bench-data` and kept, copied for each run, and the people in the copy whose sessions are known.
//! Sessions and attempts are made by the actions of the program straight in the database; the program has no door for it.

use std::{sync::Arc, time::Instant};

use diesel::prelude::*;
use nongcot::{
    access::{Actor, Category, PersonId, Role, UnitId},
    accounts::{
        actions as accounts,
        model::{NewMembership, NewPerson},
        passwords::PasswordLine,
        sessions,
    },
    assessments::{actions as assessments, model::Attempt},
    courses::{model::VersionId, queries as courses},
    learning::model::EnrolmentId,
    platform::{
        config::DatabaseUrl,
        db::{
            Database, DbConn, Moment,
            schema::{certificates, class_runs, enrolments, people, targets, units},
        },
        error::{Error, Result},
    },
    questions::model::Answer,
};

use crate::{
    client::{Conn, between, request},
    morning::Coming,
    program::{Place, Program, command},
    store::Store,
};

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub enrolments: u32,
    pub people: u32,
    pub progress: u32,
    /// Of the largest agency.
    pub largest: u32,
}

impl Size {
    pub fn of(enrolments: u32, progress: u32) -> Self {
        let people = (enrolments / 5).max(12_000);
        Self { enrolments, people, progress: enrolments.saturating_mul(progress), largest: people / 4 }
    }

    fn name(self) -> String {
        format!("{}-{}-{}", self.enrolments, self.people, self.progress)
    }
}

/// People who may sit the test of a shipped course.
const READY: u32 = 10_000;
/// Everybody's, where somebody signs in by one.
pub const PASSWORD: &str = "mot-mat-khau-de-do-tai";

/// A copy of the data of a size, made first where it is not there yet.
pub fn copy(store: &Store, size: Size) -> Place {
    let kept = store.kept(&size.name());
    if !store.is_there(&kept) {
        fill(&kept.place, size);
        store.keep(&kept);
    }
    store.copy(&kept)
}

fn fill(place: &Place, size: Size) {
    let began = Instant::now();
    eprintln!("filling {} enrolments of {} people …", size.enrolments, size.people);
    let counts = [
        ("--people", size.people),
        ("--enrolments", size.enrolments),
        ("--progress", size.progress),
        ("--completed", size.enrolments / 10),
        ("--ready", READY),
        ("--largest", size.largest),
    ];
    let counts: Vec<String> = counts.iter().flat_map(|(name, n)| [(*name).to_owned(), n.to_string()]).collect();
    let args: Vec<&str> = std::iter::once("bench-data").chain(counts.iter().map(String::as_str)).collect();
    let filled = command(place, &args).env("NONGCOT__LOG__LEVEL", "error").status().expect("the program");
    assert!(filled.success(), "bench-data failed");
    eprintln!("filled in {:.0} s", began.elapsed().as_secs_f64());
}

/// Somebody who learns.
#[derive(Debug, Clone)]
pub struct Learner {
    pub cookie: String,
    pub run: String,
    /// Their attempt, and an answer that may be given at each position.
    pub attempt: String,
    pub attempt_id: i64,
    pub answers: Vec<String>,
    /// What the forms of their session carry.
    pub csrf: String,
}

/// Everything that requests are made of.
pub struct World {
    pub learners: Vec<Learner>,
    pub lessons: Vec<String>,
    pub course: String,
    pub coordinator: String,
    pub officer: String,
    pub certificate: String,
    pub target: String,
}

/// The cookies of a browser with this session; the other one ties forms to the browser and may be any text of this length.
pub fn cookies(session: &str) -> String {
    format!("cookie: khach=load-generator-visitor; phien={session}\r\n")
}

/// Opens the copy beside the program, as another program of the same installation would.
pub fn database(place: &Place) -> Database {
    Database::open(DatabaseUrl::parse(&place.url).expect("an address"), 4, 4096).expect("the database")
}

type Row = (String, EnrolmentId, i64, VersionId);

/// Gives so many people a session and an attempt.
pub async fn make(place: &Place, learners: usize) -> World {
    let db = database(place);
    let limit = i64::try_from(learners).expect("a number");
    let made: Result<World> = db.write("load.world", move |c| world(c, limit)).await;
    made.expect("a world to measure in")
}

fn world(c: &mut DbConn, limit: i64) -> Result<World> {
    let now = Moment(chrono::Utc::now());
    let rows: Vec<Row> = class_runs::table
        .inner_join(enrolments::table)
        .filter(class_runs::code.like("MH-1-THI-%"))
        .order(enrolments::id.asc())
        .limit(limit)
        .select((class_runs::code, enrolments::id, enrolments::person_id, class_runs::version_id))
        .load(c)?;
    let version = rows.first().ok_or(Error::NotFound)?.3;
    let outline = courses::outline(c, version)?;
    let test = outline.assessments.first().ok_or(Error::NotFound)?.id.clone();
    let bank = courses::package_of(c, version)?.0.questions;
    let right = |item: &str| bank.iter().find(|one| one.id == item).map_or(Answer::Empty, |one| one.right_answer());
    let mut learners = Vec::with_capacity(rows.len());
    for (run, enrolment, person, _) in rows {
        let by = Actor { person: Some(PersonId(person)), ..Actor::system() };
        let session = sessions::begin(c, &Actor::system(), now, PersonId(person), "load", "load")?;
        let attempt: Attempt = assessments::start(c, now, &by, enrolment, &test)?;
        let paper = attempt.paper()?;
        let answers =
            paper.numbered().map(|(_, q)| serde_json::to_string(&right(&q.item))).collect::<Result<_, _>>()?;
        learners.push(Learner {
            cookie: cookies(&session),
            run,
            attempt: attempt.code,
            attempt_id: attempt.id.0,
            answers,
            csrf: String::new(),
        });
    }
    let largest: i64 = units::table.filter(units::code.eq("MH-01")).select(units::id).first(c)?;
    Ok(World {
        learners,
        lessons: outline.lessons().map(|lesson| lesson.slug.clone()).collect(),
        course: outline.slug.clone(),
        coordinator: somebody(c, now, "Điều phối viên Minh họa", Role::Coordinator, None)?,
        officer: somebody(c, now, "Cán bộ Đào tạo Minh họa", Role::Officer, Some(UnitId(largest)))?,
        certificate: certificates::table.order(certificates::id.asc()).select(certificates::code).first(c)?,
        target: targets::table.filter(targets::code.like("minh-hoa-2%")).select(targets::code).first(c)?,
    })
}

/// A new person with a role; their cookies.
fn somebody(c: &mut DbConn, now: Moment, name: &str, role: Role, over: Option<UnitId>) -> Result<String> {
    let by = Actor::system();
    let person = accounts::create_person(c, &by, now, &NewPerson::named(name))?;
    if let Some(unit) = over {
        let from = chrono::NaiveDate::from_ymd_opt(2021, 1, 1).unwrap_or_default();
        let membership = NewMembership { unit, position: "Chuyên viên".to_owned(), category: Category::Other, from };
        accounts::join_unit(c, &by, now, person.id, &membership)?;
    }
    accounts::grant_role(c, &by, now, person.id, role, over)?;
    Ok(cookies(&sessions::begin(c, &by, now, person.id, "load", "load")?))
}

/// Lets each learner open their paper, which tells what their forms carry.
pub async fn open_papers(program: &Program, world: &mut World) {
    let mut conn = Conn::open(program.address).await.expect("the server");
    for learner in &mut world.learners {
        let page = request("GET", &format!("/bai-lam/{}", learner.attempt), &learner.cookie, "");
        let reply = conn.exchange(&page).await.expect("an answer");
        assert_eq!(reply.status, 200, "{}", conn.text());
        learner.csrf = between(conn.text(), "data-csrf=\"", "\"").expect("a token").to_owned();
    }
}

/// Gives so many people of the bench data the one password; their user names.
pub async fn passwords(place: &Place, count: usize) -> Arc<Vec<String>> {
    let hash = PasswordLine::new(1, 1).hash(PASSWORD.to_owned()).await.expect("a hash");
    let limit = i64::try_from(count).expect("a number");
    let named: Result<Vec<String>> = database(place)
        .write("load.passwords", move |c| {
            let all: Vec<(i64, Option<String>)> = class_runs::table
                .inner_join(enrolments::table.inner_join(people::table))
                .filter(class_runs::code.like("MH-1-THI-%"))
                .order(enrolments::id.desc())
                .limit(limit)
                .select((people::id, people::user_name))
                .load(c)?;
            for (id, _) in &all {
                diesel::update(people::table.find(id)).set(people::password_hash.eq(&hash)).execute(c)?;
            }
            Ok(all.into_iter().filter_map(|(_, name)| name).collect())
        })
        .await;
    Arc::new(named.expect("people"))
}

/// A session for everybody who may sit the test: their cookies and their class.
pub async fn sessions_of_all(place: &Place) -> Vec<(String, String)> {
    let made: Result<Vec<(String, String)>> = database(place)
        .write("load.sessions", |c| {
            let now = Moment(chrono::Utc::now());
            let all: Vec<(String, i64)> = class_runs::table
                .inner_join(enrolments::table)
                .filter(class_runs::code.like("MH-1-THI-%"))
                .select((class_runs::code, enrolments::person_id))
                .load(c)?;
            let begin = |(run, person): (String, i64)| {
                let token = sessions::begin(c, &Actor::system(), now, PersonId(person), "load", "load")?;
                Ok((cookies(&token), run))
            };
            all.into_iter().map(begin).collect()
        })
        .await;
    made.expect("sessions")
}

/// Where these people sit their test.
pub async fn classes(place: &Place, names: &Arc<Vec<String>>) -> Vec<Coming> {
    let names = Arc::clone(names);
    let found: Result<Vec<Coming>> = database(place)
        .read(move |c| {
            let rows: Vec<(String, Option<String>, VersionId)> = class_runs::table
                .inner_join(enrolments::table.inner_join(people::table))
                .filter(class_runs::code.like("MH-1-THI-%"))
                .select((class_runs::code, people::user_name, class_runs::version_id))
                .load(c)?;
            let version = rows.first().ok_or(Error::NotFound)?.2;
            let outline = courses::outline(c, version)?;
            let test = outline.assessments.first().ok_or(Error::NotFound)?.id.clone();
            let lessons: Vec<String> = outline.lessons().map(|lesson| lesson.slug.clone()).collect();
            let wanted: std::collections::BTreeSet<&String> = names.iter().collect();
            let of = |(n, (run, name, _)): (usize, (String, Option<String>, VersionId))| {
                let name = name.filter(|name| wanted.contains(name))?;
                Some(Coming { name, run, test: test.clone(), lesson: lessons.get(n % lessons.len())?.clone() })
            };
            Ok(rows.into_iter().enumerate().filter_map(of).collect())
        })
        .await;
    found.expect("people of classes")
}
