//! The list behind a number: each completion with "counted" or the reason why not.

use actix_web::{HttpResponse, web};
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::{
    CountingView,
    lens::{Hidden, Lens, LensView, hidden},
};
use crate::{
    access::Permission,
    accounts::SignedIn,
    app::App,
    organisations,
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, Result},
        http::{Choice, Crumb, FormView, Page, Pages, page_number},
        i18n::{Locale, Message},
    },
    targets::{
        model::Verdict,
        queries::{self, Asked as Wanted, Open, OpenPage, RECORDS_A_PAGE, Record, Scope},
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/chi-tieu/{code}/nguoi").get(show));
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default, rename = "don-vi")]
    unit: String,
    #[serde(default)]
    xem: String,
    #[serde(default)]
    ngay: String,
    /// tinh, khong-tinh, nguoi or everything
    #[serde(default)]
    loai: String,
    #[serde(default)]
    tim: String,
    #[serde(default)]
    trang: Option<i64>,
    /// The page of those who have not completed.
    #[serde(default, rename = "trang-chua-xong")]
    open_page: Option<i64>,
}

const COUNTED: &str = "tinh";
const NOT_COUNTED: &str = "khong-tinh";
const PEOPLE: &str = "nguoi";

#[derive(Serialize)]
struct PeopleView {
    crumbs: Vec<Crumb>,
    code: String,
    title: String,
    counting: Option<CountingView>,
    unit: Option<String>,
    /// The two views make a difference inside a unit.
    lens: Option<LensView>,
    hidden: Vec<Hidden>,
    as_of: Moment,
    form: FormView,
    kinds: Vec<Choice>,
    total: i64,
    rows: Vec<RowView>,
    pages: Pages,
    /// In the target's classes and not completed, so not counted; a page of them and how many there are.
    open: Vec<OpenView>,
    open_total: i64,
    /// There are more than that, not counted one by one.
    open_is_more: bool,
    open_pages: Pages,
}

#[derive(Serialize)]
struct OpenView {
    name: String,
    birth_year: Option<i32>,
    unit: String,
    position: String,
    category: String,
    course: String,
    run: String,
    until: NaiveDate,
    reason: String,
    reason_kind: &'static str,
}

#[derive(Serialize)]
struct RowView {
    name: String,
    birth_year: Option<i32>,
    unit: String,
    position: String,
    category: String,
    course: String,
    run: Option<String>,
    decision: Option<String>,
    occurred_at: Moment,
    verdict: String,
    verdict_kind: &'static str,
    seats_person: bool,
    certificate: Option<String>,
}

