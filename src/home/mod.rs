//! The first page: what to do now, for each role.

mod pages;

pub use pages::routes;
