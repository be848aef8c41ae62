//! Changes to people, memberships, roles and passwords. One function a use case; each writes its audit row.

pub mod import;
pub mod limiter;
pub mod links;
pub mod office;
pub mod sessions;
pub mod tokens;
pub mod transfers;

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use serde_json::json;

use super::{
    mail::LinkLetter,
    model::{MembershipId, NewMembership, NewPerson, Person, PersonState, Purpose, SessionId},
    passwords, queries,
};
use crate::{
    access::{Actor, Category, PersonId, Role, UnitId},
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

#[derive(Insertable)]
#[diesel(table_name = people, treat_none_as_default_value = false)]
struct PersonRow<'a> {
    code: String,
    family_names: &'a str,
    given_name: &'a str,
    sort_key: String,
    folded: String,
    birth_year: Option<i32>,
    email: Option<&'a str>,
    phone: Option<&'a str>,
    user_name: Option<&'a str>,
    locale: &'static str,
    state: PersonState,
    created_at: Moment,
    created_by: Option<i64>,
    birth_date: Option<NaiveDate>,
    staff_code: Option<&'a str>,
}

/// Creates a person who has no password yet.
pub fn create_person(c: &mut DbConn, by: &Actor, now: Moment, new: &NewPerson) -> Result<Person> {
    let made = create_people(c, by, now, std::slice::from_ref(new))?;
    made.into_iter().next().ok_or_else(|| Error::internal("nobody was created"))
}

/// Creates people who have no password yet, in one go: all of them or nobody. They come back in the order given.
pub fn create_people(c: &mut DbConn, by: &Actor, now: Moment, all: &[NewPerson]) -> Result<Vec<Person>> {
    if all.iter().any(|new| new.given_name.is_empty()) {
        return Err(FieldErrors::one("full_name", "accounts-name-missing"));
    }
    let row = |new| -> Result<PersonRow<'_>> {
        let new: &NewPerson = new;
        Ok(PersonRow {
            code: random_code()?,
            family_names: &new.family_names,
            given_name: &new.given_name,
            sort_key: text::person_sort_key(&new.family_names, &new.given_name),
            folded: text::fold(&format!("{} {}", new.family_names, new.given_name)),
            birth_year: new.birth_date.map(|day| day.year()).or(new.birth_year),
            email: new.email.as_deref(),
            phone: new.phone.as_deref(),
            user_name: new.user_name.as_deref(),
            locale: Locale::default().tag(),
            state: PersonState::Invited,
            created_at: now,
            created_by: by.person.map(|p| p.0),
            birth_date: new.birth_date,
            staff_code: new.staff_code.as_deref(),
        })
    };
    let mut made = Vec::with_capacity(all.len());
    for part in all.chunks(STATEMENT) {
        let rows = part.iter().map(row).collect::<Result<Vec<_>>>()?;
        // A batch insert is not part of diesel's common backend.
        crate::both!(c, |c| diesel::insert_into(people::table).values(&rows).execute(c)).map_err(taken)?;
        let codes: Vec<&str> = rows.iter().map(|row| row.code.as_str()).collect();
        let mut found: HashMap<String, Person> = people::table
            .filter(people::code.eq_any(codes))
            .select(Person::as_select())
            .load::<Person>(c)?
            .into_iter()
            .map(|person| (person.code.clone(), person))
            .collect();
        made.extend(rows.iter().filter_map(|row| found.remove(&row.code)));
    }
    let entry =
        |person: &Person| Entry::new("person.create", "people", person.id).after(json!({ "name": person.full_name() }));
    audit::record_all(c, by, now, made.iter().map(entry))?;
    Ok(made)
}

/// Rows of one statement.
const STATEMENT: usize = 500;

/// An address, number or name that somebody else has is the fault of its field.
fn taken(error: diesel::result::Error) -> Error {
    for (column, key) in [
        ("email", "accounts-email-taken"),
        ("phone", "accounts-phone-taken"),
        ("user_name", "accounts-user-name-taken"),
    ] {
        if breaks_unique(&error, "people", column) {
            return FieldErrors::one(column, key);
        }
    }
    error.into()
}

#[derive(Insertable)]
#[diesel(table_name = memberships, treat_none_as_default_value = false)]
struct MembershipRow<'a> {
    person_id: PersonId,
    unit_id: UnitId,
    position: &'a str,
    category: Category,
    valid_from: NaiveDate,
    recorded_at: Moment,
    recorded_by: Option<i64>,
}

/// Where a person works from a day on. An open membership before it ends the day before.
pub fn join_unit(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    person: PersonId,
    new: &NewMembership,
) -> Result<MembershipId> {
    let made = join_units(c, by, now, &[(person, new.clone())])?;
    made.into_iter().next().ok_or_else(|| Error::internal("no membership was written"))
}

/// The same for many people in one go, each of them once. The memberships come back in the order given.
pub fn join_units(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    all: &[(PersonId, NewMembership)],
) -> Result<Vec<MembershipId>> {
    let mut made = Vec::with_capacity(all.len());
    for part in all.chunks(STATEMENT) {
        let ids: Vec<PersonId> = part.iter().map(|(person, _)| *person).collect();
        let open = memberships::table
            .filter(memberships::person_id.eq_any(ids.clone()))
            .filter(memberships::valid_to.is_null());
        let open: Vec<PersonId> = open.select(memberships::person_id).load(c)?;
        for (person, new) in part.iter().filter(|(person, _)| open.contains(person)) {
            diesel::update(
                memberships::table
                    .filter(memberships::person_id.eq(person.0).and(memberships::valid_to.is_null()))
                    .filter(memberships::valid_from.lt(new.from)),
            )
            .set(memberships::valid_to.eq(new.from.pred_opt()))
            .execute(c)?;
        }
        let last: Option<MembershipId> = memberships::table.select(diesel::dsl::max(memberships::id)).first(c)?;
        let rows: Vec<MembershipRow<'_>> = part
            .iter()
            .map(|(person, new)| MembershipRow {
                person_id: *person,
                unit_id: new.unit,
                position: &new.position,
                category: new.category,
                valid_from: new.from,
                recorded_at: now,
                recorded_by: by.person.map(|p| p.0),
            })
            .collect();
        // A batch insert is not part of diesel's common backend.
        crate::both!(c, |c| diesel::insert_into(memberships::table).values(&rows).execute(c))?;
        let found: HashMap<PersonId, MembershipId> = memberships::table
            .filter(memberships::person_id.eq_any(ids).and(memberships::id.gt(last.map_or(0, |last| last.0))))
            .select((memberships::person_id, memberships::id))
            .load::<(PersonId, MembershipId)>(c)?
            .into_iter()
            .collect();
        made.extend(part.iter().filter_map(|(person, _)| found.get(person).copied()));
    }
    let entries = made.iter().zip(all).map(|(id, (person, new))| {
        let after = json!({ "person": person, "unit": new.unit, "position": new.position, "category": new.category, "from": new.from });
        Entry::new("membership.begin", "memberships", id).unit(new.unit).after(after)
    });
    audit::record_all(c, by, now, entries)?;
    Ok(made)
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
        Entry::new("link.command-line", "people", person.id).reason(reason.unwrap_or("đăng nhập lần đầu")),
    )?;
    links::make(c, &by, now, person.id, Purpose::SignIn)
}

/// Recurring: forgets failures that no longer count.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct ForgetFailures {}

impl jobs::Job for ForgetFailures {
    const KIND: &'static str = "accounts.forget-failures";
}
