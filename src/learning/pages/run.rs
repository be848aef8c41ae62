//! The page of a run: for a learner what is to be done, for others how to come in, for those who run it who is in it.

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::Serialize;

mod manager;
mod mine;

use self::{
    manager::{ManagerView, manager},
    mine::{MineView, mine},
};
use super::{
    attendance, days_until, phase_tag,
    progress::QueueView,
    seats,
    waiting::{MyPlaceView, WaitingView},
};
use crate::{
    access::{Authority, Permission, PersonId, Reach},
    app::App,
    courses::{model::Outline, queries as courses},
    learning::{
        actions,
        guards::{LearnerOf, Rights, VisitorOf},
        model::{Beside, ComingSession, Enrolled, Enrolment, EnrolmentMode, Entry, Phase, Progress, Run},
        queries::{self, Learner, WaitingPlace},
    },
    organisations::{model::Unit, queries as organisations},
    platform::{
        clock::local_day,
        db::{DbConn, Moment},
        error::{Error, FieldErrors, Result},
        http::{Crumb, FormView, Input, Page, Tag},
        i18n::{Locale, Message},
    },
};

#[derive(Serialize)]
struct RunView {
    code: String,
    title: String,
    course: String,
    course_code: String,
    slug: String,
    unit: String,
    opens: NaiveDate,
    closes: NaiveDate,
    owed_by: String,
    phase: Tag,
    is_running: bool,
    is_coming: bool,
    is_over: bool,
    seats: String,
    mode: String,
    decision: Option<String>,
    version: i32,
    mine: Option<MineView>,
    can_enrol: bool,
    needs_code: bool,
    list_only: bool,
    is_full: bool,
    /// Full, and open to me by this way: one press joins the waiting list.
    can_wait: bool,
    wait_needs_code: bool,
    /// How many wait already, in words.
    waiting_count: Option<String>,
    /// Where I stand in the waiting list.
    waiting: Option<MyPlaceView>,
    queue: QueueView,
    manager: Option<ManagerView>,
    /// May put people of their agency on the list; only on the waiting list when all seats are taken.
    can_list: bool,
    is_taken: bool,
    /// A member, or somebody who sees the class.
    reads_files: bool,
    /// The glossary and the handout are open to this person.
    reads_course: bool,
    can_resize: bool,
    /// What the class asks of its sessions, in words; empty where it asks for none.
    attendance: String,
    can_ask_attendance: bool,
    /// How many sessions there are; their list is open to members and those who see the class.
    sessions: i64,
    shows_sessions: bool,
    form: FormView,
    list_form: FormView,
    crumbs: Vec<Crumb>,
}

/// What the page is made of.
struct Loaded {
    outline: Outline,
    unit: Unit,
    progress: Option<Progress>,
    learners: Option<Vec<(String, Learner)>>,
    waits: Vec<WaitingView>,
    waiting: i64,
    my_place: Option<WaitingPlace>,
    coming: Vec<ComingSession>,
}

fn load(c: &mut DbConn, now: Moment, of: &Asked) -> Result<Loaded> {
    let outline = courses::outline(c, of.run.version_id)?;
    let unit = organisations::unit(c, of.run.unit_id)?;
    let progress = of.enrolment.as_ref().map(|enrolment| queries::progress(c, enrolment.id)).transpose()?;
    let within = match (of.rights.see, &of.people) {
        (true, _) => Some(None),
        // A training officer sees her own people in everybody's classes.
        (false, Reach::Under(roots)) => Some(Some(organisations::subtree_ids(c, roots, local_day(now.0))?)),
        (false, Reach::Everywhere) => Some(None),
        (false, Reach::Nowhere) => None,
    };
    let my_place = match of.enrolment {
        None => queries::waiting_place(c, of.run.id, of.me)?,
        Some(_) => None,
    };
    let mut waits = Vec::new();
    let learners = match within {
        None => None,
        Some(within) => {
            let waiting = queries::waiting(c, of.run.id, within.as_deref())?;
            let units = organisations::by_ids(c, &waiting.iter().map(|waiting| waiting.unit).collect::<Vec<_>>())?;
            waits.extend(waiting.into_iter().map(|waiting| {
                let unit = units.get(&waiting.unit);
                WaitingView::new(waiting, unit, of.locale, of.rights.manage)
            }));
            let learners = queries::roster(c, now, &of.run, within.as_deref())?;
            let ids: Vec<_> = learners.iter().map(|learner| learner.enrolment.unit_id).collect();
            let units = organisations::by_ids(c, &ids)?;
            let name = |learner: &Learner| {
                units.get(&learner.enrolment.unit_id).map(|unit| unit.name(of.locale).to_owned()).unwrap_or_default()
            };
            Some(learners.into_iter().map(|learner| (name(&learner), learner)).collect())
        }
    };
    let waiting = queries::waiting_count(c, of.run.id)?;
    let coming = match &of.enrolment {
        Some(enrolment) if of.run.sessions > 0 => (of.beside.sessions)(c, now, &of.run, enrolment.id)?,
        _ => Vec::new(),
    };
    Ok(Loaded { coming, outline, unit, progress, learners, waits, waiting, my_place })
}

