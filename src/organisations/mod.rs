//! Organisations over time: units with the days they are valid, what they stand under and when, and what they went into.
//!
//! Invariants, held by the only writers, [`actions::import`] and [`actions::changes`] (which plans in `model::plan`):
//! - a unit's code is ours, unique and never used again for another unit (the codes of the statistics office are: 15 was
//!   Yên Bái and is now Lào Cai);
//! - first and last days are both included; a missing day is open;
//! - a placement lies within the days of both its units; a unit stands under at most one other on a day, never under
//!   itself; units of a subordinate kind stand under another on every day of theirs;
//! - a unit that went into others has a last day, and each successor is valid on the day after it. So successions always
//!   lead forward in time and have no circles. Position 0 is the main successor.
//!
//! Nothing is deleted but by taking a change back at once: a unit that is over stays with its last day, and figures keep the unit they were recorded with.
//! `seed/` holds the shipped list; see its README for where it comes from and what in it is convention.

pub mod actions;
pub mod api;
pub mod guards;
pub mod model;
pub mod pages;
pub mod queries;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/to-chuc", web::get().to(pages::tree::tree)).route("/to-chuc/{code}", web::get().to(pages::unit::unit));
}
