//! `/to-chuc/{code}`: a unit, what it stood under, what it was made of and went into, and what stands under it on a day.

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::Serialize;

use super::{
    super::{
        guards::Reader,
        model::{CarriedTo, Span, Unit, change::UnitChange},
        queries,
    },
    asked, day, href, kind_name, period,
    tree::{GroupView, Row, groups, row},
};
use crate::{
    app::App,
    platform::{
        clock::local_day,
        db::DbConn,
        error::{Error, FieldErrors, Result},
        http::{Crumb, FormView, Page},
        i18n::Message,
        text,
    },
};

const MAIN: &str = "organisations-successor-main";
const PART: &str = "organisations-successor-part";

#[derive(Serialize)]
struct View {
    crumbs: Vec<Crumb>,
    name: String,
    code: String,
    name_vi: String,
    name_en: String,
    kind: String,
    period: String,
    /// Whether it is there on the day, and that in words.
    valid: bool,
    state: String,
    /// What the unit counts as on the day, where it is not itself.
    carried_title: Option<String>,
    carried: Vec<Row>,
    parents: Vec<Row>,
    predecessors: Vec<Row>,
    successors: Vec<Row>,
    decisions: Vec<Decision>,
    form: FormView,
    below_title: String,
    groups: Vec<GroupView>,
}

/// A document by which the unit changed.
#[derive(Serialize)]
struct Decision {
    href: String,
    text: String,
}

/// What one read of the database gives the page.
struct Found {
    unit: Unit,
    on: NaiveDate,
    above: Vec<Unit>,
    carried: Option<Option<Unit>>,
    parents: Vec<(Span, Unit)>,
    predecessors: Vec<(i32, Unit)>,
    successors: Vec<Unit>,
    decisions: Vec<UnitChange>,
    groups: Vec<queries::Group>,
}

fn find(c: &mut DbConn, code: &str, on: Option<NaiveDate>, today: NaiveDate) -> Result<Found> {
    let unit = queries::by_code(c, code)?.ok_or(Error::NotFound)?;
    // Without a day: as it is, or as it was at its end.
    let on = on.unwrap_or_else(|| unit.span().nearest(today));
    let carried = if unit.valid_on(on) {
        None
    } else {
        match queries::carry_forward(c, unit.id, on)? {
            CarriedTo::Unit(id) => Some(Some(queries::unit(c, id)?)),
            CarriedTo::NotConvertible => Some(None),
        }
    };
    Ok(Found {
        on,
        above: queries::ancestors(c, unit.id, on)?,
        carried,
        parents: queries::placements(c, unit.id)?,
        predecessors: queries::predecessors(c, unit.id)?,
        successors: queries::successors(c, unit.id)?,
        decisions: queries::changes::decisions_about(c, &unit.code)?,
        groups: queries::branch(c, unit.id, on)?,
        unit,
    })
}

pub async fn unit(app: web::Data<App>, page: Page, _reader: Reader, code: web::Path<String>) -> Result<HttpResponse> {
    let today = local_day(*app.now());
    let input = asked(&page);
    let (on, errors) = match day(&input) {
        Ok(on) => (on, FieldErrors::default()),
        Err(errors) => (None, errors),
    };
    let code = code.into_inner();
    let found = app.db.read(move |c| find(c, &code, on, today)).await?;
    let mut form = page.form(&input, &errors);
    if errors.is_empty() {
        form.values.insert("ngay".to_owned(), found.on.to_string());
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page.html_as(status, "organisations/unit", &view(&page, form, &found, today))
}

fn view(page: &Page, form: FormView, found: &Found, today: NaiveDate) -> View {
    let Found { unit, on, .. } = found;
    let locale = page.locale();
    let shown = text::date(*on);
    let dated = |key: &'static str| page.text(Message::new(key).with("day", shown.clone()));
    let top = if *on == today { "/to-chuc".to_owned() } else { format!("/to-chuc?ngay={on}") };
    let mut crumbs = vec![Crumb::new(page.text("organisations-title"), top)];
    crumbs.extend(
        found.above.iter().map(|above| Crumb::new(above.name(locale).to_owned(), href(&above.code, *on, today))),
    );
    let state = if unit.valid_on(*on) {
        dated("organisations-state-valid")
    } else if unit.span().is_over(*on) {
        dated("organisations-state-over")
    } else {
        dated("organisations-state-future")
    };
    let carried_title = found
        .carried
        .as_ref()
        .map(|to| dated(if to.is_some() { "organisations-carried" } else { "organisations-not-carried" }));
    let lasting = |unit: &Unit, span: Span| row(page, unit, span.nearest(*on), today, period(page, span));
    let related = |unit: &Unit, part: Option<&'static str>| {
        let days = period(page, unit.span());
        let note = part.map_or_else(|| days.clone(), |key| format!("{} · {days}", page.text(key)));
        row(page, unit, unit.span().nearest(*on), today, note)
    };
    let several = found.successors.len() > 1;
    let into = |position: usize| several.then_some(if position == 0 { MAIN } else { PART });
    View {
        crumbs,
        name: unit.name(locale).to_owned(),
        code: unit.code.clone(),
        name_vi: unit.name_vi.clone(),
        name_en: unit.name_en.clone(),
        kind: kind_name(page, unit.kind),
        period: period(page, unit.span()),
        valid: unit.valid_on(*on),
        state,
        carried_title,
        carried: found.carried.iter().flatten().map(|to| lasting(to, to.span())).collect(),
        parents: found.parents.iter().map(|(span, above)| lasting(above, *span)).collect(),
        predecessors: found
            .predecessors
            .iter()
            .map(|(position, unit)| related(unit, (*position > 0).then_some(PART)))
            .collect(),
        successors: found.successors.iter().enumerate().map(|(position, unit)| related(unit, into(position))).collect(),
        decisions: found
            .decisions
            .iter()
            .map(|change| {
                let said = Message::new("organisations-decision").with("number", change.document.number.clone());
                let text = page.text(said.with("day", text::date(change.effective_on)));
                Decision { href: change.path(), text }
            })
            .collect(),
        form,
        below_title: dated("organisations-units-below"),
        groups: groups(page, &found.groups, *on, today),
    }
}
