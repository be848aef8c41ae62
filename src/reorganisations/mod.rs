//! Changes of organisation as an office makes them: merge, split, rename, move, end units, and let people pass from one to another; each
//! by a document, with a preview of everything it touches, and with a time in which it can be taken back.
//!
//! Invariants:
//! - a change happens whole, in one transaction, or not at all: the tree, the memberships and the roles that were ticked; what takes
//!   long (noting who passes on) is done before, where nobody sees it;
//! - what is done is what was confirmed: the plan is made anew from the tree as it then is, and must be the same;
//! - what is recorded keeps the unit it was recorded with: enrolments, completions, figures. As of a date they follow the successions;
//! - taking back restores every row as it was, and is refused once anything was built on the change.

pub mod actions;
mod forms;
pub mod guards;
pub mod jobs;
mod pages;
pub mod queries;

pub use pages::routes;
