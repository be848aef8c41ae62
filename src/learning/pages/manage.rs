//! For those who run classes: the list of them, opening one, putting people on the list.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{phase_tag, run};
use crate::{
    access::{Permission, Reach, UnitId},
    accounts::{SignedIn, queries as accounts},
    app::App,
    courses::queries as courses,
    learning::{
        actions::{self, NewRun},
        forms::RunForm,
        guards::{ManagerOf, VisitorOf},
        model::{Enrolled, EnrolmentState, Entry},
        queries,
    },
    organisations::{
        model::{Unit, UnitKind},
        queries as organisations,
    },
    platform::{
        clock::local_day,
        db::{DbConn, Moment},
        error::{Error, FieldErrors, Result},
        http::{Choice, Crumb, FormView, Input, Page, Tag},
        i18n::Message,
        text::sort_key,
    },
};

#[derive(Serialize)]
struct RunsView {
    runs: Vec<RunRow>,
    can_open: bool,
}

#[derive(Serialize)]
struct RunRow {
    code: String,
    title: String,
    unit: String,
    opens: chrono::NaiveDate,
    closes: chrono::NaiveDate,
    phase: Tag,
    taken: i64,
    capacity: Option<i64>,
}

/// The classes that lie within one's reach.
pub async fn list(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    let reach = who.require(Permission::SeeClasses)?;
    let now = app.now();
    let (runs, units) = app
        .db
        .read(move |c| {
            let runs = queries::runs_within(c, &reach, local_day(now.0))?;
            let units = organisations::by_ids(c, &runs.iter().map(|run| run.unit_id).collect::<Vec<_>>())?;
            Ok::<_, Error>((runs, units))
        })
        .await?;
    let row = |run: crate::learning::model::Run| RunRow {
        unit: units.get(&run.unit_id).map(|unit| unit.name(page.locale()).to_owned()).unwrap_or_default(),
        opens: run.first_day(),
        closes: run.last_day(),
        phase: phase_tag(&page, run.phase(now)),
        taken: run.taken,
        capacity: run.capacity,
        code: run.code,
        title: run.title,
    };
    let view = RunsView { runs: runs.into_iter().map(row).collect(), can_open: who.may(Permission::ManageClasses) };
    page.html("learning/runs", &view)
}

#[derive(Serialize)]
struct OpenView {
    form: FormView,
    courses: Vec<Choice>,
    units: Vec<Choice>,
    modes: Vec<ModeChoice>,
    attendance: Vec<Choice>,
    crumbs: Vec<Crumb>,
}

#[derive(Serialize)]
struct ModeChoice {
    value: &'static str,
    label: String,
    help: String,
}

pub async fn form(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    let reach = who.require(Permission::ManageClasses)?;
    let form = FormView::with([("enrolment", "open".to_owned()), ("attendance", "none".to_owned())]);
    open_page(&app, &page, reach, StatusCode::OK, form).await
}

async fn open_page(app: &App, page: &Page, reach: Reach, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let now = app.now();
    let (courses, units) =
        app.db.read(move |c| Ok::<_, Error>((courses::catalogue(c, "")?, organisers(c, now, &reach)?))).await?;
    let mode = |value, label: &'static str, help: &'static str| ModeChoice {
        value,
        label: page.text(label),
        help: page.text(help),
    };
    let view = OpenView {
        form,
        courses: courses
            .into_iter()
            .map(|course| {
                let version = Message::new("learning-run-course-version")
                    .with("code", course.code.clone())
                    .with("title", course.version.title(page.locale()))
                    .with("number", i64::from(course.version.number));
                Choice::new(course.code, page.text(version))
            })
            .collect(),
        units: units.iter().map(|unit| Choice::new(unit.code.as_str(), unit.name(page.locale()))).collect(),
        modes: vec![
            mode("open", "learning-mode-open", "learning-mode-open-help"),
            mode("code", "learning-mode-code", "learning-mode-code-help"),
            mode("list", "learning-mode-list", "learning-mode-list-help"),
        ],
        attendance: super::attendance::choices(page),
        crumbs: vec![Crumb::new(page.text("learning-runs-title"), "/lop")],
    };
    page.html_as(status, "learning/open_run", &view)
}

/// The units in whose name somebody may organise a class today.
fn organisers(c: &mut DbConn, now: Moment, reach: &Reach) -> Result<Vec<Unit>> {
    let today = local_day(now.0);
    let mut units: Vec<Unit> = match reach {
        Reach::Nowhere => Vec::new(),
        Reach::Everywhere => organisations::valid_on(c, &[], today)?,
        Reach::Under(roots) => {
            let ids: Vec<UnitId> = organisations::subtree_ids(c, roots, today)?;
            organisations::by_ids(c, &ids)?.into_values().filter(|unit| unit.valid_on(today)).collect()
        }
    };
    // Communes are thousands and organise no national classes.
    units.retain(|unit| unit.kind != UnitKind::Commune);
    units.sort_by_cached_key(|unit| (unit.kind, sort_key(&unit.name_vi)));
    Ok(units)
}

