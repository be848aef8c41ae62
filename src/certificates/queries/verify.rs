//! Checking the register against itself.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::{
    certificates::model::{Certificate, CertificateEvent, CertificateState, EventKind, register_number},
    platform::{
        db::{
            DbConn,
            schema::{certificate_events, certificate_registers, certificates},
        },
        error::Result,
    },
};

/// How many certificates are looked at together.
const CHUNK: i64 = 500;

/// What is wrong in the registers, a sentence each; nothing when all is well.
pub fn verify(c: &mut DbConn) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let registers: Vec<(i64, i32, String, i64)> = certificate_registers::table
        .order(certificate_registers::id.asc())
        .select((
            certificate_registers::id,
            certificate_registers::year,
            certificate_registers::symbol,
            certificate_registers::last_number,
        ))
        .load(c)?;
    for (id, year, symbol, last) in registers {
        numbers(c, id, &format!("register {symbol} {year}"), last, &mut found)?;
        entries(c, id, year, &symbol, &mut found)?;
    }
    let twice: Vec<(i64, i64)> = certificates::table
        .filter(certificates::state.eq("valid"))
        .group_by(certificates::completion_id)
        .having(diesel::dsl::count_star().gt(1))
        .select((certificates::completion_id, diesel::dsl::count_star()))
        .load(c)?;
    found.extend(twice.iter().map(|(id, count)| format!("completion {id} has {count} valid certificates")));
    replacements(c, &mut found)?;
    Ok(found)
}

/// Whoever was replaced has a successor, and a successor certifies the same completion of the same person.
fn replacements(c: &mut DbConn, found: &mut Vec<String>) -> Result<()> {
    let (old, new) = diesel::alias!(certificates as old, certificates as new);
    let successor = new.field(certificates::replaces_id).eq(old.field(certificates::id).nullable());
    let alone: Vec<String> = old
        .filter(old.field(certificates::state).eq(CertificateState::Replaced))
        .filter(diesel::dsl::not(diesel::dsl::exists(new.filter(successor))))
        .select(old.field(certificates::register_number))
        .load(c)?;
    found.extend(alone.iter().map(|number| format!("certificate {number}: it was replaced, but by none")));
    let strange: Vec<String> = new
        .inner_join(old.on(successor))
        .filter(
            (old.field(certificates::completion_id).ne(new.field(certificates::completion_id)))
                .or(old.field(certificates::person_id).ne(new.field(certificates::person_id)))
                .or(old.field(certificates::state).eq(CertificateState::Valid)),
        )
        .select(new.field(certificates::register_number))
        .load(c)?;
    found.extend(strange.iter().map(|number| format!("certificate {number}: it cannot replace the one it names")));
    Ok(())
}

/// From 1 to the last, none missing, none twice.
fn numbers(c: &mut DbConn, register: i64, name: &str, last: i64, found: &mut Vec<String>) -> Result<()> {
    let of = certificates::table.filter(certificates::register_id.eq(register));
    let (count, highest): (i64, Option<i64>) =
        of.select((diesel::dsl::count_star(), diesel::dsl::max(certificates::number))).first(c)?;
    if count == last && highest.unwrap_or(0) == last {
        return Ok(());
    }
    let there: BTreeSet<i64> = of.select(certificates::number).load::<i64>(c)?.into_iter().collect();
    let missing: Vec<String> = (1..=last).filter(|n| !there.contains(n)).take(20).map(|n| n.to_string()).collect();
    if !missing.is_empty() {
        found.push(format!("{name}: the numbers {} are missing", missing.join(", ")));
    }
    found.extend(
        there
            .iter()
            .filter(|n| !(1..=last).contains(n))
            .map(|n| format!("{name}: number {n} lies outside 1 to {last}")),
    );
    Ok(())
}

/// Each entry agrees with its events and its paper.
fn entries(c: &mut DbConn, register: i64, year: i32, symbol: &str, found: &mut Vec<String>) -> Result<()> {
    let mut after = 0;
    loop {
        let rows: Vec<Certificate> = certificates::table
            .filter(certificates::register_id.eq(register).and(certificates::number.gt(after)))
            .order(certificates::number.asc())
            .limit(CHUNK)
            .select(Certificate::as_select())
            .load(c)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.number;
        let ids: Vec<i64> = rows.iter().map(|r| r.id.0).collect();
        let events: Vec<(i64, CertificateEvent)> = certificate_events::table
            .filter(certificate_events::certificate_id.eq_any(ids))
            .order(certificate_events::id.asc())
            .select((certificate_events::certificate_id, CertificateEvent::as_select()))
            .load(c)?;
        for row in &rows {
            let own: Vec<EventKind> = events.iter().filter(|(id, _)| *id == row.id.0).map(|(_, e)| e.kind).collect();
            entry(row, &own, year, symbol, found);
        }
    }
}

fn entry(row: &Certificate, events: &[EventKind], year: i32, symbol: &str, found: &mut Vec<String>) {
    let number = &row.register_number;
    if *number != register_number(row.number, year, symbol) {
        found.push(format!("certificate {number}: it stands at {} in the register", row.number));
    }
    if events.first() != Some(&EventKind::Issued) || events.iter().filter(|k| **k == EventKind::Issued).count() != 1 {
        found.push(format!("certificate {number}: its events do not begin with its issue"));
    }
    let state = events.last().map(|k| k.leads_to());
    if state != Some(row.state) {
        found.push(format!("certificate {number}: it is {}, its events say {state:?}", row.state));
    }
    match row.paper() {
        Ok(paper) if paper.register_number != *number => {
            found.push(format!("certificate {number}: its paper bears the number {}", paper.register_number));
        }
        Ok(paper) if !paper.lookup_url.ends_with(&format!("/{}", row.code)) => {
            found.push(format!("certificate {number}: its paper leads to another code"));
        }
        Ok(_) => {}
        Err(_) => found.push(format!("certificate {number}: its paper cannot be read")),
    }
}
