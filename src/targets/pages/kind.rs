//! The agencies of one group: compared by a share that is fair to the large and the small, and on the map where they are provinces.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    CountingView, SplitView,
    lens::{Lens, LensView},
    map, part_asked, title, unit_word,
};
use crate::{
    app::App,
    platform::{
        as_i64,
        clock::local_day,
        db::Moment,
        error::{Error, Result},
        http::{Crumb, Page, SafeHtml},
        text,
    },
    targets::{
        Snapshot,
        guards::NationOf,
        model::{Group, Metric, Split, Target},
        queries::{self, Agency, Board, View},
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/chi-tieu/{code}/loai/{loai}").get(show));
}

/// A line of the table by group on a target's page.
#[derive(Serialize)]
pub struct GroupRow {
    href: String,
    label: String,
    agencies: i64,
    with_data: i64,
    quota: Option<i64>,
    split: SplitView,
}

/// What was given to all of them together; nothing where nobody was given anything.
fn given<'a>(agencies: impl Iterator<Item = &'a Agency>) -> Option<i64> {
    agencies.filter_map(|agency| agency.quota).reduce(|a, b| a + b)
}

impl GroupRow {
    /// The groups of a board that have agencies. With what cannot be converted they add up to its total.
    pub fn of(page: &Page, code: &str, board: &Board, lens: &Lens, others: &[(&str, &str)]) -> Vec<Self> {
        let groups = Group::ALL.into_iter().map(|group| {
            let agencies: Vec<&Agency> = board.agencies.iter().filter(|a| Group::of(a.unit.kind) == group).collect();
            (group, agencies)
        });
        groups
            .filter(|(_, agencies)| !agencies.is_empty())
            .map(|(group, agencies)| Self {
                href: lens.to(&format!("/chi-tieu/{code}/loai/{}", group.slug()), others),
                label: page.text(group.key()),
                with_data: as_i64(agencies.iter().filter(|a| !a.split.total.is_zero()).count()),
                agencies: as_i64(agencies.len()),
                quota: given(agencies.iter().copied()),
                split: sum(agencies.iter().copied()).into(),
            })
            .collect()
    }
}

fn sum<'a>(agencies: impl Iterator<Item = &'a Agency>) -> Split {
    let mut total = Split::default();
    agencies.for_each(|agency| total += agency.split);
    total
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    xem: String,
    #[serde(default)]
    ngay: String,
    #[serde(default)]
    tu: String,
    #[serde(default)]
    den: String,
}

#[derive(Serialize)]
struct KindPage {
    crumbs: Vec<Crumb>,
    label: String,
    target: String,
    counting: Option<CountingView>,
    as_of: Moment,
    from: NaiveDate,
    to: NaiveDate,
    /// Whose agencies they are, and of which day those who work there.
    on: NaiveDate,
    lens: LensView,
    unit: String,
    total: SplitView,
    quota: Option<i64>,
    /// By those who were given something.
    reached: i64,
    map: Option<MapView>,
    /// By what they were given; by the number of those who work there; without either.
    rankings: Vec<RankingView>,
}

#[derive(Serialize)]
struct MapView {
    drawn: SafeHtml,
    on: NaiveDate,
    by_quota: bool,
}

#[derive(Serialize)]
struct RankingView {
    id: &'static str,
    label: String,
    is_ranked: bool,
    has_quota: bool,
    rows: Vec<RankRow>,
}

#[derive(Serialize)]
struct RankRow {
    place: i64,
    name: String,
    href: String,
    people_href: String,
    quota: i64,
    reached: i64,
    missing: i64,
    officials: i64,
    per_hundred: String,
    split: SplitView,
}

/// Places 1, 2, 2, 4 … by a fraction, the greatest first; equal fractions share a place.
pub fn ranked<'a>(agencies: &[&'a Agency], metric: Metric, whole: impl Fn(&Agency) -> i64) -> Vec<(i64, &'a Agency)> {
    let mut sorted: Vec<&Agency> = agencies.to_vec();
    // a/b against c/d as a·d against c·b: no rounding decides a place.
    let greater = |a: &Agency, b: &Agency| {
        let cross = |x: &Agency, y: &Agency| i128::from(x.figure(metric)) * i128::from(whole(y));
        cross(b, a).cmp(&cross(a, b))
    };
    sorted.sort_by(|a, b| greater(a, b));
    let mut places: Vec<(i64, &Agency)> = Vec::new();
    for (at, agency) in sorted.into_iter().enumerate() {
        let place = match places.last() {
            Some((place, before)) if greater(before, agency).is_eq() => *place,
            _ => as_i64(at) + 1,
        };
        places.push((place, agency));
    }
    places
}

/// A hundred times the figure for each of those who work there, with one decimal.
#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
pub fn per_hundred(page: &Page, figure: i64, officials: i64) -> String {
    if officials <= 0 {
        return text::NO_FIGURE.to_owned();
    }
    text::decimal(figure as f64 * 100.0 / officials as f64, 1, page.locale())
}

