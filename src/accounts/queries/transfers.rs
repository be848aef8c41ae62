//! Whose membership passes on with a change of organisation, and what was built on that since.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date},
};

use crate::{
    access::{PersonId, Role, UnitId},
    accounts::model::{Person, PersonState},
    organisations::model::change::ChangeId,
    platform::{
        as_i64,
        db::{
            DbConn,
            schema::{membership_transfers, memberships, people, people_imports, role_grants},
        },
        error::Result,
        text,
    },
};

/// Which memberships pass on: those of these units that hold on the day or later; of some people only, where they were chosen.
#[derive(Debug, Clone)]
pub struct Passing {
    pub change: ChangeId,
    pub units: Vec<UnitId>,
    pub on: NaiveDate,
    /// The codes of the people; empty is everybody.
    pub people: Vec<String>,
    /// Those, too, that begin on the day or later: their unit is not there any more.
    pub with_later: bool,
}

/// The condition of [`Passing`].
pub type Condition =
    Box<dyn BoxableExpression<memberships::table, crate::platform::db::conn::Db, SqlType = diesel::sql_types::Bool>>;

pub fn passes(passing: &Passing) -> Condition {
    let there = memberships::valid_to.is_null().or(memberships::valid_to.ge(passing.on));
    let there = memberships::unit_id.eq_any(passing.units.clone()).and(there.assume_not_null());
    let chosen = people::table.filter(people::code.eq_any(passing.people.clone())).select(people::id);
    match (passing.with_later, passing.people.is_empty()) {
        (true, true) => Box::new(there),
        (true, false) => Box::new(there.and(memberships::person_id.eq_any(chosen))),
        (false, true) => Box::new(there.and(memberships::valid_from.lt(passing.on))),
        (false, false) => {
            Box::new(there.and(memberships::valid_from.lt(passing.on)).and(memberships::person_id.eq_any(chosen)))
        }
    }
}

