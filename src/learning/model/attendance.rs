//! Sessions that a run asks its learners to attend, as far as a completion waits for them. The sessions themselves are the affair of
//! the slice `events`; here stand the numbers that it keeps up to date, and what follows from them.

use super::{Enrolment, EnrolmentId, Run};
use crate::platform::{
    db::{DbConn, Moment},
    error::Result,
};

/// How an enrolment stands to the sessions that its run asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attendance {
    /// The run asks for none.
    NotAsked,
    Owed {
        attended: i64,
        needed: i64,
    },
    /// Enough, since this moment.
    Since(Moment),
}

impl Run {
    /// How many sessions are needed; of a run that asks for all of them at least one, so that nobody completes before the first is
    /// even planned.
    pub fn sessions_owed(&self) -> Option<i64> {
        self.sessions_needed.map(|needed| if needed == 0 { self.sessions.max(1) } else { needed })
    }

    pub fn attendance(&self, enrolment: &Enrolment) -> Attendance {
        let Some(needed) = self.sessions_owed() else { return Attendance::NotAsked };
        match enrolment.attended_at {
            Some(at) if enrolment.attended >= needed => {
                // Where all are needed, a session that was cancelled counted until then.
                let cut = self.sessions_cut_at.filter(|_| self.sessions_needed == Some(0));
                Attendance::Since(cut.map_or(at, |cut| cut.max(at)))
            }
            _ => Attendance::Owed { attended: enrolment.attended, needed },
        }
    }

    /// The end of the session that made them enough, of the sessions attended in the order of their ends.
    pub fn attended_at(&self, ends: &[Moment]) -> Option<Moment> {
        let needed = self.sessions_needed.and_then(|needed| usize::try_from(needed).ok()).unwrap_or(0);
        if needed == 0 { ends.last().copied() } else { ends.get(needed - 1).copied() }
    }
}

/// A session that is still to come, as the page of its class names it.
#[derive(Debug, Clone)]
pub struct ComingSession {
    pub number: i32,
    pub title: String,
    pub starts_at: Moment,
    pub ends_at: Moment,
    /// Where this learner sits: the site and its place, and the link by which one joins from afar.
    pub site: String,
    pub place: String,
    pub link: String,
}

/// What a page of this slice shows of the slices above it; filled by `site`, the only place that knows them.
#[derive(Clone, Copy)]
pub struct Beside {
    pub sessions: fn(&mut DbConn, Moment, &Run, EnrolmentId) -> Result<Vec<ComingSession>>,
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::learning::model::{EnrolmentMode, EnrolmentState, RunId};

    fn at(hour: i64) -> Moment {
        let start: Moment = "2026-11-20T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().into();
        start + TimeDelta::hours(hour)
    }

    fn run(needed: Option<i64>, sessions: i64) -> Run {
        Run {
            id: RunId(1),
            code: "R1".to_owned(),
            course_id: crate::courses::model::CourseId(1),
            version_id: crate::courses::model::VersionId(1),
            unit_id: crate::access::UnitId(1),
            title: String::new(),
            opens_at: at(0),
            closes_at: at(100),
            capacity: None,
            taken: 0,
            enrolment: EnrolmentMode::Open,
            access_code: None,
            decision: None,
            sessions_needed: needed,
            sessions,
            sessions_cut_at: None,
        }
    }

    fn enrolment(attended: i64, attended_at: Option<Moment>) -> Enrolment {
        Enrolment {
            id: EnrolmentId(1),
            run_id: RunId(1),
            person_id: crate::access::PersonId(1),
            state: EnrolmentState::Active,
            enrolled_at: at(0),
            unit_id: crate::access::UnitId(1),
            position: String::new(),
            category: crate::access::Category::Other,
            frozen_at: None,
            completed_at: None,
            attended,
            attended_at,
            short_since: None,
        }
    }

    #[test]
    fn enough_is_the_session_that_made_it_so() {
        let ends = [at(1), at(2), at(3)];
        assert_eq!(run(Some(2), 3).attended_at(&ends), Some(at(2)));
        assert_eq!(run(Some(4), 4).attended_at(&ends), None);
        assert_eq!(run(Some(0), 3).attended_at(&ends), Some(at(3)));
        assert_eq!(run(None, 3).attended_at(&[]), None);
    }

    #[test]
    fn all_of_none_is_not_enough_and_a_cancelled_session_counts_until_then() {
        assert_eq!(run(None, 2).attendance(&enrolment(0, None)), Attendance::NotAsked);
        let none_yet = run(Some(0), 0).attendance(&enrolment(0, None));
        assert_eq!(none_yet, Attendance::Owed { attended: 0, needed: 1 });
        let two = enrolment(2, Some(at(2)));
        assert_eq!(run(Some(0), 3).attendance(&two), Attendance::Owed { attended: 2, needed: 3 });
        let mut cut = run(Some(0), 2);
        cut.sessions_cut_at = Some(at(5));
        assert_eq!(cut.attendance(&two), Attendance::Since(at(5)));
        cut.sessions_needed = Some(2);
        assert_eq!(cut.attendance(&two), Attendance::Since(at(2)));
    }
}
