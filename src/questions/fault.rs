//! A fault in authored text: where, what is wrong, how to mend it. Instructors read these, so each says both in Vietnamese
//! and in English; programs read the code.

use std::fmt;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

/// Whether a course may be used in spite of the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
}

/// A line and a column, both from 1; a column counts characters, not bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub line: u32,
    pub column: u32,
}

impl Place {
    /// Where a fault of a whole file stands.
    pub const START: Self = Self { line: 1, column: 1 };
}

/// One sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    pub vi: String,
    pub en: String,
}

/// One thing wrong in one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Path inside the course folder, with `/`.
    pub file: String,
    pub place: Place,
    pub severity: Severity,
    /// Stable name of the rule that was broken.
    pub code: &'static str,
    pub reason: Said,
    /// How to mend it; empty when the reason says it already.
    pub hint: Said,
}

impl Fault {
    pub fn error(code: &'static str, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            file: String::new(),
            place: Place::START,
            severity: Severity::Error,
            code,
            reason: Said { vi: vi.into(), en: en.into() },
            hint: Said::default(),
        }
    }

    pub fn warning(code: &'static str, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, vi, en) }
    }

    #[must_use]
    pub fn hint(mut self, vi: impl Into<String>, en: impl Into<String>) -> Self {
        self.hint = Said { vi: vi.into(), en: en.into() };
        self
    }

    #[must_use]
    pub fn at(mut self, file: &str, place: Place) -> Self {
        self.file = file.to_owned();
        self.place = place;
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The line as `Display` prints it, in English.
    pub fn english(&self) -> String {
        self.line(&self.reason.en, &self.hint.en, "warning: ")
    }

    fn line(&self, reason: &str, hint: &str, warning: &str) -> String {
        let Place { line, column } = self.place;
        let mark = if self.is_error() { "" } else { warning };
        let hint = if hint.is_empty() { String::new() } else { format!(" ({hint})") };
        format!("{}:{line}:{column}: {mark}{reason}{hint}", self.file)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line(&self.reason.vi, &self.hint.vi, "cảnh báo: "))
    }
}

/// Flat, so that a page or a script reads it without knowing our types.
impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Fault", 9)?;
        out.serialize_field("file", &self.file)?;
        out.serialize_field("line", &self.place.line)?;
        out.serialize_field("column", &self.place.column)?;
        out.serialize_field("severity", &self.severity)?;
        out.serialize_field("code", self.code)?;
        out.serialize_field("reason", &self.reason.vi)?;
        out.serialize_field("hint", &self.hint.vi)?;
        out.serialize_field("reason_en", &self.reason.en)?;
        out.serialize_field("hint_en", &self.hint.en)?;
        out.end()
    }
}

/// Turns byte offsets of a text into places.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect() }
    }

    pub fn place(&self, byte: usize) -> Place {
        let byte = byte.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        // an offset inside a character belongs to that character
        let end = (start..=byte).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(start);
        let column = self.text.get(start..end).map_or(0, |before| before.chars().count());
        Place { line: small(line), column: small(column + 1) }
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let lines = Lines::new("một\nhai ba\n");
        assert_eq!(lines.place(0), Place { line: 1, column: 1 });
        assert_eq!(lines.place("một".len()), Place { line: 1, column: 4 });
        assert_eq!(lines.place("một\nhai ".len()), Place { line: 2, column: 5 });
        assert_eq!(lines.place(3), Place { line: 1, column: 2 });
        assert_eq!(lines.place(9999), Place { line: 3, column: 1 });
    }

    #[test]
    fn a_fault_reads_as_one_line() {
        let fault = Fault::warning("x", "Sai", "Wrong").hint("sửa", "mend").at("a.md", Place { line: 2, column: 3 });
        assert_eq!(fault.to_string(), "a.md:2:3: cảnh báo: Sai (sửa)");
        assert_eq!(fault.english(), "a.md:2:3: warning: Wrong (mend)");
        let json = serde_json::to_value(&fault).unwrap();
        assert_eq!(json["line"], 2);
        assert_eq!(json["severity"], "warning");
    }
}
