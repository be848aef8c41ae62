//! The page of one course: what it teaches, its lessons, and the class runs one can get into.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::{phase_tag, seats};
use crate::{
    access::PersonId,
    accounts::MaybeSignedIn,
    app::App,
    courses::{model::Outline, queries as courses},
    learning::{
        model::{EnrolmentMode, Phase, Run},
        queries::{self, Prerequisite},
    },
    organisations::{model::Unit, queries as organisations},
    platform::{
        error::{Error, Result},
        http::{Crumb, Page, Tag},
        i18n::Message,
    },
};

#[derive(Serialize)]
struct CourseView {
    code: String,
    slug: String,
    title: String,
    summary: String,
    minutes: i32,
    lessons: usize,
    periods: u32,
    objectives: Vec<String>,
    audience: Vec<String>,
    reviewed: chrono::NaiveDate,
    version: i32,
    /// The courses to be completed before this one.
    before: Vec<BeforeView>,
    modules: Vec<ModuleView>,
    tests: Vec<TestView>,
    runs: Vec<RunView>,
    signed_in: bool,
    /// Anybody may read all of it.
    is_open: bool,
    crumbs: Vec<Crumb>,
}

#[derive(Serialize)]
struct BeforeView {
    code: String,
    /// Empty where this site does not hold the course.
    title: String,
    slug: String,
    is_completed: bool,
}

#[derive(Serialize)]
struct ModuleView {
    number: usize,
    title: String,
    aim: String,
    lessons: Vec<LessonView>,
}

#[derive(Serialize)]
struct LessonView {
    slug: String,
    title: String,
    minutes: i32,
    is_open: bool,
}

#[derive(Serialize)]
struct TestView {
    title: String,
    questions: u32,
    minutes: u32,
    pass_percent: u32,
}

#[derive(Serialize)]
struct RunView {
    code: String,
    title: String,
    unit: String,
    opens: chrono::NaiveDate,
    closes: chrono::NaiveDate,
    phase: Tag,
    seats: String,
    is_mine: bool,
    /// One press enrols.
    can_enrol: bool,
    needs_code: bool,
    is_full: bool,
}

pub async fn show(
    app: web::Data<App>,
    page: Page,
    who: MaybeSignedIn,
    slug: web::Path<String>,
) -> Result<HttpResponse> {
    let now = app.now();
    let me: Option<PersonId> = who.0.as_ref().map(|who| who.id());
    let slug = slug.into_inner();
    let (outline, before, runs) = app
        .db
        .read(move |c| {
            let outline = courses::current(c, &slug)?.ok_or(Error::NotFound)?;
            let before = queries::prerequisites(c, outline.version.id, me)?;
            let runs = queries::runs_of_course(c, now, outline.version.course_id)?;
            let units = organisations::by_ids(c, &runs.iter().map(|run| run.unit_id).collect::<Vec<_>>())?;
            let ids: Vec<_> = runs.iter().map(|run| run.id).collect();
            let mine = me.map(|me| queries::active_in(c, me, &ids)).transpose()?.unwrap_or_default();
            let shown = runs.into_iter().map(|run| (units.get(&run.unit_id).cloned(), mine.contains(&run.id), run));
            Ok::<_, Error>((outline, before, shown.collect::<Vec<_>>()))
        })
        .await?;
    let runs = runs.into_iter().map(|(unit, is_mine, run)| run_view(&page, now, run, unit.as_ref(), is_mine)).collect();
    page.html("courses/course", &view(&page, outline, before, runs, me.is_some()))
}

fn run_view(page: &Page, now: crate::platform::db::Moment, run: Run, unit: Option<&Unit>, is_mine: bool) -> RunView {
    let phase = run.phase(now);
    let free = run.has_seats() && !is_mine && phase != Phase::Over;
    RunView {
        unit: unit.map(|unit| unit.name(page.locale()).to_owned()).unwrap_or_default(),
        opens: run.first_day(),
        closes: run.last_day(),
        phase: phase_tag(page, phase),
        seats: seats(page, &run),
        can_enrol: free && run.enrolment == EnrolmentMode::Open,
        needs_code: free && run.enrolment == EnrolmentMode::Code,
        is_full: !run.has_seats() && !is_mine,
        is_mine,
        code: run.code,
        title: run.title,
    }
}

fn before_view(page: &Page, one: Prerequisite) -> BeforeView {
    let (slug, title) =
        one.course.map(|(slug, version)| (slug, version.title(page.locale()).to_owned())).unwrap_or_default();
    BeforeView { code: one.code, title, slug, is_completed: one.is_completed }
}

fn view(page: &Page, outline: Outline, before: Vec<Prerequisite>, runs: Vec<RunView>, signed_in: bool) -> CourseView {
    let audience = |kind| {
        let name = serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
        page.text(Message::new(format!("accounts-category-{name}")))
    };
    CourseView {
        title: outline.version.title(page.locale()).to_owned(),
        summary: outline.version.summary(page.locale()).to_owned(),
        minutes: outline.version.minutes,
        lessons: outline.lessons().count(),
        periods: outline.course.periods,
        objectives: outline.course.objectives.clone(),
        audience: outline.course.audience.iter().copied().map(audience).collect(),
        reviewed: outline.course.legal_review,
        version: outline.version.number,
        before: before.into_iter().map(|one| before_view(page, one)).collect(),
        modules: outline
            .modules
            .iter()
            .enumerate()
            .map(|(index, module)| ModuleView {
                number: index + 1,
                title: module.title.clone(),
                aim: module.aim.clone(),
                lessons: module
                    .lessons
                    .iter()
                    .map(|lesson| LessonView {
                        slug: lesson.slug.clone(),
                        title: lesson.title.clone(),
                        minutes: lesson.minutes,
                        is_open: lesson.is_open,
                    })
                    .collect(),
            })
            .collect(),
        tests: outline
            .assessments
            .iter()
            .map(|test| TestView {
                title: test.title.clone(),
                questions: test.questions(),
                minutes: test.minutes,
                pass_percent: test.pass_percent,
            })
            .collect(),
        runs,
        signed_in,
        is_open: outline.is_open(),
        crumbs: vec![Crumb::new(page.text("courses-catalogue-title"), "/khoa-hoc")],
        code: outline.code,
        slug: outline.slug,
    }
}
