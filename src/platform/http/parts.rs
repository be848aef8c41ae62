//! The small parts that many pages show alike, in the shape their partials read.

use serde::Serialize;

use super::page::Page;
use crate::platform::i18n::Message;

/// A step of the way down to a page (`partials/breadcrumb`).
#[derive(Debug, Clone, Serialize)]
pub struct Crumb {
    label: String,
    href: String,
}

impl Crumb {
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// A state in a word (`text`), with the colour that repeats it: `kind` is `good`, `warn`, `bad`, `info` or empty.
#[derive(Debug, Clone, Serialize)]
pub struct Tag {
    pub kind: &'static str,
    pub text: String,
}

/// One choice of a select box or of radio buttons: what is sent, and what is read.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    value: String,
    label: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// A link that narrows a list, and whether the list is narrowed by it now.
#[derive(Debug, Clone, Serialize)]
pub struct Filter {
    pub href: String,
    pub label: String,
    pub is_current: bool,
}

/// Where a reader is in a long list (`partials/pagination`).
#[derive(Debug, Clone, Serialize)]
pub struct Pages {
    pub summary: String,
    pub previous: Option<String>,
    pub next: Option<String>,
}

impl Pages {
    /// Page `number` (the first is 1) of a list of `total` rows, `a_page` on each. `to` makes the address of a page.
    pub fn of(page: &Page, number: i64, total: i64, a_page: i64, to: impl Fn(i64) -> String) -> Self {
        let last = ((total + a_page - 1) / a_page).max(1);
        Self {
            summary: page.text(Message::new("layout-page-of").with("page", number).with("last", last)),
            previous: (number > 1).then(|| to((number - 1).min(last))),
            next: (number < last).then(|| to(number + 1)),
        }
    }
}

/// An address with a query, without its empty parts.
pub fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The number of a page as an address gives it; the first where it gives none.
pub fn page_number(asked: Option<i64>) -> i64 {
    asked.unwrap_or(1).clamp(1, 1_000_000)
}
