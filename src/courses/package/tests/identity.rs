//! folder → package → folder → package is the identity, for packages nobody thought of.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::questions::model::{AnswerOption, Item, ItemKind, Weight};

fn line() -> impl Strategy<Value = String> {
    vec("[a-zA-ZàảãđêếộữỹĐỆƯ0-9\"\\\\'#=\\[\\]{}<>&%.,:+-]{1,9}", 1..6).prop_map(|words| words.join(" "))
}

fn date() -> impl Strategy<Value = chrono::NaiveDate> {
    (1990i32..2090, 1u32..366).prop_map(|(year, day)| chrono::NaiveDate::from_yo_opt(year, day).unwrap())
}

/// Bodies that are fit for a lesson: paragraphs whose marks are escaped, and one of each special thing.
fn body() -> impl Strategy<Value = String> {
    let paragraph = line().prop_map(|text| {
        let mut out = String::from("Chữ ");
        for sign in text.chars() {
            if sign.is_ascii_punctuation() {
                out.push('\\');
            }
            out.push(sign);
        }
        out
    });
    let special = prop_oneof![
        Just("> [!luu-y]\n> Nhớ [@vb-0].".to_owned()),
        Just("## Mục {từ}".to_owned()),
        Just("```\nmã nguồn {\n```".to_owned()),
        Just("- một\n- hai  \n  ba".to_owned()),
        Just("| a |\n|---|\n| [@vb-0, điều 1] |".to_owned()),
    ];
    vec(prop_oneof![3 => paragraph, 1 => special], 1..5).prop_map(|parts| format!("Mở\n\n{}\n", parts.join("\n\n")))
}

fn item(id: String, module: Option<String>, topic: String) -> impl Strategy<Value = Item> {
    (line(), line(), line(), 1u8..=3, 1u32..5, any::<bool>()).prop_map(
        move |(text, right, said, difficulty, version, shuffle)| Item {
            id: id.clone(),
            version,
            module: module.clone(),
            topic: topic.clone(),
            difficulty,
            sources: vec!["vb-0".into()],
            tags: vec!["nhãn một".into()],
            shuffle,
            title: String::new(),
            text,
            feedback: said.clone(),
            kind: ItemKind::Single {
                options: vec![
                    AnswerOption::new(&id, format!("x {right}"), Weight::FULL, said),
                    AnswerOption::new(&id, format!("y {right}"), Weight::NONE, String::new()),
                ],
            },
        },
    )
}

fn lesson(id: String) -> impl Strategy<Value = Lesson> {
    (line(), date(), any::<bool>(), any::<bool>(), body()).prop_map(move |(title, reviewed, open, whole, body)| {
        let sources = if whole { vec!["vb-1".to_owned(), "vb-0".to_owned()] } else { vec![] };
        let mut cited = sources.clone();
        if !whole && body.contains("[@vb-0") {
            cited.push("vb-0".into());
        }
        let words = u32::try_from(body.split_whitespace().count()).unwrap();
        let minutes = Lesson::minutes_for(words, 0);
        Lesson {
            id: id.clone(),
            slug: id.clone(),
            title,
            reviewed,
            open,
            sources,
            cited,
            body,
            checks: vec![],
            words,
            minutes,
        }
    })
}

fn module(number: usize) -> impl Strategy<Value = (Module, Vec<Item>)> {
    let id = format!("cd-{number}");
    let lessons: Vec<_> = (0..2).map(|at| lesson(format!("bai-{number}-{at}"))).collect();
    let items: Vec<_> = (0..2)
        .map(|at| {
            item(format!("hoi-{number}-{at}"), Some(id.clone()), if at == 0 { id.clone() } else { "rieng".into() })
        })
        .collect();
    (line(), line(), lessons, items).prop_map(move |(title, aim, lessons, items)| {
        (Module { id: id.clone(), slug: format!("m-{number}"), title, aim, lessons }, items)
    })
}

