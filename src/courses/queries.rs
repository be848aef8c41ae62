//! Reading courses. Everything is read by version, except the catalogue, which shows the current ones.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    model::{CourseId, LessonOutline, Listed, ModuleOutline, Outline, Version, VersionId, fit, words},
    package::{Assessment, CertificateKind, Course, Package, Term},
};
use crate::{
    platform::{
        db::{
            DbConn,
            schema::{
                assessments, course_assets, course_handouts, course_modules, course_terms, course_versions, courses,
                items, lessons,
            },
        },
        error::{Error, Result},
        text::sort_key,
    },
    questions::model::Item,
};

/// What paper a version's course gives.
pub fn certificate_kind(c: &mut DbConn, version: VersionId) -> Result<CertificateKind> {
    let described: String = course_versions::table.find(version).select(course_versions::course).first(c)?;
    certificate_kind_in(&described)
}

/// The same, from a version's description as it is kept.
pub fn certificate_kind_in(described: &str) -> Result<CertificateKind> {
    #[derive(serde::Deserialize)]
    struct Described {
        certificate: CertificateKind,
    }
    Ok(serde_json::from_str::<Described>(described)?.certificate)
}

/// A course whose texts somebody has to hold against the law as it is now.
#[derive(Debug, Clone)]
pub struct ReviewDue {
    pub slug: String,
    pub title_vi: String,
    pub title_en: String,
    pub reviewed: NaiveDate,
}

/// The courses of the catalogue that nobody has reviewed since a day, the oldest review first.
pub fn review_due(c: &mut DbConn, since: NaiveDate) -> Result<Vec<ReviewDue>> {
    #[derive(serde::Deserialize)]
    struct Described {
        legal_review: Option<NaiveDate>,
    }
    let rows: Vec<(String, String, String, String)> = courses::table
        .inner_join(course_versions::table.on(courses::current_version_id.eq(course_versions::id.nullable())))
        .order(courses::code.asc())
        .limit(MOST_FOUND)
        .select((courses::slug, course_versions::title_vi, course_versions::title_en, course_versions::course))
        .load(c)?;
    let mut due = Vec::new();
    for (slug, title_vi, title_en, described) in rows {
        let reviewed = serde_json::from_str::<Described>(&described)?.legal_review;
        if let Some(reviewed) = reviewed.filter(|day| *day < since) {
            due.push(ReviewDue { slug, title_vi, title_en, reviewed });
        }
    }
    due.sort_by_key(|course| course.reviewed);
    Ok(due)
}

/// How many courses a search shows at most.
const MOST_FOUND: i64 = 200;

/// The courses in which every word of the query begins a word, best first; all of them, by title, without a query. A query of
/// signs alone finds nothing.
pub fn catalogue(c: &mut DbConn, query: &str) -> Result<Vec<Listed>> {
    let wanted = words(query);
    if wanted.is_empty() && !query.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = courses::table
        .inner_join(course_versions::table.on(courses::current_version_id.eq(course_versions::id.nullable())))
        .select((courses::id, courses::code, courses::slug, Version::as_select()))
        .into_boxed();
    for word in &wanted {
        rows = rows.filter(course_versions::folded.like(format!("% {word}%")));
    }
    let rows: Vec<(CourseId, String, String, Version)> = rows.order(courses::code.asc()).limit(MOST_FOUND).load(c)?;
    let versions: Vec<VersionId> = rows.iter().map(|(.., version)| version.id).collect();
    let titles = titles_of(c, &versions)?;
    let mut found: Vec<Listed> = rows
        .into_iter()
        .map(|(id, code, slug, version)| {
            let lessons = titles.get(&version.id).map_or(0, |titles| titles.lessons);
            Listed { id, code, slug, version, lessons }
        })
        .collect();
    found.sort_by_cached_key(|course| {
        let version = &course.version;
        let title = format!("{} {} {}", course.code, version.title_vi, version.title_en);
        let rest = titles.get(&version.id).map_or("", |titles| titles.text.as_str());
        let all = format!("{title} {} {} {rest}", version.summary_vi, version.summary_en);
        let rank = if wanted.is_empty() { 0 } else { fit(query, &title, &all) };
        (rank, sort_key(&version.title_vi))
    });
    Ok(found)
}

