//! The programme of core experts around the nominations: what it asks for, whom it is for, a first cohort of which most are recognised and
//! one has lapsed, and the cohort of this autumn's round, some of whom study already. All of it by the actions that the pages use.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};

use super::{
    data::{FIRST_AGENCY, ORGANISER, SECOND_AGENCY},
    nominations::{Cast, ROUND, letter},
    years::Taught,
};
use crate::{
    access::{Actor, Category, PersonId},
    accounts::{
        actions as accounts,
        model::{NewMembership, NewPerson},
    },
    app::App,
    certificates::{self, model::Lookup},
    courses::model::VersionId,
    learning::{
        self,
        actions::NewRun,
        model::{Completion, EnrolmentMode, Entry, RunId},
    },
    organisations::{model::UnitKind, queries as organisations},
    platform::{
        clock::{day_end, day_start, local_day},
        db::{DbConn, Moment},
        error::{Error, Result},
    },
    programmes::{
        self,
        actions::{
            experts,
            programmes::{NewGroup, NewPost, add_run, create, open_cohort, put_group, put_post},
            recognise::{NewDecision, decide},
        },
        model::programme::{Cohort, Deed, Delivery, MemberId, NewCohort, Programme, Stage, Terms},
        queries::members,
    },
    site,
    targets::{
        actions::quotas,
        model::quota::{Allocation, Letter, NewRound},
        queries::quotas as quota_queries,
    },
};

/// The code of the programme, and of the round of its first cohort.
const PROGRAMME: &str = "chuyen-gia-nong-cot";
const FIRST_ROUND: &str = "chuyen-gia-nong-cot-khoa-01";
/// Days ago on which the first cohort was nominated, learnt, and was recognised: the first so long ago that it has lapsed.
const NOMINATED: i64 = 430;
const OPENED: i64 = 428;
const RECOGNISED: [i64; 2] = [380, 320];
/// A recognition holds so long, so that the second ends soon.
const MONTHS: i32 = 12;
/// So many of this autumn's cohort study already.
const STUDYING: usize = 24;

/// The people of the first cohort: where they work, as what. The first has lapsed, the six after it are in effect, the next will be, and
/// two wait for a decision.
const FIRST: [(&str, &str, &str); 10] = [
    (FIRST_AGENCY, "P15-2025-SKHCN", "Trưởng phòng Chuyển đổi số"),
    (FIRST_AGENCY, "P15-2025-TTCNTT", "Giám đốc"),
    (SECOND_AGENCY, "P24-2025-SKHCN", "Trưởng phòng Công nghệ thông tin"),
    (SECOND_AGENCY, "P24-2025-TTCNTT", "Giám đốc"),
    ("P01", "P01-SKHCN", "Trưởng phòng Công nghệ thông tin"),
    ("P01", "P01-TTCNTT", "Giám đốc"),
    ("BKHCN-2025", ORGANISER, "Trưởng phòng Ứng dụng công nghệ thông tin"),
    ("P20", "P20-SKHCN", "Trưởng phòng Công nghệ thông tin"),
    ("P22", "P22-TTCNTT", "Giám đốc"),
    ("P40", "P40-SKHCN", "Trưởng phòng Công nghệ thông tin"),
];
/// Whose elective was taken back after the recognition.
const DOUBTED: usize = 3;

/// The courses of the first cohort: all of the basics, and one elective.
const TAUGHT: [&str; 3] = ["KT-01", "DL-04", "CB-08"];

pub async fn make(app: &App, cast: &Cast, versions: &BTreeMap<String, VersionId>) -> Result<()> {
    let now = app.now();
    let by = Actor { person: Some(cast.coordinator), ..Actor::system() };
    let who = by.clone();
    let programme = app.db.write("demo.programme", move |c| write_down(c, now, &who)).await?;
    first_cohort(app, &by, &programme, versions).await?;
    let versions = versions.clone();
    app.db
        .write("demo.cohort", move |c| {
            second_cohort(c, now, &by, &programme, &versions)?;
            // What time has done until today.
            experts::activate_due(c, now)?;
            experts::lapse_due(c, now)?;
            experts::warn_due(c, now).map(drop)
        })
        .await
}

