//! The list behind a number: who, in which class run, and whether it counts or why not.

use diesel::{
    dsl::{count_star, exists, not, sql},
    prelude::*,
    sql_types::BigInt,
};

use super::{course_ids, facts::facts, scope::Scope};
use crate::{
    access::{Category, PersonId, UnitId},
    organisations::{model::Unit, queries as organisations},
    platform::{
        db::{
            DbConn, Moment,
            schema::{
                certificates, class_runs, completion_events, counted_people, counted_turns, courses, enrolments,
                outside_classes, outside_completions, people,
            },
        },
        error::Result,
        text::fold,
    },
    targets::model::{Rule, Target, Verdict},
};

/// What of a list is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Only what counts, or only what does not.
    pub counted: Option<bool>,
    /// Only what makes its person count.
    pub people_only: bool,
    /// Part of a name or the code of a person: then all that these people ever completed is listed, whatever the reason it
    /// does not count for.
    pub search: String,
}

/// A completion in the list.
#[derive(Debug, Clone)]
pub struct Record {
    pub completion: i64,
    pub person: PersonId,
    pub person_code: String,
    pub name: String,
    pub birth_year: Option<i32>,
    pub unit: Option<Unit>,
    pub category: Category,
    pub position: String,
    pub course: String,
    /// Without one it was a class outside the system.
    pub run: Option<String>,
    /// The decision to hold a class outside the system.
    pub decision: Option<String>,
    pub occurred_at: Moment,
    pub verdict: Verdict,
    /// The person is counted by this one.
    pub seats_person: bool,
    /// The register number of its valid certificate.
    pub certificate: Option<String>,
}

#[derive(Debug, Clone)]
pub struct RecordsPage {
    pub rows: Vec<Record>,
    pub total: i64,
}

pub const RECORDS_A_PAGE: i64 = 50;

type Row = (
    (i64, PersonId, UnitId, Category, String, Moment),
    (String, String, String, Option<i32>),
    String,
    (Option<String>, Option<String>),
    Option<i64>,
    Option<String>,
);

/// The people whose name has these words or who have this code.
macro_rules! named {
    ($words:expr, $code:expr) => {{
        let named = diesel::alias!(people as named);
        let code = named.field(people::code).eq($code.trim().to_owned());
        let is_so = named.field(people::folded).like(format!("%{}%", $words)).or(code);
        named.filter(is_so).select(named.field(people::id))
    }};
}

/// Narrows completions to what is asked for. To count them and to find those of a page nothing else is read; there may be a hundred
/// thousand.
macro_rules! asked {
    ($completions:expr, $course:expr, $target:expr, $courses:expr, $scope:expr, $asked:expr) => {{
        let (start, end) = ($target.period().start(), $target.period().end());
        let turn = counted_turns::table
            .filter(counted_turns::completion_id.eq(completion_events::id))
            .filter(counted_turns::target_id.eq($target.id.0));
        let seat = counted_people::table
            .filter(counted_people::completion_id.eq(completion_events::id))
            .filter(counted_people::target_id.eq($target.id.0));
        let mut query = $completions.into_boxed();
        // First, while there is no other condition: parts of a unit are joined by "or".
        match $scope {
            Scope::Nation => {}
            Scope::Units(units) => {
                query = query.filter(completion_events::unit_id.eq_any(units.iter().map(|u| u.0).collect::<Vec<_>>()));
            }
            Scope::ByDay(parts) => {
                for (days, units) in parts {
                    let units: Vec<i64> = units.iter().map(|u| u.0).collect();
                    let at = completion_events::occurred_at;
                    let then = at.ge(days.start()).and(at.lt(days.end()));
                    query = query.or_filter(completion_events::unit_id.eq_any(units).and(then));
                }
            }
        }
        query = query.filter(completion_events::kind.eq("completed"));
        let words = words_of(&$asked.search);
        if words.is_empty() {
            let inside = completion_events::occurred_at.ge(start).and(completion_events::occurred_at.lt(end));
            let runs = class_runs::table
                .filter(class_runs::opens_at.lt(end).and(class_runs::closes_at.gt(start)))
                .select(class_runs::id.nullable());
            query = query
                .filter($course.eq_any($courses.to_vec()))
                .filter(inside.nullable().or(completion_events::run_id.eq_any(runs)));
        } else {
            query = query.filter(completion_events::person_id.eq_any(named!(words, $asked.search)));
        }
        query = match $asked.counted {
            None => query,
            Some(true) => query.filter(exists(turn)),
            Some(false) => query.filter(not(exists(turn))),
        };
        if $asked.people_only {
            query = query.filter(exists(seat));
        }
        query
    }};
}

