//! Who lies under whom, for permissions: what an officer of some units may see.
//!
//! On a day, a unit lies under another when the way up from it leads there. One step up is
//! 1. for a unit valid on that day: to what it stands under on that day;
//! 2. for a unit that is over by then: to its main successor, and to what it stood under on its last day.
//!
//! So the officer of a merged province sees the provinces it was made of and all that lay under them at their end, while a
//! department that moved to another ministry goes with the ministry it stands under now. An authority over a unit that is
//! over reaches that unit and what ended with it; it does **not** pass to the successor, for a merger must not silently
//! give one officer the people of the other provinces: the role is granted anew.
//!
//! This is one recursive statement: a way of any depth for one round trip, and the database follows its indexes. Walking
//! in memory would load every placement of the country for each question. `UNION` drops what was seen, so it always ends.

use chrono::NaiveDate;
use diesel::{
    prelude::*,
    sql_types::{BigInt, Date},
};

use super::super::model::UnitId;
use crate::platform::{db::DbConn, error::Result};

/// Every step up that holds on the day `$1`.
const STEPS: &str = "\
    SELECT p.unit_id AS child, p.parent_id AS above FROM unit_placements p JOIN units u ON u.id = p.unit_id \
     WHERE (p.valid_from IS NULL OR p.valid_from <= $1) \
       AND (p.valid_to IS NULL OR p.valid_to >= $1 OR p.valid_to = u.valid_to) \
    UNION ALL \
    SELECT s.unit_id AS child, s.successor_id AS above FROM unit_successions s JOIN units u ON u.id = s.unit_id \
     WHERE s.position = 0 AND u.valid_to < $1";

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    id: UnitId,
}

/// Whether `unit` is one of `roots` or lies under one of them on a day.
pub fn is_under(c: &mut DbConn, unit: UnitId, roots: &[UnitId], on: NaiveDate) -> Result<bool> {
    if roots.is_empty() || roots.contains(&unit) {
        return Ok(!roots.is_empty());
    }
    let query = format!(
        "WITH RECURSIVE way(id) AS (SELECT CAST({unit} AS BIGINT) \
         UNION SELECT s.above FROM way JOIN ({STEPS}) s ON s.child = way.id) SELECT id FROM way"
    );
    let way: Vec<Found> = diesel::sql_query(query).bind::<Date, _>(on).load(c)?;
    Ok(way.iter().any(|step| roots.contains(&step.id)))
}

/// `roots` and all that lies under them on a day.
pub fn subtree_ids(c: &mut DbConn, roots: &[UnitId], on: NaiveDate) -> Result<Vec<UnitId>> {
    if roots.is_empty() {
        return Ok(Vec::new());
    }
    // The ids are whole numbers of our own: they stand in the text because a list cannot be bound alike on both databases.
    let roots = roots.iter().map(|id| format!("(CAST({id} AS BIGINT))")).collect::<Vec<_>>().join(", ");
    let query = format!(
        "WITH RECURSIVE tree(id) AS (VALUES {roots} \
         UNION SELECT s.child FROM tree JOIN ({STEPS}) s ON s.above = tree.id) SELECT id FROM tree ORDER BY 1"
    );
    let tree: Vec<Found> = diesel::sql_query(query).bind::<Date, _>(on).load(c)?;
    Ok(tree.into_iter().map(|found| found.id).collect())
}
