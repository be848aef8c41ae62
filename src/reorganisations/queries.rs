//! What a change would touch, what it touched, and what speaks against taking it back.

use std::collections::{BTreeMap, HashMap};

use crate::{
    access::UnitId,
    accounts::{
        model::Person,
        queries::transfers::{self, HeldOver, Passing},
    },
    learning::queries as learning,
    organisations::{
        model::{
            Unit,
            change::{ChangeId, ChangeKind, ChangeState, Journal, Plan, Request, UnitChange},
            plan::{Sight, plan},
        },
        queries::{self as organisations, changes},
    },
    platform::{
        db::{DbConn, Moment},
        error::{FieldErrors, Result},
        i18n::Message,
        text,
    },
    programmes::queries as programmes,
    targets::queries as targets,
};

/// Everything a change touches.
#[derive(Debug)]
pub struct Preview {
    pub plan: Plan,
    pub hash: String,
    pub passing: Passing,
    /// How many people pass on from each unit.
    pub people: BTreeMap<String, i64>,
    pub total: i64,
    /// Roles over units that end, which do not pass on by themselves.
    pub roles: Vec<HeldOver>,
    pub touched: Touched,
    pub units: HashMap<String, Unit>,
    /// Those who were chosen, the first of them.
    pub chosen: Vec<Person>,
}

/// What is recorded with the units that end, and stays with them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Touched {
    pub runs: i64,
    pub learners: i64,
    pub quotas: i64,
    pub seats: i64,
    pub nominations: i64,
    pub targets: i64,
}

/// How many of those who were chosen a page names.
pub const NAMED: i64 = 200;

/// Who passes on with a request.
pub fn passing(change: ChangeId, request: &Request, sight: &Sight) -> Passing {
    let units = match request.kind {
        ChangeKind::Move => Vec::new(),
        _ => request.units.iter().filter_map(|code| sight.units.get(code)).map(|unit| unit.id).collect(),
    };
    let with_later = !matches!(request.kind, ChangeKind::Transfer | ChangeKind::End);
    Passing { change, units, on: request.on, people: request.people.clone(), with_later }
}

/// What is planned now, or why it cannot be done any more.
pub fn planned(c: &mut DbConn, request: &Request) -> Result<(Sight, Result<Plan, FieldErrors>)> {
    let sight = changes::sight(c, request)?;
    let mut planned = plan(request, &sight);
    if request.kind == ChangeKind::End {
        let ending: Vec<UnitId> =
            request.units.iter().filter_map(|code| sight.units.get(code)).map(|unit| unit.id).collect();
        // They would have a unit that is not there, and nothing to pass on to.
        let later = transfers::beginning_later(c, &ending, request.on)?;
        if later > 0 && planned.is_ok() {
            let mut faults = FieldErrors::default();
            faults.add(
                crate::organisations::model::plan::UNITS,
                Message::new("changes-end-with-people").with("count", later),
            );
            planned = Err(faults);
        }
    }
    Ok((sight, planned))
}

/// The preview of a draft.
pub fn preview(c: &mut DbConn, change: &UnitChange, now: Moment) -> Result<Result<Preview, FieldErrors>> {
    let request = change.request()?;
    let (sight, planned) = planned(c, &request)?;
    let plan = match planned {
        Ok(plan) => plan,
        Err(faults) => return Ok(Err(faults)),
    };
    let passing = passing(change.id, &request, &sight);
    let counts = transfers::counts(c, &passing)?;
    let ending: Vec<UnitId> = plan.ended().filter_map(|code| sight.units.get(code)).map(|unit| unit.id).collect();
    let people: BTreeMap<String, i64> = plan
        .passages
        .iter()
        .filter_map(|passage| sight.units.get(&passage.from))
        .map(|unit| (unit.code.clone(), counts.get(&unit.id).copied().unwrap_or(0)))
        .collect();
    Ok(Ok(Preview {
        hash: plan.hash()?,
        total: people.values().sum(),
        people,
        roles: transfers::roles_over(c, &ending)?,
        touched: touched(c, &ending, now)?,
        chosen: transfers::named(c, &request.people, NAMED)?,
        units: named(c, &plan)?,
        plan,
        passing,
    }))
}

fn touched(c: &mut DbConn, ending: &[UnitId], now: Moment) -> Result<Touched> {
    if ending.is_empty() {
        return Ok(Touched::default());
    }
    let under_way = learning::under_way(c, ending, now)?;
    let (quotas, seats) = targets::quotas::open_of(c, ending)?;
    Ok(Touched {
        runs: under_way.runs,
        learners: under_way.learners,
        quotas,
        seats,
        nominations: programmes::under_way(c, ending)?,
        targets: targets::in_force_with(c, ending)?,
    })
}

/// The units a plan names, as far as they are there.
pub fn named(c: &mut DbConn, plan: &Plan) -> Result<HashMap<String, Unit>> {
    let mut codes: Vec<String> = plan.parts().into_iter().map(|(code, _)| code).collect();
    codes.extend(plan.passages.iter().flat_map(|passage| [Some(passage.from.clone()), passage.to.clone()]).flatten());
    organisations::by_codes(c, &codes)
}

/// A plan as it was confirmed, how many people passed on from each unit (by its code), and the units named in it.
pub type Done = (Journal, BTreeMap<String, i64>, HashMap<String, Unit>);

/// What was done.
pub fn done(c: &mut DbConn, change: &UnitChange) -> Result<Done> {
    let journal = change.journal()?;
    let units = named(c, &journal.plan)?;
    let noted = transfers::noted(c, change.id)?;
    let people = journal
        .plan
        .passages
        .iter()
        .map(|passage| {
            let count = units.get(&passage.from).and_then(|unit| noted.get(&unit.id)).copied().unwrap_or(0);
            (passage.from.clone(), count)
        })
        .collect();
    Ok((journal, people, units))
}

/// Why a change cannot be taken back; nothing where it can.
pub fn obstacles(c: &mut DbConn, change: &UnitChange, now: Moment) -> Result<Vec<Message>> {
    if change.state != ChangeState::Done {
        return Ok(vec![Message::new("changes-undone-already")]);
    }
    let mut found = Vec::new();
    if !changes::can_still_be_undone(change, now) {
        let until = change.undo_until.map(|until| text::datetime(until.0)).unwrap_or_default();
        found.push(Message::new("changes-undo-late").with("time", until));
    }
    if let Some(later) = changes::built_on(c, change.id)? {
        let document = later.document;
        found.push(
            Message::new("changes-undo-built-on")
                .with("number", document.number)
                .with("day", text::date(later.effective_on)),
        );
    }
    let journal = change.journal()?;
    let further = transfers::gone_further(c, change.id, &journal.passed, change.effective_on)?;
    if further > 0 {
        found.push(Message::new("changes-undo-people").with("count", further));
    }
    if !journal.begun.is_empty() {
        let (people, roles) = transfers::others_at(c, change.id, &journal.begun, &journal.granted)?;
        if people > 0 {
            found.push(Message::new("changes-undo-newcomers").with("count", people));
        }
        if roles > 0 {
            found.push(Message::new("changes-undo-roles").with("count", roles));
        }
        if learning::is_recorded(c, &journal.begun)? {
            found.push(Message::new("changes-undo-classes"));
        }
        if targets::quotas::any_of(c, &journal.begun)? {
            found.push(Message::new("changes-undo-quotas"));
        }
    }
    Ok(found)
}
