//! Class runs, enrolment, frozen facts, progress and completions, on either database.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;
use nongcot::{
    access::{Actor, Category, PersonId, Role, UnitId},
    accounts::{
        actions as accounts,
        model::{NewMembership, NewPerson},
    },
    learning::{
        actions::{self, accept, complete_item, complete_item_at, enrol, finish_lesson, open_lesson, void, withdraw},
        model::{Completion, Enrolled, EnrolmentId, EnrolmentMode, Entry, Observers, Run},
        queries::{self, Standing},
    },
    platform::{
        db::{
            DbConn, Moment,
            schema::{class_runs, completion_events, enrolments},
        },
        error::{Error, Result},
    },
};

use crate::support::{self, TestApp, classes, unit_id};

mod batch;
mod completion;
mod dwell;
mod enrol;
mod facts;
mod gates;
mod pages;
mod waiting;

const OPEN: (&str, &str) = ("2026-11-20", "2026-12-20");

fn at(text: &str) -> Moment {
    text.parse::<DateTime<Utc>>().unwrap().into()
}

fn key(error: Error) -> String {
    match error {
        Error::Refused(message) => message.key.into_owned(),
        Error::Invalid(errors) => errors.0.into_iter().map(|(_, message)| message.key.into_owned()).collect(),
        other => other.to_string(),
    }
}

async fn small_run(app: &TestApp, code: &str, change: impl FnOnce(&mut actions::NewRun) + Send + 'static) -> Run {
    let (now, code) = (app.app.now(), code.to_owned());
    app.write(move |c| {
        let version = classes::bring_in(c, now, &classes::small("KM-01", "minh-hoa", "Khóa minh họa", "một"))?;
        classes::run_with(c, now, &code, version, "BKHCN-2025", OPEN, change)
    })
    .await
}

async fn tried<T: Send + 'static>(
    app: &TestApp,
    f: impl FnOnce(&mut DbConn) -> Result<T> + Send + 'static,
) -> Result<T> {
    app.app.db.write("test", f).await
}

async fn enrolled(app: &TestApp, run: &Run, person: PersonId) -> EnrolmentId {
    let (now, run) = (app.app.now(), run.id);
    app.write(move |c| enrol(c, now, &classes::as_person(person), run, person, &Entry::Open)).await.id()
}

/// Reads both lessons at an honest pace and finishes them.
fn learn(c: &mut DbConn, from: Moment, enrolment: EnrolmentId, observers: &Observers) -> Result<Option<Completion>> {
    let by = Actor::system();
    let minutes = TimeDelta::minutes;
    open_lesson(c, from, enrolment, "km-01-mot")?;
    complete_item(c, from + minutes(4), &by, enrolment, "km-01-mot", observers)?;
    open_lesson(c, from + minutes(5), enrolment, "km-01-hai")?;
    complete_item(c, from + minutes(9), &by, enrolment, "km-01-hai", observers)
}

fn membership(unit: UnitId, position: &str, category: Category, from: NaiveDate) -> NewMembership {
    NewMembership { unit, position: position.to_owned(), category, from }
}
