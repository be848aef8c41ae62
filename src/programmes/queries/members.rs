//! Reading the people of programmes: one, those of a cohort, the register of experts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    access::{PersonId, UnitId},
    accounts::model::{Membership, Person},
    courses::model::CourseId,
    learning::model::EnrolmentState,
    organisations::{model::Unit, queries as organisations},
    platform::{
        db::{
            DbConn, Moment,
            conn::Db,
            schema::{
                class_runs, completion_events, enrolments, memberships, people, programme_cohorts, programme_counts,
                programme_courses, programme_events, programme_groups, programme_members, programme_runs,
            },
        },
        error::Result,
        text,
    },
    programmes::model::programme::{CohortId, Member, MemberEvent, MemberId, ProgrammeId, Stage},
};

use super::programmes::Counts;

/// Experts on one page.
pub const A_PAGE: i64 = 50;

pub fn member(c: &mut DbConn, id: MemberId) -> Result<Member> {
    Ok(programme_members::table.find(id.0).select(Member::as_select()).first(c)?)
}

pub fn by_code(c: &mut DbConn, code: &str) -> Result<Member> {
    Ok(programme_members::table.filter(programme_members::code.eq(code)).select(Member::as_select()).first(c)?)
}

pub fn in_cohort(c: &mut DbConn, cohort: CohortId, person: PersonId) -> Result<Option<Member>> {
    Ok(programme_members::table
        .filter(programme_members::cohort_id.eq(cohort.0).and(programme_members::person_id.eq(person)))
        .select(Member::as_select())
        .first(c)
        .optional()?)
}

/// Everything a person is in, the latest first.
pub fn of_person(c: &mut DbConn, person: PersonId) -> Result<Vec<Member>> {
    Ok(programme_members::table
        .filter(programme_members::person_id.eq(person))
        .order(programme_members::id.desc())
        .select(Member::as_select())
        .load(c)?)
}

/// Whether a person is in a programme and did not leave it.
pub fn is_in_any(c: &mut DbConn, person: PersonId) -> Result<bool> {
    let count: i64 = programme_members::table
        .filter(programme_members::person_id.eq(person))
        .filter(programme_members::stage.ne_all([Stage::Withdrawn, Stage::Replaced, Stage::Rejected]))
        .count()
        .get_result(c)?;
    Ok(count > 0)
}

/// Where a completion of a course by a person may matter: what they are in with a place or a recognition, and that asks for it.
pub fn touched_by(c: &mut DbConn, person: PersonId, course: CourseId) -> Result<Vec<Member>> {
    let asks = programme_courses::table
        .inner_join(programme_groups::table)
        .filter(programme_courses::course_id.eq(course))
        .select(programme_groups::programme_id);
    Ok(programme_members::table
        .filter(programme_members::person_id.eq(person))
        .filter(programme_members::stage.eq_any([
            Stage::Approved,
            Stage::Studying,
            Stage::Fulfilled,
            Stage::Recognised,
            Stage::Active,
        ]))
        .filter(programme_members::programme_id.eq_any(asks))
        .order(programme_members::cohort_id.asc())
        .select(Member::as_select())
        .load(c)?)
}

/// The steps of somebody in a cohort, the first first.
pub fn history(c: &mut DbConn, member: MemberId) -> Result<Vec<MemberEvent>> {
    Ok(programme_events::table
        .filter(programme_events::member_id.eq(member.0))
        .order(programme_events::id.asc())
        .select(MemberEvent::as_select())
        .load(c)?)
}

/// Those of a cohort who are on the way with a place; of some people only, unless `only` is `None`.
pub fn underway(c: &mut DbConn, cohort: CohortId, only: Option<&[PersonId]>) -> Result<Vec<Member>> {
    let mut query = programme_members::table
        .filter(programme_members::cohort_id.eq(cohort.0))
        .filter(programme_members::stage.eq_any([Stage::Approved, Stage::Studying, Stage::Fulfilled]))
        .order(programme_members::id.asc())
        .select(Member::as_select())
        .into_boxed();
    if let Some(people) = only {
        query = query.filter(programme_members::person_id.eq_any(people.to_vec()));
    }
    Ok(query.load(c)?)
}

