//! Nominating, sending up, deciding, and what follows by itself: seats, classes, the waiting list, and who is told. The programmes
//! that the rounds belong to, and how people go through them, are in modules of their own.

mod decide;
pub mod experts;
pub mod imports;
mod leave;
pub mod members;
mod nominate;
pub mod programmes;
pub mod recognise;
mod tell;
mod waiting;

use diesel::prelude::*;
use serde_json::json;

pub use self::{
    decide::{Approved, approve, endorse, give_back, reject, set_rules},
    leave::{replace, withdraw},
    nominate::{NewLetter, add_letter, nominate, submit},
    tell::{Told, tell_deciders, tell_unit},
    waiting::fill_seats,
};
use super::{
    model::{Happened, LetterId, Nomination, NominationId, NominationState},
    queries,
};
use crate::{
    access::Actor,
    audit::{self, Entry},
    platform::{
        db::{
            DbConn, Moment,
            schema::{nomination_events, nominations, quotas},
        },
        error::{Error, FieldErrors, Result},
        text::tidy,
    },
    targets::model::quota::QuotaId,
};

/// Takes the row of a quota before anything of its nominations is touched.
fn hold(c: &mut DbConn, quota: QuotaId) -> Result<()> {
    // SQLite has one writer at a time; only PostgreSQL has row locks.
    if let DbConn::Pg(c) = c {
        quotas::table.find(quota.0).for_no_key_update().select(quotas::id).first::<i64>(c)?;
    }
    Ok(())
}

/// The nomination as it is once its quota is held.
fn held(c: &mut DbConn, id: NominationId) -> Result<Nomination> {
    let quota = queries::nomination(c, id)?.quota_id;
    hold(c, quota)?;
    queries::nomination(c, id)
}

/// A step that is about to be written.
struct Step<'a> {
    kind: Happened,
    to: NominationState,
    reason: &'a str,
    letter: Option<LetterId>,
}

impl<'a> Step<'a> {
    fn new(kind: Happened, to: NominationState) -> Self {
        Self { kind, to, reason: "", letter: None }
    }

    fn because(self, reason: &'a str) -> Self {
        Self { reason, ..self }
    }

    /// The event, the state that derives from it, and the row of the audit; the quota is held.
    fn write(self, c: &mut DbConn, by: &Actor, now: Moment, nomination: &Nomination) -> Result<()> {
        let event: i64 = diesel::insert_into(nomination_events::table)
            .values((
                nomination_events::nomination_id.eq(nomination.id),
                nomination_events::kind.eq(self.kind),
                nomination_events::reason.eq(self.reason),
                nomination_events::letter_id.eq(self.letter),
                nomination_events::by_id.eq(by.person),
                nomination_events::occurred_at.eq(now),
                nomination_events::recorded_at.eq(now),
            ))
            .returning(nomination_events::id)
            .get_result(c)?;
        let waits = (self.to == NominationState::Waiting).then_some(event);
        diesel::update(nominations::table.find(nomination.id))
            .set((nominations::state.eq(self.to), nominations::changed_at.eq(now), nominations::waits_from.eq(waits)))
            .execute(c)?;
        let entry = Entry::new(action(self.kind), "nominations", nomination.id).unit(nomination.unit_id);
        let entry = entry
            .before(json!({ "state": nomination.state }))
            .after(json!({ "state": self.to, "quota": nomination.quota_id, "person": nomination.person_id }));
        audit::record(c, by, now, if self.reason.is_empty() { entry } else { entry.reason(self.reason) })?;
        members::follow_nomination(c, by, now, nomination, self.kind, self.reason)
    }
}

/// How the audit names a step.
const fn action(kind: Happened) -> &'static str {
    match kind {
        Happened::Drafted => "nomination.draft",
        Happened::Submitted => "nomination.submit",
        Happened::Resubmitted => "nomination.resubmit",
        Happened::Endorsed => "nomination.endorse",
        Happened::Approved => "nomination.approve",
        Happened::Waiting => "nomination.wait",
        Happened::Seated => "nomination.seat",
        Happened::Returned => "nomination.return",
        Happened::Rejected => "nomination.reject",
        Happened::Withdrawn => "nomination.withdraw",
        Happened::Replaced => "nomination.replace",
    }
}

/// The refusal of a step that does not follow from the state; somebody else was quicker.
fn moved_on() -> Error {
    Error::refused("programmes-refused-state")
}

/// A reason that must be there.
fn needed(reason: &str) -> Result<String> {
    let reason = tidy(reason);
    if reason.is_empty() {
        return Err(FieldErrors::one("reason", "programmes-reason-missing"));
    }
    if reason.chars().count() > 500 {
        return Err(FieldErrors::one("reason", "people-reason-long"));
    }
    Ok(reason)
}
