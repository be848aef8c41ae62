//! Opening class runs, and changing how many seats they have.

use diesel::prelude::*;
use serde_json::json;

use super::{enrol::hold_run, waiting::fill_seats};
use crate::{
    access::{Actor, UnitId},
    audit::{Entry, record},
    courses::{model::VersionId, queries as courses},
    learning::model::{EnrolmentMode, Run, RunId, is_code},
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        db::{DbConn, Moment, breaks_unique, schema::class_runs},
        error::{Error, FieldErrors, Result},
        i18n::Message,
        text::tidy,
    },
};

/// A run to be opened.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// As it stands in addresses and papers: capital letters, digits, hyphens.
    pub code: String,
    /// The run stays on this version for good.
    pub version: VersionId,
    /// Who organises it.
    pub unit: UnitId,
    /// Empty: the course's title.
    pub title: String,
    pub opens_at: Moment,
    pub closes_at: Moment,
    pub capacity: Option<i64>,
    pub enrolment: EnrolmentMode,
    /// Number and date of the decision to hold the class.
    pub decision: Option<String>,
}

/// Opens a run. Whoever calls it has proved the right over the organising unit.
pub fn open_run(c: &mut DbConn, now: Moment, by: &Actor, new: &NewRun) -> Result<Run> {
    let mut errors = FieldErrors::default();
    if !is_code(&new.code) {
        errors.add("code", "learning-run-code-form");
    }
    if new.closes_at <= new.opens_at {
        errors.add("closes", "learning-run-closes-before");
    }
    if new.closes_at <= now {
        errors.add("closes", "learning-run-closes-past");
    }
    if new.capacity.is_some_and(|seats| seats < 1) {
        errors.add("capacity", "learning-run-capacity-form");
    }
    let unit = organisations::unit(c, new.unit)?;
    if !unit.valid_on(local_day(new.opens_at.0)) {
        errors.add("unit", "learning-run-unit-not-valid");
    }
    errors.or(())?;
    let version = courses::version(c, new.version)?;
    let title = tidy(&new.title);
    let access_code = if new.enrolment == EnrolmentMode::Code { Some(access_code()?) } else { None };
    let id: RunId = diesel::insert_into(class_runs::table)
        .values((
            class_runs::code.eq(&new.code),
            class_runs::course_id.eq(version.course_id),
            class_runs::version_id.eq(version.id),
            class_runs::unit_id.eq(new.unit),
            class_runs::title.eq(if title.is_empty() { &version.title_vi } else { &title }),
            class_runs::opens_at.eq(new.opens_at),
            class_runs::closes_at.eq(new.closes_at),
            class_runs::capacity.eq(new.capacity),
            class_runs::enrolment.eq(new.enrolment),
            class_runs::access_code.eq(&access_code),
            class_runs::decision.eq(new.decision.as_deref().map(tidy).filter(|text| !text.is_empty())),
            class_runs::created_at.eq(now),
            class_runs::created_by.eq(by.person.map(|person| person.0)),
        ))
        .returning(class_runs::id)
        .get_result(c)
        .map_err(|e| match breaks_unique(&e, "class_runs", "code") {
            true => FieldErrors::one("code", "learning-run-code-taken"),
            false => Error::from(e),
        })?;
    let entry = Entry::new("class.open", "class_runs", id).unit(new.unit).after(json!({
        "code": new.code,
        "version": version.id,
        "opens_at": new.opens_at,
        "closes_at": new.closes_at,
        "capacity": new.capacity,
        "enrolment": new.enrolment,
        "decision": new.decision,
    }));
    record(c, by, now, entry)?;
    crate::learning::queries::run(c, id)
}

/// Changes how many seats a run has, never below those that are taken; who waits moves up into the new ones. Whoever calls it has
/// proved the right over the organising unit.
pub fn set_capacity(c: &mut DbConn, now: Moment, by: &Actor, run: RunId, capacity: i64) -> Result<Run> {
    let before = hold_run(c, run)?;
    if now >= before.closes_at {
        return Err(Error::refused("learning-capacity-over"));
    }
    if capacity < 1 {
        return Err(FieldErrors::one("capacity", "learning-run-capacity-form"));
    }
    let changed = diesel::update(class_runs::table.filter(class_runs::id.eq(run).and(class_runs::taken.le(capacity))))
        .set(class_runs::capacity.eq(capacity))
        .execute(c)?;
    if changed == 0 {
        let taken = Message::new("learning-capacity-taken").with("taken", before.taken);
        return Err(FieldErrors::one("capacity", taken));
    }
    let entry = Entry::new("class.capacity", "class_runs", run).unit(before.unit_id);
    let entry = entry.before(json!({ "capacity": before.capacity })).after(json!({ "capacity": capacity }));
    record(c, by, now, entry)?;
    fill_seats(c, now, run)?;
    crate::learning::queries::run(c, run)
}

/// Letters and digits that are not mistaken for each other; 32 of them, so that a random byte picks evenly.
const SIGNS: [char; 32] = [
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y',
    'Z', '2', '3', '4', '5', '6', '7', '8', '9',
];

/// 40 random bits that can be read out on the telephone.
fn access_code() -> Result<String> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(bytes.iter().filter_map(|byte| SIGNS.get(usize::from(byte % 32))).collect())
}
