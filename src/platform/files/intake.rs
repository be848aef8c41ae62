//! Watches a file while it comes in: counts, hashes, looks at the content, and says stop before too much or the wrong
//! thing reaches the disk.

use sha2::{Digest, Sha256};

use super::media::{Family, HEAD, MediaType, TAIL, Utf8Check};
use super::{FilesError, Limits};

pub(super) struct Intake<'a> {
    limits: &'a Limits,
    len: u64,
    hash: Sha256,
    head: Vec<u8>,
    tail: Vec<u8>,
    text: Utf8Check,
    family: Option<Family>,
}

/// What is known of a file that came whole.
pub(super) struct Facts {
    pub len: u64,
    pub sha256: [u8; 32],
    pub media_type: MediaType,
}

impl<'a> Intake<'a> {
    pub fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            len: 0,
            hash: Sha256::new(),
            head: Vec::with_capacity(HEAD),
            tail: Vec::new(),
            text: Utf8Check::default(),
            family: None,
        }
    }

    pub fn take(&mut self, piece: &[u8]) -> Result<(), FilesError> {
        self.len = self.len.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if self.len > self.limits.max_bytes {
            return Err(FilesError::TooLarge { max: self.limits.max_bytes });
        }
        if self.head.len() < HEAD {
            self.head.extend(piece.iter().take(HEAD - self.head.len()));
            if self.head.len() == HEAD {
                self.judge_head()?;
            }
        }
        self.hash.update(piece);
        self.text.take(piece);
        self.tail.extend_from_slice(piece);
        // Cut only now and then, so that the copying costs little for each byte.
        if self.tail.len() > 4 * TAIL {
            self.tail.drain(..self.tail.len() - TAIL);
        }
        Ok(())
    }

    /// Whether the first bytes have been looked at, and nothing spoke against the file so far.
    pub fn is_judged(&self) -> bool {
        self.family.is_some()
    }

    pub fn finish(mut self) -> Result<Facts, FilesError> {
        if self.len == 0 {
            return Err(FilesError::Empty);
        }
        let family = match self.family {
            Some(family) => family,
            None => self.judge_head()?,
        };
        let tail = self.tail.get(self.tail.len().saturating_sub(TAIL)..).unwrap_or_default();
        let media_type = family
            .settle(&self.head, tail, self.len, self.text.passed())
            .filter(|m| self.limits.accept.contains(m))
            .ok_or(FilesError::NotAllowed)?;
        Ok(Facts { len: self.len, sha256: self.hash.finalize().into(), media_type })
    }

    fn judge_head(&mut self) -> Result<Family, FilesError> {
        let family = Family::of(&self.head).filter(|f| f.may_be_one_of(self.limits.accept));
        self.family = family;
        family.ok_or(FilesError::NotAllowed)
    }
}
