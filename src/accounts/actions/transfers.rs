//! Memberships that pass on with a change of organisation. They are noted piece by piece, which nobody sees; then a few statements, the
//! same for ten people and for fifty thousand, end the old ones and begin the new ones in the transaction of the change itself.

use chrono::NaiveDate;
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Nullable},
};
use serde_json::json;

use crate::{
    access::{Actor, Role, UnitId},
    accounts::{
        model::MembershipId,
        queries::transfers::{HeldOver, Passing, passes},
    },
    audit::{self, Entry},
    organisations::model::change::ChangeId,
    platform::{
        db::{
            DbConn, Moment, UtcTs,
            schema::{membership_transfers, memberships, role_grants},
        },
        error::{Error, Result},
    },
};

/// Notes the next memberships that pass on; how many are noted in all, and whether there may be more.
pub fn note_some(c: &mut DbConn, passing: &Passing, limit: i64) -> Result<(i64, bool)> {
    let noted = membership_transfers::table.filter(membership_transfers::change_id.eq(passing.change));
    let last: Option<MembershipId> = noted.select(diesel::dsl::max(membership_transfers::membership_id)).first(c)?;
    let rows: Vec<(MembershipId, UnitId, Option<NaiveDate>)> = memberships::table
        .filter(passes(passing))
        .filter(memberships::id.gt(last.map_or(0, |last| last.0)))
        .order(memberships::id.asc())
        .limit(limit)
        .select((memberships::id, memberships::unit_id, memberships::valid_to))
        .load(c)?;
    let values: Vec<_> = rows
        .iter()
        .map(|(membership, unit, was_to)| {
            (
                membership_transfers::change_id.eq(passing.change),
                membership_transfers::membership_id.eq(membership),
                membership_transfers::unit_id.eq(unit),
                membership_transfers::was_to.eq(was_to),
            )
        })
        .collect();
    if !values.is_empty() {
        // A batch insert is not part of diesel's common backend.
        crate::both!(c, |c| diesel::insert_into(membership_transfers::table).values(&values).execute(c))?;
    }
    let total =
        membership_transfers::table.filter(membership_transfers::change_id.eq(passing.change)).count().get_result(c)?;
    Ok((total, i64::try_from(rows.len()).map_err(Error::internal)? == limit))
}

/// Forgets what was noted for a change that did not come about.
pub fn forget_noted(c: &mut DbConn, change: ChangeId) -> Result<()> {
    diesel::delete(membership_transfers::table.filter(membership_transfers::change_id.eq(change))).execute(c)?;
    Ok(())
}

/// Brings what was noted up to date: whoever came, went or moved since the notes were taken.
fn note_rest(c: &mut DbConn, passing: &Passing) -> Result<()> {
    sql_query(
        "DELETE FROM membership_transfers WHERE change_id = $1 AND NOT EXISTS (SELECT 1 FROM memberships m \
         WHERE m.id = membership_transfers.membership_id AND m.unit_id = membership_transfers.unit_id \
         AND m.valid_to IS NOT DISTINCT FROM membership_transfers.was_to)",
    )
    .bind::<BigInt, _>(passing.change)
    .execute(c)?;
    if !passing.people.is_empty() {
        return Ok(());
    }
    for unit in &passing.units {
        let statement = if passing.with_later {
            "INSERT INTO membership_transfers (change_id, membership_id, unit_id, was_to) \
             SELECT $1, m.id, m.unit_id, m.valid_to FROM memberships m WHERE m.unit_id = $2 \
             AND (m.valid_to IS NULL OR m.valid_to >= $3) \
             AND NOT EXISTS (SELECT 1 FROM membership_transfers t WHERE t.change_id = $1 AND t.membership_id = m.id)"
        } else {
            "INSERT INTO membership_transfers (change_id, membership_id, unit_id, was_to) \
             SELECT $1, m.id, m.unit_id, m.valid_to FROM memberships m WHERE m.unit_id = $2 \
             AND (m.valid_to IS NULL OR m.valid_to >= $3) AND m.valid_from < $3 \
             AND NOT EXISTS (SELECT 1 FROM membership_transfers t WHERE t.change_id = $1 AND t.membership_id = m.id)"
        };
        sql_query(statement)
            .bind::<BigInt, _>(passing.change)
            .bind::<BigInt, _>(*unit)
            .bind::<Date, _>(passing.on)
            .execute(c)?;
    }
    Ok(())
}