/// The codes of these courses and their current versions, for lists that name them.
pub fn named(c: &mut DbConn, ids: &[i64]) -> Result<HashMap<i64, (String, Version)>> {
    let rows: Vec<(i64, String, Version)> = courses::table
        .inner_join(course_versions::table.on(courses::current_version_id.eq(course_versions::id.nullable())))
        .filter(courses::id.eq_any(ids.to_vec()))
        .select((courses::id, courses::code, Version::as_select()))
        .load(c)?;
    Ok(rows.into_iter().map(|(id, code, version)| (id, (code, version))).collect())
}

#[derive(Default)]
struct Titles {
    lessons: i64,
    text: String,
}

/// The titles inside the versions, for ranking what was found.
fn titles_of(c: &mut DbConn, versions: &[VersionId]) -> Result<HashMap<VersionId, Titles>> {
    let mut found: HashMap<VersionId, Titles> = HashMap::new();
    let modules: Vec<(VersionId, String)> = course_modules::table
        .filter(course_modules::version_id.eq_any(versions))
        .select((course_modules::version_id, course_modules::title))
        .load(c)?;
    let lessons: Vec<(VersionId, String)> = lessons::table
        .filter(lessons::version_id.eq_any(versions))
        .select((lessons::version_id, lessons::title))
        .load(c)?;
    for (version, title) in modules {
        found.entry(version).or_default().text.extend([title.as_str(), ". "]);
    }
    for (version, title) in lessons {
        let titles = found.entry(version).or_default();
        titles.lessons += 1;
        titles.text.extend([title.as_str(), ". "]);
    }
    Ok(found)
}

/// The course at an address, in its current version.
pub fn current(c: &mut DbConn, slug: &str) -> Result<Option<Outline>> {
    let version: Option<Option<VersionId>> =
        courses::table.filter(courses::slug.eq(slug)).select(courses::current_version_id).first(c).optional()?;
    version.flatten().map(|version| outline(c, version)).transpose()
}

/// A version without its content.
pub fn version(c: &mut DbConn, version: VersionId) -> Result<Version> {
    Ok(course_versions::table.find(version).select(Version::as_select()).first(c)?)
}

/// Whether a version has such a lesson or test.
pub fn has_item(c: &mut DbConn, version: VersionId, key: &str) -> Result<bool> {
    let lesson = lessons::table.filter(lessons::version_id.eq(version).and(lessons::key.eq(key)));
    let test = assessments::table.filter(assessments::version_id.eq(version).and(assessments::key.eq(key)));
    Ok(diesel::select(diesel::dsl::exists(lesson)).get_result::<bool>(c)?
        || diesel::select(diesel::dsl::exists(test)).get_result::<bool>(c)?)
}

/// A version with its modules, lessons and tests.
pub fn outline(c: &mut DbConn, version: VersionId) -> Result<Outline> {
    let (code, slug, version, course): (String, String, Version, String) = course_versions::table
        .inner_join(courses::table)
        .filter(course_versions::id.eq(version))
        .select((courses::code, courses::slug, Version::as_select(), course_versions::course))
        .first(c)?;
    let course: Course = serde_json::from_str(&course)?;
    let modules: Vec<(i64, String, String, String)> = course_modules::table
        .filter(course_modules::version_id.eq(version.id))
        .order(course_modules::position.asc())
        .select((course_modules::id, course_modules::key, course_modules::title, course_modules::aim))
        .load(c)?;
    let all: Vec<LessonOutline> = lessons::table
        .filter(lessons::version_id.eq(version.id))
        .order(lessons::position.asc())
        .select((lessons::module_id, lessons::key, lessons::slug, lessons::title, lessons::minutes, lessons::is_open))
        .load(c)?;
    let mut by_module: BTreeMap<i64, Vec<LessonOutline>> = BTreeMap::new();
    for lesson in all {
        by_module.entry(lesson.module_id).or_default().push(lesson);
    }
    let modules = modules
        .into_iter()
        .map(|(id, key, title, aim)| ModuleOutline {
            key,
            title,
            aim,
            lessons: by_module.remove(&id).unwrap_or_default(),
        })
        .collect();
    let assessments = assessments_of(c, version.id)?;
    Ok(Outline { code, slug, version, course, modules, assessments })
}

