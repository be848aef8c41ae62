//! The one integration binary, a module for each concern. The first group drives the real program, the second reads the
//! project's own files.

mod support;

mod accounts;
mod http;

mod layering;
mod migrations;
mod organisations;
mod sources;
mod support;
mod templates;
mod texts;
