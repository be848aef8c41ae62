//! Targets, and the one rule that says what counts.

pub mod book;
mod group;
mod pace;
pub mod public;
pub mod quota;
pub mod seal;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

pub use self::{
    book::{BookKind, Change, Deed, Parts, TargetEvent, Terms},
    group::Group,
    pace::{Forecast, Pace},
};

use crate::{
    access::{Category, PersonId, UnitId},
    organisations::model::UnitKind,
    platform::{
        clock::{day_end, day_start, local_day},
        db::{Moment, schema::targets},
    },
};

crate::id_type!(
    /// A target.
    TargetId
);

crate::id_type!(
    /// A class held outside the system.
    OutsideId
);

crate::text_enum!(
    /// What the second person says of a class held outside the system.
    OutsideDecision {
        Confirmed = "confirmed",
        Rejected = "rejected",
    }
);

crate::text_enum!(
    /// What the required number of a target is a number of. People and turns are counted for every target and shown side by
    /// side; neither is ever converted into the other.
    Metric {
        /// Each person once.
        People = "people",
        /// Each completed class run of each person.
        Turns = "turns",
        /// The share of agencies that held at least one class that counts, in percent of those there are.
        Agencies = "agencies",
    }
);

crate::text_enum!(
    /// Drafts and superseded targets are kept and marked, but nothing is counted for them.
    TargetState {
        Draft = "draft",
        InForce = "in-force",
        /// Its period is over; what becomes known later about the period still counts.
        Closed = "closed",
        Superseded = "superseded",
    }
);

impl TargetState {
    pub fn is_counted(self) -> bool {
        matches!(self, Self::InForce | Self::Closed)
    }
}

/// A target as it is kept. Its period is whole days in Viet Nam, both included.
#[derive(Debug, Clone, Queryable, Selectable, Serialize)]
#[diesel(table_name = targets)]
pub struct Target {
    pub id: TargetId,
    pub code: String,
    pub title_vi: String,
    pub title_en: String,
    pub metric: Metric,
    pub required: i64,
    pub period_from: NaiveDate,
    pub period_to: NaiveDate,
    pub state: TargetState,
    pub basis_vi: String,
    pub basis_en: String,
    pub is_illustration: bool,
    pub created_at: Moment,
    pub created_by: Option<PersonId>,
    pub doc_number: String,
    pub doc_date: Option<NaiveDate>,
    pub doc_issuer: String,
    pub doc_clause: String,
    pub doc_link: String,
    /// The counting rules as the document words them; what implements them are metric, period, courses and kinds.
    pub rules_vi: String,
    pub rules_en: String,
    /// The required number by audience: all three or none.
    pub required_leaders: Option<i64>,
    pub required_technology: Option<i64>,
    pub required_other: Option<i64>,
    /// What replaced it.
    pub successor_id: Option<TargetId>,
    /// The last event there was when what counts for it changed.
    pub counting_until: i64,
    /// Up to which event it has been counted anew since.
    pub counted_to: i64,
}

impl Target {
    pub fn period(&self) -> Days {
        Days { from: self.period_from, to: self.period_to }
    }

    /// Its figures are on the way from what counted before to what counts now.
    pub fn is_being_counted(&self) -> bool {
        self.counted_to < self.counting_until
    }

    /// How far that is, in percent of what there is to look at; `None` once its figures are whole.
    pub fn counted_percent(&self) -> Option<i64> {
        self.is_being_counted().then(|| self.counted_to * 100 / self.counting_until)
    }
}

/// A stretch of whole days in Viet Nam, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Days {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Days {
    pub fn contains(self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// The first moment of the stretch.
    pub fn start(self) -> Moment {
        day_start(self.from).into()
    }

    /// The first moment after it.
    pub fn end(self) -> Moment {
        day_end(self.to).into()
    }
}

/// What a new target says.
#[derive(Debug, Clone)]
pub struct NewTarget {
    pub code: String,
    pub title_vi: String,
    pub title_en: String,
    pub metric: Metric,
    pub required: i64,
    pub period: Days,
    pub state: TargetState,
    pub basis_vi: String,
    pub basis_en: String,
    pub is_illustration: bool,
    /// Codes of the courses that count. One that is not there yet is linked when the definitions are read again.
    pub courses: Vec<String>,
    /// Of which kinds the agencies are, where their share is what is measured.
    pub kinds: Vec<UnitKind>,
    pub terms: Terms,
}

/// What an agency writes down about a class that was held outside the system.
#[derive(Debug, Clone)]
pub struct NewOutside {
    pub course: i64,
    pub organiser: UnitId,
    pub days: Days,
    /// Number and date of the decision to hold it.
    pub decision: String,
    pub people: Vec<PersonId>,
}

