//! The agencies of a share: which organised, and which did not.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::TargetView;
use crate::{
    app::App,
    organisations::model::UnitKind,
    platform::{
        as_i64,
        clock::local_day,
        db::Moment,
        error::{Error, Result},
        http::{Crumb, Page, address},
        i18n::Message,
    },
    targets::{
        guards::NationOf,
        model::Metric,
        queries::{self, Agencies, AgencyRow, Scope},
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/chi-tieu/{code}/co-quan").get(show));
}

/// How many of a kind organised.
#[derive(Serialize)]
pub struct KindView {
    kind: String,
    organised: i64,
    all: i64,
}

impl KindView {
    pub fn of(page: &Page, found: &Agencies) -> Vec<Self> {
        let mut kinds: Vec<UnitKind> = found.rows.iter().map(|row| row.unit.kind).collect();
        kinds.dedup();
        kinds
            .into_iter()
            .map(|kind| {
                let of = |organised: bool| {
                    let rows = found.rows.iter().filter(|row| row.unit.kind == kind && (!organised || row.turns > 0));
                    as_i64(rows.count())
                };
                Self { kind: kind_word(page, kind), organised: of(true), all: of(false) }
            })
            .collect()
    }
}

/// How a kind of units is called.
pub fn kind_word(page: &Page, kind: UnitKind) -> String {
    page.text(Message::new(format!("organisations-kind-{}", kind.as_str().replace('_', "-"))))
}

#[derive(Deserialize)]
struct Asked {
    /// `da` for those that organised; otherwise those that did not.
    #[serde(default)]
    xem: String,
}

const ORGANISED: &str = "da";

#[derive(Serialize)]
struct AgenciesView {
    crumbs: Vec<Crumb>,
    target: TargetView,
    as_of: Moment,
    on: NaiveDate,
    from: NaiveDate,
    to: NaiveDate,
    shows_organised: bool,
    missing_href: String,
    organised_href: String,
    missing: i64,
    organised: i64,
    all: i64,
    rows: Vec<RowView>,
    others: Vec<RowView>,
}

#[derive(Serialize)]
struct RowView {
    code: String,
    name: String,
    kind: String,
    turns: i64,
}

async fn show(app: web::Data<App>, page: Page, nation: NationOf, asked: web::Query<Asked>) -> Result<HttpResponse> {
    let target = nation.target;
    if target.metric != Metric::Agencies || !target.state.is_counted() {
        return Err(Error::NotFound);
    }
    let now = app.now();
    let today = local_day(now.0);
    let (target, courses, figures, found) = app
        .db
        .read(move |c| {
            let courses = queries::course_codes(c, target.id)?;
            let figures = queries::split(c, target.id, target.period(), &Scope::Nation)?.total;
            let found = queries::agencies(c, &target, today)?;
            Ok::<_, Error>((target, courses, figures, found))
        })
        .await?;
    let share = found.share();
    let shows_organised = asked.xem == ORGANISED;
    let row = |row: &AgencyRow| RowView {
        code: row.unit.code.clone(),
        name: row.unit.name(page.locale()).to_owned(),
        kind: kind_word(&page, row.unit.kind),
        turns: row.turns,
    };
    let path = format!("/chi-tieu/{}", target.code);
    let view = TargetView::of(&page, &target, courses, figures, Some(share), &Scope::Nation, today);
    let shown = AgenciesView {
        crumbs: vec![Crumb::new(page.text("targets-title"), "/chi-tieu"), Crumb::new(view.title.clone(), path.clone())],
        target: view,
        as_of: now,
        on: share.on,
        from: found.days.from,
        to: found.days.to,
        shows_organised,
        missing_href: format!("{path}/co-quan"),
        organised_href: address(&format!("{path}/co-quan"), &[("xem", ORGANISED)]),
        missing: share.all - share.organised,
        organised: share.organised,
        all: share.all,
        rows: found.rows.iter().filter(|r| (r.turns > 0) == shows_organised).map(row).collect(),
        others: found.others.iter().map(row).collect(),
    };
    page.html("targets/agencies", &shown)
}
