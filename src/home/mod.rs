//! The first page: what to do now, for each role.

mod actions;
mod pages;
mod queries;

pub use pages::{KeptTotals, routes};
