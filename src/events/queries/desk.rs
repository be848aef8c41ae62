//! What concerns one person now: the sessions they are expected at, and the lists that wait for them.

use diesel::prelude::*;

use crate::{
    access::{PersonId, UnitId},
    events::model::{ListState, Session, SessionState, SiteId},
    learning::{
        model::{ComingSession, Enrolment, EnrolmentId, Run, RunId},
        queries as learning,
    },
    platform::{
        db::{
            DbConn, Moment,
            schema::{class_runs, class_sessions, class_sites},
        },
        error::Result,
    },
};

/// So many sessions ahead are shown of a class, and to a person on their first page.
const AHEAD: i64 = 5;

/// A session somebody is expected at.
#[derive(Debug, Clone)]
pub struct Coming {
    pub run: String,
    pub run_title: String,
    pub session: ComingSession,
}

/// The sessions of a run that are not over, and where this learner sits in each.
pub fn coming_of_run(c: &mut DbConn, now: Moment, run: &Run, enrolment: EnrolmentId) -> Result<Vec<ComingSession>> {
    let (enrolment, _) = learning::enrolment(c, enrolment)?;
    let found = coming_in(c, now, &[(enrolment, run.clone())])?;
    Ok(found.into_iter().map(|coming| coming.session).collect())
}

/// The sessions a person is expected at in all their classes, the next first.
pub fn coming(c: &mut DbConn, now: Moment, person: PersonId) -> Result<Vec<Coming>> {
    let mut runs = learning::current_runs(c, now, person)?;
    runs.retain(|(_, run)| run.sessions > 0);
    coming_in(c, now, &runs)
}

fn coming_in(c: &mut DbConn, now: Moment, runs: &[(Enrolment, Run)]) -> Result<Vec<Coming>> {
    if runs.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = runs.iter().map(|(_, run)| run.id.0).collect();
    let sessions: Vec<(i64, Session)> = class_sessions::table
        .filter(class_sessions::run_id.eq_any(ids).and(class_sessions::ends_at.gt(now)))
        .filter(class_sessions::state.ne(SessionState::Cancelled))
        .order((class_sessions::starts_at.asc(), class_sessions::id.asc()))
        .limit(AHEAD)
        .select((class_sessions::run_id, Session::as_select()))
        .load(c)?;
    let mut found = Vec::with_capacity(sessions.len());
    for (run, session) in sessions {
        let Some((enrolment, run)) = runs.iter().find(|(_, of)| of.id.0 == run) else { continue };
        let units: [UnitId; 1] = [enrolment.unit_id];
        let seating = super::seating(c, &session, &units)?;
        let Some(site) = seating.site_of(enrolment.id, enrolment.unit_id) else { continue };
        found.push(Coming {
            run: run.code.clone(),
            run_title: run.title.clone(),
            session: ComingSession {
                number: session.number,
                title: session.title,
                starts_at: session.starts_at,
                ends_at: session.ends_at,
                site: site.name.clone(),
                place: site.place.clone(),
                link: site.link.clone(),
            },
        });
    }
    Ok(found)
}

/// The next sessions of some runs, for who teaches there: the run, and the session.
pub fn next_of(c: &mut DbConn, now: Moment, runs: &[RunId]) -> Result<Vec<(RunId, Session)>> {
    Ok(class_sessions::table
        .filter(class_sessions::run_id.eq_any(runs.iter().map(|run| run.0).collect::<Vec<_>>()))
        .filter(class_sessions::ends_at.gt(now).and(class_sessions::state.ne(SessionState::Cancelled)))
        .order((class_sessions::starts_at.asc(), class_sessions::id.asc()))
        .limit(AHEAD)
        .select((class_sessions::run_id, Session::as_select()))
        .load::<(i64, Session)>(c)?
        .into_iter()
        .map(|(run, session)| (RunId(run), session))
        .collect())
}

/// A list that somebody keeps and that is still to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    pub href: String,
    pub session: String,
    pub site: String,
}

/// The lists that a person keeps, of sessions that have begun, and that are not submitted yet.
pub fn desk(c: &mut DbConn, now: Moment, person: PersonId) -> Result<Vec<Desk>> {
    let rows: Vec<(SiteId, i32, String, i32, String, String)> = class_sites::table
        .inner_join(class_sessions::table.inner_join(class_runs::table))
        .filter(class_sites::keeper_id.eq(person).and(class_sites::removed_at.is_null()))
        .filter(class_sessions::state.ne(SessionState::Cancelled).and(class_sessions::starts_at.le(now)))
        .order((class_sessions::starts_at.desc(), class_sites::id.asc()))
        .limit(200)
        .select((
            class_sites::id,
            class_sites::number,
            class_sites::name,
            class_sessions::number,
            class_sessions::title,
            class_runs::code,
        ))
        .load(c)?;
    let ids: Vec<SiteId> = rows.iter().map(|row| row.0).collect();
    let last = super::states(c, &ids)?;
    let owed = rows.into_iter().filter(|row| last.get(&row.0).is_none_or(|state| *state == ListState::Draft));
    Ok(owed
        .map(|(_, site_number, site, number, session, run)| Desk {
            href: format!("/lop/{run}/buoi/{number}/diem-cau/{site_number}"),
            session,
            site,
        })
        .collect())
}
