//! What every slice stands on: configuration, databases, HTTP, jobs, mail, files, languages, text, charts, papers.
//! Nothing in here knows a slice.

pub mod aside;
pub mod charts;
pub mod clock;
pub mod config;
pub mod db;
pub mod error;
pub mod files;
pub mod http;
pub mod i18n;
pub mod jobs;
pub mod kept;
pub mod mail;
pub mod paper;
pub mod sheets;
pub mod telemetry;
pub mod text;

pub use error::{Error, FieldErrors, Outage, Result};

/// A number of things as texts, figures and databases count them. There is no room in a machine for more than fit.
pub fn as_i64(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}
