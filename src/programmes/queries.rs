//! Reading nominations: one, those of a quota or a round, who may be nominated. [`programmes`] are what the rounds belong to,
//! [`members`] the people in them, [`coverage`] the posts that somebody fills.

pub mod coverage;
pub mod members;
pub mod programmes;
mod verify;

use std::collections::BTreeMap;

use diesel::prelude::*;

pub use self::verify::{verify, verify_programmes};
use super::model::{
    Happened, Letter, LetterId, Nomination, NominationEvent, NominationId, NominationState, Nominee, Rules,
};
use crate::{
    access::{Authority, Category, Permission, PersonId, Reach, UnitId},
    accounts::{
        model::{Person, import::Reason},
        queries::directory,
    },
    learning::{model::RunId, queries as learning},
    organisations::{model::Unit, queries as organisations},
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment,
            schema::{
                files, nomination_events, nomination_letters, nomination_rounds, nominations, people, quota_rounds,
                quotas, units,
            },
        },
        error::{Error, Result},
    },
    targets::{
        model::quota::{Quota, QuotaId, QuotaRound, RoundId},
        queries::quotas as quota_queries,
    },
};

/// Whom a round is for; everybody where nobody said otherwise.
pub fn rules(c: &mut DbConn, round: RoundId) -> Result<Rules> {
    let row: Option<(i32, String, String)> = nomination_rounds::table
        .filter(nomination_rounds::round_id.eq(round))
        .select((nomination_rounds::approval_steps, nomination_rounds::categories, nomination_rounds::positions))
        .first(c)
        .optional()?;
    let Some((steps, categories, positions)) = row else { return Ok(Rules::default()) };
    let categories: Vec<Category> = serde_json::from_str(&categories)?;
    Ok(Rules { steps, categories, positions: serde_json::from_str(&positions)? })
}

/// A round, what a unit has in it, and the unit, by the codes of an address.
pub fn place(c: &mut DbConn, round: &str, unit: &str) -> Result<(QuotaRound, Quota, Unit)> {
    let round = quota_queries::round_by_code(c, round)?;
    let unit = organisations::by_code(c, unit)?.ok_or(Error::NotFound)?;
    let quota = quota_queries::in_round(c, round.id, unit.id)?.ok_or(Error::NotFound)?;
    Ok((round, quota, unit))
}

/// The quotas of some units (`None`: of all), the rounds that are open first.
pub fn quotas_within(c: &mut DbConn, within: Option<&[UnitId]>) -> Result<Vec<(QuotaRound, Quota)>> {
    let mut query = quotas::table
        .inner_join(quota_rounds::table)
        .select((QuotaRound::as_select(), Quota::as_select()))
        .into_boxed();
    if let Some(units) = within {
        query = query.filter(quotas::unit_id.eq_any(units.iter().map(|unit| unit.0).collect::<Vec<_>>()));
    }
    let mut found: Vec<(QuotaRound, Quota)> = query.order((quota_rounds::id.desc(), quotas::id.asc())).load(c)?;
    found.sort_by_key(|(round, _)| !round.is_open());
    Ok(found)
}

/// Whether some units have anything in a round.
pub fn has_seats(c: &mut DbConn, round: RoundId, units: &[UnitId]) -> Result<bool> {
    let count: i64 = quotas::table
        .filter(quotas::round_id.eq(round))
        .filter(quotas::unit_id.eq_any(units.iter().map(|unit| unit.0).collect::<Vec<_>>()))
        .count()
        .get_result(c)?;
    Ok(count > 0)
}

pub fn nomination(c: &mut DbConn, id: NominationId) -> Result<Nomination> {
    Ok(nominations::table.find(id).select(Nomination::as_select()).first(c)?)
}

/// A nomination of a quota by the code of its address.
pub fn by_code(c: &mut DbConn, quota: QuotaId, code: &str) -> Result<Nomination> {
    Ok(nominations::table
        .filter(nominations::quota_id.eq(quota).and(nominations::code.eq(code)))
        .select(Nomination::as_select())
        .first(c)?)
}

