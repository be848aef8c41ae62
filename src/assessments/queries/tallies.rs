//! The tallies of questions: what is not in them yet, what stands in them, and whether they agree with the answers.
//!
//! A tally is kept for each class and question and derives from the answers, but not in the transaction of the hand-in: thousands of
//! people hand in the same test in the same minutes, and each would wait for the same few rows. A job takes what was handed in into the
//! tallies some seconds later, once ([`super::super::actions::tallies`]). Reading never meets an answer: a class is as many rows as its
//! version has questions, and a course is as many of these as it has classes, of which the latest two hundred are taken.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::{dsl::sql, prelude::*, sql_types::BigInt};

use crate::{
    access::{PersonId, Reach},
    assessments::model::{
        AttemptId, Paper,
        tally::{Details, FEWEST, Tally},
    },
    courses::{model::VersionId, queries as courses},
    learning::model::{EnrolmentId, EnrolmentState, RunId},
    organisations::queries as organisations,
    platform::{
        db::{
            DbConn, Moment,
            schema::{attempt_answers, attempts, check_answers, class_runs, enrolments, item_tallies},
        },
        error::Result,
    },
    questions::model::{Answer, Item},
};

/// The latest classes of a version that are taken together.
const MOST_RUNS: i64 = 200;

/// A question of a class; the test is empty for a question of a lesson.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub run: RunId,
    pub test: String,
    pub item: String,
}

/// Answers that are not in the tallies yet, and what they add to them.
#[derive(Debug, Default)]
pub struct Untallied {
    /// Handed in. Only the first attempt of each person adds anything.
    pub attempts: Vec<AttemptId>,
    pub checks: Vec<(EnrolmentId, String)>,
    pub read: Tallied,
}

/// What some answers add to the tallies.
#[derive(Debug, Default)]
pub struct Tallied {
    pub tallies: BTreeMap<Place, Tally>,
    /// What adds nothing because it cannot be read, a sentence each. It does not hold up the others.
    pub unreadable: Vec<String>,
}

impl Untallied {
    pub fn is_empty(&self) -> bool {
        self.attempts.is_empty() && self.checks.is_empty()
    }
}

/// A stretch of what is not in the tallies yet, the oldest first.
pub fn untallied(c: &mut DbConn, limit: i64) -> Result<Untallied> {
    let waiting = attempts::submitted_at.is_not_null().and(attempts::tallied_at.is_null());
    let handed: Vec<Handed> = attempts::table
        .inner_join(enrolments::table)
        .filter(waiting)
        .order(attempts::id.asc())
        .limit(limit)
        .select(handed())
        .load(c)?;
    let waiting = check_answers::first_answer.is_not_null().and(check_answers::tallied_at.is_null());
    let checked: Vec<Checked> = check_answers::table
        .inner_join(enrolments::table.inner_join(class_runs::table))
        .filter(waiting)
        .order((check_answers::enrolment_id.asc(), check_answers::item_key.asc()))
        .limit(limit)
        .select(checked())
        .load(c)?;
    Ok(Untallied {
        read: tallied(c, &handed, &checked)?,
        attempts: handed.into_iter().map(|one| one.id).collect(),
        checks: checked.into_iter().map(|one| (one.enrolment, one.item)).collect(),
    })
}

/// An attempt that was handed in.
#[derive(Queryable)]
struct Handed {
    id: AttemptId,
    run: RunId,
    version: VersionId,
    test: String,
    number: i32,
    paper: String,
    permille: Option<i32>,
}

#[diesel::dsl::auto_type]
fn handed() -> _ {
    (
        attempts::id,
        enrolments::run_id,
        attempts::version_id,
        attempts::assessment_key,
        attempts::number,
        attempts::paper,
        attempts::points_permille,
    )
}

/// The first answer to a question of a lesson.
#[derive(Queryable)]
struct Checked {
    enrolment: EnrolmentId,
    run: RunId,
    version: VersionId,
    item: String,
    answer: Option<String>,
}

#[diesel::dsl::auto_type]
fn checked() -> _ {
    (
        check_answers::enrolment_id,
        enrolments::run_id,
        class_runs::version_id,
        check_answers::item_key,
        check_answers::first_answer,
    )
}

