//! Handing seats down, moving them between two units of one level, and giving them back.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{Step, add_amount, hold_open, in_use, needed, pass_on, rounds::check_deadline};
use crate::{
    access::{Actor, Permission, PersonId, UnitId},
    accounts::queries::directory,
    notifications::actions::notify,
    organisations::{self, model::Unit},
    platform::{
        clock::local_day,
        db::{DbConn, Moment, schema::quotas},
        error::{Error, FieldErrors, Result},
        i18n::Message,
        text,
    },
    targets::{
        model::quota::{Allocation, Answer, EventKind, Letter, Quota, QuotaId, QuotaRound},
        queries,
    },
};

/// Hands seats to units of the first level, or below a quota to units under its own. All rows or none. Whoever calls it has proved
/// the right over what is handed out.
pub fn allocate(c: &mut DbConn, by: &Actor, now: Moment, new: &Allocation) -> Result<Vec<QuotaId>> {
    let today = local_day(now.0);
    let letter = Letter { number: text::tidy(&new.letter.number), date: new.letter.date };
    let reason = text::tidy(&new.reason);
    let round = hold_open(c, new.round)?;
    let above = new.parent.map(|parent| queries::quotas::quota(c, parent)).transpose()?;
    if above.as_ref().is_some_and(|above| above.round_id != round.id) {
        return Err(Error::NotFound);
    }
    let mut faults = FieldErrors::default();
    check_deadline(new.deadline, today, &mut faults);
    let latest = above.as_ref().and_then(|above| above.deadline).or(round.deadline);
    if new.deadline.zip(latest).is_some_and(|(asked, latest)| asked > latest) {
        faults.add("deadline", "quotas-fault-deadline-late");
    }
    let units: BTreeSet<UnitId> = new.rows.iter().map(|(unit, _)| *unit).collect();
    if new.rows.is_empty() || units.len() < new.rows.len() || new.rows.iter().any(|(_, amount)| *amount < 1) {
        faults.add("rows", "quotas-fault-rows");
    }
    faults.or(())?;
    for unit in &units {
        let unit = organisations::queries::unit(c, *unit)?;
        if !queries::quotas::can_be_given(c, above.as_ref(), &unit, today)? {
            let said = Message::new("quotas-fault-unit").with("unit", unit.code);
            return Err(FieldErrors::one("rows", said));
        }
    }
    pass_on(c, round.id, new.parent, new.rows.iter().map(|(_, amount)| amount).sum())?;
    let mut given = Vec::with_capacity(new.rows.len());
    for (unit, amount) in &new.rows {
        let quota = give(c, now, new, *unit, *amount, new.deadline.or(latest))?;
        let step = Step::of(&quota, EventKind::Allocated, *amount, &reason);
        Step { letter: Some(&letter), ..step }.write(c, by, now)?;
        given.push(quota);
    }
    tell_units(c, by, now, &round, &given)?;
    Ok(given.iter().map(|quota| quota.id).collect())
}

/// The unit's quota with so much more: a new one, or the one it has from the same hand.
fn give(
    c: &mut DbConn,
    now: Moment,
    new: &Allocation,
    unit: UnitId,
    amount: i64,
    deadline: Option<chrono::NaiveDate>,
) -> Result<Quota> {
    let parent = new.parent.map(|p| p.0);
    let row = (
        quotas::round_id.eq(new.round.0),
        quotas::parent_id.eq(parent),
        quotas::unit_id.eq(unit.0),
        quotas::amount.eq(amount),
        quotas::passed_on.eq(0),
        quotas::taken.eq(0),
        quotas::answer.eq(Answer::Waiting),
        quotas::answer_reason.eq(""),
        quotas::deadline.eq(deadline),
        quotas::created_at.eq(now),
    );
    // `ON CONFLICT` is not part of diesel's common backend.
    let added = crate::both!(c, |c| diesel::insert_into(quotas::table)
        .values(row)
        .on_conflict((quotas::round_id, quotas::unit_id))
        .do_nothing()
        .execute(c))?;
    if added == 0 {
        let mut more =
            diesel::update(quotas::table.filter(quotas::round_id.eq(new.round.0)).filter(quotas::unit_id.eq(unit.0)))
                .set((
                    quotas::amount.eq(quotas::amount + amount),
                    quotas::answer.eq(Answer::Waiting),
                    quotas::asked_amount.eq(None::<i64>),
                    quotas::deadline.eq(deadline),
                ))
                .into_boxed();
        more = match parent {
            Some(parent) => more.filter(quotas::parent_id.eq(parent)),
            None => more.filter(quotas::parent_id.is_null()),
        };
        if more.execute(c)? != 1 {
            let unit = organisations::queries::unit(c, unit)?;
            return Err(FieldErrors::one("rows", Message::new("quotas-fault-other-hand").with("unit", unit.code)));
        }
    }
    queries::quotas::in_round(c, new.round, unit)?.ok_or_else(|| Error::internal("a quota that was given is not there"))
}

