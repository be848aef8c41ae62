//! What a training office does with people: where they work, who may come in. Each use case asks itself how far the one
//! who acts may reach, in the transaction of the change.

use diesel::prelude::*;
use serde_json::json;

use super::{end_role, join_unit, leave_unit, sessions};
use crate::{
    access::{Actor, PersonId, Reach},
    accounts::{
        model::{MembershipId, NewMembership, Person, PersonState},
        queries::directory as queries,
    },
    audit::{self, Entry},
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment,
            schema::{memberships, one_time_links, people},
        },
        error::{Error, FieldErrors, Result},
        i18n::Message,
        text,
    },
};

/// A person goes to a unit, by a document where one is named: what is open ends the day before. Nobody ends a membership of another
/// agency in passing.
pub fn move_person(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    reach: &Reach,
    person: PersonId,
    new: &NewMembership,
    decision: Option<&str>,
) -> Result<MembershipId> {
    let today = local_day(now.0);
    if !queries::covers(c, reach, new.unit, today)? {
        return Err(Error::Forbidden);
    }
    for open in queries::open_memberships(c, person)? {
        if open.valid_from >= new.from {
            let said = Message::new("people-from-not-after").with("date", text::date(open.valid_from));
            return Err(FieldErrors::one("from", said));
        }
        if !queries::covers(c, reach, open.unit_id, today)? {
            return Err(Error::refused("people-works-elsewhere"));
        }
    }
    let id = join_unit(c, by, now, person, new)?;
    if let Some(decision) = decision {
        diesel::update(memberships::table.find(id)).set(memberships::decision.eq(decision)).execute(c)?;
        let entry = Entry::new("membership.decision", "memberships", id).unit(new.unit);
        audit::record(c, by, now, entry.after(json!({ "decision": decision })))?;
    }
    Ok(id)
}

/// A person leaves a unit.
pub fn end_membership(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    reach: &Reach,
    person: PersonId,
    id: MembershipId,
    last_day: chrono::NaiveDate,
) -> Result<()> {
    let membership = queries::membership(c, person, id)?.ok_or(Error::NotFound)?;
    if !queries::covers(c, reach, membership.unit_id, local_day(now.0))? {
        return Err(Error::Forbidden);
    }
    if last_day < membership.valid_from {
        let said = Message::new("people-to-before").with("date", text::date(membership.valid_from));
        return Err(FieldErrors::one("to", said));
    }
    leave_unit(c, by, now, id, last_day)
}

/// Locks an account: the person is out at once, and no link or slip lets them in again.
pub fn lock(c: &mut DbConn, by: &Actor, now: Moment, person: PersonId, reason: &str) -> Result<()> {
    if by.person == Some(person) {
        return Err(Error::refused("people-lock-self"));
    }
    if reason.is_empty() {
        return Err(FieldErrors::one("reason", "people-reason-missing"));
    }
    if reason.chars().count() > 500 {
        return Err(FieldErrors::one("reason", "people-reason-long"));
    }
    let changed =
        diesel::update(people::table.filter(people::id.eq(person).and(people::state.ne(PersonState::Disabled))))
            .set(people::state.eq(PersonState::Disabled))
            .execute(c)?;
    if changed == 0 {
        return Err(Error::refused("people-locked-already"));
    }
    diesel::update(
        one_time_links::table.filter(one_time_links::person_id.eq(person).and(one_time_links::used_at.is_null())),
    )
    .set(one_time_links::used_at.eq(now))
    .execute(c)?;
    sessions::end_others(c, by, now, person, None)?;
    let entry = Entry::new("person.lock", "people", person).after(json!({ "state": PersonState::Disabled }));
    audit::record(c, by, now, entry.reason(reason))
}

/// Unlocks an account: as it was, active for who has a password, invited for who never set one.
pub fn unlock(c: &mut DbConn, by: &Actor, now: Moment, person: PersonId) -> Result<()> {
    let locked = || people::table.filter(people::id.eq(person).and(people::state.eq(PersonState::Disabled)));
    let has_password: Option<bool> = locked().select(people::password_hash.is_not_null()).first(c).optional()?;
    let state = match has_password {
        Some(true) => PersonState::Active,
        Some(false) => PersonState::Invited,
        None => return Err(Error::refused("people-not-locked")),
    };
    diesel::update(locked()).set(people::state.eq(state)).execute(c)?;
    audit::record(c, by, now, Entry::new("person.unlock", "people", person).after(json!({ "state": state })))
}

/// Takes a role away. Nobody takes their own, so one administrator always remains.
pub fn take_role(c: &mut DbConn, by: &Actor, now: Moment, person: PersonId, grant: i64) -> Result<()> {
    if by.person == Some(person) {
        return Err(Error::refused("people-role-self"));
    }
    end_role(c, by, now, person, grant)
}

/// A slip lets its holder in as that person. Whoever holds a role gets one only from those who grant roles, or an officer
/// could print herself an administrator.
pub fn print_slip(c: &mut DbConn, by: &Actor, now: Moment, grants_roles: bool, person: &Person) -> Result<String> {
    if !grants_roles && !queries::roles(c, person.id)?.is_empty() {
        return Err(Error::refused("people-slip-role"));
    }
    super::make_slip(c, by, now, person)
}

/// Sends the invitation of somebody who has not come in yet.
pub fn send_invitation(c: &mut DbConn, by: &Actor, now: Moment, person: &Person) -> Result<()> {
    if person.state == PersonState::Active {
        return Err(Error::refused("people-active-already"));
    }
    super::invite(c, by, now, person)
}

/// Keeps that somebody looked at a person's page (`people.id`), or at the list with what they searched for.
pub fn note_look_up(c: &mut DbConn, by: &Actor, now: Moment, person: Option<PersonId>, searched: &str) -> Result<()> {
    let entry = Entry::new("person.look-up", "people", person.map_or_else(|| "list".to_owned(), |id| id.to_string()));
    let entry = if searched.is_empty() { entry } else { entry.after(json!({ "search": searched })) };
    audit::record(c, by, now, entry)
}