/// What is looked for in names.
fn words_of(search: &str) -> String {
    fold(search).chars().filter(|c| !matches!(c, '%' | '_' | '\\')).collect()
}

/// To put a long list in order by name takes longer than a page may. Then the people are walked in the order of their names until the page
/// is full: a column with a sign before it is no way into a table, which leaves SQLite only the other end to start at. PostgreSQL sees by
/// itself that this is shorter, as long as it knows the columns: behind a sign it takes them for rare and sorts. The last pages of a long
/// list have no short way; nobody turns to them one by one.
fn is_sent_walking(c: &DbConn, total: i64, page: i64, search: &str) -> bool {
    matches!(c, DbConn::Sqlite(_)) && total >= LONG && page <= WALKED && words_of(search).is_empty()
}

const LONG: i64 = 5_000;
const WALKED: i64 = 20;

/// One page of the list, by name.
pub fn records(c: &mut DbConn, target: &Target, scope: &Scope, asked: &Asked, page: i64) -> Result<RecordsPage> {
    let (listed, page) = (course_ids(c, target.id)?, page.max(1));
    let total: i64 = asked!(completion_events::table, completion_events::course_id, target, listed, scope, asked)
        .select(count_star())
        .first(c)?;
    let in_order =
        (people::sort_key.asc(), people::id.asc(), completion_events::occurred_at.asc(), completion_events::id.asc());
    let named = completion_events::table.inner_join(people::table);
    macro_rules! of_page {
        ($named:expr, $course:expr) => {
            asked!($named, $course, target, listed, scope, asked)
                .order(in_order)
                .limit(RECORDS_A_PAGE)
                .offset((page - 1) * RECORDS_A_PAGE)
                .select(completion_events::id)
                .load(c)?
        };
    }
    let of_page: Vec<i64> = if is_sent_walking(c, total, page, &asked.search) {
        let theirs = sql::<BigInt>("+people.id").eq(completion_events::person_id);
        let named = completion_events::table.inner_join(people::table.on(theirs));
        of_page!(named, sql::<BigInt>("+completion_events.course_id"))
    } else {
        of_page!(named, completion_events::course_id)
    };
    let seat = counted_people::completion_id.eq(completion_events::id).and(counted_people::target_id.eq(target.id.0));
    let paper = certificates::completion_id.eq(completion_events::id).and(certificates::state.eq("valid"));
    let rows: Vec<Row> = named
        .inner_join(courses::table.on(courses::id.eq(completion_events::course_id)))
        .left_join(class_runs::table.on(class_runs::id.nullable().eq(completion_events::run_id)))
        .left_join(outside_completions::table.on(outside_completions::completion_id.eq(completion_events::id)))
        .left_join(outside_classes::table.on(outside_classes::id.eq(outside_completions::class_id)))
        .left_join(counted_people::table.on(seat))
        .left_join(certificates::table.on(paper))
        .filter(completion_events::id.eq_any(of_page))
        .order(in_order)
        .select((
            (
                completion_events::id,
                completion_events::person_id,
                completion_events::unit_id,
                completion_events::category,
                completion_events::position,
                completion_events::occurred_at,
            ),
            (people::code, people::family_names, people::given_name, people::birth_year),
            courses::code,
            (class_runs::code.nullable(), outside_classes::decision.nullable()),
            counted_people::completion_id.nullable(),
            certificates::register_number.nullable(),
        ))
        .load(c)?;
    let ids: Vec<i64> = rows.iter().map(|r| r.0.0).collect();
    let facts: std::collections::HashMap<i64, _> = facts(c, &ids)?.into_iter().map(|f| (f.completion, f)).collect();
    let units = organisations::by_ids(c, &rows.iter().map(|r| r.0.2).collect::<Vec<_>>())?;
    let rule = Rule { courses: &listed, period: target.period() };
    let rows = rows
        .into_iter()
        .map(
            |(
                (completion, person, unit, category, position, occurred_at),
                who,
                course,
                (run, decision),
                seat,
                certificate,
            )| {
                let (person_code, family, given, birth_year) = who;
                Record {
                    completion,
                    person,
                    person_code,
                    name: format!("{family} {given}").trim().to_owned(),
                    birth_year,
                    unit: units.get(&unit).cloned(),
                    category,
                    position,
                    course,
                    run,
                    decision,
                    occurred_at,
                    verdict: facts.get(&completion).map_or(Verdict::Unknown, |f| rule.verdict(f, None)),
                    seats_person: seat.is_some(),
                    certificate,
                }
            },
        )
        .collect();
    Ok(RecordsPage { rows, total })
}

