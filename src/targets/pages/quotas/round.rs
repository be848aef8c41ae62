//! One round: for who sees the country all agencies by shortfall, for an officer what their units have in it.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::{Deserialize, Serialize};

use super::{
    list::topmost,
    shown::{A_PAGE, AllocateView, CardView, DeadlineView, LevelView, allocation, as_faults, choices, title},
};
use crate::{
    app::App,
    platform::{
        as_i64,
        charts::{self, Caption, Step},
        clock::local_day,
        error::{Error, Result},
        http::{Crumb, FormView, Input, Page, Pages, SafeHtml, page_number},
        i18n::Message,
        text::date,
    },
    targets::{
        actions,
        forms::AllocationForm,
        guards::quotas::{ManagedRound, RoundSeen},
        model::quota::QuotaRound,
        queries::{self, quotas::Cascade},
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/phan-bo/{code}").get(show));
    cfg.service(web::resource("/phan-bo/{code}/phan-bo").post(allocate));
    cfg.service(web::resource("/phan-bo/{code}/ket-thuc").post(close));
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    trang: Option<i64>,
}

#[derive(Serialize)]
struct RoundView {
    crumbs: Vec<Crumb>,
    code: String,
    title: String,
    state: String,
    state_kind: &'static str,
    /// Of the target or the class the seats are for.
    target: Option<LinkView>,
    run: Option<LinkView>,
    letter: Option<String>,
    deadline: Option<DeadlineView>,
    /// The faults of the form on the page.
    form: FormView,
    /// The whole round, for who sees the country.
    whole: Option<WholeView>,
    /// The quotas of an officer's units.
    cards: Vec<CardView>,
}

#[derive(Serialize)]
pub struct LinkView {
    pub href: String,
    pub label: String,
}

#[derive(Serialize)]
struct WholeView {
    total: i64,
    allocated: i64,
    accepted: i64,
    taken: i64,
    left: i64,
    waiting: i64,
    asked: i64,
    drawn: SafeHtml,
    level: LevelView,
    pages: Pages,
    /// For who hands the seats out, while the round is open.
    allocate: Option<AllocateView>,
}

/// The letter by which something was done: its number and, where known, its day.
pub fn letter(page: &Page, number: &str, day: Option<chrono::NaiveDate>) -> Option<String> {
    if number.is_empty() {
        return None;
    }
    let said = match day {
        Some(day) => Message::new("quotas-letter-dated").with("number", number.to_owned()).with("date", date(day)),
        None => Message::new("quotas-letter").with("number", number.to_owned()),
    };
    Some(page.text(said))
}

async fn show(app: web::Data<App>, page: Page, seen: RoundSeen, asked: web::Query<Asked>) -> Result<HttpResponse> {
    let form = FormView::default();
    match seen.within {
        None => whole(&app, &page, StatusCode::OK, seen.round, seen.can_manage, page_number(asked.trang), form).await,
        Some(units) => {
            let today = local_day(app.now().0);
            let id = seen.round.id;
            let held = app.db.read(move |c| topmost(c, &units)).await?;
            let cards = held
                .iter()
                .filter(|(round, ..)| round.id == id)
                .map(|(round, quota, unit, sums)| CardView::of(&page, round, quota, unit, *sums, today))
                .collect();
            let head = head(&app, &page, &seen.round).await?;
            page.html("quotas/round", &RoundView { cards, ..head })
        }
    }
}

/// What everybody sees of a round.
async fn head(app: &App, page: &Page, round: &QuotaRound) -> Result<RoundView> {
    let (target, run) = (round.target_id, round.run_id);
    let (target, run) = app
        .db
        .read(move |c| {
            let target = target.map(|id| queries::by_id(c, id)).transpose()?;
            let run = run.map(|id| crate::learning::queries::run(c, id)).transpose()?;
            Ok::<_, Error>((target, run))
        })
        .await?;
    let today = local_day(app.now().0);
    Ok(RoundView {
        crumbs: vec![Crumb::new(page.text("quotas-title"), "/phan-bo")],
        code: round.code.clone(),
        title: title(page.locale(), round),
        state: page.text(Message::new(format!("quotas-state-{}", round.state))),
        state_kind: if round.is_open() { "info" } else { "plain" },
        target: target.map(|target| LinkView {
            href: format!("/chi-tieu/{}", target.code),
            label: crate::targets::pages::title(page, &target),
        }),
        run: run.map(|run| LinkView { href: format!("/lop/{}", run.code), label: run.title }),
        letter: letter(page, &round.letter_number, round.letter_date),
        deadline: if round.is_open() { DeadlineView::of(page, round.deadline, today) } else { None },
        form: FormView::default(),
        whole: None,
        cards: Vec::new(),
    })
}

async fn whole(
    app: &App,
    page: &Page,
    status: StatusCode,
    round: QuotaRound,
    can_manage: bool,
    shown: i64,
    form: FormView,
) -> Result<HttpResponse> {
    let (id, locale, today) = (round.id, page.locale(), local_day(app.now().0));
    let can_allocate = can_manage && round.is_open();
    let (level, units) = app
        .db
        .read(move |c| {
            let level = queries::quotas::cascade(c, id, None, shown, A_PAGE)?;
            let units = if can_allocate { choices(c, None, today, locale)? } else { Vec::new() };
            Ok::<_, Error>((level, units))
        })
        .await?;
    let path = format!("/phan-bo/{}", round.code);
    let view = WholeView {
        total: round.total,
        allocated: round.passed_on,
        accepted: level.accepted,
        taken: level.taken,
        left: round.left(),
        waiting: level.waiting,
        asked: level.asked,
        drawn: drawn(page, &round, &level),
        pages: Pages::of(page, shown, level.count, A_PAGE, |n| format!("{path}?trang={n}")),
        level: LevelView::of(page, &round, &level),
        allocate: can_allocate.then(|| AllocateView { form: form.clone(), action: format!("{path}/phan-bo"), units }),
    };
    let head = head(app, page, &round).await?;
    page.html_as(status, "quotas/round", &RoundView { whole: Some(view), form, ..head })
}

/// How far the seats of the round have come.
fn drawn(page: &Page, round: &QuotaRound, level: &Cascade) -> SafeHtml {
    let step = |key: &'static str, value, counted| Step { label: page.text(key), value, counted };
    let said = Message::new("quotas-drawn-desc")
        .with("total", round.total)
        .with("allocated", round.passed_on)
        .with("accepted", level.accepted)
        .with("taken", level.taken);
    SafeHtml::vouched(charts::funnel(&charts::Funnel {
        caption: Caption {
            id: "phan-bo-suat".to_owned(),
            title: page.text("quotas-drawn"),
            description: page.text(said),
        },
        unit: page.text("quotas-seats"),
        steps: vec![
            step("quotas-total", round.total, false),
            step("quotas-allocated", round.passed_on, false),
            step("quotas-accepted", level.accepted, false),
            step("quotas-taken", level.taken, true),
        ],
        locale: page.locale(),
    }))
}

async fn allocate(app: web::Data<App>, page: Page, managed: ManagedRound, input: Input) -> Result<HttpResponse> {
    let ManagedRound { who, round } = managed;
    let (now, by, id) = (app.now(), who.actor(), round.id);
    let given = match AllocationForm::read(&input) {
        Err(error) => Err(error),
        Ok(form) => {
            app.db
                .write("quotas.allocate", move |c| {
                    let new = allocation(c, id, None, &form, local_day(now.0))?;
                    actions::quotas::allocate(c, &by, now, &new)
                })
                .await
        }
    };
    match given {
        Ok(given) => {
            let count = as_i64(given.len());
            let said = Message::new("quotas-given").with("count", count);
            Ok(page.go_saying(&format!("/phan-bo/{}", round.code), "good", said))
        }
        Err(error) => {
            let form = page.form(&input, &as_faults(error)?);
            whole(&app, &page, StatusCode::UNPROCESSABLE_ENTITY, round, true, 1, form).await
        }
    }
}

async fn close(app: web::Data<App>, page: Page, managed: ManagedRound) -> Result<HttpResponse> {
    let (now, by, id) = (app.now(), managed.who.actor(), managed.round.id);
    app.db.write("quotas.close", move |c| actions::quotas::close_round(c, &by, now, id)).await?;
    Ok(page.go_saying(&format!("/phan-bo/{}", managed.round.code), "good", "quotas-closed"))
}
