//! Counting from events with given facts: part by part, in both views; and that counters stay true under any order and any
//! race. The worked example through the actions is in `targets_example`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::{prelude::*, sql_query};
use nongcot::{
    access::{Actor, Category, UnitId},
    platform::db::{Database, DbConn, Moment},
    targets::{
        actions,
        model::{
            Days, Figures, Metric, NewTarget, Rule, Split, Tally, Target, TargetState, Terms,
            seal::{Seal, SealId},
        },
        queries::{self, Scope, View},
    },
};

use crate::records::{self, Completed, at, changed, completed, fresh, write};

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn days(from: &str, to: &str) -> Days {
    Days { from: day(from), to: day(to) }
}

pub fn figures(turns: i64, people: i64) -> Figures {
    Figures { turns, people }
}

/// turns and people: in all, leaders, technology, other.
pub fn split(all: (i64, i64), leaders: (i64, i64), technology: (i64, i64), other: (i64, i64)) -> Split {
    let [total, leaders, technology, other] = [all, leaders, technology, other].map(|(t, p)| figures(t, p));
    Split { total, leaders, technology, other }
}

pub fn illustration(code: &str, courses: &[&str]) -> NewTarget {
    NewTarget {
        code: code.to_owned(),
        title_vi: "Minh họa 2025".to_owned(),
        title_en: "Illustration 2025".to_owned(),
        metric: Metric::People,
        required: 10,
        period: days("2025-01-01", "2025-12-31"),
        state: TargetState::InForce,
        basis_vi: "Minh họa".to_owned(),
        basis_en: "Illustration".to_owned(),
        is_illustration: true,
        courses: courses.iter().map(|c| (*c).to_owned()).collect(),
        kinds: Vec::new(),
        terms: Terms::default(),
    }
}

#[derive(Clone)]
pub struct Example {
    pub target: Target,
    pub units: BTreeMap<&'static str, UnitId>,
    pub people: BTreeMap<&'static str, i64>,
    pub courses: BTreeMap<&'static str, i64>,
}

/// The organisations and people of the example, before anything happened.
pub async fn example(db: &Database) -> Example {
    write(db, |c| {
        let mut units = BTreeMap::new();
        for (code, kind, from, to) in [
            ("P15", "province", Some("2008-08-01"), Some("2025-06-30")),
            ("P10", "province", Some("2008-08-01"), Some("2025-06-30")),
            ("P15-2025", "province", Some("2025-07-01"), None),
            ("BTTTT", "ministry", Some("2007-07-31"), Some("2025-02-28")),
            ("BKHCN", "ministry", Some("2007-07-31"), Some("2025-02-28")),
            ("BKHCN-2025", "ministry", Some("2025-03-01"), None),
            ("BVHTTDL", "ministry", Some("2007-07-31"), None),
        ] {
            units.insert(code, records::unit(c, code, kind, from, to));
        }
        for (from, to, position) in [
            ("P15", "P15-2025", 0),
            ("P10", "P15-2025", 0),
            ("BTTTT", "BKHCN-2025", 0),
            ("BTTTT", "BVHTTDL", 1),
            ("BKHCN", "BKHCN-2025", 0),
        ] {
            records::succeeded(c, units[from], units[to], position);
        }
        let people = ["A", "B", "C", "D", "E", "F", "G", "H"].map(|code| (code, records::person(c, code)));
        let courses = ["CB-08", "KT-01", "LD-03"].map(|code| (code, records::course(c, code)));
        let new = illustration("minh-hoa-2025", &["CB-08", "KT-01"]);
        let target = actions::create(c, &Actor::system(), at("2025-01-01"), &new)?;
        Ok(Example { target, units, people: people.into(), courses: courses.into() })
    })
    .await
}

/// One line of the table of counting.md.
pub struct Line(&'static str, &'static str, &'static str, &'static str, Category, bool, &'static str, &'static str);

