//! Reading the tokens of other programs.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::{
    access::{Authority, Grant, Permission, PersonId, Reach, Role, UnitId},
    accounts::{
        model::{
            Person, PersonState,
            token::{LiveToken, Resource, Token, TokenId},
        },
        queries::directory,
        sessions::hash_token,
    },
    organisations::{model::Unit, queries as organisations},
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment,
            schema::{api_tokens, people, role_grants},
        },
        error::Result,
    },
};

/// Whether a role held over a unit lets its holder share the figures of a unit (`None`: of the whole country) on a day.
pub fn covers(c: &mut DbConn, grant: Grant, unit: Option<UnitId>, now: Moment) -> Result<bool> {
    let authority = Authority { person: PersonId(0), grants: vec![grant] };
    match (authority.reach(Permission::ShareFigures), unit) {
        (Reach::Everywhere, _) => Ok(true),
        (reach, Some(unit)) => directory::covers(c, &reach, unit, local_day(now.0)),
        (_, None) => Ok(false),
    }
}

/// The token, if it works: known, not over, not revoked, and the role it stands on is still held and still reaches as far.
pub fn live(c: &mut DbConn, now: Moment, token: &str) -> Result<Option<LiveToken>> {
    let found = api_tokens::table
        .inner_join(role_grants::table)
        .inner_join(people::table.on(people::id.eq(role_grants::person_id)))
        .filter(api_tokens::token_hash.eq(hash_token(token)))
        .filter(api_tokens::revoked_at.is_null().and(api_tokens::expires_at.gt(now)))
        .filter(role_grants::ended_at.is_null().and(people::state.ne(PersonState::Disabled)))
        .select((
            api_tokens::id,
            api_tokens::unit_id,
            api_tokens::resources,
            api_tokens::last_used_on,
            role_grants::role,
            role_grants::unit_id,
        ))
        .first::<(TokenId, Option<UnitId>, String, Option<chrono::NaiveDate>, Role, Option<UnitId>)>(c)
        .optional()?;
    let Some((id, unit, resources, last_used_on, role, over)) = found else { return Ok(None) };
    if !covers(c, Grant { role, unit: over }, unit, now)? {
        return Ok(None);
    }
    Ok(Some(LiveToken { id, unit, resources: Resource::split(&resources), last_used_on }))
}

/// A token in a list.
#[derive(Debug)]
pub struct ListedToken {
    pub token: Token,
    pub unit: Option<Unit>,
    pub owner: String,
    /// The role it stands on has ended, or its owner may not come in any more.
    pub is_orphan: bool,
}

/// Tokens, the latest first, before one of them; those of one person, or everybody's.
pub fn list(c: &mut DbConn, owner: Option<PersonId>, before: Option<TokenId>, limit: i64) -> Result<Vec<ListedToken>> {
    let mut query = api_tokens::table.select((Token::as_select(), api_tokens::grant_id)).into_boxed();
    if let Some(owner) = owner {
        query = query.filter(api_tokens::created_by.eq(owner.0));
    }
    if let Some(before) = before {
        query = query.filter(api_tokens::id.lt(before.0));
    }
    let rows: Vec<(Token, i64)> = query.order(api_tokens::id.desc()).limit(limit).load(c)?;
    let owners: HashMap<i64, (Option<Moment>, Person)> = role_grants::table
        .inner_join(people::table)
        .filter(role_grants::id.eq_any(rows.iter().map(|(_, grant)| *grant).collect::<Vec<_>>()))
        .select((role_grants::id, role_grants::ended_at, Person::as_select()))
        .load::<(i64, Option<Moment>, Person)>(c)?
        .into_iter()
        .map(|(grant, ended, person)| (grant, (ended, person)))
        .collect();
    let ids: Vec<UnitId> = rows.iter().filter_map(|(token, _)| token.unit_id).collect();
    let units = organisations::by_ids(c, &ids)?;
    Ok(rows
        .into_iter()
        .map(|(token, grant)| {
            let owner = owners.get(&grant);
            ListedToken {
                unit: token.unit_id.and_then(|id| units.get(&id)).cloned(),
                owner: owner.map(|(_, person)| person.full_name()).unwrap_or_default(),
                is_orphan: owner.is_none_or(|(ended, person)| ended.is_some() || person.state == PersonState::Disabled),
                token,
            }
        })
        .collect())
}
