//! The other entries that entries lead to: what the register notes beside them.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    certificates::model::{CertificateId, EventKind, Links, Other},
    platform::{
        db::{
            DbConn,
            schema::{certificate_events, certificates},
        },
        error::Result,
    },
};

/// What each of these was issued in place of, what was issued in its place, and what revoked it. Entries without any are left out.
pub fn links(c: &mut DbConn, ids: &[CertificateId]) -> Result<HashMap<CertificateId, Links>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let mut found: HashMap<CertificateId, Links> = HashMap::new();
    let (older, newer) = diesel::alias!(certificates as older, certificates as newer);
    let before: Vec<(CertificateId, String, String)> = older
        .inner_join(newer.on(newer.field(certificates::replaces_id).eq(older.field(certificates::id).nullable())))
        .filter(newer.field(certificates::id).eq_any(ids.clone()))
        .select((
            newer.field(certificates::id),
            older.field(certificates::code),
            older.field(certificates::register_number),
        ))
        .load(c)?;
    for (id, code, register_number) in before {
        found.entry(id).or_default().replaces = Some(Other { code, register_number });
    }
    let after: Vec<(Option<CertificateId>, String, String)> = certificates::table
        .filter(certificates::replaces_id.eq_any(ids.clone()))
        .select((certificates::replaces_id, certificates::code, certificates::register_number))
        .load(c)?;
    for (id, code, register_number) in after {
        if let Some(id) = id {
            found.entry(id).or_default().replaced_by = Some(Other { code, register_number });
        }
    }
    let revoked: Vec<(CertificateId, Option<String>, Option<NaiveDate>)> = certificate_events::table
        .filter(certificate_events::certificate_id.eq_any(ids))
        .filter(certificate_events::kind.eq(EventKind::Revoked))
        .select((
            certificate_events::certificate_id,
            certificate_events::decision_number,
            certificate_events::decision_date,
        ))
        .load(c)?;
    for (id, number, date) in revoked {
        found.entry(id).or_default().revoked_by = number.map(|number| (number, date));
    }
    Ok(found)
}
