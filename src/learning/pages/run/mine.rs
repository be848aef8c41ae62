//! What is to be done in a run, for a learner of it.

use serde::Serialize;

use crate::{
    courses::model::Outline,
    learning::model::{Attendance, ComingSession, Enrolment, Phase, Progress, Run, assessment_path, lesson_path},
    platform::{
        as_i64,
        db::Moment,
        http::{Page, Tag},
        i18n::Message,
        text,
    },
};

#[derive(Serialize)]
pub struct MineView {
    modules: Vec<ModuleView>,
    tests: Vec<StepView>,
    done: i64,
    total: i64,
    progress: String,
    next: Option<String>,
    has_begun: bool,
    completed_at: Option<Moment>,
    /// The run has begun and the unit of that day is not known.
    waits_for_unit: bool,
    can_withdraw: bool,
    /// The sessions attended of those asked for, in words; and whether they are enough.
    attended: Option<Tag>,
    coming: Vec<ComingView>,
}

#[derive(Serialize)]
struct ComingView {
    href: String,
    title: String,
    when: String,
    site: String,
    place: String,
    link: String,
}

#[derive(Serialize)]
struct ModuleView {
    number: usize,
    title: String,
    aim: String,
    lessons: Vec<StepView>,
}

#[derive(Serialize)]
struct StepView {
    title: String,
    href: String,
    note: String,
    done: bool,
    tag: Option<Tag>,
}

pub fn mine(
    page: &Page,
    run: &Run,
    phase: Phase,
    outline: &Outline,
    enrolment: &Enrolment,
    progress: &Progress,
    coming: Vec<ComingSession>,
) -> MineView {
    let rule = outline.rule();
    let done = rule.required.iter().filter(|key| progress.is_done(key)).count();
    let total = rule.required.len();
    let done_tag =
        |key: &str, word: &'static str| progress.is_done(key).then(|| Tag { kind: "good", text: page.text(word) });
    let modules = outline.modules.iter().enumerate().map(|(index, module)| ModuleView {
        number: index + 1,
        title: module.title.clone(),
        aim: module.aim.clone(),
        lessons: module
            .lessons
            .iter()
            .map(|lesson| StepView {
                title: lesson.title.clone(),
                href: lesson_path(&run.code, &lesson.slug),
                note: page.text(Message::new("courses-minutes").with("minutes", i64::from(lesson.minutes))),
                done: progress.is_done(&lesson.key),
                tag: done_tag(&lesson.key, "learning-lesson-done"),
            })
            .collect(),
    });
    let tests = outline.assessments.iter().map(|test| StepView {
        title: test.title.clone(),
        href: assessment_path(&run.code, &test.id),
        note: page.text(
            Message::new("courses-test-facts")
                .with("questions", i64::from(test.questions()))
                .with("minutes", i64::from(test.minutes))
                .with("percent", i64::from(test.pass_percent)),
        ),
        done: progress.is_done(&test.id),
        tag: done_tag(&test.id, "learning-test-passed"),
    });
    MineView {
        modules: modules.collect(),
        tests: tests.collect(),
        done: as_i64(done),
        total: as_i64(total.max(1)),
        progress: page
            .text(Message::new("learning-progress-items").with("done", as_i64(done)).with("total", as_i64(total))),
        next: if phase == Phase::Running {
            progress.next_lesson(outline).map(|slug| lesson_path(&run.code, &slug))
        } else {
            None
        },
        has_begun: !progress.0.is_empty(),
        completed_at: enrolment.completed_at,
        waits_for_unit: phase != Phase::Coming && enrolment.frozen_at.is_none(),
        attended: attended(page, run, enrolment),
        coming: coming.into_iter().map(|session| coming_view(run, session)).collect(),
        can_withdraw: phase != Phase::Over && enrolment.completed_at.is_none(),
    }
}

fn attended(page: &Page, run: &Run, enrolment: &Enrolment) -> Option<Tag> {
    let kind = match run.attendance(enrolment) {
        Attendance::NotAsked => return None,
        Attendance::Owed { .. } => "info",
        Attendance::Since(_) => "good",
    };
    let said = Message::new("learning-attendance-owed").with("attended", enrolment.attended);
    Some(Tag { kind, text: page.text(said.with("needed", run.sessions_owed().unwrap_or_default())) })
}

fn coming_view(run: &Run, session: ComingSession) -> ComingView {
    ComingView {
        href: format!("/lop/{}/buoi/{}", run.code, session.number),
        title: session.title,
        when: text::span(session.starts_at.0, session.ends_at.0),
        site: session.site,
        place: session.place,
        link: session.link,
    }
}
