//! Whether the stages of people in programmes agree with their last step, and the numbers and places of cohorts with the stages.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::{
    platform::{
        db::{
            DbConn,
            schema::{programme_cohorts, programme_counts, programme_events, programme_members},
        },
        error::Result,
    },
    programmes::model::programme::{CohortId, MemberId, Stage, Turned},
};

pub fn verify(c: &mut DbConn) -> Result<Vec<String>> {
    let members: Vec<(MemberId, CohortId, Stage, bool)> = programme_members::table
        .order(programme_members::id.asc())
        .select((
            programme_members::id,
            programme_members::cohort_id,
            programme_members::stage,
            programme_members::needs_review,
        ))
        .load(c)?;
    let events: Vec<(MemberId, Turned)> = programme_events::table
        .order(programme_events::id.asc())
        .select((programme_events::member_id, programme_events::kind))
        .load(c)?;
    let (mut stages, mut doubts) = (HashMap::new(), HashMap::new());
    for (member, kind) in events {
        match kind.stage() {
            Some(stage) => {
                stages.insert(member, stage);
            }
            None => {
                doubts.insert(member, kind == Turned::Doubted);
            }
        }
    }
    let mut found = Vec::new();
    let mut counted: BTreeMap<(CohortId, Stage), i64> = BTreeMap::new();
    let mut held: BTreeMap<CohortId, i64> = BTreeMap::new();
    // The numbers are recomputed from the events, not from the stages that derive from them too.
    for (member, cohort, stage, needs_review) in members {
        let Some(should) = stages.get(&member).copied() else {
            found.push(format!("member {member} of cohort {cohort} has a stage and no step"));
            continue;
        };
        if should != stage {
            found.push(format!("member {member}: the stage is {stage}, the last step says {should}"));
        }
        if doubts.get(&member).copied().unwrap_or(false) != needs_review {
            found.push(format!("member {member}: the mark to look at it again does not agree with the last step"));
        }
        *counted.entry((cohort, should)).or_default() += 1;
        *held.entry(cohort).or_default() += i64::from(should.holds_place());
    }
    let kept: Vec<(CohortId, Stage, i64)> = programme_counts::table
        .order((programme_counts::cohort_id.asc(), programme_counts::stage.asc()))
        .select((programme_counts::cohort_id, programme_counts::stage, programme_counts::people))
        .load(c)?;
    for (cohort, stage, people) in kept {
        let should = counted.remove(&(cohort, stage)).unwrap_or(0);
        if should != people {
            found.push(format!("cohort {cohort}: {people} people are kept as {stage}, the steps say {should}"));
        }
    }
    for ((cohort, stage), people) in counted {
        found.push(format!("cohort {cohort}: no number is kept for {stage}, the steps say {people}"));
    }
    let places: Vec<(CohortId, i64)> = programme_cohorts::table
        .order(programme_cohorts::id.asc())
        .select((programme_cohorts::id, programme_cohorts::held))
        .load(c)?;
    for (cohort, kept) in places {
        let should = held.get(&cohort).copied().unwrap_or(0);
        if should != kept {
            found.push(format!("cohort {cohort}: {kept} places are kept as taken, the steps say {should}"));
        }
    }
    Ok(found)
}
