//! Links to files that work for a while and for whoever holds them. The files' host knows no cookies and asks no
//! database: everything that it must know stands in the link, under a signature.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use url::form_urlencoded;

use super::{FileKey, MediaType};

/// What a link says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub key: FileKey,
    /// From [`super::safe_download_name`].
    pub download_name: String,
    pub media_type: MediaType,
    /// Shown in place (a picture, a video) or saved.
    pub inline: bool,
    pub expires: DateTime<Utc>,
}

/// Why a link opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkFault {
    #[error("the link was not made by this site")]
    Forged,
    #[error("the link has expired")]
    Expired,
}

/// The path and query of the link, to be put after the origin of the files' host.
pub fn sign(link: &Link, secret: &[u8]) -> String {
    let expires = link.expires.timestamp();
    let inline = if link.inline { "1" } else { "0" };
    let signature = mac(link.key.as_str(), expires, inline, link.media_type.mime(), &link.download_name, secret)
        .map(|mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
        .unwrap_or_default();
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("e", &expires.to_string())
        .append_pair("i", inline)
        .append_pair("m", link.media_type.mime())
        .append_pair("n", &link.download_name)
        .append_pair("s", &signature)
        .finish();
    format!("/{}?{query}", link.key)
}

/// Reads a link back. `path` is the request's path with or without its first slash.
pub fn verify(path: &str, query: &str, now: DateTime<Utc>, secret: &[u8]) -> Result<Link, LinkFault> {
    let [mut expires, mut inline, mut mime, mut name, mut signature] = [const { None::<String> }; 5];
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        let field = match key.as_ref() {
            "e" => &mut expires,
            "i" => &mut inline,
            "m" => &mut mime,
            "n" => &mut name,
            "s" => &mut signature,
            _ => return Err(LinkFault::Forged),
        };
        if field.replace(value.into_owned()).is_some() {
            return Err(LinkFault::Forged);
        }
    }
    let (Some(expires), Some(inline), Some(mime), Some(name), Some(signature)) =
        (expires, inline, mime, name, signature)
    else {
        return Err(LinkFault::Forged);
    };
    let key = FileKey::parse(path.trim_start_matches('/')).ok_or(LinkFault::Forged)?;
    let seconds: i64 = expires.parse().map_err(|_| LinkFault::Forged)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| LinkFault::Forged)?;
    // `verify_slice` compares in constant time.
    mac(key.as_str(), seconds, &inline, &mime, &name, secret)
        .ok_or(LinkFault::Forged)?
        .verify_slice(&signature)
        .map_err(|_| LinkFault::Forged)?;
    let media_type = MediaType::from_mime(&mime).ok_or(LinkFault::Forged)?;
    let expires = DateTime::from_timestamp(seconds, 0).ok_or(LinkFault::Forged)?;
    if expires <= now {
        return Err(LinkFault::Expired);
    }
    Ok(Link { key, download_name: name, media_type, inline: inline == "1", expires })
}

/// Each field goes in with its length, so that no two links share a signature; the first words keep a signature that was
/// made for something else from serving here. An empty secret signs nothing.
fn mac(key: &str, expires: i64, inline: &str, mime: &str, name: &str, secret: &[u8]) -> Option<Hmac<Sha256>> {
    if secret.is_empty() {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    for field in ["nongcot file link 1", key, &expires.to_string(), inline, mime, name] {
        mac.update(&u64::try_from(field.len()).ok()?.to_le_bytes());
        mac.update(field.as_bytes());
    }
    Some(mac)
}
