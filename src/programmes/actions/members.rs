//! The people of a cohort: each step is an event, and the stage, the numbers of the cohort and its places derive from it in the same
//! transaction. Whatever changes them takes the row of the cohort first, after everything else that it takes.

use diesel::prelude::*;
use serde_json::json;

use crate::{
    access::{Actor, PersonId},
    audit::{self, Entry},
    courses::model::CourseId,
    learning::queries::completed_since,
    platform::{
        clock::day_start,
        db::{
            DbConn, Moment,
            schema::{nominations, programme_cohorts, programme_counts, programme_events, programme_members},
        },
        error::{Error, Result},
        http::guard::random_code,
    },
    programmes::{
        model::{
            Happened, Nomination, NominationState,
            programme::{Cohort, CohortId, DecisionId, Member, MemberId, Stage, Turned},
            requirement::Requirement,
        },
        queries::{members, programmes as queries},
    },
};

/// Takes the row of a cohort before anything of its people is touched.
pub(super) fn hold_cohort(c: &mut DbConn, id: CohortId) -> Result<Cohort> {
    // SQLite has one writer at a time; only PostgreSQL has row locks.
    if let DbConn::Pg(c) = c {
        programme_cohorts::table.find(id.0).for_no_key_update().select(programme_cohorts::id).first::<i64>(c)?;
    }
    queries::cohort(c, id)
}

/// What a step writes besides its kind.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Step<'a> {
    pub reason: &'a str,
    pub decision: Option<DecisionId>,
    /// When it was true, where that is not now.
    pub at: Option<Moment>,
}

/// Writes a step of somebody whose cohort is held, and all that derives from it.
pub(super) fn turn(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    member: &Member,
    kind: Turned,
    step: Step<'_>,
) -> Result<Member> {
    let at = step.at.unwrap_or(now);
    diesel::insert_into(programme_events::table)
        .values((
            programme_events::member_id.eq(member.id.0),
            programme_events::kind.eq(kind),
            programme_events::decision_id.eq(step.decision.map(|id| id.0)),
            programme_events::reason.eq(step.reason),
            programme_events::by_id.eq(by.person.map(|person| person.0)),
            programme_events::occurred_at.eq(at),
            programme_events::recorded_at.eq(now),
        ))
        .execute(c)?;
    let row = programme_members::table.find(member.id.0);
    match kind.stage() {
        Some(stage) if stage != member.stage => {
            diesel::update(row)
                .set((programme_members::stage.eq(stage), programme_members::changed_at.eq(at)))
                .execute(c)?;
            count(c, member.cohort_id, Some(member.stage), stage)?;
        }
        Some(_) => {}
        None => {
            diesel::update(row).set(programme_members::needs_review.eq(kind == Turned::Doubted)).execute(c)?;
        }
    }
    let entry = Entry::new(action(kind), "programme_members", member.id)
        .unit(member.unit_id)
        .before(json!({ "stage": member.stage }))
        .after(json!({ "stage": kind.stage().unwrap_or(member.stage), "person": member.person_id }));
    audit::record(c, by, now, if step.reason.is_empty() { entry } else { entry.reason(step.reason) })?;
    members::member(c, member.id)
}

/// Moves one person from a stage to another in the numbers of a cohort, and takes or gives back their place. The last place is given
/// once: one conditional statement, with a CHECK behind it.
fn count(c: &mut DbConn, cohort: CohortId, from: Option<Stage>, to: Stage) -> Result<()> {
    let holds = (from.is_some_and(Stage::holds_place), to.holds_place());
    let row = programme_cohorts::table.find(cohort.0);
    if holds == (false, true) {
        let taken = diesel::update(row.filter(programme_cohorts::held.lt(programme_cohorts::cap)))
            .set(programme_cohorts::held.eq(programme_cohorts::held + 1))
            .execute(c)?;
        if taken != 1 {
            return Err(Error::refused("programme-refused-cap"));
        }
    } else if holds == (true, false) {
        diesel::update(row).set(programme_cohorts::held.eq(programme_cohorts::held - 1)).execute(c)?;
    }
    for (stage, change) in [(from, -1), (Some(to), 1)] {
        let Some(stage) = stage else { continue };
        let changed = diesel::update(programme_counts::table.find((cohort.0, stage)))
            .set(programme_counts::people.eq(programme_counts::people + change))
            .execute(c)?;
        if changed != 1 {
            return Err(Error::internal(format!("cohort {cohort} has no number of {stage}")));
        }
    }
    Ok(())
}

