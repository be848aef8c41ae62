//! The form of a change: the document, the day, and the units by code or name.

use chrono::{Datelike, NaiveDate};

use crate::{
    organisations::{
        model::{
            UnitKind,
            change::{Basis, ChangeKind, NewUnit, Request, Taker},
            plan::{INTO, ON, PARENT, UNITS},
        },
        queries as organisations,
    },
    platform::{
        db::DbConn,
        error::{FieldErrors, Result},
        http::Input,
        i18n::Message,
        text,
    },
};

/// Into so many units one can be split in one go, and so many can be named to go into one.
pub const TAKERS: usize = 4;
const MOST_UNITS: usize = 30;
/// So many people can be chosen one by one.
pub const MOST_PEOPLE: usize = 500;
const LONGEST: usize = 200;

/// The fields of each unit that takes in others.
const FIELDS: [(&str, &str, &str, &str); TAKERS] = [
    ("code_1", "name_vi_1", "name_en_1", "kind_1"),
    ("code_2", "name_vi_2", "name_en_2", "kind_2"),
    ("code_3", "name_vi_3", "name_en_3", "kind_3"),
    ("code_4", "name_vi_4", "name_en_4", "kind_4"),
];

/// How many takers a kind of change has at most.
pub const fn takers(kind: ChangeKind) -> usize {
    match kind {
        ChangeKind::Split => TAKERS,
        ChangeKind::Merge | ChangeKind::Rename | ChangeKind::Transfer => 1,
        ChangeKind::Move | ChangeKind::End => 0,
    }
}

/// What was typed, each part well formed; the units are still to be found.
#[derive(Debug)]
pub struct ChangeForm {
    pub document: Basis,
    kind: ChangeKind,
    on: NaiveDate,
    units: Vec<String>,
    into: Vec<TypedTaker>,
    parent: Option<String>,
    people: Vec<String>,
}

#[derive(Debug)]
struct TypedTaker {
    field: &'static str,
    code: String,
    names: Option<(String, String)>,
    kind: Option<UnitKind>,
}

/// The lines of a field, tidied, without empty ones.
fn lines(input: &Input, field: &str) -> Vec<String> {
    input.raw(field).unwrap_or_default().lines().map(text::tidy).filter(|line| !line.is_empty()).collect()
}