/// The codes of the courses to be completed before this one; without the rest of the outline, since every enrolment asks.
pub fn prerequisites(c: &mut DbConn, version: VersionId) -> Result<Vec<String>> {
    #[derive(serde::Deserialize)]
    struct Part {
        prerequisites: Vec<String>,
    }
    let course: String = course_versions::table.find(version).select(course_versions::course).first(c)?;
    Ok(serde_json::from_str::<Part>(&course)?.prerequisites)
}

/// The tests of a version, in the order of the course.
pub fn assessments_of(c: &mut DbConn, version: VersionId) -> Result<Vec<Assessment>> {
    let rows: Vec<String> = assessments::table
        .filter(assessments::version_id.eq(version))
        .order(assessments::id.asc())
        .select(assessments::blueprint)
        .load(c)?;
    rows.iter().map(|row| serde_json::from_str(row).map_err(Error::from)).collect()
}

/// One test of a version.
pub fn assessment(c: &mut DbConn, version: VersionId, key: &str) -> Result<Assessment> {
    let row: String = assessments::table
        .filter(assessments::version_id.eq(version).and(assessments::key.eq(key)))
        .select(assessments::blueprint)
        .first(c)?;
    Ok(serde_json::from_str(&row)?)
}

/// The rendered text of a lesson; [`super::model::pieces`] takes it apart.
pub fn lesson_html(c: &mut DbConn, version: VersionId, slug: &str) -> Result<String> {
    Ok(lessons::table
        .filter(lessons::version_id.eq(version).and(lessons::slug.eq(slug)))
        .select(lessons::html)
        .first(c)?)
}

/// The rendered texts of all lessons of a version, by their slugs.
pub(super) fn lessons_html(c: &mut DbConn, version: VersionId) -> Result<HashMap<String, String>> {
    let rows: Vec<(String, String)> =
        lessons::table.filter(lessons::version_id.eq(version)).select((lessons::slug, lessons::html)).load(c)?;
    Ok(rows.into_iter().collect())
}

/// What can change about a version: how its texts were rendered, and the address of its course.
#[derive(Debug, PartialEq, Eq, Queryable)]
pub(super) struct Stamp {
    rendering: i32,
    slug: String,
}

pub(super) fn stamp(c: &mut DbConn, version: VersionId) -> Result<Stamp> {
    Ok(course_versions::table
        .inner_join(courses::table)
        .filter(course_versions::id.eq(version))
        .select((course_versions::rendering, courses::slug))
        .first(c)?)
}

/// Every question of a version, by id.
pub(super) fn all_questions(c: &mut DbConn, version: VersionId) -> Result<BTreeMap<String, Item>> {
    let rows: Vec<(String, String)> =
        items::table.filter(items::version_id.eq(version)).select((items::key, items::body)).load(c)?;
    rows.into_iter().map(|(key, body)| Ok((key, serde_json::from_str(&body)?))).collect()
}

/// Questions by their ids, in no order.
pub fn questions(c: &mut DbConn, version: VersionId, ids: &[String]) -> Result<BTreeMap<String, Item>> {
    let rows: Vec<(String, String)> = items::table
        .filter(items::version_id.eq(version).and(items::key.eq_any(ids)))
        .select((items::key, items::body))
        .load(c)?;
    rows.into_iter().map(|(key, body)| Ok((key, serde_json::from_str(&body)?))).collect()
}

/// Questions of several versions by their ids, in one query; also of a version that was not meant, where two have the same id.
pub fn questions_of(
    c: &mut DbConn,
    versions: &[VersionId],
    ids: &[String],
) -> Result<HashMap<(VersionId, String), Item>> {
    let rows: Vec<(VersionId, String, String)> = items::table
        .filter(items::version_id.eq_any(versions).and(items::key.eq_any(ids)))
        .select((items::version_id, items::key, items::body))
        .load(c)?;
    rows.into_iter().map(|(version, key, body)| Ok(((version, key), serde_json::from_str(&body)?))).collect()
}

/// The questions tests draw from: those of the bank, never those of lessons.
pub fn bank(c: &mut DbConn, version: VersionId) -> Result<Vec<Item>> {
    let rows: Vec<String> =
        items::table.filter(items::version_id.eq(version)).order(items::id.asc()).select(items::body).load(c)?;
    let mut bank = Vec::with_capacity(rows.len());
    for row in rows {
        let item: Item = serde_json::from_str(&row)?;
        if item.module.is_none() {
            bank.push(item);
        }
    }
    Ok(bank)
}

