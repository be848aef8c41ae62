//! Completions as the events tell them: the truth from which every figure derives.

use std::collections::HashMap;

use diesel::{dsl::max, prelude::*};

use crate::{
    access::{Category, PersonId, UnitId},
    platform::{
        db::{DbConn, Moment, schema::completion_events},
        error::Result,
    },
    targets::model::Fact,
};

type Row = (i64, PersonId, i64, UnitId, UnitId, Category, bool, Moment, Moment);
type Columns = (
    completion_events::id,
    completion_events::person_id,
    completion_events::course_id,
    completion_events::organiser_id,
    completion_events::unit_id,
    completion_events::category,
    completion_events::is_flagged,
    completion_events::occurred_at,
    completion_events::recorded_at,
);
const COLUMNS: Columns = (
    completion_events::id,
    completion_events::person_id,
    completion_events::course_id,
    completion_events::organiser_id,
    completion_events::unit_id,
    completion_events::category,
    completion_events::is_flagged,
    completion_events::occurred_at,
    completion_events::recorded_at,
);

/// How many ids one statement names.
const CHUNK: usize = 1000;

/// These completions, and what became of each, by id.
pub fn facts(c: &mut DbConn, completions: &[i64]) -> Result<Vec<Fact>> {
    // The usual case by itself: a statement that does not change is prepared once.
    if let [one] = completions {
        let row = completion_events::table
            .filter(completion_events::kind.eq("completed").and(completion_events::id.eq(*one)))
            .select(COLUMNS)
            .first::<Row>(c)
            .optional()?;
        return with_changes(c, row.into_iter().collect());
    }
    let mut rows: Vec<Row> = Vec::with_capacity(completions.len());
    for ids in completions.chunks(CHUNK) {
        rows.extend(
            completion_events::table
                .filter(completion_events::kind.eq("completed").and(completion_events::id.eq_any(ids.to_vec())))
                .order(completion_events::id.asc())
                .select(COLUMNS)
                .load::<Row>(c)?,
        );
    }
    with_changes(c, rows)
}

/// All completions of these courses by people whose ids lie in a range.
pub fn facts_of_people(c: &mut DbConn, courses: &[i64], from: PersonId, to: PersonId) -> Result<Vec<Fact>> {
    let rows = completion_events::table
        .filter(completion_events::kind.eq("completed").and(completion_events::course_id.eq_any(courses.to_vec())))
        .filter(completion_events::person_id.between(from.0, to.0))
        .order(completion_events::id.asc())
        .select(COLUMNS)
        .load::<Row>(c)?;
    with_changes(c, rows)
}

/// The greatest id of a person who ever completed anything.
pub fn last_person(c: &mut DbConn) -> Result<i64> {
    Ok(completion_events::table.select(max(completion_events::person_id)).first::<Option<i64>>(c)?.unwrap_or(0))
}

fn with_changes(c: &mut DbConn, rows: Vec<Row>) -> Result<Vec<Fact>> {
    let ids: Vec<i64> = rows.iter().map(|r| r.0).collect();
    let mut changes: HashMap<(i64, String), Moment> = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let columns = (completion_events::completion_id, completion_events::kind, completion_events::recorded_at);
        let found: Vec<(Option<i64>, String, Moment)> = match ids {
            [one] => {
                completion_events::table.filter(completion_events::completion_id.eq(*one)).select(columns).load(c)?
            }
            _ => completion_events::table
                .filter(completion_events::completion_id.eq_any(ids.to_vec()))
                .select(columns)
                .load(c)?,
        };
        changes.extend(found.into_iter().filter_map(|(id, kind, at)| Some(((id?, kind), at))));
    }
    let mut change = |id: i64, kind: &str| changes.remove(&(id, kind.to_owned()));
    Ok(rows
        .into_iter()
        .map(|(completion, person, course, organiser, unit, category, is_flagged, occurred_at, recorded_at)| Fact {
            completion,
            person,
            course,
            organiser,
            unit,
            category,
            is_flagged,
            occurred_at,
            recorded_at,
            accepted_at: change(completion, "accepted"),
            voided_at: change(completion, "voided"),
        })
        .collect())
}
