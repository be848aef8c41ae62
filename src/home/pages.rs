//! The first page, and the living page of styles.

mod audit;
mod system;

use std::collections::HashMap;

use actix_web::{HttpResponse, web};

use crate::{
    access::Permission,
    accounts::{MaybeSignedIn, SignedIn},
    app::App,
    certificates,
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
        model::{Figures, Metric, Target},
        queries::{self as targets, Share},
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/").get(show)).service(web::resource("/kieu-dang").get(styleguide));
    system::routes(cfg);
    audit::routes(cfg);
}

#[derive(serde::Serialize)]
struct HomeView {
    name: String,
    /// The class to go on with now.
    now: Option<ClassCard>,
    others: i64,
    targets: Vec<TargetCard>,
    failed_jobs: i64,
    /// Certificates that wait for this person's decision to revoke them.
    revocations: i64,
    /// Quotas of their unit without an answer, or questions of units for who decides them.
    quotas: i64,
    /// Nominations of their own, returned to their units, to be decided.
    nominated: i64,
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
}

async fn show(app: web::Data<App>, page: Page, who: MaybeSignedIn) -> Result<HttpResponse> {
    let Some(who) = who.0 else { return page.html("home/welcome", &serde_json::json!({})) };
    let (now, authority) = (app.now(), who.authority().clone());
    let today = local_day(now.0);
    let (classes, targets, failed_jobs, revocations, (quotas, desk)) = app
        .db
        .read(move |c| {
            let classes = learning::my_classes(c, now, authority.person)?;
            let targets = if authority.may(Permission::SeeTargets) {
                let scope = targets::Scope::of(c, &authority, today)?;
                let listed: Vec<_> =
                    targets::list(c, false)?.into_iter().filter(|t| t.period().contains(today)).collect();
                let mut totals = targets::totals(c, &listed, &scope)?;
                let shares = if scope.is_nation() { targets::shares(c, &listed, today)? } else { HashMap::new() };
                listed
                    .into_iter()
                    .map(|t| (totals.remove(&t.id).unwrap_or_default(), shares.get(&t.id).copied(), t))
                    .collect()
            } else {
                Vec::new()
            };
            let failed = if authority.may(Permission::ManageSystem) { jobs::counts(c)?.failed } else { 0 };
            let revocations = certificates::queries::awaiting_count(c, &authority, today)?;
            let quotas = targets::quotas::to_answer(c, &authority)?;
            let desk = programmes::queries::desk(c, &authority, now)?;
            Ok::<_, Error>((classes, targets, failed, revocations, (quotas, desk)))
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
        targets: targets
            .into_iter()
            .filter_map(|(split, share, target)| target_card(&page, split.total, share, &target))
            .collect(),
        failed_jobs,
        revocations,
        quotas,
        nominated: desk.own,
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
