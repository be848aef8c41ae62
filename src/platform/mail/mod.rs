//! Letters leave here: over SMTP, or as files into a folder (development, demonstration, tests).
//!
//! Invariants: no field of a letter can add a header or a recipient; a letter that is sent again carries the same
//! Message-ID, so that the reader's program can drop the second; a fault says whether trying again makes sense. Letters
//! are written elsewhere and only sent by a job, never from a request.

mod letter;
mod smtp;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::{Path, PathBuf};

use lettre::message::{Mailbox, Message};

use crate::platform::{
    config::{Mail, MailUrl},
    telemetry::figure,
};

pub use letter::{Letter, is_mail_address};

/// Why a letter did not leave. The `Display` text names no person and may be logged; what the server answered often
/// quotes the address and is kept apart in `detail`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailError {
    transient: bool,
    reason: String,
    detail: String,
}

impl MailError {
    fn transient(reason: impl Into<String>, detail: impl fmt::Display) -> Self {
        Self { transient: true, reason: reason.into(), detail: detail.to_string() }
    }

    fn permanent(reason: impl Into<String>, detail: impl fmt::Display) -> Self {
        Self { transient: false, reason: reason.into(), detail: detail.to_string() }
    }

    /// Whether a later try may succeed.
    pub fn is_transient(&self) -> bool {
        self.transient
    }

    /// For the administrator's eyes, not for logs.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for MailError {}

/// Sends letters. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Folder(PathBuf),
    Smtp(smtp::Smtp),
}

impl Mailer {
    /// Must be called inside a Tokio runtime, which the SMTP connections then belong to. Opens no connection yet.
    pub fn open(mail: &Mail) -> Result<Self, MailError> {
        let from = mail.from.parse().map_err(|e| MailError::permanent("the sender's address is malformed", e))?;
        let way = match &mail.url {
            MailUrl::Folder(dir) => {
                std::fs::create_dir_all(dir).map_err(|e| {
                    MailError::permanent("the mail folder cannot be made", format!("{}: {e}", dir.display()))
                })?;
                Way::Folder(dir.clone())
            }
            MailUrl::Smtp(url) => Way::Smtp(smtp::Smtp::open(url)?),
        };
        Ok(Self { from, way })
    }

    /// Sends one letter and returns when the server (or the disk) has taken it over.
    pub async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let sent = self.hand_over(letter).await;
        let outcome = match &sent {
            Ok(()) => "sent",
            Err(error) if error.is_transient() => "retry",
            Err(_) => "refused",
        };
        metrics::counter!(figure::MAILS, "outcome" => outcome).increment(1);
        sent
    }

    async fn hand_over(&self, letter: &Letter) -> Result<(), MailError> {
        let message = letter.message(&self.from)?;
        match &self.way {
            Way::Smtp(smtp) => smtp.send(message).await,
            Way::Folder(dir) => {
                let path = dir.join(letter.file_name());
                let written = tokio::task::spawn_blocking(move || write_file(&path, &message));
                written
                    .await
                    .map_err(|e| MailError::transient("writing the letter was interrupted", e))?
                    .map_err(|e| MailError::transient("the letter cannot be written to the mail folder", e))
            }
        }
    }

    /// Whether letters could leave now, for `doctor`: greets the server and signs in, or writes into the folder.
    pub async fn check(&self) -> Result<(), MailError> {
        match &self.way {
            Way::Smtp(smtp) => smtp.check().await,
            Way::Folder(dir) => {
                let probe = dir.join(".check");
                let tried = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe));
                tried.map_err(|e| MailError::transient("the mail folder cannot be written to", e))
            }
        }
    }
}

/// Under a second name first, so that whoever watches the folder never reads half a letter.
fn write_file(path: &Path, message: &Message) -> std::io::Result<()> {
    let unfinished = path.with_extension("part");
    std::fs::write(&unfinished, message.formatted())?;
    std::fs::rename(&unfinished, path)
}
