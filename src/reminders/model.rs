//! Batches of reminders, and who is late.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    access::{Category, PersonId},
    organisations::model::Unit,
    platform::db::{Moment, schema::reminder_batches},
    targets::{model::TargetId, queries::Agency},
};

crate::id_type!(
    /// One press of the button.
    BatchId
);

crate::text_enum!(
    /// To whom.
    BatchKind {
        /// Those who have not completed a class that ends or has ended.
        Learners = "learners",
        /// The training officers of agencies that are behind or without figures.
        Agencies = "agencies",
    }
);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = reminder_batches)]
pub struct Batch {
    pub id: BatchId,
    pub code: String,
    pub kind: BatchKind,
    pub target_id: Option<TargetId>,
    pub by_id: PersonId,
    pub created_at: Moment,
    pub total: i64,
    pub sent: i64,
    /// Were written to on that day already.
    pub skipped: i64,
    /// Agencies without anybody to write to.
    pub unreached: i64,
    pub finished_at: Option<Moment>,
}

/// Whom a batch is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Chosen {
    /// Everybody that the list shows to the sender.
    All,
    /// Those of it: codes of people, or of units.
    These(Vec<String>),
}

impl Chosen {
    pub fn holds(&self, code: &str) -> bool {
        match self {
            Self::All => true,
            Self::These(codes) => codes.iter().any(|one| one == code),
        }
    }
}

/// Somebody who has not completed a class that ends soon or has ended.
#[derive(Debug, Clone)]
pub struct Late {
    pub person: PersonId,
    pub code: String,
    pub name: String,
    pub birth_year: Option<i32>,
    pub unit: Option<Unit>,
    pub category: Category,
    pub course: String,
    pub run: String,
    pub title: String,
    pub last_day: NaiveDate,
    /// Today, by anybody.
    pub was_reminded: bool,
}

/// How an agency stands with a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Will not reach what it was given at its pace, or did not.
    Behind,
    NoData,
    /// Not there yet, in time so far or too early to say.
    OnItsWay,
}

/// Who answers for training in an agency.
#[derive(Debug, Clone)]
pub struct Contact {
    pub person: PersonId,
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub was_reminded: bool,
}

/// An agency that something is missing of.
#[derive(Debug, Clone)]
pub struct Short {
    pub agency: Agency,
    pub standing: Standing,
    pub contacts: Vec<Contact>,
}
