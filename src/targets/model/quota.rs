//! Quotas: seats handed down from a round to agencies, and from each to the units below it.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;

use super::TargetId;
use crate::{
    access::{PersonId, UnitId},
    learning::model::RunId,
    platform::db::{
        Moment,
        schema::{quota_events, quota_rounds, quotas},
    },
};

crate::id_type!(
    /// A number of seats that is handed down.
    RoundId
);

crate::id_type!(
    /// What one unit has in a round.
    QuotaId
);

crate::text_enum!(RoundState { Open = "open", Closed = "closed" });

crate::text_enum!(
    /// What a unit says to what it was given.
    Answer {
        Waiting = "waiting",
        Accepted = "accepted",
        /// It asks for another amount, with its reason.
        Asked = "asked",
    }
);

crate::text_enum!(
    /// A step. Which numbers it moves is said by [`EventKind::moves`].
    EventKind {
        Opened = "opened",
        Allocated = "allocated",
        Accepted = "accepted",
        Asked = "asked",
        Granted = "granted",
        Declined = "declined",
        Reallocated = "reallocated",
        Returned = "returned",
        SeatTaken = "seat-taken",
        SeatReturned = "seat-returned",
        Closed = "closed",
    }
);

/// What the `delta` of a step adds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moves {
    /// The total of the round.
    Total,
    /// The amount of the quota, and with it what the one above passed on.
    Amount,
    /// The seats that are taken.
    Taken,
    /// Nothing: it says what was wished or answered.
    Nothing,
}

impl EventKind {
    pub const fn moves(self) -> Moves {
        match self {
            Self::Opened => Moves::Total,
            Self::Allocated | Self::Granted | Self::Reallocated | Self::Returned => Moves::Amount,
            Self::SeatTaken | Self::SeatReturned => Moves::Taken,
            Self::Accepted | Self::Asked | Self::Declined | Self::Closed => Moves::Nothing,
        }
    }
}

/// A round: so many seats, of a target or into a class, handed down until a day.
#[derive(Debug, Clone, Queryable, Selectable, Serialize)]
#[diesel(table_name = quota_rounds)]
pub struct QuotaRound {
    pub id: RoundId,
    pub code: String,
    pub title_vi: String,
    pub title_en: String,
    pub target_id: Option<TargetId>,
    pub run_id: Option<RunId>,
    pub total: i64,
    pub passed_on: i64,
    pub deadline: Option<NaiveDate>,
    pub letter_number: String,
    pub letter_date: Option<NaiveDate>,
    pub state: RoundState,
    pub created_at: Moment,
    pub created_by: Option<PersonId>,
}

impl QuotaRound {
    pub fn is_open(&self) -> bool {
        self.state == RoundState::Open
    }

    /// What nobody has yet.
    pub fn left(&self) -> i64 {
        self.total - self.passed_on
    }
}

/// What one unit has in a round. `passed_on` stands with the units below; `taken` are its own seats that somebody has.
#[derive(Debug, Clone, Queryable, Selectable, Serialize)]
#[diesel(table_name = quotas)]
pub struct Quota {
    pub id: QuotaId,
    pub round_id: RoundId,
    pub parent_id: Option<QuotaId>,
    pub unit_id: UnitId,
    pub amount: i64,
    pub passed_on: i64,
    pub taken: i64,
    pub answer: Answer,
    pub asked_amount: Option<i64>,
    pub answer_reason: String,
    pub deadline: Option<NaiveDate>,
    pub created_at: Moment,
}

impl Quota {
    /// Seats that are neither taken nor passed on.
    pub fn left(&self) -> i64 {
        self.amount - self.passed_on - self.taken
    }
}

/// A step as it is kept.
#[derive(Debug, Clone, Queryable, Selectable, Serialize)]
#[diesel(table_name = quota_events)]
pub struct QuotaEvent {
    pub id: i64,
    pub quota_id: Option<QuotaId>,
    pub round_id: RoundId,
    pub kind: EventKind,
    pub delta: i64,
    pub reason: String,
    pub letter_number: String,
    pub letter_date: Option<NaiveDate>,
    pub person_id: Option<PersonId>,
    pub by_id: Option<PersonId>,
    pub occurred_at: Moment,
    pub recorded_at: Moment,
}

/// The letter by which something is done.
#[derive(Debug, Clone, Default)]
pub struct Letter {
    pub number: String,
    pub date: Option<NaiveDate>,
}

/// What a new round says.
#[derive(Debug, Clone)]
pub struct NewRound {
    pub code: String,
    pub title_vi: String,
    pub title_en: String,
    pub target: Option<TargetId>,
    pub run: Option<RunId>,
    pub total: i64,
    pub deadline: Option<NaiveDate>,
    pub letter: Letter,
}

/// Seats handed to several units at once: of the round itself, or of the quota `parent`. A unit that has some already gets these on
/// top of them and is asked again.
#[derive(Debug, Clone)]
pub struct Allocation {
    pub round: RoundId,
    pub parent: Option<QuotaId>,
    pub rows: Vec<(UnitId, i64)>,
    pub deadline: Option<NaiveDate>,
    pub letter: Letter,
    pub reason: String,
}

/// A unit's answer to what it was given.
#[derive(Debug, Clone)]
pub enum Reply {
    Accept,
    /// More or less than it has.
    Ask {
        amount: i64,
        reason: String,
    },
}

/// The giver's answer to what was asked for.
#[derive(Debug, Clone)]
pub enum Settlement {
    /// The new amount; it need not be what was asked for.
    Grant {
        amount: i64,
        reason: String,
    },
    Decline {
        reason: String,
    },
}
