//! The worked example of the counting rules, number by number, through the actions that the program uses: people and where they
//! worked, four class runs, a flagged completion accepted, one voided, a class outside the system with its second person,
//! and a seal taken in the middle of it.

use std::collections::BTreeMap;

use nongcot::{
    access::{Actor, Category, PersonId},
    accounts::{
        actions as accounts,
        model::{NewMembership, NewPerson},
    },
    courses::model::VersionId,
    learning::{
        actions as learning,
        model::{Entry, RunId},
        queries as learnt,
    },
    organisations::model::UnitKind,
    platform::{
        db::{Database, DbConn},
        error::Result,
    },
    site,
    targets::{
        actions,
        model::{Figures, Metric, NewOutside, NewTarget, Target, seal::SealId},
        queries::{self, Cause, Scope, View},
    },
};

use crate::{
    records::{at, write},
    support::{self, TestDatabase, classes, unit_id},
    targets::{assert_verified, day, days, figures, illustration, level, read, rows, split, table},
};

/// Everything that happened, and the seal of the first half year that was taken on 01/07/2025 at 00:00.
pub struct Story {
    pub held: TestDatabase,
    pub target: Target,
    pub share: Target,
    pub people: BTreeMap<&'static str, PersonId>,
    pub half: SealId,
    /// Its text as it was handed out on that day.
    pub text: String,
}

fn person(c: &mut DbConn, name: &str, category: Category, places: &[(&str, &str)]) -> Result<PersonId> {
    let (by, now) = (Actor::system(), at("2025-01-02"));
    let person = accounts::create_person(c, &by, now, &NewPerson::named(&format!("Học viên Minh họa {name}")))?.id;
    for (unit, from) in places {
        let position = "Chuyên viên".to_owned();
        let membership = NewMembership { unit: unit_id(c, unit)?, position, category, from: day(from) };
        accounts::join_unit(c, &by, now, person, &membership)?;
    }
    Ok(person)
}

/// The person completes both lessons of the run at that moment; `hours` before it the first was opened.
pub fn complete(c: &mut DbConn, run: RunId, person: PersonId, course: &str, at_text: &str, hours: i64) -> Result<()> {
    let (by, end) = (Actor { person: Some(person), ..Actor::default() }, at(at_text));
    let enrolment = learnt::enrolment_of(c, run, person)?.expect("an enrolment").id;
    let begun = end - chrono::TimeDelta::hours(hours);
    for lesson in ["mot", "hai"] {
        let key = format!("{course}-{lesson}");
        learning::open_lesson(c, begun, enrolment, &key)?;
        learning::complete_item(c, end, &by, enrolment, &key, &site::OBSERVERS)?;
    }
    Ok(())
}

fn open(
    c: &mut DbConn,
    code: &str,
    version: VersionId,
    organiser: &str,
    span: (&str, &str),
    on: &str,
    people: &[PersonId],
) -> Result<RunId> {
    let run = classes::run(c, at(on), code, version, organiser, span)?.id;
    for person in people {
        learning::enrol(c, at(on), &Actor::system(), run, *person, &Entry::Listed)?;
    }
    Ok(run)
}

pub async fn story() -> Story {
    let held = support::seeded_database().await;
    let Told { target, share, people, half, text } = tell(&held.db).await;
    Story { held, target, share, people, half, text }
}

/// The same in a database that is there.
pub struct Told {
    pub target: Target,
    pub share: Target,
    pub people: BTreeMap<&'static str, PersonId>,
    pub half: SealId,
    pub text: String,
}

