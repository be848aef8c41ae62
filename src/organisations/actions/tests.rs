//! The shipped list and the rules, without a database.

use super::*;
use crate::{
    organisations::model::{CarriedTo, Lines, Succession, UnitId, UnitKind},
    platform::i18n::{Catalogue, Locale},
};

fn plan(lists: &[List]) -> (check::Plan, Vec<String>) {
    let (given, mut faults) = read::read(lists);
    let mut plan = check::Plan::default();
    if faults.is_empty() {
        plan = check::merge(Default::default(), given, &mut faults);
        check::check(&plan, &mut faults);
    }
    let catalogue = Catalogue::embedded().unwrap();
    let said = faults.0.iter().map(|(_, message)| catalogue.text(Locale::En, message)).collect();
    (plan, said)
}

fn list(text: &str) -> List {
    List { name: "list.csv".to_owned(), text: text.to_owned() }
}

const UNITS: &str = "code,name_vi,name_en,kind,valid_from,valid_to,successors\n";
const PLACEMENTS: &str = "code,parent,valid_from,valid_to\n";

/// What is said about a list of units and one of placements.
fn said(units: &str, placements: &str) -> Vec<String> {
    plan(&[list(&format!("{UNITS}{units}")), list(&format!("{PLACEMENTS}{placements}"))]).1
}

#[test]
fn the_shipped_list_keeps_every_rule() {
    let (plan, said) = plan(&shipped());
    assert_eq!(said, Vec::<String>::new());
    // A circle is impossible by the rule of the next day; it is looked for all the same.
    for code in plan.units.keys() {
        let mut seen = vec![code];
        let mut at = code;
        while let Some(next) = plan.units[at].successors.first() {
            assert!(!seen.contains(&next), "{seen:?} leads back to {next}");
            seen.push(next);
            at = next;
        }
        assert!(plan.units[code].successors.iter().all(|successor| plan.units.contains_key(successor)));
    }
}

#[test]
fn the_shipped_list_counts_as_the_nation_does() {
    let (plan, _) = plan(&shipped());
    let count = |day: &str, kinds: &[UnitKind]| -> Vec<usize> {
        let day = day.parse().unwrap();
        kinds
            .iter()
            .map(|kind| plan.units.values().filter(|u| u.kind == *kind && u.span.contains(day)).count())
            .collect()
    };
    let provinces = [UnitKind::Province, UnitKind::CentralCity];
    assert_eq!(count("2024-12-31", &provinces), [58, 5]);
    assert_eq!(count("2025-06-30", &provinces), [57, 6]);
    assert_eq!(count("2025-07-01", &provinces), [28, 6]);
    assert_eq!(count("2026-04-29", &provinces), [28, 6]);
    assert_eq!(count("2026-04-30", &provinces), [27, 7]);
    let ministries = [UnitKind::Ministry, UnitKind::MinisterialAgency, UnitKind::GovernmentAgency];
    assert_eq!(count("2025-02-28", &ministries), [18, 4, 8]);
    assert_eq!(count("2025-03-01", &ministries), [14, 3, 5]);
    // Each province-level unit has one Sở for information technology and one centre on every day.
    assert_eq!(count("2024-06-30", &[UnitKind::Department, UnitKind::Centre]), [63 * 2, 63]);
    assert_eq!(count("2025-03-01", &[UnitKind::Department, UnitKind::Centre]), [63, 63]);
    assert_eq!(count("2025-07-01", &[UnitKind::Department, UnitKind::Centre]), [34, 34]);
}

