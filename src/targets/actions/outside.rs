//! Classes held outside the system: entered by one person, confirmed by another, counted only then.
//!
//! They are entered when they are over, with the roster. Unit, position and category of each person are those of the first day. A
//! confirmation writes one completion for each of them, true on the last day and known from the confirmation on; from
//! there they are counted, listed and voided like any other.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::json;

use super::counting;
use crate::{
    access::{Actor, Category, Permission, PersonId, Role, UnitId},
    accounts::queries::{self as accounts, directory},
    audit::{self, Entry},
    notifications::actions::notify,
    organisations::queries as organisations,
    platform::{
        clock::{day_end, local_day},
        db::{
            DbConn, Lock, Moment, breaks_unique, lock, note_file,
            schema::{
                completion_events, courses, outside_classes, outside_completions, outside_decisions, outside_files,
                outside_people,
            },
        },
        error::{Error, FieldErrors, Result},
        files::{Stored, safe_download_name},
        i18n::Message,
        text::tidy,
    },
    targets::{
        model::{NewOutside, OutsideDecision, OutsideId},
        queries::{self, Outside, OutsidePerson},
    },
};

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// Writes a class down. It counts for nothing yet. Whoever calls it has proved the right over the organiser.
pub fn enter_outside(c: &mut DbConn, by: &Actor, now: Moment, new: &NewOutside) -> Result<OutsideId> {
    let who = by.person.ok_or(Error::Forbidden)?;
    let decision = tidy(&new.decision);
    let people: BTreeSet<PersonId> = new.people.iter().copied().collect();
    let mut faults = FieldErrors::default();
    if decision.is_empty() {
        faults.add("decision", "targets-outside-decision-missing");
    }
    if new.days.to < new.days.from {
        faults.add("last_day", "targets-fault-period");
    } else if new.days.to >= local_day(now.0) {
        faults.add("last_day", "targets-outside-not-over");
    }
    if people.is_empty() {
        faults.add("people", "targets-outside-nobody");
    } else if people.len() < new.people.len() {
        faults.add("people", "targets-outside-twice");
    }
    if !diesel::select(diesel::dsl::exists(courses::table.find(new.course))).get_result::<bool>(c)? {
        faults.add("course", "targets-outside-no-course");
    }
    if !organisations::unit(c, new.organiser)?.valid_on(new.days.from) {
        faults.add("organiser", "targets-outside-organiser-not-valid");
    }
    faults.or(())?;
    // Two agencies that enter the same people at the same moment must not both pass.
    lock(c, Lock::Alone, "targets.outside")?;
    refuse_duplicates(c, new, &people)?;
    let roster = frozen(c, new, &people)?;
    let id: i64 = diesel::insert_into(outside_classes::table)
        .values((
            outside_classes::course_id.eq(new.course),
            outside_classes::organiser_id.eq(new.organiser.0),
            outside_classes::first_day.eq(new.days.from),
            outside_classes::last_day.eq(new.days.to),
            outside_classes::decision.eq(&decision),
            outside_classes::entered_at.eq(now),
            outside_classes::entered_by.eq(who.0),
        ))
        .returning(outside_classes::id)
        .get_result(c)?;
    for (person, unit, position, category) in &roster {
        diesel::insert_into(outside_people::table)
            .values((
                outside_people::class_id.eq(id),
                outside_people::person_id.eq(person.0),
                outside_people::unit_id.eq(unit.0),
                outside_people::position.eq(position),
                outside_people::category.eq(*category),
            ))
            .execute(c)?;
    }
    let entry = Entry::new("outside.enter", "outside_classes", id).unit(new.organiser).after(json!({
        "course": new.course, "from": new.days.from, "to": new.days.to, "decision": decision, "roster": people,
    }));
    audit::record(c, by, now, entry)?;
    let class = queries::outside_class(c, OutsideId(id))?;
    tell_seconds(c, now, &class, &people)?;
    Ok(class.id)
}

