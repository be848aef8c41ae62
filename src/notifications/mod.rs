//! What a person is told: an inbox in the program and, where it matters, a letter too.
//!
//! Invariant: a notice is written in the transaction of its cause, and so is the job of its letter.

pub mod actions;
pub mod mail;
pub mod model;
mod pages;
pub mod queries;

pub use pages::routes;
