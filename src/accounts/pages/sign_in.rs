//! Coming in with a password, the line before the hashing, and going out.

use actix_web::{HttpRequest, HttpResponse, cookie::time::Duration as CookieAge, http::StatusCode, web};
use serde::{Deserialize, Serialize};

use crate::{
    access::{Actor, PersonId},
    accounts::{
        actions,
        guards::{MaybeSignedIn, Visitor},
        limiter::{self, Try},
        model::PersonState,
        passwords::Standing,
        queries, sessions,
    },
    app::App,
    platform::{
        error::{Error, FieldErrors, Result},
        http::{FormView, Input, Page, cookies, page::local_path},
        i18n::Locale,
        telemetry::figure,
        text,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/dang-nhap").get(show).post(submit))
        .service(web::resource("/dang-nhap/cho/{ticket}").get(wait).post(enter))
        .service(web::resource("/dang-xuat").post(leave))
        .service(web::resource("/ngon-ngu").post(choose_language));
}

#[derive(Serialize)]
struct SignInView {
    form: FormView,
    next: String,
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    tiep: String,
}

async fn show(page: Page, who: MaybeSignedIn, next: web::Query<Next>) -> Result<HttpResponse> {
    let next = local_path(&next.tiep).to_owned();
    if who.0.is_some() {
        return Ok(page.go(&next));
    }
    page.html("accounts/sign_in", &SignInView { form: FormView::default(), next })
}

/// What comes back with the outcome of a check.
#[derive(Serialize, Deserialize)]
struct Pending {
    person: Option<PersonId>,
    tried: i64,
    key: String,
    next: String,
    identifier: String,
}

async fn submit(
    app: web::Data<App>,
    page: Page,
    visitor: Visitor,
    input: Input,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let identifier = input.text("identifier");
    let password = input.raw("password").unwrap_or_default().to_owned();
    let next = local_path(input.raw("next").unwrap_or("/")).to_owned();
    let mut errors = FieldErrors::default();
    if identifier.is_empty() {
        errors.add("identifier", "sign-in-identifier-missing");
    }
    if password.is_empty() {
        errors.add("password", "sign-in-password-missing");
    }
    if password.len() > 1000 || identifier.len() > 300 {
        // Longer than any that exists: nothing is asked of the database, and the answer is that of a wrong one.
        errors.add("identifier", "sign-in-wrong");
    }
    if !errors.is_empty() {
        return refuse(&page, &input, errors, next);
    }
    let (now, address) = (app.now(), page.visit().address);
    let key = text::fold(&identifier);
    let tried = app
        .db
        .write("accounts.attempt", {
            let key = key.clone();
            move |c| limiter::attempt(c, now, "password", &key, address)
        })
        .await;
    let tried = match tried {
        Ok(tried) => tried,
        Err(Error::TooMany { .. }) => {
            metrics::counter!(figure::SIGN_INS, "outcome" => "limited").increment(1);
            let mut errors = FieldErrors::default();
            errors.add("", "sign-in-too-many");
            return refuse_as(StatusCode::TOO_MANY_REQUESTS, &page, &input, errors, next);
        }
        Err(e) => return Err(e),
    };
    let found = app
        .db
        .read({
            let identifier = identifier.clone();
            move |c| queries::by_identifier(c, &identifier)
        })
        .await?
        .filter(|(person, _)| person.state != PersonState::Disabled);
    let (person, hash) = found.map_or((None, None), |(person, hash)| (Some(person.id), hash));
    let (tried, key) = tried.parts();
    let pending = serde_json::to_string(&Pending { person, tried, key, next, identifier })?;
    let owner = owner_of(&request, &page);
    let ticket = app.passwords.queue(password, hash, owner.clone(), pending)?;
    match app.passwords.wait_for(&ticket, &owner, app.config.passwords.patience).await {
        Some(Standing::Done { matches, payload }) => {
            app.passwords.take(&ticket);
            finish(&app, &page, &visitor.0, matches, &payload, Some(&input)).await
        }
        _ => Ok(page.go(&format!("/dang-nhap/cho/{ticket}"))),
    }
}

/// The browser that a ticket belongs to: the cookie that ties forms to it.
fn owner_of(request: &HttpRequest, page: &Page) -> String {
    request.cookie(&page.jar().name(cookies::VISITOR)).map(|c| c.value().to_owned()).unwrap_or_default()
}

#[derive(Serialize)]
struct WaitView {
    ahead: u64,
    done: bool,
    ticket: String,
}

async fn wait(
    app: web::Data<App>,
    page: Page,
    ticket: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let owner = owner_of(&request, &page);
    let standing = app.passwords.standing(&ticket, &owner).ok_or_else(|| Error::refused("sign-in-ticket-over"))?;
    let view = match standing {
        Standing::Waiting(ahead) => WaitView { ahead, done: false, ticket: ticket.into_inner() },
        Standing::Done { .. } => WaitView { ahead: 0, done: true, ticket: ticket.into_inner() },
    };
    let mut response = page.html("accounts/waiting", &view)?;
    if !view.done {
        let name = actix_web::http::header::HeaderName::from_static("refresh");
        response.headers_mut().insert(name, actix_web::http::header::HeaderValue::from_static("2"));
    }
    Ok(response)
}

async fn enter(
    app: web::Data<App>,
    page: Page,
    visitor: Visitor,
    ticket: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let owner = owner_of(&request, &page);
    match app.passwords.standing(&ticket, &owner) {
        Some(Standing::Done { matches, payload }) => {
            app.passwords.take(&ticket);
            finish(&app, &page, &visitor.0, matches, &payload, None).await
        }
        Some(Standing::Waiting(_)) => Ok(page.go(&format!("/dang-nhap/cho/{ticket}"))),
        None => Err(Error::refused("sign-in-ticket-over")),
    }
}

async fn finish(
    app: &App,
    page: &Page,
    visitor: &Actor,
    matches: bool,
    payload: &str,
    input: Option<&Input>,
) -> Result<HttpResponse> {
    let pending: Pending = serde_json::from_str(payload)?;
    let Some(person) = pending.person.filter(|_| matches) else {
        metrics::counter!(figure::SIGN_INS, "outcome" => "wrong").increment(1);
        let mut errors = FieldErrors::default();
        errors.add("identifier", "sign-in-wrong");
        let typed = Input::parse(
            url::form_urlencoded::Serializer::new(String::new())
                .append_pair("identifier", &pending.identifier)
                .finish()
                .as_bytes(),
        );
        return refuse(page, input.unwrap_or(&typed), errors, pending.next);
    };
    let tried = Try::from_parts(pending.tried, pending.key);
    let (now, by) = (app.now(), visitor.clone());
    let (agent, old) = {
        let visit = page.visit();
        (visit.agent.clone(), visit.session_token.clone())
    };
    let token = app
        .db
        .write("accounts.sign-in", move |c| {
            limiter::succeeded(c, &tried)?;
            replace_session(c, &by, now, person, &agent, old.as_deref(), "password")
        })
        .await?;
    metrics::counter!(figure::SIGN_INS, "outcome" => "ok").increment(1);
    Ok(signed_in(page, &pending.next, token))
}

/// Begins a session; the one this browser had, if any, ends.
pub fn replace_session(
    c: &mut crate::platform::db::DbConn,
    by: &Actor,
    now: crate::platform::db::Moment,
    person: PersonId,
    agent: &str,
    old: Option<&str>,
    how: &str,
) -> Result<String> {
    if let Some(old) = old
        && let Some(signed) = sessions::find(c, now, old)?
    {
        sessions::end(c, by, now, signed.person.id, signed.session)?;
    }
    sessions::begin(c, by, now, person, agent, how)
}

/// To the next page with the cookie of a new session. The cookie that tied the forms is renewed too.
pub fn signed_in(page: &Page, next: &str, token: String) -> HttpResponse {
    let mut response = page.go(next);
    let age = CookieAge::seconds(sessions::LONGEST.num_seconds());
    let set = response.add_cookie(&page.jar().make(cookies::SESSION, token, Some(age)));
    let cleared = response.add_cookie(&page.jar().remove(cookies::VISITOR));
    if set.is_err() || cleared.is_err() {
        tracing::error!("the cookies of a session could not be set");
    }
    response
}

fn refuse(page: &Page, input: &Input, errors: FieldErrors, next: String) -> Result<HttpResponse> {
    refuse_as(StatusCode::UNPROCESSABLE_ENTITY, page, input, errors, next)
}

fn refuse_as(
    status: StatusCode,
    page: &Page,
    input: &Input,
    errors: FieldErrors,
    next: String,
) -> Result<HttpResponse> {
    page.html_as(status, "accounts/sign_in", &SignInView { form: page.form(input, &errors), next })
}

async fn leave(app: web::Data<App>, page: Page, who: MaybeSignedIn, _: Input) -> Result<HttpResponse> {
    if let Some(who) = who.0 {
        let (now, by, id, session) = (app.now(), who.actor(), who.id(), who.signed().session);
        app.db.write("accounts.sign-out", move |c| sessions::end(c, &by, now, id, session)).await?;
    }
    let mut response = page.go_saying("/dang-nhap", "good", "sign-in-signed-out");
    for name in [cookies::SESSION, cookies::VISITOR] {
        if response.add_cookie(&page.jar().remove(name)).is_err() {
            tracing::error!("a cookie could not be removed");
        }
    }
    Ok(response)
}

async fn choose_language(app: web::Data<App>, page: Page, who: MaybeSignedIn, input: Input) -> Result<HttpResponse> {
    let locale = Locale::parse(input.raw("locale").unwrap_or_default())
        .ok_or_else(|| Error::BadRequest("error-broken-form".into()))?;
    if let Some(who) = who.0 {
        let id = who.id();
        app.db.write("accounts.locale", move |c| actions::set_locale(c, id, locale)).await?;
    }
    let mut response = page.go(local_path(input.raw("next").unwrap_or("/")));
    let cookie = page.jar().make(cookies::LOCALE, locale.tag().to_owned(), Some(CookieAge::days(365)));
    if response.add_cookie(&cookie).is_err() {
        tracing::error!("the cookie of the language could not be set");
    }
    Ok(response)
}
