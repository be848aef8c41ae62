//! Reads TOML by hand instead of through serde: serde stops at the first fault and forgets where a value stood, and an
//! instructor wants every fault at once with its line.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::text::{is_hidden, one_line};
use crate::questions::fault::{Fault, Lines, Place};
use crate::questions::gift::{closest, is_id};

/// A value and where it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Located<T> {
    pub(super) value: T,
    pub(super) at: usize,
}

/// The file a table comes from; `base` is where its TOML begins in the file.
#[derive(Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) file: &'a str,
    pub(super) lines: &'a Lines<'a>,
    pub(super) base: usize,
}

impl Origin<'_> {
    pub(super) fn place(&self, at: usize) -> Place {
        self.lines.place(self.base + at)
    }

    pub(super) fn fault(&self, at: usize, fault: Fault) -> Fault {
        fault.at(self.file, self.place(at))
    }
}

/// The keys of one table; each is asked for once, what is left over is unknown.
pub(super) struct Keys<'a> {
    origin: Origin<'a>,
    table: &'a DeTable<'a>,
    /// Where faults of missing keys stand.
    at: usize,
    asked: Vec<&'static str>,
    faults: &'a mut Vec<Fault>,
}

/// Parses TOML and hands its keys to `read`; syntax errors become faults. After one, what could be read is read all the
/// same, so that ids defined in a slightly broken file are known elsewhere; what then seems missing is not complained about.
pub(super) fn read<T>(
    origin: Origin<'_>,
    text: &str,
    faults: &mut Vec<Fault>,
    read: impl FnOnce(&mut Keys<'_>) -> T,
) -> T {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        let said = one_line(error.message());
        let fault = Fault::error("toml", format!("Sai cú pháp TOML: {said}"), format!("TOML syntax: {said}"));
        faults.push(origin.fault(at, fault));
    }
    let before = faults.len();
    let mut keys = Keys { origin, table: table.get_ref(), at: 0, asked: Vec::new(), faults };
    let value = read(&mut keys);
    keys.finish();
    if !errors.is_empty() {
        let mut found = faults.split_off(before);
        found.retain(|fault| !matches!(fault.code, "key-missing" | "key-value"));
        faults.append(&mut found);
    }
    value
}

impl<'a> Keys<'a> {
    pub(super) fn add(&mut self, at: usize, fault: Fault) {
        self.faults.push(self.origin.fault(at, fault));
    }

