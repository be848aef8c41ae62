//! What a browser did while it had no line, and what came of each part of it.

use crate::{
    learning::model::Completion,
    platform::{db::Moment, i18n::Message},
};

/// One thing done in a browser, with an id of the browser's own by which it is applied once.
#[derive(Debug, Clone)]
pub struct BatchItem {
    pub id: String,
    /// When it was done, by the server's clock as far as the page knew it.
    pub given: Moment,
    pub what: What,
}

#[derive(Debug, Clone)]
pub enum What {
    /// An answer to a check question, as the fields of its form.
    Answer { lesson: String, item: String, fields: Vec<(String, String)> },
    /// "Đã học xong".
    Done { lesson: String },
    /// Reading time that no heartbeat could bring.
    Time { lesson: String, seconds: i64 },
}

impl What {
    /// The slug of the lesson.
    pub fn lesson(&self) -> &str {
        match self {
            Self::Answer { lesson, .. } | Self::Done { lesson } | Self::Time { lesson, .. } => lesson,
        }
    }
}

#[derive(Debug, Clone)]
pub enum Outcome {
    Applied,
    /// It had been applied before; nothing was done again.
    Repeated,
    /// A rule says no. Sending it again would say the same.
    Refused(Message),
    /// Something is wrong here, not with the item, and nothing of it was done: it is to be sent again later. The reason is for the log.
    Failed(String),
}

/// What came of one item.
#[derive(Debug, Clone)]
pub struct Applied {
    pub outcome: Outcome,
    /// The completion of the run, where this item brought it.
    pub completion: Option<Completion>,
}
