//! `/chuyen-gia`: the register of core experts, the posts that have nobody, and one expert.

mod coverage;
mod list;
mod show;

use actix_web::web;

use crate::{
    platform::{
        http::{Crumb, Page},
        i18n::Message,
    },
    programmes::model::programme::Turned,
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/chuyen-gia").get(list::show))
        .service(web::resource("/chuyen-gia/do-phu").get(coverage::show))
        .service(web::resource("/chuyen-gia/{expert}").get(show::show))
        .service(web::resource("/chuyen-gia/{expert}/xem-lai").post(show::settle))
        .service(web::resource("/chuyen-gia/{expert}/quyet-dinh/{decision}").get(show::decision));
}

/// The way to a page below the register.
fn crumbs(page: &Page) -> Vec<Crumb> {
    vec![
        Crumb::new(page.text("programme-title"), "/chuong-trinh"),
        Crumb::new(page.text("experts-title"), "/chuyen-gia"),
    ]
}

fn turned(page: &Page, kind: Turned) -> String {
    page.text(Message::new(format!("programme-event-{kind}")))
}
