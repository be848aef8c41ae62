//! The list of a site: a page of people with a mark for each, kept page by page, and sent when it is whole.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::{Deserialize, Serialize};

use super::{crumbs_below, list::mark_tag, list_tag, plan::told};
use crate::{
    access::PersonId,
    accounts::queries::directory,
    app::App,
    events::{
        actions::{self, Then},
        guards::{SiteKeeper, SiteOf},
        model::{List, ListId, ListState, Mark},
        queries,
    },
    learning::queries::Member,
    organisations::queries as organisations,
    platform::{
        as_i64,
        db::Moment,
        error::{Error, FieldErrors, Result},
        files::{Limits, MediaType},
        http::{Choice, Crumb, Filter, FormView, Input, Page, Pages, Tag, address, page_number, upload as uploads},
        i18n::Message,
        text::{fold, span},
    },
};

const A_PAGE: i64 = 50;
/// A sheet is signed on paper: what a scanner or a telephone gives.
const KINDS: &[MediaType] = &[MediaType::Pdf, MediaType::Png, MediaType::Jpeg];
const MOST: u64 = 20 * 1024 * 1024;
/// The longest part of a name that is looked for.
const LONGEST_SEARCH: usize = 100;

/// Which part of the list is shown.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    tim: String,
    /// `chua`: those without a mark.
    #[serde(default)]
    xem: String,
    #[serde(default)]
    trang: Option<i64>,
}

impl Asked {
    fn of(input: &Input) -> Self {
        Self { tim: input.text("tim"), xem: input.text("xem"), trang: input.text("trang").parse().ok() }
    }

    fn address(&self, path: &str, number: i64) -> String {
        let number = if number > 1 { number.to_string() } else { String::new() };
        let asked = [("tim", self.tim.as_str()), ("xem", self.xem.as_str()), ("trang", number.as_str())];
        address(path, &asked)
    }
}

#[derive(Serialize)]
struct SheetView {
    crumbs: Vec<Crumb>,
    path: String,
    session: String,
    site: String,
    when: String,
    state: Tag,
    correction: String,
    returned: String,
    /// Marks can be written now.
    can_write: bool,
    /// Why they cannot, where that is not plain.
    waits_for_start: bool,
    waits_for_other: bool,
    can_decide: bool,
    can_correct: bool,
    is_imported: bool,
    /// The scan of the open list, or of the last.
    scan: Option<String>,
    limit: u64,
    summary: String,
    left: i64,
    total: i64,
    rows: Vec<RowView>,
    marks: Vec<Choice>,
    filters: Vec<Filter>,
    tim: String,
    xem: String,
    trang: i64,
    pages: Pages,
    lists: Vec<ListView>,
    form: FormView,
    word_form: FormView,
}

#[derive(Serialize)]
struct RowView {
    code: String,
    name: String,
    note: String,
    mark: String,
    shown: Option<Tag>,
}

#[derive(Serialize)]
struct ListView {
    state: Tag,
    entered: String,
    decided: Option<String>,
    correction: String,
    scan: Option<String>,
}

/// What was refused on this page: the list itself, or the word of the second person.
#[derive(Default)]
pub struct Forms {
    pub form: FormView,
    pub word: FormView,
}

pub async fn show(app: web::Data<App>, page: Page, at: SiteOf, asked: web::Query<Asked>) -> Result<HttpResponse> {
    let mut asked = asked.into_inner();
    asked.tim = asked.tim.chars().take(LONGEST_SEARCH).collect();
    render(&app, &page, &at, asked, StatusCode::OK, Forms::default()).await
}