/// What these answers add to the tallies.
fn tallied(c: &mut DbConn, handed: &[Handed], checked: &[Checked]) -> Result<Tallied> {
    // Who sits a test again has seen what was wrong.
    let mut sat = sat(c, handed.iter().filter(|one| one.number == 1))?;
    let (mut versions, mut keys) = (BTreeSet::new(), BTreeSet::new());
    for (one, paper) in &sat.papers {
        versions.insert(one.version);
        keys.extend(paper.items());
    }
    for one in checked {
        versions.insert(one.version);
        keys.insert(one.item.clone());
    }
    let (versions, keys): (Vec<_>, Vec<_>) = (versions.into_iter().collect(), keys.into_iter().collect());
    let items = courses::questions_of(c, &versions, &keys)?;
    let item = |version: VersionId, key: &str| -> Option<&Item> { items.get(&(version, key.to_owned())) };
    let mut found: BTreeMap<Place, Tally> = BTreeMap::new();
    let mut add = |run, test: &str, tally: &Tally, key: &str| {
        let place = Place { run, test: test.to_owned(), item: key.to_owned() };
        found.entry(place).or_default().add(tally);
    };
    for (one, paper) in &sat.papers {
        for (position, question) in paper.numbered() {
            let Some(item) = item(one.version, &question.item) else { continue };
            let answer = sat.answers.get(&(one.id, position)).unwrap_or(&Answer::Empty);
            add(one.run, &one.test, &Tally::of(item, answer, one.permille), &item.id);
        }
    }
    for one in checked {
        let (Some(item), Some(answer)) = (item(one.version, &one.item), &one.answer) else { continue };
        match serde_json::from_str(answer) {
            Ok(answer) => add(one.run, "", &Tally::of(item, &answer, None), &item.id),
            Err(error) => sat.unreadable.push(format!(
                "enrolment {}, question {}: its first answer cannot be read: {error}",
                one.enrolment, one.item
            )),
        }
    }
    Ok(Tallied { tallies: found, unreadable: sat.unreadable })
}

/// Papers with what was answered on them. One of which anything cannot be read is left out as a whole.
struct Sat<'a> {
    papers: Vec<(&'a Handed, Paper)>,
    answers: HashMap<(AttemptId, i32), Answer>,
    unreadable: Vec<String>,
}

fn sat<'a>(c: &mut DbConn, handed: impl Iterator<Item = &'a Handed>) -> Result<Sat<'a>> {
    let (mut papers, mut unreadable) = (Vec::new(), Vec::new());
    for one in handed {
        match serde_json::from_str(&one.paper) {
            Ok(paper) => papers.push((one, paper)),
            Err(error) => unreadable.push(format!("attempt {}: its paper cannot be read: {error}", one.id)),
        }
    }
    let ids: Vec<AttemptId> = papers.iter().map(|(one, _)| one.id).collect();
    let rows: Vec<(AttemptId, i32, String)> = attempt_answers::table
        .filter(attempt_answers::attempt_id.eq_any(&ids))
        .order((attempt_answers::attempt_id.asc(), attempt_answers::position.asc()))
        .select((attempt_answers::attempt_id, attempt_answers::position, attempt_answers::answer))
        .load(c)?;
    let mut answers = HashMap::new();
    for (id, position, answer) in rows {
        match serde_json::from_str(&answer) {
            Ok(answer) => drop(answers.insert((id, position), answer)),
            Err(error) => {
                papers.retain(|(one, _)| one.id != id);
                unreadable.push(format!("attempt {id}: its answer {position} cannot be read: {error}"));
            }
        }
    }
    Ok(Sat { papers, answers, unreadable })
}

#[derive(Queryable)]
struct Row {
    run: RunId,
    test: String,
    item: String,
    people: i64,
    correct: i64,
    details: String,
}

impl Row {
    fn read(self) -> Result<(Place, Tally)> {
        let details: Details = serde_json::from_str(&self.details)?;
        let tally = Tally { people: self.people, correct: self.correct, details };
        Ok((Place { run: self.run, test: self.test, item: self.item }, tally))
    }
}

#[diesel::dsl::auto_type]
fn row() -> _ {
    (
        item_tallies::run_id,
        item_tallies::test_key,
        item_tallies::item_key,
        item_tallies::people,
        item_tallies::correct,
        item_tallies::details,
    )
}

/// What is kept of these questions in these classes, and of others with the same ids.
pub fn kept(c: &mut DbConn, runs: &[RunId], items: &[String]) -> Result<BTreeMap<Place, Tally>> {
    let rows: Vec<Row> = item_tallies::table
        .filter(item_tallies::run_id.eq_any(runs).and(item_tallies::item_key.eq_any(items)))
        .select(row())
        .load(c)?;
    rows.into_iter().map(Row::read).collect()
}

/// The questions of some classes of one version, taken together by test and question. A class adds to a question only what it would show
/// by itself: otherwise the sum less the other classes would show it.
pub fn of_runs(c: &mut DbConn, runs: &[RunId]) -> Result<BTreeMap<(String, String), Tally>> {
    let rows: Vec<Row> = item_tallies::table
        .filter(item_tallies::run_id.eq_any(runs).and(item_tallies::people.ge(FEWEST)))
        .select(row())
        .load(c)?;
    let mut found: BTreeMap<(String, String), Tally> = BTreeMap::new();
    for row in rows {
        let (place, tally) = row.read()?;
        found.entry((place.test, place.item)).or_default().add(&tally);
    }
    Ok(found)
}

/// How many questions of a class so few people had that nothing is shown of them.
pub fn too_few(c: &mut DbConn, runs: &[RunId]) -> Result<i64> {
    let few = item_tallies::run_id.eq_any(runs).and(item_tallies::people.lt(FEWEST));
    Ok(item_tallies::table.filter(few).count().get_result(c)?)
}

