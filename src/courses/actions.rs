//! Importing a course.

use diesel::prelude::*;
use serde_json::json;

use super::{
    edition::{Edition, RENDERING, asset_address},
    model::{CourseId, Version, VersionId},
    package::{AssessmentKind, Module},
};
use crate::{
    access::Actor,
    audit::{Entry, record},
    platform::{
        db::{
            DbConn, Moment, breaks_unique,
            schema::{assessments, course_assets, course_modules, course_versions, courses, items, lessons},
        },
        error::{Error, FieldErrors, Result},
        i18n::Message,
        text::tidy,
    },
};

mod renderings;

pub use renderings::render_again;

/// What an import did.
#[derive(Debug, Clone)]
pub enum Imported {
    /// A version that was not there before; it is the current one now.
    New(Version),
    /// The current version is this very content: nothing was made.
    Unchanged(Version),
    /// An older version is this very content: it is the current one again.
    Restored(Version),
}

impl Imported {
    pub fn version(&self) -> &Version {
        match self {
            Self::New(version) | Self::Unchanged(version) | Self::Restored(version) => version,
        }
    }
}

/// Makes a version of a checked package and points the course at it. Class runs stay on the version they were opened with.
///
/// All rows are written in the caller's transaction, so nobody ever sees half a version. On SQLite that is one closure of the
/// writer, and other writers wait for it: in the development build on two busy cores 40 ms for the three lessons of KT-01,
/// 110 ms for a hundred lessons with 340 questions, and the more the larger the films. Courses come in a few times a month;
/// a course with hundreds of megabytes of films is to be staged in chunks before its version is made current.
pub fn import(c: &mut DbConn, by: &Actor, now: Moment, edition: &Edition, change_note: &str) -> Result<Imported> {
    let note = tidy(change_note);
    if note.is_empty() {
        return Err(FieldErrors::one("note", "courses-note-missing"));
    }
    let (course, current) = course_row(c, now, edition)?;
    let same: Option<Version> = course_versions::table
        .filter(course_versions::course_id.eq(course).and(course_versions::hash.eq(edition.hash())))
        .select(Version::as_select())
        .first(c)
        .optional()?;
    let imported = match same {
        Some(version) if current == Some(version.id) => return Ok(Imported::Unchanged(version)),
        Some(version) => Imported::Restored(version),
        None => Imported::New(add_version(c, by, now, course, edition, &note)?),
    };
    let version = imported.version();
    diesel::update(courses::table.find(course))
        .set((courses::current_version_id.eq(version.id.0), courses::slug.eq(edition.slug())))
        .execute(c)
        .map_err(|e| slug_taken(e, edition))?;
    let entry = Entry::new("course.import", "courses", course)
        .before(json!({ "version": current }))
        .after(json!({ "version": version.id, "number": version.number, "hash": version.hash, "note": note }));
    record(c, by, now, entry)?;
    Ok(imported)
}

/// The row of the course; on PostgreSQL its lock makes imports of one course wait for each other.
fn course_row(c: &mut DbConn, now: Moment, edition: &Edition) -> Result<(CourseId, Option<VersionId>)> {
    let known = diesel::update(courses::table.filter(courses::code.eq(edition.code())))
        .set(courses::code.eq(edition.code()))
        .returning((courses::id, courses::current_version_id))
        .get_result(c)
        .optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    diesel::insert_into(courses::table)
        .values((courses::code.eq(edition.code()), courses::slug.eq(edition.slug()), courses::created_at.eq(now)))
        .returning((courses::id, courses::current_version_id))
        .get_result(c)
        .map_err(|e| slug_taken(e, edition))
}

fn slug_taken(error: diesel::result::Error, edition: &Edition) -> Error {
    if breaks_unique(&error, "courses", "slug") {
        return Error::Refused(Message::new("courses-slug-taken").with("slug", edition.slug()));
    }
    error.into()
}

