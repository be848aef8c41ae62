//! Recognising people by a decision, and renewing it. A second click finds nobody left and changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::json;

use super::{
    experts::officers_of,
    members::{Step, hold_cohort, turn},
};
use crate::{
    access::{Actor, PersonId},
    audit::{self, Entry},
    notifications::actions::notify,
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment, note_file,
            schema::{programme_decisions, programme_members},
        },
        error::{Error, Result},
        files::{Stored, safe_download_name},
        i18n::Message,
        text,
    },
    programmes::model::programme::{
        CohortId, DecisionId, Deed, Member, MemberId, OWN_PROGRAMMES, Programme, Stage, Turned,
    },
};

/// A decision as a form gives it; the file is in the store already.
#[derive(Debug, Clone)]
pub struct NewDecision {
    pub number: String,
    pub dated: NaiveDate,
    pub signer: String,
    pub effective_from: NaiveDate,
    pub file: Option<(Stored, String)>,
}

/// What became of those who were chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Decided {
    pub done: usize,
    /// Were recognised already, or are not as far any more.
    pub skipped: usize,
    /// Whether the decision is new, and with it the file is kept.
    pub keeps_file: bool,
}

fn fits(member: &Member, deed: Deed, decision: Option<DecisionId>) -> bool {
    match deed {
        Deed::Recognise => member.stage == Stage::Fulfilled,
        Deed::Renew => {
            matches!(member.stage, Stage::Active | Stage::Lapsed)
                && (decision.is_none() || member.decision_id != decision)
        }
    }
}

/// Recognises those of the chosen who fulfil what the programme asks for, or renews those whose recognition is in effect or lapsed.
pub fn decide(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    programme: &Programme,
    deed: Deed,
    chosen: &[MemberId],
    new: &NewDecision,
) -> Result<Decided> {
    let ids: Vec<i64> = chosen.iter().map(|id| id.0).collect();
    let of_programme = programme_members::table
        .filter(programme_members::programme_id.eq(programme.id.0))
        .filter(programme_members::id.eq_any(ids));
    let cohorts: BTreeSet<CohortId> =
        of_programme.clone().select(programme_members::cohort_id).load(c)?.into_iter().collect();
    // In one order, so that two decisions do not wait for each other.
    for cohort in cohorts {
        hold_cohort(c, cohort)?;
    }
    let found: Vec<Member> = of_programme.order(programme_members::id.asc()).select(Member::as_select()).load(c)?;
    let known: Option<DecisionId> = programme_decisions::table
        .filter(programme_decisions::programme_id.eq(programme.id.0))
        .filter(programme_decisions::number.eq(&new.number).and(programme_decisions::dated.eq(new.dated)))
        .select(programme_decisions::id)
        .first(c)
        .optional()?;
    let all = found.len();
    let fit: Vec<Member> = found.into_iter().filter(|member| fits(member, deed, known)).collect();
    let mut decided = Decided { done: fit.len(), skipped: all - fit.len(), keeps_file: false };
    if fit.is_empty() {
        return Ok(decided);
    }
    if fit.iter().any(|member| by.person == Some(member.person_id)) {
        return Err(Error::refused("programme-refused-own"));
    }
    let decision = match known {
        Some(known) => known,
        None => {
            decided.keeps_file = true;
            keep(c, by, now, programme, new)?
        }
    };
    for member in &fit {
        grant(c, by, now, programme, deed, member, decision, new)?;
    }
    tell(c, now, programme, deed, &fit, new)?;
    Ok(decided)
}

fn keep(c: &mut DbConn, by: &Actor, now: Moment, programme: &Programme, new: &NewDecision) -> Result<DecisionId> {
    let file = match &new.file {
        None => None,
        Some((stored, name)) => {
            let name = safe_download_name(name, stored.media_type);
            Some(note_file(c, now, "decisions", stored, &name, by.person.map(|person| person.0))?)
        }
    };
    let id: DecisionId = diesel::insert_into(programme_decisions::table)
        .values((
            programme_decisions::programme_id.eq(programme.id.0),
            programme_decisions::number.eq(&new.number),
            programme_decisions::dated.eq(new.dated),
            programme_decisions::signer.eq(&new.signer),
            programme_decisions::effective_from.eq(new.effective_from),
            programme_decisions::file_id.eq(file),
            programme_decisions::made_at.eq(now),
            programme_decisions::made_by.eq(by.person.map(|person| person.0)),
        ))
        .returning(programme_decisions::id)
        .get_result(c)?;
    let after =
        json!({ "number": new.number, "dated": new.dated, "signer": new.signer, "effective_from": new.effective_from });
    audit::record(c, by, now, Entry::new("programme.decide", "programme_decisions", id).after(after))?;
    Ok(id)
}

#[expect(clippy::too_many_arguments, reason = "one step of one person needs all that the decision says")]
fn grant(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    programme: &Programme,
    deed: Deed,
    member: &Member,
    decision: DecisionId,
    new: &NewDecision,
) -> Result<()> {
    diesel::update(programme_members::table.find(member.id.0))
        .set((
            programme_members::decision_id.eq(decision.0),
            programme_members::valid_from.eq(new.effective_from),
            programme_members::valid_until.eq(programme.valid_until(new.effective_from)),
        ))
        .execute(c)?;
    let step = Step { decision: Some(decision), ..Step::default() };
    let kind = if deed == Deed::Renew { Turned::Renewed } else { Turned::Recognised };
    let member = turn(c, by, now, member, kind, step)?;
    if member.stage == Stage::Recognised && new.effective_from <= local_day(now.0) {
        turn(c, by, now, &member, Turned::Activated, Step::default())?;
    }
    Ok(())
}

/// Each of them, and once for all of its people each agency.
fn tell(
    c: &mut DbConn,
    now: Moment,
    programme: &Programme,
    deed: Deed,
    fit: &[Member],
    new: &NewDecision,
) -> Result<()> {
    let (own, agency) = match deed {
        Deed::Recognise => ("notifications-expert-recognised", "notifications-experts-recognised"),
        Deed::Renew => ("notifications-expert-renewed", "notifications-experts-renewed"),
    };
    let units: Vec<_> = fit.iter().map(|member| member.unit_id).collect();
    let officers = officers_of(c, &units, local_day(now.0))?;
    let mut numbers: BTreeMap<PersonId, i64> = BTreeMap::new();
    let about = |key| {
        Message::new(key)
            .with("name", programme.title_vi.clone())
            .with("number", new.number.clone())
            .with("date", text::date(new.dated))
    };
    for member in fit {
        notify(c, now, member.person_id, &about(own), Some(OWN_PROGRAMMES), true)?;
        for officer in officers.get(&member.unit_id).into_iter().flatten().filter(|p| **p != member.person_id) {
            *numbers.entry(*officer).or_default() += 1;
        }
    }
    for (officer, people) in numbers {
        let told = Message::new(agency).with("name", programme.title_vi.clone()).with("number", people);
        notify(c, now, officer, &told, Some("/chuyen-gia"), true)?;
    }
    Ok(())
}
