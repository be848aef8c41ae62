//! A class with two sessions that people sit in together: one held at two sites, its lists confirmed by a second person; one to come.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};

use super::data::{FIRST_AGENCY, ORGANISER};
use crate::{
    access::{Actor, PersonId},
    courses::model::VersionId,
    events::{
        actions::{self, Then},
        model::{Mark, NewSession, NewSite, Session, SessionKind, Site},
        queries,
    },
    learning::{
        self,
        actions::NewRun,
        model::{EnrolmentMode, Entry, Run},
    },
    organisations,
    platform::{
        clock::{day_end, day_start, local_day},
        db::{DbConn, Moment},
        error::{Error, Result},
    },
    site,
};

/// The code of the class.
pub const CODE: &str = "MH-BH-01";

/// Who runs the class and keeps the list of the main site, who keeps that of the province, who is the second person, who learns.
pub struct Cast {
    pub instructor: PersonId,
    pub officer: PersonId,
    pub coordinator: PersonId,
    pub learners: [PersonId; 3],
}

pub fn make(c: &mut DbConn, now: Moment, version: VersionId, cast: &Cast) -> Result<()> {
    let by = |person| Actor { person: Some(person), ..Actor::system() };
    let instructor = by(cast.instructor);
    let (begun, today) = (now - TimeDelta::days(12), local_day(now.0));
    let new = NewRun {
        code: CODE.to_owned(),
        version,
        unit: unit(c, ORGANISER)?,
        title: "Kiến trúc Chính phủ điện tử, lớp có điểm cầu (minh họa)".to_owned(),
        opens_at: begun,
        closes_at: Moment(day_end(today + TimeDelta::days(60))),
        capacity: Some(100),
        enrolment: EnrolmentMode::List,
        decision: None,
    };
    let run = learning::actions::open_run(c, begun, &instructor, &new)?;
    let run = learning::actions::set_sessions_needed(c, begun, &instructor, run.id, Some(2))?;
    for person in cast.learners {
        learning::actions::enrol(c, begun, &instructor, run.id, person, &Entry::Listed)?;
    }
    let held =
        session(c, begun, &instructor, &run, "Buổi 1: Khai giảng và tổng quan", today - TimeDelta::days(5), cast)?;
    for site in queries::sites(c, held.id)? {
        let keeper = by(site.keeper);
        let second = if site.keeper == cast.instructor { by(cast.coordinator) } else { instructor.clone() };
        confirmed(c, &run, &held, &site, &keeper, &second)?;
    }
    session(c, begun, &instructor, &run, "Buổi 2: Thảo luận theo điểm cầu", today + TimeDelta::days(3), cast).map(drop)
}

fn unit(c: &mut DbConn, code: &str) -> Result<crate::access::UnitId> {
    Ok(organisations::queries::by_code(c, code)?.ok_or(Error::NotFound)?.id)
}

/// A morning at the organiser and, from afar, in the first agency.
fn session(
    c: &mut DbConn,
    now: Moment,
    by: &Actor,
    run: &Run,
    title: &str,
    day: NaiveDate,
    cast: &Cast,
) -> Result<Session> {
    let starts_at = Moment(day_start(day)) + TimeDelta::hours(8);
    let ends_at = starts_at + TimeDelta::minutes(210);
    let new = NewSession { title: title.to_owned(), kind: SessionKind::Both, starts_at, ends_at };
    let site = |name: &str, unit, place: &str, link: &str, keeper| NewSite {
        name: name.to_owned(),
        unit,
        place: place.to_owned(),
        link: link.to_owned(),
        keeper,
    };
    let (main, province) = (unit(c, ORGANISER)?, unit(c, FIRST_AGENCY)?);
    let first = site("Điểm cầu trung tâm", main, "Phòng họp minh họa, tầng 2", "", cast.instructor);
    let planned = actions::plan(c, now, by, run.id, &new, &first)?;
    let link = "https://hop.example.gov.vn/minh-hoa";
    let second = site("Điểm cầu tỉnh", province, "Hội trường minh họa", link, cast.officer);
    actions::add_site(c, now, by, run.id, planned.number, &second)?;
    Ok(planned)
}

/// Everybody came, the last of each list a little late.
fn confirmed(c: &mut DbConn, run: &Run, session: &Session, site: &Site, keeper: &Actor, second: &Actor) -> Result<()> {
    let after = session.ends_at + TimeDelta::minutes(20);
    let members = queries::members_at(c, run.id, session, site)?;
    let late: HashMap<String, Mark> = members.last().map(|last| (last.code.clone(), Mark::Late)).into_iter().collect();
    actions::save(c, after, keeper, run, (session, site), &late, Then::RestPresent)?;
    actions::submit(c, after, keeper, run, (session, site))?;
    let list = queries::latest_list(c, site.id)?.ok_or(Error::NotFound)?;
    let next_day = after + TimeDelta::days(1);
    actions::confirm(c, next_day, second, run, (session, site), list.id, &site::QUIET).map(drop)
}
