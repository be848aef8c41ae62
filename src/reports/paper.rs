//! The official layout (thể thức) of a report after Decree 30/2020/NĐ-CP: A4, the name of the state and its motto, the issuing body under
//! the one above it, number and symbol, place and date, title, body, recipients and signature. Number, day and signature are given when
//! the paper is issued, so their places stay open; nothing here pretends to be signed.

use crate::{
    platform::{
        error::{Error, FieldErrors, Result},
        i18n::{Locale, Message},
        paper::{self, Align, Block, Cut, Role, Text},
        sheets::table::Cell,
        text,
    },
    reports::{
        document::stamp,
        model::document::{Document, Row, Section, Table},
    },
};

const STATE: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
const MOTTO: &str = "Độc lập - Tự do - Hạnh phúc";
const ILLUSTRATION: &str = "DỮ LIỆU MINH HỌA – KHÔNG CÓ GIÁ TRỊ";
/// The body's type, and how far the first line of a paragraph stands in: 1 cm.
const SIZE: f32 = 13.0;
const INDENT: f32 = 28.35;
const TABLE_SIZE: f32 = 10.0;

/// Why a report cannot be set, for the person who asked for it.
pub const UNPRINTABLE: &str = "reports-fault-character";

/// The report as a PDF file.
pub fn pdf(document: &Document) -> Result<Vec<u8>> {
    let paper = paper::Document {
        title: document.title(),
        subject: format!("Số liệu đến {}", text::datetime(document.known_at.0)),
        author: document.words.issuer.clone(),
        id: id(document),
        at: stamp(document).0,
        blocks: blocks(document),
    };
    paper::pdf(&paper).map_err(|error| match error {
        paper::PaperError::Unprintable { character } => Error::Refused(
            Message::new(UNPRINTABLE).with("detail", format!("{character} (U+{:04X})", u32::from(character))),
        ),
        other => Error::internal(other),
    })
}

/// The same for the same report, another for another: the hash of all it says.
fn id(document: &Document) -> String {
    use sha2::{Digest, Sha256};
    let said = serde_json::to_vec(document).unwrap_or_default();
    text::hex_start(&Sha256::digest(said), 16)
}

