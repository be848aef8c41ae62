//! The rows themselves, in batches: diesel's common backend has no batch insert, hence `both!` at each.

use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use serde_json::json;

use super::COURSE;
use crate::{
    access::{Actor, Category, UnitId},
    audit::{Entry, record},
    cli::artificial,
    courses::model::VersionId,
    learning::{
        actions as learning,
        model::{CompletionId, EnrolmentMode, EnrolmentState, Run},
    },
    organisations::model::UnitKind,
    platform::{
        db::{
            DbConn, Moment,
            schema::{class_runs, completion_events, enrolments, lesson_progress, memberships, people, units},
        },
        error::Result,
        i18n::Locale,
        text,
    },
};

/// Rows of one statement: far below the 32 766 values that SQLite takes.
const STATEMENT: usize = 1000;
/// People in one class run.
const CLASS: usize = 500;
const UNITS: usize = 20;

/// What all rows of one call share.
#[derive(Debug, Clone)]
pub struct Bench {
    pub seed: u32,
    pub now: Moment,
    pub units: Vec<UnitId>,
    pub version: VersionId,
    /// So many people, the first, belong to the first unit.
    pub largest: u32,
}

/// A person who was made, with what an enrolment freezes of them.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    pub id: i64,
    pub unit: UnitId,
    pub category: Category,
}

/// The part of the finished lessons that falls to the enrolments from `first` on.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    pub all: u32,
    pub over: u32,
    pub first: u32,
}

impl Share {
    fn of(self, place: u32) -> u32 {
        self.all / self.over + u32::from(self.first + place < self.all % self.over)
    }
}

#[derive(Insertable)]
#[diesel(table_name = people, treat_none_as_default_value = false)]
struct PersonRow {
    code: String,
    family_names: String,
    given_name: String,
    sort_key: String,
    folded: String,
    birth_year: Option<i32>,
    user_name: Option<String>,
    locale: &'static str,
    state: &'static str,
    created_at: Moment,
}

#[derive(Insertable)]
#[diesel(table_name = memberships, treat_none_as_default_value = false)]
struct MembershipRow {
    person_id: i64,
    unit_id: UnitId,
    position: &'static str,
    category: Category,
    valid_from: NaiveDate,
    recorded_at: Moment,
}

#[derive(Insertable)]
#[diesel(table_name = enrolments, treat_none_as_default_value = false)]
struct EnrolmentRow {
    run_id: i64,
    person_id: i64,
    state: EnrolmentState,
    enrolled_at: Moment,
    unit_id: UnitId,
    position: &'static str,
    category: Category,
    frozen_at: Option<Moment>,
    completed_at: Option<Moment>,
}

#[derive(Insertable)]
#[diesel(table_name = lesson_progress, treat_none_as_default_value = false)]
struct ProgressRow {
    enrolment_id: i64,
    lesson_key: String,
    opened_at: Moment,
    completed_at: Option<Moment>,
}

#[derive(Insertable)]
#[diesel(table_name = completion_events, treat_none_as_default_value = false)]
struct CompletionRow {
    kind: &'static str,
    enrolment_id: i64,
    person_id: i64,
    course_id: i64,
    version_id: i64,
    run_id: i64,
    organiser_id: UnitId,
    unit_id: UnitId,
    position: &'static str,
    category: Category,
    is_flagged: bool,
    occurred_at: Moment,
    recorded_at: Moment,
    actor_id: Option<i64>,
}

/// Inserts rows in statements of a size that SQLite takes; it has no other way of batch insert in diesel than its own type.
macro_rules! insert_all {
    ($c:expr, $table:expr, $rows:expr) => {
        for part in $rows.chunks(STATEMENT) {
            // A batch insert is not part of diesel's common backend.
            crate::both!($c, |c| diesel::insert_into($table).values(part).execute(c))?;
        }
    };
}

pub fn holds_people(c: &mut DbConn) -> Result<bool> {
    Ok(people::table.select(people::id).first::<i64>(c).optional()?.is_some())
}

/// Whether the first person of a seed is there.
pub fn has_seed(c: &mut DbConn, seed: u32) -> Result<bool> {
    let first = people::table.filter(people::user_name.eq(user_name(seed, 0)));
    Ok(first.select(people::id).first::<i64>(c).optional()?.is_some())
}

/// The twenty units, made at the first call.
pub fn units(c: &mut DbConn) -> Result<Vec<UnitId>> {
    let mut all = Vec::new();
    for number in 1..=UNITS {
        let code = format!("MH-{number:02}");
        let known = units::table.filter(units::code.eq(&code)).select(units::id).first::<UnitId>(c).optional()?;
        if let Some(known) = known {
            all.push(known);
            continue;
        }
        let name = format!("Cơ quan Minh họa {number:02}");
        let made = diesel::insert_into(units::table)
            .values((
                units::code.eq(code),
                units::name_vi.eq(&name),
                units::name_en.eq(format!("Sample agency {number:02}")),
                units::kind.eq(UnitKind::GovernmentAgency),
                units::folded.eq(text::fold(&name)),
                units::sort_key.eq(text::sort_key(&name)),
            ))
            .returning(units::id)
            .get_result(c)?;
        all.push(made);
    }
    Ok(all)
}

