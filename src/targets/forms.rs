//! The forms of rounds, quotas and the book of targets.

use chrono::NaiveDate;

use super::model::{
    Days, Deed, Metric, NewTarget, Parts, TargetState, Terms,
    quota::{Letter, Reply, Settlement},
};
use crate::{
    organisations::model::UnitKind,
    platform::{
        as_i64,
        error::{Error, FieldErrors, Result},
        http::Input,
        i18n::Message,
        text::{read_day, tidy},
    },
};

/// Longer texts are no titles, numbers or reasons.
const LONGEST: usize = 2000;
/// More lines than this are not pasted by mistake either.
const MOST_LINES: usize = 5000;

/// A text of bounded length.
fn line(input: &Input, field: &'static str, faults: &mut FieldErrors) -> String {
    let typed = input.text(field);
    if typed.chars().count() > LONGEST {
        faults.add(field, "targets-fault-long");
    }
    typed
}

/// A day that may be left out.
pub fn day(input: &Input, field: &'static str, faults: &mut FieldErrors) -> Option<NaiveDate> {
    let typed = input.text(field);
    if typed.is_empty() {
        return None;
    }
    let read = read_day(&typed);
    if read.is_none() {
        faults.add(field, "targets-fault-day");
    }
    read
}

/// A whole number as people type it: 1.200 and 1 200 are one thousand two hundred.
pub fn whole(typed: &str) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !matches!(c, '.' | ' ' | '\u{a0}' | ',')).collect();
    if digits.is_empty() || digits.len() > 12 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

fn count(input: &Input, field: &'static str, faults: &mut FieldErrors) -> i64 {
    whole(&input.text(field)).unwrap_or_else(|| {
        faults.add(field, "quotas-fault-number");
        0
    })
}

pub fn letter(input: &Input, faults: &mut FieldErrors) -> Letter {
    Letter { number: line(input, "letter_number", faults), date: day(input, "letter_date", faults) }
}

/// A new round, with the codes of the target and the class it is for; empty is none.
#[derive(Debug)]
pub struct RoundForm {
    pub code: String,
    pub title_vi: String,
    pub title_en: String,
    pub target: String,
    pub run: String,
    pub total: i64,
    pub deadline: Option<NaiveDate>,
    pub letter: Letter,
}

impl RoundForm {
    pub fn read(input: &Input) -> Result<Self> {
        let mut faults = FieldErrors::default();
        let form = Self {
            code: input.text("code"),
            title_vi: line(input, "title_vi", &mut faults),
            title_en: line(input, "title_en", &mut faults),
            target: input.text("target"),
            run: input.text("run"),
            total: count(input, "total", &mut faults),
            deadline: day(input, "deadline", &mut faults),
            letter: letter(input, &mut faults),
        };
        faults.or(form)
    }
}

