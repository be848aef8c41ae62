//! A browser as far as the server can tell: it keeps cookies, sends forms with their token, and follows nothing by itself.

use std::collections::BTreeMap;

use reqwest::{Method, header};

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: header::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Where a redirect leads, or nothing.
    pub fn location(&self) -> String {
        self.header("location")
    }

    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
    }

    /// Fails the test unless the page says it.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.text().contains(text), "the page ({}) does not say {text:?}:\n{}", self.status, self.text());
        self
    }

    #[track_caller]
    pub fn says_not(&self, text: &str) -> &Self {
        assert!(!self.text().contains(text), "the page ({}) says {text:?}:\n{}", self.status, self.text());
        self
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}\n{}", self.location(), self.text());
        self
    }
}

/// Connections without cookies that follow nothing.
pub fn connections() -> reqwest::Client {
    nongcot::platform::files::install_tls_provider();
    // Without the list of certificate authorities, whose reading costs more than a request: it talks to this machine.
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).tls_certs_only([]);
    builder.build().expect("a client")
}

/// A browser.
#[derive(Clone)]
pub struct Client {
    base: String,
    http: reqwest::Client,
    cookies: BTreeMap<String, String>,
    token: Option<String>,
}

impl Client {
    pub fn new(base: &str) -> Self {
        Self::over(base, connections())
    }

    /// A browser of its own over connections that others use, too: to make them costs more than a request.
    pub fn over(base: &str, http: reqwest::Client) -> Self {
        Self { base: base.to_owned(), http, cookies: BTreeMap::new(), token: None }
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    pub async fn get(&mut self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], None).await
    }

    /// Sends a form with the token of this browser, as a person would from the page.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let token = self.token().await;
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("_csrf", &token);
        for (name, value) in fields {
            form.append_pair(name, value);
        }
        let body = form.finish().into_bytes();
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        self.send(Method::POST, path, &headers, Some(body)).await
    }

    /// Sends JSON as a script of the page would.
    pub async fn post_json(&mut self, path: &str, json: &serde_json::Value) -> Reply {
        let token = self.token().await;
        let headers =
            [("content-type", "application/json"), ("accept", "application/json"), ("x-csrf-token", token.as_str())];
        self.send(Method::POST, path, &headers, Some(json.to_string().into_bytes())).await
    }

    /// The token of this browser's forms: of the last page it saw, or of one that anybody may see.
    pub async fn token(&mut self) -> String {
        if self.token.is_none() {
            // Every page has a form in its header; this one asks the database for nothing of its own.
            self.get("/tra-cuu").await;
        }
        self.token.clone().expect("a form in the header of a page")
    }

    /// Any request at all. `path` may be a whole address.
    pub async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> Reply {
        self.try_send(method, path, headers, body).await.expect("an answer")
    }

    /// As [`Client::send`], towards a server that may be gone.
    pub async fn try_send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<Reply, reqwest::Error> {
        let address = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        let mut request = self.http.request(method, &address);
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await?.to_vec();
        for cookie in headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().expect("a cookie"));
        }
        let reply = Reply { status, headers, bytes };
        if self.token.is_none() && reply.header("content-type").starts_with("text/html") {
            self.token = token_in(&reply.text());
        }
        Ok(reply)
    }

    fn keep(&mut self, cookie: &str) {
        let Some((name, rest)) = cookie.split_once('=') else { return };
        let value = rest.split(';').next().unwrap_or_default();
        if cookie.contains("Max-Age=0") || value.is_empty() {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        // A new session or visitor means other tokens.
        if name.ends_with("phien") || name.ends_with("khach") {
            self.token = None;
        }
    }
}

fn token_in(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("name=\"_csrf\" value=\"")?;
    rest.split('"').next().map(str::to_owned)
}
