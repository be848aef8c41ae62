//! The end of an attempt: the question whether it is to be handed in, and the result.

use actix_web::{HttpResponse, web};
use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;

use super::{crumbs, field, path, result_path, sheet, time_of_day};
use crate::{
    app::App,
    assessments::{
        actions,
        guards::AttemptOf,
        model::{Attempt, Standing, SubmittedBy, may_show_key},
        queries,
    },
    courses::{Shelf, package::ShowKey, queries as courses},
    learning::{
        model::{Observers, Phase, Run, assessment_path},
        queries as classes,
    },
    platform::{
        as_i64,
        clock::local_day,
        db::{DbConn, Moment},
        error::{Error, Result},
        http::{Crumb, Page},
        text,
    },
    questions::model::{Answer, Asked},
};

#[derive(Serialize)]
struct ConfirmView {
    title: String,
    code: String,
    total: i64,
    unanswered: i64,
    open: Vec<OpenView>,
    until: String,
    crumbs: Vec<Crumb>,
}

#[derive(Serialize)]
struct OpenView {
    position: i32,
    href: String,
}

/// Says how many questions are unanswered before anything is handed in.
pub async fn confirm(app: web::Data<App>, page: Page, of: AttemptOf, shelf: web::Data<Shelf>) -> Result<HttpResponse> {
    if !of.attempt.is_open(app.now()) {
        return Ok(page.go(&result_path(&of.attempt)));
    }
    let attempt = of.attempt.clone();
    let (questions, _) = app.db.read(move |c| sheet::questions(c, &shelf, &attempt)).await?;
    let open = questions.iter().filter(|question| !question.is_answered);
    let open: Vec<OpenView> = open
        .map(|question| OpenView {
            position: question.position,
            href: format!("{}#cau-hoi-{}", path(&of.attempt), question.question.id),
        })
        .collect();
    let view = ConfirmView {
        title: of.assessment.title.clone(),
        code: of.attempt.code.clone(),
        total: as_i64(questions.len()),
        unanswered: as_i64(open.len()),
        open,
        until: time_of_day(of.attempt.deadline_at),
        crumbs: crumbs(&page, &of.run),
    };
    page.html("assessments/confirm", &view)
}

/// Hands in; again changes nothing.
pub async fn submit(
    app: web::Data<App>,
    page: Page,
    of: AttemptOf,
    observers: web::Data<Observers>,
) -> Result<HttpResponse> {
    let (now, by, attempt) = (app.now(), of.who.actor(), of.attempt.id);
    let submitted =
        app.db.write("assessments.submit", move |c| actions::submit(c, now, &by, attempt, &observers)).await?;
    let to = result_path(&of.attempt);
    Ok(match submitted.completion {
        Some(completion) if completion.is_flagged => page.go_saying(&to, "warn", "learning-completed-flagged"),
        Some(_) => page.go_saying(&to, "good", "learning-completed"),
        None => page.go(&to),
    })
}

#[derive(Serialize)]
struct ResultView {
    title: String,
    code: String,
    number: i32,
    /// `None` while the job that ends it at its deadline is still on its way.
    outcome: Option<OutcomeView>,
    run: String,
    run_title: String,
    /// Where another attempt begins, while there is one.
    again: Option<String>,
    attempts_left: i64,
    crumbs: Vec<Crumb>,
}

#[derive(Serialize)]
struct OutcomeView {
    is_passed: bool,
    points: String,
    pass_percent: i64,
    answered: i64,
    total: i64,
    started_at: Moment,
    submitted_at: Moment,
    by_deadline: bool,
    /// Only when the blueprint says that the key may be shown now.
    questions: Vec<MarkedView>,
    /// The day after which it will be shown.
    key_after: Option<NaiveDate>,
    key_never: bool,
}

#[derive(Serialize)]
struct MarkedView {
    position: i32,
    question: Asked,
}