/// Lets the memberships pass on: from where to where is said unit by unit. How many did.
pub fn pass_on(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    passing: &Passing,
    passed: &[(UnitId, Option<UnitId>)],
) -> Result<i64> {
    note_rest(c, passing)?;
    let before = passing.on.pred_opt().ok_or_else(|| Error::internal("no day before"))?;
    for (from, to) in passed {
        if let Some(to) = to {
            sql_query(
                "INSERT INTO memberships (person_id, unit_id, position, category, valid_from, valid_to, recorded_at, \
                 recorded_by, change_id, continues_id) SELECT m.person_id, $1, m.position, m.category, $2, m.valid_to, \
                 $3, $4, $5, m.id FROM membership_transfers t JOIN memberships m ON m.id = t.membership_id \
                 WHERE t.change_id = $5 AND m.unit_id = $6 AND m.valid_from < $2",
            )
            .bind::<BigInt, _>(*to)
            .bind::<Date, _>(passing.on)
            .bind::<UtcTs, _>(now)
            .bind::<Nullable<BigInt>, _>(by.person.map(|p| p.0))
            .bind::<BigInt, _>(passing.change)
            .bind::<BigInt, _>(*from)
            .execute(c)?;
            // What begins on the day or later was meant for the new unit all along.
            sql_query(
                "UPDATE memberships SET unit_id = $1 WHERE unit_id = $2 AND valid_from >= $3 \
                 AND id IN (SELECT membership_id FROM membership_transfers WHERE change_id = $4)",
            )
            .bind::<BigInt, _>(*to)
            .bind::<BigInt, _>(*from)
            .bind::<Date, _>(passing.on)
            .bind::<BigInt, _>(passing.change)
            .execute(c)?;
        }
        sql_query(
            "UPDATE memberships SET valid_to = $1 WHERE unit_id = $2 AND valid_from < $3 \
             AND id IN (SELECT membership_id FROM membership_transfers WHERE change_id = $4)",
        )
        .bind::<Date, _>(before)
        .bind::<BigInt, _>(*from)
        .bind::<Date, _>(passing.on)
        .bind::<BigInt, _>(passing.change)
        .execute(c)?;
    }
    Ok(membership_transfers::table.filter(membership_transfers::change_id.eq(passing.change)).count().get_result(c)?)
}

/// Puts the memberships back as they were noted.
pub fn take_back(c: &mut DbConn, change: ChangeId) -> Result<()> {
    sql_query("DELETE FROM memberships WHERE change_id = $1 AND continues_id IS NOT NULL")
        .bind::<BigInt, _>(change)
        .execute(c)?;
    sql_query(
        "UPDATE memberships SET valid_to = (SELECT t.was_to FROM membership_transfers t WHERE t.change_id = $1 \
         AND t.membership_id = memberships.id), unit_id = (SELECT t.unit_id FROM membership_transfers t \
         WHERE t.change_id = $1 AND t.membership_id = memberships.id) \
         WHERE id IN (SELECT membership_id FROM membership_transfers WHERE change_id = $1)",
    )
    .bind::<BigInt, _>(change)
    .execute(c)?;
    Ok(())
}

/// Passes a role on to the unit that takes the place of another. Whoever holds it there already keeps that.
pub fn pass_role_on(c: &mut DbConn, by: &Actor, now: Moment, held: &HeldOver, to: UnitId) -> Result<Option<i64>> {
    let has: i64 = role_grants::table
        .filter(role_grants::person_id.eq(held.person.id).and(role_grants::unit_id.eq(to.0)))
        .filter(role_grants::role.eq(held.role).and(role_grants::ended_at.is_null()))
        .count()
        .get_result(c)?;
    if has > 0 {
        return Ok(None);
    }
    super::grant_role(c, by, now, held.person.id, held.role, Some(to)).map(Some)
}

/// Takes away the roles that a change passed on, row and all: the unit they are held over may go. The log keeps them.
pub fn take_roles_back(c: &mut DbConn, by: &Actor, now: Moment, granted: &[i64]) -> Result<()> {
    let rows: Vec<(i64, i64, Role, Option<i64>)> = role_grants::table
        .filter(role_grants::id.eq_any(granted.to_vec()))
        .select((role_grants::id, role_grants::person_id, role_grants::role, role_grants::unit_id))
        .load(c)?;
    let entry = |(id, person, role, unit): &(i64, i64, Role, Option<i64>)| {
        let before = json!({ "person": person, "role": role, "unit": unit });
        Entry::new("role.end", "role_grants", id).before(before)
    };
    audit::record_all(c, by, now, rows.iter().map(entry))?;
    diesel::delete(role_grants::table.filter(role_grants::id.eq_any(granted.to_vec()))).execute(c)?;
    Ok(())
}
