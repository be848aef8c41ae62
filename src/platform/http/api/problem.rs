//! Errors of the interface as problem documents (RFC 9457), in the language the asker prefers.

use actix_web::{
    HttpResponse,
    body::BoxBody,
    http::{StatusCode, header},
};

use crate::platform::i18n::{Catalogue, Locale, Message};

/// The kind of content of an error.
pub const MEDIA_TYPE: &str = "application/problem+json";

crate::record! {
    /// Why there is no answer (RFC 9457).
    pub struct Problem {
        /// Where errors of this kind are explained.
        pub r#type: String,
        /// The kind of error in words.
        pub title: String,
        pub status: i32,
        /// What happened this time, in Vietnamese or English as Accept-Language asks.
        pub detail: String,
        /// To be told to those who look after the system.
        pub reference: String,
    }
}

/// The errors that have words of their own here; the others are said as on pages.
const OWN: [u16; 6] = [401, 403, 404, 405, 406, 429];

/// The answer for an error that was found with `told` (a title's key and a sentence). Headers of the old answer are kept by the caller.
pub fn answer(
    catalogue: &Catalogue,
    locale: Locale,
    status: StatusCode,
    told: (&'static str, &Message),
    reference: &str,
) -> HttpResponse<BoxBody> {
    // "Sign in" is how pages say that nobody is known.
    let status = if status == StatusCode::SEE_OTHER { StatusCode::UNAUTHORIZED } else { status };
    let code = status.as_u16();
    let (title, detail) = if OWN.contains(&code) {
        (
            catalogue.plain(locale, &format!("api-problem-{code}-title")),
            catalogue.plain(locale, &format!("api-problem-{code}")),
        )
    } else {
        (catalogue.plain(locale, told.0), catalogue.text(locale, told.1))
    };
    let problem = Problem {
        r#type: format!("/api#loi-{code}"),
        title,
        status: i32::from(code),
        detail,
        reference: reference.to_owned(),
    };
    let mut response = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"nong-cot\""));
    }
    response
        .insert_header((header::CONTENT_TYPE, MEDIA_TYPE))
        .insert_header((header::CONTENT_LANGUAGE, locale.tag()))
        .insert_header((header::VARY, "Authorization, Accept, Accept-Language"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(serde_json::to_vec(&problem).unwrap_or_default())
}

/// The language of `Accept-Language`; Vietnamese where neither is wanted.
pub fn language(accepted: &str) -> Locale {
    let mut best = (0.0_f32, Locale::default());
    for range in accepted.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|p| p.strip_prefix("q=")?.trim().parse::<f32>().ok()).unwrap_or(1.0);
        let locale = Locale::parse(tag.split('-').next().unwrap_or_default());
        if let (Some(locale), true) = (locale, weight > best.0) {
            best = (weight, locale);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_preferred() {
        assert_eq!(language("en-GB,en;q=0.9"), Locale::En);
        assert_eq!(language("en;q=0.3, vi-VN;q=0.8"), Locale::Vi);
        assert_eq!(language("fr, en;q=0.1"), Locale::En);
        for other in ["", "fr", "*", "en;q=0"] {
            assert_eq!(language(other), Locale::Vi, "{other:?}");
        }
    }
}
