//! Taking answers into the tallies of questions, each once.

use diesel::{prelude::*, upsert::excluded};

use crate::{
    assessments::queries::tallies::{Untallied, kept},
    platform::{
        db::{
            DbConn, Lock, Moment, lock,
            schema::{attempts, check_answers, item_tallies},
        },
        error::{Error, Result},
    },
};

/// Adds what was read before to the tallies, one worker after the other. The answers are marked first: whoever took one of them meanwhile
/// makes this one fail as a whole, to be tried again with what is left then.
pub fn keep(c: &mut DbConn, now: Moment, read: &Untallied) -> Result<()> {
    lock(c, Lock::Alone, "assessments.tallies")?;
    let mut marked = diesel::update(attempts::table)
        .filter(attempts::id.eq_any(&read.attempts).and(attempts::tallied_at.is_null()))
        .set(attempts::tallied_at.eq(now))
        .execute(c)?;
    // By its key each: of pairs there is no list that both databases understand.
    for (enrolment, item) in &read.checks {
        marked += diesel::update(check_answers::table.find((*enrolment, item)))
            .filter(check_answers::tallied_at.is_null())
            .set(check_answers::tallied_at.eq(now))
            .execute(c)?;
    }
    if marked != read.attempts.len() + read.checks.len() {
        return Err(Error::internal("some of these answers are in the tallies already"));
    }
    let runs: Vec<_> = read.read.tallies.keys().map(|place| place.run).collect();
    let items: Vec<_> = read.read.tallies.keys().map(|place| place.item.clone()).collect();
    let mut before = kept(c, &runs, &items)?;
    for (place, more) in &read.read.tallies {
        let mut tally = before.remove(place).unwrap_or_default();
        tally.add(more);
        let row = (
            item_tallies::run_id.eq(place.run),
            item_tallies::test_key.eq(&place.test),
            item_tallies::item_key.eq(&place.item),
            item_tallies::people.eq(tally.people),
            item_tallies::correct.eq(tally.correct),
            item_tallies::details.eq(serde_json::to_string(&tally.details)?),
        );
        // An upsert is not part of diesel's common backend.
        crate::both!(c, |c| diesel::insert_into(item_tallies::table)
            .values(row)
            .on_conflict((item_tallies::run_id, item_tallies::test_key, item_tallies::item_key))
            .do_update()
            .set((
                item_tallies::people.eq(excluded(item_tallies::people)),
                item_tallies::correct.eq(excluded(item_tallies::correct)),
                item_tallies::details.eq(excluded(item_tallies::details)),
            ))
            .execute(c))?;
    }
    Ok(())
}
