//! Programmes: who is nominated for the seats that agencies were given, and what becomes of each nomination.
//!
//! Invariants:
//! - a person is nominated once in a round, as long as the nomination was not rejected, withdrawn or replaced;
//! - events are append-only, and the state of a nomination derives from them; a return and a rejection carry their reason;
//! - an approved nomination has a seat of its quota, and no other has: `verify` compares the two; who is approved without a seat left
//!   waits, in the order of approval, and the seat that comes free goes to whoever waits first in the transaction that frees it;
//! - whatever changes who has the seats of a quota takes the row of the quota first, then that of the class, so that such changes come one
//!   after the other;
//! - a round that leads into a class enrols in the transaction of the approval, by the rules of the class;
//! - a round may belong to a cohort of a programme: then its people go along in the cohort, in the transaction of each step;
//! - the stage of somebody in a cohort derives from events that are only added, and so do the numbers of the cohort and its places,
//!   of which there are never more than its cap;
//! - a recognition is given by a decision and ends on its day. Nothing takes it back by itself: what it rests on may fall away, and then
//!   it waits for the coordinator to look at it.

pub mod actions;
mod forms;
pub mod guards;
pub mod jobs;
pub mod model;
mod pages;
pub mod queries;

pub use pages::{DECISION_UPLOAD, UPLOAD, routes};