/// A completion and what became of it, as the events tell it.
#[derive(Debug, Clone)]
pub struct Fact {
    pub completion: i64,
    pub person: PersonId,
    pub course: i64,
    /// Who held the class.
    pub organiser: UnitId,
    pub unit: UnitId,
    pub category: Category,
    pub is_flagged: bool,
    pub occurred_at: Moment,
    pub recorded_at: Moment,
    pub accepted_at: Option<Moment>,
    pub voided_at: Option<Moment>,
}

impl Fact {
    /// The day in Viet Nam on which the completion is true.
    pub fn day(&self) -> NaiveDate {
        local_day(self.occurred_at.0)
    }

    /// Turns are told apart, and the first of a person found, in this order.
    fn order(&self) -> (Moment, i64) {
        (self.occurred_at, self.completion)
    }
}

crate::text_enum!(
    /// Whether a completion counts, or the first reason why it does not.
    Verdict {
        Counted = "counted",
        OtherCourse = "other-course",
        OutsidePeriod = "outside-period",
        Voided = "voided",
        Flagged = "flagged",
        /// Not yet recorded at the moment that was asked about.
        Unknown = "unknown",
    }
);

/// What a target asks of a completion.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'a> {
    pub courses: &'a [i64],
    pub period: Days,
}

impl Rule<'_> {
    /// The verdict from everything known now, or from what was known at `known_at`.
    pub fn verdict(&self, fact: &Fact, known_at: Option<Moment>) -> Verdict {
        let known = |at: Moment| known_at.is_none_or(|limit| at <= limit);
        if !known(fact.recorded_at) {
            Verdict::Unknown
        } else if !self.courses.contains(&fact.course) {
            Verdict::OtherCourse
        } else if !self.period.contains(fact.day()) {
            Verdict::OutsidePeriod
        } else if fact.voided_at.is_some_and(known) {
            Verdict::Voided
        } else if fact.is_flagged && !fact.accepted_at.is_some_and(known) {
            Verdict::Flagged
        } else {
            Verdict::Counted
        }
    }
}

/// People and turns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub turns: i64,
    pub people: i64,
}

impl Figures {
    /// The figure that a target's required number is compared with; a share of agencies is not made of these.
    pub fn of(self, metric: Metric) -> Option<i64> {
        match metric {
            Metric::People => Some(self.people),
            Metric::Turns => Some(self.turns),
            Metric::Agencies => None,
        }
    }

    /// By which lists are sorted: the figure of the target, turns where it is a share of agencies.
    pub fn rank(self, metric: Metric) -> i64 {
        self.of(metric).unwrap_or(self.turns)
    }

    pub fn is_zero(self) -> bool {
        self == Self::default()
    }
}

impl std::ops::AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.turns += other.turns;
        self.people += other.people;
    }
}

/// Figures split by reporting group; the groups always add up to the total.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    pub total: Figures,
    pub leaders: Figures,
    pub technology: Figures,
    pub other: Figures,
}

impl Split {
    pub fn add(&mut self, category: Category, figures: Figures) {
        self.total += figures;
        match category {
            Category::Leaders => self.leaders += figures,
            Category::Technology => self.technology += figures,
            Category::Other => self.other += figures,
        }
    }
}

impl std::ops::AddAssign for Split {
    fn add_assign(&mut self, other: Self) {
        self.total += other.total;
        self.leaders += other.leaders;
        self.technology += other.technology;
        self.other += other.other;
    }
}

/// Where a counter stands: unit as recorded, category, day.
pub type Cell = (UnitId, Category, NaiveDate);

/// Everything derived for one target, computed from events alone.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Completions that count.
    pub turns: BTreeMap<i64, (PersonId, Cell)>,
    /// Where each person is counted, and by which completion.
    pub people: BTreeMap<PersonId, (i64, Cell)>,
    pub counts: BTreeMap<Cell, Figures>,
}

