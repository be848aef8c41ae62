//! The dry run: what each row of a list would do, and what speaks against it. It only reads.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::places_of;
use crate::{
    access::{PersonId, UnitId},
    accounts::model::{
        Person, PersonState,
        import::{
            Column, Double, Doubles, Import, ImportPurpose, ImportRow, Judgement, Places, Reason, RowOutcome, Uses,
            Wanted,
        },
    },
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment,
            schema::{people, units},
        },
        error::Result,
        text,
    },
};

/// Rows that are looked up together: far below the 32 766 values that SQLite takes.
const TOGETHER: usize = 400;

/// The units that a list of a unit may name today.
pub fn places(c: &mut DbConn, scope: UnitId, today: NaiveDate) -> Result<Places> {
    let within = organisations::subtree_ids(c, &[scope], today)?;
    Ok(Places::new(&organisations::valid_on(c, &[], today)?, within, scope))
}

/// Judges all rows of a list, in their order.
pub fn judge(c: &mut DbConn, now: Moment, import: &Import, rows: &[ImportRow], uses: &Uses) -> Result<Vec<Judgement>> {
    let today = local_day(now.0);
    let (mapping, places) = (import.mapping()?, places(c, import.unit_id, today)?);
    let mut doubles = Doubles::default();
    let mut judged = Vec::with_capacity(rows.len());
    for part in rows.chunks(TOGETHER) {
        let mut read = Vec::with_capacity(part.len());
        for row in part {
            let wanted = Wanted::read(&mapping, &row.cells()?, &places, today);
            read.push((row.number, doubles.meet(row.number, &wanted), wanted));
        }
        let known = Known::load(c, &read, &places, today)?;
        for (number, double, wanted) in read {
            let mut verdict = verdict(import, &wanted, double, &known);
            if matches!(verdict.0, RowOutcome::New | RowOutcome::Known | RowOutcome::Likely) {
                let against = (uses.check)(c, now, import, &wanted, verdict.2)?;
                if !against.is_empty() {
                    verdict = (RowOutcome::Fault, against, verdict.2);
                }
            }
            let (outcome, reasons, person) = verdict;
            judged.push(Judgement { number, outcome, reasons, person });
        }
    }
    Ok(judged)
}

type Verdict = (RowOutcome, Vec<Reason>, Option<PersonId>);

fn verdict(import: &Import, wanted: &Wanted, double: Option<Double>, known: &Known) -> Verdict {
    if !wanted.faults.is_empty() {
        return (RowOutcome::Fault, wanted.faults.clone(), None);
    }
    if let Some(Double::Certain(reason)) = double {
        return (RowOutcome::Twice, vec![reason], None);
    }
    let meant = known.meant(wanted);
    match meant.as_slice() {
        [] => {}
        [one] => return known_verdict(import, wanted, one),
        _ => return (RowOutcome::Fault, vec![Reason::new("import-several-people")], None),
    }
    if let Some((like, key)) = known.like(wanted) {
        let reason = Reason::new(key).with("name", like.shown()).with("unit", &like.unit);
        return (RowOutcome::Likely, vec![reason], Some(like.person.id));
    }
    match double {
        Some(Double::Likely(reason)) => (RowOutcome::Likely, vec![reason], None),
        _ => (RowOutcome::New, Vec::new(), None),
    }
}

fn known_verdict(import: &Import, wanted: &Wanted, one: &Candidate) -> Verdict {
    let fault = |reason| (RowOutcome::Fault, vec![reason], None);
    // Who works elsewhere is not named to this agency.
    if !one.is_inside {
        return fault(Reason::new("import-known-elsewhere"));
    }
    if text::fold(&one.person.full_name()) != wanted.folded() {
        return fault(Reason::new("import-known-other-name").with("name", one.shown()));
    }
    if one.person.state == PersonState::Disabled {
        return fault(Reason::new("import-known-locked").with("name", one.shown()));
    }
    let key = match import.purpose {
        ImportPurpose::People => "import-known",
        ImportPurpose::Nominate => "import-known-nominate",
    };
    let reason = Reason::new(key).with("name", one.shown()).with("unit", &one.unit);
    (RowOutcome::Known, vec![reason], Some(one.person.id))
}

/// Somebody who has an account and may be meant.
struct Candidate {
    person: Person,
    folded: String,
    units: Vec<UnitId>,
    /// Works within what the list may name.
    is_inside: bool,
    /// Where, in words.
    unit: String,
}

