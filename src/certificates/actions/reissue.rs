//! Issuing a certificate anew under another number.

use diesel::prelude::*;
use serde_json::{Map, Value, json};

use super::{NewEntry, enter, event, hold_completion, request_issue};
use crate::{
    access::Actor,
    audit,
    certificates::{
        model::{Certificate, CertificateId, CertificateState, Details, Draft, EventKind, Lookup, Reissue},
        queries,
    },
    notifications,
    platform::{
        db::{DbConn, Moment, schema::certificates},
        error::{Error, Result},
        i18n::Message,
    },
};

/// Issues a certificate anew, by a decision. The new entry stands in the register of the body and year of today, for a register
/// is written in the order of issue and by who issues; the paper repeats the old one, whose head and signer confirmed the course, with
/// what was corrected. The old entry keeps everything and becomes "replaced"; one that was revoked stays revoked.
///
/// Of two at once one wins: they wait for each other at the completion, and the second then finds the certificate replaced. Behind
/// that stand the unique successor and the unique valid certificate of a completion.
pub fn reissue(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    id: CertificateId,
    asked: &Reissue,
    lookup: &Lookup,
) -> Result<Certificate> {
    let completion = queries::by_id(c, id)?.completion_id;
    hold_completion(c, completion)?;
    let old = queries::by_id(c, id)?;
    let (draft, details) = prepare(c, by, now, &old, asked)?;
    if old.state == CertificateState::Valid {
        let replaced = diesel::update(certificates::table.filter(certificates::id.eq(id.0)))
            .filter(certificates::state.eq(CertificateState::Valid))
            .set(certificates::state.eq(CertificateState::Replaced))
            .execute(c)?;
        if replaced == 0 {
            return Err(Error::refused("certificates-refused-reissued-already"));
        }
        event(c, now, by, id, EventKind::Replaced, Some(&asked.decision), None)?;
    }
    let entry =
        NewEntry { draft: &draft, replaces: Some(id), decision: Some(&asked.decision), details: Some(&details) };
    let new = enter(c, now, by, &entry, lookup)?;
    record(c, by, now, &old, &new, &draft, asked, &details)?;
    request_issue(c, now, old.completion_id)?;
    let told = Message::new("notifications-certificate-reissued")
        .with("name", old.register_number)
        .with("number", new.register_number.clone());
    notifications::actions::notify(c, now, new.person_id, &told, Some("/chung-nhan"), true)?;
    Ok(new)
}

/// Looks at everything that can stand against a re-issue; the new paper without its number, and what differs. Reads only, so a page can
/// ask before the paper is drawn for a trial.
pub fn prepare(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    old: &Certificate,
    asked: &Reissue,
) -> Result<(Draft, Details)> {
    if by.person == Some(old.person_id) {
        return Err(Error::refused("certificates-refused-own"));
    }
    if queries::replacement(c, old.id)?.is_some() {
        return Err(Error::refused("certificates-refused-reissued-already"));
    }
    // A completion that was voided, or that waits to be accepted, gives nothing to certify.
    let Some(draft) = queries::draft(c, old.completion_id, now)? else {
        return Err(Error::refused("certificates-refused-not-completed"));
    };
    asked.must_fit(old.state)?;
    let (paper, corrections) = asked.paper(&old.paper()?, old.issued_at.0)?;
    let details = Details { ground: asked.ground, replaces: old.register_number.clone(), corrections };
    Ok((Draft { paper, ..draft }, details))
}

/// Two rows, so that the log of either entry tells the story.
#[expect(clippy::too_many_arguments, reason = "both sides of one act, called once")]
fn record(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    old: &Certificate,
    new: &Certificate,
    draft: &Draft,
    asked: &Reissue,
    details: &Details,
) -> Result<()> {
    let mut before = Map::from_iter([("register_number".to_owned(), json!(old.register_number))]);
    let mut after = Map::from_iter([
        ("register_number".to_owned(), json!(new.register_number)),
        ("ground".to_owned(), json!(details.ground)),
        ("decision_number".to_owned(), json!(asked.decision.decision_number)),
        ("decision_date".to_owned(), json!(asked.decision.decision_date)),
    ]);
    for correction in &details.corrections {
        before.insert(correction.field.to_string(), json!(correction.before));
        after.insert(correction.field.to_string(), json!(correction.after));
    }
    let entry = audit::Entry::new("certificate.reissue", "certificates", new.id).unit(draft.unit);
    let entry = entry.before(Value::Object(before)).after(Value::Object(after));
    audit::record(c, by, now, entry.reason(asked.decision.reason.clone()))?;
    let state = if old.state == CertificateState::Valid { CertificateState::Replaced } else { old.state };
    let entry = audit::Entry::new("certificate.replace", "certificates", old.id)
        .unit(draft.unit)
        .before(json!({ "state": old.state }))
        .after(json!({ "state": state, "replaced_by": new.register_number }));
    audit::record(c, by, now, entry)
}
