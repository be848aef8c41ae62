//! Seats handed down. Every change of a number is one statement that carries its own condition, with the CHECKs of the tables
//! behind it; its event and its audit row are written in the same transaction, and `verify` adds the events up again.
//!
//! Simultaneous transactions (PostgreSQL): whatever changes how seats are shared out takes the row of its round first, so that
//! such changes come one after the other and never wait for each other in a circle. Taking a seat touches only the row
//! of one quota, after nothing else.

mod allocate;
mod answer;
mod rounds;
mod seats;

use diesel::prelude::*;
use serde_json::json;

pub use self::{
    allocate::{allocate, give_back, reallocate},
    answer::{answer, settle},
    rounds::{close_round, open_round},
    seats::{return_seat, take_seat},
};
use crate::{
    access::{Actor, PersonId, UnitId},
    audit::{self, Entry},
    platform::{
        db::{
            DbConn, Moment,
            schema::{quota_events, quota_rounds, quotas},
        },
        error::{Error, FieldErrors, Result},
        i18n::Message,
        text::tidy,
    },
    targets::{
        model::quota::{EventKind, Letter, Quota, QuotaId, QuotaRound, RoundId},
        queries,
    },
};

/// A step that is about to be written.
struct Step<'a> {
    round: RoundId,
    quota: Option<QuotaId>,
    unit: Option<UnitId>,
    kind: EventKind,
    delta: i64,
    reason: &'a str,
    letter: Option<&'a Letter>,
    person: Option<PersonId>,
}

impl<'a> Step<'a> {
    fn of_round(round: RoundId, kind: EventKind, delta: i64) -> Self {
        Self { round, quota: None, unit: None, kind, delta, reason: "", letter: None, person: None }
    }

    fn of(quota: &Quota, kind: EventKind, delta: i64, reason: &'a str) -> Self {
        Self {
            round: quota.round_id,
            quota: Some(quota.id),
            unit: Some(quota.unit_id),
            kind,
            delta,
            reason,
            letter: None,
            person: None,
        }
    }

    /// The event, and its row in the audit.
    fn write(self, c: &mut DbConn, by: &Actor, now: Moment) -> Result<()> {
        let (number, date) = self.letter.map_or(("", None), |letter| (letter.number.as_str(), letter.date));
        diesel::insert_into(quota_events::table)
            .values((
                quota_events::quota_id.eq(self.quota.map(|q| q.0)),
                quota_events::round_id.eq(self.round.0),
                quota_events::kind.eq(self.kind),
                quota_events::delta.eq(self.delta),
                quota_events::reason.eq(self.reason),
                quota_events::letter_number.eq(number),
                quota_events::letter_date.eq(date),
                quota_events::person_id.eq(self.person.map(|p| p.0)),
                quota_events::by_id.eq(by.person.map(|p| p.0)),
                quota_events::occurred_at.eq(now),
                quota_events::recorded_at.eq(now),
            ))
            .execute(c)?;
        let entry = match self.quota {
            Some(quota) => Entry::new(action(self.kind), "quotas", quota),
            None => Entry::new(action(self.kind), "quota_rounds", self.round),
        };
        let after = json!({ "delta": self.delta, "letter": number, "person": self.person });
        let entry = entry.after(after).reason(self.reason);
        audit::record(c, by, now, if let Some(unit) = self.unit { entry.unit(unit) } else { entry })
    }
}

/// How the audit names a step.
const fn action(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Opened => "quota.open",
        EventKind::Allocated => "quota.allocate",
        EventKind::Accepted => "quota.accept",
        EventKind::Asked => "quota.ask",
        EventKind::Granted => "quota.grant",
        EventKind::Declined => "quota.decline",
        EventKind::Reallocated => "quota.reallocate",
        EventKind::Returned => "quota.return",
        EventKind::SeatTaken => "quota.take-seat",
        EventKind::SeatReturned => "quota.return-seat",
        EventKind::Closed => "quota.close",
    }
}

/// Takes the row of a round that must be open, before anything of it is touched.
fn hold_open(c: &mut DbConn, id: RoundId) -> Result<QuotaRound> {
    // SQLite has one writer at a time; only PostgreSQL has row locks.
    if let DbConn::Pg(c) = c {
        quota_rounds::table.find(id.0).for_no_key_update().select(quota_rounds::id).first::<i64>(c)?;
    }
    let round = queries::quotas::round(c, id)?;
    if round.is_open() { Ok(round) } else { Err(Error::refused("quotas-refused-closed")) }
}

/// Adds to what a round (`parent` none) or a quota has passed on, if it has as much left; `delta` may be below zero.
fn pass_on(c: &mut DbConn, round: RoundId, parent: Option<QuotaId>, delta: i64) -> Result<()> {
    let changed = match parent {
        None => diesel::update(quota_rounds::table.find(round.0))
            .filter((quota_rounds::passed_on + delta).le(quota_rounds::total))
            .filter((quota_rounds::passed_on + delta).ge(0))
            .set(quota_rounds::passed_on.eq(quota_rounds::passed_on + delta))
            .execute(c)?,
        Some(parent) => diesel::update(quotas::table.find(parent.0))
            .filter(quotas::round_id.eq(round.0))
            .filter((quotas::passed_on + quotas::taken + delta).le(quotas::amount))
            .filter((quotas::passed_on + delta).ge(0))
            .set(quotas::passed_on.eq(quotas::passed_on + delta))
            .execute(c)?,
    };
    if changed == 1 { Ok(()) } else { Err(too_many(c, round, parent)?) }
}

/// Adds to what a quota has, if what it has taken and passed on still fits; `delta` may be below zero.
fn add_amount(c: &mut DbConn, quota: QuotaId, delta: i64) -> Result<bool> {
    let changed = diesel::update(quotas::table.find(quota.0))
        .filter((quotas::passed_on + quotas::taken).le(quotas::amount + delta))
        .set(quotas::amount.eq(quotas::amount + delta))
        .execute(c)?;
    Ok(changed == 1)
}

/// The refusal that names what is left.
fn too_many(c: &mut DbConn, round: RoundId, parent: Option<QuotaId>) -> Result<Error> {
    let left = match parent {
        None => queries::quotas::round(c, round)?.left(),
        Some(parent) => queries::quotas::quota(c, parent)?.left(),
    };
    Ok(Error::Refused(Message::new("quotas-refused-too-many").with("left", left)))
}

fn in_use(quota: &Quota) -> Error {
    Error::Refused(Message::new("quotas-refused-in-use").with("used", quota.passed_on + quota.taken))
}

fn needed(reason: &str) -> Result<String> {
    let reason = tidy(reason);
    if reason.is_empty() { Err(FieldErrors::one("reason", "quotas-fault-reason")) } else { Ok(reason) }
}
