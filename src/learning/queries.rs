//! Reading runs, enrolments, progress and completions.

mod completed;
mod counted;
mod lists;
mod materials;
mod units;
mod verify;
mod waiting;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{
    ChangeKind, Completion, CompletionId, Enrolment, EnrolmentId, EnrolmentState, Progress, Run, RunId, Step,
};
use crate::{
    access::{Category, PersonId, Reach, UnitId},
    courses::model::{CourseId, VersionId},
    organisations::queries as organisations,
    platform::{
        db::{
            DbConn, Moment,
            schema::{check_answers, class_runs, completion_events, enrolments, lesson_progress, people, waiting_list},
        },
        error::{Error, Result},
    },
    questions::model::Answer,
};

pub use self::{
    completed::completed_since,
    counted::{Counted, Wanted, counted},
    lists::{Learner, MyClass, Standing, my_classes, roster, runs_of_course, runs_within},
    materials::{material, materials},
    units::{UnderWay, is_recorded, under_way},
    verify::verify,
    waiting::{
        Prerequisite, WaitingPlace, missing_prerequisites, my_waiting, prerequisites, waiting, waiting_count,
        waiting_place,
    },
};

pub fn run(c: &mut DbConn, id: RunId) -> Result<Run> {
    Ok(class_runs::table.find(id).select(Run::as_select()).first(c)?)
}

pub fn run_by_code(c: &mut DbConn, code: &str) -> Result<Run> {
    Ok(class_runs::table.filter(class_runs::code.eq(code)).select(Run::as_select()).first(c)?)
}

/// A run by its code, and a person's enrolment in it, also one they withdrew from.
pub fn run_with_enrolment(c: &mut DbConn, code: &str, person: PersonId) -> Result<(Run, Option<Enrolment>)> {
    let theirs = enrolments::run_id.eq(class_runs::id).and(enrolments::person_id.eq(person));
    // For each page of a lesson: see `both!`.
    let found = crate::both!(c, |c| {
        class_runs::table
            .left_join(enrolments::table.on(theirs))
            .filter(class_runs::code.eq(code))
            .select((Run::as_select(), Option::<Enrolment>::as_select()))
            .first(c)
    })?;
    Ok(found)
}

/// When the last run of a version that is open just now closes; `None` where none is.
pub fn open_until(c: &mut DbConn, version: VersionId, now: Moment) -> Result<Option<Moment>> {
    Ok(class_runs::table
        .filter(class_runs::version_id.eq(version).and(class_runs::opens_at.le(now)).and(class_runs::closes_at.gt(now)))
        .order(class_runs::closes_at.desc())
        .select(class_runs::closes_at)
        .first(c)
        .optional()?)
}

/// An enrolment with its run.
pub fn enrolment(c: &mut DbConn, id: EnrolmentId) -> Result<(Enrolment, Run)> {
    // For each page of a test: see `both!`.
    let found = crate::both!(c, |c| {
        enrolments::table
            .inner_join(class_runs::table)
            .filter(enrolments::id.eq(id))
            .select((Enrolment::as_select(), Run::as_select()))
            .first(c)
    })?;
    Ok(found)
}

/// Whether somebody is, was, or waits to be in any run.
pub fn is_in_a_run(c: &mut DbConn, person: PersonId) -> Result<bool> {
    let enrolled: i64 = enrolments::table.filter(enrolments::person_id.eq(person)).count().get_result(c)?;
    let waits: i64 = waiting_list::table.filter(waiting_list::person_id.eq(person)).count().get_result(c)?;
    Ok(enrolled + waits > 0)
}

/// A person's enrolment in a run, also one they withdrew from.
pub fn enrolment_of(c: &mut DbConn, run: RunId, person: PersonId) -> Result<Option<Enrolment>> {
    Ok(enrolments::table
        .filter(enrolments::run_id.eq(run).and(enrolments::person_id.eq(person)))
        .select(Enrolment::as_select())
        .first(c)
        .optional()?)
}

