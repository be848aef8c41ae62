//! The book of targets: what a target rests on, and every change of it by the document that made it.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Target, TargetId};
use crate::{
    access::PersonId,
    platform::db::{Moment, schema::target_events},
};

crate::text_enum!(
    /// What became of a target.
    BookKind {
        Created = "created",
        Amended = "amended",
        PutInForce = "put-in-force",
        Closed = "closed",
        Superseded = "superseded",
    }
);

/// The required number by audience; together the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Parts {
    pub leaders: i64,
    pub technology: i64,
    pub other: i64,
}

impl Parts {
    pub fn sum(self) -> i64 {
        self.leaders.saturating_add(self.technology).saturating_add(self.other)
    }
}

/// The document a target rests on, its counting rules as that words them, and the split of its number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    pub number: String,
    pub date: Option<NaiveDate>,
    pub issuer: String,
    pub clause: String,
    pub link: String,
    pub rules_vi: String,
    pub rules_en: String,
    pub parts: Option<Parts>,
}

impl Target {
    pub fn parts(&self) -> Option<Parts> {
        let ((leaders, technology), other) =
            self.required_leaders.zip(self.required_technology).zip(self.required_other)?;
        Some(Parts { leaders, technology, other })
    }

    pub fn terms(&self) -> Terms {
        Terms {
            number: self.doc_number.clone(),
            date: self.doc_date,
            issuer: self.doc_issuer.clone(),
            clause: self.doc_clause.clone(),
            link: self.doc_link.clone(),
            rules_vi: self.rules_vi.clone(),
            rules_en: self.rules_en.clone(),
            parts: self.parts(),
        }
    }
}

/// The document by which something is done to a target, and why.
#[derive(Debug, Clone, Default)]
pub struct Deed {
    pub number: String,
    pub signed_on: Option<NaiveDate>,
    pub clause: String,
    pub reason: String,
}

/// One field before and after, as text: a day as 2026-11-22, a list with commas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub field: String,
    pub before: String,
    pub after: String,
}

/// A line of a target's history as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = target_events)]
pub struct TargetEvent {
    pub id: i64,
    pub target_id: TargetId,
    pub kind: BookKind,
    pub number: String,
    pub signed_on: Option<NaiveDate>,
    pub clause: String,
    pub reason: String,
    /// JSON of [`Change`]s.
    pub changes: String,
    pub recorded_at: Moment,
    pub by_id: Option<PersonId>,
}

impl TargetEvent {
    pub fn changes(&self) -> Vec<Change> {
        serde_json::from_str(&self.changes).unwrap_or_default()
    }
}