#[test]
fn departments_follow_their_province() {
    let (plan, _) = plan(&shipped());
    let numbers: Vec<&String> = plan.units.keys().collect();
    let id = |code: &str| UnitId(numbers.iter().position(|c| *c == code).unwrap() as i64);
    let successions: Vec<Succession> = plan
        .units
        .iter()
        .flat_map(|(code, unit)| {
            unit.successors.iter().enumerate().map(move |(position, successor)| (code, successor, position))
        })
        .map(|(code, successor, position)| Succession {
            unit_id: id(code),
            successor_id: id(successor),
            position: i32::try_from(position).unwrap(),
        })
        .collect();
    let lines = Lines::new(plan.units.iter().map(|(code, unit)| (id(code), unit.span)), &successions);
    let carried = |code: &str, day: &str| match lines.carry(id(code), day.parse().unwrap()) {
        CarriedTo::Unit(unit) => numbers[usize::try_from(unit.0).unwrap()].as_str(),
        CarriedTo::NotConvertible => "-",
    };
    assert_eq!(carried("P15-STTTT", "2025-03-01"), "P15-SKHCN");
    assert_eq!(carried("P15-STTTT", "2025-12-31"), "P15-2025-SKHCN");
    assert_eq!(carried("P75-STTTT", "2026-12-31"), "P75-2026-SKHCN");
    assert_eq!(carried("P46-TTCNTT", "2026-12-31"), "P46-2025-TTCNTT");
    assert_eq!(carried("P01-STTTT", "2026-12-31"), "P01-SKHCN");
    assert_eq!(carried("CTHH", "2026-12-31"), "CDSQG");
    // The new Sở was made of two, so it is not carried back to one of them.
    assert_eq!(carried("P01-SKHCN", "2025-02-28"), "-");
    assert_eq!(carried("P15-2025-TTCNTT", "2025-06-30"), "-");
}

#[test]
fn every_fault_has_its_line_and_reason() {
    let faults = |units: &str, placements: &str| said(units, placements).join("\n");
    let expect = |units: &str, placements: &str, parts: &[&str]| {
        let found = faults(units, placements);
        for part in parts {
            assert!(found.contains(part), "{part:?} is not in:\n{found}");
        }
    };
    expect("a b,X,X,province,2008-08-01,,\n", "", &["list.csv, line 2", "“a b”"]);
    expect("A,,X,kingdom,01/02/2008,2025-02-30,\n", "", &["name_vi", "“kingdom”", "“01/02/2008”", "“2025-02-30”"]);
    expect("A,X,X,province,2025-02-02,2025-02-01,\n", "", &["line 2", "before"]);
    expect("A,X,X,province,,,\nA,X,X,province,,,\n", "", &["line 3", "A", "line 2"]);
    expect("A,X,X,province,,\n", "", &["line 2", "columns"]);
    expect("A,X,X,province,,2025-02-28,B\n", "", &["line 2", "B"]);
    expect("A,X,X,province,,2025-02-28,A\n", "", &["line 2", "A"]);
    expect("A,X,X,province,,,B\nB,X,X,province,,,\n", "", &["line 2", "last day"]);
    expect("A,X,X,province,,2025-02-28,B\nB,X,X,province,2025-03-02,,\n", "", &["line 2", "B"]);
    expect("A,X,X,province,,,\n", "B,A,,\n", &["line 2", "B"]);
    expect("A,X,X,province,,,\n", "A,C,,\n", &["line 2", "C"]);
    expect("A,X,X,province,,,\nB,X,X,ministry,2025-01-01,,\n", "A,B,,\n", &["line 2", "B"]);
    let under = "A,B,,2025-02-28\nA,C,2025-02-28,\n";
    expect("A,X,X,centre,,,\nB,X,X,province,,,\nC,X,X,province,,,\n", under, &["line 3", "C"]);
    expect("A,X,X,province,,,\nB,X,X,province,,,\n", "A,B,,\nB,A,,\n", &["A", "B", "under itself"]);
    expect("A,X,X,department,2025-01-01,,\nB,X,X,province,,,\n", "A,B,2025-02-01,\n", &["line 2", "01/01/2025"]);
    expect("A,X,X,department,2025-01-01,,\n", "", &["line 2", "01/01/2025"]);
    assert_eq!(plan(&[list("code;name\n1;2\n")]).1.len(), 1);
    assert_eq!(plan(&[list(&format!("{UNITS}A,X,X,province,,,\n").replace("successors", "colour"))]).1.len(), 1);
}

#[test]
fn spreadsheets_may_mark_and_quote() {
    let text = format!("\u{feff}{UNITS}A,\"Bộ Văn hóa, Thể thao\",X,ministry,2007-07-31, ,\r\n");
    let (plan, said) = plan(&[list(&text)]);
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(plan.units["A"].name_vi, "Bộ Văn hóa, Thể thao");
}
