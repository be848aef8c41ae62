//! From the cells of a row to a person as somebody in an office means them, with everything that is wrong said at once.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};

use super::{Column, Mapping, Reason};
use crate::{
    access::{Category, UnitId},
    accounts::model::{NewMembership, NewPerson},
    organisations::model::Unit,
    platform::text,
};

/// Who learns here is a grown-up.
const AGES: std::ops::RangeInclusive<i32> = 15..=100;

/// A row, read.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub person: NewPerson,
    pub position: String,
    pub category: Option<Category>,
    pub unit: Option<UnitId>,
    /// What cannot be taken so; empty for a row that can.
    pub faults: Vec<Reason>,
}

impl Wanted {
    pub fn read(mapping: &Mapping, cells: &[String], places: &Places, today: NaiveDate) -> Self {
        let cell = |column| mapping.cell(cells, column);
        let mut faults = Vec::new();
        let person = person(&cell, today, &mut faults);
        let position = cell(Column::Position).to_owned();
        if position.is_empty() {
            faults.push(Reason::new("import-position-missing"));
        } else if position.chars().count() > 200 {
            faults.push(Reason::new("people-position-long"));
        }
        let typed = cell(Column::Unit);
        let unit = match places.find(typed, mapping.has(Column::Unit)) {
            Ok(unit) => Some(unit),
            Err(reason) => {
                faults.push(reason);
                None
            }
        };
        let typed = cell(Column::Category);
        let category = read_category(typed);
        if typed.is_empty() {
            faults.push(Reason::new("import-category-missing"));
        } else if category.is_none() {
            faults.push(Reason::new("import-category-unknown").with("value", typed));
        }
        Self { person, position, category, unit, faults }
    }

    /// The name as it is searched.
    pub fn folded(&self) -> String {
        text::fold(&format!("{} {}", self.person.family_names, self.person.given_name))
    }

    /// What certainly means one person, with a mark for its kind.
    pub fn identifiers(&self) -> impl Iterator<Item = (Column, &str)> {
        let person = &self.person;
        [
            (Column::Email, &person.email),
            (Column::Phone, &person.phone),
            (Column::UserName, &person.user_name),
            (Column::StaffCode, &person.staff_code),
        ]
        .into_iter()
        .filter_map(|(column, value)| Some((column, value.as_deref()?)))
    }

    /// Where the person is to work; nothing while something is missing.
    pub fn place(&self, from: NaiveDate) -> Option<NewMembership> {
        Some(NewMembership { unit: self.unit?, position: self.position.clone(), category: self.category?, from })
    }
}

fn person<'a>(cell: &impl Fn(Column) -> &'a str, today: NaiveDate, faults: &mut Vec<Reason>) -> NewPerson {
    let parts = format!("{} {}", cell(Column::FamilyNames), cell(Column::GivenName));
    let whole = cell(Column::FullName);
    let mut person = NewPerson::named(if whole.is_empty() { parts.trim() } else { whole });
    if person.given_name.is_empty() {
        faults.push(Reason::new("import-name-missing"));
    } else if person.family_names.chars().count() + person.given_name.chars().count() > 100 {
        faults.push(Reason::new("people-name-long"));
    }
    match read_birth(cell(Column::BirthDate), today) {
        Ok(None) => {}
        Ok(Some(Birth::Year(year))) => person.birth_year = Some(year),
        Ok(Some(Birth::Day(day))) => (person.birth_date, person.birth_year) = (Some(day), Some(day.year())),
        Err(()) => faults.push(Reason::new("import-birth-form").with("value", cell(Column::BirthDate))),
    }
    let mut checked = |column, check: fn(&str) -> Option<String>, key: &'static str| {
        let typed = cell(column);
        let value = check(typed);
        if !typed.is_empty() && value.is_none() {
            faults.push(Reason::new(key).with("value", typed));
        }
        value
    };
    person.email = checked(Column::Email, text::email, "import-email-form");
    person.phone = checked(Column::Phone, phone, "import-phone-form");
    person.user_name = checked(Column::UserName, text::user_name, "import-user-name-form");
    person.staff_code = checked(Column::StaffCode, staff_code, "import-staff-code-form");
    person
}

/// A telephone number; spreadsheets eat the zero in front.
fn phone(typed: &str) -> Option<String> {
    text::phone(typed).or_else(|| text::phone(&format!("0{}", typed.trim())))
}

/// The code of an agency's register: capital letters, digits and the usual signs between them.
fn staff_code(typed: &str) -> Option<String> {
    let code: String = typed.to_uppercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = code.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '/' | '_' | ' '));
    ((1..=40).contains(&code.chars().count()) && plain).then_some(code)
}

