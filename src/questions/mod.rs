//! Questions: the item types and their grading rules, Moodle GIFT as their text form, and the faults found in authored text.
//!
//! Invariants:
//! - everything in here is pure: no database, no web, no clock;
//! - [`model::Item::public_view`] is the only thing a learner may see before answering: it holds no key, weight or feedback,
//!   and its order does not betray the key;
//! - an option's id depends on the item's id and the option's text alone, so saved answers survive reordering;
//! - `gift::parse(gift::write(items))` gives the same items.

pub mod fault;
pub mod gift;
pub mod model;