/// Recognised people of whom a completion was voided after the last word about their recognition, and nobody has doubted it yet.
pub fn with_losses(c: &mut DbConn) -> Result<Vec<Member>> {
    let in_effect = || {
        programme_members::table
            .filter(programme_members::stage.eq_any([Stage::Recognised, Stage::Active]))
            .filter(programme_members::needs_review.eq(false))
    };
    let lost: Vec<(PersonId, Moment)> = completion_events::table
        .filter(completion_events::person_id.eq_any(in_effect().select(programme_members::person_id)))
        .filter(completion_events::kind.eq("voided"))
        .select((completion_events::person_id, completion_events::recorded_at))
        .load(c)?;
    if lost.is_empty() {
        return Ok(Vec::new());
    }
    let people: Vec<PersonId> = lost.iter().map(|(person, _)| *person).collect();
    let said: Vec<(Member, Moment)> = in_effect()
        .inner_join(programme_events::table.on(programme_events::member_id.eq(programme_members::id)))
        .filter(programme_members::person_id.eq_any(people))
        .order((programme_members::id.asc(), programme_events::recorded_at.asc()))
        .select((Member::as_select(), programme_events::recorded_at))
        .load(c)?;
    // The last word of each: later ones take the place of earlier ones.
    let last: BTreeMap<MemberId, (Member, Moment)> = said.into_iter().map(|(m, at)| (m.id, (m, at))).collect();
    let is_newer = |member: &Member, at: Moment| lost.iter().any(|(who, when)| *who == member.person_id && *when > at);
    Ok(last.into_values().filter(|(member, at)| is_newer(member, *at)).map(|(member, _)| member).collect())
}

/// Since when these people learn in a class of the cohort that has begun.
pub fn begun(c: &mut DbConn, now: Moment, cohort: CohortId, of: &[PersonId]) -> Result<HashMap<PersonId, Moment>> {
    let rows: Vec<(PersonId, Moment, Moment)> = enrolments::table
        .inner_join(class_runs::table)
        .inner_join(programme_runs::table.on(programme_runs::run_id.eq(enrolments::run_id)))
        .filter(programme_runs::cohort_id.eq(cohort.0).and(enrolments::person_id.eq_any(of.to_vec())))
        .filter(enrolments::state.eq(EnrolmentState::Active).and(class_runs::opens_at.le(now)))
        .select((enrolments::person_id, class_runs::opens_at, enrolments::enrolled_at))
        .load(c)?;
    let mut found: HashMap<PersonId, Moment> = HashMap::new();
    for (person, opens, enrolled) in rows {
        let at = opens.max(enrolled);
        found.entry(person).and_modify(|known| *known = (*known).min(at)).or_insert(at);
    }
    Ok(found)
}

/// Those of a cohort in some stages by name: a page and how many there are.
pub fn of_cohort(
    c: &mut DbConn,
    cohort: CohortId,
    stages: &[Stage],
    within: Option<&[UnitId]>,
    number: i64,
) -> Result<(i64, Vec<(Member, Person)>)> {
    let matching = || {
        let mut query = programme_members::table
            .inner_join(people::table)
            .filter(programme_members::cohort_id.eq(cohort.0))
            .filter(programme_members::stage.eq_any(stages.to_vec()))
            .into_boxed();
        if let Some(units) = within {
            query = query.filter(programme_members::unit_id.eq_any(units.to_vec()));
        }
        query
    };
    let total = matching().count().get_result(c)?;
    let rows = matching()
        .order((people::sort_key.asc(), programme_members::id.asc()))
        .offset((number - 1).saturating_mul(A_PAGE))
        .limit(A_PAGE)
        .select((Member::as_select(), Person::as_select()))
        .load(c)?;
    Ok((total, rows))
}

