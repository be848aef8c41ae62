//! The reports that somebody may see, the latest first.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::state_tag;
use crate::{
    access::Permission,
    accounts::{SignedIn, queries::directory},
    app::App,
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, Result},
        http::{Page, Pages, Tag, page_number},
    },
    reports::queries,
};

const A_PAGE: i64 = 50;

#[derive(Deserialize)]
pub struct Asked {
    trang: Option<i64>,
}

#[derive(Serialize)]
struct ListView {
    can_make: bool,
    rows: Vec<RowView>,
    total: i64,
    pages: Pages,
}

#[derive(Serialize)]
struct RowView {
    href: String,
    title: String,
    from: NaiveDate,
    to: NaiveDate,
    /// The whole country without one.
    unit: Option<String>,
    by: String,
    at: Moment,
    state: Tag,
}

pub async fn show(app: web::Data<App>, page: Page, who: SignedIn, asked: web::Query<Asked>) -> Result<HttpResponse> {
    let reach = who.require(Permission::SeeReports)?;
    let (number, today) = (page_number(asked.trang), local_day(app.now().0));
    let (found, total, units, names) = app
        .db
        .read(move |c| {
            let within = directory::units_within(c, &reach, today)?;
            let (found, total) = queries::page(c, within.as_deref(), (number - 1) * A_PAGE, A_PAGE)?;
            let units = organisations::by_ids(c, &found.iter().filter_map(|r| r.unit_id).collect::<Vec<_>>())?;
            let names = directory::names(c, &found.iter().map(|r| r.owner_id).collect::<Vec<_>>())?;
            Ok::<_, Error>((found, total, units, names))
        })
        .await?;
    let locale = page.locale();
    let rows = found.iter().map(|report| RowView {
        href: report.path(),
        title: report.title.clone(),
        from: report.period_from,
        to: report.period_to,
        unit: report.unit_id.and_then(|id| units.get(&id)).map(|unit| unit.name(locale).to_owned()),
        by: names.get(&report.owner_id).map(|(_, name)| name.clone()).unwrap_or_default(),
        at: report.created_at,
        state: state_tag(&page, report),
    });
    let view = ListView {
        can_make: who.may(Permission::MakeReports),
        rows: rows.collect(),
        total,
        pages: Pages::of(&page, number, total, A_PAGE, |n| format!("/bao-cao?trang={n}")),
    };
    page.html("reports/list", &view)
}
