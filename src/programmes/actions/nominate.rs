//! The unit's part: nominating people and sending the nominations up with a signed letter.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Step, hold, moved_on};
use crate::{
    access::{Actor, PersonId},
    accounts::queries as accounts,
    platform::{
        clock::local_day,
        db::{
            DbConn, Moment, breaks_unique, note_file,
            schema::{nomination_letters, nominations},
        },
        error::{Error, FieldErrors, Result},
        files::{Stored, safe_download_name},
        http::guard::random_code,
        text::tidy,
    },
    programmes::{
        model::{Happened, LetterId, Nomination, NominationId, NominationState, Nominee},
        queries,
    },
    targets::model::quota::{Quota, QuotaRound},
};

/// Nominates somebody by where they work today. What speaks against it is refused, the first reason of all.
pub fn nominate(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    round: &QuotaRound,
    quota: &Quota,
    person: PersonId,
) -> Result<Nomination> {
    if !round.is_open() {
        return Err(Error::refused("quotas-refused-closed"));
    }
    hold(c, quota.id)?;
    let nominee = nominee(c, now, person)?;
    if let Some(reason) = queries::against(c, now, round, quota, &nominee)?.first() {
        return Err(Error::Refused(reason.message()));
    }
    draft(c, by, now, quota, person, &nominee, None)
}

/// Somebody as the rules see them today.
pub(super) fn nominee(c: &mut DbConn, now: Moment, person: PersonId) -> Result<Nominee> {
    let membership = accounts::membership_on(c, person, local_day(now.0))?;
    let membership = membership.ok_or_else(|| Error::refused("programmes-not-of-unit"))?;
    Ok(Nominee {
        person: Some(person),
        unit: membership.unit_id,
        position: membership.position,
        category: membership.category,
    })
}

/// Writes the nomination down.
pub(super) fn draft(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    quota: &Quota,
    person: PersonId,
    nominee: &Nominee,
    replaces: Option<NominationId>,
) -> Result<Nomination> {
    let id: NominationId = diesel::insert_into(nominations::table)
        .values((
            nominations::code.eq(random_code()?),
            nominations::quota_id.eq(quota.id),
            nominations::round_id.eq(quota.round_id),
            nominations::person_id.eq(person),
            nominations::unit_id.eq(nominee.unit),
            nominations::position.eq(&nominee.position),
            nominations::category.eq(nominee.category),
            nominations::state.eq(NominationState::Drafted),
            nominations::changed_at.eq(now),
            nominations::replaces_id.eq(replaces),
            nominations::created_at.eq(now),
            nominations::created_by.eq(by.person),
        ))
        .returning(nominations::id)
        .get_result(c)
        .map_err(|e| match breaks_unique(&e, "nominations", "person_id") {
            true => Error::refused("programmes-nominated-already"),
            false => e.into(),
        })?;
    let nomination = queries::nomination(c, id)?;
    Step::new(Happened::Drafted, NominationState::Drafted).write(c, by, now, &nomination)?;
    Ok(nomination)
}

/// A signed letter whose file is in the store already.
#[derive(Debug, Clone)]
pub struct NewLetter {
    pub number: String,
    pub dated: NaiveDate,
    pub stored: Stored,
    pub name: String,
}

/// Keeps a letter of a unit.
pub fn add_letter(c: &mut DbConn, by: &Actor, now: Moment, quota: &Quota, new: &NewLetter) -> Result<LetterId> {
    let number = tidy(&new.number);
    if number.is_empty() || number.chars().count() > 100 {
        return Err(FieldErrors::one("number", "programmes-letter-number"));
    }
    let person = by.person.ok_or_else(|| Error::internal("a letter comes from somebody"))?;
    let name = safe_download_name(&new.name, new.stored.media_type);
    let file = note_file(c, now, "letters", &new.stored, &name, Some(person.0))?;
    Ok(diesel::insert_into(nomination_letters::table)
        .values((
            nomination_letters::quota_id.eq(quota.id),
            nomination_letters::number.eq(&number),
            nomination_letters::dated.eq(new.dated),
            nomination_letters::file_id.eq(file),
            nomination_letters::added_at.eq(now),
            nomination_letters::added_by.eq(person),
        ))
        .returning(nomination_letters::id)
        .get_result(c)?)
}

/// Sends everything up that the unit has in its hands: drafts with the letter, and what was returned, with the letter it had or the
/// new one. How many went.
pub fn submit(c: &mut DbConn, by: &Actor, now: Moment, quota: &Quota, letter: Option<LetterId>) -> Result<usize> {
    hold(c, quota.id)?;
    let ready: Vec<Nomination> = nominations::table
        .filter(nominations::quota_id.eq(quota.id))
        .filter(nominations::state.eq_any([NominationState::Drafted, NominationState::Returned]))
        .order(nominations::id.asc())
        .select(Nomination::as_select())
        .load(c)?;
    if ready.is_empty() {
        return Err(moved_on());
    }
    for nomination in &ready {
        let letter = letter.or(nomination.letter_id);
        if letter.is_none() {
            return Err(FieldErrors::one("file", "programmes-letter-missing"));
        }
        let kind = match nomination.state {
            NominationState::Returned => Happened::Resubmitted,
            _ => Happened::Submitted,
        };
        let step = Step { letter, ..Step::new(kind, NominationState::Submitted) };
        step.write(c, by, now, nomination)?;
        diesel::update(nominations::table.find(nomination.id))
            .set((nominations::letter_id.eq(letter), nominations::submitted_by.eq(by.person)))
            .execute(c)?;
    }
    Ok(ready.len())
}
