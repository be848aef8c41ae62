//! The first page, and the living page of styles.

mod api;
mod audit;
mod coming;
mod desk;
mod system;

use actix_web::{HttpResponse, web};

use crate::{
    access::{Permission, Reach},
    accounts::{MaybeSignedIn, SignedIn},
    app::App,
    certificates, events,
    learning::{
        model::{assessment_path, lesson_path},
        queries::{self as learning, MyClass, Standing},
    },
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, FieldErrors, Result},
        http::{Choice, FormView, Input, Page, Pages},
        i18n::{Locale, Message},
        jobs, text,
    },
    programmes,
    targets::{
        Snapshot,
        model::{Figures, Metric, Target},
        queries::{self as targets, Share},
    },
};
use desk::{AlertView, DeskView};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/").get(show)).service(web::resource("/kieu-dang").get(styleguide));
    api::routes(cfg);
    system::routes(cfg);
    audit::routes(cfg);
}

#[derive(serde::Serialize)]
struct HomeView {
    name: String,
    /// The figures are those of this moment.
    as_of: Moment,
    /// What a training officer has to do today.
    desk: Option<DeskView>,
    /// The class to go on with now.
    now: Option<ClassCard>,
    others: i64,
    targets: Vec<TargetCard>,
    failed_jobs: i64,
    /// Certificates that wait for this person's decision to revoke them.
    revocations: i64,
    /// Quotas of their unit without an answer, or questions of units for who decides them.
    quotas: i64,
    /// Sessions to come in their classes, and attendance lists that they keep and have not submitted.
    coming: Vec<coming::ComingView>,
    lists: Vec<coming::ListView>,
    list_count: usize,
    /// Nominations of their own, returned to their units, to be decided.
    nominated: i64,
    /// Whether they are in a programme; and for who decides, who is to be recognised and what is to be looked at again.
    in_programme: bool,
    to_recognise: i64,
    to_review: i64,
    returned: i64,
    to_decide: i64,
}

#[derive(serde::Serialize)]
struct ClassCard {
    title: String,
    label: String,
    item: String,
    href: String,
    due: String,
    is_urgent: bool,
    done: i64,
    total: i64,
    progress: String,
}

#[derive(serde::Serialize)]
struct TargetCard {
    code: String,
    title: String,
    figure: String,
    counted: i64,
    required: i64,
    /// Without a whole there is a figure and no bar.
    has_whole: bool,
    /// For the nation, while it is running.
    pace: Option<String>,
    alerts: Option<AlertView>,
}

async fn show(
    app: web::Data<App>,
    page: Page,
    who: MaybeSignedIn,
    snapshot: web::Data<Snapshot>,
) -> Result<HttpResponse> {
    let Some(who) = who.0 else { return page.html("home/welcome", &serde_json::json!({})) };
    let (now, authority) = (app.now(), who.authority().clone());
    let today = local_day(now.0);
    let is_nation = authority.reach(Permission::SeeTargets) == Reach::Everywhere;
    let can_remind = authority.reach(Permission::Remind) == Reach::Everywhere;
    let nation = if is_nation { snapshot.nation(&app).await? } else { Default::default() };
    let (classes, targets, failed_jobs, revocations, (quotas, desk), officer, (coming, lists)) = app
        .db
        .read(move |c| {
            let classes = learning::my_classes(c, now, authority.person)?;
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
            let failed = if authority.may(Permission::ManageSystem) { jobs::counts(c)?.failed } else { 0 };
            let revocations = certificates::queries::awaiting_count(c, &authority, today)?;
            let quotas = targets::quotas::to_answer(c, &authority)?;
            let desk = programmes::queries::desk(c, &authority, now)?;
            let officer = desk::read(c, &authority, now)?;
            let coming = events::queries::coming(c, now, authority.person)?;
            let lists = events::queries::desk(c, now, authority.person)?;
            Ok::<_, Error>((classes, targets, failed, revocations, (quotas, desk), officer, (coming, lists)))
        })
        .await?;
    let open = classes.into_iter().filter(|class| matches!(class.standing, Standing::NotBegun | Standing::Learning));
    let open: Vec<MyClass> = open.collect();
    // By their ends; a class that has not begun has nothing to go on with, though it may end before the others.
    let first = open.iter().find_map(|class| class_card(&page, now, class));
    let others = i64::try_from(open.len()).unwrap_or_default() - i64::from(first.is_some());
    let view = HomeView {
        name: who.person().full_name(),
        now: first,
        others,
        as_of: now,
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
                        ..card
                    })
                })
                .collect(),
            false => targets
                .into_iter()
                .filter_map(|(split, given, target)| part_card(&page, split.total, given, &target))
                .collect(),
        },
        failed_jobs,
        revocations,
        quotas,
        coming: coming.into_iter().map(coming::ComingView::new).collect(),
        list_count: lists.len(),
        lists: lists.into_iter().map(coming::ListView::new).collect(),
        nominated: desk.own,
        in_programme: desk.in_programme,
        to_recognise: desk.to_recognise,
        to_review: desk.to_review,
        returned: desk.returned,
        to_decide: desk.to_decide,
    };
    page.html("home/signed_in", &view)
}

/// What to do now in a class: the lesson to go on with, then the test that is owed.
fn class_card(page: &Page, now: Moment, class: &MyClass) -> Option<ClassCard> {
    let MyClass { run, outline, progress, .. } = class;
    if run.opens_at > now {
        return None;
    }
    let done = progress.done();
    let required = &outline.rule().required;
    let lesson = progress.next_lesson(outline).and_then(|slug| outline.place(&slug).map(|place| place.lesson.clone()));
    let (label, item, href) = match lesson {
        Some(lesson) => {
            let label = if progress.0.is_empty() { "learning-begin" } else { "learning-continue" };
            (label, lesson.title, lesson_path(&run.code, &lesson.slug))
        }
        None => {
            let test = outline.assessments.iter().find(|t| required.contains(&t.id) && !done.contains_key(&t.id))?;
            ("learning-take-test", test.title.clone(), assessment_path(&run.code, &test.id))
        }
    };
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let days = (run.closes_at - now).num_days().max(0);
    let (finished, total) = (required.iter().filter(|key| done.contains_key(*key)).count(), required.len());
    Some(ClassCard {
        title: run.title.clone(),
        label: page.text(label),
        item,
        href,
        due: page
            .text(Message::new("learning-mine-owed-by").with("date", text::date(run.last_day())).with("days", days)),
        is_urgent: days <= 7,
        done: count(finished),
        total: count(total.max(1)),
        progress: page
            .text(Message::new("learning-progress-items").with("done", count(finished)).with("total", count(total))),
    })
}

/// The part of some units, of what they were given; without that there is no whole to compare it with.
fn part_card(page: &Page, figures: Figures, given: Option<i64>, target: &Target) -> Option<TargetCard> {
    if let Some(given) = given {
        return target_card(page, figures, None, &Target { required: given, ..target.clone() });
    }
    let key = if target.metric == Metric::People { "home-part-people" } else { "home-part-turns" };
    let card = target_card(page, figures, None, target)?;
    let figure = Message::new(key).with("counted", text::number(figures.of(target.metric)?, page.locale()));
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
        figure: page.text(
            Message::new(key)
                .with("counted", text::number(counted, locale))
                .with("required", text::number(target.required, locale))
                .with("all", text::number(whole, locale))
                .with("share", text::percent(counted, whole, locale)),
        ),
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
