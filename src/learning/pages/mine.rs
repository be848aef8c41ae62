//! My classes: where to go on, what is still owed and by when, and results in words.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::{days_until, progress::QueueView, standing_tag};
use crate::{
    accounts::SignedIn,
    app::App,
    learning::{
        model::{Phase, assessment_path, lesson_path},
        queries::{self, MyClass, Standing},
    },
    platform::{
        as_i64,
        db::Moment,
        error::{Error, Result},
        http::{Page, Tag},
        i18n::Message,
    },
};

#[derive(Serialize)]
struct MineView {
    /// Running or coming.
    current: Vec<ClassView>,
    /// Full classes in which a seat is waited for.
    waiting: Vec<WaitingView>,
    /// Completed or over.
    past: Vec<ClassView>,
    queue: QueueView,
}

#[derive(Serialize)]
struct WaitingView {
    code: String,
    title: String,
    place: String,
}

#[derive(Serialize)]
struct ClassView {
    code: String,
    title: String,
    course: String,
    standing: Tag,
    opens: chrono::NaiveDate,
    closes: chrono::NaiveDate,
    is_coming: bool,
    owed_by: String,
    is_urgent: bool,
    done: i64,
    total: i64,
    progress: String,
    /// The lesson or test to go on with.
    next: Option<NextView>,
    owed: Vec<OwedView>,
    owed_count: usize,
    completed_at: Option<Moment>,
}

#[derive(Serialize)]
struct NextView {
    label: String,
    title: String,
    href: String,
}

#[derive(Serialize)]
struct OwedView {
    title: String,
    href: String,
    is_test: bool,
}

pub async fn show(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    let (now, person) = (app.now(), who.id());
    let (classes, waiting) = app
        .db
        .read(move |c| {
            let classes = queries::my_classes(c, now, person)?;
            Ok::<_, Error>((classes, queries::my_waiting(c, now, person)?))
        })
        .await?;
    let (current, past): (Vec<MyClass>, Vec<MyClass>) =
        classes.into_iter().partition(|class| matches!(class.standing, Standing::NotBegun | Standing::Learning));
    let view = |classes: Vec<MyClass>| classes.into_iter().map(|class| class_view(&page, now, class)).collect();
    let waiting = waiting.into_iter().map(|(run, place)| WaitingView {
        place: page.text(Message::new("learning-wait-place").with("place", place)),
        code: run.code,
        title: run.title,
    });
    let view = MineView {
        current: view(current),
        waiting: waiting.collect(),
        past: view(past),
        queue: QueueView::of(&who, now, None),
    };
    page.html("learning/mine", &view)
}

fn class_view(page: &Page, now: Moment, class: MyClass) -> ClassView {
    let MyClass { run, enrolment, outline, progress, standing } = class;
    let phase = run.phase(now);
    let done = progress.done();
    let rule = outline.rule();
    let mut owed: Vec<OwedView> = outline
        .lessons()
        .filter(|lesson| rule.required.contains(&lesson.key) && !done.contains_key(&lesson.key))
        .map(|lesson| OwedView {
            title: lesson.title.clone(),
            href: lesson_path(&run.code, &lesson.slug),
            is_test: false,
        })
        .collect();
    let tests =
        outline.assessments.iter().filter(|test| rule.required.contains(&test.id) && !done.contains_key(&test.id));
    owed.extend(tests.map(|test| OwedView {
        title: test.title.clone(),
        href: assessment_path(&run.code, &test.id),
        is_test: true,
    }));
    let next = if phase == Phase::Running { next_view(page, &run.code, &outline, &progress, &owed) } else { None };
    let total = rule.required.len();
    let finished = rule.required.iter().filter(|key| done.contains_key(*key)).count();
    let days_left = days_until(now, run.closes_at);
    ClassView {
        course: outline.version.title(page.locale()).to_owned(),
        standing: standing_tag(page, standing),
        opens: run.first_day(),
        closes: run.last_day(),
        is_coming: phase == Phase::Coming,
        is_urgent: phase == Phase::Running && days_left <= 7,
        owed_by: page.text(
            Message::new("learning-mine-owed-by")
                .with("date", crate::platform::text::date(run.last_day()))
                .with("days", days_left),
        ),
        done: as_i64(finished),
        total: as_i64(total.max(1)),
        progress: page
            .text(Message::new("learning-progress-items").with("done", as_i64(finished)).with("total", as_i64(total))),
        next,
        owed_count: owed.len(),
        owed,
        completed_at: enrolment.completed_at,
        code: run.code,
        title: run.title,
    }
}

/// The lesson opened last and not finished, else the next one, else the first test that is owed.
fn next_view(
    page: &Page,
    run: &str,
    outline: &crate::courses::model::Outline,
    progress: &crate::learning::model::Progress,
    owed: &[OwedView],
) -> Option<NextView> {
    let lesson = progress.next_lesson(outline).and_then(|slug| outline.place(&slug).map(|place| place.lesson.clone()));
    if let Some(lesson) = lesson {
        let has_begun = !progress.0.is_empty();
        let label = if has_begun { "learning-continue" } else { "learning-begin" };
        return Some(NextView { label: page.text(label), title: lesson.title, href: lesson_path(run, &lesson.slug) });
    }
    let test = owed.iter().find(|owed| owed.is_test)?;
    Some(NextView { label: page.text("learning-take-test"), title: test.title.clone(), href: test.href.clone() })
}