/// The latest classes of a version whose organiser lies within a reach.
pub fn runs_of_version(c: &mut DbConn, version: VersionId, reach: &Reach, on: NaiveDate) -> Result<Vec<RunId>> {
    let mut query = class_runs::table.filter(class_runs::version_id.eq(version)).select(class_runs::id).into_boxed();
    match reach {
        Reach::Nowhere => return Ok(Vec::new()),
        Reach::Everywhere => {}
        Reach::Under(roots) => {
            query = query.filter(class_runs::unit_id.eq_any(organisations::subtree_ids(c, roots, on)?));
        }
    }
    Ok(query.order((class_runs::opens_at.desc(), class_runs::id.desc())).limit(MOST_RUNS).load(c)?)
}

/// The questions of these classes that fewest people got right, and how many had them and were right; only of those that somebody got
/// wrong, and never of few people.
pub fn hardest(c: &mut DbConn, runs: &[RunId], limit: i64) -> Result<Vec<(Place, i64, i64)>> {
    let rows: Vec<(RunId, String, String, i64, i64)> = item_tallies::table
        .filter(item_tallies::run_id.eq_any(runs))
        .filter(item_tallies::people.ge(FEWEST).and(item_tallies::correct.lt(item_tallies::people)))
        .order((
            sql::<BigInt>("correct * 1000 / people").asc(),
            item_tallies::people.desc(),
            item_tallies::item_key.asc(),
        ))
        .limit(limit)
        .select((
            item_tallies::run_id,
            item_tallies::test_key,
            item_tallies::item_key,
            item_tallies::people,
            item_tallies::correct,
        ))
        .load(c)?;
    let place = |(run, test, item, people, correct)| (Place { run, test, item }, people, correct);
    Ok(rows.into_iter().map(place).collect())
}

/// Whether somebody is still learning what a version teaches: its questions lie before them.
pub fn is_before(c: &mut DbConn, version: VersionId, person: PersonId, now: Moment) -> Result<bool> {
    let learns = enrolments::table
        .inner_join(class_runs::table)
        .filter(enrolments::person_id.eq(person).and(enrolments::state.eq(EnrolmentState::Active)))
        .filter(enrolments::completed_at.is_null())
        .filter(class_runs::version_id.eq(version).and(class_runs::closes_at.gt(now)));
    Ok(diesel::select(diesel::dsl::exists(learns)).get_result(c)?)
}

/// Answers read together while verifying.
const STEP: i64 = 500;

/// Counts every answer that went into the tallies anew; one line for each question whose tally says something else, and for each answer
/// that cannot be read.
pub fn verify(c: &mut DbConn) -> Result<Vec<String>> {
    let mut counted: BTreeMap<Place, Tally> = BTreeMap::new();
    let mut differences = Vec::new();
    let mut add = |more: Tallied| {
        more.tallies.into_iter().for_each(|(place, tally)| counted.entry(place).or_default().add(&tally));
        differences.extend(more.unreadable);
    };
    let mut after = AttemptId(0);
    loop {
        let rows: Vec<Handed> = attempts::table
            .inner_join(enrolments::table)
            .filter(attempts::tallied_at.is_not_null().and(attempts::id.gt(after)))
            .order(attempts::id.asc())
            .limit(STEP)
            .select(handed())
            .load(c)?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        add(tallied(c, &rows, &[])?);
    }
    let mut after = EnrolmentId(0);
    loop {
        let people: Vec<EnrolmentId> = check_answers::table
            .filter(check_answers::tallied_at.is_not_null().and(check_answers::enrolment_id.gt(after)))
            .order(check_answers::enrolment_id.asc())
            .select(check_answers::enrolment_id)
            .distinct()
            .limit(STEP)
            .load(c)?;
        let Some(last) = people.last().copied() else { break };
        let rows: Vec<Checked> = check_answers::table
            .inner_join(enrolments::table.inner_join(class_runs::table))
            .filter(check_answers::tallied_at.is_not_null())
            .filter(check_answers::enrolment_id.gt(after).and(check_answers::enrolment_id.le(last)))
            .select(checked())
            .load(c)?;
        after = last;
        add(tallied(c, &[], &rows)?);
    }
    let rows: Vec<Row> = item_tallies::table.select(row()).load(c)?;
    for row in rows {
        let (place, tally) = row.read()?;
        let right = counted.remove(&place);
        if right.as_ref() != Some(&tally) {
            let (people, correct) = right.map_or((0, 0), |right| (right.people, right.correct));
            differences.push(format!(
                "class run {}, question {}: its tally says {} of {} were right, the answers make {correct} of {people}",
                place.run, place.item, tally.correct, tally.people
            ));
        }
    }
    differences.extend(counted.into_iter().map(|(place, tally)| {
        let Place { run, item, .. } = place;
        format!("class run {run}, question {item}: the answers make {} people, there is no tally", tally.people)
    }));
    Ok(differences)
}
