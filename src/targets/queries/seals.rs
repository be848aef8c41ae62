//! Seals: what there are, and computing what is to be sealed. What was recorded since is told in [`adjustments`], whether they
//! still hold in [`verify`].

mod adjustments;
mod verify;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;

pub use self::{
    adjustments::{
        Adjustment, Adjustments, AgencyChanges, AgencyFigures, Cause, adjustments, between, turns_in, turns_known,
    },
    verify::verify_seals,
};
use super::{
    agencies::agencies_known,
    by_id, course_codes, course_ids,
    facts::{facts_of_people, last_person},
};
use crate::{
    access::{PersonId, UnitId},
    organisations::queries::by_ids,
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment,
            schema::{courses, seals, target_events, targets},
        },
        error::{Error, FieldErrors, Result},
    },
    targets::model::{
        Days, Fact, Metric, Rule, Tally, Target, TargetId, Verdict,
        seal::{
            Act, Content, FIRST, SealId, SealRow, SealState, SealedAgencies, SealedPerson, SealedTarget, SealedTurn,
            commitment, salt,
        },
    },
};

/// How many people's events are looked at together.
pub(super) const PEOPLE: i64 = 2000;

/// What is to be sealed, with the salts that open its commitments.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub target: TargetId,
    pub content: Content,
    /// Commitment, salt, person.
    pub salts: Vec<(String, String, PersonId)>,
}

/// All seals of a target and what waits to be one, the latest first; without what was withdrawn.
pub fn seals(c: &mut DbConn, target: TargetId) -> Result<Vec<SealRow>> {
    Ok(seals::table
        .filter(seals::target_id.eq(target.0).and(seals::state.ne(SealState::Withdrawn)))
        .order(seals::id.desc())
        .select(SealRow::as_select())
        .load(c)?)
}

/// The latest signed seals of all targets, with the codes of these.
pub fn latest_seals(c: &mut DbConn, limit: i64) -> Result<Vec<(SealRow, Target)>> {
    Ok(seals::table
        .inner_join(targets::table)
        .filter(seals::state.eq(SealState::Signed))
        .order(seals::number.desc())
        .limit(limit)
        .select((SealRow::as_select(), Target::as_select()))
        .load(c)?)
}

pub fn seal(c: &mut DbConn, id: SealId) -> Result<SealRow> {
    Ok(seals::table.find(id.0).select(SealRow::as_select()).first(c)?)
}

/// A signed seal with its number and the code of its target.
#[derive(Debug, Clone)]
pub struct SignedSeal {
    pub number: i64,
    pub target: String,
    pub row: SealRow,
}

/// Signed seals in the order of their numbers, from after one of them; of one target, or of all.
pub fn signed_seals(c: &mut DbConn, target: Option<&str>, after: i64, limit: i64) -> Result<Vec<SignedSeal>> {
    let mut query = seals::table
        .inner_join(targets::table)
        .filter(seals::number.gt(after))
        .select((SealRow::as_select(), targets::code))
        .into_boxed();
    if let Some(code) = target {
        query = query.filter(targets::code.eq(code.to_owned()));
    }
    let rows: Vec<(SealRow, String)> = query.order(seals::number.asc()).limit(limit).load(c)?;
    let signed = |(row, target): (SealRow, String)| Some(SignedSeal { number: row.number?, target, row });
    Ok(rows.into_iter().filter_map(signed).collect())
}

/// The signed seal of a number.
pub fn signed_seal(c: &mut DbConn, number: i64) -> Result<SignedSeal> {
    let found = signed_seals(c, None, number - 1, 1)?.into_iter().find(|seal| seal.number == number);
    found.ok_or(Error::NotFound)
}

/// Whether a target was changed by a document after a moment.
pub fn changed_since(c: &mut DbConn, target: TargetId, moment: Moment) -> Result<bool> {
    let later =
        target_events::table.filter(target_events::target_id.eq(target.0).and(target_events::recorded_at.gt(moment)));
    Ok(diesel::select(diesel::dsl::exists(later)).get_result(c)?)
}

/// The text of a seal, byte for byte as it was signed; of what still waits, what is to be signed.
pub fn seal_text(c: &mut DbConn, id: SealId) -> Result<String> {
    Ok(seals::table.find(id.0).select(seals::body).first(c)?)
}

/// The same, read.
pub fn seal_content(c: &mut DbConn, id: SealId) -> Result<Content> {
    Ok(serde_json::from_str(&seal_text(c, id)?)?)
}

/// The end of the chain: the last number and its hash.
pub fn chain_end(c: &mut DbConn) -> Result<(i64, String)> {
    let end: Option<(Option<i64>, Option<String>)> = seals::table
        .filter(seals::number.is_not_null())
        .order(seals::number.desc())
        .select((seals::number, seals::hash))
        .first(c)
        .optional()?;
    Ok(match end {
        Some((Some(number), Some(hash))) => (number, hash),
        _ => (0, FIRST.to_owned()),
    })
}