pub async fn render(
    app: &App,
    page: &Page,
    at: &SiteOf,
    asked: Asked,
    status: StatusCode,
    forms: Forms,
) -> Result<HttpResponse> {
    let (now, run, session, site) = (app.now(), at.seen.run.id, at.seen.session.clone(), at.site.clone());
    let (sheet, lists, hands, names) = app
        .db
        .read(move |c| {
            let sheet = queries::sheet(c, run, &session, &site)?;
            let lists = queries::lists(c, site.id)?;
            let hands = sheet.list.as_ref().map(|list| queries::hands(c, list.id)).transpose()?.unwrap_or_default();
            let who: Vec<PersonId> = lists
                .iter()
                .flat_map(|list| [Some(list.entered_by), list.submitted_by, list.confirmed_by])
                .flatten()
                .collect();
            let names = directory::names(c, &who)?;
            Ok::<_, Error>((sheet, lists, hands, names))
        })
        .await?;
    let (enters, confirms, me) = (at.seen.enters(&at.site), at.seen.confirms(&at.site), at.seen.who.id());
    let state = sheet.list.as_ref().map(|list| list.state);
    let begun = at.seen.session.takes_lists(now);
    let is_second = !hands.contains(&me) && sheet.members.iter().all(|member| member.person != me);
    let left = sheet.members.iter().filter(|member| !sheet.marks.contains_key(&member.enrolment)).count();
    let shown: Vec<&Member> = sheet.members.iter().filter(|member| fits(&asked, member, &sheet.marks)).collect();
    let number = page_number(asked.trang);
    let skipped = usize::try_from((number - 1) * A_PAGE).unwrap_or(usize::MAX);
    let total = as_i64(shown.len());
    let here: Vec<&Member> = shown.into_iter().skip(skipped).take(usize::try_from(A_PAGE).unwrap_or(50)).collect();
    let units: Vec<_> = here.iter().map(|member| member.unit).collect();
    let units = app.db.read(move |c| organisations::by_ids(c, &units)).await?;
    let can_write = enters && begun && state.is_none_or(|state| state == ListState::Draft);
    let path = at.path();
    let rows = here.into_iter().map(|member| {
        let unit = units.get(&member.unit).map(|unit| unit.name(page.locale()).to_owned()).unwrap_or_default();
        let mark = sheet.marks.get(&member.enrolment).copied();
        RowView {
            code: member.code.clone(),
            name: format!("{} {}", member.family_names, member.given_name).trim().to_owned(),
            note: [unit, member.position.clone()].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", "),
            mark: mark.map(|mark| mark.to_string()).unwrap_or_default(),
            shown: mark.map(|mark| mark_tag(page, mark)),
        }
    });
    let view = SheetView {
        crumbs: crumbs_below(page, &at.seen),
        session: at.seen.session.title.clone(),
        site: at.site.name.clone(),
        when: span(at.seen.session.starts_at.0, at.seen.session.ends_at.0),
        state: list_tag(page, state),
        correction: sheet.list.as_ref().map(|list| list.correction.clone()).unwrap_or_default(),
        returned: sheet.list.as_ref().map(|list| list.returned.clone()).unwrap_or_default(),
        can_write,
        waits_for_start: enters && !begun,
        waits_for_other: state == Some(ListState::Submitted) && !(confirms && is_second),
        can_decide: state == Some(ListState::Submitted) && confirms && is_second,
        can_correct: enters && state == Some(ListState::Confirmed),
        is_imported: sheet.list.as_ref().is_some_and(|list| list.is_imported),
        scan: sheet.list.as_ref().filter(|list| list.file_id.is_some()).map(|list| scan_path(&path, list.id)),
        limit: MOST / (1024 * 1024),
        summary: summary(page, &sheet.marks, &sheet.members, left),
        left: as_i64(left),
        total,
        rows: rows.collect(),
        marks: Mark::ALL
            .iter()
            .map(|mark| Choice::new(mark.as_str(), page.text(Message::new(format!("events-mark-{mark}")))))
            .collect(),
        filters: filters(page, &asked, &path),
        tim: asked.tim.clone(),
        xem: asked.xem.clone(),
        trang: number,
        pages: Pages::of(page, number, total, A_PAGE, |n| asked.address(&path, n)),
        lists: lists.iter().map(|list| list_view(page, list, &names, &path)).collect(),
        form: forms.form,
        word_form: forms.word,
        path,
    };
    page.html_as(status, "events/sheet", &view)
}

fn fits(asked: &Asked, member: &Member, marks: &HashMap<crate::learning::model::EnrolmentId, Mark>) -> bool {
    let named = asked.tim.is_empty() || member.folded.contains(&fold(&asked.tim));
    named && (asked.xem != "chua" || !marks.contains_key(&member.enrolment))
}

fn filters(page: &Page, asked: &Asked, path: &str) -> Vec<Filter> {
    let filter = |xem: &str, key: &'static str| Filter {
        href: Asked { xem: xem.to_owned(), ..asked.clone() }.address(path, 1),
        label: page.text(key),
        is_current: asked.xem == xem,
    };
    vec![filter("", "events-sheet-all"), filter("chua", "events-sheet-unmarked")]
}

fn summary(
    page: &Page,
    marks: &HashMap<crate::learning::model::EnrolmentId, Mark>,
    members: &[Member],
    left: usize,
) -> String {
    let of = |mark: Mark| as_i64(members.iter().filter(|member| marks.get(&member.enrolment) == Some(&mark)).count());
    let said = Message::new("events-sheet-summary").with("total", as_i64(members.len()));
    let said = said.with("present", of(Mark::Present)).with("late", of(Mark::Late));
    page.text(said.with("absent", of(Mark::Absent)).with("left", as_i64(left)))
}

fn scan_path(path: &str, list: ListId) -> String {
    format!("{path}/ban-ky/{list}")
}

