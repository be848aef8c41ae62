//! The quota of one unit: what it has, its answer, what it handed on, and everything that happened to it.

use std::collections::HashMap;

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::{Deserialize, Serialize};

use super::{
    round::letter,
    shown::{A_PAGE, AllocateView, CardView, LevelView, allocation, as_faults, choices, title},
};
use crate::{
    access::{Actor, PersonId},
    accounts::queries::directory,
    app::App,
    organisations,
    platform::{
        clock::local_day,
        db::{DbConn, Moment},
        error::{Error, FieldErrors, Result},
        http::{Choice, Crumb, FormView, Input, Page, Pages, page_number},
        i18n::Message,
    },
    targets::{
        actions::quotas as quota_actions,
        forms::{self, AllocationForm},
        guards::quotas::{AnsweredQuota, QuotaSeen, SettledQuota},
        model::quota::{Answer, EventKind, QuotaEvent, QuotaId},
        queries::{self, quotas::Cascade},
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/phan-bo/{code}/{quota}").get(show));
    cfg.service(web::resource("/phan-bo/{code}/{quota}/tra-loi").post(answer));
    cfg.service(web::resource("/phan-bo/{code}/{quota}/phan-bo").post(allocate));
    cfg.service(web::resource("/phan-bo/{code}/{quota}/tra-lai").post(give_back));
    cfg.service(web::resource("/phan-bo/{code}/{quota}/quyet-dinh").post(settle));
    cfg.service(web::resource("/phan-bo/{code}/{quota}/dieu-chuyen").post(reallocate));
}

/// Steps shown; older ones stay in the records.
const STEPS: i64 = 200;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    trang: Option<i64>,
}

#[derive(Serialize)]
struct QuotaView {
    crumbs: Vec<Crumb>,
    path: String,
    /// Where people are nominated for these seats.
    nominations: String,
    card: CardView,
    /// By whom it was handed out; none is the coordinator.
    above: Option<String>,
    letter: Option<String>,
    /// What the unit asks for, with its reason.
    asked: Option<AskedView>,
    can_accept: bool,
    can_answer: bool,
    can_settle: bool,
    can_move: bool,
    level: LevelView,
    pages: Pages,
    siblings: Vec<Choice>,
    steps: Vec<StepView>,
    /// One form of the page was refused: which, with what was typed. The others are as they were.
    refused: &'static str,
    summary: FormView,
    answer_form: FormView,
    settle_form: FormView,
    /// Where there are units below it.
    allocate: Option<AllocateView>,
    move_form: FormView,
    return_form: FormView,
}

#[derive(Serialize)]
struct AskedView {
    amount: i64,
    reason: String,
}

/// A step in plain words.
#[derive(Serialize)]
struct StepView {
    at: Moment,
    said: String,
    by: Option<String>,
    reason: String,
    letter: Option<String>,
}

/// What was typed into one of the forms and refused.
#[derive(Default)]
struct Refused {
    form: &'static str,
    view: FormView,
}

async fn show(app: web::Data<App>, page: Page, seen: QuotaSeen, asked: web::Query<Asked>) -> Result<HttpResponse> {
    render(&app, &page, StatusCode::OK, seen, page_number(asked.trang), Refused::default()).await
}

struct Found {
    level: Cascade,
    sums: queries::quotas::Sums,
    above: Option<organisations::model::Unit>,
    units: Vec<Choice>,
    siblings: Vec<Choice>,
    events: Vec<QuotaEvent>,
    names: HashMap<PersonId, (String, String)>,
    letter: Option<(String, Option<chrono::NaiveDate>)>,
}

