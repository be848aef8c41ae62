//! What tables a database has, asked of the database itself, and how each kind of column is written and read as text.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Nullable, Text},
};

use super::{ArchiveError, Result};
use crate::platform::db::DbConn;

/// A table and its columns, in the order of its definition.
#[derive(Debug, Clone)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    /// The columns of the primary key.
    pub key: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    kind: Type,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    /// Numbers and texts, which JSON knows.
    Plain,
    Bytes,
    /// PostgreSQL only, where SQLite keeps a plain value.
    Boolean,
    Date,
    Moment,
    Integer,
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    declared: String,
    /// The place in the primary key, from 1; 0 outside it.
    #[diesel(sql_type = BigInt)]
    key: i64,
}

#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    from_table: String,
    #[diesel(sql_type = Text)]
    to_table: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Nullable<BigInt>)]
    number: Option<i64>,
}

const SQLITE_COLUMNS: &str = "SELECT m.name AS table_name, i.name AS column_name, lower(i.type) AS declared, i.pk AS key \
     FROM sqlite_master m JOIN pragma_table_info(m.name) i \
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND m.name <> '__diesel_schema_migrations' \
     ORDER BY m.name, i.cid";
const SQLITE_REFERENCES: &str = "SELECT m.name AS from_table, f.\"table\" AS to_table \
     FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";
const POSTGRES_COLUMNS: &str = "SELECT c.relname::text AS table_name, a.attname::text AS column_name, \
     t.typname::text AS declared, COALESCE(array_position(i.indkey::int2[], a.attnum), -1)::bigint + 1 AS key \
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
     JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary \
     WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> '__diesel_schema_migrations' \
     ORDER BY c.relname, a.attnum";
const POSTGRES_REFERENCES: &str = "SELECT f.relname::text AS from_table, t.relname::text AS to_table \
     FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid \
     WHERE k.contype = 'f' AND f.relnamespace = current_schema()::regnamespace";

/// All tables of ours, each after those it refers to.
pub fn all(c: &mut DbConn) -> Result<Vec<Table>> {
    let (columns, references) = match c {
        DbConn::Sqlite(_) => (SQLITE_COLUMNS, SQLITE_REFERENCES),
        DbConn::Pg(_) => (POSTGRES_COLUMNS, POSTGRES_REFERENCES),
    };
    let is_sqlite = matches!(c, DbConn::Sqlite(_));
    let mut tables: BTreeMap<String, (Table, BTreeMap<i64, String>)> = BTreeMap::new();
    for row in sql_query(columns).load::<ColumnRow>(c)? {
        let kind = kind(is_sqlite, &row)?;
        let (table, key) = tables.entry(row.table_name.clone()).or_insert_with(|| {
            (Table { name: row.table_name.clone(), columns: Vec::new(), key: Vec::new() }, BTreeMap::new())
        });
        if row.key > 0 {
            key.insert(row.key, row.column_name.clone());
        }
        table.columns.push(Column { name: row.column_name, kind });
    }
    let mut before: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for reference in sql_query(references).load::<Reference>(c)? {
        if reference.from_table != reference.to_table {
            before.entry(reference.from_table).or_default().insert(reference.to_table);
        }
    }
    let mut ordered = Vec::new();
    let mut placed = BTreeSet::new();
    while !tables.is_empty() {
        let ready = tables.keys().find(|name| before.get(*name).is_none_or(|needs| needs.is_subset(&placed))).cloned();
        let Some((mut table, key)) = ready.and_then(|name| tables.remove(&name)) else {
            return Err(ArchiveError::Database("tables refer to each other in a circle".to_owned()));
        };
        table.key = key.into_values().collect();
        placed.insert(table.name.clone());
        ordered.push(table);
    }
    Ok(ordered)
}

fn kind(is_sqlite: bool, row: &ColumnRow) -> Result<Type> {
    Ok(match (is_sqlite, row.declared.as_str()) {
        (true, "integer" | "bigint" | "text" | "date" | "boolean") | (false, "text" | "varchar") => Type::Plain,
        (true, "blob") | (false, "bytea") => Type::Bytes,
        (false, "int8" | "int4" | "int2") => Type::Integer,
        (false, "bool") => Type::Boolean,
        (false, "date") => Type::Date,
        (false, "timestamptz") => Type::Moment,
        (_, other) => {
            let place = format!("{}.{}", row.table_name, row.column_name);
            return Err(ArchiveError::Database(format!("a backup cannot hold {place}, which is of type {other}")));
        }
    })
}

