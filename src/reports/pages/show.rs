//! One report: how far it is or why it failed, what it says, and its files.

use actix_web::{HttpResponse, http::header, web};
use chrono::NaiveDate;
use serde::Serialize;

use super::state_tag;
use crate::{
    accounts::queries::directory,
    app::App,
    platform::{
        as_i64,
        db::Moment,
        error::{Error, Outage, Result},
        files::{FileKey, content_disposition},
        http::{Crumb, Page, Tag},
        i18n::{Locale, Message},
        text,
    },
    reports::{
        actions,
        guards::{ManagedReport, ReportInReach},
        model::{
            FileKind, Report, ReportState,
            document::{Document, Section, Table},
        },
        queries::{self, KeptFile},
    },
};

/// Rows of a table on the page; the files have them all.
const ROWS: usize = 100;

#[derive(Serialize)]
struct ReportView {
    crumbs: Vec<Crumb>,
    path: String,
    title: String,
    state: Tag,
    from: NaiveDate,
    to: NaiveDate,
    known_at: Moment,
    seal: Option<i64>,
    unit: Option<String>,
    by: String,
    at: Moment,
    progress: Option<ProgressView>,
    fault: Option<String>,
    can_retry: bool,
    files: Vec<FileView>,
    names: Vec<FileView>,
    /// There are names, for others to see.
    hides_names: bool,
    /// The first table stands open, the others are folded.
    first: Option<TableView>,
    tables: Vec<TableView>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct ProgressView {
    done: i64,
    total: i64,
    text: String,
}

#[derive(Serialize)]
struct FileView {
    href: String,
    label: String,
}

#[derive(Serialize)]
struct TableView {
    id: String,
    caption: String,
    heads: Vec<HeadView>,
    rows: Vec<RowView>,
    /// So many rows stand in the files alone.
    more: Option<String>,
}

#[derive(Serialize)]
struct HeadView {
    head: String,
    is_number: bool,
}

#[derive(Serialize)]
struct RowView {
    name: String,
    cells: Vec<CellView>,
    is_total: bool,
}

#[derive(Serialize)]
struct CellView {
    head: String,
    text: String,
    is_number: bool,
}

pub async fn show(app: web::Data<App>, page: Page, seen: ReportInReach) -> Result<HttpResponse> {
    let (id, owner, unit, seal) = (seen.report.id, seen.report.owner_id, seen.report.unit_id, seen.report.seal_id);
    let is_done = seen.report.state == ReportState::Done;
    let (document, files, names, unit, seal) = app
        .db
        .read(move |c| {
            let document = if is_done { queries::document(c, id)? } else { None };
            let unit = unit.map(|unit| crate::organisations::queries::unit(c, unit)).transpose()?;
            let seal = seal.map(|seal| crate::targets::queries::seal(c, seal)).transpose()?;
            let files = queries::files(c, id)?;
            Ok::<_, Error>((document, files, directory::names(c, &[owner])?, unit, seal))
        })
        .await?;
    let report = &seen.report;
    let mut tables: Vec<TableView> =
        document.iter().flat_map(Document::tables).map(|table| table_view(&page, table)).collect();
    let first = (!tables.is_empty()).then(|| tables.remove(0));
    let file = |file: &KeptFile| FileView {
        href: format!("{}/tep/{}", report.path(), file.kind),
        label: page.text(
            Message::new(format!("reports-file-{}", file.kind)).with("size", text::size(file.size, page.locale())),
        ),
    };
    let (named, plain): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.kind.has_names());
    let view = ReportView {
        crumbs: vec![Crumb::new(page.text("reports-title"), "/bao-cao")],
        path: report.path(),
        title: report.title.clone(),
        state: state_tag(&page, report),
        from: report.period_from,
        to: report.period_to,
        known_at: report.known_at,
        seal: seal.and_then(|seal| seal.number),
        unit: unit.map(|unit| unit.name(page.locale()).to_owned()),
        by: names.get(&owner).map(|(_, name)| name.clone()).unwrap_or_default(),
        at: report.created_at,
        progress: report.is_under_way().then(|| progress(&page, report)),
        fault: report.fault.as_ref().map(|fault| {
            let detail = report.fault_detail.clone().unwrap_or_default();
            page.text(Message::new(fault.clone()).with("detail", detail))
        }),
        can_retry: report.state == ReportState::Failed && seen.can_make,
        files: plain.into_iter().map(file).collect(),
        names: if seen.sees_names { named.into_iter().map(file).collect() } else { Vec::new() },
        hides_names: report.has_names && !seen.sees_names,
        first,
        tables,
        notes: document.as_ref().map(notes).unwrap_or_default(),
    };
    let mut response = page.html("reports/report", &view)?;
    if report.is_under_way() {
        // The page looks again by itself until the work is done; no script is needed for it.
        response.headers_mut().insert(header::REFRESH, header::HeaderValue::from_static("2"));
    }
    Ok(response)
}

