//! Item types, what a learner answers, and the rules of grading. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::platform::text::hex_start;

mod answers;
mod decimal;
mod field;
mod view;

pub use answers::{Answer, folded};
pub use decimal::Decimal;
pub use field::{Asked, Choice, LONGEST_TEXT, Left, Outcome};
pub use view::{PublicItem, PublicKind, PublicOption};

/// A question with its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Stable for ever; answers and statistics hang on it.
    pub id: String,
    /// Raised by the author when the meaning changes.
    pub version: u32,
    /// The module whose self-check it belongs to; `None` for the bank that tests draw from.
    pub module: Option<String>,
    pub topic: String,
    /// 1 recall, 2 understanding, 3 use.
    pub difficulty: u8,
    /// Ids of the course's sources.
    pub sources: Vec<String>,
    pub tags: Vec<String>,
    /// Whether options may be shown in another order than written.
    pub shuffle: bool,
    /// Optional short name for lists; never shown to learners.
    pub title: String,
    /// Plain text; `\n` breaks a line.
    pub text: String,
    /// Shown to everyone after answering.
    pub feedback: String,
    pub kind: ItemKind,
}

/// What is asked, with the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ItemKind {
    /// One option is chosen; exactly one is worth 100 %.
    Single {
        options: Vec<AnswerOption>,
    },
    /// Any number of options; the positive weights add up to 100 %.
    Multiple {
        options: Vec<AnswerOption>,
    },
    TrueFalse {
        answer: bool,
        when_right: String,
        when_wrong: String,
    },
    Short {
        answers: Vec<AnswerOption>,
    },
    Numeric {
        answers: Vec<NumericAnswer>,
    },
    /// Left sides get the right side that belongs to them; distractors are right sides that belong to none.
    Matching {
        pairs: Vec<Pair>,
        distractors: Vec<Side>,
    },
}

/// An option of a choice, or an accepted short answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerOption {
    pub id: String,
    pub text: String,
    pub weight: Weight,
    pub feedback: String,
}

/// An accepted range of numbers, both ends included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumericAnswer {
    pub min: Decimal,
    pub max: Decimal,
    pub weight: Weight,
    pub feedback: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    pub left: Side,
    pub right: Side,
}

/// One side of a pair. Equal texts on the right have equal ids: they are one choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    pub id: String,
    pub text: String,
}

/// A share of the mark in thousandths of a per cent, from −100 000 to 100 000: whole numbers, so that three thirds and a
/// round trip through text stay exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Weight(pub i32);

impl Weight {
    pub const FULL: Self = Self(100_000);
    pub const NONE: Self = Self(0);
    /// Three thirds written as 33.333 still make a whole.
    pub const SLACK: i64 = 100;
}

/// The id of an option: the same text in the same item always has the same one, and it says nothing about the key.
pub fn option_id(item: &str, text: &str) -> String {
    let digest = Sha256::new().chain_update(item).chain_update([0]).chain_update(text).finalize();
    hex_start(&digest, 6)
}

impl AnswerOption {
    pub fn new(item: &str, text: String, weight: Weight, feedback: String) -> Self {
        Self { id: option_id(item, &text), text, weight, feedback }
    }
}

impl Side {
    pub fn new(item: &str, text: String) -> Self {
        Self { id: option_id(item, &text), text }
    }
}

/// The mark for an answer, from 0 to 1. An answer of another type than the item's, or naming options it does not have, is
/// worth nothing.
pub fn grade(item: &Item, answer: &Answer) -> f64 {
    let thousandths = match (&item.kind, answer) {
        (ItemKind::Single { options }, Answer::Choice { option }) => weight_of(options, option),
        (ItemKind::Multiple { options }, Answer::Choices { options: chosen }) => {
            chosen.iter().map(|id| weight_of(options, id)).sum()
        }
        (ItemKind::TrueFalse { answer, .. }, Answer::TrueFalse { value }) => full_if(answer == value),
        (ItemKind::Short { answers }, Answer::Text { text }) => {
            let given = folded(text);
            let fitting = answers.iter().filter(|accepted| folded(&accepted.text) == given);
            fitting.map(|accepted| i64::from(accepted.weight.0)).max().unwrap_or(0)
        }
        (ItemKind::Numeric { answers }, Answer::Number { text }) => match Decimal::from_vietnamese(text) {
            Some(given) => {
                let fitting = answers.iter().filter(|accepted| accepted.min <= given && given <= accepted.max);
                fitting.map(|accepted| i64::from(accepted.weight.0)).max().unwrap_or(0)
            }
            None => 0,
        },
        (ItemKind::Matching { pairs, .. }, Answer::Matching { pairs: given }) => {
            let right = pairs.iter().filter(|pair| given.get(&pair.left.id) == Some(&pair.right.id)).count();
            return if pairs.is_empty() { 0.0 } else { count(right) / count(pairs.len()) };
        }
        _ => 0,
    };
    let full = i64::from(Weight::FULL.0);
    if thousandths >= full - Weight::SLACK {
        return 1.0;
    }
    i32::try_from(thousandths.clamp(0, full)).map_or(0.0, |part| f64::from(part) / f64::from(Weight::FULL.0))
}

