//! One question of a GIFT file: title, text, the braces, and what stands after them.

use super::super::fault::Fault;
use super::super::model::ItemKind;
use super::{Report, Sign, answers};

pub(super) struct Stem {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) feedback: String,
    pub(super) kind: ItemKind,
}

/// Stands in the text where the braces of a fill-the-gap question were.
const GAP: &str = "_____";

pub(super) fn parse(signs: &[Sign], item: &str, report: &mut Report<'_>) -> Option<Stem> {
    let start = signs.iter().position(|(sign, _)| !sign.is_whitespace()).unwrap_or(0);
    let (signs, end) = (signs.get(start..).unwrap_or_default(), signs.last().map_or(0, |(_, at)| *at));
    let first = signs.first().map_or(0, |(_, at)| *at);

    let (title, rest) = title(signs);
    let rest = format(rest, report)?;
    let Some(open) = find(rest, &['{']) else {
        let fault =
            Fault::error("gift-no-answers", "Câu hỏi không có phần trả lời {…}", "The question has no answers {…}");
        report
            .add(first, fault.hint("mỗi câu cách nhau bằng một dòng trống", "questions are separated by a blank line"));
        return None;
    };
    let (before, inside) = (rest.get(..open).unwrap_or_default(), rest.get(open + 1..).unwrap_or_default());
    let opened = rest.get(open).map_or(first, |(_, at)| *at);
    let Some(close) = find(inside, &['}']) else {
        let fault = Fault::error("gift-unclosed", "Dấu { không có dấu } đóng lại", "The { is never closed by }");
        let hint = "trong phần trả lời không được có dòng trống; dấu ngoặc thường viết \\{ \\}";
        report.add(opened, fault.hint(hint, "no blank line inside the answers; a plain brace is \\{ \\}"));
        return None;
    };
    let (within, after) = (inside.get(..close).unwrap_or_default(), inside.get(close + 1..).unwrap_or_default());
    for (part, code) in [(before, '}'), (within, '{'), (after, '{'), (after, '}')] {
        if let Some((_, at)) = find(part, &[code]).and_then(|stray| part.get(stray)) {
            let (vi, en) = (format!("Dấu {code} lạc chỗ"), format!("A stray {code}"));
            let hint = (format!("dấu ngoặc thường viết \\{code}"), format!("a plain brace is \\{code}"));
            report.add(*at, Fault::error("gift-brace", vi, en).hint(hint.0, hint.1));
            return None;
        }
    }

    let tail = plain(after);
    let mut text = plain(before);
    if !tail.is_empty() {
        text = format!("{text} {GAP} {tail}").trim_start().to_owned();
    }
    if text.is_empty() {
        report.add(first, Fault::error("gift-no-text", "Câu hỏi không có lời", "The question has no text"));
    }
    let close_at = inside.get(close).map_or(end, |(_, at)| *at);
    let (kind, feedback) = answers::parse(within, opened, close_at, item, report)?;
    Some(Stem { title, text, feedback, kind })
}

/// `::title::` before the text.
fn title(signs: &[Sign]) -> (String, &[Sign]) {
    if !starts(signs, "::") {
        return (String::new(), signs);
    }
    let rest = signs.get(2..).unwrap_or_default();
    let mut at = 0;
    while at < rest.len() {
        let here = rest.get(at..).unwrap_or_default();
        if starts(here, "::") {
            let title = plain(rest.get(..at).unwrap_or_default()).replace('\n', " ");
            return (title, here.get(2..).unwrap_or_default());
        }
        at += if starts(here, "\\") { 2 } else { 1 };
    }
    (String::new(), signs)
}

/// `[plain]` or `[markdown]` before the text is allowed, `[html]` and `[moodle]` are not.
fn format<'a>(signs: &'a [Sign], report: &mut Report<'_>) -> Option<&'a [Sign]> {
    let skip = signs.iter().take_while(|(sign, _)| sign.is_whitespace()).count();
    let trimmed = signs.get(skip..).unwrap_or_default();
    for name in ["[plain]", "[markdown]"] {
        if starts(trimmed, name) {
            return Some(trimmed.get(name.len()..).unwrap_or_default());
        }
    }
    if starts(trimmed, "[html]") || starts(trimmed, "[moodle]") {
        let fault = Fault::error("gift-html", "Câu hỏi không dùng HTML", "Questions do not use HTML");
        report.add(trimmed.first().map_or(0, |(_, at)| *at), fault.hint("viết văn bản thuần", "write plain text"));
        return None;
    }
    Some(trimmed)
}

pub(super) fn starts(signs: &[Sign], text: &str) -> bool {
    let mut signs = signs.iter();
    text.chars().all(|wanted| signs.next().is_some_and(|(sign, _)| *sign == wanted))
}

/// The first of these characters that is not escaped.
pub(super) fn find(signs: &[Sign], wanted: &[char]) -> Option<usize> {
    let mut escaped = false;
    signs.iter().position(|(sign, _)| {
        let hit = !escaped && wanted.contains(sign);
        escaped = !escaped && *sign == '\\';
        hit
    })
}

/// Escapes resolved, runs of white space made one space, `\n` a line break; the normal form of every text of an item.
pub(super) fn plain(signs: &[Sign]) -> String {
    let mut raw = String::with_capacity(signs.len());
    let mut signs = signs.iter().map(|(sign, _)| *sign).peekable();
    while let Some(sign) = signs.next() {
        let escaped = if sign == '\\' { signs.next_if(|next| "~=#{}:\\>n".contains(*next)) } else { None };
        match escaped {
            Some('n') => raw.push('\u{1}'),
            Some(plain) => raw.push(plain),
            None => raw.push(if sign == '\u{1}' { ' ' } else { sign }),
        }
    }
    normal(&raw.split('\u{1}').collect::<Vec<_>>())
}

/// Joins lines, each with single spaces, without blank lines at the ends.
fn normal(lines: &[&str]) -> String {
    let lines = lines.iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}