impl Example {
    pub fn event(&self, line: &Line) -> Completed<'static> {
        let Line(person, course, organiser, unit, category, flagged, occurred, recorded) = *line;
        Completed {
            person: self.people[person],
            course: self.courses[course],
            organiser: self.units[organiser],
            unit: self.units[unit],
            category,
            flagged,
            occurred,
            recorded,
        }
    }
}

use Category::{Leaders, Other, Technology};

/// What was completed, in the order in which it became known. Units are frozen at the start of each run.
pub const COMPLETED: [Line; 10] = [
    Line("H", "KT-01", "BTTTT", "BTTTT", Leaders, false, "2025-02-28", "2025-02-28"),
    Line("C", "KT-01", "BTTTT", "BTTTT", Technology, false, "2025-03-10", "2025-03-10"),
    Line("B", "CB-08", "BKHCN-2025", "P10", Leaders, false, "2025-06-20", "2025-06-20"),
    Line("F", "CB-08", "BKHCN-2025", "P10", Technology, true, "2025-06-25", "2025-06-25"),
    Line("A", "CB-08", "BKHCN-2025", "P15", Other, false, "2025-07-05", "2025-07-05"),
    Line("G", "CB-08", "P15", "P15", Leaders, false, "2025-05-20 17:00:00", "2025-07-12"),
    Line("A", "KT-01", "BKHCN-2025", "P15-2025", Other, false, "2025-08-20", "2025-08-20"),
    Line("B", "CB-08", "BKHCN-2025", "P15-2025", Leaders, false, "2025-10-30", "2025-10-30"),
    Line("D", "KT-01", "BKHCN-2025", "BKHCN-2025", Technology, false, "2025-12-31 23:59:59", "2025-12-31 23:59:59"),
    Line("E", "CB-08", "BKHCN-2025", "P15-2025", Other, false, "2026-01-01 00:00:00", "2026-01-01 00:00:00"),
];
const FLAGGED: usize = 3;
const VOIDED: usize = 0;

/// Writes the example down in some order of the completions, each counted in its transaction.
async fn happen(db: &Database, example: &Example, order: &[usize]) {
    let mut ids = BTreeMap::new();
    for &index in order {
        let held = example.clone();
        let id = write(db, move |c| {
            let id = completed(c, &held.event(&COMPLETED[index]));
            actions::count_completion(c, id)?;
            Ok(id)
        })
        .await;
        ids.insert(index, id);
    }
    for (index, kind, recorded) in [(FLAGGED, "accepted", "2025-07-15"), (VOIDED, "voided", "2025-09-01")] {
        let (held, id) = (example.clone(), ids[&index]);
        write(db, move |c| {
            changed(c, kind, id, &held.event(&COMPLETED[index]), recorded);
            actions::count_completion(c, id)
        })
        .await;
    }
}

pub async fn in_order(db: &Database) -> Example {
    let example = example(db).await;
    happen(db, &example, &(0..COMPLETED.len()).collect::<Vec<_>>()).await;
    example
}

pub async fn read<T: Send + 'static>(
    db: &Database,
    f: impl FnOnce(&mut DbConn) -> nongcot::platform::Result<T> + Send + 'static,
) -> T {
    db.read(f).await.unwrap()
}

pub async fn level(db: &Database, target: &Target, view: View) -> queries::Level {
    let target = target.clone();
    read(db, move |c| queries::level(c, &target, target.period(), view, &Scope::Nation, None)).await
}

pub fn rows(level: &queries::Level) -> BTreeMap<String, Split> {
    level.rows.iter().map(|r| (r.unit.code.clone(), r.split)).collect()
}

pub fn table<const N: usize>(rows: [(&str, Split); N]) -> BTreeMap<String, Split> {
    rows.map(|(code, split)| (code.to_owned(), split)).into()
}

