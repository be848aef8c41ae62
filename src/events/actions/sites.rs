//! The sites of a session, and who sits where.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::{LONGEST, LONGEST_LINK, happened, line, sessions::must_be_open};
use crate::{
    access::Actor,
    accounts::queries as accounts,
    audit::{Entry, record},
    events::{
        jobs::Tell,
        model::{Happened, ListState, NewSite, Session, SessionState, Site, SiteId},
        queries,
    },
    learning::{
        actions::hold_run,
        model::{Enrolment, Run, RunId},
    },
    notifications::actions::notify,
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment,
            schema::{class_seats, class_sites},
        },
        error::{Error, FieldErrors, Result},
        i18n::Message,
        jobs,
        text::{datetime, tidy},
    },
};

/// So many sites a session has at most.
const MOST: usize = 200;

fn checked(c: &mut DbConn, session: &Session, new: &NewSite) -> Result<NewSite> {
    let mut errors = FieldErrors::default();
    let name = line(&mut errors, "name", &new.name, "events-site-name-missing");
    let (place, link) = (tidy(&new.place), tidy(&new.link));
    if place.chars().count() > LONGEST {
        errors.add("place", "events-text-long");
    }
    let is_web = ["https://", "http://"].iter().any(|start| link.starts_with(start)) && !link.contains(' ');
    if !link.is_empty() && (!is_web || link.chars().count() > LONGEST_LINK) {
        errors.add("link", "events-site-link-form");
    }
    if place.is_empty() && link.is_empty() {
        errors.add("place", "events-site-nowhere");
    }
    let day = local_day(session.starts_at.0);
    if !organisations::unit(c, new.unit)?.valid_on(day) {
        errors.add("unit", "events-site-unit-missing");
    }
    let works_at = accounts::membership_on(c, new.keeper, day)?.map(|membership| membership.unit_id);
    let is_theirs = match works_at {
        Some(unit) => organisations::is_under(c, unit, &[new.unit], day)?,
        None => false,
    };
    if !is_theirs {
        errors.add("keeper", "events-site-keeper-elsewhere");
    }
    errors.or(NewSite { name, unit: new.unit, place, link, keeper: new.keeper })
}

/// Writes a site down and tells who keeps its list.
pub(super) fn insert_site(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    run: &Run,
    session: &Session,
    new: &NewSite,
) -> Result<Site> {
    let new = checked(c, session, new)?;
    let numbers = class_sites::table.filter(class_sites::session_id.eq(session.id));
    let last: Option<i32> = numbers.select(diesel::dsl::max(class_sites::number)).first(c)?;
    let number = last.unwrap_or(0) + 1;
    diesel::insert_into(class_sites::table)
        .values((
            class_sites::session_id.eq(session.id),
            class_sites::number.eq(number),
            class_sites::name.eq(&new.name),
            class_sites::unit_id.eq(new.unit),
            class_sites::place.eq(&new.place),
            class_sites::link.eq(&new.link),
            class_sites::keeper_id.eq(new.keeper),
        ))
        .execute(c)?;
    let site: Site = class_sites::table
        .filter(class_sites::session_id.eq(session.id).and(class_sites::number.eq(number)))
        .select(Site::as_select())
        .first(c)?;
    tell_keeper(c, now, by, run, session, &site)?;
    let entry = Entry::new("class-site.add", "class_sites", site.id).unit(site.unit_id);
    record(c, by, now, entry.after(state(&site)))?;
    Ok(site)
}

fn state(site: &Site) -> serde_json::Value {
    json!({ "name": site.name, "unit": site.unit_id, "place": site.place, "link": site.link, "keeper": site.keeper })
}

fn tell_keeper(c: &mut DbConn, now: Moment, by: &Actor, run: &Run, session: &Session, site: &Site) -> Result<()> {
    if by.person == Some(site.keeper) {
        return Ok(());
    }
    let told = Message::new("notifications-session-keeper")
        .with("name", format!("{}, {}", session.title, site.name))
        .with("class", run.title.clone())
        .with("date", datetime(session.starts_at.0));
    notify(c, now, site.keeper, &told, Some(&site.path(&session.path(&run.code))), true).map(drop)
}

/// Adds a site to a session that has not begun.
pub fn add_site(c: &mut DbConn, now: Moment, by: &Actor, run: RunId, number: i32, new: &NewSite) -> Result<Site> {
    let run = hold_run(c, run)?;
    let session = queries::session(c, run.id, number)?;
    must_be_open(&session, now)?;
    if queries::sites(c, session.id)?.len() >= MOST {
        return Err(Error::refused("events-too-many"));
    }
    insert_site(c, now, by, &run, &session, new)
}

