//! What every answer tells browsers to refuse. It is put together once, at the start.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue};

/// Headers that an answer carries unless it says something of its own there.
#[derive(Clone)]
pub struct Protection(Vec<(HeaderName, HeaderValue)>);

impl Protection {
    /// `files_origin` is where user files are served, the only other place from which pages may show something.
    ///
    /// # Errors
    ///
    /// An origin that no header can hold.
    pub fn new(files_origin: &str, is_secure: bool) -> Result<Self, InvalidHeaderValue> {
        let policy = format!(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: {files_origin}; media-src 'self' {files_origin}; \
             font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
        );
        let fixed = HeaderValue::from_static;
        let mut all = vec![
            (header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff")),
            (header::REFERRER_POLICY, fixed("same-origin")),
            (header::X_FRAME_OPTIONS, fixed("DENY")),
            (header::CROSS_ORIGIN_OPENER_POLICY, fixed("same-origin")),
            (header::PERMISSIONS_POLICY, fixed("camera=(), microphone=(), geolocation=()")),
            (header::CONTENT_SECURITY_POLICY, HeaderValue::from_str(&policy)?),
        ];
        if is_secure {
            all.push((header::STRICT_TRANSPORT_SECURITY, fixed("max-age=31536000")));
        }
        Ok(Self(all))
    }

    pub fn put(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.0 {
            if !headers.contains_key(name) {
                headers.insert(name.clone(), value.clone());
            }
        }
    }
}
