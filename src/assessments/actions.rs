//! Writing: beginning an attempt, keeping its answers, submitting it; [`tallies`] takes what was submitted into the figures of questions.

pub mod keep_newer;
pub mod tallies;

use std::collections::BTreeMap;

use diesel::{prelude::*, sql_query, sql_types::*};
use serde_json::json;

use self::keep_newer::KeepNewer;
use super::{
    model::{self, Attempt, AttemptId, Kept, Sent, Submitted, SubmittedBy, draw},
    queries,
};
use crate::{
    access::{Actor, UnitId},
    audit::{Entry, record},
    courses::{
        package::{Assessment, AssessmentKind},
        queries as courses,
    },
    learning::{
        actions as learning,
        model::{EnrolmentId, EnrolmentState, Observers, Run},
        queries as classes,
    },
    platform::{
        as_i64,
        db::{
            DbConn, Moment, UtcTs,
            schema::{attempt_answers, attempts, enrolments},
        },
        error::{Error, FieldErrors, Result},
        http::guard::random_code,
        i18n::Message,
    },
    questions::model::{Answer, grade},
};

/// The largest whole number that a script can hold exactly; the sequence of an answer comes from one.
const LAST_SEQUENCE: i64 = 9_007_199_254_740_991;

/// Begins an attempt, or answers the one that is running. A final test opens once the required lessons are done. Its paper is drawn now and kept; it ends after its minutes, and
/// never after its run.
pub fn start(c: &mut DbConn, now: Moment, by: &Actor, enrolment: EnrolmentId, key: &str) -> Result<Attempt> {
    let (run, unit) = hold_enrolment(c, enrolment)?.ok_or(Error::NotFound)?;
    let assessment = courses::assessment(c, run.version_id, key)?;
    if let Some(running) = queries::running(c, enrolment, key)? {
        return Ok(running);
    }
    learning::must_be_running(&run, now)?;
    let progress = classes::progress(c, enrolment)?;
    if progress.is_done(key) {
        return Err(Error::refused("assessments-passed-already"));
    }
    if assessment.kind == AssessmentKind::Final {
        let outline = courses::outline(c, run.version_id)?;
        let left = progress.required_lessons_left(&outline).len();
        if left > 0 {
            let left = as_i64(left);
            return Err(Error::Refused(Message::new("assessments-lessons-first").with("count", left)));
        }
    }
    let paper = draw(&assessment, &courses::bank(c, run.version_id)?, &random_code()?)?;
    let id = insert(c, now, enrolment, &run, &assessment, &serde_json::to_string(&paper)?)?;
    let attempt = queries::attempt(c, id)?;
    let entry = Entry::new("attempt.start", "attempts", id).unit(unit).after(json!({
        "run": run.code,
        "assessment": key,
        "number": attempt.number,
        "deadline_at": attempt.deadline_at,
    }));
    record(c, by, now, entry)?;
    Ok(attempt)
}

#[derive(QueryableByName)]
struct Inserted {
    #[diesel(sql_type = BigInt)]
    id: AttemptId,
}

/// Counts the attempts and adds one in a single statement; behind it stand the unique number and the unique running attempt.
fn insert(
    c: &mut DbConn,
    now: Moment,
    enrolment: EnrolmentId,
    run: &Run,
    assessment: &Assessment,
    paper: &str,
) -> Result<AttemptId> {
    let inserted: Vec<Inserted> = sql_query(
        "INSERT INTO attempts (code, enrolment_id, version_id, assessment_key, number, paper, started_at, deadline_at) \
         SELECT $1, $2, $3, $4, COUNT(*) + 1, $5, $6, $7 FROM attempts WHERE enrolment_id = $2 AND assessment_key = $4 \
         HAVING COUNT(*) < $8 RETURNING id",
    )
    .bind::<Text, _>(random_code()?)
    .bind::<BigInt, _>(enrolment)
    .bind::<BigInt, _>(run.version_id)
    .bind::<Text, _>(&assessment.id)
    .bind::<Text, _>(paper)
    .bind::<UtcTs, _>(now)
    .bind::<UtcTs, _>(model::deadline(now, assessment, run))
    .bind::<BigInt, _>(i64::from(assessment.attempts))
    .load(c)?;
    let none_left = || Message::new("assessments-no-attempts-left").with("attempts", i64::from(assessment.attempts));
    inserted.first().map(|row| row.id).ok_or_else(|| Error::Refused(none_left()))
}

