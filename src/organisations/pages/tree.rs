//! `/to-chuc`: the units at the top on a day, and the search.

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::Serialize;

use super::{
    super::{
        guards::Reader,
        model::{Unit, UnitKind},
        queries::{self, Overview},
    },
    asked, day, group_name, href, kind_name, period,
};
use crate::{
    app::App,
    platform::{
        as_i64,
        clock::local_day,
        db::DbConn,
        error::{FieldErrors, Result},
        http::{FormView, Page},
        i18n::Message,
        text,
    },
};

/// Hits a search shows.
const HITS: usize = 50;
/// Days of change that are offered.
const MARKS: usize = 6;

#[derive(Serialize)]
struct View {
    form: FormView,
    /// Whether something was searched; then the hits stand in place of the tree.
    searched: bool,
    hits_title: String,
    hits: Vec<Row>,
    more: bool,
    day: NaiveDate,
    figures: Option<Figures>,
    groups: Vec<GroupView>,
    changes: Vec<Row>,
    marks: Vec<Mark>,
}

#[derive(Serialize)]
struct Figures {
    local: i64,
    local_note: String,
    central: i64,
    central_note: String,
}

#[derive(Serialize)]
pub struct GroupView {
    /// Where links on the page lead.
    id: &'static str,
    title: String,
    rows: Vec<Row>,
}

/// A unit in a list: its name, a line about it and its code.
#[derive(Serialize)]
pub struct Row {
    href: String,
    name: String,
    note: String,
    code: String,
}

#[derive(Serialize)]
struct Mark {
    href: String,
    day: NaiveDate,
    current: bool,
}

/// What one read of the database gives the page.
struct Found {
    overview: Overview,
    changes: Vec<(Unit, Vec<Unit>)>,
    hits: Option<(Vec<Unit>, bool)>,
    marks: Vec<NaiveDate>,
}

fn find(c: &mut DbConn, on: NaiveDate, typed: &str) -> Result<Found> {
    let searched = !text::fold(typed).is_empty();
    let hits = if searched { Some(queries::search(c, typed, None, HITS)?) } else { None };
    let overview = if searched { Overview { groups: Vec::new() } } else { queries::overview(c, on)? };
    let changes = if searched { Vec::new() } else { queries::changes_on(c, on)? };
    Ok(Found { overview, changes, hits, marks: queries::days_of_change(c)? })
}

pub async fn tree(app: web::Data<App>, page: Page, _reader: Reader) -> Result<HttpResponse> {
    let today = local_day(*app.now());
    let input = asked(&page);
    let (on, errors) = match day(&input) {
        Ok(on) => (on.unwrap_or(today), FieldErrors::default()),
        Err(errors) => (today, errors),
    };
    let typed = input.text("tim");
    let searched_for = typed.clone();
    let found = app.db.read(move |c| find(c, on, &searched_for)).await?;

    let mut form = page.form(&input, &errors);
    if errors.is_empty() {
        form.values.insert("ngay".to_owned(), on.to_string());
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page.html_as(status, "organisations/tree", &view(&page, form, found, &typed, on, today))
}

fn view(page: &Page, form: FormView, found: Found, typed: &str, on: NaiveDate, today: NaiveDate) -> View {
    let (hits, more) = found.hits.map_or((None, false), |(hits, more)| (Some(hits), more));
    let hits_title = hits.as_ref().map_or_else(String::new, |hits| {
        let key = match (hits.is_empty(), more) {
            (true, _) => "organisations-found-none",
            (false, false) => "organisations-found",
            (false, true) => "organisations-found-first",
        };
        page.text(Message::new(key).with("text", typed).with("count", as_i64(hits.len())))
    });
    let searched = hits.is_some();
    let hit = |unit: &Unit| {
        let note = format!("{} · {}", kind_name(page, unit.kind), period(page, unit.span()));
        row(page, unit, unit.span().nearest(on), today, note)
    };
    let change = |(unit, made_of): &(Unit, Vec<Unit>)| row(page, unit, on, today, made_of_note(page, made_of));
    View {
        form,
        searched,
        hits_title,
        hits: hits.unwrap_or_default().iter().map(hit).collect(),
        more,
        day: on,
        figures: (!searched && !found.overview.groups.is_empty()).then(|| figures(page, &found.overview)),
        groups: groups(page, &found.overview.groups, on, today),
        changes: found.changes.iter().map(change).collect(),
        marks: marks(found.marks, on, today),
    }
}

fn marks(days: Vec<NaiveDate>, on: NaiveDate, today: NaiveDate) -> Vec<Mark> {
    let past = days.into_iter().filter(|day| *day <= today).take(MARKS);
    past.map(|day| Mark { href: format!("/to-chuc?ngay={day}"), day, current: day == on }).collect()
}

fn figures(page: &Page, overview: &Overview) -> Figures {
    let count = |kind| overview.count(kind);
    let whole = |counts: &[usize]| as_i64(counts.iter().sum::<usize>());
    let (provinces, cities) = (count(UnitKind::Province), count(UnitKind::CentralCity));
    let (ministries, ministerial) = (count(UnitKind::Ministry), count(UnitKind::MinisterialAgency));
    let government = count(UnitKind::GovernmentAgency);
    Figures {
        local: whole(&[provinces, cities]),
        local_note: page.text(
            Message::new("organisations-figure-local-note")
                .with("provinces", as_i64(provinces))
                .with("cities", as_i64(cities)),
        ),
        central: whole(&[ministries, ministerial, government]),
        central_note: page.text(
            Message::new("organisations-figure-central-note")
                .with("ministries", as_i64(ministries))
                .with("ministerial", as_i64(ministerial))
                .with("government", as_i64(government)),
        ),
    }
}

pub fn groups(page: &Page, groups: &[queries::Group], on: NaiveDate, today: NaiveDate) -> Vec<GroupView> {
    let below = |branch: &queries::Branch| match branch.children {
        0 => String::new(),
        count => page.text(Message::new("organisations-children").with("count", count)),
    };
    let view = |group: &queries::Group| GroupView {
        id: group.kind.as_str(),
        title: group_name(page, group.kind, group.branches.len()),
        rows: group.branches.iter().map(|branch| row(page, &branch.unit, on, today, below(branch))).collect(),
    };
    groups.iter().map(view).collect()
}

pub fn row(page: &Page, unit: &Unit, on: NaiveDate, today: NaiveDate, note: String) -> Row {
    Row { href: href(&unit.code, on, today), name: unit.name(page.locale()).to_owned(), note, code: unit.code.clone() }
}

fn made_of_note(page: &Page, made_of: &[Unit]) -> String {
    if made_of.is_empty() {
        return page.text("organisations-made-new");
    }
    let names: Vec<&str> = made_of.iter().map(|unit| unit.name(page.locale())).collect();
    page.text(Message::new("organisations-made-of").with("units", names.join("; ")))
}
