//! The view "as of a date": a unit is carried along its successions to the unit that is valid on that day.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{Span, Succession, UnitId};

/// Where a unit is on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarriedTo {
    Unit(UnitId),
    /// "Không quy đổi được": it went into nothing, or several units went into what it came from. Such rows are shown
    /// apart, so that totals still agree.
    NotConvertible,
}

impl CarriedTo {
    pub fn unit(self) -> Option<UnitId> {
        match self {
            Self::Unit(unit) => Some(unit),
            Self::NotConvertible => None,
        }
    }
}

/// The lines of succession of all units. Pure: `queries::lines` loads them once, and thousands of rows are carried in memory.
#[derive(Debug, Default, Clone)]
pub struct Lines {
    spans: HashMap<UnitId, Span>,
    main: HashMap<UnitId, UnitId>,
    predecessors: HashMap<UnitId, Vec<UnitId>>,
}

impl Lines {
    pub fn new(spans: impl IntoIterator<Item = (UnitId, Span)>, successions: &[Succession]) -> Self {
        let mut lines = Self { spans: spans.into_iter().collect(), ..Self::default() };
        for succession in successions {
            if succession.position == 0 {
                lines.main.insert(succession.unit_id, succession.successor_id);
            }
            lines.predecessors.entry(succession.successor_id).or_default().push(succession.unit_id);
        }
        lines
    }

    pub fn units(&self) -> impl Iterator<Item = UnitId> {
        self.spans.keys().copied()
    }

    /// Forwards always along the main successor; backwards only where there is exactly one predecessor.
    pub fn carry(&self, unit: UnitId, on: NaiveDate) -> CarriedTo {
        let mut at = unit;
        let mut direction = None;
        // Each step leads to a unit that begins later (or earlier), so there are at most as many steps as units.
        for _ in 0..=self.spans.len() {
            let Some(span) = self.spans.get(&at) else { break };
            if span.contains(on) {
                return CarriedTo::Unit(at);
            }
            let forwards = span.is_over(on);
            if direction.is_some_and(|before| before != forwards) {
                // Between the end of one and the start of the other: on that day there was neither.
                break;
            }
            direction = Some(forwards);
            let next = if forwards {
                self.main.get(&at).copied()
            } else {
                match self.predecessors.get(&at).map(Vec::as_slice) {
                    Some([only]) => Some(*only),
                    _ => None,
                }
            };
            let Some(next) = next else { break };
            at = next;
        }
        CarriedTo::NotConvertible
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// 1 and 2 merge into 3, which is renamed 4; 5 is split into 6 (main) and 7; 8 ends without a successor.
    fn lines() -> Lines {
        let span = |from: &str, to: &str| Span::new(Some(day(from)), (!to.is_empty()).then(|| day(to)));
        let spans = [
            (1, span("2008-08-01", "2025-06-30")),
            (2, span("2008-08-01", "2025-06-30")),
            (3, span("2025-07-01", "2026-04-29")),
            (4, span("2026-04-30", "")),
            (5, span("2008-08-01", "2025-02-28")),
            (6, span("2025-03-01", "")),
            (7, span("2008-08-01", "")),
            (8, span("2008-08-01", "2025-02-28")),
        ];
        let successions = [(1, 3, 0), (2, 3, 0), (3, 4, 0), (5, 6, 0), (5, 7, 1)].map(|(unit, successor, position)| {
            Succession { unit_id: UnitId(unit), successor_id: UnitId(successor), position }
        });
        Lines::new(spans.map(|(id, span)| (UnitId(id), span)), &successions)
    }

    fn carried(unit: i64, on: &str) -> Option<i64> {
        lines().carry(UnitId(unit), day(on)).unit().map(|u| u.0)
    }

    #[test]
    fn forwards_along_the_main_successor() {
        assert_eq!(carried(1, "2025-06-30"), Some(1));
        assert_eq!(carried(1, "2025-07-01"), Some(3));
        assert_eq!(carried(2, "2030-01-01"), Some(4));
        assert_eq!(carried(5, "2025-12-31"), Some(6));
    }

    #[test]
    fn backwards_only_along_a_single_predecessor() {
        assert_eq!(carried(4, "2026-04-29"), Some(3));
        assert_eq!(carried(4, "2025-06-30"), None);
        assert_eq!(carried(3, "2025-06-30"), None);
        assert_eq!(carried(6, "2025-02-28"), Some(5));
    }

    #[test]
    fn what_went_into_nothing_is_not_converted() {
        assert_eq!(carried(8, "2025-02-28"), Some(8));
        assert_eq!(carried(8, "2025-03-01"), None);
        assert_eq!(carried(1, "2000-01-01"), None);
        assert_eq!(carried(99, "2025-01-01"), None);
    }
}