enum Birth {
    Year(i32),
    Day(NaiveDate),
}

/// A day, or the year alone; what cannot be is a fault.
fn read_birth(typed: &str, today: NaiveDate) -> Result<Option<Birth>, ()> {
    // A spreadsheet may show the hour of midnight behind a day.
    let typed = typed.strip_suffix(" 00:00").or_else(|| typed.strip_suffix(" 00:00:00")).unwrap_or(typed);
    let believable = |year: i32| AGES.contains(&(today.year() - year));
    if typed.is_empty() {
        Ok(None)
    } else if typed.len() == 4 && typed.bytes().all(|byte| byte.is_ascii_digit()) {
        typed.parse().ok().filter(|year| believable(*year)).map(|year| Some(Birth::Year(year))).ok_or(())
    } else {
        text::read_day(typed).filter(|day| believable(day.year())).map(|day| Some(Birth::Day(day))).ok_or(())
    }
}

/// The group of people, in the words of the three official names or any part of them that is enough.
pub fn read_category(typed: &str) -> Option<Category> {
    let folded = text::fold(typed);
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    if let Some(named) = Category::ALL.iter().find(|category| category.as_str() == folded) {
        Some(*named)
    } else if has(&["lanh dao", "quan ly", "leader", "manager"]) {
        Some(Category::Leaders)
    } else if has(&["chuyen trach", "cong nghe", "cntt", "chuyen doi so", "cds", "technology"]) {
        Some(Category::Technology)
    } else if has(&["khac", "con lai", "cong chuc", "vien chuc", "nguoi lao dong", "other", "official"]) {
        Some(Category::Other)
    } else {
        None
    }
}

/// The units that a list may name, and those it may not.
#[derive(Debug, Default)]
pub struct Places {
    scope: Option<UnitId>,
    within: HashSet<UnitId>,
    by_code: HashMap<String, UnitId>,
    by_name: HashMap<String, Vec<UnitId>>,
}

impl Places {
    /// `units` are all that are valid today, `within` those the list may name, `scope` the one it is for.
    pub fn new(units: &[Unit], within: impl IntoIterator<Item = UnitId>, scope: UnitId) -> Self {
        let mut places = Self { scope: Some(scope), within: within.into_iter().collect(), ..Self::default() };
        for unit in units {
            places.by_code.insert(text::fold(&unit.code), unit.id);
            let mut names = vec![text::fold(&unit.name_vi), text::fold(&unit.name_en)];
            // "Tỉnh Lào Cai" is called Lào Cai.
            for kind in ["tinh ", "thanh pho ", "tp. ", "tp "] {
                let short = names.first().and_then(|name| name.strip_prefix(kind)).map(str::to_owned);
                names.extend(short);
            }
            names.dedup();
            for name in names.into_iter().filter(|name| !name.is_empty()) {
                let known = places.by_name.entry(name).or_default();
                if !known.contains(&unit.id) {
                    known.push(unit.id);
                }
            }
        }
        places
    }

    pub fn is_within(&self, unit: UnitId) -> bool {
        self.within.contains(&unit)
    }

    /// The unit of a cell: its code or its whole name. A list without such a column means the unit it is for.
    fn find(&self, typed: &str, has_column: bool) -> Result<UnitId, Reason> {
        if typed.is_empty() {
            return match self.scope {
                Some(scope) if !has_column => Ok(scope),
                _ => Err(Reason::new("import-unit-missing")),
            };
        }
        let folded = text::fold(typed);
        let code = self.by_code.get(&folded).copied();
        let named = self.by_name.get(&folded).map(Vec::as_slice).unwrap_or_default();
        let inside: Vec<UnitId> = match code {
            Some(unit) => vec![unit].into_iter().filter(|unit| self.is_within(*unit)).collect(),
            None => named.iter().copied().filter(|unit| self.is_within(*unit)).collect(),
        };
        match (inside.as_slice(), code.is_some() || !named.is_empty()) {
            ([unit], _) => Ok(*unit),
            ([], true) => Err(Reason::new("import-unit-elsewhere").with("value", typed)),
            ([], false) => Err(Reason::new("import-unit-unknown").with("value", typed)),
            _ => Err(Reason::new("import-unit-several").with("value", typed)),
        }
    }
}

/// The rows of a file so far, to find a person that stands in it twice.
#[derive(Debug, Default)]
pub struct Doubles {
    identifiers: HashMap<(Column, String), i64>,
    names: HashMap<String, Vec<Seen>>,
}

#[derive(Debug)]
struct Seen {
    number: i64,
    birth_date: Option<NaiveDate>,
    birth_year: Option<i32>,
    unit: Option<UnitId>,
}

