//! Reading classes held outside the system.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    access::{Category, PersonId, UnitId},
    platform::{
        db::{
            DbConn, Moment,
            schema::{outside_classes, outside_completions, outside_decisions, outside_people},
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

macro_rules! classes {
    () => {
        outside_classes::table.left_join(outside_decisions::table).select((
            (
                outside_classes::id,
                outside_classes::course_id,
                outside_classes::organiser_id,
                outside_classes::first_day,
                outside_classes::last_day,
                outside_classes::decision,
                outside_classes::entered_at,
                outside_classes::entered_by,
            ),
            (outside_decisions::kind, outside_decisions::decided_at, outside_decisions::decided_by).nullable(),
        ))
    };
}

pub fn outside_class(c: &mut DbConn, id: OutsideId) -> Result<Outside> {
    Ok(classes!().filter(outside_classes::id.eq(id.0)).first::<Row>(c).map(outside)?)
}

/// All of them, the latest entered first.
pub fn outside_classes(c: &mut DbConn) -> Result<Vec<Outside>> {
    Ok(classes!().order(outside_classes::id.desc()).load::<Row>(c)?.into_iter().map(outside).collect())
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
