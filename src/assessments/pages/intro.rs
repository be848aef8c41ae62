//! What a test is, how one stands with it, and the button that begins an attempt.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{crumbs, path, result_path, time_of_day};
use crate::{
    app::App,
    assessments::{
        actions,
        model::{Attempt, Standing, deadline},
        queries,
    },
    learning::{
        guards::LearnerOf,
        model::{Phase, assessment_path, lesson_path},
    },
    platform::{
        as_i64,
        db::Moment,
        error::{Error, Result},
        http::{Crumb, Page},
        i18n::Message,
        text,
    },
};

#[derive(Serialize)]
struct IntroView {
    title: String,
    action: String,
    run: String,
    questions: i64,
    minutes: i64,
    pass_percent: i64,
    attempts: String,
    /// Until when, where the run ends before the minutes do.
    shorter: Option<String>,
    /// The attempt to go on with.
    running: Option<RunningView>,
    may_start: bool,
    is_first: bool,
    /// Why there is no button, in a notice of that kind.
    why_not: Option<NoticeView>,
    /// The lessons that keep the test closed.
    missing: Vec<MissingView>,
    past: Vec<PastView>,
    crumbs: Vec<Crumb>,
}

#[derive(Serialize)]
struct MissingView {
    title: String,
    href: String,
}

#[derive(Serialize)]
struct RunningView {
    href: String,
    until: String,
}

#[derive(Serialize)]
struct NoticeView {
    kind: &'static str,
    text: String,
}

#[derive(Serialize)]
struct PastView {
    number: i32,
    started_at: Moment,
    result: String,
    kind: &'static str,
    href: String,
}

pub async fn show(
    app: web::Data<App>,
    page: Page,
    learner: LearnerOf,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse> {
    let (_, key) = path.into_inner();
    let standing = standing(&app, &learner, key).await?;
    let view = view(&page, app.now(), &learner, &standing);
    // While lessons keep a test closed that could begin otherwise, the page is a refusal.
    let status = if view.missing.is_empty() { StatusCode::OK } else { StatusCode::CONFLICT };
    page.html_as(status, "assessments/intro", &view)
}

async fn standing(app: &App, learner: &LearnerOf, key: String) -> Result<Standing> {
    let (run, enrolment) = (learner.run.clone(), learner.enrolment.id);
    app.db.read(move |c| queries::standing(c, &run, enrolment, &key)).await
}

fn view(page: &Page, now: Moment, learner: &LearnerOf, standing: &Standing) -> IntroView {
    let (run, test) = (&learner.run, &standing.assessment);
    let is_running = run.phase(now) == Phase::Running;
    let may_start = is_running && standing.may_start();
    let end = deadline(now, test, run);
    let is_closed = is_running && !standing.is_done && standing.running(now).is_none();
    let missing =
        |(title, slug): &(String, String)| MissingView { title: title.clone(), href: lesson_path(&run.code, slug) };
    IntroView {
        title: test.title.clone(),
        action: assessment_path(&run.code, &test.id),
        run: run.code.clone(),
        questions: i64::from(test.questions()),
        minutes: i64::from(test.minutes),
        pass_percent: i64::from(test.pass_percent),
        attempts: page.text(
            Message::new("assessments-attempts-left")
                .with("left", i64::from(standing.left()))
                .with("attempts", i64::from(test.attempts)),
        ),
        shorter: (may_start && end < now + chrono::TimeDelta::minutes(i64::from(test.minutes)))
            .then(|| page.text(Message::new("assessments-ends-with-run").with("time", text::datetime(end.0)))),
        running: standing
            .running(now)
            .map(|attempt| RunningView { href: path(attempt), until: time_of_day(attempt.deadline_at) }),
        may_start,
        is_first: standing.attempts.is_empty(),
        why_not: if standing.running(now).is_some() || may_start {
            None
        } else {
            why_not(page, now, learner, standing)
        },
        missing: if is_closed { standing.lessons_left.iter().map(missing).collect() } else { Vec::new() },
        past: standing
            .attempts
            .iter()
            .filter(|attempt| !attempt.is_open(now))
            .map(|attempt| past(page, attempt))
            .collect(),
        crumbs: crumbs(page, run),
    }
}

fn why_not(page: &Page, now: Moment, learner: &LearnerOf, standing: &Standing) -> Option<NoticeView> {
    let run = &learner.run;
    let say = |kind, message: Message| Some(NoticeView { kind, text: page.text(message) });
    if standing.is_done {
        return say("good", Message::new("assessments-passed-already"));
    }
    match run.phase(now) {
        Phase::Coming => say("info", Message::new("learning-run-not-begun").with("date", text::date(run.first_day()))),
        Phase::Over => say("warn", Message::new("learning-run-is-over").with("date", text::date(run.last_day()))),
        Phase::Running if !standing.lessons_left.is_empty() => {
            let left = as_i64(standing.lessons_left.len());
            say("warn", Message::new("assessments-lessons-first").with("count", left))
        }
        Phase::Running if standing.left() == 0 => {
            let attempts = i64::from(standing.assessment.attempts);
            say("warn", Message::new("assessments-no-attempts-left").with("attempts", attempts))
        }
        // The last attempt is over and the job that submits it comes within seconds.
        Phase::Running => say("info", Message::new("assessments-being-submitted")),
    }
}

fn past(page: &Page, attempt: &Attempt) -> PastView {
    let points = i64::from(attempt.points_permille.unwrap_or_default());
    let percent = text::percent(points, 1000, page.locale());
    let (kind, message) = match attempt.is_passed {
        Some(true) => ("good", Message::new("assessments-past-passed").with("points", percent)),
        Some(false) => ("bad", Message::new("assessments-past-failed").with("points", percent)),
        None => ("info", Message::new("assessments-past-being-submitted")),
    };
    PastView {
        number: attempt.number,
        started_at: attempt.started_at,
        result: page.text(message),
        kind,
        href: result_path(attempt),
    }
}

/// Begins an attempt, or leads to the one that is running.
pub async fn start(
    app: web::Data<App>,
    page: Page,
    learner: LearnerOf,
    at: web::Path<(String, String)>,
) -> Result<HttpResponse> {
    let (_, key) = at.into_inner();
    let back = assessment_path(&learner.run.code, &key);
    let (now, by, enrolment) = (app.now(), learner.who.actor(), learner.enrolment.id);
    let wanted = key.clone();
    match app.db.write("assessments.start", move |c| actions::start(c, now, &by, enrolment, &wanted)).await {
        Ok(attempt) => Ok(page.go(&path(&attempt))),
        Err(Error::Refused(message)) => {
            let standing = standing(&app, &learner, key).await?;
            let view = view(&page, now, &learner, &standing);
            if !view.missing.is_empty() {
                return page.html_as(StatusCode::CONFLICT, "assessments/intro", &view);
            }
            // The page itself says why; the sentence repeats it for the moment.
            Ok(page.go_saying(&back, "warn", message))
        }
        Err(error) => Err(error),
    }
}