/// Keeps an answer, if it is newer than the one kept. Answers what is kept now: with a sequence above the one sent, the answer
/// of another page or device was newer. There is no grace after the deadline: what a learner is told to be saved in time is
/// what counts.
pub fn save_answer(c: &mut DbConn, now: Moment, attempt: AttemptId, sent: &Sent) -> Result<Kept> {
    let read = queries::attempt(c, attempt)?;
    save_read(c, now, &read, sent)
}

/// The same for an attempt that was read in this transaction.
pub fn save_read(c: &mut DbConn, now: Moment, attempt: &Attempt, sent: &Sent) -> Result<Kept> {
    if hold_for_answer(c, attempt)?.is_some() {
        return Err(Error::refused("assessments-answer-submitted"));
    }
    if now >= attempt.deadline_at {
        return Err(Error::refused("assessments-answer-late"));
    }
    let fits = attempt.question(sent.position)?.is_some_and(|question| question.admits(&sent.answer));
    if !fits || !(1..=LAST_SEQUENCE).contains(&sent.sequence) {
        return Err(FieldErrors::one("", "assessments-answer-unfit"));
    }
    let newer = KeepNewer {
        attempt: attempt.id,
        position: sent.position,
        answer: &serde_json::to_string(&sent.answer)?,
        sequence: sent.sequence,
        saved_at: now,
    };
    // For each answer that is saved: see `both!`.
    let written = crate::both!(c, |c| newer.execute(c))?;
    if written == 1 {
        return Ok(Kept { sequence: sent.sequence, saved_at: now });
    }
    let (answer, sequence, saved_at): (String, i64, Moment) = attempt_answers::table
        .find((attempt.id, sent.position))
        .select((attempt_answers::answer, attempt_answers::sequence, attempt_answers::saved_at))
        .first(c)?;
    // Two pages may have counted up to the same number; the first to come stays, and the second must hear of it.
    let other = sequence == sent.sequence && serde_json::from_str::<Answer>(&answer)? != sent.answer;
    Ok(Kept { sequence: sequence + i64::from(other), saved_at })
}

/// Keeps what a whole form sent; answers that are kept already are left alone. The positions at which the answer of another page
/// or device stays, because it is newer than what this form showed.
pub fn save_form(c: &mut DbConn, now: Moment, attempt: AttemptId, sent: &[Sent]) -> Result<Vec<i32>> {
    let kept = queries::answers(c, attempt)?;
    let mut stayed = Vec::new();
    for sent in sent {
        let before = kept.get(&sent.position).map_or(&Answer::Empty, |(answer, _)| answer);
        if *before != sent.answer && save_answer(c, now, attempt, sent)?.sequence > sent.sequence {
            stayed.push(sent.position);
        }
    }
    Ok(stayed)
}

