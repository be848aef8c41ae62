//! One level of a round with the sums of what lies below each unit.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::{
    organisations::{model::Unit, queries as organisations},
    platform::{
        as_i64,
        db::{DbConn, schema::quotas},
        error::{Error, Result},
        text,
    },
    targets::model::quota::{Answer, Quota, QuotaId, RoundId},
};

/// What lies in a quota and all quotas below it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Sums {
    /// Seats somebody has.
    pub taken: i64,
    /// Units below it that have something.
    pub units: i64,
    /// Of those and itself: how many did not answer yet, and how many ask for another amount.
    pub waiting: i64,
    pub asked: i64,
}

/// A unit of the level.
#[derive(Debug, Clone)]
pub struct Line {
    pub quota: Quota,
    pub unit: Unit,
    pub sums: Sums,
}

impl Line {
    /// Seats given to the unit that nobody has yet, in it or below it.
    pub fn shortfall(&self) -> i64 {
        self.quota.amount - self.sums.taken
    }
}

/// A page of a level, the largest shortfall first, and the sums of the whole level.
#[derive(Debug, Clone, Default)]
pub struct Cascade {
    pub lines: Vec<Line>,
    pub count: i64,
    pub amount: i64,
    pub passed_on: i64,
    /// What the units of the level said yes to.
    pub accepted: i64,
    pub taken: i64,
    pub waiting: i64,
    pub asked: i64,
}

/// Id, the one above, amount, passed on, taken, answer.
type Node = (QuotaId, Option<QuotaId>, i64, i64, i64, Answer);

fn nodes(c: &mut DbConn, round: RoundId) -> Result<Vec<Node>> {
    Ok(quotas::table
        .filter(quotas::round_id.eq(round.0))
        .order(quotas::id.asc())
        .select((quotas::id, quotas::parent_id, quotas::amount, quotas::passed_on, quotas::taken, quotas::answer))
        .load(c)?)
}

/// The sums of every quota of a round, in one read: a quota is always younger than the one above it.
fn gathered(nodes: &[Node]) -> HashMap<QuotaId, Sums> {
    let mut sums: HashMap<QuotaId, Sums> = HashMap::with_capacity(nodes.len());
    for (id, parent, _, _, taken, answer) in nodes.iter().rev() {
        let own = sums.entry(*id).or_default();
        own.taken += taken;
        own.waiting += i64::from(*answer == Answer::Waiting);
        own.asked += i64::from(*answer == Answer::Asked);
        let own = *own;
        if let Some(parent) = parent {
            let above = sums.entry(*parent).or_default();
            above.taken += own.taken;
            above.units += own.units + 1;
            above.waiting += own.waiting;
            above.asked += own.asked;
        }
    }
    sums
}

/// The sums of one quota.
pub fn sums(c: &mut DbConn, quota: &Quota) -> Result<Sums> {
    Ok(gathered(&nodes(c, quota.round_id)?).remove(&quota.id).unwrap_or_default())
}

/// The units that have something directly of the round (`parent` none) or of a quota: `number` is the page, from 1.
pub fn cascade(c: &mut DbConn, round: RoundId, parent: Option<QuotaId>, number: i64, a_page: i64) -> Result<Cascade> {
    let nodes = nodes(c, round)?;
    let sums = gathered(&nodes);
    let of = |id: QuotaId| sums.get(&id).copied().unwrap_or_default();
    let mut level: Vec<&Node> = nodes.iter().filter(|(_, above, ..)| *above == parent).collect();
    let mut found = Cascade { count: as_i64(level.len()), ..Cascade::default() };
    for (id, _, amount, passed_on, _, answer) in &level {
        found.amount += amount;
        found.passed_on += passed_on;
        found.taken += of(*id).taken;
        match answer {
            Answer::Accepted => found.accepted += amount,
            Answer::Waiting => found.waiting += 1,
            Answer::Asked => found.asked += 1,
        }
    }
    // Who has the most seats without anybody comes first; among equals the one that was given more.
    level.sort_by_key(|(id, _, amount, ..)| (of(*id).taken - amount, -amount, *id));
    let skipped = usize::try_from((number - 1).saturating_mul(a_page)).unwrap_or(0);
    let shown: Vec<QuotaId> = level
        .into_iter()
        .skip(skipped)
        .take(usize::try_from(a_page).unwrap_or(usize::MAX))
        .map(|(id, ..)| *id)
        .collect();
    let mut quotas = super::by_ids(c, &shown)?;
    let units = organisations::by_ids(c, &quotas.values().map(|q| q.unit_id).collect::<Vec<_>>())?;
    for id in shown {
        let Some(quota) = quotas.remove(&id) else { continue };
        let unit = units.get(&quota.unit_id).cloned();
        let unit = unit.ok_or_else(|| Error::internal("a quota of a unit that is not there"))?;
        found.lines.push(Line { sums: of(id), unit, quota });
    }
    // Among equals by name, as far as the page shows them.
    found.lines.sort_by_cached_key(|line| {
        (std::cmp::Reverse(line.shortfall()), -line.quota.amount, text::sort_key(&line.unit.name_vi))
    });
    Ok(found)
}
