//! The glossary and the handout as their pages show them, within a course or within a class.

use chrono::NaiveDate;
use serde::Serialize;

use super::{LessonOutline, Outline};
use crate::{
    courses::package::{Bilingual, Term, glossary, render::HEAD_SLOT},
    platform::http::SafeHtml,
};

/// A line of the glossary.
#[derive(Debug, Serialize)]
pub struct Line {
    pub name: String,
    pub anchor: String,
    pub said: Vec<Said>,
}

/// What one lesson says about a term.
#[derive(Debug, Serialize)]
pub struct Said {
    pub text: String,
    pub lesson: String,
    pub number: usize,
    pub href: String,
}

/// The glossary as far as its lessons may be read; `href` leads to the place of a lesson's number and a term's anchor; and how many lines are left out for the others.
pub fn lines(
    outline: &Outline,
    terms: Vec<(Term, String)>,
    may_read: impl Fn(&LessonOutline) -> bool,
    href: impl Fn(usize, &LessonOutline, &str) -> String,
) -> (Vec<Line>, usize) {
    let mut hidden = 0;
    let mut lines = Vec::new();
    let placed = terms.into_iter().filter_map(|(term, key)| {
        let (number, lesson) = (1..).zip(outline.lessons()).find(|(_, lesson)| lesson.key == key)?;
        Some((term, (number, lesson)))
    });
    for entry in glossary(placed) {
        let said: Vec<Said> = entry
            .said
            .into_iter()
            .filter(|(_, (_, lesson))| may_read(lesson))
            .map(|(term, (number, lesson))| Said {
                href: href(number, lesson, &term.anchor),
                text: term.explanation,
                lesson: lesson.title.clone(),
                number,
            })
            .collect();
        match said.is_empty() {
            true => hidden += 1,
            false => lines.push(Line { name: entry.name, anchor: entry.anchor, said }),
        }
    }
    (lines, hidden)
}

/// The whole course on paper.
#[derive(Debug, Serialize)]
pub struct Handout {
    pub code: String,
    pub title: Bilingual,
    pub summary: String,
    pub version: i32,
    pub periods: u32,
    pub lessons: usize,
    pub minutes: i32,
    pub reviewed: NaiveDate,
    pub objectives: Vec<String>,
    pub authors: String,
    pub licence: String,
    /// Between each two of them the page writes the name of the course.
    pub parts: Vec<SafeHtml>,
}

impl Handout {
    pub fn new(outline: &Outline, html: &str) -> Self {
        let course = &outline.course;
        Self {
            code: outline.code.clone(),
            title: course.title.clone(),
            summary: outline.version.summary_vi.clone(),
            version: outline.version.number,
            periods: course.periods,
            lessons: outline.lessons().count(),
            minutes: outline.version.minutes,
            reviewed: course.legal_review,
            objectives: course.objectives.clone(),
            authors: course.authors.join(", "),
            licence: course.licence.clone(),
            parts: html.split(HEAD_SLOT).map(|part| SafeHtml::vouched(part.to_owned())).collect(),
        }
    }
}
