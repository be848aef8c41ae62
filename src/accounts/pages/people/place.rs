//! Where a person works: a new membership, and the end of one.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{Within, categories, crumbs, path, unit_field};
use crate::{
    access::Reach,
    accounts::{
        actions::office,
        forms::{PlaceForm, UnitAsked, UnitField, day},
        guards::ManagedPerson,
        model::{Membership, MembershipId, Person},
        queries::directory,
    },
    app::App,
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        error::{Error, FieldErrors, Result},
        http::{Choice, Crumb, FormView, Input, Page},
        text,
    },
};

#[derive(Serialize)]
struct PlaceView {
    crumbs: Vec<Crumb>,
    code: String,
    name: String,
    form: FormView,
    units: UnitField,
    categories: Vec<Choice>,
}

pub async fn form(app: web::Data<App>, page: Page, managed: ManagedPerson) -> Result<HttpResponse> {
    let form = FormView::with([("from", text::date(local_day(app.now().0)))]);
    render(&app, &page, &managed, StatusCode::OK, form, UnitAsked::default()).await
}

async fn render(
    app: &App,
    page: &Page,
    managed: &ManagedPerson,
    status: StatusCode,
    form: FormView,
    asked: UnitAsked,
) -> Result<HttpResponse> {
    let units = unit_field(app, page, Within(managed.reach.clone()), asked).await?;
    let view = PlaceView {
        crumbs: crumbs(page, Some(&managed.person)),
        code: managed.person.code.clone(),
        name: managed.person.full_name(),
        form,
        units,
        categories: categories(page),
    };
    page.html_as(status, "accounts/person_place", &view)
}

pub async fn submit(app: web::Data<App>, page: Page, managed: ManagedPerson, input: Input) -> Result<HttpResponse> {
    match move_to(&app, &page, &managed, &input).await {
        Ok(()) => Ok(page.go_saying(&path(&managed.person), "good", "people-place-saved")),
        Err(Error::Invalid(errors)) => {
            let form = page.form(&input, &errors);
            let asked = UnitAsked::read(&input);
            render(&app, &page, &managed, StatusCode::UNPROCESSABLE_ENTITY, form, asked).await
        }
        Err(error) => Err(error),
    }
}

async fn move_to(app: &App, page: &Page, managed: &ManagedPerson, input: &Input) -> Result<()> {
    let (now, by, locale) = (app.now(), managed.who.actor(), page.locale());
    let (person, reach) = (managed.person.id, managed.reach.clone());
    let today = local_day(now.0);
    let (form, asked) = (PlaceForm::read(input, today).map_err(Error::Invalid)?, UnitAsked::read(input));
    app.db
        .write("accounts.move", move |c| {
            let within = directory::units_within(c, &reach, today)?;
            let unit = asked.unit(c, within.as_deref(), today, locale)?;
            let decision = form.decision.clone();
            office::move_person(c, &by, now, &reach, person, &form.at(&unit)?, decision.as_deref()).map(drop)
        })
        .await
}

#[derive(Serialize)]
struct EndView {
    crumbs: Vec<Crumb>,
    code: String,
    name: String,
    membership: i64,
    unit: String,
    position: String,
    from: chrono::NaiveDate,
    form: FormView,
}

type At = web::Path<(String, i64)>;

pub async fn end_form(app: web::Data<App>, page: Page, managed: ManagedPerson, at: At) -> Result<HttpResponse> {
    let form = FormView::with([("to", text::date(local_day(app.now().0)))]);
    render_end(&app, &page, &managed.person, MembershipId(at.1), StatusCode::OK, form).await
}

async fn render_end(
    app: &App,
    page: &Page,
    person: &Person,
    id: MembershipId,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let of = person.id;
    let (membership, unit): (Membership, _) = app
        .db
        .read(move |c| {
            let membership = directory::membership(c, of, id)?.ok_or(Error::NotFound)?;
            let unit = organisations::unit(c, membership.unit_id)?;
            Ok::<_, Error>((membership, unit))
        })
        .await?;
    let view = EndView {
        crumbs: crumbs(page, Some(person)),
        code: person.code.clone(),
        name: person.full_name(),
        membership: id.0,
        unit: unit.name(page.locale()).to_owned(),
        position: membership.position,
        from: membership.valid_from,
        form,
    };
    page.html_as(status, "accounts/person_place_end", &view)
}

pub async fn end(
    app: web::Data<App>,
    page: Page,
    managed: ManagedPerson,
    at: At,
    input: Input,
) -> Result<HttpResponse> {
    let id = MembershipId(at.1);
    let now = app.now();
    let last_day = day(&input.text("to"), local_day(now.0)).ok_or_else(|| FieldErrors::one("to", "people-date-form"));
    let ended = match last_day {
        Ok(last_day) => {
            let (by, reach, person) = (managed.who.actor(), managed.reach.clone(), managed.person.id);
            app.db
                .write("accounts.leave", move |c| office::end_membership(c, &by, now, &reach, person, id, last_day))
                .await
        }
        Err(error) => Err(error),
    };
    match ended {
        // Who ends the last membership within the own reach may no longer see the person afterwards.
        Ok(()) => {
            let to = if managed.reach == Reach::Everywhere { path(&managed.person) } else { "/nguoi".to_owned() };
            Ok(page.go_saying(&to, "good", "people-place-ended"))
        }
        Err(Error::Invalid(errors)) => {
            let form = page.form(&input, &errors);
            render_end(&app, &page, &managed.person, id, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
        Err(error) => Err(error),
    }
}