/// How many memberships of each unit pass on.
pub fn counts(c: &mut DbConn, passing: &Passing) -> Result<HashMap<UnitId, i64>> {
    let rows: Vec<(UnitId, i64)> = memberships::table
        .filter(passes(passing))
        .group_by(memberships::unit_id)
        .select((memberships::unit_id, diesel::dsl::count_star()))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// How many memberships of each unit a change passed on, or has noted.
pub fn noted(c: &mut DbConn, change: ChangeId) -> Result<HashMap<UnitId, i64>> {
    let rows: Vec<(UnitId, i64)> = membership_transfers::table
        .filter(membership_transfers::change_id.eq(change))
        .group_by(membership_transfers::unit_id)
        .select((membership_transfers::unit_id, diesel::dsl::count_star()))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// How many memberships of these units begin on the day or later.
pub fn beginning_later(c: &mut DbConn, units: &[UnitId], on: NaiveDate) -> Result<i64> {
    Ok(memberships::table
        .filter(memberships::unit_id.eq_any(units.to_vec()).and(memberships::valid_from.ge(on)))
        .count()
        .get_result(c)?)
}

/// A role somebody holds over a unit.
#[derive(Debug, Clone, Queryable)]
pub struct HeldOver {
    pub grant: i64,
    pub role: Role,
    pub unit: UnitId,
    pub person: Person,
}

/// The roles held over these units.
pub fn roles_over(c: &mut DbConn, over: &[UnitId]) -> Result<Vec<HeldOver>> {
    Ok(role_grants::table
        .inner_join(people::table)
        .filter(role_grants::unit_id.eq_any(over.iter().map(|unit| Some(unit.0)).collect::<Vec<_>>()))
        .filter(role_grants::ended_at.is_null())
        .filter(people::state.ne(PersonState::Disabled))
        .order((people::sort_key.asc(), role_grants::id.asc()))
        .select((role_grants::id, role_grants::role, role_grants::unit_id.assume_not_null(), Person::as_select()))
        .load(c)?)
}

/// The people of a unit on a day by name, with their position there, and whether there are more.
pub fn people_of(
    c: &mut DbConn,
    unit: UnitId,
    on: NaiveDate,
    typed: &str,
    limit: usize,
) -> Result<(Vec<(Person, String)>, bool)> {
    let mut query = memberships::table
        .inner_join(people::table)
        .filter(memberships::unit_id.eq(unit).and(memberships::valid_from.lt(on)))
        .filter(memberships::valid_to.is_null().or(memberships::valid_to.ge(on)))
        .select((Person::as_select(), memberships::position))
        .into_boxed();
    for word in text::fold(typed).split(' ').filter(|word| !word.is_empty()).take(8) {
        let word = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        query = query.filter(people::folded.like(format!("%{word}%")).escape('\\'));
    }
    let most = as_i64(limit).saturating_add(1);
    let mut found: Vec<(Person, String)> =
        query.order((people::sort_key.asc(), people::id.asc())).limit(most).load(c)?;
    let more = found.len() > limit;
    found.truncate(limit);
    Ok((found, more))
}

/// The people of these codes, by name.
pub fn named(c: &mut DbConn, codes: &[String], limit: i64) -> Result<Vec<Person>> {
    Ok(people::table
        .filter(people::code.eq_any(codes.to_vec()))
        .order((people::sort_key.asc(), people::id.asc()))
        .limit(limit)
        .select(Person::as_select())
        .load(c)?)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many of the memberships that a change passed on are not as it left them: their people have gone further since.
pub fn gone_further(
    c: &mut DbConn,
    change: ChangeId,
    passed: &[(UnitId, Option<UnitId>)],
    on: NaiveDate,
) -> Result<i64> {
    let noted: i64 =
        membership_transfers::table.filter(membership_transfers::change_id.eq(change)).count().get_result(c)?;
    let before = on.pred_opt().unwrap_or(on);
    let mut intact = 0;
    for (from, to) in passed {
        let counted: Count = match to {
            Some(to) => sql_query(
                "SELECT count(*) AS count FROM membership_transfers t JOIN memberships o ON o.id = t.membership_id \
                 WHERE t.change_id = $1 AND t.unit_id = $2 AND ((o.valid_from < $3 AND o.unit_id = $2 AND o.valid_to = $4 \
                 AND EXISTS (SELECT 1 FROM memberships n WHERE n.continues_id = o.id AND n.change_id = $1 \
                 AND n.unit_id = $5 AND n.valid_to IS NOT DISTINCT FROM t.was_to)) \
                 OR (o.valid_from >= $3 AND o.unit_id = $5 AND o.valid_to IS NOT DISTINCT FROM t.was_to))",
            )
            .bind::<BigInt, _>(change)
            .bind::<BigInt, _>(*from)
            .bind::<Date, _>(on)
            .bind::<Date, _>(before)
            .bind::<BigInt, _>(*to)
            .get_result(c)?,
            None => sql_query(
                "SELECT count(*) AS count FROM membership_transfers t JOIN memberships o ON o.id = t.membership_id \
                 WHERE t.change_id = $1 AND o.unit_id = $2 AND o.valid_to = $3",
            )
            .bind::<BigInt, _>(change)
            .bind::<BigInt, _>(*from)
            .bind::<Date, _>(before)
            .get_result(c)?,
        };
        intact += counted.count;
    }
    Ok(noted - intact)
}

/// How many memberships, roles and lists of people stand on these units that the change did not bring there.
pub fn others_at(c: &mut DbConn, change: ChangeId, at: &[UnitId], granted: &[i64]) -> Result<(i64, i64)> {
    let here = memberships::table.filter(memberships::unit_id.eq_any(at.to_vec()));
    let passed = membership_transfers::table
        .filter(membership_transfers::change_id.eq(change))
        .select(membership_transfers::membership_id);
    let people: i64 = here
        .filter(memberships::change_id.is_null().or(memberships::change_id.ne(change.0).assume_not_null()))
        .filter(diesel::dsl::not(memberships::id.eq_any(passed)))
        .count()
        .get_result(c)?;
    let over: Vec<Option<i64>> = at.iter().map(|unit| Some(unit.0)).collect();
    let roles: i64 = role_grants::table
        .filter(role_grants::unit_id.eq_any(over))
        .filter(role_grants::id.ne_all(granted.to_vec()))
        .count()
        .get_result(c)?;
    let lists: i64 = people_imports::table
        .filter(people_imports::unit_id.eq_any(at.iter().map(|unit| unit.0).collect::<Vec<_>>()))
        .count()
        .get_result(c)?;
    Ok((people + lists, roles))
}

/// By which change, or by which document, a membership began.
pub type Origin = (Option<ChangeId>, Option<String>);

/// How the memberships of a person began.
pub fn decisions(c: &mut DbConn, person: PersonId) -> Result<HashMap<i64, Origin>> {
    let rows: Vec<(i64, Option<ChangeId>, Option<String>)> = memberships::table
        .filter(memberships::person_id.eq(person))
        .select((memberships::id, memberships::change_id, memberships::decision))
        .load(c)?;
    Ok(rows.into_iter().map(|(id, change, decision)| (id, (change, decision))).collect())
}
