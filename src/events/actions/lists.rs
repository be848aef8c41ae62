//! Writing the list of a site: marks on a page or from a sheet, the scan of the signed paper, and sending it to be confirmed. Until it
//! is sent it is a working paper; from then on it is not changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use serde_json::json;

use super::{needed, somebody};
use crate::{
    access::{Actor, Permission, PersonId},
    accounts::queries::directory,
    audit::{Entry, record},
    events::{
        model::{List, ListId, ListState, Mark, Session, Site},
        queries::{self, Sheet},
    },
    learning::model::{EnrolmentId, Run},
    notifications::actions::notify,
    platform::{
        as_i64,
        clock::local_day,
        db::{
            DbConn, Moment, note_file,
            schema::{attendance_hands, attendance_lists, attendance_marks},
        },
        error::{Error, FieldErrors, Result},
        files::{Stored, safe_download_name},
        i18n::Message,
    },
};

/// Rows in one statement.
const ROWS: usize = 500;

/// What is done after the marks of a page are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Nothing,
    /// Everybody without a mark was there: an act of its own, never what happens by itself.
    RestPresent,
    Submit,
}

/// The list that is being written; a first one where the site has none. Its row is held until the end of the transaction.
fn draft(c: &mut DbConn, now: Moment, by: &Actor, session: &Session, site: &Site) -> Result<List> {
    if !session.takes_lists(now) {
        return Err(Error::refused("events-list-early"));
    }
    let who = somebody(by)?;
    if queries::latest_list(c, site.id)?.is_none() {
        insert(c, now, who, site, "")?;
    }
    let list = queries::latest_list(c, site.id)?.ok_or(Error::NotFound)?;
    let held = diesel::update(attendance_lists::table.find(list.id))
        .filter(attendance_lists::state.eq(ListState::Draft))
        .set(attendance_lists::entered_at.eq(list.entered_at))
        .execute(c)?;
    if held == 0 {
        return Err(Error::refused("events-list-closed"));
    }
    add_hand(c, list.id, who)?;
    Ok(list)
}

