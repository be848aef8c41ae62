//! The rules of ARCHITECTURE.md about who may know whom, read from the sources themselves.

use std::collections::BTreeSet;

use crate::sources::{self, Source};

/// Each room may use those before it, never those after it.
const ORDER: [&str; 21] = [
    "platform",
    "app",
    "access",
    "audit",
    "organisations",
    "accounts",
    "notifications",
    "questions",
    "courses",
    "learning",
    "events",
    "assessments",
    "certificates",
    "targets",
    "programmes",
    "reminders",
    "reorganisations",
    "reports",
    "home",
    "site",
    "cli",
];

/// The files of a slice that are its own affair.
const PRIVATE: [&str; 5] = ["pages", "forms", "api", "mail", "jobs"];

/// What stands against a rule, and why it may.
const EXCEPTIONS: [(&str, &str, &str); 2] = [
    ("src/app.rs", "accounts::passwords", "the one waiting line for password hashing is made at the start"),
    ("src/app.rs", "diesel", "reads the secret and the demo mark before any slice is there"),
];

/// A path that begins at the crate's root, and the line it stands on.
#[derive(Debug, PartialEq)]
struct Use {
    line: usize,
    path: Vec<String>,
}

#[test]
fn every_room_keeps_to_the_rules() {
    let breaches: Vec<String> = sources::files("src", "rs").iter().flat_map(breaches_in).collect();
    assert!(breaches.is_empty(), "the rules of ARCHITECTURE.md are broken:\n{}\n", breaches.join("\n"));
}

#[test]
fn the_order_names_every_room() {
    let listed = sources::files("src", "rs").into_iter().map(|file| module_of(&file.path));
    for room in listed.filter_map(|module| module.first().cloned()) {
        assert!(ORDER.contains(&room.as_str()), "src/{room} has no place in the order of tests/it/layering.rs");
    }
}

fn breaches_in(file: &Source) -> Vec<String> {
    let module = module_of(&file.path);
    let code = sources::rust(&file.text).code;
    let mut found = Vec::new();
    let mut told = BTreeSet::new();
    // A file that breaks a rule many times is told so once, at the first place.
    let mut breach = |line: usize, rule: &str| {
        if told.insert(rule.to_owned()) {
            found.push(format!("{}:{line}: {rule}", file.path));
        }
    };

    for used in uses(&code, &module) {
        if excepted(&file.path, &used.path.join("::")) {
            continue;
        }
        if let Some(rule) = wrong_direction(&module, &used.path) {
            breach(used.line, &rule);
        }
    }
    let lines: Vec<&str> = file.text.lines().collect();
    for (index, text) in code.lines().enumerate() {
        let line = index + 1;
        for (word, rule, allowed) in WORDS {
            if has_word(text, word) && !allowed(&file.path) && !excepted(&file.path, word) {
                breach(line, rule);
            }
        }
        let explained = (index.saturating_sub(2)..=index).any(|i| lines.get(i).is_some_and(|l| l.contains("//")));
        if has_word(text, "both!") && !file.path.starts_with("src/platform/") && !explained {
            breach(line, "a use of both! says in a comment what for");
        }
    }
    found
}

/// A word, the rule it may break, and the files where it is at home.
type Word = (&'static str, &'static str, fn(&str) -> bool);
const WORDS: [Word; 8] = [
    ("actix_web", "actix_web only in platform/http, guards, pages, api, routes (mod.rs), site", is_web),
    ("actix_multipart", "actix_multipart only in platform/http, guards, pages, api", is_web),
    ("diesel", "diesel only in model, queries, actions, platform/db, platform/jobs", is_data),
    ("diesel_migrations", "diesel_migrations only in platform/db", |path| path.starts_with("src/platform/db/")),
    ("SqliteConnection", "one kind of database only through the macro of platform/db", is_database),
    ("PgConnection", "one kind of database only through the macro of platform/db", is_database),
    ("Utc::now", "the time comes from App.clock; only platform/clock.rs asks the system", is_clock),
    ("SystemTime::now", "the time comes from App.clock; only platform/clock.rs asks the system", is_clock),
];

fn excepted(file: &str, what: &str) -> bool {
    EXCEPTIONS.iter().any(|(path, start, _)| *path == file && what.starts_with(start))
}

fn is_web(path: &str) -> bool {
    path.starts_with("src/platform/http/")
        || path == "src/site.rs"
        || path.starts_with("src/site/")
        || layer(path).is_some_and(|l| ["guards", "pages", "api", "mod"].contains(&l))
}
fn is_data(path: &str) -> bool {
    ["src/platform/db/", "src/platform/jobs/"].iter().any(|p| path.starts_with(p))
        || layer(path).is_some_and(|l| ["model", "queries", "actions"].contains(&l))
        // It writes rows of many slices in batches no action would.
        || path == "src/cli/bench_data/rows.rs"
}
fn is_database(path: &str) -> bool {
    path.starts_with("src/platform/db/")
}
fn is_clock(path: &str) -> bool {
    path == "src/platform/clock.rs"
}

/// The layer a file of a slice belongs to: `pages` for src/courses/pages.rs and for src/courses/pages/list.rs.
fn layer(path: &str) -> Option<&str> {
    let mut parts = path.strip_prefix("src/")?.split('/');
    parts.next().filter(|slice| *slice != "platform" && *slice != "cli")?;
    parts.next().map(|part| part.trim_end_matches(".rs"))
}

