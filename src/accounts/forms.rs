//! The forms about people, and the choice of a unit within a reach.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::model::{NewMembership, NewPerson};
use crate::{
    access::{Category, UnitId},
    organisations::{
        model::Unit,
        queries::{self as organisations, Choice, Options},
    },
    platform::{
        db::DbConn,
        error::{FieldErrors, Result},
        http::Input,
        i18n::Locale,
        text,
    },
};

/// Up to so many units are offered in a list; beyond that a name or code is typed first.
const FEW: usize = 40;
/// Who learns here is a grown-up.
const YOUNGEST: i32 = 15;
const OLDEST: i32 = 100;

/// What was typed into the fields `unit_search` and `unit`.
#[derive(Debug, Clone, Default)]
pub struct UnitAsked {
    typed: String,
    code: String,
}

/// The fields as they are shown: a list of few units, or a field to type into with what it matched.
#[derive(Debug, Clone, Serialize)]
pub struct UnitField {
    pub searches: bool,
    pub choices: Vec<Choice>,
}

impl UnitAsked {
    pub fn read(input: &Input) -> Self {
        Self { typed: input.text("unit_search").chars().take(200).collect(), code: input.text("unit") }
    }

    /// The units to choose from, within some units or in the whole country (`None`).
    pub fn field(&self, c: &mut DbConn, within: Option<&[UnitId]>, on: NaiveDate, locale: Locale) -> Result<UnitField> {
        if within.is_some() {
            let all = organisations::options(c, "", on, within, locale, FEW)?;
            if !all.more {
                return Ok(UnitField { searches: false, choices: all.choices });
            }
        }
        let choices = if self.typed.is_empty() { Vec::new() } else { self.matches(c, within, on, locale)?.choices };
        Ok(UnitField { searches: true, choices: if choices.len() > 1 { choices } else { Vec::new() } })
    }

    fn matches(&self, c: &mut DbConn, within: Option<&[UnitId]>, on: NaiveDate, locale: Locale) -> Result<Options> {
        organisations::options(c, &self.typed, on, within, locale, FEW)
    }

    /// The one unit meant. A code from outside the reach is answered like one that does not exist.
    pub fn unit(&self, c: &mut DbConn, within: Option<&[UnitId]>, on: NaiveDate, locale: Locale) -> Result<Unit> {
        let searches = self.field(c, within, on, locale)?.searches;
        let mut code = self.code.clone();
        if searches && !self.typed.is_empty() {
            let found = self.matches(c, within, on, locale)?;
            let exact: Vec<&Choice> =
                found.choices.iter().filter(|choice| text::fold(&choice.label) == text::fold(&self.typed)).collect();
            // A choice stays only as long as it is one of those the typed text stands for.
            if !found.choices.iter().any(|choice| choice.value == code) {
                code = match (found.choices.as_slice(), exact.as_slice()) {
                    ([], _) => return Err(FieldErrors::one("unit_search", "people-unit-unknown")),
                    ([only], _) => only.value.clone(),
                    (_, [only]) => only.value.clone(),
                    _ if found.more => return Err(FieldErrors::one("unit_search", "people-unit-too-many")),
                    _ => return Err(FieldErrors::one("unit", "people-unit-several")),
                };
            }
        }
        let unit = if code.is_empty() { None } else { organisations::by_code_on(c, &code, on)? };
        unit.filter(|unit| within.is_none_or(|ids| ids.contains(&unit.id)))
            .ok_or_else(|| FieldErrors::one(if searches { "unit_search" } else { "unit" }, "people-unit-missing"))
    }
}

/// A person as a training officer writes them down; the unit is still to be found.
#[derive(Debug)]
pub struct PersonForm {
    pub person: NewPerson,
    pub place: PlaceForm,
}