pub async fn open(app: web::Data<App>, page: Page, who: SignedIn, input: Input) -> Result<HttpResponse> {
    let reach = who.require(Permission::ManageClasses)?;
    match try_open(&app, &who, reach.clone(), &input).await {
        Ok(code) => Ok(page.go_saying(&format!("/lop/{code}"), "good", "learning-run-opened")),
        Err(Error::Invalid(errors)) => {
            open_page(&app, &page, reach, StatusCode::UNPROCESSABLE_ENTITY, page.form(&input, &errors)).await
        }
        Err(error) => Err(error),
    }
}

async fn try_open(app: &App, who: &SignedIn, reach: Reach, input: &Input) -> Result<String> {
    let form = RunForm::read(input)?;
    let (now, by) = (app.now(), who.actor());
    app.db
        .write("learning.open", move |c| {
            let today = local_day(now.0);
            let course =
                courses::by_code(c, &form.course)?.map(|course| courses::current_of(c, course)).transpose()?.flatten();
            let version = course.ok_or_else(|| FieldErrors::one("course", "learning-run-course-missing"))?;
            let unit = organisations::by_code_on(c, &form.unit, today)?;
            let unit = unit.ok_or_else(|| FieldErrors::one("unit", "learning-run-unit-missing"))?;
            if !queries::reaches(c, &reach, unit.id, today)? {
                return Err(Error::Forbidden);
            }
            let new = NewRun {
                code: form.code,
                version,
                unit: unit.id,
                title: form.title,
                opens_at: form.opens_at,
                closes_at: form.closes_at,
                capacity: form.capacity,
                enrolment: form.enrolment,
                decision: form.decision,
            };
            let run = actions::open_run(c, now, &by, &new)?;
            Ok(actions::set_sessions_needed(c, now, &by, run.id, form.sessions)?.code)
        })
        .await
}

/// What became of somebody who was to be put on the list.
enum Listed {
    In(Enrolled),
    /// The place in the waiting list.
    Waiting(i64),
}

/// Puts a person on the list, or on the waiting list of a full class: anybody by those who run the class, people of her agency
/// by a training officer.
pub async fn add_person(app: web::Data<App>, page: Page, visitor: VisitorOf, input: Input) -> Result<HttpResponse> {
    let authority = visitor.who.authority().clone();
    if !visitor.rights.manage && !run::may_list_own(&authority) {
        return Err(Error::Forbidden);
    }
    let (typed, waits) = (input.text("person"), input.raw("action") == Some("wait"));
    let (now, by, run, manage) = (app.now(), visitor.who.actor(), visitor.run.id, visitor.rights.manage);
    let added = app
        .db
        .write("learning.list", move |c| {
            let unknown = || FieldErrors::one("person", "learning-list-unknown");
            let (person, _) = accounts::by_identifier(c, &typed)?.ok_or_else(unknown)?;
            if !manage {
                // Whom she may not see does not exist for her.
                let today = local_day(now.0);
                let unit = accounts::membership_on(c, person.id, today)?.ok_or_else(unknown)?.unit_id;
                if !queries::reaches(c, &authority.reach(Permission::ManagePeople), unit, today)? {
                    return Err(unknown());
                }
            }
            let name = person.full_name();
            if waits {
                let place = actions::join_waiting(c, now, &by, run, person.id, &Entry::Listed)?;
                return Ok((name, Listed::Waiting(place)));
            }
            Ok((name, Listed::In(actions::enrol(c, now, &by, run, person.id, &Entry::Listed)?)))
        })
        .await;
    let path = format!("/lop/{}", visitor.run.code);
    match added {
        Ok((name, Listed::In(Enrolled::New(_)))) => {
            Ok(page.go_saying(&path, "good", Message::new("learning-list-added").with("name", name)))
        }
        Ok((name, Listed::Waiting(place))) => {
            let said = Message::new("learning-list-waits").with("name", name).with("place", place);
            Ok(page.go_saying(&path, "good", said))
        }
        Ok((name, Listed::In(Enrolled::Already(_)))) => {
            Ok(page.go_saying(&path, "info", Message::new("learning-list-already").with("name", name)))
        }
        Err(error) => run::again(&app, &page, visitor, error, &input).await,
    }
}

/// Takes a person off the list.
pub async fn remove_person(
    app: web::Data<App>,
    page: Page,
    manager: ManagerOf,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse> {
    let (_, person) = path.into_inner();
    let (now, by, run) = (app.now(), manager.who.actor(), manager.run.id);
    let name = app
        .db
        .write("learning.unlist", move |c| {
            let person = accounts::person_by_code(c, &person)?.ok_or(Error::NotFound)?;
            let enrolment = queries::enrolment_of(c, run, person.id)?.filter(|e| e.state == EnrolmentState::Active);
            actions::withdraw(c, now, &by, enrolment.ok_or(Error::NotFound)?.id)?;
            Ok::<_, Error>(person.full_name())
        })
        .await?;
    let said = Message::new("learning-list-removed").with("name", name);
    Ok(page.go_saying(&format!("/lop/{}", manager.run.code), "good", said))
}
