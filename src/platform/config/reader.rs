//! Takes values one by one out of what was found, turning each into its type. A fault does not stop the reading: the
//! default stands in, so that every mistake of a file can be named in one go.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use url::Url;

use super::source::{Found, Origin, Raw};
use super::{ConfigError, Described, Fault};

pub(super) struct Reader {
    found: BTreeMap<String, Found>,
    known: BTreeSet<&'static str>,
    faults: Vec<Fault>,
    described: Vec<Described>,
}

/// How a value is parsed: the sentence of the error is put after the key's name ("http.listen must be …").
type Parsed<T> = Result<T, String>;

impl Reader {
    pub fn new((found, faults): (BTreeMap<String, Found>, Vec<Fault>)) -> Self {
        Self { found, faults, known: BTreeSet::new(), described: Vec::new() }
    }

    /// The general way. `show` is what a person may see of the value.
    pub fn text<T>(
        &mut self,
        key: &'static str,
        default: T,
        parse: impl FnOnce(&str) -> Parsed<T>,
        show: impl FnOnce(&T) -> String,
    ) -> T {
        let parse = |raw: &Raw| match raw {
            Raw::Text(text) | Raw::Quoted(text) => parse(text.trim()),
            _ => Err(format!("must be a text in quotes, not {}", kind(raw))),
        };
        self.take(key, default, parse, show)
    }

    /// Like [`Reader::text`], for a value that may be absent; an empty text says "none".
    pub fn optional<T>(
        &mut self,
        key: &'static str,
        default: Option<T>,
        parse: impl FnOnce(&str) -> Parsed<T>,
        show: impl FnOnce(&T) -> String,
    ) -> Option<T> {
        let parse = |text: &str| if text.is_empty() { Ok(None) } else { parse(text).map(Some) };
        self.text(key, default, parse, |value| value.as_ref().map_or_else(|| "(none)".to_owned(), show))
    }

    /// A whole number within limits.
    pub fn number(&mut self, key: &'static str, default: u64, limits: std::ops::RangeInclusive<u64>) -> u64 {
        let wanted = format!("must be a whole number from {} to {}", limits.start(), limits.end());
        let parse = |raw: &Raw| {
            let number = match raw {
                Raw::Text(text) => text.trim().parse::<u64>().ok(),
                Raw::Number(number) => u64::try_from(*number).ok(),
                _ => return Err(format!("{wanted}, not {}", kind(raw))),
            };
            number.filter(|n| limits.contains(n)).ok_or_else(|| wanted.clone())
        };
        self.take(key, default, parse, u64::to_string)
    }

    /// As [`Reader::number`], for counts of things in memory.
    pub fn count(&mut self, key: &'static str, default: u32, limits: std::ops::RangeInclusive<u32>) -> usize {
        let number = self.number(key, u64::from(default), u64::from(*limits.start())..=u64::from(*limits.end()));
        usize::try_from(number).unwrap_or(usize::MAX)
    }

    /// Several texts: a list in the file, separated by commas in a variable.
    pub fn list<T: std::fmt::Display>(&mut self, key: &'static str, parse: impl Fn(&str) -> Parsed<T>) -> Vec<T> {
        let all = |raw: &Raw| {
            let texts: Vec<&str> = match raw {
                Raw::Text(text) => text.split(',').map(str::trim).filter(|t| !t.is_empty()).collect(),
                Raw::List(texts) => texts.iter().map(String::as_str).collect(),
                _ => return Err(format!("must be a list of texts, not {}", kind(raw))),
            };
            texts.into_iter().map(&parse).collect()
        };
        let show = |values: &Vec<T>| values.iter().map(T::to_string).collect::<Vec<_>>().join(", ");
        self.take(key, Vec::new(), all, show)
    }

    /// An address and port to listen on.
    pub fn socket(&mut self, key: &'static str, default: SocketAddr) -> SocketAddr {
        self.text(key, default, parse_socket, SocketAddr::to_string)
    }

    /// The address under which others reach us: a scheme and a host, nothing behind it.
    pub fn public_url(&mut self, key: &'static str, default: Url) -> Url {
        self.text(key, default, parse_public_url, |url| url.origin().ascii_serialization())
    }

    /// Records a fault that concerns a key which was read well in itself.
    pub fn object(&mut self, key: &'static str, sentence: impl Into<String>) {
        let origin = self.found.get(key).map_or(Origin::Default, |found| found.origin.clone());
        self.faults.push(Fault::new(key, origin, sentence.into()));
    }

    pub fn was_given(&self, key: &str) -> bool {
        self.found.contains_key(key)
    }

    /// Names every key that nobody asked for, and gives up if anything was wrong.
    pub fn finish(mut self) -> Result<Vec<Described>, ConfigError> {
        for (key, found) in &self.found {
            if self.known.contains(key.as_str()) {
                continue;
            }
            let section = key.split('.').next().unwrap_or_default();
            let prefix = format!("{section}.");
            let siblings: Vec<&str> = self.known.iter().filter_map(|k| k.strip_prefix(prefix.as_str())).collect();
            let sentence = if siblings.is_empty() {
                let sections: BTreeSet<&str> = self.known.iter().filter_map(|k| k.split('.').next()).collect();
                let sections: Vec<&str> = sections.into_iter().collect();
                format!("There is no such key; the sections are {}.", sections.join(", "))
            } else {
                format!("There is no such key; the section {section} has {}.", siblings.join(", "))
            };
            self.faults.push(Fault::new(key, found.origin.clone(), sentence));
        }
        if self.faults.is_empty() { Ok(self.described) } else { Err(ConfigError { faults: self.faults }) }
    }

    fn take<T>(
        &mut self,
        key: &'static str,
        default: T,
        parse: impl FnOnce(&Raw) -> Parsed<T>,
        show: impl FnOnce(&T) -> String,
    ) -> T {
        self.known.insert(key);
        let (value, origin) = match self.found.get(key) {
            None => (default, Origin::Default),
            Some(found) => match parse(&found.raw) {
                Ok(value) => (value, found.origin.clone()),
                Err(sentence) => {
                    self.faults.push(Fault::new(key, found.origin.clone(), format!("The value {sentence}.")));
                    (default, Origin::Default)
                }
            },
        };
        self.described.push(Described { key, value: show(&value), source: origin.to_string() });
        value
    }
}

fn kind(raw: &Raw) -> &'static str {
    match raw {
        Raw::Text(_) | Raw::Quoted(_) => "a text",
        Raw::Number(_) => "a number",
        Raw::List(_) => "a list",
        Raw::Other(kind) => kind,
    }
}

pub(super) fn parse_socket(text: &str) -> Parsed<SocketAddr> {
    text.parse().map_err(|_| "must be an address and a port, such as 127.0.0.1:8080".to_owned())
}

pub(super) fn parse_public_url(text: &str) -> Parsed<Url> {
    let wanted = "must be a web address without a path, such as https://daotao.example.vn";
    let url = Url::parse(text).map_err(|_| wanted.to_owned())?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && bare && anonymous {
        Ok(url)
    } else {
        Err(wanted.to_owned())
    }
}
