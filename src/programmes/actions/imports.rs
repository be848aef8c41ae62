//! Lists of people whose purpose is to nominate them: what `site` hands to the import. The subject of such a list is the round and
//! the unit, as in the address of their page.

use diesel::prelude::*;

use super::{hold, nominate, withdraw};
use crate::{
    access::{Actor, Authority, Permission, PersonId, UnitId},
    accounts::{
        model::import::{Import, Reason, Wanted},
        queries::directory,
    },
    platform::{
        clock::local_day,
        db::{DbConn, Moment, schema::nominations},
        error::{Error, Result},
    },
    programmes::{
        model::{Nomination, NominationState, Nominee},
        queries,
    },
    targets::model::quota::{Quota, QuotaRound},
};

fn place(c: &mut DbConn, subject: &str) -> Result<(QuotaRound, Quota)> {
    let (round, unit) = subject.split_once('/').ok_or(Error::NotFound)?;
    let (round, quota, _) = queries::place(c, round, unit)?;
    Ok((round, quota))
}

/// The unit whose seats a list is for, if whoever sends it may nominate for them.
pub fn scope(c: &mut DbConn, authority: &Authority, now: Moment, subject: &str) -> Result<UnitId> {
    let (_, quota) = place(c, subject)?;
    let reach = authority.reach(Permission::Nominate);
    match directory::covers(c, &reach, quota.unit_id, local_day(now.0))? {
        true => Ok(quota.unit_id),
        false => Err(Error::NotFound),
    }
}

/// What speaks against nominating the person of a row.
pub fn check(
    c: &mut DbConn,
    now: Moment,
    import: &Import,
    wanted: &Wanted,
    person: Option<PersonId>,
) -> Result<Vec<Reason>> {
    let (round, quota) = place(c, &import.subject)?;
    if !round.is_open() {
        return Ok(vec![Reason::new("quotas-refused-closed")]);
    }
    // Who has an account is asked by where they work, not by what the row says.
    let nominee = match (person, wanted.unit, wanted.category) {
        (Some(person), ..) => match nominate::nominee(c, now, person) {
            Err(Error::Refused(why)) => return Ok(vec![Reason::from(&why)]),
            found => found?,
        },
        (None, Some(unit), Some(category)) => {
            Nominee { person: None, unit, position: wanted.position.clone(), category }
        }
        _ => return Ok(Vec::new()),
    };
    queries::against(c, now, &round, &quota, &nominee)
}

/// Nominates the person of a row, or says why that cannot be any more.
pub fn take(c: &mut DbConn, by: &Actor, now: Moment, import: &Import, person: PersonId) -> Result<Option<Reason>> {
    let (round, quota) = place(c, &import.subject)?;
    match nominate::nominate(c, by, now, &round, &quota, person) {
        Ok(_) => Ok(None),
        // Everything that is refused is refused before anything is written.
        Err(Error::Refused(why)) => Ok(Some(Reason::from(&why))),
        Err(error) => Err(error),
    }
}

/// Takes a nomination back with its list, while it is still with the unit.
pub fn give_back(c: &mut DbConn, by: &Actor, now: Moment, import: &Import, person: PersonId) -> Result<()> {
    let (_, quota) = place(c, &import.subject)?;
    hold(c, quota.id)?;
    let drafted: Option<Nomination> = nominations::table
        .filter(nominations::quota_id.eq(quota.id).and(nominations::person_id.eq(person)))
        .filter(nominations::state.eq(NominationState::Drafted))
        .select(Nomination::as_select())
        .first(c)
        .optional()?;
    match drafted {
        Some(nomination) => withdraw(c, by, now, nomination.id, &import.file_name),
        None => Ok(()),
    }
}