/// The nominations of a quota, those who wait in their order after those who have a seat.
pub fn of_quota(c: &mut DbConn, quota: QuotaId) -> Result<Vec<(Nomination, Person)>> {
    Ok(nominations::table
        .inner_join(people::table.on(people::id.eq(nominations::person_id)))
        .filter(nominations::quota_id.eq(quota))
        .order((nominations::waits_from.asc(), people::sort_key.asc(), nominations::id.asc()))
        .select((Nomination::as_select(), Person::as_select()))
        .load(c)?)
}

/// The nominations of a round in one of some states, by unit and then by name.
pub fn of_round(
    c: &mut DbConn,
    round: RoundId,
    states: &[NominationState],
    within: Option<&[UnitId]>,
    limit: i64,
) -> Result<Vec<(Nomination, Person)>> {
    let mut query = nominations::table
        .inner_join(people::table.on(people::id.eq(nominations::person_id)))
        .inner_join(quotas::table)
        .filter(nominations::round_id.eq(round).and(nominations::state.eq_any(states.to_vec())))
        .select((Nomination::as_select(), Person::as_select()))
        .into_boxed();
    if let Some(units) = within {
        query = query.filter(quotas::unit_id.eq_any(units.iter().map(|unit| unit.0).collect::<Vec<_>>()));
    }
    Ok(query
        .order((quotas::unit_id.asc(), nominations::waits_from.asc(), people::sort_key.asc(), nominations::id.asc()))
        .limit(limit)
        .load(c)?)
}

