//! Answers to the check questions of lessons, and how quickly they came.

use diesel::prelude::*;

use super::progress::{hold_enrolment, open_lesson};
use crate::{
    courses::{
        model::{LessonOutline, VersionId, pieces},
        queries as courses,
    },
    learning::model::{EnrolmentId, FIELD, HASTY},
    platform::{
        db::{
            DbConn, Moment,
            schema::{check_answers, lesson_progress},
        },
        error::{Error, Result},
    },
    questions::model::{Answer, grade},
};

/// Takes the answer of a form to a question that stands in this lesson; whether there was one. `given` is when it was given,
/// which a browser without a line may tell later. `all` reads a field of the form.
#[expect(clippy::too_many_arguments, reason = "one answer: when, whose, to what; each from another place")]
pub fn give_answer(
    c: &mut DbConn,
    now: Moment,
    given: Moment,
    enrolment: EnrolmentId,
    version: VersionId,
    lesson: &LessonOutline,
    item: &str,
    all: impl Fn(&str) -> Vec<String>,
) -> Result<bool> {
    // Only a question that stands in this lesson: the bank of the final test is not asked here.
    let html = courses::lesson_html(c, version, &lesson.slug)?;
    if !pieces(&html).iter().any(|piece| piece.check == Some(item)) {
        return Err(Error::NotFound);
    }
    let found = courses::questions(c, version, &[item.to_owned()])?.remove(item).ok_or(Error::NotFound)?;
    let answer = Answer::from_form(&found.public_view(), FIELD, all);
    if answer.is_given() {
        hold_enrolment(c, enrolment)?;
        let is_right = grade(&found, &answer) >= 1.0;
        if keep(c, given, enrolment, item, &answer, is_right)? {
            note_pace(c, now, given, enrolment, &lesson.key)?;
        }
    }
    Ok(answer.is_given())
}

/// Keeps the latest answer to a check question, and the first one beside it; whether it was the first.
fn keep(
    c: &mut DbConn,
    given: Moment,
    enrolment: EnrolmentId,
    item: &str,
    answer: &Answer,
    is_correct: bool,
) -> Result<bool> {
    let before = check_answers::table.find((enrolment, item)).count().get_result::<i64>(c)?;
    let answer = serde_json::to_string(answer)?;
    let first = (
        check_answers::enrolment_id.eq(enrolment),
        check_answers::item_key.eq(item),
        check_answers::first_answer.eq(&answer),
    );
    let values = (
        check_answers::answer.eq(&answer),
        check_answers::is_correct.eq(is_correct),
        check_answers::answered_at.eq(given),
    );
    // An upsert is not part of diesel's common backend.
    crate::both!(c, |c| diesel::insert_into(check_answers::table)
        .values((first, values))
        .on_conflict((check_answers::enrolment_id, check_answers::item_key))
        .do_update()
        .set(values)
        .execute(c))?;
    Ok(before == 0)
}

/// Counts a first answer, and whether it came within two seconds of the opening of its lesson or of the answer before it. Only
/// first answers: to answer once more after reading what is right takes a moment.
fn note_pace(c: &mut DbConn, now: Moment, given: Moment, enrolment: EnrolmentId, key: &str) -> Result<()> {
    let row = lesson_progress::table.find((enrolment, key));
    let known: Option<(Moment, Option<Moment>)> =
        row.select((lesson_progress::opened_at, lesson_progress::answered_at)).first(c).optional()?;
    // Where the opening was not noted, nothing is known about the pace.
    let since = known.map(|(opened_at, answered_at)| answered_at.map_or(opened_at, |before| before.max(opened_at)));
    if known.is_none() {
        open_lesson(c, now, enrolment, key)?;
    }
    let is_fast = since.is_some_and(|since| given - since < HASTY);
    diesel::update(row)
        .set((
            lesson_progress::answers.eq(lesson_progress::answers + 1),
            lesson_progress::fast_answers.eq(lesson_progress::fast_answers + i64::from(is_fast)),
            lesson_progress::answered_at.eq(since.map_or(given, |since| given.max(since))),
        ))
        .execute(c)?;
    Ok(())
}

/// Notes how a test was answered that counts as done from this transaction on.
pub fn note_test(
    c: &mut DbConn,
    enrolment: EnrolmentId,
    key: &str,
    started_at: Moment,
    answers: i64,
    fast: i64,
) -> Result<()> {
    open_lesson(c, started_at, enrolment, key)?;
    diesel::update(lesson_progress::table.find((enrolment, key)))
        .set((lesson_progress::answers.eq(answers), lesson_progress::fast_answers.eq(fast)))
        .execute(c)?;
    Ok(())
}
