//! Who learns what and when in the made-up data, decided from a seed before anything is written: the same seed gives the same
//! years. Pure, so that its totals can be tested without a database.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};

use crate::{
    access::{Category, UnitId},
    platform::{clock::day_start, db::Moment},
};

/// An agency that sends people.
#[derive(Debug, Clone)]
pub struct Agency {
    pub id: UnitId,
    pub code: String,
    /// A ministry or its equal; otherwise a province or a city.
    pub is_central: bool,
}

/// Somebody who learns.
#[derive(Debug, Clone)]
pub struct Person {
    pub name: String,
    pub unit: UnitId,
    pub position: &'static str,
    pub category: Category,
}

/// A class run.
#[derive(Debug, Clone)]
pub struct Run {
    pub code: String,
    /// Which of the courses that were given.
    pub course: usize,
    /// `None` is the body that organises for the whole country.
    pub organiser: Option<UnitId>,
    pub first: NaiveDate,
    pub last: NaiveDate,
}

/// One person in one run, from taking a seat to the end of the course.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    pub person: usize,
    pub run: usize,
    pub enrolled: Moment,
    pub done: Moment,
}

/// A year: runs by the day they open, turns by the moment they end.
#[derive(Debug, Clone, Default)]
pub struct Year {
    pub people: Vec<Person>,
    pub runs: Vec<Run>,
    pub turns: Vec<Turn>,
}

/// A stream of numbers that looks random and is always the same (splitmix64).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap_or(1);
        usize::try_from(self.next() % limit).unwrap_or(0)
    }

    fn between(&mut self, least: i64, most: i64) -> i64 {
        least + i64::try_from(self.below(usize::try_from(most - least + 1).unwrap_or(1))).unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let at = self.below(from.len());
        from.get(at)
    }

    /// The place of a weight, as often as it is heavy.
    fn by_weight(&mut self, weights: impl Iterator<Item = usize> + Clone) -> usize {
        let mut left = self.below(weights.clone().sum());
        for (place, weight) in weights.enumerate() {
            match left.checked_sub(weight) {
                Some(rest) => left = rest,
                None => return place,
            }
        }
        0
    }
}

/// How many class runs of the country open in each month of 2022: few before the directive of April, most around the day of digital
/// transformation in October.
const NATIONAL: [usize; 12] = [0, 0, 1, 2, 4, 5, 4, 5, 7, 9, 6, 3];
/// Agencies that sent nobody, so that the list of those without figures is not empty.
const SILENT: usize = 3;
/// One agency in so many also holds classes of its own.
const OWN: usize = 3;

/// The year 2022 with exactly so many people and turns.
pub fn closed_year(chance: &mut Chance, agencies: &[Agency], people: usize, turns: usize, courses: usize) -> Year {
    let mut year = Year::default();
    let mut sizes: Vec<(usize, usize)> = Vec::new();
    for (place, agency) in agencies.iter().enumerate() {
        // A skewed weight: some agencies sent ten times as many as others, provinces more than ministries.
        let (one, two) = (chance.below(100), chance.below(100));
        let weight = 8 + one * two / 25;
        sizes.push((place, if agency.is_central { weight / 2 + 3 } else { weight }));
    }
    for _ in 0..SILENT {
        let at = chance.below(sizes.len());
        if let Some((_, weight)) = sizes.get_mut(at) {
            *weight = 0;
        }
    }
    let own: Vec<UnitId> = sizes
        .iter()
        .filter(|(place, weight)| *weight > 20 && place % OWN == 0)
        .filter_map(|(place, _)| Some(agencies.get(*place)?.id))
        .collect();
    year.runs = runs_of(chance, agencies, &own, courses);
    for number in 1..=people {
        let place = chance.by_weight(sizes.iter().map(|(_, weight)| *weight));
        if let Some(agency) = agencies.get(place) {
            year.people.push(person(chance, number, agency));
        }
    }
    // Everybody once; then some a second and a few a third time, never twice in a run.
    let mut taken: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for person in 0..people {
        enrol(chance, &mut year, &mut taken, person);
    }
    while year.turns.len() < turns {
        let person = chance.below(people);
        if taken.get(&person).is_none_or(|runs| runs.len() < 3) {
            enrol(chance, &mut year, &mut taken, person);
        }
    }
    year.turns.sort_by_key(|turn| (turn.done, turn.person));
    year
}

