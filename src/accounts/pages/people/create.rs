//! `/nguoi/moi`: a new person of one's agency.

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::Serialize;

use super::{Within, categories, crumbs, unit_field};
use crate::{
    access::Permission,
    accounts::{
        SignedIn, actions,
        forms::{PersonForm, UnitAsked, UnitField},
        model::Person,
    },
    app::App,
    platform::{
        clock::local_day,
        error::{Error, Result},
        http::{Choice, Crumb, FormView, Input, Page},
        i18n::Message,
        text,
    },
};

/// The order of the form, and so of what is wrong in it.
const FIELDS: [&str; 10] =
    ["full_name", "birth_year", "email", "phone", "user_name", "unit_search", "unit", "position", "category", "from"];

#[derive(Serialize)]
struct CreateView {
    crumbs: Vec<Crumb>,
    form: FormView,
    units: UnitField,
    categories: Vec<Choice>,
}

pub async fn form(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    let within = Within(who.require(Permission::ManagePeople)?);
    let today = local_day(app.now().0);
    let form = FormView::with([("from", text::date(today))]);
    render(&app, &page, within, StatusCode::OK, form, UnitAsked::default()).await
}

async fn render(
    app: &App,
    page: &Page,
    within: Within,
    status: StatusCode,
    form: FormView,
    asked: UnitAsked,
) -> Result<HttpResponse> {
    let units = unit_field(app, page, within, asked).await?;
    let view = CreateView { crumbs: crumbs(page, None), form, units, categories: categories(page) };
    page.html_as(status, "accounts/person_new", &view)
}

pub async fn submit(app: web::Data<App>, page: Page, who: SignedIn, input: Input) -> Result<HttpResponse> {
    let within = Within(who.require(Permission::ManagePeople)?);
    let today = local_day(app.now().0);
    match create(&app, &page, &who, within.clone(), &input, today).await {
        Ok(person) => {
            let said = Message::new("people-created").with("name", person.full_name());
            Ok(page.go_saying(&super::path(&person), "good", said))
        }
        Err(Error::Invalid(errors)) => {
            let form = page.form(&input, &errors);
            render(&app, &page, within, StatusCode::UNPROCESSABLE_ENTITY, form, UnitAsked::read(&input)).await
        }
        Err(error) => Err(error),
    }
}

async fn create(
    app: &App,
    page: &Page,
    who: &SignedIn,
    within: Within,
    input: &Input,
    today: NaiveDate,
) -> Result<Person> {
    let (now, by, locale) = (app.now(), who.actor(), page.locale());
    let (form, asked) = (PersonForm::read(input, today), UnitAsked::read(input));
    app.db
        .write("accounts.create", move |c| {
            let within_units = within.units(c, today)?;
            let unit = asked.unit(c, within_units.as_deref(), today, locale);
            let (form, unit) = match (form, unit) {
                (Ok(form), unit) => (form, unit?),
                // Everything that is wrong is said at once, in the order of the form.
                (Err(mut errors), Err(Error::Invalid(others))) => {
                    errors.0.extend(others.0);
                    errors.0.sort_by_key(|(field, _)| FIELDS.iter().position(|name| name == field));
                    return Err(Error::Invalid(errors));
                }
                (Err(errors), Ok(_)) => return Err(Error::Invalid(errors)),
                (Err(_), Err(other)) => return Err(other),
            };
            let place = form.place.at(&unit)?;
            let person = actions::create_person(c, &by, now, &form.person)?;
            actions::join_unit(c, &by, now, person.id, &place)?;
            Ok(person)
        })
        .await
}
