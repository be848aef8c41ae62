//! An agency sees and touches its own alone: what the people of agency A can reach is asked for again by the people of agency B, over
//! all routes there are.
//!
//! The crawl finds pages and forms by itself ([`crawl`]), and values by comparing: what stands in an address of A and in none of B
//! is A's. B is answered as for a value that was made up, nothing of A stands in the answer, nothing of A's records is touched; and
//! what B saw before A had any records is what B sees afterwards.

mod crawl;
pub mod world;

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;

use self::{
    crawl::{Patterns, Reached, Seen, asks, crawl, seen},
    world::{A, B, Desk, common, fill},
};
use crate::{
    api,
    support::{self, Client, TestApp, html::forms, run},
};

/// Open to everybody who is signed in, or to everybody, whoever it is about; with the reason.
const OPEN: [(&str, &str); 2] = [
    ("/tra-cuu", "whoever holds the code of a certificate may ask whether it is good"),
    ("/to-chuc/", "units and what became of them are public"),
];

/// Notes of the program about itself, which every request may leave.
const NOTES: [&str; 6] = ["sessions", "sign_in_failures", "jobs", "audit_events", "audit_seals", "api_tokens"];

fn is_open(address: &str) -> bool {
    OPEN.iter().any(|(start, _)| address.starts_with(start))
}

/// Whether something of agency A stands in a text.
fn betrays(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    A.canaries().into_iter().find(|canary| lower.contains(canary.as_str()))
}

/// Values by where they stand: parameters of paths and of queries, fields of forms.
type Values = BTreeMap<String, BTreeSet<String>>;

fn queries(address: &str) -> Vec<(String, String)> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let room = path.split('/').nth(1).unwrap_or_default();
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.map(|(name, value)| (format!("{room} ?{name}"), value.into_owned())).collect()
}

fn values(patterns: &Patterns, all: &[Reached]) -> Values {
    let mut found = Values::new();
    for reached in all {
        for address in reached.pages.keys().chain(reached.posts.keys()) {
            let path = patterns.of(address).map(|(_, values)| values).unwrap_or_default();
            for (place, value) in path.into_iter().chain(queries(address)) {
                found.entry(place).or_default().insert(value);
            }
        }
        for form in reached.posts.values() {
            for field in &form.fields {
                found.entry(format!("#{}", field.name)).or_default().insert(field.value.clone());
            }
        }
    }
    found
}

/// A value of the same shape that names nothing.
fn made_up(value: &str) -> String {
    if !value.is_empty() && value.chars().all(|c| c.is_ascii_digit()) {
        return "987654321".to_owned();
    }
    let other = |c: char| match c {
        c if c.is_ascii_digit() => '9',
        c if c.is_ascii_uppercase() => 'X',
        c if c.is_alphabetic() => 'x',
        c => c,
    };
    value.chars().map(other).collect()
}

/// An address with A's own values made up; `None` where none of them is A's own.
fn with_made_up(patterns: &Patterns, address: &str, of_b: &Values) -> Option<(String, Vec<String>)> {
    let is_own =
        |place: &str, value: &str| !value.is_empty() && !of_b.get(place).is_some_and(|known| known.contains(value));
    let mut own = Vec::new();
    let (path, _) = address.split_once('?').unwrap_or((address, ""));
    let mut segments: Vec<String> = path.split('/').map(str::to_owned).collect();
    if let Some((pattern, values)) = patterns.of(address) {
        let at = pattern.split('/').enumerate().filter(|(_, part)| part.starts_with('{')).map(|(at, _)| at);
        for (at, (place, value)) in at.zip(values) {
            if is_own(&place, &value) {
                segments[at] = made_up(&value);
                own.push(value);
            }
        }
    }
    let mut query = address.split_once('?').map_or_else(String::new, |(_, query)| query.to_owned());
    for (place, value) in queries(address).into_iter().filter(|(place, value)| is_own(place, value)) {
        let coded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let name = place.split_once('?').map_or("", |(_, name)| name);
        let (raw, other) = (format!("{name}={value}"), format!("{name}={}", made_up(&value)));
        query = query.replace(&format!("{name}={}", coded(&value)), &other).replace(&raw, &other);
        own.push(value);
    }
    let path = segments.join("/");
    (!own.is_empty()).then(|| (if query.is_empty() { path } else { format!("{path}?{query}") }, own))
}

