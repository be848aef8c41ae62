//! What every slice stands on: configuration, databases, HTTP, jobs, mail, files, languages, text, charts, papers.
//! Nothing in here knows a slice.

pub mod charts;
pub mod clock;
pub mod config;
pub mod db;
pub mod error;
pub mod files;
pub mod http;
pub mod i18n;
pub mod jobs;
pub mod mail;
pub mod paper;
pub mod sheets;
pub mod telemetry;
pub mod text;

pub use error::{Error, FieldErrors, Outage, Result};
