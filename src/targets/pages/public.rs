//! What anybody may see: sums of months that are over, large enough that nothing about fewer than five people follows from them.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::Serialize;

use super::{title, unit_word};
use crate::{
    app::App,
    platform::{
        clock::local_day,
        db::Moment,
        error::Result,
        http::Page,
        i18n::{Locale, Message},
    },
    targets::{
        Snapshot,
        model::{
            Metric,
            public::{Block, Published},
        },
        queries::{PublicRow, Share},
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/cong-khai").get(show));
}

#[derive(Serialize)]
struct PublicView {
    as_of: Moment,
    targets: Vec<TargetCard>,
}

#[derive(Serialize)]
struct TargetCard {
    code: String,
    title: String,
    basis: String,
    is_illustration: bool,
    from: NaiveDate,
    to: NaiveDate,
    required: i64,
    unit: String,
    /// What is required is a number of percent of them.
    is_percent: bool,
    /// Of a share of agencies.
    share: Option<Share>,
    /// Figures that are not whole would tell what came between two of them.
    is_counting: bool,
    /// Up to the end of which day; nothing where too little may be shown.
    until: Option<NaiveDate>,
    total: i64,
    blocks: Vec<LineView>,
    groups_until: Option<NaiveDate>,
    groups: Vec<LineView>,
    groups_total: i64,
}

#[derive(Serialize)]
struct LineView {
    label: String,
    shown: i64,
}

fn months(page: &Page, block: &Block) -> String {
    match block.from == block.to {
        true => block.from.to_string(),
        false => page.text(
            Message::new("board-public-months").with("from", block.from.to_string()).with("to", block.to.to_string()),
        ),
    }
}

fn card(page: &Page, row: &PublicRow) -> TargetCard {
    let (target, nothing) = (&row.target, Published::default());
    let published = if target.is_being_counted() { &nothing } else { &row.published };
    let groups = published.groups.as_ref();
    let lines: Vec<LineView> = groups
        .map(|(_, lines)| lines.as_slice())
        .unwrap_or_default()
        .iter()
        .map(|line| {
            let names: Vec<String> = line.groups.iter().map(|group| page.text(group.key())).collect();
            LineView { label: names.join("; "), shown: line.shown }
        })
        .collect();
    TargetCard {
        code: target.code.clone(),
        title: title(page, target),
        basis: if page.locale() == Locale::Vi { target.basis_vi.clone() } else { target.basis_en.clone() },
        is_illustration: target.is_illustration,
        from: target.period_from,
        to: target.period_to,
        required: target.required,
        unit: match target.metric {
            Metric::Agencies => page.text("targets-unit-share"),
            Metric::People | Metric::Turns => unit_word(page, target.metric),
        },
        is_percent: target.metric == Metric::Agencies,
        share: row.share.filter(|_| !target.is_being_counted()),
        is_counting: target.is_being_counted(),
        until: published.until(),
        total: published.total(),
        blocks: published
            .blocks
            .iter()
            .map(|block| LineView { label: months(page, block), shown: block.shown })
            .collect(),
        groups_until: groups.and_then(|(at, _)| published.blocks.get(*at)).map(|block| block.to.last_day()),
        groups_total: lines.iter().map(|line| line.shown).sum(),
        groups: lines,
    }
}

async fn show(app: web::Data<App>, page: Page, snapshot: web::Data<Snapshot>) -> Result<HttpResponse> {
    let (as_of, rows) = snapshot.public(&app).await?;
    // A target is of the public from its first day on.
    let today = local_day(as_of.0);
    let rows = rows.iter().filter(|row| row.target.period_from <= today);
    page.html("targets/public", &PublicView { as_of, targets: rows.map(|row| card(&page, row)).collect() })
}
