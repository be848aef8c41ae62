//! Reads the project's own files for the tests that hold it to its rules.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// One file: its path below the project's folder, written with `/`, and its text.
pub struct Source {
    pub path: String,
    pub text: String,
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder of the project whose name ends in `.{ending}`, in order of its path.
pub fn files(folder: &str, ending: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(folder), ending, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            collect(&path, ending, found);
        } else if path.extension().is_some_and(|e| e == ending) {
            let below = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            found.push(Source { path: below, text: fs::read_to_string(&path).unwrap() });
        }
    }
}

/// A handlebars template without its comments; line numbers stay true.
pub fn without_comments(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{{!") {
        let (before, comment) = rest.split_at(start);
        let close = if comment.starts_with("{{!--") { "--}}" } else { "}}" };
        let end = comment.find(close).map_or(comment.len(), |at| at + close.len());
        bare.push_str(before);
        bare.extend(comment[..end].chars().filter(|c| *c == '\n'));
        rest = &comment[end..];
    }
    bare + rest
}

/// A Rust file taken apart: the code with comments and literals blanked out (same length in lines), and the literals.
pub struct Rust {
    pub code: String,
    pub literals: Vec<(usize, String)>,
}

pub fn rust(text: &str) -> Rust {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut taken = Rust { code: String::with_capacity(text.len()), literals: Vec::new() };
    let (mut i, mut line) = (0, 1);
    while i < chars.len() {
        let from = i;
        let name_before = i > 0 && (at(i - 1).is_alphanumeric() || at(i - 1) == '_');
        match (at(i), at(i + 1)) {
            ('/', '/') => {
                while i < chars.len() && at(i) != '\n' {
                    i += 1;
                }
            }
            ('/', '*') => {
                let mut depth = 0;
                while i < chars.len() {
                    match (at(i), at(i + 1)) {
                        ('/', '*') => (depth, i) = (depth + 1, i + 2),
                        ('*', '/') => (depth, i) = (depth - 1, i + 2),
                        _ => i += 1,
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
            ('r', '"' | '#') if !name_before && raw_start(&chars, i).is_some() => {
                let (hashes, start) = raw_start(&chars, i).unwrap();
                i = start;
                while i < chars.len() && !(at(i) == '"' && (1..=hashes).all(|n| at(i + n) == '#')) {
                    i += 1;
                }
                taken.literals.push((line, chars[start..i.min(chars.len())].iter().collect()));
                i += 1 + hashes;
            }
            ('"', _) => {
                i += 1;
                while i < chars.len() && at(i) != '"' {
                    i += if at(i) == '\\' { 2 } else { 1 };
                }
                taken.literals.push((line, chars[from + 1..i.min(chars.len())].iter().collect()));
                i += 1;
            }
            ('\'', '\\') => {
                i += 3;
                while i < chars.len() && at(i) != '\'' {
                    i += 1;
                }
                i += 1;
            }
            ('\'', _) if at(i + 2) == '\'' => i += 3,
            (c, _) => {
                taken.code.push(c);
                line += usize::from(c == '\n');
                i += 1;
                continue;
            }
        }
        // What was skipped leaves its line breaks, so that line numbers stay true.
        taken.code.push(' ');
        for c in chars[from..i.min(chars.len())].iter().filter(|c| **c == '\n') {
            taken.code.push(*c);
            line += 1;
        }
    }
    taken
}

/// `r"` or `r##"`: the number of hashes and where the text begins.
fn raw_start(chars: &[char], from: usize) -> Option<(usize, usize)> {
    let hashes = chars[from + 1..].iter().take_while(|c| **c == '#').count();
    (chars.get(from + 1 + hashes) == Some(&'"')).then_some((hashes, from + 2 + hashes))
}

#[test]
fn a_rust_file_is_taken_apart() {
    let taken =
        rust("let a = \"x\\\"y\"; // crate::b\n/* crate::c /* \n */ */ r#\"q\"q\"#; 'z' '\\n' 'a: fn for_r\n\"last\"");
    assert!(!taken.code.contains("crate") && taken.code.contains("'a: fn for_r"), "{}", taken.code);
    assert_eq!(taken.literals, [(1, "x\\\"y".into()), (3, "q\"q".into()), (4, "last".into())]);
}
