//! What somebody learns: the one thing to go on with, the sessions to come, and what came of the classes that are behind.

use serde::Serialize;

use super::coming::ComingView;
use crate::{
    certificates::model::{Certificate, CertificateState},
    events::queries::Coming,
    learning::{
        model::{assessment_path, lesson_path},
        queries::{MyClass, Standing},
    },
    platform::{
        as_i64,
        db::Moment,
        error::Result,
        http::{Page, Tag},
        i18n::Message,
        text,
    },
};

/// Results and certificates on the first page; the pages they lead to have all.
const SHOWN: usize = 3;

#[derive(Serialize)]
pub struct LearningView {
    /// The class to go on with now.
    now: Option<ClassCard>,
    others: i64,
    /// Sessions to come in their classes.
    coming: Vec<ComingView>,
    results: Vec<ResultView>,
    certificates: Vec<CertificateView>,
    /// Whether they are in a programme, or nominated for one.
    in_programme: bool,
    is_nominated: bool,
    /// Learning is all they do here: it comes first, and says so when there is nothing.
    is_all: bool,
    has_any: bool,
}

#[derive(Serialize)]
struct ClassCard {
    title: String,
    label: String,
    item: String,
    href: String,
    /// How long the lesson takes; empty for a test, whose own page says it.
    minutes: String,
    due: String,
    is_urgent: bool,
    done: i64,
    total: i64,
    progress: String,
}

#[derive(Serialize)]
struct ResultView {
    title: String,
    href: String,
    on: Moment,
    standing: Tag,
}

#[derive(Serialize)]
struct CertificateView {
    code: String,
    register_number: String,
    course: String,
    issued_at: Moment,
}

/// What was read about somebody's learning.
pub struct Learning {
    pub classes: Vec<MyClass>,
    pub coming: Vec<Coming>,
    pub certificates: Vec<Certificate>,
    pub in_programme: bool,
    pub is_nominated: bool,
}

impl LearningView {
    pub fn of(page: &Page, now: Moment, read: Learning, is_all: bool) -> Result<Self> {
        let (open, past): (Vec<MyClass>, Vec<MyClass>) = read
            .classes
            .into_iter()
            .partition(|class| matches!(class.standing, Standing::NotBegun | Standing::Learning));
        // By their ends; a class that has not begun has nothing to go on with, though it may end before the others.
        let first = open.iter().find_map(|class| class_card(page, now, class));
        let has_any = !(open.is_empty() && past.is_empty() && read.certificates.is_empty())
            || read.in_programme
            || read.is_nominated;
        let valid = read.certificates.into_iter().filter(|paper| paper.state == CertificateState::Valid);
        Ok(Self {
            others: as_i64(open.len()) - i64::from(first.is_some()),
            now: first,
            coming: read.coming.into_iter().map(ComingView::new).collect(),
            results: past.into_iter().take(SHOWN).map(|class| result(page, class)).collect(),
            certificates: valid.take(SHOWN).map(|paper| certificate(&paper)).collect::<Result<_>>()?,
            in_programme: read.in_programme,
            is_nominated: read.is_nominated,
            is_all,
            has_any,
        })
    }
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
    let (label, item, href, minutes) = match lesson {
        Some(lesson) => {
            let label = if progress.0.is_empty() { "learning-begin" } else { "learning-continue" };
            let minutes = page.text(Message::new("home-minutes").with("count", i64::from(lesson.minutes)));
            (label, lesson.title, lesson_path(&run.code, &lesson.slug), minutes)
        }
        None => {
            let test = outline.assessments.iter().find(|t| required.contains(&t.id) && !done.contains_key(&t.id))?;
            ("learning-take-test", test.title.clone(), assessment_path(&run.code, &test.id), String::new())
        }
    };
    let days = (run.closes_at - now).num_days().max(0);
    let (finished, total) = (required.iter().filter(|key| done.contains_key(*key)).count(), required.len());
    Some(ClassCard {
        title: run.title.clone(),
        label: page.text(label),
        item,
        href,
        minutes,
        due: page
            .text(Message::new("learning-mine-owed-by").with("date", text::date(run.last_day())).with("days", days)),
        is_urgent: days <= 7,
        done: as_i64(finished),
        total: as_i64(total.max(1)),
        progress: page
            .text(Message::new("learning-progress-items").with("done", as_i64(finished)).with("total", as_i64(total))),
    })
}

/// What came of a class, in words.
fn result(page: &Page, class: MyClass) -> ResultView {
    let (kind, key) = match class.standing {
        Standing::Completed | Standing::Accepted => ("good", "home-result-passed"),
        Standing::Flagged | Standing::InQuestion => ("warn", "home-result-waits"),
        Standing::Voided => ("bad", "home-result-voided"),
        _ => ("bad", "home-result-missed"),
    };
    ResultView {
        title: class.run.title,
        href: format!("/lop/{}", class.run.code),
        on: class.enrolment.completed_at.unwrap_or(class.run.closes_at),
        standing: Tag { kind, text: page.text(key) },
    }
}

fn certificate(paper: &Certificate) -> Result<CertificateView> {
    Ok(CertificateView {
        code: paper.code.clone(),
        register_number: paper.register_number.clone(),
        course: paper.paper()?.course,
        issued_at: paper.issued_at,
    })
}
