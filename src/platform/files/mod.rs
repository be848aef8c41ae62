//! Files that people hand in or that we make for them, in a folder or in an S3-compatible store.
//!
//! Invariants: a file has a maximum before its first byte is read; what is not on the allow-list by its content is never
//! kept; the stored name is ours and random; a file is there whole or not at all, also after a power cut; what people
//! uploaded is served from another host, by signed links ([`links`]).

mod intake;
pub mod links;
mod media;
mod names;
mod office;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Once};
use std::time::Duration;

use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{
    BackoffConfig, ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
    WriteMultipart,
};

use crate::platform::config::{S3, Storage};
use crate::platform::text::hex;
use intake::{Facts, Intake};

pub use media::{DOCUMENTS, IMAGES, MediaType, SUBTITLES, VIDEO};
pub use names::{FileKey, content_disposition, safe_download_name};

/// The chunks that a file is read in: shared bytes, the same type that the web server sends.
pub type Bytes = <PutPayload as IntoIterator>::Item;

/// What may come in.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub max_bytes: u64,
    pub accept: &'static [MediaType],
}

/// What was kept: to be written into the database by whoever asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub key: FileKey,
    pub len: u64,
    pub sha256: [u8; 32],
    pub media_type: MediaType,
}

impl Stored {
    /// The hash of the content as rows and the log keep it.
    pub fn sha256_hex(&self) -> String {
        hex(&self.sha256)
    }
}

/// A file, or a part of it, ready to be read.
pub struct Opened {
    /// The length of the whole file.
    pub len: u64,
    /// The bytes that the stream will give.
    pub range: Range<u64>,
    pub stream: BoxStream<'static, Result<Bytes, FilesError>>,
}

/// The first three are the sender's matter and can be explained to them; the others are ours.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    #[error("the file is larger than {max} bytes")]
    TooLarge { max: u64 },
    #[error("the file is empty")]
    Empty,
    #[error("the file's content is of no kind that is taken here")]
    NotAllowed,
    #[error("the upload broke off: {0}")]
    Interrupted(String),
    #[error("there is no such file")]
    NotFound,
    #[error("the file storage fails: {0}")]
    Storage(String),
}

impl From<object_store::Error> for FilesError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::NotFound,
            other => Self::Storage(other.to_string()),
        }
    }
}

/// The store. Cheap to clone; needs a Tokio runtime around it.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    place: Arc<str>,
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Files({})", self.place)
    }
}

/// S3 wants parts of at least 5 MiB; a smaller file is sent in one piece.
const PART: usize = 5 * 1024 * 1024;

impl Files {
    pub fn open(storage: &Storage) -> Result<Self, FilesError> {
        match &storage.s3 {
            Some(s3) => Self::open_s3(s3),
            None => Self::open_folder(&Self::folder_in(&storage.dir)),
        }
    }

    /// The folder that holds the files, unless they are in a store: for backups, which copy them by their keys.
    pub fn folder(storage: &Storage) -> Option<PathBuf> {
        storage.s3.is_none().then(|| Self::folder_in(&storage.dir))
    }

    /// Where files are inside a storage folder.
    pub fn folder_in(dir: &std::path::Path) -> PathBuf {
        dir.join("files")
    }

    fn open_folder(dir: &std::path::Path) -> Result<Self, FilesError> {
        let fault = |error: &dyn fmt::Display| FilesError::Storage(format!("{}: {error}", dir.display()));
        std::fs::create_dir_all(dir).map_err(|e| fault(&e))?;
        // Written to a second name, flushed, renamed, and the folder flushed: the store does all four when told to.
        let store = LocalFileSystem::new_with_prefix(dir).map_err(|e| fault(&e))?.with_fsync(true);
        Ok(Self { store: Arc::new(store), place: dir.display().to_string().into() })
    }