/// Signs what waits, in the two steps in which a page does it.
pub fn sign_seal(c: &mut DbConn, by: &Actor, now: Moment, id: SealId) -> nongcot::platform::Result<Seal> {
    let signing = actions::draft_seal(c, by, now, id)?;
    actions::put_seal(c, by, now, &signing)?.expect("nobody signed meanwhile");
    Ok(Seal::read(&queries::seal_text(c, id)?).expect("a sound seal"))
}

pub async fn assert_verified(db: &Database) {
    assert_eq!(read(db, queries::verify).await, Vec::<String>::new());
}

fn as_recorded() -> BTreeMap<String, Split> {
    table([
        ("P15", split((2, 2), (1, 1), (0, 0), (1, 1))),
        ("P10", split((2, 2), (1, 1), (1, 1), (0, 0))),
        ("P15-2025", split((2, 0), (1, 0), (0, 0), (1, 0))),
        ("BTTTT", split((1, 1), (0, 0), (1, 1), (0, 0))),
        ("BKHCN-2025", split((1, 1), (0, 0), (1, 1), (0, 0))),
    ])
}

#[tokio::test]
async fn given_facts_give_the_figures_of_the_worked_example() {
    let (db, _dir) = fresh().await;
    let example = in_order(&db).await;

    let recorded = level(&db, &example.target, View::AsRecorded).await;
    assert_eq!(recorded.total, split((8, 6), (3, 2), (3, 3), (2, 1)));
    assert_eq!(rows(&recorded), as_recorded());

    let as_of = level(&db, &example.target, View::AsOf(day("2025-12-31"))).await;
    assert_eq!(as_of.total, recorded.total);
    assert_eq!(
        rows(&as_of),
        table([
            ("P15-2025", split((6, 4), (3, 2), (1, 1), (2, 1))),
            ("BKHCN-2025", split((2, 2), (0, 0), (2, 2), (0, 0))),
        ])
    );
    assert_eq!(as_of.rows[0].unit.code, "P15-2025", "the most stands first");

    let id = example.target.id;
    for (part, expected) in [
        (days("2025-01-01", "2025-06-30"), figures(4, 4)),
        (days("2025-07-01", "2025-12-31"), figures(4, 2)),
        (days("2025-01-01", "2025-12-31"), figures(8, 6)),
        (days("2025-12-31", "2025-12-31"), figures(1, 1)),
    ] {
        let got = read(&db, move |c| queries::split(c, id, part, &Scope::Nation)).await;
        assert_eq!(got.total, expected, "{part:?}");
    }
    assert_verified(&db).await;
}

/// What a seal of that moment will hold, and what was recorded since.
#[tokio::test]
async fn what_was_known_at_the_first_of_july() {
    let (db, _dir) = fresh().await;
    let example = in_order(&db).await;
    let people = example.people.clone();
    let courses = vec![example.courses["CB-08"], example.courses["KT-01"]];
    let of = |period: Days, known: Option<Moment>| {
        let courses = courses.clone();
        let db = db.clone();
        async move {
            let facts = read(&db, {
                let courses = courses.clone();
                move |c| {
                    queries::facts_of_people(c, &courses, nongcot::access::PersonId(1), nongcot::access::PersonId(1000))
                }
            })
            .await;
            Tally::of(Rule { courses: &courses, period }, &facts, known)
        }
    };
    let half = days("2025-01-01", "2025-06-30");
    let sealed = of(half, Some(at("2025-07-01 00:00:00"))).await;
    assert_eq!(sealed.total(), figures(3, 3));
    let who: Vec<i64> = sealed.people.keys().map(|p| p.0).collect();
    assert_eq!(who, [people["B"], people["C"], people["H"]]);
    let later = of(half, Some(at("2026-01-01 00:00:00"))).await;
    assert_eq!(later.total(), figures(4, 4));
    let who: Vec<i64> = later.people.keys().map(|p| p.0).collect();
    assert_eq!(who, [people["B"], people["C"], people["F"], people["G"]]);
    assert_eq!(of(days("2026-01-01", "2026-12-31"), None).await.total(), figures(1, 1), "E counts in 2026 only");
}

