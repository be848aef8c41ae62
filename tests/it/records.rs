//! Rows for the tests of targets and certificates: organisations, people, courses and completion events with given facts.

use chrono::{DateTime, Utc};
use diesel::{prelude::*, sql_query, sql_types::*};
use nongcot::{
    access::{Category, UnitId},
    platform::{
        db::{Database, DbConn, Moment, UtcTs},
        error::Error,
    },
};

use crate::support;

/// A migrated, empty database; it is gone with what comes second.
pub async fn fresh() -> (Database, support::TestDatabase) {
    let held = support::database().await;
    (held.db.clone(), held)
}

/// A moment as the tests write it, in Viet Nam: "2025-12-31 23:59:59".
pub fn at(local: &str) -> Moment {
    let text = if local.len() == 10 { format!("{local} 12:00:00") } else { local.to_owned() };
    DateTime::parse_from_str(&format!("{text} +0700"), "%Y-%m-%d %H:%M:%S %z").unwrap().with_timezone(&Utc).into()
}

pub async fn write<T: Send + 'static>(
    db: &Database,
    f: impl FnOnce(&mut DbConn) -> Result<T, Error> + Send + 'static,
) -> T {
    db.write("test", f).await.unwrap()
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

fn returned(c: &mut DbConn, statement: &str) -> i64 {
    sql_query(format!("{statement} RETURNING CAST(id AS BIGINT) AS id")).load::<Id>(c).unwrap().remove(0).id
}

fn quoted(text: Option<&str>) -> String {
    text.map_or_else(|| "NULL".to_owned(), |t| format!("'{t}'"))
}

pub fn unit(c: &mut DbConn, code: &str, kind: &str, from: Option<&str>, to: Option<&str>) -> UnitId {
    let (from, to) = (quoted(from), quoted(to));
    UnitId(returned(
        c,
        &format!(
            "INSERT INTO units (code, name_vi, name_en, kind, valid_from, valid_to, folded, sort_key) \
             VALUES ('{code}', 'Đơn vị {code}', 'Unit {code}', '{kind}', {from}, {to}, '{}', '{code}')",
            code.to_lowercase()
        ),
    ))
}

pub fn placed(c: &mut DbConn, unit: UnitId, parent: UnitId, from: Option<&str>, to: Option<&str>) {
    let (from, to) = (quoted(from), quoted(to));
    returned(
        c,
        &format!(
            "INSERT INTO unit_placements (unit_id, parent_id, valid_from, valid_to) VALUES ({unit}, {parent}, {from}, {to})"
        ),
    );
}

pub fn succeeded(c: &mut DbConn, unit: UnitId, successor: UnitId, position: i32) {
    returned(
        c,
        &format!(
            "INSERT INTO unit_successions (unit_id, successor_id, position) VALUES ({unit}, {successor}, {position})"
        ),
    );
}

pub fn person(c: &mut DbConn, code: &str) -> i64 {
    returned(
        c,
        &format!(
            "INSERT INTO people (code, family_names, given_name, sort_key, folded, created_at) VALUES \
             ('{code}', 'Học viên Minh họa', '{code}', '{code}', 'hoc vien minh hoa {}', '2025-01-01T00:00:00.000000Z')",
            code.to_lowercase()
        ),
    )
}

pub fn course(c: &mut DbConn, code: &str) -> i64 {
    let slug = code.to_lowercase();
    returned(
        c,
        &format!(
            "INSERT INTO courses (code, slug, created_at) VALUES ('{code}', '{slug}', '2025-01-01T00:00:00.000000Z')"
        ),
    )
}

/// A completion event as it is to be written.
pub struct Completed<'a> {
    pub person: i64,
    pub course: i64,
    pub organiser: UnitId,
    pub unit: UnitId,
    pub category: Category,
    pub flagged: bool,
    pub occurred: &'a str,
    pub recorded: &'a str,
}

pub fn completed(c: &mut DbConn, e: &Completed<'_>) -> i64 {
    event(c, "completed", None, e, e.occurred, e.recorded)
}

/// What happened later to a completion: accepted, voided.
pub fn changed(c: &mut DbConn, kind: &str, completion: i64, e: &Completed<'_>, recorded: &str) -> i64 {
    event(c, kind, Some(completion), e, recorded, recorded)
}

fn event(c: &mut DbConn, kind: &str, of: Option<i64>, e: &Completed<'_>, occurred: &str, recorded: &str) -> i64 {
    sql_query(
        "INSERT INTO completion_events (kind, completion_id, person_id, course_id, organiser_id, unit_id, position, category, \
         is_flagged, occurred_at, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, 'Chuyên viên', $7, $8, $9, $10) \
         RETURNING CAST(id AS BIGINT) AS id",
    )
    .bind::<Text, _>(kind)
    .bind::<Nullable<BigInt>, _>(of)
    .bind::<BigInt, _>(e.person)
    .bind::<BigInt, _>(e.course)
    .bind::<BigInt, _>(e.organiser.0)
    .bind::<BigInt, _>(e.unit.0)
    .bind::<Text, _>(e.category.as_str())
    .bind::<Bool, _>(e.flagged)
    .bind::<UtcTs, _>(at(occurred))
    .bind::<UtcTs, _>(at(recorded))
    .load::<Id>(c)
    .unwrap()
    .remove(0)
    .id
}

/// A version of a course, and a class run of it in a unit from 01/11/2026 on.
pub fn version_and_run(c: &mut DbConn, course: i64, unit: UnitId) -> (i64, i64) {
    let version = returned(
        c,
        &format!(
            "INSERT INTO course_versions (course_id, number, hash, title_vi, title_en, summary_vi, summary_en, minutes, course, \
             package, folded, change_note, imported_at) VALUES ({course}, 1, 'x', 'Kiến trúc minh họa', 'Illustration', '', '', \
             135, '{{\"certificate\":\"completion\"}}', '{{}}', '', '', '2026-10-01T00:00:00.000000Z')"
        ),
    );
    let run = returned(
        c,
        &format!(
            "INSERT INTO class_runs (code, course_id, version_id, unit_id, title, opens_at, closes_at, enrolment, decision, \
             created_at) VALUES ('lop-{course}', {course}, {version}, {unit}, 'Lớp', '2026-10-31T17:00:00.000000Z', \
             '2026-12-31T17:00:00.000000Z', 'open', 'Quyết định số 01/QĐ-MH', '2026-10-01T00:00:00.000000Z')"
        ),
    );
    (version, run)
}

/// Enrols the person of a completion in a run and writes the completion down with it.
pub fn enrolled_and_completed(c: &mut DbConn, run: i64, version: i64, e: &Completed<'_>) -> i64 {
    let (person, unit, category) = (e.person, e.unit, e.category);
    let enrolment = returned(
        c,
        &format!(
            "INSERT INTO enrolments (run_id, person_id, state, enrolled_at, unit_id, position, category, completed_at) VALUES \
             ({run}, {person}, 'active', '2026-10-01T00:00:00.000000Z', {unit}, 'Chuyên viên', '{category}', \
             '2026-11-20T05:00:00.000000Z')"
        ),
    );
    let id = completed(c, e);
    sql_query(format!("UPDATE completion_events SET enrolment_id = {enrolment}, version_id = {version}, run_id = {run} WHERE id = {id}"))
        .execute(c)
        .unwrap();
    id
}