fn add_version(
    c: &mut DbConn,
    by: &Actor,
    now: Moment,
    course: CourseId,
    edition: &Edition,
    note: &str,
) -> Result<Version> {
    let last: Option<i32> = course_versions::table
        .filter(course_versions::course_id.eq(course))
        .select(diesel::dsl::max(course_versions::number))
        .first(c)?;
    let package = edition.package();
    let version: VersionId = diesel::insert_into(course_versions::table)
        .values((
            course_versions::course_id.eq(course),
            course_versions::number.eq(last.unwrap_or(0) + 1),
            course_versions::hash.eq(edition.hash()),
            course_versions::title_vi.eq(&package.course.title.vi),
            course_versions::title_en.eq(&package.course.title.en),
            course_versions::summary_vi.eq(&package.course.summary.vi),
            course_versions::summary_en.eq(&package.course.summary.en),
            course_versions::minutes.eq(edition.minutes()),
            course_versions::course.eq(serde_json::to_string(&package.course)?),
            course_versions::package.eq(edition.package_text()?),
            course_versions::folded.eq(edition.folded()),
            course_versions::change_note.eq(note),
            course_versions::imported_at.eq(now),
            course_versions::imported_by.eq(by.person.map(|person| person.0)),
            course_versions::rendering.eq(RENDERING),
        ))
        .returning(course_versions::id)
        .get_result(c)?;
    add_lessons(c, version, edition)?;
    add_questions(c, version, edition)?;
    for asset in &package.assets {
        diesel::insert_into(course_assets::table)
            .values((
                course_assets::address.eq(asset_address(edition.hash(), &asset.path)),
                course_assets::version_id.eq(version),
                course_assets::path.eq(&asset.path),
                course_assets::media_type.eq(asset.media.mime()),
                course_assets::is_open.eq(edition.is_open_asset(&asset.path)),
                course_assets::bytes.eq(&asset.bytes),
            ))
            .execute(c)?;
    }
    renderings::keep(c, version, edition)?;
    Ok(course_versions::table.find(version).select(Version::as_select()).first(c)?)
}

fn add_lessons(c: &mut DbConn, version: VersionId, edition: &Edition) -> Result<()> {
    let mut position = 0;
    for (index, module) in edition.package().modules.iter().enumerate() {
        let id = add_module(c, version, index, module)?;
        for lesson in &module.lessons {
            position += 1;
            diesel::insert_into(lessons::table)
                .values((
                    lessons::version_id.eq(version),
                    lessons::module_id.eq(id),
                    lessons::position.eq(position),
                    lessons::key.eq(&lesson.id),
                    lessons::slug.eq(&lesson.slug),
                    lessons::title.eq(&lesson.title),
                    lessons::html.eq(edition.html(&lesson.id)),
                    lessons::words.eq(small(lesson.words)),
                    lessons::minutes.eq(small(lesson.minutes)),
                    lessons::is_open.eq(lesson.open),
                ))
                .execute(c)?;
        }
    }
    Ok(())
}

fn add_module(c: &mut DbConn, version: VersionId, index: usize, module: &Module) -> Result<i64> {
    Ok(diesel::insert_into(course_modules::table)
        .values((
            course_modules::version_id.eq(version),
            course_modules::position.eq(i32::try_from(index + 1).unwrap_or(i32::MAX)),
            course_modules::key.eq(&module.id),
            course_modules::slug.eq(&module.slug),
            course_modules::title.eq(&module.title),
            course_modules::aim.eq(&module.aim),
        ))
        .returning(course_modules::id)
        .get_result(c)?)
}

fn add_questions(c: &mut DbConn, version: VersionId, edition: &Edition) -> Result<()> {
    for item in &edition.package().questions {
        diesel::insert_into(items::table)
            .values((
                items::version_id.eq(version),
                items::key.eq(&item.id),
                items::topic.eq(&item.topic),
                items::difficulty.eq(i32::from(item.difficulty)),
                items::body.eq(serde_json::to_string(item)?),
            ))
            .execute(c)?;
    }
    for assessment in &edition.package().assessments {
        let kind = match assessment.kind {
            AssessmentKind::Final => "final",
            AssessmentKind::Check => "check",
        };
        diesel::insert_into(assessments::table)
            .values((
                assessments::version_id.eq(version),
                assessments::key.eq(&assessment.id),
                assessments::kind.eq(kind),
                assessments::title.eq(&assessment.title),
                assessments::minutes.eq(small(assessment.minutes)),
                assessments::max_attempts.eq(small(assessment.attempts)),
                assessments::pass_percent.eq(small(assessment.pass_percent)),
                assessments::blueprint.eq(serde_json::to_string(assessment)?),
            ))
            .execute(c)?;
    }
    Ok(())
}

fn small(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
