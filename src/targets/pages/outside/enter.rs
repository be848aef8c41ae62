//! `/lop-ngoai/moi`: writing a class down, with its decision and its signed roster.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::crumbs;
use crate::{
    access::{Permission, PersonId, Reach},
    accounts::{
        SignedIn,
        queries::{self as accounts, directory},
    },
    app::App,
    courses::{model::Listed, queries as courses},
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        db::DbConn,
        error::{Error, FieldErrors, Result},
        files::{Limits, MediaType},
        http::{
            Choice, Crumb, FormView, Input, Page,
            upload::{self as uploads, Incoming},
        },
        i18n::Message,
        text::{read_day, tidy},
    },
    targets::{
        actions,
        model::{Days, NewOutside, OutsideId},
    },
};

/// A roster is signed on paper: what a scanner gives.
const KINDS: &[MediaType] = &[MediaType::Pdf, MediaType::Png, MediaType::Jpeg];
const MOST: u64 = 20 * 1024 * 1024;
/// So many people fit into one write that does not hold up others; a larger class is entered as its sites.
const MOST_PEOPLE: usize = 500;
/// So many lines are named in a fault.
const SHOWN_LINES: usize = 10;

#[derive(Serialize)]
struct EnterView {
    crumbs: Vec<Crumb>,
    courses: Vec<Choice>,
    limit: u64,
    most: usize,
    form: FormView,
}

pub async fn form(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    who.require(Permission::RecordOutside)?;
    let (person, today) = (who.id(), local_day(app.now().0));
    let own = app
        .db
        .read(move |c| match accounts::membership_on(c, person, today)? {
            Some(membership) => organisations::unit(c, membership.unit_id).map(|unit| unit.code),
            None => Ok(String::new()),
        })
        .await?;
    render(&app, &page, StatusCode::OK, FormView::with([("organiser", own)])).await
}

async fn render(app: &App, page: &Page, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let found = app.db.read(|c| courses::catalogue(c, "")).await?;
    let choice = |course: Listed| {
        let label = format!("{} {}", course.code, course.version.title(page.locale()));
        Choice::new(course.code, label)
    };
    let view = EnterView {
        crumbs: crumbs(page),
        courses: found.into_iter().map(choice).collect(),
        limit: MOST / (1024 * 1024),
        most: MOST_PEOPLE,
        form,
    };
    page.html_as(status, "targets/outside_enter", &view)
}

pub async fn enter(
    app: web::Data<App>,
    page: Page,
    who: SignedIn,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let reach = who.require(Permission::RecordOutside)?;
    let limits = Limits { max_bytes: MOST, accept: KINDS };
    let upload = uploads::receive(&request, payload.into_inner(), &app.files, "rosters", "file", &limits).await?;
    let (input, file) = (upload.input, upload.file);
    let stored = file.as_ref().ok().map(|incoming| incoming.stored.clone());
    match write(&app, &who, reach, &input, file).await {
        Ok(id) => Ok(page.go_saying(&format!("/lop-ngoai/{id}"), "good", "external-entered")),
        // Whether the rows were written is not known: then the file stays.
        Err(error @ Error::NotKnown(_)) => Err(error),
        Err(error) => {
            if let Some(stored) = stored {
                uploads::forget(&app.files, &stored).await;
            }
            let Error::Invalid(errors) = error else { return Err(error) };
            let form = page.form(&input, &errors);
            render(&app, &page, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

async fn write(
    app: &App,
    who: &SignedIn,
    reach: Reach,
    input: &Input,
    file: std::result::Result<Incoming, Message>,
) -> Result<OutsideId> {
    let mut faults = FieldErrors::default();
    let mut day = |field| {
        let read = read_day(&input.text(field));
        if read.is_none() {
            faults.add(field, "targets-fault-day");
        }
        read
    };
    let days = day("first_day").zip(day("last_day")).map(|(from, to)| Days { from, to });
    let lines: Vec<String> =
        input.raw("people").unwrap_or_default().lines().map(tidy).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        faults.add("people", "targets-outside-nobody");
    } else if lines.len() > MOST_PEOPLE {
        faults.add("people", Message::new("external-too-many").with("most", i64::try_from(MOST_PEOPLE).unwrap_or(0)));
    }
    if input.text("decision").chars().count() > 300 {
        faults.add("decision", "targets-fault-long");
    }
    let file = file.map_err(|said| faults.add("file", said)).ok();
    let (Some(days), Some(file)) = (days, file) else { return Err(Error::Invalid(faults)) };
    faults.or(())?;
    let typed = Typed {
        course: input.text("course"),
        organiser: input.text("organiser"),
        decision: input.text("decision"),
        days,
        lines,
    };
    let (now, by) = (app.now(), who.actor());
    app.db
        .write("targets.outside", move |c| {
            let new = typed.checked(c, &reach)?;
            let id = actions::enter_outside(c, &by, now, &new)?;
            actions::add_roster_file(c, &by, now, id, &file.stored, &file.name)?;
            Ok(id)
        })
        .await
}

struct Typed {
    course: String,
    organiser: String,
    decision: String,
    days: Days,
    lines: Vec<String>,
}

impl Typed {
    /// Finds what was named. Who speaks for some units alone names their people alone: of others they do not even learn whether
    /// they are known here.
    fn checked(self, c: &mut DbConn, reach: &Reach) -> Result<NewOutside> {
        let first = self.days.from;
        let mut faults = FieldErrors::default();
        let course = courses::by_code(c, &self.course)?;
        if course.is_none() {
            faults.add("course", "targets-outside-no-course");
        }
        let within = directory::units_within(c, reach, first)?;
        let covers = |unit| within.as_ref().is_none_or(|units| units.contains(&unit));
        let organiser = organisations::by_code_on(c, &self.organiser, first)?.filter(|unit| covers(unit.id));
        if organiser.is_none() {
            faults.add("organiser", "external-no-organiser");
        }
        let named = accounts::by_identifiers(c, &self.lines)?;
        let ids: Vec<PersonId> = named.iter().flatten().map(|person| person.id).collect();
        let units = accounts::units_on(c, &ids, first)?;
        let seen = |id: PersonId| within.is_none() || units.get(&id).is_some_and(|unit| covers(*unit));
        let mut people = Vec::with_capacity(named.len());
        let mut unknown = Vec::new();
        for (line, person) in named.iter().enumerate() {
            match person.as_ref().filter(|person| seen(person.id)) {
                Some(person) => people.push(person.id),
                None => unknown.push((line + 1).to_string()),
            }
        }
        if !unknown.is_empty() {
            let more = unknown.len() > SHOWN_LINES;
            unknown.truncate(SHOWN_LINES);
            let lines = format!("{}{}", unknown.join(", "), if more { "…" } else { "" });
            faults.add("people", Message::new("external-unknown-lines").with("lines", lines));
        }
        let (Some(course), Some(organiser)) = (course, organiser) else { return Err(Error::Invalid(faults)) };
        let new =
            NewOutside { course: course.0, organiser: organiser.id, days: self.days, decision: self.decision, people };
        faults.or(new)
    }
}
