//! Rows for the tests of targets and certificates: organisations, people, courses and completion events with given facts.

use chrono::{DateTime, Utc};
use diesel::{prelude::*, sql_query, sql_types::*};
use nongcot::{
    access::{Category, UnitId},
    platform::{
        config::{DatabaseUrl, Secret},
        db::{Database, DbConn, Moment, UtcTs, migrate},
        error::Error,
    },
};

/// A migrated database of its own; the folder goes with it.
pub async fn fresh() -> (Database, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let target = if std::env::var("TEST_DATABASE").as_deref() == Ok("postgres") {
        let admin = std::env::var("TEST_POSTGRES_URL").unwrap();
        let name = format!("t{}", dir.path().file_name().unwrap().to_str().unwrap().replace('.', "").to_lowercase());
        let mut c = PgConnection::establish(&admin).unwrap();
        sql_query(format!("CREATE DATABASE \"{name}\"")).execute(&mut c).unwrap();
        DatabaseUrl::Postgres(Secret::new(admin.replace(":///postgres?", &format!(":///{name}?"))))
    } else {
        DatabaseUrl::Sqlite(dir.path().join("t.db"))
    };
    let to = target.clone();
    tokio::task::spawn_blocking(move || migrate(&to)).await.unwrap().unwrap();
    (Database::open(target, 16, 512).unwrap(), dir)
}

/// A moment as the tests write it, in Viet Nam: "2025-12-31 23:59:59".
pub fn at(local: &str) -> Moment {
    let text = if local.len() == 10 { format!("{local} 12:00:00") } else { local.to_owned() };
    DateTime::parse_from_str(&format!("{text} +0700"), "%Y-%m-%d %H:%M:%S %z").unwrap().with_timezone(&Utc).into()
}

pub async fn write<T: Send + 'static>(db: &Database, f: impl FnOnce(&mut DbConn) -> Result<T, Error> + Send + 'static) -> T {
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
        &format!("INSERT INTO unit_placements (unit_id, parent_id, valid_from, valid_to) VALUES ({unit}, {parent}, {from}, {to})"),
    );
}

pub fn succeeded(c: &mut DbConn, unit: UnitId, successor: UnitId, position: i32) {
    returned(
        c,
        &format!("INSERT INTO unit_successions (unit_id, successor_id, position) VALUES ({unit}, {successor}, {position})"),
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
        &format!("INSERT INTO courses (code, slug, created_at) VALUES ('{code}', '{slug}', '2025-01-01T00:00:00.000000Z')"),
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