/// Whether somebody may put the people of their own agency on the lists of other organisers' classes.
pub fn may_list_own(authority: &Authority) -> bool {
    authority.may(Permission::ManagePeople) && authority.may(Permission::SeeClasses)
}

/// Whose page it is.
struct Asked {
    me: PersonId,
    locale: Locale,
    queue: QueueView,
    run: Run,
    enrolment: Option<Enrolment>,
    rights: Rights,
    beside: Beside,
    /// Whose people this person may see in classes.
    people: Reach,
    may_list: bool,
}

impl Asked {
    fn of(now: Moment, locale: Locale, visitor: VisitorOf) -> Self {
        let authority = visitor.who.authority();
        Self {
            people: authority.reach(Permission::SeeClasses),
            may_list: visitor.rights.manage || may_list_own(authority),
            me: visitor.who.id(),
            queue: QueueView::of(&visitor.who, now, None),
            run: visitor.run,
            enrolment: visitor.enrolment,
            rights: visitor.rights,
            locale,
            beside: visitor.beside,
        }
    }
}

pub async fn show(app: web::Data<App>, page: Page, visitor: VisitorOf) -> Result<HttpResponse> {
    render(
        &app,
        &page,
        Asked::of(app.now(), page.locale(), visitor),
        StatusCode::OK,
        FormView::default(),
        FormView::default(),
    )
    .await
}

/// The page again with the faults of the form that puts people on the list.
pub async fn again(
    app: &web::Data<App>,
    page: &Page,
    visitor: VisitorOf,
    error: Error,
    input: &Input,
) -> Result<HttpResponse> {
    let (status, errors) = told(error)?;
    render(
        app,
        page,
        Asked::of(app.now(), page.locale(), visitor),
        status,
        FormView::default(),
        page.form(input, &errors),
    )
    .await
}

async fn render(
    app: &web::Data<App>,
    page: &Page,
    asked: Asked,
    status: StatusCode,
    form: FormView,
    list_form: FormView,
) -> Result<HttpResponse> {
    let now = app.now();
    let (asked, loaded) = app
        .db
        .read(move |c| {
            let loaded = load(c, now, &asked)?;
            Ok::<_, Error>((asked, loaded))
        })
        .await?;
    let Loaded { coming, outline, unit, progress, learners, waits, waiting, my_place } = loaded;
    let Asked { run, enrolment, rights, may_list, queue, .. } = asked;
    let phase = run.phase(now);
    let mine = enrolment
        .zip(progress)
        .map(|(enrolment, progress)| mine(page, &run, phase, &outline, &enrolment, &progress, coming));
    let free = mine.is_none() && phase != Phase::Over && run.has_seats();
    let course = outline.version.title(page.locale()).to_owned();
    let steps = outline.rule().required.len();
    let manager = learners.map(|learners| manager(page, &run, rights, learners, waits, steps));
    let is_full = mine.is_none() && !run.has_seats();
    let may_wait = is_full && phase != Phase::Over && my_place.is_none();
    let home = match (mine.is_some(), manager.is_some()) {
        (false, true) => Crumb::new(page.text("learning-runs-title"), "/lop"),
        _ => Crumb::new(page.text("learning-mine-title"), "/hoc"),
    };
    let mode = match run.enrolment {
        EnrolmentMode::Open => "learning-mode-open",
        EnrolmentMode::Code => "learning-mode-code",
        EnrolmentMode::List => "learning-mode-list",
    };
    let view = RunView {
        course_code: outline.code.clone(),
        slug: outline.slug.clone(),
        course,
        unit: unit.name(page.locale()).to_owned(),
        opens: run.first_day(),
        closes: run.last_day(),
        owed_by: page.text(
            Message::new("learning-mine-owed-by")
                .with("date", crate::platform::text::date(run.last_day()))
                .with("days", days_until(now, run.closes_at)),
        ),
        phase: phase_tag(page, phase),
        is_running: phase == Phase::Running,
        is_coming: phase == Phase::Coming,
        is_over: phase == Phase::Over,
        seats: seats(page, &run),
        mode: page.text(mode),
        decision: run.decision.clone(),
        version: outline.version.number,
        can_enrol: free && run.enrolment == EnrolmentMode::Open,
        needs_code: free && run.enrolment == EnrolmentMode::Code,
        list_only: free && run.enrolment == EnrolmentMode::List,
        is_full,
        can_wait: may_wait && run.enrolment == EnrolmentMode::Open,
        wait_needs_code: may_wait && run.enrolment == EnrolmentMode::Code,
        waiting_count: (is_full && waiting > 0)
            .then(|| page.text(Message::new("learning-wait-count").with("count", waiting))),
        waiting: my_place.map(|place| MyPlaceView::new(page, place)),
        queue,
        reads_files: mine.is_some() || rights.see || rights.manage,
        reads_course: rights.see || rights.manage || (mine.is_some() && phase != Phase::Coming),
        can_resize: rights.manage && phase != Phase::Over,
        attendance: asked_of(page, &run),
        can_ask_attendance: rights.manage && attendance::may_change(&run, now),
        sessions: run.sessions,
        shows_sessions: run.sessions > 0 || run.sessions_needed.is_some() || rights.manage,
        can_list: may_list && phase != Phase::Over,
        is_taken: !run.has_seats(),
        mine,
        manager,
        form,
        list_form,
        crumbs: vec![home],
        code: run.code,
        title: run.title,
    };
    page.html_as(status, "learning/run", &view)
}

