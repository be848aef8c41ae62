//! Whether seats, states and stages agree with what they derive from.

mod programmes;

use std::collections::HashMap;

use diesel::prelude::*;

pub use self::programmes::verify as verify_programmes;
use crate::{
    platform::{
        db::{
            DbConn,
            schema::{nomination_events, nominations, quotas},
        },
        error::Result,
    },
    programmes::model::{Happened, NominationId, NominationState},
    targets::model::quota::QuotaId,
};

/// Compares the seats of each quota with the nominations that have one, and each state with its last event.
pub fn verify(c: &mut DbConn) -> Result<Vec<String>> {
    let mut differences = seats(c)?;
    differences.extend(states(c)?);
    Ok(differences)
}

fn seats(c: &mut DbConn) -> Result<Vec<String>> {
    let kept: Vec<(QuotaId, i64)> =
        quotas::table.order(quotas::id.asc()).select((quotas::id, quotas::taken)).load(c)?;
    let counted: HashMap<QuotaId, i64> = nominations::table
        .filter(nominations::state.eq(NominationState::Approved))
        .group_by(nominations::quota_id)
        .select((nominations::quota_id, diesel::dsl::count_star()))
        .load::<(QuotaId, i64)>(c)?
        .into_iter()
        .collect();
    let wrong = kept.into_iter().filter_map(|(id, taken)| {
        let approved = counted.get(&id).copied().unwrap_or(0);
        (approved != taken)
            .then(|| format!("quota {id}: {taken} seats are marked as taken, {approved} nominations have one"))
    });
    Ok(wrong.collect())
}

fn states(c: &mut DbConn) -> Result<Vec<String>> {
    let rows: Vec<(NominationId, NominationState, Happened)> = nomination_events::table
        .inner_join(nominations::table)
        .order((nominations::id.asc(), nomination_events::id.asc()))
        .select((nominations::id, nominations::state, nomination_events::kind))
        .load(c)?;
    let mut wrong = Vec::new();
    for (place, (id, state, kind)) in rows.iter().enumerate() {
        let is_last = rows.get(place + 1).is_none_or(|(next, ..)| next != id);
        if is_last && state_after(*kind) != *state {
            wrong.push(format!("nomination {id}: its state is {state}, its last event says {kind}"));
        }
    }
    Ok(wrong)
}

const fn state_after(kind: Happened) -> NominationState {
    match kind {
        Happened::Drafted => NominationState::Drafted,
        Happened::Submitted | Happened::Resubmitted => NominationState::Submitted,
        Happened::Endorsed => NominationState::Endorsed,
        Happened::Approved | Happened::Seated => NominationState::Approved,
        Happened::Waiting => NominationState::Waiting,
        Happened::Returned => NominationState::Returned,
        Happened::Rejected => NominationState::Rejected,
        Happened::Withdrawn => NominationState::Withdrawn,
        Happened::Replaced => NominationState::Replaced,
    }
}
