//! How an error leaves the program: the right status and a page in the reader's language with a reference number.

use std::sync::Arc;

use actix_web::{
    HttpResponse, ResponseError,
    body::BoxBody,
    dev::ServiceResponse,
    http::{StatusCode, header},
};
use serde::Serialize;

use super::{
    api::{is_api, problem},
    templates::Templates,
    visit::{Shared, Visit},
};
use crate::platform::{
    error::{Error, Outage},
    i18n::Message,
};

/// What the error page shows, kept with the bare response until the language is known.
#[derive(Clone)]
struct Told {
    title: &'static str,
    sentence: Arc<Message>,
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignIn => StatusCode::SEE_OTHER,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Refused(_) => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::Unavailable(..) | Self::NotKnown(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let (title, sentence) = match self {
            Self::SignIn => ("error-sign-in-title", Message::new("error-sign-in")),
            Self::NotFound => ("error-not-found-title", Message::new("error-not-found")),
            Self::Forbidden => ("error-forbidden-title", Message::new("error-forbidden")),
            Self::Refused(message) => ("error-refused-title", message.clone()),
            Self::Invalid(faults) => (
                "error-invalid-title",
                faults.0.first().map_or_else(|| Message::new("error-invalid"), |(_, message)| message.clone()),
            ),
            Self::BadRequest(message) => ("error-bad-request-title", message.clone()),
            Self::TooMany { retry_after } => (
                "error-too-many-title",
                Message::new("error-too-many")
                    .with("minutes", i64::try_from(retry_after.as_secs().div_ceil(60)).unwrap_or(15)),
            ),
            Self::TooLarge => ("error-too-large-title", Message::new("error-too-large")),
            Self::NotAcceptable => ("error-bad-request-title", Message::new("error-broken-request")),
            Self::Unavailable(Outage::Busy, _) => ("error-busy-title", Message::new("error-busy")),
            Self::Unavailable(..) => ("error-unavailable-title", Message::new("error-unavailable")),
            Self::NotKnown(_) => ("error-not-known-title", Message::new("error-not-known")),
            Self::Internal(_) => ("error-internal-title", Message::new("error-internal")),
        };
        match self {
            Self::Internal(_) | Self::Unavailable(..) | Self::NotKnown(_) => {
                tracing::error!(error = %self, "a request failed")
            }
            _ => tracing::debug!(error = %self, "a request was refused"),
        }
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Self::TooMany { retry_after } => {
                response.insert_header((header::RETRY_AFTER, retry_after.as_secs().max(1)));
            }
            Self::Unavailable(..) => {
                response.insert_header((header::RETRY_AFTER, 5));
            }
            _ => {}
        }
        let mut response = response.finish();
        response.extensions_mut().insert(Told { title, sentence: Arc::new(sentence) });
        response
    }
}

#[derive(Serialize)]
struct ErrorView<'a> {
    status: u16,
    title: String,
    sentence: String,
    reference: &'a str,
    next_href: &'static str,
    next_label: String,
}

/// Gives a bare error response its page, or its JSON where a script asked.
pub fn finish(
    mut response: ServiceResponse<BoxBody>,
    visit: &Shared,
    templates: &Templates,
) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let told = response.response_mut().extensions_mut().remove::<Told>();
    let told = match told {
        Some(told) => told,
        None if status.is_client_error() && !has_body(&response) => bare(status),
        None => return response,
    };
    let visit = visit.borrow();
    if is_api(&visit.path) {
        let catalogue = templates.catalogue();
        let said = (told.title, told.sentence.as_ref());
        let mut new = problem::answer(catalogue, visit.locale, status, said, &visit.request_id);
        let (request, old) = response.into_parts();
        for name in [header::RETRY_AFTER, header::ALLOW] {
            if let Some(value) = old.headers().get(&name) {
                new.headers_mut().insert(name, value.clone());
            }
        }
        return ServiceResponse::new(request, new);
    }
    let wants_json = response
        .request()
        .headers()
        .get(header::ACCEPT)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.starts_with("application/json"));
    if status == StatusCode::SEE_OTHER && !wants_json {
        let to = sign_in_address(&visit);
        response.headers_mut().insert(header::LOCATION, to);
        return response;
    }
    let catalogue = templates.catalogue();
    let sentence = catalogue.text(visit.locale, &told.sentence);
    let (body, media_type) = if wants_json {
        let body = serde_json::json!({ "error": sentence, "reference": visit.request_id }).to_string();
        (body, "application/json")
    } else {
        let view = ErrorView {
            status: status.as_u16(),
            title: catalogue.plain(visit.locale, told.title),
            sentence,
            reference: &visit.request_id,
            next_href: "/",
            next_label: catalogue.plain(visit.locale, "error-go-home"),
        };
        let template = if status == StatusCode::SERVICE_UNAVAILABLE { "errors/unavailable" } else { "errors/page" };
        let body = templates.render(template, &view, &visit).unwrap_or_else(|error| {
            tracing::error!(%error, "the error page could not be made");
            view.sentence.clone()
        });
        (body, "text/html; charset=utf-8")
    };
    let (request, old) = response.into_parts();
    let mut new = HttpResponse::build(if wants_json && status == StatusCode::SEE_OTHER {
        StatusCode::UNAUTHORIZED
    } else {
        status
    });
    for (name, value) in old.headers() {
        new.append_header((name.clone(), value.clone()));
    }
    new.insert_header((header::CONTENT_TYPE, media_type));
    ServiceResponse::new(request, new.body(body)).map_into_boxed_body()
}

fn has_body(response: &ServiceResponse<BoxBody>) -> bool {
    use actix_web::body::{BodySize, MessageBody};
    let typed = response.headers().contains_key(header::CONTENT_TYPE);
    typed && !matches!(response.response().body().size(), BodySize::None | BodySize::Sized(0))
}

/// Errors the framework itself answers: an unknown address, a method that is not offered, a malformed path.
fn bare(status: StatusCode) -> Told {
    match status {
        StatusCode::NOT_FOUND => Told { title: "error-not-found-title", sentence: Arc::new("error-not-found".into()) },
        StatusCode::PAYLOAD_TOO_LARGE => {
            Told { title: "error-too-large-title", sentence: Arc::new("error-too-large".into()) }
        }
        _ => Told { title: "error-bad-request-title", sentence: Arc::new("error-broken-request".into()) },
    }
}

fn sign_in_address(visit: &Visit) -> header::HeaderValue {
    let next = if visit.query.is_empty() { visit.path.clone() } else { format!("{}?{}", visit.path, visit.query) };
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("tiep", &next).finish();
    header::HeaderValue::from_str(&format!("/dang-nhap?{query}"))
        .unwrap_or(header::HeaderValue::from_static("/dang-nhap"))
}