/// A file of a version.
#[derive(Debug, Queryable)]
pub struct Asset {
    pub version_id: VersionId,
    pub media_type: String,
    /// Shown in a lesson that anybody may read.
    pub is_open: bool,
    pub bytes: Vec<u8>,
}

/// A file by its own address. Until the job of this program has given a version's files theirs, they are found by the
/// beginning of the version's hash, as older programs wrote it; files that are open stay there for those who kept the link.
pub fn asset(c: &mut DbConn, address: &str, path: &str) -> Result<Asset> {
    let plain = address.len() == super::edition::ADDRESS_LENGTH && address.bytes().all(|b| b.is_ascii_hexdigit());
    if !plain {
        return Err(Error::NotFound);
    }
    let found = (course_assets::version_id, course_assets::media_type, course_assets::is_open, course_assets::bytes);
    let own: Option<Asset> = course_assets::table
        .filter(course_assets::address.eq(address).and(course_assets::path.eq(path)))
        .select(found)
        .first(c)
        .optional()?;
    if let Some(own) = own {
        return Ok(own);
    }
    Ok(course_assets::table
        .inner_join(course_versions::table)
        .filter(course_versions::hash.like(format!("{address}%")).and(course_assets::path.eq(path)))
        .filter(course_assets::address.is_null().or(course_assets::is_open.eq(true)))
        .select(found)
        .first(c)?)
}

/// The package of a version without the bytes of its files, and its hash.
pub fn package_of(c: &mut DbConn, version: VersionId) -> Result<(Package, String)> {
    let (text, hash): (String, String) =
        course_versions::table.find(version).select((course_versions::package, course_versions::hash)).first(c)?;
    Ok((serde_json::from_str(&text)?, hash))
}

/// The whole package of a version as it was imported.
pub fn package(c: &mut DbConn, version: VersionId) -> Result<Package> {
    let (mut package, _) = package_of(c, version)?;
    let mut bytes: BTreeMap<String, Vec<u8>> = course_assets::table
        .filter(course_assets::version_id.eq(version))
        .select((course_assets::path, course_assets::bytes))
        .load::<(String, Vec<u8>)>(c)?
        .into_iter()
        .collect();
    for asset in &mut package.assets {
        asset.bytes = bytes.remove(&asset.path).unwrap_or_default();
    }
    Ok(package)
}

/// The versions that an older program rendered.
pub fn rendered_before(c: &mut DbConn) -> Result<Vec<VersionId>> {
    Ok(course_versions::table
        .filter(course_versions::rendering.lt(super::edition::RENDERING))
        .order(course_versions::id.desc())
        .select(course_versions::id)
        .load(c)?)
}

/// The terms of a version in the order of its lessons, each with the key of its lesson.
pub fn terms(c: &mut DbConn, version: VersionId) -> Result<Vec<(Term, String)>> {
    let rows: Vec<(String, String, String, String)> = course_terms::table
        .filter(course_terms::version_id.eq(version))
        .order(course_terms::position.asc())
        .select((course_terms::term, course_terms::anchor, course_terms::explanation, course_terms::lesson_key))
        .load(c)?;
    let term = |(term, anchor, explanation, lesson)| (Term { term, anchor, explanation }, lesson);
    Ok(rows.into_iter().map(term).collect())
}

/// A version as one document; [`super::package::render::HEAD_SLOT`] marks where the page writes its head. `None` until the job of a new program
/// has made it.
pub fn handout(c: &mut DbConn, version: VersionId) -> Result<Option<String>> {
    Ok(course_handouts::table.find(version.0).select(course_handouts::html).first(c).optional()?)
}

/// Every version of a course, newest first.
pub fn versions(c: &mut DbConn, course: CourseId) -> Result<Vec<Version>> {
    Ok(course_versions::table
        .filter(course_versions::course_id.eq(course))
        .order(course_versions::number.desc())
        .select(Version::as_select())
        .load(c)?)
}

/// A course by its code, such as "KT-01".
pub fn by_code(c: &mut DbConn, code: &str) -> Result<Option<CourseId>> {
    Ok(courses::table.filter(courses::code.eq(code)).select(courses::id).first(c).optional()?)
}

/// The version of a course that the catalogue shows.
pub fn current_of(c: &mut DbConn, course: CourseId) -> Result<Option<VersionId>> {
    Ok(courses::table.find(course).select(courses::current_version_id).first(c)?)
}
