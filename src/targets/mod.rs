//! Targets (chỉ tiêu), what counts towards them, and the figures.
//!
//! Invariants:
//! - Completion events are the only truth. `counted_turns`, `counted_people` and `target_counts` derive from them in the
//!   transaction of each event; [`queries::verify`] recomputes all three and names each difference.
//! - A person counts once for each target, where the first of their counting events of the target's period stands; so people
//!   add up over units and over parts of the period exactly as turns do.
//! - There is no counter of the nation: counters stand for a unit, a category and a day, and are summed on reading.
//! - A class held outside the system counts once a second person has confirmed it, never before.
//! - A signed seal is never changed: its text is handed out byte for byte, and what became known since stands beside it, one
//!   line each, so that sealed figure + adjustments = today's figure.
//! - What is handed down never exceeds what there is: each number of a quota is changed by one statement that carries its
//!   condition, and derives from `quota_events`, as `verify` shows.
//! - A target that is in force is changed only by a dated document, which stays in its history; its figures follow, at once or, where they are
//!   many, by a job that says how far it is.
//! - The unit of a figure is the one recorded with the event. Carrying it to another day's units is a view, never a change.

pub mod actions;
pub mod api;
mod forms;
pub mod guards;
pub mod jobs;
pub mod model;
mod pages;
pub mod queries;
mod renewal;
mod snapshot;

pub use renewal::Renewal;
pub use snapshot::Snapshot;

pub use pages::{CountingView, ProvinceMap, UPLOAD, routes};