async fn show(
    app: web::Data<App>,
    page: Page,
    who: SignedIn,
    code: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse> {
    who.require(Permission::SeeTargets)?;
    let now = app.now();
    let (authority, today) = (who.authority().clone(), local_day(now.0));
    let lens = Lens::of(&asked.xem, &asked.ngay, today);
    let (view, unit_code, code) = (lens.view, asked.unit.clone(), code.into_inner());
    let wanted = Wanted {
        counted: match asked.loai.as_str() {
            COUNTED => Some(true),
            NOT_COUNTED => Some(false),
            _ => None,
        },
        people_only: asked.loai == PEOPLE,
        search: asked.tim.chars().take(100).collect(),
    };
    let (number, open_number) = (page_number(asked.trang), page_number(asked.open_page));
    let (target, unit, found, open) = app
        .db
        .read(move |c| {
            let target = queries::by_code(c, &code)?;
            let mut scope = Scope::of(c, &authority, today)?;
            let mut unit = None;
            if !unit_code.is_empty() {
                let found = organisations::queries::by_code(c, &unit_code)?.ok_or(Error::NotFound)?;
                scope = scope.behind(queries::behind(c, &target, view, found.id)?);
                if scope.is_empty() {
                    return Err(Error::NotFound);
                }
                unit = Some(found);
            }
            let found = queries::records(c, &target, &scope, &wanted, number)?;
            let open = match wanted.counted == Some(true) || wanted.people_only || number > 1 {
                true => OpenPage { rows: Vec::new(), total: 0, is_more: false },
                false => queries::open_enrolments(c, &target, &scope, &wanted.search, open_number)?,
            };
            Ok::<_, Error>((target, unit, found, open))
        })
        .await?;
    let locale = page.locale();
    let title = if locale == Locale::Vi { &target.title_vi } else { &target.title_en };
    let path = format!("/chi-tieu/{}", target.code);
    let own = format!("{path}/nguoi");
    let to = |list: &'static str, n: i64| {
        let n = n.to_string();
        let pairs = [("don-vi", asked.unit.as_str()), ("loai", &asked.loai), ("tim", &asked.tim), (list, &n)];
        lens.to(&own, &pairs)
    };
    let kind = |value, key| Choice::new(value, page.text(Message::new(key)));
    let list = PeopleView {
        crumbs: vec![
            Crumb::new(page.text("targets-title"), "/chi-tieu"),
            Crumb::new(title.clone(), lens.to(&path, &[("don-vi", &asked.unit)])),
        ],
        code: target.code.clone(),
        title: title.clone(),
        counting: CountingView::of(&target),
        lens: unit.as_ref().map(|_| {
            let others = [("don-vi", asked.unit.as_str()), ("loai", &asked.loai), ("tim", &asked.tim)];
            LensView::of(&page, &lens, &own, &others)
        }),
        hidden: {
            let mut kept = vec![("don-vi", asked.unit.as_str())];
            kept.extend(lens.pairs());
            hidden(&kept)
        },
        unit: unit.map(|u| u.name(locale).to_owned()),
        as_of: now,
        form: FormView::with([("loai", asked.loai.clone()), ("tim", asked.tim.clone())]),
        kinds: vec![
            kind("", "targets-people-all"),
            kind(COUNTED, "targets-people-counted"),
            kind(PEOPLE, "targets-people-people"),
            kind(NOT_COUNTED, "targets-people-not-counted"),
        ],
        total: found.total,
        rows: found.rows.into_iter().map(|record| row(&page, record)).collect(),
        pages: Pages::of(&page, number, found.total, RECORDS_A_PAGE, |n| to("trang", n)),
        open_total: open.total,
        open_is_more: open.is_more,
        open_pages: Pages::of(&page, open_number, open.total, RECORDS_A_PAGE, |n| {
            format!("{}#chua-xong", to("trang-chua-xong", n))
        }),
        open: open.rows.into_iter().map(|one| open_row(&page, one, now)).collect(),
    };
    page.html("targets/people", &list)
}

fn row(page: &Page, record: Record) -> RowView {
    RowView {
        name: record.name,
        birth_year: record.birth_year,
        unit: record.unit.map(|u| u.name(page.locale()).to_owned()).unwrap_or_default(),
        position: record.position,
        category: page.text(Message::new(format!("targets-category-{}", record.category))),
        course: record.course,
        run: record.run,
        decision: record.decision,
        occurred_at: record.occurred_at,
        verdict: page.text(Message::new(format!("targets-verdict-{}", record.verdict))),
        verdict_kind: match record.verdict {
            Verdict::Counted => "good",
            Verdict::Flagged => "warn",
            Verdict::Voided => "bad",
            Verdict::OtherCourse | Verdict::OutsidePeriod | Verdict::Unknown => "plain",
        },
        seats_person: record.seats_person,
        certificate: record.certificate,
    }
}

fn open_row(page: &Page, open: Open, now: Moment) -> OpenView {
    let is_over = open.closes_at <= now;
    let (reason, reason_kind) = if is_over { ("targets-open-over", "bad") } else { ("targets-open-studying", "info") };
    OpenView {
        name: open.name,
        birth_year: open.birth_year,
        unit: open.unit.map(|u| u.name(page.locale()).to_owned()).unwrap_or_default(),
        position: open.position,
        category: page.text(Message::new(format!("targets-category-{}", open.category))),
        course: open.course,
        run: open.run,
        until: local_day((open.closes_at - TimeDelta::microseconds(1)).0),
        reason: page.text(reason),
        reason_kind,
    }
}
