//! What the lists and what is kept make together, and the rules that hold for the whole. Pure: no database.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    super::model::{Span, UnitKind},
    read::{FIELD, Given, Place},
};
use crate::platform::{error::FieldErrors, i18n::Message, text};

/// A unit with everything around it, by codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub name_vi: String,
    pub name_en: String,
    pub kind: UnitKind,
    pub span: Span,
    pub successors: Vec<String>,
    /// In order of time.
    pub placements: Vec<(String, Span)>,
}

/// All units by code, and where in the lists each was named.
#[derive(Debug, Default, Clone)]
pub struct Plan {
    pub units: BTreeMap<String, Planned>,
    places: HashMap<String, Place>,
    placed: HashMap<(String, String, Span), Place>,
}

/// What is kept with what is given laid over it.
pub fn merge(kept: BTreeMap<String, Planned>, given: Given, faults: &mut FieldErrors) -> Plan {
    let mut plan = Plan { units: kept, ..Plan::default() };
    for row in given.units {
        if let Some(first) = plan.places.get(&row.code) {
            let again = row.place.message("organisations-import-twice").with("code", row.code);
            faults.add(FIELD, again.with("first", first.line.to_string()));
            continue;
        }
        plan.places.insert(row.code.clone(), row.place);
        let placements = plan.units.remove(&row.code).map(|unit| unit.placements).unwrap_or_default();
        let unit = Planned {
            name_vi: row.name_vi,
            name_en: row.name_en,
            kind: row.kind,
            span: row.span,
            successors: row.successors,
            placements,
        };
        plan.units.insert(row.code, unit);
    }
    let mut placed: BTreeSet<String> = BTreeSet::new();
    for row in given.placements {
        let Some(unit) = plan.units.get_mut(&row.code) else {
            faults.add(FIELD, row.place.message("organisations-import-unit-unknown").with("code", row.code));
            continue;
        };
        if placed.insert(row.code.clone()) {
            unit.placements.clear();
        }
        unit.placements.push((row.parent.clone(), row.span));
        unit.placements.sort_by_key(|(_, span)| span.from);
        plan.placed.insert((row.code, row.parent, row.span), row.place);
    }
    plan
}

impl Plan {
    /// A sentence about a placement: where it is given; failing that, where one of its units is.
    fn placement_message(&self, key: &'static str, code: &str, parent: &str, span: Span) -> Message {
        match self.placed.get(&(code.to_owned(), parent.to_owned(), span)) {
            Some(place) => place.message(key).with("code", code).with("other", parent),
            None => self.message(key, code, parent),
        }
    }

    /// A sentence about a unit: where it is named; failing that, where the other unit is, whose change breaks it.
    fn message(&self, key: &'static str, code: &str, other: &str) -> Message {
        let nowhere = Place { list: String::new(), line: 0 };
        let place = self.places.get(code).or_else(|| self.places.get(other)).unwrap_or(&nowhere);
        place.message(key).with("code", code).with("other", other)
    }

    /// What a unit stands under at the beginning of a span, and so on upwards, leads back to it.
    fn stands_under_itself(&self, code: &str, parent: &str, span: Span) -> bool {
        let mut at = parent;
        for _ in 0..=self.units.len() {
            if at == code {
                return true;
            }
            let above =
                self.units.get(at).and_then(|unit| unit.placements.iter().find(|(_, other)| begins_in(span, *other)));
            match above {
                Some((above, _)) => at = above,
                None => return false,
            }
        }
        true
    }
}

/// Whether the first day of `span` is one of `other`.
fn begins_in(span: Span, other: Span) -> bool {
    match span.from {
        Some(first) => other.contains(first),
        None => other.from.is_none(),
    }
}

/// Holds the whole against the rules named in the head of the slice.
pub fn check(plan: &Plan, faults: &mut FieldErrors) {
    for (code, unit) in &plan.units {
        check_successors(plan, code, unit, faults);
        check_placements(plan, code, unit, faults);
    }
}

fn check_successors(plan: &Plan, code: &str, unit: &Planned, faults: &mut FieldErrors) {
    let mut fault = |key, other: &str| faults.add(FIELD, plan.message(key, code, other));
    let mut seen = BTreeSet::new();
    let after = unit.span.to.and_then(|last| last.succ_opt());
    if after.is_none() && !unit.successors.is_empty() {
        fault("organisations-import-successor-open", "");
    }
    for successor in &unit.successors {
        let Some(into) = plan.units.get(successor) else {
            fault("organisations-import-successor-unknown", successor);
            continue;
        };
        if successor == code || !seen.insert(successor) {
            fault("organisations-import-successor-twice", successor);
        } else if after.is_some_and(|day| !into.span.contains(day)) {
            fault("organisations-import-successor-gap", successor);
        }
    }
}

fn check_placements(plan: &Plan, code: &str, unit: &Planned, faults: &mut FieldErrors) {
    let mut fault = |key, parent: &str, span| faults.add(FIELD, plan.placement_message(key, code, parent, span));
    let mut sound = true;
    let mut before: Option<Span> = None;
    for (parent, span) in &unit.placements {
        let Some(above) = plan.units.get(parent) else {
            fault("organisations-import-parent-unknown", parent, *span);
            sound = false;
            continue;
        };
        if !span.lies_within(unit.span) || !span.lies_within(above.span) {
            fault("organisations-import-placement-outside", parent, *span);
            sound = false;
        }
        if before.is_some_and(|before| before.overlaps(*span)) {
            fault("organisations-import-placement-overlap", parent, *span);
            sound = false;
        }
        if plan.stands_under_itself(code, parent, *span) {
            fault("organisations-import-placement-circle", parent, *span);
            sound = false;
        }
        before = Some(*span);
    }
    if sound && unit.kind.is_subordinate() && !is_placed_throughout(unit) {
        let from = unit.span.from.map(text::date).unwrap_or_default();
        let message = plan.message("organisations-import-unplaced", code, "").with("from", from);
        faults.add(FIELD, message.with("to", unit.span.to.map(text::date).unwrap_or_default()));
    }
}

/// Placements that lie within the unit's days, in order and without overlap, cover them when they meet each other and both ends.
fn is_placed_throughout(unit: &Planned) -> bool {
    let spans: Vec<Span> = unit.placements.iter().map(|(_, span)| *span).collect();
    let meet = spans.iter().zip(spans.iter().skip(1)).all(|(a, b)| a.to.and_then(|last| last.succ_opt()) == b.from);
    meet && spans.first().is_some_and(|span| span.from == unit.span.from)
        && spans.last().is_some_and(|span| span.to == unit.span.to)
}
