//! Nominations, the letters they go up with, and whom a round is for. [`programme`] is what the rounds belong to.

pub mod posts;
pub mod programme;
pub mod requirement;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    access::{Category, PersonId, UnitId},
    learning::model::EnrolmentId,
    platform::{
        db::{
            Moment,
            schema::{nomination_events, nominations},
        },
        text,
    },
    targets::model::quota::{QuotaId, RoundId},
};

crate::id_type!(NominationId);
crate::id_type!(LetterId);

crate::text_enum!(
    NominationState {
        /// The unit has it still.
        Drafted = "drafted",
        Submitted = "submitted",
        /// A second person of the unit has said yes, where a round asks for two.
        Endorsed = "endorsed",
        /// Has a seat.
        Approved = "approved",
        /// Approved, and no seat is left.
        Waiting = "waiting",
        /// Back with the unit, to be put right.
        Returned = "returned",
        Rejected = "rejected",
        Withdrawn = "withdrawn",
        /// Somebody else has the seat.
        Replaced = "replaced",
    }
);

impl NominationState {
    /// Whether it is over for good, so that the person may be nominated anew.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Rejected | Self::Withdrawn | Self::Replaced)
    }

    /// Whether the unit may send it up.
    pub const fn is_with_unit(self) -> bool {
        matches!(self, Self::Drafted | Self::Returned)
    }

    /// Whether it has come to those who decide, or to the second person of the unit.
    pub const fn is_to_decide(self) -> bool {
        matches!(self, Self::Submitted | Self::Endorsed)
    }
}

crate::text_enum!(
    /// What happened to a nomination.
    Happened {
        Drafted = "drafted",
        Submitted = "submitted",
        Resubmitted = "resubmitted",
        Endorsed = "endorsed",
        Approved = "approved",
        Waiting = "waiting",
        /// A seat came free for who waited.
        Seated = "seated",
        Returned = "returned",
        Rejected = "rejected",
        Withdrawn = "withdrawn",
        Replaced = "replaced",
    }
);

/// A nomination as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = nominations)]
pub struct Nomination {
    pub id: NominationId,
    /// For addresses: random, says nothing.
    pub code: String,
    pub quota_id: QuotaId,
    pub round_id: RoundId,
    pub person_id: PersonId,
    pub unit_id: UnitId,
    pub position: String,
    pub category: Category,
    pub state: NominationState,
    pub changed_at: Moment,
    pub letter_id: Option<LetterId>,
    pub submitted_by: Option<PersonId>,
    pub enrolment_id: Option<EnrolmentId>,
    pub replaces_id: Option<NominationId>,
}

/// A step of one.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = nomination_events)]
pub struct NominationEvent {
    pub kind: Happened,
    pub reason: String,
    pub letter_id: Option<LetterId>,
    pub by_id: Option<PersonId>,
    pub occurred_at: Moment,
}

/// A signed letter, with its file in the store.
#[derive(Debug, Clone, Queryable)]
pub struct Letter {
    pub id: LetterId,
    pub number: String,
    pub dated: NaiveDate,
    pub key: String,
    pub media_type: String,
    pub name: String,
}

/// Whom a round is for, and how many approve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// With two, a second person of the unit says yes before the coordinator.
    pub steps: i32,
    /// Empty: every group.
    pub categories: Vec<Category>,
    /// Words of which a position must have one; empty: every position.
    pub positions: Vec<String>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { steps: 1, categories: Vec::new(), positions: Vec::new() }
    }
}

impl Rules {
    pub fn allows_category(&self, category: Category) -> bool {
        self.categories.is_empty() || self.categories.contains(&category)
    }

    pub fn allows_position(&self, position: &str) -> bool {
        let folded = text::fold(position);
        self.positions.is_empty() || self.positions.iter().any(|word| folded.contains(&text::fold(word)))
    }

    /// The state from which the coordinator decides.
    pub fn decided_from(&self) -> NominationState {
        if self.steps >= 2 { NominationState::Endorsed } else { NominationState::Submitted }
    }
}

/// Somebody who may be nominated: what the rules ask of them.
#[derive(Debug, Clone)]
pub struct Nominee {
    /// `None` while they have no account.
    pub person: Option<PersonId>,
    pub unit: UnitId,
    pub position: String,
    pub category: Category,
}

/// The page of a quota.
pub fn quota_path(round: &str, unit: &str) -> String {
    format!("/de-cu/{round}/{unit}")
}

/// The page of a nomination under the quota of its unit.
pub fn nomination_path(round: &str, unit: &str, code: &str) -> String {
    format!("{}/ho-so/{code}", quota_path(round, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_leave_nobody_out_unless_they_say_so() {
        let mut rules = Rules::default();
        assert!(rules.allows_category(Category::Other) && rules.allows_position("Chuyên viên"));
        rules.categories.push(Category::Leaders);
        rules.positions = vec!["Giám đốc".to_owned(), "trưởng phòng".to_owned()];
        assert!(!rules.allows_category(Category::Other));
        assert!(rules.allows_position("Phó Giám đốc Sở") && rules.allows_position("TRUONG PHONG"));
        assert!(!rules.allows_position("Chuyên viên"));
    }
}
