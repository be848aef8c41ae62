//! The figures of a report for programs: a workbook, comma-separated text and JSON. All three are the tables of the document, cell by
//! cell, so that they add up to what the paper says.

use serde_json::{Map, Value, json};

use crate::{
    platform::{
        db::Moment,
        error::Result,
        sheets::table::{self, Book, Cell, Sheet},
        text,
    },
    reports::{
        document::stamp,
        model::document::{Document, Section, Table},
        queries::names::{NAME_HEADS, NAME_WIDTHS},
    },
};

/// A sheet of what the report is about, then one for each table.
pub fn xlsx(document: &Document) -> Result<Vec<u8>> {
    let mut book = Book::new(&document.title(), stamp(document).0)?;
    let about = Sheet {
        name: "Thông tin".to_owned(),
        above: vec![document.title()],
        heads: vec!["Nội dung", "Giá trị"],
        widths: vec![30, 80],
    };
    book.sheet(&about, about_rows(document))?;
    for table in document.tables() {
        let widths = table.columns.iter().map(|column| column.weight.clamp(10, 60) + 4).collect();
        let sheet = Sheet {
            name: table.label(),
            above: vec![format!("{}. {}", table.label(), table.title)],
            heads: table.columns.iter().map(|column| column.head.as_str()).collect(),
            widths,
        };
        book.sheet(&sheet, table.rows.iter().map(|row| row.cells.clone()))?;
    }
    book.finish()
}

fn about_rows(document: &Document) -> Vec<Vec<Cell>> {
    let mut rows: Vec<(&str, Cell)> = vec![
        ("Từ ngày", document.days.from.into()),
        ("Đến ngày", document.days.to.into()),
        ("Số liệu ghi nhận đến", Cell::Moment(document.known_at.0)),
        ("Phạm vi", document.unit.as_ref().map_or("Toàn quốc".into(), |unit| unit.name.as_str().into())),
    ];
    if let Some(seal) = &document.seal {
        rows.push(("Bản chốt số", seal.number.into()));
        rows.push(("Ký duyệt bản chốt lúc", Cell::Moment(seal.signed_at.0)));
        rows.push(("Mã băm của bản chốt", seal.hash.as_str().into()));
    }
    if document.is_illustration {
        rows.push(("Ghi chú", "Dữ liệu minh họa, không có giá trị".into()));
    }
    for table in document.tables() {
        rows.push(("Biểu", format!("{}. {}", table.label(), table.title).into()));
    }
    rows.into_iter().map(|(name, value)| vec![name.into(), value]).collect()
}

/// One line for each cell: table, target, row, column, value. So one file holds tables of different shapes and is still a table itself.
pub fn csv(document: &Document) -> Result<Vec<u8>> {
    let heads = ["bieu", "ten_bieu", "chi_tieu", "dong", "ten_dong", "cot", "ten_cot", "gia_tri"];
    let rows = document.tables().flat_map(|table| {
        (1_i64..).zip(&table.rows).flat_map(move |(number, row)| {
            let name = row.cells.first().cloned().unwrap_or(Cell::Empty);
            table.columns.iter().zip(&row.cells).map(move |(column, cell)| {
                vec![
                    i64::try_from(table.number).unwrap_or_default().into(),
                    table.title.as_str().into(),
                    table.target.as_deref().into(),
                    number.into(),
                    name.clone(),
                    column.key.as_str().into(),
                    column.head.as_str().into(),
                    cell.clone(),
                ]
            })
        })
    });
    table::csv(&heads, rows)
}

/// Everything the document says, with numbers as numbers and days as 2026-04-05.
pub fn json(document: &Document) -> Result<Vec<u8>> {
    let value = json!({
        "format": document.format,
        "title": document.title(),
        "illustration": document.is_illustration,
        "from": document.days.from,
        "to": document.days.to,
        "known_at": moment(document.known_at),
        "unit": document.unit,
        "seal": document.seal.as_ref().map(|seal| json!({
            "number": seal.number, "hash": seal.hash, "signed_at": moment(seal.signed_at),
        })),
        "causes": document.words.causes,
        "proposals": document.words.proposals,
        "notes": notes(document),
        "tables": document.tables().map(table_json).collect::<Vec<_>>(),
    });
    let mut text = serde_json::to_vec_pretty(&value)?;
    text.push(b'\n');
    Ok(text)
}

fn moment(at: Moment) -> Value {
    Cell::Moment(at.0).json()
}

/// How the figures were counted, as the paper says it: the paragraphs after the last heading.
fn notes(document: &Document) -> Vec<&str> {
    let last = document.sections.iter().rposition(|section| matches!(section, Section::Heading(_)));
    let said = document.sections.iter().skip(last.unwrap_or(0));
    said.filter_map(|section| match section {
        Section::Paragraph(text) => Some(text.as_str()),
        _ => None,
    })
    .collect()
}

fn table_json(table: &Table) -> Value {
    let rows: Vec<Value> = table
        .rows
        .iter()
        .map(|row| {
            let mut object: Map<String, Value> =
                table.columns.iter().zip(&row.cells).map(|(column, cell)| (column.key.clone(), cell.json())).collect();
            object.insert("is_total".to_owned(), row.is_total.into());
            Value::Object(object)
        })
        .collect();
    let columns: Vec<Value> =
        table.columns.iter().map(|column| json!({ "key": column.key, "head": column.head })).collect();
    json!({ "number": table.number, "title": table.title, "target": table.target, "columns": columns, "rows": rows })
}

/// The list of names as a workbook.
pub fn names_xlsx(title: &str, at: Moment, rows: impl IntoIterator<Item = Vec<Cell>>) -> Result<Vec<u8>> {
    let mut book = Book::new(title, at.0)?;
    let sheet = Sheet {
        name: "Danh sách".to_owned(),
        above: vec![title.to_owned(), format!("Số liệu ghi nhận đến {}", text::datetime(at.0))],
        heads: NAME_HEADS.to_vec(),
        widths: NAME_WIDTHS.to_vec(),
    };
    book.sheet(&sheet, rows)?;
    book.finish()
}

/// The same as comma-separated text.
pub fn names_csv(rows: impl IntoIterator<Item = Vec<Cell>>) -> Result<Vec<u8>> {
    table::csv(&NAME_HEADS, rows)
}
