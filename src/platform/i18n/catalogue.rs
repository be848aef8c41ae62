//! The catalogues and how a message is looked up in them.

use std::{borrow::Cow, collections::HashMap};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use super::Locale;
use crate::platform::text;

/// A value inside a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    Text(String),
    Number(i64),
}

impl From<&str> for Arg {
    fn from(v: &str) -> Self {
        Self::Text(v.to_owned())
    }
}
impl From<String> for Arg {
    fn from(v: String) -> Self {
        Self::Text(v)
    }
}
impl From<i64> for Arg {
    fn from(v: i64) -> Self {
        Self::Number(v)
    }
}

/// A sentence for a person, still without a language: its key in the catalogues and what is inserted.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub key: Cow<'static, str>,
    pub args: Vec<(&'static str, Arg)>,
}

impl Message {
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), args: Vec::new() }
    }
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

impl From<&'static str> for Message {
    fn from(key: &'static str) -> Self {
        Self::new(key)
    }
}

/// All messages of both languages.
pub struct Catalogue {
    bundles: HashMap<Locale, FluentBundle<FluentResource>>,
}

impl Catalogue {
    /// Reads the embedded catalogues. The error names the file and what Fluent found wrong in it.
    pub fn embedded() -> Result<Self, String> {
        let mut bundles = HashMap::new();
        for locale in Locale::ALL {
            let tag: LanguageIdentifier = locale.tag().parse().map_err(|e| format!("{}: {e}", locale.tag()))?;
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            bundle.set_use_isolating(false);
            bundle.set_formatter(Some(match locale {
                Locale::Vi => |value, _| written(value, Locale::Vi),
                Locale::En => |value, _| written(value, Locale::En),
            }));
            let prefix = format!("text/{}/", locale.tag());
            for (name, source) in super::super::http::embedded::TEMPLATES.iter().filter(|(n, _)| n.starts_with(&prefix))
            {
                let resource = FluentResource::try_new((*source).to_owned())
                    .map_err(|(_, errors)| format!("{name}: {errors:?}"))?;
                bundle.add_resource(resource).map_err(|errors| format!("{name}: {errors:?}"))?;
            }
            bundles.insert(locale, bundle);
        }
        Ok(Self { bundles })
    }

    /// The message in that language, or `None` where the catalogue lacks it.
    pub fn find<'a>(
        &self,
        locale: Locale,
        key: &str,
        args: impl IntoIterator<Item = (&'a str, Arg)>,
    ) -> Option<String> {
        let bundle = self.bundles.get(&locale)?;
        let pattern = bundle.get_message(key)?.value()?;
        let mut values = FluentArgs::new();
        for (name, value) in args {
            values.set(
                name.to_owned(),
                match value {
                    Arg::Text(t) => FluentValue::from(t),
                    Arg::Number(n) => FluentValue::from(n),
                },
            );
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key, ?errors, "a message could not be filled");
        }
        Some(text)
    }

    /// The message in that language. A key that is missing is a fault a test finds; in production its name is shown.
    pub fn text(&self, locale: Locale, message: &Message) -> String {
        self.find(locale, &message.key, message.args.iter().map(|(n, v)| (*n, v.clone()))).unwrap_or_else(|| {
            tracing::error!(key = %message.key, "a message is missing");
            message.key.clone().into_owned()
        })
    }

    /// A message without inserts.
    pub fn plain(&self, locale: Locale, key: &str) -> String {
        self.text(locale, &Message::new(key.to_owned()))
    }
}

/// A number as the rest of a page writes it, so that a sentence can be handed the number itself and choose its plural by it.
#[expect(clippy::cast_possible_truncation, reason = "a message is only ever given whole numbers of 64 bits")]
fn written(value: &FluentValue, locale: Locale) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    Some(text::number(number.value as i64, locale))
}
