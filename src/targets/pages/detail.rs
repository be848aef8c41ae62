//! One target: its figures by category, the way there, and the agencies by what is counted, level by level.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    SplitView, TargetView,
    agencies::KindView,
    book::{Book, BookView},
    changes::ChangesView,
    charts,
    kind::GroupRow,
    lens::{Hidden, Lens, LensView, hidden},
    pace::PaceView,
    part_asked,
};
use crate::{
    access::{Permission, Reach},
    accounts::SignedIn,
    app::App,
    organisations::{self, model::Unit},
    platform::{
        as_i64,
        clock::local_day,
        db::Moment,
        error::{Error, FieldErrors, Result},
        http::{Crumb, FormView, Input, Page, Pages, SafeHtml, page_number},
        i18n::Locale,
    },
    targets::{
        Snapshot,
        model::{Days, Figures, Group, Metric, Pace, Split, Target, TargetState, quota::QuotaRound},
        queries::{
            self, Agencies, Board, Change, Counted, Funnel, Level, Scope, View,
            quotas::{HandedOut, ShortRow},
        },
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/chi-tieu/{code}").get(show));
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    xem: String,
    #[serde(default)]
    ngay: String,
    #[serde(default, rename = "don-vi")]
    unit: String,
    #[serde(default)]
    tu: String,
    #[serde(default)]
    den: String,
    #[serde(default)]
    trang: Option<i64>,
}

/// Agencies on one page.
const A_PAGE: usize = 25;

#[derive(Serialize)]
struct DetailView {
    crumbs: Vec<Crumb>,
    target: TargetView,
    as_of: Moment,
    is_nation: bool,
    /// The unit looked into, or nothing at the top.
    unit: Option<UnitView>,
    form: FormView,
    /// A part of the period is shown.
    is_part: bool,
    from: NaiveDate,
    to: NaiveDate,
    lens: LensView,
    /// What the form of the period keeps of the address.
    hidden: Vec<Hidden>,
    categories: Vec<CategoryView>,
    has_parts: bool,
    split: SplitView,
    /// While the period is running, for the nation: needed, actual, forecast.
    pace: Option<PaceView>,
    /// Of a share of agencies: by kind.
    agencies: Vec<KindView>,
    progress: Option<SafeHtml>,
    funnel: SafeHtml,
    steps: Funnel,
    /// Of which moment the steps are.
    funnel_at: Moment,
    months: Vec<MonthView>,
    /// For the nation: by group of agencies; otherwise the units of this level.
    groups: Vec<GroupRow>,
    rows: Vec<RowView>,
    direct: Option<SplitView>,
    unconverted: Vec<RowView>,
    total: SplitView,
    pages: Pages,
    people_href: String,
    /// Of organisation, inside the period, for the nation.
    changes: Option<ChangesView>,
    /// Where those who are behind are reminded; the nation's alone.
    remind_href: Option<String>,
    /// What it rests on and what became of it; at the top only.
    book: Option<BookView>,
    /// Seats handed out for it and seats somebody has, where there are rounds.
    handed: Option<HandedView>,
}

/// Quotas for the target: the two steps before enrolling, and where seats are without anybody.
#[derive(Serialize)]
struct HandedView {
    given: i64,
    taken: i64,
    rounds: Vec<RoundView>,
    /// Agencies by what they are short of; the nation's alone.
    rows: Vec<ShortView>,
}

#[derive(Serialize)]
struct RoundView {
    href: String,
    title: String,
}

#[derive(Serialize)]
struct ShortView {
    href: String,
    name: String,
    given: i64,
    taken: i64,
    shortfall: i64,
}

/// What was counted in a month: the table behind the drawn line.
#[derive(Serialize)]
struct MonthView {
    name: String,
    people: i64,
    turns: i64,
}

fn months(by_day: &[(NaiveDate, Figures)]) -> Vec<MonthView> {
    let mut found: Vec<MonthView> = Vec::new();
    for (day, figures) in by_day {
        let name = day.format("%m/%Y").to_string();
        match found.last_mut().filter(|month| month.name == name) {
            Some(month) => {
                month.people += figures.people;
                month.turns += figures.turns;
            }
            None => found.push(MonthView { name, people: figures.people, turns: figures.turns }),
        }
    }
    found
}

/// A group of people: what was counted in it and, where the target says so, what is required of it.
#[derive(Serialize)]
struct CategoryView {
    label: String,
    people: i64,
    turns: i64,
    required: Option<i64>,
    missing: Option<i64>,
}

fn categories(page: &Page, target: &Target, split: Split, is_nation: bool) -> Vec<CategoryView> {
    let row = |key: &'static str, figures: Figures, required: Option<i64>| CategoryView {
        label: page.text(key),
        people: figures.people,
        turns: figures.turns,
        required: required.filter(|_| is_nation),
        missing: required.filter(|_| is_nation).map(|required| (required - figures.rank(target.metric)).max(0)),
    };
    vec![
        row("targets-category-leaders", split.leaders, target.required_leaders),
        row("targets-category-technology", split.technology, target.required_technology),
        row("targets-category-other", split.other, target.required_other),
    ]
}

