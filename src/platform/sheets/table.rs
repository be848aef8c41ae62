//! Tables of figures that leave: numbers are numbers, days are days, and text is text whatever it begins with.
//!
//! A workbook holds no formula at all: every cell is written as what it is. In comma-separated text a spreadsheet would take a
//! text that begins with `=`, `+`, `-`, `@` or a tab for a formula, so an apostrophe stands before it; numbers stay as they are, with a
//! dot for the decimals and without thousands, and days are written 2026-04-05. The same tables give the same bytes: no clock and no
//! random number is asked.

use std::io::{Cursor, Write};

use chrono::{DateTime, NaiveDate, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet};
use serde::{Deserialize, Serialize};

use super::out::looks_like_a_formula;
use crate::platform::{
    as_i64,
    clock::local_time,
    error::{Error, Result},
    i18n::Locale,
    text,
};

/// One cell. Serialised it is what JSON has for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    Empty,
    Text(String),
    Whole(i64),
    /// A share in tenths of a percent.
    Share(i64),
    Day(NaiveDate),
    /// A moment, shown in Viet Nam's time.
    Moment(DateTime<Utc>),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl Cell {
    /// The share `part`/`whole`; nothing where there is no whole. What is not quite the whole is never 100 %.
    pub fn share(part: i64, whole: i64) -> Self {
        if whole <= 0 {
            return Self::Empty;
        }
        let (part, whole) = (i128::from(part), i128::from(whole));
        let tenths = (part.abs() * 2000 + whole) / (whole * 2);
        let tenths = if part.abs() < whole { tenths.min(999) } else { tenths };
        Self::Share(as_i64(tenths * part.signum()))
    }

    /// As people read it: 1.234,5% and 05/04/2026.
    pub fn shown(&self, locale: Locale) -> String {
        match self {
            Self::Empty => text::NO_FIGURE.to_owned(),
            Self::Text(text) if text.is_empty() => text::NO_FIGURE.to_owned(),
            Self::Text(text) => text.clone(),
            Self::Whole(number) => text::number(*number, locale),
            Self::Share(tenths) => format!("{}%", text::decimal(float(*tenths) / 10.0, 1, locale)),
            Self::Day(day) => text::date(*day),
            Self::Moment(at) => text::datetime(*at),
        }
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Self::Whole(_) | Self::Share(_))
    }

    /// As programs read it.
    pub fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) if looks_like_a_formula(text) => format!("'{text}"),
            Self::Text(text) => text.clone(),
            Self::Whole(number) => number.to_string(),
            Self::Share(tenths) => {
                let sign = if *tenths < 0 { "-" } else { "" };
                format!("{sign}{}.{}", tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10)
            }
            Self::Day(day) => day.to_string(),
            Self::Moment(at) => local_time(*at).format("%Y-%m-%dT%H:%M:%S+07:00").to_string(),
        }
    }

    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Empty => serde_json::Value::Null,
            Self::Text(text) => text.as_str().into(),
            Self::Whole(number) => (*number).into(),
            Self::Share(tenths) => (float(*tenths) / 10.0).into(),
            other => other.plain().into(),
        }
    }
}

/// Whole numbers of this program are far below what a float holds exactly.
#[expect(clippy::cast_precision_loss, reason = "figures are far below 2^53")]
fn float(number: i64) -> f64 {
    number as f64
}

/// A sheet of a workbook: lines above, heads, rows.
pub struct Sheet<'a> {
    pub name: String,
    /// Above the heads, the first one bold.
    pub above: Vec<String>,
    pub heads: Vec<&'a str>,
    /// In characters, one for each head.
    pub widths: Vec<u16>,
}

/// A workbook that is written as its rows come, so that a hundred thousand of them do not stand in memory.
pub struct Book {
    book: Workbook,
    formats: Formats,
}

struct Formats {
    bold: Format,
    head: Format,
    text: Format,
    whole: Format,
    share: Format,
    day: Format,
    moment: Format,
}

impl Book {
    /// `at` is what the file gives as its date.
    pub fn new(title: &str, at: DateTime<Utc>) -> Result<Self> {
        let mut book = Workbook::new();
        let at = ExcelDateTime::from_timestamp(at.timestamp()).map_err(Error::internal)?;
        let properties = DocProperties::new().set_title(title).set_author("Nòng Cốt").set_creation_datetime(&at);
        book.set_properties(&properties);
        let formats = Formats {
            bold: Format::new().set_bold(),
            head: Format::new().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter),
            text: Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top),
            whole: Format::new().set_num_format("#,##0"),
            share: Format::new().set_num_format("0.0%"),
            day: Format::new().set_num_format("dd/mm/yyyy"),
            moment: Format::new().set_num_format("hh:mm dd/mm/yyyy"),
        };
        Ok(Self { book, formats })
    }

    /// Adds a sheet whose rows are asked for one after another.
    pub fn sheet(&mut self, sheet: &Sheet<'_>, rows: impl IntoIterator<Item = Vec<Cell>>) -> Result<()> {
        let formats = &self.formats;
        let out = self.book.add_worksheet_with_constant_memory().map_err(Error::internal)?;
        out.set_name(&sheet.name).map_err(Error::internal)?;
        for (column, width) in (0_u16..).zip(&sheet.widths) {
            out.set_column_width(column, f64::from(*width)).map_err(Error::internal)?;
        }
        let mut line = 0;
        for text in &sheet.above {
            let format = if line == 0 { &formats.bold } else { &Format::new() };
            out.write_string_with_format(line, 0, text, format).map_err(Error::internal)?;
            line += 1;
        }
        if !sheet.above.is_empty() {
            line += 1;
        }
        out.set_freeze_panes(line + 1, 0).map_err(Error::internal)?;
        for (column, head) in (0_u16..).zip(&sheet.heads) {
            out.write_string_with_format(line, column, *head, &formats.head).map_err(Error::internal)?;
        }
        for (line, row) in (line + 1..).zip(rows) {
            for (column, cell) in (0_u16..).zip(&row) {
                write(out, formats, (line, column), cell)?;
            }
        }
        Ok(())
    }

    pub fn finish(mut self) -> Result<Vec<u8>> {
        self.book.save_to_buffer().map_err(Error::internal)
    }
}

