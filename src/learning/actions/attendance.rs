//! What the sessions of a run mean for completions: how many somebody must have attended, how many they have, and what is asked when
//! a confirmed list is corrected after the completion. Nothing is taken back without a person's decision.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use serde_json::json;

use super::{
    decide::reason_of,
    enrol::hold_run,
    progress::{hold_enrolment, settle_known},
};
use crate::{
    access::{Actor, Permission},
    accounts::queries::{self as accounts, directory},
    audit::{Entry, record},
    courses::queries as courses,
    learning::{
        jobs::SettleAttended,
        model::{
            Attendance, ChangeKind, Completion, CompletionId, Enrolment, EnrolmentId, EnrolmentState, Observers, Phase,
            Run, RunId,
        },
        queries,
    },
    notifications::actions::notify,
    platform::{
        as_i64,
        clock::local_day,
        db::{
            DbConn, Moment,
            schema::{class_runs, enrolments},
        },
        error::{Error, FieldErrors, Result},
        i18n::Message,
        jobs,
    },
};

/// More sessions than a class has.
const MOST_SESSIONS: i64 = 200;

/// Says how many sessions must be attended: none, so many, or all of them (0). Only before the run begins or as long as nobody is in
/// it, so that the rule stands before anybody learns by it. Whoever calls it has proved the right over the organising unit.
pub fn set_sessions_needed(c: &mut DbConn, now: Moment, by: &Actor, run: RunId, needed: Option<i64>) -> Result<Run> {
    let before = hold_run(c, run)?;
    if before.phase(now) != Phase::Coming && before.taken > 0 {
        return Err(Error::refused("learning-attendance-late"));
    }
    if needed.is_some_and(|needed| !(0..=MOST_SESSIONS).contains(&needed)) {
        return Err(FieldErrors::one("sessions", "learning-attendance-number"));
    }
    if before.sessions_needed == needed {
        return Ok(before);
    }
    diesel::update(class_runs::table.find(run)).set(class_runs::sessions_needed.eq(needed)).execute(c)?;
    let entry = Entry::new("class.attendance", "class_runs", run).unit(before.unit_id);
    let entry =
        entry.before(json!({ "sessions_needed": before.sessions_needed })).after(json!({ "sessions_needed": needed }));
    record(c, by, now, entry)?;
    queries::run(c, run)
}

/// Keeps how many sessions of a held run stand. Fewer of them may be what somebody's completion waited for.
pub fn count_sessions(c: &mut DbConn, now: Moment, run: &Run, sessions: i64) -> Result<()> {
    let cut = (sessions < run.sessions).then_some(now).or(run.sessions_cut_at);
    diesel::update(class_runs::table.find(run.id))
        .set((class_runs::sessions.eq(sessions), class_runs::sessions_cut_at.eq(cut)))
        .execute(c)?;
    if sessions < run.sessions && run.sessions_needed == Some(0) {
        jobs::enqueue(c, now, &SettleAttended { run: run.id })?;
    }
    Ok(())
}

/// Takes the rows of these enrolments, all before anything is counted and always in the same order, so that no two lists wait for
/// each other.
pub fn hold_enrolments(c: &mut DbConn, ids: &BTreeSet<EnrolmentId>) -> Result<()> {
    // SQLite has one writer at a time; only PostgreSQL has row locks.
    if let DbConn::Pg(c) = c {
        enrolments::table
            .filter(enrolments::id.eq_any(ids))
            .order(enrolments::id.asc())
            .for_no_key_update()
            .select(enrolments::id)
            .load::<EnrolmentId>(c)?;
    }
    Ok(())
}

/// Keeps the ends of the sessions that each of these held enrolments has attended, in order, and writes the completions that waited
/// for nothing else. A completion that has lost what it rests on is marked, and those who decide about records are told.
pub fn note_attendance(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    run: &Run,
    ends: &BTreeMap<EnrolmentId, Vec<Moment>>,
    observers: &Observers,
) -> Result<Vec<Completion>> {
    let ids: Vec<EnrolmentId> = ends.keys().copied().collect();
    // Those with the same numbers by one statement: of three hundred people most attended the same sessions.
    let mut groups: BTreeMap<(i64, Option<Moment>), Vec<EnrolmentId>> = BTreeMap::new();
    for (id, ends) in ends {
        let attended = as_i64(ends.len());
        groups.entry((attended, run.attended_at(ends))).or_default().push(*id);
    }
    for ((attended, attended_at), ids) in groups {
        diesel::update(enrolments::table.filter(enrolments::id.eq_any(ids)))
            .set((enrolments::attended.eq(attended), enrolments::attended_at.eq(attended_at)))
            .execute(c)?;
    }
    let held: Vec<Enrolment> = enrolments::table
        .filter(enrolments::id.eq_any(&ids))
        .order(enrolments::id.asc())
        .select(Enrolment::as_select())
        .load(c)?;
    let (done, open): (Vec<_>, Vec<_>) = held.into_iter().partition(|enrolment| enrolment.completed_at.is_some());
    ask_about(c, now, run, &done)?;
    settle_all(c, now, by, run, open, observers)
}