fn write_down(c: &mut DbConn, now: Moment, by: &Actor) -> Result<Programme> {
    let terms = Terms {
        title_vi: "Chuyên gia nòng cốt (minh họa)".to_owned(),
        title_en: "Core experts (illustration)".to_owned(),
        document_number: "100/KH-MH".to_owned(),
        document_date: Some(local_day(now.0) - TimeDelta::days(NOMINATED + 30)),
        document_issuer: "Cơ quan Minh họa".to_owned(),
        document_subject: "Kế hoạch đào tạo 100 chuyên gia nòng cốt".to_owned(),
        cap: 100,
        period_from: local_day(now.0) - TimeDelta::days(NOMINATED + 20),
        period_to: None,
        validity_months: Some(MONTHS),
        notice_days: 60,
    };
    let programme = create(c, by, now, PROGRAMME, &terms)?;
    let courses = |all: &[(&str, Delivery)]| all.iter().map(|(code, how)| ((*code).to_owned(), *how)).collect();
    let basics = NewGroup {
        title_vi: "Kiến thức nền tảng".to_owned(),
        title_en: "Basics".to_owned(),
        needed: None,
        courses: courses(&[("KT-01", Delivery::ELearning), ("DL-04", Delivery::ELearning)]),
    };
    put_group(c, by, now, &programme, None, &basics)?;
    let electives = NewGroup {
        title_vi: "Chuyên đề".to_owned(),
        title_en: "Electives".to_owned(),
        needed: Some(1),
        courses: courses(&[("CB-08", Delivery::Live), ("LD-03", Delivery::InPerson)]),
    };
    put_group(c, by, now, &programme, None, &electives)?;
    let provinces = vec![UnitKind::CentralCity, UnitKind::Province];
    let central = vec![UnitKind::Ministry, UnitKind::MinisterialAgency, UnitKind::GovernmentAgency];
    for (vi, en, kinds, words) in [
        (
            "Trưởng phòng công nghệ thông tin, chuyển đổi số của Sở",
            "Head of the IT division of the provincial department",
            provinces.clone(),
            ["trưởng phòng công nghệ thông tin", "trưởng phòng chuyển đổi số"],
        ),
        (
            "Giám đốc Trung tâm công nghệ thông tin và truyền thông",
            "Director of the ICT centre",
            provinces,
            ["giám đốc + trung tâm công nghệ thông tin", "giám đốc + trung tâm chuyển đổi số"],
        ),
        (
            "Trưởng phòng ứng dụng công nghệ thông tin của đơn vị chuyên trách",
            "Head of the IT application division of the specialised IT unit",
            central,
            ["trưởng phòng ứng dụng công nghệ thông tin", "trưởng phòng công nghệ thông tin"],
        ),
    ] {
        let words = words.map(str::to_owned).to_vec();
        let new = NewPost { title_vi: vi.to_owned(), title_en: en.to_owned(), kinds, words };
        put_post(c, by, now, &programme, None, &new)?;
    }
    Ok(programme)
}

fn version_of(versions: &BTreeMap<String, VersionId>, code: &str) -> Result<VersionId> {
    versions.get(code).copied().ok_or_else(|| Error::internal(format!("{code} is not shipped")))
}

/// A class by list.
fn class(
    c: &mut DbConn,
    at: Moment,
    by: &Actor,
    code: &str,
    title: &str,
    version: VersionId,
    days: (NaiveDate, NaiveDate),
) -> Result<RunId> {
    let new = NewRun {
        code: code.to_owned(),
        version,
        unit: organisations::by_code(c, ORGANISER)?.ok_or(Error::NotFound)?.id,
        title: title.to_owned(),
        opens_at: Moment(day_start(days.0)),
        closes_at: Moment(day_end(days.1)),
        capacity: Some(100),
        enrolment: EnrolmentMode::List,
        decision: None,
    };
    Ok(learning::actions::open_run(c, at, by, &new)?.id)
}

