//! `/don-vi/thay-doi`: what became of units in a span of days; for those who may, also the decisions entered here.

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::{Months, NaiveDate};
use serde::Serialize;

use super::{LIST, document, kind_name, name, state_tag};
use crate::{
    access::Permission,
    accounts::SignedIn,
    app::App,
    organisations::{
        model::{
            Unit,
            change::{Occurred, UnitChange, change_path},
        },
        queries::{self as organisations, changes},
    },
    platform::{
        clock::local_day,
        error::{Error, FieldErrors, Result},
        http::{Crumb, Filter, FormView, Input, Page, Pages, Tag, address, page_number},
        i18n::Message,
        text,
    },
};

const A_PAGE: i64 = 50;
/// Without dates: what became of units in so many months.
const MONTHS: Months = Months::new(24);

#[derive(Serialize)]
struct ListView {
    crumbs: Vec<Crumb>,
    manages: bool,
    tabs: Vec<Filter>,
    /// The decisions entered here stand in place of what became of units.
    shows_entered: bool,
    form: FormView,
    total: i64,
    caption: String,
    rows: Vec<OccurredRow>,
    entries: Vec<EntryRow>,
    pages: Pages,
    drafts: i64,
}

/// Something that became of units.
#[derive(Serialize)]
struct OccurredRow {
    on: NaiveDate,
    kind: String,
    from: Vec<UnitLink>,
    into: Vec<UnitLink>,
    /// The decision, where it was entered here.
    record: Option<RecordLink>,
}

#[derive(Serialize)]
struct UnitLink {
    href: String,
    name: String,
}

#[derive(Serialize)]
struct RecordLink {
    href: String,
    number: String,
}

/// A decision entered here.
#[derive(Serialize)]
struct EntryRow {
    href: String,
    title: String,
    document: String,
    on: NaiveDate,
    state: Tag,
}

/// The days asked for; two years up to the last change that is known to come.
fn days(input: &Input, today: NaiveDate) -> (NaiveDate, NaiveDate, FieldErrors) {
    let mut errors = FieldErrors::default();
    let mut day = |field: &'static str, otherwise: NaiveDate| {
        let typed = input.text(field);
        if typed.is_empty() {
            return otherwise;
        }
        text::read_day(&typed).unwrap_or_else(|| {
            errors.add(field, "changes-date-form");
            otherwise
        })
    };
    let from = day("tu", today.checked_sub_months(MONTHS).unwrap_or(today));
    let to = day("den", today.checked_add_months(MONTHS).unwrap_or(today));
    if to < from && errors.is_empty() {
        errors.add("den", "changes-days-order");
    }
    (from, to, errors)
}

pub async fn show(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    let input = Input::parse(page.visit().query.as_bytes());
    let today = local_day(app.now().0);
    let manages = who.may(Permission::ManageOrganisations);
    let shows_entered = manages && input.text("xem") == "quyet-dinh";
    let number = page_number(input.text("trang").parse().ok());
    let (from, to, errors) = days(&input, today);
    let offset = (number - 1) * A_PAGE;
    let sound = errors.is_empty();
    let (total, occurred, entries, drafts) = app
        .db
        .read(move |c| {
            let drafts = if manages { changes::drafts(c)? } else { 0 };
            if shows_entered {
                let (total, entries) = changes::entered(c, offset, A_PAGE)?;
                return Ok((total, Vec::new(), entries, drafts));
            }
            let all = if sound { organisations::changes_between(c, from, to)? } else { Vec::new() };
            let total = i64::try_from(all.len()).map_err(Error::internal)?;
            let skipped = usize::try_from(offset).unwrap_or(usize::MAX);
            let shown = usize::try_from(A_PAGE).unwrap_or(usize::MAX);
            Ok::<_, Error>((total, all.into_iter().skip(skipped).take(shown).collect(), Vec::new(), drafts))
        })
        .await?;
    let mut form = page.form(&input, &errors);
    if sound {
        form.values.insert("tu".to_owned(), from.to_string());
        form.values.insert("den".to_owned(), to.to_string());
    }
    let to_page = |wanted: i64| {
        let (from, to, wanted) = (from.to_string(), to.to_string(), wanted.to_string());
        match shows_entered {
            true => address(LIST, &[("xem", "quyet-dinh"), ("trang", &wanted)]),
            false => address(LIST, &[("tu", &from), ("den", &to), ("trang", &wanted)]),
        }
    };
    let tab =
        |href: &str, key: &'static str, is_current| Filter { href: href.to_owned(), label: page.text(key), is_current };
    let tabs = match manages {
        true => vec![
            tab(LIST, "changes-tab-units", !shows_entered),
            tab(&format!("{LIST}?xem=quyet-dinh"), "changes-tab-entered", shows_entered),
        ],
        false => Vec::new(),
    };
    let caption = Message::new("changes-caption").with("count", total);
    let view = ListView {
        crumbs: vec![Crumb::new(page.text("organisations-title"), "/to-chuc")],
        manages,
        tabs,
        shows_entered,
        total,
        caption: page.text(caption.with("from", text::date(from)).with("to", text::date(to))),
        rows: occurred.iter().map(|one| occurred_row(&page, one)).collect(),
        entries: entries.iter().map(|one| entry_row(&page, one)).collect(),
        pages: Pages::of(&page, number, total, A_PAGE, to_page),
        drafts,
        form,
    };
    let status = if sound { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page.html_as(status, "reorganisations/list", &view)
}

fn occurred_row(page: &Page, occurred: &Occurred) -> OccurredRow {
    let before = occurred.on.pred_opt().unwrap_or(occurred.on);
    let link = |unit: &Unit, on: NaiveDate| UnitLink {
        href: format!("/to-chuc/{}?ngay={}", unit.code, unit.span().nearest(on)),
        name: name(page, unit),
    };
    OccurredRow {
        on: occurred.on,
        kind: kind_name(page, occurred.kind),
        from: occurred.from.iter().map(|unit| link(unit, before)).collect(),
        into: occurred.into.iter().map(|unit| link(unit, occurred.on)).collect(),
        record: occurred
            .record
            .as_ref()
            .map(|record| RecordLink { href: change_path(&record.code), number: record.document.number.clone() }),
    }
}

fn entry_row(page: &Page, change: &UnitChange) -> EntryRow {
    EntryRow {
        href: change.path(),
        title: super::title(page, change),
        document: document(page, change),
        on: change.effective_on,
        state: state_tag(page, change.state),
    }
}
