//! How far the people on their way to a target have come.

use diesel::{
    dsl::{case_when, count, count_star, exists, not, sum},
    prelude::*,
    sql_types::Integer,
};
use serde::Serialize;

use super::{
    course_ids,
    scope::{Scope, within_scope},
};
use crate::{
    platform::{
        db::{
            DbConn, Moment,
            schema::{
                certificates, class_runs, completion_events, counted_people, counted_turns, enrolments,
                outside_completions,
            },
        },
        error::Result,
    },
    targets::model::{Days, Figures, TargetId},
};

/// A class run that is open in the period belongs to it until it is completed; then the day of completion decides. In turns
/// `enrolled` is `studying`, `left_open` and what was completed in a class run; `counted` and `not_counted` are that, with the
/// classes outside the system. A person stands in a step once, so people may stand in several steps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Funnel {
    /// Enrolled and not withdrawn.
    pub enrolled: Figures,
    /// Not completed yet, and there is still time.
    pub studying: Figures,
    /// The class is over and was not completed.
    pub left_open: Figures,
    /// Completed in a class run, and does not count: waits for a decision, or was voided.
    pub not_counted: Figures,
    /// Completed and counted.
    pub counted: Figures,
    /// Of that, in confirmed classes outside the system.
    pub outside: Figures,
    /// Counted and holding a valid certificate.
    pub certified: Figures,
}

/// Of a target in its period, as its row stands.
pub fn funnel(c: &mut DbConn, target: TargetId, period: Days, scope: &Scope, now: Moment) -> Result<Funnel> {
    let courses = course_ids(c, target)?;
    let mut found = Funnel {
        not_counted: not_counted(c, target, period, &courses, scope)?,
        counted: counted(c, target, scope, Among::All)?,
        outside: counted(c, target, scope, Among::Outside)?,
        certified: counted(c, target, scope, Among::Certified)?,
        ..Funnel::default()
    };
    for (studying, left_open, completed) in places(c, period, &courses, scope, now)? {
        let (studying, left_open) = (studying.unwrap_or(0), left_open.unwrap_or(0));
        add(&mut found.studying, studying);
        add(&mut found.left_open, left_open);
        add(&mut found.enrolled, studying + left_open + completed.unwrap_or(0));
    }
    Ok(found)
}

/// One person's places in a step.
fn add(step: &mut Figures, places: i64) {
    step.turns += places;
    step.people += i64::from(places > 0);
}

macro_rules! one_if {
    ($is_so:expr) => {
        case_when($is_so, 1_i32.into_sql::<Integer>()).otherwise(0_i32.into_sql::<Integer>())
    };
}

/// Somebody's places where they study, those left open, those completed.
type Places = (Option<i64>, Option<i64>, Option<i64>);

/// The places of each person who has one. One walk over the enrolments, since
/// there may be a million, and asked for by step they would be walked through once for the places and once for the people of each.
fn places(c: &mut DbConn, period: Days, courses: &[i64], scope: &Scope, now: Moment) -> Result<Vec<Places>> {
    let (start, end) = (period.start(), period.end());
    let done_inside = enrolments::completed_at.ge(start).and(enrolments::completed_at.lt(end)).assume_not_null();
    let open_inside = class_runs::opens_at.lt(end).and(class_runs::closes_at.gt(start));
    let undone = enrolments::completed_at.is_null().and(open_inside);
    let mut query = enrolments::table
        .inner_join(class_runs::table)
        .group_by(enrolments::person_id)
        .select((
            sum(one_if!(undone.and(class_runs::closes_at.gt(now)))),
            sum(one_if!(undone.and(class_runs::closes_at.le(now)))),
            sum(one_if!(done_inside)),
        ))
        .filter(class_runs::course_id.eq_any(courses.to_vec()).and(enrolments::state.eq("active")))
        .filter(undone.or(done_inside))
        .into_boxed();
    if let Some(units) = scope.units() {
        query = query.filter(enrolments::unit_id.eq_any(units.iter().map(|u| u.0).collect::<Vec<_>>()));
    }
    Ok(query.load(c)?)
}

/// Completed in a class run and not among what counts.
fn not_counted(c: &mut DbConn, target: TargetId, period: Days, courses: &[i64], scope: &Scope) -> Result<Figures> {
    let (start, end) = (period.start(), period.end());
    let counts = counted_turns::table
        .filter(counted_turns::target_id.eq(target.0))
        .filter(counted_turns::completion_id.eq(completion_events::id));
    let mut query = completion_events::table
        .inner_join(enrolments::table.on(enrolments::id.nullable().eq(completion_events::enrolment_id)))
        .filter(completion_events::kind.eq("completed"))
        .filter(completion_events::course_id.eq_any(courses.to_vec()).and(enrolments::state.eq("active")))
        .filter(enrolments::completed_at.ge(start).and(enrolments::completed_at.lt(end)))
        .filter(not(exists(counts)))
        .select((count_star(), count(enrolments::person_id).aggregate_distinct()))
        .into_boxed();
    if let Some(units) = scope.units() {
        query = query.filter(enrolments::unit_id.eq_any(units.iter().map(|u| u.0).collect::<Vec<_>>()));
    }
    let (turns, people) = query.first(c)?;
    Ok(Figures { turns, people })
}

/// Which of the counted.
#[derive(Clone, Copy, PartialEq)]
enum Among {
    All,
    Outside,
    Certified,
}

/// Turns, and the people whose place is by one of them. Certified is a person who holds a certificate for any turn that counts.
fn counted(c: &mut DbConn, target: TargetId, scope: &Scope, among: Among) -> Result<Figures> {
    let turns = counted_turns::table.select(count_star()).into_boxed();
    let mut turns = within_scope!(turns, scope, counted_turns::unit_id, counted_turns::day)
        .filter(counted_turns::target_id.eq(target.0));
    let people = counted_people::table.select(count_star()).into_boxed();
    let mut people = within_scope!(people, scope, counted_people::unit_id, counted_people::day)
        .filter(counted_people::target_id.eq(target.0));
    match among {
        Among::All => {}
        Among::Outside => {
            turns = turns.filter(exists(
                outside_completions::table.filter(outside_completions::completion_id.eq(counted_turns::completion_id)),
            ));
            people = people.filter(exists(
                outside_completions::table.filter(outside_completions::completion_id.eq(counted_people::completion_id)),
            ));
        }
        Among::Certified => {
            let valid = certificates::state.eq("valid");
            turns = turns.filter(exists(
                certificates::table.filter(certificates::completion_id.eq(counted_turns::completion_id).and(valid)),
            ));
            let holders = counted_turns::table
                .inner_join(certificates::table.on(certificates::completion_id.eq(counted_turns::completion_id)))
                .filter(counted_turns::target_id.eq(target.0).and(valid))
                .select(counted_turns::person_id);
            people = people.filter(counted_people::person_id.eq_any(holders));
        }
    }
    Ok(Figures { turns: turns.first(c)?, people: people.first(c)? })
}
