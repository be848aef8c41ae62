//! From the text of a list to rows, each with its place, without looking at anything but the row.

use std::collections::HashMap;

use chrono::NaiveDate;
use csv::StringRecord;

use super::{
    super::model::{Span, UnitKind},
    List,
};
use crate::platform::{error::FieldErrors, i18n::Message, text};

/// Where a row stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub list: String,
    pub line: u64,
}

impl Place {
    /// A sentence about this place.
    pub fn message(&self, key: &'static str) -> Message {
        Message::new(key).with("list", self.list.clone()).with("line", self.line.to_string())
    }
}

/// Faults have no field of their own: they are of the file as a whole.
pub const FIELD: &str = "file";

#[derive(Debug, Clone)]
pub struct UnitRow {
    pub place: Place,
    pub code: String,
    pub name_vi: String,
    pub name_en: String,
    pub kind: UnitKind,
    pub span: Span,
    pub successors: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct PlacementRow {
    pub place: Place,
    pub code: String,
    pub parent: String,
    pub span: Span,
}

/// All rows of all lists.
#[derive(Debug, Default)]
pub struct Given {
    pub units: Vec<UnitRow>,
    pub placements: Vec<PlacementRow>,
}

const CODE_LENGTH: usize = 32;
const NAME_LENGTH: usize = 200;
const UNIT_COLUMNS: [&str; 7] = ["code", "name_vi", "name_en", "kind", "valid_from", "valid_to", "successors"];
const PLACEMENT_COLUMNS: [&str; 4] = ["code", "parent", "valid_from", "valid_to"];

pub fn read(lists: &[List]) -> (Given, FieldErrors) {
    let mut given = Given::default();
    let mut faults = FieldErrors::default();
    for list in lists {
        read_list(list, &mut given, &mut faults);
    }
    (given, faults)
}

fn read_list(list: &List, given: &mut Given, faults: &mut FieldErrors) {
    // Spreadsheets put a mark of byte order before the first heading.
    let text = list.text.strip_prefix('\u{feff}').unwrap_or(&list.text);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let top = Place { list: list.name.clone(), line: 1 };
    let headings = match reader.headers() {
        Ok(headings) => headings.clone(),
        Err(_) => return faults.add(FIELD, top.message("organisations-import-broken")),
    };
    let is_units = headings.iter().any(|heading| heading == "kind");
    let needed: &[&str] = if is_units { &UNIT_COLUMNS } else { &PLACEMENT_COLUMNS };
    let missing: Vec<&str> =
        needed.iter().copied().filter(|name| !headings.iter().any(|heading| heading == *name)).collect();
    let unknown = headings.iter().find(|heading| !needed.contains(heading) && *heading != "source");
    let twice =
        headings.iter().enumerate().any(|(i, heading)| headings.iter().skip(i + 1).any(|other| other == heading));
    if !missing.is_empty() {
        return faults.add(FIELD, top.message("organisations-import-columns").with("columns", missing.join(", ")));
    }
    if let Some(heading) = unknown {
        return faults.add(FIELD, top.message("organisations-import-column").with("column", heading));
    }
    if twice {
        return faults.add(FIELD, top.message("organisations-import-column-twice"));
    }
    let columns: HashMap<&str, usize> = headings.iter().enumerate().map(|(i, heading)| (heading, i)).collect();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let place = Place { list: list.name.clone(), line };
                let mut row = Row { columns: &columns, record: &record, place, faults: &mut *faults };
                if is_units {
                    given.units.extend(row.unit());
                } else {
                    given.placements.extend(row.placement());
                }
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let place = Place { list: list.name.clone(), line };
                faults.add(FIELD, place.message("organisations-import-broken"));
            }
        }
    }
}

struct Row<'a> {
    columns: &'a HashMap<&'a str, usize>,
    record: &'a StringRecord,
    place: Place,
    faults: &'a mut FieldErrors,
}

impl Row<'_> {
    fn text(&self, column: &str) -> String {
        text::tidy(self.columns.get(column).and_then(|i| self.record.get(*i)).unwrap_or_default())
    }

    fn fault(&mut self, key: &'static str, value: &str) {
        self.faults.add(FIELD, self.place.message(key).with("value", value));
    }

    fn code(&mut self, text: &str) -> Option<String> {
        let well = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        if text.len() <= CODE_LENGTH && text.split('-').all(well) {
            return Some(text.to_owned());
        }
        self.fault("organisations-import-code", text);
        None
    }

    fn name(&mut self, column: &str) -> Option<String> {
        let name = self.text(column);
        if (1..=NAME_LENGTH).contains(&name.chars().count()) {
            return Some(name);
        }
        self.fault("organisations-import-name", column);
        None
    }

    fn kind(&mut self) -> Option<UnitKind> {
        let text = self.text("kind");
        let kind = UnitKind::parse(&text);
        if kind.is_none() {
            self.fault("organisations-import-kind", &text);
        }
        kind
    }

    fn day(&mut self, column: &str) -> Option<Option<NaiveDate>> {
        let text = self.text(column);
        if text.is_empty() {
            return Some(None);
        }
        // Years of four digits: what both databases keep and what people mean.
        let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
        if day.is_none() {
            self.fault("organisations-import-day", &text);
        }
        day.map(Some)
    }

    fn span(&mut self) -> Option<Span> {
        let (from, to) = (self.day("valid_from"), self.day("valid_to"));
        let span = Span::new(from?, to?);
        if matches!((span.from, span.to), (Some(from), Some(to)) if to < from) {
            self.faults.add(FIELD, self.place.message("organisations-import-span"));
            return None;
        }
        Some(span)
    }

    // Each part is read before any is given up, so that one run names all the faults of a row.
    fn unit(&mut self) -> Option<UnitRow> {
        let text = self.text("code");
        let code = self.code(&text);
        let (name_vi, name_en) = (self.name("name_vi"), self.name("name_en"));
        let kind = self.kind();
        let span = self.span();
        let listed = self.text("successors");
        let named: Vec<&str> = listed.split('|').map(str::trim).filter(|part| !part.is_empty()).collect();
        let successors: Vec<Option<String>> = named.iter().map(|part| self.code(part)).collect();
        Some(UnitRow {
            place: self.place.clone(),
            code: code?,
            name_vi: name_vi?,
            name_en: name_en?,
            kind: kind?,
            span: span?,
            successors: successors.into_iter().collect::<Option<_>>()?,
        })
    }

    fn placement(&mut self) -> Option<PlacementRow> {
        let (code, parent) = (self.text("code"), self.text("parent"));
        let (code, parent) = (self.code(&code), self.code(&parent));
        let span = self.span();
        Some(PlacementRow { place: self.place.clone(), code: code?, parent: parent?, span: span? })
    }
}