/// A person's first turn may become known last: the order in which events arrive must not matter.
#[tokio::test]
async fn any_order_of_arrival_gives_the_same_figures() {
    for order in [[9, 8, 7, 6, 5, 4, 3, 2, 1, 0], [5, 0, 7, 2, 9, 4, 1, 6, 3, 8]] {
        let (db, _dir) = fresh().await;
        let example = example(&db).await;
        happen(&db, &example, &order).await;
        assert_eq!(rows(&level(&db, &example.target, View::AsRecorded).await), as_recorded());
        assert_verified(&db).await;
    }
}

#[tokio::test]
async fn counting_twice_changes_nothing() {
    let (db, _dir) = fresh().await;
    let example = in_order(&db).await;
    for _ in 0..2 {
        write(&db, |c| {
            (1..=12).try_for_each(|id| match queries::facts(c, &[id])?.is_empty() {
                true => Ok(()),
                false => actions::count_completion(c, id),
            })
        })
        .await;
    }
    assert_eq!(rows(&level(&db, &example.target, View::AsRecorded).await), as_recorded());
    assert_verified(&db).await;
}

/// A target that comes after its completions ends where it would have been.
#[tokio::test]
async fn a_late_target_counts_what_was_before_it() {
    let (db, _dir) = fresh().await;
    let example = in_order(&db).await;
    let late = write(&db, |c| {
        actions::create(c, &Actor::system(), at("2026-02-01"), &illustration("den-sau", &["CB-08", "KT-01", "XX-99"]))
    })
    .await;
    assert_eq!(rows(&level(&db, &late, View::AsRecorded).await), as_recorded());
    assert_eq!(rows(&level(&db, &example.target, View::AsRecorded).await), as_recorded());
    assert_verified(&db).await;
}

