//! Writing the made-up years: the year 2022, closed with 9.950 people and 12.300 turns, so that both readings of its target are seen, and
//! what of the running year lies behind us. Everything goes through the actions of the program, in the order in which it
//! would have happened and with the moments at which it would have; only the waiting is left out. Three things differ from life, each for
//! a reason:
//! - Nobody is told anything ([`site::QUIET`]): these people have no address, and thousands of notices would only bury those that a visitor
//!   of the demonstration causes.
//! - A certificate is entered into its register in the transaction of its completion instead of by a job that runs now: so its number, its
//!   issuing body (Cục Tin học hóa until 25/07/2022) and its day are those of then.
//! - The PDFs are not drawn: 12.300 would take many minutes, and hardly one will be looked at. The paper is frozen with the entry
//!   all the same, and whoever opens one gets it drawn from there, with the bytes it would always have had.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{NaiveDate, TimeDelta};

use super::plan::{Agency, Chance, Person, Turn, Year, closed_year, running_year};
use crate::{
    access::{Actor, PersonId, UnitId},
    accounts::{
        actions,
        model::{NewMembership, NewPerson},
    },
    app::App,
    assessments::{self, model::Sent},
    certificates::{self, model::Lookup},
    courses::{
        self,
        model::{Outline, VersionId},
    },
    learning::{
        self,
        actions::NewRun,
        model::{Completion, EnrolmentId, EnrolmentMode, Entry, RunId},
    },
    organisations::{self, model::UnitKind},
    platform::{
        clock::{day_end, day_start, local_day},
        db::{DbConn, Moment},
        error::{Error, Result},
    },
    questions::model::{Answer, Item, ItemKind, Weight},
    site,
};

/// The totals that show both readings of "10.000 cán bộ": 9.950 people are too few, 12.300 turns are enough.
pub const PEOPLE: usize = 9_950;
pub const TURNS: usize = 12_300;
/// The same demonstration everywhere.
const SEED: u64 = 2_022;
/// Everybody works where they work since this day.
const SINCE: Option<NaiveDate> = NaiveDate::from_ymd_opt(2020, 1, 1);
/// Steps of one transaction: enough that the disk does not set the pace; many more, and SQLite's journal of the open savepoint does.
const BATCH: usize = 25;
/// People written down together.
const TOGETHER: usize = 250;
/// How often to say how far it is.
const TOLD_EVERY: Duration = Duration::from_secs(5);

/// Who organises for the whole country: Cục Tin học hóa, since 26/07/2022 Cục Chuyển đổi số quốc gia.
const ORGANISER: &str = "CDSQG";

/// What was written, as later steps need it.
#[derive(Debug, Clone, Default)]
pub struct Made {
    people: Vec<PersonId>,
    runs: Vec<RunId>,
    enrolments: BTreeMap<usize, EnrolmentId>,
    pub completions: Vec<Completion>,
}

/// A course as it is learnt here: its lessons and tests in order, the right answers, and wrong ones that are near at hand.
#[derive(Debug)]
pub struct Taught {
    version: VersionId,
    outline: Outline,
    answers: BTreeMap<String, Answer>,
    slips: BTreeMap<String, Answer>,
}

/// What somebody answers who is wrong, to a question that offers something to be wrong with.
fn slip(item: &Item) -> Option<Answer> {
    match &item.kind {
        ItemKind::Single { options } => {
            let wrong = options.iter().find(|option| option.weight <= Weight::NONE)?;
            Some(Answer::Choice { option: wrong.id.clone() })
        }
        ItemKind::TrueFalse { answer, .. } => Some(Answer::TrueFalse { value: !answer }),
        _ => None,
    }
}

impl Taught {
    pub fn load(c: &mut DbConn, version: VersionId) -> Result<Self> {
        let questions = courses::queries::package(c, version)?.questions;
        Ok(Self {
            version,
            outline: courses::queries::outline(c, version)?,
            slips: questions.iter().filter_map(|item| Some((item.id.clone(), slip(item)?))).collect(),
            answers: questions.into_iter().map(|item| (item.id.clone(), item.right_answer())).collect(),
        })
    }

    /// How long an honest pace takes.
    fn length(&self) -> TimeDelta {
        let lessons: i64 = self.outline.lessons().map(|lesson| i64::from(lesson.minutes)).sum();
        let tests: i64 = self.outline.assessments.iter().map(|test| i64::from(test.minutes)).sum();
        TimeDelta::minutes(lessons + tests)
    }

    /// Reads every lesson for as long as it takes.
    pub fn read(
        &self,
        c: &mut DbConn,
        mut at: Moment,
        by: &Actor,
        enrolment: EnrolmentId,
    ) -> Result<(Moment, Option<Completion>)> {
        let mut completion = None;
        for lesson in self.outline.lessons() {
            learning::actions::open_lesson(c, at, enrolment, &lesson.key)?;
            at = at + TimeDelta::minutes(i64::from(lesson.minutes));
            completion = learning::actions::complete_item(c, at, by, enrolment, &lesson.key, &site::QUIET)?;
        }
        Ok((at, completion))
    }

