//! What will be asked for on a working day: the running targets, by those who look after many people.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{board::Officials, list, scope::Scope, tree::Tree};
use crate::{
    access::{Permission, Reach, Role, UnitId},
    platform::{
        db::{DbConn, schema::role_grants},
        error::Result,
    },
    targets::model::{Target, TargetState},
};

/// So many units at most, the largest of them.
const UNITS: usize = 40;

/// Each running target for each unit that somebody looks after and where at least `least` people work, in it or under it, the largest first; and
/// for the nation, which takes longest.
pub fn awaited(c: &mut DbConn, officials: &Officials, least: i64, today: NaiveDate) -> Result<Vec<(Target, Scope)>> {
    let roles: Vec<Role> = Role::ALL
        .iter()
        .copied()
        .filter(|role| role.is_scoped_to_unit() && role.permissions().contains(&Permission::SeeTargets))
        .collect();
    let looked_after: Vec<UnitId> = role_grants::table
        .filter(role_grants::role.eq_any(roles).and(role_grants::ended_at.is_null()))
        .filter(role_grants::unit_id.is_not_null())
        .select(role_grants::unit_id.assume_not_null())
        .distinct()
        .load(c)?;
    let tree = Tree::load(c)?;
    let mut people: HashMap<UnitId, i64> = HashMap::new();
    for (unit, count) in officials {
        for above in tree.path(*unit, today) {
            *people.entry(above).or_default() += count;
        }
    }
    let mut large: Vec<(i64, UnitId)> = looked_after
        .into_iter()
        .filter_map(|unit| people.get(&unit).filter(|count| **count >= least).map(|count| (*count, unit)))
        .collect();
    large.sort_unstable_by(|one, other| other.cmp(one));
    let mut scopes = Vec::new();
    for (_, unit) in large.into_iter().take(UNITS) {
        scopes.push(Scope::reached(c, &Reach::Under(vec![unit]), today)?);
    }
    if people.values().any(|count| *count >= least) {
        scopes.push(Scope::Nation);
    }
    let running = list(c, false)?.into_iter().filter(|t| t.state == TargetState::InForce && t.period().contains(today));
    Ok(running.flat_map(|target| scopes.iter().map(move |scope| (target.clone(), scope.clone()))).collect())
}
