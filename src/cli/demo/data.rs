//! What the demonstration is filled with, by the same actions the pages use. Everybody in it is plainly made up.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::{
    decisions, experts, nominations, quotas, reports, sessions,
    years::{self, Made, Taught},
};
use crate::{
    access::{Actor, Category, PersonId, Role, UnitId},
    accounts::{
        actions, links,
        model::{NewMembership, NewPerson, Purpose},
    },
    app::App,
    assessments::{self, jobs::TallyAnswers},
    certificates::{self, model::Signer},
    cli::artificial::{self, Named},
    courses::{self, edition::Edition, model::VersionId, package::CertificateKind, shipped},
    learning::{
        self,
        actions::NewRun,
        model::{EnrolmentMode, Entry, Run},
    },
    organisations,
    platform::{
        clock::{day_end, day_start, local_day},
        db::{DbConn, Moment},
        error::{Error, Result},
    },
    targets,
};

/// The two agencies of the demonstration, and who organises the class.
pub(super) const FIRST_AGENCY: &str = "P15-2025";
pub(super) const SECOND_AGENCY: &str = "P24-2025";
pub(super) const ORGANISER: &str = "CDSQG";

/// Somebody to be made: the key of their link, their name, what they are, where they work.
struct Planned {
    key: &'static str,
    name: &'static str,
    role: Role,
    unit: &'static str,
    position: &'static str,
    category: Category,
}

const fn planned(
    key: &'static str,
    name: &'static str,
    role: Role,
    unit: &'static str,
    position: &'static str,
    category: Category,
) -> Planned {
    Planned { key, name, role, unit, position, category }
}

const PEOPLE: [Planned; 10] = [
    planned("learner", "Học viên Minh họa Một", Role::Learner, FIRST_AGENCY, "Chuyên viên", Category::Technology),
    planned("learner-2", "Học viên Minh họa Hai", Role::Learner, SECOND_AGENCY, "Chuyên viên", Category::Other),
    planned("learner-read", "Học viên Minh họa Ba", Role::Learner, FIRST_AGENCY, "Chuyên viên", Category::Technology),
    planned("officer", "Cán bộ Đào tạo Minh họa Một", Role::Officer, FIRST_AGENCY, "Cán bộ đào tạo", Category::Other),
    planned(
        "officer-2",
        "Cán bộ Đào tạo Minh họa Hai",
        Role::Officer,
        SECOND_AGENCY,
        "Cán bộ đào tạo",
        Category::Other,
    ),
    planned("instructor", "Giảng viên Minh họa", Role::Instructor, ORGANISER, "Giảng viên", Category::Technology),
    planned("coordinator", "Điều phối viên Minh họa", Role::Coordinator, ORGANISER, "Chuyên viên", Category::Other),
    planned(
        "second_coordinator",
        "Điều phối viên Minh họa Hai",
        Role::Coordinator,
        ORGANISER,
        "Chuyên viên",
        Category::Other,
    ),
    planned("auditor", "Người Đối soát Minh họa", Role::Auditor, ORGANISER, "Chuyên viên", Category::Other),
    planned(
        "administrator",
        "Quản trị Minh họa",
        Role::Administrator,
        ORGANISER,
        "Quản trị viên",
        Category::Technology,
    ),
];

/// The courses of 2022: stand-ins under the codes that the directive's target lists, since what was taught then is not known here, and
/// lessons of today would be out of place. The courses shipped come after them as newer versions.
const THEN: [Named; 2] = [
    Named {
        code: "CB-08",
        slug: "chuyen-doi-so-co-ban",
        vi: "Chuyển đổi số cơ bản cho cán bộ, công chức (bản minh họa năm 2022)",
        en: "Basics of digital transformation for officials (illustration of 2022)",
        summary_vi: "Bản minh họa cho số liệu năm 2022, không có nội dung đào tạo.",
        summary_en: "An illustration for the figures of 2022; it teaches nothing.",
        prefix: "cb08-2022",
        certificate: CertificateKind::Completion,
    },
    Named {
        code: "KT-01",
        slug: "kien-truc-chinh-phu-dien-tu",
        vi: "Kiến trúc Chính phủ điện tử (bản minh họa năm 2022)",
        en: "E-government architecture (illustration of 2022)",
        summary_vi: "Bản minh họa cho số liệu năm 2022, không có nội dung đào tạo.",
        summary_en: "An illustration for the figures of 2022; it teaches nothing.",
        prefix: "kt01-2022",
        certificate: CertificateKind::Completion,
    },
];
/// The minutes of their one lesson.
const MINUTES_THEN: u32 = 180;
/// The course of the running year.
const COURSE: &str = "KT-01";
/// The plan of the running year: what is there by autumn comes near to it.
const REQUIRED: i64 = 100;

