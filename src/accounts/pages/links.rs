//! One-time links, slips, and the way back for those who forgot their password.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::sign_in::{replace_session, signed_in};
use crate::{
    access::Actor,
    accounts::{actions, guards::Visitor, limiter, links, model::Purpose},
    app::App,
    platform::{
        error::{Error, FieldErrors, Result},
        http::{FormView, Input, Page},
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/mo/{token}").get(show).post(open))
        .service(web::resource("/phieu").get(show_slip).post(find_slip))
        .service(web::resource("/quen-mat-khau").get(show_forgotten).post(forgotten));
}

#[derive(Serialize)]
struct LinkView {
    form: FormView,
    token: String,
    name: String,
    /// `sign-in`, or a purpose for which a password is set.
    signs_in: bool,
    user_name: Option<String>,
}

async fn show(app: web::Data<App>, page: Page, token: web::Path<String>) -> Result<HttpResponse> {
    let now = app.now();
    let code = token.clone();
    let link =
        app.db.read(move |c| links::find(c, now, &code)).await?.ok_or_else(|| Error::refused("accounts-link-over"))?;
    page.html("accounts/link", &view(&link, token.into_inner(), FormView::default()))
}

fn view(link: &links::LiveLink, token: String, form: FormView) -> LinkView {
    LinkView {
        form,
        token,
        name: link.person.full_name(),
        signs_in: link.purpose == Purpose::SignIn,
        user_name: link.person.user_name.clone(),
    }
}

/// Signs in, for a link that does; sets the first or a new password and signs in, for the others.
async fn open(
    app: web::Data<App>,
    page: Page,
    visitor: Visitor,
    token: web::Path<String>,
    input: Input,
) -> Result<HttpResponse> {
    let (now, by, token) = (app.now(), visitor.0, token.into_inner());
    let code = token.clone();
    let link =
        app.db.read(move |c| links::find(c, now, &code)).await?.ok_or_else(|| Error::refused("accounts-link-over"))?;
    let hash = if link.purpose == Purpose::SignIn {
        None
    } else {
        let password = input.raw("password").unwrap_or_default().to_owned();
        let mut checked = actions::check_new_password("password", &password);
        if checked.is_ok() && input.raw("password_again") != Some(password.as_str()) {
            checked = Err(FieldErrors::one("password_again", "accounts-password-differs"));
        }
        if let Err(Error::Invalid(errors)) = checked {
            let view = view(&link, token, page.form(&input, &errors));
            return page.html_as(StatusCode::UNPROCESSABLE_ENTITY, "accounts/link", &view);
        }
        Some(app.passwords.hash(password).await?)
    };
    let (agent, old) = {
        let visit = page.visit();
        (visit.agent.clone(), visit.session_token.clone())
    };
    let session = app
        .db
        .write("accounts.redeem", move |c| {
            let link = links::redeem(c, now, &token)?;
            let by = Actor { person: Some(link.person.id), ..by };
            if let Some(hash) = &hash {
                actions::set_password(c, &by, now, link.person.id, hash, None)?;
            }
            replace_session(c, &by, now, link.person.id, &agent, old.as_deref(), link.purpose.as_str())
        })
        .await?;
    Ok(signed_in(&page, "/", session))
}

#[derive(Serialize)]
struct FormOnly {
    form: FormView,
}

async fn show_slip(page: Page) -> Result<HttpResponse> {
    page.html("accounts/slip_entry", &FormOnly { form: FormView::default() })
}

/// The code of a slip leads to the page where the password is set.
async fn find_slip(app: web::Data<App>, page: Page, input: Input) -> Result<HttpResponse> {
    let code = links::tidy_slip(input.raw("code").unwrap_or_default());
    let (now, address) = (app.now(), page.visit().address);
    let typed = code.clone();
    let found = app
        .db
        .write("accounts.slip", move |c| {
            let tried = limiter::attempt(c, now, "slip", &typed, address)?;
            let found = links::find(c, now, &typed)?;
            if found.is_some() {
                limiter::succeeded(c, &tried)?;
            }
            Ok::<_, Error>(found.is_some())
        })
        .await?;
    if found {
        return Ok(page.go(&format!("/mo/{code}")));
    }
    let mut errors = FieldErrors::default();
    errors.add("code", "accounts-slip-unknown");
    page.html_as(
        StatusCode::UNPROCESSABLE_ENTITY,
        "accounts/slip_entry",
        &FormOnly { form: page.form(&input, &errors) },
    )
}

async fn show_forgotten(page: Page) -> Result<HttpResponse> {
    page.html("accounts/forgotten", &FormOnly { form: FormView::default() })
}

async fn forgotten(app: web::Data<App>, page: Page, visitor: Visitor, input: Input) -> Result<HttpResponse> {
    let identifier = input.text("identifier");
    if identifier.is_empty() || identifier.len() > 300 {
        let mut errors = FieldErrors::default();
        errors.add("identifier", "sign-in-identifier-missing");
        return page.html_as(
            StatusCode::UNPROCESSABLE_ENTITY,
            "accounts/forgotten",
            &FormOnly { form: page.form(&input, &errors) },
        );
    }
    let (now, by, address) = (app.now(), visitor.0, page.visit().address);
    app.db.write("accounts.reset", move |c| actions::request_reset(c, &by, now, &identifier, address)).await?;
    Ok(page.go_saying("/dang-nhap", "info", "accounts-reset-sent"))
}
