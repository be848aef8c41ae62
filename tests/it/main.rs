//! The one integration binary, a module for each concern.
//!
//! `cfg(test)` is always true here; it tells clippy that helpers, too, may unwrap and index.

#[cfg(test)]
mod layering;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod sources;
#[cfg(test)]
mod templates;
#[cfg(test)]
mod texts;
