//! Sealed figures, and the file they are handed out as.
//!
//! A seal is one JSON object, written in one way only: no spaces, the names of every object in the order of their bytes, texts
//! escaped as little as JSON allows, whole numbers. The file is that text and nothing else, so that two people who
//! hold the same seal hold the same bytes. `hash` is the SHA-256, in hexadecimal, of the same text without the member
//! `hash`; `previous` is the hash of the seal that was signed before (64 zeros for the first), whatever its target was.
//!
//! No name is in it. A person is a commitment: the SHA-256 of `salt:id`, where `id` is the person's internal number and `salt` 32
//! hexadecimal digits, drawn anew for each person and seal and kept outside the seal. Whoever is given the salt can prove
//! who was meant; when the salts of a person are deleted nobody can, and the seal stays whole.
//!
//! What can be checked without a database: that the text is written in that one way, that the hash is right, and that the
//! figures are the sums of the people and turns listed. [`Seal::read`] does all three; `nongcot verify --seal FILE` is how it
//! is asked for.

use std::{collections::BTreeMap, fmt};

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Days, Figures, Metric, Split, TargetId};
use crate::{
    access::{Category, PersonId},
    platform::{
        db::{Moment, schema::seals},
        error::{Error, Result},
        text::hex,
    },
};

crate::id_type!(
    /// Sealed figures, or figures prepared to be sealed.
    SealId
);

crate::text_enum!(SealState {
    /// A job computes what is to be signed.
    Preparing = "preparing",
    /// Waits for a second person.
    Prepared = "prepared",
    /// It is a seal, with a number and a hash, and stays as it is.
    Signed = "signed",
    /// Was taken back before anybody signed it.
    Withdrawn = "withdrawn",
});

/// The name and version of the format.
pub const FORMAT: &str = "nongcot-seal/1";

/// What stands in `previous` of the first seal.
pub const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What is sealed, before anybody signed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub target: SealedTarget,
    /// The part of the target's period that is sealed.
    pub period: Days,
    /// Only what was recorded up to this moment is in the figures.
    pub known_at: Moment,
    pub figures: Split,
    /// By unit as recorded, in the order of codes.
    pub units: Vec<SealedUnit>,
    /// In the order of commitments.
    pub people: Vec<SealedPerson>,
    /// Where the target is a share of agencies.
    pub agencies: Option<SealedAgencies>,
    pub prepared: Act,
}

/// The definition as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedTarget {
    pub code: String,
    pub title_vi: String,
    pub title_en: String,
    pub basis_vi: String,
    pub metric: Metric,
    pub required: i64,
    pub period: Days,
    /// The codes of the courses that count.
    pub courses: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedUnit {
    pub code: String,
    pub name: String,
    pub figures: Split,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedPerson {
    /// The commitment.
    pub person: String,
    /// The event by which the person is counted, if that lies in the sealed part.
    pub counted_by: Option<i64>,
    pub turns: Vec<SealedTurn>,
}

/// A completion that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedTurn {
    pub event: i64,
    pub course: String,
    pub organiser: String,
    pub unit: String,
    pub category: Category,
    pub day: NaiveDate,
}

/// The share of agencies: which there were on a day, and which of them organised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedAgencies {
    pub on: NaiveDate,
    pub all: Vec<String>,
    pub organised: Vec<String>,
}

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    pub at: Moment,
    pub person: String,
}

/// A seal as it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// From 1, over all targets, without gaps.
    pub number: i64,
    pub content: Content,
    pub signed: Act,
    pub previous: String,
    pub hash: String,
}

/// Its members, side by side: of a nation, reading them by way of anything in between takes many times their room.
#[derive(Deserialize)]
struct Members {
    number: i64,
    target: SealedTarget,
    period: Days,
    known_at: Moment,
    figures: Split,
    units: Vec<SealedUnit>,
    people: Vec<SealedPerson>,
    agencies: Option<SealedAgencies>,
    prepared: Act,
    signed: Act,
    previous: String,
    hash: String,
}

impl From<Members> for Seal {
    fn from(members: Members) -> Self {
        let Members { number, target, period, known_at, figures, units, people, agencies, .. } = members;
        let Members { prepared, signed, previous, hash, .. } = members;
        let content = Content { target, period, known_at, figures, units, people, agencies, prepared };
        Self { number, content, signed, previous, hash }
    }
}