fn source(number: usize) -> impl Strategy<Value = Source> {
    (line(), line(), line(), date(), 0..3usize).prop_map(move |(name, issuer, title, date, kind)| Source {
        id: format!("vb-{number}"),
        number: (kind > 0).then_some(name),
        date: (kind > 0).then_some(date),
        issuer,
        title,
        status: [SourceStatus::Reference, SourceStatus::Replaced, SourceStatus::Draft][kind],
        replaced_by: (kind == 1).then(|| format!("vb-{}", 1 - number)),
        url: (kind == 2).then(|| "https://example.org/a?b=c".into()),
    })
}

prop_compose! {
    fn package()(texts in vec(line(), 9), modules in (1..3usize).prop_flat_map(|count| (0..count).map(module).collect::<Vec<_>>()),
                 bank in (item("de-1".into(), None, "mot".into()), item("de-2".into(), None, "mot".into()), item("de-3".into(), None, "mot-hai".into())),
                 sources in (source(0), source(1)), legal_review in date(), difficulty in 1u8..=3, flags in vec(any::<bool>(), 3)) -> Package {
        let mut texts = texts.into_iter();
        let mut text = move || texts.next().unwrap_or_default();
        let drawn = Draw { topic: "mot".into(), difficulty: flags[0].then_some(bank.0.difficulty), count: 1 };
        let assessment = Assessment {
            id: "de-cuoi".into(), title: text(), kind: if flags[1] { AssessmentKind::Final } else { AssessmentKind::Check },
            minutes: 15, attempts: 2, pass_percent: 50 + u32::from(difficulty), shuffle: flags[2], show_key: ShowKey::Never, draws: vec![drawn],
        };
        let (modules, checks): (Vec<Module>, Vec<Vec<Item>>) = modules.into_iter().unzip();
        // the bank comes in the order of its file names
        let questions = checks.into_iter().flatten().chain([bank.2, bank.0, bank.1]).collect();
        let optional = if flags[0] { vec!["bai-0-1".to_owned()] } else { vec![] };
        Package {
            course: Course {
                code: "MH-02".into(), slug: "minh-hoa".into(),
                title: Bilingual { vi: text(), en: text() }, summary: Bilingual { vi: text(), en: text() },
                objectives: vec![text(), "Mục tiêu thứ hai".into()], audience: vec![Audience::Other, Audience::Leaders], periods: 3,
                prerequisites: if flags[2] { vec!["KT-01".into()] } else { vec![] },
                completion: Completion { required: vec!["cd-0".into(), "de-cuoi".into()], at_least: u32::from(flags[0]), optional },
                certificate: if flags[1] { CertificateKind::Regulated } else { CertificateKind::None },
                legal_review, licence: text(), authors: vec![text()], change_note: flags[0].then(&mut text),
            },
            sources: vec![sources.0, sources.1], modules, questions,
            assessments: if flags[1] { vec![assessment] } else { vec![Assessment { draws: assessment.draws.clone(), ..assessment }] },
            assets: vec![Asset { path: "a.pdf".into(), media: Media::Pdf, size: None, bytes: b"%PDF-1.4 \xff\0".to_vec() }],
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn files_and_back(package in package()) {
        let files = to_files(&package);
        let checked = check_files(&files);
        prop_assert!(checked.faults.iter().all(|fault| !fault.is_error()), "{:#?}", lines(&checked));
        let again = checked.package.unwrap();
        prop_assert_eq!(&again, &package);
        prop_assert_eq!(to_files(&again), files);
        prop_assert_eq!(hash(&again), hash(&package));
    }
}

#[test]
fn folder_and_json_and_back() {
    let package = read_folder(&fixture("good")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    write_folder(&package, folder.path()).unwrap();
    let again = read_folder(folder.path()).unwrap();
    assert_eq!(again, package);
    assert_eq!(hash(&again), hash(&package));
    let json = serde_json::to_string(&package).unwrap();
    assert_eq!(serde_json::from_str::<Package>(&json).unwrap(), package);
}
