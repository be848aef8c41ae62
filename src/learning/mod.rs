//! Learning: class runs, who is in them, how far they are, and the completions that figures are made of.
//!
//! Invariants:
//! - a run is pinned to one version of its course for good;
//! - seats are taken by one conditional statement with a CHECK behind it, so a full run stays full under any race;
//! - unit, position and category are frozen on the enrolment as at the first day of the run (or at enrolling, if it had
//!   begun); a completion copies them from there, never from today's membership, and is not written before they are frozen;
//! - completion events are append-only: one "completed" for an enrolment, at most one "accepted" and one "voided" for it;
//! - the slices above hear of both in the same transaction, through [`model::Observers`];
//! - a seat that frees goes to whoever waits first in the transaction that frees it, and so nobody waits beside a free seat
//!   they could have; who waits is in no class and counts nowhere;
//! - reading time is counted by the server from heartbeats, and no moment of an enrolment counts twice, whatever is open side
//!   by side; when somebody sat at a screen is personal data, so single heartbeats are kept for 30 days (as long as a dispute
//!   about a flagged completion may need them) and then only the total of each lesson;
//! - what a browser sends in a batch is applied once, in order, each item with its own result;
//! - a completion that is doubted carries the reason, and a person decides;
//! - the key of a check question leaves the server only after it was answered.

pub mod actions;
pub mod api;
mod forms;
pub mod guards;
pub mod jobs;
pub mod model;
mod pages;
pub mod queries;

pub use pages::{UPLOAD, routes};
