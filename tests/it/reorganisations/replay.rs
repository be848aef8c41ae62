//! What became of ministries and provinces in 2025 and 2026, done again through the pages on the tree of 2024, with people in the middle of
//! courses: in the end the tree is the shipped one, row by row.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use nongcot::{
    access::{Actor, Role},
    learning::{actions as learning, model::Entry},
    organisations::{
        actions::{self, List},
        queries,
    },
    platform::db::schema::{unit_placements, unit_successions, units},
    targets::{actions as targets, queries::View},
};

use super::{change, place, places};
use crate::{
    records::at,
    support::{self, TestApp, classes},
    targets::{day, figures, illustration, level, rows},
    targets_example::complete,
};

type Record = BTreeMap<String, String>;

/// The days on which something changes, and when it is entered here: before, and one of them after.
const DATES: [(&str, &str); 4] = [
    ("2025-01-01", "2024-12-20"),
    ("2025-03-01", "2025-02-25"),
    ("2025-07-01", "2025-06-20"),
    ("2026-04-30", "2026-05-04"),
];
const BEFORE: &str = "2024-12-31";

fn table(list: &List) -> Vec<Record> {
    let mut reader = csv::Reader::from_reader(list.text.as_bytes());
    reader.deserialize().map(|record| record.unwrap()).collect()
}

/// The shipped lists as somebody would have written them at the end of 2024.
fn before() -> Vec<List> {
    let mut given: BTreeSet<String> = BTreeSet::new();
    let mut lists = Vec::new();
    for list in actions::shipped() {
        let is_units = list.name != "placements.csv";
        let mut text = String::from(if is_units {
            "code,name_vi,name_en,kind,valid_from,valid_to,successors\n"
        } else {
            "code,parent,valid_from,valid_to\n"
        });
        for mut row in table(&list) {
            if row["valid_from"].as_str() > BEFORE {
                continue;
            }
            if row["valid_to"].as_str() >= BEFORE {
                row.insert("valid_to".to_owned(), String::new());
                row.insert("successors".to_owned(), String::new());
            }
            let quoted = |name: &str| format!("\"{}\"", row[name].replace('"', "\"\""));
            let names: &[&str] = if is_units {
                given.insert(row["code"].clone());
                &["code", "name_vi", "name_en", "kind", "valid_from", "valid_to", "successors"]
            } else {
                &["code", "parent", "valid_from", "valid_to"]
            };
            text.push_str(&names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(","));
            text.push('\n');
        }
        lists.push(List { name: list.name, text });
    }
    lists
}

/// One change of the history: its kind and what is typed into its form.
struct Step {
    kind: &'static str,
    fields: Vec<(String, String)>,
}

/// The changes of a day, from the top of the tree to the bottom, as the shipped list tells them.
fn steps(on: &str) -> Vec<Step> {
    let lists = actions::shipped();
    let mut found = Vec::new();
    let units: Vec<Record> = lists.iter().filter(|list| list.name != "placements.csv").flat_map(table).collect();
    let by_code: BTreeMap<&str, &Record> = units.iter().map(|unit| (unit["code"].as_str(), unit)).collect();
    let last = day(on).pred_opt().unwrap().to_string();
    // Ministries and provinces, then what stands under them, then the centres under that.
    let level = |unit: &Record| match unit["kind"].as_str() {
        "centre" => 2,
        "department" | "directorate" => 1,
        _ => 0,
    };
    let mut begun: BTreeSet<String> = BTreeSet::new();
    for depth in 0..3 {
        let ended: Vec<&Record> =
            units.iter().filter(|unit| unit["valid_to"] == last && level(unit) == depth).collect();
        let mut groups: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
        for unit in &ended {
            let into: Vec<&str> = unit["successors"].split('|').collect();
            if let [main] = into.as_slice() {
                groups.entry((*main).to_owned()).or_default().push(unit);
                continue;
            }
            // What went into several is split first: its main successor is there when the others go into it.
            let mut fields = vec![("units".to_owned(), unit["code"].clone())];
            for (n, code) in (1..).zip(into) {
                fields.extend(taker(n, by_code[code], on, &mut begun));
            }
            found.push(Step { kind: "split", fields });
        }
        for (main, from) in groups {
            let codes: Vec<String> = from.iter().map(|unit| unit["code"].clone()).collect();
            let mut fields = vec![("units".to_owned(), codes.join("\n"))];
            let is_new = by_code[main.as_str()]["valid_from"] == on && !begun.contains(&main);
            fields.extend(taker(1, by_code[main.as_str()], on, &mut begun));
            found.push(Step { kind: if codes.len() == 1 && is_new { "rename" } else { "merge" }, fields });
        }
    }
    found
}

