//! Class runs for other programs: when they are and how many are in them, nobody by name.

use actix_web::web;
use chrono::NaiveDate;

use super::{
    model::{EnrolmentMode, Phase},
    queries::{self, Counted},
};
use crate::{
    accounts::guards::ApiCall,
    app::App,
    platform::{
        clock::local_day,
        db::Moment,
        error::Result,
        http::api::{AFTER, Answer, Kind, LIMIT, Listed, Operation, Parameter},
    },
};

crate::described_enum!(EnrolmentMode);

const COURSE: Parameter =
    Parameter { name: "course", kind: Kind::Code, about: "Only classes of the course of this code." };
const OPEN_ON: Parameter =
    Parameter { name: "open_on", kind: Kind::Day, about: "Only classes that are open on this day." };

pub fn operations() -> Vec<Operation> {
    vec![Operation::get(
        "/classes",
        "listClasses",
        "classes",
        "Class runs whose organiser lies within the scope of the token, by code.",
        &[COURSE, OPEN_ON, AFTER, LIMIT],
        list,
    )]
}

crate::record! {
    /// A class run: one version of a course, one organiser, open for a span of days.
    pub struct ClassRecord {
        code: String,
        title: String,
        course: String,
        version: i32,
        /// The code of the unit that holds it.
        organiser: String,
        opens_on: NaiveDate,
        /// Its last day, included.
        closes_on: NaiveDate,
        phase: Phase,
        /// Who gets in: everybody, who knows a code, who is on a list.
        enrolment: EnrolmentMode,
        /// Seats; null without a limit.
        capacity: Option<i64>,
        /// People in it now.
        enrolled: i64,
        /// Of these: who completed it, counted or not.
        completed: i64,
    }
}

impl crate::platform::http::api::Described for Phase {
    fn schema(_: &mut crate::platform::http::api::Schemas) -> serde_json::Value {
        serde_json::json!({ "type": "string", "enum": [Self::Coming, Self::Running, Self::Over] })
    }
}

fn record(found: Counted, now: Moment) -> ClassRecord {
    let Counted { run, course, version, organiser, enrolled, completed } = found;
    ClassRecord {
        course,
        version,
        organiser,
        opens_on: run.first_day(),
        closes_on: run.last_day(),
        phase: run.phase(now),
        enrolment: run.enrolment,
        capacity: run.capacity,
        enrolled,
        completed,
        code: run.code,
        title: run.title,
    }
}

async fn list(app: web::Data<App>, call: ApiCall) -> Result<Answer<Listed<ClassRecord>>> {
    let now = app.now();
    let (after, limit, reach) = (call.asked.after(), call.asked.limit(), call.reach);
    let wanted =
        queries::Wanted { course: call.asked.text("course").map(str::to_owned), open_on: call.asked.day("open_on") };
    let rows = app.db.read(move |c| queries::counted(c, &reach, local_day(now.0), &wanted, &after, limit + 1)).await?;
    let page = Listed::of(rows, limit, |row| row.run.code.clone());
    Ok(Answer(page.map(|row| record(row, now))))
}
