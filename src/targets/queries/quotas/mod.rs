//! Reading rounds and quotas.

mod cascade;
mod verify;

use std::collections::HashMap;

use diesel::prelude::*;

pub use self::{
    cascade::{Cascade, Line, Sums, cascade, sums},
    verify::verify,
};
use crate::{
    access::{PersonId, UnitId},
    platform::{
        db::{
            DbConn,
            schema::{quota_events, quota_rounds, quotas},
        },
        error::Result,
    },
    targets::model::{
        TargetId,
        quota::{EventKind, Quota, QuotaEvent, QuotaId, QuotaRound, RoundId, RoundState},
    },
};

pub fn round(c: &mut DbConn, id: RoundId) -> Result<QuotaRound> {
    Ok(quota_rounds::table.find(id.0).select(QuotaRound::as_select()).first(c)?)
}

pub fn round_by_code(c: &mut DbConn, code: &str) -> Result<QuotaRound> {
    Ok(quota_rounds::table.filter(quota_rounds::code.eq(code)).select(QuotaRound::as_select()).first(c)?)
}

pub fn quota(c: &mut DbConn, id: QuotaId) -> Result<Quota> {
    Ok(quotas::table.find(id.0).select(Quota::as_select()).first(c)?)
}

/// What a unit has in a round.
pub fn in_round(c: &mut DbConn, round: RoundId, unit: UnitId) -> Result<Option<Quota>> {
    Ok(quotas::table
        .filter(quotas::round_id.eq(round.0).and(quotas::unit_id.eq(unit.0)))
        .select(Quota::as_select())
        .first(c)
        .optional()?)
}

/// What a unit has in all rounds, the latest first.
pub fn of_unit(c: &mut DbConn, unit: UnitId) -> Result<Vec<(QuotaRound, Quota)>> {
    of_units(c, &[unit])
}

/// The same of several units.
pub fn of_units(c: &mut DbConn, units: &[UnitId]) -> Result<Vec<(QuotaRound, Quota)>> {
    Ok(quotas::table
        .inner_join(quota_rounds::table)
        .filter(quotas::unit_id.eq_any(units.iter().map(|u| u.0).collect::<Vec<_>>()))
        .order((quota_rounds::id.desc(), quotas::id.asc()))
        .select((QuotaRound::as_select(), Quota::as_select()))
        .load(c)?)
}

/// Seats of a quota that are neither taken nor passed on.
pub fn seats_left(c: &mut DbConn, id: QuotaId) -> Result<i64> {
    Ok(quotas::table.find(id.0).select(quotas::amount - quotas::passed_on - quotas::taken).first(c)?)
}

/// All rounds: the open ones first, then the latest.
pub fn rounds(c: &mut DbConn) -> Result<Vec<QuotaRound>> {
    let mut found: Vec<QuotaRound> =
        quota_rounds::table.order(quota_rounds::id.desc()).select(QuotaRound::as_select()).load(c)?;
    found.sort_by_key(|round| round.state != RoundState::Open);
    Ok(found)
}

/// The rounds that hand out seats of a target.
pub fn rounds_of(c: &mut DbConn, target: TargetId) -> Result<Vec<QuotaRound>> {
    Ok(quota_rounds::table
        .filter(quota_rounds::target_id.eq(target.0))
        .order(quota_rounds::id.asc())
        .select(QuotaRound::as_select())
        .load(c)?)
}

/// Who handed a quota out, or added to it, last.
pub fn last_giver(c: &mut DbConn, id: QuotaId) -> Result<Option<PersonId>> {
    let giver: Option<Option<PersonId>> = quota_events::table
        .filter(quota_events::quota_id.eq(id.0).and(quota_events::kind.eq(EventKind::Allocated)))
        .order(quota_events::id.desc())
        .select(quota_events::by_id)
        .first(c)
        .optional()?;
    Ok(giver.flatten())
}

/// The steps of a quota, the latest first.
pub fn history(c: &mut DbConn, id: QuotaId, limit: i64) -> Result<Vec<QuotaEvent>> {
    Ok(quota_events::table
        .filter(quota_events::quota_id.eq(id.0))
        .order(quota_events::id.desc())
        .limit(limit)
        .select(QuotaEvent::as_select())
        .load(c)?)
}

/// Quotas by their id.
pub fn by_ids(c: &mut DbConn, ids: &[QuotaId]) -> Result<HashMap<QuotaId, Quota>> {
    let found: Vec<Quota> = quotas::table
        .filter(quotas::id.eq_any(ids.iter().map(|q| q.0).collect::<Vec<_>>()))
        .select(Quota::as_select())
        .load(c)?;
    Ok(found.into_iter().map(|quota| (quota.id, quota)).collect())
}
