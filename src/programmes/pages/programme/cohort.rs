//! `/chuong-trinh/{programme}/khoa/{cohort}`: one going through of a programme, its classes, and who is how far.

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{StageRow, crumbs, funnel, held, stage_tag, stage_word};
use crate::{
    access::UnitId,
    accounts::model::Person,
    app::App,
    learning::model::Run,
    organisations::queries as organisations,
    platform::{
        db::Moment,
        error::{Error, FieldErrors, Result},
        http::{Choice, Crumb, Filter, FormView, Input, Page, Pages, Tag, page_number},
        i18n::Message,
        text,
    },
    programmes::{
        actions::programmes as actions,
        forms,
        guards::programmes::{CohortSeen, ManagedProgramme},
        model::{
            NominationState,
            programme::{Member, NewCohort, Programme, Stage, expert_path},
        },
        pages::title,
        queries::{self, members, programmes},
    },
    targets::queries::quotas,
};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default, rename = "giai-doan")]
    stage: String,
    #[serde(default)]
    trang: Option<i64>,
}

#[derive(Serialize)]
struct CohortView {
    crumbs: Vec<Crumb>,
    path: String,
    title: String,
    programme: String,
    counts_from: NaiveDate,
    cap: i64,
    held: i64,
    is_part: bool,
    manages: bool,
    round: Option<RoundView>,
    funnel: Vec<StageRow>,
    filters: Vec<Filter>,
    total: i64,
    rows: Vec<Row>,
    pages: Pages,
    runs: Vec<RunRow>,
    form: FormView,
}

/// The nomination round: its seats are the nation's.
#[derive(Serialize)]
struct RoundView {
    href: String,
    title: String,
    seats: String,
}

#[derive(Serialize)]
struct Row {
    href: String,
    name: String,
    birth_year: Option<i32>,
    unit: String,
    position: String,
    stage: Tag,
    needs_review: bool,
    since: Moment,
}

#[derive(Serialize)]
struct RunRow {
    href: String,
    title: String,
    from: NaiveDate,
    to: NaiveDate,
    taken: i64,
}

/// Whom a list shows; everybody who did not leave, where nothing is asked.
pub(in crate::programmes::pages) fn stages(asked: &str) -> Vec<Stage> {
    match Stage::parse(asked) {
        Some(stage) => vec![stage],
        None => Stage::ALL.iter().copied().filter(|stage| !stage.is_over()).collect(),
    }
}

/// How full the round is, as its nominees see it too.
pub(super) fn seats(page: &Page, total: i64, counts: &std::collections::BTreeMap<NominationState, i64>) -> String {
    let of = |state| text::number(counts.get(&state).copied().unwrap_or(0), page.locale());
    let said = Message::new("programme-seats")
        .with("approved", of(NominationState::Approved))
        .with("total", total)
        .with("waiting", of(NominationState::Waiting));
    page.text(said)
}

pub async fn show(
    app: web::Data<App>,
    page: Page,
    found: CohortSeen,
    asked: web::Query<Asked>,
) -> Result<HttpResponse> {
    super::super::note_look_up(&app, &found.seen.who, None, &found.cohort.code).await?;
    render(&app, &page, found, StatusCode::OK, asked.into_inner(), FormView::default()).await
}

async fn render(
    app: &App,
    page: &Page,
    found: CohortSeen,
    status: StatusCode,
    asked: Asked,
    form: FormView,
) -> Result<HttpResponse> {
    let CohortSeen { seen, cohort } = found;
    let number = page_number(asked.trang);
    let (stages, within, of, locale) = (stages(&asked.stage), seen.within.clone(), cohort.clone(), page.locale());
    let (counts, (total, list), units, runs, round) = app
        .db
        .read(move |c| {
            let mut counts = members::counts_by_cohort(c, of.programme_id, within.as_deref())?;
            let (total, list) = members::of_cohort(c, of.id, &stages, within.as_deref(), number)?;
            let units: Vec<UnitId> = list.iter().map(|(member, _)| member.unit_id).collect();
            let units = organisations::by_ids(c, &units)?;
            let round = match of.round_id {
                Some(round) => Some((quotas::round(c, round)?, queries::counts_of_round(c, round)?)),
                None => None,
            };
            let counts = counts.remove(&of.id).unwrap_or_default();
            Ok::<_, Error>((counts, (total, list), units, programmes::runs(c, of.id)?, round))
        })
        .await?;
    let path = format!("{}/khoa/{}", seen.programme.path(), cohort.code);
    let to = |stage: &str, number: i64| match (stage, number) {
        ("", 1) => path.clone(),
        ("", _) => format!("{path}?trang={number}"),
        _ => format!("{path}?giai-doan={stage}&trang={number}"),
    };
    let row = |(member, person): (Member, Person)| Row {
        href: expert_path(&member.code),
        name: person.full_name(),
        birth_year: person.birth_year,
        unit: units.get(&member.unit_id).map(|unit| unit.name(locale).to_owned()).unwrap_or_default(),
        stage: stage_tag(page, member.stage),
        needs_review: member.needs_review,
        since: member.changed_at,
        position: member.position,
    };
    let run = |run: Run| RunRow {
        href: format!("/lop/{}", run.code),
        from: run.first_day(),
        to: run.last_day(),
        taken: run.taken,
        title: run.title,
    };
    let filter = |value: &str, label: String| Filter { href: to(value, 1), label, is_current: value == asked.stage };
    let mut filters = vec![filter("", page.text("programme-everybody"))];
    filters.extend(Stage::ALL.iter().filter_map(|stage| {
        let people = counts.get(stage).copied().filter(|people| *people > 0)?;
        let label = Message::new("programme-stage-count").with("stage", stage_word(page, *stage)).with("count", people);
        Some(filter(stage.as_str(), page.text(label)))
    }));
    let view = CohortView {
        crumbs: crumbs(page, Some(&seen.programme)),
        title: cohort.title(locale).to_owned(),
        programme: seen.programme.title(locale).to_owned(),
        counts_from: cohort.counts_from,
        cap: cohort.cap,
        held: held(&counts),
        is_part: seen.within.is_some(),
        manages: seen.manages,
        round: round.map(|(round, counts)| RoundView {
            href: format!("/de-cu/{}", round.code),
            title: title(page, &round),
            seats: seats(page, round.total, &counts),
        }),
        funnel: funnel(page, &counts, |stage| Some(to(stage.as_str(), 1))),
        filters,
        total,
        rows: list.into_iter().map(row).collect(),
        pages: Pages::of(page, number, total, members::A_PAGE, |number| to(&asked.stage, number)),
        runs: runs.into_iter().map(run).collect(),
        form,
        path: path.clone(),
    };
    page.html_as(status, "programmes/cohort", &view)
}

