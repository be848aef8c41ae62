//! Events: the sessions of class runs that people sit in together, in one place, at several sites (điểm cầu) or from afar; and who
//! attended, by lists that somebody writes and somebody else confirms.
//!
//! Invariants:
//! - what becomes of a session is an event with who, when and why; the learners of the class are told of each plan, change and
//!   cancellation once;
//! - everybody in a class belongs to exactly one site of each of its sessions: the one that was chosen or given, else the one that their
//!   own unit or the nearest above it hosts, else the first;
//! - a site has one open list at a time; a list is confirmed by somebody who did not write into it and does not stand on it, and once;
//! - attendance is append-only: a confirmed list writes an event for each person whose mark it changes, and a correction is another list;
//! - the counters of `learning` follow in the transaction of the confirmation, and so do the completions that waited for them;
//!   `verify` recomputes them;
//! - who keeps the list of a site sees that list and no other.

pub mod actions;
mod forms;
pub mod guards;
pub mod jobs;
pub mod model;
mod pages;
pub mod queries;

pub use pages::{UPLOADS, routes};
