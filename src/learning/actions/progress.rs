//! Lessons opened and finished, and the completion that follows from it.

use diesel::prelude::*;
use serde_json::json;

use crate::{
    access::Actor,
    audit::{Entry, record},
    courses::{model::Outline, queries as courses},
    learning::{
        actions::enrol,
        model::{
            Attendance, Completion, CompletionId, Doubt, Enrolment, EnrolmentId, EnrolmentState, Facts, Observers,
            Phase, Progress, Run,
        },
        queries,
    },
    platform::{
        db::{
            DbConn, Moment,
            schema::{completion_events, enrolments, lesson_progress},
        },
        error::{Error, Result},
        i18n::Message,
        text,
    },
};

/// Notes when a lesson was opened first.
pub fn open_lesson(c: &mut DbConn, now: Moment, enrolment: EnrolmentId, key: &str) -> Result<()> {
    let values = (
        lesson_progress::enrolment_id.eq(enrolment),
        lesson_progress::lesson_key.eq(key),
        lesson_progress::opened_at.eq(now),
    );
    // on_conflict is not part of diesel's common backend.
    crate::both!(c, |c| diesel::insert_into(lesson_progress::table)
        .values(values)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// An active enrolment, locked until the end of the transaction: of two writers the second sees what the first did. One that
/// was given up does not exist here.
pub(super) fn hold_enrolment(c: &mut DbConn, id: EnrolmentId) -> Result<(Enrolment, Run)> {
    // SQLite has one writer at a time; only PostgreSQL has row locks.
    if let DbConn::Pg(c) = c {
        enrolments::table.find(id).for_no_key_update().select(enrolments::id).first::<EnrolmentId>(c)?;
    }
    let held = queries::enrolment(c, id)?;
    if held.0.state == EnrolmentState::Active { Ok(held) } else { Err(Error::NotFound) }
}

/// A learner says that a lesson is done; only while the run is running.
pub fn finish_lesson(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    enrolment: EnrolmentId,
    key: &str,
    observers: &Observers,
) -> Result<Option<Completion>> {
    let (_, run) = queries::enrolment(c, enrolment)?;
    must_be_running(&run, now)?;
    complete_item(c, now, by, enrolment, key, observers)
}

/// Refuses outside the dates of the run, with the date in the sentence.
pub fn must_be_running(run: &Run, now: Moment) -> Result<()> {
    match run.phase(now) {
        Phase::Coming => {
            Err(Error::Refused(Message::new("learning-run-not-begun").with("date", text::date(run.first_day()))))
        }
        Phase::Running => Ok(()),
        Phase::Over => {
            Err(Error::Refused(Message::new("learning-run-is-over").with("date", text::date(run.last_day()))))
        }
    }
}

/// Marks a lesson or test of the run's version as done, as of now; see [`complete_item_at`].
pub fn complete_item(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    enrolment: EnrolmentId,
    key: &str,
    observers: &Observers,
) -> Result<Option<Completion>> {
    complete_item_at(c, now, now, by, enrolment, key, observers)
}

/// Marks a lesson or test as done at the moment `at`, which may lie before `now` (a test that a job submitted after its
/// deadline was done at the deadline). When that fulfils the version's completion rule, the completion is written once, in
/// this transaction, and the slices above are told. Doing it again changes nothing. The dates of the run are the caller's
/// affair: a test begun in time may end a moment late.
pub fn complete_item_at(
    c: &mut DbConn,
    now: Moment,
    at: Moment,
    by: &Actor,
    enrolment: EnrolmentId,
    key: &str,
    observers: &Observers,
) -> Result<Option<Completion>> {
    // Held, so that of two last items done at the same moment the second sees the first.
    let (enrolment, run) = hold_enrolment(c, enrolment)?;
    if !courses::has_item(c, run.version_id, key)? {
        return Err(Error::NotFound);
    }
    let values = (
        lesson_progress::enrolment_id.eq(enrolment.id),
        lesson_progress::lesson_key.eq(key),
        lesson_progress::opened_at.eq(at),
        lesson_progress::completed_at.eq(at),
    );
    // An upsert with a condition is not part of diesel's common backend.
    let changed = crate::both!(c, |c| {
        let upsert = diesel::insert_into(lesson_progress::table)
            .values(values)
            .on_conflict((lesson_progress::enrolment_id, lesson_progress::lesson_key))
            .do_update()
            .set(lesson_progress::completed_at.eq(at));
        diesel::query_dsl::methods::FilterDsl::filter(upsert, lesson_progress::completed_at.is_null()).execute(c)
    })?;
    if changed == 0 {
        return Ok(None);
    }
    settle_held(c, now, by, enrolment, run, observers)
}

/// Writes the completion if the rule is fulfilled and none was written yet.
pub(super) fn settle(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    enrolment: EnrolmentId,
    observers: &Observers,
) -> Result<Option<Completion>> {
    let (enrolment, run) = queries::enrolment(c, enrolment)?;
    settle_held(c, now, by, enrolment, run, observers)
}

fn settle_held(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    enrolment: Enrolment,
    run: Run,
    observers: &Observers,
) -> Result<Option<Completion>> {
    if enrolment.completed_at.is_some() {
        return Ok(None);
    }
    let outline = courses::outline(c, run.version_id)?;
    let progress = queries::progress(c, enrolment.id)?;
    settle_known(c, now, by, enrolment, &run, &outline, &progress, observers)
}

/// The same where everything is loaded. A completion is true at the later of two moments: the last item of the course's rule, and
/// the end of the session that made the sessions attended as many as the run asks for.
#[expect(clippy::too_many_arguments, reason = "what both ways into it have loaded already")]
pub(super) fn settle_known(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    enrolment: Enrolment,
    run: &Run,
    outline: &Outline,
    progress: &Progress,
    observers: &Observers,
) -> Result<Option<Completion>> {
    let attended_at = match run.attendance(&enrolment) {
        Attendance::NotAsked => None,
        Attendance::Since(at) => Some(at),
        Attendance::Owed { .. } => return Ok(None),
    };
    let Some(done_at) = outline.rule().fulfilled_at(&progress.done()) else { return Ok(None) };
    let occurred_at = attended_at.map_or(done_at, |at| at.max(done_at));
    let Some(facts) = frozen(c, now, run, &enrolment)? else { return Ok(None) };
    let first = diesel::update(enrolments::table.filter(enrolments::id.eq(enrolment.id)))
        .filter(enrolments::completed_at.is_null())
        .set(enrolments::completed_at.eq(occurred_at))
        .execute(c)?;
    if first == 0 {
        return Ok(None);
    }
    let completion = write_completion(c, now, by, run, &enrolment, facts, progress.doubt(outline), occurred_at)?;
    (observers.completed)(c, now, &completion)?;
    Ok(Some(completion))
}

/// The frozen facts; taken now if the run began before the job came round.
fn frozen(c: &mut DbConn, now: Moment, run: &Run, enrolment: &Enrolment) -> Result<Option<Facts>> {
    if enrolment.frozen_at.is_none() {
        return enrol::freeze(c, now, run, enrolment);
    }
    Ok(Some(Facts { unit: enrolment.unit_id, position: enrolment.position.clone(), category: enrolment.category }))
}

#[expect(clippy::too_many_arguments, reason = "one row, each part from another place, called once")]
fn write_completion(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    run: &Run,
    enrolment: &Enrolment,
    facts: Facts,
    doubt: Option<Doubt>,
    occurred_at: Moment,
) -> Result<Completion> {
    let is_flagged = doubt.is_some();
    let id: CompletionId = diesel::insert_into(completion_events::table)
        .values((
            completion_events::kind.eq("completed"),
            completion_events::enrolment_id.eq(enrolment.id.0),
            completion_events::person_id.eq(enrolment.person_id),
            completion_events::course_id.eq(run.course_id),
            completion_events::version_id.eq(run.version_id.0),
            completion_events::run_id.eq(run.id.0),
            completion_events::organiser_id.eq(run.unit_id),
            completion_events::unit_id.eq(facts.unit),
            completion_events::position.eq(&facts.position),
            completion_events::category.eq(facts.category),
            completion_events::is_flagged.eq(is_flagged),
            completion_events::doubt.eq(doubt.as_ref().map(serde_json::to_string).transpose()?),
            completion_events::occurred_at.eq(occurred_at),
            completion_events::recorded_at.eq(now),
            completion_events::actor_id.eq(by.person.map(|person| person.0)),
        ))
        .returning(completion_events::id)
        .get_result(c)?;
    let entry = Entry::new("completion.create", "completion_events", id).unit(facts.unit).after(json!({
        "run": run.code,
        "person": enrolment.person_id,
        "occurred_at": occurred_at,
        "is_flagged": is_flagged,
    }));
    record(c, by, now, entry)?;
    Ok(Completion {
        id,
        enrolment: enrolment.id,
        person: enrolment.person_id,
        course: run.course_id,
        version: run.version_id,
        run: run.id,
        organiser: run.unit_id,
        unit: facts.unit,
        position: facts.position,
        category: facts.category,
        is_flagged,
        doubt,
        occurred_at,
        recorded_at: now,
    })
}
