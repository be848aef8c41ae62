//! The programme of 100 core experts as it might stand in autumn: 100 seats for the provinces, 87 approved, 14 waiting since the seats of
//! their own agency are used up, and with the first agency nominations in every other state. All of it by the actions that the pages use.

use chrono::{NaiveDate, TimeDelta};

use super::data::{FIRST_AGENCY, ORGANISER, SECOND_AGENCY};
use crate::{
    access::{Actor, Category, PersonId, UnitId},
    accounts::{
        actions,
        model::{NewMembership, NewPerson},
    },
    app::App,
    courses::model::VersionId,
    learning::{
        self,
        actions::NewRun,
        model::{EnrolmentMode, RunId},
    },
    organisations::{self, model::UnitKind},
    platform::{
        clock::{day_end, local_day},
        db::{DbConn, Moment},
        error::{Error, Result},
        files::{Limits, MediaType},
    },
    programmes::{self, actions::NewLetter, model::Rules},
    targets::{
        actions::quotas,
        model::quota::{Allocation, Letter, NewRound, QuotaId},
        queries::quotas as quota_queries,
    },
};

/// The code of the round.
pub const ROUND: &str = "chuyen-gia-nong-cot";
const SEATS: i64 = 100;
/// Agencies that want more seats than they have, and those that fill theirs; the two of the demonstration come beside them.
const OVER: usize = 7;
const FULL: usize = 21;
/// Nominees who wait in each agency that wants more.
const BEYOND: usize = 2;
const EACH: usize = 3;

/// Who acts: the coordinator decides, the officers of the two agencies nominate, and a learner is among the nominees.
pub struct Cast {
    pub coordinator: PersonId,
    pub officers: [PersonId; 2],
    pub learner: PersonId,
}

/// An agency, who acts for it, and what it does: so many approved, waiting, submitted.
struct Part {
    unit: UnitId,
    officer: PersonId,
    approved: usize,
    waiting: usize,
    submitted: usize,
}

pub async fn make(app: &App, cast: &Cast, version: VersionId) -> Result<()> {
    let now = app.now();
    let by = Actor { person: Some(cast.coordinator), ..Actor::system() };
    let (one, two) = (cast.officers, by.clone());
    let (run, parts) = app
        .db
        .write("demo.round", move |c| {
            let run = class(c, now, &two, version)?;
            let parts = parts(c, now, one)?;
            hand_out(c, now, &two, run, &parts)?;
            Ok::<_, Error>((run, parts))
        })
        .await?;
    tracing::debug!(run = run.0, "the class of the core experts");
    let mut number = 0;
    for (place, part) in parts.into_iter().enumerate() {
        let count = part.approved + part.waiting + part.submitted;
        if count == 0 {
            continue;
        }
        let letter = letter(app, now, place).await?;
        let (coordinator, learner) = (by.clone(), (place == 0).then_some(cast.learner));
        let first = number;
        number += count;
        app.db
            .write("demo.nominations", move |c| {
                let nominees = people(c, now, part.unit, first, count)?;
                nominate(c, now, &coordinator, &part, nominees, learner, &letter)
            })
            .await?;
    }
    let by = Actor { person: cast.officers.first().copied(), ..Actor::system() };
    app.db
        .write("demo.nominations", move |c| {
            let (round, quota, unit) = programmes::queries::place(c, ROUND, FIRST_AGENCY)?;
            // Two that the unit has not sent up yet.
            for person in people(c, now, unit.id, number, 2)? {
                programmes::actions::nominate(c, &by, now, &round, &quota, person)?;
            }
            programmes::actions::tell_deciders(c, now, &round, &quota, 2)
        })
        .await
}

