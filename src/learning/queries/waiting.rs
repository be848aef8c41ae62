//! Who waits for a seat, and what must be completed before a course.

use std::collections::{BTreeMap, HashSet};

use diesel::{prelude::*, sql_query, sql_types::BigInt};

use crate::{
    access::{PersonId, UnitId},
    accounts::model::Person,
    courses::{
        model::{CourseId, Version, VersionId},
        queries as courses,
    },
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
const MOST: usize = 500;

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
/// whole list, so they are counted over all of it before anybody is left out.
pub fn waiting(c: &mut DbConn, run: RunId, within: Option<&[UnitId]>) -> Result<Vec<Waiting>> {
    let open = waiting_list::run_id.eq(run).and(waiting_list::left_at.is_null());
    let order: Vec<(i64, UnitId)> = waiting_list::table
        .filter(open)
        .order(waiting_list::id.asc())
        .select((waiting_list::id, waiting_list::unit_id))
        .load(c)?;
    let shown: BTreeMap<i64, i64> = (1..)
        .zip(order)
        .filter(|(_, (_, unit))| within.is_none_or(|units| units.contains(unit)))
        .map(|(place, (id, _))| (id, place))
        .take(MOST)
        .collect();
    let rows: Vec<(i64, Person, UnitId, Moment)> = waiting_list::table
        .inner_join(people::table)
        .filter(waiting_list::id.eq_any(shown.keys().copied().collect::<Vec<_>>()))
        .order(waiting_list::id.asc())
        .select((waiting_list::id, Person::as_select(), waiting_list::unit_id, waiting_list::joined_at))
        .load(c)?;
    let waiting =
        |(id, person, unit, joined_at)| shown.get(&id).map(|place| Waiting { place: *place, person, unit, joined_at });
    Ok(rows.into_iter().filter_map(waiting).collect())
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
    let required = prerequisites(c, run.version_id, Some(person))?;
    let named = |one: Prerequisite| match one.course {
        Some((_, version)) => format!("{} {}", one.code, version.title_vi),
        None => one.code,
    };
    Ok(required.into_iter().filter(|one| !one.is_completed).map(named).collect())
}

/// A course to be completed before another.
#[derive(Debug, Clone)]
pub struct Prerequisite {
    pub code: String,
    /// Its address and its current version; `None` where this site does not hold it.
    pub course: Option<(String, Version)>,
    /// By the person who asks.
    pub is_completed: bool,
}

/// The courses to be completed before a version, in the order in which it names them.
pub fn prerequisites(c: &mut DbConn, version: VersionId, person: Option<PersonId>) -> Result<Vec<Prerequisite>> {
    let codes = courses::prerequisites(c, version)?;
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let completed = person.map(|person| completed_courses(c, person)).transpose()?.unwrap_or_default();
    let mut found = Vec::new();
    for code in codes {
        // A course that this site does not hold cannot have been completed here.
        let course = courses::by_code(c, &code)?;
        let current = course.map(|course| courses::current_of(c, course)).transpose()?.flatten();
        let course_and_version = match current {
            Some(version) => {
                let outline = courses::outline(c, version)?;
                Some((outline.slug, outline.version))
            }
            None => None,
        };
        let is_completed = course.is_some_and(|course| completed.contains(&course));
        found.push(Prerequisite { code, course: course_and_version, is_completed });
    }
    Ok(found)
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
