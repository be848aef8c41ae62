//! What learners did not understand: the questions of a class, or of all classes that learn from the same version within somebody's
//! reach, the hardest first. For who runs the class: it tells what the tests ask. It tells of nobody.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use serde::{Deserialize, Serialize};

use crate::{
    access::Permission,
    app::App,
    assessments::{
        model::tally::{FEWEST, FEWEST_TO_COMPARE, Mistake, Tally, Thirds, WEAK},
        queries::tallies,
    },
    courses::{Book, Shelf, model::LessonOutline},
    learning::guards::ManagerOf,
    platform::{
        as_i64,
        clock::local_day,
        error::{Error, Result},
        files::content_disposition,
        http::{Choice, Crumb, Filter, FormView, Page, Pages, Tag, address, page_number},
        i18n::Message,
        sheets::table::{self, Cell, Sheet},
        text,
    },
    questions::model::Item,
};

/// Questions on one page.
const A_PAGE: usize = 25;
/// How an address says that all classes are meant, and that questions of lessons are.
const WHOLE: &str = "khoa-hoc";
const LESSONS: &str = "bai-hoc";

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    xem: String,
    #[serde(default)]
    nguon: String,
    #[serde(default)]
    trang: Option<i64>,
}

impl Asked {
    fn is_whole(&self) -> bool {
        self.xem == WHOLE
    }
}

#[derive(Serialize)]
struct ItemsView {
    title: String,
    course: String,
    filters: Vec<Filter>,
    is_whole: bool,
    /// How many classes are taken together, in words.
    scope: String,
    path: String,
    form: FormView,
    sources: Vec<Choice>,
    /// The questions lie before this person, who is learning the course too.
    is_hidden: bool,
    rows: Vec<RowView>,
    summary: String,
    /// Questions that few people had, in words; empty where there are none.
    few: String,
    compared: i64,
    pages: Pages,
    csv_href: String,
    xlsx_href: String,
    crumbs: Vec<Crumb>,
}

#[derive(Serialize)]
struct RowView {
    lines: Vec<String>,
    source: String,
    place: PlaceView,
    people: i64,
    correct: i64,
    share: String,
    thirds: Option<ThirdsView>,
    wrong: Option<WrongView>,
}

/// Where a question is taught: a lesson that may be open, a module, or no more than a topic.
#[derive(Serialize, Clone)]
struct PlaceView {
    title: String,
    href: Option<String>,
}

#[derive(Serialize)]
struct ThirdsView {
    difference: String,
    said: String,
    /// Only where somebody should look at the question.
    tag: Option<Tag>,
}

#[derive(Serialize)]
struct WrongView {
    text: String,
    /// In the words of the course, which are Vietnamese.
    is_quoted: bool,
    people: i64,
}

/// What the pages are made of.
struct Found {
    book: Arc<Book>,
    runs: usize,
    tallies: BTreeMap<(String, String), Tally>,
    few: i64,
    is_hidden: bool,
}

async fn find(app: &App, shelf: web::Data<Shelf>, manager: &ManagerOf, whole: bool) -> Result<Found> {
    let (now, authority) = (app.now(), manager.who.authority().clone());
    let (run, version) = (manager.run.id, manager.run.version_id);
    app.db
        .read(move |c| {
            let book = shelf.book(c, version)?;
            // Whoever brings courses in has all questions anyway.
            let knows = authority.may(Permission::ManageCourses);
            if !knows && tallies::is_before(c, version, authority.person, now)? {
                return Ok(Found { book, runs: 0, tallies: BTreeMap::new(), few: 0, is_hidden: true });
            }
            let runs = match whole {
                true => {
                    let reach = authority.reach(Permission::ManageClasses);
                    tallies::runs_of_version(c, version, &reach, local_day(now.0))?
                }
                false => vec![run],
            };
            let few = if whole { 0 } else { tallies::too_few(c, &runs)? };
            let tallies = tallies::of_runs(c, &runs)?;
            Ok::<_, Error>(Found { book, runs: runs.len(), tallies, few, is_hidden: false })
        })
        .await
}