/// Those who learnt this year have the seats that were handed out for the plan.
pub async fn fill(app: &App, cast: &Cast, seats: Vec<(QuotaId, Vec<PersonId>)>) -> Result<()> {
    let now = app.now();
    let (sent, decided) = (now - TimeDelta::days(10), now - TimeDelta::days(9));
    let by = Actor { person: Some(cast.coordinator), ..Actor::system() };
    let officer = Actor { person: cast.officers.first().copied(), ..Actor::system() };
    for (place, (id, people)) in seats.into_iter().enumerate().filter(|(_, (_, people))| !people.is_empty()) {
        let letter = letter(app, now, place).await?;
        let (by, officer) = (by.clone(), officer.clone());
        app.db
            .write("demo.nominations", move |c| {
                let quota = quota_queries::quota(c, id)?;
                let round = quota_queries::round(c, quota.round_id)?;
                let mut made = Vec::new();
                for person in people {
                    made.push(programmes::actions::nominate(c, &officer, sent, &round, &quota, person)?.id);
                }
                let letter = programmes::actions::add_letter(c, &officer, sent, &quota, &letter)?;
                programmes::actions::submit(c, &officer, sent, &quota, Some(letter))?;
                for nomination in made {
                    programmes::actions::approve(c, &by, decided, nomination)?;
                }
                Ok::<_, Error>(())
            })
            .await?;
    }
    Ok(())
}

/// The class into which approved nominees come; it begins in two weeks.
fn class(c: &mut DbConn, now: Moment, by: &Actor, version: VersionId) -> Result<RunId> {
    let organiser = organisations::queries::by_code(c, ORGANISER)?.ok_or(Error::NotFound)?;
    let new = NewRun {
        code: "MH-CG-01".to_owned(),
        version,
        unit: organiser.id,
        title: "Chuyên gia nòng cốt, lớp 01 (minh họa)".to_owned(),
        opens_at: now + TimeDelta::days(14),
        closes_at: Moment(day_end(local_day(now.0) + TimeDelta::days(90))),
        capacity: Some(SEATS),
        enrolment: EnrolmentMode::List,
        decision: None,
    };
    Ok(learning::actions::open_run(c, now, by, &new)?.id)
}

/// What each province does; the two agencies of the demonstration first.
fn parts(c: &mut DbConn, now: Moment, officers: [PersonId; 2]) -> Result<Vec<Part>> {
    let kinds = [UnitKind::CentralCity, UnitKind::Province];
    let mut units = organisations::queries::valid_on(c, &kinds, local_day(now.0))?;
    units.sort_by_key(|unit| (unit.code != FIRST_AGENCY, unit.code != SECOND_AGENCY, unit.id));
    let [first, second] = officers;
    let part = |place: usize, unit: UnitId| {
        let (officer, approved, waiting, submitted) = match place {
            0 => (first, 2, 0, 2),
            1 => (second, 1, 0, 2),
            _ if place < 2 + OVER => (second, EACH, BEYOND, 0),
            _ if place < 2 + OVER + FULL => (second, EACH, 0, 0),
            _ => (second, 0, 0, 0),
        };
        Part { unit, officer, approved, waiting, submitted }
    };
    Ok(units.into_iter().enumerate().map(|(place, unit)| part(place, unit.id)).collect())
}

/// Opens the round and hands its seats out: three to each, two to the last, so that they make exactly a hundred.
fn hand_out(c: &mut DbConn, now: Moment, by: &Actor, run: RunId, parts: &[Part]) -> Result<()> {
    let letter = Letter { number: "100/CV-MH".to_owned(), date: Some(local_day(now.0) - TimeDelta::days(20)) };
    let new = NewRound {
        code: ROUND.to_owned(),
        title_vi: "100 chuyên gia nòng cốt (minh họa)".to_owned(),
        title_en: "100 core experts (illustration)".to_owned(),
        target: None,
        run: Some(run),
        total: SEATS,
        deadline: Some(local_day(now.0) + TimeDelta::days(10)),
        letter: letter.clone(),
    };
    let round = quotas::open_round(c, by, now, &new)?;
    let categories = vec![Category::Leaders, Category::Technology];
    programmes::actions::set_rules(c, by, now, round.id, &Rules { categories, ..Rules::default() })?;
    let (mut left, mut rows) = (SEATS, Vec::new());
    for (place, part) in parts.iter().enumerate() {
        let after = i64::try_from(parts.len() - place - 1).map_err(Error::internal)?;
        // Two at least for each of those still to come.
        let seats = 3.min(left - 2 * after).max(0);
        left -= seats;
        rows.push((part.unit, seats));
    }
    rows.retain(|(_, seats)| *seats > 0);
    let allocation = Allocation { round: round.id, parent: None, rows, deadline: None, letter, reason: String::new() };
    quotas::allocate(c, by, now, &allocation).map(drop)
}

