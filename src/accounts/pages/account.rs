//! One's own account: who one is here, the password, the signed-in browsers.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use crate::{
    access::Permission,
    accounts::{
        SignedIn, actions, limiter,
        model::{SessionId, SessionRow},
        queries, sessions,
    },
    app::App,
    platform::{
        db::Moment,
        error::{Error, FieldErrors, Result},
        http::{Crumb, FormView, Input, Page},
        i18n::{Locale, Message},
        text,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/tai-khoan").get(show))
        .service(web::resource("/tai-khoan/mat-khau").get(show_password).post(change_password))
        .service(web::resource("/tai-khoan/phien").get(show_sessions))
        .service(web::resource("/tai-khoan/phien/ket-thuc-khac").post(end_others))
        .service(web::resource("/tai-khoan/phien/{id}/ket-thuc").post(end_one));
}

#[derive(Serialize)]
struct AccountView {
    name: String,
    email: Option<String>,
    phone: Option<String>,
    user_name: Option<String>,
    memberships: Vec<MembershipView>,
    roles: Vec<RoleView>,
    /// May make tokens for other programs.
    may_share: bool,
}

#[derive(Serialize)]
struct MembershipView {
    unit: String,
    unit_code: String,
    position: String,
    category: String,
    from: chrono::NaiveDate,
    to: Option<chrono::NaiveDate>,
}

#[derive(Serialize)]
struct RoleView {
    label: String,
    unit: Option<String>,
    since: Moment,
}

fn in_locale(locale: Locale, (vi, en): queries::Named) -> String {
    if locale == Locale::Vi { vi } else { en }
}

async fn show(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    let id = who.id();
    let (memberships, grants) =
        app.db.read(move |c| Ok::<_, Error>((queries::memberships_of(c, id)?, queries::grants_of(c, id)?))).await?;
    let person = who.person();
    let view = AccountView {
        name: person.full_name(),
        email: person.email.clone(),
        phone: person.phone.as_deref().map(text::phone_shown),
        user_name: person.user_name.clone(),
        memberships: memberships
            .into_iter()
            .map(|(m, unit_code, unit)| MembershipView {
                unit: in_locale(page.locale(), unit),
                unit_code,
                position: m.position,
                category: page.text(Message::new(format!("accounts-category-{}", m.category))),
                from: m.valid_from,
                to: m.valid_to,
            })
            .collect(),
        roles: grants
            .into_iter()
            .map(|(_, role, unit, since)| RoleView {
                label: page.text(Message::new(format!("accounts-role-{role}"))),
                unit: unit.map(|unit| in_locale(page.locale(), unit)),
                since,
            })
            .collect(),
        may_share: who.may(Permission::ShareFigures),
    };
    page.html("accounts/account", &view)
}

/// To one's account, where the pages of this file hang.
pub fn crumbs(page: &Page) -> Vec<Crumb> {
    vec![Crumb::new(page.text("accounts-title"), "/tai-khoan")]
}

#[derive(Serialize)]
struct PasswordView {
    crumbs: Vec<Crumb>,
    form: FormView,
}

async fn show_password(page: Page, _: SignedIn) -> Result<HttpResponse> {
    page.html("accounts/password", &PasswordView { crumbs: crumbs(&page), form: FormView::default() })
}

async fn change_password(app: web::Data<App>, page: Page, who: SignedIn, input: Input) -> Result<HttpResponse> {
    match try_change(&app, &page, &who, &input).await {
        Err(Error::Invalid(errors)) => page.html_as(
            StatusCode::UNPROCESSABLE_ENTITY,
            "accounts/password",
            &PasswordView { crumbs: crumbs(&page), form: page.form(&input, &errors) },
        ),
        other => other,
    }
}

async fn try_change(app: &App, page: &Page, who: &SignedIn, input: &Input) -> Result<HttpResponse> {
    let new = input.raw("password").unwrap_or_default().to_owned();
    actions::check_new_password("password", &new)?;
    if input.raw("password_again") != Some(new.as_str()) {
        return Err(FieldErrors::one("password_again", "accounts-password-differs"));
    }
    let (now, id, address) = (app.now(), who.id(), page.visit().address);
    let (tried, hash) = app
        .db
        .write("accounts.attempt", move |c| {
            let tried = limiter::attempt(c, now, "change", &id.to_string(), address)?;
            Ok::<_, Error>((tried, queries::password_hash(c, id)?))
        })
        .await?;
    // Somebody who came in by a link and never had a password sets the first one without an old one.
    if let Some(hash) = hash {
        let old = input.raw("old_password").unwrap_or_default().to_owned();
        if !app.passwords.verify(old, Some(hash)).await? {
            return Err(FieldErrors::one("old_password", "accounts-password-wrong"));
        }
    }
    let hash = app.passwords.hash(new).await?;
    let (by, keep) = (who.actor(), who.signed().session);
    app.db
        .write("accounts.password", move |c| {
            limiter::succeeded(c, &tried)?;
            actions::set_password(c, &by, now, id, &hash, Some(keep))
        })
        .await?;
    Ok(page.go_saying("/tai-khoan", "good", "accounts-password-changed"))
}

#[derive(Serialize)]
struct SessionsView {
    crumbs: Vec<Crumb>,
    sessions: Vec<SessionView>,
    has_others: bool,
}

#[derive(Serialize)]
struct SessionView {
    #[serde(flatten)]
    row: SessionRow,
    is_this: bool,
    device: String,
}

async fn show_sessions(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    let (now, id, this) = (app.now(), who.id(), who.signed().session);
    let rows = app.db.read(move |c| sessions::list(c, now, id)).await?;
    let sessions: Vec<SessionView> = rows
        .into_iter()
        .map(|row| SessionView { is_this: row.id == this, device: page.text(device(&row.agent)), row })
        .collect();
    let has_others = sessions.iter().any(|s| !s.is_this);
    page.html("accounts/sessions", &SessionsView { crumbs: crumbs(&page), sessions, has_others })
}

/// A browser in words a person recognises.
fn device(agent: &str) -> &'static str {
    let has = |word: &str| agent.contains(word);
    if has("Android") || has("iPhone") || (has("Mobile") && !has("iPad")) {
        "accounts-device-phone"
    } else if has("iPad") {
        "accounts-device-tablet"
    } else if has("Windows") || has("Macintosh") || has("Linux") {
        "accounts-device-computer"
    } else {
        "accounts-device-other"
    }
}

async fn end_one(app: web::Data<App>, page: Page, who: SignedIn, id: web::Path<i64>, _: Input) -> Result<HttpResponse> {
    let (now, by, person, session) = (app.now(), who.actor(), who.id(), SessionId(id.into_inner()));
    let ended = app.db.write("accounts.end-session", move |c| sessions::end(c, &by, now, person, session)).await?;
    if !ended {
        return Err(Error::NotFound);
    }
    Ok(page.go_saying("/tai-khoan/phien", "good", "accounts-session-ended"))
}

async fn end_others(app: web::Data<App>, page: Page, who: SignedIn, _: Input) -> Result<HttpResponse> {
    let (now, by, person, keep) = (app.now(), who.actor(), who.id(), who.signed().session);
    app.db.write("accounts.end-sessions", move |c| sessions::end_others(c, &by, now, person, Some(keep))).await?;
    Ok(page.go_saying("/tai-khoan/phien", "good", "accounts-sessions-ended"))
}
