//! The table of jobs.

use chrono::TimeDelta;
use diesel::{prelude::*, sql_types};
use serde::Serialize;

use super::Job;
use crate::platform::{
    db::{DbConn, Moment, UtcTs, breaks_unique, schema::jobs},
    error::{Error, Result},
};

/// A job is given up after this many attempts.
pub const MAX_ATTEMPTS: i32 = 10;
/// A worker that does not report back in this time is taken for dead, and its job is run again.
const LEASE: TimeDelta = TimeDelta::minutes(5);

/// Queues a job to run as soon as the transaction is done.
pub fn enqueue<J: Job>(c: &mut DbConn, now: Moment, job: &J) -> Result<()> {
    enqueue_at(c, now, now, job)
}

/// Queues a job for later.
pub fn enqueue_at<J: Job>(c: &mut DbConn, now: Moment, run_at: Moment, job: &J) -> Result<()> {
    diesel::insert_into(jobs::table)
        .values((
            jobs::kind.eq(J::KIND),
            jobs::payload.eq(serde_json::to_string(job)?),
            jobs::run_at.eq(run_at),
            jobs::created_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// How far ahead of the others somebody's job is put.
const AHEAD: TimeDelta = TimeDelta::days(1);

/// Queues a job before all that became due since yesterday: somebody looks at a page and waits for what it makes, while hundreds of
/// papers that are drawn may wait for each other.
pub fn enqueue_ahead<J: Job>(c: &mut DbConn, now: Moment, job: &J) -> Result<()> {
    enqueue_at(c, now, now - AHEAD, job)
}

/// Queues a job unless one of the same unique key is waiting or running.
pub fn enqueue_once<J: Job>(c: &mut DbConn, now: Moment, key: &str, job: &J) -> Result<()> {
    let values = (
        jobs::kind.eq(J::KIND),
        jobs::payload.eq(serde_json::to_string(job)?),
        jobs::run_at.eq(now),
        jobs::created_at.eq(now),
        jobs::unique_key.eq(key),
    );
    // on_conflict is not part of diesel's common backend.
    crate::both!(c, |c| diesel::insert_into(jobs::table).values(values).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// A job that this worker holds.
#[derive(Debug, QueryableByName)]
pub struct Claimed {
    #[diesel(sql_type = sql_types::BigInt)]
    pub id: i64,
    #[diesel(sql_type = sql_types::Text)]
    pub kind: String,
    #[diesel(sql_type = sql_types::Text)]
    pub payload: String,
    #[diesel(sql_type = sql_types::Integer)]
    pub attempts: i32,
}

/// Whether anything is due; a read, so that an idle worker writes nothing.
pub fn any_due(c: &mut DbConn, now: Moment) -> Result<bool> {
    let due = jobs::state.eq("ready").and(jobs::run_at.le(now));
    let lost = jobs::state.eq("running").and(jobs::locked_until.lt(now));
    Ok(diesel::select(diesel::dsl::exists(jobs::table.filter(due))).get_result::<bool>(c)?
        || diesel::select(diesel::dsl::exists(jobs::table.filter(lost))).get_result::<bool>(c)?)
}

/// How many jobs are due and not yet begun.
pub fn count_due(c: &mut DbConn, now: Moment) -> Result<i64> {
    Ok(jobs::table.filter(jobs::state.eq("ready").and(jobs::run_at.le(now))).count().get_result(c)?)
}

/// Takes the next due job, or one whose worker died. The state stands in the outer WHERE too: without it PostgreSQL hands the
/// same job to several workers that waited for each other's lock.
pub fn claim(c: &mut DbConn, now: Moment) -> Result<Option<Claimed>> {
    let claimed = diesel::sql_query(
        "UPDATE jobs SET state = 'running', locked_until = $1, attempts = attempts + 1 WHERE id = (SELECT id FROM jobs WHERE \
         (state = 'ready' AND run_at <= $2) OR (state = 'running' AND locked_until < $2) ORDER BY run_at, id LIMIT 1) AND \
         ((state = 'ready' AND run_at <= $2) OR (state = 'running' AND locked_until < $2)) RETURNING id, kind, payload, attempts",
    )
    .bind::<UtcTs, _>(now + LEASE)
    .bind::<UtcTs, _>(now)
    .load::<Claimed>(c)?;
    Ok(claimed.into_iter().next())
}

pub fn finish(c: &mut DbConn, now: Moment, id: i64) -> Result<()> {
    diesel::update(jobs::table.find(id))
        .set((jobs::state.eq("done"), jobs::finished_at.eq(now), jobs::locked_until.eq(None::<Moment>)))
        .execute(c)?;
    Ok(())
}

/// Puts a job back with a pause that grows, or gives it up.
pub fn fail(c: &mut DbConn, now: Moment, id: i64, attempts: i32, permanent: bool, error: &str) -> Result<()> {
    let error: String = error.chars().take(500).collect();
    let given_up = permanent || attempts >= MAX_ATTEMPTS;
    let pause = TimeDelta::seconds(2_i64.saturating_pow(u32::try_from(attempts).unwrap_or(1).min(12)));
    diesel::update(jobs::table.find(id))
        .set((
            jobs::state.eq(if given_up { "failed" } else { "ready" }),
            jobs::run_at.eq(now + pause),
            jobs::locked_until.eq(None::<Moment>),
            jobs::last_error.eq(error),
        ))
        .execute(c)?;
    Ok(())
}

/// A job as the administrator sees it.
#[derive(Debug, Queryable, Selectable, Serialize)]
#[diesel(table_name = jobs)]
pub struct JobRow {
    pub id: i64,
    pub kind: String,
    pub state: String,
    pub attempts: i32,
    pub run_at: Moment,
    pub created_at: Moment,
    pub finished_at: Option<Moment>,
    pub last_error: Option<String>,
}

/// Jobs of a state, newest first.
pub fn list(c: &mut DbConn, state: &str, before: Option<i64>, limit: i64) -> Result<Vec<JobRow>> {
    let mut query = jobs::table.filter(jobs::state.eq(state.to_owned())).select(JobRow::as_select()).into_boxed();
    if let Some(before) = before {
        query = query.filter(jobs::id.lt(before));
    }
    Ok(query.order(jobs::id.desc()).limit(limit).load(c)?)
}

/// How many jobs are in each state.
#[derive(Debug, Default, Serialize)]
pub struct Stuck {
    pub ready: i64,
    pub running: i64,
    pub failed: i64,
}

pub fn counts(c: &mut DbConn) -> Result<Stuck> {
    let rows: Vec<(String, i64)> = jobs::table
        .filter(jobs::state.ne("done"))
        .group_by(jobs::state)
        .select((jobs::state, diesel::dsl::count_star()))
        .load(c)?;
    let of = |state: &str| rows.iter().find(|(s, _)| s == state).map_or(0, |(_, n)| *n);
    Ok(Stuck { ready: of("ready"), running: of("running"), failed: of("failed") })
}

/// The kind of a failed job, if it is one.
pub fn failed_kind(c: &mut DbConn, id: i64) -> Result<Option<String>> {
    let failed = jobs::table.filter(jobs::id.eq(id).and(jobs::state.eq("failed")));
    Ok(failed.select(jobs::kind).first(c).optional()?)
}

/// Runs a failed job again; `false` when it is not (or no longer) a failed one.
pub fn retry(c: &mut DbConn, now: Moment, id: i64) -> Result<bool> {
    let changed = diesel::update(jobs::table.filter(jobs::id.eq(id).and(jobs::state.eq("failed"))))
        .set((jobs::state.eq("ready"), jobs::run_at.eq(now), jobs::attempts.eq(0)))
        .execute(c)
        .map_err(|e| {
            // Another one of the same unique key waits or runs already.
            if breaks_unique(&e, "jobs", "unique_key") { Error::refused("system-job-waiting") } else { e.into() }
        })?;
    Ok(changed == 1)
}

/// Gives a failed job up for good; `false` when it is not (or no longer) a failed one.
pub fn cancel_failed(c: &mut DbConn, id: i64) -> Result<bool> {
    let removed = diesel::delete(jobs::table.filter(jobs::id.eq(id).and(jobs::state.eq("failed")))).execute(c)?;
    Ok(removed == 1)
}

/// Forgets finished jobs older than a moment; failed ones stay until somebody decides.
pub fn forget_done(c: &mut DbConn, before: Moment) -> Result<usize> {
    Ok(diesel::delete(jobs::table.filter(jobs::state.eq("done").and(jobs::finished_at.lt(before)))).execute(c)?)
}
