//! Class runs, enrolments and completions as the database keeps them, and the rules that need no database.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use serde::Serialize;

use crate::{
    access::{Category, PersonId, UnitId},
    accounts::model::Person,
    courses::model::{CourseId, LessonOutline, Outline, VersionId},
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment,
            schema::{class_runs, enrolments},
        },
        error::Result,
    },
};

mod attendance;
mod batch;
mod pace;

pub use self::{
    attendance::{Attendance, Beside, ComingSession},
    batch::{Applied, BatchItem, Outcome, What},
    pace::{
        AHEAD, BEATS_KEPT, Beat, Doubt, HASTY, Hasty, LONGEST_BEAT, NEEDED_PERCENT, ON_ITS_WAY, Reading, SHORTEST_PAUSE,
    },
};

crate::id_type!(
    /// A class run: one course version, one organising unit, opened on a date.
    RunId
);
crate::id_type!(
    /// A person in a run.
    EnrolmentId
);
crate::id_type!(
    /// The event by which a person completed a run.
    CompletionId
);

crate::id_type!(
    /// A file of a class.
    MaterialId
);

crate::text_enum!(
    /// Who gets into a run.
    EnrolmentMode {
        /// Everybody who is signed in.
        Open = "open",
        /// Who knows the class code.
        Code = "code",
        /// Who was put on the list by the organiser or by the training officer of their agency.
        List = "list",
    }
);

crate::text_enum!(EnrolmentState {
    Active = "active",
    Withdrawn = "withdrawn",
});

crate::text_enum!(
    /// What became of a completion afterwards.
    ChangeKind {
        Accepted = "accepted",
        Voided = "voided",
    }
);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = class_runs)]
pub struct Run {
    pub id: RunId,
    pub code: String,
    pub course_id: CourseId,
    pub version_id: VersionId,
    pub unit_id: UnitId,
    pub title: String,
    pub opens_at: Moment,
    pub closes_at: Moment,
    pub capacity: Option<i64>,
    pub taken: i64,
    pub enrolment: EnrolmentMode,
    pub access_code: Option<String>,
    pub decision: Option<String>,
    /// How many of its sessions somebody must have attended: `None` asks for none, 0 for all of them.
    pub sessions_needed: Option<i64>,
    /// Its sessions that were not cancelled, as the slice `events` keeps them; and when one was cancelled last.
    pub sessions: i64,
    pub sessions_cut_at: Option<Moment>,
}

/// A file that those who run a class put there for its members.
#[derive(Debug, Clone, Queryable)]
pub struct Material {
    pub id: MaterialId,
    pub title: String,
    pub added_at: Moment,
    pub added_by: PersonId,
    pub removed_at: Option<Moment>,
    /// The key in the store, the kind of content, its length, the name to save it under.
    pub key: String,
    pub media_type: String,
    pub size: i64,
    pub name: String,
}

/// Where a run stands on the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    Coming,
    Running,
    Over,
}

impl Run {
    pub fn phase(&self, now: Moment) -> Phase {
        if now < self.opens_at {
            Phase::Coming
        } else if now < self.closes_at {
            Phase::Running
        } else {
            Phase::Over
        }
    }

    pub fn has_seats(&self) -> bool {
        self.capacity.is_none_or(|capacity| self.taken < capacity)
    }

    /// The day whose facts count: the first of the run, in Viet Nam.
    pub fn first_day(&self) -> NaiveDate {
        local_day(self.opens_at.0)
    }

    /// The last day on which one can learn.
    pub fn last_day(&self) -> NaiveDate {
        local_day((self.closes_at - TimeDelta::microseconds(1)).0)
    }
}

/// A person in a run, with the frozen facts: as at the first day of the run, or at enrolling if it had begun.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = enrolments)]
pub struct Enrolment {
    pub id: EnrolmentId,
    pub run_id: RunId,
    pub person_id: PersonId,
    pub state: EnrolmentState,
    pub enrolled_at: Moment,
    pub unit_id: UnitId,
    pub position: String,
    pub category: Category,
    /// `None` while the run has not begun: then the facts are those known at enrolling and are taken again at its start.
    pub frozen_at: Option<Moment>,
    pub completed_at: Option<Moment>,
    /// Sessions attended by confirmed lists, and since when they are as many as the run asks for.
    pub attended: i64,
    pub attended_at: Option<Moment>,
    /// It was completed, and since then a confirmed list was corrected so that too few sessions are left: somebody decides.
    pub short_since: Option<Moment>,
}

/// What a person was on a date, as it is copied onto an enrolment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub unit: UnitId,
    pub position: String,
    pub category: Category,
}

/// How somebody comes into a run.
#[derive(Debug, Clone)]
pub enum Entry {
    /// By themselves, into an open run.
    Open,
    /// By themselves, with the class code as typed.
    Code(String),
    /// Put on the list by somebody who may (a guard proved it).
    Listed,
}

/// What enrolling did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enrolled {
    New(EnrolmentId),
    /// The person is in the run already; no seat was taken.
    Already(EnrolmentId),
}

impl Enrolled {
    pub fn id(self) -> EnrolmentId {
        match self {
            Self::New(id) | Self::Already(id) => id,
        }
    }
}