/// A question with what was made of it.
struct Line<'a> {
    test: &'a str,
    item: &'a Item,
    tally: &'a Tally,
}

impl Found {
    /// The hardest first; of equally hard ones, what more people had.
    fn lines(&self, source: &str) -> Vec<Line<'_>> {
        let wanted = |test: &str| match source {
            "" => true,
            LESSONS => test.is_empty(),
            key => test == key,
        };
        let tallies = self.tallies.iter().filter(|((test, _), tally)| wanted(test) && tally.is_shown());
        let mut lines: Vec<Line<'_>> = tallies
            .filter_map(|((test, item), tally)| Some(Line { test, item: self.book.questions.get(item)?, tally }))
            .collect();
        lines.sort_by_key(|line| {
            let Tally { people, correct, .. } = line.tally;
            (correct * 1000 / (*people).max(1), Reverse(*people), line.item.id.clone())
        });
        lines
    }

    /// The tests and the lessons that something is known of.
    fn sources(&self, page: &Page) -> Vec<Choice> {
        let known: BTreeSet<&str> = self.tallies.keys().map(|(test, _)| test.as_str()).collect();
        let tests = self.book.outline.assessments.iter().filter(|test| known.contains(test.id.as_str()));
        let mut sources: Vec<Choice> = tests.map(|test| Choice::new(test.id.clone(), test.title.clone())).collect();
        if known.contains("") {
            sources.push(Choice::new(LESSONS, page.text("assessments-items-lessons")));
        }
        sources
    }

    fn source(&self, page: &Page, test: &str) -> String {
        let known = self.book.outline.assessments.iter().find(|known| known.id == test);
        known.map_or_else(|| page.text("assessments-items-lessons"), |known| known.title.clone())
    }

    fn places(&self) -> Result<Places<'_>> {
        let mut of_checks = HashMap::new();
        for lesson in self.book.outline.lessons() {
            let checks = self.book.lesson(&lesson.slug)?.filter_map(|piece| piece.check);
            of_checks.extend(checks.map(|item| (item, lesson)));
        }
        Ok(Places { book: &self.book, of_checks })
    }
}

/// Where questions are taught.
struct Places<'a> {
    book: &'a Book,
    of_checks: HashMap<&'a str, &'a LessonOutline>,
}

impl Places<'_> {
    /// A check question stands in a lesson, or at the end of a module. One of the bank has a topic, and authors name a topic as the id of
    /// the lesson ends that teaches it, or as the title of the module begins; otherwise the topic itself is all that is known.
    fn of(&self, page: &Page, item: &Item) -> PlaceView {
        let outline = &self.book.outline;
        let ending = format!("-{}", item.topic);
        let by_topic = || outline.lessons().find(|lesson| item.module.is_none() && lesson.key.ends_with(&ending));
        if let Some(lesson) = self.of_checks.get(item.id.as_str()).copied().or_else(by_topic) {
            let href = lesson.is_open.then(|| format!("/khoa-hoc/{}/bai/{}", outline.slug, lesson.slug));
            return PlaceView { title: lesson.title.clone(), href };
        }
        let module = outline.modules.iter().find(|module| match &item.module {
            Some(key) => module.key == *key,
            None => text::slugify(&module.title).starts_with(&item.topic),
        });
        let title = match module {
            Some(module) => module.title.clone(),
            None => page.text(Message::new("assessments-items-topic").with("topic", item.topic.clone())),
        };
        PlaceView { title, href: None }
    }
}

