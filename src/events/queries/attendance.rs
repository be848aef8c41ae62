//! Lists of sites, and who attended what by those that were confirmed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;

use crate::{
    access::{PersonId, UnitId},
    events::model::{List, ListId, ListState, Mark, Session, SessionId, SessionState, Site, SiteId},
    learning::{
        model::{EnrolmentId, RunId},
        queries::{self as learning, Member},
    },
    platform::{
        db::{
            DbConn, Moment,
            schema::{attendance_events, attendance_hands, attendance_lists, attendance_marks, class_sessions, files},
        },
        error::Result,
    },
};

/// Those of a class who sit at a site, by given name.
pub fn members_at(c: &mut DbConn, run: RunId, session: &Session, site: &Site) -> Result<Vec<Member>> {
    let members = learning::members(c, run)?;
    let units: BTreeSet<UnitId> = members.iter().map(|member| member.unit).collect();
    let seating = super::seating(c, session, &units.into_iter().collect::<Vec<_>>())?;
    let sits = |member: &Member| seating.site_of(member.enrolment, member.unit).is_some_and(|at| at.id == site.id);
    Ok(members.into_iter().filter(sits).collect())
}

pub fn list(c: &mut DbConn, id: ListId) -> Result<List> {
    Ok(attendance_lists::table.find(id).select(List::as_select()).first(c)?)
}

/// All lists of a site, the latest first.
pub fn lists(c: &mut DbConn, site: SiteId) -> Result<Vec<List>> {
    Ok(attendance_lists::table
        .filter(attendance_lists::site_id.eq(site))
        .order(attendance_lists::id.desc())
        .select(List::as_select())
        .load(c)?)
}

pub fn latest_list(c: &mut DbConn, site: SiteId) -> Result<Option<List>> {
    Ok(attendance_lists::table
        .filter(attendance_lists::site_id.eq(site))
        .order(attendance_lists::id.desc())
        .select(List::as_select())
        .first(c)
        .optional()?)
}

/// How far each of these sites is: the state of its latest list, if it has one.
pub fn states(c: &mut DbConn, sites: &[SiteId]) -> Result<HashMap<SiteId, ListState>> {
    let rows: Vec<(SiteId, ListState)> = attendance_lists::table
        .filter(attendance_lists::site_id.eq_any(sites))
        .order(attendance_lists::id.asc())
        .select((attendance_lists::site_id, attendance_lists::state))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

pub fn marks(c: &mut DbConn, list: ListId) -> Result<HashMap<EnrolmentId, Mark>> {
    let rows: Vec<(EnrolmentId, Mark)> = attendance_marks::table
        .filter(attendance_marks::list_id.eq(list))
        .select((attendance_marks::enrolment_id, attendance_marks::mark))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// Everybody who wrote into a list.
pub fn hands(c: &mut DbConn, list: ListId) -> Result<Vec<PersonId>> {
    Ok(attendance_hands::table
        .filter(attendance_hands::list_id.eq(list))
        .order(attendance_hands::person_id.asc())
        .select(attendance_hands::person_id)
        .load(c)?)
}

/// What the confirmed lists of a session say; the last word about each person holds.
pub fn standing_marks(c: &mut DbConn, session: SessionId) -> Result<HashMap<EnrolmentId, Mark>> {
    let rows: Vec<(EnrolmentId, Mark)> = attendance_events::table
        .filter(attendance_events::session_id.eq(session))
        .order(attendance_events::id.asc())
        .select((attendance_events::enrolment_id, attendance_events::mark))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// What the confirmed lists say about one learner.
pub fn own_marks(c: &mut DbConn, enrolment: EnrolmentId) -> Result<HashMap<SessionId, Mark>> {
    let rows: Vec<(SessionId, Mark)> = attendance_events::table
        .filter(attendance_events::enrolment_id.eq(enrolment))
        .order(attendance_events::id.asc())
        .select((attendance_events::session_id, attendance_events::mark))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// The ends of the sessions that each of these enrolments has attended, in order; those who attended none are there with none.
pub fn ends(c: &mut DbConn, of: &BTreeSet<EnrolmentId>) -> Result<BTreeMap<EnrolmentId, Vec<Moment>>> {
    let rows: Vec<(EnrolmentId, SessionId, Mark, Moment)> = attendance_events::table
        .inner_join(class_sessions::table)
        .filter(attendance_events::enrolment_id.eq_any(of))
        .filter(class_sessions::state.ne(SessionState::Cancelled))
        .order(attendance_events::id.asc())
        .select((
            attendance_events::enrolment_id,
            attendance_events::session_id,
            attendance_events::mark,
            class_sessions::ends_at,
        ))
        .load(c)?;
    let mut last: BTreeMap<(EnrolmentId, SessionId), (Mark, Moment)> = BTreeMap::new();
    for (enrolment, session, mark, end) in rows {
        last.insert((enrolment, session), (mark, end));
    }
    let mut ends: BTreeMap<EnrolmentId, Vec<Moment>> = of.iter().map(|id| (*id, Vec::new())).collect();
    for ((enrolment, _), (mark, end)) in last {
        if mark.attended() {
            ends.entry(enrolment).or_default().push(end);
        }
    }
    for of_one in ends.values_mut() {
        of_one.sort_unstable();
    }
    Ok(ends)
}

/// How many attended a session of those on its confirmed lists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attended {
    pub attended: i64,
    pub listed: i64,
}

/// The same for several sessions.
pub fn attended_by(c: &mut DbConn, sessions: &[SessionId]) -> Result<HashMap<SessionId, Attended>> {
    let rows: Vec<(SessionId, EnrolmentId, Mark)> = attendance_events::table
        .filter(attendance_events::session_id.eq_any(sessions))
        .order(attendance_events::id.asc())
        .select((attendance_events::session_id, attendance_events::enrolment_id, attendance_events::mark))
        .load(c)?;
    let last: HashMap<(SessionId, EnrolmentId), Mark> =
        rows.into_iter().map(|(session, enrolment, mark)| ((session, enrolment), mark)).collect();
    let mut found: HashMap<SessionId, Attended> = HashMap::new();
    for ((session, _), mark) in last {
        let counted = found.entry(session).or_default();
        counted.listed += 1;
        counted.attended += i64::from(mark.attended());
    }
    Ok(found)
}

/// The scan of the signed sheet of a list: key, media type and name of the file.
pub fn scan(c: &mut DbConn, site: SiteId, list: ListId) -> Result<(String, String, String)> {
    Ok(attendance_lists::table
        .inner_join(files::table)
        .filter(attendance_lists::id.eq(list).and(attendance_lists::site_id.eq(site)))
        .select((files::key, files::media_type, files::name))
        .first(c)?)
}

/// What the page of a list shows: who sits at the site, and what is marked. Where no list is open, what the confirmed ones say.
#[derive(Debug)]
pub struct Sheet {
    pub members: Vec<Member>,
    /// The latest list.
    pub list: Option<List>,
    pub marks: HashMap<EnrolmentId, Mark>,
}

pub fn sheet(c: &mut DbConn, run: RunId, session: &Session, site: &Site) -> Result<Sheet> {
    let members = members_at(c, run, session, site)?;
    let list = latest_list(c, site.id)?;
    let marks = match &list {
        Some(list) if list.state != ListState::Confirmed => marks(c, list.id)?,
        Some(_) => standing_marks(c, session.id)?,
        None => HashMap::new(),
    };
    Ok(Sheet { members, list, marks })
}