/// Fills the database and returns a sign-in link for each role. Of the year 2022 one in so many people and turns are there, or the year is
/// left out.
pub async fn fill(app: &App, one_in: Option<usize>) -> Result<BTreeMap<&'static str, String>> {
    let now = app.now();
    app.db.write("demo.organisations", move |c| organisations::actions::seed(c, now).map(drop)).await?;
    app.db
        .write("demo.signer", move |c| certificates::actions::set_signers(c, &Actor::system(), now, &signers(now)))
        .await?;
    let then = if one_in.is_some() { courses_of_then(app).await? } else { Vec::new() };
    define_targets(app, now).await?;
    let closed = match one_in {
        Some(one_in) => years::closed(app, &then, one_in).await?,
        None => Made::default(),
    };

    let people = app
        .db
        .write("demo.people", move |c| PEOPLE.iter().map(|p| person(c, now, p)).collect::<Result<Vec<_>>>())
        .await?;
    let ids: BTreeMap<&str, PersonId> = people.iter().map(|(key, id, _)| (*key, *id)).collect();
    let of = |key: &str| ids.get(key).copied().ok_or(Error::NotFound);
    let by = Actor { person: Some(of("instructor")?), ..Actor::system() };
    let shipped = import_shipped(app, now, &by).await?;
    let version = shipped.get(COURSE).copied().ok_or_else(|| Error::internal("the course is not shipped"))?;
    // Once more, now that all courses are there.
    define_targets(app, now).await?;
    let codes: Vec<String> = shipped.keys().cloned().collect();
    let versions = shipped.clone();
    let others: Vec<(String, VersionId)> = shipped.into_iter().filter(|(code, _)| code != COURSE).collect();
    let plan = app
        .db
        .write("demo.target", move |c| {
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            targets::actions::seed_illustration(c, &Actor::system(), now, REQUIRED, &codes)
        })
        .await?;
    let target = plan.code.clone();
    let running = years::running(app, version).await?;
    let run = app
        .db
        .write("demo.run", move |c| {
            for (code, version) in others {
                open_run(c, now, &by, &code, version)?;
            }
            open_run(c, now, &by, COURSE, version)
        })
        .await?;
    let (fresh, read) = ([of("learner")?, of("learner-2")?], of("learner-read")?);
    let id = run.id;
    app.db
        .write("demo.enrol", move |c| {
            for person in fresh {
                learning::actions::enrol(c, now, &Actor::system(), id, person, &Entry::Listed)?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    app.db.write("demo.read", move |c| read_all(c, now, &run, read)).await?;
    let by = Actor { person: Some(of("coordinator")?), ..Actor::system() };
    decisions::make(app, &by, &closed.completions, &running.completions).await?;
    let officer = |key: &str| Ok::<_, Error>(Actor { person: Some(of(key)?), ..Actor::system() });
    let officers = [(FIRST_AGENCY, officer("officer")?), (SECOND_AGENCY, officer("officer-2")?)];
    let learners = vec![of("learner")?, of("learner-read")?];
    let cast = quotas::Cast { coordinator: by, officers, learners };
    let seats = quotas::hand_out(app, cast, plan, &running.completions).await?;
    let cast = nominations::Cast {
        coordinator: of("coordinator")?,
        officers: [of("officer")?, of("officer-2")?],
        learner: of("learner")?,
    };
    nominations::fill(app, &cast, seats).await?;
    nominations::make(app, &cast, version).await?;
    experts::make(app, &cast, &versions).await?;
    let by = Actor { person: Some(of("coordinator")?), ..Actor::system() };
    reports::make(app, by, target).await?;
    let cast = sessions::Cast {
        instructor: of("instructor")?,
        officer: of("officer")?,
        coordinator: of("coordinator")?,
        learners: [of("learner")?, of("learner-2")?, of("learner-read")?],
    };
    app.db.write("demo.sessions", move |c| sessions::make(c, now, version, &cast)).await?;
    assessments::jobs::tally_answers(app.clone(), TallyAnswers {}).await?;
    Ok(people.into_iter().map(|(key, _, token)| (key, app.config.http.link(&format!("/mo/{token}")))).collect())
}

/// A new sign-in link for each role of a demonstration made before.
pub async fn links(app: &App) -> Result<BTreeMap<&'static str, String>> {
    let now = app.now();
    let make = move |c: &mut DbConn| {
        let link = |p: &Planned| Ok((p.key, actions::command_line_link(c, now, &user_name(p.key), None)?));
        PEOPLE.iter().map(link).collect::<Result<Vec<_>>>()
    };
    let tokens = app.db.write("demo.links", make).await?;
    Ok(tokens.into_iter().map(|(key, token)| (key, app.config.http.link(&format!("/mo/{token}")))).collect())
}

fn user_name(key: &str) -> String {
    format!("minhhoa.{key}")
}

async fn define_targets(app: &App, now: Moment) -> Result<()> {
    app.db.write("demo.targets", move |c| targets::actions::seed_definitions(c, &Actor::system(), now).map(drop)).await
}

/// Imports the stand-ins of 2022, as of the beginning of that year.
async fn courses_of_then(app: &App) -> Result<Vec<VersionId>> {
    let at = NaiveDate::from_ymd_opt(2022, 1, 4).map(|day| Moment(day_start(day)));
    let at = at.ok_or_else(|| Error::internal("a day"))?;
    let mut versions = Vec::new();
    for named in &THEN {
        let edition = Edition::of(artificial::package(named, 1, MINUTES_THEN));
        let note = "Bản minh họa cho số liệu năm 2022";
        let write = move |c: &mut DbConn| courses::actions::import(c, &Actor::system(), at, &edition, note);
        versions.push(app.db.write("demo.course", write).await?.version().id);
    }
    Ok(versions)
}

/// Imports the shipped courses; their versions by code.
async fn import_shipped(app: &App, now: Moment, by: &Actor) -> Result<BTreeMap<String, VersionId>> {
    let mut versions = BTreeMap::new();
    for name in shipped::names() {
        let edition = shipped::edition(name)
            .and_then(std::result::Result::ok)
            .ok_or_else(|| Error::internal(format!("the shipped course {name} has faults")))?;
        let (by, code) = (by.clone(), edition.code().to_owned());
        let note = edition.package().course.change_note.clone().unwrap_or_else(|| "Bản đầu tiên".to_owned());
        let write = move |c: &mut DbConn| courses::actions::import(c, &by, now, &edition, &note);
        versions.insert(code, app.db.write("demo.course", write).await?.version().id);
    }
    Ok(versions)
}

/// Who stands under the papers: nobody real.
fn signers(now: Moment) -> Vec<Signer> {
    let from = local_day(now.0) - TimeDelta::days(3650);
    vec![Signer {
        from, lines: vec!["CỤC TRƯỞNG (MINH HỌA)".to_owned()], name: "Người ký Minh họa".to_owned()
    }]
}

fn unit(c: &mut DbConn, code: &str) -> Result<UnitId> {
    organisations::queries::by_code(c, code)?.map(|u| u.id).ok_or(Error::NotFound)
}

fn person(c: &mut DbConn, now: Moment, planned: &Planned) -> Result<(&'static str, PersonId, String)> {
    let by = Actor::system();
    let mut new = NewPerson::named(planned.name);
    new.user_name = Some(user_name(planned.key));
    let person = actions::create_person(c, &by, now, &new)?;
    let since = NaiveDate::from_ymd_opt(local_day(now.0).year() - 1, 7, 1).ok_or_else(|| Error::internal("a day"))?;
    let unit = unit(c, planned.unit)?;
    let membership =
        NewMembership { unit, position: planned.position.to_owned(), category: planned.category, from: since };
    actions::join_unit(c, &by, now, person.id, &membership)?;
    if planned.role != Role::Learner {
        let over = planned.role.is_scoped_to_unit().then_some(unit);
        actions::grant_role(c, &by, now, person.id, planned.role, over)?;
    }
    let token = links::make(c, &by, now, person.id, Purpose::SignIn)?;
    Ok((planned.key, person.id, token))
}

/// A class of a course that opened two weeks ago, so that somebody can have read everything already.
fn open_run(c: &mut DbConn, now: Moment, by: &Actor, course: &str, version: VersionId) -> Result<Run> {
    let begun = now - TimeDelta::days(14);
    let new = NewRun {
        code: format!("MH-{course}-01"),
        version,
        unit: unit(c, ORGANISER)?,
        title: String::new(),
        opens_at: begun,
        closes_at: Moment(day_end(local_day(now.0) + TimeDelta::days(30))),
        capacity: Some(100),
        enrolment: EnrolmentMode::Open,
        decision: None,
    };
    learning::actions::open_run(c, begun, by, &new)
}

/// Somebody who read every lesson at an honest pace and has not sat the test yet.
fn read_all(c: &mut DbConn, now: Moment, run: &Run, person: PersonId) -> Result<()> {
    let by = Actor { person: Some(person), ..Actor::system() };
    let at = now - TimeDelta::days(7);
    let enrolled = learning::actions::enrol(c, at, &by, run.id, person, &Entry::Open)?.id();
    Taught::load(c, run.version_id)?.read(c, at, &by, enrolled)?;
    Ok(())
}