/// What a run asks of its sessions.
fn asked_of(page: &Page, run: &Run) -> String {
    match run.sessions_needed {
        None => String::new(),
        Some(0) => page.text("learning-attendance-asks-all"),
        Some(needed) => page.text(Message::new("learning-attendance-asks").with("needed", needed)),
    }
}

/// Comes in by oneself: into an open run, or with its code.
pub async fn enrol(app: web::Data<App>, page: Page, visitor: VisitorOf, input: Input) -> Result<HttpResponse> {
    let (now, by, person, run) = (app.now(), visitor.who.actor(), visitor.who.id(), visitor.run.id);
    let typed = input.text("access_code");
    let how = if typed.is_empty() { Entry::Open } else { Entry::Code(typed) };
    let enrolled = app.db.write("learning.enrol", move |c| actions::enrol(c, now, &by, run, person, &how)).await;
    let path = format!("/lop/{}", visitor.run.code);
    match enrolled {
        Ok(Enrolled::New(_)) => Ok(page.go_saying(&path, "good", "learning-enrolled")),
        Ok(Enrolled::Already(_)) => Ok(page.go_saying(&path, "info", "learning-enrolled-already")),
        Err(error) => refused(&app, &page, visitor, error, &input).await,
    }
}

/// The page again with the faults of the form by which one comes in or waits.
pub async fn refused(
    app: &web::Data<App>,
    page: &Page,
    visitor: VisitorOf,
    error: Error,
    input: &Input,
) -> Result<HttpResponse> {
    let (status, errors) = told(error)?;
    render(
        app,
        page,
        Asked::of(app.now(), page.locale(), visitor),
        status,
        page.form(input, &errors),
        FormView::default(),
    )
    .await
}

/// A refusal is shown on the page it came from, with its own status.
fn told(error: Error) -> Result<(StatusCode, FieldErrors)> {
    match error {
        Error::Invalid(errors) => Ok((StatusCode::UNPROCESSABLE_ENTITY, errors)),
        Error::Refused(message) => Ok((StatusCode::CONFLICT, FieldErrors(vec![("", message)]))),
        other => Err(other),
    }
}

/// Leaves the run; the seat goes to somebody else.
pub async fn withdraw(app: web::Data<App>, page: Page, learner: LearnerOf) -> Result<HttpResponse> {
    let (now, by, enrolment) = (app.now(), learner.who.actor(), learner.enrolment.id);
    app.db.write("learning.withdraw", move |c| actions::withdraw(c, now, &by, enrolment)).await?;
    let said = Message::new("learning-withdrawn").with("title", learner.run.title);
    Ok(page.go_saying("/hoc", "good", said))
}