/// Those of a programme in some stages, by name, for decisions about many.
pub fn of_programme(
    c: &mut DbConn,
    programme: ProgrammeId,
    stages: &[Stage],
    until: Option<NaiveDate>,
    limit: i64,
) -> Result<Vec<(Member, Person)>> {
    let mut query = programme_members::table
        .inner_join(people::table)
        .filter(programme_members::programme_id.eq(programme.0))
        .filter(programme_members::stage.eq_any(stages.to_vec()))
        .into_boxed();
    if let Some(day) = until {
        query = query.filter(programme_members::valid_until.le(day));
    }
    Ok(query
        .order((people::sort_key.asc(), programme_members::id.asc()))
        .limit(limit)
        .select((Member::as_select(), Person::as_select()))
        .load(c)?)
}

/// How many of each programme are in each stage, nominated from some units only, unless `within` is `None`.
pub fn counts_by_programme(c: &mut DbConn, within: Option<&[UnitId]>) -> Result<HashMap<ProgrammeId, Counts>> {
    let mut found: HashMap<ProgrammeId, Counts> = HashMap::new();
    for (programme, _, stage, people) in grouped(c, None, within)? {
        *found.entry(programme).or_default().entry(stage).or_default() += people;
    }
    Ok(found)
}

/// The same of the cohorts of one programme.
pub fn counts_by_cohort(
    c: &mut DbConn,
    programme: ProgrammeId,
    within: Option<&[UnitId]>,
) -> Result<HashMap<CohortId, Counts>> {
    let mut found: HashMap<CohortId, Counts> = HashMap::new();
    for (_, cohort, stage, people) in grouped(c, Some(programme), within)? {
        *found.entry(cohort).or_default().entry(stage).or_default() += people;
    }
    Ok(found)
}

type Grouped = (ProgrammeId, CohortId, Stage, i64);

/// The kept numbers of the whole; counted where only some units are asked for.
fn grouped(c: &mut DbConn, only: Option<ProgrammeId>, within: Option<&[UnitId]>) -> Result<Vec<Grouped>> {
    let of = only.map(|programme| programme.0);
    if let Some(units) = within {
        let mut query = programme_members::table
            .filter(programme_members::unit_id.eq_any(units.to_vec()))
            .group_by((programme_members::programme_id, programme_members::cohort_id, programme_members::stage))
            .select((
                programme_members::programme_id,
                programme_members::cohort_id,
                programme_members::stage,
                diesel::dsl::count_star(),
            ))
            .into_boxed();
        if let Some(programme) = of {
            query = query.filter(programme_members::programme_id.eq(programme));
        }
        return Ok(query.load(c)?);
    }
    let mut query = programme_counts::table
        .inner_join(programme_cohorts::table.on(programme_cohorts::id.eq(programme_counts::cohort_id)))
        .select((
            programme_cohorts::programme_id,
            programme_counts::cohort_id,
            programme_counts::stage,
            programme_counts::people,
        ))
        .into_boxed();
    if let Some(programme) = of {
        query = query.filter(programme_cohorts::programme_id.eq(programme));
    }
    Ok(query.load(c)?)
}

/// How many fulfil what their programme asks for, and how many recognitions are to be looked at again.
pub fn desk(c: &mut DbConn) -> Result<(i64, i64)> {
    let fulfilled = programme_members::table.filter(programme_members::stage.eq(Stage::Fulfilled)).count();
    let doubted = programme_members::table.filter(programme_members::needs_review.eq(true)).count();
    Ok((fulfilled.get_result(c)?, doubted.get_result(c)?))
}

/// How many of a programme wait for the coordinator to look at them.
pub fn to_review(c: &mut DbConn, programme: ProgrammeId) -> Result<i64> {
    Ok(programme_members::table
        .filter(programme_members::programme_id.eq(programme.0).and(programme_members::needs_review.eq(true)))
        .count()
        .get_result(c)?)
}

/// What of the register is looked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub programme: Option<ProgrammeId>,
    pub stages: Vec<Stage>,
    pub search: String,
    /// Working in one of these units.
    pub units: Option<Vec<UnitId>>,
    /// One of these people.
    pub people: Option<Vec<PersonId>>,
    /// Only those whom the coordinator is to look at.
    pub to_review: bool,
}

