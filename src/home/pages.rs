//! The first page, and the living page of styles.

use actix_web::{HttpResponse, web};

use crate::{
    access::Permission,
    accounts::{MaybeSignedIn, SignedIn},
    platform::{
        error::{FieldErrors, Result},
        http::{FormView, Input, Page},
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/").get(show)).service(web::resource("/kieu-dang").get(styleguide));
}

#[derive(serde::Serialize)]
struct HomeView {}

async fn show(page: Page, who: MaybeSignedIn) -> Result<HttpResponse> {
    let template = if who.0.is_some() { "home/signed_in" } else { "home/welcome" };
    page.html(template, &HomeView {})
}

#[derive(serde::Serialize)]
struct StyleguideView {
    form: FormView,
    form_bad: FormView,
    groups: Vec<Choice>,
    units: Vec<Choice>,
    pages: Pages,
}

#[derive(serde::Serialize)]
struct Choice {
    value: &'static str,
    label: String,
}

#[derive(serde::Serialize)]
struct Pages {
    summary: String,
    previous: Option<&'static str>,
    next: Option<&'static str>,
}

/// Every component in every state, for those who build pages.
async fn styleguide(page: Page, who: SignedIn) -> Result<HttpResponse> {
    who.require(Permission::ManageSystem)?;
    let choice = |value, key: &'static str| Choice { value, label: page.text(key) };
    let mut errors = FieldErrors::default();
    errors.add("identifier", "sign-in-identifier-missing");
    let view = StyleguideView {
        form: FormView::default(),
        form_bad: page.form(&Input::parse(b"identifier="), &errors),
        groups: vec![
            choice("leaders", "accounts-category-leaders"),
            choice("technology", "accounts-category-technology"),
            choice("other", "accounts-category-other"),
        ],
        units: vec![choice("other", "accounts-category-other")],
        pages: Pages { summary: page.text("styleguide-pages"), previous: None, next: Some("/kieu-dang") },
    };
    page.html("styleguide/index", &view)
}