/// How the audit names a step.
const fn action(kind: Turned) -> &'static str {
    match kind {
        Turned::Nominated => "expert.nominate",
        Turned::Approved => "expert.approve",
        Turned::Studying => "expert.study",
        Turned::Fulfilled => "expert.fulfil",
        Turned::Reopened => "expert.reopen",
        Turned::Recognised => "expert.recognise",
        Turned::Activated => "expert.activate",
        Turned::Renewed => "expert.renew",
        Turned::Lapsed => "expert.lapse",
        Turned::Withdrawn => "expert.withdraw",
        Turned::Replaced => "expert.replace",
        Turned::Rejected => "expert.reject",
        Turned::Doubted => "expert.doubt",
        Turned::Settled => "expert.settle",
    }
}

/// A step of a nomination takes its person along in the cohort of the round, if there is one.
pub(super) fn follow_nomination(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    nomination: &Nomination,
    kind: Happened,
    reason: &str,
) -> Result<()> {
    let turned = match kind {
        // What the unit has in its hands is nobody else's affair yet; what is given back stays nominated.
        Happened::Drafted | Happened::Endorsed | Happened::Returned => return Ok(()),
        Happened::Submitted | Happened::Resubmitted | Happened::Waiting => Turned::Nominated,
        Happened::Approved | Happened::Seated => Turned::Approved,
        Happened::Rejected => Turned::Rejected,
        Happened::Withdrawn => Turned::Withdrawn,
        Happened::Replaced => Turned::Replaced,
    };
    let Some(cohort) = queries::cohort_of_round(c, nomination.round_id)? else { return Ok(()) };
    let cohort = hold_cohort(c, cohort.id)?;
    let step = Step { reason, ..Step::default() };
    take_along(c, by, now, &cohort, nomination, turned, step)
}

fn take_along(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    cohort: &Cohort,
    nomination: &Nomination,
    turned: Turned,
    step: Step<'_>,
) -> Result<()> {
    let known = members::in_cohort(c, cohort.id, nomination.person_id)?;
    if !matches!(turned, Turned::Nominated | Turned::Approved) {
        return match known {
            None => Ok(()),
            // A recognition stands until somebody decides otherwise.
            Some(member) if member.stage.is_recognised() => turn(c, by, now, &member, Turned::Doubted, step).map(drop),
            Some(member) => turn(c, by, now, &member, turned, step).map(drop),
        };
    }
    let member = match known {
        Some(member) if member.stage.is_over() => come_again(c, by, now, &member, nomination, step)?,
        Some(member) => member,
        None => come(c, by, now, cohort, nomination, step)?,
    };
    if turned == Turned::Approved && member.stage == Stage::Nominated {
        turn(c, by, now, &member, Turned::Approved, step)?;
        follow_held(c, by, now, cohort, Some(&[nomination.person_id]))?;
    }
    Ok(())
}

