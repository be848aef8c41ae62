//! `/nguoi/nhap`: a list of people from a file or pasted, its dry run, what became of it, and the way back.

mod act;
mod files;
mod map;
mod new;
mod show;

use actix_web::web;

use crate::{
    accounts::{
        jobs::{WorkImport, work_import},
        model::import::{Column, Import, ImportState, Uses},
    },
    app::App,
    platform::{
        error::Result,
        http::{Crumb, Page, Tag},
        i18n::Message,
    },
};

/// The address that takes files.
pub const UPLOAD: &str = "/nguoi/nhap";

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/nguoi/nhap").get(new::form).post(new::submit))
        .service(web::resource("/nguoi/nhap/mau").get(files::template))
        .service(web::resource("/nguoi/nhap/{import}").get(show::show))
        .service(web::resource("/nguoi/nhap/{import}/cot").get(map::form).post(map::submit))
        .service(web::resource("/nguoi/nhap/{import}/chon").post(act::choose))
        .service(web::resource("/nguoi/nhap/{import}/kiem-tra").post(act::check_again))
        .service(web::resource("/nguoi/nhap/{import}/xac-nhan").post(act::confirm))
        .service(web::resource("/nguoi/nhap/{import}/bo").post(act::discard))
        .service(web::resource("/nguoi/nhap/{import}/hoan-tac").post(act::undo))
        .service(web::resource("/nguoi/nhap/{import}/phieu").post(act::slips))
        .service(web::resource("/nguoi/nhap/{import}/dong-loi.{kind}").get(files::faulty));
}

/// The people, the lists, and the list where the page is about one.
fn crumbs(page: &Page, import: Option<&Import>) -> Vec<Crumb> {
    let mut way =
        vec![Crumb::new(page.text("people-title"), "/nguoi"), Crumb::new(page.text("import-title"), UPLOAD.to_owned())];
    way.extend(import.map(|import| Crumb::new(import.file_name.clone(), import.path())));
    way
}

fn state_tag(page: &Page, state: ImportState) -> Tag {
    let kind = match state {
        ImportState::Mapping | ImportState::Ready => "warn",
        ImportState::Checking | ImportState::Applying | ImportState::Undoing => "info",
        ImportState::Applied => "good",
        ImportState::Undone | ImportState::Discarded => "",
    };
    Tag { kind, text: page.text(Message::new(format!("import-state-{state}"))) }
}

fn column_name(page: &Page, column: Column) -> String {
    page.text(Message::new(format!("import-column-{column}")))
}

/// Works on a small list at once; a large one is the job's, and the page tells how far it is. Nothing is lost when this breaks off:
/// the job was queued with the change of state.
async fn work_now(app: &App, uses: &Uses, import: &Import) -> Result<()> {
    if import.total <= crate::accounts::actions::import::SMALL {
        work_import(app.clone(), WorkImport { import: import.id }, *uses).await?;
    }
    Ok(())
}
