//! Reading programmes: what they ask for, whom they are for, their cohorts and how many are in each stage.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::{
    courses::model::{CourseId, Version},
    learning::model::{Run, RunId},
    platform::{
        db::{
            DbConn,
            schema::{
                class_runs, course_versions, courses, files, programme_cohorts, programme_courses, programme_decisions,
                programme_groups, programme_posts, programme_runs, programmes,
            },
        },
        error::Result,
    },
    programmes::model::{
        posts::{Post, PostId},
        programme::{Cohort, CohortId, CourseGroup, Decision, DecisionId, Delivery, Programme, ProgrammeId, Stage},
        requirement::{Choice, CourseGroupId, Requirement},
    },
    targets::model::quota::RoundId,
};

pub fn all(c: &mut DbConn) -> Result<Vec<Programme>> {
    Ok(programmes::table
        .order((programmes::period_from.desc(), programmes::id.desc()))
        .select(Programme::as_select())
        .load(c)?)
}

pub fn by_code(c: &mut DbConn, code: &str) -> Result<Programme> {
    Ok(programmes::table.filter(programmes::code.eq(code)).select(Programme::as_select()).first(c)?)
}

pub fn programme(c: &mut DbConn, id: ProgrammeId) -> Result<Programme> {
    Ok(programmes::table.find(id.0).select(Programme::as_select()).first(c)?)
}

/// The groups of courses of a programme, in the order in which they were added.
pub fn groups(c: &mut DbConn, programme: ProgrammeId) -> Result<Vec<CourseGroup>> {
    let rows: Vec<(CourseGroupId, String, String, Option<i64>)> = programme_groups::table
        .filter(programme_groups::programme_id.eq(programme.0))
        .order(programme_groups::id.asc())
        .select((
            programme_groups::id,
            programme_groups::title_vi,
            programme_groups::title_en,
            programme_groups::needed,
        ))
        .load(c)?;
    let of: Vec<(CourseGroupId, CourseId, Delivery)> = programme_courses::table
        .filter(programme_courses::group_id.eq_any(rows.iter().map(|(id, ..)| id.0).collect::<Vec<_>>()))
        .order(programme_courses::id.asc())
        .select((programme_courses::group_id, programme_courses::course_id, programme_courses::delivery))
        .load(c)?;
    let group = |(id, title_vi, title_en, needed)| CourseGroup {
        id,
        title_vi,
        title_en,
        needed,
        courses: of.iter().filter(|(group, ..)| *group == id).map(|(_, course, how)| (*course, *how)).collect(),
    };
    Ok(rows.into_iter().map(group).collect())
}

pub fn requirement_of(groups: &[CourseGroup]) -> Requirement {
    let choice = |group: &CourseGroup| Choice {
        needed: group.needed,
        courses: group.courses.iter().map(|(course, _)| *course).collect(),
    };
    Requirement(groups.iter().map(choice).collect())
}

pub fn requirement(c: &mut DbConn, programme: ProgrammeId) -> Result<Requirement> {
    Ok(requirement_of(&groups(c, programme)?))
}

/// A course as a programme shows it.
#[derive(Debug, Clone)]
pub struct Shown {
    pub code: String,
    pub slug: String,
    pub version: Version,
    /// The codes of the courses it builds on.
    pub builds_on: Vec<String>,
}

/// The courses of these groups, as their current versions are.
pub fn courses_of(c: &mut DbConn, groups: &[CourseGroup]) -> Result<HashMap<CourseId, Shown>> {
    #[derive(serde::Deserialize)]
    struct Part {
        prerequisites: Vec<String>,
    }
    let ids: Vec<CourseId> = groups.iter().flat_map(|group| group.courses.iter().map(|(course, _)| *course)).collect();
    let rows: Vec<(String, String, Version, String)> = courses::table
        .inner_join(course_versions::table.on(courses::current_version_id.eq(course_versions::id.nullable())))
        .filter(courses::id.eq_any(ids))
        .select((courses::code, courses::slug, Version::as_select(), course_versions::course))
        .load(c)?;
    rows.into_iter()
        .map(|(code, slug, version, described)| {
            let builds_on = serde_json::from_str::<Part>(&described)?.prerequisites;
            Ok((version.course_id, Shown { code, slug, version, builds_on }))
        })
        .collect()
}

/// The codes of all courses there are.
pub fn known_courses(c: &mut DbConn) -> Result<Vec<String>> {
    Ok(courses::table.order(courses::code.asc()).select(courses::code).load(c)?)
}

