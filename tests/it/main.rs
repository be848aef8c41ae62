//! The one integration binary, a module for each concern. These read the project's own files.

mod layering;
mod migrations;
mod sources;
mod templates;
mod texts;
