//! Reading lists of people that came as files: one, those of some units, their rows; [`judge`] is the dry run.

mod judge;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

pub use self::judge::{judge, places};
use crate::{
    access::{Authority, Permission, PersonId, UnitId},
    accounts::{
        model::{
            Person, PersonState, Purpose,
            import::{Import, ImportId, ImportPurpose, ImportRow, ImportState, RowOutcome, RowResult, Uses},
        },
        queries::directory,
    },
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment,
            conn::Db,
            schema::{memberships, one_time_links, people, people_import_rows, people_imports, role_grants, sessions},
        },
        error::{Error, Result},
    },
};

pub fn import(c: &mut DbConn, id: ImportId) -> Result<Import> {
    Ok(people_imports::table.find(id).select(Import::as_select()).first(c)?)
}

pub fn by_code(c: &mut DbConn, code: &str) -> Result<Option<Import>> {
    Ok(people_imports::table.filter(people_imports::code.eq(code)).select(Import::as_select()).first(c).optional()?)
}

/// Whether somebody may work on a list: manage the people of its unit, and what it is for.
pub fn may_work_on(c: &mut DbConn, authority: &Authority, now: Moment, import: &Import, uses: &Uses) -> Result<bool> {
    let reach = authority.reach(Permission::ManagePeople);
    if !directory::covers(c, &reach, import.unit_id, local_day(now.0))? {
        return Ok(false);
    }
    match import.purpose {
        ImportPurpose::People => Ok(true),
        ImportPurpose::Nominate => match (uses.scope)(c, authority, now, &import.subject) {
            Ok(unit) => Ok(unit == import.unit_id),
            Err(Error::NotFound) => Ok(false),
            Err(error) => Err(error),
        },
    }
}

/// The same list, sent for the same unit and purpose before and neither thrown away nor undone.
pub fn earlier(
    c: &mut DbConn,
    unit: UnitId,
    purpose: ImportPurpose,
    subject: &str,
    content_hash: &str,
) -> Result<Option<Import>> {
    Ok(people_imports::table
        .filter(people_imports::unit_id.eq(unit).and(people_imports::purpose.eq(purpose)))
        .filter(people_imports::subject.eq(subject).and(people_imports::content_hash.eq(content_hash)))
        .filter(people_imports::state.ne_all([ImportState::Discarded, ImportState::Undone]))
        .select(Import::as_select())
        .first(c)
        .optional()?)
}

/// The latest lists of some units (`None`: of all) with the name of who sent them.
pub fn latest(c: &mut DbConn, within: Option<&[UnitId]>, limit: i64) -> Result<Vec<(Import, Person)>> {
    let mut query = people_imports::table
        .inner_join(people::table.on(people::id.eq(people_imports::owner_id)))
        .filter(people_imports::state.ne(ImportState::Discarded))
        .select((Import::as_select(), Person::as_select()))
        .into_boxed();
    if let Some(units) = within {
        query = query.filter(people_imports::unit_id.eq_any(units.to_vec()));
    }
    Ok(query.order(people_imports::id.desc()).limit(limit).load(c)?)
}

/// Which rows of a list are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    All,
    Outcome(RowOutcome),
    /// Those that nothing came of, or will come of: for whoever puts them right.
    Faulty,
    Result(RowResult),
}

type Rows<'a> = people_import_rows::BoxedQuery<'a, Db>;

fn wanted<'a>(id: ImportId, wish: Wish) -> Rows<'a> {
    let query = people_import_rows::table.filter(people_import_rows::import_id.eq(id)).into_boxed();
    match wish {
        Wish::All => query,
        Wish::Outcome(outcome) => query.filter(people_import_rows::outcome.eq(outcome)),
        Wish::Faulty => query.filter(
            people_import_rows::outcome
                .eq_any([RowOutcome::Fault, RowOutcome::Twice, RowOutcome::Likely])
                .and(people_import_rows::result.is_null().or(people_import_rows::result.eq(RowResult::Skipped))),
        ),
        Wish::Result(result) => query.filter(people_import_rows::result.eq(result)),
    }
}

pub fn rows(c: &mut DbConn, id: ImportId, wish: Wish, offset: i64, limit: i64) -> Result<Vec<ImportRow>> {
    Ok(wanted(id, wish)
        .order(people_import_rows::number.asc())
        .offset(offset)
        .limit(limit)
        .select(ImportRow::as_select())
        .load(c)?)
}

