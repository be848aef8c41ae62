//! The one integration binary, a module for each concern. These read the project's own files.

mod layering;
mod migrations;
mod organisations;
mod sources;
mod support;
mod templates;
mod texts;
