//! `/chuong-trinh`: programmes, their cohorts, and who is to be recognised; for the coordinator, for agencies, and for their people.

mod cohort;
mod decide;
mod edit;
mod list;
mod map;
mod own;
mod show;

use actix_web::web;
use serde::Serialize;

use crate::{
    organisations::model::UnitKind,
    platform::{
        http::{Crumb, Page, Tag},
        i18n::Message,
        text,
    },
    programmes::{
        model::programme::{Delivery, Programme, Stage},
        queries::programmes::Counts,
    },
};

/// How the address ends that takes a decision.
pub const DECISION_UPLOAD: &str = "/quyet-dinh";

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/chuong-trinh").get(list::show))
        .service(web::resource("/chuong-trinh/cua-toi").get(own::show))
        .service(web::resource("/chuong-trinh/moi").get(edit::blank).post(edit::create))
        .service(web::resource("/chuong-trinh/{programme}").get(show::show))
        .service(web::resource("/chuong-trinh/{programme}/sua").get(edit::form).post(edit::change))
        .service(web::resource("/chuong-trinh/{programme}/nhom/{group}").get(map::group).post(map::put_group))
        .service(web::resource("/chuong-trinh/{programme}/chuc-danh/{post}").get(map::post).post(map::put_post))
        .service(web::resource("/chuong-trinh/{programme}/quyet-dinh").get(decide::form).post(decide::submit))
        .service(web::resource("/chuong-trinh/{programme}/khoa/moi").get(cohort::blank).post(cohort::create))
        .service(web::resource("/chuong-trinh/{programme}/khoa/{cohort}").get(cohort::show))
        .service(web::resource("/chuong-trinh/{programme}/khoa/{cohort}/lop").post(cohort::add_run));
}

pub(super) fn crumbs(page: &Page, programme: Option<&Programme>) -> Vec<Crumb> {
    let mut way = vec![Crumb::new(page.text("programme-title"), "/chuong-trinh")];
    if let Some(programme) = programme {
        way.push(Crumb::new(programme.title(page.locale()), programme.path()));
    }
    way
}

pub(super) fn stage_word(page: &Page, stage: Stage) -> String {
    page.text(Message::new(format!("programme-stage-{stage}")))
}

pub(super) fn stage_tag(page: &Page, stage: Stage) -> Tag {
    let kind = match stage {
        Stage::Nominated | Stage::Approved | Stage::Studying => "info",
        Stage::Fulfilled => "warn",
        Stage::Recognised | Stage::Active => "good",
        Stage::Lapsed => "bad",
        Stage::Withdrawn | Stage::Replaced | Stage::Rejected => "",
    };
    Tag { kind, text: stage_word(page, stage) }
}

pub(super) fn kind_word(page: &Page, kind: UnitKind) -> String {
    page.text(Message::new(format!("organisations-kind-{}", kind.as_str().replace('_', "-"))))
}

fn delivery_word(page: &Page, delivery: Delivery) -> String {
    page.text(Message::new(format!("programme-delivery-{delivery}")))
}

/// The legal ground in one line: number, day, issuer, subject, as far as they are known.
fn document(page: &Page, programme: &Programme) -> Option<String> {
    if programme.document_number.is_empty() {
        return None;
    }
    let said = match programme.document_date {
        Some(day) => page.text(
            Message::new("programme-document-dated")
                .with("number", programme.document_number.clone())
                .with("date", text::date(day)),
        ),
        None => programme.document_number.clone(),
    };
    let rest = [&programme.document_issuer, &programme.document_subject];
    let parts = std::iter::once(&said).chain(rest).filter(|part| !part.is_empty());
    Some(parts.map(String::as_str).collect::<Vec<_>>().join(", "))
}

/// How many people are in a stage, and the part of the whole that it is.
#[derive(Serialize)]
struct StageRow {
    label: String,
    people: i64,
    href: Option<String>,
}

/// The stages on the way, in their order, and behind them those that ended without a recognition.
const FUNNEL: [Stage; 7] = [
    Stage::Nominated,
    Stage::Approved,
    Stage::Studying,
    Stage::Fulfilled,
    Stage::Recognised,
    Stage::Active,
    Stage::Lapsed,
];

fn funnel(page: &Page, counts: &Counts, href: impl Fn(Stage) -> Option<String>) -> Vec<StageRow> {
    let row = |stage: &Stage| StageRow {
        label: stage_word(page, *stage),
        people: counts.get(stage).copied().unwrap_or(0),
        href: href(*stage),
    };
    FUNNEL.iter().map(row).collect()
}

/// Those who hold a place, among some numbers.
fn held(counts: &Counts) -> i64 {
    counts.iter().filter(|(stage, _)| stage.holds_place()).map(|(_, people)| people).sum()
}
