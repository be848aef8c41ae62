//! The seats of the running year's plan, handed to the made-up agencies: some accepted, one asked for more, one was given more, one handed
//! seats on to its departments; and who learnt this year stands in them as nominated.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, TimeDelta};

use crate::{
    access::{Actor, PersonId, UnitId},
    app::App,
    learning::model::Completion,
    organisations,
    platform::{
        clock::local_day,
        db::{DbConn, Moment},
        error::{Error, Result},
    },
    targets::{
        actions::quotas as actions,
        model::{
            Target,
            quota::{Allocation, Answer, Letter, NewRound, Quota, QuotaId, QuotaRound, Reply, Settlement},
        },
        queries::{self, quotas::in_round},
    },
};

/// Who does what in it.
pub struct Cast {
    pub coordinator: Actor,
    /// The officers of the two agencies, with their codes.
    pub officers: [(&'static str, Actor); 2],
    /// Learners of the first.
    pub learners: Vec<PersonId>,
}

/// Agencies that get seats besides the officers' own two.
const AGENCIES: usize = 14;
/// Days ago on which the round was opened, and days until it ends.
const OPENED: i64 = 24;
const ENDS: i64 = 6;

/// Hands out the seats of a plan. The agencies are those whose people learnt this year; who of them is to be nominated, as far as the
/// seats of their agency reach, comes back.
pub async fn hand_out(
    app: &App,
    cast: Cast,
    target: Target,
    learnt: &[Completion],
) -> Result<Vec<(QuotaId, Vec<PersonId>)>> {
    let now = app.now();
    let mut people: BTreeMap<UnitId, BTreeSet<PersonId>> = BTreeMap::new();
    for completion in learnt {
        people.entry(completion.unit).or_default().insert(completion.person);
    }
    let [(first, _), _] = &cast.officers;
    let first = *first;
    app.db
        .write("demo.quotas", move |c| {
            let round = open(c, now, &cast.coordinator, &target)?;
            people.entry(unit(c, first)?).or_default().extend(cast.learners.iter().copied());
            let mut agencies: Vec<(UnitId, i64)> = Vec::new();
            for (code, _) in &cast.officers {
                agencies.push((unit(c, code)?, 8));
            }
            for (unit, who) in people.iter().take(AGENCIES + 2) {
                if agencies.len() < AGENCIES + 2 && agencies.iter().all(|(known, _)| known != unit) {
                    let count = i64::try_from(who.len()).unwrap_or(1);
                    agencies.push((*unit, count + 2 + unit.0 % 3));
                }
            }
            // What does not fit any more gets none: the last of the list wait for the next round.
            let mut left = round.total;
            agencies.retain(|(_, amount)| {
                let fits = *amount <= left;
                left -= if fits { *amount } else { 0 };
                fits
            });
            let rows = agencies.clone();
            let given = allocate(c, day(now, OPENED - 1), &cast.coordinator, &round, None, rows, "18/CV-MH")?;
            answers(c, now, &cast, &round, &agencies)?;
            let mut seats = Vec::new();
            for (id, (unit, _)) in given.into_iter().zip(&agencies) {
                // Only where the agency accepted.
                let quota = queries::quotas::quota(c, id)?;
                let left =
                    if quota.answer == Answer::Accepted { usize::try_from(quota.left()).unwrap_or(0) } else { 0 };
                seats.push((id, people.get(unit).into_iter().flatten().copied().take(left).collect()));
            }
            Ok(seats)
        })
        .await
}

fn day(now: Moment, ago: i64) -> Moment {
    now - TimeDelta::days(ago)
}

fn unit(c: &mut DbConn, code: &str) -> Result<UnitId> {
    organisations::queries::by_code(c, code)?.map(|unit| unit.id).ok_or(Error::NotFound)
}

fn open(c: &mut DbConn, now: Moment, by: &Actor, target: &Target) -> Result<QuotaRound> {
    let at = day(now, OPENED);
    let new = NewRound {
        code: format!("ke-hoach-{}", local_day(now.0).year()),
        title_vi: format!("Phân bổ kế hoạch minh họa năm {}", local_day(now.0).year()),
        title_en: format!("Seats of the illustration plan {}", local_day(now.0).year()),
        target: Some(target.id),
        run: None,
        total: target.required,
        deadline: Some(local_day(now.0) + TimeDelta::days(ENDS)),
        letter: Letter { number: "17/CV-MH".to_owned(), date: Some(local_day(at.0)) },
    };
    actions::open_round(c, by, at, &new)
}

fn allocate(
    c: &mut DbConn,
    at: Moment,
    by: &Actor,
    round: &QuotaRound,
    parent: Option<QuotaId>,
    rows: Vec<(UnitId, i64)>,
    letter: &str,
) -> Result<Vec<QuotaId>> {
    let letter = Letter { number: letter.to_owned(), date: Some(local_day(at.0)) };
    let new = Allocation { round: round.id, parent, rows, deadline: None, letter, reason: String::new() };
    actions::allocate(c, by, at, &new)
}

/// The first agency accepts and hands some on, the second waits with its answer; of the others most accept, one asks and is given more,
/// one asks still.
fn answers(c: &mut DbConn, now: Moment, cast: &Cast, round: &QuotaRound, agencies: &[(UnitId, i64)]) -> Result<()> {
    let quota = |c: &mut DbConn, unit: UnitId| -> Result<Quota> { in_round(c, round.id, unit)?.ok_or(Error::NotFound) };
    let [(first, officer), _] = &cast.officers;
    let first = unit(c, first)?;
    let own = quota(c, first)?;
    actions::answer(c, officer, day(now, 20), own.id, &Reply::Accept)?;
    let below = organisations::queries::children(c, first, local_day(now.0))?;
    let rows: Vec<(UnitId, i64)> = below.iter().take(2).map(|unit| (unit.id, 2)).collect();
    if !rows.is_empty() {
        allocate(c, day(now, 19), officer, round, Some(own.id), rows, "03/CV-MH-LC")?;
    }
    for (place, (unit, amount)) in agencies.iter().enumerate().skip(2) {
        let id = quota(c, *unit)?.id;
        let at = day(now, 18) + TimeDelta::hours(i64::try_from(place).unwrap_or(0));
        let ask =
            |more: i64, reason: &str| Reply::Ask { amount: amount + more, reason: format!("Minh họa: {reason}") };
        match place {
            4 => {
                actions::answer(
                    c,
                    &Actor::system(),
                    at,
                    id,
                    &ask(-1, "đơn vị đang sắp xếp lại, thiếu người đủ điều kiện"),
                )?;
                let grant = Settlement::Grant { amount: amount - 1, reason: "Minh họa: đồng ý".to_owned() };
                actions::settle(c, &cast.coordinator, at + TimeDelta::days(1), id, &grant)?;
            }
            5 => actions::answer(c, &Actor::system(), at, id, &ask(3, "thêm công chức cấp xã"))?,
            place if place % 4 == 3 => {}
            _ => actions::answer(c, &Actor::system(), at, id, &Reply::Accept)?,
        }
    }
    Ok(())
}
