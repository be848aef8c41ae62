//! Writing targets: the definitions here, changing them in [`book`], quotas in [`quotas`], counting in [`counting`] and, after a change, in [`anew`], classes held outside the system in [`outside`], seals in
//! [`seals`], the shipped definitions in [`seed`].

mod anew;
mod book;
mod counting;
mod outside;
pub mod quotas;
mod seals;
mod seed;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::json;

pub use self::{
    anew::{STEP, count_anew, go_on},
    book::{amend, close, supersede, write_down},
    counting::count_completion,
    outside::{add_roster_file, confirm_outside, enter_outside, reject_outside, void_outside},
    seals::{
        Salt, Signing, Written, add_salts, begin_seal, draft_seal, drop_salts, drop_seal, forget_person, prepare_seal,
        put_prepared, put_seal, withdraw_seal,
    },
    seed::{seed_definitions, seed_illustration},
};
use super::{
    model::{BookKind, Deed, Metric, NewTarget, Target, TargetId, TargetState, Terms},
    queries,
};
use crate::{
    access::Actor,
    audit::{self, Entry},
    organisations::model::UnitKind,
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment, breaks_unique,
            schema::{courses, target_courses, target_kinds, targets},
        },
        error::{Error, FieldErrors, Result},
        i18n::Message,
    },
};

/// Writes a definition down. What was completed before counts, too.
pub fn create(c: &mut DbConn, by: &Actor, now: Moment, new: &NewTarget) -> Result<Target> {
    check(new)?;
    counting::close_definitions(c)?;
    let inserted = diesel::insert_into(targets::table)
        .values((
            targets::code.eq(&new.code),
            targets::title_vi.eq(&new.title_vi),
            targets::title_en.eq(&new.title_en),
            targets::metric.eq(new.metric),
            targets::required.eq(new.required),
            targets::period_from.eq(new.period.from),
            targets::period_to.eq(new.period.to),
            targets::state.eq(new.state),
            targets::basis_vi.eq(&new.basis_vi),
            targets::basis_en.eq(&new.basis_en),
            targets::is_illustration.eq(new.is_illustration),
            targets::created_at.eq(now),
            targets::created_by.eq(by.person.map(|p| p.0)),
            terms(&new.terms),
        ))
        .returning(targets::id)
        .get_result::<i64>(c);
    let id = match inserted {
        Ok(id) => TargetId(id),
        Err(e) if breaks_unique(&e, "targets", "code") => {
            return Err(FieldErrors::one("code", "targets-fault-code-taken"));
        }
        Err(e) => return Err(e.into()),
    };
    let target = queries::by_id(c, id)?;
    let after = json!({
        "code": target.code, "metric": target.metric, "required": target.required, "from": target.period_from,
        "to": target.period_to, "state": target.state, "courses": new.courses, "kinds": new.kinds,
    });
    audit::record(c, by, now, Entry::new("target.create", "targets", id).after(after))?;
    book::write(c, by, now, id, BookKind::Created, &own_deed(&target), &[])?;
    set_kinds(c, id, &new.kinds)?;
    link_courses(c, now, &target, &new.courses)?;
    Ok(target)
}

/// What must hold of a definition by itself.
fn check(new: &NewTarget) -> Result<()> {
    let mut faults = FieldErrors::default();
    if !is_code(&new.code) {
        faults.add("code", "targets-fault-code");
    }
    for (field, title) in [("title_vi", &new.title_vi), ("title_en", &new.title_en)] {
        if title.trim().is_empty() {
            faults.add(field, "targets-fault-title");
        }
    }
    if new.required <= 0 || new.required > MOST {
        faults.add("required", "targets-fault-required");
    }
    if new.metric == Metric::Agencies {
        if new.required > 100 {
            faults.add("required", "targets-fault-percent");
        }
        if new.kinds.is_empty() {
            faults.add("kinds", "targets-fault-kinds");
        }
        if new.terms.parts.is_some() {
            faults.add("leaders", "targets-fault-parts-share");
        }
    }
    if let Some(parts) = new.terms.parts {
        if parts.leaders < 0 || parts.technology < 0 || parts.other < 0 {
            faults.add("leaders", "targets-fault-part");
        } else if parts.sum() != new.required {
            let sum = Message::new("targets-fault-parts").with("sum", parts.sum()).with("required", new.required);
            faults.add("leaders", sum);
        }
    }
    if new.period.to < new.period.from {
        faults.add("period_to", "targets-fault-period");
    }
    if !new.terms.link.is_empty() && !is_link(&new.terms.link) {
        faults.add("doc_link", "targets-fault-link");
    }
    faults.or(())
}

/// A larger number is a slip of the keyboard.
const MOST: i64 = 1_000_000_000;

/// Only an address of the web is shown as a link.
fn is_link(link: &str) -> bool {
    url::Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The columns of the terms, for an insert and an update alike.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = targets, treat_none_as_default_value = false, treat_none_as_null = true)]
