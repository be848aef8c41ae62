//! Our own marks inside running text: citations `[@id, place]`, terms `{…}`, and the lines `[!callout]` and `::check{id}`.

use unicode_normalization::UnicodeNormalization;

use super::super::keys::Located;
use super::super::text::is_hidden;
use super::{Callout, Document, Inline};
use crate::questions::fault::Fault;
use crate::questions::gift::{closest, is_id};

/// Longest term, in characters.
const LONGEST_TERM: usize = 80;

/// A character of running text, where it stands, and whether a backslash protects it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sign {
    pub(super) sign: char,
    pub(super) at: usize,
    pub(super) escaped: bool,
}

fn is(sign: &Sign, wanted: char) -> bool {
    sign.sign == wanted && !sign.escaped
}

fn starts(signs: &[Sign], text: &str) -> bool {
    let mut signs = signs.iter();
    text.chars().all(|wanted| signs.next().is_some_and(|sign| is(sign, wanted)))
}

fn text_of(signs: &[Sign]) -> String {
    signs.iter().map(|sign| sign.sign).nfc().collect()
}

fn trimmed(signs: &[Sign]) -> String {
    text_of(signs).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The callout named at the very beginning of a block quote, and the text after it.
pub(super) fn callout<'a>(signs: &'a [Sign], document: &mut Document) -> Option<(Option<Callout>, &'a [Sign])> {
    if !starts(signs, "[!") {
        return None;
    }
    let end = signs.iter().position(|sign| is(sign, ']'))?;
    let name = text_of(signs.get(2..end).unwrap_or_default());
    let kind = Callout::ALL.into_iter().find(|kind| kind.key() == name);
    if kind.is_none() {
        let (vi, en) = (format!("Không có loại hộp [!{name}]"), format!("There is no callout [!{name}]"));
        let known = Callout::ALL.map(Callout::key);
        let hint = match closest(known, &name) {
            Some(known) => (format!("có phải [!{known}]?"), format!("did you mean [!{known}]?")),
            None => (format!("dùng một trong: {}", known.join(", ")), format!("use one of: {}", known.join(", "))),
        };
        let at = signs.first().map_or(0, |sign| sign.at);
        document.faults.push((at, Fault::error("callout-kind", vi, en).hint(hint.0, hint.1)));
    }
    let mut rest = signs.get(end + 1..).unwrap_or_default();
    while let [first, after @ ..] = rest {
        if !first.sign.is_whitespace() {
            break;
        }
        rest = after;
    }
    Some((kind, rest))
}

/// The ids of a paragraph that consists of `::check{id}` lines only.
pub(super) fn check_lines(signs: &[Sign]) -> Option<Vec<Located<String>>> {
    if !starts(signs, "::check") {
        return None;
    }
    let mut ids = Vec::new();
    for line in signs.split(|sign| sign.sign == '\n') {
        let at = line.first()?.at;
        let text = text_of(line);
        let id = text.trim().strip_prefix("::check{")?.strip_suffix('}')?;
        ids.push(Located { value: id.trim().to_owned(), at });
    }
    ids.iter().all(|id| is_id(&id.value)).then_some(ids)
}

