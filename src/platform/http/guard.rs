//! The first thing every request meets: a request id, limits, the answer to forged state changes, security headers, the log
//! line and the metrics; and the last: errors become pages.

use std::{cell::RefCell, rc::Rc, time::Instant};

use actix_web::{
    Error as WebError, HttpMessage, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        ConnectionType, Method, header,
        header::{HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};
use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::{
    address, api,
    connections::Connections,
    cookies, error_page,
    input::Input,
    protection::Protection,
    templates::Templates,
    visit::{Flash, Shared, Visit},
};
use crate::platform::{
    config::Network,
    error::Error,
    i18n::{Locale, Message},
    telemetry::figure,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the guard must know of the configuration.
#[derive(Clone)]
pub struct GuardSettings {
    pub jar: cookies::Jar,
    /// `https://host[:port]` of the program.
    pub origin: String,
    pub protection: Protection,
    pub trusted_proxies: Vec<Network>,
    pub secret: std::sync::Arc<[u8; 32]>,
    pub demo: bool,
    /// How the addresses end to which files are sent: only there may the token stand inside the body, where the guard does
    /// not look. Every handler behind them reads it through `http::upload`.
    pub uploads: &'static [&'static str],
    /// Bytes of a form or JSON body. Uploads have limits of their own.
    pub body_limit: usize,
    pub connections: Connections,
    /// So many connections may wait for a next request. Where more are open each answer ends its own: one keeps the room of the longest page
    /// it carried, some 70 kB, and ten thousand people at an exam would hold most of a gigabyte between two answers.
    pub kept_connections: usize,
    /// The first words of the site's addresses.
    pub areas: Vec<&'static str>,
}

impl GuardSettings {
    /// Where a request belonged that was refused before any route was looked for: the first word of its address, and of no word that is not
    /// the site's own.
    fn area(&self, path: &str) -> &'static str {
        let word = path.split('/').nth(1).unwrap_or_default();
        self.areas.iter().find(|area| **area == word).copied().unwrap_or("-")
    }
}

const B64: base64::engine::general_purpose::GeneralPurpose = base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// 128 random bits as text that may stand in an address.
pub fn random_code() -> Result<String, Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(B64.encode(bytes))
}

/// The middleware.
pub async fn guard(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, WebError> {
    let started = Instant::now();
    let settings = request.app_data::<web::Data<GuardSettings>>().cloned();
    let templates = request.app_data::<web::Data<Templates>>().cloned();
    let (Some(settings), Some(templates)) = (settings, templates) else {
        return Err(actix_web::error::ErrorInternalServerError("the program is not complete"));
    };
    let method = request.method().clone();
    if method == Method::HEAD {
        // Answered like GET; the codec knows that a body must not follow.
        request.head_mut().method = Method::GET;
    }
    let (visit, new_visitor) = match begin_visit(&request, &settings) {
        Ok(v) => v,
        Err(e) => return Err(e.into()),
    };
    let visit: Shared = Rc::new(RefCell::new(visit));
    request.extensions_mut().insert(Rc::clone(&visit));

    // No copy of the request may be held while it is routed: the router wants it alone. So what lies inside answers errors as
    // responses, never as errors.
    let mut response = match check(&mut request, &settings, &visit).await {
        Ok(()) => next.call(request).await?.map_into_boxed_body(),
        Err(error) => request.into_response(error.error_response()).map_into_boxed_body(),
    };
    response = error_page::finish(response, &visit, &templates);
    finish_headers(&mut response, &settings, &visit, new_visitor.as_deref(), &method);

    if settings.connections.open() > settings.kept_connections {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }

    let status = response.status().as_u16();
    let route = response.request().match_pattern();
    let route = route.unwrap_or_else(|| settings.area(&visit.borrow().path).to_owned());
    let took = started.elapsed();
    // The route's pattern, never the address: an address may hold a one-time link or a name.
    tracing::info!(target: "http", request_id = %visit.borrow().request_id, %method, route, status, ms = took.as_secs_f64() * 1000.0);
    metrics::counter!(figure::HTTP_REQUESTS, "method" => method.to_string(), "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!(figure::HTTP_SECONDS, "route" => route).record(took);
    Ok(response)
}

fn begin_visit(request: &ServiceRequest, settings: &GuardSettings) -> Result<(Visit, Option<String>), Error> {
    let for_programs = api::is_api(request.path());
    // Programs come with a token. A cookie means nothing to them, so no page elsewhere can ask with somebody's.
    let cookie = |name: &str| {
        let found = || request.cookie(&settings.jar.name(name)).map(|c| c.value().to_owned());
        if for_programs { None } else { found() }
    };
    let text = |name| request.headers().get(name).and_then(|v: &HeaderValue| v.to_str().ok()).unwrap_or("").to_owned();
    let known = cookie(cookies::VISITOR).filter(|v| v.len() == 22);
    let fresh = known.is_none();
    let visitor = known.map_or_else(random_code, Ok)?;
    let session_token = cookie(cookies::SESSION).filter(|t| !t.is_empty() && t.len() <= 64);
    let chosen = cookie(cookies::LOCALE).and_then(|t| Locale::parse(&t));
    let peer = request.peer_addr().map_or(std::net::IpAddr::from([127, 0, 0, 1]), |a| a.ip());
    let forwarded = request.headers().get_all("x-forwarded-for").filter_map(|v| v.to_str().ok()).collect::<Vec<_>>();
    let preferred = || for_programs.then(|| api::problem::language(&text(header::ACCEPT_LANGUAGE)));
    let visit = Visit {
        locale: chosen.or_else(preferred).unwrap_or_default(),
        locale_chosen: chosen.is_some(),
        path: request.path().to_owned(),
        query: request.query_string().to_owned(),
        request_id: random_code()?,
        address: address::client_address(peer, forwarded, &settings.trusted_proxies),
        agent: text(header::USER_AGENT).chars().take(200).collect(),
        csrf: mask(&token(settings, &visitor, session_token.as_deref()))?,
        session_token,
        flash: cookie(cookies::FLASH)
            .and_then(|f| B64.decode(f).ok())
            .and_then(|f| serde_json::from_slice::<Flash>(&f).ok()),
        person: None,
        nav: Vec::new(),
        unread: 0,
        demo: settings.demo,
    };
    Ok((visit, fresh.then_some(visitor)))
}

fn token(settings: &GuardSettings, visitor: &str, session: Option<&str>) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&settings.secret.as_slice().try_into().unwrap_or_default());
    mac.update(b"form ");
    mac.update(visitor.as_bytes());
    mac.update(b" ");
    mac.update(session.unwrap_or("").as_bytes());
    mac.finalize().into_bytes().into()
}