impl ChangeForm {
    /// The form, or everything that is wrong with it.
    pub fn read(kind: ChangeKind, input: &Input, today: NaiveDate) -> std::result::Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut words = |field: &'static str, most: usize, missing: &'static str| {
            let typed = input.text(field);
            if typed.is_empty() {
                errors.add(field, missing);
            } else if typed.chars().count() > most {
                errors.add(field, Message::new("changes-too-long").with("most", i64::try_from(most).unwrap_or(0)));
            }
            typed
        };
        let number = words("number", 100, "changes-number-missing");
        let issuer = words("issuer", LONGEST, "changes-issuer-missing");
        let dated = text::read_day(&input.text("dated"));
        if dated.is_none() {
            errors.add("dated", "changes-date-form");
        }
        let near = |day: &NaiveDate| (1990..=today.year() + 2).contains(&day.year());
        let on = text::read_day(&input.text(ON)).filter(near);
        if on.is_none() {
            errors.add(ON, "changes-date-form");
        }
        let units = lines(input, UNITS);
        match units.len() {
            0 => errors.add(UNITS, "changes-units-missing"),
            1 => {}
            2..=MOST_UNITS if matches!(kind, ChangeKind::Merge) => {}
            _ if matches!(kind, ChangeKind::Merge) => errors.add(UNITS, "changes-units-many"),
            _ => errors.add(UNITS, "changes-units-one"),
        }
        if units.iter().any(|line| line.chars().count() > LONGEST) {
            errors.add(UNITS, Message::new("changes-too-long").with("most", LONGEST as i64));
        }
        let into = read_takers(kind, input, &mut errors);
        let parent = input.text(PARENT);
        if parent.chars().count() > LONGEST {
            errors.add(PARENT, Message::new("changes-too-long").with("most", LONGEST as i64));
        }
        let chosen: Vec<String> = match kind {
            ChangeKind::Transfer if input.text("all").is_empty() => input.all("person").map(text::tidy).collect(),
            _ => Vec::new(),
        };
        if kind == ChangeKind::Transfer && chosen.is_empty() && input.text("all").is_empty() {
            errors.add("all", "changes-people-missing");
        }
        let odd =
            |code: &String| code.len() > 64 || !code.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        if chosen.len() > MOST_PEOPLE || chosen.iter().any(odd) {
            errors.add("all", "changes-people-many");
        }
        match (dated, on) {
            (Some(dated), Some(on)) if errors.is_empty() => Ok(Self {
                document: Basis { number, dated, issuer },
                kind,
                on,
                units,
                into,
                parent: Some(parent).filter(|parent| !parent.is_empty()),
                people: chosen,
            }),
            _ => Err(errors),
        }
    }

    /// The request, with every unit found; or the lines that name none, or several.
    pub fn request(self, c: &mut DbConn) -> Result<Request> {
        let mut errors = FieldErrors::default();
        let mut units: Vec<String> = Vec::new();
        for line in &self.units {
            match find(c, line, self.on)? {
                Ok(code) if units.contains(&code) => {
                    errors.add(UNITS, Message::new("changes-unit-twice").with("unit", line.clone()))
                }
                Ok(code) => units.push(code),
                Err(said) => errors.add(UNITS, said),
            }
        }
        let mut kind = None;
        if let Some(first) = units.first() {
            kind = organisations::by_code(c, first)?.map(|unit| unit.kind);
        }
        let mut into = Vec::new();
        for typed in self.into {
            match (typed.names, typed.kind.or(kind)) {
                (Some((name_vi, name_en)), Some(kind)) => {
                    into.push(Taker { code: typed.code, new: Some(NewUnit { name_vi, name_en, kind }) });
                }
                (Some(_), None) => {}
                (None, _) => match find(c, &typed.code, self.on)? {
                    Ok(code) => into.push(Taker { code, new: None }),
                    Err(said) => errors.add(typed.field, said),
                },
            }
        }
        let mut parent = None;
        if let Some(line) = &self.parent {
            match find(c, line, self.on)? {
                Ok(code) => parent = Some(code),
                // A new unit of the same change may be named, too.
                Err(_) if into.iter().any(|taker| taker.code == *line) => parent = Some(line.clone()),
                Err(said) => errors.add(PARENT, said),
            }
        }
        errors.or(Request { kind: self.kind, on: self.on, units, into, parent, people: self.people })
    }
}

fn read_takers(kind: ChangeKind, input: &Input, errors: &mut FieldErrors) -> Vec<TypedTaker> {
    let mut into: Vec<TypedTaker> = Vec::new();
    for (code_field, vi_field, en_field, kind_field) in FIELDS.into_iter().take(takers(kind)) {
        let (code, vi, en) = (input.text(code_field), input.text(vi_field), input.text(en_field));
        for (field, typed) in [(code_field, &code), (vi_field, &vi), (en_field, &en)] {
            if typed.chars().count() > LONGEST {
                errors.add(field, Message::new("changes-too-long").with("most", LONGEST as i64));
            }
        }
        if code.is_empty() && vi.is_empty() && en.is_empty() {
            continue;
        }
        let is_new = (!vi.is_empty() || !en.is_empty()) && kind != ChangeKind::Transfer;
        if code.is_empty() {
            errors.add(code_field, "changes-code-missing");
        } else if is_new && !well_formed(&code) {
            errors.add(code_field, "changes-code-form");
        }
        if is_new && vi.is_empty() {
            errors.add(vi_field, "changes-name-missing");
        }
        if is_new && en.is_empty() {
            errors.add(en_field, "changes-name-missing");
        }
        if into.iter().any(|known| known.code == code) {
            errors.add(
                code_field,
                Message::new("changes-unit-twice").with("unit", code.chars().take(LONGEST).collect::<String>()),
            );
        }
        let kind = UnitKind::parse(&input.text(kind_field));
        into.push(TypedTaker { field: code_field, code, names: is_new.then_some((vi, en)), kind });
    }
    let least = match kind {
        ChangeKind::Split => 2,
        ChangeKind::Merge | ChangeKind::Rename | ChangeKind::Transfer => 1,
        ChangeKind::Move | ChangeKind::End => 0,
    };
    if into.len() < least {
        let missing = if least == 2 { "changes-into-two" } else { "changes-into-missing" };
        errors.add(FIELDS.get(into.len()).map_or(INTO, |fields| fields.0), missing);
    }
    if kind == ChangeKind::Rename && into.first().is_some_and(|taker| taker.names.is_none()) {
        errors.add("name_vi_1", "changes-name-missing");
    }
    into
}

