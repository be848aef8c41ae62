//! Runs and learners in lists.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;

use super::progress_of_all;
use crate::{
    access::{PersonId, Reach, UnitId},
    accounts::model::Person,
    courses::{
        model::{CourseId, Outline, VersionId},
        queries as courses,
    },
    learning::model::{ChangeKind, CompletionId, Enrolment, EnrolmentId, EnrolmentState, Progress, Run, RunId},
    organisations::queries as organisations,
    platform::{
        db::{
            DbConn, Moment,
            schema::{class_runs, completion_events, enrolments, lesson_progress, people},
        },
        error::Result,
    },
};

/// How many runs or classes a list shows.
const MOST: i64 = 200;
/// How many of one's own classes; the latest.
const MOST_OF_MINE: i64 = 30;

/// The runs of a course that one can still get into, the next to end first.
pub fn runs_of_course(c: &mut DbConn, now: Moment, course: CourseId) -> Result<Vec<Run>> {
    Ok(class_runs::table
        .filter(class_runs::course_id.eq(course).and(class_runs::closes_at.gt(now)))
        .order((class_runs::opens_at.asc(), class_runs::id.asc()))
        .limit(MOST)
        .select(Run::as_select())
        .load(c)?)
}

/// The runs whose organiser lies within a reach, the latest first.
pub fn runs_within(c: &mut DbConn, reach: &Reach, on: NaiveDate) -> Result<Vec<Run>> {
    let mut query = class_runs::table.select(Run::as_select()).into_boxed();
    match reach {
        Reach::Nowhere => return Ok(Vec::new()),
        Reach::Everywhere => {}
        Reach::Under(roots) => {
            let units = organisations::subtree_ids(c, roots, on)?;
            query = query.filter(class_runs::unit_id.eq_any(units));
        }
    }
    Ok(query.order((class_runs::opens_at.desc(), class_runs::id.desc())).limit(MOST).load(c)?)
}

/// What became of an enrolment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    NotBegun,
    Learning,
    /// Completed and counted.
    Completed,
    /// Completed, and waits for somebody to accept it.
    Flagged,
    /// Completed too fast, and accepted.
    Accepted,
    Voided,
    /// Completed, and a list of its sessions was corrected since: waits for a decision.
    InQuestion,
    /// The run ended before it was completed.
    Missed,
}

/// One of my classes.
#[derive(Debug)]
pub struct MyClass {
    pub run: Run,
    pub enrolment: Enrolment,
    pub outline: Outline,
    pub progress: Progress,
    pub standing: Standing,
}

/// The classes a person is in, the next to end first, those that are over at the end.
pub fn my_classes(c: &mut DbConn, now: Moment, person: PersonId) -> Result<Vec<MyClass>> {
    let rows: Vec<(Enrolment, Run)> = enrolments::table
        .inner_join(class_runs::table)
        .filter(enrolments::person_id.eq(person).and(enrolments::state.eq(EnrolmentState::Active)))
        .order((class_runs::closes_at.desc(), class_runs::id.desc()))
        .limit(MOST_OF_MINE)
        .select((Enrolment::as_select(), Run::as_select()))
        .load(c)?;
    let ids: Vec<EnrolmentId> = rows.iter().map(|(enrolment, _)| enrolment.id).collect();
    let outcomes = outcomes(c, &ids)?;
    let mut progress = progress_of_all(c, &ids)?;
    let mut outlines: HashMap<VersionId, Outline> = HashMap::new();
    let mut classes = Vec::with_capacity(rows.len());
    for (enrolment, run) in rows {
        let outline = match outlines.get(&run.version_id) {
            Some(outline) => outline.clone(),
            None => {
                let outline = courses::outline(c, run.version_id)?;
                outlines.insert(run.version_id, outline.clone());
                outline
            }
        };
        let progress = progress.remove(&enrolment.id).unwrap_or_default();
        let standing = standing(&run, &enrolment, now, !progress.0.is_empty(), outcomes.get(&enrolment.id));
        classes.push(MyClass { run, enrolment, outline, progress, standing });
    }
    classes.sort_by_key(|class| {
        let over = class.run.closes_at <= now || class.enrolment.completed_at.is_some();
        (over, if over { std::cmp::Reverse(class.run.closes_at).0 } else { class.run.closes_at })
    });
    Ok(classes)
}

/// A completion and what was decided about it.
#[derive(Debug, Clone, Copy)]
struct Outcome {
    id: CompletionId,
    is_flagged: bool,
    is_accepted: bool,
    is_voided: bool,
}