/// A letter of one page that says what it is.
pub(super) async fn letter(app: &App, now: Moment, place: usize) -> Result<NewLetter> {
    const LIMITS: Limits = Limits { max_bytes: 4096, accept: &[MediaType::Pdf] };
    let page = format!(
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
         3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n% minh hoa {place}\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
    );
    let stored = app.files.put_bytes("letters", page.as_bytes(), &LIMITS).await.map_err(Error::internal)?;
    Ok(NewLetter {
        number: format!("{:02}/CV-MH", place + 1),
        dated: local_day(now.0) - TimeDelta::days(5),
        stored,
        name: "cong-van-minh-hoa.pdf".to_owned(),
    })
}

/// Made-up nominees of a unit.
fn people(c: &mut DbConn, now: Moment, unit: UnitId, first: usize, count: usize) -> Result<Vec<PersonId>> {
    let since = NaiveDate::from_ymd_opt(2025, 7, 1).ok_or_else(|| Error::internal("a day"))?;
    let new: Vec<NewPerson> = (first..first + count)
        .map(|number| {
            let mut person = NewPerson::named(&format!("Ứng viên Minh họa {:03}", number + 1));
            person.birth_year = i32::try_from(1972 + number % 20).ok();
            person.user_name = Some(format!("ungvien.{:03}", number + 1));
            person
        })
        .collect();
    let made = actions::create_people(c, &Actor::system(), now, &new)?;
    let place = |number: usize| {
        let (position, category) = match number % 2 {
            0 => ("Trưởng phòng Công nghệ thông tin", Category::Leaders),
            _ => ("Chuyên viên chính", Category::Technology),
        };
        NewMembership { unit, position: position.to_owned(), category, from: since }
    };
    let places: Vec<_> = made.iter().enumerate().map(|(number, person)| (person.id, place(number))).collect();
    actions::join_units(c, &Actor::system(), now, &places)?;
    Ok(made.into_iter().map(|person| person.id).collect())
}

/// Nominates them, sends them up with the letter, and decides what is to be decided.
fn nominate(
    c: &mut DbConn,
    now: Moment,
    coordinator: &Actor,
    part: &Part,
    mut nominees: Vec<PersonId>,
    learner: Option<PersonId>,
    letter: &NewLetter,
) -> Result<()> {
    let unit = organisations::queries::unit(c, part.unit)?;
    let (round, quota, _) = programmes::queries::place(c, ROUND, &unit.code)?;
    // The learner is the last of those that are only submitted, in the place of a made-up one.
    if let (Some(learner), Some(last)) = (learner, nominees.last_mut()) {
        *last = learner;
    }
    let by = Actor { person: Some(part.officer), ..Actor::system() };
    let (sent, decided) = (now - TimeDelta::days(4), now - TimeDelta::days(2));
    let mut made = Vec::new();
    for person in nominees {
        made.push(programmes::actions::nominate(c, &by, sent, &round, &quota, person)?.id);
    }
    let id = programmes::actions::add_letter(c, &by, sent, &quota, letter)?;
    programmes::actions::submit(c, &by, sent, &quota, Some(id))?;
    for nomination in made.iter().take(part.approved + part.waiting) {
        programmes::actions::approve(c, coordinator, decided, *nomination)?;
    }
    if let Some(first) = learner.and_then(|_| made.get(part.approved)) {
        let reason = "Minh họa: công văn chưa ghi chức vụ hiện tại";
        programmes::actions::give_back(c, coordinator, decided, *first, reason)?;
    }
    Ok(())
}
