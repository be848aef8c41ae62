//! Programmes, their cohorts and the people in them; [`super::requirement`] and [`super::posts`] are the rules.

use chrono::{Months, NaiveDate};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{NominationId, requirement::CourseGroupId};
use crate::{
    access::{Category, PersonId, UnitId},
    courses::model::CourseId,
    platform::{
        db::{
            Moment,
            schema::{programme_cohorts, programme_events, programme_members, programmes},
        },
        i18n::Locale,
    },
    targets::model::quota::RoundId,
};

crate::id_type!(
    /// Courses that lead to a recognition, for so many people.
    ProgrammeId
);
crate::id_type!(
    /// One going through of a programme.
    CohortId
);
crate::id_type!(
    /// Somebody in a cohort.
    MemberId
);
crate::id_type!(
    /// The paper by which people are recognised.
    DecisionId
);

crate::text_enum!(
    /// How a course of a programme is held.
    Delivery {
        ELearning = "e-learning",
        Live = "live",
        InPerson = "in-person",
    }
);

crate::text_enum!(
    /// How far somebody is in a cohort.
    Stage {
        Nominated = "nominated",
        /// Has a seat.
        Approved = "approved",
        /// A class of the cohort has begun with them in it.
        Studying = "studying",
        /// Has completed what the programme asks for.
        Fulfilled = "fulfilled",
        /// By a decision that is not in effect yet.
        Recognised = "recognised",
        Active = "active",
        Lapsed = "lapsed",
        Withdrawn = "withdrawn",
        Replaced = "replaced",
        Rejected = "rejected",
    }
);

impl Stage {
    /// Whether it takes one of the places of the cohort.
    pub const fn holds_place(self) -> bool {
        matches!(self, Self::Approved | Self::Studying | Self::Fulfilled | Self::Recognised | Self::Active)
    }

    /// Whether the nomination ended without a recognition, so that the person may come anew.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Withdrawn | Self::Replaced | Self::Rejected)
    }

    /// Whether somebody is on the way to a recognition, with a place.
    pub const fn is_underway(self) -> bool {
        matches!(self, Self::Approved | Self::Studying | Self::Fulfilled)
    }

    /// Whether a decision recognised the person, whatever became of it since.
    pub const fn is_recognised(self) -> bool {
        matches!(self, Self::Recognised | Self::Active | Self::Lapsed)
    }
}

crate::text_enum!(
    /// What happened to somebody in a cohort.
    Turned {
        Nominated = "nominated",
        Approved = "approved",
        Studying = "studying",
        Fulfilled = "fulfilled",
        /// What was fulfilled is so no more: a completion was voided before the recognition.
        Reopened = "reopened",
        Recognised = "recognised",
        Activated = "activated",
        Renewed = "renewed",
        Lapsed = "lapsed",
        Withdrawn = "withdrawn",
        Replaced = "replaced",
        Rejected = "rejected",
        /// Something on which the recognition rests fell away; the coordinator looks at it.
        Doubted = "doubted",
        /// The coordinator looked at it and let the recognition stand.
        Settled = "settled",
    }
);

impl Turned {
    /// The stage that follows from it; `None` where it changes none.
    pub const fn stage(self) -> Option<Stage> {
        Some(match self {
            Self::Nominated => Stage::Nominated,
            Self::Approved => Stage::Approved,
            Self::Studying | Self::Reopened => Stage::Studying,
            Self::Fulfilled => Stage::Fulfilled,
            Self::Recognised => Stage::Recognised,
            Self::Activated | Self::Renewed => Stage::Active,
            Self::Lapsed => Stage::Lapsed,
            Self::Withdrawn => Stage::Withdrawn,
            Self::Replaced => Stage::Replaced,
            Self::Rejected => Stage::Rejected,
            Self::Doubted | Self::Settled => return None,
        })
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Serialize)]
#[diesel(table_name = programmes)]
pub struct Programme {
    pub id: ProgrammeId,
    pub code: String,
    pub title_vi: String,
    pub title_en: String,
    pub document_number: String,
    pub document_date: Option<NaiveDate>,
    pub document_issuer: String,
    pub document_subject: String,
    /// The most people with a place in one cohort.
    pub cap: i64,
    pub period_from: NaiveDate,
    pub period_to: Option<NaiveDate>,
    /// A recognition holds so long; `None`: it does not end.
    pub validity_months: Option<i32>,
    /// So many days before the end people are told.
    pub notice_days: i32,
}

