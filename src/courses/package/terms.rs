//! The terms of a lesson with their explanations: the glossary of a course is what its lessons say where they explain a term,
//! so the two cannot disagree. In running text that is the sentence in which the term is marked; in a table, the row.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Block, Inline, parse, plain};
use super::text::slug;
use crate::platform::text::sort_key;

/// A term where a lesson explains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub term: String,
    /// The id it has in the lesson.
    pub anchor: String,
    /// Plain text.
    pub explanation: String,
}

/// Gives the terms of a text their ids, in the order in which they come.
#[derive(Default)]
pub(super) struct Anchors(BTreeMap<String, usize>);

impl Anchors {
    pub(super) fn next(&mut self, term: &str) -> String {
        let base = anchor(term);
        let seen = self.0.entry(base.clone()).or_default();
        *seen += 1;
        if *seen == 1 { base } else { format!("{base}-{seen}") }
    }
}

/// Where the glossary has a term.
pub fn anchor(term: &str) -> String {
    format!("tn-{}", slug(term))
}

/// The terms a lesson explains, in the order of its text.
pub fn terms(body: &str) -> Vec<Term> {
    let document = parse(body);
    let mut found = Found::default();
    found.blocks(&document.blocks);
    for (_, blocks) in &document.notes {
        found.blocks(blocks);
    }
    found.terms
}

/// One line of a glossary.
#[derive(Clone, Debug)]
pub struct Entry<T> {
    /// With a capital, as the lines of a list begin.
    pub name: String,
    /// The id of the line; empty where another term of the same plain letters has it.
    pub anchor: String,
    /// What each lesson says, with where it says it.
    pub said: Vec<(Term, T)>,
}

/// Terms by the Vietnamese alphabet, each once however it is written.
pub fn glossary<T>(terms: impl IntoIterator<Item = (Term, T)>) -> Vec<Entry<T>> {
    let mut lines: BTreeMap<(String, String), Vec<(Term, T)>> = BTreeMap::new();
    for (term, place) in terms {
        let lower = term.term.to_lowercase();
        lines.entry((sort_key(&lower), lower)).or_default().push((term, place));
    }
    let mut taken = BTreeSet::new();
    let entry = |((_, lower), said): ((String, String), Vec<(Term, T)>)| {
        let written = said.first().map_or(lower.as_str(), |(term, _)| term.term.as_str());
        let mut letters = written.chars();
        let name = letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
        let anchor = anchor(&lower);
        let anchor = if taken.insert(anchor.clone()) { anchor } else { String::new() };
        Entry { name, anchor, said }
    };
    lines.into_iter().map(entry).collect()
}

#[derive(Default)]
struct Found {
    terms: Vec<Term>,
    anchors: Anchors,
}

impl Found {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Heading { inlines, .. } | Block::Paragraph(inlines) | Block::Plain(inlines) => {
                    self.text(inlines)
                }
                Block::Quote(blocks) | Block::Callout { blocks, .. } => self.blocks(blocks),
                Block::List { items, .. } => items.iter().for_each(|item| self.blocks(item)),
                Block::Table { head, rows, .. } => {
                    self.row(&[], head);
                    rows.iter().for_each(|row| self.row(head, row));
                }
                Block::Code(_) | Block::Figure { .. } | Block::Check(_) | Block::Rule => {}
            }
        }
    }

    fn add(&mut self, term: String, explanation: String) {
        let anchor = self.anchors.next(&term);
        self.terms.push(Term { term, anchor, explanation });
    }

    fn text(&mut self, inlines: &[Inline]) {
        let mut flat = Flat::default();
        flat.inlines(inlines);
        for (at, term) in std::mem::take(&mut flat.terms) {
            self.add(term, sentence(&flat.text, at));
        }
    }

    /// The cell itself where it goes on after the term with a colon; otherwise what the other cells of the row say under the
    /// heads of their columns, save the questions they ask.
    fn row(&mut self, head: &[Vec<Inline>], row: &[Vec<Inline>]) {
        for (place, cell) in row.iter().enumerate() {
            let mut flat = Flat::default();
            flat.inlines(cell);
            let own = tidy(&flat.text);
            for (_, term) in std::mem::take(&mut flat.terms) {
                if own.starts_with(&format!("{term}:")) {
                    self.add(term, ended(own.clone()));
                    continue;
                }
                let mut others = Vec::new();
                for (other, cell) in row.iter().enumerate().filter(|(other, _)| *other != place) {
                    let text = tidy(&plain(cell));
                    if !text.is_empty() && !text.ends_with('?') {
                        others.push((head.get(other).map(|name| tidy(&plain(name))).unwrap_or_default(), text));
                    }
                }
                let alone = others.len() == 1;
                let mut said = if own == term { Vec::new() } else { vec![own.clone()] };
                said.extend(others.into_iter().map(|(name, text)| match alone || name.is_empty() {
                    true => text,
                    false => format!("{name}: {text}"),
                }));
                self.add(term, said.into_iter().map(ended).collect::<Vec<_>>().join(" "));
            }
        }
    }
}

