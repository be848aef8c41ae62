//! `/chuong-trinh/cua-toi`: the programmes one is in: how far, in whose hands, what is done and what is not, and the days to come.

use std::collections::{BTreeSet, HashMap, HashSet};

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::Serialize;

use super::{cohort::seats, delivery_word, show::rule, stage_tag};
use crate::{
    access::UnitId,
    accounts::SignedIn,
    app::App,
    courses::model::CourseId,
    learning::{
        model::{Phase, Run, RunId},
        queries as learning,
    },
    organisations::queries as organisations,
    platform::{
        as_i64,
        clock::local_day,
        db::{DbConn, Moment},
        error::Result,
        http::{Page, Tag},
        i18n::{Locale, Message},
        text,
    },
    programmes::{
        actions::members::completed_in,
        model::{
            Nomination, NominationState,
            programme::{Cohort, CourseGroup, Decision, Delivery, Member, Programme, Stage},
            requirement::Choice as Rule,
        },
        pages::{Holder, StepView, holder},
        queries::{
            self, members,
            programmes::{self, Shown},
        },
    },
    targets::{model::quota::QuotaRound, queries::quotas},
};

#[derive(Serialize)]
struct OwnView {
    programmes: Vec<OneView>,
}

#[derive(Serialize)]
struct OneView {
    title: String,
    cohort: String,
    stage: Tag,
    holder: Holder,
    steps: Vec<StepView>,
    seats: Option<String>,
    decision: Option<String>,
    until: Option<NaiveDate>,
    groups: Vec<GroupView>,
    days: Vec<DayView>,
}

#[derive(Serialize)]
struct GroupView {
    title: String,
    rule: String,
    done: i64,
    needed: i64,
    is_met: bool,
    courses: Vec<CourseView>,
}

#[derive(Serialize)]
struct CourseView {
    title: String,
    href: String,
    delivery: String,
    is_done: bool,
    /// What stands before it, in words.
    builds_on: Option<String>,
    /// The class in which one learns it, or the next one of the cohort.
    class: Option<ClassView>,
}

#[derive(Serialize)]
struct ClassView {
    href: String,
    title: String,
    from: NaiveDate,
    /// Where it is another day.
    to: Option<NaiveDate>,
    is_in: bool,
}

#[derive(Serialize)]
struct DayView {
    title: String,
    href: String,
    delivery: String,
    from: NaiveDate,
    /// Where it is another day.
    to: Option<NaiveDate>,
}

/// What a page of one membership is made of.
struct Found {
    member: Member,
    programme: Programme,
    cohort: Cohort,
    groups: Vec<CourseGroup>,
    courses: HashMap<CourseId, Shown>,
    done: BTreeSet<CourseId>,
    runs: Vec<Run>,
    own_runs: HashSet<RunId>,
    nomination: Option<(Nomination, String, Option<i64>)>,
    round: Option<(QuotaRound, std::collections::BTreeMap<NominationState, i64>)>,
    decision: Option<Decision>,
}

fn find(c: &mut DbConn, locale: Locale, member: Member) -> Result<Found> {
    let programme = programmes::programme(c, member.programme_id)?;
    let cohort = programmes::cohort(c, member.cohort_id)?;
    let groups = programmes::groups(c, programme.id)?;
    let courses = programmes::courses_of(c, &groups)?;
    let asked = programmes::requirement_of(&groups);
    let done = completed_in(c, &cohort, &asked, &[member.person_id])?.remove(&member.person_id).unwrap_or_default();
    let runs = programmes::runs(c, cohort.id)?;
    let ids: Vec<RunId> = runs.iter().map(|run| run.id).collect();
    let own_runs = learning::active_in(c, member.person_id, &ids)?;
    let nomination = match member.nomination_id {
        Some(id) => {
            let nomination = queries::nomination(c, id)?;
            let place = match nomination.state {
                NominationState::Waiting => Some(queries::waiting_place(c, &nomination)?),
                _ => None,
            };
            let unit: UnitId = quotas::quota(c, nomination.quota_id)?.unit_id;
            Some((nomination, organisations::unit(c, unit)?.name(locale).to_owned(), place))
        }
        None => None,
    };
    let round = match cohort.round_id {
        Some(round) => Some((quotas::round(c, round)?, queries::counts_of_round(c, round)?)),
        None => None,
    };
    let decision = match member.decision_id {
        Some(id) => programmes::decisions(c, &[id])?.remove(&id),
        None => None,
    };
    Ok(Found { member, programme, cohort, groups, courses, done, runs, own_runs, nomination, round, decision })
}

/// So many are shown; nobody is in more.
const MOST: usize = 10;

pub async fn show(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    let (person, now, locale) = (who.id(), app.now(), page.locale());
    let found = app
        .db
        .read(move |c| {
            let own = members::of_person(c, person)?;
            own.into_iter().take(MOST).map(|member| find(c, locale, member)).collect::<Result<Vec<_>>>()
        })
        .await?;
    let view = OwnView { programmes: found.into_iter().map(|found| one(&page, now, found)).collect() };
    page.html("programmes/own_programmes", &view)
}

