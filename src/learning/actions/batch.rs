//! What a browser did while it had no line, applied once and in order.

use diesel::{Connection, prelude::*};

use super::{
    check::give_answer,
    dwell::count_offline,
    progress::{finish_lesson, hold_enrolment, must_be_running},
};
use crate::{
    access::Actor,
    courses::queries as courses,
    learning::model::{Applied, BEATS_KEPT, BatchItem, Enrolment, EnrolmentId, Observers, Outcome, Run, What},
    platform::{
        db::{DbConn, Moment, schema::progress_receipts},
        error::{Error, FieldErrors, Result},
    },
};

/// A browser sends what waits in parts of at most so many.
const LONGEST_BATCH: usize = 50;

/// Applies each item once, in the order given, and says of each what came of it. What is refused, or fails by a fault of ours, leaves
/// no trace and does not keep the others from being applied; when the database does not answer, the whole batch fails and nothing of
/// it was done.
pub fn apply_batch(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    enrolment: EnrolmentId,
    items: &[BatchItem],
    observers: &Observers,
) -> Result<Vec<Applied>> {
    let named = |id: &str| (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if items.len() > LONGEST_BATCH || !items.iter().all(|item| named(&item.id)) {
        return Err(FieldErrors::one("", "learning-batch-unfit"));
    }
    let (enrolment, run) = hold_enrolment(c, enrolment)?;
    let mut all = Vec::with_capacity(items.len());
    for item in items {
        // A savepoint: a refusal takes its receipt with it, so that the item may be sent again when the rule has changed.
        let tried = c.transaction(|c| apply(c, now, by, &enrolment, &run, item, observers));
        all.push(match tried {
            Ok(applied) => applied,
            Err(error) => Applied { outcome: told(error)?, completion: None },
        });
    }
    Ok(all)
}

fn apply(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    enrolment: &Enrolment,
    run: &Run,
    item: &BatchItem,
    observers: &Observers,
) -> Result<Applied> {
    // on_conflict is not part of diesel's common backend.
    let first = crate::both!(c, |c| diesel::insert_into(progress_receipts::table)
        .values((
            progress_receipts::enrolment_id.eq(enrolment.id),
            progress_receipts::client_id.eq(&item.id),
            progress_receipts::received_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    if first == 0 {
        return Ok(Applied { outcome: Outcome::Repeated, completion: None });
    }
    // Its receipt may be forgotten by now.
    if item.given < now - BEATS_KEPT {
        return Err(Error::refused("learning-batch-old"));
    }
    must_be_running(run, now)?;
    let given = item.given.min(now);
    let outline = courses::outline(c, run.version_id)?;
    let lesson = outline.place(item.what.lesson()).ok_or(Error::NotFound)?.lesson;
    let completion = match &item.what {
        What::Done { .. } => finish_lesson(c, now, by, enrolment.id, &lesson.key, observers)?,
        What::Time { seconds, .. } => {
            count_offline(c, now, enrolment, &lesson.key, lesson.minutes, *seconds)?;
            None
        }
        What::Answer { item, fields, .. } => {
            let all = |name: &str| fields.iter().filter(|(n, _)| n == name).map(|(_, value)| value.clone()).collect();
            if !give_answer(c, now, given, enrolment.id, run.version_id, lesson, item, all)? {
                return Err(FieldErrors::one("", "questions-answer-empty"));
            }
            None
        }
    };
    Ok(Applied { outcome: Outcome::Applied, completion })
}

/// What is said of an item that was not applied. Errors that concern the whole batch stay errors.
fn told(error: Error) -> Result<Outcome> {
    match error {
        Error::Refused(message) => Ok(Outcome::Refused(message)),
        Error::Invalid(errors) => Ok(Outcome::Refused(
            errors.0.into_iter().next().map_or_else(|| "learning-batch-unfit".into(), |(_, message)| message),
        )),
        Error::NotFound => Ok(Outcome::Refused("learning-batch-gone".into())),
        Error::Internal(reason) => Ok(Outcome::Failed(reason)),
        other => Err(other),
    }
}
