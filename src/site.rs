//! The composition root: the only place that knows every slice. It maps the routes, registers the jobs, says who a request
//! comes from, and starts and stops the whole.

mod hooks;
mod renewer;
mod server;
mod visitor;

use std::time::Duration;

use actix_web::{HttpResponse, guard, web};

pub use self::{
    hooks::{BESIDE, OBSERVERS, QUIET, USES},
    server::{Listeners, Running, start, workers},
};
use crate::{
    accounts,
    app::App,
    assessments, audit, certificates, courses, events, home, learning, notifications, organisations,
    platform::{
        db::{DbConn, Worth, integrity, look_over},
        error::{Error, Result},
        http::{api, embedded},
        jobs::{self, Registry},
    },
    programmes, reminders, reorganisations, reports, targets,
};

/// Runs the program's futures: the server wants a thread of its own kind, blocking work goes to the threads kept for it.
pub fn block_on<F: Future>(future: F) -> F::Output {
    actix_web::rt::System::new().block_on(future)
}

/// The first words of all addresses but the first page's, by who answers them. Slices that share a word stand together; what is asked for most
/// comes first.
const AREAS: &[&[&str]] =
    &[ATTEMPTS, LEARNING, ACCOUNTS, NOTICES, UNITS, CERTIFICATES, TARGETS, PROGRAMMES, REMINDERS, REPORTS, SYSTEM, API];
const ATTEMPTS: &[&str] = &["bai-lam"];
const LEARNING: &[&str] = &["hoc", "lop", "khoa-hoc"];
const ACCOUNTS: &[&str] = &["tai-khoan", "nguoi", "dang-nhap", "dang-xuat", "ngon-ngu", "quen-mat-khau", "phieu", "mo"];
const NOTICES: &[&str] = &["thong-bao"];
const UNITS: &[&str] = &["to-chuc", "don-vi"];
const CERTIFICATES: &[&str] = &["chung-nhan", "so-cap", "tra-cuu"];
const TARGETS: &[&str] = &["chi-tieu", "phan-bo", "lop-ngoai", "cong-khai"];
const PROGRAMMES: &[&str] = &["de-cu", "chuong-trinh", "chuyen-gia"];
const REMINDERS: &[&str] = &["don-doc"];
const REPORTS: &[&str] = &["bao-cao"];
const SYSTEM: &[&str] = &["he-thong", "nhat-ky", "kieu-dang", "tinh"];
const API: &[&str] = &["api"];

/// Every page of every slice.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/healthz", web::get().to(healthy)).route("/readyz", web::get().to(ready));
    embedded::routes(cfg);
    home::routes(cfg);
    under(cfg, ATTEMPTS, assessments::attempt_routes);
    under(cfg, LEARNING, |cfg| {
        learning::routes(cfg);
        assessments::routes(cfg);
        courses::routes(cfg);
        events::routes(cfg);
    });
    under(cfg, ACCOUNTS, accounts::routes);
    under(cfg, NOTICES, notifications::routes);
    under(cfg, UNITS, |cfg| {
        organisations::routes(cfg);
        reorganisations::routes(cfg);
    });
    under(cfg, CERTIFICATES, certificates::routes);
    under(cfg, TARGETS, targets::routes);
    under(cfg, PROGRAMMES, programmes::routes);
    under(cfg, REMINDERS, reminders::routes);
    under(cfg, REPORTS, reports::routes);
    under(cfg, API, |cfg| api::routes(cfg, operations()));
    #[cfg(feature = "load")]
    cfg.route(LIMIT, web::get().to(limit));
}

/// Routes below these first words of an address, as they are written there: their patterns are tried, one after the other, for nothing else.
fn under(cfg: &mut web::ServiceConfig, words: &'static [&'static str], routes: impl FnOnce(&mut web::ServiceConfig)) {
    let is_below =
        guard::fn_guard(|asked| asked.head().uri.path().split('/').nth(1).is_some_and(|word| words.contains(&word)));
    cfg.service(web::scope("").guard(is_below).configure(routes));
}

/// Only in the program that `tests/load` measures; no route of the one that is shipped.
#[cfg(feature = "load")]
const LIMIT: &str = "/gioi-han/{bytes}";

/// So many bytes to somebody signed in: what no page can be faster than.
#[cfg(feature = "load")]
async fn limit(_: accounts::SignedIn, bytes: web::Path<usize>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body("x".repeat(bytes.into_inner().min(1 << 20)))
}

/// Every operation of the interface for other programs.
pub fn operations() -> Vec<api::Operation> {
    let mut all = targets::api::operations();
    all.extend(organisations::api::operations::<accounts::guards::ApiCall>());
    all.extend(courses::api::operations());
    all.extend(learning::api::operations());
    all.extend(certificates::api::operations());
    all
}

