//! Who waits for a seat, and what must be completed before a course.

use std::collections::HashSet;

use diesel::{prelude::*, sql_query, sql_types::BigInt};

use crate::{
    access::{PersonId, UnitId},
    accounts::model::Person,
    courses::{model::CourseId, queries as courses},
    learning::model::{Run, RunId, Waiting},
    platform::{
        db::{
            DbConn, Moment,
            schema::{class_runs, completion_events, people, waiting_list},
        },
        error::Result,
    },
};

/// How many of a waiting list are shown.
const MOST: i64 = 500;

/// Where somebody stands in a waiting list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingPlace {
    /// From 1.
    pub place: i64,
    pub joined_at: Moment,
}

/// Where a person stands in the waiting list of a run, if they wait.
pub fn waiting_place(c: &mut DbConn, run: RunId, person: PersonId) -> Result<Option<WaitingPlace>> {
    let open = waiting_list::run_id.eq(run).and(waiting_list::left_at.is_null());
    let mine: Option<(i64, Moment)> = waiting_list::table
        .filter(open)
        .filter(waiting_list::person_id.eq(person))
        .select((waiting_list::id, waiting_list::joined_at))
        .first(c)
        .optional()?;
    let Some((id, joined_at)) = mine else { return Ok(None) };
    let place = waiting_list::table.filter(open).filter(waiting_list::id.le(id)).count().get_result(c)?;
    Ok(Some(WaitingPlace { place, joined_at }))
}

/// How many people wait for a seat of a run.
pub fn waiting_count(c: &mut DbConn, run: RunId) -> Result<i64> {
    let open = waiting_list::run_id.eq(run).and(waiting_list::left_at.is_null());
    Ok(waiting_list::table.filter(open).count().get_result(c)?)
}

/// The waiting list of a run in its order; people of some units only, unless `within` is `None`. The places are those of the
/// whole list.
pub fn waiting(c: &mut DbConn, run: RunId, within: Option<&[UnitId]>) -> Result<Vec<Waiting>> {
    let rows: Vec<(Person, UnitId, Moment)> = waiting_list::table
        .inner_join(people::table)
        .filter(waiting_list::run_id.eq(run).and(waiting_list::left_at.is_null()))
        .order(waiting_list::id.asc())
        .limit(MOST)
        .select((Person::as_select(), waiting_list::unit_id, waiting_list::joined_at))
        .load(c)?;
    let all = (1..).zip(rows).map(|(place, (person, unit, joined_at))| Waiting { place, person, unit, joined_at });
    Ok(all.filter(|waiting| within.is_none_or(|units| units.contains(&waiting.unit))).collect())
}

#[derive(QueryableByName)]
struct MyPlace {
    #[diesel(sql_type = BigInt)]
    run_id: RunId,
    #[diesel(sql_type = BigInt)]
    place: i64,
}

/// The runs that are not over in which a person waits, with their place.
pub fn my_waiting(c: &mut DbConn, now: Moment, person: PersonId) -> Result<Vec<(Run, i64)>> {
    let places: Vec<MyPlace> = sql_query(
        "SELECT mine.run_id, (SELECT COUNT(*) FROM waiting_list w WHERE w.run_id = mine.run_id AND w.left_at IS NULL \
         AND w.id <= mine.id) AS place FROM waiting_list mine WHERE mine.person_id = $1 AND mine.left_at IS NULL",
    )
    .bind::<BigInt, _>(person)
    .load(c)?;
    let ids: Vec<RunId> = places.iter().map(|place| place.run_id).collect();
    let runs: Vec<Run> = class_runs::table
        .filter(class_runs::id.eq_any(ids).and(class_runs::closes_at.gt(now)))
        .order((class_runs::closes_at.asc(), class_runs::id.asc()))
        .select(Run::as_select())
        .load(c)?;
    let place = |run: &Run| places.iter().find(|place| place.run_id == run.id).map_or(0, |place| place.place);
    Ok(runs.into_iter().map(|run| (place(&run), run)).map(|(place, run)| (run, place)).collect())
}

/// The courses a person must still complete before they may enter a run, as officials cite them. A completion counts as it
/// does in figures: not voided, and not flagged unless it was accepted.
pub fn missing_prerequisites(c: &mut DbConn, run: &Run, person: PersonId) -> Result<Vec<String>> {
    let before = courses::prerequisites(c, run.version_id)?;
    if before.is_empty() {
        return Ok(Vec::new());
    }
    let completed = completed_courses(c, person)?;
    let mut missing = Vec::new();
    for code in before {
        // A course that this site does not hold cannot have been completed here.
        let course = courses::by_code(c, &code)?;
        if course.is_some_and(|course| completed.contains(&course)) {
            continue;
        }
        let version = course.map(|course| courses::current_of(c, course)).transpose()?.flatten();
        let title = version.map(|version| courses::version(c, version)).transpose()?.map(|version| version.title_vi);
        missing.push(title.map_or_else(|| code.clone(), |title| format!("{code} {title}")));
    }
    Ok(missing)
}

fn completed_courses(c: &mut DbConn, person: PersonId) -> Result<HashSet<CourseId>> {
    let events: Vec<(i64, Option<i64>, String, CourseId, bool)> = completion_events::table
        .filter(completion_events::person_id.eq(person))
        .select((
            completion_events::id,
            completion_events::completion_id,
            completion_events::kind,
            completion_events::course_id,
            completion_events::is_flagged,
        ))
        .load(c)?;
    let changed: HashSet<(i64, &str)> =
        events.iter().filter_map(|(_, of, kind, ..)| Some(((*of)?, kind.as_str()))).collect();
    let counts = |id: i64, is_flagged: bool| {
        !changed.contains(&(id, "voided")) && (!is_flagged || changed.contains(&(id, "accepted")))
    };
    let completed = events.iter().filter(|(id, of, .., is_flagged)| of.is_none() && counts(*id, *is_flagged));
    Ok(completed.map(|(_, _, _, course, _)| *course).collect())
}
