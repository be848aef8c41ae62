//! Changes to people, memberships, roles and passwords. One function a use case; each writes its audit row.

pub mod limiter;
pub mod links;
pub mod office;
pub mod sessions;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::json;

use super::{
    mail::LinkLetter,
    model::{MembershipId, NewMembership, NewPerson, Person, PersonState, Purpose, SessionId},
    passwords, queries,
};
use crate::{
    access::{Actor, PersonId, Role, UnitId},
    audit::{self, Entry},
    platform::{
        db::{
            DbConn, Moment, breaks_unique,
            schema::{memberships, people, role_grants},
        },
        error::{Error, FieldErrors, Result},
        http::guard::random_code,
        i18n::Locale,
        jobs, text,
    },
};

/// Creates a person who has no password yet.
pub fn create_person(c: &mut DbConn, by: &Actor, now: Moment, new: &NewPerson) -> Result<Person> {
    if new.given_name.is_empty() {
        return Err(FieldErrors::one("full_name", "accounts-name-missing"));
    }
    let code = random_code()?;
    let sort_key = text::person_sort_key(&new.family_names, &new.given_name);
    let folded = text::fold(&format!("{} {}", new.family_names, new.given_name));
    let inserted = diesel::insert_into(people::table)
        .values((
            people::code.eq(&code),
            people::family_names.eq(&new.family_names),
            people::given_name.eq(&new.given_name),
            people::sort_key.eq(sort_key),
            people::folded.eq(folded),
            people::birth_year.eq(new.birth_year),
            people::email.eq(&new.email),
            people::phone.eq(&new.phone),
            people::user_name.eq(&new.user_name),
            people::locale.eq(Locale::default().tag()),
            people::state.eq(PersonState::Invited),
            people::created_at.eq(now),
            people::created_by.eq(by.person.map(|p| p.0)),
        ))
        .returning(people::id)
        .get_result::<PersonId>(c);
    let id = match inserted {
        Ok(id) => id,
        Err(e) => {
            for (column, key) in [
                ("email", "accounts-email-taken"),
                ("phone", "accounts-phone-taken"),
                ("user_name", "accounts-user-name-taken"),
            ] {
                if breaks_unique(&e, "people", column) {
                    return Err(FieldErrors::one(column, key));
                }
            }
            return Err(e.into());
        }
    };
    let person = queries::person(c, id)?;
    audit::record(c, by, now, Entry::new("person.create", "people", id).after(json!({ "name": person.full_name() })))?;
    Ok(person)
}

/// Where a person works from a day on. An open membership before it ends the day before.
pub fn join_unit(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    person: PersonId,
    new: &NewMembership,
) -> Result<MembershipId> {
    diesel::update(
        memberships::table
            .filter(memberships::person_id.eq(person.0).and(memberships::valid_to.is_null()))
            .filter(memberships::valid_from.lt(new.from)),
    )
    .set(memberships::valid_to.eq(new.from.pred_opt()))
    .execute(c)?;
    let id = diesel::insert_into(memberships::table)
        .values((
            memberships::person_id.eq(person.0),
            memberships::unit_id.eq(new.unit.0),
            memberships::position.eq(&new.position),
            memberships::category.eq(new.category),
            memberships::valid_from.eq(new.from),
            memberships::recorded_at.eq(now),
            memberships::recorded_by.eq(by.person.map(|p| p.0)),
        ))
        .returning(memberships::id)
        .get_result::<MembershipId>(c)?;
    let after = json!({ "person": person, "unit": new.unit, "position": new.position, "category": new.category, "from": new.from });
    audit::record(c, by, now, Entry::new("membership.begin", "memberships", id).unit(new.unit).after(after))?;
    Ok(id)
}

/// Ends a membership on its last day.
pub fn leave_unit(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    membership: MembershipId,
    last_day: NaiveDate,
) -> Result<()> {
    let changed = diesel::update(
        memberships::table
            .filter(memberships::id.eq(membership.0).and(memberships::valid_from.le(last_day)))
            .filter(memberships::valid_to.is_null()),
    )
    .set(memberships::valid_to.eq(last_day))
    .execute(c)?;
    if changed == 0 {
        return Err(Error::refused("accounts-membership-over"));
    }
    audit::record(c, by, now, Entry::new("membership.end", "memberships", membership).after(json!({ "to": last_day })))
}

/// Grants a role; the same one twice is refused.
pub fn grant_role(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    person: PersonId,
    role: Role,
    unit: Option<UnitId>,
) -> Result<i64> {
    if role.is_scoped_to_unit() != unit.is_some() {
        return Err(FieldErrors::one("unit", "accounts-role-unit"));
    }
    let held = queries::authority(c, person)?;
    if held.grants.iter().any(|g| g.role == role && g.unit == unit) {
        return Err(FieldErrors::one("role", "accounts-role-held"));
    }
    let id = diesel::insert_into(role_grants::table)
        .values((
            role_grants::person_id.eq(person.0),
            role_grants::role.eq(role),
            role_grants::unit_id.eq(unit.map(|u| u.0)),
            role_grants::granted_at.eq(now),
            role_grants::granted_by.eq(by.person.map(|p| p.0)),
        ))
        .returning(role_grants::id)
        .get_result::<i64>(c)?;
    let after = json!({ "person": person, "role": role, "unit": unit });
    audit::record(c, by, now, Entry::new("role.grant", "role_grants", id).after(after))?;
    Ok(id)
}

