//! The lesson page of a learner: the text with its check questions, "Đã học xong", and the way on.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::progress::QueueView;
use crate::{
    app::App,
    courses::{Book, Shelf, model::LessonOutline, queries as courses},
    learning::{
        actions,
        guards::LearnerOf,
        model::{FIELD, Observers, Phase, Progress, assessment_path, lesson_path},
        queries,
    },
    platform::{
        as_i64,
        db::Moment,
        error::{Error, Result},
        http::{Crumb, HOLES, Input, Page, SafeHtml},
        i18n::Message,
        text,
    },
    questions::model::{Answer, Asked, Item},
};

#[derive(Serialize)]
struct LessonView {
    run: String,
    run_title: String,
    course_code: String,
    course: String,
    version: i32,
    title: String,
    slug: String,
    module: String,
    number: i64,
    total: i64,
    minutes: i32,
    reviewed: chrono::NaiveDate,
    /// The text with its questions.
    article: SafeHtml,
    done: i64,
    owed: i64,
    progress: String,
    done_at: Option<Moment>,
    is_running: bool,
    previous: Option<LinkView>,
    next: Option<LinkView>,
    test: Option<LinkView>,
    /// Reading is counted: the run is running, and not completed yet.
    counts: bool,
    /// What was counted so far, in words.
    counted: Option<String>,
    queue: QueueView,
    crumbs: Vec<Crumb>,
}

/// A question as it stands in the lesson, everything left open that is not the same for all who see it with this answer.
#[derive(Serialize)]
struct CheckPart {
    #[serde(flatten)]
    question: Asked,
    question_number: &'static str,
    /// Sent without an answer.
    question_error: String,
    action: &'static str,
    again: &'static str,
    is_answered: bool,
    can_answer: bool,
}

#[derive(Serialize)]
struct LinkView {
    title: String,
    href: String,
}

#[derive(Deserialize)]
pub struct Look {
    /// The question to be answered once more.
    #[serde(default)]
    lam_lai: String,
    /// The question that was sent without an answer.
    #[serde(default)]
    chua_chon: String,
}

struct Loaded {
    book: Arc<Book>,
    answers: BTreeMap<String, Answer>,
    progress: Progress,
}

/// To the lesson to go on with, or to the page of the run when all are done.
pub async fn go_on(app: web::Data<App>, page: Page, learner: LearnerOf) -> Result<HttpResponse> {
    let (version, enrolment) = (learner.run.version_id, learner.enrolment.id);
    let next = app
        .db
        .read(move |c| {
            let outline = courses::outline(c, version)?;
            Ok::<_, Error>(queries::progress(c, enrolment)?.next_lesson(&outline))
        })
        .await?;
    let code = &learner.run.code;
    Ok(page.go(&next.map_or_else(|| format!("/lop/{code}"), |slug| lesson_path(code, &slug))))
}

/// A lesson of one's own run. Opening it is noted: an observation about this request, and the only thing a GET leaves behind.
pub async fn show(
    app: web::Data<App>,
    page: Page,
    learner: LearnerOf,
    path: web::Path<(String, String)>,
    look: web::Query<Look>,
    shelf: web::Data<Shelf>,
) -> Result<HttpResponse> {
    let (now, enrolment, version) = (app.now(), learner.enrolment.id, learner.run.version_id);
    if learner.run.phase(now) == Phase::Coming {
        actions::must_be_running(&learner.run, now)?;
    }
    let (_, slug) = path.into_inner();
    let wanted = slug.clone();
    let loaded = app
        .db
        .glance(move |c| {
            let book = shelf.book(c, version)?;
            book.outline.place(&wanted).ok_or(Error::NotFound)?;
            let (answers, progress) = (queries::answers(c, enrolment)?, queries::progress(c, enrolment)?);
            Ok::<_, Error>(Loaded { book, answers, progress })
        })
        .await?;
    let place = loaded.book.outline.place(&slug).ok_or(Error::NotFound)?;
    if !loaded.progress.0.contains_key(&place.lesson.key) && learner.run.phase(now) == Phase::Running {
        let key = place.lesson.key.clone();
        let noted = app.db.write("learning.open", move |c| actions::open_lesson(c, now, enrolment, &key)).await;
        if let Err(error) = noted {
            // Reading goes on while nothing can be written.
            tracing::warn!(%error, "the opening of a lesson was not noted");
        }
    }
    page.html("learning/lesson", &view(&page, now, &learner, &loaded, &slug, &look)?)
}

fn view(page: &Page, now: Moment, learner: &LearnerOf, loaded: &Loaded, slug: &str, look: &Look) -> Result<LessonView> {
    let Loaded { book, progress, .. } = loaded;
    let outline = &book.outline;
    let run = &learner.run;
    let place = outline.place(slug).ok_or(Error::NotFound)?;
    let rule = outline.rule();
    let done = rule.required.iter().filter(|key| progress.is_done(key)).count();
    let link =
        |lesson: &LessonOutline| LinkView { title: lesson.title.clone(), href: lesson_path(&run.code, &lesson.slug) };
    let is_running = run.phase(now) == Phase::Running;
    let test = outline.assessments.iter().find(|test| !progress.is_done(&test.id)).filter(|_| place.next.is_none());
    Ok(LessonView {
        title: place.lesson.title.clone(),
        slug: slug.to_owned(),
        module: place.module.title.clone(),
        number: as_i64(place.number),
        total: as_i64(place.total),
        minutes: place.lesson.minutes,
        reviewed: outline.course.legal_review,
        article: article(page, &run.code, slug, loaded, look, is_running)?,
        done: as_i64(done),
        owed: as_i64(rule.required.len().max(1)),
        progress: page.text(
            Message::new("learning-progress-items")
                .with("done", as_i64(done))
                .with("total", as_i64(rule.required.len())),
        ),
        done_at: progress.0.get(&place.lesson.key).and_then(|step| step.completed_at),
        is_running,
        previous: place.previous.map(link),
        next: place.next.map(link),
        test: test.map(|test| LinkView { title: test.title.clone(), href: assessment_path(&run.code, &test.id) }),
        counts: is_running && learner.enrolment.completed_at.is_none(),
        counted: counted(page, progress, &place.lesson.key, place.lesson.minutes),
        queue: QueueView::of(&learner.who, now, Some(&run.code)),
        crumbs: vec![
            Crumb::new(page.text("learning-mine-title"), "/hoc"),
            Crumb::new(run.title.clone(), format!("/lop/{}", run.code)),
        ],
        run: run.code.clone(),
        run_title: run.title.clone(),
        course_code: outline.code.clone(),
        course: outline.version.title_vi.clone(),
        version: outline.version.number,
    })
}

