//! The forms of a text: as it is kept, as it is searched, as it stands in an address.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The composed form (NFC): "ế" is one character, however the keyboard or the file system sent it.
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// A line of text as it is kept: composed, without control and invisible characters, trimmed, with single spaces inside.
/// Line breaks and tabs count as spaces. It rejects nothing; what is left may be empty.
pub fn tidy(text: &str) -> String {
    let seen: String = text.chars().filter(|&c| c.is_whitespace() || !is_invisible(c)).nfc().collect();
    let mut line = String::with_capacity(seen.len());
    for word in seen.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Characters that print nothing: controls, zero-width characters, marks of direction. Two names that look alike must be
/// alike, and a mark of direction can turn the text after it around.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The form in which texts are searched: lower case, without marks, đ as d, single spaces. "hoà" and "hòa", which are one
/// word in two spellings, fold to the same, since the tone goes with the other marks. Fold the query too.
pub fn fold(text: &str) -> String {
    let bare: String = text
        .chars()
        .filter(|&c| c.is_whitespace() || !is_invisible(c))
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|&c| !is_combining_mark(c))
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect();
    tidy(&bare)
}

/// A short name for an address: Vietnamese in plain letters and digits, joined by hyphens. Characters that have no such
/// form are left out, so the result can be empty.
pub fn slugify(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in fold(text).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_keyboards_give_the_same_name() {
        assert_eq!(nfc("Nguye\u{302}\u{303}n"), "Nguyễn");
        assert_eq!(tidy("  Nguye\u{302}\u{303}n\t Văn \r\n An\u{a0} "), "Nguyễn Văn An");
    }

    #[test]
    fn what_cannot_be_seen_is_dropped() {
        assert_eq!(tidy("An\u{200b}\u{202e}\u{0}\u{feff}h"), "Anh");
        assert_eq!(tidy("e\u{200b}\u{302}"), "ê");
        assert_eq!(tidy(" \u{200b} "), "");
        assert_eq!(fold("A\u{200b}n"), "an");
    }

    #[test]
    fn search_does_not_ask_for_marks() {
        assert_eq!(fold("Nguyễn Đức"), "nguyen duc");
        assert_eq!(fold("CHUYỂN ĐỔI SỐ"), "chuyen doi so");
        assert_eq!(fold("hoà"), fold("hòa"));
        assert_eq!(fold("Khoá uỷ thuỷ"), fold("KHÓA ỦY THỦY"));
        assert_eq!(fold("Nguye\u{302}\u{303}n  Đức"), "nguyen duc");
        for letter in "aàảãáạăằẳẵắặâầẩẫấậAÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬ".chars()
        {
            assert_eq!(fold(&letter.to_string()), "a");
        }
    }

    #[test]
    fn addresses_are_plain() {
        assert_eq!(slugify("Kiến trúc Chính phủ điện tử 2.0"), "kien-truc-chinh-phu-dien-tu-2-0");
        assert_eq!(slugify("  -- Đợt 1/2026 --"), "dot-1-2026");
        assert_eq!(slugify("日本"), "");
    }

    proptest! {
        #[test]
        fn tidying_twice_changes_nothing(text in "\\PC*|[ \\ta-zA-Zàảãáạăâđêôơư\u{300}-\u{31b}\u{200b}]*") {
            let once = tidy(&text);
            prop_assert_eq!(tidy(&once), once);
        }

        #[test]
        fn folding_twice_changes_nothing(text in "\\PC*|[ \\ta-zA-ZàảãáạăâđĐêôơưİıßﬁ\u{300}-\u{31b}]*") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn both_normal_forms_fold_alike(text in "\\PC*") {
            prop_assert_eq!(fold(&text), fold(&text.nfd().collect::<String>()));
        }

        #[test]
        fn a_slug_is_safe_in_an_address(text in "\\PC*") {
            let slug = slugify(&text);
            prop_assert!(slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            prop_assert!(!slug.starts_with('-') && !slug.ends_with('-') && !slug.contains("--"));
        }
    }
}