/// Those of the first cohort: nominated and approved, more than a year ago.
async fn first_cohort(
    app: &App,
    by: &Actor,
    programme: &Programme,
    versions: &BTreeMap<String, VersionId>,
) -> Result<()> {
    let (now, lookup) = (app.now(), Lookup::of(&app.config));
    let ago = move |days: i64| now - TimeDelta::days(days);
    let mut letters = BTreeMap::new();
    for (place, (agency, ..)) in FIRST.iter().enumerate() {
        if !letters.contains_key(agency) {
            letters.insert(*agency, letter(app, ago(NOMINATED), 200 + place).await?);
        }
    }
    let (who, known, versions) = (by.clone(), programme.clone(), versions.clone());
    let (cohort, people, runs) = app
        .db
        .write("demo.first-cohort", move |c| {
            let cohort = open_first(c, ago(NOMINATED), &who, &known)?;
            let people = nominate_first(c, ago(NOMINATED), &who, &letters)?;
            let mut runs = Vec::new();
            for (number, code) in TAUGHT.iter().enumerate() {
                let days = (local_day(ago(OPENED).0), local_day(ago(384).0));
                let run_code = format!("MH-CG1-0{}", number + 1);
                let title = format!("Chuyên gia nòng cốt khóa 01, {code} (minh họa)");
                let version = version_of(&versions, code)?;
                let run = class(c, ago(OPENED + 1), &who, &run_code, &title, version, days)?;
                add_run(c, &who, ago(OPENED + 1), &cohort, &run_code)?;
                runs.push((run, Taught::load(c, version)?));
            }
            Ok::<_, Error>((cohort, people, runs))
        })
        .await?;
    let mut electives: Vec<Completion> = Vec::new();
    // By course and then by person, so that the numbers of the papers follow their days.
    for (number, (run, taught)) in runs.into_iter().enumerate() {
        let (people, lookup) = (people.clone(), lookup.clone());
        electives = app
            .db
            .write("demo.first-cohort", move |c| {
                let mut done = Vec::new();
                for (place, person) in people.iter().enumerate() {
                    let hours = i64::try_from(number * 240 + place * 20).map_err(Error::internal)?;
                    let at = ago(OPENED - 2) + TimeDelta::hours(hours);
                    let own = Actor { person: Some(*person), ..Actor::system() };
                    let enrolled = learning::actions::enrol(c, at, &own, run, *person, &Entry::Listed)?.id();
                    let completion = taught.learn(c, at + TimeDelta::hours(1), &own, enrolled)?;
                    let completion = completion.ok_or_else(|| Error::internal("a made-up learner did not complete"))?;
                    if number + 1 < TAUGHT.len() {
                        certificates::actions::issue(c, completion.recorded_at, completion.id.0, &lookup)?;
                    }
                    done.push(completion);
                }
                Ok::<_, Error>(done)
            })
            .await?;
    }
    let (who, known) = (by.clone(), programme.clone());
    app.db
        .write("demo.first-cohort", move |c| {
            let mut members = Vec::new();
            for person in &people {
                let member = members::in_cohort(c, cohort.id, *person)?.ok_or(Error::NotFound)?;
                members.push(member.id);
            }
            let part = |from: usize, to: usize| members.get(from..to).map(<[MemberId]>::to_vec).unwrap_or_default();
            let [first, second] = RECOGNISED;
            let mut recognise = |members: Vec<MemberId>, at: Moment, number: &str, effective: NaiveDate| {
                let new = NewDecision {
                    number: format!("{number}/QĐ-MH"),
                    dated: local_day(at.0),
                    signer: "Người ký Minh họa".to_owned(),
                    effective_from: effective,
                    file: None,
                };
                decide(c, &who, at, &known, Deed::Recognise, &members, &new).map(drop)
            };
            recognise(part(0, 1), ago(first), "31", local_day(ago(first).0))?;
            recognise(part(1, 7), ago(second), "45", local_day(ago(second).0))?;
            recognise(part(7, 8), ago(3), "77", local_day(now.0) + TimeDelta::days(10))?;
            if let Some(elective) = electives.get(DOUBTED) {
                let reason = "Minh họa: kết quả không đúng người học";
                learning::actions::void(c, ago(5), &who, elective.id, reason, &site::QUIET)?;
            }
            Ok::<_, Error>(())
        })
        .await
}

fn open_first(c: &mut DbConn, at: Moment, by: &Actor, programme: &Programme) -> Result<Cohort> {
    let letter = Letter { number: "60/CV-MH".to_owned(), date: Some(local_day(at.0)) };
    let new = NewRound {
        code: FIRST_ROUND.to_owned(),
        title_vi: "Chuyên gia nòng cốt khóa 01 (minh họa)".to_owned(),
        title_en: "Core experts, first cohort (illustration)".to_owned(),
        target: None,
        run: None,
        total: i64::try_from(FIRST.len()).map_err(Error::internal)?,
        deadline: Some(local_day(at.0) + TimeDelta::days(1)),
        letter: letter.clone(),
    };
    let round = quotas::open_round(c, by, at, &new)?;
    let mut seats: BTreeMap<&str, i64> = BTreeMap::new();
    for (agency, ..) in FIRST {
        *seats.entry(agency).or_default() += 1;
    }
    let mut rows = Vec::new();
    for (agency, count) in seats {
        rows.push((organisations::by_code(c, agency)?.ok_or(Error::NotFound)?.id, count));
    }
    let allocation = Allocation { round: round.id, parent: None, rows, deadline: None, letter, reason: String::new() };
    quotas::allocate(c, by, at, &allocation)?;
    let new = NewCohort {
        code: "khoa-01".to_owned(),
        title_vi: "Khóa 01 (minh họa)".to_owned(),
        title_en: "First cohort (illustration)".to_owned(),
        round: Some(round.id),
        counts_from: programme.period_from,
    };
    open_cohort(c, by, at, programme, &new)
}

