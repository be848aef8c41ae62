//! The pages of this slice.

mod account;
mod links;
mod people;
mod sign_in;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    sign_in::routes(cfg);
    links::routes(cfg);
    account::routes(cfg);
    people::routes(cfg);
}
