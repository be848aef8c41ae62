//! The paper of an attempt. A plain form that is saved and handed in as a whole; with a script each answer is saved as it is
//! given.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::{crumbs, field, path, result_path, time_of_day};
use crate::{
    app::App,
    assessments::{
        actions,
        guards::{AnswerTo, AttemptOf},
        model::{Attempt, Sent},
        queries,
    },
    courses::{Shelf, queries as courses},
    platform::{
        as_i64,
        db::{DbConn, Moment},
        error::{Error, Result},
        http::{Crumb, HOLES, Input, Page, SafeHtml},
        i18n::Message,
    },
    questions::model::{Answer, Asked},
};

#[derive(Serialize)]
struct SheetView {
    title: String,
    code: String,
    run_title: String,
    number: i32,
    /// The way to each question.
    map: Vec<MapView>,
    /// The questions with the fields of their answers.
    paper: SafeHtml,
    total: i64,
    answered: i64,
    /// When something was saved last.
    saved: Option<String>,
    until: String,
    /// For the script's clock: the server's time and the end.
    now: Moment,
    deadline: Moment,
    crumbs: Vec<Crumb>,
}

#[derive(Serialize)]
struct MapView {
    position: i32,
    id: String,
    is_answered: bool,
}

/// A question as it stands on the paper, everything left open that is not the same for all who see it with this answer.
#[derive(Serialize)]
struct QuestionPart<'a> {
    #[serde(flatten)]
    question: &'a Asked,
    question_number: &'static str,
    question_error: &'static str,
    position: &'static str,
    sequence: &'static str,
    /// When it was saved, if it was.
    saved: Option<&'static str>,
    /// A page sent another answer, and this newer one stayed.
    stayed: bool,
}

/// A question of an attempt. Its field is named by a sign, so that the same question looks the same on every paper.
pub struct Posed {
    pub position: i32,
    pub question: Asked,
    sequence: i64,
    saved: Option<String>,
    pub is_answered: bool,
}

impl Posed {
    fn on_paper(&mut self, page: &Page, total: i64, stayed: bool) -> Result<SafeHtml> {
        let [_, number, typed, position, sequence, saved, ..] = HOLES;
        let given = std::mem::replace(&mut self.question.text, typed.to_owned());
        let part = QuestionPart {
            question: &self.question,
            question_number: number,
            question_error: "",
            position,
            sequence,
            saved: self.saved.as_ref().map(|_| saved),
            stayed,
        };
        let number = Message::new("assessments-question-number").with("number", i64::from(self.position));
        let holes = [
            field(self.position),
            page.text(number.with("total", total)),
            given,
            self.position.to_string(),
            self.sequence.to_string(),
            self.saved.clone().unwrap_or_default(),
        ];
        page.part("assessments/question", &part, &holes.each_ref().map(String::as_str))
    }
}

/// The questions of an attempt with what was answered, and nothing of the key.
pub fn questions(c: &mut DbConn, shelf: &Shelf, attempt: &Attempt) -> Result<(Vec<Posed>, Option<Moment>)> {
    let paper = attempt.paper()?;
    let book = shelf.book(c, attempt.version_id)?;
    let items = &book.questions;
    let answers = queries::answers(c, attempt.id)?;
    let last = answers.values().map(|(_, kept)| kept.saved_at).max();
    let mut views = Vec::with_capacity(paper.questions.len());
    for (position, question) in paper.numbered() {
        let item =
            items.get(&question.item).ok_or_else(|| Error::internal("a paper names a question that is not there"))?;
        let kept = answers.get(&position);
        let given = kept.map_or(&Answer::Empty, |(answer, _)| answer);
        let mut asked = Asked::open(&item.public_view(), HOLES[0], given);
        question.arrange(&mut asked);
        views.push(Posed {
            position,
            question: asked,
            sequence: kept.map_or(0, |(_, kept)| kept.sequence),
            saved: kept.map(|(_, kept)| time_of_day(kept.saved_at)),
            is_answered: given.is_given(),
        });
    }
    Ok((views, last))
}

#[derive(Deserialize)]
pub struct Look {
    /// The questions at which the answer of another page stayed.
    #[serde(default)]
    giu: String,
}

