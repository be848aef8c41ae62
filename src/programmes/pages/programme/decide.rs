//! `/chuong-trinh/{programme}/quyet-dinh`: recognising those who fulfil what is asked for, or renewing what ends or ended, by a decision.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::{crumbs, stage_tag};
use crate::{
    access::UnitId,
    accounts::model::Person,
    app::App,
    organisations::queries as organisations,
    platform::{
        as_i64,
        clock::local_day,
        db::{DbConn, Moment},
        error::{Error, FieldErrors, Result},
        files::{Limits, MediaType},
        http::{
            Crumb, Filter, FormView, Input, Page, Tag,
            upload::{self as uploads, Incoming},
        },
        i18n::Message,
        text,
    },
    programmes::{
        actions::recognise::{self, Decided, NewDecision},
        forms,
        guards::programmes::{ManagedProgramme, ProgrammeSeen},
        model::programme::{Deed, Member, MemberId, Programme, Stage, expert_path},
        queries::members,
    },
};

/// A decision is a signed paper, not a draft.
const KINDS: &[MediaType] = &[MediaType::Pdf];
const MOST: u64 = 20 * 1024 * 1024;
/// So many people can be chosen one by one; the others all at once, or after them.
const SHOWN: i64 = 40;
/// And so many all at once.
const AT_ONCE: i64 = 1000;

const RENEW: &str = "gia-han";

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    viec: String,
}

#[derive(Serialize)]
struct DecideView {
    crumbs: Vec<Crumb>,
    action: String,
    programme: String,
    filters: Vec<Filter>,
    renews: bool,
    viec: &'static str,
    validity: Option<i32>,
    rows: Vec<Row>,
    /// How many there are, where that is more than one.
    all: Option<i64>,
    form: FormView,
    limit: u64,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    href: String,
    name: String,
    birth_year: Option<i32>,
    unit: String,
    position: String,
    stage: Tag,
    since: Moment,
    until: Option<NaiveDate>,
    needs_review: bool,
    is_chosen: bool,
}

fn deed(asked: &str) -> Deed {
    if asked == RENEW { Deed::Renew } else { Deed::Recognise }
}

pub async fn form(
    app: web::Data<App>,
    page: Page,
    managed: ManagedProgramme,
    asked: web::Query<Asked>,
) -> Result<HttpResponse> {
    let form = FormView::with([("dated", text::date(local_day(app.now().0)))]);
    render(&app, &page, &managed.0, StatusCode::OK, deed(&asked.viec), &[], form).await
}

async fn render(
    app: &App,
    page: &Page,
    seen: &ProgrammeSeen,
    status: StatusCode,
    deed: Deed,
    chosen: &[MemberId],
    form: FormView,
) -> Result<HttpResponse> {
    let (programme, locale) = (&seen.programme, page.locale());
    let (known, now) = (programme.clone(), app.now());
    let (list, all, units) = app
        .db
        .read(move |c| {
            let mut list = candidates(c, now, &known, deed)?;
            let all = list.len();
            list.truncate(usize::try_from(SHOWN).unwrap_or(usize::MAX));
            let units: Vec<UnitId> = list.iter().map(|(member, _)| member.unit_id).collect();
            let units = organisations::by_ids(c, &units)?;
            Ok::<_, Error>((list, all, units))
        })
        .await?;
    let row = |(member, person): (Member, Person)| Row {
        id: member.id.0,
        href: expert_path(&member.code),
        name: person.full_name(),
        birth_year: person.birth_year,
        unit: units.get(&member.unit_id).map(|unit| unit.name(locale).to_owned()).unwrap_or_default(),
        stage: stage_tag(page, member.stage),
        since: member.changed_at,
        until: member.valid_until,
        needs_review: member.needs_review,
        is_chosen: chosen.contains(&member.id),
        position: member.position,
    };
    let action = format!("{}/quyet-dinh", programme.path());
    let filter =
        |key: &'static str, of: Deed, href: String| Filter { href, label: page.text(key), is_current: of == deed };
    let view = DecideView {
        crumbs: crumbs(page, Some(programme)),
        programme: programme.title(locale).to_owned(),
        filters: vec![
            filter("programme-decide-recognise", Deed::Recognise, action.clone()),
            filter("programme-decide-renew", Deed::Renew, format!("{action}?viec={RENEW}")),
        ],
        renews: deed == Deed::Renew,
        viec: if deed == Deed::Renew { RENEW } else { "cong-nhan" },
        validity: programme.validity_months,
        rows: list.into_iter().map(row).collect(),
        all: (all > 1).then(|| as_i64(all)),
        form,
        limit: MOST / (1024 * 1024),
        action,
    };
    page.html_as(status, "programmes/decide", &view)
}

