//! The pages of learners and of those who run classes.

mod attendance;
mod capacity;
mod course;
mod decide;
mod lesson;
mod manage;
mod materials;
mod mine;
mod papers;
mod progress;
mod run;
mod waiting;

use actix_web::web;

use super::{
    model::{Phase, Run},
    queries::Standing,
};
use crate::platform::{
    db::Moment,
    http::{Page, Tag},
    i18n::Message,
};

/// How the addresses end that take files; see the guard.
pub use materials::UPLOAD;

pub fn routes(cfg: &mut web::ServiceConfig) {
    // Patterns are tried one after the other: the page that is asked for most comes first.
    cfg.service(web::resource("/lop/{code}/hoc/{lesson}").get(lesson::show))
        .service(web::resource("/khoa-hoc/{slug}").get(course::show))
        .service(web::resource("/hoc").get(mine::show))
        .service(web::resource("/lop").get(manage::list).post(manage::open))
        .service(web::resource("/lop/moi").get(manage::form))
        .service(web::resource("/lop/{code}").get(run::show))
        .service(web::resource("/lop/{code}/ghi-danh").post(run::enrol))
        .service(web::resource("/lop/{code}/rut").post(run::withdraw))
        .service(web::resource("/lop/{code}/cho").post(waiting::join))
        .service(web::resource("/lop/{code}/cho/rut").post(waiting::leave))
        .service(web::resource("/lop/{code}/cho/{person}/rut").post(waiting::remove))
        .service(web::resource("/lop/{code}/tien-do").post(progress::batch))
        .service(web::resource("/lop/{code}/so-cho").get(capacity::show).post(capacity::change))
        .service(web::resource("/lop/{code}/du-buoi").get(attendance::show).post(attendance::change))
        .service(web::resource("/lop/{code}/danh-sach").post(manage::add_person))
        .service(web::resource("/lop/{code}/danh-sach/{person}/rut").post(manage::remove_person))
        .service(web::resource("/lop/{code}/tai-lieu").get(materials::show).post(materials::upload))
        .service(web::resource("/lop/{code}/tai-lieu/{id}").get(materials::open))
        .service(web::resource("/lop/{code}/tai-lieu/{id}/go").post(materials::remove))
        .service(web::resource("/lop/{code}/tai-lieu/{id}/khoi-phuc").post(materials::restore))
        .service(web::resource("/lop/{code}/thuat-ngu").get(papers::glossary))
        .service(web::resource("/lop/{code}/tai-lieu-phat-tay").get(papers::handout))
        .service(web::resource("/lop/{code}/hoc").get(lesson::go_on))
        .service(web::resource("/lop/{code}/hoc/{lesson}/xong").post(lesson::finish))
        .service(web::resource("/lop/{code}/hoc/{lesson}/nhip").post(progress::beat))
        .service(web::resource("/lop/{code}/hoc/{lesson}/cau-hoi/{item}").post(lesson::answer))
        .service(web::resource("/lop/{code}/hoan-thanh/{completion}").get(decide::show))
        .service(web::resource("/lop/{code}/hoan-thanh/{completion}/chap-nhan").post(decide::accept))
        .service(web::resource("/lop/{code}/hoan-thanh/{completion}/giu").post(decide::keep))
        .service(web::resource("/lop/{code}/hoan-thanh/{completion}/huy").post(decide::void));
}

fn standing_tag(page: &Page, standing: Standing) -> Tag {
    let (kind, key) = match standing {
        Standing::NotBegun => ("", "learning-standing-not-begun"),
        Standing::Learning => ("info", "learning-standing-learning"),
        Standing::Completed => ("good", "learning-standing-completed"),
        Standing::Flagged => ("warn", "learning-standing-flagged"),
        Standing::Accepted => ("good", "learning-standing-accepted"),
        Standing::Voided => ("bad", "learning-standing-voided"),
        Standing::InQuestion => ("warn", "learning-standing-in-question"),
        Standing::Missed => ("bad", "learning-standing-missed"),
    };
    Tag { kind, text: page.text(key) }
}

fn phase_tag(page: &Page, phase: Phase) -> Tag {
    let (kind, key) = match phase {
        Phase::Coming => ("info", "learning-phase-coming"),
        Phase::Running => ("good", "learning-phase-running"),
        Phase::Over => ("", "learning-phase-over"),
    };
    Tag { kind, text: page.text(key) }
}

/// How many seats are left, in words.
fn seats(page: &Page, run: &Run) -> String {
    match run.capacity {
        None => page.text("learning-seats-unlimited"),
        Some(capacity) if run.taken >= capacity => {
            page.text(Message::new("learning-seats-none").with("seats", capacity))
        }
        Some(capacity) => {
            page.text(Message::new("learning-seats-left").with("left", capacity - run.taken).with("seats", capacity))
        }
    }
}

/// Whole days from now to a moment, at least 0.
fn days_until(now: Moment, then: Moment) -> i64 {
    (then - now).num_days().max(0)
}
