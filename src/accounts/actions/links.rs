//! One-time links and slips: made for one person and one purpose, kept as a hash, used once, over after their time.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::sessions::{hash_token, new_token};
use crate::accounts::model::{Person, PersonState, Purpose};
use crate::{
    access::{Actor, PersonId},
    audit,
    platform::{
        db::{
            DbConn, Moment,
            schema::{one_time_links, people},
        },
        error::{Error, Result},
    },
};

impl Purpose {
    /// How long such a link works.
    pub fn lifetime(self) -> TimeDelta {
        match self {
            Self::SignIn => TimeDelta::hours(24),
            Self::Reset => TimeDelta::hours(2),
            Self::Invitation | Self::Slip => TimeDelta::days(7),
        }
    }
}

/// A link that may still be used, and whose it is.
#[derive(Debug, Clone)]
pub struct LiveLink {
    pub id: i64,
    pub purpose: Purpose,
    pub person: Person,
}

/// Makes a link and returns its token, which is kept nowhere else. An older one of the same purpose stops working.
pub fn make(c: &mut DbConn, by: &Actor, now: Moment, person: PersonId, purpose: Purpose) -> Result<String> {
    let token = if purpose == Purpose::Slip { slip_code()? } else { new_token()? };
    diesel::update(
        one_time_links::table
            .filter(one_time_links::person_id.eq(person.0).and(one_time_links::purpose.eq(purpose)))
            .filter(one_time_links::used_at.is_null()),
    )
    .set(one_time_links::used_at.eq(now))
    .execute(c)?;
    let id: i64 = diesel::insert_into(one_time_links::table)
        .values((
            one_time_links::token_hash.eq(hash_token(&token)),
            one_time_links::purpose.eq(purpose),
            one_time_links::person_id.eq(person.0),
            one_time_links::created_at.eq(now),
            one_time_links::created_by.eq(by.person.map(|p| p.0)),
            one_time_links::expires_at.eq(now + purpose.lifetime()),
        ))
        .returning(one_time_links::id)
        .get_result(c)?;
    audit::record(c, by, now, audit::Entry::new("link.make", "one_time_links", id).reason(purpose.as_str()))?;
    Ok(token)
}

/// The letters of a slip: none that is mistaken for another. 16 of them hold 80 bits.
const SLIP_LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

fn slip_code() -> Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(bytes.iter().filter_map(|b| SLIP_LETTERS.get(usize::from(b % 32)).map(|l| char::from(*l))).collect())
}

/// A slip's code as typed: any case, with or without spaces and hyphens.
pub fn tidy_slip(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// A slip's code as printed: groups of four.
pub fn show_slip(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// The link of a token, if it may still be used.
pub fn find(c: &mut DbConn, now: Moment, token: &str) -> Result<Option<LiveLink>> {
    let found = one_time_links::table
        .inner_join(people::table)
        .filter(one_time_links::token_hash.eq(hash_token(token)))
        .filter(one_time_links::used_at.is_null().and(one_time_links::expires_at.gt(now)))
        .filter(people::state.ne(PersonState::Disabled))
        .select((one_time_links::id, one_time_links::purpose, Person::as_select()))
        .first::<(i64, Purpose, Person)>(c)
        .optional()?;
    Ok(found.map(|(id, purpose, person)| LiveLink { id, purpose, person }))
}

/// Uses a link up: one conditional statement, so of two clicks at once only one comes through.
pub fn redeem(c: &mut DbConn, now: Moment, token: &str) -> Result<LiveLink> {
    let link = find(c, now, token)?.ok_or_else(|| Error::refused("accounts-link-over"))?;
    let used = diesel::update(
        one_time_links::table.filter(one_time_links::id.eq(link.id).and(one_time_links::used_at.is_null())),
    )
    .set(one_time_links::used_at.eq(now))
    .execute(c)?;
    if used == 1 { Ok(link) } else { Err(Error::refused("accounts-link-over")) }
}
