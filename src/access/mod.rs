//! Who may do what: roles, permissions and scopes as pure types, and the one table that joins them. No input or output; the
//! slices load what a question needs and ask here.
//!
//! Invariants: a role without a scope reaches nothing beyond what the table says for it; nothing outside this file decides
//! what a role may do.

mod model;

pub use model::{Actor, Authority, Category, Grant, Permission, PersonId, Reach, Role, UnitId};