#[derive(Serialize)]
struct UnitView {
    code: String,
    name: String,
}

#[derive(Serialize)]
struct RowView {
    code: String,
    name: String,
    split: SplitView,
    /// Where the next level is, if there is one.
    parts_href: Option<String>,
    people_href: String,
}

struct Found {
    /// Who looks sees the nation, whatever unit is looked into.
    nation: bool,
    target: Target,
    courses: Vec<String>,
    scope: Scope,
    whole: Split,
    by_day: Vec<(NaiveDate, Figures)>,
    agencies: Option<Agencies>,
    level: Level,
    /// Of the nation as a whole.
    board: Option<Board>,
    changes: Option<(Vec<Change>, usize)>,
    unit: Option<Unit>,
    above: Vec<Unit>,
    book: Book,
    handed: HandedOut,
    rounds: Vec<QuotaRound>,
    short: Vec<ShortRow>,
}

async fn show(
    app: web::Data<App>,
    page: Page,
    who: SignedIn,
    code: web::Path<String>,
    asked: web::Query<Asked>,
    snapshot: web::Data<Snapshot>,
) -> Result<HttpResponse> {
    who.require(Permission::SeeTargets)?;
    let now = app.now();
    let (authority, today) = (who.authority().clone(), local_day(now.0));
    let lens = Lens::of(&asked.xem, &asked.ngay, today);
    let (wanted, view) = (asked.unit.clone(), lens.view);
    let code = code.into_inner();
    let target = app.db.read(move |c| queries::by_code(c, &code)).await?;
    let (part, faults) = part_asked(&asked.tu, &asked.den, target.period());
    let found = app
        .db
        .read(move |c| {
            let nation = Scope::of(c, &authority, today)?;
            let unit = match wanted.as_str() {
                "" => None,
                code => Some(organisations::queries::by_code(c, code)?.ok_or(Error::NotFound)?),
            };
            // Below a unit, everything on the page is that unit's; a unit out of reach is not there.
            let scope = match &unit {
                None => nation.clone(),
                Some(unit) => {
                    let within = nation.behind(queries::behind(c, &target, view, unit.id)?);
                    if within.is_empty() {
                        return Err(Error::NotFound);
                    }
                    within
                }
            };
            // The nation is shown by groups of agencies, whoever sees less by the units they see.
            let (board, level) = match scope.is_nation() {
                true => {
                    (Some(queries::board(c, &target, part, view, today, &queries::Officials::new())?), Level::default())
                }
                false => {
                    let below = unit.as_ref().map(|u| u.id);
                    (None, queries::level(c, &target, part, view, &nation, below)?)
                }
            };
            let above = match &unit {
                None => Vec::new(),
                Some(unit) => {
                    let on = unit.span().nearest(if let View::AsOf(day) = view { day } else { today });
                    let mut above = organisations::queries::ancestors(c, unit.id, on)?;
                    above.retain(|unit| nation.holds(unit.id));
                    above
                }
            };
            let units = scope.units();
            let within = units.as_deref();
            let rounds = queries::quotas::rounds_of(c, target.id, within)?;
            Ok(Found {
                nation: nation.is_nation(),
                book: Book::read(c, &target)?,
                handed: queries::quotas::handed_out(c, target.id, within)?,
                short: match scope.is_nation() && !rounds.is_empty() {
                    true => queries::quotas::short(c, target.id, SHORT)?,
                    false => Vec::new(),
                },
                rounds,
                courses: queries::course_codes(c, target.id)?,
                whole: queries::split(c, target.id, target.period(), &scope)?,
                by_day: queries::by_day(c, &target, &scope)?,
                agencies: match target.metric == Metric::Agencies && scope.is_nation() && target.state.is_counted() {
                    true => Some(queries::agencies(c, &target, today)?),
                    false => None,
                },
                changes: match board.is_some() {
                    true => Some(queries::changes(c, &target, view, today)?),
                    false => None,
                },
                level,
                board,
                scope,
                unit,
                above,
                target,
            })
        })
        .await?;
    let can_manage = who.authority().reach(Permission::ManageTargets) == Reach::Everywhere;
    let funnel = snapshot.funnel(&app, &found.target, &found.scope).await?;
    page.html("targets/detail", &detail(&page, &asked, &lens, &faults, part, now, found, funnel, can_manage))
}

