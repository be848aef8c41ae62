//! The classes that one's units held.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{named, state};
use crate::{
    access::Permission,
    accounts::{SignedIn, queries::directory},
    app::App,
    courses::queries as courses,
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        error::{Error, Result},
        http::{Crumb, Filter, Page, Pages, address, page_number},
    },
    targets::{
        model::{OutsideDecision, OutsideId},
        queries::{self, Decided, Outside},
    },
};

const A_PAGE: i64 = 50;

#[derive(Deserialize)]
pub struct Asked {
    /// cho, da, khong or everything
    #[serde(default)]
    xem: String,
    #[serde(default)]
    trang: Option<i64>,
}

#[derive(Serialize)]
struct ListView {
    crumbs: Vec<Crumb>,
    filters: Vec<Filter>,
    rows: Vec<RowView>,
    total: i64,
    pages: Pages,
    can_enter: bool,
}

#[derive(Serialize)]
struct RowView {
    id: OutsideId,
    course: String,
    organiser: String,
    first_day: NaiveDate,
    last_day: NaiveDate,
    decision: String,
    people: i64,
    state: String,
    state_kind: &'static str,
}

const FILTERS: [(&str, &str, Option<Decided>); 4] = [
    ("", "external-filter-all", None),
    ("cho", "external-filter-waiting", Some(Decided::Not)),
    ("da", "external-filter-confirmed", Some(Decided::As(OutsideDecision::Confirmed))),
    ("khong", "external-filter-rejected", Some(Decided::As(OutsideDecision::Rejected))),
];

pub async fn show(app: web::Data<App>, page: Page, who: SignedIn, asked: web::Query<Asked>) -> Result<HttpResponse> {
    let reach = who.require(Permission::SeeTargets)?;
    let (number, today) = (page_number(asked.trang), local_day(app.now().0));
    let (current, _, decided) = FILTERS.iter().find(|(key, ..)| *key == asked.xem).copied().unwrap_or(FILTERS[0]);
    let ((classes, total), sizes, titles, units) = app
        .db
        .read(move |c| {
            let within = directory::units_within(c, &reach, today)?;
            let found = queries::outside_page(c, within.as_deref(), decided, ((number - 1) * A_PAGE, A_PAGE))?;
            let ids: Vec<OutsideId> = found.0.iter().map(|class| class.id).collect();
            let sizes = queries::roster_sizes(c, &ids)?;
            let titles = courses::named(c, &found.0.iter().map(|class| class.course).collect::<Vec<_>>())?;
            let units = organisations::by_ids(c, &found.0.iter().map(|class| class.organiser).collect::<Vec<_>>())?;
            Ok::<_, Error>((found, sizes, titles, units))
        })
        .await?;
    let row = |class: Outside| {
        let (state, state_kind) = state(&page, class.decided.map(|(kind, ..)| kind));
        RowView {
            id: class.id,
            course: named(&titles, class.course, &page),
            organiser: units.get(&class.organiser).map(|unit| unit.name(page.locale()).to_owned()).unwrap_or_default(),
            first_day: class.first_day,
            last_day: class.last_day,
            decision: class.decision,
            people: sizes.get(&class.id).copied().unwrap_or(0),
            state,
            state_kind,
        }
    };
    let filters = FILTERS.iter().map(|(key, label, _)| Filter {
        href: address("/lop-ngoai", &[("xem", key)]),
        label: page.text(*label),
        is_current: *key == current,
    });
    let to = |n: i64| address("/lop-ngoai", &[("xem", current), ("trang", &n.to_string())]);
    let view = ListView {
        crumbs: vec![Crumb::new(page.text("targets-title"), "/chi-tieu")],
        filters: filters.collect(),
        rows: classes.into_iter().map(row).collect(),
        total,
        pages: Pages::of(&page, number, total, A_PAGE, to),
        can_enter: who.may(Permission::RecordOutside),
    };
    page.html("targets/outside_list", &view)
}
