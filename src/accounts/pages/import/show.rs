//! `/nguoi/nhap/{import}`: the dry run of a list, how far it is, or what became of it. One page, since it is one list.

use actix_web::{HttpResponse, http::header, web};
use serde::{Deserialize, Serialize};

use super::{crumbs, state_tag};
use crate::{
    accounts::{
        guards::ImportInReach,
        model::import::{
            Column, Import, ImportPurpose, ImportRow, ImportState, Intent, Mapping, RowChoice, RowOutcome, RowResult,
        },
        queries::imports::{self as queries, Counts, Wish},
    },
    app::App,
    organisations::queries as organisations,
    platform::{
        db::Moment,
        error::{Error, Result},
        http::{Crumb, FormView, Page, Pages, Tag},
        i18n::Message,
    },
};

const A_PAGE: i64 = 100;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    xem: String,
    trang: Option<i64>,
}

#[derive(Serialize)]
struct ImportView {
    crumbs: Vec<Crumb>,
    path: String,
    name: String,
    unit: String,
    created_at: Moment,
    state: Tag,
    is_nomination: bool,
    destination: String,
    /// How far the program is, while it works.
    progress: Option<ProgressView>,
    is_ready: bool,
    is_applied: bool,
    is_undone: bool,
    tabs: Vec<Tab>,
    rows: Vec<RowView>,
    caption: String,
    pages: Pages,
    /// What confirming would do.
    creates: i64,
    links: i64,
    skips: i64,
    undecided: i64,
    can_confirm: bool,
    form: FormView,
    faulty: i64,
    chooses: bool,
    slips: bool,
}

#[derive(Serialize)]
struct ProgressView {
    label: String,
    done: i64,
    total: i64,
    text: String,
}

#[derive(Serialize)]
struct Tab {
    href: String,
    label: String,
    is_current: bool,
}

#[derive(Serialize)]
struct RowView {
    number: i64,
    name: String,
    birth: String,
    unit: String,
    position: String,
    category: String,
    contact: String,
    tag: Tag,
    reasons: Vec<String>,
    choice: Option<ChoiceView>,
}

#[derive(Serialize)]
struct ChoiceView {
    field: String,
    value: &'static str,
    can_be_same: bool,
}

/// The tabs: rows of an outcome before, of a result after.
fn wish(import: &Import, asked: &str) -> (Wish, String) {
    let is_over = matches!(import.state, ImportState::Applied | ImportState::Undone);
    let wish = match asked {
        "faulty" => Some(Wish::Faulty),
        _ if is_over => RowResult::parse(asked).map(Wish::Result),
        _ => RowOutcome::parse(asked).map(Wish::Outcome),
    };
    match wish {
        Some(wish) => (wish, asked.to_owned()),
        None => (Wish::All, String::new()),
    }
}

pub async fn show(
    app: web::Data<App>,
    page: Page,
    found: ImportInReach,
    asked: web::Query<Asked>,
) -> Result<HttpResponse> {
    let import = found.import;
    match import.state {
        ImportState::Mapping => return Ok(page.go(&format!("{}/cot", import.path()))),
        ImportState::Discarded => return Err(Error::NotFound),
        _ => {}
    }
    let (wish, chosen) = wish(&import, &asked.xem);
    let number = asked.trang.unwrap_or(1).clamp(1, 10_000);
    let (id, unit, now) = (import.id, import.unit_id, app.now());
    let (counts, total, rows, faulty, unit, slips) = app
        .db
        .read(move |c| {
            let counts = queries::counts(c, id)?;
            let total = queries::count(c, id, wish)?;
            let rows = queries::rows(c, id, wish, (number - 1) * A_PAGE, A_PAGE)?;
            let faulty = queries::count(c, id, Wish::Faulty)?;
            let slips = !queries::slips_due(c, id, now, 1)?.is_empty();
            Ok::<_, Error>((counts, total, rows, faulty, organisations::unit(c, unit)?, slips))
        })
        .await?;
    let mapping = import.mapping()?;
    let row = |row: &ImportRow| row_view(&page, &import, &mapping, row);
    let rows = rows.iter().map(row).collect::<Result<Vec<_>>>()?;
    let of = |outcome| counts.outcomes.get(&outcome).copied().unwrap_or(0);
    let intent = app
        .db
        .read(move |c| {
            let likely = queries::rows(c, id, Wish::Outcome(RowOutcome::Likely), 0, i64::MAX)?;
            let count = |wanted| i64::try_from(likely.iter().filter(|row| row.intent() == wanted).count()).unwrap_or(0);
            Ok::<_, Error>((count(Intent::Create), count(Intent::Link)))
        })
        .await?;
    let (creates, links) = (of(RowOutcome::New) + intent.0, of(RowOutcome::Known) + intent.1);
    let is_nomination = import.purpose == ImportPurpose::Nominate;
    let view = ImportView {
        crumbs: crumbs(&page, None),
        path: import.path(),
        name: import.file_name.clone(),
        unit: unit.name(page.locale()).to_owned(),
        created_at: import.created_at,
        state: state_tag(&page, import.state),
        is_nomination,
        destination: import.destination(),
        progress: import.state.is_under_way().then(|| progress(&page, &import)),
        is_ready: import.state == ImportState::Ready,
        is_applied: import.state == ImportState::Applied,
        is_undone: import.state == ImportState::Undone,
        tabs: tabs(&page, &import, &counts, faulty, &chosen),
        chooses: import.state == ImportState::Ready && rows.iter().any(|row| row.choice.is_some()),
        rows,
        caption: page.text(Message::new("import-rows").with("count", total)),
        pages: pages(&page, &import, &chosen, number, total),
        creates,
        links,
        skips: import.total - creates - links,
        undecided: counts.undecided,
        can_confirm: creates > 0 || (is_nomination && links > 0),
        form: FormView::with([("invites", "1".to_owned())]),
        faulty,
        slips,
    };
    let mut response = page.html("accounts/import", &view)?;
    if import.state.is_under_way() {
        // The page looks again by itself until the work is done; no script is needed for it.
        response.headers_mut().insert(header::REFRESH, header::HeaderValue::from_static("2"));
    }
    Ok(response)
}

