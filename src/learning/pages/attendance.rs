//! `/lop/{code}/du-buoi`: how many of its sessions a class asks its learners to attend, said before it begins.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use crate::{
    app::App,
    learning::{
        actions, forms,
        guards::ManagerOf,
        model::{Phase, Run},
    },
    platform::{
        error::{Error, FieldErrors, Result},
        http::{Choice, Crumb, FormView, Input, Page},
    },
};

#[derive(Serialize)]
struct AttendanceView {
    code: String,
    title: String,
    sessions: i64,
    choices: Vec<Choice>,
    form: FormView,
    crumbs: Vec<Crumb>,
}

pub fn choices(page: &Page) -> Vec<Choice> {
    let choice = |value, key: &'static str| Choice::new(value, page.text(key));
    vec![
        choice("none", "learning-attendance-none"),
        choice("least", "learning-attendance-least"),
        choice("all", "learning-attendance-all"),
    ]
}

/// Whether the rule may still be changed: before the class begins, or as long as nobody is in it.
pub fn may_change(run: &Run, now: crate::platform::db::Moment) -> bool {
    run.phase(now) == Phase::Coming || (run.phase(now) == Phase::Running && run.taken == 0)
}

pub async fn show(app: web::Data<App>, page: Page, manager: ManagerOf) -> Result<HttpResponse> {
    if !may_change(&manager.run, app.now()) {
        return Err(Error::refused("learning-attendance-late"));
    }
    let (choice, least) = match manager.run.sessions_needed {
        None => ("none", String::new()),
        Some(0) => ("all", String::new()),
        Some(least) => ("least", least.to_string()),
    };
    let form = FormView::with([("attendance", choice.to_owned()), ("sessions", least)]);
    render(&page, manager.run, StatusCode::OK, form)
}

fn render(page: &Page, run: Run, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let view = AttendanceView {
        crumbs: vec![
            Crumb::new(page.text("learning-runs-title"), "/lop"),
            Crumb::new(run.title.clone(), format!("/lop/{}", run.code)),
        ],
        code: run.code,
        title: run.title,
        sessions: run.sessions,
        choices: choices(page),
        form,
    };
    page.html_as(status, "learning/attendance", &view)
}

pub async fn change(app: web::Data<App>, page: Page, manager: ManagerOf, input: Input) -> Result<HttpResponse> {
    let (now, by, id) = (app.now(), manager.who.actor(), manager.run.id);
    let mut errors = FieldErrors::default();
    let needed = forms::sessions_needed(&input, &mut errors);
    let changed = match errors.or(needed) {
        Ok(needed) => {
            let write = move |c: &mut _| actions::set_sessions_needed(c, now, &by, id, needed);
            app.db.write("class.attendance", write).await
        }
        Err(error) => Err(error),
    };
    match changed {
        Ok(run) => Ok(page.go_saying(&format!("/lop/{}", run.code), "good", "learning-attendance-changed")),
        Err(Error::Invalid(errors)) => {
            let form = page.form(&input, &errors);
            render(&page, manager.run, StatusCode::UNPROCESSABLE_ENTITY, form)
        }
        Err(other) => Err(other),
    }
}
