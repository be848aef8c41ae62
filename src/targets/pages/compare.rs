//! Two seals of a target side by side: their figures, the differences, and what was recorded between them, so that the older figure and the
//! lines add up to the newer one.

use std::collections::{BTreeMap, HashMap};

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    SplitView,
    seal::{ChangeView, LineView, line},
    title,
};
use crate::{
    access::PersonId,
    accounts::queries::directory,
    app::App,
    platform::{
        as_i64,
        db::Moment,
        error::{Error, Result},
        http::{Choice, Crumb, FormView, Page, Pages, address, page_number},
        i18n::Message,
        text,
    },
    targets::{
        guards::NationOf,
        model::{
            Figures,
            seal::{Content, SealId, SealRow, SealState},
        },
        queries::{self, Adjustments},
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/chi-tieu/{code}/ban-chot/so-sanh").get(show));
}

/// Lines between two seals on one page.
const A_PAGE: usize = 100;

#[derive(Deserialize)]
struct Asked {
    cu: Option<i64>,
    moi: Option<i64>,
    trang: Option<i64>,
}

#[derive(Serialize)]
struct CompareView {
    crumbs: Vec<Crumb>,
    title: String,
    path: String,
    seals: Vec<Choice>,
    form: FormView,
    compared: Option<ComparedView>,
}

#[derive(Serialize)]
struct ComparedView {
    old: SealView,
    new: SealView,
    change: ChangeView,
    units: Vec<UnitView>,
    /// Both are of the same days, so lines lead from one to the other.
    is_same_period: bool,
    lines: Vec<LineView>,
    count: usize,
    /// What all lines add up to.
    sum: ChangeView,
    pages: Pages,
}

#[derive(Serialize)]
struct SealView {
    href: String,
    number: i64,
    from: NaiveDate,
    to: NaiveDate,
    known_at: Moment,
    required: i64,
    total: Figures,
    split: SplitView,
}

#[derive(Serialize)]
struct UnitView {
    code: String,
    name: String,
    old: Figures,
    new: Figures,
    change: ChangeView,
}

/// Two signed seals of the target, the one of the earlier moment first.
struct Pair {
    old: (SealRow, Content),
    new: (SealRow, Content),
    between: Option<Adjustments>,
    names: HashMap<PersonId, (String, String)>,
}

async fn show(app: web::Data<App>, page: Page, seen: NationOf, asked: web::Query<Asked>) -> Result<HttpResponse> {
    let target = seen.target.clone();
    let chosen = asked.cu.zip(asked.moi).filter(|(old, new)| old != new);
    let (rows, pair) = app
        .db
        .read(move |c| {
            let rows: Vec<SealRow> =
                queries::seals(c, target.id)?.into_iter().filter(|row| row.state == SealState::Signed).collect();
            let Some((one, other)) = chosen else { return Ok::<_, Error>((rows, None)) };
            let mut content = |id: i64| {
                let row = rows.iter().find(|row| row.id == SealId(id)).cloned().ok_or(Error::NotFound)?;
                let content = queries::seal_content(c, row.id)?;
                Ok::<_, Error>((row, content))
            };
            let (mut old, mut new) = (content(one)?, content(other)?);
            if (new.1.known_at, new.0.number) < (old.1.known_at, old.0.number) {
                std::mem::swap(&mut old, &mut new);
            }
            let between = match old.1.period == new.1.period {
                true => {
                    let (now, until) = (queries::turns_in(&new.1), new.1.known_at);
                    Some(queries::between(c, &target, &old.1, &now, Some(until))?)
                }
                false => None,
            };
            let people: Vec<PersonId> = between.iter().flat_map(|b| b.lines.iter().map(|line| line.person)).collect();
            let names = directory::names(c, &people)?;
            Ok((rows, Some(Pair { old, new, between, names })))
        })
        .await?;
    let path = format!("/chi-tieu/{}", seen.target.code);
    let (old, new) = match (&pair, rows.as_slice()) {
        (Some(pair), _) => (Some(pair.old.0.id), Some(pair.new.0.id)),
        (None, [last, before, ..]) => (Some(before.id), Some(last.id)),
        _ => (None, None),
    };
    let number = |id: Option<SealId>| id.map(|id| id.to_string()).unwrap_or_default();
    let view = CompareView {
        crumbs: vec![
            Crumb::new(page.text("targets-title"), "/chi-tieu"),
            Crumb::new(title(&page, &seen.target), path.as_str()),
            Crumb::new(page.text("targets-seals"), format!("{path}/ban-chot")),
        ],
        title: title(&page, &seen.target),
        seals: rows.iter().map(|row| Choice::new(row.id.to_string(), named(&page, row))).collect(),
        form: FormView::with([("cu", number(old)), ("moi", number(new))]),
        compared: pair.map(|pair| compared(&page, &path, page_number(asked.trang), &pair)),
        path: format!("{path}/ban-chot/so-sanh"),
    };
    page.html("targets/compare", &view)
}

fn named(page: &Page, row: &SealRow) -> String {
    let said = Message::new("targets-compare-choice")
        .with("number", row.number.unwrap_or_default().to_string())
        .with("from", text::date(row.period_from))
        .with("to", text::date(row.period_to))
        .with("known", text::datetime(row.known_at.0));
    page.text(said)
}

fn minus(new: Figures, old: Figures) -> Figures {
    Figures { turns: new.turns - old.turns, people: new.people - old.people }
}

fn compared(page: &Page, path: &str, number: i64, pair: &Pair) -> ComparedView {
    let seal = |(row, content): &(SealRow, Content)| SealView {
        href: format!("{path}/ban-chot/{}", row.id),
        number: row.number.unwrap_or_default(),
        from: content.period.from,
        to: content.period.to,
        known_at: content.known_at,
        required: content.target.required,
        total: content.figures.total,
        split: content.figures.into(),
    };
    let mut units: BTreeMap<&str, (&str, Figures, Figures)> = BTreeMap::new();
    for unit in &pair.old.1.units {
        units.insert(&unit.code, (&unit.name, unit.figures.total, Figures::default()));
    }
    for unit in &pair.new.1.units {
        units.entry(&unit.code).or_insert((&unit.name, Figures::default(), Figures::default())).2 = unit.figures.total;
    }
    let mut sum = Figures::default();
    let lines = pair.between.as_ref().map(|between| between.lines.as_slice()).unwrap_or_default();
    lines.iter().for_each(|line| sum += line.change);
    let skipped = usize::try_from(number - 1).unwrap_or(0).saturating_mul(A_PAGE);
    let to = |n: i64| {
        let ids = [pair.old.0.id.to_string(), pair.new.0.id.to_string(), n.to_string()];
        let [old, new, n] = &ids;
        address(&format!("{path}/ban-chot/so-sanh"), &[("cu", old), ("moi", new), ("trang", n)])
    };
    let total = as_i64(lines.len());
    ComparedView {
        old: seal(&pair.old),
        new: seal(&pair.new),
        change: minus(pair.new.1.figures.total, pair.old.1.figures.total).into(),
        units: units
            .into_iter()
            .map(|(code, (name, old, new))| UnitView {
                code: code.to_owned(),
                name: name.to_owned(),
                old,
                new,
                change: minus(new, old).into(),
            })
            .collect(),
        is_same_period: pair.between.is_some(),
        count: lines.len(),
        lines: lines.iter().skip(skipped).take(A_PAGE).map(|l| line(page, &pair.names, l)).collect(),
        sum: sum.into(),
        pages: Pages::of(page, number, total, i64::try_from(A_PAGE).unwrap_or(100), to),
    }
}
