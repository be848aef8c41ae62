//! A change is confirmed, those who pass on are noted in pieces, then everything happens at once; or it is taken back at once.

use std::collections::HashMap;

use super::{
    jobs::WorkChange,
    queries::{self, passing, planned},
};
use crate::{
    access::{Actor, Permission, PersonId},
    accounts::{
        actions::transfers,
        queries::{self as accounts, transfers::roles_over},
    },
    organisations::{
        actions::changes as tree,
        model::{
            UnitId,
            change::{ChangeId, ChangeState, UnitChange},
        },
        queries::changes,
    },
    platform::{
        db::{DbConn, Moment},
        error::{Error, Result},
        jobs,
    },
};

/// Changes with so few people are done while the page loads; the job then only makes sure.
pub const SMALL: i64 = 500;

/// What became of a confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    Begun,
    /// Somebody, perhaps the same person, had confirmed it before.
    Before,
    /// What was looked at is not what would happen any more.
    Outdated,
}

/// Confirms what a preview showed. `basis` is the hash of its plan, `roles` the grants that were ticked.
pub fn confirm(c: &mut DbConn, by: &Actor, now: Moment, id: ChangeId, basis: &str, roles: &[i64]) -> Result<Confirmed> {
    tree::hold_the_tree(c)?;
    let change = changes::change(c, id)?;
    match change.state {
        ChangeState::Draft => {}
        ChangeState::Staging | ChangeState::Done => return Ok(Confirmed::Before),
        ChangeState::Undone | ChangeState::Discarded => return Err(Error::refused("changes-not-a-draft")),
    }
    let Ok(preview) = queries::preview(c, &change, now)? else { return Ok(Confirmed::Outdated) };
    if preview.hash != basis {
        return Ok(Confirmed::Outdated);
    }
    let offered: Vec<i64> = preview.roles.iter().map(|held| held.grant).filter(|grant| roles.contains(grant)).collect();
    if !tree::confirm(c, by, now, &change, &preview.hash, &offered, preview.total)? {
        return Ok(Confirmed::Before);
    }
    let later = if preview.total <= SMALL { now + chrono::TimeDelta::seconds(60) } else { now };
    jobs::enqueue_at(c, now, later, &WorkChange { change: id })?;
    Ok(Confirmed::Begun)
}

/// Notes the next of those who pass on; whether there may be more to note.
pub fn note_some(c: &mut DbConn, id: ChangeId, limit: i64) -> Result<bool> {
    let change = changes::change(c, id)?;
    if change.state != ChangeState::Staging {
        return Ok(false);
    }
    let request = change.request()?;
    let sight = changes::sight(c, &request)?;
    let passing = passing(id, &request, &sight);
    if passing.units.is_empty() {
        return Ok(false);
    }
    let (noted, more) = transfers::note_some(c, &passing, limit)?;
    tree::noted(c, id, noted)?;
    Ok(more)
}

/// Does the change, if it is still what was confirmed; otherwise it waits to be looked at again. Doing it twice changes nothing.
pub fn take_effect(c: &mut DbConn, now: Moment, id: ChangeId) -> Result<()> {
    tree::hold_the_tree(c)?;
    let change = changes::change(c, id)?;
    if change.state != ChangeState::Staging {
        return Ok(());
    }
    let by = Actor { person: change.confirmed_by.map(PersonId), ..Actor::default() };
    let request = change.request()?;
    let (sight, planned) = planned(c, &request)?;
    let plan = match planned {
        Ok(plan) if plan.hash()? == change.basis && may(c, &by)? => plan,
        _ => {
            transfers::forget_noted(c, id)?;
            return tree::give_back(c, &by, now, id);
        }
    };
    let mut journal = tree::apply(c, &by, now, request.on, &plan)?;
    let passing = passing(id, &request, &sight);
    let passed = if passing.units.is_empty() { 0 } else { transfers::pass_on(c, &by, now, &passing, &journal.passed)? };
    journal.granted = pass_roles_on(c, &by, now, &change, &journal.passed)?;
    tree::noted(c, id, passed)?;
    tree::finish(c, &by, now, id, &journal)
}

/// Whether the right of who confirmed a change has not ended since.
fn may(c: &mut DbConn, by: &Actor) -> Result<bool> {
    match by.person {
        Some(person) => Ok(accounts::authority(c, person)?.may(Permission::ManageOrganisations)),
        None => Ok(true),
    }
}

fn pass_roles_on(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    change: &UnitChange,
    passed: &[(UnitId, Option<UnitId>)],
) -> Result<Vec<i64>> {
    let ticked = change.roles()?;
    let to: HashMap<UnitId, UnitId> = passed.iter().filter_map(|(from, to)| Some((*from, (*to)?))).collect();
    let from: Vec<UnitId> = to.keys().copied().collect();
    let mut granted = Vec::new();
    for held in roles_over(c, &from)?.iter().filter(|held| ticked.contains(&held.grant)) {
        if let Some(to) = to.get(&held.unit) {
            granted.extend(transfers::pass_role_on(c, by, now, held, *to)?);
        }
    }
    Ok(granted)
}

/// Takes a change back whole. The second time it changes nothing.
pub fn undo(c: &mut DbConn, by: &Actor, now: Moment, id: ChangeId) -> Result<()> {
    tree::hold_the_tree(c)?;
    let change = changes::change(c, id)?;
    if change.state == ChangeState::Undone {
        return Ok(());
    }
    if let Some(why) = queries::obstacles(c, &change, now)?.into_iter().next() {
        return Err(Error::Refused(why));
    }
    let journal = change.journal()?;
    transfers::take_roles_back(c, by, now, &journal.granted)?;
    transfers::take_back(c, id)?;
    tree::take_back(c, by, now, &change)
}
