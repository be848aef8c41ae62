//! The files of a class.

use diesel::prelude::*;

use crate::{
    learning::model::{Material, MaterialId, RunId},
    platform::{
        db::{
            DbConn,
            schema::{class_files, files},
        },
        error::Result,
    },
};

#[diesel::dsl::auto_type]
fn columns() -> _ {
    (
        class_files::id,
        class_files::title,
        class_files::added_at,
        class_files::added_by,
        class_files::removed_at,
        files::key,
        files::media_type,
        files::size,
        files::name,
    )
}

/// All files of a class, also those taken away, the latest first.
pub fn materials(c: &mut DbConn, run: RunId) -> Result<Vec<Material>> {
    Ok(class_files::table
        .inner_join(files::table)
        .filter(class_files::run_id.eq(run))
        .order(class_files::id.desc())
        .select(columns())
        .load(c)?)
}

/// One file of a class that is there to be read.
pub fn material(c: &mut DbConn, run: RunId, id: MaterialId) -> Result<Material> {
    Ok(class_files::table
        .inner_join(files::table)
        .filter(class_files::run_id.eq(run).and(class_files::id.eq(id)).and(class_files::removed_at.is_null()))
        .select(columns())
        .first(c)?)
}
