//! Coming into a run and leaving it, and freezing the facts that count.

use diesel::prelude::*;
use serde_json::json;

use crate::{
    access::{Actor, PersonId},
    accounts::queries as accounts,
    audit::{Entry as Audit, record},
    learning::{
        actions::{progress, waiting},
        model::{
            Enrolled, Enrolment, EnrolmentId, EnrolmentMode, EnrolmentState, Entry, Facts, Observers, Run, RunId,
            tidy_code,
        },
        queries,
    },
    platform::{
        as_i64,
        clock::local_day,
        db::{
            DbConn, Moment,
            schema::{class_runs, enrolments},
        },
        error::{Error, FieldErrors, Result},
        i18n::Message,
        text,
    },
};

/// Takes a seat for a person. Once in, always once: asking again takes no second seat, and who withdrew comes back into the
/// same enrolment with their progress. The facts are those of the first day of the run, or of today if it has begun; who
/// belongs to no unit on that day cannot count anywhere and is refused, and so is who has not completed the courses that this
/// one builds on.
pub fn enrol(c: &mut DbConn, now: Moment, by: &Actor, run: RunId, person: PersonId, how: &Entry) -> Result<Enrolled> {
    let run = hold_run(c, run)?;
    must_be_open_for(&run, now, how)?;
    admit(c, now, by, &run, person)
}

/// Takes the row of the run before anything of it is touched, so that seats, enrolments and the waiting list of one run change
/// one after the other and no two of them wait for each other.
pub fn hold_run(c: &mut DbConn, id: RunId) -> Result<Run> {
    // SQLite has one writer at a time; only PostgreSQL has row locks.
    if let DbConn::Pg(c) = c {
        class_runs::table.find(id).for_no_key_update().select(class_runs::id).first::<RunId>(c)?;
    }
    queries::run(c, id)
}

/// The run is not over, and this is a way into it.
pub(super) fn must_be_open_for(run: &Run, now: Moment, how: &Entry) -> Result<()> {
    if now >= run.closes_at {
        return Err(Error::Refused(Message::new("learning-enrol-over").with("date", text::date(run.last_day()))));
    }
    may_enter(run, how)
}

/// What a person must bring whoever lets them in: the courses before this one, and a unit on the day that counts.
pub(super) fn must_be_ready(c: &mut DbConn, now: Moment, run: &Run, person: PersonId) -> Result<Facts> {
    let missing = queries::missing_prerequisites(c, run, person)?;
    if !missing.is_empty() {
        let refused = Message::new("learning-enrol-prerequisites").with("courses", missing.join(", "));
        return Err(Error::Refused(refused));
    }
    let day = if now >= run.opens_at { local_day(now.0) } else { run.first_day() };
    let facts = facts_on(c, person, day)?;
    facts.ok_or_else(|| Error::Refused(Message::new("learning-enrol-no-unit").with("date", text::date(day))))
}

/// Takes a seat in a run that is held. Everything that can be refused is refused before the first write, save the seat.
pub(super) fn admit(c: &mut DbConn, now: Moment, by: &Actor, run: &Run, person: PersonId) -> Result<Enrolled> {
    let known = queries::enrolment_of(c, run.id, person)?;
    if let Some(active) = known.filter(|known| known.state == EnrolmentState::Active) {
        return Ok(Enrolled::Already(active.id));
    }
    let facts = must_be_ready(c, now, run, person)?;
    let has_begun = now >= run.opens_at;
    take_seat(c, now, run)?;
    let values = (
        enrolments::state.eq(EnrolmentState::Active),
        enrolments::enrolled_at.eq(now),
        enrolments::enrolled_by.eq(by.person.map(|person| person.0)),
        enrolments::unit_id.eq(facts.unit),
        enrolments::position.eq(facts.position.clone()),
        enrolments::category.eq(facts.category),
        enrolments::frozen_at.eq(has_begun.then_some(now)),
    );
    // An upsert is not part of diesel's common backend.
    let id: EnrolmentId = crate::both!(c, |c| diesel::insert_into(enrolments::table)
        .values((enrolments::run_id.eq(run.id), enrolments::person_id.eq(person), values.clone()))
        .on_conflict((enrolments::run_id, enrolments::person_id))
        .do_update()
        .set(values)
        .returning(enrolments::id)
        .get_result(c))?;
    waiting::seated(c, now, run.id, person)?;
    let entry = Audit::new("enrolment.create", "enrolments", id).unit(facts.unit).after(json!({
        "run": run.code,
        "person": person,
        "unit": facts.unit,
        "position": facts.position,
        "category": facts.category,
        "frozen": has_begun,
    }));
    record(c, by, now, entry)?;
    Ok(Enrolled::New(id))
}

fn may_enter(run: &Run, how: &Entry) -> Result<()> {
    match (how, run.enrolment) {
        (Entry::Listed, _) | (Entry::Open, EnrolmentMode::Open) => Ok(()),
        (Entry::Code(_), EnrolmentMode::Open) => Ok(()),
        (Entry::Code(typed), EnrolmentMode::Code) => {
            let fits = run.access_code.as_ref().is_some_and(|code| tidy_code(typed) == *code);
            if fits { Ok(()) } else { Err(FieldErrors::one("access_code", "learning-enrol-code-wrong")) }
        }
        (Entry::Open, EnrolmentMode::Code) => Err(FieldErrors::one("access_code", "learning-enrol-code-needed")),
        (_, EnrolmentMode::List) => Err(Error::refused("learning-enrol-list-only")),
    }
}