fn nominate_first(
    c: &mut DbConn,
    at: Moment,
    by: &Actor,
    letters: &BTreeMap<&'static str, programmes::actions::NewLetter>,
) -> Result<Vec<PersonId>> {
    let since = NaiveDate::from_ymd_opt(2025, 7, 1).ok_or_else(|| Error::internal("a day"))?;
    let new: Vec<NewPerson> = (1..=FIRST.len())
        .map(|number| {
            let mut person = NewPerson::named(&format!("Chuyên gia Minh họa {number:02}"));
            person.birth_year = i32::try_from(1974 + number).ok();
            person.user_name = Some(format!("chuyengia.{number:02}"));
            person
        })
        .collect();
    let people: Vec<PersonId> =
        accounts::create_people(c, &Actor::system(), at, &new)?.into_iter().map(|person| person.id).collect();
    let mut places = Vec::new();
    for (person, (_, unit, position)) in people.iter().zip(FIRST) {
        let unit = organisations::by_code(c, unit)?.ok_or(Error::NotFound)?.id;
        let position = position.to_owned();
        places.push((*person, NewMembership { unit, position, category: Category::Technology, from: since }));
    }
    accounts::join_units(c, &Actor::system(), at, &places)?;
    for (agency, letter) in letters {
        let (round, quota, _) = programmes::queries::place(c, FIRST_ROUND, agency)?;
        let mut made = Vec::new();
        for (person, (of, ..)) in people.iter().zip(FIRST) {
            if of == *agency {
                made.push(programmes::actions::nominate(c, by, at, &round, &quota, *person)?.id);
            }
        }
        let letter = programmes::actions::add_letter(c, by, at, &quota, letter)?;
        programmes::actions::submit(c, by, at, &quota, Some(letter))?;
        for nomination in made {
            programmes::actions::approve(c, by, at + TimeDelta::hours(20), nomination)?;
        }
    }
    let round = quota_queries::round_by_code(c, FIRST_ROUND)?;
    quotas::close_round(c, by, at + TimeDelta::hours(24), round.id)?;
    Ok(people)
}

/// This autumn's cohort: those of the round, with classes to come online, by video and in person; some study already.
fn second_cohort(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    programme: &Programme,
    versions: &BTreeMap<String, VersionId>,
) -> Result<()> {
    let today = local_day(now.0);
    let round = quota_queries::round_by_code(c, ROUND)?;
    let new = NewCohort {
        code: "khoa-02".to_owned(),
        title_vi: "Khóa 02 (minh họa)".to_owned(),
        title_en: "Second cohort (illustration)".to_owned(),
        round: Some(round.id),
        counts_from: today - TimeDelta::days(30),
    };
    let cohort = open_cohort(c, by, now, programme, &new)?;
    let in_days = |days: i64| today + TimeDelta::days(days);
    let live = "Chuyên gia nòng cốt, cầu truyền hình (minh họa)";
    class(c, now, by, "MH-CG-02", live, version_of(versions, "CB-08")?, (in_days(30), in_days(30)))?;
    let in_person = "Chuyên gia nòng cốt, học tập trung tại Hà Nội (minh họa)";
    class(c, now, by, "MH-CG-03", in_person, version_of(versions, "LD-03")?, (in_days(45), in_days(46)))?;
    let online = learning::queries::run_by_code(c, "MH-DL-04-01")?;
    let (_, approved) = members::of_cohort(c, cohort.id, &[Stage::Approved], None, 1)?;
    for (member, _) in approved.iter().take(STUDYING) {
        let at = now - TimeDelta::hours(30);
        learning::actions::enrol(c, at, by, online.id, member.person_id, &Entry::Listed)?;
    }
    for code in ["MH-DL-04-01", "MH-CG-02", "MH-CG-03"] {
        add_run(c, by, now, &cohort, code)?;
    }
    Ok(())
}
