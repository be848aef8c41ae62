//! Templates of one kind in one language, each compiled when it is first asked for. Compiling all of them before the first page was four fifths
//! of a start: at each tag the parser counts the lines before it anew.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
};

use handlebars::{Context, Handlebars};

use super::{embedded, helpers, spoken};
use crate::platform::i18n::{Catalogue, Locale};

/// What a template makes, by the ending of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Pages and HTML parts of letters.
    Html,
    /// Plain text: nothing is escaped in it.
    Text,
}

impl Kind {
    fn ending(self) -> &'static str {
        match self {
            Self::Html => ".hbs",
            Self::Text => ".txt",
        }
    }

    fn escape(self) -> fn(&str) -> String {
        match self {
            Self::Html => handlebars::html_escape,
            Self::Text => handlebars::no_escape,
        }
    }
}

pub struct Compiled {
    kind: Kind,
    locale: Locale,
    catalogue: Arc<Catalogue>,
    /// What templates may use, and those that were asked for, none without the parts it names.
    registry: RwLock<Handlebars<'static>>,
    sources: HashMap<&'static str, &'static str>,
}

impl Compiled {
    pub fn none_yet(catalogue: &Arc<Catalogue>, locale: Locale, kind: Kind) -> Self {
        let mut registry = helpers::registry(catalogue, locale);
        registry.register_escape_fn(kind.escape());
        let named = |(file, source): &(&'static str, &'static str)| Some((file.strip_suffix(kind.ending())?, *source));
        let sources = embedded::TEMPLATES.iter().filter_map(named).collect();
        Self { kind, locale, catalogue: Arc::clone(catalogue), registry: RwLock::new(registry), sources }
    }

    /// Fills a template in.
    ///
    /// # Errors
    /// Says what is wrong with the template, or with what it was given.
    pub fn render(&self, name: &str, context: &Context) -> Result<String, String> {
        if !self.read().has_template(name) {
            self.compile(name)?;
        }
        // With the context as it is; `render` would copy all of it.
        self.read().render_with_context(name, context).map_err(|e| format!("{name}: {e}"))
    }

    /// Compiles what nobody has asked for yet; what is wrong with any of it. One after the other, and nobody waits for it.
    pub fn compile_rest(&self) -> Result<(), String> {
        self.sources.keys().filter(|name| !self.read().has_template(name)).try_for_each(|name| self.compile(name))
    }

    /// Compiles a template and the parts it names, and then lets everybody have them.
    fn compile(&self, name: &str) -> Result<(), String> {
        let mut fresh = helpers::blank();
        let mut wanted = vec![name.to_owned()];
        while let Some(name) = wanted.pop() {
            if fresh.has_template(&name) || self.read().has_template(&name) {
                continue;
            }
            let source = self.sources.get(name.as_str()).ok_or_else(|| format!("there is no template {name}"))?;
            wanted.extend(parts(source).map(str::to_owned));
            let said = spoken::fill(source, |key| self.catalogue.find(self.locale, key, []), self.kind.escape());
            fresh.register_template_string(&name, said).map_err(|e| format!("{name}: {e}"))?;
        }
        let mut registry = self.registry.write().unwrap_or_else(PoisonError::into_inner);
        for (name, template) in fresh.get_templates() {
            registry.register_template(name, template.clone());
        }
        Ok(())
    }

    fn read(&self) -> RwLockReadGuard<'_, Handlebars<'static>> {
        self.registry.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The parts that a template names, but for what stands inside the tags of the part itself.
fn parts(source: &str) -> impl Iterator<Item = &str> {
    source.split("{{").filter_map(|tag| {
        let named = tag.trim_start_matches(['~', '#']).strip_prefix('>')?.trim_start();
        named.split([' ', '\n', '~', '}']).next().filter(|name| !name.starts_with('@'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(locale: Locale, kind: Kind) -> Compiled {
        Compiled::none_yet(&Arc::new(Catalogue::embedded().unwrap()), locale, kind)
    }

    #[test]
    fn every_template_compiles_in_both_languages() {
        for locale in [Locale::Vi, Locale::En] {
            for kind in [Kind::Html, Kind::Text] {
                let compiled = all(locale, kind);
                compiled.compile_rest().unwrap();
                assert_eq!(compiled.read().get_templates().len(), compiled.sources.len(), "{locale:?} {kind:?}");
            }
        }
    }

    #[test]
    fn a_page_brings_its_parts_and_no_more() {
        let compiled = all(Locale::Vi, Kind::Html);
        compiled.compile("accounts/sign_in").unwrap();
        let mut known: Vec<String> = compiled.read().get_templates().keys().cloned().collect();
        known.sort();
        let parts =
            ["breadcrumb", "described", "error_summary", "field", "notice"].map(|part| format!("partials/{part}"));
        assert_eq!(known, [&["accounts/sign_in".to_owned(), "layouts/page".to_owned()][..], &parts].concat());
    }

    #[test]
    fn a_template_that_is_not_there_is_named() {
        let error = all(Locale::En, Kind::Html).render("home/nowhere", &Context::null()).unwrap_err();
        assert_eq!(error, "there is no template home/nowhere");
    }

    #[test]
    fn parts_are_read_from_all_tags_that_name_one() {
        let source = "{{#> layouts/page title=x}}{{~> partials/field a}}{{> @partial-block}}{{#if x}}{{> targets/pace}}{{/if}}{{>rows}}{{/layouts/page}}";
        assert_eq!(parts(source).collect::<Vec<_>>(), ["layouts/page", "partials/field", "targets/pace", "rows"]);
    }
}