/// What says how to read the rest.
#[derive(Deserialize)]
struct Format {
    #[serde(default)]
    format: String,
}

/// A row, without its long text.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = seals)]
pub struct SealRow {
    pub id: SealId,
    pub target_id: TargetId,
    pub period_from: NaiveDate,
    pub period_to: NaiveDate,
    pub known_at: Moment,
    pub state: SealState,
    pub people: i64,
    pub turns: i64,
    pub prepared_at: Moment,
    pub prepared_by: PersonId,
    pub decided_at: Option<Moment>,
    pub decided_by: Option<PersonId>,
    pub number: Option<i64>,
    pub hash: Option<String>,
}

/// What is wrong with a seal's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Not JSON, or not the members of a seal; what the reader said.
    Unreadable(String),
    /// Another format or version.
    Format(String),
    /// The same content, but not the same bytes.
    Written,
    Hash {
        stated: String,
        computed: String,
    },
    /// A figure is not the sum of what is listed.
    Sum(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(why) => write!(f, "it cannot be read as a seal: {why}"),
            Self::Format(format) => write!(f, "its format is {format:?}, not {FORMAT:?}"),
            Self::Written => {
                f.write_str("its text is not written as seals are: something was added, moved or reformatted")
            }
            Self::Hash { stated, computed } => write!(f, "it states the hash {stated}, its content has {computed}"),
            Self::Sum(what) => write!(f, "{what} is not the sum of the people and turns listed"),
        }
    }
}

impl Seal {
    /// Signs what was prepared, on top of the seal before.
    pub fn sign(content: Content, number: i64, signed: Act, previous: &str) -> Result<Self> {
        let mut seal = Self { number, content, signed, previous: previous.to_owned(), hash: String::new() };
        seal.hash = seal.computed_hash()?;
        Ok(seal)
    }

    /// The text of its file.
    pub fn text(&self) -> Result<String> {
        let mut members = self.members()?;
        members.insert("hash".to_owned(), Value::from(self.hash.as_str()));
        written(&members, &self.content.people)
    }

    fn computed_hash(&self) -> Result<String> {
        Ok(sha256(written(&self.members()?, &self.content.people)?.as_bytes()))
    }

    /// All but the people and the hash.
    fn members(&self) -> Result<BTreeMap<String, Value>> {
        let mut members = self.content.members()?;
        members.insert("format".to_owned(), Value::from(FORMAT));
        members.insert("number".to_owned(), Value::from(self.number));
        members.insert("signed".to_owned(), serde_json::to_value(&self.signed)?);
        members.insert("previous".to_owned(), Value::from(self.previous.as_str()));
        Ok(members)
    }

    /// Reads and checks a file, all that can be checked of it alone.
    pub fn read(text: &str) -> std::result::Result<Self, Fault> {
        let unreadable = |e: &dyn fmt::Display| Fault::Unreadable(e.to_string());
        let Format { format } = serde_json::from_str(text).map_err(|e| unreadable(&e))?;
        if format != FORMAT {
            return Err(Fault::Format(format));
        }
        let seal = Self::members_of(text).map_err(|e| unreadable(&e))?;
        let computed = seal.computed_hash().map_err(|e| unreadable(&e))?;
        if seal.hash != computed {
            return Err(Fault::Hash { stated: seal.hash, computed });
        }
        // What serde passes over, such as a member twice or one of no meaning, shows here.
        if seal.text().map_err(|e| unreadable(&e))? != text {
            return Err(Fault::Written);
        }
        seal.content.check_sums()?;
        Ok(seal)
    }

    /// What this database signed itself, not checked anew: that is what `verify` is for.
    pub fn members_of(text: &str) -> serde_json::Result<Self> {
        Ok(serde_json::from_str::<Members>(text)?.into())
    }
}

impl Content {
    pub fn text(&self) -> Result<String> {
        written(&self.members()?, &self.people)
    }

