//! Planning a session, changing it while it is still to come, cancelling it. Each is an event that the class is told of.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::{happened, line, needed, sites::insert_site};
use crate::{
    access::Actor,
    audit::{Entry, record},
    events::{
        jobs::Tell,
        model::{Happened, NewSession, NewSite, Session, SessionState},
        queries,
    },
    learning::{
        actions::{count_sessions, hold_run},
        model::{Run, RunId},
    },
    platform::{
        db::{DbConn, Moment, schema::class_sessions},
        error::{Error, FieldErrors, Result},
        i18n::Message,
        jobs,
        text::{date, span},
    },
};

/// So many sessions a class has at most, with those that were cancelled.
const MOST: usize = 200;
/// A session is a day's affair.
const LONGEST_HOURS: i64 = 24;

/// Plans a session with its first site. Whoever calls it has proved the right over the class.
pub fn plan(c: &mut DbConn, now: Moment, by: &Actor, run: RunId, new: &NewSession, site: &NewSite) -> Result<Session> {
    let run = hold_run(c, run)?;
    let title = checked(&run, new)?;
    let before = queries::sessions(c, run.id)?;
    if before.len() >= MOST {
        return Err(Error::refused("events-too-many"));
    }
    let number = before.iter().map(|session| session.number).max().unwrap_or(0) + 1;
    let id = diesel::insert_into(class_sessions::table)
        .values((
            class_sessions::run_id.eq(run.id),
            class_sessions::number.eq(number),
            class_sessions::title.eq(&title),
            class_sessions::kind.eq(new.kind),
            class_sessions::starts_at.eq(new.starts_at),
            class_sessions::ends_at.eq(new.ends_at),
            class_sessions::state.eq(SessionState::Planned),
            class_sessions::created_at.eq(now),
            class_sessions::created_by.eq(by.person.map(|person| person.0)),
        ))
        .returning(class_sessions::id)
        .get_result(c)?;
    let session = queries::session(c, run.id, number)?;
    insert_site(c, now, by, &run, &session, site)?;
    let event = happened(c, by, now, id, Happened::Planned, "", &BTreeMap::from([("to", times(&session))]))?;
    jobs::enqueue(c, now, &Tell { event })?;
    let entry = Entry::new("class-session.plan", "class_sessions", id).unit(run.unit_id);
    record(c, by, now, entry.after(json!({ "run": run.code, "title": title, "starts_at": new.starts_at })))?;
    count(c, now, &run)?;
    Ok(session)
}

fn times(session: &Session) -> String {
    span(session.starts_at.0, session.ends_at.0)
}

/// What can be wrong with a session whatever it was before.
fn checked(run: &Run, new: &NewSession) -> Result<String> {
    let mut errors = FieldErrors::default();
    let title = line(&mut errors, "title", &new.title, "events-title-missing");
    if new.ends_at <= new.starts_at {
        errors.add("to", "events-ends-before");
    } else if (new.ends_at - new.starts_at).num_hours() > LONGEST_HOURS {
        errors.add("to", "events-too-long");
    }
    if new.starts_at < run.opens_at || new.ends_at > run.closes_at {
        let outside = Message::new("events-outside-run").with("opens", date(run.first_day()));
        errors.add("day", outside.with("closes", date(run.last_day())));
    }
    errors.or(title)
}

fn count(c: &mut DbConn, now: Moment, run: &Run) -> Result<()> {
    let standing = queries::standing(c, run.id)?;
    count_sessions(c, now, run, standing)
}

/// Changes a session that has not begun. The learners are told what it is now.
pub fn change(c: &mut DbConn, now: Moment, by: &Actor, run: RunId, number: i32, new: &NewSession) -> Result<Session> {
    let run = hold_run(c, run)?;
    let before = queries::session(c, run.id, number)?;
    must_be_open(&before, now)?;
    let title = checked(&run, new)?;
    let same = before.title == title && before.kind == new.kind;
    if same && before.starts_at == new.starts_at && before.ends_at == new.ends_at {
        return Ok(before);
    }
    diesel::update(class_sessions::table.find(before.id))
        .set((
            class_sessions::title.eq(&title),
            class_sessions::kind.eq(new.kind),
            class_sessions::starts_at.eq(new.starts_at),
            class_sessions::ends_at.eq(new.ends_at),
        ))
        .execute(c)?;
    let after = queries::session(c, run.id, number)?;
    let mut details = BTreeMap::new();
    if times(&before) != times(&after) {
        details.extend([("from", times(&before)), ("to", times(&after))]);
    }
    if before.title != after.title {
        details.insert("title", before.title.clone());
    }
    let event = happened(c, by, now, before.id, Happened::Changed, "", &details)?;
    jobs::enqueue(c, now, &Tell { event })?;
    let state =
        |s: &Session| json!({ "title": s.title, "kind": s.kind, "starts_at": s.starts_at, "ends_at": s.ends_at });
    let entry = Entry::new("class-session.change", "class_sessions", before.id).unit(run.unit_id);
    record(c, by, now, entry.before(state(&before)).after(state(&after)))?;
    Ok(after)
}

pub(super) fn must_be_open(session: &Session, now: Moment) -> Result<()> {
    if session.is_open(now) { Ok(()) } else { Err(Error::refused("events-not-open")) }
}

/// Cancels a session of which no list was written yet. It stays on record and is asked of nobody.
pub fn cancel(c: &mut DbConn, now: Moment, by: &Actor, run: RunId, number: i32, reason: &str) -> Result<()> {
    let reason = needed(reason)?;
    let run = hold_run(c, run)?;
    let session = queries::session(c, run.id, number)?;
    let sites: Vec<_> = queries::sites(c, session.id)?.iter().map(|site| site.id).collect();
    if session.state != SessionState::Planned || !queries::states(c, &sites)?.is_empty() {
        return Err(Error::refused("events-not-cancellable"));
    }
    diesel::update(class_sessions::table.find(session.id))
        .set(class_sessions::state.eq(SessionState::Cancelled))
        .execute(c)?;
    let event = happened(c, by, now, session.id, Happened::Cancelled, &reason, &BTreeMap::new())?;
    jobs::enqueue(c, now, &Tell { event })?;
    let entry = Entry::new("class-session.cancel", "class_sessions", session.id).unit(run.unit_id);
    record(c, by, now, entry.reason(reason))?;
    count(c, now, &run)
}
