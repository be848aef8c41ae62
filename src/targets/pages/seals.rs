//! The seals of a target, and preparing another.

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::Serialize;

use super::title;
use crate::{
    access::Actor,
    accounts::queries::directory,
    app::App,
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, FieldErrors, Result},
        http::{Crumb, FormView, Input, Page},
        i18n::Message,
        text::read_day,
    },
    targets::{
        actions,
        guards::{ManagedTarget, NationOf},
        model::{
            Days, Target,
            seal::{SealId, SealRow, SealState},
        },
        queries::{self, Scope},
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/chi-tieu/{code}/ban-chot").get(show).post(prepare));
}

#[derive(Serialize)]
struct SealsView {
    crumbs: Vec<Crumb>,
    code: String,
    title: String,
    rows: Vec<RowView>,
    /// There are two signed ones.
    can_compare: bool,
    /// May prepare one, and there is a day that is over.
    can_prepare: bool,
    form: FormView,
}

#[derive(Serialize)]
struct RowView {
    href: String,
    number: Option<i64>,
    from: NaiveDate,
    to: NaiveDate,
    known_at: Moment,
    /// There are no figures yet.
    is_preparing: bool,
    people: i64,
    turns: i64,
    state: String,
    state_kind: &'static str,
    prepared_by: String,
    signed_by: Option<String>,
}

/// How a seal's state is said.
pub(super) fn state(page: &Page, row: &SealRow) -> (String, &'static str) {
    let kind = match row.state {
        SealState::Preparing => "info",
        SealState::Prepared => "warn",
        SealState::Signed => "good",
        SealState::Withdrawn => "plain",
    };
    (page.text(Message::new(format!("targets-seal-state-{}", row.state))), kind)
}

async fn show(app: web::Data<App>, page: Page, seen: NationOf) -> Result<HttpResponse> {
    let period = seen.target.period();
    let last = last_day(&app, period);
    let form = FormView::with([("from", period.from.to_string()), ("to", last.unwrap_or(period.to).to_string())]);
    render(&app, &page, seen.target, seen.can_manage, StatusCode::OK, form).await
}

/// The last day of the period that is over; none before its second day.
fn last_day(app: &App, period: Days) -> Option<NaiveDate> {
    let yesterday = local_day(app.now().0).pred_opt()?;
    (yesterday >= period.from).then(|| yesterday.min(period.to))
}

async fn render(
    app: &App,
    page: &Page,
    target: Target,
    can_manage: bool,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let id = target.id;
    let (rows, names) = app
        .db
        .read(move |c| {
            let rows = queries::seals(c, id)?;
            let people: Vec<_> =
                rows.iter().flat_map(|row| [Some(row.prepared_by), row.decided_by]).flatten().collect();
            let names = directory::names(c, &people)?;
            Ok::<_, Error>((rows, names))
        })
        .await?;
    let name = |id| names.get(&id).map(|(_, name)| name.clone()).unwrap_or_default();
    let path = format!("/chi-tieu/{}", target.code);
    let can_compare = rows.iter().filter(|row| row.state == SealState::Signed).count() > 1;
    let rows = rows
        .iter()
        .map(|row| {
            let (state, state_kind) = state(page, row);
            RowView {
                href: format!("{path}/ban-chot/{}", row.id),
                number: row.number,
                from: row.period_from,
                to: row.period_to,
                known_at: row.known_at,
                is_preparing: row.state == SealState::Preparing,
                people: row.people,
                turns: row.turns,
                state,
                state_kind,
                prepared_by: name(row.prepared_by),
                signed_by: row.decided_by.map(name),
            }
        })
        .collect();
    let view = SealsView {
        crumbs: vec![Crumb::new(page.text("targets-title"), "/chi-tieu"), Crumb::new(title(page, &target), path)],
        title: title(page, &target),
        can_compare,
        can_prepare: can_manage && last_day(app, target.period()).is_some(),
        code: target.code,
        rows,
        form,
    };
    page.html_as(status, "targets/seals", &view)
}

fn day(input: &Input, field: &'static str, faults: &mut FieldErrors) -> Option<NaiveDate> {
    let read = read_day(&input.text(field));
    if read.is_none() {
        faults.add(field, "targets-fault-day");
    }
    read
}

/// Up to how many turns are sealed while the person waits. More is left to a job.
const AT_ONCE: i64 = 1000;

async fn prepare(app: web::Data<App>, page: Page, managed: ManagedTarget, input: Input) -> Result<HttpResponse> {
    let ManagedTarget { who, target } = managed;
    let mut faults = FieldErrors::default();
    let days = day(&input, "from", &mut faults).zip(day(&input, "to", &mut faults));
    let begun = match days {
        None => Err(Error::Invalid(faults)),
        Some((from, to)) => begin(&app, who.actor(), &target, Days { from, to }).await,
    };
    match begun {
        Ok((seal, said)) => Ok(page.go_saying(&format!("/chi-tieu/{}/ban-chot/{seal}", target.code), "good", said)),
        Err(Error::Invalid(errors)) => {
            let form = page.form(&input, &errors);
            render(&app, &page, target, true, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
        Err(error) => Err(error),
    }
}

/// The seal that is there now or will be, and what the person is told. Computing only reads, so it does not hold up those who write.
async fn begin(app: &App, by: Actor, target: &Target, days: Days) -> Result<(SealId, &'static str)> {
    let (now, id, period) = (app.now(), target.id, target.period());
    let turns = app.db.read(move |c| queries::split(c, id, period, &Scope::Nation)).await?.total.turns;
    // Counters tell how many there are only of what is counted, and once it is.
    let is_told = target.state.is_counted() && !target.is_being_counted();
    if turns > AT_ONCE || !is_told {
        let seal = app.db.write("targets.begin-seal", move |c| actions::begin_seal(c, &by, now, id, days)).await?;
        return Ok((seal, "targets-seal-begun"));
    }
    let prepared = app.db.read(move |c| queries::prepare(c, id, days, now, now)).await?;
    let seal = app.db.write("targets.prepare-seal", move |c| actions::prepare_seal(c, &by, now, prepared)).await?;
    Ok((seal, "targets-seal-made"))
}
