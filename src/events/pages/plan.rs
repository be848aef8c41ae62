//! Planning a session with its first site, and changing when it is and what it is called.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{crumbs, crumbs_below, kinds};
use crate::{
    app::App,
    events::{
        actions,
        forms::{SiteForm, read_session, typed_time},
        guards::SessionManager,
    },
    learning::{guards::ManagerOf, model::Run},
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        error::{Error, FieldErrors, Result},
        http::{Choice, Crumb, FormView, Input, Page},
        text::date,
    },
};

#[derive(Serialize)]
struct PlanView {
    crumbs: Vec<Crumb>,
    path: String,
    opens: chrono::NaiveDate,
    closes: chrono::NaiveDate,
    kinds: Vec<Choice>,
    form: FormView,
}

pub async fn form(app: web::Data<App>, page: Page, manager: ManagerOf) -> Result<HttpResponse> {
    let unit = manager.run.unit_id;
    let unit = app.db.read(move |c| organisations::unit(c, unit)).await?;
    render(&page, &manager.run, StatusCode::OK, FormView::with([("unit", unit.code)]))
}

fn render(page: &Page, run: &Run, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let view = PlanView {
        crumbs: crumbs(page, run, true),
        path: format!("/lop/{}/buoi", run.code),
        opens: run.first_day(),
        closes: run.last_day(),
        kinds: kinds(page),
        form,
    };
    page.html_as(status, "events/plan", &view)
}

pub async fn plan(app: web::Data<App>, page: Page, manager: ManagerOf, input: Input) -> Result<HttpResponse> {
    let (now, by, run) = (app.now(), manager.who.actor(), manager.run.id);
    let site = SiteForm::read(&input);
    let planned = match read_session(&input) {
        Ok(new) => {
            let write = move |c: &mut _| {
                let site = site.checked(c, new.starts_at)?;
                actions::plan(c, now, &by, run, &new, &site)
            };
            app.db.write("events.plan", write).await
        }
        // Both halves of the form are said to be wrong at once.
        Err(Error::Invalid(mut errors)) => {
            let faults = app.db.read(move |c| Ok::<_, Error>(site.checked(c, now).err())).await?;
            if let Some(Error::Invalid(more)) = faults {
                errors.0.extend(more.0);
            }
            Err(Error::Invalid(errors))
        }
        Err(error) => Err(error),
    };
    match planned {
        Ok(session) => Ok(page.go_saying(&session.path(&manager.run.code), "good", "events-planned")),
        Err(error) => {
            let (status, errors) = told(error)?;
            render(&page, &manager.run, status, page.form(&input, &errors))
        }
    }
}

/// A refusal is shown on the page it came from, with its own status.
pub fn told(error: Error) -> Result<(StatusCode, FieldErrors)> {
    match error {
        Error::Invalid(errors) => Ok((StatusCode::UNPROCESSABLE_ENTITY, errors)),
        Error::Refused(message) => Ok((StatusCode::CONFLICT, FieldErrors(vec![("", message)]))),
        other => Err(other),
    }
}

#[derive(Serialize)]
struct ChangeView {
    crumbs: Vec<Crumb>,
    path: String,
    kinds: Vec<Choice>,
    form: FormView,
}

pub async fn change_form(app: web::Data<App>, page: Page, manager: SessionManager) -> Result<HttpResponse> {
    let session = &manager.0.session;
    if !session.is_open(app.now()) {
        return Err(Error::refused("events-not-open"));
    }
    let form = FormView::with([
        ("title", session.title.clone()),
        ("kind", session.kind.to_string()),
        ("day", date(local_day(session.starts_at.0))),
        ("from", typed_time(session.starts_at)),
        ("to", typed_time(session.ends_at)),
    ]);
    render_change(&page, &manager, StatusCode::OK, form)
}

fn render_change(page: &Page, manager: &SessionManager, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let seen = &manager.0;
    let view = ChangeView { crumbs: crumbs_below(page, seen), path: seen.path(), kinds: kinds(page), form };
    page.html_as(status, "events/change", &view)
}

pub async fn change(app: web::Data<App>, page: Page, manager: SessionManager, input: Input) -> Result<HttpResponse> {
    let (now, by, run, number) = (app.now(), manager.0.who.actor(), manager.0.run.id, manager.0.session.number);
    let changed = match read_session(&input) {
        Ok(new) => {
            app.db.write("events.change", move |c| actions::change(c, now, &by, run, number, &new)).await.map(drop)
        }
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => Ok(page.go_saying(&manager.0.path(), "good", "events-changed")),
        Err(error) => {
            let (status, errors) = told(error)?;
            render_change(&page, &manager, status, page.form(&input, &errors))
        }
    }
}