async fn render(
    app: &App,
    page: &Page,
    status: StatusCode,
    seen: QuotaSeen,
    shown: i64,
    refused: Refused,
) -> Result<HttpResponse> {
    let QuotaSeen { round, quota, unit, can_answer, can_settle, .. } = seen;
    let (can_answer, can_settle) = (can_answer && round.is_open(), can_settle && round.is_open());
    let (locale, today, own) = (page.locale(), local_day(app.now().0), quota.clone());
    let found = app
        .db
        .read(move |c| {
            let events = queries::quotas::history(c, own.id, STEPS)?;
            let people: Vec<PersonId> = events.iter().flat_map(|e| [e.by_id, e.person_id]).flatten().collect();
            let above = match own.parent_id {
                None => None,
                Some(parent) => {
                    let parent = queries::quotas::quota(c, parent)?;
                    Some(organisations::queries::unit(c, parent.unit_id)?)
                }
            };
            let beside = if can_settle { queries::quotas::siblings(c, &own)? } else { Vec::new() };
            Ok::<_, Error>(Found {
                level: queries::quotas::cascade(c, own.round_id, Some(own.id), shown, A_PAGE)?,
                sums: queries::quotas::sums(c, &own)?,
                above,
                units: if can_answer { choices(c, Some(own.unit_id), today, locale)? } else { Vec::new() },
                siblings: beside.into_iter().map(|(_, unit)| Choice::new(&unit.code, unit.name(locale))).collect(),
                names: directory::names(c, &people)?,
                letter: queries::quotas::letter(c, own.id)?,
                events,
            })
        })
        .await?;
    let path = format!("/phan-bo/{}/{}", round.code, unit.code);
    let form = |name: &str, otherwise: FormView| if refused.form == name { refused.view.clone() } else { otherwise };
    let asked = quota.asked_amount.map(|amount| AskedView { amount, reason: quota.answer_reason.clone() });
    let view = QuotaView {
        crumbs: vec![
            Crumb::new(page.text("quotas-title"), "/phan-bo"),
            Crumb::new(title(locale, &round), format!("/phan-bo/{}", round.code)),
        ],
        card: CardView::of(page, &round, &quota, &unit, found.sums, today),
        above: found.above.map(|unit| unit.name(locale).to_owned()),
        letter: found.letter.and_then(|(number, day)| letter(page, &number, day)),
        can_accept: can_answer && quota.answer != Answer::Accepted,
        can_answer,
        can_settle: can_settle && asked.is_some(),
        can_move: can_settle && !found.siblings.is_empty(),
        pages: Pages::of(page, shown, found.level.count, A_PAGE, |n| format!("{path}?trang={n}")),
        level: LevelView::of(page, &round, &found.level),
        siblings: found.siblings,
        steps: found.events.iter().map(|event| step(page, event, &found.names)).collect(),
        settle_form: form("settle", FormView::with([("granted", quota.asked_amount.unwrap_or_default().to_string())])),
        answer_form: form("answer", FormView::default()),
        allocate: (!found.units.is_empty()).then(|| AllocateView {
            form: form("allocate", FormView::default()),
            action: format!("{path}/phan-bo"),
            units: found.units,
        }),
        move_form: form("move", FormView::default()),
        return_form: form("return", FormView::default()),
        refused: refused.form,
        summary: refused.view,
        asked,
        nominations: format!("/de-cu/{}/{}", round.code, unit.code),
        path,
    };
    page.html_as(status, "quotas/quota", &view)
}

fn step(page: &Page, event: &QuotaEvent, names: &HashMap<PersonId, (String, String)>) -> StepView {
    let name = |id: PersonId| names.get(&id).map(|(_, name)| name.clone());
    let key = match event.kind {
        EventKind::Reallocated if event.delta < 0 => "quotas-step-moved-away".to_owned(),
        EventKind::Asked if event.delta < 0 => "quotas-step-asked-less".to_owned(),
        EventKind::Granted if event.delta < 0 => "quotas-step-granted-less".to_owned(),
        kind => format!("quotas-step-{kind}"),
    };
    let said = Message::new(key)
        .with("count", event.delta.abs())
        .with("name", event.person_id.and_then(name).unwrap_or_default());
    StepView {
        at: event.occurred_at,
        said: page.text(said),
        by: event.by_id.and_then(name),
        reason: event.reason.clone(),
        letter: letter(page, &event.letter_number, event.letter_date),
    }
}

type Work = Box<dyn FnOnce(&mut DbConn, &Actor, Moment, QuotaId) -> Result<()> + Send>;

/// A form of the page. Several stand on it, so that their fields bear names of their own; the rules name a number and a reason.
struct Form {
    name: &'static str,
    number: &'static str,
    reason: &'static str,
    /// What is said when it is done.
    done: &'static str,
}

