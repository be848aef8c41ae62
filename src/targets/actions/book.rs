//! The book of targets: changing one by a dated document, closing it, replacing it. What changed and by which document is an event
//! that is only ever added; the figures follow (see [`super::anew`]).

use diesel::prelude::*;
use serde_json::json;

use super::{anew, check, counting, set_courses, set_kinds};
use crate::{
    access::Actor,
    audit::{self, Entry},
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment,
            schema::{courses, target_events, targets},
        },
        error::{Error, FieldErrors, Result},
        i18n::Message,
        text::tidy,
    },
    targets::{
        model::{BookKind, Change, Deed, NewTarget, Parts, Target, TargetId, TargetState, book::Terms},
        queries,
    },
};

/// Writes a new target down by hand. Its courses must be there; a shipped definition may name one that comes later.
pub fn write_down(c: &mut DbConn, by: &Actor, now: Moment, new: &NewTarget) -> Result<Target> {
    check(new)?;
    must_be_known(c, &new.courses)?;
    super::create(c, by, now, new)
}

/// Changes what a target says. `new` is the whole definition as it is to be; its code, state and mark of illustration are not
/// looked at. A draft is changed freely, anything else by a document with number, date and reason.
pub fn amend(c: &mut DbConn, by: &Actor, now: Moment, id: TargetId, new: &NewTarget, deed: &Deed) -> Result<()> {
    counting::close_definitions(c)?;
    let target = queries::by_id(c, id)?;
    if target.state == TargetState::Superseded {
        return Err(Error::refused("targets-refused-superseded"));
    }
    let deed = checked(deed, target.state != TargetState::Draft, now)?;
    check(new)?;
    must_be_known(c, &new.courses)?;
    let before = Said::of(c, &target)?;
    let after = Said::new(new);
    let changes = before.changes(&after);
    if changes.is_empty() {
        return Err(FieldErrors::one("reason", "targets-fault-nothing"));
    }
    // An end that lies ahead again opens what was closed.
    let reopened =
        target.state == TargetState::Closed && new.period.to != target.period_to && new.period.to >= local_day(now.0);
    let state = if reopened { TargetState::InForce } else { target.state };
    let changed = diesel::update(targets::table.filter(targets::id.eq(id.0).and(targets::state.eq(target.state))))
        .set((
            (
                targets::title_vi.eq(&new.title_vi),
                targets::title_en.eq(&new.title_en),
                targets::metric.eq(new.metric),
                targets::required.eq(new.required),
                targets::period_from.eq(new.period.from),
                targets::period_to.eq(new.period.to),
                targets::basis_vi.eq(&new.basis_vi),
                targets::basis_en.eq(&new.basis_en),
                targets::state.eq(state),
            ),
            super::terms(&new.terms),
        ))
        .execute(c)?;
    if changed != 1 {
        return Err(Error::refused("targets-refused-changed"));
    }
    set_courses(c, id, &new.courses)?;
    set_kinds(c, id, &new.kinds)?;
    write(c, by, now, id, BookKind::Amended, &deed, &changes)?;
    note(c, by, now, id, "target.amend", &deed, &changes)?;
    let counts_otherwise = changes.iter().any(|change| COUNTING.contains(&change.field.as_str()));
    if counts_otherwise && state.is_counted() {
        anew::begin(c, now, id)?;
    }
    Ok(())
}

/// The fields that decide what counts.
const COUNTING: [&str; 3] = ["period_from", "period_to", "courses"];

/// Ends a target before its period does: its last day is today. One whose period is over is closed by itself.
pub fn close(c: &mut DbConn, by: &Actor, now: Moment, id: TargetId, deed: &Deed) -> Result<()> {
    counting::close_definitions(c)?;
    let target = queries::by_id(c, id)?;
    let deed = checked(deed, true, now)?;
    if target.state != TargetState::InForce {
        return Err(Error::refused("targets-refused-not-in-force"));
    }
    let today = local_day(now.0);
    if target.period_from > today {
        return Err(Error::refused("targets-refused-not-begun"));
    }
    let last = target.period_to.min(today);
    move_state(c, id, TargetState::InForce, TargetState::Closed)?;
    let mut changes = Vec::new();
    if last != target.period_to {
        diesel::update(targets::table.find(id.0)).set(targets::period_to.eq(last)).execute(c)?;
        changes.push(change("period_to", target.period_to.to_string(), last.to_string()));
    }
    write(c, by, now, id, BookKind::Closed, &deed, &changes)?;
    note(c, by, now, id, "target.close", &deed, &changes)?;
    anew::begin(c, now, id)
}

/// Marks a target as replaced by another: it is kept with its history and counts no more. What was sealed of it stays.
pub fn supersede(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    id: TargetId,
    successor: TargetId,
    deed: &Deed,
) -> Result<()> {
    counting::close_definitions(c)?;
    let target = queries::by_id(c, id)?;
    let deed = checked(deed, true, now)?;
    if target.state == TargetState::Superseded {
        return Err(Error::refused("targets-refused-superseded"));
    }
    let next = queries::by_id(c, successor)?;
    if next.id == target.id || next.state == TargetState::Superseded {
        return Err(FieldErrors::one("successor", "targets-fault-successor"));
    }
    move_state(c, id, target.state, TargetState::Superseded)?;
    diesel::update(targets::table.find(id.0)).set(targets::successor_id.eq(successor.0)).execute(c)?;
    let changes = [change("successor", String::new(), next.code)];
    write(c, by, now, id, BookKind::Superseded, &deed, &changes)?;
    note(c, by, now, id, "target.supersede", &deed, &changes)?;
    anew::begin(c, now, id)
}