/// What of the running year lies before `now`: a class run each quarter, a few people each week, more of them lately.
pub fn running_year(chance: &mut Chance, agencies: &[Agency], code: &str, first_number: usize, now: Moment) -> Year {
    let today = crate::platform::clock::local_day(now.0);
    let mut year = Year::default();
    for quarter in 0..4_u32 {
        let first = NaiveDate::from_ymd_opt(today.year(), quarter * 3 + 1, 5).map(on_a_weekday);
        let last = NaiveDate::from_ymd_opt(today.year(), quarter * 3 + 3, 28);
        let (Some(first), Some(last)) = (first, last) else { continue };
        let code = format!("{code}-{}-Q{}", today.year() % 100, quarter + 1);
        year.runs.push(Run { code, course: 0, organiser: None, first, last });
    }
    let mut taken: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for run in 0..year.runs.len() {
        let Some((first, last)) = year.runs.get(run).map(|run| (run.first, run.last)) else { continue };
        let mut day = first + TimeDelta::days(7);
        while day + TimeDelta::days(4) < last {
            let lately = (0..42).contains(&(today - day).num_days());
            for _ in 0..chance.between(1, if lately { 5 } else { 2 }) {
                let at = day + TimeDelta::days(chance.between(0, 4));
                let done = moment(chance, at);
                // One in six learns for the second time.
                let known = (!year.people.is_empty() && chance.below(6) == 0).then(|| chance.below(year.people.len()));
                let known = known.filter(|person| taken.get(person).is_none_or(|runs| !runs.contains(&run)));
                let person = match (known, chance.pick(agencies)) {
                    (Some(known), _) => known,
                    (None, Some(agency)) => {
                        year.people.push(person(chance, first_number + year.people.len(), agency));
                        year.people.len() - 1
                    }
                    (None, None) => continue,
                };
                taken.entry(person).or_default().push(run);
                let enrolled = Moment(done.0 - TimeDelta::days(chance.between(2, 6)));
                year.turns.push(Turn { person, run, enrolled, done });
            }
            day += TimeDelta::days(7);
        }
    }
    year.turns.retain(|turn| turn.done < now - TimeDelta::days(1));
    year.turns.sort_by_key(|turn| (turn.done, turn.person));
    let opened: Vec<bool> = year.runs.iter().map(|run| Moment(day_start(run.first)) < now).collect();
    year.runs.truncate(opened.into_iter().take_while(|opened| *opened).count());
    keep_those_who_learn(year)
}

/// People whose turns lie in the future are not there yet.
fn keep_those_who_learn(year: Year) -> Year {
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    let mut people = Vec::new();
    let mut turns = year.turns;
    for turn in &mut turns {
        let place = *places.entry(turn.person).or_insert_with(|| {
            people.extend(year.people.get(turn.person).cloned());
            people.len().saturating_sub(1)
        });
        turn.person = place;
    }
    Year { people, runs: year.runs, turns }
}

fn runs_of(chance: &mut Chance, agencies: &[Agency], own: &[UnitId], courses: usize) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut opened = |chance: &mut Chance, month: usize, code: String, organiser: Option<UnitId>| {
        let month = u32::try_from(month + 1).unwrap_or(12);
        let day = u32::try_from(chance.between(3, 9)).unwrap_or(3);
        let Some(first) = NaiveDate::from_ymd_opt(2022, month, day).map(on_a_weekday) else { return };
        // The course most people take is the first; what opens in December ends with the year.
        let course = if chance.below(4) == 0 { courses.saturating_sub(1) } else { 0 };
        let last = first + TimeDelta::days(chance.between(18, 40));
        let last = last.min(NaiveDate::from_ymd_opt(2022, 12, 30).unwrap_or(last));
        runs.push(Run { code, course, organiser, first, last });
    };
    for (month, count) in NATIONAL.iter().enumerate() {
        for number in 1..=*count {
            opened(chance, month, format!("MH-22-{:02}-{number}", month + 1), None);
        }
    }
    for unit in own {
        let code = agencies.iter().find(|agency| agency.id == *unit).map_or("", |agency| agency.code.as_str());
        let month = chance.by_weight(NATIONAL.iter().map(|count| count * 2));
        opened(chance, month, format!("MH-22-{code}"), Some(*unit));
    }
    runs.sort_by_key(|run| (run.first, run.code.clone()));
    runs
}

/// Puts somebody into a run they are not in: of their own agency more often than not, if it has one.
fn enrol(chance: &mut Chance, year: &mut Year, taken: &mut BTreeMap<usize, Vec<usize>>, person: usize) {
    let Some(unit) = year.people.get(person).map(|person| person.unit) else { return };
    let runs = taken.entry(person).or_default();
    let weight = |place: usize, run: &Run| match run.organiser {
        _ if runs.contains(&place) => 0,
        None => 2,
        Some(own) if own == unit => 60,
        Some(_) => 0,
    };
    let place = chance.by_weight(year.runs.iter().enumerate().map(|(place, run)| weight(place, run)));
    let Some(run) = year.runs.get(place).filter(|_| !runs.contains(&place)) else { return };
    runs.push(place);
    let seated = run.first + TimeDelta::days(chance.between(0, 3));
    let length = (run.last - seated).num_days() - 1;
    // Most finish in the second half, many in the last days.
    let after = chance.between(2, length).max(chance.between(2, length));
    let (enrolled, done) = (moment(chance, seated), moment(chance, seated + TimeDelta::days(after)));
    year.turns.push(Turn { person, run: place, enrolled, done });
}

