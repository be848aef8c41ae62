//! Sealing figures: one person prepares, another signs. What is signed gets the next number of the one chain of all seals.

use diesel::prelude::*;
use serde_json::json;

use crate::{
    access::{Actor, PersonId},
    audit::{self, Entry},
    platform::{
        as_i64,
        db::{
            DbConn, Lock, Moment, lock,
            schema::{seal_people, seals},
        },
        error::{Error, Result},
        jobs,
    },
    targets::{
        jobs::PrepareSeal,
        model::{
            Days, Figures, TargetId,
            seal::{Act, Seal, SealId, SealRow, SealState, commitment, salt},
        },
        queries::{self, Prepared},
    },
};

/// Keeps what [`queries::prepare`] computed until somebody else signs it, all in one transaction: for as many as are computed while
/// somebody waits. The figures are those of the moment it names and do not change while it waits.
pub fn prepare_seal(c: &mut DbConn, by: &Actor, now: Moment, prepared: Prepared) -> Result<SealId> {
    let content = &prepared.content;
    let id = insert(c, by, now, prepared.target, content.period, content.known_at)?;
    let Written { text, figures, salts } = Written::of(prepared, by, now)?;
    keep_salts(c, id, &salts)?;
    put_prepared(c, by, now, id, &text, figures, &[])?;
    Ok(id)
}

/// Leaves computing to a job. The figures will be those of now.
pub fn begin_seal(c: &mut DbConn, by: &Actor, now: Moment, target: TargetId, days: Days) -> Result<SealId> {
    queries::check_part(&queries::by_id(c, target)?, days, now, now)?;
    let id = insert(c, by, now, target, days, now)?;
    jobs::enqueue_ahead(c, now, &PrepareSeal { seal: id })?;
    Ok(id)
}

fn insert(c: &mut DbConn, by: &Actor, now: Moment, target: TargetId, days: Days, known_at: Moment) -> Result<SealId> {
    let who = by.person.ok_or(Error::Forbidden)?;
    Ok(diesel::insert_into(seals::table)
        .values((
            seals::target_id.eq(target.0),
            seals::period_from.eq(days.from),
            seals::period_to.eq(days.to),
            seals::known_at.eq(known_at),
            seals::state.eq(SealState::Preparing),
            seals::people.eq(0),
            seals::turns.eq(0),
            seals::body.eq(""),
            seals::prepared_at.eq(now),
            seals::prepared_by.eq(who.0),
        ))
        .returning(seals::id)
        .get_result(c)?)
}

/// What was prepared, as it is kept: its text, its figures, and what opens its commitments.
pub struct Written {
    pub text: String,
    pub figures: Figures,
    pub salts: Vec<Salt>,
}

impl Written {
    /// In the name of who asked for it, at the moment of asking.
    pub fn of(prepared: Prepared, by: &Actor, asked: Moment) -> Result<Self> {
        let who = by.person.ok_or(Error::Forbidden)?;
        let Prepared { mut content, mut salts, .. } = prepared;
        content.prepared = Act { at: asked, person: hide(&mut salts, who)? };
        Ok(Self { text: content.text()?, figures: content.figures.total, salts })
    }
}

/// A commitment, the salt that opens it, and the person it hides.
pub type Salt = (String, String, PersonId);

/// A new commitment to a person, whose salt is kept with the others.
fn hide(salts: &mut Vec<Salt>, person: PersonId) -> Result<String> {
    let salt = salt()?;
    let hidden = commitment(&salt, person);
    salts.push((hidden.clone(), salt, person));
    Ok(hidden)
}

/// Takes away what an attempt at preparing left, which nothing opens any more.
pub fn drop_salts(c: &mut DbConn, id: SealId) -> Result<()> {
    alone(c, id)?;
    must_be(c, id, SealState::Preparing)?;
    diesel::delete(seal_people::table.filter(seal_people::seal_id.eq(id.0))).execute(c)?;
    Ok(())
}

/// Some of the salts of what is being prepared.
pub fn add_salts(c: &mut DbConn, id: SealId, salts: &[Salt]) -> Result<()> {
    alone(c, id)?;
    must_be(c, id, SealState::Preparing)?;
    keep_salts(c, id, salts)
}

/// Of two workers with the same job, one at a time: what the other did is then seen.
fn alone(c: &mut DbConn, id: SealId) -> Result<()> {
    lock(c, Lock::Alone, &format!("targets.seal.{id}"))
}