fn move_state(c: &mut DbConn, id: TargetId, from: TargetState, to: TargetState) -> Result<()> {
    let changed = diesel::update(targets::table.filter(targets::id.eq(id.0).and(targets::state.eq(from))))
        .set(targets::state.eq(to))
        .execute(c)?;
    if changed == 1 { Ok(()) } else { Err(Error::refused("targets-refused-changed")) }
}

/// The document tidied; where it is needed, with all that makes it one. A document of tomorrow is a slip.
fn checked(deed: &Deed, needed: bool, now: Moment) -> Result<Deed> {
    let deed = Deed {
        number: tidy(&deed.number),
        signed_on: deed.signed_on,
        clause: tidy(&deed.clause),
        reason: tidy(&deed.reason),
    };
    let mut faults = FieldErrors::default();
    if needed && deed.number.is_empty() {
        faults.add("number", "targets-fault-number");
    }
    if needed && deed.signed_on.is_none() {
        faults.add("signed_on", "targets-fault-day");
    }
    if deed.signed_on.is_some_and(|day| day > local_day(now.0)) {
        faults.add("signed_on", "targets-fault-signed-later");
    }
    if needed && deed.reason.is_empty() {
        faults.add("reason", "targets-reason-missing");
    }
    faults.or(deed)
}

fn must_be_known(c: &mut DbConn, codes: &[String]) -> Result<()> {
    let known: Vec<String> =
        courses::table.filter(courses::code.eq_any(codes.to_vec())).select(courses::code).load(c)?;
    let unknown: Vec<&str> = codes.iter().filter(|code| !known.contains(code)).map(String::as_str).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let said = Message::new("targets-fault-courses").with("codes", unknown.join(", "));
    Err(FieldErrors::one("courses", said))
}

/// Adds a line to a target's history.
pub(super) fn write(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    id: TargetId,
    kind: BookKind,
    deed: &Deed,
    changes: &[Change],
) -> Result<()> {
    diesel::insert_into(target_events::table)
        .values((
            target_events::target_id.eq(id.0),
            target_events::kind.eq(kind),
            target_events::number.eq(&deed.number),
            target_events::signed_on.eq(deed.signed_on),
            target_events::clause.eq(&deed.clause),
            target_events::reason.eq(&deed.reason),
            target_events::changes.eq(serde_json::to_string(changes)?),
            target_events::recorded_at.eq(now),
            target_events::by_id.eq(by.person.map(|p| p.0)),
        ))
        .execute(c)?;
    Ok(())
}

/// The row of the audit for the same.
fn note(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    id: TargetId,
    action: &'static str,
    deed: &Deed,
    changes: &[Change],
) -> Result<()> {
    let of = |side: fn(&Change) -> &String| {
        let map: serde_json::Map<String, serde_json::Value> =
            changes.iter().map(|change| (change.field.clone(), json!(side(change)))).collect();
        serde_json::Value::Object(map)
    };
    let entry = Entry::new(action, "targets", id).before(of(|change| &change.before)).after(of(|change| &change.after));
    audit::record(c, by, now, entry.reason(format!("{} {}", deed.number, deed.reason).trim().to_owned()))
}

fn change(field: &str, before: String, after: String) -> Change {
    Change { field: field.to_owned(), before, after }
}

/// Everything a target says, as text, field by field.
struct Said(Vec<(&'static str, String)>);

impl Said {
    fn of(c: &mut DbConn, target: &Target) -> Result<Self> {
        Ok(Self::new(&queries::as_it_stands(c, target)?))
    }

    fn new(new: &NewTarget) -> Self {
        let Terms { number, date, issuer, clause, link, rules_vi, rules_en, parts } = &new.terms;
        let mut courses = new.courses.clone();
        courses.sort();
        courses.dedup();
        let mut kinds: Vec<&str> = new.kinds.iter().map(|kind| kind.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let part = |of: fn(&Parts) -> i64| parts.as_ref().map(|parts| of(parts).to_string()).unwrap_or_default();
        Self(vec![
            ("title_vi", new.title_vi.clone()),
            ("title_en", new.title_en.clone()),
            ("metric", new.metric.to_string()),
            ("required", new.required.to_string()),
            ("leaders", part(|parts| parts.leaders)),
            ("technology", part(|parts| parts.technology)),
            ("other", part(|parts| parts.other)),
            ("period_from", new.period.from.to_string()),
            ("period_to", new.period.to.to_string()),
            ("courses", courses.join(", ")),
            ("kinds", kinds.join(", ")),
            ("doc_number", number.clone()),
            ("doc_date", date.map(|day| day.to_string()).unwrap_or_default()),
            ("doc_issuer", issuer.clone()),
            ("doc_clause", clause.clone()),
            ("doc_link", link.clone()),
            ("rules_vi", rules_vi.clone()),
            ("rules_en", rules_en.clone()),
            ("basis_vi", new.basis_vi.clone()),
            ("basis_en", new.basis_en.clone()),
        ])
    }

    fn changes(self, after: &Self) -> Vec<Change> {
        let pairs = self.0.into_iter().zip(&after.0);
        pairs
            .filter(|((_, before), (_, after))| before != after)
            .map(|((field, before), (_, after))| change(field, before, after.clone()))
            .collect()
    }
}
