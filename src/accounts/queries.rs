//! Reading people, memberships and roles; [`directory`] has the list and the person's page, [`imports`] the lists that came as files,
//! [`tokens`] those of other programs.

pub mod directory;
pub mod imports;
pub mod tokens;
pub mod transfers;

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{Membership, Person};
use crate::{
    access::{Authority, Grant, PersonId, Role, UnitId},
    platform::{
        db::{
            DbConn, Moment,
            schema::{memberships, people, role_grants, units},
        },
        error::Result,
        text,
    },
};

pub fn person(c: &mut DbConn, id: PersonId) -> Result<Person> {
    Ok(people::table.filter(people::id.eq(id.0)).select(Person::as_select()).first(c)?)
}

pub fn person_by_code(c: &mut DbConn, code: &str) -> Result<Option<Person>> {
    Ok(people::table.filter(people::code.eq(code)).select(Person::as_select()).first(c).optional()?)
}

/// Whom an e-mail address, a phone number or a user name means, with the hash of their password.
pub fn by_identifier(c: &mut DbConn, typed: &str) -> Result<Option<(Person, Option<String>)>> {
    let typed = text::tidy(typed);
    let select = (Person::as_select(), people::password_hash);
    let found = if let Some(email) = text::email(&typed) {
        people::table.filter(people::email.eq(email)).select(select).first(c).optional()?
    } else if let Some(phone) = text::phone(&typed) {
        people::table.filter(people::phone.eq(phone)).select(select).first(c).optional()?
    } else if let Some(name) = text::user_name(&typed) {
        people::table.filter(people::user_name.eq(name)).select(select).first(c).optional()?
    } else {
        None
    };
    Ok(found)
}

/// Whom each of these names: an e-mail address, a telephone number or a user name, as in [`by_identifier`]. What names nobody
/// is `None`; the order is kept.
pub fn by_identifiers(c: &mut DbConn, typed: &[String]) -> Result<Vec<Option<Person>>> {
    let (mut emails, mut phones, mut names) = (Vec::new(), Vec::new(), Vec::new());
    for text in typed {
        if let Some(email) = text::email(text) {
            emails.push(email);
        } else if let Some(phone) = text::phone(text) {
            phones.push(phone);
        } else if let Some(name) = text::user_name(text) {
            names.push(name);
        }
    }
    let found: Vec<Person> = people::table
        .filter(people::email.eq_any(emails).or(people::phone.eq_any(phones)).or(people::user_name.eq_any(names)))
        .select(Person::as_select())
        .load(c)?;
    let is = |kept: &Option<String>, asked: Option<String>| asked.is_some() && *kept == asked;
    let named = |text: &String| {
        let of = |p: &&Person| match text::email(text) {
            Some(email) => p.email.as_deref() == Some(email.as_str()),
            None => is(&p.phone, text::phone(text)) || is(&p.user_name, text::user_name(text)),
        };
        found.iter().find(of).cloned()
    };
    Ok(typed.iter().map(named).collect())
}

pub fn password_hash(c: &mut DbConn, id: PersonId) -> Result<Option<String>> {
    Ok(people::table.filter(people::id.eq(id.0)).select(people::password_hash).first(c)?)
}

/// The roles somebody holds now.
pub fn authority(c: &mut DbConn, person: PersonId) -> Result<Authority> {
    let rows: Vec<(Role, Option<UnitId>)> = role_grants::table
        .filter(role_grants::person_id.eq(person.0).and(role_grants::ended_at.is_null()))
        .order(role_grants::id.asc())
        .select((role_grants::role, role_grants::unit_id))
        .load(c)?;
    Ok(Authority { person, grants: rows.into_iter().map(|(role, unit)| Grant { role, unit }).collect() })
}

/// Where each of these people worked on a day, as in [`membership_on`]; who worked nowhere is not in it.
pub fn units_on(c: &mut DbConn, people: &[PersonId], day: NaiveDate) -> Result<HashMap<PersonId, UnitId>> {
    let rows: Vec<(PersonId, UnitId)> = memberships::table
        .filter(memberships::person_id.eq_any(people.to_vec()))
        .filter(memberships::valid_from.le(day))
        .filter(memberships::valid_to.is_null().or(memberships::valid_to.ge(day)))
        .order((memberships::valid_from.asc(), memberships::id.asc()))
        .select((memberships::person_id, memberships::unit_id))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// Where a person worked on a day. Two memberships at once are possible; the one that began last speaks.
pub fn membership_on(c: &mut DbConn, person: PersonId, day: NaiveDate) -> Result<Option<Membership>> {
    Ok(memberships::table
        .filter(memberships::person_id.eq(person.0).and(memberships::valid_from.le(day)))
        .filter(memberships::valid_to.is_null().or(memberships::valid_to.ge(day)))
        .order((memberships::valid_from.desc(), memberships::id.desc()))
        .select(Membership::as_select())
        .first(c)
        .optional()?)
}

/// Where each of several people belonged on a day; who belonged nowhere is missing.
pub fn memberships_on(c: &mut DbConn, people: &[PersonId], day: NaiveDate) -> Result<HashMap<PersonId, Membership>> {
    let found: Vec<Membership> = memberships::table
        .filter(memberships::person_id.eq_any(people.to_vec()).and(memberships::valid_from.le(day)))
        .filter(memberships::valid_to.is_null().or(memberships::valid_to.ge(day)))
        .order((memberships::valid_from.asc(), memberships::id.asc()))
        .select(Membership::as_select())
        .load(c)?;
    // Of several that hold at once the latest, as for one person.
    Ok(found.into_iter().map(|membership| (membership.person_id, membership)).collect())
}

/// The name of a unit in both languages.
pub type Named = (String, String);

/// All memberships of a person, the latest first, with the unit's code and name.
pub fn memberships_of(c: &mut DbConn, person: PersonId) -> Result<Vec<(Membership, String, Named)>> {
    Ok(memberships::table
        .inner_join(units::table)
        .filter(memberships::person_id.eq(person.0))
        .order((memberships::valid_from.desc(), memberships::id.desc()))
        .select((Membership::as_select(), units::code, (units::name_vi, units::name_en)))
        .load(c)?)
}

/// Whether there are people at all.
pub fn anybody(c: &mut DbConn) -> Result<bool> {
    Ok(people::table.select(people::id).first::<i64>(c).optional()?.is_some())
}

/// Whether nobody has ever signed in: until then a link may be made for the first administrator.
pub fn never_signed_in(c: &mut DbConn) -> Result<bool> {
    use crate::platform::db::schema::sessions;
    Ok(sessions::table.select(sessions::id).first::<i64>(c).optional()?.is_none())
}

/// The id of a grant, the role, over which unit, since when.
pub type HeldRole = (i64, Role, Option<Named>, Moment);

/// The roles of a person with since when and over which unit.
pub fn grants_of(c: &mut DbConn, person: PersonId) -> Result<Vec<HeldRole>> {
    Ok(role_grants::table
        .left_join(units::table)
        .filter(role_grants::person_id.eq(person.0).and(role_grants::ended_at.is_null()))
        .order(role_grants::id.asc())
        .select((
            role_grants::id,
            role_grants::role,
            (units::name_vi, units::name_en).nullable(),
            role_grants::granted_at,
        ))
        .load(c)?)
}
