//! `/bao-cao`: the reports there are, asking for one, and one report with its progress, its figures and its files.

mod list;
mod new;
mod show;

use actix_web::web;

use super::model::{Report, ReportState};
use crate::platform::{
    http::{Page, Tag},
    i18n::Message,
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/bao-cao").get(list::show))
        .service(web::resource("/bao-cao/moi").get(new::form).post(new::submit))
        .service(web::resource("/bao-cao/{code}").get(show::show))
        .service(web::resource("/bao-cao/{code}/tep/{kind}").get(show::file))
        .service(web::resource("/bao-cao/{code}/lam-lai").post(show::retry));
}

fn state_tag(page: &Page, report: &Report) -> Tag {
    let kind = match report.state {
        ReportState::Queued | ReportState::Building => "info",
        ReportState::Done => "good",
        ReportState::Failed => "bad",
    };
    Tag { kind, text: page.text(Message::new(format!("reports-state-{}", report.state))) }
}
