//! The glossary and the handout of a class's version, for those who may read all its lessons.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::{
    app::App,
    courses::{
        model::{Handout, LessonOutline, Line, lines},
        queries as courses,
    },
    learning::{
        actions,
        guards::VisitorOf,
        model::{Phase, Run, lesson_path},
    },
    platform::{
        db::Moment,
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

/// Learners from the first day of their class, those who see the class at any time.
fn must_read(visitor: &VisitorOf, now: Moment) -> Result<()> {
    match (visitor.rights.see || visitor.rights.manage, &visitor.enrolment) {
        (true, _) => Ok(()),
        (false, Some(_)) if visitor.run.phase(now) == Phase::Coming => actions::must_be_running(&visitor.run, now),
        (false, Some(_)) => Ok(()),
        (false, None) => Err(Error::Forbidden),
    }
}

fn crumbs(page: &Page, run: &Run) -> Vec<Crumb> {
    vec![
        Crumb::new(page.text("learning-mine-title"), "/hoc"),
        Crumb::new(run.title.clone(), format!("/lop/{}", run.code)),
    ]
}

pub async fn glossary(app: web::Data<App>, page: Page, visitor: VisitorOf) -> Result<HttpResponse> {
    must_read(&visitor, app.now())?;
    let version = visitor.run.version_id;
    let (outline, terms) =
        app.db.read(move |c| Ok::<_, Error>((courses::outline(c, version)?, courses::terms(c, version)?))).await?;
    // The lessons of a class are its learners'; whoever only sees the class reads them in the handout.
    let (code, learns) = (&visitor.run.code, visitor.enrolment.is_some());
    let href = |number: usize, lesson: &LessonOutline, anchor: &str| match learns {
        true => format!("{}#{anchor}", lesson_path(code, &lesson.slug)),
        false => format!("/lop/{code}/tai-lieu-phat-tay#b{number}-{anchor}"),
    };
    let (lines, _) = lines(&outline, terms, |_| true, href);
    let view = GlossaryView {
        course: outline.version.title(page.locale()).to_owned(),
        lines,
        hidden: 0,
        crumbs: crumbs(&page, &visitor.run),
    };
    page.html("courses/glossary", &view)
}

#[derive(Serialize)]
struct HandoutView {
    handout: Handout,
    crumbs: Vec<Crumb>,
}

pub async fn handout(app: web::Data<App>, page: Page, visitor: VisitorOf) -> Result<HttpResponse> {
    must_read(&visitor, app.now())?;
    let version = visitor.run.version_id;
    let (outline, html) =
        app.db.read(move |c| Ok::<_, Error>((courses::outline(c, version)?, courses::handout(c, version)?))).await?;
    let handout = Handout::new(&outline, &html.ok_or(Error::NotFound)?);
    page.html("courses/handout", &HandoutView { handout, crumbs: crumbs(&page, &visitor.run) })
}