fn taker(n: usize, unit: &Record, on: &str, begun: &mut BTreeSet<String>) -> Vec<(String, String)> {
    let mut fields = vec![(format!("code_{n}"), unit["code"].clone())];
    if unit["valid_from"] == on && begun.insert(unit["code"].clone()) {
        fields.push((format!("name_vi_{n}"), unit["name_vi"].clone()));
        fields.push((format!("name_en_{n}"), unit["name_en"].clone()));
        fields.push((format!("kind_{n}"), unit["kind"].clone()));
    }
    fields
}

async fn set_clock(app: &TestApp, on: &str) {
    app.app.clock.set(at(&format!("{on} 08:00:00")).0);
}

/// Everything that changes on a day, entered on another.
async fn reorganise(app: &TestApp, person: &nongcot::accounts::model::Person, on: &str, entered: &str) -> usize {
    set_clock(app, entered).await;
    let mut browser = app.sign_in(person).await;
    let steps = steps(on);
    for step in &steps {
        let fields: Vec<(&str, &str)> =
            step.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        change(&mut browser, step.kind, on, &fields).await;
    }
    steps.len()
}

#[actix_web::test]
async fn the_changes_of_2025_and_2026_make_the_shipped_tree() {
    let app = support::app().await;
    app.write(|c| {
        diesel::delete(unit_successions::table).execute(c)?;
        diesel::delete(unit_placements::table).execute(c)?;
        diesel::delete(units::table).execute(c)?;
        actions::import(c, &Actor::system(), at("2024-12-01"), &before())
    })
    .await;
    set_clock(&app, "2024-12-10").await;
    let admin = app.person_as("Quản trị Minh họa", Role::Administrator, "P01").await;
    let yen_bai = app.person("Học viên Yên Bái", "P15").await;
    let lao_cai = app.person("Học viên Lào Cai", "P10").await;
    let ministry = app.person("Học viên Thông tin", "BTTTT").await;
    let hue = app.person("Học viên Huế", "P46-STTTT").await;
    let dong_nai = app.person("Học viên Đồng Nai", "P75-TTCNTT").await;
    let (versions, target) = app
        .write(|c| {
            let now = at("2024-12-10");
            let cb08 = classes::bring_in(c, now, &classes::small("CB-08", "cb-08", "Cơ bản", "một"))?;
            let kt01 = classes::bring_in(c, now, &classes::small("KT-01", "kt-01", "Kiến trúc", "hai"))?;
            let new = illustration("minh-hoa-2025", &["CB-08", "KT-01"]);
            Ok(((cb08, kt01), targets::create(c, &Actor::system(), now, &new)?))
        })
        .await;
    let (cb08, kt01) = versions;
    let mut steps = reorganise(&app, &admin, DATES[0].0, DATES[0].1).await;

    // A class that the ministry opens in its last month, and goes on after it.
    let person = ministry.id;
    app.write(move |c| {
        let run = classes::run(c, at("2025-02-10"), "R0", kt01, "BTTTT", ("2025-02-15", "2025-03-31"))?.id;
        learning::enrol(c, at("2025-02-15"), &Actor::system(), run, person, &Entry::Listed)
    })
    .await;
    steps += reorganise(&app, &admin, DATES[1].0, DATES[1].1).await;
    app.write(move |c| {
        let run = nongcot::learning::queries::run_by_code(c, "R0")?.id;
        complete(c, run, person, "kt-01", "2025-03-10", 2)
    })
    .await;

    // The learners of Yên Bái and of the old Lào Cai begin in June; one is done before the day, one after it.
    let (a, b) = (yen_bai.id, lao_cai.id);
    app.write(move |c| {
        let run = classes::run(c, at("2025-06-05"), "R1", cb08, "BKHCN-2025", ("2025-06-10", "2025-08-31"))?.id;
        for person in [a, b] {
            learning::enrol(c, at("2025-06-10"), &Actor::system(), run, person, &Entry::Listed)?;
        }
        complete(c, run, b, "cb-08", "2025-06-18", 2)
    })
    .await;
    steps += reorganise(&app, &admin, DATES[2].0, DATES[2].1).await;
    app.write(move |c| {
        let run = nongcot::learning::queries::run_by_code(c, "R1")?.id;
        complete(c, run, a, "cb-08", "2025-07-05", 2)
    })
    .await;
    steps += reorganise(&app, &admin, DATES[3].0, DATES[3].1).await;
    assert_eq!(steps, 148, "every unit that ended in these days went into one or more others");

    // The shipped list has nothing to add and nothing to change.
    let shipped = actions::shipped();
    let report = app.write(move |c| actions::import(c, &Actor::system(), at("2026-05-05"), &shipped)).await;
    assert_eq!((report.created, report.changed), (Vec::new(), Vec::new()));
    for (on, ministries, agencies, provinces) in
        [("2025-02-28", 18, 12, 63), ("2025-03-01", 14, 8, 63), ("2025-07-01", 14, 8, 34), ("2026-04-30", 14, 8, 34)]
    {
        use nongcot::organisations::model::UnitKind as K;
        let count = |kinds: &'static [K]| app.read(move |c| Ok(queries::valid_on(c, kinds, day(on))?.len()));
        assert_eq!(count(&[K::Ministry]).await, ministries, "{on}");
        assert_eq!(count(&[K::MinisterialAgency, K::GovernmentAgency]).await, agencies, "{on}");
        assert_eq!(count(&[K::Province, K::CentralCity]).await, provinces, "{on}");
    }

    // People passed on with their units, each on its day.
    assert_eq!(
        places(&app, &yen_bai).await,
        [place("P15", "2020-01-01", "2025-06-30"), place("P15-2025", "2025-07-01", "")]
    );
    assert_eq!(
        places(&app, &ministry).await,
        [place("BTTTT", "2020-01-01", "2025-02-28"), place("BKHCN-2025", "2025-03-01", "")]
    );
    let through = [("P46-STTTT", "2020-01-01", "2024-12-31"), ("P46-2025-STTTT", "2025-01-01", "2025-02-28")];
    let mut expected: Vec<_> = through.map(|(unit, from, to)| place(unit, from, to)).into();
    expected.push(place("P46-2025-SKHCN", "2025-03-01", ""));
    assert_eq!(places(&app, &hue).await, expected);
    assert_eq!(places(&app, &dong_nai).await.last(), Some(&place("P75-2026-TTCNTT", "2026-04-30", "")));

    // As recorded, each counts for the unit they began in; as of a day, for what it has become by then.
    let db = &app.app.db;
    let turns = |view| {
        let target = target.clone();
        async move {
            let found = rows(&level(db, &target, view).await);
            found.into_iter().map(|(code, split)| (code, split.total)).collect::<BTreeMap<_, _>>()
        }
    };
    let one = |code: &str| (code.to_owned(), figures(1, 1));
    assert_eq!(turns(View::AsRecorded).await, [one("BTTTT"), one("P10"), one("P15")].into());
    let july = turns(View::AsOf(day("2025-07-31"))).await;
    assert_eq!(july, [("BKHCN-2025".to_owned(), figures(1, 1)), ("P15-2025".to_owned(), figures(2, 2))].into());
    assert_eq!(turns(View::AsOf(day("2025-06-30"))).await, [one("BKHCN-2025"), one("P10"), one("P15")].into());

    // The same history, as others ask for it.
    let (found, spring) = app
        .read(|c| {
            let all = queries::changes_between(c, day("2025-01-01"), day("2026-12-31"))?;
            Ok((all, queries::changes_between(c, day("2025-03-02"), day("2025-06-30"))?))
        })
        .await;
    assert!(spring.is_empty(), "{spring:?}");
    let lao_cai = found.iter().find(|one| one.into.first().is_some_and(|unit| unit.code == "P15-2025")).unwrap();
    let codes: Vec<&str> = lao_cai.from.iter().map(|unit| unit.code.as_str()).collect();
    assert_eq!((codes, lao_cai.on, lao_cai.kind.as_str()), (vec!["P10", "P15"], day("2025-07-01"), "merge"));
    assert_eq!(lao_cai.record.as_ref().map(|record| record.document.number.as_str()), Some("12/QĐ-MH"));
    let moved: Vec<&str> =
        found.iter().filter(|one| one.kind.as_str() == "move").map(|one| one.from[0].code.as_str()).collect();
    assert_eq!(moved, [""; 0], "what only follows its superior is no change of its own");
    let verified = app.read(nongcot::targets::queries::verify).await;
    assert_eq!(verified, Vec::<String>::new());
}