/// Why a row may mean the same person as one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Double {
    Certain(Reason),
    Likely(Reason),
}

impl Doubles {
    /// Compares a row with those before it, and keeps it for those after it.
    pub fn meet(&mut self, number: i64, wanted: &Wanted) -> Option<Double> {
        let name = wanted.folded();
        let mut found = None;
        for (column, value) in wanted.identifiers() {
            let first = *self.identifiers.entry((column, value.to_owned())).or_insert(number);
            if first != number && found.is_none() {
                let key = match column {
                    Column::Email => "import-twice-email",
                    Column::Phone => "import-twice-phone",
                    Column::UserName => "import-twice-user-name",
                    _ => "import-twice-staff-code",
                };
                found = Some(Double::Certain(Reason::new(key).with("row", first)));
            }
        }
        let person = &wanted.person;
        let known = self.names.entry(name).or_default();
        for seen in known.iter() {
            if found.is_some() {
                break;
            }
            let born_apart = matches!((seen.birth_date, person.birth_date), (Some(a), Some(b)) if a != b)
                || matches!((seen.birth_year, person.birth_year), (Some(a), Some(b)) if a != b);
            let born_together = seen.birth_date.is_some() && seen.birth_date == person.birth_date;
            if born_together {
                found = Some(Double::Certain(Reason::new("import-twice-birth").with("row", seen.number)));
            } else if !born_apart && seen.unit == wanted.unit {
                found = Some(Double::Likely(Reason::new("import-twice-name").with("row", seen.number)));
            }
        }
        known.push(Seen { number, birth_date: person.birth_date, birth_year: person.birth_year, unit: wanted.unit });
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(line: &str) -> Wanted {
        let columns =
            [Column::FullName, Column::BirthDate, Column::Position, Column::Category, Column::Email, Column::Phone];
        let mapping = Mapping::chosen(columns.into_iter().enumerate()).unwrap();
        let cells: Vec<String> = line.split('|').map(str::to_owned).collect();
        let places = Places { scope: Some(UnitId(7)), within: HashSet::from([UnitId(7)]), ..Places::default() };
        Wanted::read(&mapping, &cells, &places, NaiveDate::from_ymd_opt(2026, 11, 23).unwrap())
    }

    fn faults(line: &str) -> Vec<String> {
        wanted(line).faults.into_iter().map(|reason| reason.key).collect()
    }

    #[test]
    fn a_whole_row_is_taken() {
        let row = wanted("Trần Thị Minh Họa|7/3/1985|Chuyên viên|Chuyên trách CNTT|Hoa@BO.gov.vn|912345678");
        assert!(row.faults.is_empty(), "{:?}", row.faults);
        assert_eq!(row.person.birth_date, NaiveDate::from_ymd_opt(1985, 3, 7));
        assert_eq!(
            (row.person.birth_year, row.category, row.unit),
            (Some(1985), Some(Category::Technology), Some(UnitId(7)))
        );
        assert_eq!(row.person.email.as_deref(), Some("hoa@bo.gov.vn"));
        assert_eq!(row.person.phone.as_deref(), Some("+84912345678"));
    }

    #[test]
    fn every_fault_is_said() {
        let keys = ["import-name-missing", "import-birth-form", "import-email-form", "import-phone-form"];
        let more = ["import-position-missing", "import-category-unknown"];
        assert_eq!(faults("|31/02/1985||ai đó|a@b|12"), [&keys[..], &more[..]].concat());
        assert_eq!(faults("An|1985|x|Lãnh đạo||"), Vec::<String>::new());
        assert_eq!(faults("An|2020|x||"), ["import-birth-form", "import-category-missing"]);
    }

    #[test]
    fn doubles_are_found_by_more_than_the_name() {
        let mut doubles = Doubles::default();
        let mut meet = |number, line: &str| match doubles.meet(number, &wanted(line)) {
            None => "no",
            Some(Double::Certain(_)) => "certain",
            Some(Double::Likely(_)) => "likely",
        };
        assert_eq!(meet(2, "Nguyễn Văn Ế|01/02/1980|x|khác|e@a.vn|"), "no");
        assert_eq!(meet(3, "Lê Thị Ơ||x|khác|e@a.vn|"), "certain");
        assert_eq!(meet(4, "nguyen van e|1/2/1980|x|khác||"), "certain");
        assert_eq!(meet(5, "Nguyễn Văn Ế|03/02/1980|x|khác||"), "no");
        assert_eq!(meet(6, "Nguyễn Văn Ế|1980|x|khác||"), "likely");
        assert_eq!(meet(7, "Nguyễn Văn Ế|1979|x|khác||"), "no");
    }
}