pub async fn show(
    app: web::Data<App>,
    page: Page,
    manager: ManagerOf,
    shelf: web::Data<Shelf>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse> {
    let found = find(&app, shelf, &manager, asked.is_whole()).await?;
    let run = &manager.run;
    let path = format!("/lop/{}/cau-hoi", run.code);
    let lines = found.lines(&asked.nguon);
    let (total, number) = (lines.len(), page_number(asked.trang));
    let places = found.places()?;
    let skipped = usize::try_from(number - 1).unwrap_or(0).saturating_mul(A_PAGE);
    let locale = page.locale();
    let filter = |xem: &str, key: &'static str| Filter {
        href: address(&path, &[("xem", xem), ("nguon", &asked.nguon)]),
        label: page.text(key),
        is_current: asked.is_whole() == (xem == WHOLE),
    };
    let export =
        |kind: &str| address(&format!("{path}/tai-ve/{kind}"), &[("xem", &asked.xem), ("nguon", &asked.nguon)]);
    let view = ItemsView {
        title: run.title.clone(),
        course: found.book.outline.version.title(locale).to_owned(),
        filters: vec![filter("", "assessments-items-class"), filter(WHOLE, "assessments-items-course")],
        is_whole: asked.is_whole(),
        scope: page.text(
            Message::new("assessments-items-scope")
                .with("count", as_i64(found.runs))
                .with("version", i64::from(found.book.outline.version.number)),
        ),
        form: FormView::with([("nguon", asked.nguon.clone())]),
        sources: found.sources(&page),
        is_hidden: found.is_hidden,
        rows: lines.iter().skip(skipped).take(A_PAGE).map(|line| row(&page, &found, &places, line)).collect(),
        summary: page.text(Message::new("assessments-items-count").with("count", as_i64(total))),
        few: match found.few {
            0 => String::new(),
            few => page.text(Message::new("assessments-items-few").with("count", few).with("fewest", FEWEST)),
        },
        compared: FEWEST_TO_COMPARE,
        pages: Pages::of(&page, number, as_i64(total), as_i64(A_PAGE), |number| {
            address(&path, &[("xem", &asked.xem), ("nguon", &asked.nguon), ("trang", &number.to_string())])
        }),
        csv_href: export("csv"),
        xlsx_href: export("xlsx"),
        crumbs: vec![
            Crumb::new(page.text("learning-runs-title"), "/lop"),
            Crumb::new(run.title.clone(), format!("/lop/{}", run.code)),
        ],
        path,
    };
    page.html("assessments/items", &view)
}

fn row(page: &Page, found: &Found, places: &Places<'_>, line: &Line<'_>) -> RowView {
    let Line { test, item, tally } = line;
    RowView {
        lines: item.text.lines().map(str::to_owned).collect(),
        source: found.source(page, test),
        place: places.of(page, item),
        people: tally.people,
        correct: tally.correct,
        share: text::percent(tally.correct, tally.people, page.locale()),
        thirds: tally.thirds().map(|thirds| thirds_view(page, thirds, tally.is_easy())),
        wrong: tally.most_chosen_wrong().and_then(|(choice, people)| {
            let (text, is_quoted) = said(page, Mistake::read(item, choice)?);
            Some(WrongView { text, is_quoted, people })
        }),
    }
}

fn thirds_view(page: &Page, thirds: Thirds, is_easy: bool) -> ThirdsView {
    let locale = page.locale();
    let share = |permille: i64| text::percent(permille, 1000, locale);
    let difference = thirds.difference();
    let key = match difference {
        ..0 => "assessments-items-turned",
        0..WEAK if !is_easy => "assessments-items-weak",
        _ => "",
    };
    ThirdsView {
        difference: format!("{}{}", if difference > 0 { "+" } else { "" }, points(difference, page)),
        said: page.text(
            Message::new("assessments-items-thirds")
                .with("upper", share(thirds.upper))
                .with("lower", share(thirds.lower)),
        ),
        tag: (!key.is_empty()).then(|| Tag { kind: "warn", text: page.text(key) }),
    }
}