pub fn count(c: &mut DbConn, id: ImportId, wish: Wish) -> Result<i64> {
    Ok(wanted(id, wish).count().get_result(c)?)
}

/// How many rows there are of each outcome, and of each result.
#[derive(Debug, Default, Clone)]
pub struct Counts {
    pub outcomes: BTreeMap<RowOutcome, i64>,
    pub results: BTreeMap<RowResult, i64>,
    /// Of those that may be doubles, how many nobody decided about.
    pub undecided: i64,
}

pub fn counts(c: &mut DbConn, id: ImportId) -> Result<Counts> {
    let of = people_import_rows::table.filter(people_import_rows::import_id.eq(id));
    let outcomes: Vec<(RowOutcome, i64)> = of
        .group_by(people_import_rows::outcome)
        .select((people_import_rows::outcome, diesel::dsl::count_star()))
        .load(c)?;
    let results: Vec<(Option<RowResult>, i64)> = of
        .group_by(people_import_rows::result)
        .select((people_import_rows::result, diesel::dsl::count_star()))
        .load(c)?;
    let undecided = of
        .filter(people_import_rows::outcome.eq(RowOutcome::Likely).and(people_import_rows::choice.is_null()))
        .count()
        .get_result(c)?;
    let results = results.into_iter().filter_map(|(result, count)| Some((result?, count))).collect();
    Ok(Counts { outcomes: outcomes.into_iter().collect(), results, undecided })
}

/// Those whom a list created, who cannot be written to, have not come in yet and hold no slip that still works.
pub fn slips_due(c: &mut DbConn, id: ImportId, now: Moment, limit: i64) -> Result<Vec<Person>> {
    let slips = one_time_links::table
        .filter(one_time_links::purpose.eq(Purpose::Slip).and(one_time_links::used_at.is_null()))
        .filter(one_time_links::expires_at.gt(now))
        .select(one_time_links::person_id);
    Ok(people_import_rows::table
        .inner_join(people::table)
        .filter(people_import_rows::import_id.eq(id).and(people_import_rows::result.eq(RowResult::Created)))
        .filter(people::email.is_null().and(people::state.eq(PersonState::Invited)))
        .filter(people::id.ne_all(slips))
        .order(people_import_rows::number.asc())
        .limit(limit)
        .select(Person::as_select())
        .load(c)?)
}

/// Why this slice holds on to an account that a list created: somebody came in, holds a role, or was moved.
pub fn in_use(c: &mut DbConn, person: &Person) -> Result<Option<&'static str>> {
    if person.state != PersonState::Invited {
        return Ok(Some("import-kept-active"));
    }
    let came: i64 = sessions::table.filter(sessions::person_id.eq(person.id.0)).count().get_result(c)?;
    if came > 0 {
        return Ok(Some("import-kept-active"));
    }
    let roles: i64 = role_grants::table.filter(role_grants::person_id.eq(person.id)).count().get_result(c)?;
    if roles > 0 {
        return Ok(Some("import-kept-role"));
    }
    let places: i64 = memberships::table.filter(memberships::person_id.eq(person.id)).count().get_result(c)?;
    Ok((places > 1).then_some("import-kept-moved"))
}

/// The people of these identifiers, by whom a name or number is taken; for the moment before an account is made.
pub fn taken(c: &mut DbConn, emails: &[&str], phones: &[&str], user_names: &[&str]) -> Result<Vec<Person>> {
    let any = people::email
        .eq_any(emails)
        .assume_not_null()
        .or(people::phone.eq_any(phones).assume_not_null())
        .or(people::user_name.eq_any(user_names).assume_not_null());
    Ok(people::table.filter(any).select(Person::as_select()).load(c)?)
}

/// Where somebody works or will work on a day or later.
fn places_of(c: &mut DbConn, ids: &[PersonId], day: NaiveDate) -> Result<Vec<(PersonId, UnitId)>> {
    Ok(memberships::table
        .filter(memberships::person_id.eq_any(ids.to_vec()))
        .filter(memberships::valid_to.is_null().or(memberships::valid_to.ge(day)))
        .select((memberships::person_id, memberships::unit_id))
        .load(c)?)
}