const LEADERS: [&str; 4] = ["Trưởng phòng", "Phó Trưởng phòng", "Chánh Văn phòng", "Phó Chánh Văn phòng"];
const TECHNOLOGY: [&str; 3] = ["Chuyên viên công nghệ thông tin", "Quản trị hệ thống", "Chuyên viên chuyển đổi số"];
const OTHER: [&str; 4] = ["Chuyên viên", "Chuyên viên chính", "Cán sự", "Văn thư"];

fn person(chance: &mut Chance, number: usize, agency: &Agency) -> Person {
    // Agencies differ in whom they send.
    let lean = usize::try_from(agency.id.0.rem_euclid(7)).unwrap_or(0);
    let (category, positions) = match chance.below(100) {
        drawn if drawn < 9 + lean => (Category::Leaders, LEADERS.as_slice()),
        drawn if drawn < 34 + lean * 3 => (Category::Technology, TECHNOLOGY.as_slice()),
        _ => (Category::Other, OTHER.as_slice()),
    };
    let position = chance.pick(positions).copied().unwrap_or("Chuyên viên");
    Person { name: format!("Học viên Minh họa {number:05}"), unit: agency.id, position, category }
}

/// Some moment of a working day, or of the evening after it, in Viet Nam.
fn moment(chance: &mut Chance, day: NaiveDate) -> Moment {
    Moment(day_start(day) + TimeDelta::seconds(chance.between(11 * 3600, 21 * 3600)))
}

fn on_a_weekday(day: NaiveDate) -> NaiveDate {
    match day.weekday() {
        Weekday::Sat => day + TimeDelta::days(2),
        Weekday::Sun => day + TimeDelta::days(1),
        _ => day,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::platform::clock::local_day;

    fn agencies() -> Vec<Agency> {
        (1..=90).map(|n| Agency { id: UnitId(n), code: format!("X{n}"), is_central: n > 63 }).collect()
    }

    #[test]
    fn the_closed_year_has_exactly_its_totals_within_the_year() {
        let year = closed_year(&mut Chance::new(2022), &agencies(), 9_950, 12_300, 2);
        assert_eq!((year.people.len(), year.turns.len()), (9_950, 12_300));
        let learners: BTreeSet<usize> = year.turns.iter().map(|turn| turn.person).collect();
        assert_eq!(learners.len(), 9_950, "everybody has a turn");
        let seats: BTreeSet<(usize, usize)> = year.turns.iter().map(|turn| (turn.person, turn.run)).collect();
        assert_eq!(seats.len(), 12_300, "nobody is twice in a run");
        for turn in &year.turns {
            let run = &year.runs[turn.run];
            assert!(run.first <= local_day(turn.enrolled.0) && turn.enrolled < turn.done);
            assert!(local_day(turn.done.0) <= run.last && run.last.year() == 2022 && run.first.year() == 2022);
        }
        let of = |category| year.people.iter().filter(|p| p.category == category).count();
        let groups = [Category::Leaders, Category::Technology, Category::Other].map(of);
        assert!(groups.iter().all(|count| *count > 500), "{groups:?}");
        let months = |month| year.turns.iter().filter(|t| local_day(t.done.0).month() == month).count();
        assert!(months(10) > 3 * months(4) && months(1) == 0);
        let codes: BTreeSet<&str> = year.runs.iter().map(|run| run.code.as_str()).collect();
        assert_eq!(codes.len(), year.runs.len());
    }

    #[test]
    fn the_running_year_ends_now() {
        let now: Moment = "2026-11-22T02:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().into();
        let year = running_year(&mut Chance::new(1), &agencies(), "MH-KT-01", 10_001, now);
        assert!((50..120).contains(&year.turns.len()), "{}", year.turns.len());
        assert!(year.turns.iter().all(|turn| turn.done < now && turn.run < year.runs.len()));
        let weeks: BTreeSet<i64> = year.turns.iter().map(|turn| (now - turn.done).num_days() / 7).collect();
        assert!((0..4).all(|week| weeks.contains(&week)), "{weeks:?}");
        let new_year: Moment = "2027-01-01T02:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().into();
        assert!(running_year(&mut Chance::new(1), &agencies(), "MH-KT-01", 10_001, new_year).turns.is_empty());
    }
}
