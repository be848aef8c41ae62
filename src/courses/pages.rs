//! The catalogue, the lessons that are open to everybody, and the files of courses. The page of one course shows its class
//! runs too, so the slice `learning` serves it.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use serde::{Deserialize, Serialize};

use super::{
    guards::AssetOf,
    model::{Listed, Outline, pieces},
    queries,
};
use crate::{
    app::App,
    platform::{
        error::{Error, Result},
        http::{Crumb, Page, SafeHtml},
        i18n::Message,
        text::tidy,
    },
};

mod papers;

pub(super) use papers::{glossary, handout};

/// A search is cut to this many characters.
const LONGEST_QUERY: usize = 200;

#[derive(Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
struct CatalogueView {
    q: String,
    courses: Vec<CourseView>,
    /// What the search found, in words; empty without one.
    found: String,
}

#[derive(Serialize)]
struct CourseView {
    code: String,
    slug: String,
    title: String,
    summary: String,
    facts: String,
}

impl CourseView {
    fn new(course: Listed, page: &Page) -> Self {
        let version = &course.version;
        Self {
            title: version.title(page.locale()).to_owned(),
            summary: version.summary(page.locale()).to_owned(),
            facts: page.text(
                Message::new("courses-facts")
                    .with("lessons", course.lessons)
                    .with("minutes", i64::from(version.minutes)),
            ),
            code: course.code,
            slug: course.slug,
        }
    }
}

pub(super) async fn catalogue(app: web::Data<App>, page: Page, search: web::Query<Search>) -> Result<HttpResponse> {
    let q: String = tidy(&search.q).chars().take(LONGEST_QUERY).collect();
    let query = q.clone();
    let found = app.db.read(move |c| queries::catalogue(c, &query)).await?;
    let courses: Vec<CourseView> = found.into_iter().map(|course| CourseView::new(course, &page)).collect();
    let count = i64::try_from(courses.len()).unwrap_or_default();
    let found = Message::new("courses-found").with("count", count).with("query", q.clone());
    let found = if q.is_empty() { String::new() } else { page.text(found) };
    page.html("courses/catalogue", &CatalogueView { q, courses, found })
}

#[derive(Serialize)]
struct LessonView {
    title: String,
    course: String,
    course_code: String,
    course_vi: String,
    version: i32,
    reviewed: chrono::NaiveDate,
    slug: String,
    module: String,
    number: usize,
    total: usize,
    minutes: i32,
    html: Vec<SafeHtml>,
    has_checks: bool,
    previous: Option<LinkView>,
    next: Option<LinkView>,
    crumbs: Vec<Crumb>,
}

#[derive(Serialize)]
struct LinkView {
    title: String,
    slug: String,
    is_open: bool,
}

#[derive(Serialize)]
struct ClosedView {
    title: String,
    course: String,
    slug: String,
    crumbs: Vec<Crumb>,
}

/// A lesson that is open, for everybody; the way to enrol where it is not.
pub(super) async fn lesson(app: web::Data<App>, page: Page, path: web::Path<(String, String)>) -> Result<HttpResponse> {
    let (course, lesson) = path.into_inner();
    let (outline, html) = app
        .db
        .read(move |c| {
            let outline = queries::current(c, &course)?.ok_or(Error::NotFound)?;
            let is_open = outline.place(&lesson).ok_or(Error::NotFound)?.lesson.is_open;
            let html = if is_open { queries::lesson_html(c, outline.version.id, &lesson)? } else { String::new() };
            Ok::<_, Error>(((outline, lesson), html))
        })
        .await?;
    let (outline, lesson) = outline;
    let place = outline.place(&lesson).ok_or(Error::NotFound)?;
    let course = outline.version.title(page.locale()).to_owned();
    let crumbs = crumbs(&page, &outline, &course);
    if !place.lesson.is_open {
        let view = ClosedView { title: place.lesson.title.clone(), course, slug: outline.slug.clone(), crumbs };
        return page.html_as(StatusCode::FORBIDDEN, "courses/closed_lesson", &view);
    }
    let pieces = pieces(&html);
    let link = |lesson: &super::model::LessonOutline| LinkView {
        title: lesson.title.clone(),
        slug: lesson.slug.clone(),
        is_open: lesson.is_open,
    };
    let view = LessonView {
        title: place.lesson.title.clone(),
        course,
        course_code: outline.code.clone(),
        course_vi: outline.version.title_vi.clone(),
        version: outline.version.number,
        reviewed: outline.course.legal_review,
        slug: outline.slug.clone(),
        module: place.module.title.clone(),
        number: place.number,
        total: place.total,
        minutes: place.lesson.minutes,
        has_checks: pieces.iter().any(|piece| piece.check.is_some()),
        html: pieces.iter().map(|piece| SafeHtml::vouched(piece.html.to_owned())).collect(),
        previous: place.previous.map(link),
        next: place.next.map(link),
        crumbs,
    };
    page.html("courses/lesson", &view)
}

fn crumbs(page: &Page, outline: &Outline, course: &str) -> Vec<Crumb> {
    vec![
        Crumb::new(page.text("courses-catalogue-title"), "/khoa-hoc"),
        Crumb::new(course.to_owned(), format!("/khoa-hoc/{}", outline.slug)),
    ]
}

/// A picture, film or paper of a version. Its address comes from the hash of the version, so what lies there never changes. What an author made
/// is never allowed to act as the site.
pub(super) async fn asset(asset: AssetOf) -> HttpResponse {
    let AssetOf { media_type, bytes, is_open } = asset;
    let who = if is_open { "public" } else { "private" };
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CACHE_CONTROL, format!("{who}, max-age=31536000, immutable")))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(bytes)
}
