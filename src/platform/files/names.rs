//! Two kinds of names: the key under which we store, which is ours and random, and the name under which a person saves
//! the file, which was a person's and is cleaned before it enters a header.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{FilesError, MediaType};
use crate::platform::text::hex;

/// `kind/ab/cdef…`: a folder for the use, two digits that keep folders small, thirty random ones. 128 bits in all, so a
/// key cannot be guessed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileKey(String);

impl FileKey {
    /// A new key. `kind` is a word of ours such as `submissions`.
    pub fn random(kind: &'static str) -> Result<Self, FilesError> {
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes).map_err(|error| FilesError::Storage(error.to_string()))?;
        let hex = hex(&bytes);
        let (folder, name) = hex.split_at(2);
        Self::parse(&format!("{kind}/{folder}/{name}"))
            .ok_or_else(|| FilesError::Storage(format!("{kind:?} cannot be a folder's name")))
    }

    /// A key that comes from the database or an address. Anything but the exact form is refused, so no path can escape.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let (kind, folder, name) = (parts.next()?, parts.next()?, parts.next()?);
        let hex = |s: &str, len| s.len() == len && s.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let word = !kind.is_empty() && kind.len() <= 32 && kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        (word && hex(folder, 2) && hex(name, 30) && parts.next().is_none()).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const LONGEST_NAME: usize = 180;

/// The name for saving: Vietnamese letters stay; folders, control and direction characters and what file systems refuse
/// go; the ending is one that fits the content, whatever the name claimed.
pub fn safe_download_name(name: &str, media_type: MediaType) -> String {
    let composed: String = name.nfc().collect();
    let last = composed.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible = last.chars().filter_map(|c| match c {
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => Some('_'),
        c if c.is_whitespace() => Some(' '),
        c if c.is_control() || is_invisible(c) => None,
        c => Some(c),
    });
    let cleaned: String = visible.collect();
    let cleaned = cleaned.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let cleaned = cleaned.trim_matches(['.', ' ']);
    let (stem, extension) = match cleaned.rsplit_once('.') {
        Some((stem, ending)) if fits(ending, media_type) => (stem, ending.to_lowercase()),
        _ => (cleaned, media_type.extensions().first().copied().unwrap_or("bin").to_owned()),
    };
    let mut stem = shortened(stem, LONGEST_NAME - extension.len() - 1).trim_matches(['.', ' ']).to_owned();
    if stem.is_empty() {
        "tep".clone_into(&mut stem);
    }
    if is_device(&stem) {
        stem.insert(0, '_');
    }
    format!("{stem}.{extension}")
}

/// The whole `Content-Disposition` value: a plain ASCII name for old programs, and the real one after RFC 5987.
/// `name` should come from [`safe_download_name`]; whatever it is, no quote or line break gets out.
pub fn content_disposition(name: &str, inline: bool) -> String {
    let how = if inline { "inline" } else { "attachment" };
    let plain: String = name
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| match c {
            'đ' => 'd',
            'Đ' => 'D',
            '"' | '\\' | '%' => '_',
            c if c == ' ' || c.is_ascii_graphic() => c,
            _ => '_',
        })
        .collect();
    let mut encoded = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

fn fits(ending: &str, media_type: MediaType) -> bool {
    media_type.extensions().iter().any(|e| e.eq_ignore_ascii_case(ending))
}

/// Characters without width, and those that turn the direction and so can hide an ending.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// At most so many bytes, cut between characters.
fn shortened(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Names that Windows keeps for devices, with or without an ending.
fn is_device(stem: &str) -> bool {
    let base = stem.split('.').next().unwrap_or_default().trim().to_ascii_uppercase();
    let numbered =
        |prefix: &str| base.strip_prefix(prefix).is_some_and(|n| n.len() == 1 && n != "0" && n.parse::<u8>().is_ok());
    matches!(base.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}
