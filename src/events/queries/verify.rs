//! Whether what is derived agrees with the events it derives from.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use crate::{
    events::model::{Happened, SessionId, SessionState},
    learning::model::{Enrolment, EnrolmentId, Run, RunId},
    platform::{
        as_i64,
        db::{
            DbConn, Moment,
            schema::{attendance_events, class_runs, class_session_events, class_sessions, enrolments},
        },
        error::Result,
    },
};

/// Enrolments compared in one step.
const STEP: usize = 1000;

/// Recomputes the sessions of each run, the state of each session, and the attendance of each enrolment; one line for each difference.
pub fn verify(c: &mut DbConn) -> Result<Vec<String>> {
    let mut differences = sessions(c)?;
    differences.extend(states(c)?);
    differences.extend(attendance(c)?);
    Ok(differences)
}

fn sessions(c: &mut DbConn) -> Result<Vec<String>> {
    let counted: HashMap<RunId, i64> = class_sessions::table
        .filter(class_sessions::state.ne(SessionState::Cancelled))
        .group_by(class_sessions::run_id)
        .select((class_sessions::run_id, diesel::dsl::count_star()))
        .load::<(RunId, i64)>(c)?
        .into_iter()
        .collect();
    let kept: Vec<(RunId, String, i64)> = class_runs::table
        .order(class_runs::id.asc())
        .select((class_runs::id, class_runs::code, class_runs::sessions))
        .load(c)?;
    let wrong = kept.into_iter().filter_map(|(id, code, kept)| {
        let counted = counted.get(&id).copied().unwrap_or(0);
        (kept != counted).then(|| format!("class run {code}: {kept} sessions are counted, {counted} stand"))
    });
    Ok(wrong.collect())
}

fn states(c: &mut DbConn) -> Result<Vec<String>> {
    let rows: Vec<(SessionId, Happened)> = class_session_events::table
        .filter(class_session_events::kind.ne(Happened::Changed))
        .order(class_session_events::id.asc())
        .select((class_session_events::session_id, class_session_events::kind))
        .load(c)?;
    let last: HashMap<SessionId, Happened> = rows.into_iter().collect();
    let kept: Vec<(SessionId, SessionState)> = class_sessions::table
        .order(class_sessions::id.asc())
        .select((class_sessions::id, class_sessions::state))
        .load(c)?;
    let wrong = kept.into_iter().filter_map(|(id, state)| {
        let said = last.get(&id).map(|kind| kind.as_str()).unwrap_or_default();
        (said != state.as_str()).then(|| format!("session {id}: its state is {state}, its last event says {said:?}"))
    });
    Ok(wrong.collect())
}

fn attendance(c: &mut DbConn) -> Result<Vec<String>> {
    let mut ids: BTreeSet<EnrolmentId> = attendance_events::table
        .select(attendance_events::enrolment_id)
        .distinct()
        .load::<EnrolmentId>(c)?
        .into_iter()
        .collect();
    ids.extend(
        enrolments::table
            .filter(enrolments::attended.ne(0).or(enrolments::attended_at.is_not_null()))
            .select(enrolments::id)
            .load::<EnrolmentId>(c)?,
    );
    let ids: Vec<EnrolmentId> = ids.into_iter().collect();
    let mut wrong = Vec::new();
    for step in ids.chunks(STEP) {
        let ends = super::ends(c, &step.iter().copied().collect())?;
        let kept: Vec<(Enrolment, Run)> = enrolments::table
            .inner_join(class_runs::table)
            .filter(enrolments::id.eq_any(step))
            .order(enrolments::id.asc())
            .select((Enrolment::as_select(), Run::as_select()))
            .load(c)?;
        for (enrolment, run) in kept {
            let ends: &[Moment] = ends.get(&enrolment.id).map_or(&[], Vec::as_slice);
            let counted = as_i64(ends.len());
            if counted != enrolment.attended {
                let (id, kept) = (enrolment.id, enrolment.attended);
                wrong.push(format!("enrolment {id}: {kept} sessions attended are counted, its lists say {counted}"));
            } else if run.attended_at(ends) != enrolment.attended_at {
                wrong.push(format!(
                    "enrolment {}: attended enough since another moment than its lists say",
                    enrolment.id
                ));
            }
        }
    }
    Ok(wrong)
}
