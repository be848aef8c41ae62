//! Who is told what, once.

use crate::{
    access::Permission,
    accounts::queries::directory,
    notifications::actions::notify,
    organisations::queries as organisations,
    platform::{
        as_i64,
        clock::local_day,
        db::{DbConn, Moment},
        error::Result,
        i18n::Message,
    },
    programmes::model::{Nomination, quota_path},
    targets::{
        model::quota::{Quota, QuotaRound},
        queries::quotas,
    },
};

/// Where a person sees their own nominations.
pub const OWN: &str = "/de-cu/cua-toi";

/// Tells the person themselves.
pub(super) fn person(
    c: &mut DbConn,
    now: Moment,
    nomination: &Nomination,
    round: &QuotaRound,
    key: &'static str,
) -> Result<()> {
    let told = Message::new(key).with("name", round.title_vi.clone());
    notify(c, now, nomination.person_id, &told, Some(OWN), true).map(drop)
}

/// Tells whoever sent a nomination up.
pub(super) fn unit_of(
    c: &mut DbConn,
    now: Moment,
    nomination: &Nomination,
    round: &QuotaRound,
    key: &'static str,
) -> Result<()> {
    let Some(officer) = nomination.submitted_by else { return Ok(()) };
    let unit = quotas::quota(c, nomination.quota_id)?.unit_id;
    let unit = organisations::unit(c, unit)?;
    let told = Message::new(key).with("name", round.title_vi.clone()).with("unit", unit.name_vi.clone());
    notify(c, now, officer, &told, Some(&quota_path(&round.code, &unit.code)), true).map(drop)
}

/// What a unit is told after a decision about several of its nominations: one letter for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    Approved,
    Waiting,
    Returned,
    Rejected,
}

/// Tells those who sent nominations of a quota up what was decided about so many of them.
pub fn tell_unit(c: &mut DbConn, now: Moment, nominations: &[Nomination], what: Told) -> Result<()> {
    let key = match what {
        Told::Approved => "notifications-nominees-approved",
        Told::Waiting => "notifications-nominees-waiting",
        Told::Returned => "notifications-nominees-returned",
        Told::Rejected => "notifications-nominees-rejected",
    };
    let mut groups: std::collections::BTreeMap<_, i64> = std::collections::BTreeMap::new();
    for nomination in nominations {
        if let Some(officer) = nomination.submitted_by {
            *groups.entry((officer, nomination.quota_id)).or_default() += 1;
        }
    }
    for ((officer, quota), number) in groups {
        let quota = quotas::quota(c, quota)?;
        let (round, unit) = (quotas::round(c, quota.round_id)?, organisations::unit(c, quota.unit_id)?);
        let told = Message::new(key).with("number", number).with("name", round.title_vi.clone());
        notify(c, now, officer, &told, Some(&quota_path(&round.code, &unit.code)), true)?;
    }
    Ok(())
}

/// Tells those who decide that a unit sent nominations up.
pub fn tell_deciders(c: &mut DbConn, now: Moment, round: &QuotaRound, quota: &Quota, number: usize) -> Result<()> {
    let unit = organisations::unit(c, quota.unit_id)?;
    let number = as_i64(number);
    let told = Message::new("notifications-nominations-submitted")
        .with("unit", unit.name_vi)
        .with("number", number)
        .with("name", round.title_vi.clone());
    for person in directory::who_may(c, Permission::DecideNominations, quota.unit_id, local_day(now.0))? {
        notify(c, now, person, &told, Some(&format!("/de-cu/{}", round.code)), true)?;
    }
    Ok(())
}