/// One conditional statement, with a CHECK behind it: no race gives a seat twice.
fn take_seat(c: &mut DbConn, now: Moment, run: &Run) -> Result<()> {
    let free = class_runs::capacity.is_null().or(class_runs::taken.nullable().lt(class_runs::capacity));
    let taken = diesel::update(
        class_runs::table.filter(class_runs::id.eq(run.id)).filter(class_runs::closes_at.gt(now)).filter(free),
    )
    .set(class_runs::taken.eq(class_runs::taken + 1))
    .execute(c)?;
    if taken == 1 {
        return Ok(());
    }
    Err(Error::Refused(Message::new("learning-enrol-full").with("seats", run.capacity.unwrap_or_default())))
}

/// Gives the seat back, and it goes to whoever waits first, in this transaction. The progress stays, for a return.
pub fn withdraw(c: &mut DbConn, now: Moment, by: &Actor, enrolment: EnrolmentId) -> Result<()> {
    let run: RunId = enrolments::table.find(enrolment).select(enrolments::run_id).first(c)?;
    hold_run(c, run)?;
    let left: Option<PersonId> = diesel::update(
        enrolments::table
            .filter(enrolments::id.eq(enrolment))
            .filter(enrolments::state.eq(EnrolmentState::Active))
            .filter(enrolments::completed_at.is_null()),
    )
    .set(enrolments::state.eq(EnrolmentState::Withdrawn))
    .returning(enrolments::person_id)
    .get_result(c)
    .optional()?;
    let Some(person) = left else { return Err(Error::refused("learning-withdraw-not-possible")) };
    diesel::update(class_runs::table.filter(class_runs::id.eq(run)))
        .set(class_runs::taken.eq(class_runs::taken - 1))
        .execute(c)?;
    let entry =
        Audit::new("enrolment.withdraw", "enrolments", enrolment).before(json!({ "run": run, "person": person }));
    record(c, by, now, entry)?;
    waiting::fill_seats(c, now, run)
}

/// What a person is on a day, by their membership.
fn facts_on(c: &mut DbConn, person: PersonId, day: chrono::NaiveDate) -> Result<Option<Facts>> {
    let membership = accounts::membership_on(c, person, day)?;
    Ok(membership.map(|m| Facts { unit: m.unit_id, position: m.position, category: m.category }))
}

/// Takes the facts of the run's first day for somebody who enrolled before it. `None` when they belonged to no unit on that
/// day: the enrolment stays unfrozen, so it cannot complete, until the membership is put right.
pub(super) fn freeze(c: &mut DbConn, now: Moment, run: &Run, enrolment: &Enrolment) -> Result<Option<Facts>> {
    let Some(facts) = facts_on(c, enrolment.person_id, run.first_day())? else { return Ok(None) };
    diesel::update(enrolments::table.filter(enrolments::id.eq(enrolment.id)).filter(enrolments::frozen_at.is_null()))
        .set((
            enrolments::unit_id.eq(facts.unit),
            enrolments::position.eq(&facts.position),
            enrolments::category.eq(facts.category),
            enrolments::frozen_at.eq(now),
        ))
        .execute(c)?;
    let before = json!({ "unit": enrolment.unit_id, "position": enrolment.position, "category": enrolment.category });
    let after = json!({ "unit": facts.unit, "position": facts.position, "category": facts.category });
    let entry = Audit::new("enrolment.freeze", "enrolments", enrolment.id).unit(facts.unit).before(before).after(after);
    record(c, &Actor::system(), now, entry)?;
    Ok(Some(facts))
}

/// What a batch of [`freeze_due`] did.
#[derive(Debug)]
pub struct Frozen {
    /// Where to go on, or `None` at the end.
    pub next: Option<EnrolmentId>,
    /// Those that could not be frozen, with the reason; nothing of them was done, and they are due as before.
    pub failed: Vec<(EnrolmentId, Error)>,
}

/// Freezes the enrolments of runs that have begun, a small batch after the enrolment `after`. A completion that waited for its
/// facts is written now. Each in a savepoint: one that fails does not hold up the others.
pub fn freeze_due(
    c: &mut DbConn,
    now: Moment,
    after: EnrolmentId,
    limit: i64,
    observers: &Observers,
) -> Result<Frozen> {
    let due: Vec<(Enrolment, Run)> = enrolments::table
        .inner_join(class_runs::table)
        .filter(enrolments::frozen_at.is_null().and(enrolments::state.eq(EnrolmentState::Active)))
        .filter(class_runs::opens_at.le(now).and(enrolments::id.gt(after)))
        .order(enrolments::id.asc())
        .limit(limit)
        .select((Enrolment::as_select(), Run::as_select()))
        .load(c)?;
    let mut failed = Vec::new();
    for (enrolment, run) in &due {
        let frozen = c.transaction(|c| {
            if freeze(c, now, run, enrolment)?.is_some() {
                progress::settle(c, now, &Actor::system(), enrolment.id, observers)?;
            }
            Ok::<_, Error>(())
        });
        match frozen {
            Ok(()) => {}
            // The database itself does not answer: that is no fault of this row.
            Err(error @ Error::Unavailable(..)) => return Err(error),
            Err(error) => failed.push((enrolment.id, error)),
        }
    }
    let full = as_i64(due.len()) >= limit;
    Ok(Frozen { next: due.last().filter(|_| full).map(|(enrolment, _)| enrolment.id), failed })
}
