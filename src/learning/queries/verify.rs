//! Whether what is derived agrees with what it is derived from.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};

use crate::{
    learning::model::{EnrolmentId, EnrolmentState, RunId},
    platform::{
        db::{
            DbConn, Moment,
            schema::{class_runs, completion_events, enrolments},
        },
        error::Result,
    },
};

/// Recomputes the seats taken, the moments of completion and the facts of every completion; one line for each difference.
pub fn verify(c: &mut DbConn) -> Result<Vec<String>> {
    let mut differences = seats(c)?;
    differences.extend(completed(c)?);
    differences.extend(facts(c)?);
    differences.extend(dwell(c)?);
    Ok(differences)
}

fn seats(c: &mut DbConn) -> Result<Vec<String>> {
    let kept: Vec<(RunId, String, i64)> = class_runs::table
        .order(class_runs::id.asc())
        .select((class_runs::id, class_runs::code, class_runs::taken))
        .load(c)?;
    let counted: std::collections::HashMap<RunId, i64> = enrolments::table
        .filter(enrolments::state.eq(EnrolmentState::Active))
        .group_by(enrolments::run_id)
        .select((enrolments::run_id, diesel::dsl::count_star()))
        .load::<(RunId, i64)>(c)?
        .into_iter()
        .collect();
    let wrong = kept.into_iter().filter_map(|(id, code, taken)| {
        let active = counted.get(&id).copied().unwrap_or(0);
        (active != taken)
            .then(|| format!("class run {code}: {taken} seats are marked as taken, {active} people are enrolled"))
    });
    Ok(wrong.collect())
}

fn completed(c: &mut DbConn) -> Result<Vec<String>> {
    let event =
        completion_events::enrolment_id.eq(enrolments::id.nullable()).and(completion_events::kind.eq("completed"));
    let rows: Vec<(EnrolmentId, Option<Moment>, Option<Moment>)> = enrolments::table
        .left_join(completion_events::table.on(event))
        .filter(enrolments::completed_at.is_not_null().or(completion_events::id.nullable().is_not_null()))
        .order(enrolments::id.asc())
        .select((enrolments::id, enrolments::completed_at, completion_events::occurred_at.nullable()))
        .load(c)?;
    let wrong = rows.into_iter().filter(|(_, kept, event)| kept != event).map(|(id, kept, event)| {
        let shown = |at: Option<Moment>| at.map_or_else(|| "none".to_owned(), |at| at.to_rfc3339());
        format!("enrolment {id}: completed at {}, its completion event says {}", shown(kept), shown(event))
    });
    Ok(wrong.collect())
}

/// The beats that are still kept never make more than the total of their lesson.
fn dwell(c: &mut DbConn) -> Result<Vec<String>> {
    let rows: Vec<Dwell> = sql_query(
        "SELECT p.enrolment_id, p.lesson_key, p.dwell_seconds, CAST(SUM(b.seconds) AS BIGINT) AS beaten \
         FROM lesson_progress p JOIN lesson_beats b ON b.enrolment_id = p.enrolment_id AND b.lesson_key = p.lesson_key \
         GROUP BY p.enrolment_id, p.lesson_key, p.dwell_seconds HAVING SUM(b.seconds) > p.dwell_seconds \
         ORDER BY p.enrolment_id, p.lesson_key",
    )
    .load(c)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let Dwell { enrolment_id, lesson_key, dwell_seconds, beaten } = row;
            format!("enrolment {enrolment_id}: {dwell_seconds} seconds of {lesson_key}, its heartbeats make {beaten}")
        })
        .collect())
}

#[derive(QueryableByName)]
struct Dwell {
    #[diesel(sql_type = BigInt)]
    enrolment_id: EnrolmentId,
    #[diesel(sql_type = Text)]
    lesson_key: String,
    #[diesel(sql_type = BigInt)]
    dwell_seconds: i64,
    #[diesel(sql_type = BigInt)]
    beaten: i64,
}

/// A completion, and what was decided about it, carries the facts of the enrolment and the run.
fn facts(c: &mut DbConn) -> Result<Vec<String>> {
    let differs = completion_events::unit_id
        .ne(enrolments::unit_id)
        .or(completion_events::position.ne(enrolments::position))
        .or(completion_events::category.ne(enrolments::category))
        .or(completion_events::person_id.ne(enrolments::person_id))
        .or(enrolments::frozen_at.is_null());
    let misplaced = completion_events::run_id
        .is_null()
        .or(completion_events::run_id.ne(enrolments::run_id.nullable()))
        .or(completion_events::version_id.is_null())
        .or(completion_events::version_id.ne(class_runs::version_id.nullable()))
        .or(completion_events::course_id.ne(class_runs::course_id))
        .or(completion_events::organiser_id.ne(class_runs::unit_id));
    let rows: Vec<(i64, EnrolmentId)> = completion_events::table
        .inner_join(enrolments::table.on(completion_events::enrolment_id.eq(enrolments::id.nullable())))
        .inner_join(class_runs::table.on(class_runs::id.eq(enrolments::run_id)))
        .filter(differs.or(misplaced))
        .order(completion_events::id.asc())
        .select((completion_events::id, enrolments::id))
        .load(c)?;
    Ok(rows
        .into_iter()
        .map(|(event, enrolment)| {
            format!("completion event {event}: its facts are not those of enrolment {enrolment} and its run")
        })
        .collect())
}
