//! Changes of organisation inside a target's period, in words.

use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    platform::{as_i64, http::Page, i18n::Message},
    targets::{
        model::Figures,
        queries::{Change, ChangeKind},
    },
};

#[derive(Serialize)]
pub struct ChangesView {
    rows: Vec<ChangeRow>,
    /// In units without any figures.
    others: i64,
}

#[derive(Serialize)]
struct ChangeRow {
    day: NaiveDate,
    unit: String,
    what: String,
    /// Where its figures stand in the view of a day; empty where they cannot be carried.
    into: String,
    figures: Figures,
}

impl ChangesView {
    pub fn of(page: &Page, changes: Vec<Change>, others: usize) -> Self {
        let row = |change: Change| {
            let key = match change.kind {
                ChangeKind::Succeeded if change.into.len() > 1 => "board-change-split",
                ChangeKind::Succeeded => "board-change-succeeded",
                ChangeKind::Ended => "board-change-ended",
                ChangeKind::Moved => "board-change-moved",
            };
            let into: Vec<&str> = change.into.iter().map(|unit| unit.name(page.locale())).collect();
            ChangeRow {
                day: change.day,
                unit: change.unit.name(page.locale()).to_owned(),
                what: page.text(Message::new(key)),
                into: into.join("; "),
                figures: change.figures,
            }
        };
        Self { rows: changes.into_iter().map(row).collect(), others: as_i64(others) }
    }
}
