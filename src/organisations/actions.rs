//! The one way units are written: a list is read, held against every rule together with what is already kept, and then
//! written whole or not at all.

pub mod changes;
mod check;
mod read;
mod write;

use diesel::prelude::*;

use crate::{
    access::Actor,
    platform::{
        db::{DbConn, Moment, schema::units},
        error::{Error, Result},
    },
};

pub use self::write::ImportReport;

/// A list as it was given: a name for the messages (that of its file) and its text, in CSV with a line of headings.
///
/// Units: `code,name_vi,name_en,kind,valid_from,valid_to,successors`; successors are codes joined by `|`, the main one first.
/// Placements: `code,parent,valid_from,valid_to`. Both may have a `source`, which is for the reader of the list. Which of
/// the two a list is, its headings say.
#[derive(Debug, Clone)]
pub struct List {
    pub name: String,
    pub text: String,
}

/// The shipped list.
pub fn shipped() -> Vec<List> {
    let list = |name: &str, text: &str| List { name: name.to_owned(), text: text.to_owned() };
    vec![
        list("units.csv", include_str!("seed/units.csv")),
        list("departments.csv", include_str!("seed/departments.csv")),
        list("placements.csv", include_str!("seed/placements.csv")),
    ]
}

/// Brings units to what the lists say. A unit that the lists do not name stays as it is; one they name gets exactly the
/// names, days, successors and (where a list of placements names it) placements they give. Doing it twice changes nothing.
///
/// # Errors
/// [`Error::Invalid`] with every fault, each with list, line and reason; then nothing was written.
pub fn import(c: &mut DbConn, by: &Actor, now: Moment, lists: &[List]) -> Result<ImportReport> {
    let (given, mut faults) = read::read(lists);
    if !faults.is_empty() {
        // The rules of the whole say little about a list that is half understood.
        return Err(Error::Invalid(faults));
    }
    let kept = write::load(c)?;
    let planned = check::merge(kept.state.clone(), given, &mut faults);
    check::check(&planned, &mut faults);
    faults.or(())?;
    write::write(c, by, now, &kept, &planned)
}

/// Imports the shipped list into a database without any unit; one that has units keeps what its administrators made of them.
pub fn seed(c: &mut DbConn, now: Moment) -> Result<Option<ImportReport>> {
    if diesel::select(diesel::dsl::exists(units::table.select(units::id))).get_result(c)? {
        return Ok(None);
    }
    import(c, &Actor::system(), now, &shipped()).map(Some)
}

#[cfg(test)]
mod tests;