    /// Reads, then sits the tests, a good part of a minute for each question. Some questions are harder than others and some people weaker,
    /// so that there is something to see of the questions; but everybody passes.
    pub fn learn(&self, c: &mut DbConn, at: Moment, by: &Actor, enrolment: EnrolmentId) -> Result<Option<Completion>> {
        let (mut at, mut completion) = self.read(c, at, by, enrolment)?;
        let mut chance = Chance::new(enrolment.0.unsigned_abs());
        let weakness = if chance.below(3) == 0 { 2 } else { 1 };
        for test in &self.outline.assessments {
            let attempt = assessments::actions::start(c, at, by, enrolment, &test.id)?;
            let mut spare = test.questions() * 100_u32.saturating_sub(test.pass_percent) / 100;
            for (position, question) in attempt.paper()?.numbered() {
                at = at + TimeDelta::seconds(40);
                let hardness = question.item.bytes().map(usize::from).sum::<usize>() % 10;
                let slips = spare > 0 && chance.below(30) < hardness * weakness;
                let slip = if slips { self.slips.get(&question.item) } else { None };
                spare -= u32::from(slip.is_some());
                let Some(answer) = slip.or_else(|| self.answers.get(&question.item)) else { continue };
                let sent = Sent { position, answer: answer.clone(), sequence: i64::from(position) };
                assessments::actions::save_answer(c, at, attempt.id, &sent)?;
            }
            at = at + TimeDelta::seconds(30);
            completion = assessments::actions::submit(c, at, by, attempt.id, &site::QUIET)?.completion;
        }
        Ok(completion)
    }
}

/// The units that send people on a day.
async fn agencies(app: &App, day: NaiveDate) -> Result<Vec<Agency>> {
    let kinds = [
        UnitKind::Ministry,
        UnitKind::MinisterialAgency,
        UnitKind::GovernmentAgency,
        UnitKind::CentralCity,
        UnitKind::Province,
    ];
    let found = app.db.read(move |c| organisations::queries::valid_on(c, &kinds, day)).await?;
    let agency = |unit: organisations::model::Unit| Agency {
        is_central: !unit.kind.is_province_level(),
        id: unit.id,
        code: unit.code,
    };
    Ok(found.into_iter().map(agency).collect())
}

/// The year 2022, in these courses; one in so many of its people and turns.
pub async fn closed(app: &App, versions: &[VersionId], one_in: usize) -> Result<Made> {
    let mid = NaiveDate::from_ymd_opt(2022, 6, 30).ok_or_else(|| Error::internal("a day"))?;
    let (people, turns) = (PEOPLE / one_in.max(1), TURNS / one_in.max(1));
    let year = closed_year(&mut Chance::new(SEED), &agencies(app, mid).await?, people, turns, versions.len());
    fill(app, "năm 2022", year, versions).await
}

/// What of the running year lies behind us, in the course that is taught now.
pub async fn running(app: &App, version: VersionId) -> Result<Made> {
    let now = app.now();
    let agencies = agencies(app, local_day(now.0)).await?;
    let year = running_year(&mut Chance::new(SEED + 1), &agencies, "MH-KT-01", PEOPLE + 1, now);
    fill(app, "năm nay", year, &[version]).await
}

/// One thing that happens, at its moment.
#[derive(Debug, Clone, Copy)]
enum Step {
    Open(usize),
    Enrol(usize),
    Learn(usize),
}

/// What every step works with.
struct Frame {
    year: Year,
    courses: Vec<Taught>,
    lookup: Lookup,
}

async fn fill(app: &App, what: &str, year: Year, versions: &[VersionId]) -> Result<Made> {
    let versions = versions.to_vec();
    let courses = app
        .db
        .read(move |c| versions.into_iter().map(|version| Taught::load(c, version)).collect::<Result<Vec<_>>>())
        .await?;
    let first = year.runs.iter().map(|run| run.first).min();
    let Some(first) = first else { return Ok(Made::default()) };
    let steps = in_order(&year);
    let (all, began) = (year.turns.len(), Instant::now());
    let frame = Arc::new(Frame { year, courses, lookup: Lookup::of(&app.config) });
    // Everybody is there before the first class of the year is announced.
    let registered = Moment(day_start(first) - TimeDelta::days(14));
    let mut made = Made::default();
    for from in (0..frame.year.people.len()).step_by(TOGETHER) {
        let frame = Arc::clone(&frame);
        made.people.extend(app.db.write("demo.people", move |c| frame.join(c, registered, from)).await?);
    }
    let mut told = Instant::now();
    for batch in steps.chunks(BATCH) {
        let (batch, frame, mut so_far) = (batch.to_vec(), Arc::clone(&frame), std::mem::take(&mut made));
        made = app
            .db
            .write("demo.year", move |c| {
                for (at, step) in batch {
                    frame.take(c, at, step, &mut so_far)?;
                }
                Ok::<_, Error>(so_far)
            })
            .await?;
        if told.elapsed() > TOLD_EVERY {
            told = Instant::now();
            say(what, made.completions.len(), all, began);
        }
    }
    say(what, made.completions.len(), all, began);
    Ok(made)
}