/// Gives each run its people: everybody once before anybody a second time, in classes.
pub fn runs(people: &[Made], enrolments: u32) -> Vec<Vec<Made>> {
    let mut left = usize::try_from(enrolments).unwrap_or(usize::MAX);
    let mut all = Vec::new();
    while left > 0 && !people.is_empty() {
        for class in people.chunks(CLASS) {
            let members: Vec<Made> = class.iter().take(left).copied().collect();
            left -= members.len();
            if !members.is_empty() {
                all.push(members);
            }
        }
    }
    all
}

const GIVEN: [&str; 8] = ["Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám"];
const POSITION: &str = "Chuyên viên (minh họa)";

fn user_name(seed: u32, number: u32) -> String {
    format!("minh-hoa-{seed}-{number}")
}

/// A number that depends on the seed and another number, and looks random.
fn mixed(seed: u32, number: u32) -> u64 {
    let mut z = (u64::from(seed) << 32 | u64::from(number)).wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn pick<T: Copy>(from: &[T], by: u64) -> Option<T> {
    let len = u64::try_from(from.len()).ok().filter(|len| *len > 0)?;
    from.get(usize::try_from(by % len).ok()?).copied()
}

impl Bench {
    /// The people from one number to another, with their memberships.
    pub fn people(&self, c: &mut DbConn, from: u32, to: u32) -> Result<Vec<Made>> {
        let rows: Vec<PersonRow> = (from..to).map(|number| self.person(number)).collect();
        insert_all!(c, people::table, rows);
        let names: Vec<String> = (from..to).map(|number| user_name(self.seed, number)).collect();
        let mut made = Vec::new();
        for part in names.chunks(STATEMENT) {
            let ids: Vec<i64> = people::table
                .filter(people::user_name.eq_any(part))
                .order(people::id.asc())
                .select(people::id)
                .load(c)?;
            for id in ids {
                let by = mixed(self.seed, u32::try_from(id & 0xFFFF_FFFF).unwrap_or(0));
                // One in ten leads, two in ten are technology staff.
                let category = match by % 10 {
                    0 => Category::Leaders,
                    1 | 2 => Category::Technology,
                    _ => Category::Other,
                };
                let place = from.saturating_add(u32::try_from(made.len()).unwrap_or(u32::MAX));
                let unit = if place < self.largest { self.units.first().copied() } else { pick(&self.units, by >> 8) };
                made.extend(unit.map(|unit| Made { id, unit, category }));
            }
        }
        let since = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap_or_default();
        let rows: Vec<MembershipRow> = made
            .iter()
            .map(|person| MembershipRow {
                person_id: person.id,
                unit_id: person.unit,
                position: POSITION,
                category: person.category,
                valid_from: since,
                recorded_at: self.now,
            })
            .collect();
        insert_all!(c, memberships::table, rows);
        Ok(made)
    }

    fn person(&self, number: u32) -> PersonRow {
        let by = mixed(self.seed, number);
        let family_names = format!("Học viên Minh họa {number:07}");
        let given_name = pick(&GIVEN, by).unwrap_or("Một").to_owned();
        PersonRow {
            code: format!("{by:016x}{:016x}", mixed(self.seed.wrapping_add(1), number ^ 0x5555_5555)),
            sort_key: text::person_sort_key(&family_names, &given_name),
            folded: text::fold(&format!("{family_names} {given_name}")),
            family_names,
            given_name,
            birth_year: Some(1965 + i32::try_from(by % 38).unwrap_or(0)),
            user_name: Some(user_name(self.seed, number)),
            locale: Locale::default().tag(),
            state: "active",
            created_at: self.now,
        }
    }

    /// One line of the audit for all of it.
    pub fn record(&self, c: &mut DbConn, (people, enrolments, progress): (u32, u32, u32)) -> Result<()> {
        let after = json!({ "people": people, "enrolments": enrolments, "progress": progress });
        record(c, &Actor::system(), self.now, Entry::new("bench-data.fill", "people", self.seed).after(after))
    }
}

/// A class run to be written with its enrolments and their progress.
pub struct NewRun {
    pub bench: Bench,
    pub number: usize,
    pub members: Vec<Made>,
    pub share: Share,
    /// So many of the members, the first, have completed it.
    pub completed: u32,
    /// The lessons of the course.
    pub lessons: u32,
}

impl NewRun {
    /// Writes all of it; how many lessons were finished, and the completions, still to be counted.
    pub fn write(self, c: &mut DbConn) -> Result<(u32, Vec<CompletionId>)> {
        let Bench { seed, now, ref units, version, .. } = self.bench;
        let organiser = pick(units, u64::try_from(self.number).unwrap_or(0));
        let Some(unit) = organiser else { return Ok((0, Vec::new())) };
        let run = open(c, now, format!("MH-{seed}-{}", self.number + 1), version, unit)?;
        let ends: Vec<Option<Moment>> = (0_u32..)
            .zip(&self.members)
            .map(|(place, _)| (place < self.completed).then(|| self.at(&run, place, self.lessons - 1).1))
            .collect();
        let ids = enrol(c, &run, &self.members, &ends)?;
        let mut progress = Vec::new();
        for (place, enrolment) in (0_u32..).zip(&ids) {
            let finished = if place < self.completed { self.lessons } else { self.share.of(place) };
            for lesson in 0..finished {
                let (opened_at, completed_at) = self.at(&run, place, lesson);
                progress.push((*enrolment, artificial::lesson_key(&COURSE, lesson), opened_at, completed_at));
            }
        }
        write_progress(c, &progress)?;
        let events: Vec<CompletionRow> = ids
            .iter()
            .zip(&self.members)
            .zip(ends)
            .filter_map(|((enrolment, person), ended)| {
                Some(CompletionRow {
                    kind: "completed",
                    enrolment_id: *enrolment,
                    person_id: person.id,
                    course_id: run.course_id.0,
                    version_id: run.version_id.0,
                    run_id: run.id.0,
                    organiser_id: run.unit_id,
                    unit_id: person.unit,
                    position: POSITION,
                    category: person.category,
                    is_flagged: false,
                    occurred_at: ended?,
                    recorded_at: ended?,
                    actor_id: Some(person.id),
                })
            })
            .collect();
        insert_all!(c, completion_events::table, events);
        let of_run = completion_events::table.filter(completion_events::run_id.eq(run.id.0));
        let completions = of_run.order(completion_events::id.asc()).select(completion_events::id).load(c)?;
        Ok((u32::try_from(progress.len()).unwrap_or(u32::MAX), completions))
    }

    /// When the member at a place opened a lesson and finished it: one each three hours, each member from another hour on.
    fn at(&self, run: &Run, place: u32, lesson: u32) -> (Moment, Moment) {
        let opened = run.opens_at + TimeDelta::hours(i64::from(lesson) * 3 + i64::from(place % 90));
        (opened, opened + TimeDelta::minutes(4))
    }
}

/// A class that opened a month ago and goes on for two.
pub fn open(c: &mut DbConn, now: Moment, code: String, version: VersionId, unit: UnitId) -> Result<Run> {
    let new = learning::NewRun {
        code,
        version,
        unit,
        title: String::new(),
        opens_at: now + TimeDelta::days(-30),
        closes_at: now + TimeDelta::days(60),
        capacity: None,
        enrolment: EnrolmentMode::Open,
        decision: None,
    };
    learning::open_run(c, now, &Actor::system(), &new)
}

/// Puts people into a class; the ids of their enrolments in the order of the people, who stand in the order of their own ids.
pub fn enrol(c: &mut DbConn, run: &Run, members: &[Made], ends: &[Option<Moment>]) -> Result<Vec<i64>> {
    let rows: Vec<EnrolmentRow> = members
        .iter()
        .zip(ends)
        .map(|(person, ended)| EnrolmentRow {
            run_id: run.id.0,
            person_id: person.id,
            state: EnrolmentState::Active,
            enrolled_at: run.opens_at,
            unit_id: person.unit,
            position: POSITION,
            category: person.category,
            frozen_at: Some(run.opens_at),
            completed_at: *ended,
        })
        .collect();
    insert_all!(c, enrolments::table, rows);
    diesel::update(class_runs::table.filter(class_runs::id.eq(run.id)))
        .set(class_runs::taken.eq(i64::try_from(rows.len()).unwrap_or(0)))
        .execute(c)?;
    Ok(enrolments::table
        .filter(enrolments::run_id.eq(run.id))
        .order(enrolments::person_id.asc())
        .select(enrolments::id)
        .load(c)?)
}

/// Notes lessons as finished: the enrolment, the key of the lesson, opened and finished when.
pub fn write_progress(c: &mut DbConn, all: &[(i64, String, Moment, Moment)]) -> Result<()> {
    let rows: Vec<ProgressRow> = all
        .iter()
        .map(|(enrolment, key, opened, done)| ProgressRow {
            enrolment_id: *enrolment,
            lesson_key: key.clone(),
            opened_at: *opened,
            completed_at: Some(*done),
        })
        .collect();
    insert_all!(c, lesson_progress::table, rows);
    Ok(())
}
