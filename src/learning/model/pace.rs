//! Whether a completion can be believed: how long was read, and how quickly checks were answered.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{Progress, Step};
use crate::{courses::model::Outline, platform::db::Moment};

/// Somebody who read every lesson spent at least this share of the minutes that are computed from its content.
pub const NEEDED_PERCENT: i64 = 30;
/// A question that was read takes longer than this to answer.
pub const HASTY: TimeDelta = TimeDelta::seconds(2);

/// A heartbeat of a page that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beat {
    /// For how long the tab was visible and somebody was active in it since its beat before.
    pub seconds: i64,
    /// When it was sent, by the server's clock as far as the page knows it.
    pub at: Moment,
}

/// Pages beat about every 20 seconds; no beat counts for more than this.
pub const LONGEST_BEAT: i64 = 30;
/// Beats of one enrolment that follow each other faster come from no page of ours.
pub const SHORTEST_PAUSE: TimeDelta = TimeDelta::seconds(5);
/// A beat speaks of now: how far a page's clock may be ahead, and how long a beat may be on its way.
pub const AHEAD: TimeDelta = TimeDelta::seconds(10);
pub const ON_ITS_WAY: TimeDelta = TimeDelta::seconds(60);
/// The single beats are personal data about when somebody sat at a screen. They are kept as long as a dispute about a flagged
/// completion may need them, then only the totals of a lesson.
pub const BEATS_KEPT: TimeDelta = TimeDelta::days(30);

/// Why a completion is not believed without a person's word. Kept with its event, so that whoever accepts it sees the reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// The lessons were read too quickly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
    /// Checks and tests that were answered too quickly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hasty: Vec<Hasty>,
}

/// What was read of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub seconds: i64,
    /// Computed from the content of the lessons that were marked as done.
    pub minutes: i64,
    /// Lessons of which only the opening and the end are known.
    pub without_beats: usize,
}

/// The check questions of a lesson, or a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hasty {
    pub key: String,
    pub answers: i64,
    /// How many of them took less than [`HASTY`].
    pub fast: i64,
}

impl Step {
    fn is_hasty(&self) -> bool {
        self.fast_answers * 2 > self.answers
    }
}

impl Progress {
    /// What speaks against believing that the lessons were read and the checks answered by somebody who thought; `None` when
    /// nothing does.
    ///
    /// Reading is measured lesson by lesson, by the best that is known of it. Where heartbeats came, the time they were counted
    /// for: the tab was visible and somebody moved in it. Where none came (no script, or a line that let none through), the
    /// time between opening and marking as done: it knows nothing of what happened meanwhile, so lessons open side by side
    /// count once. Either way no lesson counts for more than its own minutes, so that a page left open overnight does not
    /// vouch for the others. Together that must be 30 % of the minutes of the lessons marked as done.
    ///
    /// Both measures can be had by a program that waits; they are meant to notice people who click through, and a flag is a
    /// question to a person, never a verdict.
    ///
    /// A check is doubted when more than half of its answers came within two seconds of the opening or of the answer before.
    pub fn doubt(&self, outline: &Outline) -> Option<Doubt> {
        let mut minutes = 0_i64;
        let (mut seconds, mut without_beats) = (0_i64, 0);
        let mut spans = Vec::new();
        for lesson in outline.lessons() {
            let Some(step @ Step { completed_at: Some(completed_at), .. }) = self.0.get(&lesson.key) else { continue };
            let most = TimeDelta::minutes(i64::from(lesson.minutes));
            minutes += i64::from(lesson.minutes);
            if step.beats > 0 {
                seconds += step.dwell_seconds.min(most.num_seconds());
            } else {
                without_beats += 1;
                spans.push((step.opened_at, (*completed_at).min(step.opened_at + most)));
            }
        }
        seconds += open_time(spans).num_seconds();
        let reading =
            (seconds * 100 < minutes * 60 * NEEDED_PERCENT).then_some(Reading { seconds, minutes, without_beats });
        let hasty = self.0.values().filter(|step| step.is_hasty()).map(|step| Hasty {
            key: step.key.clone(),
            answers: step.answers,
            fast: step.fast_answers,
        });
        let doubt = Doubt { reading, hasty: hasty.collect() };
        (doubt != Doubt::default()).then_some(doubt)
    }
}

/// The length of the union of spans.
fn open_time(mut spans: Vec<(Moment, Moment)>) -> TimeDelta {
    spans.sort_unstable();
    let mut total = TimeDelta::zero();
    let mut covered: Option<Moment> = None;
    for (from, to) in spans {
        let from = covered.map_or(from, |end| end.max(from));
        if to > from {
            total += to - from;
        }
        covered = Some(covered.map_or(to, |end| end.max(to)));
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Moment {
        chrono::DateTime::from_timestamp(minute * 60, 0).unwrap().into()
    }

    #[test]
    fn lessons_side_by_side_count_once() {
        assert_eq!(open_time(vec![(at(0), at(10)), (at(5), at(12)), (at(20), at(21))]), TimeDelta::minutes(13));
        assert_eq!(open_time(vec![(at(0), at(30)), (at(5), at(10))]), TimeDelta::minutes(30));
        assert_eq!(open_time(Vec::new()), TimeDelta::zero());
    }

    #[test]
    fn a_check_is_hasty_when_most_of_it_was() {
        let step = |answers, fast_answers| Step {
            key: "a".to_owned(),
            opened_at: at(0),
            completed_at: None,
            dwell_seconds: 0,
            beats: 0,
            answers,
            fast_answers,
        };
        for (answers, fast, hasty) in [(0, 0, false), (1, 1, true), (2, 1, false), (3, 1, false), (3, 2, true)] {
            assert_eq!(step(answers, fast).is_hasty(), hasty, "{fast} of {answers}");
        }
    }

    #[test]
    fn a_doubt_is_kept_as_it_was() {
        let doubt = Doubt {
            reading: Some(Reading { seconds: 120, minutes: 14, without_beats: 1 }),
            hasty: vec![Hasty { key: "kt01-q".to_owned(), answers: 3, fast: 3 }],
        };
        let kept = serde_json::to_string(&doubt).unwrap();
        assert_eq!(serde_json::from_str::<Doubt>(&kept).unwrap(), doubt);
        assert_eq!(serde_json::from_str::<Doubt>("{}").unwrap(), Doubt::default());
    }
}
