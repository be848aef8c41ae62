//! Doing what a list says, a few rows in one transaction.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::{go, hold};
use crate::{
    access::{Actor, PersonId},
    accounts::{
        actions::{create_people, invite, join_units},
        model::{
            NewMembership, NewPerson,
            import::{Import, ImportId, ImportRow, ImportState, Intent, Places, Reason, RowResult, Uses, Wanted},
        },
        queries::{self as accounts, imports as queries},
    },
    audit::{self, Entry},
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment,
            schema::{people, people_import_rows, people_imports},
        },
        error::{Error, Result},
        text,
    },
};

/// What becomes of one row, with a reason where it is not what the dry run said.
type Fate = (i64, RowResult, Option<PersonId>, Option<Reason>);

/// Applies the next rows of a list; whether there may be more. The right of who confirmed it is asked again: it may have ended.
pub fn apply_some(c: &mut DbConn, now: Moment, id: ImportId, places: &Places, limit: i64, uses: &Uses) -> Result<bool> {
    let import = hold(c, id)?;
    if import.state != ImportState::Applying {
        return Ok(false);
    }
    let by = Actor { person: import.confirmed_by, ..Actor::default() };
    let person = import.confirmed_by.ok_or_else(|| Error::internal("a list that nobody confirmed"))?;
    let authority = accounts::authority(c, person)?;
    if !queries::may_work_on(c, &authority, now, &import, uses)? {
        // It waits for somebody else of the unit, with what is done already behind it.
        go(c, &import, &[ImportState::Applying], ImportState::Ready)?;
        let entry = Entry::new("import.stop", "people_imports", id).unit(import.unit_id);
        audit::record(c, &by, now, entry.reason("the right of who confirmed it has ended"))?;
        return Ok(false);
    }
    let rows: Vec<ImportRow> = people_import_rows::table
        .filter(people_import_rows::import_id.eq(id).and(people_import_rows::result.is_null()))
        .order(people_import_rows::number.asc())
        .limit(limit)
        .select(ImportRow::as_select())
        .load(c)?;
    if rows.is_empty() {
        end(c, &by, now, &import)?;
        return Ok(false);
    }
    let mut fates: Vec<Fate> = Vec::with_capacity(rows.len());
    let mut wanted: Vec<(i64, NewPerson, NewMembership)> = Vec::new();
    for row in &rows {
        match (row.intent(), row.person_id) {
            (Intent::Create, _) => match ready(c, &import, row, places, now)? {
                Ok((person, place)) => wanted.push((row.number, person, place)),
                Err(reason) => fates.push((row.number, RowResult::Skipped, None, Some(reason))),
            },
            (Intent::Link, Some(person)) => fates.push((row.number, RowResult::Linked, Some(person), None)),
            (Intent::Link | Intent::Skip, _) => fates.push((row.number, RowResult::Skipped, row.person_id, None)),
        }
    }
    fates.extend(create(c, &by, now, &import, wanted)?);
    for (number, result, person, reason) in &fates {
        let mut reason = reason.clone();
        if let (RowResult::Created | RowResult::Linked, Some(person)) = (result, person) {
            reason = (uses.take)(c, &by, now, &import, *person)?;
        }
        let row = people_import_rows::table.find((id, *number));
        diesel::update(row)
            .set((people_import_rows::result.eq(*result), people_import_rows::person_id.eq(*person)))
            .execute(c)?;
        if let Some(reason) = reason {
            let reasons = serde_json::to_string(&[reason])?;
            diesel::update(row).set(people_import_rows::reasons.eq(reasons)).execute(c)?;
        }
    }
    let step = i64::try_from(fates.len()).map_err(Error::internal)?;
    diesel::update(people_imports::table.find(id))
        .set(people_imports::done.eq(people_imports::done + step))
        .execute(c)?;
    Ok(true)
}

/// The person and place of a row as they are to be made; what came in between since the dry run is a reason not to.
fn ready(
    c: &mut DbConn,
    import: &Import,
    row: &ImportRow,
    places: &Places,
    now: Moment,
) -> Result<Result<(NewPerson, NewMembership), Reason>> {
    let today = local_day(now.0);
    let wanted = Wanted::read(&import.mapping()?, &row.cells()?, places, today);
    if let Some(fault) = wanted.faults.first() {
        return Ok(Err(fault.clone()));
    }
    let Some(place) = wanted.place(today) else { return Ok(Err(Reason::new("import-unit-missing"))) };
    let mut person = wanted.person;
    if person.email.is_none() && person.phone.is_none() && person.user_name.is_none() {
        person.user_name = Some(free_user_name(c, &person)?);
    }
    fn of(value: &Option<String>) -> Vec<&str> {
        value.as_deref().into_iter().collect()
    }
    let taken = queries::taken(c, &of(&person.email), &of(&person.phone), &of(&person.user_name))?;
    if taken.is_empty() { Ok(Ok((person, place))) } else { Ok(Err(Reason::new("import-taken-meanwhile"))) }
}

/// A user name for somebody who has neither address nor number: the given name, the initials of the others, four digits.
fn free_user_name(c: &mut DbConn, person: &NewPerson) -> Result<String> {
    let letters = |text: &str| text::slugify(text).chars().filter(char::is_ascii_lowercase).collect::<String>();
    let given: String = letters(&person.given_name).chars().take(20).collect();
    let initials: String =
        person.family_names.split(' ').filter_map(|word| letters(word).chars().next()).take(6).collect();
    let base = if given.is_empty() { "hocvien".to_owned() } else { format!("{given}.{initials}") };
    for _ in 0..8 {
        let mut bytes = [0_u8; 4];
        getrandom::fill(&mut bytes).map_err(Error::internal)?;
        let name = format!("{base}{:04}", u32::from_le_bytes(bytes) % 10_000);
        let known = people::table.filter(people::user_name.eq(&name)).select(people::id).first::<i64>(c).optional()?;
        if known.is_none() {
            return Ok(name);
        }
    }
    Err(Error::internal("no user name is free"))
}

/// Makes the accounts with their places, and writes to those who can be written to.
fn create(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    import: &Import,
    wanted: Vec<(i64, NewPerson, NewMembership)>,
) -> Result<Vec<Fate>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let new: Vec<NewPerson> = wanted.iter().map(|(_, person, _)| person.clone()).collect();
    let made = create_people(c, by, now, &new)?;
    let places: Vec<(PersonId, NewMembership)> =
        made.iter().zip(&wanted).map(|(person, (_, _, place))| (person.id, place.clone())).collect();
    join_units(c, by, now, &places)?;
    if import.invites {
        for person in made.iter().filter(|person| person.email.is_some()) {
            invite(c, by, now, person)?;
        }
    }
    let fate = |((number, _, _), person): (&(i64, NewPerson, NewMembership), &crate::accounts::model::Person)| {
        (*number, RowResult::Created, Some(person.id), None)
    };
    Ok(wanted.iter().zip(&made).map(fate).collect())
}

fn end(c: &mut DbConn, by: &Actor, now: Moment, import: &Import) -> Result<()> {
    diesel::update(people_imports::table.find(import.id))
        .set((people_imports::state.eq(ImportState::Applied), people_imports::applied_at.eq(now)))
        .execute(c)?;
    let counts = queries::counts(c, import.id)?;
    let results: BTreeMap<&str, i64> = counts.results.iter().map(|(result, count)| (result.as_str(), *count)).collect();
    let entry = Entry::new("import.apply", "people_imports", import.id).unit(import.unit_id);
    audit::record(c, by, now, entry.after(json!(results)))
}