/// How many nominations of a quota are in each state.
pub fn counts(c: &mut DbConn, quota: QuotaId) -> Result<BTreeMap<NominationState, i64>> {
    let rows: Vec<(NominationState, i64)> = nominations::table
        .filter(nominations::quota_id.eq(quota))
        .group_by(nominations::state)
        .select((nominations::state, diesel::dsl::count_star()))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// The same of a whole round.
pub fn counts_of_round(c: &mut DbConn, round: RoundId) -> Result<BTreeMap<NominationState, i64>> {
    let rows: Vec<(NominationState, i64)> = nominations::table
        .filter(nominations::round_id.eq(round))
        .group_by(nominations::state)
        .select((nominations::state, diesel::dsl::count_star()))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// The steps of a nomination, the first first.
pub fn history(c: &mut DbConn, id: NominationId) -> Result<Vec<NominationEvent>> {
    Ok(nomination_events::table
        .filter(nomination_events::nomination_id.eq(id))
        .order(nomination_events::id.asc())
        .select(NominationEvent::as_select())
        .load(c)?)
}

/// Who of a quota waits, the first first.
pub fn waiting(c: &mut DbConn, quota: QuotaId, limit: i64) -> Result<Vec<Nomination>> {
    Ok(nominations::table
        .filter(nominations::quota_id.eq(quota).and(nominations::state.eq(NominationState::Waiting)))
        .order(nominations::waits_from.asc())
        .limit(limit)
        .select(Nomination::as_select())
        .load(c)?)
}

/// The place of a nomination in the waiting list of its quota, from 1.
pub fn waiting_place(c: &mut DbConn, nomination: &Nomination) -> Result<i64> {
    let own: Option<i64> = nominations::table.find(nomination.id).select(nominations::waits_from).first(c)?;
    Ok(nominations::table
        .filter(nominations::quota_id.eq(nomination.quota_id))
        .filter(nominations::waits_from.le(own))
        .count()
        .get_result(c)?)
}

/// Quotas in which somebody waits while a seat is free: the quota may have grown.
pub fn quotas_to_fill(c: &mut DbConn) -> Result<Vec<QuotaId>> {
    Ok(nominations::table
        .inner_join(quotas::table)
        .filter(nominations::state.eq(NominationState::Waiting))
        .filter((quotas::passed_on + quotas::taken).lt(quotas::amount))
        .select(nominations::quota_id)
        .distinct()
        .load(c)?)
}

/// A person's nominations, the latest first.
pub fn of_person(c: &mut DbConn, person: PersonId) -> Result<Vec<(Nomination, QuotaRound)>> {
    Ok(nominations::table
        .inner_join(quota_rounds::table.on(quota_rounds::id.eq(nominations::round_id)))
        .filter(nominations::person_id.eq(person))
        .order(nominations::id.desc())
        .select((Nomination::as_select(), QuotaRound::as_select()))
        .load(c)?)
}

/// What of nominations and programmes waits for somebody: their own that go on, those returned to their units, those to decide.
#[derive(Debug, Clone, Copy, Default)]
pub struct Desk {
    pub own: i64,
    pub returned: i64,
    pub to_decide: i64,
    /// Whether they are in a programme.
    pub in_programme: bool,
    /// Those who fulfil what a programme asks for, and recognitions to look at again.
    pub to_recognise: i64,
    pub to_review: i64,
}

pub fn desk(c: &mut DbConn, authority: &Authority, now: Moment) -> Result<Desk> {
    let open =
        [NominationState::Submitted, NominationState::Endorsed, NominationState::Waiting, NominationState::Approved];
    let own = nominations::table
        .filter(nominations::person_id.eq(authority.person).and(nominations::state.eq_any(open)))
        .count()
        .get_result(c)?;
    let in_programme = members::is_in_any(c, authority.person)?;
    let mut desk = Desk { own, in_programme, ..Desk::default() };
    if authority.may(Permission::DecideNominations) {
        (desk.to_recognise, desk.to_review) = members::desk(c)?;
        desk.to_decide = nominations::table
            .filter(nominations::state.eq_any([NominationState::Submitted, NominationState::Endorsed]))
            .count()
            .get_result(c)?;
    }
    let reach = authority.reach(Permission::Nominate);
    if reach != Reach::Nowhere {
        let mut query = nominations::table
            .inner_join(quotas::table)
            .filter(nominations::state.eq(NominationState::Returned))
            .into_boxed();
        if let Some(units) = directory::units_within(c, &reach, local_day(now.0))? {
            query = query.filter(quotas::unit_id.eq_any(units.iter().map(|unit| unit.0).collect::<Vec<_>>()));
        }
        desk.returned = query.count().get_result(c)?;
    }
    Ok(desk)
}

/// A nomination that was returned to its unit, and why.
#[derive(Debug, Clone)]
pub struct Returned {
    pub nomination: Nomination,
    pub name: String,
    pub round: String,
    pub unit: String,
    pub reason: String,
}

/// The nominations of one's units that were returned, the latest first.
pub fn returned(c: &mut DbConn, authority: &Authority, now: Moment, limit: i64) -> Result<Vec<Returned>> {
    let reach = authority.reach(Permission::Nominate);
    if reach == Reach::Nowhere {
        return Ok(Vec::new());
    }
    let mut query = nominations::table
        .inner_join(quotas::table.inner_join(quota_rounds::table))
        .inner_join(people::table.on(people::id.eq(nominations::person_id)))
        .inner_join(units::table.on(units::id.eq(quotas::unit_id)))
        .filter(nominations::state.eq(NominationState::Returned))
        .select((Nomination::as_select(), Person::as_select(), quota_rounds::code, units::code))
        .into_boxed();
    if let Some(units) = directory::units_within(c, &reach, local_day(now.0))? {
        query = query.filter(quotas::unit_id.eq_any(units.iter().map(|unit| unit.0).collect::<Vec<_>>()));
    }
    let found: Vec<(Nomination, Person, String, String)> =
        query.order((nominations::changed_at.desc(), nominations::id.desc())).limit(limit).load(c)?;
    let reasons: Vec<(NominationId, String)> = nomination_events::table
        .filter(nomination_events::kind.eq(Happened::Returned))
        .filter(nomination_events::nomination_id.eq_any(found.iter().map(|(n, ..)| n.id.0).collect::<Vec<_>>()))
        .order(nomination_events::id.asc())
        .select((nomination_events::nomination_id, nomination_events::reason))
        .load(c)?;
    // The last one stays.
    let mut reasons: BTreeMap<NominationId, String> = reasons.into_iter().collect();
    Ok(found
        .into_iter()
        .map(|(nomination, person, round, unit)| Returned {
            reason: reasons.remove(&nomination.id).unwrap_or_default(),
            name: person.full_name(),
            nomination,
            round,
            unit,
        })
        .collect())
}

/// Whether somebody was ever nominated.
pub fn was_nominated(c: &mut DbConn, person: PersonId) -> Result<bool> {
    let count: i64 = nominations::table.filter(nominations::person_id.eq(person)).count().get_result(c)?;
    Ok(count > 0)
}

/// How many nominations of units are still on their way.
pub fn under_way(c: &mut DbConn, units: &[UnitId]) -> Result<i64> {
    let over: Vec<NominationState> = NominationState::ALL
        .iter()
        .copied()
        .filter(|state| state.is_over() || *state == NominationState::Approved)
        .collect();
    Ok(nominations::table
        .filter(nominations::unit_id.eq_any(units.iter().map(|unit| unit.0).collect::<Vec<_>>()))
        .filter(nominations::state.ne_all(over))
        .count()
        .get_result(c)?)
}

/// A letter of a quota.
pub fn letter(c: &mut DbConn, quota: QuotaId, id: LetterId) -> Result<Letter> {
    Ok(nomination_letters::table
        .inner_join(files::table)
        .filter(nomination_letters::quota_id.eq(quota).and(nomination_letters::id.eq(id)))
        .select((
            nomination_letters::id,
            nomination_letters::number,
            nomination_letters::dated,
            files::key,
            files::media_type,
            files::name,
        ))
        .first(c)?)
}

/// What speaks against nominating somebody for a seat of a quota; nothing where nothing does.
pub fn against(
    c: &mut DbConn,
    now: Moment,
    round: &QuotaRound,
    quota: &Quota,
    nominee: &Nominee,
) -> Result<Vec<Reason>> {
    let mut reasons = Vec::new();
    if !organisations::is_under(c, nominee.unit, &[quota.unit_id], local_day(now.0))? {
        reasons.push(Reason::new("programmes-not-of-unit"));
    }
    let rules = rules(c, round.id)?;
    if !rules.allows_category(nominee.category) {
        reasons.push(Reason::new("programmes-not-category"));
    }
    if !rules.allows_position(&nominee.position) {
        reasons.push(Reason::new("programmes-not-position").with("value", rules.positions.join(", ")));
    }
    if let Some(person) = nominee.person {
        let known: i64 = nominations::table
            .filter(nominations::round_id.eq(round.id).and(nominations::person_id.eq(person)))
            .filter(nominations::state.ne_all([
                NominationState::Rejected,
                NominationState::Withdrawn,
                NominationState::Replaced,
            ]))
            .count()
            .get_result(c)?;
        if known > 0 {
            reasons.push(Reason::new("programmes-nominated-already"));
        }
    }
    if let Some(run) = round.run_id {
        reasons.extend(missing(c, run, nominee.person)?);
    }
    Ok(reasons)
}

/// The courses that the class of a round builds on and a nominee has not completed.
fn missing(c: &mut DbConn, run: RunId, person: Option<PersonId>) -> Result<Option<Reason>> {
    let run = learning::run(c, run)?;
    // Nobody has this id: who has no account has completed nothing.
    let courses = learning::missing_prerequisites(c, &run, person.unwrap_or(PersonId(0)))?;
    let reason = || Reason::new("programmes-prerequisites").with("value", courses.join(", "));
    Ok((!courses.is_empty()).then(reason))
}