    fn open_s3(s3: &S3) -> Result<Self, FilesError> {
        install_tls_provider();
        let plain = s3.endpoint.as_ref().is_some_and(|url| url.scheme() == "http");
        let client = ClientOptions::new()
            .with_connect_timeout(Duration::from_secs(5))
            .with_timeout(Duration::from_secs(120))
            .with_allow_http(plain);
        let retry =
            RetryConfig { backoff: BackoffConfig::default(), max_retries: 3, retry_timeout: Duration::from_secs(20) };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&s3.bucket.name)
            .with_region(&s3.region)
            .with_access_key_id(&s3.access_key_id)
            .with_secret_access_key(s3.secret_access_key.expose())
            .with_client_options(client)
            .with_retry(retry)
            // Files are deleted one by one, and not every store knows Amazon's way to delete many.
            .with_disable_bulk_delete(true);
        if let Some(endpoint) = &s3.endpoint {
            // Stores of one's own rarely have a host name for each bucket.
            builder =
                builder.with_endpoint(endpoint.origin().ascii_serialization()).with_virtual_hosted_style_request(false);
        }
        let store = PrefixStore::new(builder.build()?, s3.bucket.prefix.as_str());
        Ok(Self { store: Arc::new(store), place: s3.bucket.shown().into() })
    }

    /// Where the files are, for `doctor`.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Takes a file in. `kind` is the folder, a word of ours. Nothing is kept unless the whole came and passed.
    pub async fn put<S, B, E>(&self, kind: &'static str, mut input: S, limits: &Limits) -> Result<Stored, FilesError>
    where
        S: Stream<Item = Result<B, E>> + Unpin,
        B: AsRef<[u8]>,
        E: fmt::Display,
    {
        let key = FileKey::random(kind)?;
        let mut sink = Sink { store: Arc::clone(&self.store), path: path(&key), buffer: Vec::new(), parts: None };
        match Self::pour(&mut input, &mut sink, limits).await {
            Ok(Facts { len, sha256, media_type }) => {
                sink.finish().await?;
                Ok(Stored { key, len, sha256, media_type })
            }
            Err(error) => {
                sink.abandon().await;
                Err(error)
            }
        }
    }

    /// As [`Files::put`], for what is already in memory.
    pub async fn put_bytes(&self, kind: &'static str, bytes: &[u8], limits: &Limits) -> Result<Stored, FilesError> {
        self.put(kind, stream::iter([Ok::<_, FilesError>(bytes)]), limits).await
    }

    async fn pour<S, B, E>(input: &mut S, sink: &mut Sink, limits: &Limits) -> Result<Facts, FilesError>
    where
        S: Stream<Item = Result<B, E>> + Unpin,
        B: AsRef<[u8]>,
        E: fmt::Display,
    {
        let mut intake = Intake::new(limits);
        while let Some(piece) = input.next().await {
            let piece = piece.map_err(|error| FilesError::Interrupted(error.to_string()))?;
            intake.take(piece.as_ref())?;
            sink.write(piece.as_ref(), intake.is_judged()).await?;
        }
        intake.finish()
    }

    /// Opens a file for reading, whole or the given bytes of it (a video is asked for in ranges).
    pub async fn get(&self, key: &FileKey, range: Option<Range<u64>>) -> Result<Opened, FilesError> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let result = self.store.get_opts(&path(key), options).await?;
        let (len, range) = (result.meta.size, result.range.clone());
        Ok(Opened { len, range, stream: result.into_stream().map_err(FilesError::from).boxed() })
    }

    /// The whole file in memory, for what is known to be small.
    pub async fn get_bytes(&self, key: &FileKey) -> Result<Bytes, FilesError> {
        Ok(self.store.get(&path(key)).await?.bytes().await?)
    }

    pub async fn exists(&self, key: &FileKey) -> Result<bool, FilesError> {
        match self.store.head(&path(key)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Deleting what is not there is no fault, so that a job may try again.
    pub async fn delete(&self, key: &FileKey) -> Result<(), FilesError> {
        match self.store.delete(&path(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes, reads and deletes a small file, for `doctor`.
    pub async fn check(&self) -> Result<(), FilesError> {
        const LIMITS: Limits = Limits { max_bytes: 64, accept: &[MediaType::Text] };
        let stored = self.put_bytes("check", b"nong cot\n", &LIMITS).await?;
        let read = self.get_bytes(&stored.key).await;
        self.delete(&stored.key).await?;
        if read?.as_ref() == b"nong cot\n" {
            Ok(())
        } else {
            Err(FilesError::Storage("what was written is not what is read".to_owned()))
        }
    }
}

/// Where the bytes go: held back until the content was judged and more than one part has come, then sent part by part.
struct Sink {
    store: Arc<dyn ObjectStore>,
    path: Path,
    buffer: Vec<u8>,
    parts: Option<WriteMultipart>,
}

impl Sink {
    async fn write(&mut self, piece: &[u8], is_judged: bool) -> Result<(), FilesError> {
        if let Some(parts) = &mut self.parts {
            // Two parts under way at most, so that a fast sender does not fill the memory.
            parts.wait_for_capacity(2).await?;
            parts.write(piece);
            return Ok(());
        }
        self.buffer.extend_from_slice(piece);
        if is_judged && self.buffer.len() > PART {
            let upload = self.store.put_multipart(&self.path).await?;
            let mut parts = WriteMultipart::new_with_chunk_size(upload, PART);
            parts.write(&std::mem::take(&mut self.buffer));
            self.parts = Some(parts);
        }
        Ok(())
    }

    async fn finish(self) -> Result<(), FilesError> {
        match self.parts {
            Some(parts) => parts.finish().await?,
            None => self.store.put(&self.path, PutPayload::from(self.buffer)).await?,
        };
        Ok(())
    }

    async fn abandon(self) {
        if let Some(parts) = self.parts
            && let Err(error) = parts.abort().await
        {
            tracing::warn!(%error, "an upload that was given up could not be cleared away");
        }
    }
}

fn path(key: &FileKey) -> Path {
    Path::from(key.as_str())
}

/// TLS needs to be told once which cryptography to use, before the first client is made.
pub fn install_tls_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if rustls::crypto::ring::default_provider().install_default().is_err() {
            tracing::debug!("a TLS provider was already installed");
        }
    });
}
