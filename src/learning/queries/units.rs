//! What of a unit goes on in classes, for whoever is about to change the unit.

use diesel::prelude::*;

use crate::{
    access::UnitId,
    learning::model::EnrolmentState,
    platform::{
        db::{
            DbConn, Moment,
            schema::{class_runs, completion_events, enrolments},
        },
        error::Result,
    },
};

/// What goes on in classes for some units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UnderWay {
    /// Runs they organise that are not over.
    pub runs: i64,
    /// Their people in the middle of a class: those keep the unit they were enrolled with.
    pub learners: i64,
}

pub fn under_way(c: &mut DbConn, units: &[UnitId], now: Moment) -> Result<UnderWay> {
    Ok(UnderWay {
        runs: class_runs::table
            .filter(class_runs::unit_id.eq_any(units.to_vec()).and(class_runs::closes_at.gt(now)))
            .count()
            .get_result(c)?,
        learners: enrolments::table
            .inner_join(class_runs::table)
            .filter(enrolments::unit_id.eq_any(units.to_vec()).and(enrolments::state.eq(EnrolmentState::Active)))
            .filter(enrolments::completed_at.is_null().and(enrolments::frozen_at.is_not_null()))
            .filter(class_runs::closes_at.gt(now))
            .count()
            .get_result(c)?,
    })
}

/// Whether a unit organises a run, or an enrolment or a completion is kept with it.
pub fn is_recorded(c: &mut DbConn, units: &[UnitId]) -> Result<bool> {
    let runs: i64 = class_runs::table.filter(class_runs::unit_id.eq_any(units.to_vec())).count().get_result(c)?;
    let learners: i64 = enrolments::table.filter(enrolments::unit_id.eq_any(units.to_vec())).count().get_result(c)?;
    let done: i64 = completion_events::table
        .filter(
            completion_events::unit_id
                .eq_any(units.to_vec())
                .or(completion_events::organiser_id.eq_any(units.to_vec())),
        )
        .count()
        .get_result(c)?;
    Ok(runs + learners + done > 0)
}
