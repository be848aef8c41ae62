//! Courses as the database keeps them, the outline every page draws from, and the rules that need no database: when a course
//! is completed, how well a course fits what was searched for.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use serde::Serialize;

use super::package::{Assessment, Course};
use crate::{
    platform::{
        db::{Moment, schema::course_versions},
        i18n::Locale,
        text::fold,
    },
    questions::model::folded,
};

mod papers;

pub use papers::{Handout, Line, Said, lines};

crate::id_type!(
    /// A course: what its versions have in common.
    CourseId
);
crate::id_type!(
    /// One imported, unchangeable state of a course.
    VersionId
);

/// An imported version without its content.
#[derive(Debug, Clone, Queryable, Selectable, Serialize)]
#[diesel(table_name = course_versions)]
pub struct Version {
    pub id: VersionId,
    pub course_id: CourseId,
    pub number: i32,
    pub hash: String,
    pub title_vi: String,
    pub title_en: String,
    pub summary_vi: String,
    pub summary_en: String,
    pub minutes: i32,
    pub change_note: String,
    pub imported_at: Moment,
    pub imported_by: Option<i64>,
}

impl Version {
    pub fn title(&self, locale: Locale) -> &str {
        match locale {
            Locale::Vi => &self.title_vi,
            Locale::En => &self.title_en,
        }
    }

    pub fn summary(&self, locale: Locale) -> &str {
        match locale {
            Locale::Vi => &self.summary_vi,
            Locale::En => &self.summary_en,
        }
    }
}

/// A course with its current version.
#[derive(Debug, Clone)]
pub struct Listed {
    pub id: CourseId,
    pub code: String,
    pub slug: String,
    pub version: Version,
    pub lessons: i64,
}

/// A version with everything but the text of its lessons and its questions.
#[derive(Debug, Clone)]
pub struct Outline {
    pub code: String,
    pub slug: String,
    pub version: Version,
    pub course: Course,
    pub modules: Vec<ModuleOutline>,
    pub assessments: Vec<Assessment>,
}

#[derive(Debug, Clone)]
pub struct ModuleOutline {
    pub key: String,
    pub title: String,
    pub aim: String,
    pub lessons: Vec<LessonOutline>,
}

#[derive(Debug, Clone, Queryable)]
pub struct LessonOutline {
    pub module_id: i64,
    pub key: String,
    pub slug: String,
    pub title: String,
    pub minutes: i32,
    pub is_open: bool,
}

/// Where a lesson stands among the others.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub module: &'a ModuleOutline,
    pub lesson: &'a LessonOutline,
    /// From 1.
    pub number: usize,
    pub total: usize,
    pub previous: Option<&'a LessonOutline>,
    pub next: Option<&'a LessonOutline>,
}

impl Outline {
    pub fn lessons(&self) -> impl Iterator<Item = &LessonOutline> {
        self.modules.iter().flat_map(|module| &module.lessons)
    }

    /// Whether anybody may read all of it.
    pub fn is_open(&self) -> bool {
        self.lessons().all(|lesson| lesson.is_open)
    }

    pub fn place(&self, slug: &str) -> Option<Place<'_>> {
        let all: Vec<_> = self.modules.iter().flat_map(|m| m.lessons.iter().map(move |lesson| (m, lesson))).collect();
        let at = all.iter().position(|(_, lesson)| lesson.slug == slug)?;
        let (module, lesson) = *all.get(at)?;
        let near = |index: Option<usize>| index.and_then(|i| all.get(i)).map(|(_, lesson)| *lesson);
        Some(Place {
            module,
            lesson,
            number: at + 1,
            total: all.len(),
            previous: near(at.checked_sub(1)),
            next: near(at.checked_add(1)),
        })
    }

    /// The rule with its modules written out as lessons.
    pub fn rule(&self) -> Rule {
        let mut rule = Rule {
            at_least: usize::try_from(self.course.completion.at_least).unwrap_or(usize::MAX),
            ..Rule::default()
        };
        let expand = |id: &String, into: &mut Vec<BTreeSet<String>>| match self.modules.iter().find(|m| m.key == *id) {
            Some(module) => into.push(module.lessons.iter().map(|lesson| lesson.key.clone()).collect()),
            None => into.push(BTreeSet::from([id.clone()])),
        };
        let mut required = Vec::new();
        self.course.completion.required.iter().for_each(|id| expand(id, &mut required));
        rule.required = required.into_iter().flatten().collect();
        self.course.completion.optional.iter().for_each(|id| expand(id, &mut rule.optional));
        rule
    }
}

/// When a course is completed, over the keys of lessons and assessments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    pub required: BTreeSet<String>,
    /// Each is a set because a module counts as done when all its lessons are.
    pub optional: Vec<BTreeSet<String>>,
    pub at_least: usize,
}

impl Rule {
    /// The moment at which the rule was fulfilled by what was done when, or `None` while it is not.
    pub fn fulfilled_at(&self, done: &BTreeMap<String, Moment>) -> Option<Moment> {
        let all_of = |keys: &BTreeSet<String>| {
            let times: Option<Vec<Moment>> = keys.iter().map(|key| done.get(key).copied()).collect();
            times.and_then(|times| times.into_iter().max())
        };
        let mut optional: Vec<Moment> = self.optional.iter().filter_map(all_of).collect();
        optional.sort_unstable();
        let last_optional = match self.at_least {
            0 => None,
            needed => Some(*optional.get(needed - 1)?),
        };
        let required = if self.required.is_empty() { None } else { Some(all_of(&self.required)?) };
        required.max(last_optional)
    }

