//! What somebody with the right decides about a completion. Nothing is edited: each decision is an event of its own.

use diesel::prelude::*;
use serde_json::json;

use crate::{
    access::Actor,
    audit::{Entry, record},
    learning::{
        model::{ChangeKind, CompletionChange, CompletionId, Observers},
        queries,
    },
    platform::{
        db::{
            DbConn, Moment, breaks_unique,
            schema::{completion_events, enrolments},
        },
        error::{Error, FieldErrors, Result},
        text::tidy,
    },
};

/// The longest reason, in characters; the form says the same.
const LONGEST_REASON: usize = 500;

/// Lets a flagged completion count after all.
pub fn accept(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    completion: CompletionId,
    reason: &str,
    observers: &Observers,
) -> Result<CompletionChange> {
    decide(c, now, by, completion, ChangeKind::Accepted, reason, observers)
}

/// Takes a completion back (fraud, error). It stays on record and counts no more.
pub fn void(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    completion: CompletionId,
    reason: &str,
    observers: &Observers,
) -> Result<CompletionChange> {
    decide(c, now, by, completion, ChangeKind::Voided, reason, observers)
}

/// A reason as it stays on record; a decision without one is none.
pub(super) fn reason_of(typed: &str) -> Result<String> {
    let reason = tidy(typed);
    if reason.is_empty() {
        return Err(FieldErrors::one("reason", "learning-decide-reason-missing"));
    }
    if reason.chars().count() > LONGEST_REASON {
        return Err(FieldErrors::one("reason", "learning-decide-reason-long"));
    }
    Ok(reason)
}

fn decide(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    completion: CompletionId,
    kind: ChangeKind,
    reason: &str,
    observers: &Observers,
) -> Result<CompletionChange> {
    let reason = reason_of(reason)?;
    let (completion, _) = queries::completion(c, completion)?;
    // Touching the row takes its lock on PostgreSQL: two decisions at the same moment come one after the other.
    diesel::update(enrolments::table.filter(enrolments::id.eq(completion.enrolment)))
        .set(enrolments::run_id.eq(completion.run))
        .execute(c)?;
    let (completion, decided) = queries::completion(c, completion.id)?;
    if by.person == Some(completion.person) {
        return Err(Error::refused("learning-decide-own"));
    }
    if decided.contains(&kind) || decided.contains(&ChangeKind::Voided) {
        return Err(Error::refused("learning-decide-already"));
    }
    if kind == ChangeKind::Accepted && !completion.is_flagged {
        return Err(Error::refused("learning-decide-not-flagged"));
    }
    let id: i64 = diesel::insert_into(completion_events::table)
        .values((
            completion_events::kind.eq(kind.as_str()),
            completion_events::completion_id.eq(completion.id.0),
            completion_events::enrolment_id.eq(completion.enrolment.0),
            completion_events::person_id.eq(completion.person),
            completion_events::course_id.eq(completion.course),
            completion_events::version_id.eq(completion.version.0),
            completion_events::run_id.eq(completion.run.0),
            completion_events::organiser_id.eq(completion.organiser),
            completion_events::unit_id.eq(completion.unit),
            completion_events::position.eq(&completion.position),
            completion_events::category.eq(completion.category),
            completion_events::is_flagged.eq(completion.is_flagged),
            // When it is true: a decision speaks about the moment of the completion; when we knew is another column.
            completion_events::occurred_at.eq(completion.occurred_at),
            completion_events::recorded_at.eq(now),
            completion_events::actor_id.eq(by.person.map(|person| person.0)),
            completion_events::reason.eq(&reason),
        ))
        .returning(completion_events::id)
        .get_result(c)
        .map_err(|e| {
            // SQLite names the column, PostgreSQL the index.
            let twice = ["completion_id", "change"].iter().any(|part| breaks_unique(&e, "completion_events", part));
            if twice { Error::refused("learning-decide-already") } else { e.into() }
        })?;
    if kind == ChangeKind::Voided {
        // What was asked about its sessions is answered by this.
        diesel::update(enrolments::table.filter(enrolments::id.eq(completion.enrolment)))
            .set(enrolments::short_since.eq(None::<Moment>))
            .execute(c)?;
    }
    let action = match kind {
        ChangeKind::Accepted => "completion.accept",
        ChangeKind::Voided => "completion.void",
    };
    let entry = Entry::new(action, "completion_events", completion.id).unit(completion.unit);
    record(c, by, now, entry.after(json!({ "event": id })).reason(reason.clone()))?;
    let change = CompletionChange { id, kind, completion, recorded_at: now, actor: by.person, reason };
    (observers.changed)(c, now, &change)?;
    Ok(change)
}
