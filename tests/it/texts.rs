//! The catalogues: the same keys in Vietnamese and English, each used, none missing.
//!
//! A key counts as used where it stands as a whole string literal in `src` or `templates`, or inside another message.
//! For keys put together while the program runs, `# dynamic` above the key (or `## dynamic` above a group) says so.

use std::collections::{BTreeMap, BTreeSet};

use crate::sources;

struct Entry {
    place: String,
    dynamic: bool,
    /// `$name` of what is inserted, and the other messages it takes in.
    inserts: BTreeSet<String>,
    references: Vec<String>,
}

fn catalogue(locale: &str) -> BTreeMap<String, Entry> {
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    for file in sources::files(&format!("templates/text/{locale}"), "ftl") {
        let (mut group, mut next, mut current) = (false, false, None::<String>);
        for (index, line) in file.text.lines().enumerate() {
            if let Some(comment) = line.strip_prefix("##") {
                group = comment.trim_start_matches('#').trim().starts_with("dynamic");
            } else if let Some(comment) = line.strip_prefix('#') {
                next |= comment.trim().starts_with("dynamic");
            } else if let Some((key, _)) = line.split_once('=').filter(|(k, _)| is_key(k.trim_end(), 1)) {
                let key = key.trim_end().to_owned();
                let place = format!("{}:{}", file.path, index + 1);
                let entry = Entry {
                    place: place.clone(),
                    dynamic: group || next,
                    inserts: BTreeSet::new(),
                    references: vec![],
                };
                if let Some(twice) = entries.insert(key.clone(), entry) {
                    panic!("{place}: {key} stands already at {}", twice.place);
                }
                (next, current) = (false, Some(key));
            }
            if let Some(entry) =
                current.as_ref().and_then(|key| entries.get_mut(key)).filter(|_| !line.starts_with('#'))
            {
                for inside in line.split('{').skip(1) {
                    let word = |text: &str| {
                        text.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
                    };
                    let inside = inside.trim_start();
                    match inside.strip_prefix('$') {
                        // It only chooses a form, and Vietnamese has one.
                        Some(name) if name.trim_end().ends_with("->") => {}
                        Some(name) => drop(entry.inserts.insert(word(name))),
                        None => entry.references.push(word(inside)),
                    }
                }
            }
        }
    }
    entries
}

/// Lower-case words joined by hyphens, at least so many hyphens.
fn is_key(text: &str, hyphens: usize) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && text.matches('-').count() >= hyphens
        && !text.ends_with('-')
}

/// String literals of the templates and of the program, each with its place; those of templates that are surely keys
/// (after `t `) are marked.
fn literals() -> Vec<(String, String, bool)> {
    let mut found = Vec::new();
    for file in sources::files("templates", "hbs") {
        for (index, line) in sources::without_comments(&file.text).lines().enumerate() {
            let place = format!("{}:{}", file.path, index + 1);
            let parts: Vec<&str> = line.split(['"', '\'']).collect();
            for pair in parts.windows(2) {
                let sure = pair[0].ends_with("{{t ") || pair[0].ends_with("(t ") || pair[0].ends_with("{{~t ");
                found.push((place.clone(), pair[1].to_owned(), sure));
            }
        }
    }
    for file in sources::files("src", "rs") {
        let lines: Vec<&str> = file.text.lines().collect();
        // Tests stand at the end of a file and may make up keys.
        let tests = lines.iter().position(|l| l.trim() == "#[cfg(test)]").unwrap_or(lines.len());
        for (line, text) in sources::rust(&file.text).literals.into_iter().filter(|(line, _)| *line <= tests) {
            let sure = is_key(&text, 1) && lines[line - 1].contains(&format!("Message::new(\"{text}\")"));
            found.push((format!("{}:{line}", file.path), text, sure));
        }
    }
    found
}

#[test]
fn vietnamese_and_english_say_the_same_things() {
    let (vi, en) = (catalogue("vi"), catalogue("en"));
    assert!(!vi.is_empty());
    let mut wrong = Vec::new();
    for (here, there, name) in [(&vi, &en, "English"), (&en, &vi, "Vietnamese")] {
        for (key, entry) in here {
            match there.get(key) {
                None => wrong.push(format!("{}: {key} has no {name}", entry.place)),
                Some(other) if !entry.inserts.is_subset(&other.inserts) => {
                    wrong.push(format!(
                        "{}: {key} inserts {:?}, the other {:?}",
                        entry.place, entry.inserts, other.inserts
                    ));
                }
                Some(_) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "the catalogues differ:\n{}\n", wrong.join("\n"));
}

#[test]
fn no_key_is_missing() {
    let vi = catalogue("vi");
    let families: BTreeSet<String> = vi.keys().filter_map(|key| family(key)).collect();
    let missing: BTreeSet<String> = literals()
        .into_iter()
        .filter(|(place, text, sure)| {
            // In templates names of classes look like short keys, so only longer ones count there.
            let looks_so = is_key(text, if place.starts_with("src/") { 1 } else { 2 });
            *sure || (looks_so && family(text).is_some_and(|f| families.contains(&f)))
        })
        .filter(|(place, text, _)| !vi.contains_key(text) && !place.contains("/tests"))
        .map(|(place, text, _)| format!("{place}: {text}"))
        .collect();
    let missing: Vec<String> = missing.into_iter().collect();
    assert!(missing.is_empty(), "no such key in templates/text/vi:\n{}\n", missing.join("\n"));
}

/// All but the last word of a key, two at most: a literal of the same family is taken for a key.
fn family(key: &str) -> Option<String> {
    let words: Vec<&str> = key.split('-').collect();
    (words.len() > 1).then(|| words[..(words.len() - 1).min(2)].join("-"))
}

#[test]
fn no_key_is_unused() {
    let vi = catalogue("vi");
    let mut used: BTreeSet<String> = literals().into_iter().map(|(_, text, _)| text).collect();
    used.extend(vi.values().flat_map(|entry| entry.references.clone()));
    let unused: Vec<String> = vi
        .iter()
        .filter(|(key, entry)| !entry.dynamic && !used.contains(*key))
        .map(|(key, entry)| format!("{}: {key}", entry.place))
        .collect();
    assert!(unused.is_empty(), "used nowhere in src or templates:\n{}\n", unused.join("\n"));
}