/// Somebody comes into a cohort.
fn come(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    cohort: &Cohort,
    nomination: &Nomination,
    step: Step<'_>,
) -> Result<Member> {
    let id: MemberId = diesel::insert_into(programme_members::table)
        .values((
            programme_members::code.eq(random_code()?),
            programme_members::cohort_id.eq(cohort.id.0),
            programme_members::programme_id.eq(cohort.programme_id.0),
            programme_members::person_id.eq(nomination.person_id),
            programme_members::nomination_id.eq(nomination.id.0),
            programme_members::unit_id.eq(nomination.unit_id),
            programme_members::position.eq(&nomination.position),
            programme_members::category.eq(nomination.category),
            programme_members::stage.eq(Stage::Nominated),
            programme_members::changed_at.eq(step.at.unwrap_or(now)),
            programme_members::needs_review.eq(false),
        ))
        .returning(programme_members::id)
        .get_result(c)?;
    count(c, cohort.id, None, Stage::Nominated)?;
    let member = members::member(c, id)?;
    turn(c, by, now, &member, Turned::Nominated, Step { reason: "", ..step })
}

/// Somebody whose nomination had ended is nominated anew: as what they are now.
fn come_again(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    member: &Member,
    nomination: &Nomination,
    step: Step<'_>,
) -> Result<Member> {
    diesel::update(programme_members::table.find(member.id.0))
        .set((
            programme_members::nomination_id.eq(nomination.id.0),
            programme_members::unit_id.eq(nomination.unit_id),
            programme_members::position.eq(&nomination.position),
            programme_members::category.eq(nomination.category),
        ))
        .execute(c)?;
    turn(c, by, now, member, Turned::Nominated, Step { reason: "", ..step })
}

/// Brings those into a new cohort whom its round nominated before.
pub(super) fn adopt(c: &mut DbConn, by: &Actor, now: Moment, cohort: &Cohort) -> Result<()> {
    let Some(round) = cohort.round_id else { return Ok(()) };
    let known: Vec<Nomination> = nominations::table
        .filter(nominations::round_id.eq(round))
        .filter(nominations::state.ne_all([
            NominationState::Drafted,
            NominationState::Rejected,
            NominationState::Withdrawn,
            NominationState::Replaced,
        ]))
        .order(nominations::id.asc())
        .select(Nomination::as_select())
        .load(c)?;
    for nomination in &known {
        let turned = match nomination.state {
            NominationState::Approved => Turned::Approved,
            _ => Turned::Nominated,
        };
        let step = Step { at: Some(nomination.changed_at), ..Step::default() };
        take_along(c, by, now, cohort, nomination, turned, step)?;
    }
    Ok(())
}

/// Brings those of a cohort who are on the way to where their classes and completions have brought them; of some people only, unless
/// `only` is `None`. Doing it again changes nothing. How many steps there were.
pub fn follow(c: &mut DbConn, by: &Actor, now: Moment, cohort: CohortId, only: Option<&[PersonId]>) -> Result<usize> {
    let cohort = hold_cohort(c, cohort)?;
    follow_held(c, by, now, &cohort, only)
}

fn follow_held(c: &mut DbConn, by: &Actor, now: Moment, cohort: &Cohort, only: Option<&[PersonId]>) -> Result<usize> {
    let mut steps = 0;
    for due in due(c, now, cohort, only)? {
        let mut member = due.member;
        for (kind, at) in due.turns {
            member = turn(c, by, now, &member, kind, Step { at, ..Step::default() })?;
            steps += 1;
        }
    }
    Ok(steps)
}

/// What is due for somebody.
struct Due {
    member: Member,
    turns: Vec<(Turned, Option<Moment>)>,
}

/// Whether anything of a cohort is due: asked without writing.
pub fn is_due(c: &mut DbConn, now: Moment, cohort: CohortId) -> Result<bool> {
    let cohort = queries::cohort(c, cohort)?;
    Ok(!due(c, now, &cohort, None)?.is_empty())
}

