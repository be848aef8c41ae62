//! What a first page says of all accounts, all certificates and all units: counted, or drawn, once for everybody who sees it, every few
//! minutes.

use std::{collections::HashMap, sync::Arc};

use chrono::{NaiveDate, TimeDelta};

use crate::{
    access::{Authority, Permission, UnitId},
    accounts::{model::PersonState, queries::directory},
    app::App,
    certificates::queries::{self as certificates, RegisterCount},
    organisations::{
        model::Unit,
        queries::{self as organisations, changes},
    },
    platform::{
        as_i64,
        clock::local_day,
        db::Moment,
        error::{Error, Result},
        http::Page,
        i18n::Locale,
        kept::Kept,
    },
    targets::{
        ProvinceMap,
        model::{Target, TargetId},
        queries::Board,
    },
};

const YOUNG: TimeDelta = TimeDelta::minutes(3);
/// Changes of organisation this near move the figures of the day.
const NEAR: TimeDelta = TimeDelta::days(60);

/// What the registers hold, and the names of the bodies that issued it as they were called then.
pub struct Registers {
    pub counts: Vec<RegisterCount>,
    pub issuers: HashMap<UnitId, Unit>,
}

/// How many changes of organisation there are in a span of days.
pub struct Changes {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub count: i64,
}

/// What somebody may see of it.
pub struct Totals {
    pub registers: Option<Arc<Registers>>,
    pub people: Option<Arc<HashMap<PersonState, i64>>>,
    pub changes: Option<Arc<Changes>>,
}

/// One for the program.
pub struct KeptTotals {
    registers: Kept<(), Registers>,
    people: Kept<(), HashMap<PersonState, i64>>,
    changes: Kept<(), Changes>,
    maps: Kept<(Locale, TargetId, Moment), ProvinceMap>,
}

impl Default for KeptTotals {
    fn default() -> Self {
        Self {
            maps: Kept::new(YOUNG),
            registers: Kept::new(YOUNG),
            people: Kept::new(YOUNG),
            changes: Kept::new(YOUNG),
        }
    }
}

impl KeptTotals {
    /// The map of the figures of a moment, drawn once for all who look at it: that takes longer than the rest of the page.
    pub async fn map(
        &self,
        page: &Page,
        now: Moment,
        at: Moment,
        target: &Target,
        board: &Board,
    ) -> Result<Arc<ProvinceMap>> {
        let draw = async { Ok(ProvinceMap::of(page, target, board)) };
        Ok(self.maps.get((page.locale(), target.id, at), now, draw).await?.1)
    }

    pub async fn of(&self, app: &App, authority: &Authority) -> Result<Totals> {
        let now = app.now();
        let today = local_day(now.0);
        let may = |permission| authority.may(permission);
        let registers = app.db.read(|c| {
            let counts = certificates::by_register(c, None)?;
            let issuers: Vec<UnitId> = counts.iter().map(|count| count.issuer).collect();
            Ok::<_, Error>(Registers { issuers: organisations::by_ids(c, &issuers)?, counts })
        });
        let people = app.db.read(directory::by_state);
        let changes = app.db.read(move |c| {
            let (from, to) = (today - NEAR, today + NEAR);
            let count = changes::changes_between(c, from, to)?.len();
            Ok::<_, Error>(Changes { from, to, count: as_i64(count) })
        });
        Ok(Totals {
            registers: match may(Permission::SeeAudit) && may(Permission::SeeCertificates) {
                true => Some(self.registers.get((), now, registers).await?.1),
                false => None,
            },
            people: match may(Permission::ManageSystem) {
                true => Some(self.people.get((), now, people).await?.1),
                false => None,
            },
            changes: match may(Permission::ManageOrganisations) {
                true => Some(self.changes.get((), now, changes).await?.1),
                false => None,
            },
        })
    }
}
