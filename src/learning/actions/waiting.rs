//! The waiting list of a full run. Who waits is in no class yet: nothing is frozen and nothing counts before there is a seat.

use diesel::{prelude::*, sql_query, sql_types::*};
use serde_json::json;

use super::enrol::{admit, hold_run, must_be_open_for, must_be_ready};
use crate::{
    access::{Actor, PersonId},
    audit::{Entry as Audit, record},
    learning::{
        model::{Enrolled, EnrolmentState, Entry, RunId},
        queries,
    },
    notifications::actions::notify,
    platform::{
        db::{DbConn, Moment, UtcTs, schema::waiting_list},
        error::{Error, Result},
        i18n::Message,
    },
};

/// How many people are looked at in one step for the seats that are free.
const LOOKED_AT: i64 = 100;

#[derive(QueryableByName)]
struct Joined {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Puts a person at the end of the waiting list of a full run; their place, from 1. Asking again keeps the place. The ways in
/// are those of the run itself, so that nobody waits for a seat they could not have.
pub fn join_waiting(c: &mut DbConn, now: Moment, by: &Actor, run: RunId, person: PersonId, how: &Entry) -> Result<i64> {
    let run = hold_run(c, run)?;
    must_be_open_for(&run, now, how)?;
    if queries::enrolment_of(c, run.id, person)?.is_some_and(|e| e.state == EnrolmentState::Active) {
        return Err(Error::refused("learning-enrolled-already"));
    }
    if let Some(place) = queries::waiting_place(c, run.id, person)? {
        return Ok(place.place);
    }
    let facts = must_be_ready(c, now, &run, person)?;
    // One conditional statement: a seat that was given back a moment ago is taken, not waited for.
    let joined: Vec<Joined> = sql_query(
        "INSERT INTO waiting_list (run_id, person_id, unit_id, joined_at, joined_by) \
         SELECT id, $1, $2, $3, $4 FROM class_runs WHERE id = $5 AND capacity IS NOT NULL AND taken >= capacity \
         ON CONFLICT (run_id, person_id) WHERE left_at IS NULL DO NOTHING RETURNING id",
    )
    .bind::<BigInt, _>(person)
    .bind::<BigInt, _>(facts.unit)
    .bind::<UtcTs, _>(now)
    .bind::<Nullable<BigInt>, _>(by.person.map(|person| person.0))
    .bind::<BigInt, _>(run.id)
    .load(c)?;
    let Some(joined) = joined.first() else { return Err(Error::refused("learning-wait-seats-free")) };
    let entry = Audit::new("enrolment.wait", "waiting_list", joined.id).unit(facts.unit);
    record(c, by, now, entry.after(json!({ "run": run.code, "person": person })))?;
    Ok(queries::waiting_place(c, run.id, person)?.ok_or(Error::NotFound)?.place)
}

/// Leaves the waiting list; those behind move up.
pub fn leave_waiting(c: &mut DbConn, now: Moment, by: &Actor, run: RunId, person: PersonId) -> Result<()> {
    let run = hold_run(c, run)?;
    let Some(id) = end(c, now, run.id, person, "left")? else {
        return Err(Error::refused("learning-wait-not-waiting"));
    };
    let entry = Audit::new("enrolment.wait-end", "waiting_list", id);
    record(c, by, now, entry.before(json!({ "run": run.code, "person": person })))
}

/// Whoever has a seat waits no more.
pub(super) fn seated(c: &mut DbConn, now: Moment, run: RunId, person: PersonId) -> Result<()> {
    end(c, now, run, person, "seated").map(drop)
}

fn end(c: &mut DbConn, now: Moment, run: RunId, person: PersonId, outcome: &str) -> Result<Option<i64>> {
    let mine = waiting_list::run_id.eq(run).and(waiting_list::person_id.eq(person));
    Ok(diesel::update(waiting_list::table.filter(mine.and(waiting_list::left_at.is_null())))
        .set((waiting_list::left_at.eq(now), waiting_list::outcome.eq(outcome)))
        .returning(waiting_list::id)
        .get_result(c)
        .optional()?)
}

/// Gives the seats of a held run that are free to those who wait, in their order, and tells each of them. Who cannot be let in
/// just now (no unit on that day) keeps the place, and the seat goes to the next.
pub(super) fn fill_seats(c: &mut DbConn, now: Moment, run: RunId) -> Result<()> {
    let run = queries::run(c, run)?;
    let mut free = run.capacity.map_or(0, |capacity| capacity - run.taken);
    if free <= 0 || now >= run.closes_at {
        return Ok(());
    }
    let mut after = 0;
    // Part by part: those at the front may all be people who cannot be let in just now.
    while free > 0 {
        let waiting: Vec<(i64, PersonId)> = waiting_list::table
            .filter(waiting_list::run_id.eq(run.id).and(waiting_list::left_at.is_null()))
            .filter(waiting_list::id.gt(after))
            .order(waiting_list::id.asc())
            .limit(LOOKED_AT)
            .select((waiting_list::id, waiting_list::person_id))
            .load(c)?;
        let Some((last, _)) = waiting.last() else { return Ok(()) };
        after = *last;
        for (_, person) in waiting {
            if free == 0 {
                break;
            }
            match admit(c, now, &Actor::system(), &run, person) {
                Ok(Enrolled::New(_)) => {
                    free -= 1;
                    let told = Message::new("notifications-seated").with("class", run.title.clone());
                    notify(c, now, person, &told, Some(&format!("/lop/{}", run.code)), true)?;
                }
                Ok(Enrolled::Already(_)) | Err(Error::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}
