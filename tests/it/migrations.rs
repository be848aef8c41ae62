//! The two folders of migrations say the same to both databases.

use std::{collections::BTreeSet, fs};

use crate::sources;

const DATABASES: [&str; 2] = ["sqlite", "postgres"];

fn names(database: &str) -> BTreeSet<String> {
    let folder = sources::root().join("migrations").join(database);
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn both_databases_have_the_same_steps_forth_and_back() {
    let [sqlite, postgres] = DATABASES.map(names);
    assert_eq!(sqlite, postgres, "the names of the migrations differ");
    assert!(!sqlite.is_empty());
    for database in DATABASES {
        for name in names(database) {
            for file in ["up.sql", "down.sql"] {
                let path = sources::root().join("migrations").join(database).join(&name).join(file);
                let text = fs::read_to_string(&path).unwrap_or_default();
                assert!(!text.trim().is_empty(), "migrations/{database}/{name}/{file} is missing or empty");
            }
        }
    }
}

/// The third word or so after `CREATE TABLE`, in the order of the files.
fn tables(database: &str) -> BTreeSet<String> {
    let steps = sources::files(&format!("migrations/{database}"), "sql");
    let words: Vec<String> = steps
        .iter()
        .filter(|step| step.path.ends_with("/up.sql"))
        .flat_map(|step| step.text.lines().filter(|l| !l.trim_start().starts_with("--")).collect::<Vec<_>>())
        .flat_map(|line| line.split([' ', '(']).filter(|w| !w.is_empty()).map(str::to_lowercase).collect::<Vec<_>>())
        .collect();
    words.windows(3).filter(|w| w[0] == "create" && w[1] == "table").map(|w| w[2].clone()).collect()
}

#[test]
fn both_databases_have_the_same_tables() {
    let [sqlite, postgres] = DATABASES.map(tables);
    assert_eq!(sqlite, postgres);
    assert!(!sqlite.is_empty());
}
