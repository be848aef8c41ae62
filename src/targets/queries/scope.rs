//! Whose figures are asked for.

use chrono::NaiveDate;

use super::{figures::View, tree::Tree};
use crate::{
    access::{Authority, Permission, Reach, UnitId},
    organisations::queries::{conversion, subtree_ids},
    platform::{
        db::DbConn,
        error::{Error, Result},
    },
    targets::model::{Days, Target},
};

/// Everybody's figures, or those recorded for some units.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    Nation,
    Units(Vec<UnitId>),
    /// Other units on other days: what stands under a unit while one below it came or left. All days together, in order.
    ByDay(Vec<(Days, Vec<UnitId>)>),
}

impl Scope {
    /// What a person may see of targets: the nation, or all that lies under their units today.
    pub fn of(c: &mut DbConn, authority: &Authority, today: NaiveDate) -> Result<Self> {
        Self::reached(c, &authority.reach(Permission::SeeTargets), today)
    }

    /// The same for a reach that is known already.
    pub fn reached(c: &mut DbConn, reach: &Reach, today: NaiveDate) -> Result<Self> {
        match reach {
            Reach::Everywhere => Ok(Self::Nation),
            Reach::Under(roots) => Ok(Self::Units(subtree_ids(c, roots, today)?)),
            Reach::Nowhere => Err(Error::Forbidden),
        }
    }

    pub fn is_nation(&self) -> bool {
        matches!(self, Self::Nation)
    }

    /// No unit at all: there is nothing to be seen.
    pub fn is_empty(&self) -> bool {
        self.units().is_some_and(|units| units.is_empty())
    }

    pub fn holds(&self, unit: UnitId) -> bool {
        match self {
            Self::Nation => true,
            Self::Units(units) => units.contains(&unit),
            Self::ByDay(parts) => parts.iter().any(|(_, units)| units.contains(&unit)),
        }
    }

    /// The units of it on any day; `None` is all there are.
    pub fn units(&self) -> Option<Vec<UnitId>> {
        match self {
            Self::Nation => None,
            Self::Units(units) => Some(units.clone()),
            Self::ByDay(parts) => {
                let mut all: Vec<UnitId> = parts.iter().flat_map(|(_, units)| units.iter().copied()).collect();
                all.sort_unstable();
                all.dedup();
                Some(all)
            }
        }
    }

    /// The part of it that makes up a unit's row.
    #[must_use]
    pub fn behind(&self, parts: Vec<(Days, Vec<UnitId>)>) -> Self {
        let mut found: Vec<(Days, Vec<UnitId>)> = Vec::new();
        for (days, units) in parts {
            let units: Vec<UnitId> = units.into_iter().filter(|u| self.holds(*u)).collect();
            match found.last_mut().filter(|(_, before)| *before == units) {
                Some((before, _)) => before.to = days.to,
                None => found.push((days, units)),
            }
        }
        // What lies before and after is looked at in lists only, by where a unit stood at the edge.
        if let Some((first, _)) = found.first_mut() {
            first.from = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or(first.from);
        }
        if let Some((last, _)) = found.last_mut() {
            last.to = NaiveDate::from_ymd_opt(2999, 12, 31).unwrap_or(last.to);
        }
        match found.len() {
            0 | 1 => Self::Units(found.pop().map(|(_, units)| units).unwrap_or_default()),
            _ => Self::ByDay(found),
        }
    }
}

/// The units as recorded that make up a unit's row: as recorded, those under it on each day of the target; carried to a day, all that
/// are it or lie under it then.
pub fn behind(c: &mut DbConn, target: &Target, view: View, unit: UnitId) -> Result<Vec<(Days, Vec<UnitId>)>> {
    let tree = Tree::load(c)?;
    match view {
        View::AsRecorded => {
            Ok(tree.parts(target.period()).into_iter().map(|days| (days, tree.under(unit, days.from))).collect())
        }
        View::AsOf(day) => {
            let conversion = conversion(c, day)?;
            let mut units: Vec<UnitId> =
                tree.under(unit, day).into_iter().flat_map(|under| conversion.sources(under)).collect();
            units.sort_unstable();
            Ok(vec![(target.period(), units)])
        }
    }
}

/// Narrows a boxed query that has no condition yet to a scope.
macro_rules! within_scope {
    ($query:expr, $scope:expr, $unit:expr, $day:expr) => {{
        let mut query = $query;
        match $scope {
            Scope::Nation => {}
            Scope::Units(units) => {
                query = query.filter($unit.eq_any(units.iter().map(|u| u.0).collect::<Vec<_>>()));
            }
            Scope::ByDay(parts) => {
                for (days, units) in parts {
                    let units: Vec<i64> = units.iter().map(|u| u.0).collect();
                    query = query.or_filter($unit.eq_any(units).and($day.between(days.from, days.to)));
                }
            }
        }
        query
    }};
}
pub(super) use within_scope;
