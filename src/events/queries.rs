//! Reading sessions, sites, who sits where, and lists.

mod attendance;
mod desk;
mod verify;

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{Happened, Seating, Session, SessionId, SessionState, Site, SiteId};
use crate::{
    access::{PersonId, UnitId},
    learning::model::{EnrolmentId, RunId},
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment,
            schema::{class_seats, class_session_events, class_sessions, class_sites},
        },
        error::Result,
    },
};

pub use self::{
    attendance::{
        Attended, Sheet, attended_by, ends, hands, latest_list, list, lists, marks, members_at, own_marks, scan, sheet,
        standing_marks, states,
    },
    desk::{Coming, Desk, coming, coming_of_run, desk, next_of},
    verify::verify,
};

pub fn sessions(c: &mut DbConn, run: RunId) -> Result<Vec<Session>> {
    Ok(class_sessions::table
        .filter(class_sessions::run_id.eq(run))
        .order((class_sessions::starts_at.asc(), class_sessions::id.asc()))
        .select(Session::as_select())
        .load(c)?)
}

pub fn session(c: &mut DbConn, run: RunId, number: i32) -> Result<Session> {
    Ok(class_sessions::table
        .filter(class_sessions::run_id.eq(run).and(class_sessions::number.eq(number)))
        .select(Session::as_select())
        .first(c)?)
}

/// How many sessions of a run were not cancelled.
pub fn standing(c: &mut DbConn, run: RunId) -> Result<i64> {
    Ok(class_sessions::table
        .filter(class_sessions::run_id.eq(run).and(class_sessions::state.ne(SessionState::Cancelled)))
        .count()
        .get_result(c)?)
}

/// The sites of a session that were not taken away, in their order.
pub fn sites(c: &mut DbConn, session: SessionId) -> Result<Vec<Site>> {
    Ok(class_sites::table
        .filter(class_sites::session_id.eq(session).and(class_sites::removed_at.is_null()))
        .order(class_sites::number.asc())
        .select(Site::as_select())
        .load(c)?)
}

/// The sites of several sessions.
pub fn sites_of(c: &mut DbConn, sessions: &[SessionId]) -> Result<HashMap<SessionId, Vec<Site>>> {
    let rows: Vec<(SessionId, Site)> = class_sites::table
        .filter(class_sites::session_id.eq_any(sessions).and(class_sites::removed_at.is_null()))
        .order(class_sites::number.asc())
        .select((class_sites::session_id, Site::as_select()))
        .load(c)?;
    let mut found: HashMap<SessionId, Vec<Site>> = HashMap::new();
    for (session, site) in rows {
        found.entry(session).or_default().push(site);
    }
    Ok(found)
}

/// What is needed to say where people of these units sit.
pub fn seating(c: &mut DbConn, session: &Session, units: &[UnitId]) -> Result<Seating> {
    let sites = sites(c, session.id)?;
    if sites.len() < 2 {
        return Ok(Seating { sites, ..Seating::default() });
    }
    let chosen: Vec<(EnrolmentId, SiteId)> = class_seats::table
        .filter(class_seats::session_id.eq(session.id))
        .select((class_seats::enrolment_id, class_seats::site_id))
        .load(c)?;
    let roots: Vec<UnitId> = sites.iter().map(|site| site.unit_id).collect();
    let hosts = organisations::nearest(c, units, &roots, local_day(session.starts_at.0))?;
    Ok(Seating { sites, chosen: chosen.into_iter().collect(), hosts })
}

/// What became of a session, the latest first: what, when, by whom, why, and what changed.
#[derive(Debug, Clone, Queryable)]
pub struct Event {
    pub kind: Happened,
    pub recorded_at: Moment,
    pub by: Option<PersonId>,
    pub reason: String,
    pub details: String,
}

pub fn events(c: &mut DbConn, session: SessionId) -> Result<Vec<Event>> {
    Ok(class_session_events::table
        .filter(class_session_events::session_id.eq(session))
        .order(class_session_events::id.desc())
        .select((
            class_session_events::kind,
            class_session_events::recorded_at,
            class_session_events::by_id,
            class_session_events::reason,
            class_session_events::details,
        ))
        .load(c)?)
}
