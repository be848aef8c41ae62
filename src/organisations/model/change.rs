//! A change of organisation as it is asked for and kept: the decision, the units, and the rows by which it is taken back.

use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Unit, UnitId, UnitKind};
use crate::platform::{
    db::{Moment, schema::unit_changes},
    error::Result,
    text::hex,
};

crate::id_type!(ChangeId);

crate::text_enum!(
    /// What becomes of units.
    ChangeKind {
        /// Several, or one, go into one that is new or already there.
        Merge = "merge",
        /// One goes into several; the first is the main one.
        Split = "split",
        /// One goes on under another name (or as another kind): its code and its figures keep the old one.
        Rename = "rename",
        /// One comes under another unit.
        Move = "move",
        /// One is over, and nothing takes its place.
        End = "end",
        /// No unit changes; people of one come to another.
        Transfer = "transfer",
    }
);

crate::text_enum!(
    ChangeState {
        /// Prepared: only its preview is there.
        Draft = "draft",
        /// Confirmed: those who pass on are being noted, and nothing is to be seen of it yet.
        Staging = "staging",
        Done = "done",
        Undone = "undone",
        Discarded = "discarded",
    }
);

crate::text_enum!(
    /// As what a unit is in a change.
    Part {
        Ended = "ended",
        Begun = "begun",
        Moved = "moved",
        /// Was there before and takes in others.
        Into = "into",
        /// Others come under it.
        Parent = "parent",
    }
);

/// For so long a change can be taken back, as long as nothing was built on it.
pub const UNDO_WINDOW: TimeDelta = TimeDelta::days(7);

/// The document that orders the change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable)]
#[diesel(table_name = unit_changes)]
pub struct Basis {
    #[diesel(column_name = legal_number)]
    pub number: String,
    #[diesel(column_name = legal_date)]
    pub dated: NaiveDate,
    #[diesel(column_name = legal_issuer)]
    pub issuer: String,
}

/// A unit that takes in others. Without names it is there already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taker {
    pub code: String,
    pub new: Option<NewUnit>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewUnit {
    pub name_vi: String,
    pub name_en: String,
    pub kind: UnitKind,
}

/// What is asked for, by the codes of units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub kind: ChangeKind,
    pub on: NaiveDate,
    /// Those that end, move or give people away.
    pub units: Vec<String>,
    /// The main one first.
    pub into: Vec<Taker>,
    /// Under what new units, or the moved one, stand. Missing: where the first of `units` stands, or at the top.
    pub parent: Option<String>,
    /// Whose memberships pass on, by the codes of people; empty: everybody's.
    pub people: Vec<String>,
}

/// A change as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = unit_changes)]
pub struct UnitChange {
    pub id: ChangeId,
    pub code: String,
    pub kind: ChangeKind,
    pub state: ChangeState,
    pub effective_on: NaiveDate,
    #[diesel(embed)]
    pub document: Basis,
    request: String,
    pub basis: String,
    roles: String,
    journal: String,
    pub total: i64,
    pub noted: i64,
    pub created_at: Moment,
    pub created_by: Option<i64>,
    pub confirmed_at: Option<Moment>,
    pub confirmed_by: Option<i64>,
    pub returned_at: Option<Moment>,
    pub done_at: Option<Moment>,
    pub undo_until: Option<Moment>,
    pub undone_at: Option<Moment>,
    pub undone_by: Option<i64>,
}

impl UnitChange {
    pub fn request(&self) -> Result<Request> {
        Ok(serde_json::from_str(&self.request)?)
    }

    /// The grants of the roles that were ticked to be passed on.
    pub fn roles(&self) -> Result<Vec<i64>> {
        Ok(serde_json::from_str(&self.roles)?)
    }

    pub fn journal(&self) -> Result<Journal> {
        Ok(serde_json::from_str(&self.journal)?)
    }

    pub fn path(&self) -> String {
        change_path(&self.code)
    }
}

pub fn change_path(code: &str) -> String {
    format!("/don-vi/thay-doi/{code}")
}

