//! `/don-vi/thay-doi/{change}`: one change. A draft shows what it would do and asks; one that is done shows what it did, and until when it
//! can be taken back.

use std::collections::{BTreeMap, HashMap};

use actix_web::{HttpResponse, http::header, web};
use chrono::NaiveDate;
use serde::Serialize;

use super::{crumbs, document, kind_name, name, state_tag};
use crate::{
    access::{Permission, PersonId},
    accounts::queries::directory,
    app::App,
    organisations::model::{
        Unit,
        change::{ChangeKind, ChangeState, Effect, Plan, UnitChange},
    },
    platform::{
        db::Moment,
        error::{Error, Result},
        http::{Crumb, Page, Tag},
        i18n::{Locale, Message},
    },
    reorganisations::{
        guards::SeenChange,
        queries::{self, NAMED, Preview, Touched},
    },
};

#[derive(Serialize)]
struct ChangeView {
    crumbs: Vec<Crumb>,
    title: String,
    path: String,
    state: Tag,
    document: String,
    on: NaiveDate,
    manages: bool,
    entered: Deed,
    confirmed: Option<Deed>,
    undone: Option<Deed>,
    /// The tree changed after it was confirmed.
    returned: bool,
    /// Why a draft cannot be done any more.
    faults: Vec<String>,
    facts: Option<Facts>,
    draft: Option<DraftView>,
    progress: Option<ProgressView>,
    undo: Option<UndoView>,
}

#[derive(Serialize)]
struct Deed {
    who: String,
    at: Moment,
}

/// What happens to units and people.
#[derive(Serialize)]
struct Facts {
    ended: Vec<UnitRow>,
    last_day: Option<NaiveDate>,
    begun: Vec<UnitRow>,
    successions: Vec<SuccessionRow>,
    moved: Vec<MovedRow>,
    moved_more: i64,
    passages: Vec<PassageRow>,
    total: i64,
    chosen: Vec<String>,
    chosen_more: bool,
    roles_passed: i64,
    is_transfer: bool,
}

#[derive(Serialize)]
struct UnitRow {
    name: String,
    code: String,
    href: Option<String>,
    note: String,
}

#[derive(Serialize)]
struct SuccessionRow {
    from: String,
    main: String,
    others: Vec<String>,
}

#[derive(Serialize)]
struct MovedRow {
    unit: String,
    parent: String,
}

#[derive(Serialize)]
struct PassageRow {
    from: String,
    to: Option<String>,
    count: i64,
}

/// What else a draft shows before it is confirmed.
#[derive(Serialize)]
struct DraftView {
    basis: String,
    roles: Vec<RoleRow>,
    can_pass_roles: bool,
    runs: i64,
    learners: i64,
    quotas: i64,
    seats: i64,
    nominations: i64,
    targets: i64,
    /// What confirming does, as the button says it.
    button: String,
}

#[derive(Serialize)]
struct RoleRow {
    grant: i64,
    field: String,
    label: String,
    can_pass: bool,
}

#[derive(Serialize)]
struct ProgressView {
    done: i64,
    total: i64,
}

#[derive(Serialize)]
struct UndoView {
    until: Moment,
    obstacles: Vec<String>,
}

/// So many units that come under another are named.
const MOVED: usize = 50;

/// What one read of the database gives.
struct Found {
    preview: Option<Result<Preview, Vec<Message>>>,
    /// What was done, and how many roles were passed on.
    done: Option<(queries::Done, i64)>,
    obstacles: Vec<Message>,
    names: HashMap<PersonId, (String, String)>,
}