impl Tally {
    /// The figures of counting.md, from facts in any order. A person's facts must all be among them.
    pub fn of<'a>(rule: Rule<'_>, facts: impl IntoIterator<Item = &'a Fact>, known_at: Option<Moment>) -> Self {
        let mut counted: Vec<&Fact> =
            facts.into_iter().filter(|f| rule.verdict(f, known_at) == Verdict::Counted).collect();
        counted.sort_by_key(|f| f.order());
        let mut tally = Self::default();
        for fact in counted {
            let cell = (fact.unit, fact.category, fact.day());
            tally.turns.insert(fact.completion, (fact.person, cell));
            let figures = tally.counts.entry(cell).or_default();
            figures.turns += 1;
            if let std::collections::btree_map::Entry::Vacant(place) = tally.people.entry(fact.person) {
                place.insert((fact.completion, cell));
                figures.people += 1;
            }
        }
        tally
    }

    /// Adds what was computed over other people.
    pub fn absorb(&mut self, other: Self) {
        self.turns.extend(other.turns);
        self.people.extend(other.people);
        for (cell, figures) in other.counts {
            *self.counts.entry(cell).or_default() += figures;
        }
    }

    pub fn total(&self) -> Figures {
        let mut total = Figures::default();
        self.counts.values().for_each(|f| total += *f);
        total
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Moment {
        text.parse::<chrono::DateTime<chrono::Utc>>().unwrap().into()
    }

    fn fact(completion: i64, person: i64, occurred: &str) -> Fact {
        Fact {
            completion,
            person: PersonId(person),
            course: 1,
            organiser: UnitId(1),
            unit: UnitId(person % 3),
            category: Category::Other,
            is_flagged: false,
            occurred_at: at(occurred),
            recorded_at: at(occurred),
            accepted_at: None,
            voided_at: None,
        }
    }

    fn rule() -> Rule<'static> {
        let day = |m, d| NaiveDate::from_ymd_opt(2025, m, d).unwrap();
        Rule { courses: &[1], period: Days { from: day(1, 1), to: day(12, 31) } }
    }

    #[test]
    fn the_last_second_counts_and_midnight_does_not() {
        assert_eq!(rule().verdict(&fact(1, 1, "2025-12-31T16:59:59Z"), None), Verdict::Counted);
        assert_eq!(rule().verdict(&fact(1, 1, "2025-12-31T17:00:00Z"), None), Verdict::OutsidePeriod);
        assert_eq!(rule().verdict(&fact(1, 1, "2024-12-31T17:00:00Z"), None), Verdict::Counted);
        assert_eq!(rule().verdict(&fact(1, 1, "2024-12-31T16:59:59Z"), None), Verdict::OutsidePeriod);
    }

    #[test]
    fn what_was_not_known_then_does_not_count_then() {
        let mut flagged = fact(1, 1, "2025-06-25T03:00:00Z");
        flagged.is_flagged = true;
        flagged.accepted_at = Some(at("2025-07-15T03:00:00Z"));
        let known = Some(at("2025-06-30T17:00:00Z"));
        assert_eq!(rule().verdict(&flagged, known), Verdict::Flagged);
        assert_eq!(rule().verdict(&flagged, None), Verdict::Counted);
        flagged.voided_at = Some(at("2025-09-01T03:00:00Z"));
        assert_eq!(rule().verdict(&flagged, Some(at("2025-08-01T00:00:00Z"))), Verdict::Counted);
        assert_eq!(rule().verdict(&flagged, None), Verdict::Voided);
        assert_eq!(rule().verdict(&flagged, Some(at("2025-06-01T00:00:00Z"))), Verdict::Unknown);
    }

    #[test]
    fn equal_moments_are_ordered_by_event() {
        let (mut late, early) = (fact(9, 1, "2025-05-01T00:00:00Z"), fact(4, 1, "2025-05-01T00:00:00Z"));
        late.unit = UnitId(7);
        let tally = Tally::of(rule(), [&late, &early], None);
        assert_eq!(tally.people[&PersonId(1)].0, 4);
        assert_eq!(tally.total(), Figures { turns: 2, people: 1 });
    }

    proptest! {
        /// However the period is cut in two, turns add up; and people do, because each stands on one day.
        #[test]
        fn parts_add_up(events in prop::collection::vec((1i64..20, 0i64..364), 0..80), cut in 0i64..364) {
            let start = at("2025-01-01T05:00:00Z");
            let facts: Vec<Fact> = events.iter().enumerate().map(|(i, (person, day))| {
                let mut f = fact(i64::try_from(i).unwrap(), *person, "2025-01-01T05:00:00Z");
                f.occurred_at = start + chrono::TimeDelta::days(*day);
                f
            }).collect();
            let tally = Tally::of(rule(), &facts, None);
            let limit = local_day((start + chrono::TimeDelta::days(cut)).0);
            let (mut before, mut after) = (Figures::default(), Figures::default());
            for ((_, _, day), figures) in &tally.counts {
                if *day < limit { before += *figures } else { after += *figures }
            }
            before += after;
            prop_assert_eq!(before, tally.total());
            prop_assert_eq!(before.turns, i64::try_from(facts.len()).unwrap());
            prop_assert_eq!(usize::try_from(before.people).unwrap(), tally.people.len());
        }
    }
}