    pub(super) fn origin(&self) -> Origin<'a> {
        self.origin
    }

    /// Where the table begins.
    pub(super) fn here(&self) -> usize {
        self.at
    }

    fn get(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.push(key);
        self.table.get(key)
    }

    fn missing(&mut self, key: &str) {
        let (vi, en) = (format!("Thiếu \"{key}\""), format!("\"{key}\" is missing"));
        self.add(self.at, Fault::error("key-missing", vi, en));
    }

    fn wrong(&mut self, key: &str, at: usize, vi: &str, en: &str) {
        let (vi, en) = (format!("\"{key}\" phải là {vi}"), format!("\"{key}\" must be {en}"));
        self.add(at, Fault::error("key-value", vi, en));
    }

    fn text(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Located<String>> {
        let at = value.span().start;
        let Some(text) = value.get_ref().as_str() else {
            self.wrong(key, at, "chuỗi trong dấu nháy", "a quoted string");
            return None;
        };
        let text = one_line(text);
        if text.is_empty() {
            self.wrong(key, at, "chuỗi không rỗng", "a string that is not empty");
            return None;
        }
        if text.chars().any(is_hidden) {
            self.wrong(key, at, "chuỗi không có ký tự ẩn", "a string without invisible characters");
            return None;
        }
        Some(Located { value: text, at })
    }

    pub(super) fn optional(&mut self, key: &'static str) -> Option<Located<String>> {
        let value = self.get(key)?;
        self.text(key, value)
    }

    /// A text that must be there; an empty one stands in for it after a fault.
    pub(super) fn string(&mut self, key: &'static str) -> Located<String> {
        match self.get(key) {
            Some(value) => self.text(key, value),
            None => {
                self.missing(key);
                None
            }
        }
        .unwrap_or(Located { value: String::new(), at: self.at })
    }

    pub(super) fn id(&mut self, key: &'static str) -> Located<String> {
        let id = self.string(key);
        if !id.value.is_empty() && !is_id(&id.value) {
            self.bad_id(&id);
        }
        id
    }

    pub(super) fn bad_id(&mut self, id: &Located<String>) {
        let (vi, en) = (format!("Mã \"{}\" không đúng dạng", id.value), format!("\"{}\" is not an id", id.value));
        let hint = "chữ thường không dấu, chữ số, gạch nối đơn; bắt đầu bằng chữ cái; dài 3–64";
        let fault = Fault::error("id-form", vi, en);
        self.add(
            id.at,
            fault.hint(hint, "lower-case letters, digits, single hyphens; begins with a letter; 3–64 long"),
        );
    }

    pub(super) fn strings(&mut self, key: &'static str, required: bool) -> Vec<Located<String>> {
        let Some(value) = self.get(key) else {
            if required {
                self.missing(key);
            }
            return Vec::new();
        };
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(key, value.span().start, "danh sách [\"…\"]", "a list [\"…\"]");
            return Vec::new();
        };
        if required && list.is_empty() {
            self.wrong(key, value.span().start, "danh sách không rỗng", "a list that is not empty");
        }
        let mut strings: Vec<Located<String>> = Vec::with_capacity(list.len());
        for entry in list.iter() {
            let Some(text) = self.text(key, entry) else { continue };
            if strings.iter().any(|known| known.value == text.value) {
                let (vi, en) =
                    (format!("\"{}\" ghi hai lần", text.value), format!("\"{}\" is listed twice", text.value));
                self.add(text.at, Fault::error("list-twice", vi, en));
            } else {
                strings.push(text);
            }
        }
        strings
    }

    pub(super) fn boolean(&mut self, key: &'static str, default: bool) -> bool {
        let Some(value) = self.get(key) else { return default };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(key, value.span().start, "true hoặc false", "true or false");
            default
        })
    }

    pub(super) fn number(&mut self, key: &'static str, range: RangeInclusive<u32>, default: Option<u32>) -> u32 {
        let fallback = default.unwrap_or(*range.start());
        let Some(value) = self.get(key) else {
            if default.is_none() {
                self.missing(key);
            }
            return fallback;
        };
        let number = value.get_ref().as_integer().filter(|number| number.radix() == 10);
        match number.and_then(|number| number.as_str().parse().ok()).filter(|number| range.contains(number)) {
            Some(number) => number,
            None => {
                let (from, to) = (range.start(), range.end());
                let (vi, en) = (format!("số nguyên từ {from} đến {to}"), format!("a whole number from {from} to {to}"));
                self.wrong(key, value.span().start, &vi, &en);
                fallback
            }
        }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    fn as_date(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Located<NaiveDate>> {
        let at = value.span().start;
        let written = value.get_ref().as_datetime();
        let day = written.filter(|stamp| stamp.time.is_none() && stamp.offset.is_none()).and_then(|stamp| stamp.date);
        let day = day.and_then(|d| NaiveDate::from_ymd_opt(i32::from(d.year), u32::from(d.month), u32::from(d.day)));
        if day.is_none() {
            self.wrong(
                key,
                at,
                "ngày viết không có dấu nháy, ví dụ 2026-11-21",
                "a date without quotes, as 2026-11-21",
            );
        }
        day.map(|value| Located { value, at })
    }

    pub(super) fn optional_date(&mut self, key: &'static str) -> Option<Located<NaiveDate>> {
        let value = self.get(key)?;
        self.as_date(key, value)
    }

    pub(super) fn date(&mut self, key: &'static str) -> NaiveDate {
        match self.get(key) {
            Some(value) => self.as_date(key, value).map(|date| date.value),
            None => {
                self.missing(key);
                None
            }
        }
        .unwrap_or_default()
    }

    fn pick<T: Copy>(&mut self, key: &str, text: &Located<String>, known: &[(&str, T)]) -> Option<T> {
        let found = known.iter().find(|(name, _)| *name == text.value).map(|(_, value)| *value);
        if found.is_none() {
            let names = known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            let (vi, en) = (format!("một trong: {names}"), format!("one of: {names}"));
            self.wrong(key, text.at, &vi, &en);
        }
        found
    }

    /// One of a few words; the first stands in after a fault.
    pub(super) fn choice<T: Copy>(&mut self, key: &'static str, first: T, known: &[(&str, T)]) -> T {
        let text = self.string(key);
        if text.value.is_empty() {
            return first;
        }
        self.pick(key, &text, known).unwrap_or(first)
    }

    pub(super) fn choices<T: Copy + PartialEq>(&mut self, key: &'static str, known: &[(&str, T)]) -> Vec<T> {
        self.strings(key, true).iter().filter_map(|text| self.pick(key, text, known)).collect()
    }

    /// A sub-table that must be there.
    pub(super) fn table<T: Default>(&mut self, key: &'static str, read: impl FnOnce(&mut Keys<'_>) -> T) -> T {
        let Some(value) = self.get(key) else {
            self.missing(key);
            return T::default();
        };
        let Some(table) = value.get_ref().as_table() else {
            let (vi, en) = (format!("bảng [{key}]"), format!("a table [{key}]"));
            self.wrong(key, value.span().start, &vi, &en);
            return T::default();
        };
        self.enter(table, value.span().start, read)
    }

    /// Every `[[key]]`.
    pub(super) fn tables<T>(
        &mut self,
        key: &'static str,
        required: bool,
        mut read: impl FnMut(&mut Keys<'_>) -> T,
    ) -> Vec<T> {
        let Some(value) = self.get(key) else {
            if required {
                self.missing(&format!("[[{key}]]"));
            }
            return Vec::new();
        };
        let at = value.span().start;
        let (vi, en) = (format!("các bảng [[{key}]]"), format!("tables [[{key}]]"));
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(key, at, &vi, &en);
            return Vec::new();
        };
        let mut values = Vec::with_capacity(list.len());
        for entry in list.iter() {
            match entry.get_ref().as_table() {
                Some(table) => values.push(self.enter(table, entry.span().start, &mut read)),
                None => self.wrong(key, entry.span().start, &vi, &en),
            }
        }
        values
    }

    fn enter<T>(&mut self, table: &DeTable<'_>, at: usize, read: impl FnOnce(&mut Keys<'_>) -> T) -> T {
        let mut keys = Keys { origin: self.origin, table, at, asked: Vec::new(), faults: self.faults };
        let value = read(&mut keys);
        keys.finish();
        value
    }

    fn finish(&mut self) {
        let unknown: Vec<_> = self.table.keys().filter(|key| !self.asked.contains(&key.get_ref().as_ref())).collect();
        for key in unknown {
            let name = key.get_ref();
            let (vi, en) = (format!("Khóa lạ \"{name}\""), format!("Unknown key \"{name}\""));
            let fault = Fault::error("key-unknown", vi, en);
            let fault = match closest(self.asked.iter().copied(), name) {
                Some(known) => fault.hint(format!("có phải \"{known}\"?"), format!("did you mean \"{known}\"?")),
                None => fault.hint(
                    format!("các khóa dùng được: {}", self.asked.join(", ")),
                    format!("known keys: {}", self.asked.join(", ")),
                ),
            };
            self.add(key.span().start, fault);
        }
    }
}
