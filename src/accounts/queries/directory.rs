//! The list of people, one person in full, and who lies within whose reach.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    access::{Permission, PersonId, Reach, Role, UnitId},
    accounts::model::{Membership, MembershipId, Person, PersonState},
    organisations::{model::Unit, queries as organisations},
    platform::{
        db::{
            DbConn, Moment,
            conn::Db,
            schema::{memberships, people, role_grants},
        },
        error::Result,
        text,
    },
};

/// A line of the list: a person and where they work, or will.
#[derive(Debug, Clone)]
pub struct Listed {
    pub person: Person,
    pub position: Option<String>,
    pub unit: Option<Unit>,
}

/// The units a reach covers on a day; `None` is everywhere.
pub fn units_within(c: &mut DbConn, reach: &Reach, day: NaiveDate) -> Result<Option<Vec<UnitId>>> {
    match reach {
        Reach::Nowhere => Ok(Some(Vec::new())),
        Reach::Everywhere => Ok(None),
        Reach::Under(roots) => organisations::subtree_ids(c, roots, day).map(Some),
    }
}

/// Whether a reach covers a unit on a day.
pub fn covers(c: &mut DbConn, reach: &Reach, unit: UnitId, day: NaiveDate) -> Result<bool> {
    match reach {
        Reach::Nowhere => Ok(false),
        Reach::Everywhere => Ok(true),
        Reach::Under(roots) => organisations::is_under(c, unit, roots, day),
    }
}

