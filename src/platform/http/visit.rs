//! What is known of a request besides its own words: language, address, the token of its forms, and what the layout shows.

use std::{cell::RefCell, rc::Rc};

use actix_web::{HttpMessage, HttpRequest};
use serde::Serialize;

use crate::platform::i18n::Locale;

/// The signed-in person as the header shows them.
#[derive(Debug, Clone, Serialize)]
pub struct ShellPerson {
    pub name: String,
    pub unit: String,
}

/// An entry of the main navigation; `label` and `group` are message keys until the page is made.
#[derive(Debug, Clone, Serialize)]
pub struct NavItem {
    /// What it stands under in a long menu; empty for what stands before all groups.
    pub group: &'static str,
    pub label: &'static str,
    pub href: &'static str,
    /// Other addresses that belong to it.
    pub also: &'static [&'static str],
}

impl NavItem {
    /// Whether a page lies at this entry or below it: "/lop-ngoai" does not lie below "/lop".
    pub fn holds(&self, path: &str) -> bool {
        let below = |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if self.href == "/" { path == "/" } else { below(self.href) || self.also.iter().any(|root| below(root)) }
    }
}

/// A sentence carried over a redirect.
#[derive(Debug, Clone, Serialize, serde::Deserialize)]
pub struct Flash {
    /// good, warn, bad or info
    pub kind: String,
    pub key: String,
    pub args: Vec<(String, String)>,
}

/// One visit of one browser to one address. Built by `http::guard`, completed by the composition root.
#[derive(Debug, Clone)]
pub struct Visit {
    pub locale: Locale,
    /// The language was chosen in this browser, not only by the person's profile.
    pub locale_chosen: bool,
    pub path: String,
    pub query: String,
    pub request_id: String,
    /// The client's address as far as trusted proxies vouch for it.
    pub address: std::net::IpAddr,
    pub agent: String,
    /// Masked anew for every request.
    pub csrf: String,
    pub session_token: Option<String>,
    pub flash: Option<Flash>,
    pub person: Option<ShellPerson>,
    pub nav: Vec<NavItem>,
    pub unread: i64,
    pub demo: bool,
}

/// The visit of a request, shared and completed step by step.
pub type Shared = Rc<RefCell<Visit>>;

/// The visit, if the guard has seen the request (it sees every one the server routes).
pub fn of(request: &HttpRequest) -> Option<Shared> {
    request.extensions().get::<Shared>().cloned()
}
