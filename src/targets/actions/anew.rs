//! Counting a target anew: when it is created or put in force, and when what counts for it changes. Every completion that it lists
//! or counted is settled once more, by the definition as it stands then.
//!
//! What is little is done in the transaction of the change. Of a nation's completions a job does the rest, some at a time, since
//! nobody who writes may wait for all of them; how far it is stands in the target, and is shown beside its figures. What
//! is completed meanwhile is counted by the new definition at once.

use diesel::{dsl::max, prelude::*};

use super::counting::{close_definitions, settle_in, share_definitions};
use crate::{
    platform::{
        db::{
            DbConn, Moment,
            schema::{completion_events, counted_turns, targets},
        },
        error::Result,
        jobs,
    },
    targets::{jobs::CountAnew, model::TargetId, queries},
};

/// How many completions one step settles.
pub const STEP: i64 = 50;

/// How many steps are taken in the transaction of the change itself.
const AT_ONCE: usize = 10;

/// Begins to count a target anew, and ends what an earlier change had begun.
pub(super) fn begin(c: &mut DbConn, now: Moment, id: TargetId) -> Result<()> {
    // Nothing is counted meanwhile, so what comes after the last event there is now knows the new definition.
    close_definitions(c)?;
    let row = targets::table.find(id.0);
    let last = completion_events::table.select(max(completion_events::id)).first::<Option<i64>>(c)?;
    let round = row.select(targets::counting_round).first::<i64>(c)? + 1;
    diesel::update(row)
        .set((
            targets::counting_round.eq(round),
            targets::counted_to.eq(0),
            targets::counting_until.eq(last.unwrap_or(0)),
        ))
        .execute(c)?;
    for _ in 0..AT_ONCE {
        if !count_anew(c, id, round)? {
            return Ok(());
        }
    }
    jobs::enqueue_ahead(c, now, &CountAnew { target: id, round })
}

/// Queues the work for every target whose figures are on their way, unless it is queued: a job that was given up or discarded would leave
/// them so for ever.
pub fn go_on(c: &mut DbConn, now: Moment) -> Result<()> {
    let open: Vec<(TargetId, i64)> = targets::table
        .filter(targets::counted_to.lt(targets::counting_until))
        .select((targets::id, targets::counting_round))
        .load(c)?;
    for (target, round) in open {
        jobs::enqueue_once(c, now, &format!("targets.count-anew.{target}.{round}"), &CountAnew { target, round })?;
    }
    Ok(())
}

/// Takes the next step of a round; `false` when there is nothing left of it, or a later one has begun.
pub fn count_anew(c: &mut DbConn, id: TargetId, round: i64) -> Result<bool> {
    // Before the definition is read: it must not change under the step.
    share_definitions(c)?;
    let target = queries::by_id(c, id)?;
    let current: i64 = targets::table.find(id.0).select(targets::counting_round).first(c)?;
    if current != round || !target.is_being_counted() {
        return Ok(false);
    }
    let courses = if target.state.is_counted() { queries::course_ids(c, id)? } else { Vec::new() };
    let (after, until) = (target.counted_to, target.counting_until);
    let listed = completion_events::table
        .filter(completion_events::kind.eq("completed").and(completion_events::course_id.eq_any(courses.clone())))
        .filter(completion_events::id.gt(after).and(completion_events::id.le(until)))
        .order(completion_events::id.asc())
        .limit(STEP)
        .select(completion_events::id)
        .load::<i64>(c)?;
    let counted = counted_turns::table
        .filter(counted_turns::target_id.eq(id.0))
        .filter(counted_turns::completion_id.gt(after).and(counted_turns::completion_id.le(until)))
        .order(counted_turns::completion_id.asc())
        .limit(STEP)
        .select(counted_turns::completion_id)
        .load::<i64>(c)?;
    let mut next = [listed, counted].concat();
    next.sort_unstable();
    next.dedup();
    let is_last = next.len() < STEP as usize;
    next.truncate(STEP as usize);
    settle_in(c, &next, &target, &courses)?;
    let counted_to = next.last().copied().filter(|_| !is_last).unwrap_or(until);
    // Of two workers that take the same step, the slower one must not set it back.
    let stood = targets::table.filter(targets::id.eq(id.0).and(targets::counted_to.eq(after)));
    let moved = diesel::update(stood).set(targets::counted_to.eq(counted_to)).execute(c)?;
    Ok(moved == 0 || counted_to < until)
}