/// Lets everything happen in a database.
pub async fn tell(db: &Database) -> Told {
    let (people, target, share, versions) = write(db, |c| {
        let now = at("2025-01-01");
        let cb08 = classes::bring_in(c, now, &classes::small("CB-08", "cb-08", "Cơ bản", "một"))?;
        let kt01 = classes::bring_in(c, now, &classes::small("KT-01", "kt-01", "Kiến trúc", "hai"))?;
        use Category::{Leaders, Other, Technology};
        let people: BTreeMap<&'static str, PersonId> = [
            ("A", Other, &[("P15", "2020-01-01"), ("P15-2025", "2025-07-01")][..]),
            ("B", Leaders, &[("P10", "2020-01-01"), ("P15-2025", "2025-07-01")]),
            ("C", Technology, &[("BTTTT", "2020-01-01"), ("BKHCN-2025", "2025-03-01")]),
            ("D", Technology, &[("BKHCN-2025", "2025-03-01")]),
            ("E", Other, &[("P15-2025", "2025-07-01")]),
            ("F", Technology, &[("P10", "2020-01-01"), ("P15-2025", "2025-07-01")]),
            ("G", Leaders, &[("P15", "2020-01-01"), ("P15-2025", "2025-07-01")]),
            ("H", Leaders, &[("BTTTT", "2020-01-01")]),
            ("Nhập", Other, &[("P15-2025", "2025-07-01")]),
            ("Duyệt", Other, &[("BKHCN-2025", "2025-03-01")]),
        ]
        .into_iter()
        .map(|(name, category, places)| Ok((name, person(c, name, category, places)?)))
        .collect::<Result<_>>()?;
        let new = illustration("minh-hoa-2025", &["CB-08", "KT-01"]);
        let share = NewTarget {
            code: "minh-hoa-co-quan".to_owned(),
            metric: Metric::Agencies,
            required: 80,
            kinds: vec![
                UnitKind::Ministry,
                UnitKind::MinisterialAgency,
                UnitKind::GovernmentAgency,
                UnitKind::CentralCity,
                UnitKind::Province,
            ],
            ..new.clone()
        };
        let target = actions::create(c, &Actor::system(), now, &new)?;
        let share = actions::create(c, &Actor::system(), now, &share)?;
        Ok((people, target, share, (cb08, kt01)))
    })
    .await;
    let half = first_half(db, &people, &target, versions).await;
    let text = read(db, move |c| queries::seal_text(c, half)).await;
    second_half(db, &people, versions).await;
    Told { target, share, people, half, text }
}

/// What was recorded until 01/07/2025 00:00, and the seal of that moment.
async fn first_half(
    db: &Database,
    people: &BTreeMap<&'static str, PersonId>,
    target: &Target,
    (cb08, kt01): (VersionId, VersionId),
) -> SealId {
    let (people, id) = (people.clone(), target.id);
    write(db, move |c| {
        let of = |names: &[&str]| names.iter().map(|name| people[name]).collect::<Vec<_>>();
        let r0 = open(c, "R0", kt01, "BTTTT", ("2025-02-15", "2025-03-31"), "2025-02-10", &of(&["C", "H"]))?;
        complete(c, r0, people["H"], "kt-01", "2025-02-28", 2)?;
        complete(c, r0, people["C"], "kt-01", "2025-03-10", 2)?;
        let all = of(&["A", "B", "F"]);
        let r1 = open(c, "R1", cb08, "BKHCN-2025", ("2025-06-10", "2025-08-31"), "2025-06-05", &all)?;
        complete(c, r1, people["B"], "cb-08", "2025-06-20", 2)?;
        complete(c, r1, people["F"], "cb-08", "2025-06-25", 0)?;
        let moment = at("2025-07-01 00:00:00");
        let prepared = queries::prepare(c, id, days("2025-01-01", "2025-06-30"), moment, moment)?;
        let half = actions::prepare_seal(c, &classes::as_person(people["Nhập"]), moment, prepared)?;
        crate::targets::sign_seal(c, &classes::as_person(people["Duyệt"]), at("2025-07-01 09:00:00"), half)?;
        Ok(half)
    })
    .await
}

