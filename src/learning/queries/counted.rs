//! Runs with how many are in them, for those who get no names.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::{
    dsl::{count, count_star},
    prelude::*,
};

use crate::{
    access::Reach,
    courses::model::VersionId,
    learning::model::{EnrolmentState, Run, RunId},
    organisations::queries as organisations,
    platform::{
        clock::{day_end, day_start},
        db::{
            DbConn, Moment,
            schema::{class_runs, course_versions, courses, enrolments},
        },
        error::Result,
    },
};

/// Which runs are asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The code of their course.
    pub course: Option<String>,
    pub open_on: Option<NaiveDate>,
}

/// A run, by the codes of what belongs to it, with its numbers.
#[derive(Debug)]
pub struct Counted {
    pub run: Run,
    pub course: String,
    pub version: i32,
    pub organiser: String,
    pub enrolled: i64,
    pub completed: i64,
}

/// A stretch of the runs whose organiser lies within a reach, in the order of their codes.
pub fn counted(
    c: &mut DbConn,
    reach: &Reach,
    today: NaiveDate,
    wanted: &Wanted,
    after: &str,
    limit: i64,
) -> Result<Vec<Counted>> {
    let mut query = class_runs::table.filter(class_runs::code.gt(after)).select(Run::as_select()).into_boxed();
    match reach {
        Reach::Nowhere => return Ok(Vec::new()),
        Reach::Everywhere => {}
        Reach::Under(roots) => {
            query = query.filter(class_runs::unit_id.eq_any(organisations::subtree_ids(c, roots, today)?));
        }
    }
    if let Some(course) = &wanted.course {
        let meant = courses::table.filter(courses::code.eq(course)).select(courses::id);
        query = query.filter(class_runs::course_id.eq_any(meant));
    }
    if let Some(day) = wanted.open_on {
        let (start, end) = (Moment::from(day_start(day)), Moment::from(day_end(day)));
        query = query.filter(class_runs::opens_at.lt(end).and(class_runs::closes_at.gt(start)));
    }
    let runs: Vec<Run> = query.order(class_runs::code.asc()).limit(limit).load(c)?;
    let ids: Vec<RunId> = runs.iter().map(|run| run.id).collect();
    let versions: HashMap<VersionId, (i32, String)> = course_versions::table
        .inner_join(courses::table)
        .filter(course_versions::id.eq_any(runs.iter().map(|run| run.version_id).collect::<Vec<_>>()))
        .select((course_versions::id, course_versions::number, courses::code))
        .load::<(VersionId, i32, String)>(c)?
        .into_iter()
        .map(|(id, number, course)| (id, (number, course)))
        .collect();
    let units = organisations::by_ids(c, &runs.iter().map(|run| run.unit_id).collect::<Vec<_>>())?;
    let numbers: HashMap<RunId, (i64, i64)> = enrolments::table
        .filter(enrolments::run_id.eq_any(ids).and(enrolments::state.eq(EnrolmentState::Active)))
        .group_by(enrolments::run_id)
        .select((enrolments::run_id, count_star(), count(enrolments::completed_at)))
        .load::<(RunId, i64, i64)>(c)?
        .into_iter()
        .map(|(run, enrolled, completed)| (run, (enrolled, completed)))
        .collect();
    Ok(runs
        .into_iter()
        .map(|run| {
            let (enrolled, completed) = numbers.get(&run.id).copied().unwrap_or_default();
            let (version, course) = versions.get(&run.version_id).cloned().unwrap_or_default();
            let organiser = units.get(&run.unit_id).map(|unit| unit.code.clone()).unwrap_or_default();
            Counted { run, course, version, organiser, enrolled, completed }
        })
        .collect())
}
