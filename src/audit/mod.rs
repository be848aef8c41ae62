//! Who did what, when, from where, before and after. Rows are written in the transaction they describe and never changed; a
//! job seals them into a chain of hashes, so that a row removed or altered later is seen.
//!
//! Invariant: no action that changes a record leaves out its audit row. Answers and heartbeats of learners are not audit.

pub mod actions;
pub mod jobs;
pub mod model;
pub mod queries;

pub use actions::{Entry, record, record_all};
