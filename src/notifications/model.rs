//! A notice: a message key with its inserts, so that it is read in the reader's language of the day.

use serde::{Deserialize, Serialize};

use crate::{
    access::PersonId,
    platform::{
        db::Moment,
        i18n::{Arg, Message},
    },
};

crate::id_type!(NoticeId);

/// A notice as it is kept.
#[derive(Debug, Clone)]
pub struct Notice {
    pub id: NoticeId,
    pub person: PersonId,
    pub message: Message,
    pub href: Option<String>,
    pub created_at: Moment,
    pub is_read: bool,
}

/// The inserts of a message as JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum KeptArg {
    Number(i64),
    Text(String),
}

impl From<&Arg> for KeptArg {
    fn from(arg: &Arg) -> Self {
        match arg {
            Arg::Text(t) => Self::Text(t.clone()),
            Arg::Number(n) => Self::Number(*n),
        }
    }
}

impl From<KeptArg> for Arg {
    fn from(arg: KeptArg) -> Self {
        match arg {
            KeptArg::Text(t) => Self::Text(t),
            KeptArg::Number(n) => Self::Number(n),
        }
    }
}

/// The names under which messages of notices carry inserts; a closed list, since a message's names are static.
pub const ARG_NAMES: [&str; 6] = ["course", "class", "unit", "name", "number", "date"];