/// A row of placements with its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    pub id: i64,
    pub unit: String,
    pub parent: String,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// One thing that a change does to the tree. In this order they can be done one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    Begins {
        code: String,
        unit: NewUnit,
    },
    /// Its last day becomes the day before the change.
    Ends {
        unit: String,
    },
    /// A placement ends the day before the change.
    Closes(Stand),
    /// A placement that would have begun with the change, or later, is not needed any more.
    Drops(Stand),
    Places {
        unit: String,
        parent: String,
        from: NaiveDate,
        to: Option<NaiveDate>,
    },
    Succeeds {
        unit: String,
        successor: String,
        position: i32,
    },
}

/// Where the people of a unit go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    pub from: String,
    /// Nowhere: what is open ends.
    pub to: Option<String>,
}

/// What a change does, worked out from the request and the tree as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub effects: Vec<Effect>,
    pub passages: Vec<Passage>,
}

impl Plan {
    /// Equal for equal plans: whoever confirms a preview confirms this.
    pub fn hash(&self) -> Result<String> {
        Ok(hex(&Sha256::digest(serde_json::to_vec(self)?)))
    }

    pub fn ended(&self) -> impl Iterator<Item = &str> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Ends { unit } => Some(unit.as_str()),
            _ => None,
        })
    }

    pub fn begun(&self) -> impl Iterator<Item = (&str, &NewUnit)> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Begins { code, unit } => Some((code.as_str(), unit)),
            _ => None,
        })
    }

    /// What comes under another unit without beginning or ending itself.
    pub fn moved(&self) -> impl Iterator<Item = (&str, &str)> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Places { unit, parent, .. } if !self.begun().any(|(code, _)| code == unit) => {
                Some((unit.as_str(), parent.as_str()))
            }
            _ => None,
        })
    }

    /// Each unit with what it is in this change.
    pub fn parts(&self) -> Vec<(String, Part)> {
        let mut parts: Vec<(String, Part)> = Vec::new();
        let mut add = |code: &str, part| {
            if !parts.iter().any(|(known, as_what)| known == code && *as_what == part) {
                parts.push((code.to_owned(), part));
            }
        };
        for effect in &self.effects {
            match effect {
                Effect::Begins { code, .. } => add(code, Part::Begun),
                Effect::Ends { unit } => add(unit, Part::Ended),
                Effect::Succeeds { successor, .. } => add(successor, Part::Into),
                Effect::Places { unit, parent, .. } => {
                    add(unit, Part::Moved);
                    add(parent, Part::Parent);
                }
                Effect::Closes(stand) | Effect::Drops(stand) => add(&stand.unit, Part::Moved),
            }
        }
        for passage in &self.passages {
            // What only gives people away must be there for them to come back to.
            if !self.ended().any(|code| code == passage.from) {
                add(&passage.from, Part::Moved);
            }
            if let Some(to) = &passage.to {
                add(to, Part::Into);
            }
        }
        parts
    }
}

/// The rows a change made and what stood in those it changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    /// What was done, as it was confirmed.
    pub plan: Plan,
    pub begun: Vec<UnitId>,
    pub ended: Vec<UnitId>,
    pub closed: Vec<Stand>,
    pub dropped: Vec<Stand>,
    pub placed: Vec<i64>,
    pub succeeded: Vec<i64>,
    /// Grants that were made to pass roles on.
    pub granted: Vec<i64>,
    /// From where to where people went.
    pub passed: Vec<(UnitId, Option<UnitId>)>,
}

/// A change of organisation that figures are affected by, whether it came by a decision entered here or with a list.
#[derive(Debug, Clone)]
pub struct Occurred {
    /// The first day on which it holds.
    pub on: NaiveDate,
    pub kind: ChangeKind,
    /// What ended (or moved).
    pub from: Vec<Unit>,
    /// Into what, the main one first (or under what it moved).
    pub into: Vec<Unit>,
    /// The decision, where it was entered here.
    pub record: Option<Record>,
}

/// A decision that was entered here.
#[derive(Debug, Clone)]
pub struct Record {
    pub code: String,
    pub document: Basis,
}