/// Those responsible for training in each unit, in inbox and mail.
fn tell_units(c: &mut DbConn, by: &Actor, now: Moment, round: &QuotaRound, given: &[Quota]) -> Result<()> {
    let units: Vec<UnitId> = given.iter().map(|quota| quota.unit_id).collect();
    let officers = directory::holders(c, Permission::ManageQuotas, &units)?;
    let named = organisations::queries::by_ids(c, &units)?;
    for quota in given {
        let Some(unit) = named.get(&quota.unit_id) else { continue };
        let key =
            if quota.deadline.is_some() { "notifications-quota-given-until" } else { "notifications-quota-given" };
        let mut told = Message::new(key).with("name", round.title_vi.clone()).with("unit", unit.name_vi.clone());
        told = told.with("number", quota.amount);
        if let Some(day) = quota.deadline {
            told = told.with("date", text::date(day));
        }
        let href = format!("/phan-bo/{}/{}", round.code, unit.code);
        for (_, person) in officers.iter().filter(|(unit, person)| *unit == quota.unit_id && Some(*person) != by.person)
        {
            notify(c, now, *person, &told, Some(&href), true)?;
        }
    }
    Ok(())
}

/// Moves seats that are not in use from a quota to one beside it: a pair of steps. What the other unit has now it must answer.
pub fn reallocate(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    from: QuotaId,
    to: QuotaId,
    count: i64,
    reason: &str,
) -> Result<()> {
    let reason = needed(reason)?;
    let (giving, getting) = (queries::quotas::quota(c, from)?, queries::quotas::quota(c, to)?);
    if count < 1 {
        return Err(FieldErrors::one("count", "quotas-fault-count"));
    }
    if giving.id == getting.id || giving.round_id != getting.round_id || giving.parent_id != getting.parent_id {
        return Err(FieldErrors::one("to", "quotas-fault-sibling"));
    }
    let round = hold_open(c, giving.round_id)?;
    if !add_amount(c, from, -count)? {
        return Err(in_use(&queries::quotas::quota(c, from)?));
    }
    diesel::update(quotas::table.find(to.0))
        .set((
            quotas::amount.eq(quotas::amount + count),
            quotas::answer.eq(Answer::Waiting),
            quotas::asked_amount.eq(None::<i64>),
        ))
        .execute(c)?;
    Step::of(&giving, EventKind::Reallocated, -count, &reason).write(c, by, now)?;
    Step::of(&getting, EventKind::Reallocated, count, &reason).write(c, by, now)?;
    let changed = [queries::quotas::quota(c, from)?, queries::quotas::quota(c, to)?];
    tell_units(c, by, now, &round, &changed)
}

/// A unit gives seats it will not use back to who handed them out.
pub fn give_back(c: &mut DbConn, by: &Actor, now: Moment, id: QuotaId, count: i64, reason: &str) -> Result<()> {
    let reason = needed(reason)?;
    if count < 1 {
        return Err(FieldErrors::one("count", "quotas-fault-count"));
    }
    let quota = queries::quotas::quota(c, id)?;
    hold_open(c, quota.round_id)?;
    if !add_amount(c, id, -count)? {
        return Err(in_use(&queries::quotas::quota(c, id)?));
    }
    pass_on(c, quota.round_id, quota.parent_id, -count)?;
    Step::of(&quota, EventKind::Returned, -count, &reason).write(c, by, now)?;
    let unit = organisations::queries::unit(c, quota.unit_id)?;
    let told = Message::new("notifications-quota-returned").with("unit", unit.name_vi.clone()).with("number", count);
    tell_giver(c, by, now, &quota, &unit, told)
}

/// Whoever handed the seats out last hears of it, in inbox and mail.
pub(super) fn tell_giver(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    quota: &Quota,
    unit: &Unit,
    told: Message,
) -> Result<()> {
    let round = queries::quotas::round(c, quota.round_id)?;
    let giver: Option<PersonId> = queries::quotas::last_giver(c, quota.id)?;
    let href = format!("/phan-bo/{}/{}", round.code, unit.code);
    if let Some(giver) = giver.filter(|giver| Some(*giver) != by.person) {
        notify(c, now, giver, &told.with("name", round.title_vi), Some(&href), true)?;
    }
    Ok(())
}