impl Programme {
    pub fn title(&self, locale: Locale) -> &str {
        match locale {
            Locale::Vi => &self.title_vi,
            Locale::En => &self.title_en,
        }
    }

    pub fn path(&self) -> String {
        format!("/chuong-trinh/{}", self.code)
    }

    /// The last day of a recognition that is in effect from a day on.
    pub fn valid_until(&self, from: NaiveDate) -> Option<NaiveDate> {
        let months = u32::try_from(self.validity_months?).ok()?;
        from.checked_add_months(Months::new(months))?.pred_opt()
    }
}

/// What a form says of a programme.
#[derive(Debug, Clone, Serialize, Insertable, AsChangeset)]
#[diesel(table_name = programmes, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Terms {
    pub title_vi: String,
    pub title_en: String,
    pub document_number: String,
    pub document_date: Option<NaiveDate>,
    pub document_issuer: String,
    pub document_subject: String,
    pub cap: i64,
    pub period_from: NaiveDate,
    pub period_to: Option<NaiveDate>,
    pub validity_months: Option<i32>,
    pub notice_days: i32,
}

/// Courses of which all or some are asked for.
#[derive(Debug, Clone)]
pub struct CourseGroup {
    pub id: CourseGroupId,
    pub title_vi: String,
    pub title_en: String,
    /// At least so many; `None`: all.
    pub needed: Option<i64>,
    pub courses: Vec<(CourseId, Delivery)>,
}

impl CourseGroup {
    pub fn title(&self, locale: Locale) -> &str {
        match locale {
            Locale::Vi => &self.title_vi,
            Locale::En => &self.title_en,
        }
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Serialize)]
#[diesel(table_name = programme_cohorts)]
pub struct Cohort {
    pub id: CohortId,
    pub programme_id: ProgrammeId,
    pub code: String,
    pub title_vi: String,
    pub title_en: String,
    pub round_id: Option<RoundId>,
    /// What was completed since this day counts.
    pub counts_from: NaiveDate,
    pub cap: i64,
    pub held: i64,
}

impl Cohort {
    pub fn title(&self, locale: Locale) -> &str {
        match locale {
            Locale::Vi => &self.title_vi,
            Locale::En => &self.title_en,
        }
    }
}

/// What a form says of a new cohort.
#[derive(Debug, Clone)]
pub struct NewCohort {
    pub code: String,
    pub title_vi: String,
    pub title_en: String,
    pub round: Option<RoundId>,
    pub counts_from: NaiveDate,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = programme_members)]
pub struct Member {
    pub id: MemberId,
    /// For addresses: random, says nothing.
    pub code: String,
    pub cohort_id: CohortId,
    pub programme_id: ProgrammeId,
    pub person_id: PersonId,
    pub nomination_id: Option<NominationId>,
    pub unit_id: UnitId,
    pub position: String,
    pub category: Category,
    pub stage: Stage,
    pub changed_at: Moment,
    pub decision_id: Option<DecisionId>,
    pub valid_from: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
    pub needs_review: bool,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = programme_events)]
pub struct MemberEvent {
    pub kind: Turned,
    pub decision_id: Option<DecisionId>,
    pub reason: String,
    pub by_id: Option<PersonId>,
    pub occurred_at: Moment,
}

/// A decision with the file it came in, if one was sent.
#[derive(Debug, Clone)]
pub struct Decision {
    pub id: DecisionId,
    pub number: String,
    pub dated: NaiveDate,
    pub signer: String,
    pub effective_from: NaiveDate,
    /// The key in the store, the kind of content, the name to save it under.
    pub file: Option<(String, String, String)>,
}

/// What a decision is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// Those who fulfil what is asked for become experts.
    Recognise,
    /// Those whose recognition is in effect or lapsed have it anew.
    Renew,
}

/// The page of one expert.
pub fn expert_path(code: &str) -> String {
    format!("/chuyen-gia/{code}")
}

/// Where a person sees the programmes they are in.
pub const OWN_PROGRAMMES: &str = "/chuong-trinh/cua-toi";
