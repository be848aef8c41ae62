//! Accepting or voiding one completion, with a reason that stays on record.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use crate::{
    accounts::queries as accounts,
    app::App,
    courses::{model::Outline, queries as courses},
    learning::{
        actions,
        guards::DeciderOf,
        model::{Attendance, ChangeKind, Completion, CompletionId, Doubt, HASTY, Hasty, NEEDED_PERCENT, Observers},
        queries,
    },
    organisations::queries as organisations,
    platform::{
        as_i64,
        db::Moment,
        error::{Error, FieldErrors, Result},
        http::{Crumb, FormView, Input, Page, Tag},
        i18n::Message,
    },
};

#[derive(Serialize)]
struct DecideView {
    run: String,
    id: i64,
    name: String,
    unit: String,
    position: String,
    category: String,
    occurred_at: Moment,
    recorded_at: Moment,
    state: Tag,
    /// Why it is flagged, a sentence each.
    reasons: Vec<String>,
    can_accept: bool,
    can_void: bool,
    /// A list of its sessions was corrected since, and too few are left: how many, in words.
    short: Option<String>,
    can_keep: bool,
    form: FormView,
    crumbs: Vec<Crumb>,
}

pub async fn show(
    app: web::Data<App>,
    page: Page,
    decider: DeciderOf,
    path: web::Path<(String, i64)>,
) -> Result<HttpResponse> {
    render(&app, &page, &decider, CompletionId(path.1), StatusCode::OK, FormView::default()).await
}

async fn render(
    app: &App,
    page: &Page,
    decider: &DeciderOf,
    id: CompletionId,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let run = decider.run.id;
    let (completion, changes, person, unit, outline, enrolment) = app
        .db
        .read(move |c| {
            let (completion, changes) = queries::completion(c, id)?;
            if completion.run != run {
                return Err(Error::NotFound);
            }
            let person = accounts::person(c, completion.person)?;
            let unit = organisations::unit(c, completion.unit)?;
            let outline = courses::outline(c, completion.version)?;
            let (enrolment, _) = queries::enrolment(c, completion.enrolment)?;
            Ok((completion, changes, person, unit, outline, enrolment))
        })
        .await?;
    let is_own = decider.who.id() == completion.person;
    let voided = changes.contains(&ChangeKind::Voided);
    let accepted = changes.contains(&ChangeKind::Accepted);
    let short = enrolment.short_since.is_some().then(|| attended(page, decider.run.attendance(&enrolment))).flatten();
    let view = DecideView {
        run: decider.run.code.clone(),
        id: id.0,
        name: person.full_name(),
        unit: unit.name(page.locale()).to_owned(),
        position: completion.position.clone(),
        category: page.text(Message::new(format!("accounts-category-{}", completion.category))),
        occurred_at: completion.occurred_at,
        recorded_at: completion.recorded_at,
        state: state(page, &completion, &changes),
        reasons: if completion.is_flagged { reasons(page, &outline, completion.doubt.as_ref()) } else { Vec::new() },
        can_accept: completion.is_flagged && !accepted && !voided && !is_own,
        can_void: !voided && !is_own,
        can_keep: short.is_some() && !voided && !is_own,
        short,
        form,
        crumbs: vec![
            Crumb::new(page.text("learning-runs-title"), "/lop"),
            Crumb::new(decider.run.title.clone(), format!("/lop/{}", decider.run.code)),
        ],
    };
    page.html_as(status, "learning/completion", &view)
}

/// How many sessions somebody has attended of those their class asks for; nothing where it asks for none.
pub fn attended(page: &Page, attendance: Attendance) -> Option<String> {
    let Attendance::Owed { attended, needed } = attendance else { return None };
    Some(page.text(Message::new("learning-attendance-owed").with("attended", attended).with("needed", needed)))
}