/// Ends an attempt: grades what was answered in time, and tells the run when the test is passed, all in this transaction.
/// Exactly once: doing it again answers the first result. After its deadline an attempt ends at the deadline, whoever asks.
pub fn submit(c: &mut DbConn, now: Moment, by: &Actor, attempt: AttemptId, observers: &Observers) -> Result<Submitted> {
    let enrolment: EnrolmentId = attempts::table.find(attempt).select(attempts::enrolment_id).first(c)?;
    // Always the enrolment before the attempt, as `start` does, so that two never wait for each other.
    let held = hold_enrolment(c, enrolment)?;
    let attempt = hold_for_end(c, attempt)?;
    if attempt.submitted_at.is_some() {
        return Ok(Submitted { attempt, completion: None });
    }
    let (at, who) = match now < attempt.deadline_at {
        true => (now, SubmittedBy::Learner),
        false => (attempt.deadline_at, SubmittedBy::Deadline),
    };
    let assessment = courses::assessment(c, attempt.version_id, &attempt.assessment_key)?;
    let answers = queries::answers(c, attempt.id)?;
    let permille = points(c, &attempt, &answers)?;
    let is_passed = model::passed(&assessment, permille);
    let first = diesel::update(attempts::table.find(attempt.id))
        .filter(attempts::submitted_at.is_null())
        .set((
            attempts::submitted_at.eq(at),
            attempts::submitted_by.eq(who),
            attempts::points_permille.eq(permille),
            attempts::is_passed.eq(is_passed),
        ))
        .execute(c)?;
    let attempt = queries::attempt(c, attempt.id)?;
    if first == 0 {
        return Ok(Submitted { attempt, completion: None });
    }
    let entry = Entry::new("attempt.submit", "attempts", attempt.id).after(json!({
        "assessment": attempt.assessment_key,
        "number": attempt.number,
        "submitted_at": at,
        "submitted_by": who,
        "points_permille": permille,
        "is_passed": is_passed,
    }));
    let entry = match &held {
        Some((_, unit)) => entry.unit(*unit),
        None => entry,
    };
    record(c, by, now, entry)?;
    // Who has left the run keeps the result of the attempt, and completes nothing by it.
    let completion = match (is_passed, held) {
        (true, Some(_)) => {
            let (given, fast) = model::pace(&attempt, &answers);
            learning::note_test(c, enrolment, &attempt.assessment_key, attempt.started_at, given, fast)?;
            learning::complete_item_at(c, now, at, by, enrolment, &attempt.assessment_key, observers)?
        }
        _ => None,
    };
    Ok(Submitted { attempt, completion })
}

/// The score of what was answered, in thousandths.
fn points(c: &mut DbConn, attempt: &Attempt, answers: &BTreeMap<i32, (Answer, Kept)>) -> Result<i32> {
    let paper = attempt.paper()?;
    let items = courses::questions(c, attempt.version_id, &paper.items())?;
    Ok(model::score(paper.numbered().map(|(position, question)| {
        let mark = match (items.get(&question.item), answers.get(&position)) {
            (Some(item), Some((answer, _))) => grade(item, answer),
            _ => 0.0,
        };
        (question.points, mark)
    })))
}

/// An active enrolment's run and frozen unit, locked until the end of the transaction: of two beginnings at the same moment
/// the second sees the first.
fn hold_enrolment(c: &mut DbConn, id: EnrolmentId) -> Result<Option<(Run, UnitId)>> {
    // SQLite has one writer at a time; only PostgreSQL has row locks.
    if let DbConn::Pg(c) = c {
        enrolments::table.find(id).for_no_key_update().select(enrolments::id).first::<EnrolmentId>(c)?;
    }
    let (enrolment, run) = classes::enrolment(c, id)?;
    Ok((enrolment.state == EnrolmentState::Active).then_some((run, enrolment.unit_id)))
}

/// When an attempt was submitted, so held that it is not submitted before this answer is in; other answers may be saved beside it.
fn hold_for_answer(c: &mut DbConn, attempt: &Attempt) -> Result<Option<Moment>> {
    match c {
        // One writer at a time: nothing came between.
        DbConn::Sqlite(_) => Ok(attempt.submitted_at),
        DbConn::Pg(c) => Ok(attempts::table.find(attempt.id).for_share().select(attempts::submitted_at).first(c)?),
    }
}

/// The attempt, held once all answers on their way are in.
fn hold_for_end(c: &mut DbConn, id: AttemptId) -> Result<Attempt> {
    // SQLite has one writer at a time; only PostgreSQL has row locks.
    if let DbConn::Pg(c) = c {
        attempts::table.find(id).for_no_key_update().select(attempts::id).first::<AttemptId>(c)?;
    }
    queries::attempt(c, id)
}