/// The highest id that was ever given in a table, also if its row is gone; `None` for a table without ids of its own.
pub fn last_id(c: &mut DbConn, table: &Table) -> Result<Option<i64>> {
    if table.key.as_slice() != ["id"] {
        return Ok(None);
    }
    let name = &table.name;
    let given = match c {
        DbConn::Sqlite(_) => format!("SELECT max(seq) AS number FROM sqlite_sequence WHERE name = '{name}'"),
        DbConn::Pg(_) => {
            format!("SELECT pg_sequence_last_value(pg_get_serial_sequence('{name}', 'id')::regclass) AS number")
        }
    };
    let mut number = |sql: &str| Ok::<_, ArchiveError>(sql_query(sql).get_result::<Number>(c)?.number.unwrap_or(0));
    let last = number(&given)?.max(number(&format!("SELECT CAST(max(id) AS BIGINT) AS number FROM {}", quoted(name)))?);
    Ok(Some(last))
}

/// Continues the ids of a table after the last that was ever given.
pub fn continue_ids(c: &mut DbConn, table: &Table, last: i64) -> Result<()> {
    if last <= 0 {
        return Ok(());
    }
    let name = &table.name;
    match c {
        DbConn::Sqlite(c) => {
            sql_query(format!("DELETE FROM sqlite_sequence WHERE name = '{name}'")).execute(c)?;
            sql_query(format!("INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', {last})")).execute(c)?;
        }
        DbConn::Pg(c) => {
            sql_query(format!("SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last})")).execute(c)?;
        }
    }
    Ok(())
}

impl Table {
    /// A query whose rows are JSON arrays, in the order of the primary key.
    pub fn select(&self, is_sqlite: bool) -> String {
        let written = |column: &Column| {
            let name = quoted(&column.name);
            match (is_sqlite, column.kind) {
                (true, Type::Bytes) => format!("CASE WHEN {name} IS NULL THEN NULL ELSE lower(hex({name})) END"),
                (false, Type::Bytes) => format!("encode({name}, 'hex')"),
                (_, Type::Boolean) => format!("{name}::int"),
                (_, Type::Date) => format!("to_char({name}, 'YYYY-MM-DD')"),
                (_, Type::Moment) => format!("to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"),
                _ => name,
            }
        };
        let array = if is_sqlite { "json_array" } else { "json_build_array" };
        let values = self.columns.iter().map(written).collect::<Vec<_>>().join(", ");
        let key = self.key.iter().map(|k| quoted(k)).collect::<Vec<_>>().join(", ");
        format!("SELECT CAST({array}({values}) AS TEXT) AS line FROM {} ORDER BY {key}", quoted(&self.name))
    }

    /// A statement that takes one text, a JSON array of such rows, and inserts them.
    pub fn insert(&self, is_sqlite: bool, order: &[String]) -> Result<String> {
        let mut names = Vec::new();
        let mut values = Vec::new();
        for (place, name) in order.iter().enumerate() {
            let column = self.columns.iter().find(|c| c.name == *name).ok_or_else(|| self.differs(name))?;
            let value =
                if is_sqlite { format!("json_extract(r.value, '$[{place}]')") } else { format!("(r.value->>{place})") };
            names.push(quoted(name));
            values.push(match (is_sqlite, column.kind) {
                (true, Type::Bytes) => format!("unhex({value})"),
                (false, Type::Bytes) => format!("decode({value}, 'hex')"),
                (_, Type::Boolean) => format!("{value}::int::boolean"),
                (_, Type::Date) => format!("{value}::date"),
                (_, Type::Moment) => format!("{value}::timestamptz"),
                (_, Type::Integer) => format!("{value}::bigint"),
                _ => value,
            });
        }
        if let Some(missing) = self.columns.iter().find(|c| !order.contains(&c.name)) {
            return Err(self.differs(&missing.name));
        }
        let (table, names, values) = (quoted(&self.name), names.join(", "), values.join(", "));
        Ok(if is_sqlite {
            format!("INSERT INTO {table} ({names}) SELECT {values} FROM json_each($1) AS r")
        } else {
            format!("INSERT INTO {table} ({names}) SELECT {values} FROM json_array_elements($1::json) AS r")
        })
    }

    fn differs(&self, column: &str) -> ArchiveError {
        ArchiveError::Damaged(format!("its table {} and this version's differ in the column {column}", self.name))
    }
}

/// A name inside a statement. Names come from the database's own list of tables, never from a backup.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
