//! Sending the reminders of a batch.

use std::collections::{BTreeMap, HashSet};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{
    actions::{self, Letter},
    model::{Batch, BatchId, BatchKind, Chosen, Late, Standing},
    queries,
};
use crate::{
    access::{Permission, PersonId, Reach},
    accounts::{self, queries::directory},
    app::App,
    platform::{
        as_i64,
        clock::local_day,
        db::{DbConn, Moment},
        error::{Error, Result},
        i18n::Message,
        jobs::{self, Job},
        text,
    },
    targets::queries as targets,
};

#[derive(Debug, Serialize, Deserialize)]
pub struct SendReminders {
    pub batch: BatchId,
    pub chosen: Chosen,
}

impl Job for SendReminders {
    const KIND: &'static str = "reminders.send";
}

/// People written to in one transaction: a few milliseconds.
const AT_ONCE: usize = 10;
/// After how long it is looked again whether the figures are whole.
const COUNTED_IN: TimeDelta = TimeDelta::seconds(20);

/// Places read at a time.
const READ: i64 = 2000;

/// Whom it is for is found now, within what the sender may see now; then each is written to, unless they were today. A job that
/// breaks off and runs again goes on: who was written to keeps their place in this batch.
pub async fn send(app: App, job: SendReminders) -> Result<()> {
    let id = job.batch;
    let batch = app.db.read(move |c| queries::batch(c, id)).await?;
    if batch.finished_at.is_some() {
        return Ok(());
    }
    // Letters cannot be taken back: they wait until the figures they tell are whole again.
    if let Some(target) = batch.target_id {
        let is_counting = app.db.read(move |c| Ok::<_, Error>(targets::by_id(c, target)?.is_being_counted())).await?;
        if is_counting {
            let now = app.now();
            let later = move |c: &mut DbConn| jobs::enqueue_at(c, now, now + COUNTED_IN, &job);
            return app.db.write("reminders.wait", later).await;
        }
    }
    // The day on which the button was pressed, so that a job that waited past midnight counts for the day it was meant for.
    let (now, day) = (app.now(), local_day(batch.created_at.0));
    let (letters, unreached) = app
        .db
        .read(move |c| {
            let authority = accounts::queries::authority(c, batch.by_id)?;
            let reach = authority.reach(Permission::Remind);
            match batch.kind {
                BatchKind::Learners => Ok((learners(c, &reach, now, &job.chosen)?, 0)),
                BatchKind::Agencies => agencies(c, &batch, &reach, now, &job.chosen),
            }
        })
        .await?;
    let total = as_i64(letters.len());
    app.db.write("reminders.begin", move |c| actions::begin(c, id, total, unreached)).await?;
    for some in letters.chunks(AT_ONCE) {
        let (now, some) = (app.now(), some.to_vec());
        app.db.write("reminders.send", move |c| actions::send(c, now, day, id, &some)).await?;
    }
    let now = app.now();
    app.db.write("reminders.finish", move |c| actions::finish(c, now, id).map(drop)).await
}

/// One letter for each person, about the class that ends first.
fn learners(c: &mut DbConn, reach: &Reach, now: Moment, chosen: &Chosen) -> Result<Vec<Letter>> {
    let within = match reach {
        Reach::Nowhere => return Ok(Vec::new()),
        reach => directory::units_within(c, reach, local_day(now.0))?,
    };
    let (mut letters, mut seen) = (Vec::new(), HashSet::new());
    let mut offset = 0;
    // A statement of two thousand rows at a time, in one read, so that nobody slips between two.
    loop {
        let rows = queries::late_rows(c, within.as_deref(), now, offset, READ)?;
        let read = i64::try_from(rows.len()).unwrap_or(READ);
        for late in rows {
            if chosen.holds(&late.code) && seen.insert(late.person) {
                letters.push(letter(&late, now));
            }
        }
        if read < READ {
            return Ok(letters);
        }
        offset += read;
    }
}

fn letter(late: &Late, now: Moment) -> Letter {
    let is_over = late.last_day < local_day(now.0);
    let key = if is_over { "reminders-learner-over" } else { "reminders-learner-due" };
    let message = Message::new(key).with("class", late.title.clone()).with("date", text::date(late.last_day));
    let href = if is_over { "/khoa-hoc".to_owned() } else { format!("/lop/{}", late.run) };
    Letter { person: late.person, message, href }
}

/// One letter for each training officer, with the agencies of theirs that it is about; and the agencies without one.
fn agencies(c: &mut DbConn, batch: &Batch, reach: &Reach, now: Moment, chosen: &Chosen) -> Result<(Vec<Letter>, i64)> {
    let Some(target) = batch.target_id.filter(|_| *reach == Reach::Everywhere) else { return Ok((Vec::new(), 0)) };
    let target = targets::by_id(c, target)?;
    let mut unreached = 0;
    let mut told: BTreeMap<PersonId, (Vec<String>, i64, bool)> = BTreeMap::new();
    for short in queries::short(c, &target, now)? {
        // Who is on the way is only written to when chosen.
        let wanted = match chosen {
            Chosen::All => short.standing != Standing::OnItsWay,
            these => these.holds(&short.agency.unit.code),
        };
        if !wanted {
            continue;
        }
        unreached += i64::from(short.contacts.is_empty());
        for contact in &short.contacts {
            let entry = told.entry(contact.person).or_default();
            entry.0.push(short.agency.unit.name_vi.clone());
            entry.1 += short.agency.missing(target.metric).unwrap_or(0);
            entry.2 |= short.standing != Standing::NoData;
        }
    }
    let letters = told
        .into_iter()
        .map(|(person, (units, missing, has_missing))| {
            let key = if has_missing && missing > 0 { "reminders-agency-short" } else { "reminders-agency-no-data" };
            let mut message = Message::new(key)
                .with("unit", units.join("; "))
                .with("name", target.title_vi.clone())
                .with("date", text::date(target.period_to));
            if key == "reminders-agency-short" {
                message = message.with("number", missing);
            }
            Letter { person, message, href: format!("/chi-tieu/{}", target.code) }
        })
        .collect();
    Ok::<_, Error>((letters, unreached))
}
