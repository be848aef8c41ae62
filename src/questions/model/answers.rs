//! What a learner gives, and how free text is compared.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// A learner's answer. Sets and maps, so that a doubled value from a hand-made form counts once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Answer {
    /// Nothing given, or withdrawn.
    Empty,
    Choice {
        option: String,
    },
    Choices {
        options: BTreeSet<String>,
    },
    TrueFalse {
        value: bool,
    },
    Text {
        text: String,
    },
    /// As typed: "1.234,5" is read the Vietnamese way.
    Number {
        text: String,
    },
    /// Id of a left side → id of the right side given to it.
    Matching {
        pairs: BTreeMap<String, String>,
    },
}

impl Answer {
    /// Whether there is something to grade ("2 câu chưa trả lời").
    pub fn is_given(&self) -> bool {
        match self {
            Self::Empty => false,
            Self::Choice { option } => !option.is_empty(),
            Self::Choices { options } => !options.is_empty(),
            Self::TrueFalse { .. } => true,
            Self::Text { text } | Self::Number { text } => !text.trim().is_empty(),
            Self::Matching { pairs } => pairs.values().any(|right| !right.is_empty()),
        }
    }
}

/// Old and new placement of the tone are the same word: the old one, the new one.
const TONES: [(&str, &str); 15] = [
    ("òa", "oà"),
    ("óa", "oá"),
    ("ỏa", "oả"),
    ("õa", "oã"),
    ("ọa", "oạ"),
    ("òe", "oè"),
    ("óe", "oé"),
    ("ỏe", "oẻ"),
    ("õe", "oẽ"),
    ("ọe", "oẹ"),
    ("ùy", "uỳ"),
    ("úy", "uý"),
    ("ủy", "uỷ"),
    ("ũy", "uỹ"),
    ("ụy", "uỵ"),
];

/// Short answers are equal when they differ only in case, spacing, a final stop, composition or tone placement. Marks count:
/// "bo" is not "bộ".
pub fn folded(text: &str) -> String {
    let composed: String = text.nfc().collect();
    let lower = composed.to_lowercase();
    let spaced = lower.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = spaced.trim_end_matches(['.', ' ']);
    TONES.iter().fold(plain.to_owned(), |text, (old, new)| text.replace(old, new))
}