/// The posts a programme is for.
pub fn posts(c: &mut DbConn, programme: ProgrammeId) -> Result<Vec<Post>> {
    let rows: Vec<(PostId, String, String, String, String)> = programme_posts::table
        .filter(programme_posts::programme_id.eq(programme.0))
        .order(programme_posts::id.asc())
        .select((
            programme_posts::id,
            programme_posts::title_vi,
            programme_posts::title_en,
            programme_posts::kinds,
            programme_posts::words,
        ))
        .load(c)?;
    rows.into_iter()
        .map(|(id, title_vi, title_en, kinds, words)| {
            let (kinds, words) = (serde_json::from_str(&kinds)?, serde_json::from_str(&words)?);
            Ok(Post { id, title_vi, title_en, kinds, words })
        })
        .collect()
}

/// The cohorts of a programme, the latest first.
pub fn cohorts(c: &mut DbConn, programme: ProgrammeId) -> Result<Vec<Cohort>> {
    Ok(programme_cohorts::table
        .filter(programme_cohorts::programme_id.eq(programme.0))
        .order((programme_cohorts::counts_from.desc(), programme_cohorts::id.desc()))
        .select(Cohort::as_select())
        .load(c)?)
}

pub fn cohort(c: &mut DbConn, id: CohortId) -> Result<Cohort> {
    Ok(programme_cohorts::table.find(id.0).select(Cohort::as_select()).first(c)?)
}

pub fn cohort_by_code(c: &mut DbConn, programme: ProgrammeId, code: &str) -> Result<Cohort> {
    Ok(programme_cohorts::table
        .filter(programme_cohorts::programme_id.eq(programme.0).and(programme_cohorts::code.eq(code)))
        .select(Cohort::as_select())
        .first(c)?)
}

/// The cohort whose people a round nominates.
pub fn cohort_of_round(c: &mut DbConn, round: RoundId) -> Result<Option<Cohort>> {
    Ok(programme_cohorts::table
        .filter(programme_cohorts::round_id.eq(round.0))
        .select(Cohort::as_select())
        .first(c)
        .optional()?)
}

pub fn every_cohort(c: &mut DbConn) -> Result<Vec<Cohort>> {
    Ok(programme_cohorts::table.order(programme_cohorts::id.asc()).select(Cohort::as_select()).load(c)?)
}

pub fn all_cohorts(c: &mut DbConn) -> Result<Vec<CohortId>> {
    Ok(programme_cohorts::table.order(programme_cohorts::id.asc()).select(programme_cohorts::id).load(c)?)
}

/// The classes of a cohort, the first to open first.
pub fn runs(c: &mut DbConn, cohort: CohortId) -> Result<Vec<Run>> {
    runs_of(c, &[cohort]).map(|found| found.into_iter().map(|(_, run)| run).collect())
}

pub fn runs_of(c: &mut DbConn, cohorts: &[CohortId]) -> Result<Vec<(CohortId, Run)>> {
    Ok(programme_runs::table
        .inner_join(class_runs::table)
        .filter(programme_runs::cohort_id.eq_any(cohorts.iter().map(|cohort| cohort.0).collect::<Vec<_>>()))
        .order((class_runs::opens_at.asc(), class_runs::id.asc()))
        .select((programme_runs::cohort_id, Run::as_select()))
        .load(c)?)
}

pub fn has_run(c: &mut DbConn, cohort: CohortId, run: RunId) -> Result<bool> {
    let known = programme_runs::table.find((cohort.0, run.0));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(c)?)
}

/// How many are in each stage.
pub type Counts = BTreeMap<Stage, i64>;

/// Several decisions by their ids.
pub fn decisions(c: &mut DbConn, ids: &[DecisionId]) -> Result<HashMap<DecisionId, Decision>> {
    type Row = ((DecisionId, String, chrono::NaiveDate, String, chrono::NaiveDate), Option<(String, String, String)>);
    let rows: Vec<Row> = programme_decisions::table
        .left_join(files::table)
        .filter(programme_decisions::id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()))
        .select((
            (
                programme_decisions::id,
                programme_decisions::number,
                programme_decisions::dated,
                programme_decisions::signer,
                programme_decisions::effective_from,
            ),
            (files::key, files::media_type, files::name).nullable(),
        ))
        .load(c)?;
    let decision = |((id, number, dated, signer, effective_from), file)| {
        (id, Decision { id, number, dated, signer, effective_from, file })
    };
    Ok(rows.into_iter().map(decision).collect())
}