/// Computes the figures of a part of a target's period as they were known at a moment, from the events alone.
pub fn prepare(c: &mut DbConn, target: TargetId, days: Days, known_at: Moment, now: Moment) -> Result<Prepared> {
    let target = by_id(c, target)?;
    check_part(&target, days, known_at, now)?;
    let listed = course_ids(c, target.id)?;
    let (tally, counted) = known(c, &target, &listed, known_at)?;
    let codes: HashMap<i64, String> = courses::table
        .filter(courses::id.eq_any(listed))
        .select((courses::id, courses::code))
        .load(c)?
        .into_iter()
        .collect();
    let ids: BTreeSet<UnitId> = counted.values().flat_map(|fact| [fact.unit, fact.organiser]).collect();
    let units = by_ids(c, &ids.into_iter().collect::<Vec<_>>())?;
    let code = |unit: UnitId| units.get(&unit).map_or_else(|| unit.to_string(), |u| u.code.clone());
    let mut turns: BTreeMap<PersonId, Vec<SealedTurn>> = BTreeMap::new();
    for (event, (person, (unit, category, day))) in tally.turns.iter().filter(|(_, (_, cell))| days.contains(cell.2)) {
        let fact = counted.get(event).ok_or_else(|| Error::internal("a turn without its event"))?;
        turns.entry(*person).or_default().push(SealedTurn {
            event: *event,
            course: codes.get(&fact.course).cloned().unwrap_or_default(),
            organiser: code(fact.organiser),
            unit: code(*unit),
            category: *category,
            day: *day,
        });
    }
    let mut salts = Vec::with_capacity(turns.len());
    let mut people = Vec::with_capacity(turns.len());
    for (person, turns) in turns {
        let salt = salt()?;
        let hidden = commitment(&salt, person);
        let counted_by = tally.people.get(&person).filter(|(_, cell)| days.contains(cell.2)).map(|(event, _)| *event);
        people.push(SealedPerson { person: hidden.clone(), counted_by, turns });
        salts.push((hidden, salt, person));
    }
    // The order of ids would tell something about who it is.
    people.sort_by(|a, b| a.person.cmp(&b.person));
    let mut content = Content {
        target: definition(c, &target)?,
        period: days,
        known_at,
        figures: Default::default(),
        units: Vec::new(),
        people,
        agencies: sealed_agencies(c, &target, days, known_at, counted.values())?,
        prepared: Act { at: now, person: String::new() },
    };
    let names: HashMap<&str, &str> = units.values().map(|u| (u.code.as_str(), u.name_vi.as_str())).collect();
    content.sum_up(|code| names.get(code).copied().unwrap_or(code).to_owned());
    Ok(Prepared { target: target.id, content, salts })
}

/// Whole days of the period that were over when the figures were known.
pub fn check_part(target: &Target, days: Days, known_at: Moment, now: Moment) -> Result<()> {
    let period = target.period();
    let mut faults = FieldErrors::default();
    if days.to < days.from {
        faults.add("to", "targets-fault-period");
    } else if !period.contains(days.from) || !period.contains(days.to) {
        faults.add(if period.contains(days.from) { "to" } else { "from" }, "targets-seal-outside-period");
    } else if days.end() > known_at {
        faults.add("to", "targets-seal-not-over");
    }
    if known_at > now {
        faults.add("known_at", "targets-seal-future");
    }
    faults.or(())
}

fn definition(c: &mut DbConn, target: &Target) -> Result<SealedTarget> {
    Ok(SealedTarget {
        code: target.code.clone(),
        title_vi: target.title_vi.clone(),
        title_en: target.title_en.clone(),
        basis_vi: target.basis_vi.clone(),
        metric: target.metric,
        required: target.required,
        period: target.period(),
        courses: course_codes(c, target.id)?,
    })
}

/// What counted at a moment, over the whole period of the target: where a person is counted hangs on all of it.
fn known(c: &mut DbConn, target: &Target, listed: &[i64], at: Moment) -> Result<(Tally, HashMap<i64, Fact>)> {
    let rule = Rule { courses: listed, period: target.period() };
    let (mut tally, mut counted) = (Tally::default(), HashMap::new());
    let (mut from, last) = (1, last_person(c)?);
    while from <= last {
        let to = from + PEOPLE - 1;
        let found = facts_of_people(c, listed, PersonId(from), PersonId(to))?;
        tally.absorb(Tally::of(rule, &found, Some(at)));
        let counts = found.into_iter().filter(|fact| rule.verdict(fact, Some(at)) == Verdict::Counted);
        counted.extend(counts.map(|fact| (fact.completion, fact)));
        from = to + 1;
    }
    Ok((tally, counted))
}

fn sealed_agencies<'a>(
    c: &mut DbConn,
    target: &Target,
    days: Days,
    known_at: Moment,
    counted: impl Iterator<Item = &'a Fact>,
) -> Result<Option<SealedAgencies>> {
    if target.metric != Metric::Agencies {
        return Ok(None);
    }
    let inside = counted.map(|fact| (fact.organiser, fact.day())).filter(|(_, day)| days.contains(*day));
    let found = agencies_known(c, target, days.to.min(local_day(known_at.0)), inside)?;
    let codes = |organised: bool| {
        let rows = found.rows.iter().filter(|row| !organised || row.turns > 0);
        let mut codes: Vec<String> = rows.map(|row| row.unit.code.clone()).collect();
        codes.sort();
        codes
    };
    Ok(Some(SealedAgencies { on: found.on, all: codes(false), organised: codes(true) }))
}