/// Codes as they are kept: capitals and digits in groups.
fn well_formed(code: &str) -> bool {
    let well = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    code.len() <= 32 && code.split('-').all(well)
}

/// The code of the unit a line means, by its code or by its name, or what to say about the line.
fn find(c: &mut DbConn, line: &str, on: NaiveDate) -> Result<std::result::Result<String, Message>> {
    if let Some(unit) = organisations::by_code(c, &line.to_uppercase())? {
        return Ok(Ok(unit.code));
    }
    let (found, _) = organisations::search(c, line, Some(on), FEW)?;
    let folded = text::fold(line);
    let exact: Vec<&str> = found
        .iter()
        .filter(|unit| [&unit.name_vi, &unit.name_en].into_iter().any(|name| text::fold(name) == folded))
        .map(|unit| unit.code.as_str())
        .collect();
    Ok(match (found.as_slice(), exact.as_slice()) {
        ([only], _) => Ok(only.code.clone()),
        (_, [only]) => Ok((*only).to_owned()),
        ([], _) => Err(Message::new("changes-unit-unknown-on").with("unit", line).with("day", text::date(on))),
        (several, _) => {
            let codes: Vec<String> = several.iter().map(|unit| format!("{} ({})", unit.name_vi, unit.code)).collect();
            Err(Message::new("changes-unit-several").with("unit", line).with("units", codes.join("; ")))
        }
    })
}

/// How many candidates a fault names.
const FEW: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: ChangeKind, body: &str) -> std::result::Result<ChangeForm, Vec<&'static str>> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        ChangeForm::read(kind, &Input::parse(body.as_bytes()), today)
            .map_err(|errors| errors.0.into_iter().map(|(field, _)| field).collect())
    }

    const DOCUMENT: &str = "number=202/2025/QH15&dated=12/06/2025&issuer=Quốc+hội&on=01/07/2025";

    #[test]
    fn a_merger_names_its_units_line_by_line() {
        let body =
            format!("{DOCUMENT}&units=P10%0D%0A+P15+%0A%0A&code_1=P15-2025&name_vi_1=Tỉnh+Lào+Cai&name_en_1=Lao+Cai");
        let form = read(ChangeKind::Merge, &body).unwrap();
        assert_eq!(form.units, ["P10", "P15"]);
        assert_eq!((form.on.to_string().as_str(), form.document.number.as_str()), ("2025-07-01", "202/2025/QH15"));
    }

    #[test]
    fn everything_missing_is_named() {
        assert_eq!(read(ChangeKind::Merge, "").unwrap_err(), ["number", "issuer", "dated", "on", "units", "code_1"]);
        let split = format!("{DOCUMENT}&units=P10&code_1=A&name_vi_1=Một");
        assert_eq!(read(ChangeKind::Split, &split).unwrap_err(), ["name_en_1", "code_2"]);
        let renamed = format!("{DOCUMENT}&units=P10%0AP15&code_1=x+y&name_vi_1=Một&name_en_1=One");
        assert_eq!(read(ChangeKind::Rename, &renamed).unwrap_err(), ["units", "code_1"]);
        assert_eq!(read(ChangeKind::Transfer, &format!("{DOCUMENT}&units=A&code_1=B")).unwrap_err(), ["all"]);
    }
}