fn list_view(page: &Page, list: &List, names: &HashMap<PersonId, (String, String)>, path: &str) -> ListView {
    let said = |key: &'static str, by: PersonId, at: Moment| {
        let name = names.get(&by).map(|(_, name)| name.clone()).unwrap_or_default();
        page.text(Message::new(key).with("name", name).with("time", crate::platform::text::datetime(at.0)))
    };
    let submitted = list.submitted_by.zip(list.submitted_at);
    ListView {
        state: list_tag(page, Some(list.state)),
        entered: match submitted {
            Some((by, at)) => said("events-list-submitted-by", by, at),
            None => said("events-list-entered-by", list.entered_by, list.entered_at),
        },
        decided: list.confirmed_by.zip(list.confirmed_at).map(|(by, at)| said("events-list-confirmed-by", by, at)),
        correction: list.correction.clone(),
        scan: list.file_id.map(|_| scan_path(path, list.id)),
    }
}

/// The marks of the page that was sent: `m-<code of the person>`.
fn marks(input: &Input) -> HashMap<String, Mark> {
    let mark = |(name, value): (&str, &str)| Some((name.strip_prefix("m-")?.to_owned(), Mark::parse(value)?));
    input.pairs().filter_map(mark).collect()
}

pub async fn save(app: web::Data<App>, page: Page, keeper: SiteKeeper, input: Input) -> Result<HttpResponse> {
    let at = keeper.0;
    let (now, by, run) = (app.now(), at.seen.who.actor(), at.seen.run.clone());
    let (session, site, marks, asked) = (at.seen.session.clone(), at.site.clone(), marks(&input), Asked::of(&input));
    let (then, said) = match input.raw("action") {
        Some("rest") => (Then::RestPresent, "events-sheet-rest-done"),
        Some("submit") => (Then::Submit, "events-sheet-sent"),
        _ => (Then::Nothing, "events-sheet-saved"),
    };
    if asked.tim.chars().count() > LONGEST_SEARCH {
        return Err(Error::TooLarge);
    }
    let kept = {
        let (run, by, session, site, marks) = (run.clone(), by.clone(), session.clone(), site.clone(), marks);
        // What was marked stays also where the list cannot be sent yet.
        let first = if then == Then::Submit { Then::Nothing } else { then };
        app.db.write("events.save", move |c| actions::save(c, now, &by, &run, (&session, &site), &marks, first)).await
    };
    let done = match kept {
        Ok(()) if then == Then::Submit => {
            app.db.write("events.submit", move |c| actions::submit(c, now, &by, &run, (&session, &site))).await
        }
        other => other,
    };
    match done {
        Ok(()) => Ok(page.go_saying(&asked.address(&at.path(), page_number(asked.trang)), "good", said)),
        Err(error) => {
            let (status, errors) = told(error)?;
            let forms = Forms { form: page.form(&input, &errors), ..Forms::default() };
            render(&app, &page, &at, asked, status, forms).await
        }
    }
}

/// Takes the scan of the signed sheet.
pub async fn scan(
    app: web::Data<App>,
    page: Page,
    keeper: SiteKeeper,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let at = keeper.0;
    let limits = Limits { max_bytes: MOST, accept: KINDS };
    let upload = uploads::receive(&request, payload.into_inner(), &app.files, "attendance", "file", &limits).await?;
    let incoming = match upload.file {
        Ok(incoming) => incoming,
        Err(said) => {
            let mut errors = FieldErrors::default();
            errors.add("file", said);
            let forms = Forms { form: page.form(&upload.input, &errors), ..Forms::default() };
            return render(&app, &page, &at, Asked::default(), StatusCode::UNPROCESSABLE_ENTITY, forms).await;
        }
    };
    let (now, by, session, site) = (app.now(), at.seen.who.actor(), at.seen.session.clone(), at.site.clone());
    let (stored, name) = (incoming.stored.clone(), incoming.name);
    let write = move |c: &mut _| actions::add_scan(c, now, &by, (&session, &site), &stored, &name);
    match app.db.write("events.scan", write).await {
        Ok(()) => Ok(page.go_saying(&at.path(), "good", "events-scan-added")),
        // Whether the row was written is not known: then the file stays.
        Err(error @ Error::NotKnown(_)) => Err(error),
        Err(error) => {
            uploads::forget(&app.files, &incoming.stored).await;
            Err(error)
        }
    }
}

/// The way to the scan: a link to the host of files that works for a short while.
pub async fn scan_file(
    app: web::Data<App>,
    page: Page,
    at: SiteOf,
    path: web::Path<(String, i32, i32, i64)>,
) -> Result<HttpResponse> {
    let (site, list) = (at.site.id, ListId(path.3));
    let (key, mime, name) = app.db.read(move |c| queries::scan(c, site, list)).await?;
    Ok(page.go(&app.way_to_file(&key, &mime, name)?))
}
