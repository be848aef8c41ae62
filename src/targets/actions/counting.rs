//! Keeping the derived rows true. One operation serves a new completion, an acceptance, a voiding and counting anew: look at what the
//! events say of a completion now, compare with what is counted, and write the difference.
//!
//! Simultaneous transactions (PostgreSQL; on SQLite there is one writer and the locks are not taken):
//! - Where a person is counted depends on all of the person's turns, so two transactions that settle one person in one
//!   target would each miss the other's turn. They are put in line by an advisory lock on the person, taken before the events
//!   are read again: under READ COMMITTED what the first has committed is then seen by the second. The lock is on the
//!   person and not on `counted_people`, since the row may not exist yet.
//! - Counters are changed by one relative upsert each, never read and written back. They are touched last, after every lock
//!   on people, and in the order of their keys, so that transactions never wait for each other in a circle.
//! - A completion does not see a target that is just being created or changed, and counting anew does not see a completion that
//!   is not committed yet. So counting holds a shared lock on the definitions, and changing definitions holds it alone.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{prelude::*, upsert::excluded};

use crate::{
    access::{Category, PersonId, UnitId},
    platform::{
        db::{
            DbConn, Lock, lock,
            schema::{counted_people, counted_turns, target_counts, target_courses, targets},
        },
        error::{Error, Result},
    },
    targets::{
        model::{Cell, Fact, Figures, Rule, Target, TargetId, TargetState, Verdict},
        queries,
    },
};

/// Changes of counters, in the order in which they are written.
type Deltas = BTreeMap<(TargetId, Cell), Figures>;

/// Makes the derived rows agree with what the events say of this completion. Call it in the transaction in which it was
/// completed, accepted or voided; calling it again changes nothing.
pub fn count_completion(c: &mut DbConn, completion: i64) -> Result<()> {
    settle(c, &[completion], None)
}

/// The same for many of one transaction: all locks are taken before any counter is touched.
pub(super) fn count_completions(c: &mut DbConn, completions: &[i64]) -> Result<()> {
    settle(c, completions, None)
}

/// The same in one target, whether it lists these completions and what it counted of them before or not.
pub(super) fn settle_in(c: &mut DbConn, completions: &[i64], target: &Target, courses: &[i64]) -> Result<()> {
    settle(c, completions, Some((target, courses)))
}

/// In all targets concerned, or in one with the courses that count for it.
fn settle(c: &mut DbConn, completions: &[i64], only: Option<(&Target, &[i64])>) -> Result<()> {
    share_definitions(c)?;
    // On SQLite there is nobody to wait for, and so no reason to read twice.
    if matches!(c, DbConn::Pg(_)) {
        let people: BTreeSet<PersonId> = queries::facts(c, completions)?.iter().map(|f| f.person).collect();
        for person in people {
            lock(c, Lock::Alone, &format!("targets.person.{person}"))?;
        }
    }
    // Read again, now that nobody else settles these people.
    let facts = queries::facts(c, completions)?;
    if facts.len() != completions.len() {
        return Err(Error::internal("a completion that does not exist was to be counted"));
    }
    let mut deltas = Deltas::new();
    for fact in &facts {
        if let Some((target, courses)) = only {
            settle_one(c, target, courses, fact, &mut deltas)?;
            continue;
        }
        for target in concerned(c, fact)? {
            settle_one(c, &target, &[fact.course], fact, &mut deltas)?;
        }
    }
    apply(c, deltas)
}

/// The counted targets that list the fact's course and whose period holds its day, in the order of their ids.
fn concerned(c: &mut DbConn, fact: &Fact) -> Result<Vec<Target>> {
    Ok(targets::table
        .inner_join(target_courses::table.on(target_courses::target_id.eq(targets::id)))
        .filter(target_courses::course_id.eq(fact.course))
        .filter(targets::period_from.le(fact.day()).and(targets::period_to.ge(fact.day())))
        // Not `eq_any`: a list is prepared anew each time, and this is asked with every completion.
        .filter(targets::state.eq(TargetState::InForce).or(targets::state.eq(TargetState::Closed)))
        .order(targets::id.asc())
        .select(Target::as_select())
        .load(c)?)
}