fn keep_salts(c: &mut DbConn, id: SealId, salts: &[Salt]) -> Result<()> {
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

/// Ends preparing: from now on it waits for a signature. All its salts are there, as those of `marks` show, one of each write.
pub fn put_prepared(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    id: SealId,
    text: &str,
    figures: Figures,
    marks: &[String],
) -> Result<()> {
    alone(c, id)?;
    let mut found = 0;
    for some in marks.chunks(1000) {
        let rows = seal_people::table.filter(seal_people::seal_id.eq(id.0));
        found += rows.filter(seal_people::commitment.eq_any(some.to_vec())).count().get_result::<i64>(c)?;
    }
    if found != as_i64(marks.len()) {
        return Err(Error::internal("another worker took away the salts of a seal that is being prepared"));
    }
    let changed = diesel::update(seals::table.filter(seals::id.eq(id.0).and(seals::state.eq(SealState::Preparing))))
        .set((
            seals::state.eq(SealState::Prepared),
            seals::people.eq(figures.people),
            seals::turns.eq(figures.turns),
            seals::body.eq(text),
        ))
        .execute(c)?;
    if changed != 1 {
        return Err(Error::refused("targets-seal-decided"));
    }
    let row = queries::seal(c, id)?;
    let target = queries::by_id(c, row.target_id)?;
    let after = json!({
        "target": target.code, "from": row.period_from, "to": row.period_to, "known_at": row.known_at,
        "people": figures.people, "turns": figures.turns,
    });
    audit::record(c, by, now, Entry::new("seal.prepare", "seals", id).after(after))
}

/// What the second person is about to sign, on top of the seal there was when it was computed.
pub struct Signing {
    id: SealId,
    seal: Seal,
    text: String,
    salts: Vec<Salt>,
}

/// Computes the seal that a signature makes of what waits. Reads only: of a nation it takes a while.
pub fn draft_seal(c: &mut DbConn, by: &Actor, now: Moment, id: SealId) -> Result<Signing> {
    let who = by.person.ok_or(Error::Forbidden)?;
    let row = must_be(c, id, SealState::Prepared)?;
    if row.prepared_by == who {
        return Err(Error::refused("targets-refused-second-person"));
    }
    let (last, previous) = queries::chain_end(c)?;
    let mut salts = Vec::new();
    let signed = Act { at: now, person: hide(&mut salts, who)? };
    let seal = Seal::sign(queries::seal_content(c, id)?, last + 1, signed, &previous)?;
    let text = seal.text()?;
    Ok(Signing { id, seal, text, salts })
}

/// The second person's signature makes the seal: it gets its number, the hash of the seal before and its own, and stays as
/// it is for good. Its number; `None` when another seal was signed since the draft, which has to be made anew.
pub fn put_seal(c: &mut DbConn, by: &Actor, now: Moment, signing: &Signing) -> Result<Option<i64>> {
    let Signing { id, seal, text, salts } = signing;
    let who = by.person.ok_or(Error::Forbidden)?;
    // One at a time, or two would follow the same seal.
    lock(c, Lock::Alone, "targets.seals")?;
    must_be(c, *id, SealState::Prepared)?;
    if queries::chain_end(c)? != (seal.number - 1, seal.previous.clone()) {
        return Ok(None);
    }
    let changed = diesel::update(seals::table.filter(seals::id.eq(id.0).and(seals::state.eq(SealState::Prepared))))
        .set((
            seals::state.eq(SealState::Signed),
            seals::body.eq(text),
            seals::decided_at.eq(seal.signed.at),
            seals::decided_by.eq(who.0),
            seals::number.eq(seal.number),
            seals::hash.eq(&seal.hash),
        ))
        .execute(c)?;
    if changed != 1 {
        return Err(Error::refused("targets-seal-decided"));
    }
    keep_salts(c, *id, salts)?;
    let after = json!({ "number": seal.number, "hash": seal.hash, "previous": seal.previous });
    audit::record(c, by, now, Entry::new("seal.sign", "seals", *id).after(after))?;
    Ok(Some(seal.number))
}

/// Takes back what nobody signed yet; either of the two may. It stays on record without a number.
pub fn withdraw_seal(c: &mut DbConn, by: &Actor, now: Moment, id: SealId) -> Result<()> {
    let who = by.person.ok_or(Error::Forbidden)?;
    let is_open = seals::state.eq(SealState::Prepared).or(seals::state.eq(SealState::Preparing));
    let changed = diesel::update(seals::table.filter(seals::id.eq(id.0)).filter(is_open))
        .set((seals::state.eq(SealState::Withdrawn), seals::decided_at.eq(now), seals::decided_by.eq(who.0)))
        .execute(c)?;
    if changed != 1 {
        return Err(Error::refused("targets-seal-decided"));
    }
    audit::record(c, by, now, Entry::new("seal.withdraw", "seals", id))
}

/// Takes back what is being prepared, since its target was changed after it was asked for.
pub fn drop_seal(c: &mut DbConn, now: Moment, id: SealId) -> Result<()> {
    let changed = diesel::update(seals::table.filter(seals::id.eq(id.0).and(seals::state.eq(SealState::Preparing))))
        .set((seals::state.eq(SealState::Withdrawn), seals::decided_at.eq(now)))
        .execute(c)?;
    if changed == 1 {
        audit::record(c, &Actor::system(), now, Entry::new("seal.withdraw", "seals", id))?;
    }
    Ok(())
}

fn must_be(c: &mut DbConn, id: SealId, state: SealState) -> Result<SealRow> {
    let row = queries::seal(c, id)?;
    if row.state == state { Ok(row) } else { Err(Error::refused("targets-seal-decided")) }
}

/// Deletes what links a person to the seals they stand in; in how many. Part of erasing a person: every seal stays whole, and
/// nobody can tell any more who stands behind the commitment.
pub fn forget_person(c: &mut DbConn, by: &Actor, now: Moment, person: PersonId) -> Result<usize> {
    let count = diesel::delete(seal_people::table.filter(seal_people::person_id.eq(person.0))).execute(c)?;
    audit::record(c, by, now, Entry::new("seal.forget", "people", person).after(json!({ "seals": count })))?;
    Ok(count)
}
