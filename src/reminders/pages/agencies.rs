//! Agencies that have not reached what they were given, or have no figures: who must train how many by when, and whom to call.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{batch_path, chosen};
use crate::{
    access::{Permission, Reach},
    app::App,
    platform::{
        as_i64,
        clock::local_day,
        db::Moment,
        error::{Error, Result},
        http::{Crumb, Filter, Input, Page, Pages, Tag, page_number},
        i18n::{Locale, Message},
        text,
    },
    reminders::{
        actions,
        model::{BatchKind, Contact, Short, Standing},
        queries,
    },
    targets::{
        CountingView,
        guards::NationOf,
        model::{Forecast, Metric, Target, TargetState},
    },
};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    muc: String,
    #[serde(default)]
    trang: Option<i64>,
}

/// How an address asks for agencies of one standing.
const STANDINGS: [(&str, Standing, &str); 3] = [
    ("cham", Standing::Behind, "reminders-behind"),
    ("chua-co", Standing::NoData, "reminders-no-data"),
    ("dang-dat", Standing::OnItsWay, "reminders-on-its-way"),
];

/// Rows on one page: on a phone each is a short list.
const A_PAGE: i64 = 25;

/// Who is behind and has no figures at all is in both lists.
fn is_of(short: &Short, wanted: Option<Standing>) -> bool {
    match wanted {
        None => true,
        Some(Standing::NoData) => short.agency.split.total.is_zero(),
        Some(standing) => short.standing == standing,
    }
}

#[derive(Serialize)]
struct AgenciesView {
    crumbs: Vec<Crumb>,
    code: String,
    title: String,
    counting: Option<CountingView>,
    as_of: Moment,
    until: NaiveDate,
    unit: String,
    /// The target divides its number by groups of people.
    has_parts: bool,
    filters: Vec<Filter>,
    rows: Vec<RowView>,
    total: i64,
    /// Who would be written to by the button for all, and in how many agencies there is nobody.
    red: i64,
    unreachable: i64,
    pages: Pages,
}

#[derive(Serialize)]
struct RowView {
    code: String,
    name: String,
    href: String,
    standing: Tag,
    quota: Option<i64>,
    reached: i64,
    missing: i64,
    /// By group of people, where the target says how it divides.
    parts: Option<[i64; 3]>,
    needed: String,
    actual: String,
    forecast: String,
    contacts: Vec<ContactView>,
    can_remind: bool,
}

#[derive(Serialize)]
struct ContactView {
    name: String,
    phone: String,
    dial: String,
    email: String,
    was_reminded: bool,
}

