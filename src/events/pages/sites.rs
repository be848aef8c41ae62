//! Adding a site to a session, changing it, taking it away.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{crumbs_below, plan::told};
use crate::{
    accounts::queries as accounts,
    app::App,
    events::{actions, forms::SiteForm, guards::SessionManager, model::Site},
    organisations::queries as organisations,
    platform::{
        error::{Error, Result},
        http::{Crumb, FormView, Input, Page},
    },
};

#[derive(Serialize)]
struct SiteFormView {
    crumbs: Vec<Crumb>,
    title: String,
    action: String,
    /// Where to take it away, if it may be.
    remove: Option<String>,
    /// Everything but who keeps its list stays as it is once the session has begun.
    is_fixed: bool,
    form: FormView,
}

pub async fn form(app: web::Data<App>, page: Page, manager: SessionManager) -> Result<HttpResponse> {
    if !manager.0.session.is_open(app.now()) {
        return Err(Error::refused("events-not-open"));
    }
    render(&app, &page, &manager, None, StatusCode::OK, FormView::default())
}

fn render(
    app: &App,
    page: &Page,
    manager: &SessionManager,
    site: Option<&Site>,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let (seen, path) = (&manager.0, manager.0.path());
    let is_open = seen.session.is_open(app.now());
    let view = SiteFormView {
        crumbs: crumbs_below(page, seen),
        title: page.text(if site.is_some() { "events-site-change" } else { "events-site-add" }),
        action: site.map_or_else(|| format!("{path}/diem-cau"), |site| format!("{}/sua", site.path(&path))),
        remove: site.filter(|_| is_open && seen.sites.len() > 1).map(|site| format!("{}/bo", site.path(&path))),
        is_fixed: !is_open,
        form,
    };
    page.html_as(status, "events/site_form", &view)
}

pub async fn add(app: web::Data<App>, page: Page, manager: SessionManager, input: Input) -> Result<HttpResponse> {
    let seen = &manager.0;
    let (now, by, run, session) = (app.now(), seen.who.actor(), seen.run.id, seen.session.clone());
    let form = SiteForm::read(&input);
    let write = move |c: &mut _| {
        let new = form.checked(c, session.starts_at)?;
        actions::add_site(c, now, &by, run, session.number, &new)
    };
    match app.db.write("events.site", write).await {
        Ok(_) => Ok(page.go_saying(&manager.0.path(), "good", "events-site-added")),
        Err(error) => {
            let (status, errors) = told(error)?;
            render(&app, &page, &manager, None, status, page.form(&input, &errors))
        }
    }
}

type At = web::Path<(String, i32, i32)>;

fn site_of(manager: &SessionManager, number: i32) -> Result<Site> {
    manager.0.sites.iter().find(|site| site.number == number).cloned().ok_or(Error::NotFound)
}

pub async fn change_form(app: web::Data<App>, page: Page, manager: SessionManager, at: At) -> Result<HttpResponse> {
    let site = site_of(&manager, at.2)?;
    let (unit, keeper) = (site.unit_id, site.keeper);
    let (unit, keeper) =
        app.db.read(move |c| Ok::<_, Error>((organisations::unit(c, unit)?, accounts::person(c, keeper)?))).await?;
    let form = FormView::with([
        ("name", site.name.clone()),
        ("unit", unit.code),
        ("place", site.place.clone()),
        ("link", site.link.clone()),
        ("keeper", keeper.user_name.or(keeper.email).or(keeper.phone).unwrap_or_default()),
    ]);
    render(&app, &page, &manager, Some(&site), StatusCode::OK, form)
}

pub async fn change(
    app: web::Data<App>,
    page: Page,
    manager: SessionManager,
    at: At,
    input: Input,
) -> Result<HttpResponse> {
    let (seen, site) = (&manager.0, site_of(&manager, at.2)?);
    let (now, by, run, session) = (app.now(), seen.who.actor(), seen.run.id, seen.session.clone());
    let (form, number) = (SiteForm::read(&input), site.number);
    let write = move |c: &mut _| {
        let new = form.checked(c, session.starts_at)?;
        actions::change_site(c, now, &by, run, (session.number, number), &new)
    };
    match app.db.write("events.site", write).await {
        Ok(()) => Ok(page.go_saying(&manager.0.path(), "good", "events-site-changed")),
        Err(error) => {
            let (status, errors) = told(error)?;
            render(&app, &page, &manager, Some(&site), status, page.form(&input, &errors))
        }
    }
}

pub async fn remove(
    app: web::Data<App>,
    page: Page,
    manager: SessionManager,
    at: At,
    _: Input,
) -> Result<HttpResponse> {
    let (seen, site) = (&manager.0, site_of(&manager, at.2)?);
    let (now, by, run, session) = (app.now(), seen.who.actor(), seen.run.id, seen.session.number);
    let write = move |c: &mut _| actions::remove_site(c, now, &by, run, (session, site.number));
    app.db.write("events.site", write).await?;
    Ok(page.go_saying(&manager.0.path(), "good", "events-site-removed"))
}
