//! Reading people, memberships and roles.

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

/// All memberships of a person, the latest first, with the unit's code and name.
pub fn memberships_of(c: &mut DbConn, person: PersonId) -> Result<Vec<(Membership, String, String)>> {
    Ok(memberships::table
        .inner_join(units::table)
        .filter(memberships::person_id.eq(person.0))
        .order((memberships::valid_from.desc(), memberships::id.desc()))
        .select((Membership::as_select(), units::code, units::name_vi))
        .load(c)?)
}

/// People who work on a day in one of these units (`None`: anywhere), by given name, and how many there are in all. `search`
/// is matched without marks.
pub fn people_in(
    c: &mut DbConn,
    units_of: Option<&[i64]>,
    day: NaiveDate,
    search: &str,
    offset: i64,
    limit: i64,
) -> Result<(i64, Vec<(Person, Option<String>)>)> {
    let working = |of: &[i64]| {
        memberships::table
            .filter(memberships::unit_id.eq_any(of.to_vec()))
            .filter(memberships::valid_from.le(day))
            .filter(memberships::valid_to.is_null().or(memberships::valid_to.ge(day)))
            .select(memberships::person_id)
    };
    let pattern = format!("%{}%", text::fold(search).replace(['%', '_'], " "));
    let mut count = people::table.into_boxed();
    let mut list = people::table.into_boxed();
    if let Some(of) = units_of {
        count = count.filter(people::id.eq_any(working(of)));
        list = list.filter(people::id.eq_any(working(of)));
    }
    if !search.trim().is_empty() {
        count = count.filter(people::folded.like(pattern.clone()));
        list = list.filter(people::folded.like(pattern));
    }
    let total = count.count().get_result(c)?;
    let found: Vec<Person> = list
        .order((people::sort_key.asc(), people::id.asc()))
        .offset(offset)
        .limit(limit)
        .select(Person::as_select())
        .load(c)?;
    let ids: Vec<i64> = found.iter().map(|p| p.id.0).collect();
    let names: Vec<(i64, String)> = memberships::table
        .inner_join(units::table)
        .filter(memberships::person_id.eq_any(ids))
        .filter(memberships::valid_from.le(day))
        .filter(memberships::valid_to.is_null().or(memberships::valid_to.ge(day)))
        .order(memberships::valid_from.asc())
        .select((memberships::person_id, units::name_vi))
        .load(c)?;
    let unit_of = |person: PersonId| names.iter().rev().find(|(id, _)| *id == person.0).map(|(_, name)| name.clone());
    Ok((
        total,
        found
            .into_iter()
            .map(|p| {
                let unit = unit_of(p.id);
                (p, unit)
            })
            .collect(),
    ))
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

/// The roles of a person with since when and over which unit.
pub fn grants_of(c: &mut DbConn, person: PersonId) -> Result<Vec<(i64, Role, Option<String>, Moment)>> {
    Ok(role_grants::table
        .left_join(units::table)
        .filter(role_grants::person_id.eq(person.0).and(role_grants::ended_at.is_null()))
        .order(role_grants::id.asc())
        .select((role_grants::id, role_grants::role, units::name_vi.nullable(), role_grants::granted_at))
        .load(c)?)
}