/// Random bytes and the token under them, so that the token never stands twice alike in a compressed page.
fn mask(token: &[u8; 32]) -> Result<String, Error> {
    let mut both = [0_u8; 64];
    let (pad, hidden) = both.split_at_mut(32);
    getrandom::fill(pad).map_err(Error::internal)?;
    for ((h, p), t) in hidden.iter_mut().zip(pad.iter()).zip(token) {
        *h = p ^ t;
    }
    Ok(B64.encode(both))
}

/// Whether two masked tokens hide the same.
fn same_token(a: &str, b: &str) -> bool {
    let unmask = |text: &str| -> Option<Vec<u8>> {
        let both = B64.decode(text).ok().filter(|b| b.len() == 64)?;
        let (pad, hidden) = both.split_at(32);
        Some(pad.iter().zip(hidden).map(|(p, h)| p ^ h).collect())
    };
    match (unmask(a), unmask(b)) {
        (Some(a), Some(b)) => a.ct_eq(&b).into(),
        _ => false,
    }
}

/// Marks an upload whose token stands in its first field and is still to be compared.
#[derive(Clone)]
pub struct TokenOwed(String);

impl TokenOwed {
    pub fn settle(&self, token: &str) -> Result<(), Error> {
        if same_token(token, &self.0) { Ok(()) } else { Err(forged()) }
    }
}

fn forged() -> Error {
    Error::BadRequest(Message::new("error-forged-form"))
}

async fn check(request: &mut ServiceRequest, settings: &GuardSettings, visit: &Shared) -> Result<(), Error> {
    // No text that a database keeps has a NUL in it (PostgreSQL refuses it), so nobody can be looking for one.
    if request.uri().path_and_query().is_some_and(|asked| asked.as_str().contains("%00")) {
        return Err(Error::BadRequest(Message::new("error-broken-request")));
    }
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    // Nothing is changed there, by whatever method, and no cookie speaks for anybody.
    if api::is_api(request.path()) {
        return Ok(());
    }
    let text = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    if let Some(site) = text("sec-fetch-site")
        && !matches!(site.as_str(), "same-origin" | "none")
    {
        return Err(forged());
    }
    if let Some(origin) = text("origin") {
        let host = text("host").unwrap_or_default();
        let same_host = origin.split_once("://").is_some_and(|(_, authority)| authority == host);
        if origin != settings.origin && !same_host {
            return Err(forged());
        }
    }
    let expected = visit.borrow().csrf.clone();
    let content_type = text("content-type").unwrap_or_default();
    if let Some(token) = text("x-csrf-token") {
        return if same_token(&token, &expected) { Ok(()) } else { Err(forged()) };
    }
    if content_type.starts_with("multipart/form-data")
        && settings.uploads.iter().any(|end| request.path().ends_with(end))
    {
        request.extensions_mut().insert(TokenOwed(expected));
        return Ok(());
    }
    if !content_type.is_empty() && !content_type.starts_with("application/x-www-form-urlencoded") {
        return Err(forged());
    }
    let input = Input::read(request, settings.body_limit).await?;
    let given = input.raw("_csrf").unwrap_or_default().to_owned();
    if !same_token(&given, &expected) {
        return Err(forged());
    }
    request.extensions_mut().insert(input);
    Ok(())
}

fn finish_headers(
    response: &mut ServiceResponse<BoxBody>,
    settings: &GuardSettings,
    visit: &Shared,
    new_visitor: Option<&str>,
    method: &Method,
) {
    let visit = visit.borrow();
    let html = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.starts_with("text/html"));
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&visit.request_id) {
        headers.insert(REQUEST_ID, id);
    }
    settings.protection.put(headers);
    if html {
        // Pages hold a person's records and the token of their forms.
        if !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        }
        if let Some(visitor) = new_visitor {
            let cookie = settings.jar.make(cookies::VISITOR, visitor.to_owned(), None);
            add_cookie(response, &cookie);
        }
        // The sentence was shown unless this was a redirect on the way to the page that shows it.
        if visit.flash.is_some() && *method == Method::GET && !response.status().is_redirection() {
            add_cookie(response, &settings.jar.remove(cookies::FLASH));
        }
    }
}

fn add_cookie(response: &mut ServiceResponse<BoxBody>, cookie: &actix_web::cookie::Cookie<'_>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// The cookie value of a sentence for the next page.
pub fn flash_value(flash: &Flash) -> String {
    B64.encode(serde_json::to_vec(flash).unwrap_or_default())
}
