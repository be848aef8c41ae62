//! What was known at a moment, from the events alone: for reports, which must say the same whenever they are made again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::{dsl::sql, prelude::*, sql_types::BigInt};

use super::{
    agencies::{Share, agencies_known},
    facts::{facts_of_people, last_person},
    seals::PEOPLE,
};
use crate::{
    access::{Category, PersonId, UnitId},
    platform::{
        db::{
            DbConn, Moment,
            schema::{completion_events, courses, people, quota_events, quota_rounds, quotas, units},
        },
        error::Result,
    },
    targets::model::{
        Cell, Days, Figures, Rule, Tally, Target, TargetId, Verdict,
        quota::{EventKind, Moves},
        seal::Content,
    },
};

/// A completion that counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownTurn {
    pub completion: i64,
    pub unit: UnitId,
    pub day: NaiveDate,
    /// The person is counted by this one.
    pub seats_person: bool,
}

/// What counted at a moment, by unit as recorded, category and day.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub counts: BTreeMap<Cell, Figures>,
    /// Who held a class that counted, and on which days it did.
    pub organised: BTreeSet<(UnitId, NaiveDate)>,
    /// The completions themselves on the days asked for, by person.
    pub turns: Vec<KnownTurn>,
}

/// Computes what counted at a moment by a rule; with `listed`, the completions on those days one by one.
pub fn known(c: &mut DbConn, rule: Rule<'_>, at: Moment, listed: Option<Days>) -> Result<Known> {
    let mut known = Known::default();
    let (mut from, last) = (1, last_person(c)?);
    while from <= last {
        let to = from + PEOPLE - 1;
        let facts = facts_of_people(c, rule.courses, PersonId(from), PersonId(to))?;
        let tally = Tally::of(rule, &facts, Some(at));
        let counts = |fact: &&_| rule.verdict(fact, Some(at)) == Verdict::Counted;
        known.organised.extend(facts.iter().filter(counts).map(|fact| (fact.organiser, fact.day())));
        if let Some(days) = listed {
            let seat = |completion, person| tally.people.get(person).is_some_and(|(by, _)| *by == completion);
            let mut turns: Vec<(PersonId, KnownTurn)> = tally
                .turns
                .iter()
                .filter(|(_, (_, (_, _, day)))| days.contains(*day))
                .map(|(completion, (person, (unit, _, day)))| {
                    let seats_person = seat(*completion, person);
                    (*person, KnownTurn { completion: *completion, unit: *unit, day: *day, seats_person })
                })
                .collect();
            turns.sort_by_key(|(person, turn)| (*person, turn.completion));
            known.turns.extend(turns.into_iter().map(|(_, turn)| turn));
        }
        for (cell, figures) in tally.counts {
            *known.counts.entry(cell).or_default() += figures;
        }
        from = to + 1;
    }
    Ok(known)
}

/// The same out of a seal.
pub fn known_in_seal(c: &mut DbConn, content: &Content) -> Result<Known> {
    let turns = || content.people.iter().flat_map(|person| person.turns.iter().map(move |turn| (person, turn)));
    let codes: BTreeSet<&str> = turns().flat_map(|(_, turn)| [turn.unit.as_str(), turn.organiser.as_str()]).collect();
    let ids: HashMap<String, UnitId> = units::table
        .filter(units::code.eq_any(codes))
        .select((units::code, units::id))
        .load::<(String, UnitId)>(c)?
        .into_iter()
        .collect();
    let mut known = Known::default();
    for (person, turn) in turns() {
        let (Some(unit), Some(organiser)) = (ids.get(&turn.unit), ids.get(&turn.organiser)) else { continue };
        let seats_person = person.counted_by == Some(turn.event);
        *known.counts.entry((*unit, turn.category, turn.day)).or_default() +=
            Figures { turns: 1, people: i64::from(seats_person) };
        known.organised.insert((*organiser, turn.day));
        known.turns.push(KnownTurn { completion: turn.event, unit: *unit, day: turn.day, seats_person });
    }
    known.turns.sort_by_key(|turn| turn.completion);
    Ok(known)
}

/// The share of agencies on a day, from what was known.
pub fn share_known(c: &mut DbConn, target: &Target, on: NaiveDate, known: &Known) -> Result<Share> {
    Ok(agencies_known(c, target, on, known.organised.iter().copied())?.share())
}

/// Seats a unit had been given for a target at a moment, and by which unit; by nobody where they came from the round itself.
pub fn given_at(c: &mut DbConn, target: TargetId, at: Moment) -> Result<Vec<(UnitId, Option<UnitId>, i64)>> {
    let amounts: Vec<EventKind> = EventKind::ALL.iter().copied().filter(|kind| kind.moves() == Moves::Amount).collect();
    let rows: Vec<(i64, UnitId, Option<i64>, i64)> = quota_events::table
        .inner_join(quotas::table)
        .inner_join(quota_rounds::table.on(quota_rounds::id.eq(quotas::round_id)))
        .filter(quota_rounds::target_id.eq(target.0).and(quota_events::recorded_at.le(at)))
        .filter(quota_events::kind.eq_any(amounts))
        .group_by((quotas::id, quotas::unit_id, quotas::parent_id))
        .order(quotas::id.asc())
        .select((
            quotas::id,
            quotas::unit_id,
            quotas::parent_id,
            sql::<BigInt>("CAST(SUM(quota_events.delta) AS BIGINT)"),
        ))
        .load(c)?;
    let holders: HashMap<i64, UnitId> = rows.iter().map(|(id, unit, ..)| (*id, *unit)).collect();
    Ok(rows
        .into_iter()
        .map(|(_, unit, above, amount)| (unit, above.and_then(|above| holders.get(&above).copied()), amount))
        .collect())
}

/// Who stands behind a completion, for the lists of names that belong to a report.
#[derive(Debug, Clone)]
pub struct Named {
    pub completion: i64,
    pub person_code: String,
    pub name: String,
    pub birth_year: Option<i32>,
    pub position: String,
    pub category: Category,
    pub unit_code: String,
    pub unit: String,
    pub course: String,
}

type NamedRow = (i64, (String, String, String, Option<i32>), String, Category, (String, String), String);

/// Names to completions, a thousand in one read.
pub fn named(c: &mut DbConn, completions: &[i64]) -> Result<HashMap<i64, Named>> {
    let mut found = HashMap::with_capacity(completions.len());
    for ids in completions.chunks(1000) {
        let rows: Vec<NamedRow> = completion_events::table
            .inner_join(people::table.on(people::id.eq(completion_events::person_id)))
            .inner_join(units::table.on(units::id.eq(completion_events::unit_id)))
            .inner_join(courses::table.on(courses::id.eq(completion_events::course_id)))
            .filter(completion_events::id.eq_any(ids.to_vec()))
            .select((
                completion_events::id,
                (people::code, people::family_names, people::given_name, people::birth_year),
                completion_events::position,
                completion_events::category,
                (units::code, units::name_vi),
                courses::code,
            ))
            .load(c)?;
        for (completion, (person_code, family, given, birth_year), position, category, (unit_code, unit), course) in
            rows
        {
            let name = format!("{family} {given}").trim().to_owned();
            let named =
                Named { completion, person_code, name, birth_year, position, category, unit_code, unit, course };
            found.insert(completion, named);
        }
    }
    Ok(found)
}
