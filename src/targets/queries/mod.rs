//! Reading targets: the definitions here, the rest by what is asked.

mod agencies;
mod awaited;
mod board;
mod changes;
pub mod derived;
mod facts;
mod figures;
mod funnel;
mod known;
mod nation;
mod outside;
mod people;
pub mod quotas;
mod scope;
mod seals;
mod tree;
mod verify;

use std::collections::HashMap;

use diesel::prelude::*;

pub use self::{
    agencies::{Agencies, AgencyRow, Share, agencies, kinds, shares},
    awaited::awaited,
    board::{Agency, Board, Officials, board, day_of, officials_on, without_data},
    changes::{Change, ChangeKind, changes},
    facts::{facts, facts_of_people},
    figures::{Counted, Level, View, by_day, counted_in, level, level_of, split, totals},
    funnel::{Funnel, funnel},
    known::{Known, KnownTurn, Named, given_at, known, known_in_seal, named, share_known},
    nation::{Alerts, NationRow, PublicRow, Version, nation, published, version},
    outside::{
        Decided, Outside, OutsidePerson, outside_class, outside_classes, outside_page, outside_reason, roster,
        roster_file, roster_sizes, voided, was_in_a_class,
    },
    people::{Asked, Open, OpenPage, RECORDS_A_PAGE, Record, RecordsPage, open_enrolments, records},
    scope::{Scope, behind},
    seals::{
        Adjustment, Adjustments, AgencyChanges, AgencyFigures, Cause, Prepared, SignedSeal, adjustments, between,
        chain_end, changed_since, check_part, latest_seals, prepare, seal, seal_content, seal_text, seals, signed_seal,
        signed_seals, turns_in, turns_known, verify_seals,
    },
    verify::verify,
};
use super::model::{NewTarget, Target, TargetEvent, TargetId, TargetState};
use crate::{
    access::UnitId,
    platform::{
        as_i64,
        db::{
            DbConn,
            schema::{courses, target_counts, target_courses, target_events, targets},
        },
        error::Result,
    },
};

/// Targets in force first, then closed ones by the end of their period; drafts and superseded ones only when asked for.
pub fn list(c: &mut DbConn, with_inactive: bool) -> Result<Vec<Target>> {
    let mut query = targets::table.select(Target::as_select()).into_boxed();
    if !with_inactive {
        query = query.filter(targets::state.eq_any([TargetState::InForce, TargetState::Closed]));
    }
    let mut found: Vec<Target> = query.order((targets::period_to.desc(), targets::code.asc())).load(c)?;
    found.sort_by_key(|t| match t.state {
        TargetState::InForce => 0,
        TargetState::Closed => 1,
        TargetState::Draft => 2,
        TargetState::Superseded => 3,
    });
    Ok(found)
}

pub fn by_code(c: &mut DbConn, code: &str) -> Result<Target> {
    Ok(targets::table.filter(targets::code.eq(code)).select(Target::as_select()).first(c)?)
}

pub fn by_id(c: &mut DbConn, id: TargetId) -> Result<Target> {
    Ok(targets::table.find(id.0).select(Target::as_select()).first(c)?)
}

/// How many targets in force have figures recorded with some units: those stay with them, and as of a date go to who follows.
pub fn in_force_with(c: &mut DbConn, units: &[UnitId]) -> Result<i64> {
    let found: Vec<i64> = targets::table
        .inner_join(target_counts::table.on(target_counts::target_id.eq(targets::id)))
        .filter(targets::state.eq(TargetState::InForce))
        .filter(target_counts::unit_id.eq_any(units.iter().map(|unit| unit.0).collect::<Vec<_>>()))
        .select(targets::id)
        .distinct()
        .load(c)?;
    Ok(as_i64(found.len()))
}

/// The courses that count towards a target, by id.
pub fn course_ids(c: &mut DbConn, target: TargetId) -> Result<Vec<i64>> {
    Ok(target_courses::table
        .filter(target_courses::target_id.eq(target.0))
        .order(target_courses::course_id.asc())
        .select(target_courses::course_id)
        .load(c)?)
}

/// Courses of these codes, by id.
pub fn ids_of_courses(c: &mut DbConn, codes: &[String]) -> Result<Vec<i64>> {
    Ok(courses::table.filter(courses::code.eq_any(codes)).order(courses::id.asc()).select(courses::id).load(c)?)
}

/// The same by code, as a page names them, of many targets in one read.
pub fn courses_of(c: &mut DbConn, targets: &[Target]) -> Result<HashMap<TargetId, Vec<String>>> {
    let rows: Vec<(TargetId, String)> = target_courses::table
        .inner_join(courses::table.on(courses::id.eq(target_courses::course_id)))
        .filter(target_courses::target_id.eq_any(targets.iter().map(|t| t.id.0).collect::<Vec<_>>()))
        .order((target_courses::target_id.asc(), courses::code.asc()))
        .select((target_courses::target_id, courses::code))
        .load(c)?;
    let mut found: HashMap<TargetId, Vec<String>> = HashMap::new();
    for (target, code) in rows {
        found.entry(target).or_default().push(code);
    }
    Ok(found)
}

/// What a target says now, as it would be written down: to be changed, or compared with what it is to say.
pub fn as_it_stands(c: &mut DbConn, target: &Target) -> Result<NewTarget> {
    Ok(NewTarget {
        code: target.code.clone(),
        title_vi: target.title_vi.clone(),
        title_en: target.title_en.clone(),
        metric: target.metric,
        required: target.required,
        period: target.period(),
        state: target.state,
        basis_vi: target.basis_vi.clone(),
        basis_en: target.basis_en.clone(),
        is_illustration: target.is_illustration,
        courses: course_codes(c, target.id)?,
        kinds: kinds(c, target.id)?,
        terms: target.terms(),
    })
}

/// The same of one target.
pub fn course_codes(c: &mut DbConn, target: TargetId) -> Result<Vec<String>> {
    Ok(target_courses::table
        .inner_join(courses::table.on(courses::id.eq(target_courses::course_id)))
        .filter(target_courses::target_id.eq(target.0))
        .order(courses::code.asc())
        .select(courses::code)
        .load(c)?)
}

/// The codes of all courses there are.
pub fn known_courses(c: &mut DbConn) -> Result<Vec<String>> {
    Ok(courses::table.order(courses::code.asc()).select(courses::code).load(c)?)
}

/// Everything that became of a target, the latest first.
pub fn history(c: &mut DbConn, target: TargetId) -> Result<Vec<TargetEvent>> {
    Ok(target_events::table
        .filter(target_events::target_id.eq(target.0))
        .order(target_events::id.desc())
        .select(TargetEvent::as_select())
        .load(c)?)
}
