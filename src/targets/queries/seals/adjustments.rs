//! What was recorded since figures were sealed, one line each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate};
use diesel::prelude::*;
use serde::Serialize;

use crate::{
    access::{Category, PersonId, UnitId},
    organisations::{model::Unit, queries::by_ids},
    platform::{
        as_i64,
        db::{
            DbConn, Moment,
            schema::{completion_events, counted_people, counted_turns, courses, outside_completions, target_events},
        },
        error::{Error, Result},
    },
    targets::{
        model::{
            BookKind, Days, Fact, Figures, Rule, Target,
            seal::{Content, SealRow},
        },
        queries::{AgencyRow, agencies::agencies_known, by_id, course_ids, facts::facts, ids_of_courses, known::known},
    },
};

/// Why a figure is another than it was when it was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A completion became known.
    Completed,
    /// A class outside the system was confirmed.
    Outside,
    /// A flagged completion was accepted.
    Accepted,
    Voided,
    /// Another turn of the person became known, by which the person is counted now, or was voided.
    Moved,
    /// Nothing happened to it: which courses count, or which days, was changed.
    Definition,
}

/// One line between the sealed figure and today's.
#[derive(Debug, Clone)]
pub struct Adjustment {
    /// When it was recorded.
    pub at: Moment,
    pub cause: Cause,
    /// The completion it is about.
    pub event: i64,
    pub person: PersonId,
    pub course: String,
    pub unit: Option<Unit>,
    pub category: Category,
    pub day: NaiveDate,
    pub change: Figures,
}

/// The sealed figure, what was recorded since, and what that makes: `sealed` + `lines` = `now`, always.
#[derive(Debug, Clone)]
pub struct Adjustments {
    pub sealed: Figures,
    /// By when it was recorded.
    pub lines: Vec<Adjustment>,
    pub now: Figures,
    /// Where the target is a share of agencies: how many organised then and now, and the codes that came and went.
    pub agencies: Option<AgencyChanges>,
}

/// Agencies that organised, of those there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AgencyFigures {
    pub organised: i64,
    pub all: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgencyChanges {
    pub then: AgencyFigures,
    pub now: AgencyFigures,
    pub more: Vec<String>,
    pub less: Vec<String>,
}

/// The events that count in a stretch of days, and whether their person is counted by them.
pub type Turns = BTreeMap<i64, bool>;

/// Compares a seal with what counts now.
pub fn adjustments(c: &mut DbConn, row: &SealRow, content: &Content) -> Result<Adjustments> {
    let target = by_id(c, row.target_id)?;
    let current = current(c, &target, content.period)?;
    let found = between(c, &target, content, &current, None)?;
    Ok(Adjustments { agencies: agency_changes(c, &target, content)?, ..found })
}

/// Compares a seal with what counts at a later moment, in the days of the seal. Nothing recorded after `until` is told.
pub fn between(
    c: &mut DbConn,
    target: &Target,
    then: &Content,
    now: &Turns,
    until: Option<Moment>,
) -> Result<Adjustments> {
    let changed = changed(&turns_in(then), now);
    let since = Since { from: then.known_at, until };
    let figures = now.values().fold(Figures::default(), |mut sum, seats| {
        sum += Figures { turns: 1, people: i64::from(*seats) };
        sum
    });
    Ok(Adjustments {
        sealed: then.figures.total,
        lines: lines(c, target, then, since, &changed)?,
        now: figures,
        agencies: None,
    })
}

/// What changed, by event.
fn changed(then: &Turns, now: &Turns) -> Vec<(i64, Figures)> {
    let events: BTreeSet<i64> = then.keys().chain(now.keys()).copied().collect();
    events
        .into_iter()
        .filter_map(|event| {
            let (then, now) = (then.get(&event).copied(), now.get(&event).copied());
            let turns = i64::from(now.is_some()) - i64::from(then.is_some());
            let people = i64::from(now.unwrap_or(false)) - i64::from(then.unwrap_or(false));
            let change = Figures { turns, people };
            (!change.is_zero()).then_some((event, change))
        })
        .collect()
}

/// The events of a seal.
pub fn turns_in(content: &Content) -> Turns {
    let turns = content.people.iter().flat_map(|person| person.turns.iter().map(move |turn| (person, turn)));
    turns.map(|(person, turn)| (turn.event, person.counted_by == Some(turn.event))).collect()
}

