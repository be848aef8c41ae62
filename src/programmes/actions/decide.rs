//! What is decided about a nomination that was sent up.

use diesel::prelude::*;
use serde_json::json;

use super::{Step, held, moved_on, needed, tell, waiting};
use crate::{
    access::Actor,
    audit::{self, Entry},
    platform::{
        db::{DbConn, Moment, schema::nomination_rounds},
        error::{Error, Result},
    },
    programmes::{
        model::{Happened, Nomination, NominationId, NominationState, Rules},
        queries,
    },
    targets::{model::quota::RoundId, queries::quotas},
};

/// What an approval led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approved {
    Seated,
    /// No seat is left: the person waits for one.
    Waiting,
}

/// Approves a nomination: it takes a seat and leads into the class of the round, or waits where no seat is left. Whoever calls it has
/// proved the right. A class that cannot take the person refuses the approval, and says why.
pub fn approve(c: &mut DbConn, by: &Actor, now: Moment, id: NominationId) -> Result<Approved> {
    let nomination = held(c, id)?;
    if nomination.state != queries::rules(c, nomination.round_id)?.decided_from() {
        return Err(moved_on());
    }
    let round = quotas::round(c, nomination.round_id)?;
    if !round.is_open() {
        return Err(Error::refused("quotas-refused-closed"));
    }
    if quotas::seats_left(c, nomination.quota_id)? < 1 {
        Step::new(Happened::Waiting, NominationState::Waiting).write(c, by, now, &nomination)?;
        tell::person(c, now, &nomination, &round, "notifications-nomination-waiting")?;
        return Ok(Approved::Waiting);
    }
    waiting::seat(c, by, now, &nomination, &round, Happened::Approved)?;
    Ok(Approved::Seated)
}

/// A second person of the unit says yes, where a round asks for two; not the one who sent it up.
pub fn endorse(c: &mut DbConn, by: &Actor, now: Moment, id: NominationId) -> Result<()> {
    let nomination = held(c, id)?;
    let rules = queries::rules(c, nomination.round_id)?;
    if nomination.state != NominationState::Submitted || rules.steps < 2 {
        return Err(moved_on());
    }
    if by.person.is_none() || by.person == nomination.submitted_by {
        return Err(Error::refused("programmes-refused-self"));
    }
    Step::new(Happened::Endorsed, NominationState::Endorsed).write(c, by, now, &nomination)
}

/// Gives a nomination back to its unit, to be put right.
pub fn give_back(c: &mut DbConn, by: &Actor, now: Moment, id: NominationId, reason: &str) -> Result<Nomination> {
    end_with(c, by, now, id, reason, Step::new(Happened::Returned, NominationState::Returned))
}

/// Rejects a nomination for good; the person may be nominated anew.
pub fn reject(c: &mut DbConn, by: &Actor, now: Moment, id: NominationId, reason: &str) -> Result<Nomination> {
    end_with(c, by, now, id, reason, Step::new(Happened::Rejected, NominationState::Rejected))
}

fn end_with(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    id: NominationId,
    reason: &str,
    step: Step<'_>,
) -> Result<Nomination> {
    let reason = needed(reason)?;
    let nomination = held(c, id)?;
    if !nomination.state.is_to_decide() {
        return Err(moved_on());
    }
    step.because(&reason).write(c, by, now, &nomination)?;
    Ok(nomination)
}

/// Says whom a round is for. What was nominated before stays.
pub fn set_rules(c: &mut DbConn, by: &Actor, now: Moment, round: RoundId, rules: &Rules) -> Result<()> {
    let before = queries::rules(c, round)?;
    let values = (
        nomination_rounds::approval_steps.eq(rules.steps),
        nomination_rounds::categories.eq(serde_json::to_string(&rules.categories)?),
        nomination_rounds::positions.eq(serde_json::to_string(&rules.positions)?),
        nomination_rounds::set_at.eq(now),
        nomination_rounds::set_by.eq(by.person),
    );
    // An upsert is not part of diesel's common backend.
    crate::both!(c, |c| diesel::insert_into(nomination_rounds::table)
        .values((nomination_rounds::round_id.eq(round), values.clone()))
        .on_conflict(nomination_rounds::round_id)
        .do_update()
        .set(values)
        .execute(c))?;
    let entry = Entry::new("nomination.rules", "quota_rounds", round).before(json!(before)).after(json!(rules));
    audit::record(c, by, now, entry)
}