/// Standard error, since standard output belongs to the address and the links.
fn say(what: &str, done: usize, all: usize, began: Instant) {
    eprintln!("Dữ liệu minh họa {what}: {done}/{all} lượt, {:.0} s", began.elapsed().as_secs_f64());
}

/// All steps by their moments. A class is announced a week before it begins.
fn in_order(year: &Year) -> Vec<(Moment, Step)> {
    let announced = |first: NaiveDate| Moment(day_start(first) - TimeDelta::days(7));
    let runs = year.runs.iter().enumerate();
    let mut steps: Vec<(Moment, Step)> = runs.map(|(place, run)| (announced(run.first), Step::Open(place))).collect();
    for (place, turn) in year.turns.iter().enumerate() {
        steps.push((turn.enrolled, Step::Enrol(place)));
        steps.push((turn.done, Step::Learn(place)));
    }
    // Stable, so that runs keep their order and their places.
    steps.sort_by_key(|(at, _)| *at);
    steps
}

fn missing() -> Error {
    Error::internal("the plan of the demonstration names something that is not in it")
}

impl Frame {
    /// Writes down the people from a place on, with where they work.
    fn join(&self, c: &mut DbConn, at: Moment, from: usize) -> Result<Vec<PersonId>> {
        let by = Actor::system();
        let planned: Vec<&Person> = self.year.people.iter().skip(from).take(TOGETHER).collect();
        let new: Vec<NewPerson> = planned.iter().map(|person| NewPerson::named(&person.name)).collect();
        let people = actions::create_people(c, &by, at, &new)?;
        let units: Vec<UnitId> = planned.iter().map(|person| person.unit).collect();
        let units = organisations::queries::by_ids(c, &units)?;
        let membership = |planned: &Person| NewMembership {
            unit: planned.unit,
            position: planned.position.to_owned(),
            category: planned.category,
            from: SINCE
                .into_iter()
                .chain(units.get(&planned.unit).and_then(|unit| unit.valid_from))
                .max()
                .unwrap_or_default(),
        };
        let joined: Vec<(PersonId, NewMembership)> =
            people.iter().zip(planned).map(|(person, planned)| (person.id, membership(planned))).collect();
        actions::join_units(c, &by, at, &joined)?;
        Ok(people.into_iter().map(|person| person.id).collect())
    }

    fn take(&self, c: &mut DbConn, at: Moment, step: Step, made: &mut Made) -> Result<()> {
        match step {
            Step::Open(place) => made.runs.push(self.open(c, at, place)?),
            Step::Enrol(place) => {
                let (turn, person) = self.turn(place, made)?;
                let run = *made.runs.get(turn.run).ok_or_else(missing)?;
                let taken = learning::actions::enrol(c, at, &Actor::system(), run, person, &Entry::Listed)?;
                made.enrolments.insert(place, taken.id());
            }
            Step::Learn(place) => {
                let (turn, person) = self.turn(place, made)?;
                let enrolment = made.enrolments.remove(&place).ok_or_else(missing)?;
                let course = self.course(turn.run)?;
                let by = Actor { person: Some(person), ..Actor::system() };
                let completion = course.learn(c, at - course.length(), &by, enrolment)?;
                let completion = completion.ok_or_else(|| Error::internal("a made-up learner did not complete"))?;
                certificates::actions::issue(c, at, completion.id.0, &self.lookup)?;
                made.completions.push(completion);
            }
        }
        Ok(())
    }

    fn turn(&self, place: usize, made: &Made) -> Result<(Turn, PersonId)> {
        let turn = *self.year.turns.get(place).ok_or_else(missing)?;
        Ok((turn, *made.people.get(turn.person).ok_or_else(missing)?))
    }

    fn course(&self, run: usize) -> Result<&Taught> {
        let run = self.year.runs.get(run).ok_or_else(missing)?;
        self.courses.get(run.course).ok_or_else(missing)
    }

    fn open(&self, c: &mut DbConn, at: Moment, place: usize) -> Result<RunId> {
        let run = self.year.runs.get(place).ok_or_else(missing)?;
        let unit = match run.organiser {
            Some(unit) => unit,
            None => organiser(c, run.first)?,
        };
        let new = NewRun {
            code: run.code.clone(),
            version: self.course(place)?.version,
            unit,
            title: String::new(),
            opens_at: Moment(day_start(run.first)),
            closes_at: Moment(day_end(run.last)),
            capacity: None,
            enrolment: EnrolmentMode::List,
            decision: None,
        };
        Ok(learning::actions::open_run(c, at, &Actor::system(), &new)?.id)
    }
}

/// The national organiser as it was on the day.
fn organiser(c: &mut DbConn, day: NaiveDate) -> Result<UnitId> {
    let today = organisations::queries::by_code(c, ORGANISER)?.ok_or(Error::NotFound)?;
    organisations::queries::carry_forward(c, today.id, day)?.unit().ok_or(Error::NotFound)
}
