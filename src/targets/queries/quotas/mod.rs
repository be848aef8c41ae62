//! Reading rounds and quotas.

mod cascade;
mod verify;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;

pub use self::{
    cascade::{Cascade, Line, Sums, cascade, sums},
    verify::verify,
};
use crate::{
    access::{Authority, Permission, PersonId, Reach, UnitId},
    organisations::{model::Unit, queries as organisations},
    platform::{
        as_i64,
        db::{
            DbConn,
            schema::{quota_events, quota_rounds, quotas},
        },
        error::Result,
    },
    targets::model::{
        TargetId,
        quota::{Answer, EventKind, Quota, QuotaEvent, QuotaId, QuotaRound, RoundId, RoundState},
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

/// How many quotas units have in rounds that are open, and how many of those seats are neither taken nor passed on.
pub fn open_of(c: &mut DbConn, units: &[UnitId]) -> Result<(i64, i64)> {
    let open: Vec<Quota> = of_units(c, units)?
        .into_iter()
        .filter(|(round, _)| round.state == RoundState::Open)
        .map(|(_, quota)| quota)
        .collect();
    let left = open.iter().map(|quota| quota.amount - quota.passed_on - quota.taken).sum();
    Ok((as_i64(open.len()), left))
}

/// Whether units were ever given seats.
pub fn any_of(c: &mut DbConn, units: &[UnitId]) -> Result<bool> {
    Ok(!of_units(c, units)?.is_empty())
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

/// The rounds that hand out seats of a target; with `units` those in which one of them has something.
pub fn rounds_of(c: &mut DbConn, target: TargetId, units: Option<&[UnitId]>) -> Result<Vec<QuotaRound>> {
    let mut query = quota_rounds::table
        .filter(quota_rounds::target_id.eq(target.0))
        .order(quota_rounds::id.asc())
        .select(QuotaRound::as_select())
        .into_boxed();
    if let Some(units) = units {
        let held = quotas::table
            .filter(quotas::unit_id.eq_any(units.iter().map(|u| u.0).collect::<Vec<_>>()))
            .select(quotas::round_id);
        query = query.filter(quota_rounds::id.eq_any(held));
    }
    Ok(query.load(c)?)
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

/// Whether some of these units has something in a round.
pub fn any_in(c: &mut DbConn, round: RoundId, units: &[UnitId]) -> Result<bool> {
    let found = quotas::table
        .filter(quotas::round_id.eq(round.0))
        .filter(quotas::unit_id.eq_any(units.iter().map(|u| u.0).collect::<Vec<_>>()));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(c)?)
}

/// The units beside one: those that were given something by the same hand, by the id of their quota.
pub fn siblings(c: &mut DbConn, quota: &Quota) -> Result<Vec<(Quota, Unit)>> {
    let mut query = quotas::table
        .filter(quotas::round_id.eq(quota.round_id.0).and(quotas::id.ne(quota.id.0)))
        .select(Quota::as_select())
        .into_boxed();
    query = match quota.parent_id {
        Some(parent) => query.filter(quotas::parent_id.eq(parent.0)),
        None => query.filter(quotas::parent_id.is_null()),
    };
    let found: Vec<Quota> = query.order(quotas::id.asc()).load(c)?;
    let mut units = organisations::by_ids(c, &found.iter().map(|q| q.unit_id).collect::<Vec<_>>())?;
    Ok(found
        .into_iter()
        .filter_map(|quota| Some((units.remove(&quota.unit_id)?, quota)))
        .map(|(u, q)| (q, u))
        .collect())
}

/// The latest letter by which seats came to a quota, if one was named.
pub fn letter(c: &mut DbConn, id: QuotaId) -> Result<Option<(String, Option<NaiveDate>)>> {
    Ok(quota_events::table
        .filter(quota_events::quota_id.eq(id.0).and(quota_events::letter_number.ne("")))
        .order(quota_events::id.desc())
        .select((quota_events::letter_number, quota_events::letter_date))
        .first(c)
        .optional()?)
}

/// Seats handed out, and of those the ones that somebody has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct HandedOut {
    pub given: i64,
    pub taken: i64,
}

/// Seats handed out and seats somebody has, of the rounds of a target, under some units (`None`: all of it). Of the given only the
/// topmost quotas among those units are added, so that what is passed on is not counted twice.
pub fn handed_out(c: &mut DbConn, target: TargetId, units: Option<&[UnitId]>) -> Result<HandedOut> {
    let mut query = quotas::table
        .inner_join(quota_rounds::table)
        .filter(quota_rounds::target_id.eq(target.0))
        .select((quotas::id, quotas::parent_id, quotas::amount, quotas::taken))
        .into_boxed();
    if let Some(units) = units {
        query = query.filter(quotas::unit_id.eq_any(units.iter().map(|u| u.0).collect::<Vec<_>>()));
    }
    let rows: Vec<(QuotaId, Option<QuotaId>, i64, i64)> = query.load(c)?;
    let ids: HashSet<QuotaId> = rows.iter().map(|(id, ..)| *id).collect();
    let mut found = HandedOut::default();
    for (_, parent, amount, taken) in rows {
        found.taken += taken;
        if parent.is_none_or(|parent| !ids.contains(&parent)) {
            found.given += amount;
        }
    }
    Ok(found)
}

/// Units of the first level stand under nothing; below a quota they stand under its unit.
pub fn can_be_given(c: &mut DbConn, above: Option<&Quota>, unit: &Unit, today: NaiveDate) -> Result<bool> {
    if !unit.valid_on(today) {
        return Ok(false);
    }
    match above {
        None => Ok(!unit.kind.is_subordinate()),
        Some(above) if above.unit_id == unit.id => Ok(false),
        Some(above) => organisations::is_under(c, unit.id, &[above.unit_id], today),
    }
}

/// An agency in a round with seats that nobody has.
#[derive(Debug, Clone)]
pub struct ShortRow {
    /// The code of the round.
    pub round: String,
    pub unit: Unit,
    pub given: i64,
    pub taken: i64,
}

/// The agencies that are furthest from filling what they were given for a target, the worst first.
pub fn short(c: &mut DbConn, target: TargetId, limit: usize) -> Result<Vec<ShortRow>> {
    let mut rows = Vec::new();
    for round in rounds_of(c, target, None)? {
        let level = cascade(c, round.id, None, 1, as_i64(limit))?;
        rows.extend(level.lines.into_iter().filter(|line| line.shortfall() > 0).map(|line| ShortRow {
            round: round.code.clone(),
            given: line.quota.amount,
            taken: line.sums.taken,
            unit: line.unit,
        }));
    }
    rows.sort_by_key(|row| row.taken - row.given);
    rows.truncate(limit);
    Ok(rows)
}

/// How many quotas wait for somebody's word: for an officer those of their own units that have no answer yet, for who hands seats
/// to agencies those that ask for another amount.
pub fn to_answer(c: &mut DbConn, authority: &Authority) -> Result<i64> {
    let open = quotas::table.inner_join(quota_rounds::table).filter(quota_rounds::state.eq(RoundState::Open)).count();
    Ok(match authority.reach(Permission::ManageQuotas) {
        Reach::Nowhere => 0,
        Reach::Everywhere => {
            open.filter(quotas::parent_id.is_null().and(quotas::answer.eq(Answer::Asked))).get_result(c)?
        }
        Reach::Under(roots) => {
            let units: Vec<i64> = roots.iter().map(|unit| unit.0).collect();
            open.filter(quotas::unit_id.eq_any(units).and(quotas::answer.eq(Answer::Waiting))).get_result(c)?
        }
    })
}
