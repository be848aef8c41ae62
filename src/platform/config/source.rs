//! Where settings come from, in rising order: the defaults in code, one TOML file, the environment, and what the
//! program itself decides (a command-line flag, the demonstration, a test).

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::Fault;

/// The file that is read when it lies in the working folder and no other is named.
pub const DEFAULT_FILE: &str = "nongcot.toml";
/// The variable that names another file.
pub const FILE_VARIABLE: &str = "NONGCOT_CONFIG";
const PREFIX: &str = "NONGCOT__";

/// What to read. [`ConfigSource::of_process`] is the real one; [`ConfigSource::empty`] is for tests.
#[derive(Debug, Clone, Default)]
pub struct ConfigSource {
    /// The file, and what named it; a named file must exist.
    file: Option<(PathBuf, &'static str)>,
    environment: Vec<(OsString, OsString)>,
    overrides: Vec<(String, String)>,
}

impl ConfigSource {
    /// Nothing but the defaults.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The file of `--config`, else of `NONGCOT_CONFIG`, else `nongcot.toml` if it is there; over it the environment.
    pub fn of_process(flag: Option<PathBuf>) -> Self {
        let named = flag.map(|path| (path, "--config")).or_else(|| {
            std::env::var_os(FILE_VARIABLE).filter(|v| !v.is_empty()).map(|v| (PathBuf::from(v), FILE_VARIABLE))
        });
        let usual = || Path::new(DEFAULT_FILE).exists().then(|| (PathBuf::from(DEFAULT_FILE), DEFAULT_FILE));
        Self { file: named.or_else(usual), environment: std::env::vars_os().collect(), overrides: Vec::new() }
    }

    /// Reads this file too.
    pub fn with_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.file = Some((path.into(), "--config"));
        self
    }

    /// As if this variable stood in the environment.
    pub fn with_variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Decides a key whatever the file and the environment say. `key` is written as in the file: `http.listen`.
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.overrides.push((key.to_owned(), value.into()));
        self
    }

    /// Every value found, the strongest source winning, and the faults met on the way.
    pub(super) fn read(&self) -> (BTreeMap<String, Found>, Vec<Fault>) {
        let mut found = BTreeMap::new();
        let mut faults = Vec::new();
        if let Some((path, named_by)) = &self.file {
            read_file(path, named_by, &mut found, &mut faults);
        }
        for (name, value) in &self.environment {
            read_variable(name, value, &mut found, &mut faults);
        }
        for (key, value) in &self.overrides {
            found.insert(key.clone(), Found { raw: Raw::Text(value.clone()), origin: Origin::Program });
        }
        (found, faults)
    }
}

/// Where one value came from, in words for the person who must mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Default,
    /// Line 0 means the file as a whole.
    File {
        path: PathBuf,
        line: usize,
    },
    Environment(String),
    Program,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line: 0 } => write!(f, "{}", path.display()),
            Self::File { path, line } => write!(f, "{} line {line}", path.display()),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Program => f.write_str("set by the command"),
        }
    }
}

/// One value as it was written.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub raw: Raw,
    pub origin: Origin,
}

/// A variable is always text; a file also knows numbers and lists.
#[derive(Debug, Clone)]
pub(super) enum Raw {
    Text(String),
    Quoted(String),
    Number(i64),
    List(Vec<String>),
    Other(&'static str),
}

fn read_file(path: &Path, named_by: &str, found: &mut BTreeMap<String, Found>, faults: &mut Vec<Fault>) {
    let at = |line| Origin::File { path: path.to_owned(), line };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            faults.push(Fault::new(named_by, at(0), format!("The file {} cannot be read: {error}.", path.display())));
            return;
        }
    };
    let line_of = |offset: usize| text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1);
    let table = match DeTable::parse(&text) {
        Ok(table) => table,
        Err(error) => {
            let line = error.span().map_or(1, |span| line_of(span.start));
            faults.push(Fault::new(named_by, at(line), format!("The file is not valid TOML: {}.", error.message())));
            return;
        }
    };
    for (section, value) in table.get_ref() {
        let Some(keys) = value.get_ref().as_table() else {
            let origin = at(line_of(section.span().start));
            found.insert(section.get_ref().to_string(), Found { raw: raw(value.get_ref()), origin });
            continue;
        };
        for (key, value) in keys {
            let origin = at(line_of(key.span().start));
            let key = format!("{}.{}", section.get_ref(), key.get_ref());
            found.insert(key, Found { raw: raw(value.get_ref()), origin });
        }
    }
}

fn raw(value: &DeValue<'_>) -> Raw {
    match value {
        DeValue::String(text) => Raw::Quoted(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(&number.as_str().replace('_', ""), number.radix())
            .map_or(Raw::Other("a number out of range"), Raw::Number),
        DeValue::Boolean(_) => Raw::Other("true or false"),
        DeValue::Array(items) => {
            let texts = items.iter().map(|item| item.get_ref().as_str().map(str::to_owned));
            texts.collect::<Option<Vec<_>>>().map_or(Raw::Other("a list of something else than texts"), Raw::List)
        }
        DeValue::Float(_) => Raw::Other("a fraction"),
        DeValue::Datetime(_) => Raw::Other("a date"),
        DeValue::Table(_) => Raw::Other("a table"),
    }
}

/// `NONGCOT__HTTP__LISTEN` is `http.listen`. Anything else that begins so is a mistake and is named.
fn read_variable(name: &OsString, value: &OsString, found: &mut BTreeMap<String, Found>, faults: &mut Vec<Fault>) {
    let name = name.to_string_lossy();
    let Some(rest) = name.strip_prefix(PREFIX) else { return };
    let origin = Origin::Environment(name.to_string());
    if rest.to_uppercase() != rest {
        let sentence = format!("Write the variable in capitals: {}.", name.to_uppercase());
        faults.push(Fault::new(rest, origin, sentence));
        return;
    }
    let key = rest.to_lowercase().replace("__", ".");
    match value.to_str() {
        Some(text) => {
            found.insert(key, Found { raw: Raw::Text(text.to_owned()), origin });
        }
        None => faults.push(Fault::new(&key, origin, "The value is not UTF-8 text.".to_owned())),
    }
}
