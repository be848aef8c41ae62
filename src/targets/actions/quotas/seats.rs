//! The seats of one quota: one for each nominee.

use diesel::prelude::*;

use super::Step;
use crate::{
    access::{Actor, PersonId},
    platform::{
        db::{
            DbConn, Moment,
            schema::{quota_events, quotas},
        },
        error::{Error, Result},
    },
    targets::{
        model::quota::{EventKind, Quota, QuotaId},
        queries,
    },
};

/// Takes a seat for a person; `false` where none is left. A person has one seat in a quota, and a closed round gives none:
/// both are refused, before anything is written.
pub fn take_seat(c: &mut DbConn, by: &Actor, now: Moment, id: QuotaId, person: PersonId) -> Result<bool> {
    let quota = hold(c, id)?;
    if !queries::quotas::round(c, quota.round_id)?.is_open() {
        return Err(Error::refused("quotas-refused-closed"));
    }
    if holds_seat(c, id, person)? {
        return Err(Error::refused("quotas-refused-seated"));
    }
    let taken = diesel::update(quotas::table.find(id.0))
        .filter((quotas::passed_on + quotas::taken).lt(quotas::amount))
        .set(quotas::taken.eq(quotas::taken + 1))
        .execute(c)?;
    if taken == 0 {
        return Ok(false);
    }
    let step = Step::of(&quota, EventKind::SeatTaken, 1, "");
    Step { person: Some(person), ..step }.write(c, by, now)?;
    Ok(true)
}

/// Gives a person's seat back, with the reason; also in a round that is closed, for it says what became of the nominee.
pub fn return_seat(c: &mut DbConn, by: &Actor, now: Moment, id: QuotaId, person: PersonId, reason: &str) -> Result<()> {
    let reason = super::needed(reason)?;
    let quota = hold(c, id)?;
    if !holds_seat(c, id, person)? {
        return Err(Error::refused("quotas-refused-no-seat"));
    }
    let returned = diesel::update(quotas::table.find(id.0))
        .filter(quotas::taken.gt(0))
        .set(quotas::taken.eq(quotas::taken - 1))
        .execute(c)?;
    if returned != 1 {
        return Err(Error::internal("a seat that is held is not counted as taken"));
    }
    let step = Step::of(&quota, EventKind::SeatReturned, -1, &reason);
    Step { person: Some(person), ..step }.write(c, by, now)
}

/// Takes the row of a quota, so that nobody else gives or takes back the same person's seat before this is done.
fn hold(c: &mut DbConn, id: QuotaId) -> Result<Quota> {
    // SQLite has one writer at a time; only PostgreSQL has row locks.
    if let DbConn::Pg(c) = c {
        quotas::table.find(id.0).for_no_key_update().select(quotas::id).first::<i64>(c)?;
    }
    queries::quotas::quota(c, id)
}

/// Whether the last that was written of the person in this quota is that they have a seat.
fn holds_seat(c: &mut DbConn, id: QuotaId, person: PersonId) -> Result<bool> {
    let last: Option<EventKind> = quota_events::table
        .filter(quota_events::person_id.eq(person.0))
        .filter(quota_events::quota_id.eq(id.0))
        .order(quota_events::id.desc())
        .select(quota_events::kind)
        .first(c)
        .optional()?;
    Ok(last == Some(EventKind::SeatTaken))
}
