//! `/lop/{code}/buoi`: the sessions of a class, their sites, and the lists of who attended.

mod calendar;
mod import;
mod list;
mod plan;
mod session;
mod sheet;
mod sites;
mod word;

use actix_web::{HttpResponse, http::header, web};

use super::{
    guards::SessionOf,
    model::{ListState, SessionKind, SessionState},
};
use crate::platform::{
    files::content_disposition,
    http::{Choice, Crumb, Page, Tag},
    i18n::Message,
};

/// How the addresses end that take files: the scan of a signed sheet, and a sheet to be read.
pub const UPLOADS: [&str; 2] = ["/ban-ky", "/nhap"];

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/lop/{code}/buoi").get(list::show).post(plan::plan))
        .service(web::resource("/lop/{code}/buoi/moi").get(plan::form))
        .service(web::resource("/lop/{code}/buoi/{session}").get(session::show))
        .service(web::resource("/lop/{code}/buoi/{session}/sua").get(plan::change_form).post(plan::change))
        .service(web::resource("/lop/{code}/buoi/{session}/huy").post(session::cancel))
        .service(web::resource("/lop/{code}/buoi/{session}/lich.ics").get(calendar::file))
        .service(web::resource("/lop/{code}/buoi/{session}/chon").post(session::choose))
        .service(web::resource("/lop/{code}/buoi/{session}/xep").post(session::give))
        .service(web::resource("/lop/{code}/buoi/{session}/diem-cau").get(sites::form).post(sites::add))
        .service(web::resource("/lop/{code}/buoi/{session}/diem-cau/{site}").get(sheet::show).post(sheet::save))
        .service(
            web::resource("/lop/{code}/buoi/{session}/diem-cau/{site}/sua").get(sites::change_form).post(sites::change),
        )
        .service(web::resource("/lop/{code}/buoi/{session}/diem-cau/{site}/bo").post(sites::remove))
        .service(web::resource("/lop/{code}/buoi/{session}/diem-cau/{site}/ban-ky").post(sheet::scan))
        .service(web::resource("/lop/{code}/buoi/{session}/diem-cau/{site}/ban-ky/{id}").get(sheet::scan_file))
        .service(
            web::resource("/lop/{code}/buoi/{session}/diem-cau/{site}/nhap").get(import::form).post(import::try_out),
        )
        .service(web::resource("/lop/{code}/buoi/{session}/diem-cau/{site}/nhap/ghi").post(import::apply))
        .service(web::resource("/lop/{code}/buoi/{session}/diem-cau/{site}/danh-sach.xlsx").get(import::paper))
        .service(web::resource("/lop/{code}/buoi/{session}/diem-cau/{site}/xac-nhan").post(word::confirm))
        .service(web::resource("/lop/{code}/buoi/{session}/diem-cau/{site}/tra-lai").post(word::give_back))
        .service(web::resource("/lop/{code}/buoi/{session}/diem-cau/{site}/dinh-chinh").post(word::correct));
}

fn state_tag(page: &Page, state: SessionState) -> Tag {
    let kind = match state {
        SessionState::Planned => "info",
        SessionState::Held => "good",
        SessionState::Cancelled => "bad",
    };
    Tag { kind, text: page.text(Message::new(format!("events-state-{state}"))) }
}

/// How far the list of a site is.
fn list_tag(page: &Page, state: Option<ListState>) -> Tag {
    let (kind, key) = match state {
        None => ("", "events-list-none"),
        Some(ListState::Draft) => ("info", "events-list-draft"),
        Some(ListState::Submitted) => ("warn", "events-list-submitted"),
        Some(ListState::Confirmed) => ("good", "events-list-confirmed"),
    };
    Tag { kind, text: page.text(key) }
}

fn kind_name(page: &Page, kind: SessionKind) -> String {
    page.text(Message::new(format!("events-kind-{kind}")))
}

fn kinds(page: &Page) -> Vec<Choice> {
    SessionKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind_name(page, *kind))).collect()
}

/// The class, and below it the list of its sessions, which not everybody who keeps a list may see.
fn crumbs(page: &Page, run: &crate::learning::model::Run, sees_all: bool) -> Vec<Crumb> {
    let mut way = vec![Crumb::new(run.title.clone(), format!("/lop/{}", run.code))];
    if sees_all {
        way.push(Crumb::new(page.text("events-title"), format!("/lop/{}/buoi", run.code)));
    }
    way
}

/// The way down to something of a session.
fn crumbs_below(page: &Page, seen: &SessionOf) -> Vec<Crumb> {
    let mut way = crumbs(page, &seen.run, sees_all(seen));
    way.push(Crumb::new(seen.session.title.clone(), seen.path()));
    way
}

fn sees_all(seen: &SessionOf) -> bool {
    seen.enrolment.is_some() || seen.rights.see || seen.rights.manage
}

/// A file made for this reader, not kept by anybody on the way.
fn download(name: &str, kind: &'static str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CONTENT_DISPOSITION, content_disposition(name, false)))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(bytes)
}