/// How long this lesson was read as far as heartbeats told.
fn counted(page: &Page, progress: &Progress, key: &str, minutes: i32) -> Option<String> {
    let step = progress.0.get(key).filter(|step| step.beats > 0)?;
    let read = Message::new("learning-lesson-dwell-counted").with("read", step.dwell_seconds / 60);
    Some(page.text(read.with("minutes", i64::from(minutes))))
}

/// Bytes that most lessons with their questions need; a longer one grows.
const ARTICLE: usize = 32 * 1024;

/// The text of the lesson with its questions where they belong.
fn article(page: &Page, run: &str, slug: &str, loaded: &Loaded, look: &Look, can_answer: bool) -> Result<SafeHtml> {
    let path = lesson_path(run, slug);
    let mut article = String::with_capacity(ARTICLE);
    let mut number = 0;
    for piece in loaded.book.lesson(slug)? {
        article.push_str(piece.html);
        if let Some(item) = piece.check.and_then(|id| loaded.book.questions.get(id)) {
            number += 1;
            article.push_str(check(page, &path, item, loaded, look, (number, can_answer))?.as_str());
        }
    }
    Ok(SafeHtml::vouched(article))
}

fn check(
    page: &Page,
    path: &str,
    item: &Item,
    loaded: &Loaded,
    look: &Look,
    (number, can_answer): (usize, bool),
) -> Result<SafeHtml> {
    let [question_number, typed, action, again, ..] = HOLES;
    let answer = loaded.answers.get(&item.id).filter(|_| look.lam_lai != item.id);
    let mut question = match answer {
        Some(answer) => Asked::answered(item, FIELD, answer),
        None => Asked::open(&item.public_view(), FIELD, &Answer::Empty),
    };
    let given = std::mem::replace(&mut question.text, typed.to_owned());
    let is_empty = look.chua_chon == item.id;
    let part = CheckPart {
        question_number,
        question_error: if is_empty { page.text("questions-answer-empty") } else { String::new() },
        action,
        again,
        is_answered: question.result.is_some(),
        can_answer,
        question,
    };
    let holes = [
        page.text(Message::new("questions-check-number").with("number", as_i64(number))),
        given,
        format!("{path}/cau-hoi/{}", item.id),
        format!("{path}?lam_lai={0}#cau-hoi-{0}", item.id),
    ];
    page.part("learning/check", &part, &holes.each_ref().map(String::as_str))
}

/// "Đã học xong": again changes nothing.
pub async fn finish(
    app: web::Data<App>,
    page: Page,
    learner: LearnerOf,
    path: web::Path<(String, String)>,
    observers: web::Data<Observers>,
) -> Result<HttpResponse> {
    let (now, by, enrolment, version) = (app.now(), learner.who.actor(), learner.enrolment.id, learner.run.version_id);
    let (code, slug) = path.into_inner();
    let (completion, next) = app
        .db
        .write("learning.finish", move |c| {
            let outline = courses::outline(c, version)?;
            let place = outline.place(&slug).ok_or(Error::NotFound)?;
            let completion = actions::finish_lesson(c, now, &by, enrolment, &place.lesson.key, &observers)?;
            Ok::<_, Error>((completion, place.next.map(|next| next.slug.clone())))
        })
        .await?;
    if let Some(completion) = completion {
        let said = if completion.is_flagged { "learning-completed-flagged" } else { "learning-completed" };
        return Ok(page.go_saying(&format!("/lop/{code}"), if completion.is_flagged { "warn" } else { "good" }, said));
    }
    let to = next.map_or_else(|| format!("/lop/{code}"), |next| lesson_path(&code, &next));
    Ok(page.go_saying(&to, "good", Message::new("learning-lesson-finished").with("time", text::datetime(now.0))))
}

/// One answer to one check question; what is right is shown from now on.
pub async fn answer(
    app: web::Data<App>,
    page: Page,
    learner: LearnerOf,
    path: web::Path<(String, String, String)>,
    input: Input,
) -> Result<HttpResponse> {
    let (now, enrolment, run) = (app.now(), learner.enrolment.id, learner.run);
    let (code, slug, item) = path.into_inner();
    let back = lesson_path(&code, &slug);
    let (wanted, version) = (item.clone(), run.version_id);
    actions::must_be_running(&run, now)?;
    let given = app
        .db
        .write("learning.answer", move |c| {
            let outline = courses::outline(c, version)?;
            let lesson = outline.place(&slug).ok_or(Error::NotFound)?.lesson;
            let all = |field: &str| input.all(field).map(str::to_owned).collect();
            actions::give_answer(c, now, now, enrolment, version, lesson, &wanted, all)
        })
        .await?;
    let query = if given { String::new() } else { format!("?chua_chon={item}") };
    Ok(page.go(&format!("{back}{query}#cau-hoi-{item}")))
}
