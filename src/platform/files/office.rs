//! Tells office documents from other zip archives by the list of contents at the archive's end. Nothing is unpacked.
//! Documents with macros are refused: they are programs, and nobody needs them to hand in homework.

use super::media::MediaType;

const END_MARK: &[u8; 4] = b"PK\x05\x06";
const END_LEN: usize = 22;
const ENTRY_MARK: &[u8; 4] = b"PK\x01\x02";
const ENTRY_LEN: usize = 46;
/// The uncompressed first entry of an OpenDocument file starts here and says what it is.
const ODF_NAME: usize = 30;

/// `head` and `tail` are the first and last bytes of a file of `len` bytes.
pub(super) fn kind(head: &[u8], tail: &[u8], len: u64) -> Option<MediaType> {
    let names = entry_names(tail, len)?;
    let has = |name: &str| names.iter().any(|n| n == name);
    let is_program = |n: &String| {
        n.to_ascii_lowercase().ends_with("vbaproject.bin") || n.starts_with("Basic/") || n.starts_with("Scripts/")
    };
    if names.iter().any(is_program) {
        return None;
    }
    if has("[Content_Types].xml") {
        let mut kinds = [
            ("word/document.xml", MediaType::Docx),
            ("xl/workbook.xml", MediaType::Xlsx),
            ("ppt/presentation.xml", MediaType::Pptx),
        ]
        .into_iter()
        .filter(|(name, _)| has(name))
        .map(|(_, kind)| kind);
        let first = kinds.next();
        // Two main parts at once is no document that an office program would write.
        return if kinds.next().is_none() { first } else { None };
    }
    let declared = head.get(ODF_NAME..)?.strip_prefix(b"mimetype")?;
    let kind = [MediaType::Odt, MediaType::Ods, MediaType::Odp].into_iter().find(|kind| {
        // The next entry follows at once, so a longer type (a template) does not pass for a shorter one.
        declared.strip_prefix(kind.mime().as_bytes()).is_some_and(|rest| rest.starts_with(b"PK"))
    })?;
    (has("content.xml") && has("META-INF/manifest.xml")).then_some(kind)
}

/// The names in the list of contents, if the whole list lies in `tail`, is consistent and holds nothing encrypted.
fn entry_names(tail: &[u8], len: u64) -> Option<Vec<String>> {
    let end_at = tail.windows(END_LEN).rposition(|w| w.starts_with(END_MARK))?;
    let end = tail.get(end_at..)?;
    let comment = usize::from(number16(end, 20)?);
    if end.len() != END_LEN + comment {
        return None;
    }
    let count = usize::from(number16(end, 10)?);
    let size = u64::from(number32(end, 12)?);
    let offset = u64::from(number32(end, 16)?);
    let tail_starts = len.checked_sub(u64::try_from(tail.len()).ok()?)?;
    let end_offset = tail_starts + u64::try_from(end_at).ok()?;
    if offset.checked_add(size)? != end_offset {
        return None;
    }
    let list_at = usize::try_from(offset.checked_sub(tail_starts)?).ok()?;
    let mut list = tail.get(list_at..end_at)?;
    let mut names = Vec::with_capacity(count);
    while !list.is_empty() {
        if !list.starts_with(ENTRY_MARK) || number16(list, 8)? & 1 != 0 {
            return None;
        }
        let name_len = usize::from(number16(list, 28)?);
        let rest_len = usize::from(number16(list, 30)?) + usize::from(number16(list, 32)?);
        let name = std::str::from_utf8(list.get(ENTRY_LEN..ENTRY_LEN + name_len)?).ok()?;
        if name.starts_with('/') || name.contains('\\') || name.split('/').any(|part| part == "..") {
            return None;
        }
        names.push(name.to_owned());
        list = list.get(ENTRY_LEN + name_len + rest_len..)?;
    }
    (names.len() == count).then_some(names)
}

fn number16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn number32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