/// An answer without the address and the values that were asked for: they may be repeated, and are all that may differ.
fn without(answer: &Seen, address: &str, values: &[String]) -> Seen {
    let path = address.split('?').next().unwrap_or_default();
    // A short number stands in many places of a page that have nothing to do with it.
    let telling = values.iter().map(String::as_str).filter(|value| value.len() >= 6);
    let mut needles = BTreeSet::new();
    for needle in [address, path].into_iter().chain(telling) {
        needles.insert(needle.to_owned());
        needles.insert(needle.replace('&', "&amp;").replace('=', "&#x3D;"));
        needles.insert(url::form_urlencoded::byte_serialize(needle.as_bytes()).collect());
    }
    let mut needles: Vec<String> = needles.into_iter().filter(|needle| needle.len() > 1).collect();
    needles.sort_by_key(|needle| std::cmp::Reverse(needle.len()));
    let strip = |text: &str| needles.iter().fold(text.to_owned(), |text, needle| text.replace(needle, "…"));
    Seen { status: answer.status, location: strip(&answer.location), body: strip(&answer.body) }
}

fn all_made_up(values: &[String]) -> Vec<String> {
    values.iter().map(|value| made_up(value)).collect()
}

async fn crawl_all(patterns: &Patterns, desk: &mut Desk) -> Vec<Reached> {
    let mut all = Vec::new();
    for (_, browser) in &mut desk.browsers {
        all.push(crawl(patterns, browser).await);
    }
    all
}

/// What an agency reads as another program, over all operations.
async fn read_api(app: &TestApp, token: &str) -> BTreeMap<String, Seen> {
    let mut found = BTreeMap::new();
    for operation in nongcot::site::operations() {
        let declared = operation.declaration;
        let code = match declared.resource {
            "targets" => "minh-hoa-2026",
            "organisations" => A.unit,
            _ => "khong-co",
        };
        let path = declared.path.replace("{code}", code).replace("{number}", "1");
        for query in ["", "?below=P15-2025", "?limit=1"] {
            let address = format!("{path}{query}");
            found.insert(address.clone(), seen(&api::ask(app, token, &address).await));
        }
    }
    found
}

/// The rows of every table but the program's notes, as a backup writes them.
async fn rows(app: &TestApp) -> BTreeMap<String, BTreeSet<String>> {
    let folder = app.database.folder.path().to_owned();
    let file = folder.join("rows.nongcot");
    let _ = std::fs::remove_file(&file);
    let settings = [("DATABASE__URL", app.database.url.as_str()), ("STORAGE__DIR", folder.to_str().expect("a path"))];
    run(&settings, &["backup", file.to_str().expect("a path")]).await.ended(0);
    let text = String::from_utf8_lossy(&std::fs::read(&file).expect("the backup")).into_owned();
    let (mut found, mut table): (BTreeMap<String, BTreeSet<String>>, String) = (BTreeMap::new(), String::new());
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("{\"kind\":\"rows\",\"name\":\"") {
            table = rest.split('"').next().unwrap_or_default().to_owned();
        } else if line.starts_with('[') && !NOTES.contains(&table.as_str()) {
            found.entry(table.clone()).or_default().insert(line.to_owned());
        }
    }
    assert!(found.len() > 10, "the backup was not read");
    found
}

