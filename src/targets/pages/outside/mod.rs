//! `/lop-ngoai`: classes that agencies held outside the system. One person enters a class, another confirms it, and only then it
//! counts.

mod enter;
mod list;
mod show;

use std::collections::HashMap;

use actix_web::web;

use crate::{
    courses::model::Version,
    platform::{
        http::{Crumb, Page},
        i18n::Message,
    },
    targets::model::OutsideDecision,
};

/// How the address ends that takes a roster.
pub const UPLOAD: &str = "/lop-ngoai/moi";

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/lop-ngoai").get(list::show))
        .service(web::resource("/lop-ngoai/moi").get(enter::form).post(enter::enter))
        .service(web::resource("/lop-ngoai/{id}").get(show::show))
        .service(web::resource("/lop-ngoai/{id}/danh-sach-ky").get(show::roster_file))
        .service(web::resource("/lop-ngoai/{id}/xac-nhan").post(show::confirm))
        .service(web::resource("/lop-ngoai/{id}/tu-choi").post(show::reject))
        .service(web::resource("/lop-ngoai/{id}/huy").get(show::void_form).post(show::void));
}

/// How it stands with a class, in words, and the tag's kind.
fn state(page: &Page, decided: Option<OutsideDecision>) -> (String, &'static str) {
    let (key, kind) = match decided {
        None => ("waiting", "warn"),
        Some(OutsideDecision::Confirmed) => ("confirmed", "good"),
        Some(OutsideDecision::Rejected) => ("rejected", "plain"),
    };
    (page.text(Message::new(format!("external-state-{key}"))), kind)
}

/// A course by its code and title.
fn named(courses: &HashMap<i64, (String, Version)>, course: i64, page: &Page) -> String {
    courses.get(&course).map(|(code, version)| format!("{code} {}", version.title(page.locale()))).unwrap_or_default()
}

fn crumbs(page: &Page) -> Vec<Crumb> {
    vec![Crumb::new(page.text("targets-title"), "/chi-tieu"), Crumb::new(page.text("external-title"), "/lop-ngoai")]
}
