//! `/chuong-trinh`: the programmes there are, with how many are how far; of one's own units for who sees only those.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::Serialize;

use super::{document, held};
use crate::{
    access::Permission,
    accounts::{SignedIn, queries::directory},
    app::App,
    platform::{
        as_i64,
        clock::local_day,
        error::{Error, Result},
        http::Page,
    },
    programmes::{
        guards::programmes::manages,
        model::programme::{Cohort, Stage},
        queries::{members, programmes},
    },
};

#[derive(Serialize)]
struct ListView {
    programmes: Vec<Row>,
    manages: bool,
    /// The numbers are those of one's own units.
    is_part: bool,
}

#[derive(Serialize)]
struct Row {
    href: String,
    title: String,
    document: Option<String>,
    from: NaiveDate,
    to: Option<NaiveDate>,
    cap: i64,
    cohorts: i64,
    held: i64,
    experts: i64,
    fulfilled: i64,
}

pub async fn show(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    let reach = who.require(Permission::SeeNominations)?;
    let today = local_day(app.now().0);
    let (found, is_part) = app
        .db
        .read(move |c| {
            let within = directory::units_within(c, &reach, today)?;
            let counts = members::counts_by_programme(c, within.as_deref())?;
            let cohorts = programmes::every_cohort(c)?;
            Ok::<_, Error>(((programmes::all(c)?, counts, cohorts), within.is_some()))
        })
        .await?;
    let (all, counts, cohorts) = found;
    let rows = all.iter().map(|programme| {
        let counts = counts.get(&programme.id).cloned().unwrap_or_default();
        let of = |stage| counts.get(&stage).copied().unwrap_or(0);
        let own = |cohort: &&Cohort| cohort.programme_id == programme.id;
        Row {
            href: programme.path(),
            title: programme.title(page.locale()).to_owned(),
            document: document(&page, programme),
            from: programme.period_from,
            to: programme.period_to,
            cap: programme.cap,
            cohorts: as_i64(cohorts.iter().filter(own).count()),
            held: held(&counts),
            experts: of(Stage::Active) + of(Stage::Recognised),
            fulfilled: of(Stage::Fulfilled),
        }
    });
    let view = ListView { programmes: rows.collect(), manages: manages(&who), is_part };
    page.html("programmes/programmes", &view)
}
