//! The pages of this slice.

mod account;
mod import;
mod links;
mod people;
mod sign_in;
mod tokens;

use actix_web::web;

pub use import::UPLOAD;

pub fn routes(cfg: &mut web::ServiceConfig) {
    sign_in::routes(cfg);
    links::routes(cfg);
    account::routes(cfg);
    tokens::routes(cfg);
    // Before the person of a code, whose addresses would match.
    import::routes(cfg);
    people::routes(cfg);
}
