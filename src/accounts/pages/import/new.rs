//! `/nguoi/nhap`: sending a list, and the lists that were sent.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{crumbs, state_tag, work_now};
use crate::{
    access::{Permission, Reach, UnitId},
    accounts::{
        SignedIn,
        actions::import as actions,
        forms::{UnitAsked, UnitField},
        model::import::{Import, ImportPurpose, ImportSource, NewImport, Uses, find_headings},
        queries::{directory, imports as queries},
    },
    app::App,
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, FieldErrors, Result},
        http::{
            Crumb, FormView, Input, Page, Tag,
            upload::{self, Held},
        },
        i18n::Message,
        sheets::{self, Fault, Kind},
        text,
    },
};

/// Rows kept in one transaction.
const KEPT: usize = 200;
/// So many earlier lists are shown.
const EARLIER: i64 = 20;

#[derive(Serialize)]
struct NewView {
    crumbs: Vec<Crumb>,
    form: FormView,
    units: UnitField,
    rows: i64,
    megabytes: i64,
    lists: Vec<ListRow>,
}

#[derive(Serialize)]
struct ListRow {
    href: String,
    name: String,
    at: Moment,
    by: String,
    unit: String,
    total: i64,
    state: Tag,
    is_nomination: bool,
}

pub async fn form(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    let reach = who.require(Permission::ManagePeople)?;
    // Who looks after one unit means it, or something under it.
    let own = match &reach {
        Reach::Under(units) => units.first().copied(),
        _ => None,
    };
    let form = match own {
        Some(unit) => {
            let unit = app.db.read(move |c| organisations::unit(c, unit)).await?;
            FormView::with([("unit_search", unit.name(page.locale()).to_owned()), ("unit", unit.code)])
        }
        None => FormView::default(),
    };
    render(&app, &page, reach, StatusCode::OK, form, UnitAsked::default()).await
}

async fn render(
    app: &App,
    page: &Page,
    reach: Reach,
    status: StatusCode,
    form: FormView,
    asked: UnitAsked,
) -> Result<HttpResponse> {
    let (today, locale) = (local_day(app.now().0), page.locale());
    let (units, lists) = app
        .db
        .read(move |c| {
            let within = directory::units_within(c, &reach, today)?;
            let lists = queries::latest(c, within.as_deref(), EARLIER)?;
            let ids: Vec<UnitId> = lists.iter().map(|(import, _)| import.unit_id).collect();
            let names = organisations::by_ids(c, &ids)?;
            let lists: Vec<_> = lists
                .into_iter()
                .map(|(import, owner)| {
                    let unit = names.get(&import.unit_id).map(|unit| unit.name(locale).to_owned());
                    (import, owner.full_name(), unit.unwrap_or_default())
                })
                .collect();
            Ok::<_, Error>((asked.field(c, within.as_deref(), today, locale)?, lists))
        })
        .await?;
    let row = |(import, by, unit): (Import, String, String)| ListRow {
        href: import.path(),
        at: import.created_at,
        total: import.total,
        state: state_tag(page, import.state),
        is_nomination: import.purpose == ImportPurpose::Nominate,
        name: import.file_name,
        by,
        unit,
    };
    let view = NewView {
        crumbs: crumbs(page, None).into_iter().take(1).collect(),
        form,
        units,
        rows: 10_000,
        megabytes: i64::try_from(sheets::MAX_BYTES / (1024 * 1024)).unwrap_or_default(),
        lists: lists.into_iter().map(row).collect(),
    };
    page.html_as(status, "accounts/import_new", &view)
}

pub async fn submit(
    app: web::Data<App>,
    uses: web::Data<Uses>,
    page: Page,
    who: SignedIn,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let reach = who.require(Permission::ManagePeople)?;
    let held = upload::receive_held(&request, payload.into_inner(), "file", "rows", sheets::MAX_BYTES).await?;
    let input = held.input.clone();
    match take(&app, &uses, &page, &who, reach.clone(), held).await {
        Ok((import, is_new)) => {
            work_now(&app, &uses, &import).await?;
            if is_new {
                return Ok(page.go(&import.path()));
            }
            let said = Message::new("import-earlier").with("time", text::datetime(import.created_at.0));
            Ok(page.go_saying(&import.path(), "info", said))
        }
        Err(Error::Invalid(errors)) => {
            let form = page.form(&input, &errors);
            let asked = UnitAsked::read(&input);
            render(&app, &page, reach, StatusCode::UNPROCESSABLE_ENTITY, form, asked).await
        }
        Err(error) => Err(error),
    }
}

