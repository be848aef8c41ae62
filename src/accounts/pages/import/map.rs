//! `/nguoi/nhap/{import}/cot`: which column is what, where the headings do not say it or say it wrongly.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{column_name, crumbs, work_now};
use crate::{
    accounts::{
        actions::import as actions,
        guards::ImportInReach,
        model::import::{Column, Import, Mapping, Uses},
        queries::imports as queries,
    },
    app::App,
    platform::{
        error::{FieldErrors, Result},
        http::{Choice, Crumb, FormView, Input, Page},
        i18n::Message,
    },
};

/// Rows shown of each column.
const SHOWN: i64 = 3;

#[derive(Serialize)]
struct MapView {
    crumbs: Vec<Crumb>,
    path: String,
    form: FormView,
    columns: Vec<ColumnView>,
    options: Vec<Choice>,
}

#[derive(Serialize)]
struct ColumnView {
    /// The name of its field.
    name: String,
    label: String,
    /// The first cells, so that one sees what is in it.
    cells: String,
}

pub async fn form(app: web::Data<App>, page: Page, found: ImportInReach) -> Result<HttpResponse> {
    let mapping = found.import.mapping()?;
    let mut form = FormView::default();
    for place in 0..crate::platform::sheets::MAX_COLUMNS {
        if let Some(column) = mapping.column_of(place) {
            form.values.insert(field(place), column.as_str().to_owned());
        }
    }
    render(&app, &page, &found.import, StatusCode::OK, form).await
}

fn field(place: usize) -> String {
    format!("cot-{}", place + 1)
}

async fn render(app: &App, page: &Page, import: &Import, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let id = import.id;
    let rows = app.db.read(move |c| queries::rows(c, id, queries::Wish::All, 0, SHOWN)).await?;
    let cells = rows.iter().map(|row| row.cells()).collect::<Result<Vec<_>>>()?;
    let headings = import.headings()?;
    let width = cells.iter().map(Vec::len).chain([headings.len()]).max().unwrap_or(0);
    let column = |place: usize| {
        let heading = headings.get(place).filter(|heading| !heading.is_empty()).cloned();
        let number = i64::try_from(place + 1).unwrap_or_default();
        let shown: Vec<&str> =
            cells.iter().filter_map(|row| row.get(place)).map(String::as_str).filter(|cell| !cell.is_empty()).collect();
        ColumnView {
            name: field(place),
            label: heading.unwrap_or_else(|| page.text(Message::new("import-column-number").with("number", number))),
            cells: page.text(Message::new("import-map-cells").with("cells", shown.join(" · "))),
        }
    };
    let view = MapView {
        crumbs: crumbs(page, Some(import)),
        path: import.path(),
        form,
        columns: (0..width).map(column).collect(),
        options: Column::ALL.iter().map(|column| Choice::new(column.as_str(), column_name(page, *column))).collect(),
    };
    page.html_as(status, "accounts/import_map", &view)
}

pub async fn submit(
    app: web::Data<App>,
    uses: web::Data<Uses>,
    page: Page,
    found: ImportInReach,
    input: Input,
) -> Result<HttpResponse> {
    let mapping = match read(&input) {
        Ok(mapping) => mapping,
        Err(key) => {
            let mut errors = FieldErrors::default();
            errors.add("", key);
            let form = page.form(&input, &errors);
            return render(&app, &page, &found.import, StatusCode::UNPROCESSABLE_ENTITY, form).await;
        }
    };
    let (now, by, import) = (app.now(), found.who.actor(), found.import.clone());
    app.db.write("accounts.import-map", move |c| actions::map(c, &by, now, &import, &mapping)).await?;
    work_now(&app, &uses, &found.import).await?;
    Ok(page.go(&found.import.path()))
}

fn read(input: &Input) -> Result<Mapping, &'static str> {
    let mut chosen = Vec::new();
    for place in 0..crate::platform::sheets::MAX_COLUMNS {
        let typed = input.text(&field(place));
        match Column::parse(&typed) {
            Some(column) => chosen.push((place, column)),
            None if typed.is_empty() => {}
            None => return Err("import-map-unknown"),
        }
    }
    let mapping = Mapping::chosen(chosen).map_err(|_| "import-map-twice")?;
    if mapping.has_name() { Ok(mapping) } else { Err("import-map-name") }
}
