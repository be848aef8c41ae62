//! Writing programmes down: their terms, what they ask for, whom they are for, and their cohorts.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use serde_json::json;

use super::members::{adopt, follow};
use crate::{
    access::Actor,
    audit::{self, Entry},
    courses::model::CourseId,
    learning::{
        model::{Run, RunId},
        queries as learning,
    },
    organisations::model::UnitKind,
    platform::{
        db::{
            DbConn, Moment, breaks_unique,
            schema::{
                courses, programme_cohorts, programme_counts, programme_courses, programme_groups, programme_posts,
                programme_runs, programmes,
            },
        },
        error::{Error, FieldErrors, Result},
        i18n::Message,
    },
    programmes::{
        model::{
            posts::PostId,
            programme::{Cohort, CohortId, Delivery, NewCohort, Programme, ProgrammeId, Stage, Terms},
            requirement::CourseGroupId,
        },
        queries::programmes as queries,
    },
    targets::queries::quotas,
};

/// Writes a programme down.
pub fn create(c: &mut DbConn, by: &Actor, now: Moment, code: &str, terms: &Terms) -> Result<Programme> {
    let id: ProgrammeId = diesel::insert_into(programmes::table)
        .values((
            programmes::code.eq(code),
            terms,
            programmes::created_at.eq(now),
            programmes::created_by.eq(by.person.map(|person| person.0)),
        ))
        .returning(programmes::id)
        .get_result(c)
        .map_err(|e| match breaks_unique(&e, "programmes", "code") {
            true => FieldErrors::one("code", "programme-fault-code-taken"),
            false => e.into(),
        })?;
    audit::record(c, by, now, Entry::new("programme.create", "programmes", id).after(json!(terms)))?;
    queries::programme(c, id)
}

/// Changes the terms. Recognitions that were given keep their last day; cohorts get the new number of places, if nobody loses one.
pub fn change(c: &mut DbConn, by: &Actor, now: Moment, programme: &Programme, terms: &Terms) -> Result<()> {
    let of_programme = programme_cohorts::table.filter(programme_cohorts::programme_id.eq(programme.id.0));
    let all: i64 = of_programme.count().get_result(c)?;
    let fit = diesel::update(of_programme.filter(programme_cohorts::held.le(terms.cap)))
        .set(programme_cohorts::cap.eq(terms.cap))
        .execute(c)?;
    if i64::try_from(fit).unwrap_or(0) != all {
        return Err(FieldErrors::one("cap", "programme-fault-cap-held"));
    }
    diesel::update(programmes::table.find(programme.id.0)).set(terms).execute(c)?;
    let entry = Entry::new("programme.change", "programmes", programme.id);
    audit::record(c, by, now, entry.before(json!(programme)).after(json!(terms)))
}

/// A group of courses as a form gives it, by their codes.
#[derive(Debug, Clone)]
pub struct NewGroup {
    pub title_vi: String,
    pub title_en: String,
    pub needed: Option<i64>,
    pub courses: Vec<(String, Delivery)>,
}

/// The field of the form in which the courses of a kind stand.
pub const fn field_of(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::ELearning => "e_learning",
        Delivery::Live => "live",
        Delivery::InPerson => "in_person",
    }
}

