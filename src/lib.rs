//! Nòng Cốt, the learning platform on which Viet Nam trains its officials. ARCHITECTURE.md is the map of this crate.

pub mod access;
pub mod accounts;
pub mod app;
pub mod assessments;
pub mod audit;
pub mod certificates;
pub mod cli;
pub mod courses;
pub mod events;
pub mod home;
pub mod learning;
pub mod notifications;
pub mod organisations;
pub mod platform;
pub mod programmes;
pub mod questions;
pub mod reminders;
pub mod reorganisations;
pub mod reports;
pub mod site;
pub mod targets;
