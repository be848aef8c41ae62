//! Recomputing everything that is derived, from the events alone; and the seals.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{
    facts::{facts_of_people, last_person},
    seals::verify_seals,
};
use crate::{
    access::{Category, PersonId, UnitId},
    platform::{
        db::{
            DbConn,
            schema::{counted_people, counted_turns, target_counts, targets},
        },
        error::Result,
    },
    targets::model::{Cell, Figures, Rule, Tally, Target, TargetId},
};

/// How many people's events are looked at together.
const PEOPLE: i64 = 2000;

/// What differs between the derived rows and the events, a sentence each; nothing when all is well.
pub fn verify(c: &mut DbConn) -> Result<Vec<String>> {
    let all: Vec<Target> = targets::table.order(targets::id.asc()).select(Target::as_select()).load(c)?;
    let last = last_person(c)?.max(
        counted_turns::table.select(diesel::dsl::max(counted_turns::person_id)).first::<Option<i64>>(c)?.unwrap_or(0),
    );
    let mut found = Vec::new();
    for target in all {
        let courses = if target.state.is_counted() { super::course_ids(c, target.id)? } else { Vec::new() };
        let rule = Rule { courses: &courses, period: target.period() };
        let mut should: BTreeMap<Cell, Figures> = BTreeMap::new();
        let mut from = 1;
        while from <= last {
            let to = from + PEOPLE - 1;
            let facts = facts_of_people(c, &courses, PersonId(from), PersonId(to))?;
            let tally = Tally::of(rule, &facts, None);
            let kept = kept(c, target.id, from, to)?;
            compare(&target, "the turn of completion", &tally.turns, &kept.turns, &mut found);
            compare(&target, "the place of person", &tally.people, &kept.people, &mut found);
            for (cell, figures) in tally.counts {
                *should.entry(cell).or_default() += figures;
            }
            from = to + 1;
        }
        compare(&target, "the counter of", &named(should), &named(counters(c, target.id)?), &mut found);
    }
    found.extend(super::quotas::verify(c)?);
    found.extend(verify_seals(c)?);
    Ok(found)
}

fn named(counts: BTreeMap<Cell, Figures>) -> BTreeMap<String, Figures> {
    let name = |(unit, category, day): Cell| format!("unit {unit}, {category}, {day}");
    counts.into_iter().filter(|(_, f)| !f.is_zero()).map(|(cell, f)| (name(cell), f)).collect()
}

fn kept(c: &mut DbConn, target: TargetId, from: i64, to: i64) -> Result<Tally> {
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

fn counters(c: &mut DbConn, target: TargetId) -> Result<BTreeMap<Cell, Figures>> {
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

fn compare<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
    target: &Target,
    what: &str,
    should: &BTreeMap<K, V>,
    is: &BTreeMap<K, V>,
    found: &mut Vec<String>,
) {
    let code = &target.code;
    for (key, value) in should {
        match is.get(key) {
            None => found.push(format!("target {code}: {what} {key:?} is missing, should be {value:?}")),
            Some(kept) if kept != value => {
                found.push(format!("target {code}: {what} {key:?} is {kept:?}, should be {value:?}"));
            }
            Some(_) => {}
        }
    }
    for (key, value) in is.iter().filter(|(key, _)| !should.contains_key(key)) {
        found.push(format!("target {code}: {what} {key:?} is {value:?}, should not be there"));
    }
}
