//! Moodle GIFT, with our metadata in comments. `parse` collects every fault with its place; `write` gives the one
//! canonical text, so that text → items → text → items is stable.
//!
//! What differs from Moodle: questions are plain text (no HTML, no Markdown), essays and descriptions are refused, a
//! question must carry an id in a comment, and blanks are not wildcards.

use std::borrow::Cow;

use super::fault::{Fault, Lines, Place};
use super::model::Item;

mod answers;
mod stem;
mod write;

pub use write::write;

/// Where a file of questions lies.
#[derive(Clone, Copy, Debug)]
pub enum Home<'a> {
    /// A bank file; its name is the topic.
    Bank { topic: &'a str },
    /// A module's `check.gift`; the module's id is the topic unless a question names another.
    Module { id: &'a str },
}

/// A question and where it begins, for faults found later (a doubled id, an unknown source).
#[derive(Clone, Debug)]
pub struct Parsed {
    pub item: Item,
    pub place: Place,
}

/// What a file of questions holds. Sound questions come back even when others have faults.
#[derive(Debug, Default)]
pub struct Reading {
    pub questions: Vec<Parsed>,
    /// Ids of questions with faults: taken, though nothing stands behind them yet.
    pub broken: Vec<(String, Place)>,
    pub faults: Vec<Fault>,
}

/// Reads a file of questions.
pub fn parse(file: &str, text: &str, home: Home<'_>) -> Reading {
    let lines = Lines::new(text);
    let mut report = Report { file, lines: &lines, reading: Reading::default() };
    let mut block = Block::default();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        if line.trim().is_empty() {
            std::mem::take(&mut block).finish(home, &mut report);
        } else {
            block.add(line, start, &mut report);
        }
    }
    block.finish(home, &mut report);
    report.reading
}

/// Collects faults of one file.
pub(super) struct Report<'a> {
    file: &'a str,
    lines: &'a Lines<'a>,
    reading: Reading,
}

impl Report<'_> {
    pub(super) fn add(&mut self, byte: usize, fault: Fault) {
        self.reading.faults.push(fault.at(self.file, self.lines.place(byte)));
    }

    fn errors(&self) -> usize {
        self.reading.faults.iter().filter(|fault| fault.is_error()).count()
    }
}

/// A metadata value and where it stands.
type Noted<T> = Option<(T, usize)>;

/// What the comments before a question say.
#[derive(Debug, Default)]
struct Notes {
    id: Noted<String>,
    topic: Noted<String>,
    version: Noted<u32>,
    difficulty: Noted<u8>,
    sources: Vec<String>,
    tags: Vec<String>,
    keep_order: bool,
    /// A value was refused: the question does not count.
    broken: bool,
    /// Where the first of them stands.
    first: Option<usize>,
}

/// Lines between two blank lines: one question.
#[derive(Debug, Default)]
struct Block {
    notes: Notes,
    /// The text without comment lines, each character with its place in the file.
    chars: Vec<Sign>,
}

/// A character and its byte offset in the file.
pub(super) type Sign = (char, usize);

const KEYS: [&str; 7] = ["id", "topic", "version", "difficulty", "source", "tags", "shuffle"];

impl Block {
    fn add(&mut self, line: &str, start: usize, report: &mut Report<'_>) {
        let indent = line.len() - line.trim_start().len();
        let content = line.trim();
        if let Some(comment) = content.strip_prefix("//") {
            self.notes.read(comment, start + indent + 2, report);
        } else if content.starts_with("$CATEGORY:") {
            let fault =
                Fault::warning("gift-category", "Dòng $CATEGORY được bỏ qua", "The $CATEGORY line is passed over");
            report.add(
                start + indent,
                fault.hint("chủ đề là tên tệp trong bank/", "the topic is the file's name in bank/"),
            );
        } else {
            self.chars.extend(line.char_indices().map(|(at, sign)| (sign, start + at)));
        }
    }

    fn finish(self, home: Home<'_>, report: &mut Report<'_>) {
        let Some((_, first)) = self.chars.iter().find(|(sign, _)| !sign.is_whitespace()).copied() else {
            if let Some(lost) = self.notes.first {
                let fault = Fault::error(
                    "gift-lost-notes",
                    "Thông tin câu hỏi đứng rời, không thuộc câu nào",
                    "Question metadata stands alone and belongs to no question",
                );
                report.add(
                    lost,
                    fault.hint("bỏ dòng trống giữa nó và câu hỏi", "remove the blank line before the question"),
                );
            }
            return;
        };
        let errors = report.errors();
        let notes = self.notes;
        let broken = notes.broken;
        let (id, place) = match &notes.id {
            Some((id, at)) => (id.clone(), *at),
            None => {
                let fault = Fault::error("gift-no-id", "Câu hỏi chưa có mã", "The question has no id");
                let hint = ("thêm dòng // id: … ngay trước câu", "add a line // id: … just before the question");
                report.add(first, fault.hint(hint.0, hint.1));
                (String::new(), first)
            }
        };
        let (module, own_topic) = match home {
            Home::Bank { topic } => (None, topic),
            Home::Module { id } => (Some(id.to_owned()), id),
        };
        if let (Some((topic, at)), Home::Bank { .. }) = (&notes.topic, home)
            && topic != own_topic
        {
            let (vi, en) = (
                format!("Chủ đề \"{topic}\" khác tên tệp \"{own_topic}\""),
                format!("The topic \"{topic}\" is not the file's name \"{own_topic}\""),
            );
            let hint = "bỏ dòng này hoặc chuyển câu sang tệp của chủ đề";
            report.add(*at, Fault::error("gift-topic", vi, en).hint(hint, "drop the line or move the question"));
        }
        let place = report.lines.place(place);
        let stem = stem::parse(&self.chars, &id, report).filter(|_| report.errors() == errors && !broken);
        let Some(stem) = stem else {
            report.reading.broken.push((id, place));
            return;
        };
        let item = Item {
            id,
            version: notes.version.map_or(1, |(version, _)| version),
            module,
            topic: notes.topic.map_or_else(|| own_topic.to_owned(), |(topic, _)| topic),
            difficulty: notes.difficulty.map_or(2, |(difficulty, _)| difficulty),
            sources: notes.sources,
            tags: notes.tags,
            shuffle: !notes.keep_order,
            title: stem.title,
            text: stem.text,
            feedback: stem.feedback,
            kind: stem.kind,
        };
        report.reading.questions.push(Parsed { item, place });
    }
}