pub async fn show(app: web::Data<App>, page: Page, of: AttemptOf) -> Result<HttpResponse> {
    let now = app.now();
    if of.attempt.is_open(now) {
        return Ok(page.go(&path(&of.attempt)));
    }
    let (attempt, run, enrolment) = (of.attempt.clone(), of.run.clone(), of.enrolment.id);
    let assessment = of.assessment.clone();
    let (standing, answers, marked, shows_key, others) = app
        .db
        .read(move |c| {
            let others = classes::open_until(c, run.version_id, now)?;
            let shows_key = may_show_key(&assessment, &run, others, &attempt, now);
            let standing = queries::standing(c, &run, enrolment, &attempt.assessment_key)?;
            let answers = queries::answers(c, attempt.id)?;
            let marked = if shows_key { marked(c, &attempt)? } else { Vec::new() };
            Ok::<_, Error>((standing, answers, marked, shows_key, others))
        })
        .await?;
    let answered = answers.values().filter(|(answer, _)| answer.is_given()).count();
    let hidden_until = (!shows_key).then(|| last_day(&of.run, others));
    let view = ResultView {
        title: of.assessment.title.clone(),
        code: of.attempt.code.clone(),
        number: of.attempt.number,
        outcome: outcome(&page, &of, as_i64(answered), marked, hidden_until)?,
        run: of.run.code.clone(),
        run_title: of.run.title.clone(),
        again: again(&of, &standing, now),
        attempts_left: i64::from(standing.left()),
        crumbs: crumbs(&page, &of.run),
    };
    page.html("assessments/result", &view)
}

fn outcome(
    page: &Page,
    of: &AttemptOf,
    answered: i64,
    questions: Vec<MarkedView>,
    hidden_until: Option<NaiveDate>,
) -> Result<Option<OutcomeView>> {
    let attempt = &of.attempt;
    let (Some(submitted_at), Some(is_passed)) = (attempt.submitted_at, attempt.is_passed) else { return Ok(None) };
    let show_key = of.assessment.show_key;
    Ok(Some(OutcomeView {
        is_passed,
        points: text::percent(i64::from(attempt.points_permille.unwrap_or_default()), 1000, page.locale()),
        pass_percent: i64::from(of.assessment.pass_percent),
        answered,
        total: as_i64(attempt.paper()?.questions.len()),
        started_at: attempt.started_at,
        submitted_at,
        by_deadline: attempt.submitted_by == Some(SubmittedBy::Deadline),
        questions,
        key_after: hidden_until.filter(|_| show_key == ShowKey::AfterClosing),
        key_never: show_key == ShowKey::Never,
    }))
}

/// The last day of the class, or of the last one that is open with the same questions.
fn last_day(run: &Run, others: Option<Moment>) -> NaiveDate {
    let closes = others.map_or(run.closes_at, |closes| closes.max(run.closes_at));
    local_day((closes - TimeDelta::microseconds(1)).0)
}

fn again(of: &AttemptOf, standing: &Standing, now: Moment) -> Option<String> {
    let may = of.run.phase(now) == Phase::Running && standing.may_start();
    may.then(|| assessment_path(&of.run.code, &of.attempt.assessment_key))
}

/// The questions with what is right and what the author says. The caller proved that they may be shown.
fn marked(c: &mut DbConn, attempt: &Attempt) -> Result<Vec<MarkedView>> {
    let paper = attempt.paper()?;
    let items = courses::questions(c, attempt.version_id, &paper.items())?;
    let answers = queries::answers(c, attempt.id)?;
    let mut views = Vec::with_capacity(paper.questions.len());
    for (position, question) in paper.numbered() {
        let Some(item) = items.get(&question.item) else { continue };
        let given = answers.get(&position).map_or(&Answer::Empty, |(answer, _)| answer);
        let mut asked = Asked::answered(item, field(position), given);
        question.arrange(&mut asked);
        views.push(MarkedView { position, question: asked });
    }
    Ok(views)
}
