//! How a paper that was kept as JSON is read. What a person waits for at each answer reads no more of it than it must.

use std::borrow::Cow;

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{Question, Shape};

/// A question as it is read: everything side by side. To find the shape first, serde would have to put aside all that stands before its name, which
/// took a twelfth of the time in which an answer is saved.
#[derive(Deserialize)]
pub struct Flat {
    item: String,
    points: u32,
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    options: Vec<String>,
    #[serde(default)]
    lefts: Vec<String>,
    #[serde(default)]
    rights: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Single,
    Multiple,
    TrueFalse,
    Short,
    Numeric,
    Matching,
}

impl From<Flat> for Question {
    fn from(kept: Flat) -> Self {
        let shape = match kept.kind {
            Kind::Single => Shape::Single { options: kept.options },
            Kind::Multiple => Shape::Multiple { options: kept.options },
            Kind::TrueFalse => Shape::TrueFalse,
            Kind::Short => Shape::Short,
            Kind::Numeric => Shape::Numeric,
            Kind::Matching => Shape::Matching { lefts: kept.lefts, rights: kept.rights },
        };
        Self { item: kept.item, points: kept.points, shape }
    }
}

/// One question of a kept paper by its position, counted from 1; the others are passed over, not read. A save asks for one, and reading them all
/// took a sixteenth of its time.
pub fn question_in(paper: &str, position: i32) -> serde_json::Result<Option<Question>> {
    let Some(at) = usize::try_from(position).ok().and_then(|position| position.checked_sub(1)) else { return Ok(None) };
    let mut text = serde_json::Deserializer::from_str(paper);
    let found = text.deserialize_map(InPaper(at))?;
    text.end()?;
    Ok(found)
}

/// Looks into a paper for the question that has so many before it.
struct InPaper(usize);

impl<'de> Visitor<'de> for InPaper {
    type Value = Option<Question>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a paper")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if name == "questions" {
                found = map.next_value_seed(InQuestions(self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// The same inside its list.
struct InQuestions(usize);

impl<'de> DeserializeSeed<'de> for InQuestions {
    type Value = Option<Question>;

    fn deserialize<D: Deserializer<'de>>(self, list: D) -> Result<Self::Value, D::Error> {
        list.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for InQuestions {
    type Value = Option<Question>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("questions")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        for _ in 0..self.0 {
            if list.next_element::<IgnoredAny>()?.is_none() {
                return Ok(None);
            }
        }
        let found = list.next_element()?;
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(found)
    }
}