/// The run of a version in which a person learns, the latest first: where a lesson that is not open may be read.
pub fn run_with_version(c: &mut DbConn, version: VersionId, person: PersonId) -> Result<Option<Run>> {
    Ok(enrolments::table
        .inner_join(class_runs::table)
        .filter(class_runs::version_id.eq(version).and(enrolments::person_id.eq(person)))
        .filter(enrolments::state.eq(EnrolmentState::Active))
        .order(class_runs::opens_at.desc())
        .select(Run::as_select())
        .first(c)
        .optional()?)
}

#[diesel::dsl::auto_type]
fn step() -> _ {
    (
        lesson_progress::lesson_key,
        lesson_progress::opened_at,
        lesson_progress::completed_at,
        lesson_progress::dwell_seconds,
        lesson_progress::beats,
        lesson_progress::answers,
        lesson_progress::fast_answers,
    )
}

/// How far an enrolment is.
pub fn progress(c: &mut DbConn, enrolment: EnrolmentId) -> Result<Progress> {
    // For each page of a lesson: see `both!`.
    let steps: Vec<Step> = crate::both!(c, |c| {
        lesson_progress::table.filter(lesson_progress::enrolment_id.eq(enrolment)).select(step()).load(c)
    })?;
    Ok(Progress(steps.into_iter().map(|step| (step.key.clone(), step)).collect()))
}

/// How far each of these enrolments is, in one query; who has not begun is not among them.
pub fn progress_of_all(c: &mut DbConn, of: &[EnrolmentId]) -> Result<HashMap<EnrolmentId, Progress>> {
    let rows: Vec<(EnrolmentId, Step)> = lesson_progress::table
        .filter(lesson_progress::enrolment_id.eq_any(of))
        .select((lesson_progress::enrolment_id, step()))
        .load(c)?;
    let mut found: HashMap<EnrolmentId, Progress> = HashMap::new();
    for (enrolment, step) in rows {
        found.entry(enrolment).or_default().0.insert(step.key.clone(), step);
    }
    Ok(found)
}

