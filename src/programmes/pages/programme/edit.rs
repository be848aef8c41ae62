//! Writing a programme down, and changing its terms.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::crumbs;
use crate::{
    accounts::SignedIn,
    app::App,
    platform::{
        error::{Error, FieldErrors, Result},
        http::{Crumb, FormView, Input, Page},
        text,
    },
    programmes::{
        actions::programmes as actions,
        forms,
        guards::programmes::{ManagedProgramme, manages},
        model::programme::Programme,
    },
};

#[derive(Serialize)]
struct EditView {
    crumbs: Vec<Crumb>,
    heading: String,
    action: String,
    is_new: bool,
    form: FormView,
}

fn must_manage(who: &SignedIn) -> Result<()> {
    if manages(who) { Ok(()) } else { Err(Error::Forbidden) }
}

fn render(page: &Page, status: StatusCode, programme: Option<&Programme>, form: FormView) -> Result<HttpResponse> {
    let view = EditView {
        crumbs: crumbs(page, programme),
        heading: page.text(if programme.is_some() { "programme-edit" } else { "programme-create" }),
        action: programme.map_or_else(|| "/chuong-trinh/moi".to_owned(), |known| format!("{}/sua", known.path())),
        is_new: programme.is_none(),
        form,
    };
    page.html_as(status, "programmes/programme_edit", &view)
}

pub async fn blank(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    must_manage(&who)?;
    let today = crate::platform::clock::local_day(app.now().0);
    let form = FormView::with([
        ("period_from", text::date(today)),
        ("validity_months", "36".to_owned()),
        ("notice_days", "60".to_owned()),
    ]);
    render(&page, StatusCode::OK, None, form)
}

pub async fn create(app: web::Data<App>, page: Page, who: SignedIn, input: Input) -> Result<HttpResponse> {
    must_manage(&who)?;
    let mut faults = FieldErrors::default();
    let (code, terms) = (forms::code(&input, &mut faults), forms::terms(&input, &mut faults));
    let (now, by) = (app.now(), who.actor());
    let created = match faults.or(()) {
        Err(error) => Err(error),
        Ok(()) => app.db.write("programmes.create", move |c| actions::create(c, &by, now, &code, &terms)).await,
    };
    match created {
        Ok(programme) => Ok(page.go_saying(&programme.path(), "good", "programme-created")),
        Err(Error::Invalid(faults)) => {
            render(&page, StatusCode::UNPROCESSABLE_ENTITY, None, page.form(&input, &faults))
        }
        Err(error) => Err(error),
    }
}

pub async fn form(page: Page, managed: ManagedProgramme) -> Result<HttpResponse> {
    let programme = managed.0.programme;
    let day = |day: Option<chrono::NaiveDate>| day.map(text::date).unwrap_or_default();
    let form = FormView::with([
        ("title_vi", programme.title_vi.clone()),
        ("title_en", programme.title_en.clone()),
        ("document_number", programme.document_number.clone()),
        ("document_date", day(programme.document_date)),
        ("document_issuer", programme.document_issuer.clone()),
        ("document_subject", programme.document_subject.clone()),
        ("cap", programme.cap.to_string()),
        ("period_from", text::date(programme.period_from)),
        ("period_to", day(programme.period_to)),
        ("validity_months", programme.validity_months.map(|months| months.to_string()).unwrap_or_default()),
        ("notice_days", programme.notice_days.to_string()),
    ]);
    render(&page, StatusCode::OK, Some(&programme), form)
}

pub async fn change(app: web::Data<App>, page: Page, managed: ManagedProgramme, input: Input) -> Result<HttpResponse> {
    let mut faults = FieldErrors::default();
    let terms = forms::terms(&input, &mut faults);
    let (now, by, programme) = (app.now(), managed.0.who.actor(), managed.0.programme);
    let known = programme.clone();
    let changed = match faults.or(()) {
        Err(error) => Err(error),
        Ok(()) => app.db.write("programmes.change", move |c| actions::change(c, &by, now, &known, &terms)).await,
    };
    match changed {
        Ok(()) => Ok(page.go_saying(&programme.path(), "good", "programme-changed")),
        Err(Error::Invalid(faults)) => {
            render(&page, StatusCode::UNPROCESSABLE_ENTITY, Some(&programme), page.form(&input, &faults))
        }
        Err(error) => Err(error),
    }
}
