//! All targets: how far each is, in people and in turns.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::TargetView;
use crate::{
    access::Permission,
    accounts::SignedIn,
    app::App,
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, Result},
        http::Page,
    },
    targets::queries::{self, Scope},
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/chi-tieu").get(list));
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default, rename = "tat-ca")]
    all: String,
}

#[derive(Serialize)]
struct ListView {
    /// The figures are those of this moment.
    as_of: Moment,
    is_nation: bool,
    shows_all: bool,
    targets: Vec<TargetView>,
}

async fn list(app: web::Data<App>, page: Page, who: SignedIn, asked: web::Query<Asked>) -> Result<HttpResponse> {
    who.require(Permission::SeeTargets)?;
    let (now, shows_all) = (app.now(), asked.all == "1");
    let (authority, today) = (who.authority().clone(), local_day(now.0));
    let (scope, found) = app
        .db
        .read(move |c| {
            let scope = Scope::of(c, &authority, today)?;
            let targets = queries::list(c, shows_all)?;
            let totals = queries::totals(c, &targets, &scope)?;
            let mut found = Vec::with_capacity(targets.len());
            for target in targets {
                let figures = totals.get(&target.id).map(|s| s.total).unwrap_or_default();
                found.push((queries::course_codes(c, target.id)?, figures, target));
            }
            Ok::<_, Error>((scope, found))
        })
        .await?;
    let targets = found
        .into_iter()
        .map(|(courses, figures, target)| TargetView::of(&page, &target, courses, figures, &scope, today))
        .collect();
    page.html("targets/list", &ListView { as_of: now, is_nation: scope.is_nation(), shows_all, targets })
}
