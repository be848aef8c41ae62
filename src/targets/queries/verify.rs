//! Recomputing everything that is derived, from the events alone; and the seals.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{
    derived::{PEOPLE, counters, kept, last_person},
    facts::facts_of_people,
    seals::verify_seals,
};
use crate::{
    access::PersonId,
    platform::{
        db::{DbConn, schema::targets},
        error::Result,
    },
    targets::model::{Cell, Figures, Rule, Tally, Target},
};

/// What differs between the derived rows and the events, a sentence each; nothing when all is well.
pub fn verify(c: &mut DbConn) -> Result<Vec<String>> {
    let all: Vec<Target> = targets::table.order(targets::id.asc()).select(Target::as_select()).load(c)?;
    let last = last_person(c)?;
    let mut found = Vec::new();
    for target in all {
        if let Some(percent) = target.counted_percent() {
            let code = &target.code;
            found
                .push(format!("target {code}: is being counted anew ({percent} % done), ask again when it is through"));
            continue;
        }
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
