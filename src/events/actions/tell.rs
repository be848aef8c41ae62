//! Telling the learners of a class what became of a session, each once, a part of them in each transaction.

use diesel::prelude::*;

use crate::{
    access::PersonId,
    events::model::{Happened, Session, SessionState},
    learning::{
        model::{EnrolmentId, EnrolmentState, Run},
        queries as learning,
    },
    notifications::actions::notify,
    platform::{
        as_i64,
        db::{
            DbConn, Moment,
            schema::{class_session_events, class_sessions, enrolments},
        },
        error::Result,
        i18n::Message,
        text::datetime,
    },
};

/// People told in one transaction.
const BATCH: i64 = 100;

/// Tells the next part of those who are in the class; whether some are left. How far it came stands beside the event, in the same
/// transaction, so nobody is told twice however often this is begun again.
pub fn tell_some(c: &mut DbConn, now: Moment, event: i64) -> Result<bool> {
    let (session, kind, told_to): (i64, Happened, EnrolmentId) = class_session_events::table
        .find(event)
        .select((class_session_events::session_id, class_session_events::kind, class_session_events::told_to))
        .first(c)?;
    let (run, session): (crate::learning::model::RunId, Session) =
        class_sessions::table.find(session).select((class_sessions::run_id, Session::as_select())).first(c)?;
    let run = learning::run(c, run)?;
    // A plan or a change of what was cancelled meanwhile, or is over, is told to nobody.
    let is_stale = kind != Happened::Cancelled && (session.state == SessionState::Cancelled || now >= session.ends_at);
    if is_stale {
        return Ok(false);
    }
    let next: Vec<(EnrolmentId, PersonId)> = enrolments::table
        .filter(enrolments::run_id.eq(run.id).and(enrolments::state.eq(EnrolmentState::Active)))
        .filter(enrolments::id.gt(told_to))
        .order(enrolments::id.asc())
        .limit(BATCH)
        .select((enrolments::id, enrolments::person_id))
        .load(c)?;
    let Some((last, _)) = next.last() else { return Ok(false) };
    // Whoever came first goes on from there; the other one of two workers tells nobody.
    let mine = diesel::update(class_session_events::table.find(event))
        .filter(class_session_events::told_to.eq(told_to.0))
        .set(class_session_events::told_to.eq(last.0))
        .execute(c)?;
    if mine == 0 {
        return Ok(true);
    }
    let told = message(kind, &run, &session);
    let href = session.path(&run.code);
    for (_, person) in &next {
        notify(c, now, *person, &told, Some(&href), true)?;
    }
    Ok(as_i64(next.len()) >= BATCH)
}

fn message(kind: Happened, run: &Run, session: &Session) -> Message {
    let key = match kind {
        Happened::Planned => "notifications-session-planned",
        Happened::Changed | Happened::Held => "notifications-session-changed",
        Happened::Cancelled => "notifications-session-cancelled",
    };
    Message::new(key)
        .with("name", session.title.clone())
        .with("class", run.title.clone())
        .with("date", datetime(session.starts_at.0))
}