    /// All but the people.
    fn members(&self) -> Result<BTreeMap<String, Value>> {
        let Self { target, period, known_at, figures, units, people: _, agencies, prepared } = self;
        let members = [
            ("target", serde_json::to_value(target)?),
            ("period", serde_json::to_value(period)?),
            ("known_at", serde_json::to_value(known_at)?),
            ("figures", serde_json::to_value(figures)?),
            ("units", serde_json::to_value(units)?),
            ("agencies", serde_json::to_value(agencies)?),
            ("prepared", serde_json::to_value(prepared)?),
        ];
        Ok(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// Fills in the figures from the people and turns listed; names are asked for each code.
    pub fn sum_up(&mut self, name: impl Fn(&str) -> String) {
        let (figures, units) = self.sums();
        self.figures = figures;
        self.units = units.into_iter().map(|(code, figures)| SealedUnit { name: name(&code), code, figures }).collect();
    }

    /// What the people and turns listed add up to: in all, and by unit as recorded.
    fn sums(&self) -> (Split, BTreeMap<String, Split>) {
        let (mut all, mut units) = (Split::default(), BTreeMap::<String, Split>::new());
        for person in &self.people {
            for turn in &person.turns {
                let people = i64::from(person.counted_by == Some(turn.event));
                let figures = Figures { turns: 1, people };
                all.add(turn.category, figures);
                units.entry(turn.unit.clone()).or_default().add(turn.category, figures);
            }
        }
        (all, units)
    }

    fn check_sums(&self) -> std::result::Result<(), Fault> {
        let (all, units) = self.sums();
        if all != self.figures {
            return Err(Fault::Sum("the total".to_owned()));
        }
        let stated: BTreeMap<String, Split> = self.units.iter().map(|u| (u.code.clone(), u.figures)).collect();
        if stated != units || stated.len() != self.units.len() {
            return Err(Fault::Sum("the figure of a unit".to_owned()));
        }
        let mut known = std::collections::BTreeSet::new();
        for person in &self.people {
            let listed = person.counted_by.is_none_or(|event| person.turns.iter().any(|t| t.event == event));
            let inside = person.turns.iter().all(|turn| self.period.contains(turn.day));
            let once = person.turns.iter().all(|turn| known.insert(turn.event));
            if !(listed && inside && once) || person.turns.is_empty() {
                return Err(Fault::Sum(format!("what is listed for {}", person.person)));
            }
        }
        match &self.agencies {
            Some(agencies) if !agencies.organised.iter().all(|code| agencies.all.contains(code)) => {
                Err(Fault::Sum("the number of agencies that organised".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

/// Stands for a person in a seal.
pub fn commitment(salt: &str, person: PersonId) -> String {
    sha256(format!("{salt}:{person}").as_bytes())
}

/// 128 random bits, in hexadecimal.
pub fn salt() -> Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(hex(&bytes))
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// An object of these members and the people, who are written one by one: as a value, those of a nation take ten times the room of
/// their text.
fn written(members: &BTreeMap<String, Value>, people: &[SealedPerson]) -> Result<String> {
    const PEOPLE: &str = "people";
    let mut names: Vec<&str> = members.keys().map(String::as_str).chain([PEOPLE]).collect();
    names.sort_unstable();
    let mut out = String::new();
    for (index, name) in names.into_iter().enumerate() {
        out.push(if index == 0 { '{' } else { ',' });
        out.push_str(&Value::from(name).to_string());
        out.push(':');
        match members.get(name) {
            Some(value) => write_canonical(value, &mut out),
            None => {
                for (index, person) in people.iter().enumerate() {
                    out.push(if index == 0 { '[' } else { ',' });
                    write_canonical(&serde_json::to_value(person)?, &mut out);
                }
                out.push_str(if people.is_empty() { "[]" } else { "]" });
            }
        }
    }
    out.push('}');
    Ok(out)
}

/// The one way in which a value is written. Own code, since the order of members must not hang on a feature of a library.
fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let sorted: BTreeMap<&String, &Value> = members.iter().collect();
            for (index, (name, value)) in sorted.into_iter().enumerate() {
                out.push(if index == 0 { '{' } else { ',' });
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write_canonical(value, out);
            }
            out.push_str(if members.is_empty() { "{}" } else { "}" });
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                out.push(if index == 0 { '[' } else { ',' });
                write_canonical(item, out);
            }
            out.push_str(if items.is_empty() { "[]" } else { "]" });
        }
        plain => out.push_str(&plain.to_string()),
    }
}

#[cfg(test)]
mod tests;
