//! Issuing and revoking.

use chrono::Datelike;
use diesel::prelude::*;
use serde_json::json;

use super::{
    jobs::IssueCertificate,
    model::{
        Certificate, CertificateId, CertificateState, Draft, EventKind, Lookup, Revocation, Signer, random_code,
        random_serial,
    },
    queries,
};
use crate::{
    access::Actor,
    audit,
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment,
            schema::{certificate_events, certificate_registers, certificates, files, settings},
        },
        error::{Error, Result},
        files::Stored,
        jobs,
    },
};

/// Asks for the certificate of a completion. Call it in the transaction in which the completion is made or accepted; whether it
/// can be certified is looked at when the job runs.
pub fn request_issue(c: &mut DbConn, now: Moment, completion: i64) -> Result<()> {
    jobs::enqueue_once(c, now, &format!("certificates.issue.{completion}"), &IssueCertificate { completion })
}

/// Enters a certificate into the register and gives it its number, or answers with the one the completion already has: also one
/// that was revoked, for a repeated job must not undo a decision. `None` where there is nothing to certify.
///
/// The number comes from one conditional statement on the register's row, which keeps the row locked until this transaction
/// ends: numbers are given in the order of the commits, and a transaction that fails gives its number back.
pub fn issue(c: &mut DbConn, now: Moment, completion: i64, lookup: &Lookup) -> Result<Option<Certificate>> {
    if let Some(there) = queries::of_completion(c, completion)? {
        return Ok(Some(there));
    }
    let Some(draft) = queries::draft(c, completion, now)? else { return Ok(None) };
    let (register, number) = next_number(c, &draft, now)?;
    let code = random_code()?;
    let paper = draft.numbered(number, &code, &random_serial()?, lookup, now.0);
    // A second job for the same completion at the same time fails here on the unique index, gives its number back and,
    // repeated, finds this one.
    let id = diesel::insert_into(certificates::table)
        .values((
            certificates::code.eq(&code),
            certificates::completion_id.eq(completion),
            certificates::person_id.eq(draft.person.0),
            certificates::register_id.eq(register),
            certificates::number.eq(number),
            certificates::register_number.eq(&paper.register_number),
            certificates::paper.eq(serde_json::to_string(&paper)?),
            certificates::state.eq(CertificateState::Valid),
            certificates::issued_at.eq(now),
        ))
        .returning(certificates::id)
        .get_result::<CertificateId>(c)?;
    event(c, now, &Actor::system(), id, EventKind::Issued, None)?;
    let entry = audit::Entry::new("certificate.issue", "certificates", id).unit(draft.unit);
    let after = json!({ "register_number": paper.register_number, "completion": completion });
    audit::record(c, &Actor::system(), now, entry.after(after))?;
    Ok(Some(certificates::table.find(id.0).select(Certificate::as_select()).first(c)?))
}

fn next_number(c: &mut DbConn, draft: &Draft, now: Moment) -> Result<(i64, i64)> {
    let year = local_day(now.0).year();
    let first = (
        certificate_registers::issuer_id.eq(draft.issuer.0),
        certificate_registers::year.eq(year),
        certificate_registers::paper_kind.eq(draft.kind),
        certificate_registers::symbol.eq(&draft.symbol),
    );
    // on_conflict is not part of diesel's common backend.
    crate::both!(c, |c| diesel::insert_into(certificate_registers::table)
        .values(first)
        .on_conflict_do_nothing()
        .execute(c))?;
    let own = certificate_registers::issuer_id
        .eq(draft.issuer.0)
        .and(certificate_registers::year.eq(year))
        .and(certificate_registers::paper_kind.eq(draft.kind));
    Ok(diesel::update(certificate_registers::table.filter(own))
        .set(certificate_registers::last_number.eq(certificate_registers::last_number + 1))
        .returning((certificate_registers::id, certificate_registers::last_number))
        .get_result(c)?)
}

fn event(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    id: CertificateId,
    kind: EventKind,
    decision: Option<&Revocation>,
) -> Result<()> {
    diesel::insert_into(certificate_events::table)
        .values((
            certificate_events::certificate_id.eq(id.0),
            certificate_events::kind.eq(kind),
            certificate_events::at.eq(now),
            certificate_events::actor_id.eq(by.person.map(|p| p.0)),
            certificate_events::decision_number.eq(decision.map(|d| d.decision_number.as_str())),
            certificate_events::decision_date.eq(decision.map(|d| d.decision_date)),
            certificate_events::reason.eq(decision.map(|d| d.reason.as_str())),
        ))
        .execute(c)?;
    Ok(())
}

/// Notes where the PDF lies. `false` when another worker was first: then the file is not needed.
pub fn attach_file(c: &mut DbConn, now: Moment, certificate: &Certificate, stored: &Stored) -> Result<bool> {
    let still_bare =
        certificates::table.filter(certificates::id.eq(certificate.id.0).and(certificates::file_id.is_null()));
    let sha256 = stored.sha256.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let file: i64 = diesel::insert_into(files::table)
        .values((
            files::key.eq(stored.key.as_str()),
            files::kind.eq("certificates"),
            files::media_type.eq(stored.media_type.mime()),
            files::size.eq(i64::try_from(stored.len).map_err(Error::internal)?),
            files::sha256.eq(sha256),
            files::name.eq(format!("{}.pdf", certificate.register_number.replace('/', "-"))),
            files::created_at.eq(now),
        ))
        .returning(files::id)
        .get_result(c)?;
    let changed = diesel::update(still_bare).set(certificates::file_id.eq(file)).execute(c)?;
    if changed == 0 {
        diesel::delete(files::table.find(file)).execute(c)?;
    }
    Ok(changed == 1)
}

/// Revokes a certificate by a decision. It stays in the register, and its page says so.
pub fn revoke(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    id: CertificateId,
    decision: &Revocation,
) -> Result<Certificate> {
    let changed = diesel::update(
        certificates::table.filter(certificates::id.eq(id.0).and(certificates::state.eq(CertificateState::Valid))),
    )
    .set(certificates::state.eq(CertificateState::Revoked))
    .execute(c)?;
    if changed == 0 {
        return Err(Error::refused("certificates-refused-not-valid"));
    }
    event(c, now, by, id, EventKind::Revoked, Some(decision))?;
    let certificate: Certificate = certificates::table.find(id.0).select(Certificate::as_select()).first(c)?;
    let entry = audit::Entry::new("certificate.revoke", "certificates", id)
        .before(json!({ "state": CertificateState::Valid }))
        .after(json!({
            "state": certificate.state, "register_number": certificate.register_number,
            "decision_number": decision.decision_number, "decision_date": decision.decision_date,
        }))
        .reason(decision.reason.clone());
    audit::record(c, by, now, entry)?;
    Ok(certificate)
}

/// Writes down who signs from which day on; papers that were issued keep their signer.
pub fn set_signers(c: &mut DbConn, by: &Actor, now: Moment, signers: &[Signer]) -> Result<()> {
    let before = queries::signers(c)?;
    let row = (settings::key.eq(queries::SIGNERS), settings::value.eq(serde_json::to_string(signers)?));
    diesel::delete(settings::table.find(queries::SIGNERS)).execute(c)?;
    diesel::insert_into(settings::table).values(row).execute(c)?;
    let entry = audit::Entry::new("certificate.signers", "settings", queries::SIGNERS);
    audit::record(c, by, now, entry.before(json!(before)).after(json!(signers)))
}