/// In which of these runs a person is now.
pub fn active_in(c: &mut DbConn, person: PersonId, runs: &[RunId]) -> Result<HashSet<RunId>> {
    let rows: Vec<RunId> = enrolments::table
        .filter(enrolments::person_id.eq(person).and(enrolments::run_id.eq_any(runs)))
        .filter(enrolments::state.eq(EnrolmentState::Active))
        .select(enrolments::run_id)
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// What was answered to the check questions of all lessons. Not of some: a statement with a list is compiled anew each time, which costs more
/// than the few rows.
pub fn answers(c: &mut DbConn, enrolment: EnrolmentId) -> Result<BTreeMap<String, Answer>> {
    // For each page of a lesson: see `both!`.
    let rows: Vec<(String, String)> = crate::both!(c, |c| {
        check_answers::table
            .filter(check_answers::enrolment_id.eq(enrolment))
            .select((check_answers::item_key, check_answers::answer))
            .load(c)
    })?;
    rows.into_iter().map(|(key, answer)| Ok((key, serde_json::from_str(&answer)?))).collect()
}

/// A completion as it was written, and what was decided about it since.
pub fn completion(c: &mut DbConn, id: CompletionId) -> Result<(Completion, Vec<ChangeKind>)> {
    let row =
        completion_events::table.filter(completion_events::id.eq(id).and(completion_events::kind.eq("completed")));
    let (ids, place, facts, times) = row
        .select((
            (completion_events::enrolment_id, completion_events::person_id, completion_events::course_id),
            (completion_events::version_id, completion_events::run_id, completion_events::organiser_id),
            (
                completion_events::unit_id,
                completion_events::position,
                completion_events::category,
                completion_events::is_flagged,
                completion_events::doubt,
            ),
            (completion_events::occurred_at, completion_events::recorded_at),
        ))
        .first::<(
            (Option<EnrolmentId>, PersonId, CourseId),
            (Option<VersionId>, Option<RunId>, UnitId),
            (UnitId, String, Category, bool, Option<String>),
            (Moment, Moment),
        )>(c)?;
    // Outside classes are completions without a run; they are the affair of `targets`.
    let (Some(enrolment), Some(version), Some(run)) = (ids.0, place.0, place.1) else { return Err(Error::NotFound) };
    let completion = Completion {
        id,
        enrolment,
        person: ids.1,
        course: ids.2,
        version,
        run,
        organiser: place.2,
        unit: facts.0,
        position: facts.1,
        category: facts.2,
        is_flagged: facts.3,
        doubt: facts.4.map(|doubt| serde_json::from_str(&doubt)).transpose()?,
        occurred_at: times.0,
        recorded_at: times.1,
    };
    Ok((completion, changes(c, id)?))
}

fn changes(c: &mut DbConn, id: CompletionId) -> Result<Vec<ChangeKind>> {
    Ok(completion_events::table
        .filter(completion_events::completion_id.eq(id.0))
        .order(completion_events::id.asc())
        .select(completion_events::kind)
        .load(c)?)
}

/// The completion of an enrolment, if there is one.
pub fn completion_of(c: &mut DbConn, enrolment: EnrolmentId) -> Result<Option<CompletionId>> {
    Ok(completion_events::table
        .filter(completion_events::enrolment_id.eq(enrolment.0).and(completion_events::kind.eq("completed")))
        .select(completion_events::id)
        .first(c)
        .optional()?)
}

/// Those of these enrolments that have a completion which was not voided, with it and whose it is.
pub fn standing_completions(c: &mut DbConn, of: &[EnrolmentId]) -> Result<Vec<(EnrolmentId, CompletionId, PersonId)>> {
    let of: Vec<Option<i64>> = of.iter().map(|id| Some(id.0)).collect();
    let rows: Vec<(Option<EnrolmentId>, CompletionId, PersonId, String)> = completion_events::table
        .filter(completion_events::enrolment_id.eq_any(of))
        .order(completion_events::id.asc())
        .select((
            completion_events::enrolment_id,
            completion_events::id,
            completion_events::person_id,
            completion_events::kind,
        ))
        .load(c)?;
    let voided: HashSet<_> = rows.iter().filter(|row| row.3 == "voided").map(|row| row.0).collect();
    let standing = rows.into_iter().filter(|row| row.3 == "completed" && !voided.contains(&row.0));
    Ok(standing.filter_map(|(enrolment, id, person, _)| Some((enrolment?, id, person))).collect())
}

/// Somebody in a run, as the lists of its sessions name them.
#[derive(Debug, Clone, Queryable)]
pub struct Member {
    pub enrolment: EnrolmentId,
    pub person: PersonId,
    pub code: String,
    pub family_names: String,
    pub given_name: String,
    pub folded: String,
    pub unit: UnitId,
    pub position: String,
}

/// Those who are in a run now, by given name.
pub fn members(c: &mut DbConn, run: RunId) -> Result<Vec<Member>> {
    Ok(enrolments::table
        .inner_join(people::table)
        .filter(enrolments::run_id.eq(run).and(enrolments::state.eq(EnrolmentState::Active)))
        .order((people::sort_key.asc(), people::id.asc()))
        .select((
            enrolments::id,
            enrolments::person_id,
            people::code,
            people::family_names,
            people::given_name,
            people::folded,
            enrolments::unit_id,
            enrolments::position,
        ))
        .load(c)?)
}

/// The runs that a person is in and that are not over, with their enrolments.
pub fn current_runs(c: &mut DbConn, now: Moment, person: PersonId) -> Result<Vec<(Enrolment, Run)>> {
    Ok(enrolments::table
        .inner_join(class_runs::table)
        .filter(enrolments::person_id.eq(person).and(enrolments::state.eq(EnrolmentState::Active)))
        .filter(class_runs::closes_at.gt(now))
        .order(class_runs::closes_at.asc())
        .select((Enrolment::as_select(), Run::as_select()))
        .load(c)?)
}

/// Whether a reach covers a unit on a day.
pub fn reaches(c: &mut DbConn, reach: &Reach, unit: UnitId, on: NaiveDate) -> Result<bool> {
    match reach {
        Reach::Nowhere => Ok(false),
        Reach::Everywhere => Ok(true),
        Reach::Under(roots) => organisations::is_under(c, unit, roots, on),
    }
}
