//! One file with the fields of its form, streamed into the store. The token of the form stands in its first field and is
//! compared before a byte of the file is read; the file is bounded and judged before it reaches the disk.

use actix_multipart::{Field, Multipart};
use actix_web::{HttpMessage, HttpRequest, dev::Payload};
use futures_util::StreamExt;

use super::{guard::TokenOwed, input::Input};
use crate::platform::{
    as_i64,
    error::{Error, Outage, Result},
    files::{Files, FilesError, Limits, Stored},
    i18n::Message,
    telemetry::figure,
};

/// Text fields beside the file: so many, so long.
const FIELDS: usize = 50;
const FIELD_BYTES: usize = 20_000;
/// What is read past the limit, so that a browser hears why instead of finding the line cut.
const PATIENCE: u64 = 64 * 1024 * 1024;
const MEBIBYTE: u64 = 1024 * 1024;

/// A file that was kept, and the name it had.
#[derive(Debug)]
pub struct Incoming {
    pub stored: Stored,
    pub name: String,
}

/// What came: the text fields, and the file or the sentence why it was not taken.
#[derive(Debug)]
pub struct Upload {
    pub input: Input,
    pub file: std::result::Result<Incoming, Message>,
}

impl Upload {
    /// Gives the file up again: its form was refused for another reason.
    pub async fn discard(self, files: &Files) {
        if let Ok(incoming) = self.file {
            forget(files, &incoming.stored).await;
        }
    }
}

/// Forgets a file whose row was not written.
pub async fn forget(files: &Files, stored: &Stored) {
    if let Err(error) = files.delete(&stored.key).await {
        tracing::warn!(%error, "a file that was not wanted could not be deleted");
    }
}

/// Reads the form. `field` is the name of the file's input, which stands after the text fields; `kind` the folder.
pub async fn receive(
    request: &HttpRequest,
    payload: Payload,
    files: &Files,
    kind: &'static str,
    field: &str,
    limits: &Limits,
) -> Result<Upload> {
    let owed = request.extensions().get::<TokenOwed>().cloned().ok_or_else(broken)?;
    let mut parts = Multipart::new(request.headers(), payload);
    let mut file = None;
    match read(&mut parts, &owed, files, kind, field, limits, &mut file).await {
        Ok(fields) => Ok(Upload {
            input: Input::of_pairs(fields),
            file: file.unwrap_or_else(|| Err(Message::new("upload-missing"))),
        }),
        Err(error) => {
            if let Some(Ok(Incoming { stored, .. })) = file {
                forget(files, &stored).await;
            }
            Err(error)
        }
    }
}

/// A form whose file is read at once and not kept.
#[derive(Debug)]
pub struct Held {
    pub input: Input,
    /// The name and the bytes, if a file was chosen; or the sentence why it is not taken.
    pub file: std::result::Result<Option<(String, Vec<u8>)>, Message>,
}

/// Reads a form whose file is small enough to be held. `long` is the one text field that may be as long as the file.
pub async fn receive_held(
    request: &HttpRequest,
    payload: Payload,
    field: &str,
    long: &str,
    max_bytes: u64,
) -> Result<Held> {
    let owed = request.extensions().get::<TokenOwed>().cloned().ok_or_else(broken)?;
    let mut parts = Multipart::new(request.headers(), payload);
    let (mut fields, mut file, mut settled) = (Vec::new(), None, false);
    let most = usize::try_from(max_bytes).unwrap_or(usize::MAX);
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|_| broken())?;
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.content_disposition().and_then(|d| d.get_filename()).map(str::to_owned);
        if !settled {
            if name != "_csrf" {
                return Err(broken());
            }
            owed.settle(&text(&mut part).await?)?;
            settled = true;
            continue;
        }
        match file_name {
            Some(file_name) if name == field && file.is_none() => {
                file = Some(bytes(&mut part, most).await?.map(|bytes| (file_name, bytes)));
            }
            Some(_) => return Err(broken()),
            None if fields.len() == FIELDS => return Err(Error::TooLarge),
            None if name == long => {
                let typed = bytes(&mut part, most).await?.ok_or(Error::TooLarge)?;
                fields.push((name, String::from_utf8_lossy(&typed).into_owned()));
            }
            None => fields.push((name, text(&mut part).await?)),
        }
    }
    if !settled {
        return Err(broken());
    }
    let limit = as_i64(max_bytes / MEBIBYTE);
    let file = match file {
        Some(None) => Err(Message::new("upload-too-large").with("limit", limit)),
        // A browser sends the field also where nothing was chosen.
        Some(Some((name, bytes))) if name.is_empty() && bytes.is_empty() => Ok(None),
        Some(chosen) => Ok(chosen),
        None => Ok(None),
    };
    Ok(Held { input: Input::of_pairs(fields), file })
}

