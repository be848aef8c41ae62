//! Telling somebody something.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{
    mail::NoticeLetter,
    model::{KeptArg, NoticeId},
};
use crate::{
    access::PersonId,
    platform::{
        db::{DbConn, Moment, schema::notices},
        error::Result,
        i18n::Message,
        jobs,
    },
};

/// Puts a notice into a person's inbox; with `by_mail` a letter says it too, if they have an address. `href` is a page inside.
/// Inserts of the message bear the names in [`super::model::ARG_NAMES`].
pub fn notify(
    c: &mut DbConn,
    now: Moment,
    person: PersonId,
    message: &Message,
    href: Option<&str>,
    by_mail: bool,
) -> Result<NoticeId> {
    let args: BTreeMap<&str, KeptArg> = message.args.iter().map(|(name, value)| (*name, value.into())).collect();
    let id = diesel::insert_into(notices::table)
        .values((
            notices::person_id.eq(person.0),
            notices::message_key.eq(message.key.as_ref()),
            notices::args.eq(serde_json::to_string(&args)?),
            notices::href.eq(href),
            notices::created_at.eq(now),
        ))
        .returning(notices::id)
        .get_result::<NoticeId>(c)?;
    if by_mail {
        jobs::enqueue(c, now, &NoticeLetter { notice: id })?;
    }
    Ok(id)
}

/// Marks everything up to a notice as read; what arrived while the page was open stays unread.
pub fn read_up_to(c: &mut DbConn, now: Moment, person: PersonId, last: NoticeId) -> Result<()> {
    diesel::update(
        notices::table
            .filter(notices::person_id.eq(person.0).and(notices::read_at.is_null()))
            .filter(notices::id.le(last.0)),
    )
    .set(notices::read_at.eq(now))
    .execute(c)?;
    Ok(())
}
