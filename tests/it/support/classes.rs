//! Courses and class runs to test with.

use nongcot::{
    access::{Actor, PersonId},
    courses::{
        actions::{Imported, import},
        edition::Edition,
        model::VersionId,
        package::{Files, check_files, read_folder},
    },
    learning::{
        actions::{NewRun, open_run},
        model::{EnrolmentMode, Run},
    },
    platform::{
        clock::{day_end, day_start},
        db::{DbConn, Moment},
        error::Result,
    },
};

/// The shipped course.
pub fn kt01() -> Edition {
    let folder = crate::sources::root().join("courses/KT-01-kien-truc-chinh-phu-dien-tu");
    Edition::of(read_folder(&folder).expect("a sound course"))
}

/// A course of two lessons with one check question each and no test; `word` stands in the first lesson, so that another word
/// makes another version.
pub fn small(code: &str, slug: &str, title: &str, word: &str) -> Edition {
    let id = code.to_lowercase();
    let head = format!(
        "code = \"{code}\"\nslug = \"{slug}\"\nperiods = 2\naudience = [\"technology\"]\nprerequisites = []\ncertificate = \"completion\"\n\
         legal_review = 2026-11-21\nlicence = \"CC-BY-4.0\"\nauthors = [\"Tổ biên soạn Minh họa\"]\nobjectives = [\"Nêu được một ví dụ\"]\n\
         [title]\nvi = \"{title}\"\nen = \"Example course {code}\"\n[summary]\nvi = \"Khóa học minh họa.\"\nen = \"Illustration.\"\n\
         [completion]\nrequired = [\"{id}-m1\"]\n"
    );
    let lesson = |key: &str, title: &str, open: bool, text: &str| {
        format!(
            "+++\nid = \"{id}-{key}\"\ntitle = \"{title}\"\nreviewed = 2026-11-21\nopen = {open}\n+++\n## Mục\n\n{text}\n\n::check{{{id}-q-{key}}}\n"
        )
    };
    let question = |key: &str| {
        format!(
            "// id: {id}-q-{key}\nMột cộng một? {{\n=hai#Phải rồi, là hai.\n~ba#Chưa phải.\n####Tính lại cho chắc.\n}}\n"
        )
    };
    let long = "chữ ".repeat(600);
    let files: Files = [
        ("course.toml", head),
        ("sources.toml", String::new()),
        ("01-mo-dau/module.toml", format!("id = \"{id}-m1\"\ntitle = \"Mở đầu\"\naim = \"Biết bắt đầu từ đâu.\"\n")),
        ("01-mo-dau/01-bai-mot.md", lesson("mot", "Bài một", true, &format!("Từ khóa {word}. {long}"))),
        ("01-mo-dau/02-bai-hai.md", lesson("hai", "Quản lý đất đai", false, &long)),
        ("01-mo-dau/check.gift", format!("{}\n{}", question("mot"), question("hai"))),
    ]
    .map(|(path, text)| (path.to_owned(), text.into_bytes()))
    .into();
    let checked = check_files(&files);
    Edition::of(checked.package.unwrap_or_else(|| panic!("{:#?}", checked.faults)))
}

/// Imports a course as the system.
pub fn bring_in(c: &mut DbConn, now: Moment, edition: &Edition) -> Result<VersionId> {
    import(c, &Actor::system(), now, edition, "Bản thử").map(|imported: Imported| imported.version().id)
}

/// A run that everybody may enter, organised by a unit, from the first to the last of these days.
pub fn run(c: &mut DbConn, now: Moment, code: &str, version: VersionId, unit: &str, days: (&str, &str)) -> Result<Run> {
    run_with(c, now, code, version, unit, days, |_| {})
}

pub fn run_with(
    c: &mut DbConn,
    now: Moment,
    code: &str,
    version: VersionId,
    unit: &str,
    days: (&str, &str),
    change: impl FnOnce(&mut NewRun),
) -> Result<Run> {
    let mut new = NewRun {
        code: code.to_owned(),
        version,
        unit: super::unit_id(c, unit)?,
        title: String::new(),
        opens_at: day_start(days.0.parse().expect("a day")).into(),
        closes_at: day_end(days.1.parse().expect("a day")).into(),
        capacity: None,
        enrolment: EnrolmentMode::Open,
        decision: None,
    };
    change(&mut new);
    open_run(c, now, &Actor::system(), &new)
}

/// The actor of a person.
pub fn as_person(person: PersonId) -> Actor {
    Actor { person: Some(person), ..Actor::default() }
}
