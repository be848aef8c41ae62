//! Tables that people send as spreadsheets, and tables for people to open in one.
//!
//! Invariants: what comes in is text and nothing else, so no formula is ever worked out; how much of it there may be is bounded
//! before it is unpacked or kept; what goes out as a file holds no cell that a spreadsheet would take for a formula: lists of people
//! as text alone ([`csv`], [`xlsx`]), figures as tables whose numbers are numbers ([`table`]).

mod delimited;
mod out;
pub mod table;
#[cfg(test)]
mod tests;
mod xlsx;

pub use out::{csv, xlsx};

/// The longest file that is looked at.
pub const MAX_BYTES: u64 = 5 * 1024 * 1024;
/// So many rows, the headings among them.
pub const MAX_ROWS: usize = 10_050;
pub const MAX_COLUMNS: usize = 60;
/// A longer cell is cut: no name, post or address is so long, and the rules of each field come after.
pub const MAX_CELL: usize = 500;

/// What a table came as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Xlsx,
    Delimited,
}

/// A row with the number it has in the file, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub number: i64,
    pub cells: Vec<String>,
}

/// A table as text: rows without anything in them are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub kind: Kind,
    pub rows: Vec<Row>,
}

/// Why a file is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// An old or foreign workbook, a picture, a program.
    NotATable,
    /// Letters in another encoding than UTF-8.
    Encoding,
    /// It would unpack to more than a list of people ever needs.
    Packed,
    /// The workbook is damaged or locked with a password.
    Broken,
    TooManyRows,
    TooManyColumns,
    Empty,
}

/// Reads a file or what was pasted; the content decides what it is, not its name.
pub fn read(bytes: &[u8]) -> Result<Sheet, Fault> {
    let (kind, rows) = if bytes.starts_with(b"PK\x03\x04") {
        (Kind::Xlsx, xlsx::read(bytes)?)
    } else if bytes.starts_with(b"\xd0\xcf\x11\xe0") || bytes.starts_with(b"%PDF") {
        return Err(Fault::NotATable);
    } else {
        (Kind::Delimited, delimited::read(bytes)?)
    };
    if rows.is_empty() { Err(Fault::Empty) } else { Ok(Sheet { kind, rows }) }
}

/// A cell as it is kept: one line of visible text of a bounded length. The apostrophe by which a table of ours keeps a spreadsheet
/// from working out a formula is taken off again.
fn cell(text: &str) -> String {
    let cut: String = text.chars().take(MAX_CELL).collect();
    let tidy = super::text::tidy(&cut);
    match tidy.strip_prefix('\'') {
        Some(rest) if out::looks_like_a_formula(rest) => rest.to_owned(),
        _ => tidy,
    }
}

/// Keeps a row if there is anything in it; empty cells at its end are dropped.
fn keep(rows: &mut Vec<Row>, number: i64, mut cells: Vec<String>) -> Result<(), Fault> {
    while cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    if cells.is_empty() {
        return Ok(());
    }
    if cells.len() > MAX_COLUMNS {
        return Err(Fault::TooManyColumns);
    }
    if rows.len() == MAX_ROWS {
        return Err(Fault::TooManyRows);
    }
    rows.push(Row { number, cells });
    Ok(())
}
