//! From what was typed to a session and a site; whether their unit and keeper exist is still to be seen.

use chrono::{NaiveTime, TimeDelta};

use super::model::{NewSession, NewSite, SessionKind};
use crate::{
    access::PersonId,
    accounts::queries as accounts,
    organisations::queries as organisations,
    platform::{
        clock::{day_start, local_day},
        db::{DbConn, Moment},
        error::{Error, FieldErrors, Result},
        http::Input,
        text::read_day,
    },
};

/// A time of day as people write it: 8:00, 08h00, 8h, 8.30.
pub fn read_time(typed: &str) -> Option<NaiveTime> {
    let typed = typed.trim().to_lowercase();
    let (hour, minute) = typed.split_once([':', 'h', '.', 'g'])?;
    let number = |part: &str| match part.trim() {
        part if part.len() > 2 || !part.bytes().all(|byte| byte.is_ascii_digit()) => None,
        part => part.parse::<u32>().ok(),
    };
    let minute = if minute.trim().is_empty() { 0 } else { number(minute)? };
    NaiveTime::from_hms_opt(number(hour)?, minute, 0)
}

pub fn read_session(input: &Input) -> Result<NewSession> {
    let mut errors = FieldErrors::default();
    let day = read_day(&input.text("day"));
    if day.is_none() {
        errors.add("day", "events-day-form");
    }
    let mut time = |field: &'static str| {
        let read = read_time(&input.text(field));
        if read.is_none() {
            errors.add(field, "events-time-form");
        }
        read
    };
    let (from, to) = (time("from"), time("to"));
    let kind = SessionKind::parse(&input.text("kind"));
    if kind.is_none() {
        errors.add("kind", "events-kind-missing");
    }
    let title = input.text("title");
    if title.is_empty() {
        errors.add("title", "events-title-missing");
    }
    let (Some(day), Some(from), Some(to), Some(kind), true) = (day, from, to, kind, errors.is_empty()) else {
        return Err(Error::Invalid(errors));
    };
    let at = |time: NaiveTime| Moment(day_start(day)) + (time - NaiveTime::MIN);
    Ok(NewSession { title, kind, starts_at: at(from), ends_at: at(to) })
}

/// The words of a site, and how its unit and its keeper were named.
#[derive(Debug, Clone)]
pub struct SiteForm {
    name: String,
    unit: String,
    place: String,
    link: String,
    keeper: String,
}

impl SiteForm {
    pub fn read(input: &Input) -> Self {
        let [name, unit, place, link, keeper] = ["name", "unit", "place", "link", "keeper"].map(|f| input.text(f));
        Self { name, unit, place, link, keeper }
    }

    /// Finds the unit as it is on the day, and the keeper, who works there: of others it is not even said whether they are known.
    pub fn checked(self, c: &mut DbConn, starts_at: Moment) -> Result<NewSite> {
        let day = local_day(starts_at.0);
        let mut errors = FieldErrors::default();
        let unit = organisations::by_code_on(c, &self.unit, day)?;
        if unit.is_none() {
            errors.add("unit", "events-site-unit-missing");
        }
        let keeper: Option<PersonId> = accounts::by_identifier(c, &self.keeper)?.map(|(person, _)| person.id);
        if keeper.is_none() {
            errors.add("keeper", "events-site-keeper-elsewhere");
        }
        if self.name.is_empty() {
            errors.add("name", "events-site-name-missing");
        }
        let (Some(unit), Some(keeper), true) = (unit, keeper, errors.is_empty()) else {
            return Err(Error::Invalid(errors));
        };
        Ok(NewSite { name: self.name, unit: unit.id, place: self.place, link: self.link, keeper })
    }
}

/// The time of day of a moment in Viet Nam, as the form shows it.
pub fn typed_time(at: Moment) -> String {
    let since = at.0 - day_start(local_day(at.0));
    let minutes = since.num_minutes().clamp(0, TimeDelta::days(1).num_minutes() - 1);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_write_them() {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0);
        for (typed, read) in [("8:00", at(8, 0)), ("08h30", at(8, 30)), ("8h", at(8, 0)), ("14.05", at(14, 5))] {
            assert_eq!(read_time(typed), read, "{typed}");
        }
        for bad in ["", "8", "25:00", "8:60", "8:000", "mai", "8:0x"] {
            assert_eq!(read_time(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_session_is_read_in_the_time_of_viet_nam() {
        let body = "title=Bu%E1%BB%95i+1&kind=both&day=25%2F11%2F2026&from=8h&to=11:30";
        let read = read_session(&Input::parse(body.as_bytes())).unwrap();
        assert_eq!(read.starts_at.0.to_rfc3339(), "2026-11-25T01:00:00+00:00");
        assert_eq!(read.ends_at.0.to_rfc3339(), "2026-11-25T04:30:00+00:00");
        assert_eq!((typed_time(read.starts_at), typed_time(read.ends_at)), ("08:00".into(), "11:30".into()));
        let Err(Error::Invalid(faults)) = read_session(&Input::parse(b"day=32/1/2026")) else { panic!() };
        let fields: Vec<_> = faults.0.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["day", "from", "to", "kind", "title"]);
    }
}
