//! What a training officer has to do today, and what a coordinator looks at first.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    access::{Authority, Permission, Reach, UnitId},
    accounts::queries::directory,
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        db::{DbConn, Moment},
        error::Result,
        http::Page,
        i18n::{Locale, Message},
        text,
    },
    programmes::{
        self,
        model::{nomination_path, quota_path},
    },
    reminders::{model::Late, queries as reminders},
    targets::{
        model::{
            Metric, Pace, TargetId, TargetState,
            quota::{Quota, QuotaRound},
        },
        queries::{NationRow, quotas},
    },
};

/// Rows of each list; the pages they lead to have all.
const SHOWN: usize = 5;

/// Everything of the desk of somebody who answers for units.
pub struct Officer {
    seats: Vec<(QuotaRound, Quota, String)>,
    late: (Vec<Late>, i64, i64),
    returned: Vec<programmes::queries::Returned>,
}

/// Nothing for who answers for no unit; the nation's lists are not of anybody's first page.
pub fn read(c: &mut DbConn, authority: &Authority, now: Moment) -> Result<Option<Officer>> {
    let Reach::Under(units) = authority.reach(Permission::Remind) else { return Ok(None) };
    let mut seats = quotas::of_units(c, &units)?;
    seats.retain(|(round, _)| round.is_open());
    seats.truncate(SHOWN);
    let ids: Vec<UnitId> = seats.iter().map(|(_, quota)| quota.unit_id).collect();
    let named = organisations::by_ids(c, &ids)?;
    let seats = seats
        .into_iter()
        .filter_map(|(round, quota)| {
            let code = named.get(&quota.unit_id)?.code.clone();
            Some((round, quota, code))
        })
        .collect();
    let within = directory::units_within(c, &Reach::Under(units), local_day(now.0))?;
    Ok(Some(Officer {
        seats,
        late: reminders::late(c, within.as_deref(), now, 1)?,
        returned: programmes::queries::returned(c, authority, now, i64::try_from(SHOWN).unwrap_or(5))?,
    }))
}

/// What one's own units were given of each target, in all its rounds.
pub fn given(c: &mut DbConn, authority: &Authority) -> Result<HashMap<TargetId, i64>> {
    let Reach::Under(units) = authority.reach(Permission::SeeQuotas) else { return Ok(HashMap::new()) };
    let mut given: HashMap<TargetId, i64> = HashMap::new();
    for (round, quota) in quotas::of_units(c, &units)? {
        if let Some(target) = round.target_id {
            *given.entry(target).or_default() += quota.amount;
        }
    }
    given.retain(|_, amount| *amount > 0);
    Ok(given)
}

#[derive(Serialize)]
pub struct DeskView {
    seats: Vec<SeatsView>,
    late: Vec<LateView>,
    late_places: i64,
    late_people: i64,
    returned: Vec<ReturnedView>,
}

#[derive(Serialize)]
struct SeatsView {
    href: String,
    title: String,
    taken: i64,
    amount: i64,
    deadline: Option<NaiveDate>,
    is_late: bool,
}

#[derive(Serialize)]
struct LateView {
    name: String,
    unit: String,
    class: String,
    due: String,
    is_over: bool,
}

#[derive(Serialize)]
struct ReturnedView {
    href: String,
    name: String,
    reason: String,
}

impl DeskView {
    pub fn of(page: &Page, officer: Officer, today: NaiveDate) -> Self {
        let (late, late_places, late_people) = officer.late;
        let locale = page.locale();
        Self {
            seats: officer
                .seats
                .into_iter()
                .map(|(round, quota, unit)| {
                    let deadline = quota.deadline.or(round.deadline);
                    SeatsView {
                        href: quota_path(&round.code, &unit),
                        title: if locale == Locale::Vi { round.title_vi } else { round.title_en },
                        taken: quota.taken + quota.passed_on,
                        amount: quota.amount,
                        deadline,
                        is_late: deadline.is_some_and(|day| day < today),
                    }
                })
                .collect(),
            late: late
                .into_iter()
                .take(SHOWN)
                .map(|row| {
                    let days = (row.last_day - today).num_days();
                    let due = match days {
                        0.. => Message::new("reminders-due-in").with("days", days),
                        _ => Message::new("reminders-over-since").with("days", -days),
                    };
                    LateView {
                        name: row.name,
                        unit: row.unit.map(|unit| unit.name(locale).to_owned()).unwrap_or_default(),
                        class: row.title,
                        due: page.text(due),
                        is_over: days < 0,
                    }
                })
                .collect(),
            late_places,
            late_people,
            returned: officer
                .returned
                .into_iter()
                .map(|one| ReturnedView {
                    href: nomination_path(&one.round, &one.unit, &one.nomination.code),
                    name: one.name,
                    reason: one.reason,
                })
                .collect(),
        }
    }
}

/// What of a running target wants a coordinator's attention.
#[derive(Serialize)]
pub struct AlertView {
    without_data: i64,
    agencies: i64,
    behind: i64,
    /// Empty for who reminds nobody.
    href: String,
}

impl AlertView {
    pub fn of(row: &NationRow, can_remind: bool) -> Option<Self> {
        row.alerts.map(|alerts| Self {
            without_data: alerts.without_data,
            agencies: alerts.agencies,
            behind: alerts.behind,
            href: if can_remind { format!("/don-doc/chi-tieu/{}", row.target.code) } else { String::new() },
        })
    }
}

/// Needed and actual in one line.
#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
pub fn pace(page: &Page, row: &NationRow, today: NaiveDate) -> Option<String> {
    let target = &row.target;
    if target.state != TargetState::InForce || target.metric == Metric::Agencies {
        return None;
    }
    let counts: Vec<(NaiveDate, i64)> = row.by_day.iter().map(|(day, f)| (*day, f.rank(target.metric))).collect();
    let pace = Pace::of(target.period(), target.required, &counts, today)?;
    let tenths = |value: i64| text::decimal(value as f64 / 10.0, 1, page.locale());
    let unit = page.text(Message::new(format!("targets-unit-{}", target.metric)));
    let said = Message::new("home-pace")
        .with("needed", tenths(pace.needed_tenths()))
        .with("actual", pace.actual_tenths().map_or_else(|| text::NO_FIGURE.to_owned(), tenths))
        .with("days", pace.days_left)
        .with("unit", unit);
    Some(page.text(said))
}
