//! Putting a target in force, closing it before its time, and naming what replaces it.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use crate::{
    app::App,
    platform::{
        error::{Error, FieldErrors, Result},
        http::{Choice, Crumb, FormView, Input, Page},
    },
    targets::{
        actions, forms,
        guards::ManagedTarget,
        model::{Deed, Target, TargetState},
        pages::title,
        queries,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/chi-tieu/{code}/thi-hanh").post(put_in_force));
    cfg.service(web::resource("/chi-tieu/{code}/ket-thuc").get(show_close).post(close));
    cfg.service(web::resource("/chi-tieu/{code}/thay-the").get(show_supersede).post(supersede));
}

#[derive(Serialize)]
struct EndView {
    crumbs: Vec<Crumb>,
    heading: String,
    lead: String,
    button: String,
    target: String,
    action: String,
    form: FormView,
    /// What may replace it; empty where it is only closed.
    successors: Vec<Choice>,
    asks_successor: bool,
}

async fn put_in_force(app: web::Data<App>, page: Page, managed: ManagedTarget) -> Result<HttpResponse> {
    let (now, by, id) = (app.now(), managed.who.actor(), managed.target.id);
    app.db.write("targets.put-in-force", move |c| actions::put_in_force(c, &by, now, id)).await?;
    Ok(page.go_saying(&format!("/chi-tieu/{}", managed.target.code), "good", "targets-put-in-force"))
}

/// Which of the two endings.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Close,
    Supersede,
}

async fn render(
    app: &App,
    page: &Page,
    status: StatusCode,
    target: &Target,
    end: End,
    form: FormView,
) -> Result<HttpResponse> {
    let others = if end == End::Supersede { app.db.read(|c| queries::list(c, true)).await? } else { Vec::new() };
    let option = |other: &Target| Choice::new(other.code.as_str(), title(page, other));
    let (heading, lead, button, last) = match end {
        End::Close => ("targets-close", "targets-close-lead", "targets-close-do", "ket-thuc"),
        End::Supersede => ("targets-supersede", "targets-supersede-lead", "targets-supersede-do", "thay-the"),
    };
    let path = format!("/chi-tieu/{}", target.code);
    let view = EndView {
        heading: page.text(heading),
        lead: page.text(lead),
        button: page.text(button),
        target: title(page, target),
        action: format!("{path}/{last}"),
        crumbs: vec![Crumb::new(page.text("targets-title"), "/chi-tieu"), Crumb::new(title(page, target), path)],
        form,
        successors: others
            .iter()
            .filter(|other| other.id != target.id && other.state != TargetState::Superseded)
            .map(option)
            .collect(),
        asks_successor: end == End::Supersede,
    };
    page.html_as(status, "targets/end", &view)
}

async fn show_close(app: web::Data<App>, page: Page, managed: ManagedTarget) -> Result<HttpResponse> {
    if managed.target.state != TargetState::InForce {
        return Err(Error::refused("targets-refused-not-in-force"));
    }
    render(&app, &page, StatusCode::OK, &managed.target, End::Close, FormView::default()).await
}

async fn show_supersede(app: web::Data<App>, page: Page, managed: ManagedTarget) -> Result<HttpResponse> {
    if managed.target.state == TargetState::Superseded {
        return Err(Error::refused("targets-refused-superseded"));
    }
    render(&app, &page, StatusCode::OK, &managed.target, End::Supersede, FormView::default()).await
}

fn deed(input: &Input) -> Result<Deed> {
    let mut faults = FieldErrors::default();
    let deed = forms::deed(input, &mut faults);
    faults.or(deed)
}

async fn close(app: web::Data<App>, page: Page, managed: ManagedTarget, input: Input) -> Result<HttpResponse> {
    let ManagedTarget { who, target } = managed;
    let (now, by, id) = (app.now(), who.actor(), target.id);
    let done = match deed(&input) {
        Err(error) => Err(error),
        Ok(deed) => app.db.write("targets.close", move |c| actions::close(c, &by, now, id, &deed)).await,
    };
    finish(&app, &page, &target, End::Close, &input, done).await
}

async fn supersede(app: web::Data<App>, page: Page, managed: ManagedTarget, input: Input) -> Result<HttpResponse> {
    let ManagedTarget { who, target } = managed;
    let (now, by, id, code) = (app.now(), who.actor(), target.id, input.text("successor"));
    let done = match deed(&input) {
        Err(error) => Err(error),
        Ok(deed) => {
            app.db
                .write("targets.supersede", move |c| {
                    let next = match queries::by_code(c, &code) {
                        Err(Error::NotFound) => Err(FieldErrors::one("successor", "targets-fault-successor")),
                        other => other,
                    }?;
                    actions::supersede(c, &by, now, id, next.id, &deed)
                })
                .await
        }
    };
    finish(&app, &page, &target, End::Supersede, &input, done).await
}

async fn finish(
    app: &App,
    page: &Page,
    target: &Target,
    end: End,
    input: &Input,
    done: Result<()>,
) -> Result<HttpResponse> {
    match done {
        Ok(()) => {
            let said = if end == End::Close { "targets-closed" } else { "targets-superseded" };
            Ok(page.go_saying(&format!("/chi-tieu/{}", target.code), "good", said))
        }
        Err(Error::Invalid(faults)) => {
            let form = page.form(input, &faults);
            render(app, page, StatusCode::UNPROCESSABLE_ENTITY, target, end, form).await
        }
        Err(error) => Err(error),
    }
}
