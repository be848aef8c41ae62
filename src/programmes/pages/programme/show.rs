//! `/chuong-trinh/{programme}`: what a programme is, asks for and has reached.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::Serialize;

use super::{StageRow, crumbs, delivery_word, document, funnel, held, kind_word};
use crate::{
    app::App,
    platform::{
        as_i64,
        clock::local_day,
        error::{Error, Result},
        http::{Crumb, Page},
        i18n::Message,
    },
    programmes::{
        guards::programmes::ProgrammeSeen,
        model::programme::{CourseGroup, Stage},
        queries::{
            coverage::{self, Tally},
            members,
            programmes::{self, Counts},
        },
    },
};

#[derive(Serialize)]
struct ProgrammeView {
    crumbs: Vec<Crumb>,
    path: String,
    title: String,
    document: Option<String>,
    from: NaiveDate,
    to: Option<NaiveDate>,
    cap: i64,
    validity: Option<i32>,
    notice_days: i32,
    manages: bool,
    /// The numbers are those of one's own units.
    is_part: bool,
    held: i64,
    experts: i64,
    fulfilled: i64,
    to_review: i64,
    funnel: Vec<StageRow>,
    cohorts: Vec<CohortRow>,
    groups: Vec<GroupRow>,
    posts: Vec<PostRow>,
    coverage: Option<Tally>,
    coverage_path: String,
}

#[derive(Serialize)]
struct CohortRow {
    href: String,
    title: String,
    counts_from: NaiveDate,
    held: i64,
    cap: i64,
    studying: i64,
    fulfilled: i64,
    experts: i64,
}

#[derive(Serialize)]
struct GroupRow {
    href: String,
    title: String,
    rule: String,
    courses: Vec<CourseRow>,
}

#[derive(Serialize)]
struct CourseRow {
    title: String,
    href: Option<String>,
    delivery: String,
}

#[derive(Serialize)]
struct PostRow {
    href: String,
    title: String,
    kinds: String,
}

/// What is asked of a group, in words.
pub(super) fn rule(page: &Page, group: &CourseGroup) -> String {
    let all = as_i64(group.courses.len());
    match group.needed.filter(|needed| *needed < all) {
        Some(needed) => page.text(Message::new("programme-rule-some").with("needed", needed).with("all", all)),
        None => page.text(Message::new("programme-rule-all").with("all", all)),
    }
}

pub async fn show(app: web::Data<App>, page: Page, seen: ProgrammeSeen) -> Result<HttpResponse> {
    let today = local_day(app.now().0);
    let (id, within, manages) = (seen.programme.id, seen.within.clone(), seen.manages);
    let found = app
        .db
        .read(move |c| {
            let groups = programmes::groups(c, id)?;
            let courses = programmes::courses_of(c, &groups)?;
            let counts = members::counts_by_cohort(c, id, within.as_deref())?;
            let covered = coverage::coverage(c, id, within.as_deref(), today)?;
            let to_review = if manages { members::to_review(c, id)? } else { 0 };
            Ok::<_, Error>((groups, courses, counts, covered, (programmes::cohorts(c, id)?, to_review)))
        })
        .await?;
    let (groups, courses, counts, covered, (cohorts, to_review)) = found;
    let (programme, locale) = (&seen.programme, page.locale());
    let mut total = Counts::new();
    for (stage, people) in counts.values().flatten() {
        *total.entry(*stage).or_default() += people;
    }
    let of = |counts: &Counts, stage| counts.get(&stage).copied().unwrap_or(0);
    let experts = |counts: &Counts| of(counts, Stage::Active) + of(counts, Stage::Recognised);
    let path = programme.path();
    let cohorts = cohorts.into_iter().map(|cohort| {
        let counts = counts.get(&cohort.id).cloned().unwrap_or_default();
        CohortRow {
            href: format!("{path}/khoa/{}", cohort.code),
            title: cohort.title(locale).to_owned(),
            counts_from: cohort.counts_from,
            held: held(&counts),
            cap: cohort.cap,
            studying: of(&counts, Stage::Studying),
            fulfilled: of(&counts, Stage::Fulfilled),
            experts: experts(&counts),
        }
    });
    let group = |group: &CourseGroup| GroupRow {
        href: format!("{path}/nhom/{}", group.id),
        title: group.title(locale).to_owned(),
        rule: rule(&page, group),
        courses: group
            .courses
            .iter()
            .filter_map(|(course, delivery)| {
                let shown = courses.get(course)?;
                Some(CourseRow {
                    title: format!("{} {}", shown.code, shown.version.title(locale)),
                    href: Some(format!("/khoa-hoc/{}", shown.slug)),
                    delivery: delivery_word(&page, *delivery),
                })
            })
            .collect(),
    };
    let tally = covered.total();
    let view = ProgrammeView {
        crumbs: crumbs(&page, None),
        title: programme.title(locale).to_owned(),
        document: document(&page, programme),
        from: programme.period_from,
        to: programme.period_to,
        cap: programme.cap,
        validity: programme.validity_months,
        notice_days: programme.notice_days,
        manages,
        is_part: seen.within.is_some(),
        held: held(&total),
        experts: experts(&total),
        fulfilled: of(&total, Stage::Fulfilled),
        to_review,
        funnel: funnel(&page, &total, |stage| {
            Some(format!("/chuyen-gia?chuong-trinh={}&giai-doan={stage}", programme.code))
        }),
        cohorts: cohorts.collect(),
        groups: groups.iter().map(group).collect(),
        posts: covered
            .posts
            .iter()
            .map(|post| PostRow {
                href: format!("{path}/chuc-danh/{}", post.id),
                title: post.title(locale).to_owned(),
                kinds: post.kinds.iter().map(|kind| kind_word(&page, *kind)).collect::<Vec<_>>().join(", "),
            })
            .collect(),
        coverage: (tally.posts > 0).then_some(tally),
        coverage_path: format!("/chuyen-gia/do-phu?chuong-trinh={}", programme.code),
        path,
    };
    page.html("programmes/programme", &view)
}
