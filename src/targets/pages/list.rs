//! All targets: how far each is, in people and in turns.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{TargetView, pace::PaceView};
use crate::{
    access::{Permission, Reach},
    accounts::SignedIn,
    app::App,
    platform::{
        clock::local_day,
        db::{DbConn, Moment},
        error::{Error, Result},
        http::{Filter, Page},
        i18n::Message,
    },
    targets::{
        Snapshot,
        model::{Figures, Group, Metric, Pace, Target, TargetState},
        queries::{self, NationRow, Scope},
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
    targets: Vec<CardView>,
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

/// A target of the list, with what a coordinator looks for on a Monday.
#[derive(Serialize)]
struct CardView {
    #[serde(flatten)]
    target: TargetView,
    /// While it is running, for the nation.
    pace: Option<PaceView>,
    alerts: Option<Alerts>,
    /// The way down to the agencies, for the nation.
    groups: Vec<GroupLink>,
}

#[derive(Serialize)]
struct Alerts {
    without_data: i64,
    agencies: i64,
    behind: i64,
    remind_href: String,
}

#[derive(Serialize)]
struct GroupLink {
    href: String,
    label: String,
}

impl CardView {
    fn plain(target: TargetView) -> Self {
        Self { target, pace: None, alerts: None, groups: Vec::new() }
    }

    fn of(page: &Page, row: &NationRow, today: NaiveDate, can_remind: bool) -> Self {
        let target = &row.target;
        let has_courses = !row.courses.is_empty();
        let view = TargetView::of(page, target, row.courses.clone(), row.split.total, row.share, &Scope::Nation, today);
        let counts: Vec<(NaiveDate, i64)> = row.by_day.iter().map(|(day, f)| (*day, f.rank(target.metric))).collect();
        let running = target.state == TargetState::InForce && target.metric != Metric::Agencies && has_courses;
        let pace = running.then(|| Pace::of(target.period(), target.required, &counts, today)).flatten();
        let link = |group: Group| GroupLink {
            href: format!("/chi-tieu/{}/loai/{}", target.code, group.slug()),
            label: page.text(group.key()),
        };
        Self {
            target: view,
            pace: pace.map(|pace| PaceView::of(page, target, &pace)),
            alerts: row.alerts.map(|alerts| Alerts {
                without_data: alerts.without_data,
                agencies: alerts.agencies,
                behind: alerts.behind,
                remind_href: match can_remind {
                    true => format!("/don-doc/chi-tieu/{}", target.code),
                    false => String::new(),
                },
            }),
            groups: match has_courses {
                true => [Group::Central, Group::Local, Group::Corporate].map(link).into(),
                false => Vec::new(),
            },
        }
    }
}

async fn list(
    app: web::Data<App>,
    page: Page,
    who: SignedIn,
    snapshot: web::Data<Snapshot>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse> {
    let reach = who.require(Permission::SeeTargets)?;
    let (now, shows_all) = (app.now(), asked.all == "1");
    let wanted = STATES.iter().find(|(name, _)| *name == asked.state).map(|(_, state)| *state);
    let today = local_day(now.0);
    let can_create = who.authority().reach(Permission::ManageTargets) == Reach::Everywhere;
    let is_nation = reach == Reach::Everywhere;
    let targets = match is_nation {
        true => {
            let rows = snapshot.nation(&app).await?;
            let rows = rows.iter().filter(|row| wanted.is_none_or(|state| row.target.state == state));
            let mut cards: Vec<CardView> = rows.map(|row| CardView::of(&page, row, today, can_create)).collect();
            if shows_all || wanted.is_some_and(|state| !state.is_counted()) {
                let read = app.db.read(move |c| uncounted(c, wanted)).await?;
                cards.extend(read.into_iter().map(|(target, courses)| {
                    let (scope, none) = (Scope::Nation, Figures::default());
                    CardView::plain(TargetView::of(&page, &target, courses, none, None, &scope, today))
                }));
            }
            cards
        }
        false => part(&app, &page, &who, wanted, shows_all, today).await?,
    };
    let filters = filters(&page, wanted, shows_all);
    page.html("targets/list", &ListView { as_of: now, is_nation, can_create, filters, targets })
}

/// Drafts and superseded targets: nothing is counted for them.
fn uncounted(c: &mut DbConn, wanted: Option<TargetState>) -> Result<Vec<(Target, Vec<String>)>> {
    let mut targets = queries::list(c, true)?;
    targets.retain(|t| !t.state.is_counted() && wanted.is_none_or(|state| t.state == state));
    let mut courses = queries::courses_of(c, &targets)?;
    Ok(targets
        .into_iter()
        .map(|target| {
            let courses = courses.remove(&target.id).unwrap_or_default();
            (target, courses)
        })
        .collect())
}

/// The part of some units in each target.
async fn part(
    app: &App,
    page: &Page,
    who: &SignedIn,
    wanted: Option<TargetState>,
    shows_all: bool,
    today: NaiveDate,
) -> Result<Vec<CardView>> {
    let authority = who.authority().clone();
    let (scope, found) = app
        .db
        .read(move |c| {
            let scope = Scope::of(c, &authority, today)?;
            let mut targets = queries::list(c, shows_all || wanted.is_some())?;
            targets.retain(|target| wanted.is_none_or(|state| target.state == state));
            let totals = queries::totals(c, &targets, &scope)?;
            let mut courses = queries::courses_of(c, &targets)?;
            let found: Vec<_> = targets
                .into_iter()
                .map(|target| {
                    let figures = totals.get(&target.id).map(|s| s.total).unwrap_or_default();
                    (courses.remove(&target.id).unwrap_or_default(), figures, target)
                })
                .collect();
            Ok::<_, Error>((scope, found))
        })
        .await?;
    let card = |(courses, figures, target): (Vec<String>, Figures, Target)| {
        CardView::plain(TargetView::of(page, &target, courses, figures, None, &scope, today))
    };
    Ok(found.into_iter().map(card).collect())
}