/// The discrimination as books on testing write it: from −1 to 1.
#[expect(clippy::cast_precision_loss, reason = "at most a thousand")]
fn points(permille: i64, page: &Page) -> String {
    text::decimal(permille as f64 / 1000.0, 2, page.locale())
}

/// What was wrong, and whether these are the words of the course.
fn said(page: &Page, mistake: Mistake<'_>) -> (String, bool) {
    match mistake {
        Mistake::Blank => (page.text("assessments-items-blank"), false),
        Mistake::Said(true) => (page.text("questions-true"), false),
        Mistake::Said(false) => (page.text("questions-false"), false),
        Mistake::Option(text) => (text.to_owned(), true),
        Mistake::Pair(left, right) => (format!("{left} → {right}"), true),
    }
}

const HEADS: [&str; 12] = [
    "assessments-items-column-id",
    "assessments-items-question",
    "assessments-items-source",
    "assessments-items-place",
    "assessments-items-people",
    "assessments-items-correct",
    "assessments-items-share",
    "assessments-items-upper",
    "assessments-items-lower",
    "assessments-items-discrimination",
    "assessments-items-wrong",
    "assessments-items-wrong-people",
];
const WIDTHS: [u16; 12] = [14, 60, 24, 28, 10, 10, 10, 14, 14, 12, 40, 12];

/// The same figures as a table to work with.
pub async fn export(
    app: web::Data<App>,
    page: Page,
    manager: ManagerOf,
    shelf: web::Data<Shelf>,
    path: web::Path<(String, String)>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse> {
    let kind = path.into_inner().1;
    let found = find(&app, shelf, &manager, asked.is_whole()).await?;
    if found.is_hidden {
        return Err(Error::Forbidden);
    }
    let places = found.places()?;
    let heads = HEADS.map(|key| page.text(key));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows = found.lines(&asked.nguon);
    let rows = rows.iter().map(|line| cells(&page, &found, &places, line));
    let now = app.now();
    let title = page.text(Message::new("assessments-items-sheet").with("title", manager.run.title.clone()));
    let (bytes, media_type) = match kind.as_str() {
        "csv" => (table::csv(&heads, rows)?, "text/csv; charset=utf-8"),
        "xlsx" => {
            let mut book = table::Book::new(&title, now.0)?;
            let above = vec![title, text::datetime(now.0)];
            let sheet = Sheet { name: page.text("assessments-items-question"), above, heads, widths: WIDTHS.to_vec() };
            book.sheet(&sheet, rows)?;
            (book.finish()?, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        }
        _ => return Err(Error::NotFound),
    };
    let demo = if app.demo { "minh-hoa-" } else { "" };
    let name = format!("cau-hoi-{demo}{}-{}.{kind}", manager.run.code, local_day(now.0));
    Ok(HttpResponse::build(StatusCode::OK)
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_DISPOSITION, content_disposition(&name, false)))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(bytes))
}

fn cells(page: &Page, found: &Found, places: &Places<'_>, line: &Line<'_>) -> Vec<Cell> {
    let Line { test, item, tally } = line;
    let thirds = tally.thirds();
    let wrong = tally
        .most_chosen_wrong()
        .and_then(|(choice, people)| Some((said(page, Mistake::read(item, choice)?).0, people)));
    vec![
        item.id.as_str().into(),
        item.text.as_str().into(),
        found.source(page, test).into(),
        places.of(page, item).title.into(),
        tally.people.into(),
        tally.correct.into(),
        Cell::share(tally.correct, tally.people),
        thirds.map(|thirds| Cell::Share(thirds.upper)).unwrap_or(Cell::Empty),
        thirds.map(|thirds| Cell::Share(thirds.lower)).unwrap_or(Cell::Empty),
        thirds.map(|thirds| Cell::Share(thirds.difference())).unwrap_or(Cell::Empty),
        wrong.as_ref().map(|(text, _)| text.as_str()).into(),
        wrong.as_ref().map(|(_, people)| *people).into(),
    ]
}
