//! Attempts as the database keeps them, and the rules of scoring and showing that need no database.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::{
    courses::{
        model::VersionId,
        package::{Assessment, ShowKey},
    },
    learning::model::{Completion, EnrolmentId, HASTY, Run},
    platform::{
        as_i64,
        db::{Moment, schema::attempts},
        error::Result,
    },
    questions::model::Answer,
};

mod paper;
pub mod tally;

pub use paper::{Paper, Question, Shape, TooSmall, draw};

crate::id_type!(
    /// One sitting of a test.
    AttemptId
);

crate::text_enum!(
    /// Who ended an attempt.
    SubmittedBy {
        Learner = "learner",
        /// The time was over.
        Deadline = "deadline",
    }
);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = attempts)]
pub struct Attempt {
    pub id: AttemptId,
    /// What stands in addresses.
    pub code: String,
    pub enrolment_id: EnrolmentId,
    pub version_id: VersionId,
    pub assessment_key: String,
    /// From 1.
    pub number: i32,
    paper: String,
    pub started_at: Moment,
    pub deadline_at: Moment,
    pub submitted_at: Option<Moment>,
    pub submitted_by: Option<SubmittedBy>,
    pub points_permille: Option<i32>,
    pub is_passed: Option<bool>,
}

impl Attempt {
    pub fn paper(&self) -> Result<Paper> {
        Ok(serde_json::from_str(&self.paper)?)
    }

    /// The question of the paper at a position, counted from 1.
    pub fn question(&self, position: i32) -> Result<Option<Question>> {
        Ok(paper::question_in(&self.paper, position)?)
    }

    /// Whether answers are still taken.
    pub fn is_open(&self, now: Moment) -> bool {
        self.submitted_at.is_none() && now < self.deadline_at
    }
}

/// An answer as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Of the answer that stands now; above the one just sent, if a newer one came from elsewhere.
    pub sequence: i64,
    pub saved_at: Moment,
}

/// An answer that somebody sends.
#[derive(Debug, Clone)]
pub struct Sent {
    /// From 1.
    pub position: i32,
    pub answer: Answer,
    pub sequence: i64,
}

/// The end of an attempt, and the completion that followed from it.
#[derive(Debug, Clone)]
pub struct Submitted {
    pub attempt: Attempt,
    pub completion: Option<Completion>,
}

/// How an enrolment stands with one test.
#[derive(Debug, Clone)]
pub struct Standing {
    pub assessment: Assessment,
    /// In the order in which they were begun.
    pub attempts: Vec<Attempt>,
    /// Passed, and counted towards the completion of the run.
    pub is_done: bool,
    /// The lessons to be done before a final test opens: title and slug.
    pub lessons_left: Vec<(String, String)>,
}

impl Standing {
    pub fn left(&self) -> u32 {
        self.assessment.attempts.saturating_sub(u32::try_from(self.attempts.len()).unwrap_or(u32::MAX))
    }

    pub fn running(&self, now: Moment) -> Option<&Attempt> {
        self.attempts.iter().find(|attempt| attempt.is_open(now))
    }

    /// Whether a new attempt may begin, as far as the attempts decide.
    pub fn may_start(&self) -> bool {
        !self.is_done
            && self.lessons_left.is_empty()
            && self.left() > 0
            && self.attempts.iter().all(|attempt| attempt.submitted_at.is_some())
    }
}

/// When an attempt that begins now is over: after its minutes, and never after its run. A run closes at 24:00, which is a moment of
/// the next day; what a job hands in at the deadline must still count on the last day of the run, so one second is taken off.
pub fn deadline(now: Moment, assessment: &Assessment, run: &Run) -> Moment {
    let last = run.closes_at - chrono::TimeDelta::seconds(1);
    (now + chrono::TimeDelta::minutes(i64::from(assessment.minutes))).min(last)
}

/// Whether what is right may be shown for an attempt. `others` is when the last class that learns from the same version just now
/// closes: the same questions may still be asked there.
pub fn may_show_key(
    assessment: &Assessment,
    run: &Run,
    others: Option<Moment>,
    attempt: &Attempt,
    now: Moment,
) -> bool {
    attempt.submitted_at.is_some()
        && match assessment.show_key {
            ShowKey::AfterSubmit => true,
            ShowKey::AfterClosing => now >= run.closes_at && others.is_none_or(|closes| now >= closes),
            ShowKey::Never => false,
        }
}

/// How many questions of an attempt were answered, and how many of them too quickly to have been read: all, when the time from
/// the beginning to the last answer is under two seconds for each, else none. Taken together, because a form that is sent as a
/// whole saves all its answers at one moment.
pub fn pace(attempt: &Attempt, answers: &BTreeMap<i32, (Answer, Kept)>) -> (i64, i64) {
    let given = answers.values().filter(|(answer, _)| answer.is_given()).count();
    let last = answers.values().map(|(_, kept)| kept.saved_at).max().unwrap_or(attempt.started_at);
    let needed = HASTY * i32::try_from(given).unwrap_or(i32::MAX);
    let given = as_i64(given);
    (given, if last - attempt.started_at < needed { given } else { 0 })
}

/// A mark has this many parts, as weights do.
const PARTS: f64 = 100_000.0;

/// The share of the points reached, in thousandths, rounded down: nobody passes by rounding. Each mark may be one part short,
/// so that three thirds make a whole.
pub fn score(marks: impl IntoIterator<Item = (u32, f64)>) -> i32 {
    let (mut reached, mut whole) = (0_i64, 0_i64);
    for (points, mark) in marks {
        // A mark lies between 0 and 1; the cast cuts off whatever else a float can be.
        #[expect(clippy::cast_possible_truncation, reason = "at most 100 000 after the clamp")]
        let parts = (mark.clamp(0.0, 1.0) * PARTS).round() as i64;
        reached += i64::from(points) * (parts + 1).min(100_000) * i64::from(parts > 0);
        whole += i64::from(points) * 100_000;
    }
    if whole == 0 { 0 } else { i32::try_from(reached * 1000 / whole).unwrap_or(0) }
}

/// Whether a score reaches the test's own pass mark.
pub fn passed(assessment: &Assessment, permille: i32) -> bool {
    i64::from(permille) >= i64::from(assessment.pass_percent) * 10
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn thirds_make_a_whole_and_nothing_is_rounded_up() {
        assert_eq!(score([(1, 1.0), (1, 0.0)]), 500);
        assert_eq!(score([(1, 0.33333), (1, 0.33333), (1, 0.33333)]), 333);
        assert_eq!(score([(1, 0.66667), (1, 0.33333)]), 500);
        assert_eq!(score([(1, 0.4999), (1, 0.5)]), 499);
        assert_eq!(score([(2, 1.0), (1, 0.0)]), 666);
        assert_eq!(score([(1, f64::NAN)]), 0);
        assert_eq!(score([]), 0);
    }

    #[test]
    fn the_pass_mark_is_included() {
        let mut test = paper::tests::blueprint(&[("t", None, 1)]);
        test.pass_percent = 70;
        assert!(!passed(&test, 699) && passed(&test, 700));
    }

    proptest! {
        #[test]
        fn a_score_is_a_share(marks in proptest::collection::vec((1_u32..5, -1.0_f64..2.0), 0..30)) {
            prop_assert!((0..=1000).contains(&score(marks)));
        }
    }
}
