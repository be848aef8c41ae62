//! The job that keeps the planner of queries informed.

use serde::{Deserialize, Serialize};

use super::Job;

/// Tells the planner how the tables have grown while the program ran.
#[derive(Debug, Serialize, Deserialize)]
pub struct LookOver {}

impl Job for LookOver {
    const KIND: &'static str = "database.look-over";
}
