//! `/nhat-ky`: who did what, when, from where, before and after; and how far the log is sealed.

use std::collections::{BTreeMap, HashMap};

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    access::{Permission, PersonId, UnitId},
    accounts::{SignedIn, queries::directory},
    app::App,
    audit::{
        model::AuditEvent,
        queries::{self, ChainState, Wanted},
    },
    organisations::{model::Unit, queries as organisations},
    platform::{
        db::{DbConn, Moment},
        error::Result,
        http::{Choice, FormView, Page, address},
        i18n::Message,
        text,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/nhat-ky").get(show));
}

const A_PAGE: i64 = 50;

/// Words of ours that stand in the log as they are stored: the kind of thing (any, where it is empty), the field, and how
/// the names of the messages begin that say them.
const WORDS: [(&str, &str, &str); 21] = [
    ("people", "state", "people-state-"),
    ("certificates", "state", "certificates-state-"),
    ("certificates", "ground", "certificates-ground-"),
    ("targets", "state", "targets-state-"),
    ("targets", "metric", "targets-metric-"),
    ("nominations", "state", "programmes-state-"),
    ("programme_members", "stage", "programme-stage-"),
    ("class_runs", "enrolment", "learning-mode-"),
    ("class_sessions", "kind", "events-kind-"),
    ("outside_classes", "state", "external-state-"),
    ("unit_changes", "state", "changes-state-"),
    ("unit_changes", "kind", "changes-kind-"),
    ("units", "kind", "organisations-kind-"),
    ("reports", "file", "audit-file-"),
    ("attempts", "submitted_by", "audit-submitted-by-"),
    ("people_imports", "purpose", "audit-purpose-"),
    ("people_imports", "source", "audit-source-"),
    ("", "kinds", "organisations-kind-"),
    ("", "category", "accounts-category-"),
    ("", "categories", "accounts-category-"),
    ("", "role", "accounts-role-"),
];

/// The fields that hold somebody's number.
const PEOPLE: [&str; 2] = ["person", "keeper"];

/// What the log can be narrowed to; each has a message `audit-noun-…`.
const NOUNS: [&str; 23] = [
    "person",
    "membership",
    "role",
    "session",
    "password",
    "link",
    "token",
    "unit",
    "unit-change",
    "units",
    "course",
    "class",
    "material",
    "enrolment",
    "attempt",
    "completion",
    "certificate",
    "target",
    "nomination",
    "programme",
    "expert",
    "job",
    "backup",
];

#[derive(Deserialize, Clone)]
struct Asked {
    #[serde(default)]
    viec: String,
    #[serde(default)]
    loai: String,
    #[serde(default)]
    ma: String,
    truoc: Option<i64>,
}

#[derive(Serialize)]
struct AuditView {
    form: FormView,
    nouns: Vec<Choice>,
    narrowed: bool,
    kind: String,
    chain: ChainView,
    events: Vec<EventView>,
    older: Option<String>,
}

#[derive(Serialize)]
struct ChainView {
    sealed: i64,
    waiting: i64,
    hash: String,
}

#[derive(Serialize)]
struct EventView {
    at: Moment,
    /// `None` is the program itself.
    actor: Option<NameView>,
    action: String,
    object: String,
    object_href: String,
    unit: Option<String>,
    address: Option<String>,
    pairs: Vec<PairView>,
    reason: Option<String>,
    position: Option<i64>,
}

#[derive(Serialize)]
struct NameView {
    name: String,
    href: Option<String>,
}

#[derive(Serialize)]
struct PairView {
    label: String,
    before: Option<String>,
    after: Option<String>,
}

/// A page of the log and the names that stand behind its numbers.
struct Found {
    events: Vec<AuditEvent>,
    chain: ChainState,
    positions: HashMap<i64, i64>,
    people: HashMap<PersonId, (String, String)>,
    units: HashMap<UnitId, Unit>,
}

