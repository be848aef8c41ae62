//! Who is late, and writing to them (đôn đốc).
//!
//! Invariants:
//! - Nobody is written to twice on one day in Viet Nam, whoever sends: the key of `reminders` is person and day, and the letter is
//!   queued in the transaction that takes the place.
//! - A press of the button is a batch; a job works on it, and its page says how many were written to and how many were left out
//!   because they had been written to already.
//! - Whom a batch reaches is decided when the job runs, within what its sender may see then.

pub mod actions;
pub mod jobs;
pub mod model;
mod pages;
pub mod queries;

pub use pages::routes;