/// Ends a role of a person.
pub fn end_role(c: &mut DbConn, by: &Actor, now: Moment, person: PersonId, grant: i64) -> Result<()> {
    let changed = diesel::update(
        role_grants::table
            .filter(role_grants::id.eq(grant).and(role_grants::person_id.eq(person.0)))
            .filter(role_grants::ended_at.is_null()),
    )
    .set((role_grants::ended_at.eq(now), role_grants::ended_by.eq(by.person.map(|p| p.0))))
    .execute(c)?;
    if changed == 0 {
        return Err(Error::NotFound);
    }
    audit::record(c, by, now, Entry::new("role.end", "role_grants", grant))
}

/// Whether a new password may be taken.
pub fn check_new_password(field: &'static str, password: &str) -> Result<()> {
    let length = password.chars().count();
    if length < passwords::SHORTEST {
        let shortest = i64::try_from(passwords::SHORTEST).unwrap_or_default();
        return Err(FieldErrors::one(
            field,
            crate::platform::i18n::Message::new("accounts-password-short").with("shortest", shortest),
        ));
    }
    if length > passwords::LONGEST {
        return Err(FieldErrors::one(field, "accounts-password-long"));
    }
    Ok(())
}

/// Keeps the hash of a new password, activates an invited person, and ends their other sessions.
pub fn set_password(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    person: PersonId,
    hash: &str,
    keep: Option<SessionId>,
) -> Result<()> {
    let changed =
        diesel::update(people::table.filter(people::id.eq(person.0).and(people::state.ne(PersonState::Disabled))))
            .set((people::password_hash.eq(hash), people::state.eq(PersonState::Active)))
            .execute(c)?;
    if changed == 0 {
        return Err(Error::NotFound);
    }
    sessions::end_others(c, by, now, person, keep)?;
    audit::record(c, by, now, Entry::new("password.set", "people", person))
}

/// A person's language.
pub fn set_locale(c: &mut DbConn, person: PersonId, locale: Locale) -> Result<()> {
    diesel::update(people::table.find(person.0)).set(people::locale.eq(locale.tag())).execute(c)?;
    Ok(())
}

/// Queues a letter with a link to set a new password, if the identifier means somebody with mail. The answer is the same in
/// any case, so that nobody learns who has an account.
pub fn request_reset(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    identifier: &str,
    address: std::net::IpAddr,
) -> Result<()> {
    limiter::attempt(c, now, "reset", &text::fold(identifier), address)?;
    let Some((person, _)) = queries::by_identifier(c, identifier)? else { return Ok(()) };
    if person.state == PersonState::Disabled || person.email.is_none() {
        return Ok(());
    }
    send_link(c, by, now, &person, Purpose::Reset)
}

/// Queues the invitation of a person by mail.
pub fn invite(c: &mut DbConn, by: &Actor, now: Moment, person: &Person) -> Result<()> {
    if person.state == PersonState::Disabled {
        return Err(Error::refused("accounts-disabled"));
    }
    if person.email.is_none() {
        return Err(Error::refused("accounts-no-email"));
    }
    send_link(c, by, now, person, Purpose::Invitation)
}

fn send_link(c: &mut DbConn, by: &Actor, now: Moment, person: &Person, purpose: Purpose) -> Result<()> {
    let token = links::make(c, by, now, person.id, purpose)?;
    jobs::enqueue(c, now, &LinkLetter { person: person.id, purpose, token })
}

/// Makes the slip that a training officer prints for a person without mail; the code is shown once.
pub fn make_slip(c: &mut DbConn, by: &Actor, now: Moment, person: &Person) -> Result<String> {
    if person.state == PersonState::Disabled {
        return Err(Error::refused("accounts-disabled"));
    }
    links::make(c, by, now, person.id, Purpose::Slip)
}

/// A sign-in link for the command line: in a database made by `demo`, for the first administrator, and as an audited recovery.
pub fn command_line_link(c: &mut DbConn, now: Moment, identifier: &str, reason: Option<&str>) -> Result<String> {
    let (person, _) = queries::by_identifier(c, identifier)?.ok_or(Error::NotFound)?;
    if person.state == PersonState::Disabled {
        return Err(Error::refused("accounts-disabled"));
    }
    let by = Actor::system();
    audit::record(
        c,
        &by,
        now,
        Entry::new("link.command-line", "people", person.id).reason(reason.unwrap_or("first sign-in")),
    )?;
    links::make(c, &by, now, person.id, Purpose::SignIn)
}

/// Recurring: forgets failures that no longer count.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct ForgetFailures {}

impl jobs::Job for ForgetFailures {
    const KIND: &'static str = "accounts.forget-failures";
}
