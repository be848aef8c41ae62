//! How a person comes in: invitation, slip, lock; and the roles they hold.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{Within, crumbs, path, unit_field};
use crate::{
    access::{Permission, Reach, Role},
    accounts::{
        actions::{self, office},
        forms::{UnitAsked, UnitField},
        guards::{GovernedPerson, ManagedPerson},
        links,
        model::Purpose,
        queries,
    },
    app::App,
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, FieldErrors, Result},
        http::{Crumb, FormView, Input, Page},
        i18n::Message,
        text,
    },
};

pub async fn invite(app: web::Data<App>, page: Page, managed: ManagedPerson, _: Input) -> Result<HttpResponse> {
    let (now, by, person) = (app.now(), managed.who.actor(), managed.person.clone());
    app.db.write("accounts.invite", move |c| office::send_invitation(c, &by, now, &person)).await?;
    let said = Message::new("people-invited").with("email", managed.person.email.clone().unwrap_or_default());
    Ok(page.go_saying(&path(&managed.person), "good", said))
}

#[derive(Serialize)]
struct SlipView {
    crumbs: Vec<Crumb>,
    name: String,
    href: String,
    unit: Option<String>,
    birth_year: Option<i32>,
    user_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    address: String,
    slip: String,
    until: Moment,
}

/// The slip, shown in the answer to the order and never again: its code is kept as a hash only.
pub async fn slip(app: web::Data<App>, page: Page, managed: ManagedPerson, _: Input) -> Result<HttpResponse> {
    let (now, by, person) = (app.now(), managed.who.actor(), managed.person.clone());
    let governs = managed.who.may(Permission::ManageRoles);
    let (code, unit) = app
        .db
        .write("accounts.slip", move |c| {
            let code = office::print_slip(c, &by, now, governs, &person)?;
            let membership = queries::membership_on(c, person.id, local_day(now.0))?;
            let unit = membership.map(|m| crate::organisations::queries::unit(c, m.unit_id)).transpose()?;
            Ok::<_, Error>((code, unit))
        })
        .await?;
    let person = managed.person;
    let view = SlipView {
        crumbs: crumbs(&page, Some(&person)),
        name: person.full_name(),
        href: path(&person),
        unit: unit.map(|unit| unit.name(page.locale()).to_owned()),
        birth_year: person.birth_year,
        phone: person.phone.as_deref().map(text::phone_shown),
        user_name: person.user_name,
        email: person.email,
        address: app.config.http.link("/phieu"),
        slip: links::show_slip(&code),
        until: now + Purpose::Slip.lifetime(),
    };
    page.html("accounts/slip", &view)
}

#[derive(Serialize)]
struct LockView {
    crumbs: Vec<Crumb>,
    code: String,
    name: String,
    form: FormView,
}

fn lock_page(page: &Page, governed: &GovernedPerson, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let person = &governed.person;
    let view =
        LockView { crumbs: crumbs(page, Some(person)), code: person.code.clone(), name: person.full_name(), form };
    page.html_as(status, "accounts/person_lock", &view)
}

pub async fn lock_form(page: Page, governed: GovernedPerson) -> Result<HttpResponse> {
    lock_page(&page, &governed, StatusCode::OK, FormView::default())
}

pub async fn lock(app: web::Data<App>, page: Page, governed: GovernedPerson, input: Input) -> Result<HttpResponse> {
    let (now, by, person) = (app.now(), governed.who.actor(), governed.person.id);
    let reason = input.text("reason");
    match app.db.write("accounts.lock", move |c| office::lock(c, &by, now, person, &reason)).await {
        Ok(()) => Ok(page.go_saying(&path(&governed.person), "good", "people-locked")),
        Err(Error::Invalid(errors)) => {
            lock_page(&page, &governed, StatusCode::UNPROCESSABLE_ENTITY, page.form(&input, &errors))
        }
        Err(error) => Err(error),
    }
}

pub async fn unlock(app: web::Data<App>, page: Page, governed: GovernedPerson, _: Input) -> Result<HttpResponse> {
    let (now, by, person) = (app.now(), governed.who.actor(), governed.person.id);
    app.db.write("accounts.unlock", move |c| office::unlock(c, &by, now, person)).await?;
    Ok(page.go_saying(&path(&governed.person), "good", "people-unlocked"))
}

#[derive(Serialize)]
struct RoleView {
    crumbs: Vec<Crumb>,
    code: String,
    name: String,
    form: FormView,
    roles: Vec<RoleChoice>,
    units: UnitField,
}

#[derive(Serialize)]
struct RoleChoice {
    value: &'static str,
    label: String,
    help: String,
}

async fn role_page(
    app: &App,
    page: &Page,
    governed: &GovernedPerson,
    status: StatusCode,
    form: FormView,
    asked: UnitAsked,
) -> Result<HttpResponse> {
    let person = &governed.person;
    let roles = Role::ALL.iter().filter(|role| **role != Role::Learner).map(|role| RoleChoice {
        value: role.as_str(),
        label: page.text(Message::new(format!("accounts-role-{role}"))),
        help: page.text(Message::new(format!("people-role-help-{role}"))),
    });
    let view = RoleView {
        crumbs: crumbs(page, Some(person)),
        code: person.code.clone(),
        name: person.full_name(),
        form,
        roles: roles.collect(),
        units: unit_field(app, page, Within(Reach::Everywhere), asked).await?,
    };
    page.html_as(status, "accounts/person_role", &view)
}

pub async fn role_form(app: web::Data<App>, page: Page, governed: GovernedPerson) -> Result<HttpResponse> {
    role_page(&app, &page, &governed, StatusCode::OK, FormView::default(), UnitAsked::default()).await
}

pub async fn grant(app: web::Data<App>, page: Page, governed: GovernedPerson, input: Input) -> Result<HttpResponse> {
    let (now, by, person, locale) = (app.now(), governed.who.actor(), governed.person.id, page.locale());
    let role = Role::parse(&input.text("role")).filter(|role| *role != Role::Learner);
    let asked = UnitAsked::read(&input);
    let granted = app
        .db
        .write("accounts.grant", move |c| {
            let role = role.ok_or_else(|| FieldErrors::one("role", "people-role-missing"))?;
            let unit =
                if role.is_scoped_to_unit() { Some(asked.unit(c, None, local_day(now.0), locale)?.id) } else { None };
            actions::grant_role(c, &by, now, person, role, unit)?;
            Ok::<_, Error>(())
        })
        .await;
    match granted {
        Ok(()) => Ok(page.go_saying(&path(&governed.person), "good", "people-role-granted")),
        Err(Error::Invalid(errors)) => {
            let form = page.form(&input, &errors);
            let asked = UnitAsked::read(&input);
            role_page(&app, &page, &governed, StatusCode::UNPROCESSABLE_ENTITY, form, asked).await
        }
        Err(error) => Err(error),
    }
}

pub async fn take(
    app: web::Data<App>,
    page: Page,
    governed: GovernedPerson,
    at: web::Path<(String, i64)>,
    _: Input,
) -> Result<HttpResponse> {
    let (now, by, person, grant) = (app.now(), governed.who.actor(), governed.person.id, at.1);
    app.db.write("accounts.take-role", move |c| office::take_role(c, &by, now, person, grant)).await?;
    Ok(page.go_saying(&path(&governed.person), "good", "people-role-taken"))
}
