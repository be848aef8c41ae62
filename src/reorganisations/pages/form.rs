//! `/don-vi/thay-doi/moi` and `…/sua`: what is to change, by which document, from when. Nothing happens before the preview is confirmed.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::{Deserialize, Serialize};

use super::{LIST, crumbs, kind_name, unit_kinds};
use crate::{
    accounts::queries::transfers,
    app::App,
    organisations::{
        actions::changes as tree,
        model::change::{ChangeKind, ChangeState, Request, UnitChange},
        queries as organisations,
    },
    platform::{
        clock::local_day,
        db::DbConn,
        error::{Error, FieldErrors, Result},
        http::{Choice, Crumb, FormView, Input, Page, address},
        i18n::Message,
        text,
    },
    reorganisations::{
        forms::{ChangeForm, takers},
        guards::{ManagedChange, Reorganiser},
        queries,
    },
};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    loai: String,
    #[serde(default, rename = "don-vi")]
    unit: String,
    #[serde(default)]
    tim: String,
}

#[derive(Serialize)]
struct ChooseView {
    crumbs: Vec<Crumb>,
    unit: Option<String>,
    kinds: Vec<KindView>,
}

#[derive(Serialize)]
struct KindView {
    href: String,
    name: String,
    help: String,
}

#[derive(Serialize)]
struct FormPage {
    crumbs: Vec<Crumb>,
    title: String,
    help: String,
    action: String,
    kind: &'static str,
    form: FormView,
    is_merge: bool,
    is_split: bool,
    is_rename: bool,
    is_move: bool,
    is_transfer: bool,
    units_label: String,
    units_help: String,
    takers: Vec<TakerView>,
    kinds: Vec<Choice>,
    /// What the day it takes effect means.
    on_help: String,
    has_parent: bool,
    people: Option<PeopleView>,
}

/// The fields of a unit that takes in others.
#[derive(Serialize)]
struct TakerView {
    legend: String,
    code: String,
    name_vi: String,
    name_en: String,
    kind: String,
    /// The first is the main one.
    is_main: bool,
}

/// Who can be transferred.
#[derive(Serialize)]
struct PeopleView {
    unit: String,
    code: String,
    rows: Vec<PersonRow>,
    more: bool,
    searched: bool,
    search: FormView,
}

#[derive(Serialize)]
struct PersonRow {
    code: String,
    name: String,
    birth_year: Option<i32>,
    position: String,
    chosen: bool,
}

/// So many people are offered to choose from.
const OFFERED: usize = 100;

/// The kinds to choose from, or the form of one.
pub async fn blank(app: web::Data<App>, page: Page, _: Reorganiser, asked: web::Query<Asked>) -> Result<HttpResponse> {
    let unit: String = text::tidy(&asked.unit).chars().take(200).collect();
    let Some(kind) = ChangeKind::parse(&asked.loai) else { return choose(&page, &unit) };
    let mut form = FormView::with([("units", unit.clone())]);
    if kind == ChangeKind::Transfer {
        let today = local_day(app.now().0);
        form.values.insert("on".to_owned(), text::date(today));
    }
    let draft = Draft { kind, form, unit, typed: asked.tim.clone(), chosen: Vec::new(), action: format!("{LIST}/moi") };
    render(&app, &page, StatusCode::OK, draft, crumbs(&page, None)).await
}

fn choose(page: &Page, unit: &str) -> Result<HttpResponse> {
    let kind = |kind: &ChangeKind| KindView {
        href: address(&format!("{LIST}/moi"), &[("loai", kind.as_str()), ("don-vi", unit)]),
        name: kind_name(page, *kind),
        help: page.text(Message::new(format!("changes-help-{kind}"))),
    };
    let view = ChooseView {
        crumbs: crumbs(page, None),
        unit: Some(unit.to_owned()).filter(|unit| !unit.is_empty()),
        kinds: ChangeKind::ALL.iter().map(kind).collect(),
    };
    page.html("reorganisations/choose", &view)
}