impl Candidate {
    fn shown(&self) -> String {
        match self.person.birth_year {
            Some(year) => format!("{} ({year})", self.person.full_name()),
            None => self.person.full_name(),
        }
    }
}

/// The accounts that some rows may mean.
struct Known(Vec<Candidate>);

impl Known {
    fn load(c: &mut DbConn, rows: &[(i64, Option<Double>, Wanted)], places: &Places, today: NaiveDate) -> Result<Self> {
        let mut of: HashMap<Column, Vec<String>> = HashMap::new();
        let mut names = Vec::new();
        for (_, _, wanted) in rows {
            names.push(wanted.folded());
            for (column, value) in wanted.identifiers() {
                of.entry(column).or_default().push(value.to_owned());
            }
        }
        let mut values = |column| of.remove(&column).unwrap_or_default();
        let select = (Person::as_select(), people::folded);
        let mut found: HashMap<PersonId, (Person, String)> = HashMap::new();
        let mut keep = |people: Vec<(Person, String)>| {
            found.extend(people.into_iter().map(|(person, folded)| (person.id, (person, folded))));
        };
        keep(people::table.filter(people::folded.eq_any(names)).select(select).load(c)?);
        keep(people::table.filter(people::email.eq_any(values(Column::Email))).select(select).load(c)?);
        keep(people::table.filter(people::phone.eq_any(values(Column::Phone))).select(select).load(c)?);
        keep(people::table.filter(people::user_name.eq_any(values(Column::UserName))).select(select).load(c)?);
        keep(people::table.filter(people::staff_code.eq_any(values(Column::StaffCode))).select(select).load(c)?);
        let ids: Vec<PersonId> = found.keys().copied().collect();
        let mut at: HashMap<PersonId, Vec<UnitId>> = HashMap::new();
        for part in ids.chunks(TOGETHER) {
            for (person, unit) in places_of(c, part, today)? {
                at.entry(person).or_default().push(unit);
            }
        }
        let mut candidates = Vec::with_capacity(found.len());
        for (id, (person, folded)) in found {
            let units = at.remove(&id).unwrap_or_default();
            let inside = units.iter().copied().find(|unit| places.is_within(*unit));
            let unit: Option<String> = match inside {
                Some(unit) => units::table.find(unit).select(units::name_vi).first(c).optional()?,
                None => None,
            };
            candidates.push(Candidate {
                person,
                folded,
                units,
                is_inside: inside.is_some(),
                unit: unit.unwrap_or_default(),
            });
        }
        candidates.sort_by_key(|candidate| candidate.person.id);
        Ok(Self(candidates))
    }

    /// Those whom an address, a number or a code of a row certainly means. The code of a register means somebody only within
    /// the agency whose register it is.
    fn meant(&self, wanted: &Wanted) -> Vec<&Candidate> {
        let means = |candidate: &Candidate, column, value: &str| {
            let person = &candidate.person;
            match column {
                Column::Email => person.email.as_deref() == Some(value),
                Column::Phone => person.phone.as_deref() == Some(value),
                Column::UserName => person.user_name.as_deref() == Some(value),
                _ => candidate.is_inside && person.staff_code.as_deref() == Some(value),
            }
        };
        self.0
            .iter()
            .filter(|candidate| wanted.identifiers().any(|(column, value)| means(candidate, column, value)))
            .collect()
    }

    /// Somebody within the agency with the same name, and the same birth date or unit, of whom nothing says that they are another.
    fn like(&self, wanted: &Wanted) -> Option<(&Candidate, &'static str)> {
        let (name, asked) = (wanted.folded(), &wanted.person);
        let differ = |a: &Option<String>, b: &Option<String>| matches!((a, b), (Some(a), Some(b)) if a != b);
        self.0.iter().filter(|candidate| candidate.is_inside && candidate.folded == name).find_map(|candidate| {
            let person = &candidate.person;
            let born_apart = matches!((person.birth_date, asked.birth_date), (Some(a), Some(b)) if a != b)
                || matches!((person.birth_year, asked.birth_year), (Some(a), Some(b)) if a != b);
            if born_apart || differ(&person.staff_code, &asked.staff_code) {
                return None;
            }
            if person.birth_year.is_some() && person.birth_year == asked.birth_year {
                return Some((candidate, "import-likely-birth"));
            }
            let same_unit = wanted.unit.is_some_and(|unit| candidate.units.contains(&unit));
            same_unit.then_some((candidate, "import-likely-unit"))
        })
    }
}
