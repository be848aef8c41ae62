//! The pages of a test: what it is, the paper, the end, the result; and what a class made of its questions.

mod intro;
mod items;
mod result;
mod sheet;

use actix_web::web;

use super::model::Attempt;
use crate::{
    learning::model::Run,
    platform::{
        clock::local_time,
        db::Moment,
        http::{Crumb, Page},
    },
};

/// The pages of an attempt, in the order in which they are asked for: their patterns are tried one after the other.
pub fn attempt_routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/bai-lam/{code}/tra-loi").post(sheet::answer))
        .service(web::resource("/bai-lam/{code}").get(sheet::show).post(sheet::save))
        .service(web::resource("/bai-lam/{code}/nop").get(result::confirm).post(result::submit))
        .service(web::resource("/bai-lam/{code}/ket-qua").get(result::show));
}

/// Those that begin with the address of a class.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/lop/{code}/kiem-tra/{key}").get(intro::show).post(intro::start))
        .service(web::resource("/lop/{code}/cau-hoi").get(items::show))
        .service(web::resource("/lop/{code}/cau-hoi/tai-ve/{kind}").get(items::export));
}

/// The page of an attempt.
fn path(attempt: &Attempt) -> String {
    format!("/bai-lam/{}", attempt.code)
}

fn result_path(attempt: &Attempt) -> String {
    format!("/bai-lam/{}/ket-qua", attempt.code)
}

/// The time of day in Viet Nam to the second, as saved states and deadlines show it: 10:31:07.
fn time_of_day(at: Moment) -> String {
    local_time(at.0).format("%H:%M:%S").to_string()
}

/// The name of the field of the answer at a position.
fn field(position: i32) -> String {
    format!("q{position}")
}

fn crumbs(page: &Page, run: &Run) -> Vec<Crumb> {
    vec![
        Crumb::new(page.text("learning-mine-title"), "/hoc"),
        Crumb::new(run.title.clone(), format!("/lop/{}", run.code)),
    ]
}
