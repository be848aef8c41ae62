//! Sealing figures: one person prepares, another signs. What is signed gets the next number of the one chain of all seals.

use diesel::prelude::*;
use serde_json::json;

use crate::{
    access::{Actor, PersonId},
    audit::{self, Entry},
    platform::{
        db::{
            DbConn, Lock, Moment, lock,
            schema::{seal_people, seals},
        },
        error::{Error, Result},
    },
    targets::{
        model::seal::{Act, Seal, SealId, SealRow, SealState, commitment, salt},
        queries::{self, Prepared},
    },
};

/// Keeps what [`queries::prepare`] computed until somebody else signs it. The figures are those of the moment it names and do
/// not change while it waits.
pub fn prepare_seal(c: &mut DbConn, by: &Actor, now: Moment, prepared: Prepared) -> Result<SealId> {
    let who = by.person.ok_or(Error::Forbidden)?;
    let Prepared { target, mut content, mut salts } = prepared;
    content.prepared = Act { at: now, person: hide(&mut salts, who)? };
    let id: SealId = diesel::insert_into(seals::table)
        .values((
            seals::target_id.eq(target.0),
            seals::period_from.eq(content.period.from),
            seals::period_to.eq(content.period.to),
            seals::known_at.eq(content.known_at),
            seals::state.eq(SealState::Prepared),
            seals::people.eq(content.figures.total.people),
            seals::turns.eq(content.figures.total.turns),
            seals::body.eq(content.text()?),
            seals::prepared_at.eq(now),
            seals::prepared_by.eq(who.0),
        ))
        .returning(seals::id)
        .get_result(c)?;
    keep_salts(c, id, &salts)?;
    let after = json!({
        "target": content.target.code, "from": content.period.from, "to": content.period.to,
        "known_at": content.known_at, "people": content.figures.total.people, "turns": content.figures.total.turns,
    });
    audit::record(c, by, now, Entry::new("seal.prepare", "seals", id).after(after))?;
    Ok(id)
}

/// A new commitment to a person, whose salt is kept with the others.
fn hide(salts: &mut Vec<(String, String, PersonId)>, person: PersonId) -> Result<String> {
    let salt = salt()?;
    let hidden = commitment(&salt, person);
    salts.push((hidden.clone(), salt, person));
    Ok(hidden)
}

fn keep_salts(c: &mut DbConn, id: SealId, salts: &[(String, String, PersonId)]) -> Result<()> {
    for chunk in salts.chunks(200) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|(commitment, salt, person)| {
                (
                    seal_people::seal_id.eq(id.0),
                    seal_people::commitment.eq(commitment),
                    seal_people::salt.eq(salt),
                    seal_people::person_id.eq(person.0),
                )
            })
            .collect();
        // Many rows in one statement are not part of diesel's common backend.
        crate::both!(c, |c| diesel::insert_into(seal_people::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// The second person's signature makes the seal: it gets its number, the hash of the seal before and its own, and stays as
/// it is for good.
pub fn sign_seal(c: &mut DbConn, by: &Actor, now: Moment, id: SealId) -> Result<Seal> {
    let who = by.person.ok_or(Error::Forbidden)?;
    // One at a time, or two would follow the same seal.
    lock(c, Lock::Alone, "targets.seals")?;
    let row = waiting(c, id)?;
    if row.prepared_by == who {
        return Err(Error::refused("targets-refused-second-person"));
    }
    let (last, previous) = queries::chain_end(c)?;
    let mut salts = Vec::new();
    let signed = Act { at: now, person: hide(&mut salts, who)? };
    let seal = Seal::sign(queries::seal_content(c, id)?, last + 1, signed, &previous)?;
    let changed = diesel::update(seals::table.filter(seals::id.eq(id.0).and(seals::state.eq(SealState::Prepared))))
        .set((
            seals::state.eq(SealState::Signed),
            seals::body.eq(seal.text()?),
            seals::decided_at.eq(now),
            seals::decided_by.eq(who.0),
            seals::number.eq(seal.number),
            seals::hash.eq(&seal.hash),
        ))
        .execute(c)?;
    if changed != 1 {
        return Err(Error::refused("targets-seal-decided"));
    }
    keep_salts(c, id, &salts)?;
    let after = json!({ "number": seal.number, "hash": seal.hash, "previous": seal.previous });
    audit::record(c, by, now, Entry::new("seal.sign", "seals", id).after(after))?;
    Ok(seal)
}

/// Takes back what nobody signed yet; either of the two may. It stays on record without a number.
pub fn withdraw_seal(c: &mut DbConn, by: &Actor, now: Moment, id: SealId) -> Result<()> {
    let who = by.person.ok_or(Error::Forbidden)?;
    waiting(c, id)?;
    let changed = diesel::update(seals::table.filter(seals::id.eq(id.0).and(seals::state.eq(SealState::Prepared))))
        .set((seals::state.eq(SealState::Withdrawn), seals::decided_at.eq(now), seals::decided_by.eq(who.0)))
        .execute(c)?;
    if changed != 1 {
        return Err(Error::refused("targets-seal-decided"));
    }
    audit::record(c, by, now, Entry::new("seal.withdraw", "seals", id))
}

fn waiting(c: &mut DbConn, id: SealId) -> Result<SealRow> {
    let row = queries::seal(c, id)?;
    if row.state == SealState::Prepared { Ok(row) } else { Err(Error::refused("targets-seal-decided")) }
}

/// Deletes what links a person to the seals they stand in; in how many. Part of erasing a person: every seal stays whole, and
/// nobody can tell any more who stands behind the commitment.
pub fn forget_person(c: &mut DbConn, by: &Actor, now: Moment, person: PersonId) -> Result<usize> {
    let count = diesel::delete(seal_people::table.filter(seal_people::person_id.eq(person.0))).execute(c)?;
    audit::record(c, by, now, Entry::new("seal.forget", "people", person).after(json!({ "seals": count })))?;
    Ok(count)
}
