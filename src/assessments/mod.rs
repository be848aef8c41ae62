//! Assessments: the tests of a class run.
//!
//! Invariants:
//! - a paper is drawn once, at the start of an attempt, and kept: the same questions in the same order after a reload, on
//!   another device, after a restart;
//! - an answer is acknowledged only when it is on the disk, and only goes forward: an older sequence never replaces a newer one;
//! - what was acknowledged before the submission is graded, nothing after it, and nothing after the deadline, without grace;
//! - an attempt is submitted exactly once, by its learner or at the deadline by a job; a test counts as done in the same
//!   transaction, and only by its own pass mark;
//! - no more attempts than the blueprint allows and one running at a time, whatever happens at the same moment;
//! - the key leaves the server only once the attempt is submitted and the blueprint says that it may; who runs the class sees what its
//!   questions were answered with, but nobody to whom those questions are still to be put;
//! - what a class made of a question derives from the answers ([`queries::tallies`]), names nobody, and is shown of no fewer than five.

pub mod actions;
pub mod guards;
pub mod jobs;
pub mod model;
mod pages;
pub mod queries;

pub use pages::{attempt_routes, routes};