    /// Required keys that are not done.
    pub fn missing<'a>(&'a self, done: &'a BTreeMap<String, Moment>) -> impl Iterator<Item = &'a String> {
        self.required.iter().filter(|key| !done.contains_key(*key))
    }
}

/// A stretch of a rendered lesson, and the check question that stands after it.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    pub html: &'a str,
    pub check: Option<&'a str>,
}

/// Where a check question stands in a rendered lesson; what `package::render` writes. Authors cannot write one: their text
/// is escaped.
const SLOT: (&str, &str) = ("<div class=\"check-slot\" data-item=\"", "\"></div>");

pub fn check_slot(id: &str) -> String {
    format!("{}{id}{}", SLOT.0, SLOT.1)
}

/// Takes a rendered lesson apart at its check questions.
pub fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(SLOT.0) {
        let (id, after) = after.split_once(SLOT.1).unwrap_or((after, ""));
        pieces.push(Piece { html: before, check: Some(id) });
        rest = after;
    }
    pieces.push(Piece { html: rest, check: None });
    pieces
}

/// Text as the catalogue is searched: folded words, each with a space before it, so that a word is found from its beginning.
pub fn searchable(texts: &[&str]) -> String {
    texts.iter().flat_map(|text| words(text)).fold(String::new(), |all, word| all + " " + &word)
}

/// The folded words of a text.
pub fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// How well a course fits what was typed, best first: the marks as typed in the title, then anywhere, then without marks
/// in the title, then anywhere. All words are known to be in it somewhere.
pub fn fit(query: &str, title: &str, all: &str) -> u8 {
    let exact = |text: &str| plain(text).contains(&plain(query));
    let loose = |text: &str| searchable(&[text]).contains(&searchable(&[query]));
    match () {
        () if exact(title) => 0,
        () if exact(all) => 1,
        () if loose(title) => 2,
        () if loose(all) => 3,
        () => 4,
    }
}

/// The words of a text with their marks, without case, tone placement and punctuation, each after a space.
fn plain(text: &str) -> String {
    let kept = folded(text);
    let words = kept.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(String::new(), |all, word| all + " " + word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Moment {
        chrono::DateTime::from_timestamp(second, 0).unwrap().into()
    }

    fn set(keys: &[&str]) -> BTreeSet<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    fn done(items: &[(&str, i64)]) -> BTreeMap<String, Moment> {
        items.iter().map(|(key, second)| ((*key).to_owned(), at(*second))).collect()
    }

    #[test]
    fn a_rule_is_fulfilled_by_its_last_item() {
        let rule = Rule { required: set(&["a", "b"]), ..Rule::default() };
        assert_eq!(rule.fulfilled_at(&done(&[("a", 5)])), None);
        assert_eq!(rule.fulfilled_at(&done(&[("a", 5), ("b", 3), ("c", 9)])), Some(at(5)));
        assert_eq!(rule.missing(&done(&[("a", 5)])).collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn so_many_of_the_optional_ones() {
        let rule =
            Rule { required: set(&["a"]), optional: vec![set(&["x"]), set(&["y", "z"]), set(&["w"])], at_least: 2 };
        assert_eq!(rule.fulfilled_at(&done(&[("a", 1), ("x", 2), ("y", 3)])), None);
        assert_eq!(rule.fulfilled_at(&done(&[("a", 1), ("x", 2), ("y", 3), ("z", 4)])), Some(at(4)));
        assert_eq!(rule.fulfilled_at(&done(&[("a", 9), ("x", 2), ("w", 3), ("y", 4), ("z", 11)])), Some(at(9)));
    }

    #[test]
    fn an_empty_rule_is_never_fulfilled() {
        assert_eq!(Rule::default().fulfilled_at(&done(&[("a", 1)])), None);
    }

    #[test]
    fn a_lesson_comes_apart_at_its_questions() {
        let html = format!("<p>một</p>{}<p>hai</p>", check_slot("q-001"));
        let found = pieces(&html);
        assert_eq!(found[0], Piece { html: "<p>một</p>", check: Some("q-001") });
        assert_eq!(found[1], Piece { html: "<p>hai</p>", check: None });
    }

    #[test]
    fn marks_rank_first() {
        let (title, all) =
            ("Kiến trúc Chính phủ điện tử", "Kiến trúc Chính phủ điện tử. Bối cảnh: án lệ, quản lý đất đai");
        assert_eq!(fit("kiến trúc", title, all), 0);
        assert_eq!(fit("Kiến  Trúc,", title, all), 0);
        assert_eq!(fit("đất đai", title, all), 1);
        assert_eq!(fit("kien truc", title, all), 2);
        assert_eq!(fit("dat dai", title, all), 3);
        assert_eq!(fit("an", title, all), 3);
        assert!(fit("án", title, all) < fit("an", title, all));
        assert_eq!(fit("dai kien", title, all), 4);
        assert_eq!(searchable(&["Kiến trúc 1.0", "Đất đai"]), " kien truc 1 0 dat dai");
    }
}
