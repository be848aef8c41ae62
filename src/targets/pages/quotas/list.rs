//! All rounds for who sees the country; for an officer the quotas of their units, the topmost ones. And opening a round.

use std::collections::HashSet;

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::shown::{CardView, DeadlineView, as_faults, title};
use crate::{
    access::{Permission, Reach, UnitId},
    accounts::{SignedIn, queries::directory},
    app::App,
    learning,
    organisations::{self, model::Unit},
    platform::{
        clock::local_day,
        db::DbConn,
        error::{Error, FieldErrors, Result},
        http::{Choice, Crumb, FormView, Input, Page},
        i18n::{Locale, Message},
    },
    targets::{
        actions,
        forms::RoundForm,
        model::{
            Target,
            quota::{NewRound, Quota, QuotaId, QuotaRound},
        },
        queries::{self, quotas::Sums},
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/phan-bo").get(list));
    cfg.service(web::resource("/phan-bo/moi").get(blank).post(open));
}

#[derive(Serialize)]
struct ListView {
    is_nation: bool,
    can_open: bool,
    rounds: Vec<RoundRow>,
    cards: Vec<CardView>,
}

#[derive(Serialize)]
struct RoundRow {
    href: String,
    title: String,
    total: i64,
    passed_on: i64,
    state: String,
    state_kind: &'static str,
    deadline: Option<DeadlineView>,
    letter_number: String,
}

async fn list(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    let reach = who.require(Permission::SeeQuotas)?;
    let can_open = who.authority().reach(Permission::ManageQuotas) == Reach::Everywhere;
    let today = local_day(app.now().0);
    let (rounds, cards) = app
        .db
        .read(move |c| match directory::units_within(c, &reach, today)? {
            None => Ok((queries::quotas::rounds(c)?, Vec::new())),
            Some(units) => Ok::<_, Error>((Vec::new(), topmost(c, &units)?)),
        })
        .await?;
    let row = |round: QuotaRound| RoundRow {
        href: format!("/phan-bo/{}", round.code),
        title: title(page.locale(), &round),
        total: round.total,
        passed_on: round.passed_on,
        state: page.text(Message::new(format!("quotas-state-{}", round.state))),
        state_kind: if round.is_open() { "info" } else { "plain" },
        deadline: if round.is_open() { DeadlineView::of(&page, round.deadline, today) } else { None },
        letter_number: round.letter_number.clone(),
    };
    let view = ListView {
        is_nation: who.authority().reach(Permission::SeeQuotas) == Reach::Everywhere,
        can_open,
        rounds: rounds.into_iter().map(row).collect(),
        cards: cards.iter().map(|(r, q, u, s)| CardView::of(&page, r, q, u, *s, today)).collect(),
    };
    page.html("quotas/list", &view)
}

/// A quota with its round, its unit and what lies in it.
pub type Held = (QuotaRound, Quota, Unit, Sums);

/// The quotas of some units, without those that lie below another of them.
pub fn topmost(c: &mut DbConn, units: &[UnitId]) -> Result<Vec<Held>> {
    let found = queries::quotas::of_units(c, units)?;
    let ids: HashSet<QuotaId> = found.iter().map(|(_, quota)| quota.id).collect();
    let named = organisations::queries::by_ids(c, units)?;
    let mut held = Vec::new();
    for (round, quota) in found {
        if quota.parent_id.is_some_and(|parent| ids.contains(&parent)) {
            continue;
        }
        let sums = queries::quotas::sums(c, &quota)?;
        let unit = named.get(&quota.unit_id).cloned();
        held.push((round, quota, unit.ok_or_else(|| Error::internal("a quota of no unit"))?, sums));
    }
    held.sort_by_key(|(round, ..)| !round.is_open());
    Ok(held)
}

#[derive(Serialize)]
struct OpenView {
    crumbs: Vec<Crumb>,
    form: FormView,
    targets: Vec<Choice>,
    runs: Vec<Choice>,
}

fn must_open(who: &SignedIn) -> Result<()> {
    match who.require(Permission::ManageQuotas)? {
        Reach::Everywhere => Ok(()),
        _ => Err(Error::Forbidden),
    }
}

async fn blank(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    must_open(&who)?;
    render(&app, &page, StatusCode::OK, FormView::default()).await
}

async fn render(app: &App, page: &Page, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let now = app.now();
    let (targets, runs) = app
        .db
        .read(move |c| {
            Ok::<_, Error>((
                queries::list(c, false)?,
                learning::queries::runs_within(c, &Reach::Everywhere, local_day(now.0))?,
            ))
        })
        .await?;
    let locale = page.locale();
    let target =
        |target: Target| Choice::new(target.code, if locale == Locale::Vi { target.title_vi } else { target.title_en });
    let view = OpenView {
        crumbs: vec![Crumb::new(page.text("quotas-title"), "/phan-bo")],
        form,
        targets: targets.into_iter().filter(|t| t.state.is_counted()).map(target).collect(),
        runs: runs
            .into_iter()
            .filter(|run| run.closes_at > now)
            .map(|run| Choice::new(&run.code, format!("{} ({})", run.title, run.code)))
            .collect(),
    };
    page.html_as(status, "quotas/open", &view)
}

async fn open(app: web::Data<App>, page: Page, who: SignedIn, input: Input) -> Result<HttpResponse> {
    must_open(&who)?;
    let (now, by) = (app.now(), who.actor());
    let opened = match RoundForm::read(&input) {
        Err(error) => Err(error),
        Ok(form) => {
            app.db
                .write("quotas.open", move |c| {
                    let mut faults = FieldErrors::default();
                    let target = match form.target.as_str() {
                        "" => None,
                        code => queries::by_code(c, code).map(|t| Some(t.id)).unwrap_or_else(|_| {
                            faults.add("target", "quotas-fault-target");
                            None
                        }),
                    };
                    let run = match form.run.as_str() {
                        "" => None,
                        code => learning::queries::run_by_code(c, code).map(|r| Some(r.id)).unwrap_or_else(|_| {
                            faults.add("run", "quotas-fault-run");
                            None
                        }),
                    };
                    faults.or(())?;
                    let new = NewRound {
                        code: form.code,
                        title_vi: form.title_vi,
                        title_en: form.title_en,
                        target,
                        run,
                        total: form.total,
                        deadline: form.deadline,
                        letter: form.letter,
                    };
                    actions::quotas::open_round(c, &by, now, &new)
                })
                .await
        }
    };
    match opened {
        Ok(round) => Ok(page.go_saying(&format!("/phan-bo/{}", round.code), "good", "quotas-opened")),
        Err(error) => {
            let form = page.form(&input, &as_faults(error)?);
            render(&app, &page, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}
