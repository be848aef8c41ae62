//! Lists of people that come as a file or are pasted: what a list is, what becomes of it and of each row.

mod columns;
mod wanted;

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

pub use self::{
    columns::{Column, Mapping, find_headings},
    wanted::{Double, Doubles, Places, Wanted, read_category},
};
use crate::{
    access::{Actor, Authority, PersonId, UnitId},
    platform::{
        db::{
            DbConn, Moment,
            schema::{people_import_rows, people_imports},
        },
        error::Result,
        i18n::Message,
    },
};

crate::id_type!(
    /// One list.
    ImportId
);

crate::text_enum!(
    /// What the people of a list are wanted for.
    ImportPurpose {
        /// They get accounts.
        People = "people",
        /// They are nominated for a quota, and get accounts where they have none.
        Nominate = "nominate",
    }
);

crate::text_enum!(ImportSource {
    Xlsx = "xlsx",
    Csv = "csv",
    Paste = "paste",
});

crate::text_enum!(
    ImportState {
        /// Which column is what has to be said first.
        Mapping = "mapping",
        Checking = "checking",
        /// The dry run is there to be looked at.
        Ready = "ready",
        Applying = "applying",
        Applied = "applied",
        Undoing = "undoing",
        Undone = "undone",
        Discarded = "discarded",
    }
);

impl ImportState {
    /// Whether the program works on it just now.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Checking | Self::Applying | Self::Undoing)
    }
}

crate::text_enum!(
    /// What the dry run says of a row.
    RowOutcome {
        Pending = "pending",
        New = "new",
        /// Has an account already.
        Known = "known",
        /// Stands in the file before.
        Twice = "twice",
        /// Perhaps somebody known: a person decides.
        Likely = "likely",
        Fault = "fault",
    }
);

crate::text_enum!(
    /// What somebody decided about a row that may be a double.
    RowChoice {
        New = "new",
        Same = "same",
        Skip = "skip",
    }
);

crate::text_enum!(
    /// What became of a row.
    RowResult {
        Created = "created",
        /// The person was there already and is taken for the purpose of the list.
        Linked = "linked",
        Skipped = "skipped",
        /// Created, and taken back with the whole list.
        Withdrawn = "withdrawn",
        /// Created, and not taken back since the account is in use.
        Kept = "kept",
    }
);

/// A sentence about a row, as it is kept: read in the reader's language of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub key: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
}

/// The names under which reasons carry inserts; a closed list, since a message's names are static.
const ARG_NAMES: [&str; 5] = ["value", "row", "name", "unit", "date"];

impl Reason {
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), args: BTreeMap::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        debug_assert!(ARG_NAMES.contains(&name), "{name} is no insert of a reason");
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    pub fn message(&self) -> Message {
        let mut message = Message::new(self.key.clone());
        for name in ARG_NAMES {
            if let Some(value) = self.args.get(name) {
                message.args.push((name, value.clone().into()));
            }
        }
        message
    }
}

impl From<&Message> for Reason {
    fn from(message: &Message) -> Self {
        let text = |value: &crate::platform::i18n::Arg| match value {
            crate::platform::i18n::Arg::Text(text) => text.clone(),
            crate::platform::i18n::Arg::Number(number) => number.to_string(),
        };
        let args = message.args.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect();
        Self { key: message.key.clone().into_owned(), args }
    }
}

/// A list as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = people_imports)]
pub struct Import {
    pub id: ImportId,
    /// For addresses: random, says nothing.
    pub code: String,
    pub owner_id: PersonId,
    /// The rows may only mean people of this unit and what lies under it.
    pub unit_id: UnitId,
    pub purpose: ImportPurpose,
    /// What the purpose is about, in the words of the slice whose purpose it is.
    pub subject: String,
    pub source: ImportSource,
    pub file_name: String,
    pub state: ImportState,
    #[diesel(column_name = headings)]
    headings_json: String,
    #[diesel(column_name = mapping)]
    mapping_json: String,
    /// The rows, and how many of them the present step has behind it.
    pub total: i64,
    pub done: i64,
    /// Whether new people with an address are written to.
    pub invites: bool,
    pub created_at: Moment,
    pub confirmed_by: Option<PersonId>,
    pub applied_at: Option<Moment>,
    pub undone_at: Option<Moment>,
}

