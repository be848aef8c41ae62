//! What time does to a recognition: it comes into effect, people are told once that it ends soon, and it lapses.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;

use super::members::{Step, hold_cohort, turn};
use crate::{
    access::{Actor, Permission, PersonId, UnitId},
    accounts::queries::directory,
    notifications::actions::notify,
    organisations::queries as organisations,
    platform::{
        clock::{day_end, day_start, local_day},
        db::{
            DbConn, Moment,
            schema::{programme_members, programmes},
        },
        error::Result,
        i18n::Message,
        text,
    },
    programmes::{
        model::programme::{Member, MemberId, OWN_PROGRAMMES, Programme, ProgrammeId, Stage, Turned, expert_path},
        queries::members,
    },
};

/// So many people are moved in one transaction.
const AT_ONCE: i64 = 100;

/// Who is told of the people of these units: those who nominate for the unit itself or for what it stands under.
pub(super) fn officers_of(
    c: &mut DbConn,
    units: &[UnitId],
    on: NaiveDate,
) -> Result<HashMap<UnitId, BTreeSet<PersonId>>> {
    let ways = organisations::ways_up(c, units, on)?;
    let all: BTreeSet<UnitId> = ways.values().flatten().copied().collect();
    let holders = directory::holders(c, Permission::Nominate, &all.into_iter().collect::<Vec<_>>())?;
    let of = |way: &[UnitId]| holders.iter().filter(|(unit, _)| way.contains(unit)).map(|(_, who)| *who).collect();
    Ok(ways.iter().map(|(unit, way)| (*unit, of(way))).collect())
}

/// Brings recognitions into effect whose day has come. How many.
pub fn activate_due(c: &mut DbConn, now: Moment) -> Result<usize> {
    let due: Vec<MemberId> = programme_members::table
        .filter(programme_members::stage.eq(Stage::Recognised))
        .filter(programme_members::valid_from.le(local_day(now.0)))
        .order(programme_members::id.asc())
        .limit(AT_ONCE)
        .select(programme_members::id)
        .load(c)?;
    each_held(c, &due, Stage::Recognised, |c, member| {
        let at = member.valid_from.map(|day| Moment(day_start(day)).max(member.changed_at));
        turn(c, &Actor::system(), now, member, Turned::Activated, Step { at, ..Step::default() }).map(drop)
    })
}

/// Ends the recognitions whose last day is over, and tells the people. How many.
pub fn lapse_due(c: &mut DbConn, now: Moment) -> Result<usize> {
    let due: Vec<MemberId> = programme_members::table
        .filter(programme_members::stage.eq(Stage::Active))
        .filter(programme_members::valid_until.lt(local_day(now.0)))
        .order(programme_members::id.asc())
        .limit(AT_ONCE)
        .select(programme_members::id)
        .load(c)?;
    let titles = titles(c)?;
    each_held(c, &due, Stage::Active, |c, member| {
        // A renewal may have come between.
        let Some(until) = member.valid_until.filter(|day| *day < local_day(now.0)) else { return Ok(()) };
        let at = Some(Moment(day_end(until)));
        turn(c, &Actor::system(), now, member, Turned::Lapsed, Step { at, ..Step::default() })?;
        let told = about("notifications-expert-lapsed", &titles, member, until);
        notify(c, now, member.person_id, &told, Some(OWN_PROGRAMMES), true).map(drop)
    })
}

/// Tells those whose recognition ends soon, and their agencies: once for each last day. How many people it was about.
pub fn warn_due(c: &mut DbConn, now: Moment) -> Result<usize> {
    let today = local_day(now.0);
    let mut due: Vec<Member> = Vec::new();
    let all: Vec<Programme> = programmes::table.order(programmes::id.asc()).select(Programme::as_select()).load(c)?;
    for programme in all.iter().filter(|programme| programme.notice_days > 0) {
        let soon = today + TimeDelta::days(i64::from(programme.notice_days));
        let not_told = programme_members::warned_for
            .is_null()
            .or(programme_members::warned_for.ne(programme_members::valid_until));
        due.extend(
            programme_members::table
                .filter(programme_members::programme_id.eq(programme.id.0))
                .filter(programme_members::stage.eq(Stage::Active))
                .filter(programme_members::valid_until.le(soon).and(not_told))
                .order(programme_members::id.asc())
                .limit(AT_ONCE)
                .select(Member::as_select())
                .load::<Member>(c)?,
        );
    }
    if due.is_empty() {
        return Ok(0);
    }
    let titles: HashMap<ProgrammeId, String> = all.into_iter().map(|p| (p.id, p.title_vi)).collect();
    let units: Vec<UnitId> = due.iter().map(|member| member.unit_id).collect();
    let officers = officers_of(c, &units, today)?;
    let ids: Vec<PersonId> = due.iter().map(|member| member.person_id).collect();
    let names = directory::names(c, &ids)?;
    for member in &due {
        let Some(until) = member.valid_until else { continue };
        // One statement says who of two that look at the same moment tells them.
        let first = diesel::update(programme_members::table.find(member.id.0))
            .filter(programme_members::warned_for.is_null().or(programme_members::warned_for.ne(until)))
            .set(programme_members::warned_for.eq(until))
            .execute(c)?;
        if first == 0 {
            continue;
        }
        let told = about("notifications-expert-ends", &titles, member, until);
        notify(c, now, member.person_id, &told, Some(OWN_PROGRAMMES), true)?;
        let name = names.get(&member.person_id).map(|(_, name)| name.clone()).unwrap_or_default();
        let told = Message::new("notifications-experts-end").with("name", name).with("date", text::date(until));
        for officer in officers.get(&member.unit_id).into_iter().flatten().filter(|p| **p != member.person_id) {
            notify(c, now, *officer, &told, Some(&expert_path(&member.code)), true)?;
        }
    }
    Ok(due.len())
}

fn about(key: &'static str, titles: &HashMap<ProgrammeId, String>, member: &Member, until: NaiveDate) -> Message {
    let title = titles.get(&member.programme_id).cloned().unwrap_or_default();
    Message::new(key).with("name", title).with("date", text::date(until))
}

fn titles(c: &mut DbConn) -> Result<HashMap<ProgrammeId, String>> {
    let rows: Vec<(ProgrammeId, String)> = programmes::table.select((programmes::id, programmes::title_vi)).load(c)?;
    Ok(rows.into_iter().collect())
}

/// Does something with each of these people, as they are once their cohort is held, if they are still at that stage.
fn each_held(
    c: &mut DbConn,
    ids: &[MemberId],
    stage: Stage,
    deed: impl Fn(&mut DbConn, &Member) -> Result<()>,
) -> Result<usize> {
    let mut groups: BTreeMap<_, Vec<MemberId>> = BTreeMap::new();
    for id in ids {
        groups.entry(members::member(c, *id)?.cohort_id).or_default().push(*id);
    }
    let mut done = 0;
    for (cohort, ids) in groups {
        hold_cohort(c, cohort)?;
        for id in ids {
            let member = members::member(c, id)?;
            if member.stage == stage {
                deed(c, &member)?;
                done += 1;
            }
        }
    }
    Ok(done)
}