#[actix_web::test]
async fn nothing_of_one_agency_is_reached_from_another() {
    let app = support::app().await;
    let patterns = Patterns::new();
    let shared = common(&app).await;
    let mut desk_b = fill(&app, &shared, B).await;
    // Once for what looking itself leaves behind, such as a notice that was read.
    crawl_all(&patterns, &mut desk_b).await;
    let api_before = read_api(&app, &desk_b.token).await;
    let before = crawl_all(&patterns, &mut desk_b).await;
    let without_a = rows(&app).await;

    let mut desk_a = fill(&app, &shared, A).await;
    let of_a = crawl_all(&patterns, &mut desk_a).await;
    assert!(
        of_a.iter().flat_map(|reached| reached.pages.values()).any(|page| betrays(&page.body).is_some()),
        "agency A does not see its own"
    );
    let mut faults = Vec::new();

    // What B sees is as it was before there was anything of A.
    let after = crawl_all(&patterns, &mut desk_b).await;
    for ((label, _), (before, after)) in desk_b.browsers.iter().zip(before.iter().zip(&after)) {
        unchanged(label, &before.pages, &after.pages, &mut faults);
    }
    unchanged("API", &api_before, &read_api(&app, &desk_b.token).await, &mut faults);

    let with_a = rows(&app).await;
    let of_b = values(&patterns, &after);
    let mut tried = 0;
    for (at, (label, browser)) in desk_b.browsers.iter_mut().enumerate() {
        tried += replay(&patterns, &of_a, &after[at], &of_b, label, browser, &mut faults).await;
        tried += search(&after[at], label, browser, &mut faults).await;
    }
    assert!(tried > 150, "only {tried} requests of A were replayed: the crawl is broken");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));

    // Nothing of A was touched.
    let in_the_end = rows(&app).await;
    for (table, rows) in &with_a {
        let nothing = BTreeSet::new();
        let was = without_a.get(table).unwrap_or(&nothing);
        let is = in_the_end.get(table).unwrap_or(&nothing);
        let lost: Vec<&String> = rows.difference(was).filter(|row| !is.contains(*row)).collect();
        assert!(lost.is_empty(), "{table}: rows of agency A were changed from agency B: {lost:#?}");
    }

    // The test itself: whoever does reach into A is seen to. B's officer becomes one of A, too.
    let officer = app
        .write(|c| {
            let (unit, now) = (support::unit_id(c, A.unit)?, support::monday().into());
            let officer =
                nongcot::accounts::queries::by_identifier(c, "can-bo.sonca@example.gov.vn")?.expect("B's officer").0;
            let by = nongcot::access::Actor::system();
            let role = nongcot::access::Role::Officer;
            nongcot::accounts::actions::grant_role(c, &by, now, officer.id, role, Some(unit))?;
            Ok(officer)
        })
        .await;
    let mut browser = app.sign_in(&officer).await;
    let mut leaks = Vec::new();
    unchanged("", &before[0].pages, &crawl(&patterns, &mut browser).await.pages, &mut leaks);
    assert!(leaks.iter().filter(|leak| leak.contains("shows")).count() > 5, "leaks are not seen: {leaks:#?}");
    leaks.clear();
    replay(&patterns, &of_a, &after[0], &of_b, "", &mut browser, &mut leaks).await;
    let seen = |word: &str| leaks.iter().any(|leak| leak.contains(word));
    assert!(seen("GET") && seen("POST") && seen("shows"), "leaks are not seen: {leaks:#?}");
}

fn unchanged(label: &str, before: &BTreeMap<String, Seen>, after: &BTreeMap<String, Seen>, faults: &mut Vec<String>) {
    for (address, page) in after {
        match before.get(address) {
            None => faults.push(format!("{label}: {address} is new since A has records")),
            Some(was) if was != page => {
                let line = page.body.lines().zip(was.body.lines()).find(|(a, b)| a != b);
                faults.push(format!("{label}: {address} changed by A's records: {line:?}"));
            }
            Some(_) => {}
        }
        if let Some(canary) = betrays(&page.body) {
            faults.push(format!("{label}: {address} shows {canary}"));
        }
    }
    for address in before.keys().filter(|address| !after.contains_key(*address)) {
        faults.push(format!("{label}: {address} is gone since A has records"));
    }
}

