//! One target: its figures by category, the way there, and the agencies by what is counted, level by level.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    AS_OF, SplitView, TargetView, address,
    agencies::KindView,
    book::{Book, BookView},
    charts,
    pace::PaceView,
    view_of,
};
use crate::{
    access::{Permission, Reach},
    accounts::SignedIn,
    app::App,
    organisations::{self, model::Unit},
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, FieldErrors, Result},
        http::{Crumb, FormView, Input, Page, Pages, SafeHtml, page_number},
        i18n::Locale,
        text,
    },
    targets::{
        model::{Days, Figures, Metric, Pace, Split, Target, TargetState, quota::QuotaRound},
        queries::{
            self, Agencies, Counted, Funnel, Level, Scope,
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
    as_recorded: bool,
    recorded_href: String,
    today_href: String,
    today: NaiveDate,
    split: SplitView,
    /// While the period is running, for the nation: needed, actual, forecast.
    pace: Option<PaceView>,
    /// Of a share of agencies: by kind.
    agencies: Vec<KindView>,
    progress: Option<SafeHtml>,
    funnel: SafeHtml,
    steps: Funnel,
    months: Vec<MonthView>,
    rows: Vec<RowView>,
    direct: Option<SplitView>,
    unconverted: Vec<RowView>,
    total: SplitView,
    pages: Pages,
    people_href: String,
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
    target: Target,
    courses: Vec<String>,
    scope: Scope,
    whole: Split,
    by_day: Vec<(NaiveDate, Figures)>,
    funnel: Funnel,
    agencies: Option<Agencies>,
    level: Level,
    unit: Option<Unit>,
    book: Book,
    handed: HandedOut,
    rounds: Vec<QuotaRound>,
    short: Vec<ShortRow>,
}

/// The part of the period that was asked for; the faults where it cannot be read.
fn part_asked(asked: &Asked, period: Days) -> (Days, FieldErrors) {
    let mut faults = FieldErrors::default();
    let mut read = |field, typed: &str, otherwise: NaiveDate| match typed.trim() {
        "" => otherwise,
        typed => text::read_day(typed).unwrap_or_else(|| {
            faults.add(field, "targets-fault-day");
            otherwise
        }),
    };
    let from = read("tu", &asked.tu, period.from).max(period.from);
    let to = read("den", &asked.den, period.to).min(period.to);
    if to < from && faults.is_empty() {
        faults.add("den", "targets-fault-period");
    }
    if faults.is_empty() { (Days { from, to }, faults) } else { (period, faults) }
}

async fn show(
    app: web::Data<App>,
    page: Page,
    who: SignedIn,
    code: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse> {
    who.require(Permission::SeeTargets)?;
    let now = app.now();
    let (authority, today) = (who.authority().clone(), local_day(now.0));
    let (wanted, view) = (asked.unit.clone(), view_of(&asked.xem, today));
    let code = code.into_inner();
    let target = app.db.read(move |c| queries::by_code(c, &code)).await?;
    let (part, faults) = part_asked(&asked, target.period());
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
                    let behind = queries::units_behind(c, &target, view, unit.id)?;
                    let within = nation.within(behind);
                    if matches!(&within, Scope::Units(units) if units.is_empty()) {
                        return Err(Error::NotFound);
                    }
                    within
                }
            };
            let level = queries::level(c, &target, part, view, &nation, unit.as_ref().map(|u| u.id))?;
            let within = if let Scope::Units(units) = &scope { Some(units.as_slice()) } else { None };
            let rounds = queries::quotas::rounds_of(c, target.id, within)?;
            Ok(Found {
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
                funnel: queries::funnel(c, &target, &scope, now)?,
                agencies: match target.metric == Metric::Agencies && scope.is_nation() && target.state.is_counted() {
                    true => Some(queries::agencies(c, &target, today)?),
                    false => None,
                },
                level,
                scope,
                unit,
                target,
            })
        })
        .await?;
    let can_manage = who.authority().reach(Permission::ManageTargets) == Reach::Everywhere;
    page.html("targets/detail", &detail(&page, &asked, &faults, part, now, found, can_manage))
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

fn detail(
    page: &Page,
    asked: &Asked,
    faults: &FieldErrors,
    part: Days,
    now: Moment,
    found: Found,
    can_manage: bool,
) -> DetailView {
    let Found {
        target,
        courses,
        scope,
        whole,
        by_day,
        funnel,
        agencies,
        level,
        unit,
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
    let to = |view: &str, unit: &str, number: &str| {
        address(&path, &[("xem", view), ("don-vi", unit), ("tu", &asked.tu), ("den", &asked.den), ("trang", number)])
    };
    let people = |unit: &str| address(&format!("{path}/nguoi"), &[("don-vi", unit), ("xem", &asked.xem)]);
    let row = |counted: &Counted| RowView {
        code: counted.unit.code.clone(),
        name: counted.unit.name(locale).to_owned(),
        split: counted.split.into(),
        parts_href: counted.has_parts.then(|| to(&asked.xem, &counted.unit.code, "")),
        people_href: people(&counted.unit.code),
    };
    let own = unit.as_ref().map(|u| u.code.clone()).unwrap_or_default();
    let shown = page_number(asked.trang);
    let skipped = usize::try_from(shown - 1).unwrap_or(0).saturating_mul(A_PAGE);
    let count = i64::try_from(level.rows.len()).unwrap_or(i64::MAX);
    let a_page = i64::try_from(A_PAGE).unwrap_or(i64::MAX);
    let direct = (!level.direct.total.is_zero()).then(|| level.direct.into());
    let mut crumbs = vec![Crumb::new(page.text("targets-title"), "/chi-tieu")];
    let share = agencies.as_ref().map(Agencies::share);
    let view = TargetView::of(page, &target, courses, whole.total, share, &scope, today);
    let counts: Vec<(NaiveDate, i64)> = by_day.iter().map(|(day, f)| (*day, f.rank(target.metric))).collect();
    let running = target.state == TargetState::InForce && scope.is_nation() && target.metric != Metric::Agencies;
    let pace = if running { Pace::of(target.period(), target.required, &counts, today) } else { None };
    let pace_view = pace.as_ref().map(|pace| PaceView::of(page, &target, pace));
    if unit.is_some() {
        crumbs.push(Crumb::new(view.title.clone(), to(&asked.xem, "", "")));
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
        as_recorded: asked.xem != AS_OF,
        recorded_href: to("", &own, ""),
        today_href: to(AS_OF, &own, ""),
        today,
        split: whole.into(),
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
        steps: funnel,
        months: months(&by_day),
        rows: level.rows.iter().skip(skipped).take(A_PAGE).map(row).collect(),
        direct,
        unconverted: level.unconverted.iter().map(row).collect(),
        total: level.total.into(),
        pages: Pages::of(page, shown, count, a_page, |n| to(&asked.xem, &own, &n.to_string())),
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
