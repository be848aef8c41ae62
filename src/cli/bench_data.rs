//! `bench-data`: an installation full of plainly artificial people who study, to measure with. Rows go straight into the
//! tables in big batches, but they agree with each other as rows of actions do: `verify` passes afterwards.

use std::time::Instant;

use anyhow::Context;
use clap::Args;

use super::{
    Failure, Outcome,
    artificial::{self, Named},
};
use crate::{
    app::{self, App},
    courses::{actions as courses, edition::Edition, package::CertificateKind},
    platform::{clock::Clock, config::Config, error::Error},
};

mod rows;

#[derive(Debug, Args)]
pub struct Options {
    /// People, each with one membership in one of twenty artificial units
    #[arg(long, default_value_t = 1000)]
    people: u32,
    /// Enrolments, spread over class runs of at most 500 people
    #[arg(long, default_value_t = 1000)]
    enrolments: u32,
    /// Finished lessons, spread evenly over the enrolments
    #[arg(long, default_value_t = 10_000)]
    progress: u32,
    /// The same seed makes the same people; another seed adds others beside them
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

/// The course that the artificial people take: as many short lessons as asked for.
const COURSE: Named = Named {
    code: "MH-99",
    slug: "khoa-hoc-minh-hoa-do-tai",
    vi: "Khóa học minh họa để đo tải",
    en: "Artificial course for measuring",
    summary_vi: "Khóa học do lệnh bench-data tạo ra, không có nội dung đào tạo.",
    summary_en: "Made by the command bench-data; it teaches nothing.",
    prefix: "mh99",
    certificate: CertificateKind::None,
};
/// The minutes of one of its lessons.
const MINUTES: u32 = 4;
/// No course has more lessons than this.
const MOST_LESSONS: u32 = 200;

pub async fn run(config: Config, options: Options) -> Outcome {
    let lessons = plan(&options)?;
    let app = App::build(config, Clock::system()).await.context("the program cannot start")?;
    if !app.demo && app.db.read(rows::holds_people).await? {
        return Err(Failure::Usage(
            "The database holds real people; `bench-data` wants an empty one, or one that it or `demo` has made."
                .to_owned(),
        ));
    }
    let seed = options.seed;
    if app.db.read(move |c| rows::has_seed(c, seed)).await? {
        return Err(Failure::Usage(format!("The people of seed {seed} are there already; take another --seed.")));
    }
    app.db.write("bench.mark", app::mark_demo).await?;
    let now = app.now();
    let edition = Edition::of(artificial::package(&COURSE, lessons, MINUTES));
    let version = app
        .db
        .write("bench.course", move |c| {
            let by = crate::access::Actor::system();
            courses::import(c, &by, now, &edition, "Dữ liệu đo tải").map(|imported| imported.version().id)
        })
        .await?;
    let units = app.db.write("bench.units", rows::units).await?;
    let bench = rows::Bench { seed, now, units, version };

    let people = timed("people with memberships", options.people, people(&app, &bench, options.people)).await?;
    let runs = rows::runs(&people, options.enrolments);
    let (mut enrolled, mut done) = (0, 0);
    let began = Instant::now();
    for (number, members) in runs.into_iter().enumerate() {
        let first = enrolled;
        enrolled += u32::try_from(members.len()).unwrap_or(u32::MAX);
        let share = rows::Share { all: options.progress, over: options.enrolments.max(1), first };
        let run = rows::NewRun { bench: bench.clone(), number, members, share };
        done += app.db.write("bench.run", move |c| run.write(c)).await?;
    }
    report("enrolments", enrolled, began);
    report("finished lessons (with their enrolments)", done, began);
    let given = (options.people, enrolled, done);
    app.db.write("bench.audit", move |c| bench.record(c, given)).await?;
    Ok(())
}

/// How many lessons the course needs so that nobody has finished it.
fn plan(options: &Options) -> Result<u32, Failure> {
    let refuse = |text: &str| Err(Failure::Usage(text.to_owned()));
    if options.enrolments > 0 && options.people == 0 {
        return refuse("Enrolments need people: give --people.");
    }
    if options.progress > 0 && options.enrolments == 0 {
        return refuse("Finished lessons need enrolments: give --enrolments.");
    }
    let lessons = options.progress.div_ceil(options.enrolments.max(1)) + 1;
    if lessons > MOST_LESSONS {
        return refuse("That is more than 199 finished lessons for each enrolment: give more --enrolments.");
    }
    Ok(lessons.max(3))
}

/// People of one transaction.
const BATCH: u32 = 2000;

async fn people(app: &App, bench: &rows::Bench, count: u32) -> Result<Vec<rows::Made>, Error> {
    let mut all = Vec::new();
    for from in (0..count).step_by(BATCH as usize) {
        let (bench, to) = (bench.clone(), count.min(from.saturating_add(BATCH)));
        all.extend(app.db.write("bench.people", move |c| bench.people(c, from, to)).await?);
    }
    Ok(all)
}

async fn timed<T>(what: &str, count: u32, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let began = Instant::now();
    let done = work.await?;
    report(what, count, began);
    Ok(done)
}

fn report(what: &str, count: u32, began: Instant) {
    let seconds = began.elapsed().as_secs_f64();
    println!("{count} {what} in {seconds:.1} s, {:.0} a second", f64::from(count) / seconds.max(0.001));
}
