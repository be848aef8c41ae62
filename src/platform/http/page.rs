//! What a page handler answers with: a rendered template, or the way to the next page.

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::{StatusCode, header},
    web,
};
use serde::Serialize;

use super::{
    cookies::{self, Jar},
    guard::{GuardSettings, flash_value},
    input::{FormView, Input},
    templates::{SafeHtml, Templates},
    visit::{self, Flash, Shared, Visit},
};
use crate::platform::{
    error::{Error, FieldErrors},
    i18n::{Locale, Message},
};

/// The visit and the templates, in the hands of a handler.
pub struct Page {
    visit: Shared,
    templates: web::Data<Templates>,
    jar: Jar,
}

impl FromRequest for Page {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let page = (|| {
            Some(Self {
                visit: visit::of(request)?,
                templates: request.app_data::<web::Data<Templates>>()?.clone(),
                jar: request.app_data::<web::Data<GuardSettings>>()?.jar,
            })
        })();
        std::future::ready(page.ok_or_else(|| Error::internal("a page outside the guard")))
    }
}

impl Page {
    pub fn locale(&self) -> Locale {
        self.visit.borrow().locale
    }

    pub fn visit(&self) -> std::cell::Ref<'_, Visit> {
        self.visit.borrow()
    }

    pub fn jar(&self) -> Jar {
        self.jar
    }

    /// A message in the reader's language.
    pub fn text(&self, message: impl Into<Message>) -> String {
        self.templates.catalogue().text(self.locale(), &message.into())
    }

    /// A message that may not exist: a name for something other slices make up.
    pub fn find(&self, key: &str) -> Option<String> {
        self.templates.catalogue().find(self.locale(), key, [])
    }

    /// A part of a page in the reader's language; see [`Templates::part`].
    pub fn part(&self, template: &str, view: &impl Serialize, holes: &[&str]) -> Result<SafeHtml, Error> {
        self.templates.part(template, view, &self.visit.borrow(), holes)
    }

    /// A form as typed, with its faults beside it.
    pub fn form(&self, input: &Input, errors: &FieldErrors) -> FormView {
        input.view(&self.templates, self.locale(), errors)
    }

    /// The template with the page's own fields and the layout's.
    pub fn html(&self, template: &str, view: &impl Serialize) -> Result<HttpResponse, Error> {
        self.html_as(StatusCode::OK, template, view)
    }

    pub fn html_as(&self, status: StatusCode, template: &str, view: &impl Serialize) -> Result<HttpResponse, Error> {
        let body = self.templates.render(template, view, &self.visit.borrow())?;
        Ok(HttpResponse::build(status).insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8")).body(body))
    }

    /// To another page after a state change (303).
    pub fn go(&self, to: &str) -> HttpResponse {
        HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish()
    }

    /// To another page that first says a sentence. `kind` is good, warn, bad or info.
    pub fn go_saying(&self, to: &str, kind: &str, message: impl Into<Message>) -> HttpResponse {
        let mut response = self.go(to);
        self.say_next(&mut response, kind, message.into());
        response
    }

    /// Lets the next page of this browser say a sentence first, whatever leads to it.
    pub fn say_next(&self, response: &mut HttpResponse, kind: &str, message: Message) {
        let flash = Flash {
            kind: kind.to_owned(),
            key: message.key.into_owned(),
            args: message
                .args
                .into_iter()
                .map(|(name, value)| {
                    let text = match value {
                        crate::platform::i18n::Arg::Text(t) => t,
                        crate::platform::i18n::Arg::Number(n) => n.to_string(),
                    };
                    (name.to_owned(), text)
                })
                .collect(),
        };
        let cookie = self.jar.make(cookies::FLASH, flash_value(&flash), None);
        if response.add_cookie(&cookie).is_err() {
            tracing::error!("a cookie could not be set");
        }
    }
}

/// An address inside this site, or `/`: what a form names as the next page must not lead elsewhere.
pub fn local_path(next: &str) -> &str {
    let inside = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n', '\t']);
    if inside { next } else { "/" }
}
