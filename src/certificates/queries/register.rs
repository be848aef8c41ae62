//! The register as a list.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::{
    access::UnitId,
    certificates::model::{Certificate, CertificateId, CertificateState, Entry},
    platform::{
        db::{
            DbConn,
            schema::{certificate_registers, certificates, completion_events, people},
        },
        error::Result,
        text::fold,
    },
};

pub const REGISTER_PAGE: i64 = 50;

/// What of the register is asked for.
#[derive(Debug, Clone, Default)]
pub struct RegisterAsked {
    /// A register number or its beginning, or part of a holder's name.
    pub search: String,
    pub state: Option<CertificateState>,
    /// Those of voided completions that are still valid.
    pub awaiting: bool,
}

impl RegisterAsked {
    fn is_all(&self) -> bool {
        self.search.trim().is_empty() && self.state.is_none() && !self.awaiting
    }
}

#[derive(Debug, Clone)]
pub struct RegisterPage {
    pub rows: Vec<Entry>,
    pub total: i64,
}

/// The completions that were voided. Asked from the few that are, not from the certificates of the nation: the index of the events that
/// change another one holds nothing else.
macro_rules! voided {
    () => {{
        let voids = diesel::alias!(completion_events as voids);
        voids
            .filter(voids.field(completion_events::completion_id).is_not_null())
            .filter(voids.field(completion_events::kind).eq("voided"))
            .select(voids.field(completion_events::completion_id))
    }};
}
pub(super) use voided;

macro_rules! asked {
    ($units:expr, $asked:expr) => {{
        let mut query = certificates::table
            .inner_join(completion_events::table.on(completion_events::id.eq(certificates::completion_id)))
            .into_boxed();
        if let Some(units) = $units {
            query =
                query.filter(completion_events::unit_id.eq_any(units.iter().map(|u: &UnitId| u.0).collect::<Vec<_>>()));
        }
        if let Some(state) = $asked.state {
            query = query.filter(certificates::state.eq(state));
        }
        if $asked.awaiting {
            query = query
                .filter(certificates::state.eq(CertificateState::Valid))
                .filter(certificates::completion_id.nullable().eq_any(voided!()));
        }
        let plain = |text: String| text.chars().filter(|c| !matches!(c, '%' | '_' | '\\')).collect::<String>();
        let words = plain(fold(&$asked.search));
        if !words.is_empty() {
            let number = plain($asked.search.trim().to_uppercase());
            let holders = people::table.filter(people::folded.like(format!("%{words}%"))).select(people::id);
            query = query.filter(
                certificates::person_id.eq_any(holders).or(certificates::register_number.like(format!("{number}%"))),
            );
        }
        query
    }};
}

pub fn count(c: &mut DbConn, units: Option<&[UnitId]>, asked: &RegisterAsked) -> Result<i64> {
    // All of it needs nobody's name and no unit.
    if units.is_none() && asked.is_all() {
        return Ok(certificates::table.count().get_result(c)?);
    }
    Ok(asked!(units, asked).select(diesel::dsl::count_star()).first(c)?)
}

/// A stretch of the register in the order of issue, from after an entry: for taking it away as a table.
pub fn stretch(
    c: &mut DbConn,
    units: Option<&[UnitId]>,
    asked: &RegisterAsked,
    after: CertificateId,
    limit: i64,
) -> Result<Vec<Certificate>> {
    Ok(asked!(units, asked)
        .filter(certificates::id.gt(after.0))
        .order(certificates::id.asc())
        .limit(limit)
        .select(Certificate::as_select())
        .load(c)?)
}

/// One page of the register, the latest entry first. `units` limits it to certificates issued for people of these units.
pub fn register(c: &mut DbConn, units: Option<&[UnitId]>, asked: &RegisterAsked, page: i64) -> Result<RegisterPage> {
    let total = count(c, units, asked)?;
    let rows: Vec<(Certificate, UnitId)> = asked!(units, asked)
        .order(certificates::id.desc())
        .limit(REGISTER_PAGE)
        .offset((page.max(1) - 1) * REGISTER_PAGE)
        .select((Certificate::as_select(), completion_events::unit_id))
        .load(c)?;
    Ok(RegisterPage { rows: rows.into_iter().map(|(certificate, unit)| Entry { certificate, unit }).collect(), total })
}

/// How many certificates of a register are in a state: a body that issues has one for each year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegisterCount {
    /// The body as it was then; renamed it is another unit.
    pub issuer: UnitId,
    pub year: i32,
    pub state: CertificateState,
    pub count: i64,
}

/// How many certificates of each register there are in each state; those of people of some units only, unless `units` is `None`.
pub fn by_register(c: &mut DbConn, units: Option<&[UnitId]>) -> Result<Vec<RegisterCount>> {
    let mut query = certificates::table
        .group_by((certificates::register_id, certificates::state))
        .select((certificates::register_id, certificates::state, diesel::dsl::count_star()))
        .into_boxed();
    if let Some(units) = units {
        let inside = completion_events::table
            .filter(completion_events::unit_id.eq_any(units.iter().map(|u| u.0).collect::<Vec<_>>()))
            .select(completion_events::id);
        query = query.filter(certificates::completion_id.eq_any(inside));
    }
    let rows: Vec<(i64, CertificateState, i64)> = query.load(c)?;
    let registers: HashMap<i64, (UnitId, i32)> = certificate_registers::table
        .select((certificate_registers::id, certificate_registers::issuer_id, certificate_registers::year))
        .load::<(i64, UnitId, i32)>(c)?
        .into_iter()
        .map(|(id, issuer, year)| (id, (issuer, year)))
        .collect();
    let row = |(register, state, count)| {
        let (issuer, year) = *registers.get(&register)?;
        Some(RegisterCount { issuer, year, state, count })
    };
    Ok(rows.into_iter().filter_map(row).collect())
}

/// The same by year alone.
pub fn by_year(c: &mut DbConn, units: Option<&[UnitId]>) -> Result<Vec<(i32, CertificateState, i64)>> {
    Ok(by_register(c, units)?.into_iter().map(|row| (row.year, row.state, row.count)).collect())
}
