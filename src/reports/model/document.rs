//! What a report says, decided to the last word: every file and the page are made from this.

use serde::{Deserialize, Serialize};

use crate::{
    platform::{db::Moment, sheets::table::Cell},
    reports::model::Words,
    targets::model::Days,
};

/// The name and version of the format.
pub const FORMAT: &str = "nongcot-report/1";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    pub format: String,
    /// It comes from a demonstration and says so.
    pub is_illustration: bool,
    /// "kết quả thực hiện … quý II năm 2025"
    pub subject: String,
    pub days: Days,
    /// Only what was recorded up to this moment is in it.
    pub known_at: Moment,
    /// Whose figures; the whole country without one.
    pub unit: Option<Named>,
    pub seal: Option<OfSeal>,
    pub words: Words,
    pub sections: Vec<Section>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub code: String,
    pub name: String,
}

/// The seal that the figures were taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfSeal {
    pub number: i64,
    pub hash: String,
    pub signed_at: Moment,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// A legal basis, above everything.
    Basis(String),
    Heading(String),
    Subheading(String),
    Paragraph(String),
    Table(Table),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// "Biểu số 01" is 1.
    pub number: usize,
    pub title: String,
    /// The code of the target it is about, where it is about one.
    pub target: Option<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// On paper no more rows than these, and a line that says where the others are.
    pub most_on_paper: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// By which programs know it.
    pub key: String,
    pub head: String,
    /// How wide in relation to the others.
    pub weight: u16,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub cells: Vec<Cell>,
    pub is_total: bool,
}

impl Table {
    pub fn label(&self) -> String {
        format!("Biểu số {:02}", self.number)
    }
}

impl Document {
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.sections.iter().filter_map(|section| match section {
            Section::Table(table) => Some(table),
            _ => None,
        })
    }

    /// "Báo cáo kết quả thực hiện …"
    pub fn title(&self) -> String {
        format!("Báo cáo {}", self.subject)
    }
}
