//! Pages of quotas: all rounds, one round, the quota of one unit. The coordinator sees and hands out all of it, an officer what their
//! unit was given and what lies below.

mod list;
mod quota;
mod round;
mod shown;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    list::routes(cfg);
    round::routes(cfg);
    quota::routes(cfg);
}
