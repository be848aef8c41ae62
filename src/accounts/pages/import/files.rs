//! Tables to take away: an empty one to fill in, and the rows that nothing came of, with the reason.

use actix_web::{HttpResponse, http::header, web};

use super::column_name;
use crate::{
    access::Permission,
    accounts::{SignedIn, guards::ImportInReach, model::import::Column, queries::imports as queries},
    app::App,
    platform::{
        error::{Error, Result},
        files::content_disposition,
        http::Page,
        sheets,
    },
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn answer(name: &str, kind: &'static str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CONTENT_DISPOSITION, content_disposition(name, false)))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(bytes)
}

/// The columns by the names that are surely known again.
pub async fn template(page: Page, who: SignedIn) -> Result<HttpResponse> {
    who.require(Permission::ManagePeople)?;
    let heads: Vec<String> = Column::TEMPLATE.iter().map(|column| column_name(&page, *column)).collect();
    let bytes = sheets::xlsx(&page.text("import-sheet"), &heads, &[])?;
    Ok(answer("danh-sach-mau.xlsx", XLSX, bytes))
}

/// The rows that nothing came of, in the columns they came in, and why.
pub async fn faulty(
    app: web::Data<App>,
    page: Page,
    found: ImportInReach,
    at: web::Path<(String, String)>,
) -> Result<HttpResponse> {
    let id = found.import.id;
    let rows = app.db.read(move |c| queries::rows(c, id, queries::Wish::Faulty, 0, i64::MAX)).await?;
    let mut table = Vec::with_capacity(rows.len());
    for row in &rows {
        table.push((row.cells()?, super::show::why(&page, row)?));
    }
    let mut heads = found.import.headings()?;
    let width = table.iter().map(|(cells, _)| cells.len()).chain([heads.len()]).max().unwrap_or(0);
    let mapping = found.import.mapping()?;
    // A list that came without headings gets those that were chosen, so that it can be sent again as it is.
    for place in heads.len()..width {
        heads.push(mapping.column_of(place).map(|column| column_name(&page, column)).unwrap_or_default());
    }
    heads.push(page.text("import-reason"));
    let rows: Vec<Vec<String>> = table
        .into_iter()
        .map(|(mut cells, why)| {
            cells.resize(width, String::new());
            cells.push(why.join("; "));
            cells
        })
        .collect();
    match at.1.as_str() {
        "xlsx" => Ok(answer("dong-can-sua.xlsx", XLSX, sheets::xlsx(&page.text("import-sheet"), &heads, &rows)?)),
        "csv" => Ok(answer("dong-can-sua.csv", "text/csv; charset=utf-8", sheets::csv(&heads, &rows)?)),
        _ => Err(Error::NotFound),
    }
}