/// Keeps the list; the one that is kept already where it came before.
async fn take(app: &App, uses: &Uses, page: &Page, who: &SignedIn, reach: Reach, held: Held) -> Result<(Import, bool)> {
    let (now, by, locale) = (app.now(), who.actor(), page.locale());
    let today = local_day(now.0);
    let (source, name, bytes) = content(page, &held)?;
    let (purpose, subject) = purpose(&held.input);
    let (asked, authority, scope, about) =
        (UnitAsked::read(&held.input), who.authority().clone(), uses.scope, subject.clone());
    let unit = app
        .db
        .read(move |c| match purpose {
            ImportPurpose::People => {
                let within = directory::units_within(c, &reach, today)?;
                Ok::<_, Error>(asked.unit(c, within.as_deref(), today, locale)?.id)
            }
            ImportPurpose::Nominate => scope(c, &authority, now, &about),
        })
        .await?;
    // Reading ten thousand rows takes its time: off the threads that answer.
    let new = crate::platform::db::blocking(move || read(unit, purpose, subject, source, name, &bytes)).await?;
    let wanted = new.clone();
    let earlier = app
        .db
        .read(move |c| queries::earlier(c, wanted.unit, wanted.purpose, &wanted.subject, &wanted.content_hash))
        .await?;
    if let Some(earlier) = earlier {
        return Ok((earlier, false));
    }
    let (owner, first) = (by.clone(), new.clone());
    let id = app.db.write("accounts.import-begin", move |c| actions::begin(c, &owner, now, &first)).await?;
    for part in new.rows.chunks(KEPT) {
        let part = part.to_vec();
        app.db.write("accounts.import-rows", move |c| actions::keep_rows(c, id, &part)).await?;
    }
    let import = app.db.write("accounts.import-open", move |c| actions::open(c, &by, now, id, &new)).await?;
    let is_new = import.id == id;
    Ok((import, is_new))
}

/// What is wanted of the people, and of what.
fn purpose(input: &Input) -> (ImportPurpose, String) {
    match ImportPurpose::parse(&input.text("purpose")) {
        Some(ImportPurpose::Nominate) => (ImportPurpose::Nominate, input.text("subject").chars().take(200).collect()),
        _ => (ImportPurpose::People, String::new()),
    }
}

/// The file, or the rows that were pasted; not both, since nobody could tell which of them was meant.
fn content(page: &Page, held: &Held) -> Result<(ImportSource, String, Vec<u8>)> {
    let pasted = held.input.raw("rows").unwrap_or_default();
    let file = match &held.file {
        Ok(file) => file,
        Err(said) => return Err(FieldErrors::one("file", said.clone())),
    };
    match (file, pasted.trim().is_empty()) {
        (None, true) => Err(FieldErrors::one("file", "import-nothing")),
        (Some(_), false) => Err(FieldErrors::one("file", "import-both")),
        (Some((name, bytes)), true) => {
            let name: String =
                text::tidy(name.rsplit(['/', '\\']).next().unwrap_or_default()).chars().take(120).collect();
            let name = if name.is_empty() { page.text("import-nameless") } else { name };
            Ok((ImportSource::Csv, name, bytes.clone()))
        }
        (None, false) => Ok((ImportSource::Paste, page.text("import-pasted"), pasted.as_bytes().to_vec())),
    }
}

/// From bytes to a list; what cannot be read is said beside the field it came by.
fn read(
    unit: UnitId,
    purpose: ImportPurpose,
    subject: String,
    source: ImportSource,
    file_name: String,
    bytes: &[u8],
) -> Result<NewImport> {
    let field = if source == ImportSource::Paste { "rows" } else { "file" };
    let sheet = sheets::read(bytes).map_err(|fault| FieldErrors::one(field, said(fault)))?;
    let source = if sheet.kind == Kind::Xlsx { ImportSource::Xlsx } else { source };
    let found = find_headings(&sheet.rows);
    let (headings, first) = match &found {
        Some((place, _)) => (sheet.rows.get(*place).map(|row| row.cells.clone()).unwrap_or_default(), place + 1),
        None => (Vec::new(), 0),
    };
    let rows: Vec<_> = sheet.rows.into_iter().skip(first).map(|row| (row.number, row.cells)).collect();
    if rows.is_empty() {
        return Err(FieldErrors::one(field, "import-no-rows"));
    }
    if rows.len() > 10_000 {
        return Err(FieldErrors::one(field, said(Fault::TooManyRows)));
    }
    let content_hash = text::hex(&Sha256::digest(bytes));
    let mapping = found.map(|(_, mapping)| mapping);
    Ok(NewImport { unit, purpose, subject, source, file_name, content_hash, headings, mapping, rows })
}

fn said(fault: Fault) -> Message {
    Message::new(match fault {
        Fault::NotATable => "import-not-a-table",
        Fault::Encoding => "import-encoding",
        Fault::Packed => "import-packed",
        Fault::Broken => "import-broken",
        Fault::TooManyRows => "import-too-many-rows",
        Fault::TooManyColumns => "import-too-many-columns",
        Fault::Empty => "import-no-rows",
    })
}
