//! Asking for reminders, and sending them, once a day for each person.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::json;

use super::{
    jobs::SendReminders,
    model::{Batch, BatchId, BatchKind, Chosen},
    queries,
};
use crate::{
    access::{Actor, PersonId},
    audit::{self, Entry},
    notifications::actions::notify,
    platform::{
        db::{
            DbConn, Moment,
            schema::{reminder_batches, reminders},
        },
        error::{Error, Result},
        http::guard::random_code,
        i18n::Message,
        jobs,
    },
    targets::model::TargetId,
};

/// Notes what was asked for and queues the work. The answer is the batch's code.
pub fn ask(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    kind: BatchKind,
    target: Option<TargetId>,
    chosen: Chosen,
) -> Result<String> {
    let sender = by.person.ok_or(Error::Forbidden)?;
    let code = random_code()?;
    let id = diesel::insert_into(reminder_batches::table)
        .values((
            reminder_batches::code.eq(&code),
            reminder_batches::kind.eq(kind),
            reminder_batches::target_id.eq(target.map(|t| t.0)),
            reminder_batches::by_id.eq(sender.0),
            reminder_batches::created_at.eq(now),
            reminder_batches::total.eq(0),
            reminder_batches::sent.eq(0),
            reminder_batches::skipped.eq(0),
            reminder_batches::unreached.eq(0),
        ))
        .returning(reminder_batches::id)
        .get_result::<BatchId>(c)?;
    let wanted = match &chosen {
        Chosen::All => json!("all"),
        Chosen::These(codes) => json!(codes.len()),
    };
    let after = json!({ "kind": kind, "target": target, "chosen": wanted });
    audit::record(c, by, now, Entry::new("reminder.ask", "reminder_batches", id).after(after))?;
    jobs::enqueue(c, now, &SendReminders { batch: id, chosen })?;
    Ok(code)
}

/// What one person is to be told.
#[derive(Debug, Clone)]
pub struct Letter {
    pub person: PersonId,
    pub message: Message,
    pub href: String,
}

/// How many a batch is for, before any of them is written to; never fewer than were, where the work began before.
pub fn begin(c: &mut DbConn, id: BatchId, total: i64, unreached: i64) -> Result<()> {
    let total = total.max(queries::sent(c, id)?);
    diesel::update(reminder_batches::table.find(id.0))
        .set((reminder_batches::total.eq(total), reminder_batches::unreached.eq(unreached)))
        .execute(c)?;
    Ok(())
}

/// Writes to some people, each unless they were written to on that day already.
pub fn send(c: &mut DbConn, now: Moment, day: NaiveDate, batch: BatchId, letters: &[Letter]) -> Result<()> {
    for letter in letters {
        let place = (reminders::person_id.eq(letter.person.0), reminders::day.eq(day), reminders::batch_id.eq(batch.0));
        // on_conflict is not part of diesel's common backend.
        let taken = crate::both!(c, |c| diesel::insert_into(reminders::table)
            .values(place)
            .on_conflict_do_nothing()
            .execute(c))?;
        if taken > 0 {
            notify(c, now, letter.person, &letter.message, Some(&letter.href), true)?;
        }
    }
    let sent = queries::sent(c, batch)?;
    diesel::update(reminder_batches::table.find(batch.0)).set(reminder_batches::sent.eq(sent)).execute(c)?;
    Ok(())
}

/// Everybody was looked at: who was not written to had been before.
pub fn finish(c: &mut DbConn, now: Moment, id: BatchId) -> Result<Batch> {
    let batch = queries::batch(c, id)?;
    diesel::update(reminder_batches::table.find(id.0))
        .set((reminder_batches::skipped.eq(batch.total - batch.sent), reminder_batches::finished_at.eq(now)))
        .execute(c)?;
    queries::batch(c, id)
}
