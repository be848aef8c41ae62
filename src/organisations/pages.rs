//! The pages: the tree on a day, and a unit. What both need to show days and kinds.

pub mod tree;
pub mod unit;

use chrono::NaiveDate;

use super::model::{Span, UnitKind};
use crate::platform::{
    as_i64,
    error::FieldErrors,
    http::{Input, Page},
    i18n::Message,
    text,
};

/// The day of `?ngay=`; `None` where it was not given.
fn day(input: &Input) -> Result<Option<NaiveDate>, FieldErrors> {
    let given = input.text("ngay");
    if given.is_empty() {
        return Ok(None);
    }
    let day = text::read_day(&given).ok_or_else(|| {
        let mut errors = FieldErrors::default();
        errors.add("ngay", "organisations-day-bad");
        errors
    })?;
    Ok(Some(day))
}

/// What was asked for in the address.
fn asked(page: &Page) -> Input {
    Input::parse(page.visit().query.as_bytes())
}

/// The address of a unit's page, on a day unless it is today.
fn href(code: &str, on: NaiveDate, today: NaiveDate) -> String {
    if on == today { format!("/to-chuc/{code}") } else { format!("/to-chuc/{code}?ngay={on}") }
}

fn period(page: &Page, span: Span) -> String {
    let message = match (span.from, span.to) {
        (Some(from), Some(to)) => {
            Message::new("organisations-period-both").with("from", text::date(from)).with("to", text::date(to))
        }
        (Some(from), None) => Message::new("organisations-period-from").with("from", text::date(from)),
        (None, Some(to)) => Message::new("organisations-period-to").with("to", text::date(to)),
        (None, None) => Message::new("organisations-period-open"),
    };
    page.text(message)
}

fn kind_name(page: &Page, kind: UnitKind) -> String {
    page.text(Message::new(format!("organisations-kind-{}", kind.as_str().replace('_', "-"))))
}

/// The heading of a group: its kind and how many there are.
fn group_name(page: &Page, kind: UnitKind, count: usize) -> String {
    let kinds = page.text(Message::new(format!("organisations-kinds-{}", kind.as_str().replace('_', "-"))));
    page.text(Message::new("organisations-group").with("kind", kinds).with("count", as_i64(count)))
}
