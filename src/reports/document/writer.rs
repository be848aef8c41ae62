//! Sections in their order, headings and tables with their numbers.

use crate::{
    platform::sheets::table::Cell,
    reports::{
        model::document::{Column, Row, Section, Table},
        queries::gather::Part,
    },
};

#[derive(Default)]
pub(super) struct Writer {
    pub(super) sections: Vec<Section>,
    tables: usize,
}

pub(super) fn column(key: &str, head: &str, weight: u16) -> Column {
    Column { key: key.to_owned(), head: head.to_owned(), weight }
}

pub(super) fn row(cells: Vec<Cell>) -> Row {
    Row { cells, is_total: false }
}

pub(super) fn total(cells: Vec<Cell>) -> Row {
    Row { cells, is_total: true }
}

impl Writer {
    pub(super) fn heading(&mut self, text: &str) {
        let number = self.sections.iter().filter(|section| matches!(section, Section::Heading(_))).count();
        let roman = ["I", "II", "III", "IV", "V", "VI", "VII"].get(number).copied().unwrap_or_default();
        self.sections.push(Section::Heading(format!("{roman}. {}", text.to_uppercase())));
    }

    pub(super) fn subheading(&mut self, text: String) {
        self.sections.push(Section::Subheading(text));
    }

    pub(super) fn paragraph(&mut self, text: impl Into<String>) {
        self.sections.push(Section::Paragraph(text.into()));
    }

    /// What a person wrote, a paragraph for each line of it.
    pub(super) fn written(&mut self, text: &str, otherwise: &str) {
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if lines.is_empty() {
            self.paragraph(otherwise);
        }
        lines.into_iter().for_each(|line| self.paragraph(line));
    }

    pub(super) fn table(
        &mut self,
        part: Option<&Part>,
        title: impl Into<String>,
        columns: Vec<Column>,
        rows: Vec<Row>,
    ) {
        self.tables += 1;
        self.sections.push(Section::Table(Table {
            number: self.tables,
            title: title.into(),
            target: part.map(|part| part.target.code.clone()),
            columns,
            rows,
            most_on_paper: None,
        }));
    }
}
