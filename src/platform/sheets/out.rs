//! Tables that leave: every cell is text.

use rust_xlsxwriter::{Format, Workbook};

use crate::platform::error::{Error, Result};

/// Spreadsheets take a field that begins so for a formula.
pub(super) fn looks_like_a_formula(field: &str) -> bool {
    field.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Comma-separated, in UTF-8 with the mark by which spreadsheets know it. An apostrophe keeps a field from being a formula.
pub fn csv(heads: &[String], rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer("\u{feff}".as_bytes().to_vec());
    for row in std::iter::once(heads).chain(rows.iter().map(Vec::as_slice)) {
        let fields = row.iter().map(|field| match looks_like_a_formula(field) {
            true => format!("'{field}"),
            false => field.clone(),
        });
        writer.write_record(fields).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(Error::internal)
}

/// A workbook with one sheet: the headings bold and held in place, each cell a text.
pub fn xlsx(name: &str, heads: &[String], rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(name).map_err(Error::internal)?;
    // The format of text, so that what is typed into a cell stays as typed: a telephone number keeps its zero.
    let (bold, plain) = (Format::new().set_bold().set_text_wrap(), Format::new().set_num_format("@"));
    for (column, head) in (0_u16..).zip(heads) {
        let width = head.chars().count().clamp(14, 60);
        sheet.set_column_width(column, f64::from(u32::try_from(width).unwrap_or(60))).map_err(Error::internal)?;
        sheet.set_column_format(column, &plain).map_err(Error::internal)?;
        sheet.write_string_with_format(0, column, head, &bold).map_err(Error::internal)?;
    }
    sheet.set_freeze_panes(1, 0).map_err(Error::internal)?;
    for (line, row) in (1_u32..).zip(rows) {
        for (column, field) in (0_u16..).zip(row).filter(|(_, field)| !field.is_empty()) {
            sheet.write_string_with_format(line, column, field, &plain).map_err(Error::internal)?;
        }
    }
    book.save_to_buffer().map_err(Error::internal)
}
