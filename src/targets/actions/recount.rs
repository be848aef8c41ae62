//! Making everything derived for one target agree with its definition as it stands now, in the transaction that changes it.
//!
//! What counts is computed from the events, some people at a time, and only differences are written. Whoever calls it holds the
//! definitions alone, so that nothing is counted meanwhile.

use std::collections::{BTreeMap, HashMap};

use diesel::{prelude::*, upsert::excluded};

use crate::{
    access::PersonId,
    platform::{
        db::{
            DbConn, Moment,
            schema::{counted_people, counted_turns, target_counts},
        },
        error::{Error, Result},
    },
    targets::{
        model::{Cell, Figures, Rule, Tally, Target, TargetId},
        queries::{self, derived},
    },
};

/// Rows of one statement: far below the 32 766 values that SQLite takes.
const STATEMENT: usize = 500;

pub(super) fn recount(c: &mut DbConn, id: TargetId) -> Result<()> {
    let target = &queries::by_id(c, id)?;
    let courses = if target.state.is_counted() { queries::course_ids(c, target.id)? } else { Vec::new() };
    let rule = Rule { courses: &courses, period: target.period() };
    let last = derived::last_person(c)?;
    let mut counts: BTreeMap<Cell, Figures> = BTreeMap::new();
    let mut from = 1;
    while from <= last {
        let to = from + derived::PEOPLE - 1;
        let facts = queries::facts_of_people(c, &courses, PersonId(from), PersonId(to))?;
        let moments: HashMap<i64, Moment> = facts.iter().map(|fact| (fact.completion, fact.occurred_at)).collect();
        let should = Tally::of(rule, &facts, None);
        let is = derived::kept(c, target.id, from, to)?;
        // People point at turns, so they go first and come last.
        remove_people(c, target, &should, &is)?;
        write_turns(c, target, &should, &is, &moments)?;
        add_people(c, target, &should, &is)?;
        for (cell, figures) in should.counts {
            *counts.entry(cell).or_default() += figures;
        }
        from = to + 1;
    }
    write_counts(c, target, &counts)
}

fn remove_people(c: &mut DbConn, target: &Target, should: &Tally, is: &Tally) -> Result<()> {
    let gone: Vec<i64> =
        is.people.iter().filter(|(id, place)| should.people.get(id) != Some(place)).map(|(id, _)| id.0).collect();
    for part in gone.chunks(STATEMENT) {
        let rows = counted_people::table
            .filter(counted_people::target_id.eq(target.id.0).and(counted_people::person_id.eq_any(part.to_vec())));
        diesel::delete(rows).execute(c)?;
    }
    Ok(())
}

fn write_turns(
    c: &mut DbConn,
    target: &Target,
    should: &Tally,
    is: &Tally,
    moments: &HashMap<i64, Moment>,
) -> Result<()> {
    let gone: Vec<i64> =
        is.turns.iter().filter(|(id, turn)| should.turns.get(id) != Some(turn)).map(|(id, _)| *id).collect();
    for part in gone.chunks(STATEMENT) {
        let rows = counted_turns::table
            .filter(counted_turns::target_id.eq(target.id.0).and(counted_turns::completion_id.eq_any(part.to_vec())));
        diesel::delete(rows).execute(c)?;
    }
    let fresh = should.turns.iter().filter(|(id, turn)| is.turns.get(id) != Some(turn));
    let rows = fresh
        .map(|(id, (person, (unit, category, day)))| {
            let at = moments.get(id).ok_or_else(|| Error::internal("a turn of a completion that was not read"))?;
            Ok((
                counted_turns::target_id.eq(target.id.0),
                counted_turns::completion_id.eq(*id),
                counted_turns::person_id.eq(person.0),
                counted_turns::unit_id.eq(unit.0),
                counted_turns::category.eq(*category),
                counted_turns::day.eq(*day),
                counted_turns::occurred_at.eq(*at),
            ))
        })
        .collect::<Result<Vec<_>>>()?;
    for part in rows.chunks(STATEMENT) {
        // A batch insert is not part of diesel's common backend.
        crate::both!(c, |c| diesel::insert_into(counted_turns::table).values(part.to_vec()).execute(c))?;
    }
    Ok(())
}

fn add_people(c: &mut DbConn, target: &Target, should: &Tally, is: &Tally) -> Result<()> {
    let fresh = should.people.iter().filter(|(id, place)| is.people.get(id) != Some(place));
    let rows: Vec<_> = fresh
        .map(|(person, (completion, (unit, category, day)))| {
            (
                counted_people::target_id.eq(target.id.0),
                counted_people::person_id.eq(person.0),
                counted_people::completion_id.eq(*completion),
                counted_people::unit_id.eq(unit.0),
                counted_people::category.eq(*category),
                counted_people::day.eq(*day),
            )
        })
        .collect();
    for part in rows.chunks(STATEMENT) {
        // A batch insert is not part of diesel's common backend.
        crate::both!(c, |c| diesel::insert_into(counted_people::table).values(part.to_vec()).execute(c))?;
    }
    Ok(())
}

/// Cells that nothing counts in any more keep a row with zeros, as they do after a voiding.
fn write_counts(c: &mut DbConn, target: &Target, should: &BTreeMap<Cell, Figures>) -> Result<()> {
    let is = derived::counters(c, target.id)?;
    let gone = is.keys().filter(|cell| !should.contains_key(cell)).map(|cell| (cell, Figures::default()));
    let changed = should.iter().map(|(cell, figures)| (cell, *figures)).chain(gone);
    let rows: Vec<_> = changed
        .filter(|(cell, figures)| is.get(cell).copied().unwrap_or_default() != *figures)
        .map(|((unit, category, day), figures)| {
            (
                target_counts::target_id.eq(target.id.0),
                target_counts::unit_id.eq(unit.0),
                target_counts::category.eq(*category),
                target_counts::day.eq(*day),
                target_counts::turns.eq(figures.turns),
                target_counts::people.eq(figures.people),
            )
        })
        .collect();
    for part in rows.chunks(STATEMENT) {
        // Neither a batch insert nor an upsert is part of diesel's common backend.
        crate::both!(c, |c| diesel::insert_into(target_counts::table)
            .values(part.to_vec())
            .on_conflict((
                target_counts::target_id,
                target_counts::unit_id,
                target_counts::category,
                target_counts::day
            ))
            .do_update()
            .set((
                target_counts::turns.eq(excluded(target_counts::turns)),
                target_counts::people.eq(excluded(target_counts::people)),
            ))
            .execute(c))?;
    }
    Ok(())
}