pub async fn show(app: web::Data<App>, page: Page, seen: SeenChange) -> Result<HttpResponse> {
    let SeenChange { who, change, manages } = seen;
    let (now, kept) = (app.now(), change.clone());
    let found = app
        .db
        .read(move |c| {
            let people: Vec<PersonId> =
                [kept.created_by, kept.confirmed_by, kept.undone_by].into_iter().flatten().map(PersonId).collect();
            let names = directory::names(c, &people)?;
            let mut found = Found { preview: None, done: None, obstacles: Vec::new(), names };
            match kept.state {
                ChangeState::Draft => {
                    let preview = queries::preview(c, &kept, now)?;
                    let said = |faults: crate::platform::error::FieldErrors| {
                        faults.0.into_iter().map(|(_, said)| said).collect()
                    };
                    found.preview = Some(preview.map_err(said));
                }
                ChangeState::Done | ChangeState::Undone => {
                    let done = queries::done(c, &kept)?;
                    let roles = i64::try_from(done.0.granted.len()).unwrap_or(0);
                    found.done = Some((done, roles));
                    if manages && kept.state == ChangeState::Done {
                        found.obstacles = queries::obstacles(c, &kept, now)?;
                    }
                }
                ChangeState::Staging | ChangeState::Discarded => {}
            }
            Ok::<_, Error>(found)
        })
        .await?;
    let deed = |person: Option<i64>, at: Option<Moment>| {
        let who = person.and_then(|id| found.names.get(&PersonId(id))).map(|(_, name)| name.clone());
        at.map(|at| Deed { who: who.unwrap_or_else(|| page.text("changes-by-system")), at })
    };
    let facts = match (&found.preview, &found.done) {
        (Some(Ok(preview)), _) => {
            Some(facts(&page, &change, &preview.plan, &preview.people, &preview.units, 0, Some(preview)))
        }
        (_, Some(((journal, people, units), roles))) => {
            Some(facts(&page, &change, &journal.plan, people, units, *roles, None))
        }
        _ => None,
    };
    let grants_roles = who.may(Permission::ManageRoles);
    let view = ChangeView {
        crumbs: crumbs(&page, None),
        title: super::title(&page, &change),
        path: change.path(),
        state: state_tag(&page, change.state),
        document: document(&page, &change),
        on: change.effective_on,
        manages,
        entered: deed(change.created_by, Some(change.created_at))
            .ok_or_else(|| Error::internal("a change that nobody entered"))?,
        confirmed: deed(change.confirmed_by, change.confirmed_at),
        undone: deed(change.undone_by, change.undone_at),
        returned: change.state == ChangeState::Draft && change.returned_at.is_some(),
        faults: match &found.preview {
            Some(Err(faults)) => faults.iter().map(|said| page.text(said.clone())).collect(),
            _ => Vec::new(),
        },
        facts,
        draft: match &found.preview {
            Some(Ok(preview)) => Some(draft(&page, &change, preview, grants_roles)),
            _ => None,
        },
        progress: (change.state == ChangeState::Staging)
            .then(|| ProgressView { done: change.noted.min(change.total), total: change.total.max(1) }),
        undo: change.undo_until.filter(|_| manages && change.state == ChangeState::Done).map(|until| UndoView {
            until,
            obstacles: found.obstacles.iter().map(|said| page.text(said.clone())).collect(),
        }),
    };
    let mut response = page.html("reorganisations/change", &view)?;
    if change.state == ChangeState::Staging {
        // The page looks again by itself until it is done; no script is needed for it.
        response.headers_mut().insert(header::REFRESH, header::HeaderValue::from_static("2"));
    }
    Ok(response)
}

/// The name of a unit, also of one that is not there yet, or not any more.
fn called(page: &Page, plan: &Plan, units: &HashMap<String, Unit>, code: &str) -> String {
    let begun = plan.begun().find(|(known, _)| *known == code).map(|(_, new)| match page.locale() {
        Locale::Vi => new.name_vi.clone(),
        Locale::En => new.name_en.clone(),
    });
    begun.or_else(|| units.get(code).map(|unit| name(page, unit))).unwrap_or_else(|| code.to_owned())
}