/// Splits running text at its marks.
pub(super) fn split(signs: &[Sign], document: &mut Document) -> Vec<Inline> {
    let mut out = Vec::new();
    let mut plain: Vec<Sign> = Vec::new();
    let mut rest = signs;
    while let Some(first) = rest.first().copied() {
        let mut taken = 1;
        let mark = if is(&first, '[') {
            match bracket(rest, document) {
                Some((mark, length)) => {
                    taken = length;
                    mark
                }
                None => None,
            }
        } else if is(&first, '{') {
            taken = term_length(rest, document);
            term(rest.get(..taken).unwrap_or_default(), document)
        } else {
            if is(&first, '}') {
                brace(first.at, '}', document);
            }
            if starts(rest, "::check") {
                let fault = Fault::error(
                    "check-place",
                    "::check đặt sai chỗ hoặc sai dạng",
                    "::check is misplaced or malformed",
                );
                let hint = "viết ::check{mã-câu} một mình một dòng, ngoài danh sách và hộp, có dòng trống trước và sau";
                let hint_en = "write ::check{id} alone on its line, outside lists and boxes, between blank lines";
                document.faults.push((first.at, fault.hint(hint, hint_en)));
                taken =
                    rest.iter().position(|sign| is(sign, '}') || sign.sign == '\n').map_or(rest.len(), |end| end + 1);
            }
            // written plainly it is a fault of the file already
            if is_hidden(first.sign) && first.escaped {
                let (vi, en) = ("Ký tự ẩn viết bằng mã &#…;", "An invisible character written as &#…;");
                document
                    .faults
                    .push((first.at, Fault::error("text-hidden", vi, en).hint("xóa ký tự này", "delete it")));
            }
            None
        };
        match mark {
            Some(mark) => {
                flush(&mut plain, &mut out);
                out.push(mark);
            }
            None => plain.extend(rest.get(..taken).unwrap_or_default()),
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    flush(&mut plain, &mut out);
    out
}

fn flush(plain: &mut Vec<Sign>, out: &mut Vec<Inline>) {
    if !plain.is_empty() {
        out.push(Inline::Text(text_of(plain)));
        plain.clear();
    }
}

/// `[@id, place]`; also catches a footnote mark without its footnote.
fn bracket(signs: &[Sign], document: &mut Document) -> Option<(Option<Inline>, usize)> {
    let at = signs.first().map_or(0, |sign| sign.at);
    if starts(signs, "[^") {
        let fault = Fault::error("note-missing", "Chú thích [^…] không có nội dung", "The footnote [^…] has no text");
        document.faults.push((at, fault.hint("thêm dòng [^…]: nội dung", "add a line [^…]: text")));
        return None;
    }
    if !starts(signs, "[@") {
        return None;
    }
    let inside = signs.get(2..).unwrap_or_default();
    let end = inside.iter().position(|sign| is(sign, ']') || is(sign, '['));
    let closed = end.filter(|end| inside.get(*end).is_some_and(|sign| is(sign, ']')));
    let Some(end) = closed else {
        let fault = Fault::error("cite-form", "Dẫn nguồn không có dấu ] đóng lại", "The citation is never closed by ]");
        document.faults.push((at, fault.hint("viết [@mã, mục 2]", "write [@id, section 2]")));
        return None;
    };
    let inside = inside.get(..end).unwrap_or_default();
    let comma = inside.iter().position(|sign| sign.sign == ',').unwrap_or(inside.len());
    let id = trimmed(inside.get(..comma).unwrap_or_default());
    let place = trimmed(inside.get(comma + 1..).unwrap_or_default());
    if !is_id(&id) {
        let (vi, en) = (format!("\"{id}\" không phải mã nguồn"), format!("\"{id}\" is not the id of a source"));
        let fault = Fault::error("cite-form", vi, en);
        document.faults.push((at, fault.hint("viết [@mã] hoặc [@mã, chỗ dẫn]", "write [@id] or [@id, place]")));
        return Some((None, end + 3));
    }
    document.cites.push(Located { value: id.clone(), at });
    Some((Some(Inline::Cite { id, place }), end + 3))
}

/// How far a term reaches, its braces included; 1 when it is never closed on its line.
fn term_length(signs: &[Sign], document: &mut Document) -> usize {
    let end = signs.iter().skip(1).position(|sign| is(sign, '}') || is(sign, '{') || sign.sign == '\n');
    let closed = end.filter(|end| signs.get(end + 1).is_some_and(|sign| is(sign, '}')));
    match closed {
        Some(end) => end + 2,
        None => {
            brace(signs.first().map_or(0, |sign| sign.at), '{', document);
            1
        }
    }
}

fn term(signs: &[Sign], document: &mut Document) -> Option<Inline> {
    let inside = signs.get(1..signs.len().saturating_sub(1)).filter(|_| signs.len() > 1)?;
    let term = trimmed(inside);
    if term.is_empty() || term.chars().count() > LONGEST_TERM {
        let at = signs.first().map_or(0, |sign| sign.at);
        let fault = Fault::error("term-length", "Thuật ngữ {…} dài 1–80 ký tự", "A term {…} is 1–80 characters long");
        document.faults.push((at, fault.hint("dấu ngoặc thường viết \\{ \\}", "a plain brace is \\{ \\}")));
    }
    Some(Inline::Term(term))
}

fn brace(at: usize, sign: char, document: &mut Document) {
    let (vi, en) = (format!("Dấu {sign} không có đôi trên cùng dòng"), format!("{sign} has no partner on its line"));
    let hint = (format!("thuật ngữ viết {{…}}; dấu ngoặc thường viết \\{sign}"), format!("a plain brace is \\{sign}"));
    document.faults.push((at, Fault::error("brace", vi, en).hint(hint.0, hint.1)));
}
