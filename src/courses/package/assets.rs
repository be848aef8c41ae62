//! Files of `assets/`: names, types, sizes. A file must be what its ending says.

use super::model::{Asset, Media};
use super::{svg, text};
use crate::questions::fault::{Fault, Lines, Place};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// The most bytes of each type.
fn limit(media: Media) -> usize {
    match media {
        Media::Svg | Media::Vtt => 512 * KIB,
        Media::Png | Media::Webp => 2 * MIB,
        Media::Mp4 => 50 * MIB,
        Media::Pdf => 10 * MIB,
    }
}

/// Lower-case names of letters, digits, dots and hyphens, in folders or not.
pub(super) fn is_path(path: &str) -> bool {
    path.len() <= 200
        && path.split('/').all(|part| {
            part.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
                && !part.ends_with('.')
                && !part.contains("..")
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
        })
}

/// Checks one file; `file` is its path in the course, `path` the part under `assets/`.
pub(super) fn read(file: &str, path: &str, bytes: &[u8], faults: &mut Vec<Fault>) -> Option<Asset> {
    let before = faults.len();
    let mut refuse = |code, vi: String, en: String, hint: (&str, &str)| {
        faults.push(Fault::error(code, vi, en).hint(hint.0, hint.1).at(file, Place::START));
    };
    if !is_path(path) {
        let hint = ("dùng a-z 0-9 . _ -", "use a-z 0-9 . _ -");
        refuse("asset-name", "Tên tệp không dùng được".into(), "The file name cannot be used".into(), hint);
        return None;
    }
    let Some(media) = Media::of(path) else {
        let hint = ("dùng .svg, .png, .webp, .mp4, .vtt hoặc .pdf", "use .svg, .png, .webp, .mp4, .vtt or .pdf");
        refuse("asset-type", "Loại tệp không dùng được".into(), "This type of file cannot be used".into(), hint);
        return None;
    };
    let most = limit(media);
    if bytes.len() > most {
        let (size, most) = (bytes.len().div_ceil(KIB), most / KIB);
        let hint = ("giảm kích thước hình hoặc nén tệp", "shrink or compress it");
        refuse(
            "asset-size",
            format!("Tệp {size} KiB, tối đa {most} KiB"),
            format!("{size} KiB, at most {most} KiB"),
            hint,
        );
        return None;
    }
    if !has_magic(media, bytes) {
        let ending = path.rsplit('.').next().unwrap_or_default();
        let hint = ("xuất lại đúng định dạng, không chỉ đổi tên", "export it in that format, do not just rename it");
        let (vi, en) = (format!("Nội dung không phải {ending}"), format!("The content is not {ending}"));
        refuse("asset-content", vi, en, hint);
        return None;
    }
    let (bytes, size) = match media {
        Media::Svg | Media::Vtt => {
            let text = text::normal(file, bytes, faults)?;
            let mut size = None;
            if media == Media::Svg {
                let (found, wrong) = svg::check(&text);
                size = found;
                let lines = Lines::new(&text);
                faults.extend(wrong.into_iter().map(|(at, fault)| fault.at(file, lines.place(at))));
            }
            (text.into_bytes(), size)
        }
        Media::Png => (bytes.to_vec(), png_size(bytes)),
        Media::Webp => (bytes.to_vec(), webp_size(bytes)),
        Media::Pdf => {
            for word in ["/JavaScript", "/Launch", "/EmbeddedFile"] {
                if bytes.windows(word.len()).any(|window| window == word.as_bytes()) {
                    let hint = ("xuất lại PDF chỉ gồm nội dung", "export it again as plain content");
                    let (vi, en) =
                        (format!("PDF có phần chạy được ({word})"), format!("The PDF has active content ({word})"));
                    faults.push(Fault::error("asset-active", vi, en).hint(hint.0, hint.1).at(file, Place::START));
                }
            }
            (bytes.to_vec(), None)
        }
        Media::Mp4 => (bytes.to_vec(), None),
    };
    let broken = faults.iter().skip(before).any(Fault::is_error);
    (!broken).then(|| Asset { path: path.to_owned(), media, size, bytes })
}

fn has_magic(media: Media, bytes: &[u8]) -> bool {
    let at = |from: usize, magic: &[u8]| bytes.get(from..from + magic.len()) == Some(magic);
    match media {
        Media::Png => at(0, b"\x89PNG\r\n\x1a\n") && at(12, b"IHDR"),
        Media::Webp => at(0, b"RIFF") && at(8, b"WEBP"),
        Media::Mp4 => at(4, b"ftyp"),
        Media::Pdf => at(0, b"%PDF-"),
        Media::Vtt => at(0, b"WEBVTT") || at(0, b"\xef\xbb\xbfWEBVTT"),
        // its checker says it better
        Media::Svg => true,
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    Some((number(bytes.get(16..20)?), number(bytes.get(20..24)?))).filter(|(width, height)| *width > 0 && *height > 0)
}

/// The three kinds of WebP keep their size in three ways.
fn webp_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let little = |from: usize, count: usize| {
        let mut bytes = bytes.get(from..from + count)?.to_vec();
        bytes.reverse();
        Some(number(&bytes))
    };
    match bytes.get(12..16)? {
        b"VP8X" => Some((little(24, 3)? + 1, little(27, 3)? + 1)),
        b"VP8L" => {
            let packed = little(21, 4)?;
            Some(((packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1))
        }
        b"VP8 " => Some((little(26, 2)? & 0x3fff, little(28, 2)? & 0x3fff)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside() {
        assert!(is_path("so-do-1-0.svg"));
        assert!(is_path("hinh/so-do.svg"));
        for path in
            ["", "../x.svg", "/x.svg", "a//b.svg", "A.svg", "a b.svg", "a\\b.svg", ".x.svg", "a/../b.svg", "a..svg"]
        {
            assert!(!is_path(path), "{path}");
        }
    }

    #[test]
    fn content_decides() {
        let mut faults = Vec::new();
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend([0, 0, 2, 128, 0, 0, 1, 0]);
        assert_eq!(read("assets/a.png", "a.png", &png, &mut faults).unwrap().size, Some((640, 256)));
        assert!(read("assets/a.webp", "a.webp", &png, &mut faults).is_none());
        assert!(read("assets/a.exe", "a.exe", &png, &mut faults).is_none());
        assert!(read("assets/a.pdf", "a.pdf", b"%PDF-1.7 /S /JavaScript", &mut faults).is_none());
        assert!(read("assets/a.svg", "a.svg", &vec![b' '; 600 * KIB], &mut faults).is_none());
        let codes: Vec<_> = faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, ["asset-content", "asset-type", "asset-active", "asset-size"]);
    }
}
