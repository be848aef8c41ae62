//! Who is in a run and how far, for those who run it.

use serde::Serialize;

use super::super::{standing_tag, waiting::WaitingView};
use crate::{
    learning::{guards::Rights, model::Run, queries::Learner},
    platform::{
        as_i64,
        http::{Page, Tag},
        i18n::Message,
    },
};

#[derive(Serialize)]
pub struct ManagerView {
    access_code: Option<String>,
    can_manage: bool,
    can_decide: bool,
    learners: Vec<LearnerView>,
    summary: String,
    waiting: Vec<WaitingView>,
}

#[derive(Serialize)]
struct LearnerView {
    code: String,
    name: String,
    birth_year: Option<i32>,
    unit: String,
    position: String,
    done: i64,
    total: i64,
    standing: Tag,
    can_remove: bool,
    completion: Option<i64>,
}

pub fn manager(
    page: &Page,
    run: &Run,
    rights: Rights,
    learners: Vec<(String, Learner)>,
    waiting: Vec<WaitingView>,
    steps: usize,
) -> ManagerView {
    let all = learners.len();
    let completed = learners.iter().filter(|(_, learner)| learner.enrolment.completed_at.is_some()).count();
    ManagerView {
        waiting,
        access_code: run.access_code.clone().filter(|_| rights.manage),
        can_manage: rights.manage,
        can_decide: rights.decide,
        learners: learners
            .into_iter()
            .map(|(unit, learner)| LearnerView {
                code: learner.person.code.clone(),
                name: learner.person.full_name(),
                birth_year: learner.person.birth_year,
                unit,
                position: learner.enrolment.position.clone(),
                done: as_i64(learner.done),
                total: as_i64(steps),
                standing: standing_tag(page, learner.standing),
                can_remove: rights.manage && learner.enrolment.completed_at.is_none(),
                completion: learner.completion.map(|completion| completion.0).filter(|_| rights.decide),
            })
            .collect(),
        summary: page
            .text(Message::new("learning-list-count").with("count", as_i64(all)).with("completed", as_i64(completed))),
    }
}
