//! What an operation answers with: JSON with a tag, so that who asks again and again is told "as before" in a few bytes.

use actix_web::{
    HttpRequest, HttpResponse, Responder, ResponseError,
    body::BoxBody,
    http::{StatusCode, header},
};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::schema::{Described, Schemas, object};
use crate::platform::{error::Error, text::hex_start};

/// The answer of a handler.
#[derive(Debug)]
pub struct Answer<T>(pub T);

impl<T: Serialize> Responder for Answer<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        match serde_json::to_vec(&self.0) {
            // What a token may read is nobody else's, and is asked about each time.
            Ok(body) => tagged(request, body, "private, no-cache"),
            Err(error) => Error::internal(error).error_response(),
        }
    }
}

/// JSON under a tag made of its bytes, or 304 where the asker has just these.
pub(super) fn tagged(request: &HttpRequest, body: Vec<u8>, cached: &'static str) -> HttpResponse {
    let digest = hex_start(&Sha256::digest(&body), 16);
    // Weak: on the way it may be compressed.
    let tag = format!("W/\"{digest}\"");
    let known = request.headers().get_all(header::IF_NONE_MATCH).filter_map(|v| v.to_str().ok());
    let same = known
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|given| given == "*" || given.trim_start_matches("W/").trim_matches('"') == digest);
    let mut response = HttpResponse::build(if same { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, cached))
        .insert_header((header::VARY, "Authorization, Accept"));
    if same { response.finish() } else { response.content_type("application/json").body(body) }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Listed<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> Listed<T> {
    /// From one row more than was asked for, if there is one: then there is a next page.
    pub fn of(mut items: Vec<T>, limit: i64, code: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(code);
        Self { items, next }
    }

    /// A page of what is in memory already, in the order of codes.
    pub fn page(mut all: Vec<T>, after: &str, limit: i64, code: impl Fn(&T) -> String) -> Self {
        all.retain(|row| after.is_empty() || code(row).as_str() > after);
        all.sort_by_cached_key(&code);
        Self::of(all, limit, code)
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Listed<U> {
        Listed { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}

impl<T: Described> Described for Listed<T> {
    fn schema(known: &mut Schemas) -> Value {
        object(vec![
            ("items", "", <Vec<T>>::schema(known)),
            ("next", "For `after` of the next page; null on the last one.", <Option<String>>::schema(known)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_without_gap_or_double() {
        let all: Vec<String> = ["c", "a", "d", "b", "e"].map(str::to_owned).to_vec();
        let (mut after, mut seen) = (String::new(), Vec::new());
        loop {
            let page = Listed::page(all.clone(), &after, 2, String::clone);
            seen.extend(page.items);
            match page.next {
                Some(next) => after = next,
                None => break,
            }
        }
        assert_eq!(seen, ["a", "b", "c", "d", "e"]);
    }
}
