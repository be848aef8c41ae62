//! How far the people on their way to a target have come.

use diesel::{
    dsl::{count, count_star},
    prelude::*,
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
    targets::model::{Figures, Target},
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

/// Which enrolments of the target's courses are asked for.
#[derive(Clone, Copy)]
enum Step {
    Enrolled,
    Studying,
    LeftOpen,
    NotCounted,
}

pub fn funnel(c: &mut DbConn, target: &Target, scope: &Scope, now: Moment) -> Result<Funnel> {
    let courses = course_ids(c, target.id)?;
    let mut step = |step| enrolled(c, target, &courses, scope, now, step);
    let [enrolled, studying, left_open, not_counted] =
        [step(Step::Enrolled)?, step(Step::Studying)?, step(Step::LeftOpen)?, step(Step::NotCounted)?];
    Ok(Funnel {
        enrolled,
        studying,
        left_open,
        not_counted,
        counted: counted(c, target, scope, Among::All)?,
        outside: counted(c, target, scope, Among::Outside)?,
        certified: counted(c, target, scope, Among::Certified)?,
    })
}

/// The condition is built twice: once to count rows, once to count people.
macro_rules! enrolments_of {
    ($target:expr, $courses:expr, $scope:expr, $now:expr, $step:expr) => {{
        let (start, end) = ($target.period().start(), $target.period().end());
        let done_inside = enrolments::completed_at.ge(start).and(enrolments::completed_at.lt(end)).assume_not_null();
        let open_inside = class_runs::opens_at.lt(end).and(class_runs::closes_at.gt(start));
        let undone = enrolments::completed_at.is_null().and(open_inside);
        let mut query = enrolments::table
            .inner_join(class_runs::table)
            .filter(class_runs::course_id.eq_any($courses.to_vec()).and(enrolments::state.eq("active")))
            .into_boxed();
        query = match $step {
            Step::Enrolled => query.filter(undone.or(done_inside)),
            Step::Studying => query.filter(undone.and(class_runs::closes_at.gt($now))),
            Step::LeftOpen => query.filter(undone.and(class_runs::closes_at.le($now))),
            Step::NotCounted => {
                // Not correlated, so that it is looked up once and not for every enrolment.
                let counts = counted_turns::table
                    .inner_join(completion_events::table)
                    .filter(counted_turns::target_id.eq($target.id.0))
                    .filter(completion_events::enrolment_id.is_not_null())
                    .select(completion_events::enrolment_id.assume_not_null());
                query.filter(done_inside).filter(enrolments::id.ne_all(counts))
            }
        };
        if let Some(units) = $scope.units() {
            query = query.filter(enrolments::unit_id.eq_any(units.iter().map(|u| u.0).collect::<Vec<_>>()));
        }
        query
    }};
}

fn enrolled(
    c: &mut DbConn,
    target: &Target,
    courses: &[i64],
    scope: &Scope,
    now: Moment,
    step: Step,
) -> Result<Figures> {
    let turns = enrolments_of!(target, courses, scope, now, step).select(count_star()).first(c)?;
    let people = enrolments_of!(target, courses, scope, now, step)
        .select(count(enrolments::person_id).aggregate_distinct())
        .first(c)?;
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
fn counted(c: &mut DbConn, target: &Target, scope: &Scope, among: Among) -> Result<Figures> {
    let turns = counted_turns::table.select(count_star()).into_boxed();
    let mut turns = within_scope!(turns, scope, counted_turns::unit_id, counted_turns::day)
        .filter(counted_turns::target_id.eq(target.id.0));
    let people = counted_people::table.select(count_star()).into_boxed();
    let mut people = within_scope!(people, scope, counted_people::unit_id, counted_people::day)
        .filter(counted_people::target_id.eq(target.id.0));
    match among {
        Among::All => {}
        Among::Outside => {
            turns = turns.filter(diesel::dsl::exists(
                outside_completions::table.filter(outside_completions::completion_id.eq(counted_turns::completion_id)),
            ));
            people = people.filter(diesel::dsl::exists(
                outside_completions::table.filter(outside_completions::completion_id.eq(counted_people::completion_id)),
            ));
        }
        Among::Certified => {
            let valid = certificates::state.eq("valid");
            turns = turns.filter(diesel::dsl::exists(
                certificates::table.filter(certificates::completion_id.eq(counted_turns::completion_id).and(valid)),
            ));
            let holders = counted_turns::table
                .inner_join(certificates::table.on(certificates::completion_id.eq(counted_turns::completion_id)))
                .filter(counted_turns::target_id.eq(target.id.0).and(valid))
                .select(counted_turns::person_id);
            people = people.filter(counted_people::person_id.eq_any(holders));
        }
    }
    Ok(Figures { turns: turns.first(c)?, people: people.first(c)? })
}