fn settle_one(c: &mut DbConn, target: &Target, courses: &[i64], fact: &Fact, deltas: &mut Deltas) -> Result<()> {
    let rule = Rule { courses, period: target.period() };
    let should = rule.verdict(fact, None) == Verdict::Counted;
    let key = (target.id.0, fact.completion);
    let is: bool = diesel::select(diesel::dsl::exists(counted_turns::table.find(key))).get_result(c)?;
    if should == is {
        return Ok(());
    }
    if should {
        diesel::insert_into(counted_turns::table)
            .values((
                counted_turns::target_id.eq(target.id.0),
                counted_turns::completion_id.eq(fact.completion),
                counted_turns::person_id.eq(fact.person.0),
                counted_turns::unit_id.eq(fact.unit.0),
                counted_turns::category.eq(fact.category),
                counted_turns::day.eq(fact.day()),
                counted_turns::occurred_at.eq(fact.occurred_at),
            ))
            .execute(c)?;
    } else {
        diesel::delete(counted_turns::table.find(key)).execute(c)?;
    }
    let cell = (fact.unit, fact.category, fact.day());
    deltas.entry((target.id, cell)).or_default().turns += if should { 1 } else { -1 };
    seat(c, target.id, fact.person, deltas)
}

/// A place where a person is counted: the completion and its cell.
type Seat = (i64, UnitId, Category, chrono::NaiveDate);

/// Puts the person where the first of their turns now stands.
fn seat(c: &mut DbConn, target: TargetId, person: PersonId, deltas: &mut Deltas) -> Result<()> {
    let first: Option<Seat> = counted_turns::table
        .filter(counted_turns::target_id.eq(target.0).and(counted_turns::person_id.eq(person.0)))
        .order((counted_turns::occurred_at.asc(), counted_turns::completion_id.asc()))
        .select((counted_turns::completion_id, counted_turns::unit_id, counted_turns::category, counted_turns::day))
        .first(c)
        .optional()?;
    let seat = counted_people::table.find((target.0, person.0));
    let current: Option<Seat> = seat
        .select((counted_people::completion_id, counted_people::unit_id, counted_people::category, counted_people::day))
        .first(c)
        .optional()?;
    if first == current {
        return Ok(());
    }
    if current.is_some() {
        diesel::delete(seat).execute(c)?;
    }
    if let Some((completion, unit, category, day)) = first {
        diesel::insert_into(counted_people::table)
            .values((
                counted_people::target_id.eq(target.0),
                counted_people::person_id.eq(person.0),
                counted_people::completion_id.eq(completion),
                counted_people::unit_id.eq(unit.0),
                counted_people::category.eq(category),
                counted_people::day.eq(day),
            ))
            .execute(c)?;
    }
    for (place, change) in [(current, -1), (first, 1)] {
        if let Some((_, unit, category, day)) = place {
            deltas.entry((target, (unit, category, day))).or_default().people += change;
        }
    }
    Ok(())
}

fn apply(c: &mut DbConn, deltas: Deltas) -> Result<()> {
    for ((target, (unit, category, day)), change) in deltas.into_iter().filter(|(_, change)| !change.is_zero()) {
        let row = (
            target_counts::target_id.eq(target.0),
            target_counts::unit_id.eq(unit.0),
            target_counts::category.eq(category),
            target_counts::day.eq(day),
            target_counts::turns.eq(change.turns),
            target_counts::people.eq(change.people),
        );
        // An upsert is not part of diesel's common backend.
        crate::both!(c, |c| diesel::insert_into(target_counts::table)
            .values(row)
            .on_conflict((
                target_counts::target_id,
                target_counts::unit_id,
                target_counts::category,
                target_counts::day
            ))
            .do_update()
            .set((
                target_counts::turns.eq(target_counts::turns + excluded(target_counts::turns)),
                target_counts::people.eq(target_counts::people + excluded(target_counts::people)),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Shared by everything that counts.
pub(super) fn share_definitions(c: &mut DbConn) -> Result<()> {
    lock(c, Lock::Shared, "targets.definitions")
}

/// Held alone by what changes which targets there are, which courses they list, or whether they are counted.
pub(super) fn close_definitions(c: &mut DbConn) -> Result<()> {
    lock(c, Lock::Alone, "targets.definitions")
}
