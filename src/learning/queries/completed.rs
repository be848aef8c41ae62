//! What several people completed, as far as it counts.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;

use crate::{
    access::PersonId,
    courses::model::CourseId,
    platform::{
        db::{DbConn, Moment, schema::completion_events},
        error::Result,
    },
};

/// Which of these courses each of these people completed since a moment, here or outside the system. A completion counts as it does in
/// figures: not voided, and not flagged unless it was accepted.
pub fn completed_since(
    c: &mut DbConn,
    people: &[PersonId],
    courses: &[CourseId],
    since: Moment,
) -> Result<HashMap<PersonId, BTreeSet<CourseId>>> {
    type Row = (i64, Option<i64>, String, PersonId, CourseId, bool);
    let rows: Vec<Row> = completion_events::table
        .filter(completion_events::person_id.eq_any(people.iter().map(|person| person.0).collect::<Vec<_>>()))
        .filter(completion_events::course_id.eq_any(courses.iter().map(|course| course.0).collect::<Vec<_>>()))
        // A change carries the moment of its completion.
        .filter(completion_events::occurred_at.ge(since))
        .select((
            completion_events::id,
            completion_events::completion_id,
            completion_events::kind,
            completion_events::person_id,
            completion_events::course_id,
            completion_events::is_flagged,
        ))
        .load(c)?;
    let changed: HashSet<(i64, &str)> =
        rows.iter().filter_map(|(_, of, kind, ..)| Some(((*of)?, kind.as_str()))).collect();
    let mut found: HashMap<PersonId, BTreeSet<CourseId>> = HashMap::new();
    for (id, of, _, person, course, is_flagged) in &rows {
        let stands = !changed.contains(&(*id, "voided")) && (!is_flagged || changed.contains(&(*id, "accepted")));
        if of.is_none() && stands {
            found.entry(*person).or_default().insert(*course);
        }
    }
    Ok(found)
}
