//! Learning: class runs, who is in them, how far they are, and the completions that figures are made of.
//!
//! Invariants:
//! - a run is pinned to one version of its course for good;
//! - seats are taken by one conditional statement with a CHECK behind it, so a full run stays full under any race;
//! - unit, position and category are frozen on the enrolment as at the first day of the run (or at enrolling, if it had
//!   begun); a completion copies them from there, never from today's membership, and is not written before they are frozen;
//! - completion events are append-only: one "completed" for an enrolment, at most one "accepted" and one "voided" for it;
//! - the slices above hear of both in the same transaction, through [`model::Observers`];
//! - the key of a check question leaves the server only after it was answered.

pub mod actions;
mod forms;
pub mod guards;
pub mod jobs;
pub mod model;
mod pages;
pub mod queries;

pub use pages::{UPLOADS, routes};