fn facts(
    page: &Page,
    change: &UnitChange,
    plan: &Plan,
    people: &BTreeMap<String, i64>,
    units: &HashMap<String, Unit>,
    roles_passed: i64,
    preview: Option<&Preview>,
) -> Facts {
    let called = |code: &str| called(page, plan, units, code);
    let kind = |kind: crate::organisations::model::UnitKind| {
        page.text(Message::new(format!("organisations-kind-{}", kind.as_str().replace('_', "-"))))
    };
    let row = |code: &str, note: String| UnitRow {
        name: called(code),
        code: code.to_owned(),
        href: units.contains_key(code).then(|| format!("/to-chuc/{code}")),
        note,
    };
    let mut successions: Vec<SuccessionRow> = Vec::new();
    for effect in &plan.effects {
        if let Effect::Succeeds { unit, successor, position } = effect {
            match successions.last_mut().filter(|_| *position > 0) {
                Some(last) => last.others.push(called(successor)),
                None => {
                    successions.push(SuccessionRow { from: called(unit), main: called(successor), others: Vec::new() })
                }
            }
        }
    }
    let moved: Vec<(&str, &str)> = plan.moved().collect();
    let is_transfer = change.kind == ChangeKind::Transfer;
    let count = |code: &str| people.get(code).copied().unwrap_or(0);
    let chosen = preview.map(|preview| preview.chosen.as_slice()).unwrap_or_default();
    Facts {
        ended: plan
            .ended()
            .map(|code| row(code, units.get(code).map(|unit| kind(unit.kind)).unwrap_or_default()))
            .collect(),
        last_day: plan.ended().next().and(change.effective_on.pred_opt()),
        begun: plan.begun().map(|(code, new)| row(code, kind(new.kind))).collect(),
        successions,
        moved_more: i64::try_from(moved.len().saturating_sub(MOVED)).unwrap_or(0),
        moved: moved
            .into_iter()
            .take(MOVED)
            .map(|(unit, parent)| MovedRow { unit: called(unit), parent: called(parent) })
            .collect(),
        total: people.values().sum(),
        passages: plan
            .passages
            .iter()
            .map(|passage| PassageRow {
                from: called(&passage.from),
                to: passage.to.as_deref().map(called),
                count: count(&passage.from),
            })
            .filter(|row| row.count > 0 || is_transfer)
            .collect(),
        chosen_more: chosen.len() >= usize::try_from(NAMED).unwrap_or(usize::MAX),
        chosen: chosen.iter().map(|person| person.full_name()).collect(),
        roles_passed,
        is_transfer,
    }
}

fn draft(page: &Page, change: &UnitChange, preview: &Preview, grants_roles: bool) -> DraftView {
    let passes = |unit| {
        let code = preview.units.values().find(|known| known.id == unit).map(|known| known.code.as_str());
        preview.plan.passages.iter().any(|passage| Some(passage.from.as_str()) == code && passage.to.is_some())
    };
    let role = |held: &crate::accounts::queries::transfers::HeldOver| {
        let unit = preview.units.values().find(|known| known.id == held.unit);
        let said = Message::new("changes-role")
            .with("name", held.person.full_name())
            .with("role", page.text(Message::new(format!("accounts-role-{}", held.role))))
            .with("unit", unit.map(|unit| name(page, unit)).unwrap_or_default());
        RoleRow {
            grant: held.grant,
            field: format!("role-{}", held.grant),
            label: page.text(said),
            can_pass: passes(held.unit),
        }
    };
    let Touched { runs, learners, quotas, seats, nominations, targets } = preview.touched;
    let button =
        Message::new("changes-confirm").with("kind", kind_name(page, change.kind)).with("people", preview.total);
    DraftView {
        basis: preview.hash.clone(),
        roles: preview.roles.iter().map(role).collect(),
        can_pass_roles: grants_roles,
        runs,
        learners,
        quotas,
        seats,
        nominations,
        targets,
        button: page.text(button),
    }
}
