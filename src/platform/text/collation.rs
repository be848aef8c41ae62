//! Vietnamese order: letters a ă â … d đ e ê …, tones none, huyền, hỏi, ngã, sắc, nặng (CLDR `vi`); people by the given name.

use std::sync::LazyLock;

use icu_collator::{
    Collator, CollatorBorrowed, CollatorPreferences,
    options::{CollatorOptions, Strength},
};

use super::{form::tidy, hex::hex};

static TEXT: LazyLock<CollatorBorrowed<'static>> = LazyLock::new(|| vietnamese(Strength::Tertiary));
/// Names are compared without regard to capitals: "NGUYỄN VĂN AN" and "Nguyễn Văn An" stand together.
static NAMES: LazyLock<CollatorBorrowed<'static>> = LazyLock::new(|| vietnamese(Strength::Secondary));

#[expect(
    clippy::expect_used,
    reason = "the language tag is a constant and the data is part of the program; tests run it"
)]
fn vietnamese(strength: Strength) -> CollatorBorrowed<'static> {
    let language = "vi".parse().expect("vi is a language tag");
    let preferences = CollatorPreferences::from_locale_strict(&language).unwrap_or_else(|lenient| lenient);
    let mut options = CollatorOptions::default();
    options.strength = Some(strength);
    Collator::try_new(preferences, options).expect("the collation data is built in")
}

fn hex_key(collator: &CollatorBorrowed<'static>, text: &str) -> String {
    let mut key = Vec::with_capacity(text.len() * 2);
    let Ok(()) = collator.write_sort_key_to(text, &mut key);
    hex(&key)
}

/// A text whose plain byte order (SQLite `BINARY`, PostgreSQL `"C"`) is the Vietnamese order of `text`. It is lower-case
/// hexadecimal and only good for sorting. Keys of different releases of the collation data do not compare; a test pins one,
/// and when it breaks the stored keys must be computed anew by a migration step.
pub fn sort_key(text: &str) -> String {
    hex_key(&TEXT, text)
}

/// The key by which people are sorted: the given name first, then family and middle name, capitals disregarded. Where two
/// people have equal keys their ids decide.
pub fn person_sort_key(family_and_middle: &str, given: &str) -> String {
    // A space is less than every digit of a key, so "An" with any family name stands before "Anh".
    format!("{} {}", hex_key(&NAMES, given), hex_key(&NAMES, family_and_middle))
}

/// Splits a full name into (family and middle name, given name). The given name is the last word; a name of one word is a
/// given name.
pub fn split_name(full_name: &str) -> (String, String) {
    let name = tidy(full_name);
    match name.rsplit_once(' ') {
        Some((family_and_middle, given)) => (family_and_middle.to_owned(), given.to_owned()),
        None => (String::new(), name),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_order_is_that_of_other_software() {
        let expected: Vec<&str> =
            include_str!("vietnamese_order.txt").lines().filter(|line| !line.starts_with('#')).collect();
        assert!(expected.len() > 290);
        let mut sorted = expected.clone();
        sorted.reverse();
        sorted.sort_by_cached_key(|text| sort_key(text));
        assert_eq!(sorted, expected);
        let keys: Vec<String> = expected.iter().map(|text| sort_key(text)).collect();
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "no two of these words are equal");
    }

    #[test]
    fn the_pitfall_is_avoided() {
        let mut words = ["Anh", "Dũng", "Dương", "Em", "Ánh", "Ân", "Đạt", "Ếch"];
        words.sort_by_cached_key(|text| sort_key(text));
        assert_eq!(words, ["Anh", "Ánh", "Ân", "Dũng", "Dương", "Đạt", "Em", "Ếch"]);
        let mut tones = ["ă", "ạ", "á", "ã", "ả", "à", "a", "â"];
        tones.sort_by_cached_key(|text| sort_key(text));
        assert_eq!(tones, ["a", "à", "ả", "ã", "á", "ạ", "ă", "â"]);
    }

    #[test]
    fn people_are_sorted_by_given_name_then_family_name() {
        let mut people = [
            "Trần Thị Bình",
            "Nguyễn Văn Ân",
            "Lê Văn Anh",
            "Trần Văn An",
            "NGUYỄN VĂN AN",
            "Đặng Văn An",
            "Bùi Văn Án",
            "Nguyễn Anh An",
            "An",
            "Nguyễn Đức",
            "Nguyễn Dung",
        ];
        people.sort_by_cached_key(|name| {
            let (family, given) = split_name(name);
            person_sort_key(&family, &given)
        });
        assert_eq!(
            people,
            [
                "An",
                "Đặng Văn An",
                "Nguyễn Anh An",
                "NGUYỄN VĂN AN",
                "Trần Văn An",
                "Bùi Văn Án",
                "Lê Văn Anh",
                "Nguyễn Văn Ân",
                "Trần Thị Bình",
                "Nguyễn Dung",
                "Nguyễn Đức",
            ]
        );
        assert_eq!(person_sort_key("NGUYỄN VĂN", "AN"), person_sort_key("Nguyễn Văn", "An"));
    }

    /// If this fails after an update, the collation data has changed: write a migration step that computes the stored keys
    /// anew, then put the new value here.
    #[test]
    fn stored_keys_still_hold() {
        assert_eq!(sort_key("Nguyễn Đức"), "4537535b34024504320254022f01418b03428b040501dcbfc607");
        assert_eq!(person_sort_key("Nguyễn", "Đức"), "320254022f01448b0405 4537535b34024501418b0305");
    }

    #[test]
    fn names_are_split_at_the_last_word() {
        let split = |name| {
            let (family, given) = split_name(name);
            format!("{family}|{given}")
        };
        assert_eq!(split("Nguyễn Văn An"), "Nguyễn Văn|An");
        assert_eq!(split("  Trần   Bình "), "Trần|Bình");
        assert_eq!(split("Tôn Nữ Thị Minh Họa"), "Tôn Nữ Thị Minh|Họa");
        assert_eq!(split("An"), "|An");
        assert_eq!(split(" "), "|");
    }

    proptest! {
        #[test]
        fn keys_compare_like_the_collator(a in "[a-zA-Zàảãáạăằâđêệôơớưứ \\-0-9]{0,12}|\\PC{0,8}", b in "[a-zA-Zàảãáạăằâđêệôơớưứ \\-0-9]{0,12}|\\PC{0,8}") {
            prop_assert_eq!(sort_key(&a).cmp(&sort_key(&b)), TEXT.compare(&a, &b));
        }

        #[test]
        fn the_given_name_decides(family_a in "\\PC{0,6}", given_a in "\\PC{0,6}", family_b in "\\PC{0,6}", given_b in "\\PC{0,6}") {
            let by_parts = NAMES.compare(&given_a, &given_b).then(NAMES.compare(&family_a, &family_b));
            prop_assert_eq!(person_sort_key(&family_a, &given_a).cmp(&person_sort_key(&family_b, &given_b)), by_parts);
        }
    }
}