fn outcomes(c: &mut DbConn, of: &[EnrolmentId]) -> Result<HashMap<EnrolmentId, Outcome>> {
    let of: Vec<i64> = of.iter().map(|id| id.0).collect();
    let rows: Vec<(Option<EnrolmentId>, CompletionId, String, bool)> = completion_events::table
        .filter(completion_events::enrolment_id.eq_any(of))
        .order(completion_events::id.asc())
        .select((
            completion_events::enrolment_id,
            completion_events::id,
            completion_events::kind,
            completion_events::is_flagged,
        ))
        .load(c)?;
    let mut found: HashMap<EnrolmentId, Outcome> = HashMap::new();
    for (enrolment, id, kind, is_flagged) in rows {
        let Some(enrolment) = enrolment else { continue };
        match (ChangeKind::parse(&kind), found.get_mut(&enrolment)) {
            (None, _) => {
                found.insert(enrolment, Outcome { id, is_flagged, is_accepted: false, is_voided: false });
            }
            (Some(ChangeKind::Accepted), Some(outcome)) => outcome.is_accepted = true,
            (Some(ChangeKind::Voided), Some(outcome)) => outcome.is_voided = true,
            (Some(_), None) => {}
        }
    }
    Ok(found)
}

fn standing(run: &Run, enrolment: &Enrolment, now: Moment, has_begun: bool, outcome: Option<&Outcome>) -> Standing {
    match outcome {
        Some(outcome) if outcome.is_voided => Standing::Voided,
        Some(_) if enrolment.short_since.is_some() => Standing::InQuestion,
        Some(outcome) if outcome.is_accepted => Standing::Accepted,
        Some(outcome) if outcome.is_flagged => Standing::Flagged,
        Some(_) => Standing::Completed,
        None if run.closes_at <= now => Standing::Missed,
        None if has_begun || enrolment.attended > 0 => Standing::Learning,
        None => Standing::NotBegun,
    }
}

/// A learner in the list of a run.
#[derive(Debug)]
pub struct Learner {
    pub person: Person,
    pub enrolment: Enrolment,
    pub done: usize,
    pub standing: Standing,
    pub completion: Option<CompletionId>,
}

/// The learners of a run by given name; those of some units only, unless `within` is `None`.
pub fn roster(c: &mut DbConn, now: Moment, run: &Run, within: Option<&[UnitId]>) -> Result<Vec<Learner>> {
    let mut query = enrolments::table
        .inner_join(people::table.on(people::id.eq(enrolments::person_id)))
        .filter(enrolments::run_id.eq(run.id).and(enrolments::state.eq(EnrolmentState::Active)))
        .select((Person::as_select(), Enrolment::as_select()))
        .into_boxed();
    if let Some(units) = within {
        query = query.filter(enrolments::unit_id.eq_any(units.to_vec()));
    }
    let rows: Vec<(Person, Enrolment)> = query.order((people::sort_key.asc(), people::id.asc())).load(c)?;
    let done = done_in(c, run.id)?;
    let ids: Vec<EnrolmentId> = rows.iter().map(|(_, enrolment)| enrolment.id).collect();
    let outcomes = outcomes(c, &ids)?;
    Ok(rows
        .into_iter()
        .map(|(person, enrolment)| {
            let (opened, done) = done.get(&enrolment.id).copied().unwrap_or_default();
            let outcome = outcomes.get(&enrolment.id);
            let standing = standing(run, &enrolment, now, opened > 0, outcome);
            Learner { person, enrolment, done, standing, completion: outcome.map(|outcome| outcome.id) }
        })
        .collect())
}

/// How many lessons and tests were opened and done, by enrolment.
fn done_in(c: &mut DbConn, run: RunId) -> Result<HashMap<EnrolmentId, (usize, usize)>> {
    let rows: Vec<(EnrolmentId, Option<Moment>)> = lesson_progress::table
        .inner_join(enrolments::table)
        .filter(enrolments::run_id.eq(run))
        .select((lesson_progress::enrolment_id, lesson_progress::completed_at))
        .load(c)?;
    let mut counts: HashMap<EnrolmentId, (usize, usize)> = HashMap::new();
    for (enrolment, completed_at) in rows {
        let (opened, done) = counts.entry(enrolment).or_default();
        *opened += 1;
        *done += usize::from(completed_at.is_some());
    }
    Ok(counts)
}
