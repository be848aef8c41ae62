//! `bench-data`: an installation full of plainly artificial people who study, to measure with. Rows go straight into the
//! tables in big batches, but they agree with each other as rows of actions do: `verify` passes afterwards.

use std::time::Instant;

use anyhow::Context;
use chrono::TimeDelta;
use clap::Args;

use super::{
    Failure, Outcome,
    artificial::{self, Named},
};
use crate::{
    access::Actor,
    app::{self, App},
    audit,
    certificates::{actions as certificates, model::Lookup, model::Signer},
    courses::{actions as courses, edition::Edition, package::CertificateKind},
    learning::model::CompletionId,
    organisations,
    platform::{
        clock::Clock,
        config::Config,
        db::{DbConn, Moment, Worth, look_over},
        error::Error,
    },
    targets,
};

mod ready;
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
    /// Enrolments that are completed, counted towards a target of the year and certified: the first ones
    #[arg(long, default_value_t = 0)]
    completed: u32,
    /// People who have read all of a shipped course and may sit its test
    #[arg(long, default_value_t = 0)]
    ready: u32,
    /// People of the unit MH-01, a large agency: the first ones
    #[arg(long, default_value_t = 0)]
    largest: u32,
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
    certificate: CertificateKind::Completion,
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
    prepare(&app, now).await?;
    let edition = Edition::of(artificial::package(&COURSE, lessons, MINUTES));
    let version = app
        .db
        .write("bench.course", move |c| {
            let by = Actor::system();
            courses::import(c, &by, now, &edition, "Dữ liệu đo tải").map(|imported| imported.version().id)
        })
        .await?;
    app.db.write("bench.target", move |c| plan_of_the_year(c, now)).await?;
    let units = app.db.write("bench.units", rows::units).await?;
    let bench = rows::Bench { seed, now, units, version, largest: options.largest };

    let people = timed("people with memberships", options.people, people(&app, &bench, options.people)).await?;
    let runs = rows::runs(&people, options.enrolments);
    let (mut enrolled, mut done, mut completions) = (0, 0, Vec::new());
    let began = Instant::now();
    for (number, members) in runs.into_iter().enumerate() {
        let first = enrolled;
        enrolled += u32::try_from(members.len()).unwrap_or(u32::MAX);
        let share = rows::Share { all: options.progress, over: options.enrolments.max(1), first };
        let completed = options.completed.saturating_sub(first);
        let run = rows::NewRun { bench: bench.clone(), number, members, share, completed, lessons };
        let (lessons, completed) = app.db.write("bench.run", move |c| run.write(c)).await?;
        done += lessons;
        completions.extend(completed);
    }
    report("enrolments", enrolled, began);
    report("finished lessons (with their enrolments)", done, began);
    let count = u32::try_from(completions.len()).unwrap_or(u32::MAX);
    timed("completions, counted and certified", count, settle(&app, now, completions)).await?;
    let people = people.into_iter().take(usize::try_from(options.ready).unwrap_or(usize::MAX)).collect();
    timed("people ready for a test", options.ready, ready::make(&app, &bench, people)).await?;
    let given = (options.people, enrolled, done);
    app.db.write("bench.audit", move |c| bench.record(c, given)).await?;
    // As a program that runs would have done by now; whoever measures would otherwise measure this, too.
    while app.db.write("bench.seal", audit::actions::seal_some).await? > 0 {}
    app.db.write("bench.look-over", |c| Ok::<_, Error>(look_over(c, Worth::All)?)).await?;
    Ok(())
}

/// What an installation has before anybody learns: the shipped organisations and somebody who signs papers.
async fn prepare(app: &App, now: Moment) -> Result<(), Error> {
    app.db
        .write("bench.organisations", move |c| {
            organisations::actions::seed(c, now)?;
            let signer = Signer {
                from: crate::platform::clock::local_day(now.0) - TimeDelta::days(3650),
                lines: vec!["CỤC TRƯỞNG (MINH HỌA)".to_owned()],
                name: "Người ký Minh họa".to_owned(),
            };
            certificates::set_signers(c, &Actor::system(), now, &[signer])
        })
        .await
}

/// A target that the artificial course counts towards.
fn plan_of_the_year(c: &mut DbConn, now: Moment) -> Result<(), Error> {
    targets::actions::seed_illustration(c, &Actor::system(), now, 100_000, &[COURSE.code]).map(drop)
}

/// Completions of one transaction.
const SETTLED: usize = 100;

/// Counts and certifies completions by the actions of the program, which is the only way to numbers that hold.
async fn settle(app: &App, now: Moment, completions: Vec<CompletionId>) -> Result<(), Error> {
    for part in completions.chunks(SETTLED) {
        let (part, lookup) = (part.to_vec(), Lookup::of(&app.config));
        app.db
            .write("bench.settle", move |c| {
                for id in part {
                    targets::actions::count_completion(c, id.0)?;
                    certificates::issue(c, now, id.0, &lookup)?;
                }
                Ok::<_, Error>(())
            })
            .await?;
    }
    Ok(())
}

/// How many lessons the course needs so that nobody has finished it but those who are to have.
fn plan(options: &Options) -> Result<u32, Failure> {
    let refuse = |text: &str| Err(Failure::Usage(text.to_owned()));
    if options.enrolments > 0 && options.people == 0 {
        return refuse("Enrolments need people: give --people.");
    }
    if options.progress > 0 && options.enrolments == 0 {
        return refuse("Finished lessons need enrolments: give --enrolments.");
    }
    if options.completed > options.enrolments || options.ready > options.people {
        return refuse("No more can be completed than there are --enrolments, or ready than there are --people.");
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
