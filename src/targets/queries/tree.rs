//! The tree of units through time, for figures.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    access::UnitId,
    organisations::model::Span,
    platform::{
        db::{DbConn, schema::unit_placements},
        error::Result,
    },
    targets::model::Days,
};

/// Which units stand under which, on any day.
pub(super) struct Tree(HashMap<UnitId, Vec<(UnitId, Span)>>);

impl Tree {
    pub(super) fn load(c: &mut DbConn) -> Result<Self> {
        let rows: Vec<(UnitId, UnitId, Option<NaiveDate>, Option<NaiveDate>)> = unit_placements::table
            .select((
                unit_placements::unit_id,
                unit_placements::parent_id,
                unit_placements::valid_from,
                unit_placements::valid_to,
            ))
            .load(c)?;
        let mut tree: HashMap<UnitId, Vec<(UnitId, Span)>> = HashMap::new();
        for (unit, parent, from, to) in rows {
            tree.entry(unit).or_default().push((parent, Span::new(from, to)));
        }
        Ok(Self(tree))
    }

    /// What a unit stands under on a day. A unit that only ever stood in one place stands there on all days: a completion may
    /// be true a day after its unit ended, since the unit was frozen when the run began.
    fn parent(&self, unit: UnitId, day: NaiveDate) -> Option<UnitId> {
        let places = self.0.get(&unit)?;
        let held = places.iter().find(|(_, span)| span.contains(day));
        let latest = || places.iter().filter(|(_, s)| s.is_over(day)).max_by_key(|(_, s)| s.to);
        held.or_else(latest).or_else(|| places.first()).map(|(parent, _)| *parent)
    }

    /// The way from the top down to the unit.
    pub(super) fn path(&self, unit: UnitId, day: NaiveDate) -> Vec<UnitId> {
        let mut path = vec![unit];
        let mut at = unit;
        while let Some(parent) = self.parent(at, day).filter(|p| !path.contains(p)) {
            path.push(parent);
            at = parent;
        }
        path.reverse();
        path
    }

    /// The days inside a stretch on which a unit begins to stand elsewhere.
    fn changes(&self, days: Days) -> BTreeSet<NaiveDate> {
        self.0
            .values()
            .filter(|places| places.len() > 1)
            .flatten()
            .filter_map(|(_, span)| span.from)
            .filter(|day| days.contains(*day) && *day > days.from)
            .collect()
    }

    /// The stretch cut at those days.
    pub(super) fn parts(&self, days: Days) -> Vec<Days> {
        let mut parts = Vec::new();
        let mut from = days.from;
        for change in self.changes(days) {
            if let Some(to) = change.pred_opt() {
                parts.push(Days { from, to });
                from = change;
            }
        }
        parts.push(Days { from, to: days.to });
        parts
    }

    /// A unit and all that stands under it on a day.
    pub(super) fn under(&self, unit: UnitId, day: NaiveDate) -> Vec<UnitId> {
        let below = self.0.keys().copied().filter(|u| *u != unit && self.path(*u, day).contains(&unit));
        let mut found: Vec<UnitId> = below.chain([unit]).collect();
        found.sort_unstable();
        found
    }

    /// Units that began to stand under another one inside a stretch: the unit, what it stands under since, the day.
    pub(super) fn moves(&self, days: Days) -> Vec<(UnitId, UnitId, NaiveDate)> {
        let mut found = Vec::new();
        for (unit, places) in &self.0 {
            for (parent, span) in places {
                let Some(from) = span.from.filter(|day| days.contains(*day) && *day > days.from) else { continue };
                if places.iter().any(|(before, earlier)| before != parent && earlier.is_over(from)) {
                    found.push((*unit, *parent, from));
                }
            }
        }
        found.sort_unstable();
        found
    }
}
