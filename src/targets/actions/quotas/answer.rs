//! What a unit says to its quota, and what its giver says to that.

use diesel::prelude::*;

use super::{Step, add_amount, allocate::tell_giver, hold_open, in_use, needed, pass_on};
use crate::{
    access::{Actor, Permission},
    accounts::queries::directory,
    notifications::actions::notify,
    organisations,
    platform::{
        db::{DbConn, Moment, schema::quotas},
        error::{Error, FieldErrors, Result},
        i18n::Message,
        text::tidy,
    },
    targets::{
        model::quota::{Answer, EventKind, Quota, QuotaId, Reply, Settlement},
        queries,
    },
};

/// The unit accepts, or asks for more or less with a reason; asking again replaces what was asked before. Whoever calls it has
/// proved that they speak for the unit.
pub fn answer(c: &mut DbConn, by: &Actor, now: Moment, id: QuotaId, reply: &Reply) -> Result<()> {
    let quota = queries::quotas::quota(c, id)?;
    hold_open(c, quota.round_id)?;
    let unit = organisations::queries::unit(c, quota.unit_id)?;
    match reply {
        Reply::Accept => {
            let changed = diesel::update(quotas::table.find(id.0))
                .filter(quotas::answer.ne(Answer::Accepted))
                .set((
                    quotas::answer.eq(Answer::Accepted),
                    quotas::asked_amount.eq(None::<i64>),
                    quotas::answer_reason.eq(""),
                ))
                .execute(c)?;
            if changed != 1 {
                return Err(Error::refused("quotas-refused-accepted"));
            }
            Step::of(&quota, EventKind::Accepted, 0, "").write(c, by, now)?;
            let told = Message::new("notifications-quota-accepted").with("number", quota.amount);
            tell_giver(c, by, now, &quota, &unit, told.with("unit", unit.name_vi.clone()))
        }
        Reply::Ask { amount, reason } => {
            let reason = needed(reason)?;
            if *amount < 0 {
                return Err(FieldErrors::one("amount", "quotas-fault-count"));
            }
            // The amount is in the condition: asking for what one has is no question, also if it changed just now.
            let changed = diesel::update(quotas::table.find(id.0))
                .filter(quotas::amount.ne(amount).and(quotas::amount.eq(quota.amount)))
                .filter((quotas::passed_on + quotas::taken).le(amount))
                .set((
                    quotas::answer.eq(Answer::Asked),
                    quotas::asked_amount.eq(amount),
                    quotas::answer_reason.eq(&reason),
                ))
                .execute(c)?;
            if changed != 1 {
                let quota = queries::quotas::quota(c, id)?;
                return Err(if quota.passed_on + quota.taken > *amount {
                    in_use(&quota)
                } else {
                    FieldErrors::one("amount", "quotas-fault-same")
                });
            }
            Step::of(&quota, EventKind::Asked, amount - quota.amount, &reason).write(c, by, now)?;
            let told = Message::new("notifications-quota-asked").with("number", *amount);
            tell_giver(c, by, now, &quota, &unit, told.with("unit", unit.name_vi.clone()))
        }
    }
}

/// The giver grants what was asked for, or another amount, or declines with a reason: then the old amount stands and the unit is
/// asked again. Whoever calls it has proved the right over what is handed out.
pub fn settle(c: &mut DbConn, by: &Actor, now: Moment, id: QuotaId, decision: &Settlement) -> Result<()> {
    let quota = queries::quotas::quota(c, id)?;
    hold_open(c, quota.round_id)?;
    let (kind, delta, reason) = match decision {
        Settlement::Grant { amount, reason } => {
            if *amount < 0 {
                return Err(FieldErrors::one("amount", "quotas-fault-count"));
            }
            (EventKind::Granted, amount - quota.amount, tidy(reason))
        }
        Settlement::Decline { reason } => (EventKind::Declined, 0, needed(reason)?),
    };
    let answer = if kind == EventKind::Granted { Answer::Accepted } else { Answer::Waiting };
    // What was seen when this was decided is in the condition: a question that was changed meanwhile is another one.
    let settled = diesel::update(quotas::table.find(id.0))
        .filter(quotas::answer.eq(Answer::Asked).and(quotas::amount.eq(quota.amount)))
        .filter(quotas::asked_amount.eq(quota.asked_amount))
        .set((quotas::answer.eq(answer), quotas::asked_amount.eq(None::<i64>), quotas::answer_reason.eq("")))
        .execute(c)?;
    if settled != 1 {
        return Err(Error::refused("quotas-refused-not-asked"));
    }
    if delta != 0 {
        pass_on(c, quota.round_id, quota.parent_id, delta)?;
        if !add_amount(c, id, delta)? {
            return Err(in_use(&queries::quotas::quota(c, id)?));
        }
    }
    Step::of(&quota, kind, delta, &reason).write(c, by, now)?;
    tell_unit(c, by, now, &quota, kind, quota.amount + delta)
}

fn tell_unit(c: &mut DbConn, by: &Actor, now: Moment, quota: &Quota, kind: EventKind, amount: i64) -> Result<()> {
    let round = queries::quotas::round(c, quota.round_id)?;
    let unit = organisations::queries::unit(c, quota.unit_id)?;
    let key = if kind == EventKind::Granted { "notifications-quota-granted" } else { "notifications-quota-declined" };
    let told = Message::new(key).with("name", round.title_vi).with("unit", unit.name_vi.clone()).with("number", amount);
    let href = format!("/phan-bo/{}/{}", round.code, unit.code);
    for (_, person) in directory::holders(c, Permission::ManageQuotas, &[unit.id])? {
        if Some(person) != by.person {
            notify(c, now, person, &told, Some(&href), true)?;
        }
    }
    Ok(())
}