/// The events that counted at a moment by the definition of a seal, on its days.
pub fn turns_known(c: &mut DbConn, content: &Content, at: Moment) -> Result<Turns> {
    let listed = ids_of_courses(c, &content.target.courses)?;
    let rule = Rule { courses: &listed, period: content.target.period };
    let known = known(c, rule, at, Some(content.period))?;
    Ok(known.turns.into_iter().map(|turn| (turn.completion, turn.seats_person)).collect())
}

/// What counts now in a part of the period.
fn current(c: &mut DbConn, target: &Target, days: Days) -> Result<Turns> {
    let seats: BTreeSet<i64> = counted_people::table
        .filter(counted_people::target_id.eq(target.id.0).and(counted_people::day.between(days.from, days.to)))
        .select(counted_people::completion_id)
        .load::<i64>(c)?
        .into_iter()
        .collect();
    let turns: Vec<i64> = counted_turns::table
        .filter(counted_turns::target_id.eq(target.id.0).and(counted_turns::day.between(days.from, days.to)))
        .select(counted_turns::completion_id)
        .load(c)?;
    Ok(turns.into_iter().map(|event| (event, seats.contains(&event))).collect())
}

/// A stretch of knowing: after `from`, and until `until` if that is given.
#[derive(Clone, Copy)]
struct Since {
    from: Moment,
    until: Option<Moment>,
}

impl Since {
    fn last(self) -> Moment {
        // Far away, and a year of four digits: what both databases keep.
        self.until.unwrap_or_else(|| Moment(DateTime::from_timestamp(253_370_764_800, 0).unwrap_or_default()))
    }

    fn holds(self, at: Moment) -> bool {
        at > self.from && self.until.is_none_or(|until| at <= until)
    }
}

fn lines(
    c: &mut DbConn,
    target: &Target,
    content: &Content,
    since: Since,
    changed: &[(i64, Figures)],
) -> Result<Vec<Adjustment>> {
    let ids: Vec<i64> = changed.iter().map(|(event, _)| *event).collect();
    let found: HashMap<i64, Fact> = facts(c, &ids)?.into_iter().map(|fact| (fact.completion, fact)).collect();
    let units = by_ids(c, &found.values().map(|fact| fact.unit).collect::<Vec<_>>())?;
    let outside: BTreeSet<i64> = outside_completions::table
        .filter(outside_completions::completion_id.eq_any(ids))
        .select(outside_completions::completion_id)
        .load::<i64>(c)?
        .into_iter()
        .collect();
    let codes: HashMap<i64, String> = courses::table
        .filter(courses::id.eq_any(found.values().map(|fact| fact.course).collect::<Vec<_>>()))
        .select((courses::id, courses::code))
        .load(c)?
        .into_iter()
        .collect();
    let amended = amended_at(c, target, since)?;
    let mut lines = Vec::with_capacity(changed.len());
    for (event, change) in changed {
        let fact = found.get(event).ok_or_else(|| Error::internal("a sealed event is gone"))?;
        let course = codes.get(&fact.course).cloned().unwrap_or_default();
        let (at, cause) = match change.turns {
            0 => {
                let moved = moved_at(c, target, fact.person, since)?;
                (moved.or(amended).unwrap_or(content.known_at), Cause::Moved)
            }
            // By its date it should be in the seal: it was being recorded in the moment of the sealing.
            1 if content.target.courses.contains(&course) && content.target.period.contains(fact.day()) => {
                cause(fact, since, outside.contains(event))
                    .unwrap_or((fact.recorded_at, arrived(outside.contains(event))))
            }
            _ => {
                let definition = (amended.unwrap_or(fact.recorded_at), Cause::Definition);
                cause(fact, since, outside.contains(event)).unwrap_or(definition)
            }
        };
        lines.push(Adjustment {
            at,
            cause,
            event: *event,
            person: fact.person,
            course,
            unit: units.get(&fact.unit).cloned(),
            category: fact.category,
            day: fact.day(),
            change: *change,
        });
    }
    lines.sort_by_key(|line| (line.at, line.event));
    Ok(lines)
}