fn write(out: &mut Worksheet, formats: &Formats, (line, column): (u32, u16), cell: &Cell) -> Result<()> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) => out.write_string_with_format(line, column, text, &formats.text),
        Cell::Whole(number) => out.write_number_with_format(line, column, float(*number), &formats.whole),
        Cell::Share(tenths) => out.write_number_with_format(line, column, float(*tenths) / 1000.0, &formats.share),
        Cell::Day(day) => out.write_datetime_with_format(line, column, *day, &formats.day),
        Cell::Moment(at) => out.write_datetime_with_format(line, column, local_time(*at), &formats.moment),
    }
    .map(drop)
    .map_err(Error::internal)
}

/// Comma-separated, in UTF-8 with the mark by which spreadsheets know it.
pub fn csv(heads: &[&str], rows: impl IntoIterator<Item = Vec<Cell>>) -> Result<Vec<u8>> {
    let mut out = Cursor::new(Vec::new());
    out.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(out);
    writer.write_record(heads).map_err(Error::internal)?;
    for row in rows {
        writer.write_record(row.iter().map(Cell::plain)).map_err(Error::internal)?;
    }
    Ok(writer.into_inner().map_err(Error::internal)?.into_inner())
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader, Xlsx};

    use super::*;

    fn at() -> DateTime<Utc> {
        "2026-04-05T03:31:00Z".parse().unwrap()
    }

    fn rows() -> Vec<Vec<Cell>> {
        let day = NaiveDate::from_ymd_opt(2026, 4, 5).unwrap();
        let texts = ["=1+1", "+84", "-5", "@x", "Ế"];
        texts
            .map(|text| vec![text.into(), 1234.into(), Cell::share(1, 3), day.into(), Cell::Moment(at()), Cell::Empty])
            .into()
    }

    fn workbook() -> Vec<u8> {
        let mut book = Book::new("Minh họa", at()).unwrap();
        let sheet = Sheet {
            name: "Biểu số 01".to_owned(),
            above: vec!["Minh họa".to_owned()],
            heads: vec!["a", "b", "c", "d", "e", "f"],
            widths: vec![10; 6],
        };
        book.sheet(&sheet, rows()).unwrap();
        book.finish().unwrap()
    }

    #[test]
    fn numbers_are_numbers_days_are_days_and_text_is_text() {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(workbook())).unwrap();
        let range = book.worksheet_range("Biểu số 01").unwrap();
        for (row, text) in range.rows().skip(3).zip(["=1+1", "+84", "-5", "@x", "Ế"]) {
            assert_eq!(row[0], Data::String(text.to_owned()));
            assert_eq!((&row[1], &row[2]), (&Data::Float(1234.0), &Data::Float(0.333)));
            let moment = |cell: &Data| match cell {
                Data::DateTime(at) => at.as_datetime().unwrap().to_string(),
                other => panic!("{other:?}"),
            };
            assert_eq!(
                (moment(&row[3]), moment(&row[4])),
                ("2026-04-05 00:00:00".into(), "2026-04-05 10:31:00".into())
            );
        }
        assert!(book.worksheet_formula("Biểu số 01").unwrap().is_empty());
        assert_eq!(workbook(), workbook(), "the same bytes");
    }

    #[test]
    fn text_for_programs_is_protected_and_numbers_are_plain() {
        let csv = String::from_utf8(csv(&["a", "b"], rows()).unwrap()).unwrap();
        assert!(csv.starts_with("\u{feff}a,b\n'=1+1,1234,33.3,2026-04-05,2026-04-05T10:31:00+07:00,\n"), "{csv}");
        assert!(csv.contains("\n'-5,1234") && csv.contains("\n'@x,") && csv.contains("\n'+84,"));
        assert_eq!(Cell::Whole(-5).plain(), "-5");
        assert_eq!(Cell::share(-1, 1000).plain(), "-0.1");
    }

    #[test]
    fn shares_never_flatter() {
        assert_eq!(Cell::share(2999, 3000), Cell::Share(999));
        assert_eq!(Cell::share(3, 2), Cell::Share(1500));
        assert_eq!(Cell::share(1, 0), Cell::Empty);
        assert_eq!(Cell::share(2, 56).shown(Locale::Vi), "3,6%");
        assert_eq!(Cell::Whole(1_234).shown(Locale::Vi), "1.234");
        assert_eq!(Cell::Empty.shown(Locale::Vi), "–");
    }
}
