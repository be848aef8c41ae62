//! The first page: what to do now, for each role.

mod actions;
mod pages;

pub use pages::{KeptTotals, routes};
