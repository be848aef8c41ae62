//! Whether the seals still hold.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::{seal, seal_text};
use crate::{
    access::{PersonId, UnitId},
    platform::{
        db::{
            DbConn,
            schema::{seal_people, seals, units},
        },
        error::Result,
    },
    targets::{
        model::{
            Days, Fact, Figures,
            seal::{FIRST, Seal, SealId, SealRow, SealState, SealedTurn, commitment},
        },
        queries::{by_id, facts::facts},
    },
};

/// What is wrong with the seals, a sentence each: the text, hash and chain of every one, whether its row and its salts
/// belong to it, and whether the events it names still say the same.
pub fn verify_seals(c: &mut DbConn) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let numbers: Vec<(SealId, Option<i64>)> = seals::table
        .filter(seals::state.eq(SealState::Signed))
        .order(seals::number.asc())
        .select((seals::id, seals::number))
        .load(c)?;
    let (mut expected, mut previous) = (1, FIRST.to_owned());
    for (id, number) in numbers {
        let number = number.unwrap_or_default();
        let row = seal(c, id)?;
        if number != expected {
            found.push(format!("seal {number}: it follows seal {}", expected - 1));
        }
        expected = number + 1;
        match Seal::read(&seal_text(c, id)?) {
            Err(fault) => found.push(format!("seal {number}: {fault}")),
            Ok(seal) => {
                if seal.previous != previous {
                    found.push(format!("seal {number}: it does not follow the seal before it"));
                }
                compare_row(c, &row, &seal, &mut found)?;
                compare_people(c, id, &seal, &mut found)?;
                compare_events(c, &seal, &mut found)?;
            }
        }
        previous = row.hash.unwrap_or_default();
    }
    Ok(found)
}

fn compare_row(c: &mut DbConn, row: &SealRow, seal: &Seal, found: &mut Vec<String>) -> Result<()> {
    let target = by_id(c, row.target_id)?;
    let (part, known) = (Days { from: row.period_from, to: row.period_to }, &seal.content.known_at);
    let same = row.number == Some(seal.number)
        && row.hash.as_ref() == Some(&seal.hash)
        && seal.content.target.code == target.code
        && seal.content.period == part
        && *known == row.known_at
        && seal.content.figures.total == Figures { turns: row.turns, people: row.people }
        && Some(seal.signed.at) == row.decided_at;
    if !same {
        found.push(format!("seal {}: its row says something else than the seal", seal.number));
    }
    Ok(())
}

/// Who was forgotten has no salt any more; a salt that is there must open a commitment of the seal.
fn compare_people(c: &mut DbConn, id: SealId, seal: &Seal, found: &mut Vec<String>) -> Result<()> {
    let salts: Vec<(String, String, PersonId)> = seal_people::table
        .filter(seal_people::seal_id.eq(id.0))
        .select((seal_people::commitment, seal_people::salt, seal_people::person_id))
        .load(c)?;
    let people = seal.content.people.iter().map(|p| p.person.as_str());
    let listed: BTreeSet<&str> =
        people.chain([seal.content.prepared.person.as_str(), seal.signed.person.as_str()]).collect();
    for (hidden, salt, person) in &salts {
        if commitment(salt, *person) != *hidden || !listed.contains(hidden.as_str()) {
            found.push(format!("seal {}: the salt of person {person} opens nothing in it", seal.number));
        }
    }
    Ok(())
}

fn compare_events(c: &mut DbConn, seal: &Seal, found: &mut Vec<String>) -> Result<()> {
    let turns: Vec<&SealedTurn> = seal.content.people.iter().flat_map(|p| &p.turns).collect();
    for chunk in turns.chunks(1000) {
        let kept = facts(c, &chunk.iter().map(|turn| turn.event).collect::<Vec<_>>())?;
        let ids: BTreeSet<i64> = kept.iter().flat_map(|fact| [fact.unit.0, fact.organiser.0]).collect();
        let codes: HashMap<UnitId, String> = units::table
            .filter(units::id.eq_any(ids))
            .select((units::id, units::code))
            .load::<(UnitId, String)>(c)?
            .into_iter()
            .collect();
        let kept: HashMap<i64, Fact> = kept.into_iter().map(|fact| (fact.completion, fact)).collect();
        for turn in chunk {
            let same = kept.get(&turn.event).is_some_and(|fact| {
                codes.get(&fact.unit) == Some(&turn.unit)
                    && codes.get(&fact.organiser) == Some(&turn.organiser)
                    && fact.category == turn.category
                    && fact.day() == turn.day
            });
            if !same {
                found.push(format!("seal {}: event {} is gone or says something else now", seal.number, turn.event));
            }
        }
    }
    Ok(())
}