/// What the form is shown with.
struct Draft {
    kind: ChangeKind,
    form: FormView,
    /// The unit whose people can be chosen.
    unit: String,
    typed: String,
    chosen: Vec<String>,
    action: String,
}

async fn render(app: &App, page: &Page, status: StatusCode, draft: Draft, crumbs: Vec<Crumb>) -> Result<HttpResponse> {
    let Draft { kind, form, unit, typed, chosen, action } = draft;
    let people = if kind == ChangeKind::Transfer { people(app, page, &unit, &typed, &chosen).await? } else { None };
    let several = matches!(kind, ChangeKind::Merge);
    let takers = (1..=takers(kind)).map(|n| TakerView {
        legend: match kind {
            ChangeKind::Split => {
                page.text(Message::new("changes-taker-nth").with("number", i64::try_from(n).unwrap_or(0)))
            }
            ChangeKind::Rename => page.text("changes-taker-renamed"),
            _ => page.text("changes-taker"),
        },
        code: format!("code_{n}"),
        name_vi: format!("name_vi_{n}"),
        name_en: format!("name_en_{n}"),
        kind: format!("kind_{n}"),
        is_main: n == 1,
    });
    let view = FormPage {
        crumbs,
        title: kind_name(page, kind),
        help: page.text(Message::new(format!("changes-help-{kind}"))),
        action,
        kind: kind.as_str(),
        is_merge: kind == ChangeKind::Merge,
        is_split: kind == ChangeKind::Split,
        is_rename: kind == ChangeKind::Rename,
        is_move: kind == ChangeKind::Move,
        is_transfer: kind == ChangeKind::Transfer,
        units_label: page.text(Message::new(format!("changes-units-{kind}"))),
        units_help: page.text(if several { "changes-units-help-many" } else { "changes-units-help" }),
        takers: takers.collect(),
        kinds: unit_kinds(page),
        on_help: page.text(if kind == ChangeKind::Transfer { "changes-on-help-transfer" } else { "changes-on-help" }),
        has_parent: !matches!(kind, ChangeKind::End | ChangeKind::Transfer),
        people,
        form,
    };
    page.html_as(status, "reorganisations/form", &view)
}

/// The people of the unit that was named, to choose from.
async fn people(app: &App, page: &Page, unit: &str, typed: &str, chosen: &[String]) -> Result<Option<PeopleView>> {
    let today = local_day(app.now().0);
    let (code, typed): (String, String) = (unit.to_uppercase(), typed.chars().take(100).collect());
    let searched = typed.clone();
    let found = app
        .db
        .read(move |c| {
            let Some(unit) = organisations::by_code(c, &code)? else { return Ok(None) };
            let on = unit.span().nearest(today);
            let found = transfers::people_of(c, unit.id, on, &searched, OFFERED)?;
            Ok::<_, Error>(Some((unit, found)))
        })
        .await?;
    Ok(found.map(|(unit, (rows, more))| PeopleView {
        unit: super::name(page, &unit),
        code: unit.code,
        rows: rows
            .into_iter()
            .map(|(person, position)| PersonRow {
                name: person.full_name(),
                birth_year: person.birth_year,
                position,
                chosen: chosen.contains(&person.code),
                code: person.code,
            })
            .collect(),
        more,
        searched: !typed.is_empty(),
        search: FormView::with([("tim", typed)]),
    }))
}

/// The request that the form means, if it can be done now.
fn checked(c: &mut DbConn, form: ChangeForm) -> Result<Request> {
    let request = form.request(c)?;
    let (_, planned) = queries::planned(c, &request)?;
    planned.map_err(Error::Invalid)?;
    Ok(request)
}

