//! Making certificates outside requests.

use serde::{Deserialize, Serialize};

use super::{
    actions,
    model::{Certificate, CertificateState, Draft, Lookup, random_code, random_serial},
    paper::{self, Paper, PaperError},
    queries,
};
use crate::{
    app::App,
    platform::{
        aside::aside,
        db::Moment,
        error::{Error, Outage, Result},
        files::{FileKey, FilesError, Limits, MediaType},
        jobs::Job,
    },
};

/// Issues the certificate of a completion and makes its PDF. Each step is there to be repeated: after a crash the job finds what
/// was done and goes on from there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IssueCertificate {
    pub completion: i64,
}

impl Job for IssueCertificate {
    const KIND: &'static str = "certificates.issue";
}

/// Asks for the certificates that could not be issued when their completions came, for want of a signer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IssueMissing {}

impl Job for IssueMissing {
    const KIND: &'static str = "certificates.issue-missing";
}

/// In short writes, since a nation may have waited.
pub async fn issue_missing(app: App, _: IssueMissing) -> Result<()> {
    let (now, mut after) = (app.now(), 0);
    while let Some(next) =
        app.db.write("certificates.missing", move |c| actions::request_missing(c, now, after, 50)).await?
    {
        after = next;
    }
    Ok(())
}

/// A paper is one page with embedded fonts, some 30 kB.
const PDF: Limits = Limits { max_bytes: 2_000_000, accept: &[MediaType::Pdf] };

/// Runs the job. How many papers are drawn at once is the number of workers.
pub async fn issue(app: App, job: IssueCertificate) -> Result<()> {
    let (now, lookup, completion) = (app.now(), Lookup::of(&app.config), job.completion);
    let draft = app.db.read(move |c| queries::draft(c, completion, now)).await?;
    let Some(draft) = draft else { return Ok(()) };
    try_out(&draft, &lookup, now).await?.map_err(|error| undrawable(&error))?;

    let issued = app.db.write("certificates.issue", move |c| actions::issue(c, now, completion, &lookup)).await?;
    let Some(certificate) = issued else { return Ok(()) };
    if certificate.file_id.is_none() && certificate.state == CertificateState::Valid {
        make_file(&app, certificate).await?;
    }
    Ok(())
}

/// The PDF of a certificate in the store. Normally its job has put it there; where it has not come to it yet, or never was one (the
/// demonstration enters thousands at once, and nobody will ever open most of them), it is drawn now: the frozen paper gives the same
/// bytes whenever it is drawn.
pub async fn file_of(app: &App, certificate: Certificate) -> Result<FileKey> {
    let id = certificate.id;
    if certificate.file_id.is_none() {
        make_file(app, certificate).await?;
    }
    let key = app
        .db
        .read(move |c| {
            let file = queries::by_id(c, id)?.file_id.ok_or_else(|| Error::internal("a PDF was not kept"))?;
            queries::file_key(c, file)
        })
        .await?;
    FileKey::parse(&key).ok_or_else(|| Error::internal("a file has a name that is not ours"))
}

async fn make_file(app: &App, certificate: Certificate) -> Result<()> {
    let now = app.now();
    let pdf = render(certificate.paper()?).await?;
    let stored = app.files.put_bytes("certificates", &pdf, &PDF).await.map_err(failing)?;
    let (key, kept) = (stored.key.clone(), stored);
    let first = app.db.write("certificates.file", move |c| actions::attach_file(c, now, &certificate, &kept)).await?;
    if !first {
        app.files.delete(&key).await.map_err(failing)?;
    }
    Ok(())
}

fn failing(error: FilesError) -> Error {
    Error::Unavailable(Outage::Files, error.to_string())
}

/// Draws a paper for a trial, since a text that does not fit must be found before a number is given: a number is for ever.
pub async fn try_out(draft: &Draft, lookup: &Lookup, now: Moment) -> Result<std::result::Result<(), PaperError>> {
    let paper = draft.numbered(999_999, &random_code()?, &random_serial()?, lookup, now.0);
    let drawn = tokio::task::spawn_blocking(move || paper::render(&paper)).await.map_err(Error::internal)?;
    Ok(drawn.map(drop))
}

fn undrawable(error: &PaperError) -> Error {
    Error::internal(format!("a paper cannot be drawn: {error}"))
}

/// Draws the paper while others are answered.
pub async fn render(paper: Paper) -> Result<Vec<u8>> {
    aside("certificate", move || paper::render(&paper).map_err(|error| undrawable(&error))).await
}