impl PersonForm {
    /// The form, or everything that is wrong with it.
    pub fn read(input: &Input, today: NaiveDate) -> std::result::Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut person = NewPerson::named(&input.text("full_name"));
        if person.given_name.is_empty() {
            errors.add("full_name", "accounts-name-missing");
        } else if person.family_names.chars().count() + person.given_name.chars().count() > 100 {
            errors.add("full_name", "people-name-long");
        }
        let year = input.text("birth_year");
        person.birth_year = year.parse().ok().filter(|y| (today.year() - OLDEST..=today.year() - YOUNGEST).contains(y));
        if !year.is_empty() && person.birth_year.is_none() {
            errors.add("birth_year", "people-birth-year-form");
        }
        let mut checked = |field: &'static str, check: fn(&str) -> Option<String>, key: &'static str| {
            let typed = input.text(field);
            let value = check(&typed);
            if !typed.is_empty() && value.is_none() {
                errors.add(field, key);
            }
            value
        };
        person.email = checked("email", text::email, "people-email-form");
        person.phone = checked("phone", text::phone, "people-phone-form");
        person.user_name = checked("user_name", text::user_name, "people-user-name-form");
        if ["email", "phone", "user_name"].iter().all(|field| input.text(field).is_empty()) {
            errors.add("email", "people-identifier-missing");
        }
        match PlaceForm::read(input, today) {
            Ok(place) if errors.is_empty() => Ok(Self { person, place }),
            Ok(_) => Err(errors),
            Err(others) => {
                errors.0.extend(others.0);
                Err(errors)
            }
        }
    }
}

/// Where somebody works, as what, from which day; the unit is still to be found.
#[derive(Debug)]
pub struct PlaceForm {
    position: String,
    category: Category,
    from: NaiveDate,
    /// Number and date of the document, where one is named.
    pub decision: Option<String>,
}

impl PlaceForm {
    pub fn read(input: &Input, today: NaiveDate) -> std::result::Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let position = input.text("position");
        if position.is_empty() {
            errors.add("position", "people-position-missing");
        } else if position.chars().count() > 200 {
            errors.add("position", "people-position-long");
        }
        let category = Category::parse(&input.text("category"));
        if category.is_none() {
            errors.add("category", "people-category-missing");
        }
        let from = day(&input.text("from"), today);
        if from.is_none() {
            errors.add("from", "people-date-form");
        }
        let decision = input.text("decision");
        if decision.chars().count() > 200 {
            errors.add("decision", "people-decision-long");
        }
        let decision = Some(decision).filter(|typed| !typed.is_empty());
        match (category, from) {
            (Some(category), Some(from)) if errors.is_empty() => Ok(Self { position, category, from, decision }),
            _ => Err(errors),
        }
    }

    /// The membership, if the unit was there on its first day.
    pub fn at(self, unit: &Unit) -> Result<NewMembership> {
        if !unit.valid_on(self.from) {
            return Err(FieldErrors::one("from", "people-from-without-unit"));
        }
        Ok(NewMembership { unit: unit.id, position: self.position, category: self.category, from: self.from })
    }
}

/// A day within a working life.
pub fn day(typed: &str, today: NaiveDate) -> Option<NaiveDate> {
    let read = text::read_day(typed)?;
    (today.year() - 60..=today.year() + 2).contains(&read.year()).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> std::result::Result<PersonForm, Vec<&'static str>> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        PersonForm::read(&Input::parse(body.as_bytes()), today)
            .map_err(|errors| errors.0.into_iter().map(|(field, _)| field).collect())
    }

    #[test]
    fn a_whole_form_is_taken() {
        let form = read("full_name=Trần+Thị+Minh+Họa&birth_year=1985&phone=0912+345+678&position=Chuyên+viên&category=other&from=01/07/2025").unwrap();
        assert_eq!((form.person.family_names.as_str(), form.person.given_name.as_str()), ("Trần Thị Minh", "Họa"));
        assert_eq!((form.person.birth_year, form.person.phone.as_deref()), (Some(1985), Some("+84912345678")));
        assert_eq!(form.place.from.to_string(), "2025-07-01");
    }

    #[test]
    fn every_fault_is_named_once() {
        let faults = read("birth_year=85&email=ai+do&user_name=0&category=x&from=2025-02-30").unwrap_err();
        assert_eq!(faults, ["full_name", "birth_year", "email", "user_name", "position", "category", "from"]);
        assert_eq!(read("full_name=An&position=x&category=other&from=2025-07-01").unwrap_err(), ["email"]);
    }
}