fn one(page: &Page, now: Moment, found: Found) -> OneView {
    let locale = page.locale();
    let days = days(page, now, &found);
    let decision = found.decision.as_ref().map(|decision| {
        let said = Message::new("programme-by-decision")
            .with("number", decision.number.clone())
            .with("date", text::date(decision.dated));
        page.text(said)
    });
    OneView {
        title: found.programme.title(locale).to_owned(),
        cohort: found.cohort.title(locale).to_owned(),
        stage: stage_tag(page, found.member.stage),
        holder: whose(page, now, &found),
        steps: steps(page, found.member.stage),
        seats: found.round.as_ref().map(|(round, counts)| seats(page, round.total, counts)),
        decision,
        until: found.member.valid_until.filter(|_| found.member.stage.is_recognised()),
        groups: found.groups.iter().map(|group| group_view(page, now, &found, group)).collect(),
        days,
    }
}

/// Who has it in their hands, and since when.
fn whose(page: &Page, now: Moment, found: &Found) -> Holder {
    let member = &found.member;
    let say = |key: &'static str| Holder { who: page.text(key), since: member.changed_at };
    match member.stage {
        Stage::Nominated => match &found.nomination {
            Some((nomination, unit, place)) => holder(page, nomination, unit, *place),
            None => say("programmes-held-deciders"),
        },
        Stage::Approved => {
            let first = found.runs.iter().find(|run| found.own_runs.contains(&run.id) && run.opens_at > now);
            match first {
                Some(run) => {
                    let said = Message::new("programme-held-opening").with("date", text::date(run.first_day()));
                    Holder { who: page.text(said), since: member.changed_at }
                }
                None => say("programme-held-class"),
            }
        }
        Stage::Studying => say("programme-held-learner"),
        Stage::Fulfilled => say("programme-held-decision"),
        Stage::Recognised => say("programme-held-effect"),
        Stage::Active => say("programme-held-active"),
        Stage::Lapsed => say("programme-held-renewal"),
        Stage::Withdrawn | Stage::Replaced | Stage::Rejected => say("programmes-held-nobody"),
    }
}

fn steps(page: &Page, stage: Stage) -> Vec<StepView> {
    let keys = [
        "programme-step-nominate",
        "programme-step-approve",
        "programme-step-study",
        "programme-step-fulfil",
        "programme-step-recognise",
    ];
    let at = match stage {
        Stage::Nominated => 1,
        Stage::Approved | Stage::Studying => 2,
        Stage::Fulfilled => 4,
        Stage::Recognised | Stage::Active => keys.len(),
        Stage::Lapsed | Stage::Withdrawn | Stage::Replaced | Stage::Rejected => return Vec::new(),
    };
    let step = |(place, key): (usize, &'static str)| StepView {
        label: page.text(key),
        is_done: place < at,
        is_current: place == at,
    };
    keys.into_iter().enumerate().map(step).collect()
}

fn group_view(page: &Page, now: Moment, found: &Found, group: &CourseGroup) -> GroupView {
    let choice = Rule { needed: group.needed, courses: group.courses.iter().map(|(course, _)| *course).collect() };
    let course = |(course, delivery): &(CourseId, Delivery)| {
        let shown = found.courses.get(course)?;
        let builds_on = (!shown.builds_on.is_empty())
            .then(|| page.text(Message::new("programme-builds-on").with("courses", shown.builds_on.join(", "))));
        Some(CourseView {
            title: format!("{} {}", shown.code, shown.version.title(page.locale())),
            href: format!("/khoa-hoc/{}", shown.slug),
            delivery: delivery_word(page, *delivery),
            is_done: found.done.contains(course),
            builds_on,
            class: class(now, found, *course),
        })
    };
    GroupView {
        title: group.title(page.locale()).to_owned(),
        rule: rule(page, group),
        done: as_i64(choice.done(&found.done).min(choice.needed())),
        needed: as_i64(choice.needed().max(1)),
        is_met: choice.is_met(&found.done),
        courses: group.courses.iter().filter_map(course).collect(),
    }
}

/// The class of a course that one is in, else the next of the cohort that is not over.
fn class(now: Moment, found: &Found, course: CourseId) -> Option<ClassView> {
    let of_course = || found.runs.iter().filter(|run| run.course_id == course);
    let own = of_course().find(|run| found.own_runs.contains(&run.id));
    let run = own.or_else(|| of_course().find(|run| run.phase(now) != Phase::Over))?;
    Some(ClassView {
        href: format!("/lop/{}", run.code),
        title: run.title.clone(),
        from: run.first_day(),
        to: last_day(run),
        is_in: own.is_some(),
    })
}

/// The classes to come that are held at a time or a place.
fn days(page: &Page, now: Moment, found: &Found) -> Vec<DayView> {
    let held: HashMap<CourseId, Delivery> =
        found.groups.iter().flat_map(|group| group.courses.iter().copied()).collect();
    let day = |run: &Run| {
        let delivery = held.get(&run.course_id).copied().filter(|how| *how != Delivery::ELearning)?;
        (run.last_day() >= local_day(now.0)).then(|| DayView {
            title: run.title.clone(),
            href: format!("/lop/{}", run.code),
            delivery: delivery_word(page, delivery),
            from: run.first_day(),
            to: last_day(run),
        })
    };
    found.runs.iter().filter_map(day).collect()
}

fn last_day(run: &Run) -> Option<NaiveDate> {
    Some(run.last_day()).filter(|last| *last != run.first_day())
}
