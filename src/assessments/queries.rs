//! Reading attempts and their answers; [`tallies`] has what whole classes made of the questions.

pub mod tallies;

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::{Attempt, AttemptId, Kept, Standing};
use crate::{
    access::PersonId,
    courses::{
        model::Outline,
        package::{Assessment, AssessmentKind},
        queries as courses,
    },
    learning::{
        model::{EnrolmentId, EnrolmentState, Progress, Run},
        queries as learning,
    },
    platform::{
        db::{
            DbConn, Moment,
            schema::{attempt_answers, attempts, enrolments},
        },
        error::Result,
    },
    questions::model::Answer,
};

pub fn attempt(c: &mut DbConn, id: AttemptId) -> Result<Attempt> {
    Ok(attempts::table.find(id).select(Attempt::as_select()).first(c)?)
}

pub fn by_code(c: &mut DbConn, code: &str) -> Result<Attempt> {
    Ok(attempts::table.filter(attempts::code.eq(code)).select(Attempt::as_select()).first(c)?)
}

/// An attempt of somebody who is in its class.
pub fn own(c: &mut DbConn, code: &str, person: PersonId) -> Result<Attempt> {
    // Before each answer that is saved: see `both!`.
    let attempt = crate::both!(c, |c| {
        attempts::table
            .inner_join(enrolments::table)
            .filter(attempts::code.eq(code).and(enrolments::person_id.eq(person)))
            .filter(enrolments::state.eq(EnrolmentState::Active))
            .select(Attempt::as_select())
            .first(c)
    })?;
    Ok(attempt)
}

/// The attempts of an enrolment at one test, in the order in which they were begun.
pub fn attempts(c: &mut DbConn, enrolment: EnrolmentId, key: &str) -> Result<Vec<Attempt>> {
    Ok(attempts::table
        .filter(attempts::enrolment_id.eq(enrolment).and(attempts::assessment_key.eq(key)))
        .order(attempts::number.asc())
        .select(Attempt::as_select())
        .load(c)?)
}

/// The attempt that is not submitted yet.
pub fn running(c: &mut DbConn, enrolment: EnrolmentId, key: &str) -> Result<Option<Attempt>> {
    Ok(attempts::table
        .filter(attempts::enrolment_id.eq(enrolment).and(attempts::assessment_key.eq(key)))
        .filter(attempts::submitted_at.is_null())
        .select(Attempt::as_select())
        .first(c)
        .optional()?)
}

/// How an enrolment stands with one test of its run.
pub fn standing(c: &mut DbConn, run: &Run, enrolment: EnrolmentId, key: &str) -> Result<Standing> {
    let outline = courses::outline(c, run.version_id)?;
    let assessment = courses::assessment(c, run.version_id, key)?;
    let progress = learning::progress(c, enrolment)?;
    stands(c, &outline, &progress, enrolment, assessment)
}

/// How an enrolment stands with every test of its run, in the order of the course.
pub fn for_run(c: &mut DbConn, enrolment: EnrolmentId) -> Result<Vec<Standing>> {
    let (_, run) = learning::enrolment(c, enrolment)?;
    let outline = courses::outline(c, run.version_id)?;
    let progress = learning::progress(c, enrolment)?;
    outline.assessments.iter().map(|test| stands(c, &outline, &progress, enrolment, test.clone())).collect()
}

fn stands(
    c: &mut DbConn,
    outline: &Outline,
    progress: &Progress,
    enrolment: EnrolmentId,
    assessment: Assessment,
) -> Result<Standing> {
    let lessons_left = match assessment.kind {
        AssessmentKind::Final => progress.required_lessons_left(outline),
        AssessmentKind::Check => Vec::new(),
    };
    Ok(Standing {
        attempts: attempts(c, enrolment, &assessment.id)?,
        is_done: progress.is_done(&assessment.id),
        lessons_left: lessons_left.into_iter().map(|lesson| (lesson.title.clone(), lesson.slug.clone())).collect(),
        assessment,
    })
}

/// What was answered, by position.
pub fn answers(c: &mut DbConn, attempt: AttemptId) -> Result<BTreeMap<i32, (Answer, Kept)>> {
    // For each page of a test: see `both!`.
    let rows: Vec<(i32, String, i64, Moment)> = crate::both!(c, |c| {
        attempt_answers::table
            .filter(attempt_answers::attempt_id.eq(attempt))
            .select((
                attempt_answers::position,
                attempt_answers::answer,
                attempt_answers::sequence,
                attempt_answers::saved_at,
            ))
            .load(c)
    })?;
    rows.into_iter()
        .map(|(position, answer, sequence, saved_at)| {
            Ok((position, (serde_json::from_str(&answer)?, Kept { sequence, saved_at })))
        })
        .collect()
}

/// Attempts whose time is over and which nobody submitted, after the id `after`.
pub fn overdue(c: &mut DbConn, now: Moment, after: AttemptId, limit: i64) -> Result<Vec<AttemptId>> {
    Ok(attempts::table
        .filter(attempts::submitted_at.is_null().and(attempts::deadline_at.le(now)).and(attempts::id.gt(after)))
        .order(attempts::id.asc())
        .limit(limit)
        .select(attempts::id)
        .load(c)?)
}
