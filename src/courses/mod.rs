//! Courses: folders of plain text, checked and imported as versions that never change, and the catalogue of them.
//!
//! Invariants:
//! - a version is written once, whole, in one transaction, and known by the hash of its content; class runs stay on theirs;
//! - lessons, glossary and handout are rendered when a version is imported, so a page costs no rendering; a later program whose
//!   rendering differs renders them again from the package that is kept, soon after its start;
//! - each file has an address of its own that cannot be told from another's;
//! - the course's current version is what the catalogue shows; nothing else follows it;
//! - what is not open is shown only to those who are enrolled (the slice `learning`).

pub mod actions;
pub mod api;
pub mod edition;
pub mod guards;
pub mod jobs;
pub mod model;
pub mod package;
mod pages;
pub mod queries;
mod shelf;
pub mod shipped;

use actix_web::web;

pub use shelf::{Book, Shelf};

/// The page of one course, `/khoa-hoc/{slug}`, is served by `learning`, which knows its class runs.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/khoa-hoc").get(pages::catalogue))
        .service(web::resource("/khoa-hoc/{course}/thuat-ngu").get(pages::glossary))
        .service(web::resource("/khoa-hoc/{course}/tai-lieu-phat-tay").get(pages::handout))
        .service(web::resource("/khoa-hoc/{course}/bai/{lesson}").get(pages::lesson))
        .service(web::resource("/khoa-hoc/{course}/tai-nguyen/{version}/{path:.*}").get(pages::asset));
}
