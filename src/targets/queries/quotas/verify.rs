//! Adding the events of all rounds up again, so many quotas at a time.

use std::collections::HashMap;

use diesel::{
    dsl::{max, sql},
    prelude::*,
    sql_types::BigInt,
};

use crate::{
    platform::{
        db::{
            DbConn,
            schema::{quota_events, quota_rounds, quotas},
        },
        error::Result,
    },
    targets::model::quota::{EventKind, Moves, Quota, QuotaId, QuotaRound, RoundId},
};

/// How many quotas, or rounds, are looked at together.
const CHUNK: i64 = 2000;

const SUM: &str = "CAST(SUM(quota_events.delta) AS BIGINT)";

/// What differs between the numbers of rounds and quotas and their events, a sentence each.
pub fn verify(c: &mut DbConn) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let last = quota_rounds::table.select(max(quota_rounds::id)).first::<Option<i64>>(c)?.unwrap_or(0);
    let mut from = 1;
    while from <= last {
        rounds(c, from, from + CHUNK - 1, &mut found)?;
        from += CHUNK;
    }
    let last = quotas::table.select(max(quotas::id)).first::<Option<i64>>(c)?.unwrap_or(0);
    let mut from = 1;
    while from <= last {
        quotas_between(c, from, from + CHUNK - 1, &mut found)?;
        from += CHUNK;
    }
    Ok(found)
}

/// The steps that hand seats out, as a query wants them.
fn amounts() -> Vec<EventKind> {
    EventKind::ALL.iter().copied().filter(|kind| kind.moves() == Moves::Amount).collect()
}

fn rounds(c: &mut DbConn, from: i64, to: i64, found: &mut Vec<String>) -> Result<()> {
    let all: Vec<QuotaRound> = quota_rounds::table
        .filter(quota_rounds::id.between(from, to))
        .order(quota_rounds::id.asc())
        .select(QuotaRound::as_select())
        .load(c)?;
    let totals: HashMap<RoundId, i64> = quota_events::table
        .filter(quota_events::round_id.between(from, to).and(quota_events::kind.eq(EventKind::Opened)))
        .group_by(quota_events::round_id)
        .select((quota_events::round_id, sql::<BigInt>(SUM)))
        .load::<(RoundId, i64)>(c)?
        .into_iter()
        .collect();
    let handed: HashMap<RoundId, i64> = quota_events::table
        .inner_join(quotas::table)
        .filter(quota_events::round_id.between(from, to).and(quota_events::kind.eq_any(amounts())))
        .filter(quotas::parent_id.is_null())
        .group_by(quota_events::round_id)
        .select((quota_events::round_id, sql::<BigInt>(SUM)))
        .load::<(RoundId, i64)>(c)?
        .into_iter()
        .collect();
    for round in all {
        let of = |sums: &HashMap<RoundId, i64>| sums.get(&round.id).copied().unwrap_or(0);
        let numbers = [("total", round.total, of(&totals)), ("passed_on", round.passed_on, of(&handed))];
        compare(&format!("quota round {}", round.code), &numbers, found);
    }
    Ok(())
}

fn quotas_between(c: &mut DbConn, from: i64, to: i64, found: &mut Vec<String>) -> Result<()> {
    let all: Vec<(Quota, String)> = quotas::table
        .inner_join(quota_rounds::table)
        .filter(quotas::id.between(from, to))
        .order(quotas::id.asc())
        .select((Quota::as_select(), quota_rounds::code))
        .load(c)?;
    let mut own: HashMap<QuotaId, (i64, i64)> = HashMap::new();
    for (quota, kind, sum) in quota_events::table
        .filter(quota_events::quota_id.between(from, to))
        .group_by((quota_events::quota_id, quota_events::kind))
        .select((quota_events::quota_id.assume_not_null(), quota_events::kind, sql::<BigInt>(SUM)))
        .load::<(QuotaId, EventKind, i64)>(c)?
    {
        let (amount, taken) = own.entry(quota).or_default();
        match kind.moves() {
            Moves::Amount => *amount += sum,
            Moves::Taken => *taken += sum,
            Moves::Total | Moves::Nothing => {}
        }
    }
    let below: HashMap<QuotaId, i64> = quota_events::table
        .inner_join(quotas::table)
        .filter(quotas::parent_id.between(from, to).and(quota_events::kind.eq_any(amounts())))
        .group_by(quotas::parent_id)
        .select((quotas::parent_id.assume_not_null(), sql::<BigInt>(SUM)))
        .load::<(QuotaId, i64)>(c)?
        .into_iter()
        .collect();
    for (quota, round) in all {
        let (amount, taken) = own.get(&quota.id).copied().unwrap_or_default();
        let passed_on = below.get(&quota.id).copied().unwrap_or(0);
        let numbers = [
            ("amount", quota.amount, amount),
            ("passed_on", quota.passed_on, passed_on),
            ("taken", quota.taken, taken),
        ];
        compare(&format!("quota {} of unit {} in round {round}", quota.id, quota.unit_id), &numbers, found);
    }
    Ok(())
}

fn compare(what: &str, numbers: &[(&str, i64, i64)], found: &mut Vec<String>) {
    for (name, is, should) in numbers.iter().filter(|(_, is, should)| is != should) {
        found.push(format!("{what}: {name} is {is}, should be {should}"));
    }
}