pub async fn submit(app: web::Data<App>, page: Page, who: Reorganiser, input: Input) -> Result<HttpResponse> {
    let Some(kind) = ChangeKind::parse(&input.text("loai")) else { return Err(Error::NotFound) };
    let (now, by, today) = (app.now(), who.0.actor(), local_day(app.now().0));
    let made = match ChangeForm::read(kind, &input, today) {
        Ok(form) => {
            app.db
                .write("reorganisations.prepare", move |c| {
                    let document = form.document.clone();
                    let request = checked(c, form)?;
                    tree::prepare(c, &by, now, &document, &request)
                })
                .await
        }
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match made {
        Ok(change) => Ok(page.go(&change.path())),
        Err(Error::Invalid(errors)) => {
            let draft = typed(&page, kind, &input, &errors, format!("{LIST}/moi"));
            render(&app, &page, StatusCode::UNPROCESSABLE_ENTITY, draft, crumbs(&page, None)).await
        }
        Err(error) => Err(error),
    }
}

fn typed(page: &Page, kind: ChangeKind, input: &Input, errors: &FieldErrors, action: String) -> Draft {
    let unit = input.text("units").chars().take(200).collect();
    let chosen = input.all("person").map(str::to_owned).collect();
    Draft { kind, form: page.form(input, errors), unit, typed: String::new(), chosen, action }
}

pub async fn edit(
    app: web::Data<App>,
    page: Page,
    found: ManagedChange,
    asked: web::Query<Asked>,
) -> Result<HttpResponse> {
    let change = found.change;
    if change.state != ChangeState::Draft {
        return Ok(page.go(&change.path()));
    }
    let request = change.request()?;
    let draft = Draft {
        kind: change.kind,
        unit: request.units.first().cloned().unwrap_or_default(),
        typed: asked.tim.clone(),
        chosen: request.people.clone(),
        form: kept(&change, &request),
        action: format!("{}/sua", change.path()),
    };
    render(&app, &page, StatusCode::OK, draft, crumbs(&page, Some(&change))).await
}

/// The form of a draft, as it was typed.
fn kept(change: &UnitChange, request: &Request) -> FormView {
    let mut form = FormView::with([
        ("number", change.document.number.clone()),
        ("issuer", change.document.issuer.clone()),
        ("dated", text::date(change.document.dated)),
        ("on", text::date(request.on)),
        ("units", request.units.join("\n")),
        ("parent", request.parent.clone().unwrap_or_default()),
    ]);
    if change.kind == ChangeKind::Transfer && request.people.is_empty() {
        form.values.insert("all".to_owned(), "1".to_owned());
    }
    for (n, taker) in (1..).zip(&request.into) {
        form.values.insert(format!("code_{n}"), taker.code.clone());
        if let Some(new) = &taker.new {
            form.values.insert(format!("name_vi_{n}"), new.name_vi.clone());
            form.values.insert(format!("name_en_{n}"), new.name_en.clone());
            form.values.insert(format!("kind_{n}"), new.kind.as_str().to_owned());
        }
    }
    form
}

pub async fn revise(app: web::Data<App>, page: Page, found: ManagedChange, input: Input) -> Result<HttpResponse> {
    let (now, by, today, change) = (app.now(), found.who.actor(), local_day(app.now().0), found.change);
    let kept = change.clone();
    let revised = match ChangeForm::read(change.kind, &input, today) {
        Ok(form) => {
            app.db
                .write("reorganisations.revise", move |c| {
                    let document = form.document.clone();
                    let request = checked(c, form)?;
                    tree::revise(c, &by, now, &kept, &document, &request)
                })
                .await
        }
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match revised {
        Ok(()) => Ok(page.go(&change.path())),
        Err(Error::Invalid(errors)) => {
            let draft = typed(&page, change.kind, &input, &errors, format!("{}/sua", change.path()));
            let crumbs = crumbs(&page, Some(&change));
            render(&app, &page, StatusCode::UNPROCESSABLE_ENTITY, draft, crumbs).await
        }
        Err(error) => Err(error),
    }
}
