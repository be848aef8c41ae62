//! Reading the marks from a sheet: tried out first, with what is wrong with each row, and kept only then. The paper that people sign
//! has the columns that are read again.

use std::collections::{BTreeMap, HashMap};

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{crumbs_below, download, list::mark_tag, plan::told};
use crate::{
    access::PersonId,
    accounts::queries as accounts,
    app::App,
    events::{
        actions,
        guards::{SiteKeeper, SiteOf},
        model::{Mark, Session, Site},
        queries,
    },
    learning::{
        model::{EnrolmentId, RunId},
        queries::Member,
    },
    organisations::queries as organisations,
    platform::{
        as_i64,
        db::DbConn,
        error::{Error, FieldErrors, Result},
        http::{
            Crumb, FormView, Input, Page, Tag,
            upload::{self, Held},
        },
        i18n::Message,
        sheets::{self, Fault, Row},
        text::fold,
    },
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// More rows than a site has people.
const MOST_ROWS: usize = 2_000;
/// The longest name of a person or word for a mark that is looked at, and the longest list that comes back to be kept.
const LONGEST_KEPT: usize = 200_000;

#[derive(Serialize)]
struct ImportView {
    crumbs: Vec<Crumb>,
    path: String,
    session: String,
    site: String,
    megabytes: u64,
    form: FormView,
    /// What the sheet says, once it was read.
    tried: Option<TriedView>,
}

#[derive(Serialize)]
struct TriedView {
    rows: Vec<TriedRow>,
    good: i64,
    bad: i64,
    /// What is kept when it is confirmed: a code and a mark in each line.
    kept: String,
}

#[derive(Serialize)]
struct TriedRow {
    number: i64,
    typed: String,
    name: String,
    mark: Option<Tag>,
    reason: Option<String>,
}

pub async fn form(app: web::Data<App>, page: Page, keeper: SiteKeeper) -> Result<HttpResponse> {
    must_take(&app, &keeper.0)?;
    render(&page, &keeper.0, StatusCode::OK, FormView::default(), None)
}

fn must_take(app: &App, at: &SiteOf) -> Result<()> {
    if at.seen.session.takes_lists(app.now()) { Ok(()) } else { Err(Error::refused("events-list-early")) }
}

fn render(
    page: &Page,
    at: &SiteOf,
    status: StatusCode,
    form: FormView,
    tried: Option<TriedView>,
) -> Result<HttpResponse> {
    let mut crumbs = crumbs_below(page, &at.seen);
    crumbs.push(Crumb::new(at.site.name.clone(), at.path()));
    let view = ImportView {
        crumbs,
        path: at.path(),
        session: at.seen.session.title.clone(),
        site: at.site.name.clone(),
        megabytes: sheets::MAX_BYTES / (1024 * 1024),
        form,
        tried,
    };
    page.html_as(status, "events/import", &view)
}

pub async fn try_out(
    app: web::Data<App>,
    page: Page,
    keeper: SiteKeeper,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let at = keeper.0;
    let held = upload::receive_held(&request, payload.into_inner(), "file", "rows", sheets::MAX_BYTES).await?;
    must_take(&app, &at)?;
    let input = held.input.clone();
    let read = match content(&held) {
        Ok((field, bytes)) => crate::platform::db::blocking(move || rows(field, &bytes)).await,
        Err(error) => Err(error),
    };
    let (run, session, site) = (at.seen.run.id, at.seen.session.clone(), at.site.clone());
    let judged = match read {
        Ok(rows) => app.db.read(move |c| judge(c, run, &session, &site, &rows)).await,
        Err(error) => Err(error),
    };
    match judged {
        Ok(judged) => render(&page, &at, StatusCode::OK, FormView::default(), Some(tried(&page, judged))),
        Err(error) => {
            let (status, errors) = told(error)?;
            render(&page, &at, status, page.form(&input, &errors), None)
        }
    }
}

/// The file, or the rows that were pasted; not both.
fn content(held: &Held) -> Result<(&'static str, Vec<u8>)> {
    let pasted = held.input.raw("rows").unwrap_or_default();
    match (&held.file, pasted.trim().is_empty()) {
        (Err(said), _) => Err(FieldErrors::one("file", said.clone())),
        (Ok(None), true) => Err(FieldErrors::one("rows", "events-import-nothing")),
        (Ok(Some(_)), false) => Err(FieldErrors::one("file", "events-import-both")),
        (Ok(Some((_, bytes))), true) => Ok(("file", bytes.clone())),
        (Ok(None), false) => Ok(("rows", pasted.as_bytes().to_vec())),
    }
}

/// A row of the sheet: its number, who is named, and the mark as typed; no mark where the sheet has no column of marks.
struct Said {
    number: i64,
    who: String,
    mark: Option<String>,
}

/// Finds the columns by their headings; without headings the first names people and the last has the marks.
fn rows(field: &'static str, bytes: &[u8]) -> Result<Vec<Said>> {
    let sheet = sheets::read(bytes).map_err(|fault| FieldErrors::one(field, said(fault)))?;
    let heading = sheet.rows.iter().take(10).enumerate().find_map(|(place, row)| Some((place, columns(row)?)));
    let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let (first, who, mark) = match heading {
        Some((place, (who, mark))) => (place + 1, who, mark),
        None => (0, 0, (width > 1).then(|| width - 1)),
    };
    let rows: Vec<Said> = sheet
        .rows
        .into_iter()
        .skip(first)
        .map(|Row { number, cells }| Said {
            number,
            who: cells.get(who).cloned().unwrap_or_default(),
            mark: mark.map(|at| cells.get(at).cloned().unwrap_or_default()),
        })
        .collect();
    if rows.is_empty() {
        return Err(FieldErrors::one(field, said(Fault::Empty)));
    }
    if rows.len() > MOST_ROWS {
        return Err(FieldErrors::one(field, said(Fault::TooManyRows)));
    }
    Ok(rows)
}

/// Where a row of headings has the people and the marks.
fn columns(row: &Row) -> Option<(usize, Option<usize>)> {
    let heads: Vec<String> = row.cells.iter().map(|cell| fold(cell)).collect();
    let find = |names: &[&str]| heads.iter().position(|head| names.contains(&head.as_str()));
    let who = find(&["ma hoc vien", "ma", "tai khoan", "ten dang nhap", "thu dien tu", "email", "dien thoai", "code"])?;
    Some((who, find(&["diem danh", "tinh trang", "trang thai", "co mat", "attendance", "mark"])))
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

/// A row and what it means, or why it means nothing.
struct Judged {
    number: i64,
    typed: String,
    found: std::result::Result<(Member, Mark), Message>,
}

/// People are named by their code, or by what they sign in with, never by name alone; who does not sit at this site is nobody here.
fn judge(c: &mut DbConn, run: RunId, session: &Session, site: &Site, rows: &[Said]) -> Result<Vec<Judged>> {
    let members = queries::members_at(c, run, session, site)?;
    let by_code: HashMap<&str, &Member> = members.iter().map(|member| (member.code.as_str(), member)).collect();
    let by_person: HashMap<PersonId, &Member> = members.iter().map(|member| (member.person, member)).collect();
    let typed: Vec<String> = rows.iter().map(|row| row.who.clone()).collect();
    let named = accounts::by_identifiers(c, &typed)?;
    let mut first: HashMap<EnrolmentId, i64> = HashMap::new();
    let judged = rows.iter().zip(named).map(|(row, person)| {
        let member = by_code.get(row.who.as_str()).copied();
        let member = member.or_else(|| by_person.get(&person.as_ref()?.id).copied());
        let found = match (member, row.mark.as_deref().map(|mark| (mark, Mark::read(mark)))) {
            (None, _) if row.who.is_empty() => Err(Message::new("events-import-no-name")),
            (None, _) => Err(Message::new("events-import-unknown")),
            (Some(_), Some(("", _))) => Err(Message::new("events-import-no-mark")),
            (Some(_), Some((_, None))) => Err(Message::new("events-import-bad-mark")),
            // Whoever stands on a sheet without marks has signed it.
            (Some(member), None) => Ok((member.clone(), Mark::Present)),
            (Some(member), Some((_, Some(mark)))) => Ok((member.clone(), mark)),
        };
        let found = found.and_then(|(member, mark)| match first.get(&member.enrolment) {
            Some(number) => Err(Message::new("events-import-twice").with("number", number.to_string())),
            None => {
                first.insert(member.enrolment, row.number);
                Ok((member, mark))
            }
        });
        Judged { number: row.number, typed: row.who.clone(), found }
    });
    Ok(judged.collect())
}

fn tried(page: &Page, judged: Vec<Judged>) -> TriedView {
    let mut kept = String::new();
    let (mut good, mut bad) = (0, 0);
    let mut rows = Vec::with_capacity(judged.len());
    for Judged { number, typed, found } in judged {
        let row = match found {
            Ok((member, mark)) => {
                good += 1;
                kept.push_str(&format!("{}\t{mark}\n", member.code));
                let name = format!("{} {}", member.family_names, member.given_name);
                TriedRow { number, typed, name: name.trim().to_owned(), mark: Some(mark_tag(page, mark)), reason: None }
            }
            Err(reason) => {
                bad += 1;
                TriedRow { number, typed, name: String::new(), mark: None, reason: Some(page.text(reason)) }
            }
        };
        rows.push(row);
    }
    TriedView { rows, good, bad, kept }
}

/// Keeps what was tried out; who has left the site meanwhile is passed over.
pub async fn apply(app: web::Data<App>, page: Page, keeper: SiteKeeper, input: Input) -> Result<HttpResponse> {
    let at = keeper.0;
    let sent = input.raw("rows").unwrap_or_default();
    if sent.len() > LONGEST_KEPT {
        return Err(Error::TooLarge);
    }
    let wanted: HashMap<String, Mark> = sent
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(code, mark)| Some((code.to_owned(), Mark::parse(mark.trim())?)))
        .collect();
    if wanted.is_empty() {
        return Err(Error::BadRequest(Message::new("error-broken-form")));
    }
    let (now, by, run) = (app.now(), at.seen.who.actor(), at.seen.run.id);
    let (session, site) = (at.seen.session.clone(), at.site.clone());
    let kept = app
        .db
        .write("events.import", move |c| {
            let members = queries::members_at(c, run, &session, &site)?;
            let marks: BTreeMap<EnrolmentId, Mark> =
                members.iter().filter_map(|member| Some((member.enrolment, *wanted.get(&member.code)?))).collect();
            let kept = marks.len();
            actions::write_sheet(c, now, &by, (&session, &site), &marks)?;
            Ok::<_, Error>(kept)
        })
        .await?;
    let said = Message::new("events-import-kept").with("count", as_i64(kept));
    Ok(page.go_saying(&at.path(), "good", said))
}

/// The list to print, to sign and to fill in: the columns that are read again.
pub async fn paper(app: web::Data<App>, page: Page, at: SiteOf) -> Result<HttpResponse> {
    let (run, session, site) = (at.seen.run.id, at.seen.session.clone(), at.site.clone());
    let (sheet, units) = app
        .db
        .read(move |c| {
            let sheet = queries::sheet(c, run, &session, &site)?;
            let ids: Vec<_> = sheet.members.iter().map(|member| member.unit).collect();
            Ok::<_, Error>((sheet, organisations::by_ids(c, &ids)?))
        })
        .await?;
    let heads: Vec<String> = ["number", "name", "unit", "position", "code", "mark", "signature"]
        .iter()
        .map(|head| page.text(Message::new(format!("events-paper-{head}"))))
        .collect();
    let rows: Vec<Vec<String>> = sheet
        .members
        .iter()
        .zip(1_i64..)
        .map(|(member, number)| {
            let unit = units.get(&member.unit).map(|unit| unit.name(page.locale()).to_owned()).unwrap_or_default();
            let mark = sheet.marks.get(&member.enrolment);
            let mark = mark.map(|mark| page.text(Message::new(format!("events-mark-{mark}")))).unwrap_or_default();
            let name = format!("{} {}", member.family_names, member.given_name).trim().to_owned();
            vec![number.to_string(), name, unit, member.position.clone(), member.code.clone(), mark, String::new()]
        })
        .collect();
    let bytes = sheets::xlsx(&page.text("events-paper-sheet"), &heads, &rows)?;
    let name = format!("{}-buoi-{}-{}.xlsx", at.seen.run.code, at.seen.session.number, at.site.number);
    Ok(download(&name, XLSX, bytes))
}
