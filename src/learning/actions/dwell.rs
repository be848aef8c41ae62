//! Reading time: heartbeats of a page that is being read, and what a browser counted while it had no line.
//!
//! The server counts at most the time that has passed since the last moment it counted for the enrolment, so that tabs side by
//! side never count double and nobody gains time by sending more. The single beats are kept for 30 days, then only the totals
//! of a lesson: when somebody sat at a screen is personal data, and after that time nobody needs it to judge a completion.

use chrono::TimeDelta;
use diesel::{prelude::*, sql_query, sql_types::*};

use super::progress::{hold_enrolment, open_lesson};
use crate::{
    learning::model::{AHEAD, BEATS_KEPT, Beat, Enrolment, EnrolmentId, LONGEST_BEAT, ON_ITS_WAY, SHORTEST_PAUSE},
    platform::{
        db::{
            DbConn, Moment, UtcTs,
            schema::{enrolments, lesson_beats, lesson_progress},
        },
        error::{Error, FieldErrors, Result},
    },
};

/// Counts one heartbeat; for how many seconds. A beat that claims too much or another time than now is refused, one that
/// follows the last too fast too. After the completion nothing is counted any more, since nothing needs it.
pub fn count_beat(c: &mut DbConn, now: Moment, enrolment: EnrolmentId, key: &str, beat: Beat) -> Result<i64> {
    let is_now = beat.at <= now + AHEAD && beat.at >= now - ON_ITS_WAY;
    if !is_now || !(1..=LONGEST_BEAT).contains(&beat.seconds) {
        return Err(FieldErrors::one("", "learning-beat-unfit"));
    }
    let (enrolment, _) = hold_enrolment(c, enrolment)?;
    if enrolment.completed_at.is_some() {
        return Ok(0);
    }
    let (from, counted_to) = uncounted_from(c, now, &enrolment, key)?;
    if counted_to.is_some_and(|last| now - last < SHORTEST_PAUSE) {
        let retry_after = SHORTEST_PAUSE.to_std().unwrap_or_default();
        return Err(Error::TooMany { retry_after });
    }
    let seconds = beat.seconds.min((now - from).num_seconds());
    keep(c, enrolment.id, key, seconds, now)?;
    Ok(seconds)
}

/// Counts reading time that no heartbeat could bring while there was no line. The browser's word is believed for at most the
/// minutes of the lesson, and for no longer than has passed since the last moment that was counted.
pub(super) fn count_offline(
    c: &mut DbConn,
    now: Moment,
    enrolment: &Enrolment,
    key: &str,
    minutes: i32,
    seconds: i64,
) -> Result<()> {
    if seconds < 1 {
        return Err(FieldErrors::one("", "learning-beat-unfit"));
    }
    let (from, _) = uncounted_from(c, now, enrolment, key)?;
    let seconds = seconds.min((now - from).num_seconds()).min(i64::from(minutes) * 60);
    if seconds < 1 || enrolment.completed_at.is_some() {
        return Ok(());
    }
    keep(c, enrolment.id, key, seconds, from + TimeDelta::seconds(seconds))
}

/// From when on time may still be counted for a lesson, and until when it was counted for the enrolment.
fn uncounted_from(c: &mut DbConn, now: Moment, enrolment: &Enrolment, key: &str) -> Result<(Moment, Option<Moment>)> {
    open_lesson(c, now, enrolment.id, key)?;
    let opened_at: Moment =
        lesson_progress::table.find((enrolment.id, key)).select(lesson_progress::opened_at).first(c)?;
    let counted_to: Option<Moment> = enrolments::table.find(enrolment.id).select(enrolments::counted_to).first(c)?;
    Ok((counted_to.map_or(opened_at, |counted| counted.max(opened_at)), counted_to))
}

fn keep(c: &mut DbConn, enrolment: EnrolmentId, key: &str, seconds: i64, to: Moment) -> Result<()> {
    diesel::update(enrolments::table.find(enrolment)).set(enrolments::counted_to.eq(to)).execute(c)?;
    diesel::update(lesson_progress::table.find((enrolment, key)))
        .set((
            lesson_progress::dwell_seconds.eq(lesson_progress::dwell_seconds + seconds),
            lesson_progress::beats.eq(lesson_progress::beats + 1),
        ))
        .execute(c)?;
    diesel::insert_into(lesson_beats::table)
        .values((
            lesson_beats::enrolment_id.eq(enrolment),
            lesson_beats::beaten_at.eq(to),
            lesson_beats::lesson_key.eq(key),
            lesson_beats::seconds.eq(seconds),
        ))
        .execute(c)?;
    Ok(())
}

/// Forgets beats and receipts that are older than they are kept, so many of each at a time; how many it forgot.
pub fn forget_old(c: &mut DbConn, now: Moment, limit: i64) -> Result<usize> {
    let beats = "DELETE FROM lesson_beats WHERE (enrolment_id, beaten_at) IN \
                 (SELECT enrolment_id, beaten_at FROM lesson_beats WHERE beaten_at < $1 ORDER BY beaten_at LIMIT $2)";
    // A day longer than what browsers may still send, so that nothing is applied twice.
    let receipts = "DELETE FROM progress_receipts WHERE (enrolment_id, client_id) IN \
                    (SELECT enrolment_id, client_id FROM progress_receipts WHERE received_at < $1 ORDER BY received_at LIMIT $2)";
    let mut forget = |statement: &str, before: Moment| {
        sql_query(statement).bind::<UtcTs, _>(before).bind::<BigInt, _>(limit).execute(c)
    };
    Ok(forget(beats, now - BEATS_KEPT)? + forget(receipts, now - BEATS_KEPT - TimeDelta::days(1))?)
}
