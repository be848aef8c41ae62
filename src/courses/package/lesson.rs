//! One lesson file: front matter between `+++` lines, then the body.

use super::document;
use super::files::id_or_proposal;
use super::keys::{self, Origin};
use super::model::Lesson;
use super::register::{Register, What};
use crate::questions::fault::{Fault, Lines, Place};

/// Longer lessons are not finished in one sitting.
const LONG: u32 = 30;

/// A reference to an asset and where it stands.
pub(super) type AssetUse = (String, Place);

/// Reads a lesson; the assets it uses come back with their places.
pub(super) fn read(
    file: &str,
    text: &str,
    slug: &str,
    proposal: &str,
    register: &mut Register,
) -> (Option<Lesson>, Vec<AssetUse>) {
    let lines = Lines::new(text);
    let Some((head, body_at)) = split(text) else {
        let fault = Fault::error(
            "head",
            "Bài học không có phần đầu giữa hai dòng +++",
            "No front matter between two +++ lines",
        );
        let hint = format!("bắt đầu tệp bằng +++, id = \"{proposal}\", title, reviewed, rồi +++");
        register.add(file, Place::START, fault.hint(hint, "begin with +++, id, title, reviewed, then +++"));
        return (None, Vec::new());
    };
    let mut faults = Vec::new();
    let origin = Origin { file, lines: &lines, base: FENCE.len() };
    let mut lesson = keys::read(origin, head, &mut faults, |keys| {
        let id = id_or_proposal(keys, proposal);
        register.define(&id.value, What::Lesson, file, origin.place(id.at));
        let sources = keys.strings("sources", false);
        register.want_all(&sources, &[What::Source], file, |at| origin.place(at));
        Lesson {
            id: id.value,
            slug: slug.to_owned(),
            title: keys.string("title").value,
            reviewed: keys.date("reviewed"),
            open: keys.boolean("open", false),
            sources: sources.into_iter().map(|source| source.value).collect(),
            cited: Vec::new(),
            body: String::new(),
            checks: Vec::new(),
            words: 0,
            minutes: 0,
        }
    });
    register.faults.append(&mut faults);

    let written = text.get(body_at..).unwrap_or_default();
    let (body, skipped) = trimmed(written);
    let base = body_at + skipped;
    if body.is_empty() {
        let fault = Fault::error("body-empty", "Bài học không có nội dung", "The lesson has no text");
        register.add(file, lines.place(base), fault);
    }
    let found = document::parse(body);
    let place = |at: usize| lines.place(base + at);
    for (at, fault) in found.faults {
        register.add(file, place(at), fault);
    }
    for cite in &found.cites {
        register.want(&cite.value, &[What::Source], file, place(cite.at));
    }
    let mut checks: Vec<String> = Vec::new();
    for check in found.checks {
        register.want(&check.value, &[What::Check], file, place(check.at));
        if checks.contains(&check.value) {
            let (vi, en) = (format!("Câu \"{}\" đặt hai lần trong bài", check.value), "The question is placed twice");
            register.add(file, place(check.at), Fault::error("check-twice", vi, en));
        } else {
            checks.push(check.value);
        }
    }
    for anchor in found.anchors.iter().filter(|anchor| !found.headings.contains(&anchor.value)) {
        let (vi, en) =
            (format!("Bài không có đầu mục #{}", anchor.value), format!("No heading #{} here", anchor.value));
        let known = found.headings.iter().map(|slug| format!("#{slug}")).collect::<Vec<_>>().join(", ");
        let fault = Fault::error("anchor", vi, en);
        register.add(file, place(anchor.at), fault.hint(format!("các đầu mục: {known}"), format!("headings: {known}")));
    }
    let assets = found.assets.into_iter().map(|asset| (asset.value, place(asset.at))).collect();

    lesson.cited = lesson.sources.clone();
    for cite in found.cites {
        if !lesson.cited.contains(&cite.value) {
            lesson.cited.push(cite.value);
        }
    }
    lesson.words = u32::try_from(body.split_whitespace().count()).unwrap_or(u32::MAX);
    lesson.minutes = Lesson::minutes_for(lesson.words, checks.len());
    lesson.checks = checks;
    lesson.body = if body.is_empty() { String::new() } else { format!("{body}\n") };
    if lesson.minutes > LONG {
        let minutes = lesson.minutes;
        let fault =
            Fault::warning("long", format!("Bài dài {minutes} phút"), format!("The lesson takes {minutes} minutes"));
        register.add(file, lines.place(base), fault.hint("tách thành hai bài", "split it in two"));
    }
    (Some(lesson), assets)
}

const FENCE: &str = "+++\n";

/// The front matter and where the body begins.
fn split(text: &str) -> Option<(&str, usize)> {
    let rest = text.strip_prefix(FENCE)?;
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "+++" {
            return Some((rest.get(..at)?, FENCE.len() + at + line.len()));
        }
        at += line.len();
    }
    None
}

/// Without blank lines before and white space after it, and how much was cut off in front.
fn trimmed(text: &str) -> (&str, usize) {
    let mut skipped = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            break;
        }
        skipped += line.len();
    }
    (text.get(skipped..).unwrap_or_default().trim_end(), skipped)
}
