//! Tokens of other programs: made for a span of time, kept as a hash, revoked.

use chrono::Months;
use diesel::prelude::*;
use serde_json::json;

use super::sessions::{hash_token, new_token};
use crate::{
    access::{Actor, Grant, PersonId, Role, UnitId},
    accounts::{
        model::token::{MONTHS, MOST, NewToken, PREFIX, Resource, TokenId},
        queries,
    },
    audit::{self, Entry},
    platform::{
        clock::{day_end, local_day},
        db::{
            DbConn, Moment,
            schema::{api_tokens, role_grants},
        },
        error::{Error, FieldErrors, Result},
        i18n::Message,
    },
};

/// Makes a token and returns it; it is kept nowhere else. It stands on a role of its maker that reaches as far.
pub fn make(c: &mut DbConn, by: &Actor, now: Moment, owner: PersonId, new: &NewToken) -> Result<String> {
    check(new, now)?;
    let working: i64 = api_tokens::table
        .filter(api_tokens::created_by.eq(owner.0).and(api_tokens::revoked_at.is_null()))
        .filter(api_tokens::expires_at.gt(now))
        .count()
        .get_result(c)?;
    if working >= MOST {
        return Err(FieldErrors::one("", Message::new("api-fault-many").with("most", MOST)));
    }
    let grant = standing_on(c, now, owner, new.unit)?.ok_or(Error::Forbidden)?;
    let token = format!("{PREFIX}{}", new_token()?);
    let hint: String = token.chars().skip(token.chars().count().saturating_sub(4)).collect();
    let resources = Resource::joined(&new.resources);
    let id: i64 = diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::token_hash.eq(hash_token(&token)),
            api_tokens::hint.eq(hint),
            api_tokens::name.eq(&new.name),
            api_tokens::grant_id.eq(grant),
            api_tokens::unit_id.eq(new.unit.map(|unit| unit.0)),
            api_tokens::resources.eq(&resources),
            api_tokens::created_at.eq(now),
            api_tokens::created_by.eq(owner.0),
            api_tokens::expires_at.eq(Moment::from(day_end(new.last_day))),
        ))
        .returning(api_tokens::id)
        .get_result(c)?;
    let mut entry = Entry::new("token.make", "api_tokens", id)
        .after(json!({ "name": new.name, "resources": resources, "until": new.last_day }));
    if let Some(unit) = new.unit {
        entry = entry.unit(unit);
    }
    audit::record(c, by, now, entry)?;
    Ok(token)
}

fn check(new: &NewToken, now: Moment) -> Result<()> {
    let mut faults = FieldErrors::default();
    match new.name.chars().count() {
        0 => faults.add("name", "api-fault-name"),
        1..=100 => {}
        _ => faults.add("name", "api-fault-name-long"),
    }
    if new.resources.is_empty() {
        faults.add("resources", "api-fault-resources");
    }
    if new.unit.is_some() && new.resources.iter().any(|resource| resource.is_of_nation()) {
        faults.add("resources", "api-fault-of-nation");
    }
    let today = local_day(now.0);
    let latest = today.checked_add_months(Months::new(MONTHS)).unwrap_or(today);
    if new.last_day < today || new.last_day > latest {
        faults.add("last_day", "api-fault-last-day");
    }
    faults.or(())
}

/// The role of the maker that covers what the token is to reach.
fn standing_on(c: &mut DbConn, now: Moment, owner: PersonId, unit: Option<UnitId>) -> Result<Option<i64>> {
    let held: Vec<(i64, Role, Option<UnitId>)> = role_grants::table
        .filter(role_grants::person_id.eq(owner.0).and(role_grants::ended_at.is_null()))
        .order(role_grants::id.asc())
        .select((role_grants::id, role_grants::role, role_grants::unit_id))
        .load(c)?;
    for (id, role, over) in held {
        if queries::tokens::covers(c, Grant { role, unit: over }, unit, now)? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// Ends a token: one's own, or anybody's where `owner` is `None`.
pub fn revoke(c: &mut DbConn, by: &Actor, now: Moment, owner: Option<PersonId>, token: TokenId) -> Result<()> {
    let owners: i64 = api_tokens::table.find(token.0).select(api_tokens::created_by).first(c)?;
    if owner.is_some_and(|person| person.0 != owners) {
        return Err(Error::NotFound);
    }
    let ended = diesel::update(api_tokens::table.find(token.0).filter(api_tokens::revoked_at.is_null()))
        .set((api_tokens::revoked_at.eq(now), api_tokens::revoked_by.eq(by.person.map(|p| p.0))))
        .execute(c)?;
    if ended == 0 {
        return Err(Error::NotFound);
    }
    audit::record(c, by, now, Entry::new("token.revoke", "api_tokens", token))
}

/// Notes the day on which a token was used last; the first request of a day writes it.
pub fn used(c: &mut DbConn, now: Moment, token: TokenId) -> Result<()> {
    diesel::update(api_tokens::table.find(token.0)).set(api_tokens::last_used_on.eq(local_day(now.0))).execute(c)?;
    Ok(())
}
