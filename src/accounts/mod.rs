//! People, where they work and when, the roles they hold, and how they come in: passwords, sessions, one-time links and slips.
//!
//! Invariants: a person is one internal id for ever and is never matched by name; a secret is kept only as a hash; one limiter
//! stands before every door; a session ends for its owner the moment they end it; a token of another program stands on the role of
//! the person who made it, reaches no further than that and falls with it.

pub mod actions;
mod forms;
pub mod guards;
pub mod jobs;
pub mod mail;
pub mod model;
mod pages;
pub mod passwords;
pub mod queries;

pub use actions::{limiter, links, sessions};
pub use guards::{MaybeSignedIn, SignedIn};
pub use pages::{UPLOAD, routes};