impl Import {
    pub fn headings(&self) -> Result<Vec<String>> {
        Ok(serde_json::from_str(&self.headings_json)?)
    }

    pub fn mapping(&self) -> Result<Mapping> {
        Ok(serde_json::from_str(&self.mapping_json)?)
    }

    pub fn path(&self) -> String {
        format!("/nguoi/nhap/{}", self.code)
    }

    /// Where the people of the list are to be found afterwards.
    pub fn destination(&self) -> String {
        match self.purpose {
            ImportPurpose::People => "/nguoi".to_owned(),
            ImportPurpose::Nominate => format!("/de-cu/{}", self.subject),
        }
    }
}

/// A list that came in, before it is kept.
#[derive(Debug, Clone)]
pub struct NewImport {
    pub unit: UnitId,
    pub purpose: ImportPurpose,
    pub subject: String,
    pub source: ImportSource,
    pub file_name: String,
    /// Of what was sent, byte by byte.
    pub content_hash: String,
    pub headings: Vec<String>,
    /// `None`: somebody has to say which column is what.
    pub mapping: Option<Mapping>,
    /// With their numbers in the file.
    pub rows: Vec<(i64, Vec<String>)>,
}

/// A row as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = people_import_rows)]
pub struct ImportRow {
    pub number: i64,
    #[diesel(column_name = cells)]
    cells_json: String,
    pub outcome: RowOutcome,
    #[diesel(column_name = reasons)]
    reasons_json: String,
    pub person_id: Option<PersonId>,
    pub choice: Option<RowChoice>,
    pub result: Option<RowResult>,
}

impl ImportRow {
    pub fn cells(&self) -> Result<Vec<String>> {
        Ok(serde_json::from_str(&self.cells_json)?)
    }

    pub fn reasons(&self) -> Result<Vec<Reason>> {
        Ok(serde_json::from_str(&self.reasons_json)?)
    }

    /// Whether confirming the list does something with it, and whether that is a new account.
    pub fn intent(&self) -> Intent {
        match (self.outcome, self.choice) {
            (RowOutcome::New, _) | (RowOutcome::Likely, Some(RowChoice::New)) => Intent::Create,
            (RowOutcome::Known, _) | (RowOutcome::Likely, Some(RowChoice::Same)) => Intent::Link,
            _ => Intent::Skip,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    Create,
    Link,
    Skip,
}

/// What the dry run found out about a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    pub number: i64,
    pub outcome: RowOutcome,
    pub reasons: Vec<Reason>,
    pub person: Option<PersonId>,
}

/// What speaks against a row for the purpose of its list, beside what is wrong with the row itself.
pub type Check = fn(&mut DbConn, Moment, &Import, &Wanted, Option<PersonId>) -> Result<Vec<Reason>>;

/// What the slices above do with the people of a list in the transaction of each row; filled by `site`, the only place that
/// knows them.
#[derive(Clone, Copy)]
pub struct Uses {
    /// The unit that a list for a purpose is for, if whoever sends it may.
    pub scope: fn(&mut DbConn, &Authority, Moment, &str) -> Result<UnitId>,
    pub check: Check,
    /// The person of a row is there: do with them what the list is for, or say why that cannot be any more.
    pub take: fn(&mut DbConn, &Actor, Moment, &Import, PersonId) -> Result<Option<Reason>>,
    /// Takes back what `take` did, where that still can be.
    pub give_back: fn(&mut DbConn, &Actor, Moment, &Import, PersonId) -> Result<()>,
    /// Why an account cannot be withdrawn: what refers to it already.
    pub in_use: fn(&mut DbConn, PersonId) -> Result<Option<&'static str>>,
}