fn wrong_direction(module: &[String], used: &[String]) -> Option<String> {
    let (own, other) = (module.first()?, used.first()?);
    let rank = |room: &str| ORDER.iter().position(|r| *r == room);
    let (own_rank, other_rank) = (rank(own)?, rank(other)?);
    if other_rank > own_rank {
        return Some(format!("{own} stands below {other} and may not use it"));
    }
    let composes = ["site", "cli"].contains(&own.as_str());
    let is_slice = !["platform", "app"].contains(&other.as_str());
    let part = used.get(1)?;
    (own != other && is_slice && !composes && PRIVATE.contains(&part.as_str()))
        .then(|| format!("{other}'s {part} are its own affair: use its model, queries, actions or guards"))
}

/// `src/a/b.rs` and `src/a/b/mod.rs` are the module `a::b`; the crate's root has no name.
fn module_of(path: &str) -> Vec<String> {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut parts: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    parts
}

/// Every path from the crate's root: `crate::a::{b, c::d}` is two, and enough `super::` leads to the root as well.
fn uses(code: &str, module: &[String]) -> Vec<Use> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if starts_word(code, at) {
            tree(code, &mut (at + "crate::".len()), &mut Vec::new(), &mut found);
        }
    }
    for (at, _) in code.match_indices("super::") {
        let chained = code[..at].ends_with("super::");
        if !chained && starts_word(code, at) {
            let mut from = at;
            let mut base = module.to_vec();
            while code[from..].starts_with("super::") {
                from += "super::".len();
                base.pop();
            }
            tree(code, &mut from, &mut base, &mut found);
        }
    }
    found
}

fn starts_word(code: &str, at: usize) -> bool {
    !code[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ':'))
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let next = line[at + word.len()..].chars().next();
        let before = line[..at].chars().next_back();
        !next.is_some_and(|c| c.is_alphanumeric() || c == '_')
            && !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// Reads one use tree from `at` and adds every path it names, each beginning with `base`.
fn tree(code: &str, at: &mut usize, base: &mut Vec<String>, found: &mut Vec<Use>) {
    let depth = base.len();
    let start = *at;
    loop {
        let rest = &code[*at..];
        *at += rest.len() - rest.trim_start().len();
        let rest = &code[*at..];
        if rest.starts_with('{') {
            *at += 1;
            group(code, at, base, found);
            break;
        }
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '*')).collect();
        *at += name.len();
        base.push(name);
        if !code[*at..].starts_with("::") {
            let line = code[..start].matches('\n').count() + 1;
            found.push(Use { line, path: base.clone() });
            break;
        }
        *at += 2;
    }
    base.truncate(depth);
}

fn group(code: &str, at: &mut usize, base: &mut Vec<String>, found: &mut Vec<Use>) {
    loop {
        let rest = &code[*at..];
        let Some(next) = rest.find(|c: char| !c.is_whitespace() && c != ',') else { return };
        *at += next;
        if code[*at..].starts_with('}') {
            *at += 1;
            return;
        }
        tree(code, at, base, found);
        // `as other`: what it is called here does not matter.
        let Some(end) = code[*at..].find([',', '}']) else { return };
        *at += end;
    }
}

#[test]
fn paths_are_found_in_every_form() {
    let module: Vec<String> = ["courses", "pages"].map(str::to_owned).to_vec();
    let code =
        "use crate::{\n    a::b as c,\n    d::{self, e::*},\n};\nlet x = crate::f::g(super::super::h::i, super::j);";
    let read: Vec<(usize, String)> = uses(code, &module).into_iter().map(|u| (u.line, u.path.join("::"))).collect();
    let expected = [(2, "a::b"), (3, "d::self"), (3, "d::e::*"), (5, "f::g"), (5, "h::i"), (5, "courses::j")];
    assert_eq!(read, expected.map(|(line, path)| (line, path.to_owned())));
}

#[test]
fn each_rule_finds_its_breach() {
    let breach =
        |path: &str, text: &str| breaches_in(&Source { path: path.to_owned(), text: text.to_owned() }).join(" ");
    let broken = [
        ("src/courses/queries.rs", "use crate::learning::model::Run;", "courses stands below learning"),
        ("src/platform/db/mod.rs", "use super::super::accounts::model::Person;", "platform stands below accounts"),
        ("src/learning/actions.rs", "use crate::{\n    courses::pages::List,\n};", ":2: courses's pages are its own"),
        ("src/learning/forms.rs", "use actix_web::web;", "actix_web only in"),
        ("src/learning/pages.rs", "use diesel::prelude::*;", "diesel only in"),
        ("src/learning/actions.rs", "fn f(c: &mut PgConnection) {}", "one kind of database"),
        ("src/learning/actions.rs", "let now = Utc::now();", "the time comes from App.clock"),
        ("src/learning/actions.rs", "both!(c, |k| x)", "says in a comment what for"),
    ];
    for (path, text, rule) in broken {
        assert!(breach(path, text).contains(rule), "{path}: {text}: {}", breach(path, text));
    }
    let sound = [
        ("src/learning/pages.rs", "use actix_web::web;\nuse crate::courses::{model::Course, queries};"),
        ("src/learning/actions/enrol.rs", "use diesel::prelude::*; // crate::site\nlet a = \"crate::site::x\";"),
        ("src/learning/actions.rs", "// on_conflict does not exist on the derived connection\nboth!(c, |k| x)"),
        ("src/site.rs", "use crate::courses::pages;\nuse actix_web::web;"),
    ];
    for (path, text) in sound {
        assert_eq!(breach(path, text), "", "{path}");
    }
}
