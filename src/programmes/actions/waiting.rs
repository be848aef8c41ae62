//! Seats: taking one with the place in the class, and giving those that come free to who waits.

use diesel::prelude::*;

use super::{Step, hold, tell};
use crate::{
    access::Actor,
    learning::{self, model::Entry},
    platform::{
        db::{DbConn, Moment, schema::nominations},
        error::{Error, Result},
    },
    programmes::{
        model::{Happened, Nomination, NominationState},
        queries,
    },
    targets::{
        actions::quotas as seats,
        model::quota::{QuotaId, QuotaRound},
        queries::quotas,
    },
};

/// How many who wait are looked at for the seats that are free: those before whom nobody could be let in.
const LOOKED_AT: i64 = 100;

/// Gives a nomination a seat of its quota, which is held and has one left, and the place in the class of the round. The class is asked
/// first: what it refuses, it refuses before anything is written.
pub(super) fn seat(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    nomination: &Nomination,
    round: &QuotaRound,
    how: Happened,
) -> Result<()> {
    if let Some(run) = round.run_id {
        let enrolled = learning::actions::enrol(c, now, by, run, nomination.person_id, &Entry::Listed)?;
        diesel::update(nominations::table.find(nomination.id))
            .set(nominations::enrolment_id.eq(enrolled.id()))
            .execute(c)?;
    }
    if !seats::take_seat(c, by, now, nomination.quota_id, nomination.person_id)? {
        return Err(Error::internal("a seat that was free while the quota was held is gone"));
    }
    Step::new(how, NominationState::Approved).write(c, by, now, nomination)?;
    let key = match (how, round.run_id) {
        (Happened::Seated, _) => "notifications-nomination-seated",
        (_, Some(_)) => "notifications-nomination-enrolled",
        (_, None) => "notifications-nomination-approved",
    };
    tell::person(c, now, nomination, round, key)
}

/// Gives the seats of a quota that are free to who waits, in their order, and tells each. Whom the class cannot take just now keeps
/// the place, and the seat goes to the next. How many were seated.
pub fn fill_seats(c: &mut DbConn, now: Moment, quota: QuotaId) -> Result<usize> {
    hold(c, quota)?;
    let mut free = quotas::seats_left(c, quota)?;
    let waiting = if free > 0 { queries::waiting(c, quota, LOOKED_AT)? } else { Vec::new() };
    let mut seated = 0;
    for nomination in &waiting {
        if free == 0 {
            break;
        }
        let round = quotas::round(c, nomination.round_id)?;
        if !round.is_open() {
            break;
        }
        // The class, or the programme the round belongs to, may refuse: then nothing of it was written.
        let seated_now = c.transaction(|c| seat(c, &Actor::system(), now, nomination, &round, Happened::Seated));
        match seated_now {
            Ok(()) => {
                free -= 1;
                seated += 1;
                tell::unit_of(c, now, nomination, &round, "notifications-nominee-seated")?;
            }
            Err(Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(seated)
}
