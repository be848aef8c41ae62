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
    options: Option<Vec<String>>,
    lefts: Option<Vec<String>>,
    rights: Option<Vec<String>>,
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

impl TryFrom<Flat> for Question {
    type Error = &'static str;

    fn try_from(flat: Flat) -> Result<Self, Self::Error> {
        let missing = "a question without what it offers";
        let shape = match flat.kind {
            Kind::Single => Shape::Single { options: flat.options.ok_or(missing)? },
            Kind::Multiple => Shape::Multiple { options: flat.options.ok_or(missing)? },
            Kind::TrueFalse => Shape::TrueFalse,
            Kind::Short => Shape::Short,
            Kind::Numeric => Shape::Numeric,
            Kind::Matching => {
                Shape::Matching { lefts: flat.lefts.ok_or(missing)?, rights: flat.rights.ok_or(missing)? }
            }
        };
        Ok(Self { item: flat.item, points: flat.points, shape })
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
        let mut questions = None;
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if name == "questions" {
                questions = Some(map.next_value_seed(InQuestions(self.0))?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        questions.ok_or_else(|| serde::de::Error::missing_field("questions"))
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