type Matching = diesel::helper_types::IntoBoxed<
    'static,
    diesel::helper_types::InnerJoin<
        diesel::helper_types::InnerJoin<programme_members::table, people::table>,
        programme_cohorts::table,
    >,
    Db,
>;

fn matching(within: Option<&[UnitId]>, on: NaiveDate, wanted: &Wanted) -> Matching {
    let working = |units: &[UnitId]| {
        memberships::table
            .filter(memberships::unit_id.eq_any(units.to_vec()))
            .filter(memberships::valid_to.is_null().or(memberships::valid_to.ge(on)))
            .select(memberships::person_id)
    };
    let mut query = programme_members::table
        .inner_join(people::table)
        .inner_join(programme_cohorts::table)
        .filter(programme_members::stage.eq_any(wanted.stages.clone()))
        .into_boxed();
    for units in [within, wanted.units.as_deref()].into_iter().flatten() {
        query = query.filter(programme_members::person_id.eq_any(working(units)));
    }
    if let Some(programme) = wanted.programme {
        query = query.filter(programme_members::programme_id.eq(programme.0));
    }
    if let Some(people) = &wanted.people {
        query = query.filter(programme_members::person_id.eq_any(people.clone()));
    }
    if wanted.to_review {
        query = query.filter(programme_members::needs_review.eq(true));
    }
    for word in text::fold(&wanted.search).split(' ').filter(|word| !word.is_empty()).take(8) {
        let word = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        query = query.filter(people::folded.like(format!("%{word}%")).escape('\\'));
    }
    query
}

/// A line of the register: somebody in a cohort, and where they work on the day.
#[derive(Debug, Clone)]
pub struct Expert {
    pub member: Member,
    pub person: Person,
    pub cohort: (String, String),
    /// Position and unit today; `None` for who works nowhere.
    pub place: Option<(String, Unit)>,
}

/// A page of the register by given name, and how many there are. Only those who work, or will, within some units, unless `within` is
/// `None`: who left is no longer seen by the unit they left.
pub fn experts(
    c: &mut DbConn,
    within: Option<&[UnitId]>,
    on: NaiveDate,
    wanted: &Wanted,
    number: i64,
) -> Result<(i64, Vec<Expert>)> {
    let total = matching(within, on, wanted).count().get_result(c)?;
    let rows: Vec<(Member, Person, String, String)> = matching(within, on, wanted)
        .order((people::sort_key.asc(), programme_members::id.asc()))
        .offset((number - 1).saturating_mul(A_PAGE))
        .limit(A_PAGE)
        .select((Member::as_select(), Person::as_select(), programme_cohorts::title_vi, programme_cohorts::title_en))
        .load(c)?;
    let people: Vec<PersonId> = rows.iter().map(|(member, ..)| member.person_id).collect();
    let mut places = places(c, &people, on)?;
    let expert = |(member, person, vi, en): (Member, Person, String, String)| Expert {
        place: places.remove(&member.person_id),
        cohort: (vi, en),
        member,
        person,
    };
    Ok((total, rows.into_iter().map(expert).collect()))
}

/// Where each of these people works on a day; of two memberships at once the one that began last speaks.
pub fn places(c: &mut DbConn, people: &[PersonId], on: NaiveDate) -> Result<HashMap<PersonId, (String, Unit)>> {
    let found: Vec<Membership> = memberships::table
        .filter(memberships::person_id.eq_any(people.to_vec()).and(memberships::valid_from.le(on)))
        .filter(memberships::valid_to.is_null().or(memberships::valid_to.ge(on)))
        .order((memberships::valid_from.asc(), memberships::id.asc()))
        .select(Membership::as_select())
        .load(c)?;
    let ids: BTreeSet<UnitId> = found.iter().map(|membership| membership.unit_id).collect();
    let units = organisations::by_ids(c, &ids.into_iter().collect::<Vec<_>>())?;
    let place = |m: Membership| Some((m.person_id, (m.position, units.get(&m.unit_id)?.clone())));
    Ok(found.into_iter().filter_map(place).collect())
}
