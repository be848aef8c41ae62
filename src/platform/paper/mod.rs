//! Papers of many pages as PDF/A-2a and PDF/UA-1: paragraphs, headings, two columns beside each other, and tables that go on over
//! pages. What stands in them is decided by whoever makes one; here is only how it is set, and the same [`Document`] always gives the
//! same bytes. A character that cannot be printed is an error that names it: nothing is left out and no box is printed.

mod draw;
pub mod faces;
mod layout;
mod lines;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

pub use self::faces::Cut;

/// A4 upright, in points, with the margins that Decree 30/2020 gives: 20 mm above and below, 30 mm left, 18 mm right.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const TOP: f32 = 56.7;
const BOTTOM: f32 = HEIGHT - 56.7;
const LEFT: f32 = 85.04;
const RIGHT: f32 = WIDTH - 51.02;
/// The width that text may take.
pub const MEASURE: f32 = RIGHT - LEFT;

/// A paper before it is set.
#[derive(Debug, Clone)]
pub struct Document {
    pub title: String,
    pub subject: String,
    pub author: String,
    /// Tells this paper from all others; written into the file.
    pub id: String,
    /// Written into the file as its date.
    pub at: DateTime<Utc>,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone)]
pub enum Block {
    Text(Text),
    /// Two columns beside each other, kept on one page: `share` of the width is the left one's.
    Columns {
        left: Vec<Text>,
        right: Vec<Text>,
        share: f32,
        before: f32,
    },
    Table(Table),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Centre,
    Right,
    /// Both edges straight, save in the last line.
    Both,
}

/// What a paragraph is to a reader who does not see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Paragraph,
    /// From 1, the title of the whole.
    Heading(u16),
}

/// A paragraph.
#[derive(Debug, Clone)]
pub struct Text {
    pub text: String,
    pub cut: Cut,
    pub size: f32,
    pub align: Align,
    /// How far the first line stands in.
    pub indent: f32,
    pub before: f32,
    pub role: Role,
    /// A line under it, so much of its last line long; 0 for none.
    pub rule: f32,
}

impl Text {
    pub fn new(text: impl Into<String>, cut: Cut, size: f32) -> Self {
        let (align, role) = (Align::Left, Role::Paragraph);
        Self { text: text.into(), cut, size, align, indent: 0.0, before: 0.0, role, rule: 0.0 }
    }

    #[must_use]
    pub fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }

    #[must_use]
    pub fn indent(self, indent: f32) -> Self {
        Self { indent, ..self }
    }

    #[must_use]
    pub fn before(self, before: f32) -> Self {
        Self { before, ..self }
    }

    #[must_use]
    pub fn role(self, role: Role) -> Self {
        Self { role, ..self }
    }

    #[must_use]
    pub fn rule(self, rule: f32) -> Self {
        Self { rule, ..self }
    }
}

/// A table: its heads stand again on each page that it goes on to.
#[derive(Debug, Clone)]
pub struct Table {
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub size: f32,
}

#[derive(Debug, Clone)]
pub struct Column {
    pub head: String,
    /// How wide it is in relation to the others.
    pub weight: f32,
    pub align: Align,
}

#[derive(Debug, Clone)]
pub struct Row {
    /// As many as there are columns; the first names the row.
    pub cells: Vec<String>,
    pub is_total: bool,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    #[error("the character {character:?} (U+{:04X}) cannot be printed with the paper's fonts", u32::from(*.character))]
    Unprintable { character: char },
    #[error("a row of the table {0:?} is higher than a page")]
    TooHigh(String),
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
}

/// The first character of a text that could not be printed, for forms to name before it is too late.
pub fn unprintable(text: &str) -> Option<char> {
    let visible = |c: &char| !c.is_control();
    let text: String = text.chars().filter(visible).collect();
    [Cut::Regular, Cut::Bold, Cut::Italic].into_iter().find_map(|cut| faces::unprintable(&text, cut))
}

/// The paper as a PDF file.
pub fn pdf(document: &Document) -> Result<Vec<u8>, PaperError> {
    draw::pdf(document, &layout::set(&document.blocks)?)
}
