//! The second person's word about a list. With it attendance counts, and completions that waited for it are written.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use serde_json::json;

use super::{happened, needed, somebody};
use crate::{
    access::{Actor, PersonId},
    audit::{Entry, record},
    events::{
        model::{Happened, List, ListId, ListState, Mark, Session, SessionState, Site},
        queries,
    },
    learning::{
        actions::{hold_enrolments, hold_run, note_attendance},
        model::{Completion, EnrolmentId, Observers, Run},
    },
    notifications::actions::notify,
    platform::{
        db::{
            DbConn, Moment,
            schema::{attendance_events, attendance_lists, class_sessions, enrolments},
        },
        error::{Error, Result},
        i18n::Message,
    },
};

/// Rows in one statement.
const ROWS: usize = 500;

/// The list, if somebody may give the second person's word about it: who wrote into it or stands on it may not.
fn for_second(c: &mut DbConn, who: PersonId, site: &Site, id: ListId) -> Result<List> {
    let list = queries::list(c, id)?;
    if list.site_id != site.id {
        return Err(Error::NotFound);
    }
    if list.state != ListState::Submitted {
        return Err(Error::refused("events-list-decided"));
    }
    let listed: Vec<EnrolmentId> = queries::marks(c, id)?.into_keys().collect();
    let own: i64 = enrolments::table
        .filter(enrolments::id.eq_any(listed).and(enrolments::person_id.eq(who)))
        .count()
        .get_result(c)?;
    if own > 0 || queries::hands(c, id)?.contains(&who) {
        return Err(Error::refused("events-second-person"));
    }
    Ok(list)
}

/// Confirms a list. What it changes about anybody is an event, true at the end of the session; the session was held; the counters of
/// the class and the completions that waited follow, all in this transaction. The completions that were written.
pub fn confirm(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    run: &Run,
    at: (&Session, &Site),
    id: ListId,
    observers: &Observers,
) -> Result<Vec<Completion>> {
    let ((session, site), who) = (at, somebody(by)?);
    // First of all, so that what the class asks for does not change meanwhile.
    let run = &hold_run(c, run.id)?;
    let list = for_second(c, who, site, id)?;
    // One conditional statement: of two that confirm at once one does.
    let mine = diesel::update(attendance_lists::table.find(id))
        .filter(attendance_lists::state.eq(ListState::Submitted))
        .set((
            attendance_lists::state.eq(ListState::Confirmed),
            attendance_lists::confirmed_at.eq(now),
            attendance_lists::confirmed_by.eq(who.0),
        ))
        .execute(c)?;
    if mine == 0 {
        return Err(Error::refused("events-list-decided"));
    }
    let marks: BTreeMap<EnrolmentId, Mark> = queries::marks(c, id)?.into_iter().collect();
    let everybody: BTreeSet<EnrolmentId> = marks.keys().copied().collect();
    // Before what stands is read, so that two lists with the same people come one after the other.
    hold_enrolments(c, &everybody)?;
    let stands = queries::standing_marks(c, session.id)?;
    let changed: Vec<(EnrolmentId, Mark)> =
        marks.into_iter().filter(|(enrolment, mark)| stands.get(enrolment) != Some(mark)).collect();
    write(c, now, who, session, id, &changed)?;
    let held = diesel::update(class_sessions::table.find(session.id))
        .filter(class_sessions::state.eq(SessionState::Planned))
        .set(class_sessions::state.eq(SessionState::Held))
        .execute(c)?;
    if held > 0 {
        happened(c, by, now, session.id, Happened::Held, "", &BTreeMap::new())?;
    }
    let ids: BTreeSet<EnrolmentId> = changed.iter().map(|(enrolment, _)| *enrolment).collect();
    let ends = queries::ends(c, &ids)?;
    let completions = note_attendance(c, now, by, run, &ends, observers)?;
    let entry = Entry::new("attendance.confirm", "attendance_lists", id).unit(site.unit_id);
    record(c, by, now, entry.after(json!({ "changed": changed.len(), "completions": completions.len() })))?;
    tell(c, now, run, at, &list, "notifications-attendance-confirmed")?;
    Ok(completions)
}

fn write(
    c: &mut DbConn,
    now: Moment,
    who: PersonId,
    session: &Session,
    list: ListId,
    changed: &[(EnrolmentId, Mark)],
) -> Result<()> {
    for part in changed.chunks(ROWS) {
        let rows: Vec<_> = part
            .iter()
            .map(|(enrolment, mark)| {
                (
                    attendance_events::session_id.eq(session.id),
                    attendance_events::enrolment_id.eq(*enrolment),
                    attendance_events::list_id.eq(list),
                    attendance_events::mark.eq(*mark),
                    attendance_events::occurred_at.eq(session.ends_at),
                    attendance_events::recorded_at.eq(now),
                    attendance_events::confirmed_by.eq(who),
                )
            })
            .collect();
        // Many rows in one statement are not part of diesel's common backend.
        crate::both!(c, |c| diesel::insert_into(attendance_events::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Gives a list back to be put right.
pub fn give_back(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    run: &Run,
    at: (&Session, &Site),
    id: ListId,
    reason: &str,
) -> Result<()> {
    let (reason, who) = (needed(reason)?, somebody(by)?);
    let list = for_second(c, who, at.1, id)?;
    let mine = diesel::update(attendance_lists::table.find(id))
        .filter(attendance_lists::state.eq(ListState::Submitted))
        .set((
            attendance_lists::state.eq(ListState::Draft),
            attendance_lists::submitted_at.eq(None::<Moment>),
            attendance_lists::submitted_by.eq(None::<i64>),
            attendance_lists::returned.eq(&reason),
        ))
        .execute(c)?;
    if mine == 0 {
        return Err(Error::refused("events-list-decided"));
    }
    let entry = Entry::new("attendance.return", "attendance_lists", id).unit(at.1.unit_id);
    record(c, by, now, entry.reason(reason))?;
    tell(c, now, run, at, &list, "notifications-attendance-returned")
}

/// Tells whoever submitted it.
fn tell(
    c: &mut DbConn,
    now: Moment,
    run: &Run,
    (session, site): (&Session, &Site),
    list: &List,
    key: &'static str,
) -> Result<()> {
    let Some(person) = list.submitted_by else { return Ok(()) };
    let told =
        Message::new(key).with("name", format!("{}, {}", session.title, site.name)).with("class", run.title.clone());
    notify(c, now, person, &told, Some(&site.path(&session.path(&run.code))), true).map(drop)
}
