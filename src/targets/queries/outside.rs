//! Reading classes held outside the system.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    access::{Category, PersonId, UnitId},
    platform::{
        db::{
            DbConn, Moment,
            schema::{
                completion_events, files, outside_classes, outside_completions, outside_decisions, outside_files,
                outside_people,
            },
        },
        error::Result,
    },
    targets::model::{OutsideDecision, OutsideId},
};

/// A class as it was entered, and what was decided about it.
#[derive(Debug, Clone)]
pub struct Outside {
    pub id: OutsideId,
    pub course: i64,
    pub organiser: UnitId,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    /// Number and date of the decision to hold it.
    pub decision: String,
    pub entered_at: Moment,
    pub entered_by: PersonId,
    /// What the second person said, and when.
    pub decided: Option<(OutsideDecision, Moment, PersonId)>,
}

impl Outside {
    /// Where it is looked at and decided about.
    pub fn path(&self) -> String {
        format!("/lop-ngoai/{}", self.id)
    }
}

/// Somebody in it, with the facts frozen on its first day; the completion once it is confirmed.
#[derive(Debug, Clone, Queryable)]
pub struct OutsidePerson {
    pub person: PersonId,
    pub unit: UnitId,
    pub position: String,
    pub category: Category,
    pub completion: Option<i64>,
}

type Row = (
    (OutsideId, i64, UnitId, NaiveDate, NaiveDate, String, Moment, PersonId),
    Option<(OutsideDecision, Moment, PersonId)>,
);

fn outside(row: Row) -> Outside {
    let ((id, course, organiser, first_day, last_day, decision, entered_at, entered_by), decided) = row;
    Outside { id, course, organiser, first_day, last_day, decision, entered_at, entered_by, decided }
}

#[diesel::dsl::auto_type]
fn columns() -> _ {
    let class: (
        outside_classes::id,
        outside_classes::course_id,
        outside_classes::organiser_id,
        outside_classes::first_day,
        outside_classes::last_day,
        outside_classes::decision,
        outside_classes::entered_at,
        outside_classes::entered_by,
    ) = (
        outside_classes::id,
        outside_classes::course_id,
        outside_classes::organiser_id,
        outside_classes::first_day,
        outside_classes::last_day,
        outside_classes::decision,
        outside_classes::entered_at,
        outside_classes::entered_by,
    );
    let word = (outside_decisions::kind, outside_decisions::decided_at, outside_decisions::decided_by).nullable();
    (class, word)
}

pub fn outside_class(c: &mut DbConn, id: OutsideId) -> Result<Outside> {
    Ok(outside_classes::table
        .left_join(outside_decisions::table)
        .filter(outside_classes::id.eq(id.0))
        .select(columns())
        .first::<Row>(c)
        .map(outside)?)
}

/// All of them, the latest entered first.
pub fn outside_classes(c: &mut DbConn) -> Result<Vec<Outside>> {
    Ok(outside_classes::table
        .left_join(outside_decisions::table)
        .select(columns())
        .order(outside_classes::id.desc())
        .load::<Row>(c)?
        .into_iter()
        .map(outside)
        .collect())
}

/// Which classes a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// Those that wait for a second person.
    Not,
    As(OutsideDecision),
}

/// A page of the classes that these units held (`None`: all units), the latest entered first; and how many there are.
pub fn outside_page(
    c: &mut DbConn,
    organisers: Option<&[UnitId]>,
    decided: Option<Decided>,
    (offset, limit): (i64, i64),
) -> Result<(Vec<Outside>, i64)> {
    let asked = || {
        let mut query = outside_classes::table.left_join(outside_decisions::table).into_boxed();
        if let Some(units) = organisers {
            query = query.filter(outside_classes::organiser_id.eq_any(units.iter().map(|u| u.0).collect::<Vec<_>>()));
        }
        match decided {
            None => query,
            Some(Decided::Not) => query.filter(outside_decisions::class_id.nullable().is_null()),
            Some(Decided::As(kind)) => query.filter(outside_decisions::kind.nullable().eq(kind)),
        }
    };
    let total = asked().count().get_result(c)?;
    let rows: Vec<Row> =
        asked().select(columns()).order(outside_classes::id.desc()).offset(offset).limit(limit).load(c)?;
    Ok((rows.into_iter().map(outside).collect(), total))
}

/// How many people are in each of these classes.
pub fn roster_sizes(c: &mut DbConn, classes: &[OutsideId]) -> Result<HashMap<OutsideId, i64>> {
    let rows: Vec<(OutsideId, i64)> = outside_people::table
        .filter(outside_people::class_id.eq_any(classes.iter().map(|id| id.0).collect::<Vec<_>>()))
        .group_by(outside_people::class_id)
        .select((outside_people::class_id, diesel::dsl::count_star()))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// The signed roster as it was sent in: key, media type and name of the file. Rows entered by a command have none.
pub fn roster_file(c: &mut DbConn, id: OutsideId) -> Result<Option<(String, String, String)>> {
    Ok(outside_files::table
        .inner_join(files::table)
        .filter(outside_files::class_id.eq(id.0))
        .select((files::key, files::media_type, files::name))
        .first(c)
        .optional()?)
}

/// Why the second person said no.
pub fn outside_reason(c: &mut DbConn, id: OutsideId) -> Result<Option<String>> {
    let reason = outside_decisions::table.find(id.0).select(outside_decisions::reason);
    Ok(reason.first::<Option<String>>(c).optional()?.flatten())
}

/// Those of these completions that were taken back.
pub fn voided(c: &mut DbConn, completions: &[i64]) -> Result<BTreeSet<i64>> {
    let of: Vec<Option<i64>> = completion_events::table
        .filter(completion_events::kind.eq("voided"))
        .filter(completion_events::completion_id.eq_any(completions.iter().copied().map(Some).collect::<Vec<_>>()))
        .select(completion_events::completion_id)
        .load(c)?;
    Ok(of.into_iter().flatten().collect())
}

/// Who was in it.
pub fn roster(c: &mut DbConn, id: OutsideId) -> Result<Vec<OutsidePerson>> {
    let completed = outside_completions::class_id
        .eq(outside_people::class_id)
        .and(outside_completions::person_id.eq(outside_people::person_id));
    Ok(outside_people::table
        .left_join(outside_completions::table.on(completed))
        .filter(outside_people::class_id.eq(id.0))
        .order(outside_people::person_id.asc())
        .select((
            outside_people::person_id,
            outside_people::unit_id,
            outside_people::position,
            outside_people::category,
            outside_completions::completion_id.nullable(),
        ))
        .load(c)?)
}

/// Whether somebody stands on the list of a class held outside the system.
pub fn was_in_a_class(c: &mut DbConn, person: PersonId) -> Result<bool> {
    let found: i64 = outside_people::table.filter(outside_people::person_id.eq(person)).count().get_result(c)?;
    Ok(found > 0)
}
