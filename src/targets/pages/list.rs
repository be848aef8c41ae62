//! All targets: how far each is, in people and in turns.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::TargetView;
use crate::{
    access::{Permission, Reach},
    accounts::SignedIn,
    app::App,
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, Result},
        http::{Filter, Page},
        i18n::Message,
    },
    targets::{
        model::{Target, TargetState},
        queries::{self, Scope},
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/chi-tieu").get(list));
}

#[derive(Deserialize)]
struct Asked {
    /// Of which state; nothing is what is counted.
    #[serde(default, rename = "trang-thai")]
    state: String,
    #[serde(default, rename = "tat-ca")]
    all: String,
}

/// How an address asks for targets of one state.
const STATES: [(&str, TargetState); 4] = [
    ("dang-thuc-hien", TargetState::InForce),
    ("da-ket-thuc", TargetState::Closed),
    ("du-thao", TargetState::Draft),
    ("da-thay-the", TargetState::Superseded),
];

#[derive(Serialize)]
struct ListView {
    /// The figures are those of this moment.
    as_of: Moment,
    is_nation: bool,
    can_create: bool,
    filters: Vec<Filter>,
    targets: Vec<TargetView>,
}

fn filters(page: &Page, wanted: Option<TargetState>, shows_all: bool) -> Vec<Filter> {
    let mut filters = vec![Filter {
        href: "/chi-tieu".to_owned(),
        label: page.text("targets-filter-counted"),
        is_current: wanted.is_none() && !shows_all,
    }];
    filters.extend(STATES.iter().map(|(asked, state)| Filter {
        href: format!("/chi-tieu?trang-thai={asked}"),
        label: page.text(Message::new(format!("targets-state-{state}"))),
        is_current: wanted == Some(*state),
    }));
    filters.push(Filter {
        href: "/chi-tieu?tat-ca=1".to_owned(),
        label: page.text("targets-filter-all"),
        is_current: shows_all,
    });
    filters
}

async fn list(app: web::Data<App>, page: Page, who: SignedIn, asked: web::Query<Asked>) -> Result<HttpResponse> {
    who.require(Permission::SeeTargets)?;
    let (now, shows_all) = (app.now(), asked.all == "1");
    let wanted = STATES.iter().find(|(name, _)| *name == asked.state).map(|(_, state)| *state);
    let (authority, today) = (who.authority().clone(), local_day(now.0));
    let (scope, found) = app
        .db
        .read(move |c| {
            let scope = Scope::of(c, &authority, today)?;
            let mut targets = queries::list(c, shows_all || wanted.is_some())?;
            targets.retain(|target| wanted.is_none_or(|state| target.state == state));
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
    let can_create = who.authority().reach(Permission::ManageTargets) == Reach::Everywhere;
    let filters = filters(&page, wanted, shows_all);
    page.html("targets/list", &ListView { as_of: now, is_nation: scope.is_nation(), can_create, filters, targets })
}