/// Writes the completions of those who have attended enough and have done all the rest.
fn settle_all(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    run: &Run,
    open: Vec<Enrolment>,
    observers: &Observers,
) -> Result<Vec<Completion>> {
    let ready = |enrolment: &Enrolment| {
        enrolment.state == EnrolmentState::Active && matches!(run.attendance(enrolment), Attendance::Since(_))
    };
    let ready: Vec<Enrolment> = open.into_iter().filter(ready).collect();
    if ready.is_empty() {
        return Ok(Vec::new());
    }
    let outline = courses::outline(c, run.version_id)?;
    let mut progress = queries::progress_of_all(c, &ready.iter().map(|e| e.id).collect::<Vec<_>>())?;
    let mut written = Vec::new();
    for enrolment in ready {
        let progress = progress.remove(&enrolment.id).unwrap_or_default();
        written.extend(settle_known(c, now, by, enrolment, run, &outline, &progress, observers)?);
    }
    Ok(written)
}

/// Marks completions that have too few sessions left and are not voided, and takes the mark off those that have enough again.
fn ask_about(c: &mut DbConn, now: Moment, run: &Run, done: &[Enrolment]) -> Result<()> {
    let is_short = |e: &Enrolment| matches!(run.attendance(e), Attendance::Owed { .. });
    let well: Vec<EnrolmentId> =
        done.iter().filter(|e| e.short_since.is_some() && !is_short(e)).map(|e| e.id).collect();
    if !well.is_empty() {
        diesel::update(enrolments::table.filter(enrolments::id.eq_any(well)))
            .set(enrolments::short_since.eq(None::<Moment>))
            .execute(c)?;
    }
    let short: Vec<EnrolmentId> =
        done.iter().filter(|e| e.short_since.is_none() && is_short(e)).map(|e| e.id).collect();
    let standing = queries::standing_completions(c, &short)?;
    if standing.is_empty() {
        return Ok(());
    }
    let asked: Vec<EnrolmentId> = standing.iter().map(|(enrolment, ..)| *enrolment).collect();
    diesel::update(enrolments::table.filter(enrolments::id.eq_any(asked)))
        .set(enrolments::short_since.eq(now))
        .execute(c)?;
    let deciders = directory::who_may(c, Permission::DecideRecords, run.unit_id, local_day(now.0))?;
    let who: Vec<_> = standing.iter().map(|(.., person)| *person).collect();
    let names = directory::names(c, &who)?;
    for (_, completion, person) in standing {
        let name = names.get(&person).map(|(_, name)| name.clone()).unwrap_or_default();
        let told = Message::new("notifications-attendance-short").with("name", name).with("class", run.title.clone());
        let href = format!("/lop/{}/hoan-thanh/{completion}", run.code);
        for decider in &deciders {
            notify(c, now, *decider, &told, Some(&href), true)?;
        }
    }
    Ok(())
}

/// The decision that a completion stands although a list was corrected since. The other decision is to void it.
pub fn keep(c: &mut DbConn, now: Moment, by: &Actor, completion: CompletionId, reason: &str) -> Result<()> {
    let reason = reason_of(reason)?;
    let (completion, _) = queries::completion(c, completion)?;
    hold_enrolment(c, completion.enrolment)?;
    let (completion, decided) = queries::completion(c, completion.id)?;
    if by.person == Some(completion.person) {
        return Err(Error::refused("learning-decide-own"));
    }
    let kept = diesel::update(enrolments::table.filter(enrolments::id.eq(completion.enrolment)))
        .filter(enrolments::short_since.is_not_null())
        .set(enrolments::short_since.eq(None::<Moment>))
        .execute(c)?;
    if kept == 0 || decided.contains(&ChangeKind::Voided) {
        return Err(Error::refused("learning-decide-already"));
    }
    let name = accounts::person(c, completion.person)?.full_name();
    let entry = Entry::new("completion.keep", "completion_events", completion.id).unit(completion.unit);
    record(c, by, now, entry.after(json!({ "name": name })).reason(reason))
}

/// Writes the completions of a run that waited for a session which was cancelled: a small batch after the enrolment `after`; where to
/// go on, or `None` at the end.
pub fn settle_attended(
    c: &mut DbConn,
    now: Moment,
    run: RunId,
    after: EnrolmentId,
    limit: i64,
    observers: &Observers,
) -> Result<Option<EnrolmentId>> {
    let run = queries::run(c, run)?;
    let waiting = enrolments::completed_at.is_null().and(enrolments::attended_at.is_not_null());
    let due: Vec<EnrolmentId> = enrolments::table
        .filter(enrolments::run_id.eq(run.id).and(enrolments::state.eq(EnrolmentState::Active)))
        .filter(waiting.and(enrolments::id.gt(after)))
        .order(enrolments::id.asc())
        .limit(limit)
        .select(enrolments::id)
        .load(c)?;
    hold_enrolments(c, &due.iter().copied().collect())?;
    let open: Vec<Enrolment> = enrolments::table
        .filter(enrolments::id.eq_any(&due).and(enrolments::completed_at.is_null()))
        .order(enrolments::id.asc())
        .select(Enrolment::as_select())
        .load(c)?;
    settle_all(c, now, &Actor::system(), &run, open, observers)?;
    let full = as_i64(due.len()) >= limit;
    Ok(due.last().copied().filter(|_| full))
}
