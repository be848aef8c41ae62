//! What a form sent, and what a form shows again after a fault.

use std::collections::BTreeMap;

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, dev::ServiceRequest};
use futures_util::StreamExt;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use super::templates::Templates;
use crate::platform::{
    error::{Error, FieldErrors},
    i18n::{Locale, Message},
};

/// The fields of a form in the order sent. Text is in NFC; `text` also trims.
#[derive(Debug, Clone, Default)]
pub struct Input(Vec<(String, String)>);

impl Input {
    /// Reads a body of at most `limit` bytes. The guard calls this; a handler takes [`Input`] as an argument.
    pub async fn read(request: &mut ServiceRequest, limit: usize) -> Result<Self, Error> {
        let mut payload = request.take_payload();
        let mut body = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Error::BadRequest(Message::new("error-broken-form")))?;
            if body.len() + chunk.len() > limit {
                return Err(Error::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Self::parse(&body))
    }

    pub fn parse(body: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(body).map(|(k, v)| (k.into_owned(), v.nfc().collect())).collect())
    }

    /// The text fields of an upload.
    pub fn of_pairs(pairs: Vec<(String, String)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name, value.nfc().collect())).collect())
    }

    /// The first value of a field, just as it was sent (passwords, tokens).
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }

    /// The first value of a field, tidied; empty where it is missing.
    pub fn text(&self, name: &str) -> String {
        self.raw(name).map(crate::platform::text::tidy).unwrap_or_default()
    }

    /// All values of a field (checkboxes).
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(k, _)| k == name).map(|(_, v)| v.as_str())
    }

    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    /// What the form shows again: everything typed except secrets, and the faults.
    pub fn view(&self, templates: &Templates, locale: Locale, errors: &FieldErrors) -> FormView {
        let mut view = FormView::default();
        for (name, value) in &self.0 {
            if !name.starts_with('_') && !name.contains("password") {
                view.values.insert(name.clone(), value.clone());
            }
        }
        for (field, message) in &errors.0 {
            let text = templates.catalogue().text(locale, message);
            view.summary.push(Fault { field: (*field).to_owned(), text: text.clone() });
            view.errors.entry((*field).to_owned()).or_insert(text);
        }
        view
    }
}

impl FromRequest for Input {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let input = request.extensions().get::<Self>().cloned();
        std::future::ready(input.ok_or_else(|| Error::BadRequest(Message::new("error-broken-form"))))
    }
}

/// A form as a template shows it.
#[derive(Debug, Default, Clone, Serialize)]
pub struct FormView {
    pub values: BTreeMap<String, String>,
    pub errors: BTreeMap<String, String>,
    pub summary: Vec<Fault>,
}

impl FormView {
    /// A form that was not sent yet, with what it starts with.
    pub fn with<const N: usize>(values: [(&str, String); N]) -> Self {
        Self { values: values.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(), ..Self::default() }
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Fault {
    pub field: String,
    pub text: String,
}