/// What the author says to this answer: the chosen options' feedback, then the general one. For after answering only.
pub fn feedback(item: &Item, answer: &Answer) -> Vec<String> {
    let mut said: Vec<&str> = match (&item.kind, answer) {
        (ItemKind::Single { options }, Answer::Choice { option }) => said_of(options, &[option.as_str()]),
        (ItemKind::Multiple { options }, Answer::Choices { options: chosen }) => {
            said_of(options, &chosen.iter().map(String::as_str).collect::<Vec<_>>())
        }
        (ItemKind::TrueFalse { answer, when_right, when_wrong }, Answer::TrueFalse { value }) => {
            vec![if answer == value { when_right } else { when_wrong }]
        }
        (ItemKind::Short { answers }, Answer::Text { text }) => {
            let given = folded(text);
            answers.iter().filter(|a| folded(&a.text) == given).map(|a| a.feedback.as_str()).take(1).collect()
        }
        (ItemKind::Numeric { answers }, Answer::Number { text }) => {
            let given = Decimal::from_vietnamese(text);
            let fitting = answers.iter().filter(|a| given.is_some_and(|given| a.min <= given && given <= a.max));
            fitting.max_by_key(|a| a.weight).map(|a| a.feedback.as_str()).into_iter().collect()
        }
        _ => Vec::new(),
    };
    said.push(&item.feedback);
    said.into_iter().filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

fn said_of<'a>(options: &'a [AnswerOption], chosen: &[&str]) -> Vec<&'a str> {
    options
        .iter()
        .filter(|option| chosen.contains(&option.id.as_str()))
        .map(|option| option.feedback.as_str())
        .collect()
}

fn weight_of(options: &[AnswerOption], id: &str) -> i64 {
    options.iter().find(|option| option.id == id).map_or(0, |option| i64::from(option.weight.0))
}

fn full_if(right: bool) -> i64 {
    if right { i64::from(Weight::FULL.0) } else { 0 }
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}

impl Item {
    /// An answer worth the full mark, for showing the key and for tests.
    pub fn right_answer(&self) -> Answer {
        match &self.kind {
            ItemKind::Single { options } => {
                let best = options.iter().max_by_key(|option| option.weight);
                Answer::Choice { option: best.map(|option| option.id.clone()).unwrap_or_default() }
            }
            ItemKind::Multiple { options } => Answer::Choices {
                options: options.iter().filter(|o| o.weight > Weight::NONE).map(|o| o.id.clone()).collect(),
            },
            ItemKind::TrueFalse { answer, .. } => Answer::TrueFalse { value: *answer },
            ItemKind::Short { answers } => {
                let best = answers.iter().rev().max_by_key(|accepted| accepted.weight);
                Answer::Text { text: best.map(|accepted| accepted.text.clone()).unwrap_or_default() }
            }
            ItemKind::Numeric { answers } => {
                let best = answers.iter().rev().max_by_key(|accepted| accepted.weight);
                Answer::Number { text: best.map(|accepted| accepted.min.to_vietnamese()).unwrap_or_default() }
            }
            ItemKind::Matching { pairs, .. } => Answer::Matching {
                pairs: pairs.iter().map(|p| (p.left.id.clone(), p.right.id.clone())).collect::<BTreeMap<_, _>>(),
            },
        }
    }
}

#[cfg(test)]
mod tests;
