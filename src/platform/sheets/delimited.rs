//! Text with a sign between the cells: what was pasted from a spreadsheet (tabs), and CSV with commas or semicolons.

use super::{Fault, Row, cell, keep};
use crate::platform::as_i64;

/// The signs that may stand between cells, the likeliest first where they are equally many.
const SIGNS: [u8; 3] = [b'\t', b';', b','];

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Row>, Fault> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || bytes.contains(&0) {
        return Err(Fault::Encoding);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::Encoding)?;
    // One kind of line end, or the rows would be counted differently from what a reader counts.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader =
        csv::ReaderBuilder::new().delimiter(sign(&text)).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| Fault::Broken)?;
        let number = record.position().map_or(0, csv::Position::line);
        let cells = record.iter().map(cell).collect();
        keep(&mut rows, as_i64(number), cells)?;
    }
    Ok(rows)
}

/// The sign that stands most often in the first lines, outside quotation marks.
fn sign(text: &str) -> u8 {
    let mut counts = [0_usize; SIGNS.len()];
    let (mut quoted, mut lines) = (false, 0);
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => {
                lines += 1;
                if lines == 10 {
                    break;
                }
            }
            _ if !quoted => {
                for (count, sign) in counts.iter_mut().zip(SIGNS) {
                    *count += usize::from(byte == sign);
                }
            }
            _ => {}
        }
    }
    let best = counts.iter().copied().max().unwrap_or(0);
    counts.iter().zip(SIGNS).find(|(count, _)| **count == best).map_or(b',', |(_, sign)| sign)
}
