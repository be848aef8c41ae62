//! What a target rests on, how it counts, and everything that became of it.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    access::PersonId,
    accounts::queries::directory,
    organisations::model::UnitKind,
    platform::{
        db::{DbConn, Moment},
        error::Result,
        http::Page,
        i18n::{Locale, Message},
        text::{date, number},
    },
    targets::{
        model::{BookKind, Change, Metric, Parts, Target, TargetEvent, TargetState},
        pages::{agencies::kind_word, title},
        queries,
    },
};

/// The records behind a [`BookView`].
pub struct Book {
    pub events: Vec<TargetEvent>,
    pub names: HashMap<PersonId, (String, String)>,
    pub successor: Option<Target>,
    pub kinds: Vec<UnitKind>,
}

impl Book {
    pub fn read(c: &mut DbConn, target: &Target) -> Result<Self> {
        let events = queries::history(c, target.id)?;
        let people: Vec<PersonId> = events.iter().filter_map(|event| event.by_id).collect();
        Ok(Self {
            names: directory::names(c, &people)?,
            successor: target.successor_id.map(|id| queries::by_id(c, id)).transpose()?,
            kinds: queries::kinds(c, target.id)?,
            events,
        })
    }
}

#[derive(Serialize)]
pub struct BookView {
    number: String,
    date: Option<NaiveDate>,
    issuer: String,
    clause: String,
    link: String,
    has_document: bool,
    /// As the document words them.
    rules: String,
    /// The switches, each with what it does.
    switches: Vec<SwitchView>,
    parts: Option<Parts>,
    successor: Option<LinkView>,
    steps: Vec<StepView>,
    can_manage: bool,
    is_draft: bool,
    is_in_force: bool,
    is_superseded: bool,
}

#[derive(Serialize)]
struct SwitchView {
    name: String,
    value: String,
    words: String,
}

#[derive(Serialize)]
struct LinkView {
    href: String,
    label: String,
}

#[derive(Serialize)]
struct StepView {
    at: Moment,
    said: String,
    /// Number, date and clause of the document.
    document: Option<String>,
    reason: String,
    by: Option<String>,
    changes: Vec<ChangeView>,
}

#[derive(Serialize)]
struct ChangeView {
    field: String,
    before: String,
    after: String,
}

impl BookView {
    /// Who does not see the country sees what changed and why, but not by whom.
    pub fn of(
        page: &Page,
        target: &Target,
        courses: &[String],
        book: &Book,
        is_nation: bool,
        can_manage: bool,
    ) -> Self {
        let rules = if page.locale() == Locale::Vi { &target.rules_vi } else { &target.rules_en };
        Self {
            number: target.doc_number.clone(),
            date: target.doc_date,
            issuer: target.doc_issuer.clone(),
            clause: target.doc_clause.clone(),
            link: target.doc_link.clone(),
            has_document: !target.doc_number.is_empty() || !target.doc_issuer.is_empty(),
            rules: rules.clone(),
            switches: switches(page, target, courses, &book.kinds),
            parts: target.parts(),
            successor: book
                .successor
                .as_ref()
                .map(|next| LinkView { href: format!("/chi-tieu/{}", next.code), label: title(page, next) }),
            steps: book.events.iter().map(|event| step(page, event, book, is_nation)).collect(),
            can_manage,
            is_draft: target.state == TargetState::Draft,
            is_in_force: target.state == TargetState::InForce,
            is_superseded: target.state == TargetState::Superseded,
        }
    }
}

/// What decides a count, and in which words.
fn switches(page: &Page, target: &Target, courses: &[String], kinds: &[UnitKind]) -> Vec<SwitchView> {
    let metric = page.text(Message::new(format!("targets-metric-{}", target.metric)));
    let mut found = vec![
        SwitchView {
            name: page.text("targets-field-metric"),
            value: metric,
            words: page.text(Message::new(format!("targets-rule-{}", target.metric))),
        },
        SwitchView {
            name: page.text("targets-field-period"),
            value: format!("{} – {}", date(target.period_from), date(target.period_to)),
            words: page.text("targets-rule-period"),
        },
        SwitchView {
            name: page.text("targets-field-courses"),
            value: if courses.is_empty() { page.text("targets-courses-none") } else { courses.join(", ") },
            words: page.text("targets-rule-courses"),
        },
    ];
    if target.metric == Metric::Agencies {
        found.push(SwitchView {
            name: page.text("targets-field-kinds"),
            value: kinds.iter().map(|kind| kind_word(page, *kind)).collect::<Vec<_>>().join(", "),
            words: page.text("targets-rule-kinds"),
        });
    }
    found
}

fn step(page: &Page, event: &TargetEvent, book: &Book, is_nation: bool) -> StepView {
    let mut document = Vec::new();
    if !event.number.is_empty() {
        document.push(match event.signed_on {
            Some(day) => page.text(
                Message::new("targets-document-dated").with("number", event.number.clone()).with("date", date(day)),
            ),
            None => page.text(Message::new("targets-document-number").with("number", event.number.clone())),
        });
    }
    if !event.clause.is_empty() {
        document.push(event.clause.clone());
    }
    StepView {
        at: event.recorded_at,
        said: page.text(Message::new(format!("targets-step-{}", event.kind))),
        document: (!document.is_empty()).then(|| document.join(", ")),
        reason: event.reason.clone(),
        by: event.by_id.filter(|_| is_nation).and_then(|id| Some(book.names.get(&id)?.1.clone())),
        changes: event.changes().iter().map(|change| shown(page, event.kind, change)).collect(),
    }
}

/// A change as people read it: days, numbers and words of the reader's language.
fn shown(page: &Page, kind: BookKind, change: &Change) -> ChangeView {
    let value = |text: &str| match change.field.as_str() {
        _ if text.is_empty() => page.text("targets-nothing"),
        "period_from" | "period_to" | "doc_date" => text.parse().map_or_else(|_| text.to_owned(), date),
        "required" | "leaders" | "technology" | "other" => {
            text.parse().map_or_else(|_| text.to_owned(), |n| number(n, page.locale()))
        }
        "metric" => page.text(Message::new(format!("targets-metric-{text}"))),
        "kinds" => {
            let kinds = text.split(", ").filter_map(UnitKind::parse);
            kinds.map(|kind| kind_word(page, kind)).collect::<Vec<_>>().join(", ")
        }
        _ => text.to_owned(),
    };
    let before = if kind == BookKind::Superseded { String::new() } else { value(&change.before) };
    ChangeView {
        field: page.text(Message::new(format!("targets-field-{}", change.field.replace('_', "-")))),
        before,
        after: value(&change.after),
    }
}
