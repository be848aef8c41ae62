//! What the script of the learner's pages sends: heartbeats, and in batches what was done, also while there was no line. The
//! forms of the same pages do the same without a script, heartbeats aside.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::SignedIn,
    app::App,
    courses::queries as courses,
    learning::{
        actions,
        guards::LearnerOf,
        model::{Applied, BatchItem, Beat, Observers, Outcome, What, lesson_path},
    },
    platform::{
        db::Moment,
        error::{Error, Result},
        http::Page,
        i18n::Message,
        text,
    },
};

/// What the script must know on every page that sends what waits.
#[derive(Serialize)]
pub struct QueueView {
    /// Whose things these are: the browser may be somebody else's tomorrow.
    owner: String,
    /// The class of this page.
    run: Option<String>,
    /// The server's time.
    now: Moment,
}

impl QueueView {
    pub fn of(who: &SignedIn, now: Moment, run: Option<&str>) -> Self {
        Self { owner: who.person().code.clone(), run: run.map(str::to_owned), now }
    }
}

fn read<T: for<'a> Deserialize<'a>>(body: &[u8]) -> Result<T> {
    serde_json::from_slice(body).map_err(|_| Error::BadRequest("error-broken-request".into()))
}

#[derive(Deserialize)]
struct SentBeat {
    seconds: i64,
    at: Moment,
}

#[derive(Serialize)]
struct Counted {
    counted: i64,
    now: Moment,
}

/// The body is read after the guard: whose lesson it is comes before what was sent.
pub async fn beat(
    app: web::Data<App>,
    learner: LearnerOf,
    path: web::Path<(String, String)>,
    body: web::Bytes,
) -> Result<HttpResponse> {
    let (now, enrolment, version) = (app.now(), learner.enrolment.id, learner.run.version_id);
    let (_, slug) = path.into_inner();
    actions::must_be_running(&learner.run, now)?;
    let SentBeat { seconds, at } = read(&body)?;
    let counted = app
        .db
        .write("learning.beat", move |c| {
            let outline = courses::outline(c, version)?;
            let key = &outline.place(&slug).ok_or(Error::NotFound)?.lesson.key;
            actions::count_beat(c, now, enrolment, key, Beat { seconds, at })
        })
        .await?;
    Ok(HttpResponse::Ok().json(Counted { counted, now: app.now() }))
}

#[derive(Deserialize)]
struct SentBatch {
    items: Vec<SentItem>,
}

#[derive(Deserialize)]
struct SentItem {
    id: String,
    given: Moment,
    #[serde(flatten)]
    what: SentWhat,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum SentWhat {
    Answer { lesson: String, item: String, fields: Vec<(String, String)> },
    Done { lesson: String },
    Time { lesson: String, seconds: i64 },
}

impl From<SentItem> for BatchItem {
    fn from(SentItem { id, given, what }: SentItem) -> Self {
        let what = match what {
            SentWhat::Answer { lesson, item, fields } => What::Answer { lesson, item, fields },
            SentWhat::Done { lesson } => What::Done { lesson },
            SentWhat::Time { lesson, seconds } => What::Time { lesson, seconds },
        };
        Self { id, given, what }
    }
}

#[derive(Serialize)]
struct BatchView {
    results: Vec<ResultView>,
    now: Moment,
}

#[derive(Serialize)]
struct ResultView {
    id: String,
    outcome: &'static str,
    /// Why it was refused.
    text: Option<String>,
    /// Where it goes on.
    go: Option<String>,
}

/// Each item with its own result, once all that was applied is on the disk. The sentence that the form would have led to is
/// said on the next page.
pub async fn batch(
    app: web::Data<App>,
    page: Page,
    learner: LearnerOf,
    observers: web::Data<Observers>,
    body: web::Bytes,
) -> Result<HttpResponse> {
    let (now, by, enrolment, version) = (app.now(), learner.who.actor(), learner.enrolment.id, learner.run.version_id);
    let sent: SentBatch = read(&body)?;
    let items: Vec<BatchItem> = sent.items.into_iter().map(BatchItem::from).collect();
    let (items, applied, outline) = app
        .db
        .write("learning.batch", move |c| {
            let applied = actions::apply_batch(c, now, &by, enrolment, &items, &observers)?;
            Ok::<_, Error>((items, applied, courses::outline(c, version)?))
        })
        .await?;
    let code = &learner.run.code;
    let mut say = None;
    let mut results = Vec::with_capacity(items.len());
    for (item, Applied { outcome, completion }) in items.into_iter().zip(applied) {
        let (outcome, why) = match outcome {
            Outcome::Applied => ("applied", None),
            Outcome::Repeated => ("repeated", None),
            Outcome::Refused(message) => ("refused", Some(message)),
            Outcome::Failed(reason) => {
                tracing::error!(item = %item.id, enrolment = enrolment.0, %reason, "an item of a batch could not be applied");
                results.push(ResultView { id: item.id, outcome: "failed", text: None, go: None });
                continue;
            }
        };
        let place = outline.place(item.what.lesson());
        let go = match &item.what {
            What::Time { .. } => None,
            _ if why.is_some() => None,
            What::Answer { lesson, item, .. } => Some(format!("{}#cau-hoi-{item}", lesson_path(code, lesson))),
            What::Done { .. } => {
                let next = place.and_then(|place| place.next).filter(|_| completion.is_none());
                let finished = Message::new("learning-lesson-finished").with("time", text::datetime(now.0));
                say = Some(match completion {
                    Some(completion) if completion.is_flagged => ("warn", "learning-completed-flagged".into()),
                    Some(_) => ("good", "learning-completed".into()),
                    None => ("good", finished),
                });
                Some(next.map_or_else(|| format!("/lop/{code}"), |next| lesson_path(code, &next.slug)))
            }
        };
        results.push(ResultView { id: item.id, outcome, text: why.map(|why| page.text(why)), go });
    }
    let mut response = HttpResponse::Ok().json(BatchView { results, now: app.now() });
    if let Some((kind, message)) = say {
        page.say_next(&mut response, kind, message);
    }
    Ok(response)
}
