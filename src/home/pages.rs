//! The first page, and the living page of styles.

mod api;
mod audit;
mod backup;
mod coming;
mod desk;
mod duties;
mod learning;
mod system;
mod totals;

use actix_web::{HttpResponse, web};

use self::{
    desk::{AlertView, DeskView},
    duties::DutiesView,
    learning::{Learning, LearningView},
};
use crate::{
    access::{Permission, Reach},
    accounts::{MaybeSignedIn, SignedIn},
    app::App,
    certificates, events,
    learning::queries::my_classes,
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, FieldErrors, Result},
        http::{Choice, Crumb, FormView, Input, Page, Pages},
        i18n::{Locale, Message},
        text,
    },
    targets::{
        CountingView, ProvinceMap, Snapshot,
        model::{Figures, Group, Metric, Target},
        queries::{self as targets, Share},
    },
};
pub use totals::KeptTotals;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/").get(show)).service(web::resource("/kieu-dang").get(styleguide));
    api::routes(cfg);
    system::routes(cfg);
    audit::routes(cfg);
}

#[derive(serde::Serialize)]
struct HomeView<'a> {
    /// The figures are those of this moment.
    as_of: Moment,
    duties: DutiesView,
    /// Attendance lists that they keep and have not submitted.
    lists: Vec<coming::ListView>,
    list_count: usize,
    /// What a training officer has to do today.
    desk: Option<DeskView>,
    returned: i64,
    targets: Vec<TargetCard>,
    /// Of the target that needs most, for who answers for the nation.
    map: Option<MapView<'a>>,
    /// Learning is all they do here, so it stands first.
    learns_only: bool,
    learning: LearningView,
}

#[derive(serde::Serialize)]
struct TargetCard {
    code: String,
    title: String,
    counting: Option<CountingView>,
    figure: String,
    /// The turns beside the people they are of; empty where they are the figure itself, or nobody's.
    turns: String,
    /// Where it is looked at more closely or acted upon, as far as this person may.
    links: Vec<Crumb>,
    counted: i64,
    required: i64,
    /// Without a whole there is a figure and no bar.
    has_whole: bool,
    /// For the nation, while it is running.
    pace: Option<String>,
    alerts: Option<AlertView>,
}

/// The map of provinces of one target.
#[derive(serde::Serialize)]
struct MapView<'a> {
    href: String,
    as_of: Moment,
    map: &'a ProvinceMap,
}

async fn show(
    app: web::Data<App>,
    page: Page,
    who: MaybeSignedIn,
    snapshot: web::Data<Snapshot>,
    totals: web::Data<KeptTotals>,
) -> Result<HttpResponse> {
    let Some(who) = who.0 else { return page.html("home/welcome", &serde_json::json!({})) };
    let (now, authority) = (app.now(), who.authority().clone());
    let today = local_day(now.0);
    let is_nation = authority.reach(Permission::SeeTargets) == Reach::Everywhere;
    let can_remind = authority.reach(Permission::Remind) == Reach::Everywhere;
    let can_seal = authority.may(Permission::ManageTargets);
    let learns_only = Permission::ALL.into_iter().all(|p| p == Permission::Learn || !authority.may(p));
    let nation = if is_nation { snapshot.nation(&app).await? } else { Default::default() };
    let neediest = if is_nation && can_seal { snapshot.neediest(&app, &nation).await? } else { None };
    let map = match &neediest {
        Some((at, target, board)) => Some((*at, totals.map(&page, now, *at, target, board).await?)),
        None => None,
    };
    let totals = totals.of(&app, &authority).await?;
    let (own, targets, officer, duties) = app
        .db
        .read(move |c| {
            let targets = if authority.may(Permission::SeeTargets) && !is_nation {
                let scope = targets::Scope::of(c, &authority, today)?;
                let listed: Vec<_> =
                    targets::list(c, false)?.into_iter().filter(|t| t.period().contains(today)).collect();
                let mut totals = targets::totals(c, &listed, &scope)?;
                let mut given = desk::given(c, &authority)?;
                let card = |t: Target| (totals.remove(&t.id).unwrap_or_default(), given.remove(&t.id), t);
                listed.into_iter().map(card).collect()
            } else {
                Vec::new()
            };
            let officer = desk::read(c, &authority, now)?;
            let duties = duties::read(c, &authority, now)?;
            let own = Learning {
                classes: my_classes(c, now, authority.person)?,
                coming: events::queries::coming(c, now, authority.person)?,
                certificates: certificates::queries::of_person(c, authority.person)?,
                in_programme: duties.desk.in_programme,
                is_nominated: duties.desk.own > 0,
            };
            Ok::<_, Error>((own, targets, officer, duties))
        })
        .await?;
    let view = HomeView {
        as_of: now,
        list_count: duties.lists.len(),
        lists: duties.lists.iter().map(coming::ListView::new).collect(),
        returned: duties.desk.returned,
        duties: DutiesView::of(&app, &page, duties, &totals, officer.is_some()),
        desk: officer.map(|officer| DeskView::of(&page, officer, today)),
        targets: match is_nation {
            true => nation
                .iter()
                .filter(|row| row.target.period().contains(today))
                .filter_map(|row| {
                    let card = target_card(&page, row.split.total, row.share, &row.target)?;
                    Some(TargetCard {
                        pace: desk::pace(&page, row, today),
                        alerts: AlertView::of(row, can_remind),
                        links: links(&page, &row.target, can_seal),
                        ..card
                    })
                })
                .collect(),
            false => targets
                .into_iter()
                .filter_map(|(split, given, target)| part_card(&page, split.total, given, &target))
                .collect(),
        },
        map: map.as_ref().map(|(as_of, map)| MapView { href: map.href(), as_of: *as_of, map }),
        learns_only,
        learning: LearningView::of(&page, now, own, learns_only)?,
    };
    page.html("home/signed_in", &view)
}