/// Whether a person works, or will work, in a unit of a reach. Who has left is no longer seen by the unit they left.
pub fn is_within(c: &mut DbConn, reach: &Reach, person: PersonId, day: NaiveDate) -> Result<bool> {
    if let Reach::Under(roots) = reach {
        let units: Vec<UnitId> = memberships::table
            .filter(memberships::person_id.eq(person))
            .filter(memberships::valid_to.is_null().or(memberships::valid_to.ge(day)))
            .select(memberships::unit_id)
            .distinct()
            .load(c)?;
        for unit in units {
            if organisations::is_under(c, unit, roots, day)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    Ok(*reach == Reach::Everywhere)
}

/// The people of these units (`None`: everybody) in whose name every word occurs, or whom the whole text names exactly.
fn matching(within: Option<&[UnitId]>, day: NaiveDate, typed: &str) -> people::BoxedQuery<'static, Db> {
    let mut query = people::table.into_boxed();
    if let Some(units) = within {
        let working = memberships::table
            .filter(memberships::unit_id.eq_any(units.to_vec()))
            .filter(memberships::valid_to.is_null().or(memberships::valid_to.ge(day)))
            .select(memberships::person_id);
        query = query.filter(people::id.eq_any(working));
    }
    if let Some(email) = text::email(typed) {
        return query.filter(people::email.eq(email));
    }
    if let Some(phone) = text::phone(typed) {
        return query.filter(people::phone.eq(phone));
    }
    let folded = text::fold(typed);
    for word in folded.split(' ').filter(|word| !word.is_empty()).take(8) {
        let word = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let name = people::folded.like(format!("%{word}%")).escape('\\');
        query = match text::user_name(typed) {
            Some(user_name) => query.filter(name.or(people::user_name.eq(user_name))),
            None => query.filter(name),
        };
    }
    query
}

/// How many people there are in each state of their accounts.
pub fn by_state(c: &mut DbConn) -> Result<HashMap<PersonState, i64>> {
    let rows: Vec<(PersonState, i64)> =
        people::table.group_by(people::state).select((people::state, diesel::dsl::count_star())).load(c)?;
    Ok(rows.into_iter().collect())
}

/// A page of the list, by given name, and how many there are in all.
pub fn list(
    c: &mut DbConn,
    within: Option<&[UnitId]>,
    day: NaiveDate,
    typed: &str,
    offset: i64,
    limit: i64,
) -> Result<(i64, Vec<Listed>)> {
    let total = matching(within, day, typed).count().get_result(c)?;
    let found: Vec<Person> = matching(within, day, typed)
        .order((people::sort_key.asc(), people::id.asc()))
        .offset(offset)
        .limit(limit)
        .select(Person::as_select())
        .load(c)?;
    let ids: Vec<PersonId> = found.iter().map(|person| person.id).collect();
    let mut at = memberships::table
        .filter(memberships::person_id.eq_any(ids))
        .filter(memberships::valid_to.is_null().or(memberships::valid_to.ge(day)))
        .select(Membership::as_select())
        .into_boxed();
    if let Some(units) = within {
        at = at.filter(memberships::unit_id.eq_any(units.to_vec()));
    }
    let mut at: Vec<Membership> = at.load(c)?;
    // What has begun speaks before what is to come, the latest of the first and the earliest of the second.
    at.sort_by_key(|m| (m.valid_from > day, (m.valid_from - day).abs(), m.id));
    let units = organisations::by_ids(c, &at.iter().map(|m| m.unit_id).collect::<Vec<_>>())?;
    let listed = found.into_iter().map(|person| {
        let membership = at.iter().find(|m| m.person_id == person.id);
        Listed {
            position: membership.map(|m| m.position.clone()),
            unit: membership.and_then(|m| units.get(&m.unit_id).cloned()),
            person,
        }
    });
    Ok((total, listed.collect()))
}

/// One membership of a person.
pub fn membership(c: &mut DbConn, person: PersonId, id: MembershipId) -> Result<Option<Membership>> {
    Ok(memberships::table
        .filter(memberships::id.eq(id).and(memberships::person_id.eq(person)))
        .select(Membership::as_select())
        .first(c)
        .optional()?)
}

/// Where a person works without an end so far, the latest first.
pub fn open_memberships(c: &mut DbConn, person: PersonId) -> Result<Vec<Membership>> {
    Ok(memberships::table
        .filter(memberships::person_id.eq(person).and(memberships::valid_to.is_null()))
        .order((memberships::valid_from.desc(), memberships::id.desc()))
        .select(Membership::as_select())
        .load(c)?)
}

/// All memberships of a person with their units, the latest first.
pub fn history(c: &mut DbConn, person: PersonId) -> Result<Vec<(Membership, Option<Unit>)>> {
    let found: Vec<Membership> = memberships::table
        .filter(memberships::person_id.eq(person))
        .order((memberships::valid_from.desc(), memberships::id.desc()))
        .select(Membership::as_select())
        .load(c)?;
    let units = organisations::by_ids(c, &found.iter().map(|m| m.unit_id).collect::<Vec<_>>())?;
    Ok(found
        .into_iter()
        .map(|m| {
            let unit = units.get(&m.unit_id).cloned();
            (m, unit)
        })
        .collect())
}

/// A role somebody holds, over which unit, since when.
#[derive(Debug, Clone)]
pub struct Held {
    pub grant: i64,
    pub role: Role,
    pub unit: Option<Unit>,
    pub since: Moment,
}

/// The roles a person holds now.
pub fn roles(c: &mut DbConn, person: PersonId) -> Result<Vec<Held>> {
    let rows: Vec<(i64, Role, Option<UnitId>, Moment)> = role_grants::table
        .filter(role_grants::person_id.eq(person).and(role_grants::ended_at.is_null()))
        .order(role_grants::id.asc())
        .select((role_grants::id, role_grants::role, role_grants::unit_id, role_grants::granted_at))
        .load(c)?;
    let units = organisations::by_ids(c, &rows.iter().filter_map(|(_, _, unit, _)| *unit).collect::<Vec<_>>())?;
    Ok(rows
        .into_iter()
        .map(|(grant, role, unit, since)| Held {
            grant,
            role,
            unit: unit.and_then(|id| units.get(&id).cloned()),
            since,
        })
        .collect())
}

/// Those who may do something with the records of a unit on a day, and are not locked out.
pub fn who_may(c: &mut DbConn, permission: Permission, unit: UnitId, day: NaiveDate) -> Result<Vec<PersonId>> {
    let roles: Vec<Role> = Role::ALL.iter().copied().filter(|role| role.permissions().contains(&permission)).collect();
    let holders: Vec<PersonId> = role_grants::table
        .inner_join(people::table.on(people::id.eq(role_grants::person_id)))
        .filter(role_grants::role.eq_any(roles).and(role_grants::ended_at.is_null()))
        .filter(people::state.ne(PersonState::Disabled))
        .order(role_grants::person_id.asc())
        .select(role_grants::person_id)
        .distinct()
        .load(c)?;
    let mut found = Vec::new();
    for person in holders {
        let reach = super::authority(c, person)?.reach(permission);
        if covers(c, &reach, unit, day)? {
            found.push(person);
        }
    }
    Ok(found)
}

/// Those who were given a role over just these units that lets them do something, and are not locked out: who is told when
/// something comes to a unit. Who stands above it is not among them.
pub fn holders(c: &mut DbConn, permission: Permission, units: &[UnitId]) -> Result<Vec<(UnitId, PersonId)>> {
    let roles: Vec<Role> = Role::ALL.iter().copied().filter(|role| role.permissions().contains(&permission)).collect();
    Ok(role_grants::table
        .inner_join(people::table.on(people::id.eq(role_grants::person_id)))
        .filter(role_grants::role.eq_any(roles).and(role_grants::ended_at.is_null()))
        .filter(role_grants::unit_id.eq_any(units.iter().map(|unit| Some(unit.0)).collect::<Vec<_>>()))
        .filter(people::state.ne(PersonState::Disabled))
        .order((role_grants::unit_id.asc(), role_grants::person_id.asc()))
        .select((role_grants::unit_id.assume_not_null(), role_grants::person_id))
        .distinct()
        .load(c)?)
}

/// Those who hold a role anywhere, and are not locked out.
pub fn with_role(c: &mut DbConn, role: Role) -> Result<Vec<PersonId>> {
    Ok(role_grants::table
        .inner_join(people::table.on(people::id.eq(role_grants::person_id)))
        .filter(role_grants::role.eq(role).and(role_grants::ended_at.is_null()))
        .filter(people::state.ne(PersonState::Disabled))
        .order(role_grants::person_id.asc())
        .select(role_grants::person_id)
        .distinct()
        .load(c)?)
}

/// The names of several people, for lists that name who did something.
pub fn names(c: &mut DbConn, ids: &[PersonId]) -> Result<HashMap<PersonId, (String, String)>> {
    let found: Vec<Person> =
        people::table.filter(people::id.eq_any(ids.to_vec())).select(Person::as_select()).load(c)?;
    Ok(found.into_iter().map(|person| (person.id, (person.code.clone(), person.full_name()))).collect())
}
