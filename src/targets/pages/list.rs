//! All targets: how far each is, in people and in turns.

use std::collections::HashMap;

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
    targets::{
        model::Target,
        queries::{self, Scope},
    },
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
            let mut courses = queries::courses_of(c, &targets)?;
            // Shares only of what is counted, and only for those who see the nation.
            let counted: Vec<Target> = targets.iter().filter(|t| t.state.is_counted()).cloned().collect();
            let shares = if scope.is_nation() { queries::shares(c, &counted, today)? } else { HashMap::new() };
            let found: Vec<_> = targets
                .into_iter()
                .map(|target| {
                    let figures = totals.get(&target.id).map(|s| s.total).unwrap_or_default();
                    let share = shares.get(&target.id).copied();
                    (courses.remove(&target.id).unwrap_or_default(), figures, share, target)
                })
                .collect();
            Ok::<_, Error>((scope, found))
        })
        .await?;
    let targets = found
        .into_iter()
        .map(|(courses, figures, share, target)| TargetView::of(&page, &target, courses, figures, share, &scope, today))
        .collect();
    page.html("targets/list", &ListView { as_of: now, is_nation: scope.is_nation(), shows_all, targets })
}