fn insert(c: &mut DbConn, now: Moment, who: PersonId, site: &Site, correction: &str) -> Result<()> {
    let values = (
        attendance_lists::site_id.eq(site.id),
        attendance_lists::state.eq(ListState::Draft),
        attendance_lists::correction.eq(correction),
        attendance_lists::is_imported.eq(false),
        attendance_lists::entered_at.eq(now),
        attendance_lists::entered_by.eq(who),
        attendance_lists::returned.eq(""),
    );
    // on_conflict is not part of diesel's common backend; of two that begin a list at once there is one list.
    crate::both!(c, |c| diesel::insert_into(attendance_lists::table)
        .values(values)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

fn add_hand(c: &mut DbConn, list: ListId, who: PersonId) -> Result<()> {
    let values = (attendance_hands::list_id.eq(list), attendance_hands::person_id.eq(who));
    // on_conflict is not part of diesel's common backend.
    crate::both!(c, |c| diesel::insert_into(attendance_hands::table)
        .values(values)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Writes these marks in the place of those there were.
fn put(c: &mut DbConn, list: ListId, marks: &BTreeMap<EnrolmentId, Mark>) -> Result<()> {
    let all: Vec<(EnrolmentId, Mark)> = marks.iter().map(|(id, mark)| (*id, *mark)).collect();
    for part in all.chunks(ROWS) {
        let ids: Vec<EnrolmentId> = part.iter().map(|(id, _)| *id).collect();
        diesel::delete(attendance_marks::table.filter(attendance_marks::list_id.eq(list)))
            .filter(attendance_marks::enrolment_id.eq_any(ids))
            .execute(c)?;
        let rows: Vec<_> = part
            .iter()
            .map(|(id, mark)| {
                (
                    attendance_marks::list_id.eq(list),
                    attendance_marks::enrolment_id.eq(*id),
                    attendance_marks::mark.eq(*mark),
                )
            })
            .collect();
        // Many rows in one statement are not part of diesel's common backend.
        crate::both!(c, |c| diesel::insert_into(attendance_marks::table).values(&rows).execute(c))?;
    }
    Ok(())
}

fn noted(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    site: &Site,
    list: ListId,
    what: &'static str,
    n: usize,
) -> Result<()> {
    let entry = Entry::new(what, "attendance_lists", list).unit(site.unit_id);
    record(c, by, now, entry.after(json!({ "marks": n })))
}

/// Keeps the marks of people named by their codes; those who do not sit at the site (any more) are passed over.
pub fn save(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    run: &Run,
    at: (&Session, &Site),
    marks: &HashMap<String, Mark>,
    then: Then,
) -> Result<()> {
    let (session, site) = at;
    let list = draft(c, now, by, session, site)?;
    let sheet = queries::sheet(c, run.id, session, site)?;
    let mut wanted: BTreeMap<EnrolmentId, Mark> = sheet
        .members
        .iter()
        .filter_map(|member| Some((member.enrolment, *marks.get(&member.code)?)))
        .filter(|(id, mark)| sheet.marks.get(id) != Some(mark))
        .collect();
    if then == Then::RestPresent {
        let without = |id: &EnrolmentId| !sheet.marks.contains_key(id);
        for member in sheet.members.iter().filter(|member| without(&member.enrolment)) {
            wanted.entry(member.enrolment).or_insert(Mark::Present);
        }
    }
    if !wanted.is_empty() {
        put(c, list.id, &wanted)?;
        noted(c, now, by, site, list.id, "attendance.write", wanted.len())?;
    }
    if then == Then::Submit { submit(c, now, by, run, at) } else { Ok(()) }
}

/// Keeps the marks that came from a sheet. Such a list needs the scan of the paper.
pub fn write_sheet(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    at: (&Session, &Site),
    marks: &BTreeMap<EnrolmentId, Mark>,
) -> Result<()> {
    let (session, site) = at;
    let list = draft(c, now, by, session, site)?;
    put(c, list.id, marks)?;
    diesel::update(attendance_lists::table.find(list.id)).set(attendance_lists::is_imported.eq(true)).execute(c)?;
    noted(c, now, by, site, list.id, "attendance.import", marks.len())
}

/// Keeps the scan of the signed sheet, whose file is in the store already, beside the list.
pub fn add_scan(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    at: (&Session, &Site),
    stored: &Stored,
    name: &str,
) -> Result<()> {
    let (session, site) = at;
    let list = draft(c, now, by, session, site)?;
    let name = safe_download_name(name, stored.media_type);
    let file = note_file(c, now, "attendance", stored, &name, by.person.map(|person| person.0))?;
    diesel::update(attendance_lists::table.find(list.id)).set(attendance_lists::file_id.eq(file)).execute(c)?;
    let entry = Entry::new("attendance.scan", "attendance_lists", list.id).unit(site.unit_id);
    record(c, by, now, entry.after(json!({ "hash": stored.sha256_hex() })))
}

/// Sends the list to be confirmed: everybody who sits at the site has a mark, and the session is over.
pub fn submit(c: &mut DbConn, now: Moment, by: &Actor, run: &Run, at: (&Session, &Site)) -> Result<()> {
    let (session, site) = at;
    let list = draft(c, now, by, session, site)?;
    if now < session.ends_at {
        return Err(Error::refused("events-list-not-over"));
    }
    let sheet = queries::sheet(c, run.id, session, site)?;
    must_be_whole(c, session, &list, &sheet)?;
    let here: BTreeSet<EnrolmentId> = sheet.members.iter().map(|member| member.enrolment).collect();
    let gone: Vec<EnrolmentId> =
        queries::marks(c, list.id)?.into_keys().filter(|enrolment| !here.contains(enrolment)).collect();
    diesel::delete(attendance_marks::table.filter(attendance_marks::list_id.eq(list.id)))
        .filter(attendance_marks::enrolment_id.eq_any(gone))
        .execute(c)?;
    diesel::update(attendance_lists::table.find(list.id))
        .set((
            attendance_lists::state.eq(ListState::Submitted),
            attendance_lists::submitted_at.eq(now),
            attendance_lists::submitted_by.eq(somebody(by)?.0),
            attendance_lists::returned.eq(""),
        ))
        .execute(c)?;
    noted(c, now, by, site, list.id, "attendance.submit", here.len())?;
    let hands = queries::hands(c, list.id)?;
    let told = Message::new("notifications-attendance-submitted")
        .with("name", format!("{}, {}", session.title, site.name))
        .with("class", run.title.clone());
    let href = site.path(&session.path(&run.code));
    for person in directory::who_may(c, Permission::ManageClasses, run.unit_id, local_day(now.0))? {
        if !hands.contains(&person) {
            notify(c, now, person, &told, Some(&href), true)?;
        }
    }
    Ok(())
}

fn must_be_whole(c: &mut DbConn, session: &Session, list: &List, sheet: &Sheet) -> Result<()> {
    if sheet.members.is_empty() {
        return Err(FieldErrors::one("", "events-list-nobody"));
    }
    let missing = sheet.members.iter().filter(|member| !sheet.marks.contains_key(&member.enrolment)).count();
    if missing > 0 {
        let left = Message::new("events-list-left").with("count", as_i64(missing));
        return Err(FieldErrors::one("", left));
    }
    if list.is_imported && list.file_id.is_none() {
        return Err(FieldErrors::one("file", "events-scan-missing"));
    }
    if !list.correction.is_empty() {
        let stands = queries::standing_marks(c, session.id)?;
        let is_same = |id: &EnrolmentId| sheet.marks.get(id) == stands.get(id);
        if sheet.members.iter().all(|member| is_same(&member.enrolment)) {
            return Err(FieldErrors::one("", "events-nothing-corrected"));
        }
    }
    Ok(())
}

/// Begins a correction of what was confirmed: another list, which begins with what stands.
pub fn correct(c: &mut DbConn, now: Moment, by: &Actor, run: &Run, at: (&Session, &Site), reason: &str) -> Result<()> {
    let (session, site) = at;
    let (reason, who) = (needed(reason)?, somebody(by)?);
    if queries::latest_list(c, site.id)?.is_none_or(|list| list.state != ListState::Confirmed) {
        return Err(Error::refused("events-not-correctable"));
    }
    insert(c, now, who, site, &reason)?;
    let list = draft(c, now, by, session, site)?;
    let stands = queries::standing_marks(c, session.id)?;
    let members = queries::members_at(c, run.id, session, site)?;
    let marks: BTreeMap<EnrolmentId, Mark> =
        members.iter().filter_map(|member| Some((member.enrolment, *stands.get(&member.enrolment)?))).collect();
    put(c, list.id, &marks)?;
    let entry = Entry::new("attendance.correct", "attendance_lists", list.id).unit(site.unit_id);
    record(c, by, now, entry.reason(reason))
}
