//! A question as a form shows it and as a form sends it back. Lessons and tests show the same thing; what is right stands in
//! it only when [`Asked::answered`] made it, after the answer was given.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Answer, Item, ItemKind, PublicItem, PublicKind, PublicOption, feedback, grade};

/// How long a typed answer may be; what is longer is no answer.
pub const LONGEST_TEXT: usize = 500;

/// A question ready for `partials/question`.
#[derive(Debug, Serialize)]
pub struct Asked {
    pub id: String,
    /// Name of its form field, and the beginning of the ids on the page.
    pub field: String,
    pub lines: Vec<String>,
    /// single, multiple, true_false, short, numeric or matching.
    pub kind: &'static str,
    pub options: Vec<Choice>,
    pub text: String,
    pub sides: Vec<Left>,
    /// `None` before it was answered, or where the result is not to be shown yet.
    pub result: Option<Outcome>,
}

#[derive(Debug, Serialize)]
pub struct Choice {
    pub value: String,
    pub text: String,
    pub chosen: bool,
    /// right, wrong or empty.
    pub mark: &'static str,
}

/// The left side of a pair with the right sides to choose from.
#[derive(Debug, Serialize)]
pub struct Left {
    pub field: String,
    pub text: String,
    pub rights: Vec<Choice>,
    pub mark: &'static str,
    /// The right side that belongs to it, once answered.
    pub right: String,
}

#[derive(Debug, Serialize)]
pub struct Outcome {
    /// right, partly or wrong.
    pub verdict: &'static str,
    pub feedback: Vec<String>,
    /// An accepted answer in words, where no option shows it.
    pub key: String,
}

impl Asked {
    /// The question with what was answered so far, and nothing of the key.
    pub fn open(item: &PublicItem, field: impl Into<String>, given: &Answer) -> Self {
        let field = field.into();
        let mut asked = Self {
            id: item.id.clone(),
            lines: item.text.lines().map(str::to_owned).collect(),
            kind: kind(&item.kind),
            options: Vec::new(),
            text: String::new(),
            sides: Vec::new(),
            result: None,
            field,
        };
        match (&item.kind, given) {
            (PublicKind::Single { options }, given) => {
                asked.options =
                    choices(options, |id| matches!(given, Answer::Choice { option } if option.as_str() == id));
            }
            (PublicKind::Multiple { options }, given) => {
                asked.options =
                    choices(options, |id| matches!(given, Answer::Choices { options } if options.contains(id)));
            }
            (PublicKind::TrueFalse, given) => {
                let chosen = |wanted: bool| matches!(given, Answer::TrueFalse { value } if *value == wanted);
                asked.options = [("true", true), ("false", false)]
                    .map(|(value, wanted)| Choice {
                        value: value.to_owned(),
                        text: String::new(),
                        chosen: chosen(wanted),
                        mark: "",
                    })
                    .into();
            }
            (PublicKind::Short | PublicKind::Numeric, Answer::Text { text } | Answer::Number { text }) => {
                asked.text.clone_from(text);
            }
            (PublicKind::Short | PublicKind::Numeric, _) => {}
            (PublicKind::Matching { lefts, rights }, given) => {
                for left in lefts {
                    let chosen = |id: &str| matches!(given, Answer::Matching { pairs } if pairs.get(&left.id).is_some_and(|r| r == id));
                    asked.sides.push(Left {
                        field: side_field(&asked.field, &left.id),
                        text: left.text.clone(),
                        rights: choices(rights, chosen),
                        mark: "",
                        right: String::new(),
                    });
                }
            }
        }
        asked
    }

    /// The question after it was answered: what is right, and what the author says to this answer.
    pub fn answered(item: &Item, field: impl Into<String>, given: &Answer) -> Self {
        let mut asked = Self::open(&item.public_view(), field, given);
        let key = item.right_answer();
        let mut words = String::new();
        match (&item.kind, &key) {
            (ItemKind::Single { .. }, Answer::Choice { option }) => mark(&mut asked.options, |id| id == option),
            (ItemKind::Multiple { .. }, Answer::Choices { options }) => {
                mark(&mut asked.options, |id| options.contains(id))
            }
            (ItemKind::TrueFalse { .. }, Answer::TrueFalse { value }) => {
                mark(&mut asked.options, |id| (id == "true") == *value);
            }
            (ItemKind::Matching { pairs, .. }, _) => {
                for (left, pair) in asked.sides.iter_mut().zip(pairs) {
                    let right = left.rights.iter().any(|choice| choice.chosen && choice.value == pair.right.id);
                    left.mark = if right { "right" } else { "wrong" };
                    left.right.clone_from(&pair.right.text);
                }
            }
            (_, Answer::Text { text } | Answer::Number { text }) => words.clone_from(text),
            _ => {}
        }
        let mark = grade(item, given);
        let verdict = if mark >= 1.0 {
            "right"
        } else if mark > 0.0 {
            "partly"
        } else {
            "wrong"
        };
        asked.result = Some(Outcome { verdict, feedback: feedback(item, given), key: words });
        asked
    }
}