fn due(c: &mut DbConn, now: Moment, cohort: &Cohort, only: Option<&[PersonId]>) -> Result<Vec<Due>> {
    let underway = members::underway(c, cohort.id, only)?;
    if underway.is_empty() {
        return Ok(Vec::new());
    }
    let people: Vec<PersonId> = underway.iter().map(|member| member.person_id).collect();
    let asked = queries::requirement(c, cohort.programme_id)?;
    let completed = completed_in(c, cohort, &asked, &people)?;
    let begun = members::begun(c, now, cohort.id, &people)?;
    let due = underway.into_iter().map(|member| {
        let done = completed.get(&member.person_id).cloned().unwrap_or_default();
        let (is_met, since) = (asked.is_met(&done), begun.get(&member.person_id).copied());
        let mut turns = Vec::new();
        if member.stage == Stage::Approved && (since.is_some() || !done.is_empty()) {
            // Who was let into a class that runs already studies since the approval, not before it.
            turns.push((Turned::Studying, since.map(|since| since.max(member.changed_at))));
        }
        match (member.stage, is_met) {
            (Stage::Approved | Stage::Studying, true) => turns.push((Turned::Fulfilled, None)),
            (Stage::Fulfilled, false) => turns.push((Turned::Reopened, None)),
            _ => {}
        }
        Due { member, turns }
    });
    Ok(due.filter(|due| !due.turns.is_empty()).collect())
}

type Completed = std::collections::HashMap<PersonId, std::collections::BTreeSet<CourseId>>;

/// What these people completed of what is asked for, since the day from which it counts in the cohort.
pub(crate) fn completed_in(
    c: &mut DbConn,
    cohort: &Cohort,
    asked: &Requirement,
    people: &[PersonId],
) -> Result<Completed> {
    let courses: Vec<CourseId> = asked.courses().into_iter().collect();
    completed_since(c, people, &courses, Moment(day_start(cohort.counts_from)))
}

/// A completion was written or changed: whoever is in a cohort that asks for its course comes along. A recognition that has lost what
/// it rests on is shown to the coordinator and not taken back.
pub fn follow_completion(c: &mut DbConn, now: Moment, person: PersonId, course: CourseId) -> Result<()> {
    for member in members::touched_by(c, person, course)? {
        let cohort = hold_cohort(c, member.cohort_id)?;
        let member = members::member(c, member.id)?;
        if member.stage.is_underway() {
            follow_held(c, &Actor::system(), now, &cohort, Some(&[person]))?;
        } else {
            doubt_held(c, now, &cohort, &member)?;
        }
    }
    Ok(())
}

/// The same for somebody whose classes outside the system were taken back: of those nobody tells the cohort.
pub fn doubt(c: &mut DbConn, now: Moment, id: MemberId) -> Result<()> {
    let cohort = members::member(c, id)?.cohort_id;
    let cohort = hold_cohort(c, cohort)?;
    let member = members::member(c, id)?;
    doubt_held(c, now, &cohort, &member)
}

fn doubt_held(c: &mut DbConn, now: Moment, cohort: &Cohort, member: &Member) -> Result<()> {
    if !member.stage.is_recognised() || member.needs_review {
        return Ok(());
    }
    let (asked, person) = (queries::requirement(c, member.programme_id)?, member.person_id);
    let done = completed_in(c, cohort, &asked, &[person])?.remove(&person).unwrap_or_default();
    if !asked.is_met(&done) {
        turn(c, &Actor::system(), now, member, Turned::Doubted, Step::default())?;
    }
    Ok(())
}

/// The coordinator looked at a doubt and lets the recognition stand, for a reason.
pub fn settle(c: &mut DbConn, by: &Actor, now: Moment, id: MemberId, reason: &str) -> Result<()> {
    let reason = super::needed(reason)?;
    let cohort = members::member(c, id)?.cohort_id;
    hold_cohort(c, cohort)?;
    let member = members::member(c, id)?;
    if !member.needs_review {
        return Err(Error::refused("programme-refused-settled"));
    }
    turn(c, by, now, &member, Turned::Settled, Step { reason: &reason, ..Step::default() }).map(drop)
}