/// What happened to a turn since a moment, if anything did. A voiding comes last of all that can happen to it.
fn cause(fact: &Fact, since: Since, is_outside: bool) -> Option<(Moment, Cause)> {
    let since = |at: Option<Moment>| at.filter(|at| since.holds(*at));
    since(fact.voided_at)
        .map(|at| (at, Cause::Voided))
        .or_else(|| since(fact.accepted_at).map(|at| (at, Cause::Accepted)))
        .or_else(|| since(Some(fact.recorded_at)).map(|at| (at, arrived(is_outside))))
}

fn arrived(is_outside: bool) -> Cause {
    if is_outside { Cause::Outside } else { Cause::Completed }
}

/// When it became known that somebody is counted by another turn: the last that was recorded of this person since.
fn moved_at(c: &mut DbConn, target: &Target, person: PersonId, since: Since) -> Result<Option<Moment>> {
    let listed = course_ids(c, target.id)?;
    Ok(completion_events::table
        .filter(completion_events::person_id.eq(person.0).and(completion_events::course_id.eq_any(listed)))
        .filter(completion_events::recorded_at.gt(since.from))
        .filter(completion_events::recorded_at.le(since.last()))
        .order(completion_events::recorded_at.desc())
        .select(completion_events::recorded_at)
        .first(c)
        .optional()?)
}

/// When what counts was last changed since a moment, if it was.
fn amended_at(c: &mut DbConn, target: &Target, since: Since) -> Result<Option<Moment>> {
    Ok(target_events::table
        .filter(target_events::target_id.eq(target.id.0).and(target_events::recorded_at.gt(since.from)))
        .filter(target_events::recorded_at.le(since.last()))
        .filter(target_events::kind.ne(BookKind::Created).and(target_events::kind.ne(BookKind::PutInForce)))
        .order(target_events::id.desc())
        .select(target_events::recorded_at)
        .first(c)
        .optional()?)
}

fn agency_changes(c: &mut DbConn, target: &Target, content: &Content) -> Result<Option<AgencyChanges>> {
    let Some(then) = &content.agencies else { return Ok(None) };
    let days = content.period;
    let turns: Vec<(UnitId, NaiveDate)> = counted_turns::table
        .inner_join(completion_events::table)
        .filter(counted_turns::target_id.eq(target.id.0).and(counted_turns::day.between(days.from, days.to)))
        .select((completion_events::organiser_id, counted_turns::day))
        .load(c)?;
    let found = agencies_known(c, target, then.on, turns)?;
    let share = found.share();
    let organised = |unit: &&AgencyRow| unit.turns > 0;
    let now: BTreeSet<&str> = found.rows.iter().filter(organised).map(|row| row.unit.code.as_str()).collect();
    let before: BTreeSet<&str> = then.organised.iter().map(String::as_str).collect();
    let count = |codes: &[String]| as_i64(codes.len());
    let owned = |codes: BTreeSet<&str>| codes.into_iter().map(str::to_owned).collect();
    Ok(Some(AgencyChanges {
        then: AgencyFigures { organised: count(&then.organised), all: count(&then.all) },
        now: AgencyFigures { organised: share.organised, all: share.all },
        more: owned(now.difference(&before).copied().collect()),
        less: owned(before.difference(&now).copied().collect()),
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn total(turns: &Turns) -> Figures {
        Figures {
            turns: i64::try_from(turns.len()).unwrap(),
            people: turns.values().filter(|seats| **seats).count().try_into().unwrap(),
        }
    }

    proptest! {
        /// Whatever counted then and whatever counts now: the old figure and the changes make the new one, and each event is one line at most.
        #[test]
        fn the_older_figure_and_the_changes_make_the_newer_one(
            then in prop::collection::btree_map(0_i64..40, any::<bool>(), 0..40),
            now in prop::collection::btree_map(0_i64..40, any::<bool>(), 0..40),
        ) {
            let lines = changed(&then, &now);
            let mut sum = total(&then);
            lines.iter().for_each(|(_, change)| sum += *change);
            prop_assert_eq!(sum, total(&now));
            let events: BTreeSet<i64> = lines.iter().map(|(event, _)| *event).collect();
            prop_assert_eq!(events.len(), lines.len());
            prop_assert!(changed(&now, &now).is_empty());
        }
    }
}