/// Somebody in a class of the target who has not completed it.
#[derive(Debug, Clone)]
pub struct Open {
    pub name: String,
    pub birth_year: Option<i32>,
    pub unit: Option<Unit>,
    pub position: String,
    pub category: Category,
    pub course: String,
    pub run: String,
    /// Until when it can be completed.
    pub closes_at: Moment,
}

type OpenRow = ((UnitId, Category, String), (String, String, Option<i32>), String, (String, Moment));

/// As [`asked`]: there may be a million.
macro_rules! open {
    ($enrolments:expr, $run:expr, $target:expr, $courses:expr, $scope:expr, $search:expr) => {{
        let (start, end) = ($target.period().start(), $target.period().end());
        let runs = class_runs::table
            .filter(class_runs::course_id.eq_any($courses.to_vec()))
            .filter(class_runs::opens_at.lt(end).and(class_runs::closes_at.gt(start)))
            .select(class_runs::id);
        let mut query = $enrolments
            .filter(enrolments::state.eq("active").and(enrolments::completed_at.is_null()))
            .filter($run.eq_any(runs))
            .into_boxed();
        if let Some(units) = $scope.units() {
            query = query.filter(enrolments::unit_id.eq_any(units.iter().map(|u| u.0).collect::<Vec<_>>()));
        }
        let words = words_of($search);
        if !words.is_empty() {
            query = query.filter(enrolments::person_id.eq_any(named!(words, $search)));
        }
        query
    }};
}

/// One page of those who are in the target's classes without having completed them, and how many there are.
#[derive(Debug)]
pub struct OpenPage {
    pub rows: Vec<Open>,
    /// Counted no further than to ten thousand.
    pub total: i64,
    pub is_more: bool,
}

/// Where counting who has not completed ends: how many a large agency still lacks is said by its target, and counting a quarter of a million
/// rows takes PostgreSQL as long as a page may.
const OPEN_COUNTED: i64 = 10_000;

/// Who is in the target's classes without having completed them, by name, [`RECORDS_A_PAGE`] at a time.
pub fn open_enrolments(c: &mut DbConn, target: &Target, scope: &Scope, search: &str, page: i64) -> Result<OpenPage> {
    let (listed, page) = (course_ids(c, target.id)?, page.max(1));
    let all = || open!(enrolments::table, enrolments::run_id, target, listed, scope, search);
    let beyond: Option<i64> = all().select(enrolments::id).offset(OPEN_COUNTED).limit(1).first(c).optional()?;
    let is_more = beyond.is_some();
    let total: i64 = if is_more { OPEN_COUNTED } else { all().select(count_star()).first(c)? };
    let in_order = (people::sort_key.asc(), people::id.asc(), enrolments::id.asc());
    macro_rules! of_page {
        ($named:expr, $run:expr) => {
            open!($named, $run, target, listed, scope, search)
                .order(in_order)
                .limit(RECORDS_A_PAGE)
                .offset((page - 1) * RECORDS_A_PAGE)
                .select(enrolments::id)
                .load(c)?
        };
    }
    let of_page: Vec<i64> = if is_sent_walking(c, total, page, search) {
        let theirs = sql::<BigInt>("+people.id").eq(enrolments::person_id);
        let named = enrolments::table.inner_join(people::table.on(theirs));
        of_page!(named, sql::<BigInt>("+enrolments.run_id"))
    } else {
        of_page!(enrolments::table.inner_join(people::table), enrolments::run_id)
    };
    let rows: Vec<OpenRow> = enrolments::table
        .inner_join(class_runs::table.inner_join(courses::table))
        .inner_join(people::table)
        .filter(enrolments::id.eq_any(of_page))
        .order(in_order)
        .select((
            (enrolments::unit_id, enrolments::category, enrolments::position),
            (people::family_names, people::given_name, people::birth_year),
            courses::code,
            (class_runs::code, class_runs::closes_at),
        ))
        .load(c)?;
    let units = organisations::by_ids(c, &rows.iter().map(|r| r.0.0).collect::<Vec<_>>())?;
    let open =
        rows.into_iter().map(|((unit, category, position), (family, given, birth_year), course, (run, closes_at))| {
            let name = format!("{family} {given}").trim().to_owned();
            Open { name, birth_year, unit: units.get(&unit).cloned(), position, category, course, run, closes_at }
        });
    Ok(OpenPage { rows: open.collect(), total, is_more })
}
