//! Writing: sessions planned and changed, sites, where people sit, lists written, submitted and confirmed.

mod confirm;
mod lists;
mod sessions;
mod sites;
mod tell;

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::{Happened, SessionId};
use crate::{
    access::Actor,
    platform::{
        db::{DbConn, Moment, schema::class_session_events},
        error::{Error, FieldErrors, Result},
        text::tidy,
    },
};

pub use self::{
    confirm::{confirm, give_back},
    lists::{Then, add_scan, correct, save, submit, write_sheet},
    sessions::{cancel, change, plan},
    sites::{add_site, change_site, choose, remove_site},
    tell::tell_some,
};

/// The longest title, name and place, in characters; the forms say the same.
const LONGEST: usize = 200;
const LONGEST_REASON: usize = 500;
const LONGEST_LINK: usize = 500;

/// A reason that stays on record.
fn needed(reason: &str) -> Result<String> {
    let reason = tidy(reason);
    if reason.is_empty() {
        return Err(FieldErrors::one("reason", "events-reason-missing"));
    }
    if reason.chars().count() > LONGEST_REASON {
        return Err(FieldErrors::one("reason", "events-reason-long"));
    }
    Ok(reason)
}

/// A line of text that must be there and is not too long.
fn line(errors: &mut FieldErrors, field: &'static str, typed: &str, missing: &'static str) -> String {
    let text = tidy(typed);
    if text.is_empty() {
        errors.add(field, missing);
    } else if text.chars().count() > LONGEST {
        errors.add(field, "events-text-long");
    }
    text
}

/// Writes what became of a session.
fn happened(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    session: SessionId,
    kind: Happened,
    reason: &str,
    details: &BTreeMap<&str, String>,
) -> Result<i64> {
    Ok(diesel::insert_into(class_session_events::table)
        .values((
            class_session_events::session_id.eq(session),
            class_session_events::kind.eq(kind),
            class_session_events::reason.eq(reason),
            class_session_events::details.eq(serde_json::to_string(details)?),
            class_session_events::by_id.eq(by.person.map(|person| person.0)),
            class_session_events::recorded_at.eq(now),
        ))
        .returning(class_session_events::id)
        .get_result(c)?)
}

/// Who acts; a list and a decision about it come from somebody.
fn somebody(by: &Actor) -> Result<crate::access::PersonId> {
    by.person.ok_or(Error::Forbidden)
}