fn progress(page: &Page, import: &Import) -> ProgressView {
    let key = match import.state {
        ImportState::Checking => "import-progress-checking",
        ImportState::Undoing => "import-progress-undoing",
        _ => "import-progress-applying",
    };
    ProgressView {
        label: page.text(key),
        done: import.done.min(import.total),
        total: import.total.max(1),
        text: page.text(Message::new("import-progress-rows").with("done", import.done).with("total", import.total)),
    }
}

fn tabs(page: &Page, import: &Import, counts: &Counts, faulty: i64, chosen: &str) -> Vec<Tab> {
    let tab = |value: &str, key: String, count: i64| Tab {
        href: if value.is_empty() { import.path() } else { format!("{}?xem={value}", import.path()) },
        label: page.text(Message::new(key).with("count", count)),
        is_current: value == chosen,
    };
    let mut tabs = vec![tab("", "import-tab-all".to_owned(), import.total)];
    if matches!(import.state, ImportState::Applied | ImportState::Undone) {
        let results =
            counts.results.iter().map(|(result, count)| tab(result.as_str(), format!("import-tab-{result}"), *count));
        tabs.extend(results);
        return tabs;
    }
    let outcomes = counts.outcomes.iter().filter(|(outcome, _)| **outcome != RowOutcome::Pending);
    tabs.extend(outcomes.map(|(outcome, count)| tab(outcome.as_str(), format!("import-tab-{outcome}"), *count)));
    if faulty > 0 {
        tabs.push(tab("faulty", "import-tab-faulty".to_owned(), faulty));
    }
    tabs
}

fn row_view(page: &Page, import: &Import, mapping: &Mapping, row: &ImportRow) -> Result<RowView> {
    let cells = row.cells()?;
    let cell = |column| mapping.cell(&cells, column).to_owned();
    let parts = format!("{} {}", cell(Column::FamilyNames), cell(Column::GivenName));
    let name = Some(cell(Column::FullName)).filter(|name| !name.is_empty()).unwrap_or_else(|| parts.trim().to_owned());
    let contact = [Column::Email, Column::Phone, Column::StaffCode, Column::UserName].map(cell);
    let is_open = import.state == ImportState::Ready && row.outcome == RowOutcome::Likely;
    Ok(RowView {
        number: row.number,
        name,
        birth: cell(Column::BirthDate),
        unit: cell(Column::Unit),
        position: cell(Column::Position),
        category: cell(Column::Category),
        contact: contact.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · "),
        tag: tag(page, row),
        reasons: why(page, row)?,
        choice: is_open.then(|| ChoiceView {
            field: format!("{}{}", super::act::FIELD, row.number),
            value: row.choice.map_or("", RowChoice::as_str),
            can_be_same: row.person_id.is_some(),
        }),
    })
}

fn tag(page: &Page, row: &ImportRow) -> Tag {
    if let Some(result) = row.result {
        let kind = match result {
            RowResult::Created | RowResult::Linked => "good",
            RowResult::Kept => "warn",
            RowResult::Skipped | RowResult::Withdrawn => "",
        };
        return Tag { kind, text: page.text(Message::new(format!("import-result-{result}"))) };
    }
    let kind = match row.outcome {
        RowOutcome::New => "good",
        RowOutcome::Known => "info",
        RowOutcome::Likely => "warn",
        RowOutcome::Fault | RowOutcome::Twice => "bad",
        RowOutcome::Pending => "",
    };
    Tag { kind, text: page.text(Message::new(format!("import-outcome-{}", row.outcome))) }
}

/// The reasons beside a row, in words.
pub fn why(page: &Page, row: &ImportRow) -> Result<Vec<String>> {
    Ok(row.reasons()?.iter().map(|reason| page.text(reason.message())).collect())
}

fn pages(page: &Page, import: &Import, chosen: &str, number: i64, total: i64) -> Pages {
    let to = |wanted: i64| {
        let filter = if chosen.is_empty() { String::new() } else { format!("xem={chosen}&") };
        format!("{}?{filter}trang={wanted}", import.path())
    };
    Pages::of(page, number, total, A_PAGE, to)
}