fn find(c: &mut DbConn, wanted: &Wanted, before: Option<i64>) -> Result<Found> {
    let events = queries::latest(c, wanted, before, A_PAGE + 1)?;
    let ids: Vec<i64> = events.iter().map(|event| event.id).collect();
    let mut people: Vec<PersonId> = events.iter().filter_map(|event| event.actor_id.map(PersonId)).collect();
    let mut units: Vec<UnitId> = events.iter().filter_map(|event| event.unit_id.map(UnitId)).collect();
    for event in &events {
        if event.object_kind == "people" {
            people.extend(event.object_id.parse().ok().map(PersonId));
        }
        for state in [&event.before_state, &event.after_state].into_iter().filter_map(|state| fields(state.as_deref()))
        {
            for key in PEOPLE {
                people.extend(state.get(key).and_then(Value::as_i64).map(PersonId));
            }
            units.extend(state.get("unit").and_then(Value::as_i64).map(UnitId));
        }
    }
    Ok(Found {
        chain: queries::chain_state(c)?,
        positions: queries::positions(c, &ids)?,
        people: directory::names(c, &people)?,
        units: organisations::by_ids(c, &units)?,
        events,
    })
}

fn fields(state: Option<&str>) -> Option<BTreeMap<String, Value>> {
    serde_json::from_str(state?).ok()
}

async fn show(app: web::Data<App>, page: Page, who: SignedIn, asked: web::Query<Asked>) -> Result<HttpResponse> {
    who.require(Permission::SeeAudit)?;
    let asked = asked.into_inner();
    let given =
        |text: &str| Some(text::tidy(text).chars().take(100).collect::<String>()).filter(|text| !text.is_empty());
    let wanted = Wanted {
        noun: given(&asked.viec).filter(|noun| NOUNS.contains(&noun.as_str())),
        kind: given(&asked.loai),
        object: given(&asked.ma),
    };
    let narrowed = wanted.noun.is_some() || wanted.kind.is_some() || wanted.object.is_some();
    let before = asked.truoc;
    let mut found = app.db.read(move |c| find(c, &wanted, before)).await?;
    let shown = usize::try_from(A_PAGE).unwrap_or(usize::MAX);
    let more = found.events.len() > shown;
    found.events.truncate(shown);
    let older = found.events.last().filter(|_| more).map(|event| {
        let last = event.id.to_string();
        address("/nhat-ky", &[("viec", &asked.viec), ("loai", &asked.loai), ("ma", &asked.ma), ("truoc", &last)])
    });
    let view = AuditView {
        form: FormView::with([("viec", asked.viec.clone()), ("loai", asked.loai.clone()), ("ma", asked.ma.clone())]),
        nouns: NOUNS
            .iter()
            .map(|noun| Choice::new(*noun, page.text(Message::new(format!("audit-noun-{noun}")))))
            .collect(),
        narrowed,
        kind: asked.loai,
        chain: ChainView {
            sealed: found.chain.sealed,
            waiting: found.chain.waiting,
            hash: found.chain.hash.chars().take(16).collect(),
        },
        events: found.events.iter().map(|event| event_view(&page, &found, event)).collect(),
        older,
    };
    page.html("home/audit", &view)
}

fn event_view(page: &Page, found: &Found, event: &AuditEvent) -> EventView {
    let actor = event.actor_id.map(|id| match found.people.get(&PersonId(id)) {
        Some((code, name)) => NameView { name: name.clone(), href: Some(format!("/nguoi/{code}")) },
        None => NameView { name: id.to_string(), href: None },
    });
    let kind = page
        .find(&format!("audit-kind-{}", event.object_kind.replace('_', "-")))
        .unwrap_or_else(|| event.object_kind.clone());
    let named = (event.object_kind == "people")
        .then(|| {
            event.object_id.parse().ok().and_then(|id| found.people.get(&PersonId(id))).map(|(_, name)| name.clone())
        })
        .flatten();
    EventView {
        at: event.at,
        actor,
        action: page
            .find(&format!("audit-action-{}", event.action.replace('.', "-")))
            .unwrap_or_else(|| event.action.clone()),
        object: named.unwrap_or_else(|| match event.object_id.as_str() {
            "list" => page.text(Message::new("audit-list").with("kind", kind)),
            // What there is only one of has a name in place of a number.
            "import" | "certificates.signers" => kind,
            id => format!("{kind} {id}"),
        }),
        object_href: address("/nhat-ky", &[("loai", &event.object_kind), ("ma", &event.object_id)]),
        unit: event.unit_id.and_then(|id| found.units.get(&UnitId(id))).map(|unit| unit.name(page.locale()).to_owned()),
        address: event.address.clone(),
        pairs: pairs(page, found, event),
        reason: event.reason.as_ref().map(|reason| {
            // Reasons the program gives itself are words of ours; those of people stay as they were written.
            let word = reason.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            word.then(|| page.find(&format!("audit-reason-{reason}"))).flatten().unwrap_or_else(|| reason.clone())
        }),
        position: found.positions.get(&event.id).copied(),
    }
}