/// The map and the agencies of a target; its reports and seals for who makes them.
fn links(page: &Page, target: &Target, can_seal: bool) -> Vec<Crumb> {
    let path = format!("/chi-tieu/{}", target.code);
    let mut links = vec![
        Crumb::new(page.text("home-target-map"), format!("{path}/loai/{}", Group::Local.slug())),
        Crumb::new(page.text("home-target-central"), format!("{path}/loai/{}", Group::Central.slug())),
    ];
    if can_seal {
        links.push(Crumb::new(page.text("home-target-report"), "/bao-cao/moi"));
        links.push(Crumb::new(page.text("home-target-seal"), format!("{path}/ban-chot")));
    }
    links
}

/// The part of some units, of what they were given; without that there is no whole to compare it with.
fn part_card(page: &Page, figures: Figures, given: Option<i64>, target: &Target) -> Option<TargetCard> {
    if let Some(given) = given {
        return target_card(page, figures, None, &Target { required: given, ..target.clone() });
    }
    let key = if target.metric == Metric::People { "home-part-people" } else { "home-part-turns" };
    let card = target_card(page, figures, None, target)?;
    let counted = figures.of(target.metric)?;
    let figure = Message::new(key).with("n", counted).with("counted", counted);
    Some(TargetCard { figure: page.text(figure), has_whole: false, ..card })
}

/// A share of agencies is the nation's alone: nobody else gets its card.
fn target_card(page: &Page, figures: Figures, share: Option<Share>, target: &Target) -> Option<TargetCard> {
    let locale = page.locale();
    let (key, counted, whole) = match target.metric {
        Metric::People => ("home-people", figures.people, target.required),
        Metric::Turns => ("home-turns", figures.turns, target.required),
        Metric::Agencies => share.map(|share| ("home-agencies", share.organised, share.all))?,
    };
    Some(TargetCard {
        code: target.code.clone(),
        title: if locale == Locale::Vi { target.title_vi.clone() } else { target.title_en.clone() },
        counting: CountingView::of(target),
        figure: page.text(
            Message::new(key)
                .with("counted", counted)
                .with("required", target.required)
                .with("all", whole)
                .with("share", text::percent(counted, whole, locale)),
        ),
        turns: match target.metric {
            Metric::People => {
                let turns = text::number(figures.turns, locale);
                page.text(Message::new("home-also-turns").with("n", figures.turns).with("counted", turns))
            }
            _ => String::new(),
        },
        links: Vec::new(),
        counted: counted.min(whole),
        required: whole.max(1),
        has_whole: true,
        pace: None,
        alerts: None,
    })
}

#[derive(serde::Serialize)]
struct StyleguideView {
    form: FormView,
    form_bad: FormView,
    groups: Vec<Choice>,
    units: Vec<Choice>,
    pages: Pages,
}

/// Every component in every state, for those who build pages.
async fn styleguide(page: Page, who: SignedIn) -> Result<HttpResponse> {
    who.require(Permission::ManageSystem)?;
    let choice = |value, key: &'static str| Choice::new(value, page.text(key));
    let mut errors = FieldErrors::default();
    errors.add("identifier", "sign-in-identifier-missing");
    let view = StyleguideView {
        form: FormView::default(),
        form_bad: page.form(&Input::parse(b"identifier="), &errors),
        groups: vec![
            choice("leaders", "accounts-category-leaders"),
            choice("technology", "accounts-category-technology"),
            choice("other", "accounts-category-other"),
        ],
        units: vec![choice("other", "accounts-category-other")],
        pages: Pages { summary: page.text("styleguide-pages"), previous: None, next: Some("/kieu-dang".to_owned()) },
    };
    page.html("styleguide/index", &view)
}