/// Asks for everything that A reached; how many requests that were.
async fn replay(
    patterns: &Patterns,
    of_a: &[Reached],
    own: &Reached,
    of_b: &Values,
    label: &str,
    browser: &mut Client,
    faults: &mut Vec<String>,
) -> usize {
    let mut tried = 0;
    // What several people of A reached is asked for once.
    let addresses: BTreeSet<&String> = of_a.iter().flat_map(|reached| reached.pages.keys()).collect();
    for address in addresses.into_iter().filter(|address| !is_open(address)) {
        let reply = browser.send(Method::GET, address, &[], None).await;
        let headers = format!("{:?}", reply.headers);
        let answer = seen(&reply);
        let asked: Vec<String> = queries(address).into_iter().map(|(_, value)| value).collect();
        let echo = without(&answer, address, &asked);
        if let Some(canary) = betrays(&echo.body).or_else(|| betrays(&headers)) {
            faults.push(format!("{label}: GET {address} ({}) shows {canary}", answer.status));
        }
        if let Some((other, values)) = with_made_up(patterns, address, of_b) {
            let made_up = seen(&browser.send(Method::GET, &other, &[], None).await);
            let (one, other_one) =
                (without(&answer, address, &values), without(&made_up, &other, &all_made_up(&values)));
            if one != other_one {
                let line = one.body.lines().zip(other_one.body.lines()).find(|(a, b)| a != b);
                let statuses = (answer.status, made_up.status);
                faults.push(format!("{label}: GET {address} and {other} are answered {statuses:?}: {line:?}"));
            }
        }
        tried += 1;
    }
    let mut sent = BTreeSet::new();
    for (action, form) in of_a.iter().flat_map(|reached| &reached.posts) {
        let fields: Vec<(&str, &str)> = form
            .fields
            .iter()
            .filter(|field| field.name != "_csrf" && field.kind != "file")
            .map(|field| (field.name.as_str(), field.value.as_str()))
            .collect();
        if !sent.insert((action, fields.clone())) {
            continue;
        }
        let is_own = |name: &str, value: &str| {
            !value.is_empty() && !of_b.get(&format!("#{name}")).is_some_and(|known| known.contains(value))
        };
        let theirs: Vec<String> =
            fields.iter().filter(|(name, value)| is_own(name, value)).map(|(_, value)| (*value).to_owned()).collect();
        let other = with_made_up(patterns, action, of_b);
        let offered = own.posts.contains_key(action);
        let names_something = patterns.of(action).is_some_and(|(_, values)| !values.is_empty());
        if theirs.is_empty() && other.is_none() && (offered || !names_something) {
            // B's own form, or one of everybody, with nothing of A in it.
            continue;
        }
        let invented: Vec<(String, String)> = fields
            .iter()
            .map(|(name, value)| {
                ((*name).to_owned(), if is_own(name, value) { made_up(value) } else { (*value).to_owned() })
            })
            .collect();
        let invented: Vec<(&str, &str)> =
            invented.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let (path, mut values) = other.unwrap_or_else(|| (action.clone(), Vec::new()));
        values.extend(theirs);
        let made_up = seen(&browser.post(&path, &invented).await);
        let reply = browser.post(action, &fields).await;
        let headers = format!("{:?}", reply.headers);
        let answer = seen(&reply);
        if !offered && names_something && !matches!(answer.status, 400 | 403 | 404) {
            faults.push(format!("{label}: POST {action} is answered {}", answer.status));
        }
        let one = without(&answer, action, &values);
        if one != without(&made_up, &path, &all_made_up(&values)) {
            faults.push(format!("{label}: POST {action} is answered {}, {path} {}", answer.status, made_up.status));
        }
        if let Some(canary) = betrays(&one.body).or_else(|| betrays(&headers)) {
            faults.push(format!("{label}: POST {action} ({}) shows {canary}", answer.status));
        }
        tried += 1;
    }
    tried
}

/// Types A's word, all but its last letter, into every form that asks.
async fn search(own: &Reached, label: &str, browser: &mut Client, faults: &mut Vec<String>) -> usize {
    let mut tried = 0;
    let mut done = BTreeSet::new();
    for (address, page) in &own.pages {
        for form in forms(&page.body).into_iter().filter(|form| form.method != "post") {
            for typed in ["Kanar", "0912000111"] {
                let asked = asks(address, &form, Some(typed));
                if !done.insert(asked.clone()) {
                    continue;
                }
                let answer = seen(&browser.send(Method::GET, &asked, &[], None).await);
                let shown = answer.body.replace(typed, "").replace("%2B", "");
                if let Some(canary) = betrays(&shown) {
                    faults.push(format!("{label}: {asked} shows {canary}"));
                }
                tried += 1;
            }
        }
    }
    tried
}