/// What was recorded after that, in the order in which it was.
async fn second_half(db: &Database, people: &BTreeMap<&'static str, PersonId>, (cb08, kt01): (VersionId, VersionId)) {
    let people = people.clone();
    write(db, move |c| {
        let of = |names: &[&str]| names.iter().map(|name| people[name]).collect::<Vec<_>>();
        let (enters, decides) = (classes::as_person(people["Nhập"]), classes::as_person(people["Duyệt"]));
        let r0 = learnt::run_by_code(c, "R0")?.id;
        let r1 = learnt::run_by_code(c, "R1")?.id;
        complete(c, r1, people["A"], "cb-08", "2025-07-05", 2)?;
        let course = learnt::run_by_code(c, "R1")?.course_id.0;
        let class = NewOutside {
            course,
            organiser: unit_id(c, "P15")?,
            days: days("2025-05-19", "2025-05-20"),
            decision: "Quyết định số 12/QĐ-MH ngày 12/5/2025".to_owned(),
            people: of(&["G"]),
        };
        let class = actions::enter_outside(c, &enters, at("2025-07-10"), &class)?;
        actions::confirm_outside(c, &decides, at("2025-07-12"), class)?;
        let completion = |c: &mut DbConn, run, name: &str| {
            let enrolment = learnt::enrolment_of(c, run, people[name])?.expect("an enrolment").id;
            Ok::<_, nongcot::platform::Error>(learnt::completion_of(c, enrolment)?.expect("a completion"))
        };
        let flagged = completion(c, r1, "F")?;
        learning::accept(c, at("2025-07-15"), &decides, flagged, "Đã xem lại", &site::OBSERVERS)?;
        let r2 = open(c, "R2", kt01, "BKHCN-2025", ("2025-08-01", "2025-12-31"), "2025-07-25", &of(&["A", "D"]))?;
        complete(c, r2, people["A"], "kt-01", "2025-08-20", 2)?;
        let voided = completion(c, r0, "H")?;
        learning::void(c, at("2025-09-01"), &decides, voided, "Gian lận", &site::OBSERVERS)?;
        let r3 = open(c, "R3", cb08, "BKHCN-2025", ("2025-10-01", "2026-02-28"), "2025-09-25", &of(&["B", "E"]))?;
        complete(c, r3, people["B"], "cb-08", "2025-10-30", 2)?;
        complete(c, r2, people["D"], "kt-01", "2025-12-31 23:59:59", 2)?;
        complete(c, r3, people["E"], "cb-08", "2026-01-01 00:00:00", 2)
    })
    .await;
}

#[tokio::test]
async fn the_worked_example_number_by_number() {
    let story = story().await;
    let (db, target) = (&story.held.db, &story.target);

    let recorded = level(db, target, View::AsRecorded).await;
    assert_eq!(recorded.total, split((8, 6), (3, 2), (3, 3), (2, 1)));
    assert_eq!(
        rows(&recorded),
        table([
            ("P15", split((2, 2), (1, 1), (0, 0), (1, 1))),
            ("P10", split((2, 2), (1, 1), (1, 1), (0, 0))),
            ("P15-2025", split((2, 0), (1, 0), (0, 0), (1, 0))),
            ("BTTTT", split((1, 1), (0, 0), (1, 1), (0, 0))),
            ("BKHCN-2025", split((1, 1), (0, 0), (1, 1), (0, 0))),
        ])
    );
    let as_of = level(db, target, View::AsOf(day("2025-12-31"))).await;
    assert_eq!(as_of.total, recorded.total);
    assert_eq!(
        rows(&as_of),
        table([
            ("P15-2025", split((6, 4), (3, 2), (1, 1), (2, 1))),
            ("BKHCN-2025", split((2, 2), (0, 0), (2, 2), (0, 0))),
        ])
    );

    let id = target.id;
    let mut halves = Figures::default();
    for (part, expected) in
        [(days("2025-01-01", "2025-06-30"), figures(4, 4)), (days("2025-07-01", "2025-12-31"), figures(4, 2))]
    {
        let got = read(db, move |c| queries::split(c, id, part, &Scope::Nation)).await.total;
        assert_eq!(got, expected, "{part:?}");
        halves += got;
    }
    assert_eq!(halves, recorded.total.total, "the halves add up");
    assert_verified(db).await;
}

/// Who stands behind the turns of what is sealed.
async fn sealed(
    story: &Story,
    part: (&str, &str),
    known: &str,
) -> (queries::Prepared, BTreeMap<&'static str, usize>, Vec<&'static str>) {
    let (id, part, known) = (story.target.id, days(part.0, part.1), at(known));
    let prepared = read(&story.held.db, move |c| queries::prepare(c, id, part, known, at("2026-01-01 00:00:00"))).await;
    let name = |hidden: &str| {
        let (_, _, person) = prepared.salts.iter().find(|(commitment, _, _)| commitment == hidden).expect("a salt");
        *story.people.iter().find(|(_, id)| *id == person).expect("a person").0
    };
    let turns = prepared.content.people.iter().map(|p| (name(&p.person), p.turns.len())).collect();
    let mut counted: Vec<&str> =
        prepared.content.people.iter().filter(|p| p.counted_by.is_some()).map(|p| name(&p.person)).collect();
    counted.sort_unstable();
    (prepared, turns, counted)
}