fn ended(part: String) -> String {
    if part.ends_with(['.', '?', '!']) { part } else { format!("{part}.") }
}

/// Inlines as one text, and where its terms begin. Citations and footnotes are left out: they lead to places in the lesson.
#[derive(Default)]
struct Flat {
    text: String,
    terms: Vec<(usize, String)>,
}

impl Flat {
    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) | Inline::Code(text) => self.text.push_str(text),
                Inline::Term(term) => {
                    self.terms.push((self.text.len(), tidy(term)));
                    self.text.push_str(term);
                }
                Inline::Break => self.text.push(' '),
                Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Link { inlines: inner, .. } => {
                    self.inlines(inner);
                }
                Inline::Cite { .. } | Inline::Note(_) | Inline::Image { .. } | Inline::Check(_) => {}
            }
        }
    }
}

/// The sentence around a place: up to a stop before white space and a capital, a digit or a quotation mark.
fn sentence(text: &str, at: usize) -> String {
    let mut begin = 0;
    let mut end = text.len();
    for (stop, sign) in text.char_indices().filter(|(_, sign)| matches!(sign, '.' | '?' | '!' | '…')) {
        let after = stop + sign.len_utf8();
        let rest = text.get(after..).unwrap_or_default();
        let next = rest.trim_start().chars().next();
        let ends = next.is_none_or(|next| {
            rest.starts_with(char::is_whitespace) && (next.is_uppercase() || next.is_numeric() || "“\"(".contains(next))
        });
        if ends && after <= at {
            begin = after;
        } else if ends && end == text.len() {
            end = after;
            break;
        }
    }
    tidy(text.get(begin..end).unwrap_or_default())
}

/// Single spaces, none before a stop where a citation stood.
fn tidy(text: &str) -> String {
    let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ");
    spaced.replace(" .", ".").replace(" ,", ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> Vec<(String, String, String)> {
        terms(body).into_iter().map(|t| (t.term, t.anchor, t.explanation)).collect()
    }

    #[test]
    fn a_term_is_explained_by_its_sentence() {
        let body =
            "Câu trước. Nghị định 47/2020 gọi {trường dữ liệu} là một ô [@vb-1, Điều 2] của bảng. [@vb-1] Câu sau.\n";
        let expected = "Nghị định 47/2020 gọi trường dữ liệu là một ô của bảng.";
        assert_eq!(of(body), [("trường dữ liệu".into(), "tn-truong-du-lieu".into(), expected.into())]);
    }

    #[test]
    fn a_term_in_a_table_is_explained_by_its_row() {
        let body = "| Giấy | Ai cấp | Ghi chú |\n|---|---|---|\n| {Chứng chỉ} | Cơ sở có thẩm quyền | Có mẫu |\n\
                    | {Số}: hai | Một? | |\n| {Kho} | Nơi gom dữ liệu | Còn khai lại gì? |\n";
        let found = of(body);
        assert_eq!(found[0].2, "Ai cấp: Cơ sở có thẩm quyền. Ghi chú: Có mẫu.");
        assert_eq!(found[1].2, "Số: hai.");
        assert_eq!(found[2].2, "Nơi gom dữ liệu.");
    }

    #[test]
    fn the_same_term_twice_has_two_places() {
        let anchors: Vec<_> = of("- {Kiến trúc} là một.\n- {kiến trúc} là hai.\n").into_iter().map(|t| t.1).collect();
        assert_eq!(anchors, ["tn-kien-truc", "tn-kien-truc-2"]);
    }
}
