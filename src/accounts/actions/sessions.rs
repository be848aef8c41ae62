//! Sessions: random tokens in a cookie, only their hash in the database, listed and ended by their owner.

use chrono::TimeDelta;
use diesel::prelude::*;
use sha2::{Digest, Sha256};

use crate::accounts::{
    model::{Person, PersonState, SessionId, SessionRow},
    queries,
};
use crate::{
    access::{Actor, Authority, Grant, PersonId, Role, UnitId},
    audit,
    platform::{
        clock,
        db::{
            DbConn, Moment,
            schema::{memberships, people, role_grants, sessions, units},
        },
        error::Result,
        http::guard::random_code,
        text::hex,
    },
};

/// A session ends after this long, used or not.
pub const LONGEST: TimeDelta = TimeDelta::days(14);
/// A session that is not used ends after this long: a phone in a drawer.
pub const IDLE: TimeDelta = TimeDelta::days(3);
/// `last_seen_at` is written at most this often.
pub const SEEN_EVERY: TimeDelta = TimeDelta::minutes(10);

/// The hash under which a random token is kept.
pub fn hash_token(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// 256 random bits for a cookie or a link.
pub fn new_token() -> Result<String> {
    Ok(format!("{}{}", random_code()?, random_code()?))
}

/// Who a token belongs to, and what the page around them shows.
#[derive(Debug, Clone)]
pub struct Signed {
    pub session: SessionId,
    pub person: Person,
    pub authority: Authority,
    /// Where they work, in both languages.
    pub unit: Option<(String, String)>,
    pub last_seen_at: Moment,
}

/// Begins a session and returns its token, which is kept nowhere else.
pub fn begin(c: &mut DbConn, by: &Actor, now: Moment, person: PersonId, agent: &str, how: &str) -> Result<String> {
    let token = new_token()?;
    let address = by.address.map(|a| a.to_string()).unwrap_or_default();
    let id: i64 = diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(hash_token(&token)),
            sessions::person_id.eq(person.0),
            sessions::created_at.eq(now),
            sessions::last_seen_at.eq(now),
            sessions::expires_at.eq(now + LONGEST),
            sessions::address.eq(address),
            sessions::agent.eq(agent),
        ))
        .returning(sessions::id)
        .get_result(c)?;
    let by = Actor { person: Some(person), ..by.clone() };
    audit::record(c, &by, now, audit::Entry::new("session.begin", "sessions", id).reason(how))?;
    Ok(token)
}

/// Who has a session, with one of their roles and one of the places where they work.
type Row = (SessionId, Moment, Person, Option<i64>, Option<queries::Named>, Option<(Role, Option<UnitId>)>);

/// The person of a token, unless the session has ended or the person may not come in any more.
pub fn find(c: &mut DbConn, now: Moment, token: &str) -> Result<Option<Signed>> {
    let day = clock::local_day(*now);
    // Where they work, as in `queries::membership_on`, and their roles, as in `queries::authority`, come along with one statement. So there is a
    // row for each of their roles, with each of the places where they work.
    let hash = hash_token(token);
    // Every request of everybody passes here: see `both!`.
    let rows = crate::both!(c, |c| {
        let works_in = memberships::person_id
            .eq(people::id)
            .and(memberships::valid_from.le(day))
            .and(memberships::valid_to.is_null().or(memberships::valid_to.ge(day)));
        let holds = role_grants::person_id.eq(people::id).and(role_grants::ended_at.is_null());
        sessions::table
            .inner_join(people::table)
            .left_join(memberships::table.on(works_in))
            .left_join(units::table.on(units::id.nullable().eq(memberships::unit_id.nullable())))
            .left_join(role_grants::table.on(holds))
            .filter(sessions::token_hash.eq(&hash).and(sessions::ended_at.is_null()))
            .filter(sessions::expires_at.gt(now).and(sessions::last_seen_at.gt(now - IDLE)))
            .filter(people::state.ne(PersonState::Disabled))
            .order((memberships::valid_from.desc(), memberships::id.desc(), role_grants::id.asc()))
            .select((
                sessions::id,
                sessions::last_seen_at,
                Person::as_select(),
                memberships::id.nullable(),
                (units::name_vi, units::name_en).nullable(),
                (role_grants::role, role_grants::unit_id).nullable(),
            ))
            .load::<Row>(c)
    })?;
    let place = rows.first().and_then(|(_, _, _, membership, ..)| *membership);
    let mut rows = rows.into_iter().take_while(|(_, _, _, membership, ..)| *membership == place);
    let Some((session, last_seen_at, person, _, unit, first)) = rows.next() else { return Ok(None) };
    let held = first.into_iter().chain(rows.filter_map(|(.., role)| role));
    let grants = held.map(|(role, unit)| Grant { role, unit }).collect();
    let authority = Authority { person: person.id, grants };
    Ok(Some(Signed { session, person, authority, unit, last_seen_at }))
}

/// Notes that a session is in use.
pub fn seen(c: &mut DbConn, now: Moment, session: SessionId) -> Result<()> {
    diesel::update(sessions::table.find(session.0)).set(sessions::last_seen_at.eq(now)).execute(c)?;
    Ok(())
}

/// The live sessions of a person, the last used first.
pub fn list(c: &mut DbConn, now: Moment, person: PersonId) -> Result<Vec<SessionRow>> {
    Ok(sessions::table
        .filter(sessions::person_id.eq(person.0).and(sessions::ended_at.is_null()))
        .filter(sessions::expires_at.gt(now).and(sessions::last_seen_at.gt(now - IDLE)))
        .order(sessions::last_seen_at.desc())
        .select((sessions::id, sessions::created_at, sessions::last_seen_at, sessions::address, sessions::agent))
        .limit(100)
        .load(c)?)
}

/// Ends one session of a person; `false` when it is not theirs or over.
pub fn end(c: &mut DbConn, by: &Actor, now: Moment, person: PersonId, session: SessionId) -> Result<bool> {
    let ended = diesel::update(
        sessions::table
            .filter(sessions::id.eq(session.0).and(sessions::person_id.eq(person.0)).and(sessions::ended_at.is_null())),
    )
    .set(sessions::ended_at.eq(now))
    .execute(c)?;
    if ended == 1 {
        audit::record(c, by, now, audit::Entry::new("session.end", "sessions", session))?;
    }
    Ok(ended == 1)
}

/// Ends all sessions of a person but, if given, one: a new password, somebody else's hands.
pub fn end_others(c: &mut DbConn, by: &Actor, now: Moment, person: PersonId, keep: Option<SessionId>) -> Result<usize> {
    let ended = diesel::update(
        sessions::table
            .filter(sessions::person_id.eq(person.0).and(sessions::ended_at.is_null()))
            .filter(sessions::id.ne(keep.map_or(-1, |s| s.0))),
    )
    .set(sessions::ended_at.eq(now))
    .execute(c)?;
    if ended > 0 {
        audit::record(c, by, now, audit::Entry::new("session.end-others", "people", person))?;
    }
    Ok(ended)
}
