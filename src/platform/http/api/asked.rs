//! What a request asks for, checked against the declaration of its operation: what is not declared is refused, so that a word
//! written wrong never means "everything".

use std::collections::BTreeMap;

use actix_web::{FromRequest, HttpRequest, http::header, web};
use chrono::NaiveDate;

use super::declared::{Declaration, Kind, LONGEST_CODE, Parameter, ROWS};
use crate::platform::{
    error::{Error, Result},
    i18n::Message,
};

/// Who asks, proved, with what they ask. Slices below `accounts` take it as a parameter of their handlers, which the composition
/// root fills.
pub trait Caller: FromRequest + 'static {
    fn asked(&self) -> &Asked;
}

/// The parameters of a request. Handlers ask for them by the name they are declared with.
#[derive(Debug, Clone)]
pub struct Asked(BTreeMap<&'static str, Value>);

#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Day(NaiveDate),
    Number(i64),
}

impl Asked {
    /// The declaration of the operation that a request was routed to.
    pub fn declaration(request: &HttpRequest) -> Result<web::Data<Declaration>> {
        request.app_data::<web::Data<Declaration>>().cloned().ok_or_else(|| Error::internal("no operation is declared"))
    }

    /// Reads and checks path, query and what the asker takes for an answer.
    pub fn read(request: &HttpRequest, declared: &Declaration) -> Result<Self> {
        let accept = request.headers().get(header::ACCEPT).map(|v| v.to_str().unwrap_or_default());
        if !takes_json(accept) {
            return Err(Error::NotAcceptable);
        }
        let mut found = BTreeMap::new();
        for parameter in declared.parameters.iter().filter(|p| declared.is_in_path(p)) {
            let typed = request.match_info().get(parameter.name).unwrap_or_default();
            // What cannot be the code of anything is not there.
            let value = read(parameter, typed).ok_or(Error::NotFound)?;
            found.insert(parameter.name, value);
        }
        for (name, typed) in url::form_urlencoded::parse(request.query_string().as_bytes()) {
            let known = declared.parameters.iter().find(|p| p.name == name && !declared.is_in_path(p));
            let Some(parameter) = known else {
                return Err(faulty("api-parameter-unknown", &name));
            };
            let value = read(parameter, &typed).ok_or_else(|| faulty("api-parameter-broken", &name))?;
            if found.insert(parameter.name, value).is_some() {
                return Err(faulty("api-parameter-twice", &name));
            }
        }
        Ok(Self(found))
    }

    /// A code or a word.
    pub fn text(&self, parameter: &str) -> Option<&str> {
        match self.0.get(parameter) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub fn day(&self, parameter: &str) -> Option<NaiveDate> {
        match self.0.get(parameter) {
            Some(Value::Day(day)) => Some(*day),
            _ => None,
        }
    }

    pub fn number(&self, parameter: &str) -> Option<i64> {
        match self.0.get(parameter) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The code after which the page begins; empty for the first page.
    pub fn after(&self) -> String {
        self.text("after").unwrap_or_default().to_owned()
    }

    /// How many rows are wanted.
    pub fn limit(&self) -> i64 {
        self.number("limit").unwrap_or(ROWS)
    }
}

fn faulty(key: &'static str, name: &str) -> Error {
    Error::BadRequest(Message::new(key).with("name", name.chars().take(40).collect::<String>()))
}

fn read(parameter: &Parameter, typed: &str) -> Option<Value> {
    match parameter.kind {
        Kind::Code => is_code(typed).then(|| Value::Text(typed.to_owned())),
        Kind::Day => day(typed).map(Value::Day),
        Kind::Number { least, most } => {
            let plain = !typed.is_empty() && typed.bytes().all(|b| b.is_ascii_digit());
            let number: i64 = plain.then(|| typed.parse().ok()).flatten()?;
            (least..=most).contains(&number).then_some(Value::Number(number))
        }
        Kind::Word(words) => words.contains(&typed).then(|| Value::Text(typed.to_owned())),
    }
}

fn is_code(typed: &str) -> bool {
    typed.len() <= LONGEST_CODE
        && typed.starts_with(|c: char| c.is_ascii_alphanumeric())
        && typed.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// A day as RFC 3339 writes it, and in no other way.
fn day(typed: &str) -> Option<NaiveDate> {
    let shaped = typed.len() == 10
        && typed.bytes().enumerate().all(|(at, b)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    shaped.then(|| NaiveDate::parse_from_str(typed, "%Y-%m-%d").ok()).flatten()
}

/// Whether `Accept` lets the answer be JSON; without the header everything is taken.
fn takes_json(accept: Option<&str>) -> bool {
    let Some(accept) = accept.map(str::trim).filter(|a| !a.is_empty()) else { return true };
    accept.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let refused = parts.any(|part| {
            let weight = part.strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok());
            weight.is_some_and(|q| q <= 0.0)
        });
        !refused && matches!(kind.as_str(), "application/json" | "application/*" | "*/*")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar_written_in_one_way_are_read() {
        assert_eq!(day("2026-02-28").map(|d| d.to_string()).as_deref(), Some("2026-02-28"));
        for typed in ["2026-02-29", "2026-2-28", "28/02/2026", "+026-02-28", "2026-02-28 ", "２０２６-02-28", ""] {
            assert_eq!(day(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn codes_are_short_and_plain() {
        assert!(is_code("P15-2025") && is_code("a") && is_code(&"x".repeat(64)));
        assert!(!is_code("") && !is_code("-x") && !is_code("a b") && !is_code("Đ") && !is_code(&"x".repeat(65)));
    }

    #[test]
    fn what_one_takes_is_asked() {
        for taken in [None, Some(""), Some("*/*"), Some("text/html, application/json;q=0.5"), Some("application/*")] {
            assert!(takes_json(taken), "{taken:?}");
        }
        for refused in ["text/html", "application/json;q=0", "application/xml"] {
            assert!(!takes_json(Some(refused)), "{refused}");
        }
    }

    #[test]
    fn numbers_are_whole_and_within_their_limits() {
        let limit = super::super::LIMIT;
        let number = |typed| match read(&limit, typed) {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        };
        assert_eq!((number("1"), number("200")), (Some(1), Some(200)));
        assert_eq!([number("0"), number("201"), number("+5"), number("5.0"), number(""), number("9e1")], [None; 6]);
    }
}
