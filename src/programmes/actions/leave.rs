//! Leaving: a nomination is withdrawn, or somebody else takes its place. The seat never gets lost and the history stays.

use super::{Step, held, moved_on, needed, nominate, tell, waiting};
use crate::{
    access::{Actor, PersonId},
    learning,
    platform::{
        db::{DbConn, Moment},
        error::{Error, Result},
    },
    programmes::{
        model::{Happened, Nomination, NominationId, NominationState},
        queries,
    },
    targets::{actions::quotas as seats, queries::quotas},
};

/// Withdraws a nomination. Its seat goes to whoever waits first, and its place in the class is given up.
pub fn withdraw(c: &mut DbConn, by: &Actor, now: Moment, id: NominationId, reason: &str) -> Result<()> {
    let reason = needed(reason)?;
    let nomination = held(c, id)?;
    if nomination.state.is_over() {
        return Err(moved_on());
    }
    let round = quotas::round(c, nomination.round_id)?;
    give_up(c, by, now, &nomination, &reason)?;
    Step::new(Happened::Withdrawn, NominationState::Withdrawn).because(&reason).write(c, by, now, &nomination)?;
    if !nomination.state.is_with_unit() {
        tell::person(c, now, &nomination, &round, "notifications-nomination-withdrawn")?;
    }
    if nomination.state == NominationState::Approved {
        waiting::fill_seats(c, now, nomination.quota_id)?;
    }
    Ok(())
}

/// Puts somebody else in the place of a nominee who has a seat: both in one transaction, so that nobody else can come between.
pub fn replace(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    id: NominationId,
    person: PersonId,
    reason: &str,
) -> Result<Nomination> {
    let reason = needed(reason)?;
    let old = held(c, id)?;
    if old.state != NominationState::Approved {
        return Err(moved_on());
    }
    let (round, quota) = (quotas::round(c, old.round_id)?, quotas::quota(c, old.quota_id)?);
    if !round.is_open() {
        return Err(Error::refused("quotas-refused-closed"));
    }
    let nominee = nominate::nominee(c, now, person)?;
    if let Some(against) = queries::against(c, now, &round, &quota, &nominee)?.first() {
        return Err(Error::Refused(against.message()));
    }
    give_up(c, by, now, &old, &reason)?;
    Step::new(Happened::Replaced, NominationState::Replaced).because(&reason).write(c, by, now, &old)?;
    let new = nominate::draft(c, by, now, &quota, person, &nominee, Some(old.id))?;
    waiting::seat(c, by, now, &new, &round, Happened::Approved)?;
    tell::person(c, now, &old, &round, "notifications-nomination-replaced")?;
    queries::nomination(c, new.id)
}

/// Gives the seat and the place in the class back, where there are any. Who has completed the class keeps both.
fn give_up(c: &mut DbConn, by: &Actor, now: Moment, nomination: &Nomination, reason: &str) -> Result<()> {
    if nomination.state != NominationState::Approved {
        return Ok(());
    }
    if let Some(enrolment) = nomination.enrolment_id {
        let (enrolment, _) = learning::queries::enrolment(c, enrolment)?;
        if enrolment.state == learning::model::EnrolmentState::Active {
            learning::actions::withdraw(c, now, by, enrolment.id)?;
        }
    }
    seats::return_seat(c, by, now, nomination.quota_id, nomination.person_id, reason)
}