impl Answer {
    /// The answer that a form sent: `all` gives the values of a field by its name. What does not fit the question is no
    /// answer, so a forged form is worth nothing.
    pub fn from_form(item: &PublicItem, field: &str, all: impl Fn(&str) -> Vec<String>) -> Self {
        let first = || all(field).into_iter().next().unwrap_or_default();
        let known = |options: &[PublicOption], id: &str| options.iter().any(|option| option.id == id);
        let typed = || first().trim().chars().take(LONGEST_TEXT).collect::<String>();
        let answer = match &item.kind {
            PublicKind::Single { options } => Self::Choice { option: first() }.only_if(|| known(options, &first())),
            PublicKind::Multiple { options } => {
                Self::Choices { options: all(field).into_iter().filter(|id| known(options, id)).collect() }
            }
            PublicKind::TrueFalse => match first().as_str() {
                "true" => Self::TrueFalse { value: true },
                "false" => Self::TrueFalse { value: false },
                _ => Self::Empty,
            },
            PublicKind::Short => Self::Text { text: typed() },
            PublicKind::Numeric => Self::Number { text: typed() },
            PublicKind::Matching { lefts, rights } => {
                let mut pairs = BTreeMap::new();
                for left in lefts {
                    let given = all(&side_field(field, &left.id)).into_iter().next().unwrap_or_default();
                    if known(rights, &given) {
                        pairs.insert(left.id.clone(), given);
                    }
                }
                Self::Matching { pairs }
            }
        };
        let given = answer.is_given();
        answer.only_if(|| given)
    }

    fn only_if(self, holds: impl FnOnce() -> bool) -> Self {
        if holds() { self } else { Self::Empty }
    }
}

fn kind(kind: &PublicKind) -> &'static str {
    match kind {
        PublicKind::Single { .. } => "single",
        PublicKind::Multiple { .. } => "multiple",
        PublicKind::TrueFalse => "true_false",
        PublicKind::Short => "short",
        PublicKind::Numeric => "numeric",
        PublicKind::Matching { .. } => "matching",
    }
}

fn side_field(field: &str, left: &str) -> String {
    format!("{field}-{left}")
}

fn choices(options: &[PublicOption], chosen: impl Fn(&str) -> bool) -> Vec<Choice> {
    let choice = |option: &PublicOption| Choice {
        value: option.id.clone(),
        text: option.text.clone(),
        chosen: chosen(&option.id),
        mark: "",
    };
    options.iter().map(choice).collect()
}

/// Marks the right options, and the chosen ones that are not.
fn mark(options: &mut [Choice], right: impl Fn(&str) -> bool) {
    for option in options {
        option.mark = match (right(&option.value), option.chosen) {
            (true, _) => "right",
            (false, true) => "wrong",
            (false, false) => "",
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questions::gift;

    fn items() -> Vec<Item> {
        let text = "// id: q-one\nMột? {=đúng#Phải rồi. ~sai#Chưa phải.}\n\n// id: q-two\nGhép {=1.0 -> 2015 =2.0 -> 2019 = -> 2030}\n\n\
                    // id: q-three\nNhiều? {~%50%a ~%50%b ~%-100%c}\n\n// id: q-four\nSố? {#100:5}\n\n// id: q-five\nĐúng? {T}\n";
        let read = gift::parse("bank.gift", text, gift::Home::Bank { topic: "t" });
        assert!(read.faults.iter().all(|fault| !fault.is_error()), "{:?}", read.faults);
        read.questions.into_iter().map(|parsed| parsed.item).collect()
    }

    #[test]
    fn nothing_of_the_key_is_shown_before_the_answer() {
        for item in items() {
            let shown = serde_json::to_string(&Asked::open(&item.public_view(), "answer", &Answer::Empty)).unwrap();
            assert!(!shown.contains("Phải rồi") && !shown.contains("\"mark\":\"right\""), "{shown}");
        }
    }

    #[test]
    fn a_form_gives_back_what_it_showed() {
        for item in items() {
            let (view, key) = (item.public_view(), item.right_answer());
            let shown = Asked::open(&view, "answer", &key);
            let sent = |name: &str| -> Vec<String> {
                let chosen = shown.options.iter().filter(|o| o.chosen).map(|o| o.value.clone());
                let sides = shown.sides.iter().filter(|s| s.field == name);
                let rights = sides.flat_map(|s| s.rights.iter().filter(|r| r.chosen).map(|r| r.value.clone()));
                let typed = Some(shown.text.clone()).filter(|t| !t.is_empty());
                if name == "answer" { chosen.chain(typed).collect() } else { rights.collect() }
            };
            assert_eq!(Answer::from_form(&view, "answer", sent), key, "{}", item.id);
            let after = Asked::answered(&item, "answer", &key);
            assert_eq!(after.result.unwrap().verdict, "right", "{}", item.id);
        }
    }

    #[test]
    fn a_forged_option_is_no_answer() {
        let items = items();
        let forged = Answer::from_form(&items[0].public_view(), "answer", |_| vec!["khong-co".to_owned()]);
        assert_eq!(forged, Answer::Empty);
        assert_eq!(Asked::answered(&items[0], "answer", &forged).result.unwrap().verdict, "wrong");
    }
}
