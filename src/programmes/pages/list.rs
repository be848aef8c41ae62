//! `/de-cu`: the seats one may nominate for, or decide about.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::Serialize;

use super::title;
use crate::{
    access::{Permission, Reach, UnitId},
    accounts::{SignedIn, queries::directory},
    app::App,
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        error::{Error, Result},
        http::Page,
    },
    programmes::{
        model::{NominationState, quota_path},
        queries,
    },
    targets::{
        model::quota::{Quota, QuotaRound},
        queries::quotas,
    },
};

#[derive(Serialize)]
struct ListView {
    rounds: Vec<RoundRow>,
    seats: Vec<SeatsRow>,
    decides: bool,
}

/// A round as those see it who decide.
#[derive(Serialize)]
struct RoundRow {
    href: String,
    title: String,
    is_open: bool,
    total: i64,
    to_decide: i64,
    approved: i64,
    waiting: i64,
}

/// What a unit has, as the unit sees it.
#[derive(Serialize)]
struct SeatsRow {
    href: String,
    title: String,
    unit: String,
    is_open: bool,
    amount: i64,
    taken: i64,
    waiting: i64,
    returned: i64,
    drafted: i64,
    deadline: Option<NaiveDate>,
    is_late: bool,
}

type Counts = BTreeMap<NominationState, i64>;

pub async fn show(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    let reach = who.require(Permission::SeeNominations)?;
    let today = local_day(app.now().0);
    let decides = reach == Reach::Everywhere;
    let (rounds, seats) = app
        .db
        .read(move |c| {
            if decides {
                let mut rounds: Vec<(QuotaRound, Counts)> = Vec::new();
                for round in quotas::rounds(c)? {
                    let counts = queries::counts_of_round(c, round.id)?;
                    rounds.push((round, counts));
                }
                return Ok::<_, Error>((rounds, Vec::new()));
            }
            let within = directory::units_within(c, &reach, today)?;
            let found = queries::quotas_within(c, within.as_deref())?;
            let units: Vec<UnitId> = found.iter().map(|(_, quota)| quota.unit_id).collect();
            let units = organisations::by_ids(c, &units)?;
            let mut seats: Vec<(QuotaRound, Quota, _, Counts)> = Vec::new();
            for (round, quota) in found {
                let counts = queries::counts(c, quota.id)?;
                if let Some(unit) = units.get(&quota.unit_id) {
                    seats.push((round, quota, unit.clone(), counts));
                }
            }
            Ok((Vec::new(), seats))
        })
        .await?;
    let of = |counts: &Counts, state| counts.get(&state).copied().unwrap_or(0);
    let view = ListView {
        decides,
        rounds: rounds
            .into_iter()
            .map(|(round, counts)| RoundRow {
                href: format!("/de-cu/{}", round.code),
                title: title(&page, &round),
                is_open: round.is_open(),
                total: round.total,
                to_decide: of(&counts, NominationState::Submitted) + of(&counts, NominationState::Endorsed),
                approved: of(&counts, NominationState::Approved),
                waiting: of(&counts, NominationState::Waiting),
            })
            .collect(),
        seats: seats
            .into_iter()
            .map(|(round, quota, unit, counts)| {
                let deadline = quota.deadline.or(round.deadline);
                SeatsRow {
                    href: quota_path(&round.code, &unit.code),
                    title: title(&page, &round),
                    unit: unit.name(page.locale()).to_owned(),
                    is_open: round.is_open(),
                    amount: quota.amount - quota.passed_on,
                    taken: quota.taken,
                    waiting: of(&counts, NominationState::Waiting),
                    returned: of(&counts, NominationState::Returned),
                    drafted: of(&counts, NominationState::Drafted),
                    is_late: deadline.is_some_and(|day| day < today),
                    deadline,
                }
            })
            .collect(),
    };
    page.html("programmes/list", &view)
}
