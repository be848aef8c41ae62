//! The outer form of a backup: frames with their length before and their seal behind.

use std::io::{BufRead, Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{ArchiveError, Result};
use crate::platform::text::hex;

const FIRST_LINE: &str = "nongcot backup 1\n";
/// No header is longer; more means that the file is something else.
const LONGEST_LINE: u64 = 64 * 1024;
const SEAL: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Head,
    Rows,
    File,
    End,
}

/// The header of a frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    pub kind: Kind,
    pub name: String,
    pub rows: u64,
    pub bytes: u64,
}

/// Writes frames.
pub struct Out<W> {
    inner: W,
    seal: String,
}

impl<W: Write> Out<W> {
    pub fn new(mut inner: W) -> Result<Self> {
        inner.write_all(FIRST_LINE.as_bytes())?;
        Ok(Self { inner, seal: String::new() })
    }

    /// Writes one frame whose content is in memory.
    pub fn whole(&mut self, kind: Kind, name: &str, rows: u64, content: &[u8]) -> Result<()> {
        let bytes = u64::try_from(content.len()).unwrap_or(u64::MAX);
        self.copied(&Frame { kind, name: name.to_owned(), rows, bytes }, &mut &*content).map(|_| ())
    }

    /// Writes one frame whose content is read from elsewhere; it must be as long as the header says. The answer is the hash of
    /// the content alone.
    pub fn copied(&mut self, frame: &Frame, content: &mut dyn Read) -> Result<String> {
        let mut header = serde_json::to_string(frame).map_err(std::io::Error::from)?;
        header.push('\n');
        let mut seal = sealing(&self.seal, &header);
        let mut alone = Sha256::new();
        self.inner.write_all(header.as_bytes())?;
        pass(content, frame.bytes, |piece| {
            seal.update(piece);
            alone.update(piece);
            self.inner.write_all(piece)
        })?;
        self.seal = hex(&seal.finalize());
        writeln!(self.inner, "\n{}", self.seal)?;
        Ok(hex(&alone.finalize()))
    }

    pub fn into_inner(self) -> W {
        self.inner
    }
}

#[cfg(test)]
impl Out<Vec<u8>> {
    pub fn inner_len(&self) -> usize {
        self.inner.len()
    }
}

/// Reads frames and checks each seal.
pub struct In<R> {
    inner: R,
    seal: String,
    /// The header that was read last, as it was written.
    header: String,
}

impl<R: BufRead> In<R> {
    pub fn new(mut inner: R) -> Result<Self> {
        let first = line(&mut inner)?;
        if first != FIRST_LINE {
            return Err(ArchiveError::Refused("this is no backup that this version of nongcot reads".to_owned()));
        }
        Ok(Self { inner, seal: String::new(), header: String::new() })
    }

    /// The next header. Its content must be taken with [`In::content`] or [`In::text`] before the one after it.
    pub fn frame(&mut self) -> Result<Frame> {
        let header = line(&mut self.inner)?;
        if header.is_empty() {
            return Err(ArchiveError::Damaged("its end is missing".to_owned()));
        }
        let frame = serde_json::from_str(&header).map_err(|_| broken("a header is not readable"))?;
        self.header = header;
        Ok(frame)
    }

    /// Passes the content of a frame on and checks its seal. What was passed on counts only if the answer is `Ok`.
    pub fn content(&mut self, frame: &Frame, sink: &mut dyn Write) -> Result<()> {
        let mut seal = sealing(&self.seal, &self.header);
        pass(&mut self.inner, frame.bytes, |piece| {
            seal.update(piece);
            sink.write_all(piece)
        })
        .map_err(cut)?;
        let mut end = [0_u8; SEAL + 2];
        self.inner.read_exact(&mut end).map_err(cut)?;
        self.seal = hex(&seal.finalize());
        if end.as_slice() != format!("\n{}\n", self.seal).as_bytes() {
            return Err(ArchiveError::Damaged(format!("a part of {:?} {} has changed", frame.kind, frame.name)));
        }
        Ok(())
    }

    /// As [`In::content`], for a frame that is text and fits into memory.
    pub fn text(&mut self, frame: &Frame) -> Result<String> {
        let mut bytes = Vec::new();
        self.content(frame, &mut bytes)?;
        String::from_utf8(bytes).map_err(|_| broken("a text is not UTF-8"))
    }

    /// Whether nothing follows.
    pub fn is_at_end(&mut self) -> Result<bool> {
        Ok(self.inner.fill_buf()?.is_empty())
    }
}

fn sealing(previous: &str, header: &str) -> Sha256 {
    let mut seal = Sha256::new();
    seal.update(previous.as_bytes());
    seal.update(b"\n");
    seal.update(header.as_bytes());
    seal
}

/// Hands exactly `bytes` bytes on, piece by piece.
fn pass(from: &mut dyn Read, bytes: u64, mut to: impl FnMut(&[u8]) -> std::io::Result<()>) -> std::io::Result<()> {
    let mut left = bytes;
    let mut buffer = vec![0_u8; 64 * 1024];
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let room = buffer.get_mut(..most).unwrap_or_default();
        let count = match from.read(room) {
            Ok(0) => {
                return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "it is shorter than was announced"));
            }
            Ok(count) => count,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        to(buffer.get(..count).unwrap_or_default())?;
        left -= u64::try_from(count).unwrap_or(left);
    }
    Ok(())
}

fn line(from: &mut impl BufRead) -> Result<String> {
    let mut bytes = Vec::new();
    from.take(LONGEST_LINE).read_until(b'\n', &mut bytes)?;
    String::from_utf8(bytes).map_err(|_| broken("a header is not text"))
}

fn broken(what: &str) -> ArchiveError {
    ArchiveError::Damaged(what.to_owned())
}

fn cut(error: std::io::Error) -> ArchiveError {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => broken("its end is missing"),
        _ => ArchiveError::Io(error),
    }
}