struct TermsRow<'a> {
    doc_number: &'a str,
    doc_date: Option<NaiveDate>,
    doc_issuer: &'a str,
    doc_clause: &'a str,
    doc_link: &'a str,
    rules_vi: &'a str,
    rules_en: &'a str,
    required_leaders: Option<i64>,
    required_technology: Option<i64>,
    required_other: Option<i64>,
}

fn terms(terms: &Terms) -> TermsRow<'_> {
    TermsRow {
        doc_number: &terms.number,
        doc_date: terms.date,
        doc_issuer: &terms.issuer,
        doc_clause: &terms.clause,
        doc_link: &terms.link,
        rules_vi: &terms.rules_vi,
        rules_en: &terms.rules_en,
        required_leaders: terms.parts.map(|parts| parts.leaders),
        required_technology: terms.parts.map(|parts| parts.technology),
        required_other: terms.parts.map(|parts| parts.other),
    }
}

/// A target is created and put in force by the document it rests on.
fn own_deed(target: &Target) -> Deed {
    Deed {
        number: target.doc_number.clone(),
        signed_on: target.doc_date,
        clause: target.doc_clause.clone(),
        reason: String::new(),
    }
}

fn set_kinds(c: &mut DbConn, id: TargetId, kinds: &[UnitKind]) -> Result<()> {
    diesel::delete(target_kinds::table.filter(target_kinds::target_id.eq(id.0))).execute(c)?;
    for kind in kinds.iter().copied().collect::<BTreeSet<_>>() {
        diesel::insert_into(target_kinds::table)
            .values((target_kinds::target_id.eq(id.0), target_kinds::kind.eq(kind)))
            .execute(c)?;
    }
    Ok(())
}

/// Makes the list of courses just this one; counting again is the caller's.
fn set_courses(c: &mut DbConn, id: TargetId, codes: &[String]) -> Result<()> {
    let wanted: Vec<i64> = courses::table.filter(courses::code.eq_any(codes.to_vec())).select(courses::id).load(c)?;
    diesel::delete(target_courses::table.filter(target_courses::target_id.eq(id.0))).execute(c)?;
    for course in wanted {
        diesel::insert_into(target_courses::table)
            .values((target_courses::target_id.eq(id.0), target_courses::course_id.eq(course)))
            .execute(c)?;
    }
    Ok(())
}

/// Adds courses to a target's list; those already in it and those that do not exist are passed over.
fn link_courses(c: &mut DbConn, now: Moment, target: &Target, codes: &[String]) -> Result<()> {
    let linked = queries::course_ids(c, target.id)?;
    let wanted: Vec<i64> = courses::table.filter(courses::code.eq_any(codes.to_vec())).select(courses::id).load(c)?;
    let fresh: Vec<i64> = wanted.into_iter().filter(|id| !linked.contains(id)).collect();
    if fresh.is_empty() {
        return Ok(());
    }
    counting::close_definitions(c)?;
    for course in &fresh {
        diesel::insert_into(target_courses::table)
            .values((target_courses::target_id.eq(target.id.0), target_courses::course_id.eq(course)))
            .execute(c)?;
    }
    if target.state.is_counted() { anew::begin(c, now, target.id) } else { Ok(()) }
}

/// Puts a draft in force; what was completed before counts, too.
pub fn put_in_force(c: &mut DbConn, by: &Actor, now: Moment, id: TargetId) -> Result<()> {
    counting::close_definitions(c)?;
    let target = queries::by_id(c, id)?;
    if target.state != TargetState::Draft {
        return Err(Error::refused("targets-refused-not-draft"));
    }
    set_state(c, by, now, &target, TargetState::InForce)?;
    anew::begin(c, now, id)
}

/// Closes the targets whose period is over; how many.
pub fn close_ended(c: &mut DbConn, now: Moment) -> Result<usize> {
    let today = local_day(now.0);
    let ended: Vec<Target> = targets::table
        .filter(targets::state.eq(TargetState::InForce).and(targets::period_to.lt(today)))
        .select(Target::as_select())
        .load(c)?;
    for target in &ended {
        set_state(c, &Actor::system(), now, target, TargetState::Closed)?;
    }
    Ok(ended.len())
}

fn set_state(c: &mut DbConn, by: &Actor, now: Moment, target: &Target, state: TargetState) -> Result<()> {
    // The old state stands in the condition, so that two at once cannot both change it.
    let changed =
        diesel::update(targets::table.filter(targets::id.eq(target.id.0).and(targets::state.eq(target.state))))
            .set(targets::state.eq(state))
            .execute(c)?;
    if changed == 1 {
        let entry = Entry::new("target.state", "targets", target.id);
        audit::record(c, by, now, entry.before(json!({ "state": target.state })).after(json!({ "state": state })))?;
        let (kind, deed) = match state {
            TargetState::Closed => (BookKind::Closed, Deed::default()),
            _ => (BookKind::PutInForce, own_deed(target)),
        };
        book::write(c, by, now, target.id, kind, &deed, &[])?;
    }
    Ok(())
}

/// Codes stand in addresses: lower-case letters, digits and hyphens.
fn is_code(code: &str) -> bool {
    (1..=60).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !code.starts_with('-')
        && !code.ends_with('-')
}
