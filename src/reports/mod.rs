//! Reports (báo cáo) on targets: one set of figures, set as an official paper and handed out as PDF, XLSX, CSV and JSON.
//!
//! Invariants:
//! - The figures of a report are those known at its moment, computed from the events; the same question gives the same bytes,
//!   whenever it is asked again and whatever was recorded since. Nothing in a file comes from a clock or a random number.
//! - All files of a report are made from one document, which is kept with it, so that no two of them can disagree.
//! - A report is done with all its files or has none of them: they are noted in the transaction that makes it done.
//! - What a person wrote (causes, proposals) stands as it was written; the program adds figures, never reasons.
//! - Who looks after a unit makes and sees reports of that unit and what lies below it, from figures they see themselves.
//! - Names stand in files of their own, for those with the right to them, and each look at one is in the log.

pub mod actions;
mod document;
mod export;
mod forms;
mod guards;
pub mod jobs;
pub mod model;
mod pages;
mod paper;
pub mod queries;

pub use pages::routes;