async fn show(
    app: web::Data<App>,
    page: Page,
    nation: NationOf,
    way: web::Path<(String, String)>,
    asked: web::Query<Asked>,
    snapshot: web::Data<Snapshot>,
) -> Result<HttpResponse> {
    let group = Group::by_slug(&way.1).ok_or(Error::NotFound)?;
    let target = nation.target;
    if !target.state.is_counted() {
        return Err(Error::NotFound);
    }
    let now = app.now();
    let today = local_day(now.0);
    let lens = Lens::of(&asked.xem, &asked.ngay, today);
    let (days, _) = part_asked(&asked.tu, &asked.den, target.period());
    let (view, is_local) = (lens.view, group == Group::Local);
    let officials = snapshot.officials(&app, queries::day_of(&target, view, today)).await?;
    let (target, board, carried) = app
        .db
        .read(move |c| {
            let board = queries::board(c, &target, days, view, today, &officials)?;
            // A map has the provinces of one day; as recorded, figures stand with provinces of several.
            let carried = match (is_local, view) {
                (true, View::AsRecorded) => {
                    Some(queries::board(c, &target, days, View::AsOf(board.on), today, &officials)?)
                }
                _ => None,
            };
            Ok::<_, Error>((target, board, carried))
        })
        .await?;
    let map = is_local.then(|| {
        let board = carried.as_ref().unwrap_or(&board);
        let (drawn, by_quota) = map::provinces(&page, &target, board, "board-map-table");
        MapView { drawn, on: board.on, by_quota }
    });
    let agencies: Vec<&Agency> = board.agencies.iter().filter(|a| Group::of(a.unit.kind) == group).collect();
    let total = sum(agencies.iter().copied());
    let path = format!("/chi-tieu/{}", target.code);
    let own = format!("{path}/loai/{}", group.slug());
    let others = [("tu", asked.tu.as_str()), ("den", asked.den.as_str())];
    let shown = KindPage {
        crumbs: vec![
            Crumb::new(page.text("targets-title"), "/chi-tieu"),
            Crumb::new(title(&page, &target), lens.to(&path, &others)),
        ],
        label: page.text(group.key()),
        target: title(&page, &target),
        counting: CountingView::of(&target),
        as_of: now,
        from: days.from,
        to: days.to,
        on: board.on,
        unit: unit_word(&page, counted_as(target.metric)),
        quota: given(agencies.iter().copied()),
        reached: agencies.iter().filter(|a| a.quota.is_some()).map(|a| a.figure(target.metric)).sum(),
        total: total.into(),
        map,
        rankings: rankings(&page, &target, &agencies, &|unit| {
            let mut pairs = vec![("don-vi", unit)];
            pairs.extend(others);
            (lens.to(&path, &pairs), lens.to(&format!("{path}/nguoi"), &[("don-vi", unit)]))
        }),
        lens: LensView::of(&page, &lens, &own, &others),
    };
    page.html("targets/kind", &shown)
}

/// What a figure of agencies is a number of; a share of agencies is looked at in turns.
fn counted_as(metric: Metric) -> Metric {
    if metric == Metric::Agencies { Metric::Turns } else { metric }
}

fn rankings(
    page: &Page,
    target: &Target,
    agencies: &[&Agency],
    to: &dyn Fn(&str) -> (String, String),
) -> Vec<RankingView> {
    let metric = target.metric;
    let row = |(place, agency): (i64, &Agency)| {
        let reached = agency.figure(metric);
        let (href, people_href) = to(&agency.unit.code);
        RankRow {
            place,
            name: agency.unit.name(page.locale()).to_owned(),
            href,
            people_href,
            quota: agency.quota.unwrap_or(0),
            reached,
            missing: agency.missing(metric).unwrap_or(0),
            officials: agency.officials,
            per_hundred: per_hundred(page, reached, agency.officials),
            split: agency.split.into(),
        }
    };
    let of =
        |wanted: &dyn Fn(&Agency) -> bool| agencies.iter().copied().filter(|a| wanted(a)).collect::<Vec<&Agency>>();
    let with_quota = of(&|a| a.quota.is_some());
    let with_people = of(&|a| a.quota.is_none() && a.officials > 0);
    let without = of(&|a| a.quota.is_none() && a.officials == 0);
    let ranking = |id, key: &'static str, has_quota, rows: Vec<(i64, &Agency)>, is_ranked| RankingView {
        id,
        label: page.text(key),
        is_ranked,
        has_quota,
        rows: rows.into_iter().map(row).collect(),
    };
    let mut found = vec![
        ranking("theo-giao", "board-rank-quota", true, ranked(&with_quota, metric, |a| a.quota.unwrap_or(1)), true),
        ranking("theo-can-bo", "board-rank-officials", false, ranked(&with_people, metric, |a| a.officials), true),
        ranking("khong-xep", "board-rank-none", false, without.into_iter().map(|a| (0, a)).collect(), false),
    ];
    found.retain(|ranking| !ranking.rows.is_empty());
    found
}