/// How the addresses end that take files.
pub const UPLOADS: &[&str] = &[
    learning::UPLOAD,
    events::UPLOADS[0],
    events::UPLOADS[1],
    accounts::UPLOAD,
    targets::UPLOAD,
    programmes::UPLOAD,
    programmes::DECISION_UPLOAD,
];

/// Every kind of job and what runs it.
pub fn jobs() -> Registry<App> {
    Registry::default()
        .on(accounts::mail::send_link)
        .on(|app: App, job: accounts::jobs::WorkImport| accounts::jobs::work_import(app, job, USES))
        .on(accounts::jobs::forget_imports)
        .every(Duration::from_secs(3600), accounts::jobs::ForgetImports {})
        .on(notifications::mail::send)
        .on(audit::jobs::seal)
        .on(audit::jobs::seal_missed)
        .every(Duration::from_secs(6 * 3600), audit::jobs::SealMissed {})
        .on(|app: App, _: jobs::LookOver| async move {
            app.db.write("database.look-over", |c| Ok::<_, Error>(look_over(c, Worth::Grown)?)).await
        })
        .every(Duration::from_secs(6 * 3600), jobs::LookOver {})
        .on(|app: App, _: accounts::actions::ForgetFailures| async move {
            let now = app.now();
            app.db.write("accounts.forget", move |c| accounts::limiter::forget_old(c, now)).await
        })
        .on(|app: App, _: learning::jobs::FreezeDue| learning::jobs::freeze_due(app, OBSERVERS))
        .on(courses::jobs::render_old)
        .every(Duration::from_secs(3600), courses::jobs::RenderOld {})
        .on(learning::jobs::forget_beats)
        .every(Duration::from_secs(3600), learning::jobs::ForgetBeats {})
        .on(certificates::jobs::issue)
        .on(certificates::jobs::issue_missing)
        .on(targets::jobs::count_anew)
        .on(targets::jobs::prepare_seal)
        .on(targets::jobs::close_ended)
        .on(programmes::jobs::fill_seats)
        .on(reminders::jobs::send)
        .on(reorganisations::jobs::work)
        .on(reports::jobs::build)
        .every(Duration::from_secs(60), programmes::jobs::FillSeats {})
        .on(programmes::jobs::follow_cohorts)
        .every(Duration::from_secs(60), programmes::jobs::FollowCohorts {})
        .on(programmes::jobs::mind_experts)
        .every(programmes::jobs::EXPERTS_EVERY, programmes::jobs::MindExperts {})
        .every(targets::jobs::CLOSE_EVERY, targets::jobs::CloseEnded {})
        .on(|app: App, _: assessments::jobs::SubmitOverdue| assessments::jobs::submit_overdue(app, OBSERVERS))
        .on(|app: App, job: learning::jobs::SettleAttended| learning::jobs::settle_attended(app, job, OBSERVERS))
        .on(events::jobs::tell)
        .every(Duration::from_secs(60), learning::jobs::FreezeDue {})
        .every(Duration::from_secs(5), assessments::jobs::SubmitOverdue {})
        .on(assessments::jobs::tally_answers)
        .every(Duration::from_secs(20), assessments::jobs::TallyAnswers {})
        .every(Duration::from_secs(5), audit::jobs::SealAudit {})
        .every(Duration::from_secs(600), accounts::actions::ForgetFailures {})
}

/// Tells in what a database disagrees with itself, a sentence each.
pub type Check = fn(&mut DbConn) -> Result<Vec<String>>;

/// What `verify` looks at, by name. Each only reads, in steps that fit into memory.
pub fn checks() -> Vec<(&'static str, Check)> {
    vec![
        ("database", integrity::verify),
        ("audit", audit::queries::verify),
        ("learning", learning::queries::verify),
        ("attendance", events::queries::verify),
        ("questions", assessments::queries::tallies::verify),
        ("targets", targets::queries::verify),
        ("certificates", certificates::queries::verify),
        ("nominations", programmes::queries::verify),
        ("programmes", programmes::queries::verify_programmes),
    ]
}

/// The process is alive.
async fn healthy() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok")
}

/// The database answers, so requests may be sent here.
async fn ready(app: web::Data<App>) -> HttpResponse {
    match app.db.ping().await {
        Ok(()) => HttpResponse::Ok().content_type("text/plain").body("ready"),
        Err(_) => HttpResponse::ServiceUnavailable().content_type("text/plain").body("the database does not answer"),
    }
}
