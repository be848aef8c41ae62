//! Opening a round and closing it.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Step, hold_open};
use crate::{
    access::Actor,
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment, breaks_unique,
            schema::{class_runs, quota_rounds, targets},
        },
        error::{Error, FieldErrors, Result},
        text::tidy,
    },
    targets::{
        actions::is_code,
        model::quota::{EventKind, Letter, NewRound, QuotaRound, RoundId, RoundState},
        queries,
    },
};

/// A deadline lies ahead.
pub(super) fn check_deadline(deadline: Option<NaiveDate>, today: NaiveDate, faults: &mut FieldErrors) {
    if deadline.is_some_and(|day| day < today) {
        faults.add("deadline", "quotas-fault-deadline");
    }
}

/// Opens a round. Whoever calls it has proved the right over all agencies.
pub fn open_round(c: &mut DbConn, by: &Actor, now: Moment, new: &NewRound) -> Result<QuotaRound> {
    let (title_vi, title_en) = (tidy(&new.title_vi), tidy(&new.title_en));
    let mut faults = FieldErrors::default();
    if !is_code(&new.code) {
        faults.add("code", "targets-fault-code");
    }
    for (field, title) in [("title_vi", &title_vi), ("title_en", &title_en)] {
        if title.is_empty() {
            faults.add(field, "quotas-fault-title");
        }
    }
    if new.total < 1 || new.total > MOST {
        faults.add("total", "quotas-fault-total");
    }
    check_deadline(new.deadline, local_day(now.0), &mut faults);
    if let Some(target) = new.target {
        let known = diesel::select(diesel::dsl::exists(targets::table.find(target.0))).get_result::<bool>(c)?;
        if !known {
            faults.add("target", "quotas-fault-target");
        }
    }
    if let Some(run) = new.run {
        let known = diesel::select(diesel::dsl::exists(class_runs::table.find(run.0))).get_result::<bool>(c)?;
        if !known {
            faults.add("run", "quotas-fault-run");
        }
    }
    faults.or(())?;
    let letter = Letter { number: tidy(&new.letter.number), date: new.letter.date };
    let inserted = diesel::insert_into(quota_rounds::table)
        .values((
            quota_rounds::code.eq(&new.code),
            quota_rounds::title_vi.eq(&title_vi),
            quota_rounds::title_en.eq(&title_en),
            quota_rounds::target_id.eq(new.target.map(|t| t.0)),
            quota_rounds::run_id.eq(new.run.map(|r| r.0)),
            quota_rounds::total.eq(new.total),
            quota_rounds::passed_on.eq(0),
            quota_rounds::deadline.eq(new.deadline),
            quota_rounds::letter_number.eq(&letter.number),
            quota_rounds::letter_date.eq(letter.date),
            quota_rounds::state.eq(RoundState::Open),
            quota_rounds::created_at.eq(now),
            quota_rounds::created_by.eq(by.person.map(|p| p.0)),
        ))
        .returning(quota_rounds::id)
        .get_result::<RoundId>(c);
    let id = match inserted {
        Ok(id) => id,
        Err(e) if breaks_unique(&e, "quota_rounds", "code") => {
            return Err(FieldErrors::one("code", "targets-fault-code-taken"));
        }
        Err(e) => return Err(e.into()),
    };
    let opened = Step::of_round(id, EventKind::Opened, new.total);
    Step { letter: Some(&letter), ..opened }.write(c, by, now)?;
    queries::quotas::round(c, id)
}

/// More seats than this are a slip of the keyboard.
const MOST: i64 = 10_000_000;

/// Ends a round: nothing is handed out and no seat is taken any more.
pub fn close_round(c: &mut DbConn, by: &Actor, now: Moment, id: RoundId) -> Result<()> {
    hold_open(c, id)?;
    let closed = diesel::update(
        quota_rounds::table.filter(quota_rounds::id.eq(id.0)).filter(quota_rounds::state.eq(RoundState::Open)),
    )
    .set(quota_rounds::state.eq(RoundState::Closed))
    .execute(c)?;
    if closed != 1 {
        return Err(Error::refused("quotas-refused-closed"));
    }
    Step::of_round(id, EventKind::Closed, 0).write(c, by, now)
}
