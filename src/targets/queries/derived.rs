//! The rows that are derived for a target, some people at a time: what is compared with the events.

use std::collections::BTreeMap;

use diesel::{dsl::max, prelude::*};

use super::facts;
use crate::{
    access::{Category, PersonId, UnitId},
    platform::{
        db::{
            DbConn,
            schema::{counted_people, counted_turns, target_counts},
        },
        error::Result,
    },
    targets::model::{Cell, Figures, Tally, TargetId},
};

/// How many people's events are looked at together.
pub const PEOPLE: i64 = 2000;

/// The greatest id of a person who completed anything or is counted.
pub fn last_person(c: &mut DbConn) -> Result<i64> {
    let counted = counted_turns::table.select(max(counted_turns::person_id)).first::<Option<i64>>(c)?;
    Ok(facts::last_person(c)?.max(counted.unwrap_or(0)))
}

/// Turns and places of the people whose ids lie in a range.
pub fn kept(c: &mut DbConn, target: TargetId, from: i64, to: i64) -> Result<Tally> {
    let turns: Vec<(i64, PersonId, UnitId, Category, chrono::NaiveDate)> = counted_turns::table
        .filter(counted_turns::target_id.eq(target.0).and(counted_turns::person_id.between(from, to)))
        .select((
            counted_turns::completion_id,
            counted_turns::person_id,
            counted_turns::unit_id,
            counted_turns::category,
            counted_turns::day,
        ))
        .load(c)?;
    let people: Vec<(PersonId, i64, UnitId, Category, chrono::NaiveDate)> = counted_people::table
        .filter(counted_people::target_id.eq(target.0).and(counted_people::person_id.between(from, to)))
        .select((
            counted_people::person_id,
            counted_people::completion_id,
            counted_people::unit_id,
            counted_people::category,
            counted_people::day,
        ))
        .load(c)?;
    Ok(Tally {
        turns: turns
            .into_iter()
            .map(|(id, person, unit, category, day)| (id, (person, (unit, category, day))))
            .collect(),
        people: people
            .into_iter()
            .map(|(person, id, unit, category, day)| (person, (id, (unit, category, day))))
            .collect(),
        counts: BTreeMap::new(),
    })
}

/// All counters.
pub fn counters(c: &mut DbConn, target: TargetId) -> Result<BTreeMap<Cell, Figures>> {
    let rows: Vec<(UnitId, Category, chrono::NaiveDate, i64, i64)> = target_counts::table
        .filter(target_counts::target_id.eq(target.0))
        .select((
            target_counts::unit_id,
            target_counts::category,
            target_counts::day,
            target_counts::turns,
            target_counts::people,
        ))
        .load(c)?;
    Ok(rows
        .into_iter()
        .map(|(unit, category, day, turns, people)| ((unit, category, day), Figures { turns, people }))
        .collect())
}
