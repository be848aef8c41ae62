//! People who have read all of a shipped course: its lessons and its test are what a real class meets.

use chrono::TimeDelta;

use super::rows::{self, Bench, Made};
use crate::{
    access::Actor,
    app::App,
    courses::{actions as courses, queries, shipped},
    platform::{
        db::DbConn,
        error::{Error, Result},
    },
};

/// The shipped course that they read.
const COURSE: &str = "KT-01";
/// People of one class, and of one transaction.
const CLASS: usize = 500;

/// Puts the people into classes of the course, every lesson of it finished.
pub async fn make(app: &App, bench: &Bench, people: Vec<Made>) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let edition = shipped::names()
        .filter_map(|name| shipped::edition(name)?.ok())
        .find(|edition| edition.code() == COURSE)
        .ok_or_else(|| Error::internal("the course is not shipped"))?;
    let now = bench.now;
    let version = app
        .db
        .write("bench.shipped", move |c| {
            courses::import(c, &Actor::system(), now, &edition, "Dữ liệu đo tải").map(|made| made.version().id)
        })
        .await?;
    for (number, members) in people.chunks(CLASS).enumerate() {
        let (bench, members) = (Bench { version, ..bench.clone() }, members.to_vec());
        app.db.write("bench.ready", move |c| class(c, &bench, number, &members)).await?;
    }
    Ok(())
}

fn class(c: &mut DbConn, bench: &Bench, number: usize, members: &[Made]) -> Result<()> {
    let unit = bench.units.first().copied().ok_or(Error::NotFound)?;
    let outline = queries::outline(c, bench.version)?;
    let run = rows::open(c, bench.now, format!("MH-{}-THI-{}", bench.seed, number + 1), bench.version, unit)?;
    let ids = rows::enrol(c, &run, members, &vec![None; members.len()])?;
    let mut progress = Vec::new();
    for enrolment in ids {
        let mut at = run.opens_at;
        for lesson in outline.lessons() {
            let done = at + TimeDelta::minutes(i64::from(lesson.minutes));
            progress.push((enrolment, lesson.key.clone(), at, done));
            at = done + TimeDelta::minutes(5);
        }
    }
    rows::write_progress(c, &progress)
}