/// Many completions of few people at once, some accepted and voided meanwhile: no turn is lost, nobody counts twice, nothing waits
/// in a circle.
#[tokio::test]
async fn simultaneous_completions_keep_the_counters_true() {
    let (db, _dir) = fresh().await;
    let example = example(&db).await;
    write(&db, |c| {
        actions::create(c, &Actor::system(), at("2025-01-01"), &illustration("thu-hai", &["KT-01"])).map(drop)
    })
    .await;
    let mut running = tokio::task::JoinSet::new();
    for n in 0..60_u32 {
        let (db, example) = (db.clone(), example.clone());
        running.spawn(async move {
            let occurred = format!("2025-{:02}-{:02}", 1 + (n * 7) % 12, 1 + (n * 5) % 28);
            let event = move || Completed {
                person: example.people[["A", "B", "C"][(n % 3) as usize]],
                course: example.courses[["KT-01", "CB-08"][(n % 2) as usize]],
                organiser: example.units["BKHCN-2025"],
                unit: example.units[["P15", "P10", "BTTTT"][(n % 3) as usize]],
                category: [Leaders, Technology, Other][(n / 3 % 3) as usize],
                flagged: n % 4 == 0,
                occurred: Box::leak(occurred.clone().into_boxed_str()),
                recorded: "2026-01-01",
            };
            let (first, second) = (event.clone(), event);
            let id = db
                .write("test", move |c| {
                    let id = completed(c, &first());
                    actions::count_completion(c, id).map(|()| id)
                })
                .await
                .unwrap();
            if n % 4 == 0 || n % 5 == 0 {
                let kind = if n % 5 == 0 { "voided" } else { "accepted" };
                db.write("test", move |c| {
                    changed(c, kind, id, &second(), "2026-01-02");
                    actions::count_completion(c, id)
                })
                .await
                .unwrap();
            }
        });
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
    assert_verified(&db).await;
    let id = example.target.id;
    let all = read(&db, move |c| queries::split(c, id, days("2025-01-01", "2025-12-31"), &Scope::Nation)).await;
    assert_eq!(all.total, figures(48, 3));
}

#[tokio::test]
async fn verify_names_each_difference() {
    let (db, _dir) = fresh().await;
    in_order(&db).await;
    write(&db, |c| {
        sql_query("UPDATE target_counts SET people = people + 1 WHERE turns = 1 AND category = 'other'").execute(c)?;
        sql_query("DELETE FROM counted_turns WHERE day = '2025-12-31'").execute(c)?;
        Ok(())
    })
    .await;
    let found = read(&db, queries::verify).await;
    assert!(found.iter().any(|f| f.contains("the counter of") && f.contains("other")), "{found:#?}");
    assert!(found.iter().any(|f| f.contains("the turn of completion") && f.contains("is missing")), "{found:#?}");
}

/// What cannot be carried to the day of the view is shown apart, and the total still agrees.
#[tokio::test]
async fn what_cannot_be_converted_stands_apart() {
    let (db, _dir) = fresh().await;
    let example = in_order(&db).await;
    let early = level(&db, &example.target, View::AsOf(day("2025-06-30"))).await;
    assert_eq!(early.total, split((8, 6), (3, 2), (3, 3), (2, 1)));
    let apart: Vec<&str> = early.unconverted.iter().map(|r| r.unit.code.as_str()).collect();
    assert_eq!(apart, ["P15-2025"], "made of two provinces, it has no one predecessor");
    assert_eq!(early.unconverted[0].split.total, figures(2, 0));
}

/// An office that moved to another ministry adds to each while it stood there.
#[tokio::test]
async fn a_unit_adds_to_what_it_stood_under_on_the_day() {
    let (db, _dir) = fresh().await;
    let example = example(&db).await;
    let held = example.clone();
    let office = write(&db, move |c| {
        let office = records::unit(c, "CDSQG", "directorate", Some("2022-07-26"), None);
        records::placed(c, office, held.units["BTTTT"], Some("2022-07-26"), Some("2025-02-28"));
        records::placed(c, office, held.units["BKHCN-2025"], Some("2025-03-01"), None);
        for (person, occurred) in [("A", "2025-02-28"), ("B", "2025-03-01"), ("C", "2025-03-02")] {
            let mut event = held.event(&COMPLETED[8]);
            (event.person, event.unit, event.occurred, event.recorded) =
                (held.people[person], office, occurred, occurred);
            let id = completed(c, &event);
            actions::count_completion(c, id)?;
        }
        Ok(office)
    })
    .await;
    let totals = |level: &queries::Level| -> BTreeMap<String, i64> {
        level.rows.iter().map(|r| (r.unit.code.clone(), r.split.total.turns)).collect()
    };
    let recorded = level(&db, &example.target, View::AsRecorded).await;
    assert_eq!(totals(&recorded), [("BTTTT".to_owned(), 1), ("BKHCN-2025".to_owned(), 2)].into());
    assert!(recorded.rows.iter().all(|r| r.has_parts));
    let as_of = level(&db, &example.target, View::AsOf(day("2025-12-31"))).await;
    assert_eq!(totals(&as_of), [("BKHCN-2025".to_owned(), 3)].into());

    // Down one level, and the officer of the office alone.
    let (target, ministry) = (example.target.clone(), example.units["BKHCN-2025"]);
    let below = read(&db, move |c| {
        queries::level(c, &target, target.period(), View::AsRecorded, &Scope::Nation, Some(ministry))
    })
    .await;
    assert_eq!(totals(&below), [("CDSQG".to_owned(), 2)].into());
    let target = example.target.clone();
    let own = read(&db, move |c| {
        queries::level(c, &target, target.period(), View::AsRecorded, &Scope::Units(vec![office]), None)
    })
    .await;
    assert_eq!(totals(&own), [("CDSQG".to_owned(), 3)].into());
}