/// Faults of what a person wrote, found before the paper is made: a character that no font of the paper has.
pub fn check_words(fields: &[(&'static str, &str)]) -> FieldErrors {
    let mut faults = FieldErrors::default();
    for (field, text) in fields {
        if let Some(character) = paper::unprintable(text) {
            faults.add(field, Message::new("reports-unprintable").with("character", character.to_string()));
        }
    }
    faults
}

fn centred(text: impl Into<String>, cut: Cut, size: f32) -> Text {
    Text::new(text, cut, size).align(Align::Centre)
}

fn blocks(document: &Document) -> Vec<Block> {
    let mut blocks = vec![head(document)];
    if document.is_illustration {
        blocks.push(Block::Text(centred(ILLUSTRATION, Cut::Bold, 12.0).before(12.0)));
    }
    let title = centred("BÁO CÁO", Cut::Bold, 14.0).before(18.0).role(Role::Heading(1));
    let subject = capital(&document.subject);
    blocks.push(Block::Text(title));
    blocks.push(Block::Text(centred(subject, Cut::Bold, 14.0).rule(0.35)));
    let mut first = true;
    for section in &document.sections {
        match section {
            Section::Basis(text) => {
                let before = if std::mem::take(&mut first) { 14.0 } else { 4.0 };
                blocks.push(paragraph(text, Cut::Italic, before));
            }
            Section::Heading(text) => {
                let text = Text::new(text, Cut::Bold, SIZE).indent(INDENT).before(10.0).role(Role::Heading(2));
                blocks.push(Block::Text(text));
            }
            Section::Subheading(text) => {
                let text = Text::new(text, Cut::Bold, SIZE).indent(INDENT).before(7.0).align(Align::Both);
                blocks.push(Block::Text(text.role(Role::Heading(3))));
            }
            Section::Paragraph(text) => blocks.push(paragraph(text, Cut::Regular, 5.0)),
            Section::Table(table) => {
                blocks.push(Block::Table(set(table)));
                if let Some(hidden) = hidden(table) {
                    let text = format!("Còn {hidden} dòng khác của {} nằm trong tệp XLSX, CSV và JSON.", table.label());
                    blocks.push(paragraph(&text, Cut::Italic, 3.0));
                }
            }
        }
    }
    blocks.push(foot(document));
    blocks
}

/// The first letter large, the rest as it is.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn paragraph(text: &str, cut: Cut, before: f32) -> Block {
    Block::Text(Text::new(text, cut, SIZE).indent(INDENT).before(before).align(Align::Both))
}

fn head(document: &Document) -> Block {
    let words = &document.words;
    let left = vec![
        centred(words.superior.to_uppercase(), Cut::Regular, 12.0),
        centred(words.issuer.to_uppercase(), Cut::Bold, 12.0).rule(0.4),
        centred("Số: ……/BC-……", Cut::Regular, 13.0).before(6.0),
    ];
    // The year is open too: a report on December is signed in January.
    let right = vec![
        centred(STATE, Cut::Bold, 12.0),
        centred(MOTTO, Cut::Bold, 13.0).rule(1.0),
        centred(format!("{}, ngày …… tháng …… năm ………", words.place), Cut::Italic, 13.0).before(6.0),
    ];
    Block::Columns { left, right, share: 0.41, before: 0.0 }
}

fn foot(document: &Document) -> Block {
    let words = &document.words;
    let mut left = vec![Text::new("Nơi nhận:", Cut::Italic, 12.0)];
    let last = words.recipients.len().saturating_sub(1);
    for (index, line) in words.recipients.iter().enumerate() {
        let end = if index == last { "." } else { ";" };
        let line = line.trim_start_matches('-').trim().trim_end_matches([';', '.']);
        left.push(Text::new(format!("- {line}{end}"), Cut::Regular, 11.0));
    }
    let mut right: Vec<Text> =
        words.signer_lines.iter().map(|line| centred(line.to_uppercase(), Cut::Bold, 13.0)).collect();
    right.push(centred("(Chưa ký)", Cut::Italic, 11.0).before(24.0));
    right.push(centred(&words.signer_name, Cut::Bold, 13.0).before(24.0));
    Block::Columns { left, right, share: 0.5, before: 18.0 }
}

/// Rows that stand in the other files alone.
fn hidden(table: &Table) -> Option<usize> {
    table.most_on_paper.map(|most| table.rows.len().saturating_sub(most)).filter(|hidden| *hidden > 0)
}

fn set(table: &Table) -> paper::Table {
    let is_number = |column: usize| {
        let mut cells = table.rows.iter().filter_map(|row| row.cells.get(column));
        cells.clone().any(Cell::is_number) && cells.all(|cell| !matches!(cell, Cell::Text(_)))
    };
    let columns = table
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| paper::Column {
            head: column.head.clone(),
            weight: f32::from(column.weight),
            align: if is_number(index) { Align::Right } else { Align::Left },
        })
        .collect();
    let row = |row: &Row| paper::Row {
        cells: row.cells.iter().map(|cell| cell.shown(Locale::Vi)).collect(),
        is_total: row.is_total,
    };
    // The last row says what everything adds up to, so it is among those shown.
    let shown = match table.most_on_paper {
        Some(most) if table.rows.len() > most => {
            let first = table.rows.iter().take(most.saturating_sub(1));
            first.chain(table.rows.last()).map(row).collect()
        }
        _ => table.rows.iter().map(row).collect(),
    };
    paper::Table { caption: format!("{}. {}", table.label(), table.title), columns, rows: shown, size: TABLE_SIZE }
}
