use std::fmt::Write as _;

/// Bytes as lower-case hexadecimal: how hashes, keys and random names are kept and shown.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The first `count` bytes of a hash as hexadecimal, where a short name is enough.
pub fn hex_start(bytes: &[u8], count: usize) -> String {
    hex(bytes.get(..count).unwrap_or(bytes))
}
