//! Reading certificates.

mod draft;
mod links;
mod register;
mod verify;

use diesel::prelude::*;

pub use self::{
    draft::{SIGNERS, draft, signers},
    links::links,
    register::{
        REGISTER_PAGE, RegisterAsked, RegisterCount, RegisterPage, by_register, by_year, count, register, stretch,
    },
    verify::verify,
};
use super::model::{Certificate, CertificateEvent, CertificateId, CertificateState, Entry};
use crate::{
    access::{Authority, Permission, PersonId, Reach, UnitId},
    organisations::queries::subtree_ids,
    platform::{
        db::{
            DbConn,
            schema::{certificate_events, certificates, completion_events, files},
        },
        error::{Error, Result},
    },
};

/// Completions of class runs that have no certificate and were not voided, after the event `after`, in their order.
pub fn without_certificate(c: &mut DbConn, after: i64, limit: i64) -> Result<Vec<i64>> {
    let later = diesel::alias!(completion_events as later);
    let voided = later
        .filter(later.field(completion_events::kind).eq("voided"))
        .filter(later.field(completion_events::completion_id).eq(completion_events::id.nullable()));
    let issued = certificates::table.filter(certificates::completion_id.eq(completion_events::id));
    Ok(completion_events::table
        .filter(completion_events::kind.eq("completed").and(completion_events::run_id.is_not_null()))
        .filter(completion_events::id.gt(after))
        .filter(diesel::dsl::not(diesel::dsl::exists(issued)))
        .filter(diesel::dsl::not(diesel::dsl::exists(voided)))
        .order(completion_events::id.asc())
        .limit(limit)
        .select(completion_events::id)
        .load(c)?)
}

pub fn by_id(c: &mut DbConn, id: CertificateId) -> Result<Certificate> {
    Ok(certificates::table.find(id.0).select(Certificate::as_select()).first(c)?)
}

/// The certificate of a lookup code, in its kept form.
pub fn by_code(c: &mut DbConn, code: &str) -> Result<Option<Entry>> {
    let found =
        certificates::table.filter(certificates::code.eq(code)).select(Certificate::as_select()).first(c).optional()?;
    with_unit(c, found)
}

/// The certificate of a register number as it is written on the paper.
pub fn by_register_number(c: &mut DbConn, number: &str) -> Result<Option<Entry>> {
    let number = number.trim().to_uppercase();
    let found = certificates::table
        .filter(certificates::register_number.eq(number))
        .select(Certificate::as_select())
        .first(c)
        .optional()?;
    with_unit(c, found)
}

fn with_unit(c: &mut DbConn, found: Option<Certificate>) -> Result<Option<Entry>> {
    found.map(|certificate| Ok(Entry { unit: unit_of(c, &certificate)?, certificate })).transpose()
}

/// The unit its holder belonged to at the time of the course.
pub fn unit_of(c: &mut DbConn, certificate: &Certificate) -> Result<UnitId> {
    Ok(completion_events::table.find(certificate.completion_id).select(completion_events::unit_id).first(c)?)
}

/// The certificate of a completion: the valid one, or else the latest.
pub fn of_completion(c: &mut DbConn, completion: i64) -> Result<Option<Certificate>> {
    let all: Vec<Certificate> = certificates::table
        .filter(certificates::completion_id.eq(completion))
        .order(certificates::id.asc())
        .select(Certificate::as_select())
        .load(c)?;
    let valid = all.iter().find(|x| x.state == CertificateState::Valid).cloned();
    Ok(valid.or_else(|| all.last().cloned()))
}

/// A person's own certificates, the latest first.
pub fn of_person(c: &mut DbConn, person: PersonId) -> Result<Vec<Certificate>> {
    Ok(certificates::table
        .filter(certificates::person_id.eq(person.0))
        .order(certificates::id.desc())
        .select(Certificate::as_select())
        .load(c)?)
}

/// What happened to a certificate, in order.
pub fn events(c: &mut DbConn, id: CertificateId) -> Result<Vec<CertificateEvent>> {
    Ok(certificate_events::table
        .filter(certificate_events::certificate_id.eq(id.0))
        .order(certificate_events::id.asc())
        .select(CertificateEvent::as_select())
        .load(c)?)
}

/// The certificate that was issued in place of this one.
pub fn replacement(c: &mut DbConn, id: CertificateId) -> Result<Option<Certificate>> {
    Ok(certificates::table
        .filter(certificates::replaces_id.eq(id.0))
        .order(certificates::id.desc())
        .select(Certificate::as_select())
        .first(c)
        .optional()?)
}

/// Where the PDF lies in the store of files.
pub fn file_key(c: &mut DbConn, file: i64) -> Result<String> {
    Ok(files::table.find(file).select(files::key).first(c)?)
}

/// Whether a permission of somebody reaches the unit that a certificate was issued for.
pub fn reaches(
    c: &mut DbConn,
    who: &Authority,
    permission: Permission,
    unit: UnitId,
    today: chrono::NaiveDate,
) -> Result<bool> {
    match who.reach(permission) {
        Reach::Everywhere => Ok(true),
        Reach::Nowhere => Ok(false),
        Reach::Under(roots) => crate::organisations::queries::is_under(c, unit, &roots, today),
    }
}

/// The units whose certificates a permission of somebody covers; `None` is all of them.
pub fn covered_units(
    c: &mut DbConn,
    who: &Authority,
    permission: Permission,
    today: chrono::NaiveDate,
) -> Result<Option<Vec<UnitId>>> {
    match who.reach(permission) {
        Reach::Everywhere => Ok(None),
        Reach::Under(roots) => Ok(Some(subtree_ids(c, &roots, today)?)),
        Reach::Nowhere => Err(Error::Forbidden),
    }
}

/// How many certificates wait for this person to revoke them.
pub fn awaiting_count(c: &mut DbConn, who: &Authority, today: chrono::NaiveDate) -> Result<i64> {
    if !who.may(Permission::DecideRecords) {
        return Ok(0);
    }
    let units = covered_units(c, who, Permission::DecideRecords, today)?;
    let awaiting = RegisterAsked { awaiting: true, ..RegisterAsked::default() };
    register::count(c, units.as_deref(), &awaiting)
}

/// Valid certificates whose completion was voided: each waits for a decision to revoke it.
pub fn awaiting_revocation(c: &mut DbConn, limit: i64) -> Result<Vec<Certificate>> {
    Ok(certificates::table
        .filter(certificates::state.eq(CertificateState::Valid))
        .filter(certificates::completion_id.nullable().eq_any(register::voided!()))
        .order(certificates::id.asc())
        .limit(limit)
        .select(Certificate::as_select())
        .load(c)?)
}
