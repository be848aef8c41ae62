//! The published courses for other programs; they are the same for everybody.

use actix_web::web;

use super::{model::Listed as Course, queries};
use crate::{
    accounts::guards::ApiCall,
    app::App,
    platform::{
        db::Moment,
        error::Result,
        http::api::{AFTER, Answer, LIMIT, Listed, Operation},
    },
};

pub fn operations() -> Vec<Operation> {
    vec![Operation::get(
        "/courses",
        "listCourses",
        "courses",
        "Courses that are published, each in its current version, by code.",
        &[AFTER, LIMIT],
        list,
    )]
}

crate::record! {
    /// A course in its current version.
    pub struct CourseRecord {
        code: String,
        /// Its name in addresses: /khoa-hoc/{slug}.
        slug: String,
        title_vi: String,
        title_en: String,
        summary_vi: String,
        summary_en: String,
        /// The number of the version, from 1.
        version: i32,
        /// SHA-256 of the whole content of the version.
        hash: String,
        published_at: Moment,
        lessons: i64,
        /// How long its lessons take, by their length.
        minutes: i32,
    }
}

impl From<Course> for CourseRecord {
    fn from(course: Course) -> Self {
        let version = course.version;
        Self {
            code: course.code,
            slug: course.slug,
            title_vi: version.title_vi,
            title_en: version.title_en,
            summary_vi: version.summary_vi,
            summary_en: version.summary_en,
            version: version.number,
            hash: version.hash,
            published_at: version.imported_at,
            lessons: course.lessons,
            minutes: version.minutes,
        }
    }
}

async fn list(app: web::Data<App>, call: ApiCall) -> Result<Answer<Listed<CourseRecord>>> {
    let all = app.db.read(|c| queries::catalogue(c, "")).await?;
    let page = Listed::page(all, &call.asked.after(), call.asked.limit(), |course| course.code.clone());
    Ok(Answer(page.map(CourseRecord::from)))
}
