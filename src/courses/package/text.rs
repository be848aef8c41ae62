//! From bytes to the text everything else works on: UTF-8, NFC, plain line feeds, no byte order mark, nothing invisible
//! that could make a text read otherwise than it looks.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::questions::fault::{Fault, Lines};

/// The normal form of a text file, or nothing where it is no text at all; every fault goes to `faults`.
pub(super) fn normal(file: &str, bytes: &[u8], faults: &mut Vec<Fault>) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let before = String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default()).into_owned();
            let fault = Fault::error("text-utf8", "Tệp không phải UTF-8", "The file is not UTF-8");
            let fault = fault.hint("lưu lại bằng mã hóa UTF-8", "save it again as UTF-8");
            faults.push(fault.at(file, Lines::new(&before).place(before.len())));
            return None;
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    let text = if is_nfc(&text) {
        text
    } else {
        composed(file, &text, faults);
        text.nfc().collect()
    };
    let mut hidden = text.char_indices().filter(|(_, sign)| is_hidden(*sign)).peekable();
    if hidden.peek().is_some() {
        let lines = Lines::new(&text);
        for (at, sign) in hidden.take(10) {
            let code = u32::from(sign);
            let (vi, en) = (format!("Ký tự ẩn U+{code:04X}"), format!("Invisible character U+{code:04X}"));
            let fault = Fault::error("text-hidden", vi, en).hint("xóa ký tự này", "delete it");
            faults.push(fault.at(file, lines.place(at)));
        }
    }
    Some(text)
}

/// Warns at the first character that is not composed.
fn composed(file: &str, text: &str, faults: &mut Vec<Fault>) {
    let lines = Lines::new(text);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if !is_nfc(line) {
            let same = line.chars().zip(line.nfc()).take_while(|(a, b)| a == b);
            let skip: usize = same.map(|(sign, _)| sign.len_utf8()).sum();
            let fault = Fault::warning(
                "text-nfc",
                "Chữ tổ hợp (NFD), đã tự đổi sang dựng sẵn (NFC)",
                "Decomposed text, converted to NFC",
            );
            let hint =
                ("lưu lại tệp ở dạng NFC để bản sửa đọc được", "save the file as NFC to keep differences readable");
            faults.push(fault.hint(hint.0, hint.1).at(file, lines.place(at + skip)));
            return;
        }
        at += line.len();
    }
}

/// Control characters, zero-width ones and those that turn the direction of text: they let a text differ from its looks.
pub(super) fn is_hidden(sign: char) -> bool {
    matches!(sign, '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// One line: composed, single spaces.
pub(super) fn one_line(text: &str) -> String {
    let composed: Cow<'_, str> = if is_nfc(text) { text.into() } else { text.nfc().collect::<String>().into() };
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A path-safe name of Vietnamese text: "Vì sao đổi mới?" → "vi-sao-doi-moi".
pub fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.nfd().flat_map(char::to_lowercase) {
        match sign {
            'đ' => out.push('d'),
            'a'..='z' | '0'..='9' => out.push(sign),
            '\u{300}'..='\u{36f}' => {}
            _ if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// Lower-case words with single hyphens.
pub(super) fn is_slug(text: &str) -> bool {
    text.len() <= 100
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_editors_leave_behind() {
        let mut faults = Vec::new();
        let text = normal("a.md", "\u{feff}một\r\nhai e\u{302}\u{301}\rba".as_bytes(), &mut faults).unwrap();
        assert_eq!(text, "một\nhai ế\nba");
        assert_eq!(faults.len(), 1);
        assert_eq!((faults[0].place.line, faults[0].place.column), (2, 5));
        assert!(!faults[0].is_error());
    }

    #[test]
    fn refuses_what_cannot_be_seen() {
        let mut faults = Vec::new();
        assert!(normal("a.md", b"a\nb\xff", &mut faults).is_none());
        assert_eq!((faults[0].place.line, faults[0].place.column), (2, 2));
        faults.clear();
        normal("a.md", "a\u{202e}b\0".as_bytes(), &mut faults).unwrap();
        assert_eq!(faults.len(), 2);
    }

    #[test]
    fn slugs() {
        assert_eq!(slug("Vì sao đổi mới?  (2015–2025)"), "vi-sao-doi-moi-2015-2025");
        assert_eq!(slug("Đề án 06"), "de-an-06");
        assert_eq!(slug("???"), "");
    }
}