/// Before and after, field by field, with names in place of numbers where we know them.
fn pairs(page: &Page, found: &Found, event: &AuditEvent) -> Vec<PairView> {
    let before = fields(event.before_state.as_deref()).unwrap_or_default();
    let after = fields(event.after_state.as_deref()).unwrap_or_default();
    let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
    keys.sort();
    keys.dedup();
    let shown = |key: &str, value: Option<&Value>| said(page, found, (&event.object_kind, key), value?);
    keys.into_iter()
        .map(|key| PairView {
            label: page.find(&format!("audit-field-{}", key.replace('_', "-"))).unwrap_or_else(|| key.clone()),
            before: shown(key, before.get(key)),
            after: shown(key, after.get(key)),
        })
        .filter(|pair| pair.before.is_some() || pair.after.is_some())
        .collect()
}

/// A value of a field of a kind of thing, as people say it; `None` where there is nothing to say.
fn said(page: &Page, found: &Found, of: (&str, &str), value: &Value) -> Option<String> {
    let (kind, key) = of;
    match (key, value) {
        (_, Value::Null) => None,
        (_, Value::String(s)) if s.is_empty() => None,
        (key, Value::Number(n)) if PEOPLE.contains(&key) => {
            let name = n.as_i64().and_then(|id| found.people.get(&PersonId(id))).map(|(_, name)| name.clone());
            Some(name.unwrap_or_else(|| n.to_string()))
        }
        ("unit", Value::Number(n)) => {
            let unit = n.as_i64().and_then(|id| found.units.get(&UnitId(id)));
            Some(unit.map_or_else(|| n.to_string(), |unit| unit.name(page.locale()).to_owned()))
        }
        // Kept as it is in the list itself: which thing about people stands in which column, counted from nought.
        ("mapping", Value::String(s)) => {
            let columns: BTreeMap<String, i64> = serde_json::from_str(s).ok()?;
            let column = |(what, place): (&String, &i64)| {
                let number = page.text(Message::new("import-column-number").with("number", place + 1));
                format!("{} – {number}", page.find(&format!("import-column-{what}")).unwrap_or_else(|| what.clone()))
            };
            Some(columns.iter().map(column).collect::<Vec<_>>().join("; ")).filter(|said| !said.is_empty())
        }
        (_, Value::String(s)) => {
            let family = WORDS.iter().find(|(of, field, _)| (of.is_empty() || *of == kind) && *field == key);
            let word = family.and_then(|(_, _, family)| page.find(&format!("{family}{}", s.replace('_', "-"))));
            let day = s.parse::<chrono::NaiveDate>().ok().map(text::date);
            let time = || s.parse::<chrono::DateTime<chrono::Utc>>().ok().map(text::datetime);
            Some(word.or(day).or_else(time).unwrap_or_else(|| s.clone()))
        }
        (_, Value::Number(n)) => Some(n.as_i64().map_or_else(|| n.to_string(), |n| text::number(n, page.locale()))),
        (_, Value::Bool(yes)) => Some(page.text(if *yes { "audit-yes" } else { "audit-no" })),
        (_, Value::Array(parts)) => {
            let parts: Vec<String> = parts.iter().filter_map(|part| said(page, found, of, part)).collect();
            Some(parts.join(", ")).filter(|joined| !joined.is_empty())
        }
        (_, other) => Some(other.to_string()),
    }
}
