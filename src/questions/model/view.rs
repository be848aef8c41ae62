//! What a learner sees of an item before answering.

use serde::{Deserialize, Serialize};

use super::{AnswerOption, Item, ItemKind, Side};

/// An item without key, weights and feedback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicItem {
    pub id: String,
    pub version: u32,
    pub text: String,
    #[serde(flatten)]
    pub kind: PublicKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PublicKind {
    Single { options: Vec<PublicOption> },
    Multiple { options: Vec<PublicOption> },
    TrueFalse,
    Short,
    Numeric,
    Matching { lefts: Vec<PublicOption>, rights: Vec<PublicOption> },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicOption {
    pub id: String,
    pub text: String,
}

impl Item {
    /// The item as shown. Authors tend to write the right option first, so options come in the order of their ids (which
    /// know nothing of the key) unless the author asked to keep the written order; whoever shows it may shuffle further.
    pub fn public_view(&self) -> PublicItem {
        let kind = match &self.kind {
            ItemKind::Single { options } => PublicKind::Single { options: self.shown(options) },
            ItemKind::Multiple { options } => PublicKind::Multiple { options: self.shown(options) },
            ItemKind::TrueFalse { .. } => PublicKind::TrueFalse,
            ItemKind::Short { .. } => PublicKind::Short,
            ItemKind::Numeric { .. } => PublicKind::Numeric,
            ItemKind::Matching { pairs, distractors } => {
                let mut rights: Vec<_> = pairs.iter().map(|pair| &pair.right).chain(distractors).map(side).collect();
                // Always sorted: in the written order the key could be read off.
                rights.sort_by(|a, b| a.id.cmp(&b.id));
                rights.dedup();
                PublicKind::Matching { lefts: pairs.iter().map(|pair| side(&pair.left)).collect(), rights }
            }
        };
        PublicItem { id: self.id.clone(), version: self.version, text: self.text.clone(), kind }
    }

    fn shown(&self, options: &[AnswerOption]) -> Vec<PublicOption> {
        let mut shown: Vec<_> =
            options.iter().map(|option| PublicOption { id: option.id.clone(), text: option.text.clone() }).collect();
        if self.shuffle {
            shown.sort_by(|a, b| a.id.cmp(&b.id));
        }
        shown
    }
}

fn side(side: &Side) -> PublicOption {
    PublicOption { id: side.id.clone(), text: side.text.clone() }
}