/// Adds a group of courses, or changes one. Who is on the way is looked at anew.
pub fn put_group(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    programme: &Programme,
    id: Option<CourseGroupId>,
    new: &NewGroup,
) -> Result<()> {
    let known = queries::groups(c, programme.id)?;
    let before = id.map(|id| known.iter().find(|group| group.id == id).ok_or(Error::NotFound)).transpose()?;
    let others: BTreeSet<CourseId> = known
        .iter()
        .filter(|group| Some(group.id) != id)
        .flat_map(|group| group.courses.iter().map(|(course, _)| *course))
        .collect();
    let codes: Vec<&String> = new.courses.iter().map(|(code, _)| code).collect();
    let found: HashMap<String, CourseId> = courses::table
        .filter(courses::code.eq_any(codes))
        .select((courses::code, courses::id))
        .load::<(String, CourseId)>(c)?
        .into_iter()
        .collect();
    let (mut faults, mut chosen) = (FieldErrors::default(), Vec::new());
    for (code, delivery) in &new.courses {
        let fault = |key| Message::new(key).with("value", code.clone());
        match found.get(code) {
            None => faults.add(field_of(*delivery), fault("programme-fault-course-unknown")),
            Some(course) if others.contains(course) || chosen.iter().any(|(known, _)| known == course) => {
                faults.add(field_of(*delivery), fault("programme-fault-course-twice"));
            }
            Some(course) => chosen.push((*course, *delivery)),
        }
    }
    if new.courses.is_empty() {
        faults.add(field_of(Delivery::ELearning), "programme-fault-no-course");
    } else if new.needed.is_some_and(|needed| usize::try_from(needed).is_ok_and(|needed| needed > new.courses.len())) {
        faults.add("needed", "programme-fault-needed");
    }
    faults.or(())?;
    let terms = (
        programme_groups::title_vi.eq(&new.title_vi),
        programme_groups::title_en.eq(&new.title_en),
        programme_groups::needed.eq(new.needed),
    );
    let id: CourseGroupId = match before {
        Some(before) => {
            diesel::update(programme_groups::table.find(before.id.0)).set(terms).execute(c)?;
            diesel::delete(programme_courses::table.filter(programme_courses::group_id.eq(before.id.0))).execute(c)?;
            before.id
        }
        None => diesel::insert_into(programme_groups::table)
            .values((programme_groups::programme_id.eq(programme.id.0), terms))
            .returning(programme_groups::id)
            .get_result(c)?,
    };
    for (course, delivery) in &chosen {
        diesel::insert_into(programme_courses::table)
            .values((
                programme_courses::group_id.eq(id.0),
                programme_courses::course_id.eq(*course),
                programme_courses::delivery.eq(*delivery),
            ))
            .execute(c)?;
    }
    let after = json!({ "title": new.title_vi, "needed": new.needed, "courses": new.courses });
    let mut entry = Entry::new("programme.group", "programmes", programme.id).after(after);
    if let Some(before) = before {
        entry = entry.before(json!({ "title": before.title_vi, "needed": before.needed }));
    }
    audit::record(c, by, now, entry)?;
    look_again(c, now, programme.id)
}

/// Leaves a group of courses out.
pub fn drop_group(c: &mut DbConn, by: &Actor, now: Moment, programme: &Programme, id: CourseGroupId) -> Result<()> {
    let group = queries::groups(c, programme.id)?.into_iter().find(|group| group.id == id).ok_or(Error::NotFound)?;
    diesel::delete(programme_courses::table.filter(programme_courses::group_id.eq(id.0))).execute(c)?;
    diesel::delete(programme_groups::table.find(id.0)).execute(c)?;
    let before = json!({ "title": group.title_vi, "needed": group.needed });
    audit::record(c, by, now, Entry::new("programme.group", "programmes", programme.id).before(before))?;
    look_again(c, now, programme.id)
}

fn look_again(c: &mut DbConn, now: Moment, programme: ProgrammeId) -> Result<()> {
    let mut cohorts: Vec<CohortId> = queries::cohorts(c, programme)?.into_iter().map(|cohort| cohort.id).collect();
    cohorts.sort_unstable();
    for cohort in cohorts {
        follow(c, &Actor::system(), now, cohort, None)?;
    }
    Ok(())
}

/// An eligible post as a form gives it.
#[derive(Debug, Clone)]
pub struct NewPost {
    pub title_vi: String,
    pub title_en: String,
    pub kinds: Vec<UnitKind>,
    pub words: Vec<String>,
}

/// Adds an eligible post, or changes one.
pub fn put_post(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    programme: &Programme,
    id: Option<PostId>,
    new: &NewPost,
) -> Result<()> {
    let terms = (
        programme_posts::title_vi.eq(&new.title_vi),
        programme_posts::title_en.eq(&new.title_en),
        programme_posts::kinds.eq(serde_json::to_string(&new.kinds)?),
        programme_posts::words.eq(serde_json::to_string(&new.words)?),
    );
    match id {
        Some(id) => {
            let row = programme_posts::table
                .filter(programme_posts::id.eq(id.0).and(programme_posts::programme_id.eq(programme.id.0)));
            if diesel::update(row).set(terms).execute(c)? != 1 {
                return Err(Error::NotFound);
            }
        }
        None => {
            diesel::insert_into(programme_posts::table)
                .values((programme_posts::programme_id.eq(programme.id.0), terms))
                .execute(c)?;
        }
    }
    let after = json!({ "title": new.title_vi, "kinds": new.kinds, "words": new.words });
    audit::record(c, by, now, Entry::new("programme.post", "programmes", programme.id).after(after))
}

