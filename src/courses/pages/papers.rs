//! The glossary and the handout of a course, as far as anybody may read its lessons. Those of a class are served by `learning`.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{ClosedView, crumbs};
use crate::{
    app::App,
    courses::{
        model::{Handout, LessonOutline, Line, lines},
        queries,
    },
    platform::{
        as_i64,
        error::{Error, Result},
        http::{Crumb, Page},
    },
};

#[derive(Serialize)]
struct GlossaryView {
    course: String,
    lines: Vec<Line>,
    hidden: i64,
    crumbs: Vec<Crumb>,
}

pub(in crate::courses) async fn glossary(
    app: web::Data<App>,
    page: Page,
    course: web::Path<String>,
) -> Result<HttpResponse> {
    let course = course.into_inner();
    let (outline, terms) = app
        .db
        .read(move |c| {
            let outline = queries::current(c, &course)?.ok_or(Error::NotFound)?;
            let terms = queries::terms(c, outline.version.id)?;
            Ok::<_, Error>((outline, terms))
        })
        .await?;
    let title = outline.version.title(page.locale()).to_owned();
    let href = |_: usize, lesson: &LessonOutline, anchor: &str| {
        format!("/khoa-hoc/{}/bai/{}#{anchor}", outline.slug, lesson.slug)
    };
    let (lines, hidden) = lines(&outline, terms, |lesson| lesson.is_open, href);
    let hidden = as_i64(hidden);
    let crumbs = crumbs(&page, &outline, &title);
    page.html("courses/glossary", &GlossaryView { course: title, lines, hidden, crumbs })
}

#[derive(Serialize)]
struct HandoutView {
    handout: Handout,
    crumbs: Vec<Crumb>,
}

/// For everybody where all lessons are open; the way to enrol where one is not.
pub(in crate::courses) async fn handout(
    app: web::Data<App>,
    page: Page,
    course: web::Path<String>,
) -> Result<HttpResponse> {
    let course = course.into_inner();
    let (outline, html) = app
        .db
        .read(move |c| {
            let outline = queries::current(c, &course)?.ok_or(Error::NotFound)?;
            let html = match outline.is_open() {
                true => queries::handout(c, outline.version.id)?,
                false => None,
            };
            Ok::<_, Error>((outline, html))
        })
        .await?;
    let title = outline.version.title(page.locale()).to_owned();
    let crumbs = crumbs(&page, &outline, &title);
    if !outline.is_open() {
        let view = ClosedView { title: page.text("courses-handout"), course: title, slug: outline.slug, crumbs };
        return page.html_as(StatusCode::FORBIDDEN, "courses/closed_lesson", &view);
    }
    let handout = Handout::new(&outline, &html.ok_or(Error::NotFound)?);
    page.html("courses/handout", &HandoutView { handout, crumbs })
}