/// Those about whom a decision may be made: who fulfils what is asked for, or whose recognition ends soon or ended.
fn candidates(c: &mut DbConn, now: Moment, programme: &Programme, deed: Deed) -> Result<Vec<(Member, Person)>> {
    let soon = local_day(now.0) + TimeDelta::days(i64::from(programme.notice_days.max(30)));
    match deed {
        Deed::Recognise => members::of_programme(c, programme.id, &[Stage::Fulfilled], None, AT_ONCE),
        Deed::Renew => members::of_programme(c, programme.id, &[Stage::Active, Stage::Lapsed], Some(soon), AT_ONCE),
    }
}

pub async fn submit(
    app: web::Data<App>,
    page: Page,
    managed: ManagedProgramme,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let seen = managed.0;
    let limits = Limits { max_bytes: MOST, accept: KINDS };
    let upload = uploads::receive(&request, payload.into_inner(), &app.files, "decisions", "file", &limits).await?;
    let mut faults = FieldErrors::default();
    let (input, incoming) = match upload.file {
        Ok(incoming) => (upload.input, Some(incoming)),
        // A browser sends the field also where nothing was chosen; a decision may be entered without its file.
        Err(said) => {
            if said.key != "upload-missing" {
                faults.add("file", said);
            }
            (upload.input, None)
        }
    };
    let stored = incoming.as_ref().map(|incoming| incoming.stored.clone());
    let deed = deed(&input.text("viec"));
    let chosen: Vec<MemberId> = input.all("chon").filter_map(|id| id.parse().ok()).map(MemberId).collect();
    let decided = send(&app, &seen, &input, incoming, deed, &chosen, faults).await;
    // Whether the row was written is not known: then the file stays.
    let keeps = match &decided {
        Ok(decided) => decided.keeps_file,
        Err(error) => matches!(error, Error::NotKnown(_)),
    };
    if let Some(stored) = stored.filter(|_| !keeps) {
        uploads::forget(&app.files, &stored).await;
    }
    match decided {
        Ok(Decided { done: 0, .. }) => Ok(page.go_saying(&seen.programme.path(), "info", "programme-decided-already")),
        Ok(Decided { done, .. }) => {
            let key = if deed == Deed::Renew { "programme-renewed" } else { "programme-recognised" };
            let said = Message::new(key).with("count", as_i64(done));
            Ok(page.go_saying(&seen.programme.path(), "good", said))
        }
        Err(Error::Invalid(faults)) => {
            let form = page.form(&input, &faults);
            render(&app, &page, &seen, StatusCode::UNPROCESSABLE_ENTITY, deed, &chosen, form).await
        }
        Err(error) => Err(error),
    }
}

async fn send(
    app: &App,
    seen: &ProgrammeSeen,
    input: &Input,
    incoming: Option<Incoming>,
    deed: Deed,
    chosen: &[MemberId],
    mut faults: FieldErrors,
) -> Result<Decided> {
    let now = app.now();
    let typed = forms::decision(input, local_day(now.0), deed == Deed::Recognise, &mut faults);
    let chooses_all = input.text("tat-ca") == "1";
    if chosen.is_empty() && !chooses_all {
        faults.add("", "programme-fault-none-chosen");
    }
    faults.or(())?;
    let seen_then = input.text("so");
    let new = NewDecision {
        number: typed.number,
        dated: typed.dated,
        signer: typed.signer,
        effective_from: typed.effective_from,
        file: incoming.map(|incoming| (incoming.stored, incoming.name)),
    };
    let (by, programme, mut chosen) = (seen.who.actor(), seen.programme.clone(), chosen.to_vec());
    app.db
        .write("programmes.decide", move |c| {
            if chooses_all {
                let all = candidates(c, now, &programme, deed)?;
                // Nobody is recognised whom the page did not count; a second click finds nobody at all.
                if !all.is_empty() && all.len().to_string() != seen_then {
                    return Err(FieldErrors::one("", "programme-fault-list-changed"));
                }
                chosen = all.into_iter().map(|(member, _)| member.id).collect();
            }
            recognise::decide(c, &by, now, &programme, deed, &chosen, &new)
        })
        .await
}
