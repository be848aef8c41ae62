//! `/lop/{code}/so-cho`: how many seats a class has, changed while it lives.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use crate::{
    app::App,
    learning::{actions, guards::ManagerOf, model::Run, queries},
    platform::{
        error::{Error, FieldErrors, Result},
        http::{Crumb, FormView, Input, Page},
        i18n::Message,
    },
};

#[derive(Serialize)]
struct CapacityView {
    code: String,
    title: String,
    taken: i64,
    capacity: Option<i64>,
    waiting: i64,
    form: FormView,
    crumbs: Vec<Crumb>,
}

pub async fn show(app: web::Data<App>, page: Page, manager: ManagerOf) -> Result<HttpResponse> {
    let run = manager.run;
    if app.now() >= run.closes_at {
        return Err(Error::refused("learning-capacity-over"));
    }
    let seats = run.capacity.map(|seats| seats.to_string()).unwrap_or_default();
    render(&app, &page, run, StatusCode::OK, FormView::with([("capacity", seats)])).await
}

async fn render(app: &App, page: &Page, run: Run, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let id = run.id;
    let waiting = app.db.read(move |c| queries::waiting_count(c, id)).await?;
    let view = CapacityView {
        crumbs: vec![
            Crumb::new(page.text("learning-runs-title"), "/lop"),
            Crumb::new(run.title.clone(), format!("/lop/{}", run.code)),
        ],
        code: run.code,
        title: run.title,
        taken: run.taken,
        capacity: run.capacity,
        waiting,
        form,
    };
    page.html_as(status, "learning/capacity", &view)
}

pub async fn change(app: web::Data<App>, page: Page, manager: ManagerOf, input: Input) -> Result<HttpResponse> {
    let (now, by, id) = (app.now(), manager.who.actor(), manager.run.id);
    let seats = input.text("capacity").replace(['.', ' '], "");
    let changed = match seats.parse::<i64>() {
        Ok(seats) => app.db.write("class.capacity", move |c| actions::set_capacity(c, now, &by, id, seats)).await,
        Err(_) => Err(FieldErrors::one("capacity", "learning-run-capacity-form")),
    };
    match changed {
        Ok(run) => {
            let said = Message::new("learning-capacity-changed")
                .with("seats", run.capacity.unwrap_or_default())
                .with("taken", run.taken);
            Ok(page.go_saying(&format!("/lop/{}", run.code), "good", said))
        }
        Err(Error::Invalid(errors)) => {
            let form = page.form(&input, &errors);
            render(&app, &page, manager.run, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
        Err(other) => Err(other),
    }
}
