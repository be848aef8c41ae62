//! What a version is rendered into: its lessons, the addresses of its files, its glossary and its handout. The content a
//! version stands for is its package; this can be made from it at any time.

use diesel::prelude::*;

use super::super::{
    edition::{Edition, RENDERING, asset_address},
    model::VersionId,
};
use crate::platform::{
    db::{
        DbConn,
        schema::{course_assets, course_handouts, course_terms, course_versions, lessons},
    },
    error::Result,
};

/// The glossary and the handout of a version that has neither.
pub(super) fn keep(c: &mut DbConn, version: VersionId, edition: &Edition) -> Result<()> {
    let mut position = 0;
    for (_, lesson) in edition.package().lessons() {
        for term in edition.terms(&lesson.id) {
            position += 1;
            diesel::insert_into(course_terms::table)
                .values((
                    course_terms::version_id.eq(version),
                    course_terms::position.eq(position),
                    course_terms::lesson_key.eq(&lesson.id),
                    course_terms::term.eq(&term.term),
                    course_terms::anchor.eq(&term.anchor),
                    course_terms::explanation.eq(&term.explanation),
                ))
                .execute(c)?;
        }
    }
    diesel::insert_into(course_handouts::table)
        .values((course_handouts::version_id.eq(version), course_handouts::html.eq(edition.handout())))
        .execute(c)?;
    Ok(())
}

/// Renders a version anew that an older program rendered. Nothing of its content changes.
pub fn render_again(c: &mut DbConn, version: VersionId, edition: &Edition) -> Result<()> {
    for (_, lesson) in edition.package().lessons() {
        diesel::update(lessons::table.filter(lessons::version_id.eq(version).and(lessons::key.eq(&lesson.id))))
            .set(lessons::html.eq(edition.html(&lesson.id)))
            .execute(c)?;
    }
    for asset in &edition.package().assets {
        let row = course_assets::version_id.eq(version).and(course_assets::path.eq(&asset.path));
        diesel::update(course_assets::table.filter(row))
            .set(course_assets::address.eq(asset_address(edition.hash(), &asset.path)))
            .execute(c)?;
    }
    diesel::delete(course_terms::table.filter(course_terms::version_id.eq(version))).execute(c)?;
    diesel::delete(course_handouts::table.filter(course_handouts::version_id.eq(version))).execute(c)?;
    keep(c, version, edition)?;
    diesel::update(course_versions::table.find(version)).set(course_versions::rendering.eq(RENDERING)).execute(c)?;
    Ok(())
}