/// Seats for units, by code: one that was chosen, and the lines that were pasted.
#[derive(Debug)]
pub struct AllocationForm {
    /// The field a fault of the row belongs to, its line (0: not pasted), the unit's code and the seats.
    pub rows: Vec<AllocationLine>,
    pub deadline: Option<NaiveDate>,
    pub letter: Letter,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllocationLine {
    pub line: i64,
    pub unit: String,
    pub amount: i64,
}

impl AllocationForm {
    pub fn read(input: &Input) -> Result<Self> {
        let mut faults = FieldErrors::default();
        let mut rows = Vec::new();
        let (unit, amount) = (input.text("unit"), input.text("amount"));
        if !unit.is_empty() || !amount.is_empty() {
            let amount = count(input, "amount", &mut faults);
            if unit.is_empty() {
                faults.add("unit", "quotas-fault-choose");
            }
            rows.push(AllocationLine { line: 0, unit, amount });
        }
        read_lines(input.raw("rows").unwrap_or_default(), &mut rows, &mut faults);
        if rows.is_empty() && faults.is_empty() {
            faults.add("unit", "quotas-fault-choose");
        }
        let form = Self {
            rows,
            deadline: day(input, "deadline", &mut faults),
            letter: letter(input, &mut faults),
            reason: line(input, "note", &mut faults),
        };
        faults.or(form)
    }
}

/// One unit a line: its code and the number, with anything that separates columns between them.
fn read_lines(typed: &str, rows: &mut Vec<AllocationLine>, faults: &mut FieldErrors) {
    let lines = typed.lines().enumerate().filter(|(_, text)| !text.trim().is_empty());
    for (index, text) in lines.take(MOST_LINES) {
        let number = as_i64(index + 1);
        let parts: Vec<&str> = match text.split_once(',') {
            _ if text.contains(['\t', ';']) => text.split(['\t', ';']).map(str::trim).collect(),
            // Only the first comma parts them: the others may stand in a number.
            Some((unit, amount)) => vec![unit.trim(), amount.trim()],
            None => text.split_whitespace().collect(),
        };
        match parts.as_slice() {
            [unit, .., amount] if whole(amount).is_some_and(|amount| amount > 0) => {
                let amount = whole(amount).unwrap_or_default();
                rows.push(AllocationLine { line: number, unit: tidy(unit), amount });
            }
            _ => faults.add("rows", Message::new("quotas-fault-line").with("line", number.to_string())),
        }
    }
}

/// What the unit answers.
pub fn reply(input: &Input) -> Result<Reply> {
    if input.text("answer") == "accept" {
        return Ok(Reply::Accept);
    }
    let mut faults = FieldErrors::default();
    let reply = Reply::Ask { amount: count(input, "asked", &mut faults), reason: line(input, "reason", &mut faults) };
    faults.or(reply)
}

/// What the giver decides.
pub fn settlement(input: &Input) -> Result<Settlement> {
    let mut faults = FieldErrors::default();
    let reason = line(input, "decision_reason", &mut faults);
    if input.text("decision") == "decline" {
        return faults.or(Settlement::Decline { reason });
    }
    let amount = count(input, "granted", &mut faults);
    faults.or(Settlement::Grant { amount, reason })
}

/// A number of seats and a reason, for moving and giving back, from the fields that are named.
pub fn seats(input: &Input, number: &'static str, reason: &'static str) -> Result<(i64, String)> {
    let mut faults = FieldErrors::default();
    let read = (count(input, number, &mut faults), line(input, reason, &mut faults));
    faults.or(read)
}

/// The document by which something is done to a target.
pub fn deed(input: &Input, faults: &mut FieldErrors) -> Deed {
    Deed {
        number: line(input, "number", faults),
        signed_on: day(input, "signed_on", faults),
        clause: line(input, "clause", faults),
        reason: line(input, "reason", faults),
    }
}

/// A whole definition. All three parts of the number or none; courses are codes with anything between them.
pub fn target(input: &Input, code: String, state: TargetState, is_illustration: bool) -> Result<NewTarget> {
    let mut faults = FieldErrors::default();
    let metric = Metric::parse(&input.text("metric"));
    if metric.is_none() {
        faults.add("metric", "targets-fault-metric");
    }
    let typed: Vec<String> = ["leaders", "technology", "other"].iter().map(|field| input.text(field)).collect();
    let parts = if typed.iter().all(String::is_empty) {
        None
    } else {
        let [leaders, technology, other] =
            ["leaders", "technology", "other"].map(|field| count(input, field, &mut faults));
        Some(Parts { leaders, technology, other })
    };
    let mut needed = |field: &'static str| {
        if input.text(field).is_empty() {
            faults.add(field, "targets-fault-day");
        }
        day(input, field, &mut faults).unwrap_or_default()
    };
    let period = Days { from: needed("period_from"), to: needed("period_to") };
    let kinds = input.all("kinds").filter_map(UnitKind::parse).collect();
    let codes = input.raw("courses").unwrap_or_default();
    let courses = codes.split([',', ';', ' ', '\n', '\r', '\t']).filter(|code| !code.is_empty());
    let courses: Vec<String> = courses.map(str::to_uppercase).collect();
    let new = NewTarget {
        code,
        title_vi: line(input, "title_vi", &mut faults),
        title_en: line(input, "title_en", &mut faults),
        metric: metric.unwrap_or(Metric::People),
        required: count(input, "required", &mut faults),
        period,
        state,
        basis_vi: line(input, "basis_vi", &mut faults),
        basis_en: line(input, "basis_en", &mut faults),
        is_illustration,
        courses,
        kinds,
        terms: Terms {
            number: line(input, "doc_number", &mut faults),
            date: day(input, "doc_date", &mut faults),
            issuer: line(input, "doc_issuer", &mut faults),
            clause: line(input, "doc_clause", &mut faults),
            link: line(input, "doc_link", &mut faults),
            rules_vi: line(input, "rules_vi", &mut faults),
            rules_en: line(input, "rules_en", &mut faults),
            parts,
        },
    };
    faults.or(new)
}

/// Both sets of faults of a form, or what was read.
pub fn both<A, B>(one: Result<A>, other: Result<B>) -> Result<(A, B)> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(Error::Invalid(mut faults)), Err(Error::Invalid(more))) => {
            faults.0.extend(more.0);
            Err(Error::Invalid(faults))
        }
        (Err(fault), _) | (_, Err(fault)) => Err(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(typed: &str) -> (Vec<(i64, String, i64)>, usize) {
        let (mut rows, mut faults) = (Vec::new(), FieldErrors::default());
        read_lines(typed, &mut rows, &mut faults);
        (rows.into_iter().map(|row| (row.line, row.unit, row.amount)).collect(), faults.0.len())
    }

    #[test]
    fn lines_are_read_as_they_are_pasted() {
        let (rows, faults) = lines("BTC, 30\nP01\t1.200\n\n  BNV   7 \nP15-2025;Tỉnh Lào Cai;5\r\nBCA, 1,200");
        let named = |line, unit: &str, amount| (line, unit.to_owned(), amount);
        assert_eq!(
            rows,
            [
                named(1, "BTC", 30),
                named(2, "P01", 1200),
                named(4, "BNV", 7),
                named(5, "P15-2025", 5),
                named(6, "BCA", 1200)
            ]
        );
        assert_eq!(faults, 0);
    }

    #[test]
    fn each_bad_line_is_named() {
        let (rows, faults) = lines("BTC\nBNV, không\nP01, 0\nP02, -3\nP03, 4");
        assert_eq!((rows.len(), faults), (1, 4));
    }

    #[test]
    fn numbers_are_read_with_or_without_points() {
        assert_eq!(["1.200", "1 200", "1200", "0"].map(whole), [Some(1200), Some(1200), Some(1200), Some(0)]);
        assert_eq!(["", "-1", "3e5", "12a", "9999999999999"].map(whole), [None; 5]);
    }
}