const ANSWER: Form = Form { name: "answer", number: "asked", reason: "reason", done: "quotas-answered" };
const SETTLE: Form = Form { name: "settle", number: "granted", reason: "decision_reason", done: "quotas-settled" };
const ALLOCATE: Form = Form { name: "allocate", number: "amount", reason: "note", done: "quotas-handed-on" };
const MOVE: Form = Form { name: "move", number: "moved", reason: "moved_reason", done: "quotas-moved" };
const RETURN: Form = Form { name: "return", number: "returned", reason: "returned_reason", done: "quotas-returned" };

impl Form {
    fn named(&self, faults: FieldErrors) -> FieldErrors {
        let name = |field: &'static str| match field {
            "amount" | "count" => self.number,
            "reason" => self.reason,
            other => other,
        };
        FieldErrors(faults.0.into_iter().map(|(field, message)| (name(field), message)).collect())
    }
}

/// Does what a form asked for, or shows the page again with what was typed and why not.
async fn act(
    app: &App,
    page: &Page,
    seen: QuotaSeen,
    input: &Input,
    form: &Form,
    work: Result<Work>,
) -> Result<HttpResponse> {
    let (now, by, id) = (app.now(), seen.who.actor(), seen.quota.id);
    let done = match work {
        Err(error) => Err(error),
        Ok(work) => app.db.write("quotas.act", move |c| work(c, &by, now, id)).await,
    };
    match done {
        Ok(()) => Ok(page.go_saying(&format!("/phan-bo/{}/{}", seen.round.code, seen.unit.code), "good", form.done)),
        Err(error) => {
            let refused = Refused { form: form.name, view: page.form(input, &form.named(as_faults(error)?)) };
            render(app, page, StatusCode::UNPROCESSABLE_ENTITY, seen, 1, refused).await
        }
    }
}

async fn answer(app: web::Data<App>, page: Page, seen: AnsweredQuota, input: Input) -> Result<HttpResponse> {
    let work = forms::reply(&input)
        .map(|reply| -> Work { Box::new(move |c, by, now, id| quota_actions::answer(c, by, now, id, &reply)) });
    act(&app, &page, seen.0, &input, &ANSWER, work).await
}

async fn allocate(app: web::Data<App>, page: Page, seen: AnsweredQuota, input: Input) -> Result<HttpResponse> {
    let quota = seen.0.quota.clone();
    let work = AllocationForm::read(&input).map(|form| -> Work {
        Box::new(move |c, by, now, _| {
            let new = allocation(c, quota.round_id, Some(&quota), &form, local_day(now.0))?;
            quota_actions::allocate(c, by, now, &new).map(drop)
        })
    });
    act(&app, &page, seen.0, &input, &ALLOCATE, work).await
}

async fn give_back(app: web::Data<App>, page: Page, seen: AnsweredQuota, input: Input) -> Result<HttpResponse> {
    let work = forms::seats(&input, RETURN.number, RETURN.reason).map(|(count, reason)| -> Work {
        Box::new(move |c, by, now, id| quota_actions::give_back(c, by, now, id, count, &reason))
    });
    act(&app, &page, seen.0, &input, &RETURN, work).await
}

async fn settle(app: web::Data<App>, page: Page, seen: SettledQuota, input: Input) -> Result<HttpResponse> {
    let work = forms::settlement(&input)
        .map(|decision| -> Work { Box::new(move |c, by, now, id| quota_actions::settle(c, by, now, id, &decision)) });
    act(&app, &page, seen.0, &input, &SETTLE, work).await
}

async fn reallocate(app: web::Data<App>, page: Page, seen: SettledQuota, input: Input) -> Result<HttpResponse> {
    let (to, quota) = (input.text("to"), seen.0.quota.clone());
    let work = forms::seats(&input, MOVE.number, MOVE.reason).map(|(count, reason)| -> Work {
        Box::new(move |c, by, now, id| {
            let found = match organisations::queries::by_code(c, &to)? {
                Some(unit) => queries::quotas::in_round(c, quota.round_id, unit.id)?,
                None => None,
            };
            let to = found.ok_or_else(|| FieldErrors::one("to", "quotas-fault-sibling"))?;
            quota_actions::reallocate(c, by, now, id, to.id, count, &reason)
        })
    });
    act(&app, &page, seen.0, &input, &MOVE, work).await
}