/// Agencies named as short of people; the page of the round has them all.
const SHORT: usize = 10;

fn handed(page: &Page, out: HandedOut, rounds: &[QuotaRound], short: Vec<ShortRow>) -> HandedView {
    let locale = page.locale();
    let round = |round: &QuotaRound| RoundView {
        href: format!("/phan-bo/{}", round.code),
        title: if locale == Locale::Vi { round.title_vi.clone() } else { round.title_en.clone() },
    };
    let row = |row: ShortRow| ShortView {
        href: format!("/phan-bo/{}/{}", row.round, row.unit.code),
        name: row.unit.name(locale).to_owned(),
        given: row.given,
        taken: row.taken,
        shortfall: row.given - row.taken,
    };
    HandedView {
        given: out.given,
        taken: out.taken,
        rounds: rounds.iter().map(round).collect(),
        rows: short.into_iter().map(row).collect(),
    }
}

#[expect(clippy::too_many_arguments, reason = "everything that the one page is made of")]
fn detail(
    page: &Page,
    asked: &Asked,
    lens: &Lens,
    faults: &FieldErrors,
    part: Days,
    now: Moment,
    found: Found,
    (funnel_at, funnel): (Moment, Arc<Funnel>),
    can_manage: bool,
) -> DetailView {
    let Found {
        nation,
        target,
        courses,
        scope,
        whole,
        by_day,
        agencies,
        level,
        board,
        changes,
        unit,
        above,
        book,
        handed: out,
        rounds,
        short,
    } = found;
    // Seats are people: a share of agencies has none, and below a unit not all of its units are looked at.
    let has_seats = out.given > 0 && unit.is_none() && target.metric != Metric::Agencies;
    let handed = has_seats.then(|| handed(page, out, &rounds, short));
    let book = unit.is_none().then(|| BookView::of(page, &target, &courses, &book, scope.is_nation(), can_manage));
    let (today, locale) = (local_day(now.0), page.locale());
    let path = format!("/chi-tieu/{}", target.code);
    let part_pairs = [("tu", asked.tu.as_str()), ("den", asked.den.as_str())];
    let to = |unit: &str, number: &str| {
        lens.to(&path, &[("don-vi", unit), ("tu", &asked.tu), ("den", &asked.den), ("trang", number)])
    };
    let people = |unit: &str| lens.to(&format!("{path}/nguoi"), &[("don-vi", unit)]);
    let row = |counted: &Counted| RowView {
        code: counted.unit.code.clone(),
        name: counted.unit.name(locale).to_owned(),
        split: counted.split.into(),
        parts_href: counted.has_parts.then(|| to(&counted.unit.code, "")),
        people_href: people(&counted.unit.code),
    };
    let own = unit.as_ref().map(|u| u.code.clone()).unwrap_or_default();
    let shown = page_number(asked.trang);
    let skipped = usize::try_from(shown - 1).unwrap_or(0).saturating_mul(A_PAGE);
    let count = as_i64(level.rows.len());
    let a_page = as_i64(A_PAGE);
    let direct = (!level.direct.total.is_zero()).then(|| level.direct.into());
    let mut crumbs = vec![Crumb::new(page.text("targets-title"), "/chi-tieu")];
    let share = agencies.as_ref().map(Agencies::share);
    let view = TargetView::of(page, &target, courses, whole.total, share, &scope, today);
    let counts: Vec<(NaiveDate, i64)> = by_day.iter().map(|(day, f)| (*day, f.rank(target.metric))).collect();
    let running = target.state == TargetState::InForce && scope.is_nation() && target.metric != Metric::Agencies;
    let pace = if running { Pace::of(target.period(), target.required, &counts, today) } else { None };
    let pace_view = pace.as_ref().map(|pace| PaceView::of(page, &target, pace));
    if let Some(unit) = &unit {
        crumbs.push(Crumb::new(view.title.clone(), to("", "")));
        if nation {
            let group = Group::of(above.first().unwrap_or(unit).kind);
            let href = lens.to(&format!("{path}/loai/{}", group.slug()), &part_pairs);
            crumbs.push(Crumb::new(page.text(group.key()), href));
        }
        crumbs.extend(above.iter().map(|unit| Crumb::new(unit.name(locale), to(&unit.code, ""))));
    }
    let input = Input::parse(page.visit().query.as_bytes());
    DetailView {
        crumbs,
        as_of: now,
        is_nation: scope.is_nation(),
        form: page.form(&input, faults),
        is_part: part != target.period(),
        from: part.from,
        to: part.to,
        lens: LensView::of(page, lens, &path, &[("don-vi", &own), ("tu", &asked.tu), ("den", &asked.den)]),
        hidden: {
            let mut kept = vec![("don-vi", own.as_str())];
            kept.extend(lens.pairs());
            hidden(&kept)
        },
        has_parts: scope.is_nation() && target.required_leaders.is_some(),
        categories: categories(page, &target, whole, scope.is_nation()),
        split: whole.into(),
        groups: board
            .as_ref()
            .map(|board| GroupRow::of(page, &target.code, board, lens, &part_pairs))
            .unwrap_or_default(),
        changes: changes.map(|(found, others)| ChangesView::of(page, found, others)),
        remind_href: (can_manage
            && scope.is_nation()
            && target.state == TargetState::InForce
            && target.metric != Metric::Agencies)
            .then(|| format!("/don-doc/chi-tieu/{}", target.code)),
        progress: charts::progress(
            page,
            &target,
            &counts,
            today,
            scope.is_nation(),
            pace.as_ref().zip(pace_view.as_ref()),
        ),
        pace: pace_view,
        agencies: agencies.as_ref().map(|found| KindView::of(page, found)).unwrap_or_default(),
        funnel: charts::funnel(page, &target, &funnel, handed.as_ref().map(|h| (h.given, h.taken)), scope.is_nation()),
        steps: *funnel,
        funnel_at,
        months: months(&by_day),
        rows: level.rows.iter().skip(skipped).take(A_PAGE).map(row).collect(),
        direct,
        unconverted: board.as_ref().map_or(&level.unconverted, |b| &b.unconverted).iter().map(row).collect(),
        total: board.as_ref().map_or(level.total, |b| b.total).into(),
        pages: Pages::of(page, shown, count, a_page, |n| to(&own, &n.to_string())),
        people_href: people(&own),
        book,
        handed,
        unit: unit.map(|u| UnitView { name: name(&u, locale), code: u.code }),
        target: view,
    }
}

fn name(unit: &Unit, locale: Locale) -> String {
    unit.name(locale).to_owned()
}
