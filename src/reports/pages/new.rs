//! Asking for a report.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use crate::{
    access::Reach,
    accounts::{SignedIn, queries as accounts},
    app::App,
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        error::{Error, Result},
        http::{Choice, Crumb, FormView, Input, Page},
        i18n::{Locale, Message},
        text,
    },
    reports::{
        actions,
        forms::{SEALS, Typed, Who, start},
        model::PeriodKind,
    },
    targets::queries as targets,
};

#[derive(Serialize)]
struct NewView {
    crumbs: Vec<Crumb>,
    targets: Vec<Choice>,
    /// Signed figures to choose from; for who sees the whole country.
    seals: Vec<Choice>,
    is_national: bool,
    kinds: Vec<Choice>,
    views: Vec<Choice>,
    may_name: bool,
    form: FormView,
}

pub async fn form(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    let asks = Who::of(&who)?;
    let root = match &asks.reach {
        Reach::Under(roots) => roots.first().copied(),
        _ => None,
    };
    let (now, person) = (app.now(), who.id());
    let today = local_day(now.0);
    let own = app
        .db
        .read(move |c| {
            // Who looks after a unit speaks for it; others for where they work.
            let unit = match root {
                Some(unit) => Some(unit),
                None => accounts::membership_on(c, person, today)?.map(|membership| membership.unit_id),
            };
            let Some(unit) = unit else { return Ok::<_, Error>(None) };
            Ok(Some((organisations::unit(c, unit)?, organisations::parent(c, unit, today)?)))
        })
        .await?;
    let own = own.as_ref().map(|(unit, above)| (unit, above.as_ref()));
    let mut form = FormView::default();
    form.values.extend(start(now, own, root).into_iter().map(|(name, value)| (name.to_owned(), value)));
    render(&app, &page, &asks, StatusCode::OK, form).await
}

async fn render(app: &App, page: &Page, asks: &Who, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let is_national = asks.reach == Reach::Everywhere;
    let (all, seals) = app
        .db
        .read(move |c| {
            let seals = if is_national { targets::latest_seals(c, SEALS)? } else { Vec::new() };
            Ok::<_, Error>((targets::list(c, false)?, seals))
        })
        .await?;
    let is_vi = page.locale() == Locale::Vi;
    let title = |vi: String, en: String| if is_vi { vi } else { en };
    let seal = |(row, target): (crate::targets::model::seal::SealRow, crate::targets::model::Target)| {
        let said = Message::new("reports-seal-choice")
            .with("number", row.number.unwrap_or_default())
            .with("target", title(target.title_vi, target.title_en))
            .with("from", text::date(row.period_from))
            .with("to", text::date(row.period_to));
        Choice::new(row.id.to_string(), page.text(said))
    };
    let kinds = PeriodKind::ALL.iter().filter(|kind| **kind != PeriodKind::Other);
    let view = NewView {
        crumbs: vec![Crumb::new(page.text("reports-title"), "/bao-cao")],
        targets: all.into_iter().map(|t| Choice::new(t.code, title(t.title_vi, t.title_en))).collect(),
        seals: seals.into_iter().map(seal).collect(),
        is_national,
        kinds: kinds
            .map(|kind| Choice::new(kind.as_str(), page.text(Message::new(format!("reports-kind-{kind}")))))
            .collect(),
        views: ["recorded", "as-of"]
            .map(|view| Choice::new(view, page.text(Message::new(format!("reports-view-{view}")))))
            .into(),
        may_name: asks.names,
        form,
    };
    page.html_as(status, "reports/new", &view)
}

pub async fn submit(app: web::Data<App>, page: Page, who: SignedIn, input: Input) -> Result<HttpResponse> {
    let asks = Who::of(&who)?;
    let (now, by, typed) = (app.now(), who.actor(), Typed::read(&input));
    let checked = Who { reach: asks.reach.clone(), names: asks.names };
    let made = app
        .db
        .write("reports.request", move |c| {
            let new = typed.checked(c, &checked, now)?;
            actions::request(c, &by, now, &new)
        })
        .await;
    match made {
        Ok(report) => Ok(page.go(&report.path())),
        Err(Error::Invalid(errors)) => {
            let form = page.form(&input, &errors);
            render(&app, &page, &asks, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
        Err(error) => Err(error),
    }
}
