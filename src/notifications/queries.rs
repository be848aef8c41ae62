//! Reading the inbox.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::{ARG_NAMES, KeptArg, Notice, NoticeId};
use crate::{
    access::PersonId,
    platform::{
        db::{DbConn, Moment, schema::notices},
        error::Result,
        i18n::Message,
    },
};

pub fn unread_count(c: &mut DbConn, person: PersonId) -> Result<i64> {
    // Every page of everybody shows it: see `both!`.
    let count = crate::both!(c, |c| {
        notices::table.filter(notices::person_id.eq(person.0).and(notices::read_at.is_null())).count().get_result(c)
    })?;
    Ok(count)
}

type Row = (NoticeId, PersonId, String, String, Option<String>, Moment, Option<Moment>);

fn notice(row: Row) -> Notice {
    let (id, person, key, args, href, created_at, read_at) = row;
    let mut args: BTreeMap<String, KeptArg> = serde_json::from_str(&args).unwrap_or_default();
    let mut message = Message::new(key);
    for name in ARG_NAMES {
        if let Some(value) = args.remove(name) {
            message.args.push((name, value.into()));
        }
    }
    Notice { id, person, message, href, created_at, is_read: read_at.is_some() }
}

/// A person's notices, the newest first, from before an id.
pub fn inbox(c: &mut DbConn, person: PersonId, before: Option<NoticeId>, limit: i64) -> Result<Vec<Notice>> {
    let rows: Vec<Row> = notices::table
        .filter(notices::person_id.eq(person.0).and(notices::id.lt(before.map_or(i64::MAX, |b| b.0))))
        .order(notices::id.desc())
        .limit(limit)
        .select((
            notices::id,
            notices::person_id,
            notices::message_key,
            notices::args,
            notices::href,
            notices::created_at,
            notices::read_at,
        ))
        .load(c)?;
    Ok(rows.into_iter().map(notice).collect())
}

pub fn one(c: &mut DbConn, id: NoticeId) -> Result<Option<Notice>> {
    let row: Option<Row> = notices::table
        .filter(notices::id.eq(id.0))
        .select((
            notices::id,
            notices::person_id,
            notices::message_key,
            notices::args,
            notices::href,
            notices::created_at,
            notices::read_at,
        ))
        .first(c)
        .optional()?;
    Ok(row.map(notice))
}
