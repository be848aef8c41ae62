//! A seal is written in one way, and whatever is changed in it is found.

use super::*;

fn at(text: &str) -> Moment {
    text.parse::<chrono::DateTime<chrono::Utc>>().unwrap().into()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn content() -> Content {
    let period = Days { from: day("2025-01-01"), to: day("2025-06-30") };
    let turn = |event, unit: &str, category| SealedTurn {
        event,
        course: "CB-08".to_owned(),
        organiser: "BKHCN-2025".to_owned(),
        unit: unit.to_owned(),
        category,
        day: day("2025-06-20"),
    };
    let person = |n: i64, counted_by, turns| SealedPerson {
        person: commitment("00112233445566778899aabbccddeeff", PersonId(n)),
        counted_by,
        turns,
    };
    let mut content = Content {
        target: SealedTarget {
            code: "minh-hoa".to_owned(),
            title_vi: "Minh họa \"một\"\n".to_owned(),
            title_en: "Illustration".to_owned(),
            basis_vi: "Minh họa".to_owned(),
            metric: Metric::People,
            required: 10,
            period,
            courses: vec!["CB-08".to_owned()],
        },
        period,
        known_at: at("2025-06-30T17:00:00Z"),
        figures: Split::default(),
        units: Vec::new(),
        people: vec![
            person(1, Some(7), vec![turn(7, "P15", Category::Leaders), turn(9, "P10", Category::Leaders)]),
            person(2, None, vec![turn(8, "P10", Category::Other)]),
        ],
        agencies: None,
        prepared: Act { at: at("2025-07-01T01:00:00Z"), person: commitment("0", PersonId(3)) },
    };
    content.sum_up(|code| format!("Đơn vị {code}"));
    content
}

fn seal() -> Seal {
    let signed = Act { at: at("2025-07-01T02:00:00Z"), person: commitment("1", PersonId(4)) };
    Seal::sign(content(), 1, signed, FIRST).unwrap()
}

#[test]
fn a_seal_reads_back_as_it_was_written() {
    let seal = seal();
    assert_eq!(seal.content.figures.total, Figures { turns: 3, people: 1 });
    let text = seal.text().unwrap();
    assert!(text.starts_with("{\"agencies\":null,\"figures\":{\"leaders\":{\"people\":1,\"turns\":2}"), "{text}");
    assert!(!text.contains('\n') && text.contains("Đơn vị P15"));
    assert_eq!(Seal::read(&text).unwrap(), seal);
}

#[test]
fn the_hash_is_that_of_the_text_without_it() {
    let text = seal().text().unwrap();
    let (before, rest) = text.split_once(",\"hash\":\"").unwrap();
    let (stated, after) = rest.split_once('"').unwrap();
    assert_eq!(stated, sha256(format!("{before}{after}").as_bytes()));
}

#[test]
fn whatever_is_changed_is_found() {
    let text = seal().text().unwrap();
    let changed = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        Seal::read(&text.replacen(from, to, 1)).unwrap_err()
    };
    assert!(matches!(changed("\"people\":1", "\"people\":2"), Fault::Hash { .. }));
    assert!(matches!(changed("2025-06-20", "2025-06-21"), Fault::Hash { .. }));
    assert!(matches!(changed("\"hash\":\"", "\"hash\":\"0"), Fault::Hash { .. }));
    assert!(matches!(changed("nongcot-seal/1", "nongcot-seal/2"), Fault::Format(_)));
    assert!(matches!(changed("\"event\":7", "\"event\":\"7\""), Fault::Unreadable(_)));
    assert!(matches!(changed("{", ""), Fault::Unreadable(_)));
    assert_eq!(changed(",\"hash\"", ", \"hash\""), Fault::Written);
    assert!(matches!(changed("{\"agencies\"", "{\"agencies\":1,\"agencies\""), Fault::Unreadable(_)));
    assert_eq!(changed("\"format\"", "\"another\":1,\"format\""), Fault::Written);
    assert_eq!(Seal::read(&format!("{text}\n")).unwrap_err(), Fault::Written);
}

/// Somebody who can compute hashes still cannot make figures that are not the sum of the list.
#[test]
fn figures_that_do_not_add_up_are_found() {
    let sign = |change: fn(&mut Content)| {
        let mut content = content();
        change(&mut content);
        let signed = Act { at: at("2025-07-01T02:00:00Z"), person: String::new() };
        Seal::read(&Seal::sign(content, 1, signed, FIRST).unwrap().text().unwrap())
    };
    assert!(sign(|_| ()).is_ok());
    assert!(matches!(sign(|c| c.figures.total.people += 1), Err(Fault::Sum(_))));
    assert!(matches!(sign(|c| c.units.truncate(1)), Err(Fault::Sum(_))));
    assert!(matches!(sign(|c| c.people.truncate(1)), Err(Fault::Sum(_))));
    let twice: fn(&mut Content) = |c| {
        c.people[1].turns[0].event = 7;
        c.sum_up(str::to_owned);
    };
    assert!(matches!(sign(twice), Err(Fault::Sum(_))));
    let outside: fn(&mut Content) = |c| c.people[1].turns[0].day = NaiveDate::from_ymd_opt(2025, 7, 1).unwrap();
    assert!(matches!(sign(outside), Err(Fault::Sum(_))));
    let agencies = |all: &[&str]| {
        let codes = |codes: &[&str]| codes.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
        Some(SealedAgencies { on: day("2025-12-31"), all: codes(all), organised: codes(&["P15"]) })
    };
    let mut with = content();
    with.agencies = agencies(&["P10", "P15"]);
    assert!(with.check_sums().is_ok());
    with.agencies = agencies(&["P10"]);
    assert!(matches!(with.check_sums(), Err(Fault::Sum(_))));
}

#[test]
fn salts_hide_and_commitments_hold() {
    let (one, two) = (salt().unwrap(), salt().unwrap());
    assert_eq!(one.len(), 32);
    assert_ne!(one, two);
    assert_ne!(commitment(&one, PersonId(1)), commitment(&two, PersonId(1)));
    // As anybody can compute it: printf '%s' 'ab:12' | sha256sum
    assert_eq!(commitment("ab", PersonId(12)), sha256(b"ab:12"));
}
