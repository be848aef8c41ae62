//! How far the people on their way to a target have come.

use diesel::prelude::*;
use serde::Serialize;

use super::{course_ids, figures::Scope};
use crate::{
    platform::{
        db::{
            DbConn,
            schema::{certificates, class_runs, counted_turns, enrolments},
        },
        error::Result,
    },
    targets::model::Target,
};

/// All in turns: one person in one class run. A class run that is open in the period belongs to it until it is completed; then
/// the day of completion decides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Funnel {
    /// Enrolled and not withdrawn.
    pub enrolled: i64,
    /// Enrolled and not completed yet.
    pub studying: i64,
    /// Completed and counted, confirmed classes outside the system included.
    pub counted: i64,
    /// Counted and holding a valid certificate.
    pub certified: i64,
}

pub fn funnel(c: &mut DbConn, target: &Target, scope: &Scope) -> Result<Funnel> {
    let courses = course_ids(c, target.id)?;
    let (start, end) = (target.period().start(), target.period().end());
    let units = match scope {
        Scope::Nation => None,
        Scope::Units(units) => Some(units.iter().map(|u| u.0).collect::<Vec<i64>>()),
    };
    let enrolled = |c: &mut DbConn, completed: bool| -> Result<i64> {
        let mut query = enrolments::table
            .inner_join(class_runs::table.on(class_runs::id.eq(enrolments::run_id)))
            .filter(class_runs::course_id.eq_any(courses.clone()).and(enrolments::state.eq("active")))
            .select(diesel::dsl::count_star())
            .into_boxed();
        query = if completed {
            query.filter(enrolments::completed_at.ge(start).and(enrolments::completed_at.lt(end)))
        } else {
            let open = class_runs::opens_at.lt(end).and(class_runs::closes_at.gt(start));
            query.filter(enrolments::completed_at.is_null().and(open))
        };
        if let Some(units) = &units {
            query = query.filter(enrolments::unit_id.eq_any(units.clone()));
        }
        Ok(query.first(c)?)
    };
    let counted = |c: &mut DbConn, certified: bool| -> Result<i64> {
        let mut query = counted_turns::table
            .filter(counted_turns::target_id.eq(target.id.0))
            .select(diesel::dsl::count_star())
            .into_boxed();
        if let Some(units) = &units {
            query = query.filter(counted_turns::unit_id.eq_any(units.clone()));
        }
        if certified {
            let held =
                certificates::completion_id.eq(counted_turns::completion_id).and(certificates::state.eq("valid"));
            query = query.filter(diesel::dsl::exists(certificates::table.filter(held)));
        }
        Ok(query.first(c)?)
    };
    let studying = enrolled(c, false)?;
    Ok(Funnel {
        enrolled: studying + enrolled(c, true)?,
        studying,
        counted: counted(c, false)?,
        certified: counted(c, true)?,
    })
}
