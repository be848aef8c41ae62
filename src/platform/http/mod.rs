//! What a request passes before a page handler sees it, and what a handler answers with.

pub mod address;
pub mod api;
mod compiled;
pub mod connections;
pub mod cookies;
pub mod embedded;
mod error_page;
pub mod files_host;
mod fragments;
pub mod guard;
mod helpers;
pub mod input;
pub mod page;
mod parts;
pub mod proof;
pub mod protection;
mod spoken;
pub mod templates;
pub mod upload;
pub mod visit;

pub use self::{
    fragments::HOLES,
    input::{FormView, Input},
    page::Page,
    parts::{Choice, Crumb, Filter, Pages, Tag, address, page_number},
    templates::{SafeHtml, Templates},
    visit::{NavItem, ShellPerson, Visit},
};
