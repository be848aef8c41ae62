//! What a file is, judged by its content. The name and the type that a browser sends are never asked.

use super::office;

/// The kinds of files that the platform takes and serves. SVG and HTML are not among them: both are programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaType {
    Pdf,
    Png,
    Jpeg,
    Webp,
    Docx,
    Xlsx,
    Pptx,
    Odt,
    Ods,
    Odp,
    Mp4,
    Vtt,
    Text,
}

pub const IMAGES: &[MediaType] = &[MediaType::Png, MediaType::Jpeg, MediaType::Webp];
pub const DOCUMENTS: &[MediaType] = &[
    MediaType::Pdf,
    MediaType::Docx,
    MediaType::Xlsx,
    MediaType::Pptx,
    MediaType::Odt,
    MediaType::Ods,
    MediaType::Odp,
    MediaType::Text,
];
pub const VIDEO: &[MediaType] = &[MediaType::Mp4];
pub const SUBTITLES: &[MediaType] = &[MediaType::Vtt];

impl MediaType {
    const ALL: [Self; 13] = [
        Self::Pdf,
        Self::Png,
        Self::Jpeg,
        Self::Webp,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Odt,
        Self::Ods,
        Self::Odp,
        Self::Mp4,
        Self::Vtt,
        Self::Text,
    ];

    /// The name in the database and in signed links.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Mp4 => "video/mp4",
            Self::Vtt => "text/vtt",
            Self::Text => "text/plain",
        }
    }

    pub fn from_mime(mime: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.mime() == mime)
    }

    /// The value of the `Content-Type` header.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Vtt => "text/vtt; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
            other => other.mime(),
        }
    }

    /// The endings that a name of this kind may have, the usual one first.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Webp => &["webp"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Odt => &["odt"],
            Self::Ods => &["ods"],
            Self::Odp => &["odp"],
            Self::Mp4 => &["mp4"],
            Self::Vtt => &["vtt"],
            Self::Text => &["txt", "csv", "md"],
        }
    }

    /// Whether a browser may show it in place instead of saving it.
    pub fn may_show_inline(self) -> bool {
        matches!(self, Self::Pdf | Self::Png | Self::Jpeg | Self::Webp | Self::Mp4 | Self::Vtt | Self::Text)
    }

    fn is_office(self) -> bool {
        matches!(self, Self::Docx | Self::Xlsx | Self::Pptx | Self::Odt | Self::Ods | Self::Odp)
    }
}

/// How many first bytes decide about the family.
pub(super) const HEAD: usize = 512;
/// How many last bytes are kept: a zip's list of contents (about 2500 names) must lie in them.
pub(super) const TAIL: usize = 256 * 1024;

/// What the first bytes allow to say before the rest has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Exact(MediaType),
    Zip,
    /// Text, as long as the rest is UTF-8 too.
    Text(MediaType),
}

impl Family {
    pub fn of(head: &[u8]) -> Option<Self> {
        let at = |offset: usize, magic: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(magic));
        if at(0, b"%PDF-1.") || at(0, b"%PDF-2.") {
            Some(Self::Exact(MediaType::Pdf))
        } else if at(0, b"\x89PNG\r\n\x1a\n") && at(12, b"IHDR") {
            Some(Self::Exact(MediaType::Png))
        } else if at(0, b"\xff\xd8\xff") {
            Some(Self::Exact(MediaType::Jpeg))
        } else if at(0, b"RIFF") && at(8, b"WEBPVP8") {
            Some(Self::Exact(MediaType::Webp))
        } else if at(4, b"ftyp") && MP4_BRANDS.iter().any(|brand| at(8, *brand)) {
            Some(Self::Exact(MediaType::Mp4))
        } else if at(0, b"PK\x03\x04") {
            Some(Self::Zip)
        } else {
            text_family(head)
        }
    }

    /// Whether anything that this could still become is wanted.
    pub fn may_be_one_of(self, allowed: &[MediaType]) -> bool {
        match self {
            Self::Exact(media_type) | Self::Text(media_type) => allowed.contains(&media_type),
            Self::Zip => allowed.iter().any(|m| m.is_office()),
        }
    }

    /// The verdict once everything has come.
    pub fn settle(self, head: &[u8], tail: &[u8], len: u64, is_text: bool) -> Option<MediaType> {
        match self {
            // A PDF that was cut off has no end mark; readers look for it in the last kilobyte.
            Self::Exact(MediaType::Pdf) => {
                let last = tail.get(tail.len().saturating_sub(1024)..)?;
                last.windows(5).any(|w| w == b"%%EOF").then_some(MediaType::Pdf)
            }
            Self::Exact(media_type) => Some(media_type),
            Self::Zip => office::kind(head, tail, len),
            Self::Text(media_type) => is_text.then_some(media_type),
        }
    }
}

const MP4_BRANDS: &[&[u8; 4]] =
    &[b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash", b"f4v "];

/// Text that begins like markup is refused even where plain text is welcome: some program would run it.
fn text_family(head: &[u8]) -> Option<Family> {
    let body = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if let Some(rest) = body.strip_prefix(b"WEBVTT") {
        let ends = rest.first().is_none_or(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'));
        return ends.then_some(Family::Text(MediaType::Vtt));
    }
    let first = body.iter().find(|b| !b.is_ascii_whitespace())?;
    (*first != b'<' && is_text_bytes(body)).then_some(Family::Text(MediaType::Text))
}

/// No control characters but those of layout. Whether it is UTF-8 is checked over the whole, see [`Utf8Check`].
fn is_text_bytes(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| *b >= 0x20 && *b != 0x7f || matches!(b, b'\t' | b'\n' | b'\r' | 0x0c))
}

/// Checks a text that comes in pieces; a character may be cut in two between them.
#[derive(Debug, Default)]
pub(super) struct Utf8Check {
    cut: Vec<u8>,
    broken: bool,
}

impl Utf8Check {
    pub fn take(&mut self, piece: &[u8]) {
        if self.broken {
            return;
        }
        self.broken = !is_text_bytes(piece);
        let mut bytes = std::mem::take(&mut self.cut);
        bytes.extend_from_slice(piece);
        if let Err(error) = std::str::from_utf8(&bytes) {
            match error.error_len() {
                Some(_) => self.broken = true,
                None => self.cut = bytes.split_off(error.valid_up_to()),
            }
        }
    }

    pub fn passed(&self) -> bool {
        !self.broken && self.cut.is_empty()
    }
}