/// Tells those who can be the second person: the others with the right over the organiser, or else over the nearest unit above
/// it, or else the national coordinators.
fn tell_seconds(c: &mut DbConn, now: Moment, class: &Outside, roster: &BTreeSet<PersonId>) -> Result<()> {
    let organiser = organisations::unit(c, class.organiser)?;
    let above = organisations::ancestors(c, class.organiser, local_day(now.0))?;
    let mut units: Vec<UnitId> = above.iter().map(|unit| unit.id).collect();
    // From the unit itself upwards.
    units.push(class.organiser);
    units.reverse();
    let may = |person: &PersonId| *person != class.entered_by && !roster.contains(person);
    let mut holders = directory::holders(c, Permission::RecordOutside, &units)?;
    holders.retain(|(_, person)| may(person));
    let nearest = units.iter().find(|unit| holders.iter().any(|(of, _)| of == *unit));
    let told: BTreeSet<PersonId> = match nearest {
        Some(unit) => holders.iter().filter(|(of, _)| of == unit).map(|(_, person)| *person).collect(),
        None => directory::with_role(c, Role::Coordinator)?.into_iter().filter(may).collect(),
    };
    let said = Message::new("notifications-outside-entered")
        .with("unit", organiser.name_vi)
        .with("decision", class.decision.clone());
    for person in told {
        notify(c, now, person, &said, Some(&class.path()), true)?;
    }
    Ok(())
}

/// Keeps the signed roster of a class, whose file is in the store already, beside it.
pub fn add_roster_file(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    id: OutsideId,
    stored: &Stored,
    name: &str,
) -> Result<()> {
    let name = safe_download_name(name, stored.media_type);
    let file = note_file(c, now, "rosters", stored, &name, by.person.map(|p| p.0))?;
    diesel::insert_into(outside_files::table)
        .values((outside_files::class_id.eq(id.0), outside_files::file_id.eq(file)))
        .execute(c)?;
    Ok(())
}

/// Nobody sits in two classes of one course on the same day: it is the same class, entered twice.
fn refuse_duplicates(c: &mut DbConn, new: &NewOutside, people: &BTreeSet<PersonId>) -> Result<()> {
    let rejected = outside_decisions::table
        .filter(outside_decisions::class_id.eq(outside_classes::id))
        .filter(outside_decisions::kind.eq(OutsideDecision::Rejected));
    let twice: Option<PersonId> = outside_people::table
        .inner_join(outside_classes::table)
        .filter(outside_people::person_id.eq_any(people.iter().map(|p| p.0).collect::<Vec<_>>()))
        .filter(outside_classes::course_id.eq(new.course))
        .filter(outside_classes::first_day.le(new.days.to).and(outside_classes::last_day.ge(new.days.from)))
        .filter(diesel::dsl::not(diesel::dsl::exists(rejected)))
        .order(outside_people::person_id.asc())
        .select(outside_people::person_id)
        .first(c)
        .optional()?;
    match twice {
        Some(person) => Err(FieldErrors::one("people", named(c, "targets-outside-known", person)?)),
        None => Ok(()),
    }
}

fn named(c: &mut DbConn, key: &'static str, person: PersonId) -> Result<Message> {
    Ok(Message::new(key).with("name", accounts::person(c, person)?.full_name()))
}

type Frozen = (PersonId, UnitId, String, Category);

/// What everybody was on the first day. Who belonged to no unit then cannot count anywhere.
fn frozen(c: &mut DbConn, new: &NewOutside, people: &BTreeSet<PersonId>) -> Result<Vec<Frozen>> {
    let ids: Vec<PersonId> = people.iter().copied().collect();
    let mut places = accounts::memberships_on(c, &ids, new.days.from)?;
    ids.iter()
        .map(|person| match places.remove(person) {
            Some(m) => Ok((*person, m.unit_id, m.position, m.category)),
            None => Err(FieldErrors::one("people", named(c, "targets-outside-no-unit", *person)?)),
        })
        .collect()
}

/// The second person's yes: from now on the class counts. The completions, in the order of the roster.
pub fn confirm_outside(c: &mut DbConn, by: &Actor, now: Moment, id: OutsideId) -> Result<Vec<i64>> {
    let (class, people) = decide(c, by, now, id, OutsideDecision::Confirmed, None)?;
    let mut completions = Vec::with_capacity(people.len());
    for person in &people {
        let completion = write_event(c, by, now, &class, person, None, None)?;
        diesel::insert_into(outside_completions::table)
            .values((
                outside_completions::completion_id.eq(completion),
                outside_completions::class_id.eq(id.0),
                outside_completions::person_id.eq(person.person.0),
            ))
            .execute(c)?;
        completions.push(completion);
    }
    counting::count_completions(c, &completions)?;
    Ok(completions)
}

/// The second person's no. The class stays on record and never counts.
pub fn reject_outside(c: &mut DbConn, by: &Actor, now: Moment, id: OutsideId, reason: &str) -> Result<()> {
    let reason = needed(reason)?;
    decide(c, by, now, id, OutsideDecision::Rejected, Some(&reason)).map(drop)
}

