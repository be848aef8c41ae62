//! Finding units by what is typed: without marks, in any order of words.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    super::model::{Unit, UnitId},
    unit_on,
};
use crate::platform::{
    db::{
        DbConn,
        schema::{unit_placements, units},
    },
    error::Result,
    i18n::Locale,
    text,
};

/// How many hits are read to be ranked.
const CANDIDATES: i64 = 200;
/// What is typed beyond this is left out: no name has so many words.
const WORDS: usize = 12;

/// Units in whose code or names every word occurs, the best first, at most `limit`, and whether there are more. With `on`,
/// only those valid on that day.
pub fn search(c: &mut DbConn, typed: &str, on: Option<NaiveDate>, limit: usize) -> Result<(Vec<Unit>, bool)> {
    find(c, typed, on, None, limit)
}

fn find(
    c: &mut DbConn,
    typed: &str,
    on: Option<NaiveDate>,
    within: Option<&[UnitId]>,
    limit: usize,
) -> Result<(Vec<Unit>, bool)> {
    let words = text::fold(typed);
    let mut query = units::table.select(Unit::as_select()).into_boxed();
    if let Some(day) = on {
        query = query.filter(unit_on(day));
    }
    match within {
        Some(ids) => query = query.filter(units::id.eq_any(ids.to_vec())),
        // Nothing typed and nothing to choose within: the units at the top, not the country.
        None if words.is_empty() => {
            query = query.filter(diesel::dsl::not(diesel::dsl::exists(
                unit_placements::table.filter(unit_placements::unit_id.eq(units::id)),
            )));
        }
        None => {}
    }
    for word in words.split(' ').filter(|word| !word.is_empty()).take(WORDS) {
        let word = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        query = query.filter(units::folded.like(format!("%{word}%")).escape('\\'));
    }
    let candidates = CANDIDATES.max(i64::try_from(limit).unwrap_or(CANDIDATES)) + 1;
    let mut found: Vec<Unit> = query.order((units::sort_key.asc(), units::id.asc())).limit(candidates).load(c)?;
    if !words.is_empty() {
        found.sort_by_cached_key(|unit| (rank(unit, typed, &words), unit.kind));
    }
    let more = found.len() > limit;
    found.truncate(limit);
    Ok((found, more))
}

/// Lower is better: the code itself, then the words as typed with their marks, then the words in their order, then the rest.
fn rank(unit: &Unit, typed: &str, words: &str) -> u8 {
    let typed = text::tidy(typed).to_lowercase();
    let names = [unit.name_vi.to_lowercase(), unit.name_en.to_lowercase()];
    let bare = [text::fold(&unit.name_vi), text::fold(&unit.name_en)];
    if text::fold(&unit.code) == words {
        0
    } else if names.iter().any(|name| name.ends_with(&typed)) {
        1
    } else if names.iter().any(|name| name.contains(&typed)) {
        2
    } else if bare.iter().any(|name| name.contains(words)) {
        3
    } else {
        4
    }
}

/// One choice of a select box: the code and the name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

/// The choices of a select box. When there are more, the form asks for more words to narrow them.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Options {
    pub choices: Vec<Choice>,
    pub more: bool,
}

/// At most `limit` units valid on a day that match what was typed, for a select box. `within` are the units a person may
/// choose from (see [`super::subtree_ids`]); `None` is the whole country. With nothing typed: the units of `within`, or
/// those at the top.
pub fn options(
    c: &mut DbConn,
    typed: &str,
    on: NaiveDate,
    within: Option<&[UnitId]>,
    locale: Locale,
    limit: usize,
) -> Result<Options> {
    let (found, more) = find(c, typed, Some(on), within, limit)?;
    let choices =
        found.into_iter().map(|unit| Choice { label: unit.name(locale).to_owned(), value: unit.code }).collect();
    Ok(Options { choices, more })
}
