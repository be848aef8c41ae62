//! The one integration binary, a module for each concern. These read the project's own files.

mod layering;
mod migrations;
mod records;
mod sources;
mod targets;
mod templates;
mod texts;