fn needed(reason: &str) -> Result<String> {
    let reason = tidy(reason);
    if reason.is_empty() {
        return Err(FieldErrors::one("reason", "targets-reason-missing"));
    }
    if reason.chars().count() > LONGEST_REASON {
        return Err(FieldErrors::one("reason", "targets-fault-long"));
    }
    Ok(reason)
}

fn decide(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    id: OutsideId,
    kind: OutsideDecision,
    reason: Option<&str>,
) -> Result<(Outside, Vec<OutsidePerson>)> {
    let who = by.person.ok_or(Error::Forbidden)?;
    let class = queries::outside_class(c, id)?;
    let people = queries::roster(c, id)?;
    if who == class.entered_by || people.iter().any(|p| p.person == who) {
        return Err(Error::refused("targets-refused-second-person"));
    }
    diesel::insert_into(outside_decisions::table)
        .values((
            outside_decisions::class_id.eq(id.0),
            outside_decisions::kind.eq(kind),
            outside_decisions::decided_at.eq(now),
            outside_decisions::decided_by.eq(who.0),
            outside_decisions::reason.eq(reason),
        ))
        .execute(c)
        .map_err(|e| {
            // SQLite names the column, PostgreSQL the key.
            let twice = ["class_id", "pkey"].iter().any(|part| breaks_unique(&e, "outside_decisions", part));
            if twice { Error::refused("targets-outside-decided") } else { e.into() }
        })?;
    let action = match kind {
        OutsideDecision::Confirmed => "outside.confirm",
        OutsideDecision::Rejected => "outside.reject",
    };
    let entry = Entry::new(action, "outside_classes", id).unit(class.organiser);
    audit::record(c, by, now, entry.reason(reason.unwrap_or_default()))?;
    let said = match kind {
        OutsideDecision::Confirmed => "notifications-outside-confirmed",
        OutsideDecision::Rejected => "notifications-outside-rejected",
    };
    let said = Message::new(said).with("decision", class.decision.clone());
    notify(c, now, class.entered_by, &said, Some(&class.path()), true)?;
    Ok((class, people))
}

/// Takes one person's turn in a confirmed class back (fraud, error). It stays on record and counts no more.
pub fn void_outside(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    id: OutsideId,
    person: PersonId,
    reason: &str,
) -> Result<i64> {
    let reason = needed(reason)?;
    if by.person == Some(person) {
        return Err(Error::refused("targets-refused-second-person"));
    }
    let class = queries::outside_class(c, id)?;
    let in_it = queries::roster(c, id)?.into_iter().find(|p| p.person == person).ok_or(Error::NotFound)?;
    let completion = in_it.completion.ok_or_else(|| Error::refused("targets-outside-not-confirmed"))?;
    let event = write_event(c, by, now, &class, &in_it, Some(completion), Some(&reason))?;
    let entry = Entry::new("outside.void", "outside_classes", id).unit(in_it.unit);
    audit::record(c, by, now, entry.after(json!({ "completion": completion, "event": event })).reason(reason))?;
    counting::count_completion(c, completion)?;
    Ok(event)
}

/// The completion of one person, or with `of` its voiding. True in the last second of the last day.
fn write_event(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    class: &Outside,
    person: &OutsidePerson,
    of: Option<i64>,
    reason: Option<&str>,
) -> Result<i64> {
    let occurred_at = Moment(day_end(class.last_day)) - chrono::TimeDelta::seconds(1);
    diesel::insert_into(completion_events::table)
        .values((
            completion_events::kind.eq(if of.is_some() { "voided" } else { "completed" }),
            completion_events::completion_id.eq(of),
            completion_events::person_id.eq(person.person.0),
            completion_events::course_id.eq(class.course),
            completion_events::organiser_id.eq(class.organiser.0),
            completion_events::unit_id.eq(person.unit.0),
            completion_events::position.eq(&person.position),
            completion_events::category.eq(person.category),
            completion_events::is_flagged.eq(false),
            completion_events::occurred_at.eq(occurred_at),
            completion_events::recorded_at.eq(now),
            completion_events::actor_id.eq(by.person.map(|p| p.0)),
            completion_events::reason.eq(reason),
        ))
        .returning(completion_events::id)
        .get_result(c)
        .map_err(|e| {
            let twice = ["completion_id", "change"].iter().any(|part| breaks_unique(&e, "completion_events", part));
            if twice { Error::refused("targets-outside-voided") } else { e.into() }
        })
}
