//! The one error of the program: what a use case may answer besides success. `platform::http` turns it into a page in the
//! user's language; nothing in it may carry SQL, a path or a stack to the outside.

use std::time::Duration;

use super::i18n::Message;

/// Faults of a form, by field name; an empty field name is a fault of the whole form.
#[derive(Debug, Default, Clone)]
pub struct FieldErrors(pub Vec<(&'static str, Message)>);

impl FieldErrors {
    pub fn add(&mut self, field: &'static str, message: impl Into<Message>) {
        self.0.push((field, message.into()));
    }
    pub fn one(field: &'static str, message: impl Into<Message>) -> Error {
        let mut errors = Self::default();
        errors.add(field, message);
        Error::Invalid(errors)
    }
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// `value` if nothing was found wrong, the faults otherwise.
    pub fn or<T>(self, value: T) -> Result<T> {
        if self.is_empty() { Ok(value) } else { Err(Error::Invalid(self)) }
    }
}

/// Why the program cannot serve just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// The database does not answer, is read-only, or its disk is full or failing.
    Database,
    /// More work is waiting than may wait.
    Busy,
    /// The store of files does not answer.
    Files,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A page for signed-in people, asked for by somebody who is not.
    #[error("sign-in needed")]
    SignIn,
    /// There is no such thing, or this person may not know that there is.
    #[error("not found")]
    NotFound,
    /// Visible to this person, but not theirs to do.
    #[error("forbidden")]
    Forbidden,
    /// A rule says no (a full class, a link already used); nothing was changed.
    #[error("refused: {}", .0.key)]
    Refused(Message),
    /// What was typed cannot be accepted; nothing was changed.
    #[error("invalid input: {:?}", .0.0.iter().map(|(f, _)| *f).collect::<Vec<_>>())]
    Invalid(FieldErrors),
    /// The request itself is malformed or forged.
    #[error("bad request: {}", .0.key)]
    BadRequest(Message),
    #[error("too many attempts")]
    TooMany { retry_after: Duration },
    #[error("too large")]
    TooLarge,
    /// What is asked for cannot be had in the form that is asked for.
    #[error("not acceptable")]
    NotAcceptable,
    #[error("unavailable: {0:?} ({1})")]
    Unavailable(Outage, String),
    /// A write was begun and its end is not known: it may or may not have happened.
    #[error("outcome not known ({0})")]
    NotKnown(String),
    #[error("internal: {0}")]
    Internal(String),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub fn refused(key: &'static str) -> Self {
        Self::Refused(Message::new(key))
    }
    pub fn internal(reason: impl std::fmt::Display) -> Self {
        Self::Internal(reason.to_string())
    }
}

impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Self {
        Self::internal(e)
    }
}

impl From<std::io::Error> for Error {
    fn from(e: std::io::Error) -> Self {
        Self::internal(e)
    }
}
