//! The forms of programmes: from what was typed to what the actions take.

use chrono::NaiveDate;

use super::{
    actions::programmes::{NewGroup, NewPost, field_of},
    model::programme::{Delivery, Terms},
};
use crate::{
    organisations::model::UnitKind,
    platform::{
        error::FieldErrors,
        http::Input,
        text::{read_day, tidy},
    },
};

/// Longer lines are no titles or numbers.
const LONGEST: usize = 200;
/// More courses or words are not asked for in one group or post.
const MOST: usize = 30;
/// A hundred years of months, and a year of days.
const MOST_MONTHS: i64 = 1200;
const MOST_DAYS: i64 = 366;
const MOST_PEOPLE: i64 = 100_000;

/// A line of bounded length.
fn line(input: &Input, field: &'static str, faults: &mut FieldErrors) -> String {
    let typed = input.text(field);
    if typed.chars().count() > LONGEST {
        faults.add(field, "programme-fault-long");
    }
    typed
}

/// A line that must be there.
fn needed(input: &Input, field: &'static str, faults: &mut FieldErrors) -> String {
    let typed = line(input, field, faults);
    if typed.is_empty() {
        faults.add(field, "programme-fault-missing");
    }
    typed
}

fn day(input: &Input, field: &'static str, faults: &mut FieldErrors) -> Option<NaiveDate> {
    let typed = input.text(field);
    if typed.is_empty() {
        return None;
    }
    let read = read_day(&typed);
    if read.is_none() {
        faults.add(field, "programme-fault-day");
    }
    read
}

fn needed_day(input: &Input, field: &'static str, faults: &mut FieldErrors) -> NaiveDate {
    if input.text(field).is_empty() {
        faults.add(field, "programme-fault-day");
    }
    day(input, field, faults).unwrap_or_default()
}

/// A whole number within bounds; `None` where nothing was typed.
fn number(input: &Input, field: &'static str, least: i64, most: i64, faults: &mut FieldErrors) -> Option<i64> {
    let typed: String = input.text(field).chars().filter(|c| !matches!(c, '.' | ' ' | '\u{a0}')).collect();
    if typed.is_empty() {
        return None;
    }
    let read = typed.parse().ok().filter(|number| (least..=most).contains(number));
    if read.is_none() {
        faults.add(field, "programme-fault-number");
    }
    read
}

/// A code stands in an address: small letters, digits and single hyphens.
pub fn code(input: &Input, faults: &mut FieldErrors) -> String {
    let code = input.text("code");
    let is_plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    // These are pages of their own.
    let is_taken = ["moi", "cua-toi"].contains(&code.as_str());
    if !(2..=60).contains(&code.len()) || !code.split('-').all(is_plain) || is_taken {
        faults.add("code", "programme-fault-code");
    }
    code
}

pub fn terms(input: &Input, faults: &mut FieldErrors) -> Terms {
    let small = |read: Option<i64>| read.and_then(|number| i32::try_from(number).ok());
    let cap = number(input, "cap", 1, MOST_PEOPLE, faults);
    if cap.is_none() && input.text("cap").is_empty() {
        faults.add("cap", "programme-fault-number");
    }
    let terms = Terms {
        title_vi: needed(input, "title_vi", faults),
        title_en: needed(input, "title_en", faults),
        document_number: line(input, "document_number", faults),
        document_date: day(input, "document_date", faults),
        document_issuer: line(input, "document_issuer", faults),
        document_subject: line(input, "document_subject", faults),
        cap: cap.unwrap_or(1),
        period_from: needed_day(input, "period_from", faults),
        period_to: day(input, "period_to", faults),
        validity_months: small(number(input, "validity_months", 1, MOST_MONTHS, faults)),
        notice_days: small(number(input, "notice_days", 0, MOST_DAYS, faults)).unwrap_or(0),
    };
    if terms.period_to.is_some_and(|to| to < terms.period_from) {
        faults.add("period_to", "programme-fault-order");
    }
    terms
}

/// Codes of courses, each in the field of how it is held.
pub fn group(input: &Input, faults: &mut FieldErrors) -> NewGroup {
    let mut courses = Vec::new();
    for delivery in Delivery::ALL {
        let typed = input.raw(field_of(*delivery)).unwrap_or_default();
        for code in typed.split([',', ';', '\n', ' ']).map(tidy).filter(|code| !code.is_empty()) {
            courses.push((code.to_uppercase(), *delivery));
        }
    }
    if courses.len() > MOST || courses.iter().any(|(code, _)| code.chars().count() > LONGEST) {
        faults.add(field_of(Delivery::ELearning), "programme-fault-courses-many");
        courses.clear();
    }
    NewGroup {
        title_vi: needed(input, "title_vi", faults),
        title_en: needed(input, "title_en", faults),
        needed: number(input, "needed", 1, 1000, faults),
        courses,
    }
}

pub fn post(input: &Input, faults: &mut FieldErrors) -> NewPost {
    let words: Vec<String> = input
        .raw("words")
        .unwrap_or_default()
        .split(['\n', ';'])
        .map(tidy)
        .filter(|word| !word.is_empty())
        .take(MOST + 1)
        .collect();
    if words.is_empty() || words.len() > MOST || words.iter().any(|word| word.chars().count() > LONGEST) {
        faults.add("words", "programme-fault-words");
    }
    let mut kinds: Vec<UnitKind> = input.all("kinds").filter_map(UnitKind::parse).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() {
        faults.add("kinds", "programme-fault-kinds");
    }
    NewPost { title_vi: needed(input, "title_vi", faults), title_en: needed(input, "title_en", faults), kinds, words }
}

/// A cohort as typed, with the code of its round; empty is none.
pub struct CohortForm {
    pub code: String,
    pub title_vi: String,
    pub title_en: String,
    pub round: String,
    pub counts_from: NaiveDate,
}

pub fn cohort(input: &Input, faults: &mut FieldErrors) -> CohortForm {
    CohortForm {
        code: code(input, faults),
        title_vi: needed(input, "title_vi", faults),
        title_en: needed(input, "title_en", faults),
        round: input.text("round"),
        counts_from: needed_day(input, "counts_from", faults),
    }
}

/// A decision as typed, without its file.
pub struct DecisionForm {
    pub number: String,
    pub dated: NaiveDate,
    pub signer: String,
    pub effective_from: NaiveDate,
}

/// A decision is signed before it is entered; it may come into effect later, but a renewal may not.
pub fn decision(input: &Input, today: NaiveDate, may_wait: bool, faults: &mut FieldErrors) -> DecisionForm {
    let number = needed(input, "number", faults);
    let dated = needed_day(input, "dated", faults);
    let signer = needed(input, "signer", faults);
    if dated > today {
        faults.add("dated", "programme-fault-future");
    }
    let effective_from = day(input, "effective_from", faults).unwrap_or(dated);
    if effective_from < dated {
        faults.add("effective_from", "programme-fault-before");
    } else if !may_wait && effective_from > today {
        faults.add("effective_from", "programme-fault-future");
    }
    DecisionForm { number, dated, signer, effective_from }
}
