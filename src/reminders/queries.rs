//! Reading who is late, and what became of a batch.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;

use super::model::{Batch, BatchId, Contact, Late, Short, Standing};
use crate::{
    access::{Category, Permission, PersonId, UnitId},
    accounts::{model::Person, queries::directory},
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment,
            schema::{class_runs, completion_events, courses, enrolments, people, reminder_batches, reminders},
        },
        error::Result,
    },
    targets::{
        model::Target,
        queries::{self as targets, View},
    },
};

/// A class that ends within so many days is due.
const SOON: i64 = 14;
/// One that ended longer ago is history: its learners need another class, not a letter.
const AGO: i64 = 60;
/// Rows on one page.
pub const A_PAGE: i64 = 50;

pub fn batch(c: &mut DbConn, id: BatchId) -> Result<Batch> {
    Ok(reminder_batches::table.find(id.0).select(Batch::as_select()).first(c)?)
}

pub fn batch_by_code(c: &mut DbConn, code: &str) -> Result<Batch> {
    Ok(reminder_batches::table.filter(reminder_batches::code.eq(code)).select(Batch::as_select()).first(c)?)
}

/// How many people a batch wrote to so far.
pub fn sent(c: &mut DbConn, id: BatchId) -> Result<i64> {
    Ok(reminders::table.filter(reminders::batch_id.eq(id.0)).count().get_result(c)?)
}

/// Who of these people was written to on a day.
fn reminded(c: &mut DbConn, ids: &[PersonId], day: NaiveDate) -> Result<HashSet<PersonId>> {
    let found: Vec<PersonId> = reminders::table
        .filter(reminders::day.eq(day))
        .filter(reminders::person_id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()))
        .select(reminders::person_id)
        .load(c)?;
    Ok(found.into_iter().collect())
}

/// The condition is built several times: to count, to list, to go through all.
macro_rules! late {
    ($within:expr, $now:expr) => {{
        let (from, until) = ($now - TimeDelta::days(AGO), $now + TimeDelta::days(SOON));
        // Who completed the course in another class is not late with it.
        let done = completion_events::table
            .filter(completion_events::person_id.eq(enrolments::person_id))
            .filter(completion_events::course_id.eq(class_runs::course_id))
            .filter(completion_events::kind.eq("completed"));
        let mut query = enrolments::table
            .inner_join(class_runs::table.inner_join(courses::table))
            .inner_join(people::table)
            .filter(enrolments::state.eq("active").and(enrolments::completed_at.is_null()))
            .filter(class_runs::opens_at.le($now))
            .filter(class_runs::closes_at.gt(from).and(class_runs::closes_at.le(until)))
            .filter(people::state.ne("disabled"))
            .filter(diesel::dsl::not(diesel::dsl::exists(done)))
            .into_boxed();
        if let Some(units) = $within {
            query = query.filter(enrolments::unit_id.eq_any(units.iter().map(|u| u.0).collect::<Vec<_>>()));
        }
        query
    }};
}

type LateRow = ((PersonId, String, String, String, Option<i32>), (UnitId, Category), String, (String, String, Moment));

/// Places of people in classes that end soon or ended, the earliest end first; `within` are units as recorded with the place, `None`
/// is all. And how many places and how many people there are.
pub fn late(c: &mut DbConn, within: Option<&[UnitId]>, now: Moment, page: i64) -> Result<(Vec<Late>, i64, i64)> {
    let both = (diesel::dsl::count_star(), diesel::dsl::count(enrolments::person_id).aggregate_distinct());
    let (total, people): (i64, i64) = late!(within, now).select(both).first(c)?;
    let rows = late_rows(c, within, now, (page.max(1) - 1) * A_PAGE, A_PAGE)?;
    Ok((rows, total, people))
}

/// A stretch of the same list.
pub fn late_rows(c: &mut DbConn, within: Option<&[UnitId]>, now: Moment, offset: i64, limit: i64) -> Result<Vec<Late>> {
    let rows: Vec<LateRow> = late!(within, now)
        .order((class_runs::closes_at.asc(), people::sort_key.asc(), people::id.asc(), enrolments::id.asc()))
        .limit(limit)
        .offset(offset)
        .select((
            (people::id, people::code, people::family_names, people::given_name, people::birth_year),
            (enrolments::unit_id, enrolments::category),
            courses::code,
            (class_runs::code, class_runs::title, class_runs::closes_at),
        ))
        .load(c)?;
    let units = organisations::by_ids(c, &rows.iter().map(|row| row.1.0).collect::<Vec<_>>())?;
    let ids: Vec<PersonId> = rows.iter().map(|row| row.0.0).collect();
    let reminded = reminded(c, &ids, local_day(now.0))?;
    Ok(rows
        .into_iter()
        .map(|((person, code, family, given, birth_year), (unit, category), course, (run, title, closes_at))| Late {
            person,
            code,
            name: format!("{family} {given}").trim().to_owned(),
            birth_year,
            unit: units.get(&unit).cloned(),
            category,
            course,
            run,
            title,
            last_day: local_day((closes_at - TimeDelta::microseconds(1)).0),
            was_reminded: reminded.contains(&person),
        })
        .collect())
}

/// The agencies of a target, carried to today, that have not reached what they were given or have no figures: those behind first, then
/// those without figures, each with who answers for training there.
pub fn short(c: &mut DbConn, target: &Target, now: Moment) -> Result<Vec<Short>> {
    let today = local_day(now.0);
    let day = today.clamp(target.period_from, target.period_to);
    let board = targets::board(c, target, target.period(), View::AsOf(day), today, &targets::Officials::new())?;
    let mut found: Vec<Short> = board
        .agencies
        .into_iter()
        .filter_map(|agency| {
            let standing = match agency.missing(target.metric) {
                Some(missing) if missing > 0 && agency.is_behind(target, today) => Standing::Behind,
                _ if agency.split.total.is_zero() => Standing::NoData,
                Some(missing) if missing > 0 => Standing::OnItsWay,
                _ => return None,
            };
            Some(Short { agency, standing, contacts: Vec::new() })
        })
        .collect();
    let units: Vec<UnitId> = found.iter().map(|short| short.agency.unit.id).collect();
    let holders = directory::holders(c, Permission::Nominate, &units)?;
    let ids: Vec<PersonId> = holders.iter().map(|(_, person)| *person).collect();
    let named: Vec<Person> = people::table
        .filter(people::id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()))
        .select(Person::as_select())
        .load(c)?;
    let named: HashMap<PersonId, Person> = named.into_iter().map(|person| (person.id, person)).collect();
    let reminded = reminded(c, &ids, today)?;
    let mut contacts: HashMap<UnitId, Vec<Contact>> = HashMap::new();
    for (unit, id) in holders {
        let Some(person) = named.get(&id) else { continue };
        contacts.entry(unit).or_default().push(Contact {
            person: id,
            name: person.full_name(),
            phone: person.phone.clone(),
            email: person.email.clone(),
            was_reminded: reminded.contains(&id),
        });
    }
    for short in &mut found {
        short.contacts = contacts.remove(&short.agency.unit.id).unwrap_or_default();
    }
    // Stable: agencies of a standing stay by kind and name, the largest part missing first.
    found.sort_by_key(|short| (short.standing, std::cmp::Reverse(short.agency.missing(target.metric).unwrap_or(0))));
    Ok(found)
}
