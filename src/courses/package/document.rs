//! A lesson's Markdown as a tree of exactly the things a lesson may contain. What is not in these types cannot be
//! rendered, so the checker and the renderer cannot disagree about what is safe.

use super::keys::Located;
use crate::questions::fault::Fault;

mod build;
mod marks;

pub(super) use build::{is_outside, parse};

/// A parsed lesson body.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) blocks: Vec<Block>,
    /// Footnotes by label, in the order they are written.
    pub(super) notes: Vec<(String, Vec<Block>)>,
    /// What is wrong by itself, with byte offsets into the body.
    pub(super) faults: Vec<(usize, Fault)>,
    /// What points elsewhere, to be checked against the rest of the course.
    pub(super) cites: Vec<Located<String>>,
    pub(super) checks: Vec<Located<String>>,
    pub(super) assets: Vec<Located<String>>,
    pub(super) anchors: Vec<Located<String>>,
    /// Slugs of headings, each once.
    pub(super) headings: Vec<String>,
}

#[derive(Debug)]
pub(super) enum Block {
    Heading {
        level: u8,
        slug: String,
        inlines: Vec<Inline>,
    },
    Paragraph(Vec<Inline>),
    /// Text of a list item without a paragraph of its own.
    Plain(Vec<Inline>),
    Quote(Vec<Block>),
    Callout {
        kind: Callout,
        blocks: Vec<Block>,
    },
    List {
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    Code(String),
    Table {
        align: Vec<Align>,
        head: Vec<Vec<Inline>>,
        rows: Vec<Vec<Vec<Inline>>>,
    },
    Figure {
        asset: String,
        alt: String,
        caption: String,
    },
    Check(String),
    Rule,
}

#[derive(Debug)]
pub(super) enum Inline {
    Text(String),
    Break,
    Code(String),
    Emphasis(Vec<Inline>),
    Strong(Vec<Inline>),
    Link {
        target: Target,
        inlines: Vec<Inline>,
    },
    Cite {
        id: String,
        place: String,
    },
    Term(String),
    Note(String),
    /// Only while a paragraph is being built: it becomes a block or a fault.
    Image {
        asset: String,
        alt: String,
        caption: String,
    },
    /// Likewise.
    Check(String),
}

/// Where a link may go.
#[derive(Debug)]
pub(super) enum Target {
    /// `http:`, `https:` or `mailto:`.
    Outside(String),
    /// A heading of the same lesson.
    Heading(String),
    Asset(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Start,
    Center,
    End,
}

/// The five boxes of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Callout {
    LegalBasis,
    Note,
    Warning,
    Example,
    Exercise,
}

impl Callout {
    pub(super) const ALL: [Self; 5] = [Self::LegalBasis, Self::Note, Self::Warning, Self::Example, Self::Exercise];

    /// As written in a lesson and used in class names.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::LegalBasis => "can-cu",
            Self::Note => "luu-y",
            Self::Warning => "canh-bao",
            Self::Example => "vi-du",
            Self::Exercise => "bai-tap",
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::LegalBasis => "Căn cứ pháp lý",
            Self::Note => "Lưu ý",
            Self::Warning => "Cảnh báo",
            Self::Example => "Ví dụ",
            Self::Exercise => "Bài tập",
        }
    }
}

/// The path under `assets/` that a lesson means by `../assets/…`.
pub(super) fn asset_path(written: &str) -> Option<&str> {
    written.strip_prefix("../assets/").filter(|path| super::assets::is_path(path))
}

/// Plain text of inlines: for heading slugs and search.
pub(super) fn plain(inlines: &[Inline]) -> String {
    let mut out = String::new();
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Term(text) => out.push_str(text),
            Inline::Break => out.push(' '),
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Link { inlines: inner, .. } => {
                out.push_str(&plain(inner));
            }
            Inline::Cite { .. } | Inline::Note(_) | Inline::Image { .. } | Inline::Check(_) => {}
        }
    }
    out
}

#[cfg(test)]
mod tests;