pub async fn show(
    app: web::Data<App>,
    page: Page,
    of: AttemptOf,
    look: web::Query<Look>,
    shelf: web::Data<Shelf>,
) -> Result<HttpResponse> {
    let now = app.now();
    if !of.attempt.is_open(now) {
        return Ok(page.go(&result_path(&of.attempt)));
    }
    let attempt = of.attempt.clone();
    let (mut posed, last) = app.db.glance(move |c| questions(c, &shelf, &attempt)).await?;
    let stayed = |at: i32| look.giu.split('-').any(|position| position.parse() == Ok(at));
    let total = as_i64(posed.len());
    let answered = as_i64(posed.iter().filter(|question| question.is_answered).count());
    let mut paper = String::new();
    for question in &mut posed {
        paper.push_str(question.on_paper(&page, total, stayed(question.position))?.as_str());
    }
    let entry = |of: Posed| MapView { position: of.position, id: of.question.id, is_answered: of.is_answered };
    let view = SheetView {
        title: of.assessment.title.clone(),
        code: of.attempt.code.clone(),
        run_title: of.run.title.clone(),
        number: of.attempt.number,
        total,
        answered,
        map: posed.into_iter().map(entry).collect(),
        paper: SafeHtml::vouched(paper),
        saved: last.map(time_of_day),
        until: time_of_day(of.attempt.deadline_at),
        now,
        deadline: of.attempt.deadline_at,
        crumbs: crumbs(&page, &of.run),
    };
    page.html("assessments/sheet", &view)
}

/// Saves the whole form; "Nộp bài" leads on to the question whether it is to be handed in.
pub async fn save(app: web::Data<App>, page: Page, of: AttemptOf, input: Input) -> Result<HttpResponse> {
    let (now, attempt) = (app.now(), of.attempt.id);
    let is_last = input.raw("action") == Some("submit");
    let paper = of.attempt.paper()?;
    let version = of.attempt.version_id;
    let saved = app
        .db
        .write("assessments.save", move |c| {
            let items = courses::questions(c, version, &paper.items())?;
            let mut sent = Vec::with_capacity(paper.questions.len());
            for (position, question) in paper.numbered() {
                let item = items.get(&question.item).ok_or(Error::NotFound)?;
                let all = |field: &str| input.all(field).map(str::to_owned).collect();
                let answer = Answer::from_form(&item.public_view(), &field(position), all);
                // What the page showed; an answer that came from elsewhere since is newer and stays.
                let shown: i64 = input.text(&format!("seq{position}")).parse().unwrap_or(0);
                sent.push(Sent { position, answer, sequence: shown.saturating_add(1) });
            }
            actions::save_form(c, now, attempt, &sent)
        })
        .await;
    match saved {
        // Shown before anything is handed in: what stands there is not what this page said.
        Ok(stayed) if !stayed.is_empty() => {
            let list = |sign: &str| stayed.iter().map(i32::to_string).collect::<Vec<_>>().join(sign);
            let said =
                Message::new("assessments-saved-but").with("time", time_of_day(now)).with("questions", list(", "));
            Ok(page.go_saying(&format!("{}?giu={}", path(&of.attempt), list("-")), "warn", said))
        }
        Ok(_) if is_last => Ok(page.go(&format!("{}/nop", path(&of.attempt)))),
        Ok(_) => {
            let said = Message::new("assessments-saved-all").with("time", time_of_day(now));
            Ok(page.go_saying(&path(&of.attempt), "good", said))
        }
        Err(Error::Refused(message)) => Ok(page.go_saying(&result_path(&of.attempt), "warn", message)),
        Err(error) => Err(error),
    }
}

/// One answer from the script.
#[derive(Deserialize)]
pub struct SentAnswer {
    position: i32,
    answer: Answer,
    sequence: i64,
}

#[derive(Serialize)]
struct Acknowledged {
    position: i32,
    /// Of the answer that is kept; above the one sent, if a newer answer came from elsewhere.
    sequence: i64,
    /// Time of day at which it was kept.
    saved: String,
    /// The server's time, by which the page sets its clock.
    now: Moment,
}

/// Answers once the answer is on the disk, never before.
pub async fn answer(app: web::Data<App>, of: AnswerTo, body: web::Bytes) -> Result<HttpResponse> {
    let Ok(SentAnswer { position, answer, sequence }) = serde_json::from_slice(&body) else {
        // Whose attempt it is comes before what was sent.
        of.prove(&app).await?;
        return Err(Error::BadRequest("error-broken-request".into()));
    };
    let kept = of.keep(&app, Sent { position, answer, sequence }).await?;
    Ok(HttpResponse::Ok().json(Acknowledged {
        position,
        sequence: kept.sequence,
        saved: time_of_day(kept.saved_at),
        now: app.now(),
    }))
}