/// The whole part, or nothing where it is longer than that; it is then read to its end, so that the browser hears why.
async fn bytes(part: &mut Field, most: usize) -> Result<Option<Vec<u8>>> {
    let (mut held, mut rest) = (Vec::new(), 0_u64);
    let mut fits = true;
    while let Some(piece) = part.next().await {
        let piece = piece.map_err(|_| broken())?;
        fits = fits && held.len() + piece.len() <= most;
        if fits {
            held.extend_from_slice(&piece);
            continue;
        }
        held.clear();
        rest = rest.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if rest > PATIENCE {
            return Err(Error::TooLarge);
        }
    }
    Ok(fits.then_some(held))
}

type Taken = Option<std::result::Result<Incoming, Message>>;

async fn read(
    parts: &mut Multipart,
    owed: &TokenOwed,
    files: &Files,
    kind: &'static str,
    field: &str,
    limits: &Limits,
    file: &mut Taken,
) -> Result<Vec<(String, String)>> {
    let mut fields = Vec::new();
    let mut settled = false;
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|_| broken())?;
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.content_disposition().and_then(|d| d.get_filename()).map(str::to_owned);
        if !settled {
            if name != "_csrf" {
                return Err(broken());
            }
            owed.settle(&text(&mut part).await?)?;
            settled = true;
            continue;
        }
        match file_name {
            Some(file_name) if name == field && file.is_none() => {
                *file = Some(take(&mut part, files, kind, limits, file_name).await?);
            }
            Some(_) => return Err(broken()),
            None if fields.len() == FIELDS => return Err(Error::TooLarge),
            None => fields.push((name, text(&mut part).await?)),
        }
    }
    if settled { Ok(fields) } else { Err(broken()) }
}

async fn take(
    part: &mut Field,
    files: &Files,
    kind: &'static str,
    limits: &Limits,
    name: String,
) -> Result<std::result::Result<Incoming, Message>> {
    // The field must not be asked again once it has ended.
    let mut part = part.fuse();
    let fault = match files.put(kind, &mut part, limits).await {
        Ok(stored) => {
            metrics::counter!(figure::UPLOADS, "outcome" => "kept").increment(1);
            return Ok(Ok(Incoming { stored, name }));
        }
        Err(fault) => fault,
    };
    let outcome = if matches!(fault, FilesError::TooLarge { .. }) { "too_large" } else { "refused" };
    metrics::counter!(figure::UPLOADS, "outcome" => outcome).increment(1);
    let said = match fault {
        FilesError::TooLarge { max } => Message::new("upload-too-large").with("limit", as_i64(max / MEBIBYTE)),
        FilesError::NotAllowed => Message::new("upload-not-allowed"),
        FilesError::Empty if name.is_empty() => Message::new("upload-missing"),
        FilesError::Empty => Message::new("upload-empty"),
        FilesError::Interrupted(_) => return Err(broken()),
        FilesError::NotFound | FilesError::Storage(_) => {
            return Err(Error::Unavailable(Outage::Files, fault.to_string()));
        }
    };
    let mut rest = 0_u64;
    while let Some(piece) = part.next().await {
        rest = rest.saturating_add(u64::try_from(piece.map_err(|_| broken())?.len()).unwrap_or(u64::MAX));
        if rest > PATIENCE {
            return Err(Error::TooLarge);
        }
    }
    Ok(Err(said))
}

async fn text(part: &mut Field) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.next().await {
        bytes.extend_from_slice(&piece.map_err(|_| broken())?);
        if bytes.len() > FIELD_BYTES {
            return Err(Error::TooLarge);
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn broken() -> Error {
    Error::BadRequest(Message::new("error-broken-form"))
}