/// Ties a class to the cohort, by its code.
pub async fn add_run(app: web::Data<App>, page: Page, found: CohortSeen, input: Input) -> Result<HttpResponse> {
    if !found.seen.manages {
        return Err(Error::Forbidden);
    }
    let code = crate::learning::model::tidy_code(&input.text("run"));
    let (now, by, cohort) = (app.now(), found.seen.who.actor(), found.cohort.clone());
    let added = match code.chars().count() {
        0..=60 => app.db.write("programmes.class", move |c| actions::add_run(c, &by, now, &cohort, &code)).await,
        _ => Err(FieldErrors::one("run", "programme-fault-run-unknown")),
    };
    match added {
        Ok(run) => {
            let path = format!("{}/khoa/{}", found.seen.programme.path(), found.cohort.code);
            Ok(page.go_saying(&path, "good", Message::new("programme-run-added").with("name", run.title)))
        }
        Err(Error::Invalid(faults)) => {
            let (form, asked) = (page.form(&input, &faults), Asked { stage: String::new(), trang: None });
            render(&app, &page, found, StatusCode::UNPROCESSABLE_ENTITY, asked, form).await
        }
        Err(error) => Err(error),
    }
}

#[derive(Serialize)]
struct NewView {
    crumbs: Vec<Crumb>,
    action: String,
    cap: i64,
    rounds: Vec<Choice>,
    form: FormView,
}

/// Rounds offered to choose from: the latest.
const ROUNDS: usize = 100;

async fn render_new(
    app: &App,
    page: &Page,
    status: StatusCode,
    programme: &Programme,
    form: FormView,
) -> Result<HttpResponse> {
    let (rounds, taken) = app
        .db
        .read(|c| {
            let taken: Vec<_> = programmes::every_cohort(c)?.into_iter().filter_map(|cohort| cohort.round_id).collect();
            Ok::<_, Error>((quotas::rounds(c)?, taken))
        })
        .await?;
    let free = rounds.iter().filter(|round| !taken.contains(&round.id)).take(ROUNDS);
    let view = NewView {
        crumbs: crumbs(page, Some(programme)),
        action: format!("{}/khoa/moi", programme.path()),
        cap: programme.cap,
        rounds: free.map(|round| Choice::new(round.code.clone(), title(page, round))).collect(),
        form,
    };
    page.html_as(status, "programmes/cohort_new", &view)
}

pub async fn blank(app: web::Data<App>, page: Page, managed: ManagedProgramme) -> Result<HttpResponse> {
    let programme = managed.0.programme;
    let form = FormView::with([("counts_from", text::date(programme.period_from))]);
    render_new(&app, &page, StatusCode::OK, &programme, form).await
}

pub async fn create(app: web::Data<App>, page: Page, managed: ManagedProgramme, input: Input) -> Result<HttpResponse> {
    let (now, by, programme) = (app.now(), managed.0.who.actor(), managed.0.programme);
    let mut faults = FieldErrors::default();
    let typed = forms::cohort(&input, &mut faults);
    let known = programme.clone();
    let opened = match faults.or(()) {
        Err(error) => Err(error),
        Ok(()) => {
            app.db
                .write("programmes.cohort", move |c| {
                    let round = match typed.round.as_str() {
                        "" => None,
                        code => match quotas::round_by_code(c, code) {
                            Err(Error::NotFound) => {
                                return Err(FieldErrors::one("round", "programme-fault-round-unknown"));
                            }
                            found => Some(found?.id),
                        },
                    };
                    let new = NewCohort {
                        code: typed.code,
                        title_vi: typed.title_vi,
                        title_en: typed.title_en,
                        round,
                        counts_from: typed.counts_from,
                    };
                    actions::open_cohort(c, &by, now, &known, &new)
                })
                .await
        }
    };
    match opened {
        Ok(cohort) => {
            let path = format!("{}/khoa/{}", programme.path(), cohort.code);
            Ok(page.go_saying(&path, "good", "programme-cohort-opened"))
        }
        Err(Error::Invalid(faults)) => {
            let form = page.form(&input, &faults);
            render_new(&app, &page, StatusCode::UNPROCESSABLE_ENTITY, &programme, form).await
        }
        Err(error) => Err(error),
    }
}