/// Leaves a post out.
pub fn drop_post(c: &mut DbConn, by: &Actor, now: Moment, programme: &Programme, id: PostId) -> Result<()> {
    let row = programme_posts::table
        .filter(programme_posts::id.eq(id.0).and(programme_posts::programme_id.eq(programme.id.0)));
    let title: String = row.select(programme_posts::title_vi).first(c)?;
    diesel::delete(row).execute(c)?;
    let before = json!({ "title": title });
    audit::record(c, by, now, Entry::new("programme.post", "programmes", programme.id).before(before))
}

/// Opens a cohort. The class of its nomination round is one of its classes, and whom the round nominated already is in it.
pub fn open_cohort(c: &mut DbConn, by: &Actor, now: Moment, programme: &Programme, new: &NewCohort) -> Result<Cohort> {
    let id: CohortId = diesel::insert_into(programme_cohorts::table)
        .values((
            programme_cohorts::programme_id.eq(programme.id.0),
            programme_cohorts::code.eq(&new.code),
            programme_cohorts::title_vi.eq(&new.title_vi),
            programme_cohorts::title_en.eq(&new.title_en),
            programme_cohorts::round_id.eq(new.round.map(|round| round.0)),
            programme_cohorts::counts_from.eq(new.counts_from),
            programme_cohorts::cap.eq(programme.cap),
            programme_cohorts::held.eq(0_i64),
            programme_cohorts::created_at.eq(now),
            programme_cohorts::created_by.eq(by.person.map(|person| person.0)),
        ))
        .returning(programme_cohorts::id)
        .get_result(c)
        .map_err(|e| {
            if breaks_unique(&e, "programme_cohorts", "code") {
                FieldErrors::one("code", "programme-fault-code-taken")
            } else if breaks_unique(&e, "programme_cohorts", "round_id") {
                FieldErrors::one("round", "programme-fault-round-taken")
            } else {
                e.into()
            }
        })?;
    for stage in Stage::ALL {
        diesel::insert_into(programme_counts::table)
            .values((
                programme_counts::cohort_id.eq(id.0),
                programme_counts::stage.eq(*stage),
                programme_counts::people.eq(0_i64),
            ))
            .execute(c)?;
    }
    let entry = Entry::new("programme.cohort", "programme_cohorts", id);
    let after =
        json!({ "code": new.code, "programme": programme.code, "round": new.round, "counts_from": new.counts_from });
    audit::record(c, by, now, entry.after(after))?;
    if let Some(round) = new.round
        && let Some(run) = quotas::round(c, round)?.run_id
    {
        tie(c, id, run)?;
    }
    let cohort = queries::cohort(c, id)?;
    adopt(c, by, now, &cohort)?;
    queries::cohort(c, id)
}

fn tie(c: &mut DbConn, cohort: CohortId, run: RunId) -> Result<()> {
    diesel::insert_into(programme_runs::table)
        .values((programme_runs::cohort_id.eq(cohort.0), programme_runs::run_id.eq(run.0)))
        .execute(c)?;
    Ok(())
}

/// Ties a class to a cohort; doing it again changes nothing. The class must teach a course that the programme asks for.
pub fn add_run(c: &mut DbConn, by: &Actor, now: Moment, cohort: &Cohort, code: &str) -> Result<Run> {
    let run = match learning::run_by_code(c, code) {
        Err(Error::NotFound) => return Err(FieldErrors::one("run", "programme-fault-run-unknown")),
        found => found?,
    };
    if !queries::requirement(c, cohort.programme_id)?.asks_for(run.course_id) {
        return Err(FieldErrors::one("run", "programme-fault-run-course"));
    }
    if !queries::has_run(c, cohort.id, run.id)? {
        tie(c, cohort.id, run.id)?;
        let entry = Entry::new("programme.class", "programme_cohorts", cohort.id);
        audit::record(c, by, now, entry.after(json!({ "run": run.code })))?;
        follow(c, &Actor::system(), now, cohort.id, None)?;
    }
    Ok(run)
}