fn progress(page: &Page, report: &Report) -> ProgressView {
    let said = Message::new("reports-progress").with("done", report.done).with("total", report.total);
    ProgressView { done: report.done, total: report.total.max(1), text: page.text(said) }
}

/// How the figures were counted: the paragraphs after the last heading.
fn notes(document: &Document) -> Vec<String> {
    let last = document.sections.iter().rposition(|section| matches!(section, Section::Heading(_)));
    let said = document.sections.iter().skip(last.unwrap_or(0));
    said.filter_map(|section| match section {
        Section::Paragraph(text) => Some(text.clone()),
        _ => None,
    })
    .collect()
}

fn table_view(page: &Page, table: &Table) -> TableView {
    // The words are Vietnamese, as on the paper; figures are written so too.
    let heads: Vec<HeadView> = table
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| HeadView {
            head: column.head.clone(),
            is_number: table.rows.iter().any(|row| row.cells.get(index).is_some_and(|cell| cell.is_number())),
        })
        .collect();
    let hidden = table.rows.len().saturating_sub(ROWS);
    let rows = table.rows.iter().take(ROWS).map(|row| {
        let mut cells = row.cells.iter().zip(&heads).map(|(cell, head)| CellView {
            head: head.head.clone(),
            text: cell.shown(Locale::Vi),
            is_number: head.is_number,
        });
        let name = cells.next().map(|cell| cell.text).unwrap_or_default();
        RowView { name, cells: cells.collect(), is_total: row.is_total }
    });
    TableView {
        id: format!("bieu-{}", table.number),
        caption: format!("{}. {}", table.label(), table.title),
        rows: rows.collect(),
        heads,
        more: (hidden > 0).then(|| {
            let count = text::number(as_i64(hidden), page.locale());
            page.text(Message::new("reports-more-rows").with("count", count))
        }),
    }
}

/// A paper and a workbook come from the host of files; text for programs from here, so that no browser shows it as a page.
pub async fn file(app: web::Data<App>, seen: ReportInReach, path: web::Path<(String, String)>) -> Result<HttpResponse> {
    let kind = FileKind::parse(&path.1).ok_or(Error::NotFound)?;
    let (id, now, by, report) = (seen.report.id, app.now(), seen.who.actor(), seen.report);
    let found = app.db.read(move |c| queries::files(c, id)).await?;
    let file = found.into_iter().find(|file| file.kind == kind).ok_or(Error::NotFound)?;
    if kind.has_names() {
        if !seen.sees_names {
            return Err(Error::Forbidden);
        }
        app.db.write("reports.names", move |c| actions::note_names(c, &by, now, &report, kind)).await?;
    }
    let media_type = match kind {
        FileKind::Pdf | FileKind::Xlsx | FileKind::NamesXlsx => {
            let way = app.way_to_file(&file.key, &file.media_type, file.name)?;
            return Ok(HttpResponse::SeeOther()
                .insert_header((header::LOCATION, way))
                .insert_header((header::CACHE_CONTROL, "private, no-store"))
                .finish());
        }
        FileKind::Csv | FileKind::NamesCsv => "text/csv; charset=utf-8",
        FileKind::Json => "application/json",
    };
    let key = FileKey::parse(&file.key).ok_or_else(|| Error::internal("a file has a name that is not ours"))?;
    let kept = app.files.get(&key, None).await.map_err(|e| Error::Unavailable(Outage::Files, e.to_string()))?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_DISPOSITION, content_disposition(&file.name, false)))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .streaming(kept.stream))
}

pub async fn retry(app: web::Data<App>, page: Page, managed: ManagedReport) -> Result<HttpResponse> {
    let (now, by, report) = (app.now(), managed.who.actor(), managed.report);
    let path = report.path();
    app.db.write("reports.retry", move |c| actions::retry(c, &by, now, &report)).await?;
    Ok(page.go(&path))
}
