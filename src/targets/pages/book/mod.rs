//! The book of targets: writing one down, changing it by a document, putting it in force, ending it; and its history, as the page
//! of the target shows it.

mod edit;
mod end;
mod shown;

use actix_web::web;

pub use self::shown::{Book, BookView};

/// Before the routes of one target: `moi` is no code of a target.
pub fn routes(cfg: &mut web::ServiceConfig) {
    edit::routes(cfg);
    end::routes(cfg);
}
