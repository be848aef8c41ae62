//! Workbooks: the first sheet with anything in it, cell by cell, never as one block whose size the file names.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};
use flate2::read::DeflateDecoder;

use super::{Fault, MAX_COLUMNS, MAX_ROWS, Row, cell, keep};
use crate::platform::text;

/// What a workbook may unpack to, all its parts together. Ten thousand rows of ten cells are far below it.
const MAX_UNPACKED: u64 = 48 * 1024 * 1024;
const MAX_PARTS: usize = 500;

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Row>, Fault> {
    must_unpack_to_little(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Fault::Broken)?;
    for name in book.sheet_names() {
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else { continue };
        let (mut rows, mut at, mut row) = (Vec::new(), 0_u32, Vec::<String>::new());
        while let Some(found) = cells.next_cell().map_err(|_| Fault::Broken)? {
            let (line, column) = found.get_position();
            let shown = cell(&shown(found.get_value()));
            if shown.is_empty() {
                continue;
            }
            if line != at {
                keep(&mut rows, i64::from(at) + 1, std::mem::take(&mut row))?;
                at = line;
            }
            let column = usize::try_from(column).unwrap_or(usize::MAX);
            if column >= MAX_COLUMNS {
                return Err(Fault::TooManyColumns);
            }
            if row.len() <= column {
                row.resize(column + 1, String::new());
            }
            if let Some(place) = row.get_mut(column) {
                *place = shown;
            }
            if rows.len() >= MAX_ROWS {
                return Err(Fault::TooManyRows);
            }
        }
        keep(&mut rows, i64::from(at) + 1, row)?;
        if !rows.is_empty() {
            return Ok(rows);
        }
    }
    Err(Fault::Empty)
}

/// A value as a reader of the sheet sees it; of a formula, its last result.
fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(at) => match at.as_datetime() {
            Some(at) if at.time() == chrono::NaiveTime::MIN => text::date(at.date()),
            Some(at) => at.format("%d/%m/%Y %H:%M").to_string(),
            None => String::new(),
        },
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// Unpacks every part into nothing and counts: what the list of contents says of sizes may be a lie.
fn must_unpack_to_little(bytes: &[u8]) -> Result<(), Fault> {
    let parts = parts(bytes).ok_or(Fault::Broken)?;
    if parts.len() > MAX_PARTS {
        return Err(Fault::Packed);
    }
    let mut left = MAX_UNPACKED;
    for part in parts {
        let unpacked = match part.method {
            0 => u64::try_from(part.packed.len()).unwrap_or(u64::MAX),
            8 => {
                let mut limited = DeflateDecoder::new(part.packed).take(left + 1);
                std::io::copy(&mut limited, &mut std::io::sink()).map_err(|_| Fault::Broken)?
            }
            _ => return Err(Fault::Broken),
        };
        left = left.checked_sub(unpacked).ok_or(Fault::Packed)?;
    }
    Ok(())
}

struct Part<'a> {
    method: u16,
    packed: &'a [u8],
}

/// The parts of a zip archive by its list of contents. Parts that overlap are no archive that a spreadsheet writes: one piece of
/// packed data named a thousand times is a bomb, too.
fn parts(bytes: &[u8]) -> Option<Vec<Part<'_>>> {
    let end_at = bytes.windows(22).rposition(|window| window.starts_with(b"PK\x05\x06"))?;
    let end = bytes.get(end_at..)?;
    let count = usize::from(u16_at(end, 10)?);
    let mut list = bytes.get(usize::try_from(u32_at(end, 16)?).ok()?..end_at)?;
    let (mut found, mut spans) = (Vec::new(), Vec::new());
    for _ in 0..count {
        if !list.starts_with(b"PK\x01\x02") || u16_at(list, 8)? & 1 != 0 {
            return None;
        }
        let (method, length) = (u16_at(list, 10)?, usize::try_from(u32_at(list, 20)?).ok()?);
        let head = usize::try_from(u32_at(list, 42)?).ok()?;
        let local = bytes.get(head..)?;
        if !local.starts_with(b"PK\x03\x04") {
            return None;
        }
        let start = head + 30 + usize::from(u16_at(local, 26)?) + usize::from(u16_at(local, 28)?);
        found.push(Part { method, packed: bytes.get(start..start.checked_add(length)?)? });
        spans.push((head, start + length));
        let skip = usize::from(u16_at(list, 28)?) + usize::from(u16_at(list, 30)?) + usize::from(u16_at(list, 32)?);
        list = list.get(46 + skip..)?;
    }
    spans.sort_unstable();
    let apart = spans.windows(2).all(|pair| matches!(pair, [(_, end), (start, _)] if end <= start));
    apart.then_some(found)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