/// What spoke against believing it, in words. Nothing more is known of what was flagged before reasons were kept.
fn reasons(page: &Page, outline: &Outline, doubt: Option<&Doubt>) -> Vec<String> {
    let Some(doubt) = doubt else { return vec![page.text("learning-flag-reading-unknown")] };
    let mut reasons = Vec::new();
    if let Some(reading) = &doubt.reading {
        let (key, read) = match reading.seconds {
            seconds if seconds < 60 => ("learning-flag-reading-seconds", seconds),
            seconds => ("learning-flag-reading", seconds / 60),
        };
        let said = Message::new(key).with("read", read).with("minutes", reading.minutes);
        reasons.push(page.text(said.with("percent", NEEDED_PERCENT)));
        if reading.without_beats > 0 {
            let unseen = Message::new("learning-flag-without-beats").with("count", as_i64(reading.without_beats));
            reasons.push(page.text(unseen));
        }
    }
    for Hasty { key, answers, fast } in &doubt.hasty {
        let lesson = outline.lessons().find(|lesson| lesson.key == *key).map(|lesson| lesson.title.clone());
        let test = || outline.assessments.iter().find(|test| test.id == *key).map(|test| test.title.clone());
        let title = lesson.or_else(test).unwrap_or_else(|| key.clone());
        let said = Message::new("learning-flag-hasty").with("title", title);
        reasons
            .push(page.text(said.with("fast", *fast).with("answers", *answers).with("seconds", HASTY.num_seconds())));
    }
    reasons
}

fn state(page: &Page, completion: &Completion, changes: &[ChangeKind]) -> Tag {
    let (kind, key) = match changes.last() {
        Some(ChangeKind::Voided) => ("bad", "learning-standing-voided"),
        Some(ChangeKind::Accepted) => ("good", "learning-standing-accepted"),
        None if completion.is_flagged => ("warn", "learning-standing-flagged"),
        None => ("good", "learning-standing-completed"),
    };
    Tag { kind, text: page.text(key) }
}

pub async fn accept(
    app: web::Data<App>,
    page: Page,
    decider: DeciderOf,
    path: web::Path<(String, i64)>,
    input: Input,
    observers: web::Data<Observers>,
) -> Result<HttpResponse> {
    decide(&app, &page, decider, CompletionId(path.1), &input, ChangeKind::Accepted, **observers).await
}

/// It stands although a list was corrected.
pub async fn keep(
    app: web::Data<App>,
    page: Page,
    decider: DeciderOf,
    path: web::Path<(String, i64)>,
    input: Input,
) -> Result<HttpResponse> {
    let id = CompletionId(path.1);
    let (now, by, run, reason) = (app.now(), decider.who.actor(), decider.run.id, input.text("reason"));
    let kept = app
        .db
        .write("learning.keep", move |c| {
            if queries::completion(c, id)?.0.run != run {
                return Err(Error::NotFound);
            }
            actions::keep(c, now, &by, id, &reason)
        })
        .await;
    answer(&app, &page, &decider, id, &input, kept, "learning-decided-kept").await
}

pub async fn void(
    app: web::Data<App>,
    page: Page,
    decider: DeciderOf,
    path: web::Path<(String, i64)>,
    input: Input,
    observers: web::Data<Observers>,
) -> Result<HttpResponse> {
    decide(&app, &page, decider, CompletionId(path.1), &input, ChangeKind::Voided, **observers).await
}

async fn decide(
    app: &App,
    page: &Page,
    decider: DeciderOf,
    id: CompletionId,
    input: &Input,
    kind: ChangeKind,
    observers: Observers,
) -> Result<HttpResponse> {
    let (now, by, run, reason) = (app.now(), decider.who.actor(), decider.run.id, input.text("reason"));
    let decided = app
        .db
        .write("learning.decide", move |c| {
            if queries::completion(c, id)?.0.run != run {
                return Err(Error::NotFound);
            }
            match kind {
                ChangeKind::Accepted => actions::accept(c, now, &by, id, &reason, &observers),
                ChangeKind::Voided => actions::void(c, now, &by, id, &reason, &observers),
            }
        })
        .await;
    let said = match kind {
        ChangeKind::Accepted => "learning-decided-accepted",
        ChangeKind::Voided => "learning-decided-voided",
    };
    answer(app, page, &decider, id, input, decided.map(drop), said).await
}

/// The class with what was decided, or the page again with what was wrong.
async fn answer(
    app: &App,
    page: &Page,
    decider: &DeciderOf,
    id: CompletionId,
    input: &Input,
    decided: Result<()>,
    said: &'static str,
) -> Result<HttpResponse> {
    match decided {
        Ok(()) => Ok(page.go_saying(&format!("/lop/{}", decider.run.code), "good", said)),
        Err(Error::Invalid(errors)) => {
            render(app, page, decider, id, StatusCode::UNPROCESSABLE_ENTITY, page.form(input, &errors)).await
        }
        Err(Error::Refused(message)) => {
            let errors = FieldErrors(vec![("", message)]);
            render(app, page, decider, id, StatusCode::CONFLICT, page.form(input, &errors)).await
        }
        Err(error) => Err(error),
    }
}