impl Notes {
    fn read(&mut self, comment: &str, start: usize, report: &mut Report<'_>) {
        let Some((key, value)) = comment.split_once(':') else { return };
        let at = start + key.len() + 1 + (value.len() - value.trim_start().len());
        let (key, value) = (key.trim(), value.trim());
        if !KEYS.contains(&key) {
            if let Some(near) = closest(KEYS, key).filter(|_| key.len() > 3) {
                let (vi, en) = (format!("Khóa lạ \"{key}\""), format!("Unknown key \"{key}\""));
                let fault = Fault::warning("gift-key", vi, en);
                report.add(start, fault.hint(format!("có phải \"{near}\"?"), format!("did you mean \"{near}\"?")));
            }
            return;
        }
        self.first.get_or_insert(start);
        let value = clean(value);
        let mut broken = false;
        let mut refuse = |vi: &str, en: &str| {
            broken = true;
            let (vi, en) =
                (format!("Giá trị của \"{key}\" không hợp lệ: {vi}"), format!("Bad value of \"{key}\": {en}"));
            report.add(at, Fault::error("gift-value", vi, en));
        };
        match key {
            "id" if self.id.is_some() => refuse("câu đã có mã", "the question has an id already"),
            "id" if !is_id(&value) => {
                refuse("mã chỉ gồm a-z, 0-9 và -, dài 3–64", "an id is a-z, 0-9 and -, 3–64 long")
            }
            "id" => self.id = Some((value.into_owned(), at)),
            "topic" if !is_id(&value) => {
                refuse("chủ đề chỉ gồm a-z, 0-9 và -, dài 3–64", "a topic is a-z, 0-9 and -, 3–64 long")
            }
            "topic" => self.topic = Some((value.into_owned(), at)),
            "version" => match value.parse() {
                Ok(version) if version > 0 => self.version = Some((version, at)),
                _ => refuse("cần số nguyên từ 1", "a whole number from 1 is needed"),
            },
            "difficulty" => match value.parse() {
                Ok(level @ 1..=3) => self.difficulty = Some((level, at)),
                _ => refuse("cần 1, 2 hoặc 3", "1, 2 or 3 is needed"),
            },
            "shuffle" => match value.as_ref() {
                "yes" => self.keep_order = false,
                "no" => self.keep_order = true,
                _ => refuse("cần yes hoặc no", "yes or no is needed"),
            },
            _ => {
                let list = if key == "source" { &mut self.sources } else { &mut self.tags };
                for part in value.split(',').map(str::trim).filter(|part| !part.is_empty()) {
                    if !list.iter().any(|known| known == part) {
                        list.push(part.to_owned());
                    }
                }
            }
        }
        self.broken |= broken;
    }
}

fn clean(value: &str) -> Cow<'_, str> {
    if value.contains(char::is_whitespace) {
        Cow::Owned(value.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(value)
    }
}

/// The form of every id in a course: lower-case letters, digits, single hyphens between; begins with a letter.
pub fn is_id(text: &str) -> bool {
    (3..=64).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

/// The known word a typing slip or two away from the one typed, for "did you mean".
pub fn closest<'a>(known: impl IntoIterator<Item = &'a str>, typed: &str) -> Option<&'a str> {
    let most = if typed.len() < 8 { 1 } else { 2 };
    let known = known.into_iter().filter(|known| known.len().abs_diff(typed.len()) <= 4);
    let near = known.map(|known| (distance(known, typed), known)).filter(|(far, _)| (1..=most).contains(far));
    near.min_by_key(|(far, _)| *far).map(|(_, known)| known)
}

/// Levenshtein's distance.
fn distance(known: &str, typed: &str) -> usize {
    let typed: Vec<char> = typed.chars().take(100).collect();
    let mut row: Vec<usize> = (0..=typed.len()).collect();
    for (line, known) in known.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        for (cell, typed) in row.iter_mut().skip(1).zip(&typed) {
            let cost = usize::from(known != *typed);
            let best = (diagonal + cost).min(left + 1).min(*cell + 1);
            diagonal = std::mem::replace(cell, best);
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