#[tokio::test]
async fn the_figures_known_at_any_moment_come_from_the_events() {
    let story = story().await;
    let year = ("2025-01-01", "2025-12-31");
    let (whole, _, people) = sealed(&story, year, "2026-01-01 00:00:00").await;
    assert_eq!(whole.content.figures, split((8, 6), (3, 2), (3, 3), (2, 1)));
    assert_eq!(people, ["A", "B", "C", "D", "F", "G"]);
    let by_unit: BTreeMap<String, _> = whole.content.units.iter().map(|u| (u.code.clone(), u.figures)).collect();
    assert_eq!(by_unit, rows(&level(&story.held.db, &story.target, View::AsRecorded).await));

    let first = ("2025-01-01", "2025-06-30");
    let (then, _, people) = sealed(&story, first, "2025-07-01 00:00:00").await;
    assert_eq!((then.content.figures.total, people), (figures(3, 3), vec!["B", "C", "H"]));
    let (later, _, people) = sealed(&story, first, "2026-01-01 00:00:00").await;
    assert_eq!((later.content.figures.total, people), (figures(4, 4), vec!["B", "C", "F", "G"]));
    // Between the confirmation, the acceptance and the voiding.
    for (known, expected) in [("2025-07-11", 3), ("2025-07-13", 4), ("2025-07-16", 5), ("2025-09-02", 4)] {
        let (between, _, _) = sealed(&story, first, known).await;
        assert_eq!(between.content.figures.total, figures(expected, expected), "{known}");
    }
    let (second, turns, people) = sealed(&story, ("2025-07-01", "2025-12-31"), "2026-01-01 00:00:00").await;
    assert_eq!((second.content.figures.total, people), (figures(4, 2), vec!["A", "D"]));
    assert_eq!(turns, [("A", 2), ("B", 1), ("D", 1)].into());
}

#[tokio::test]
async fn the_seal_of_the_half_year_and_what_was_recorded_since() {
    let story = story().await;
    let half = story.half;
    let (text, found) = read(&story.held.db, move |c| {
        let (row, content) = (queries::seal(c, half)?, queries::seal_content(c, half)?);
        Ok((queries::seal_text(c, half)?, queries::adjustments(c, &row, &content)?))
    })
    .await;
    assert_eq!(text, story.text, "byte for byte as on the day it was signed");
    assert_eq!((found.sealed, found.now), (figures(3, 3), figures(4, 4)));
    let name = |id: PersonId| *story.people.iter().find(|(_, person)| **person == id).expect("a person").0;
    let lines: Vec<_> = found.lines.iter().map(|l| (name(l.person), l.at, l.cause, l.change)).collect();
    assert_eq!(
        lines,
        [
            ("G", at("2025-07-12"), Cause::Outside, figures(1, 1)),
            ("F", at("2025-07-15"), Cause::Accepted, figures(1, 1)),
            ("H", at("2025-09-01"), Cause::Voided, figures(-1, -1)),
        ]
    );
    let mut sum = found.sealed;
    found.lines.iter().for_each(|line| sum += line.change);
    assert_eq!(sum, found.now);
    assert_verified(&story.held.db).await;
}

#[tokio::test]
async fn two_of_fifty_six_agencies_organised() {
    let story = story().await;
    let target = story.share.clone();
    let found = read(&story.held.db, move |c| queries::agencies(c, &target, day("2026-11-23"))).await;
    let share = found.share();
    assert_eq!((share.organised, share.all, share.on), (2, 56, day("2025-12-31")));
    let organised: BTreeMap<&str, i64> =
        found.rows.iter().filter(|row| row.turns > 0).map(|row| (row.unit.code.as_str(), row.turns)).collect();
    // G's class of P15; six turns of the ministry's own runs and C's of R0, carried from BTTTT.
    assert_eq!(organised, [("P15-2025", 1), ("BKHCN-2025", 7)].into());
    assert!(!share.reaches(80) && found.others.is_empty());
    let count = |kind| found.rows.iter().filter(|row| row.unit.kind == kind).count();
    assert_eq!([UnitKind::Ministry, UnitKind::MinisterialAgency, UnitKind::GovernmentAgency].map(count), [14, 3, 5],);
    assert_eq!(count(UnitKind::Province) + count(UnitKind::CentralCity), 34);
}
