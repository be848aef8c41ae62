//! Files of a class: put there, taken away, put back. Nothing is deleted, so taking away can be undone.

use diesel::prelude::*;
use serde_json::json;

use crate::{
    access::Actor,
    audit::{Entry, record},
    learning::model::{MaterialId, Run},
    platform::{
        db::{DbConn, Moment, note_file, schema::class_files},
        error::{Error, FieldErrors, Result},
        files::{Stored, safe_download_name},
        text::tidy,
    },
};

/// The longest title, in characters.
const LONGEST: usize = 200;

/// Notes a file that is in the store already. Without a title it is called by its name.
pub fn add_material(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    run: &Run,
    title: &str,
    stored: &Stored,
    name: &str,
) -> Result<MaterialId> {
    let name = safe_download_name(name, stored.media_type);
    let title = Some(tidy(title)).filter(|title| !title.is_empty()).unwrap_or_else(|| name.clone());
    if title.chars().count() > LONGEST {
        return Err(FieldErrors::one("title", "materials-title-long"));
    }
    let person = by.person.ok_or_else(|| Error::internal("a file of a class comes from somebody"))?;
    let file = note_file(c, now, "materials", stored, &name, Some(person.0))?;
    let id: MaterialId = diesel::insert_into(class_files::table)
        .values((
            class_files::run_id.eq(run.id),
            class_files::file_id.eq(file),
            class_files::title.eq(&title),
            class_files::added_at.eq(now),
            class_files::added_by.eq(person),
        ))
        .returning(class_files::id)
        .get_result(c)?;
    let entry = Entry::new("material.add", "class_files", id).unit(run.unit_id);
    record(c, by, now, entry.after(json!({ "run": run.code, "title": title, "hash": stored.sha256_hex() })))?;
    Ok(id)
}

/// Takes a file away from a class.
pub fn remove_material(c: &mut DbConn, by: &Actor, now: Moment, run: &Run, id: MaterialId) -> Result<()> {
    let there = class_files::table.filter(class_files::id.eq(id).and(class_files::run_id.eq(run.id)));
    let changed = diesel::update(there.filter(class_files::removed_at.is_null()))
        .set(class_files::removed_at.eq(now))
        .execute(c)?;
    if changed == 0 {
        return Err(Error::NotFound);
    }
    record(c, by, now, Entry::new("material.remove", "class_files", id).unit(run.unit_id))
}

/// Puts a file back that was taken away.
pub fn restore_material(c: &mut DbConn, by: &Actor, now: Moment, run: &Run, id: MaterialId) -> Result<()> {
    let gone = class_files::table.filter(class_files::id.eq(id).and(class_files::run_id.eq(run.id)));
    let changed = diesel::update(gone.filter(class_files::removed_at.is_not_null()))
        .set(class_files::removed_at.eq(None::<Moment>))
        .execute(c)?;
    if changed == 0 {
        return Err(Error::NotFound);
    }
    record(c, by, now, Entry::new("material.restore", "class_files", id).unit(run.unit_id))
}