fn find(c: &mut DbConn, run: &Run, (session, site): (i32, i32)) -> Result<(Session, Site, usize)> {
    let session = queries::session(c, run.id, session)?;
    let sites = queries::sites(c, session.id)?;
    let count = sites.len();
    let site = sites.into_iter().find(|of| of.number == site).ok_or(Error::NotFound)?;
    Ok((session, site, count))
}

/// Changes a site. Until the session begins everything of it, and the learners are told where it is now; after that only who keeps its
/// list, as long as none was confirmed.
pub fn change_site(c: &mut DbConn, now: Moment, by: &Actor, run: RunId, at: (i32, i32), new: &NewSite) -> Result<()> {
    let run = hold_run(c, run)?;
    let (session, before, _) = find(c, &run, at)?;
    if session.state == SessionState::Cancelled {
        return Err(Error::refused("events-not-open"));
    }
    let new = checked(c, &session, new)?;
    let is_elsewhere = (&new.place, &new.link) != (&before.place, &before.link);
    let is_other = is_elsewhere || new.name != before.name || new.unit != before.unit_id;
    if !is_other && new.keeper == before.keeper {
        return Ok(());
    }
    if is_other {
        must_be_open(&session, now)?;
    }
    diesel::update(class_sites::table.find(before.id))
        .set((
            class_sites::name.eq(&new.name),
            class_sites::unit_id.eq(new.unit),
            class_sites::place.eq(&new.place),
            class_sites::link.eq(&new.link),
            class_sites::keeper_id.eq(new.keeper),
        ))
        .execute(c)?;
    let after: Site = class_sites::table.find(before.id).select(Site::as_select()).first(c)?;
    if is_elsewhere {
        let details = BTreeMap::from([("site", after.name.clone())]);
        let event = happened(c, by, now, session.id, Happened::Changed, "", &details)?;
        jobs::enqueue(c, now, &Tell { event })?;
    }
    if after.keeper != before.keeper {
        tell_keeper(c, now, by, &run, &session, &after)?;
    }
    let entry = Entry::new("class-site.change", "class_sites", before.id).unit(after.unit_id);
    record(c, by, now, entry.before(state(&before)).after(state(&after)))
}

/// Takes a site away that is not the last; who sat there sits with their unit again.
pub fn remove_site(c: &mut DbConn, now: Moment, by: &Actor, run: RunId, at: (i32, i32)) -> Result<()> {
    let run = hold_run(c, run)?;
    let (session, site, count) = find(c, &run, at)?;
    must_be_open(&session, now)?;
    if count < 2 {
        return Err(Error::refused("events-last-site"));
    }
    diesel::update(class_sites::table.find(site.id)).set(class_sites::removed_at.eq(now)).execute(c)?;
    let entry = Entry::new("class-site.remove", "class_sites", site.id).unit(site.unit_id);
    record(c, by, now, entry.before(state(&site)))
}

/// Somebody sits at a site from now on: chosen by themselves before the session begins, or given by those who run the class as long as
/// neither of the two lists was submitted.
pub fn choose(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    run: RunId,
    at: (i32, i32),
    enrolment: &Enrolment,
) -> Result<Site> {
    let run = hold_run(c, run)?;
    let (session, site, _) = find(c, &run, at)?;
    if session.state == SessionState::Cancelled {
        return Err(Error::refused("events-not-open"));
    }
    if by.person == Some(enrolment.person_id) {
        must_be_open(&session, now)?;
    }
    let seating = queries::seating(c, &session, &[enrolment.unit_id])?;
    let from = seating.site_of(enrolment.id, enrolment.unit_id).ok_or(Error::NotFound)?;
    if from.id == site.id {
        return Ok(site);
    }
    let both: [SiteId; 2] = [from.id, site.id];
    if queries::states(c, &both)?.values().any(|state| *state != ListState::Draft) {
        return Err(Error::refused("events-seat-late"));
    }
    let values = (
        class_seats::site_id.eq(site.id),
        class_seats::chosen_at.eq(now),
        class_seats::chosen_by.eq(by.person.map(|person| person.0)),
    );
    // An upsert is not part of diesel's common backend.
    crate::both!(c, |c| diesel::insert_into(class_seats::table)
        .values((class_seats::session_id.eq(session.id), class_seats::enrolment_id.eq(enrolment.id), values))
        .on_conflict((class_seats::session_id, class_seats::enrolment_id))
        .do_update()
        .set(values)
        .execute(c))?;
    let entry = Entry::new("class-site.seat", "enrolments", enrolment.id).unit(site.unit_id);
    record(c, by, now, entry.before(json!({ "site": from.name })).after(json!({ "site": site.name })))?;
    Ok(site)
}