/// Somebody completed a run: one turn (lượt), with the facts frozen on the enrolment.
#[derive(Debug, Clone)]
pub struct Completion {
    pub id: CompletionId,
    pub enrolment: EnrolmentId,
    pub person: PersonId,
    pub course: CourseId,
    pub version: VersionId,
    pub run: RunId,
    pub organiser: UnitId,
    pub unit: UnitId,
    pub position: String,
    pub category: Category,
    /// Too fast to be believed: it stands outside all counts until somebody accepts it.
    pub is_flagged: bool,
    /// Why it is flagged; not known of those flagged before reasons were kept.
    pub doubt: Option<Doubt>,
    pub occurred_at: Moment,
    pub recorded_at: Moment,
}

/// A completion was accepted or voided.
#[derive(Debug, Clone)]
pub struct CompletionChange {
    /// The event's own id.
    pub id: i64,
    pub kind: ChangeKind,
    pub completion: Completion,
    pub recorded_at: Moment,
    pub actor: Option<PersonId>,
    pub reason: String,
}

/// What the slices above do in the transaction of a completion; filled by `site`, the only place that knows them.
#[derive(Clone, Copy)]
pub struct Observers {
    pub completed: fn(&mut DbConn, Moment, &Completion) -> Result<()>,
    pub changed: fn(&mut DbConn, Moment, &CompletionChange) -> Result<()>,
}

impl Observers {
    /// Nobody listens: for tests of this slice alone.
    pub const NONE: Self = Self { completed: |_, _, _| Ok(()), changed: |_, _, _| Ok(()) };
}

/// A lesson or a test of one enrolment.
#[derive(Debug, Clone, Queryable)]
pub struct Step {
    pub key: String,
    pub opened_at: Moment,
    pub completed_at: Option<Moment>,
    /// Reading time as counted from heartbeats, and from how many.
    pub dwell_seconds: i64,
    pub beats: i64,
    /// Questions answered, and how many of them in under two seconds.
    pub answers: i64,
    pub fast_answers: i64,
}

/// How far one enrolment is, by the keys of lessons and tests.
#[derive(Debug, Clone, Default)]
pub struct Progress(pub BTreeMap<String, Step>);

impl Progress {
    pub fn is_done(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|step| step.completed_at.is_some())
    }

    pub fn done(&self) -> BTreeMap<String, Moment> {
        self.0.values().filter_map(|step| Some((step.key.clone(), step.completed_at?))).collect()
    }

    /// The lesson to go on with: the last one opened and not finished, else the first that is not done.
    pub fn next_lesson(&self, outline: &Outline) -> Option<String> {
        let left = || outline.lessons().filter(|lesson| !self.is_done(&lesson.key));
        let opened = left().filter_map(|lesson| Some((self.0.get(&lesson.key)?.opened_at, &lesson.slug)));
        let last = opened.max_by_key(|(at, _)| *at).map(|(_, slug)| slug.clone());
        last.or_else(|| left().next().map(|lesson| lesson.slug.clone()))
    }

    /// The required lessons that are not done, in the order of the course: what stands before a final test.
    pub fn required_lessons_left<'a>(&self, outline: &'a Outline) -> Vec<&'a LessonOutline> {
        let required = outline.rule().required;
        outline.lessons().filter(|lesson| required.contains(&lesson.key) && !self.is_done(&lesson.key)).collect()
    }
}

/// Somebody who waits for a seat.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// From 1.
    pub place: i64,
    pub person: Person,
    /// Where they worked when they joined; the facts that count are taken with the seat.
    pub unit: UnitId,
    pub joined_at: Moment,
}

/// The field of an answer to a check question: each question is a form of its own.
pub const FIELD: &str = "answer";

/// The page of a test; the slice `assessments` serves it.
pub fn assessment_path(run: &str, key: &str) -> String {
    format!("/lop/{run}/kiem-tra/{key}")
}

pub fn lesson_path(run: &str, slug: &str) -> String {
    format!("/lop/{run}/hoc/{slug}")
}

/// The form in which class and access codes are kept and compared: "kt-01 2026" is "KT-01-2026".
pub fn tidy_code(typed: &str) -> String {
    let words: Vec<String> = typed.split_whitespace().map(str::to_uppercase).collect();
    words.join("-")
}

/// A class code stands in an address: capital letters, digits and single hyphens.
pub fn is_code(code: &str) -> bool {
    (2..=40).contains(&code.len())
        && code
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_written_in_one_way() {
        assert_eq!(tidy_code("  kt-01 2026 "), "KT-01-2026");
        assert!(is_code("KT-01-2026") && is_code("R0-X"));
        for bad in ["", "K", "kt-01", "KT--01", "-KT01", "KT/01", "ĐT-01", &"A".repeat(41)] {
            assert!(!is_code(bad), "{bad}");
        }
    }

    #[test]
    fn a_run_ends_with_its_last_day() {
        let day = |d| NaiveDate::from_ymd_opt(2025, 6, d).unwrap();
        let run = Run {
            id: RunId(1),
            code: "R1".to_owned(),
            course_id: CourseId(1),
            version_id: VersionId(1),
            unit_id: UnitId(1),
            title: String::new(),
            opens_at: crate::platform::clock::day_start(day(10)).into(),
            closes_at: crate::platform::clock::day_end(day(20)).into(),
            capacity: Some(1),
            taken: 1,
            enrolment: EnrolmentMode::Open,
            access_code: None,
            decision: None,
            sessions_needed: None,
            sessions: 0,
            sessions_cut_at: None,
        };
        assert_eq!((run.first_day(), run.last_day()), (day(10), day(20)));
        assert_eq!(run.phase(run.opens_at), Phase::Running);
        assert_eq!(run.phase(run.closes_at), Phase::Over);
        assert!(!run.has_seats());
    }
}