impl From<&Contact> for ContactView {
    fn from(contact: &Contact) -> Self {
        Self {
            name: contact.name.clone(),
            dial: contact.phone.clone().unwrap_or_default(),
            phone: contact.phone.as_deref().map(text::phone_shown).unwrap_or_default(),
            email: contact.email.clone().unwrap_or_default(),
            was_reminded: contact.was_reminded,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn tenths(page: &Page, value: i64) -> String {
    text::decimal(value as f64 / 10.0, 1, page.locale())
}

fn can_remind(short: &Short) -> bool {
    short.contacts.iter().any(|contact| !contact.was_reminded)
}

fn row(page: &Page, target: &Target, short: &Short, today: NaiveDate) -> RowView {
    let agency = &short.agency;
    let pace = agency.pace(target, today);
    let none = || text::NO_FIGURE.to_owned();
    let (kind, key) = match short.standing {
        Standing::Behind => ("bad", "reminders-behind"),
        Standing::NoData => ("warn", "reminders-no-data"),
        Standing::OnItsWay => ("info", "reminders-on-its-way"),
    };
    RowView {
        code: agency.unit.code.clone(),
        name: agency.unit.name(page.locale()).to_owned(),
        href: format!("/chi-tieu/{}?don-vi={}&xem=quy-doi", target.code, agency.unit.code),
        standing: Tag { kind, text: page.text(key) },
        quota: agency.quota,
        reached: agency.figure(target.metric),
        missing: agency.missing(target.metric).unwrap_or(0),
        parts: agency.missing_by_category(target),
        needed: pace.as_ref().map_or_else(none, |pace| tenths(page, pace.needed_tenths())),
        actual: pace.as_ref().and_then(|p| p.actual_tenths()).map_or_else(none, |tenth| tenths(page, tenth)),
        forecast: match pace.map(|pace| pace.forecast) {
            None => none(),
            Some(Forecast::Reached) => page.text("targets-pace-reached"),
            Some(Forecast::TooLittle) => page.text("targets-pace-too-little"),
            Some(Forecast::Standing) => page.text("targets-pace-standing"),
            Some(Forecast::On { day, .. }) if day > text_limit() => page.text("targets-pace-never"),
            Some(Forecast::On { day, .. }) => text::date(day),
        },
        contacts: short.contacts.iter().map(ContactView::from).collect(),
        can_remind: can_remind(short),
    }
}

/// Farther away a day says nothing.
fn text_limit() -> NaiveDate {
    NaiveDate::from_ymd_opt(2100, 1, 1).unwrap_or(NaiveDate::MAX)
}

/// Of a share of agencies nobody is given a number; what is closed is late for letters.
fn remindable(nation: NationOf) -> Result<NationOf> {
    if nation.who.require(Permission::Remind)? != Reach::Everywhere {
        return Err(Error::Forbidden);
    }
    match nation.target.metric != Metric::Agencies && nation.target.state == TargetState::InForce {
        true => Ok(nation),
        false => Err(Error::NotFound),
    }
}

pub async fn show(app: web::Data<App>, page: Page, nation: NationOf, asked: web::Query<Asked>) -> Result<HttpResponse> {
    let target = remindable(nation)?.target;
    let (now, number) = (app.now(), page_number(asked.trang));
    let today = local_day(now.0);
    let (target, found) = app
        .db
        .read(move |c| {
            let found = queries::short(c, &target, now)?;
            Ok::<_, Error>((target, found))
        })
        .await?;
    let path = format!("/don-doc/chi-tieu/{}", target.code);
    let wanted = STANDINGS.iter().find(|(slug, ..)| *slug == asked.muc).map(|(_, standing, _)| *standing);
    let count = |standing: Option<Standing>| {
        let of = found.iter().filter(|short| is_of(short, standing));
        as_i64(of.count())
    };
    let filter = |slug: &str, standing: Option<Standing>, key: &'static str| Filter {
        href: if slug.is_empty() { path.clone() } else { format!("{path}?muc={slug}") },
        label: page.text(Message::new("reminders-filter").with("label", page.text(key)).with("count", count(standing))),
        is_current: wanted == standing,
    };
    let mut filters = vec![filter("", None, "reminders-all")];
    filters.extend(STANDINGS.iter().map(|(slug, standing, key)| filter(slug, Some(*standing), key)));
    let listed: Vec<&Short> = found.iter().filter(|short| is_of(short, wanted)).collect();
    let total = as_i64(listed.len());
    let reds = || found.iter().filter(|short| short.standing != Standing::OnItsWay);
    let skipped = usize::try_from((number - 1).saturating_mul(A_PAGE)).unwrap_or(usize::MAX);
    let a_page = usize::try_from(A_PAGE).unwrap_or(25);
    let title = if page.locale() == Locale::Vi { target.title_vi.clone() } else { target.title_en.clone() };
    let view = AgenciesView {
        crumbs: vec![
            Crumb::new(page.text("reminders-title"), "/don-doc"),
            Crumb::new(title.clone(), format!("/chi-tieu/{}", target.code)),
        ],
        code: target.code.clone(),
        title,
        counting: CountingView::of(&target),
        as_of: now,
        until: target.period_to,
        unit: page.text(Message::new(format!("targets-unit-{}", target.metric))),
        has_parts: target.required_leaders.is_some(),
        filters,
        rows: listed.iter().skip(skipped).take(a_page).map(|short| row(&page, &target, short, today)).collect(),
        total,
        red: as_i64(reds().filter(|short| can_remind(short)).count()),
        unreachable: as_i64(reds().filter(|short| short.contacts.is_empty()).count()),
        pages: Pages::of(&page, number, total, A_PAGE, |n| match asked.muc.as_str() {
            "" => format!("{path}?trang={n}"),
            muc => format!("{path}?muc={}&trang={n}", text::slugify(muc)),
        }),
    };
    page.html("reminders/agencies", &view)
}

pub async fn send(app: web::Data<App>, page: Page, nation: NationOf, input: Input) -> Result<HttpResponse> {
    let NationOf { who, target, .. } = remindable(nation)?;
    if target.is_being_counted() {
        let back = format!("/don-doc/chi-tieu/{}", target.code);
        return Ok(page.go_saying(&back, "warn", "targets-counting"));
    }
    let Some(chosen) = chosen(&input) else {
        let back = format!("/don-doc/chi-tieu/{}", target.code);
        return Ok(page.go_saying(&back, "warn", "reminders-none-chosen"));
    };
    let (now, by, id) = (app.now(), who.actor(), target.id);
    let code = app
        .db
        .write("reminders.ask", move |c| actions::ask(c, &by, now, BatchKind::Agencies, Some(id), chosen))
        .await?;
    Ok(page.go(&batch_path(&code)))
}
