//! What templates may call, and how strict they are.

use std::sync::Arc;

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonRender, Output, RenderContext, RenderError,
    RenderErrorReason, ScopedJson,
};
use serde_json::Value;

use super::embedded;
use crate::platform::{
    i18n::{Arg, Catalogue, Locale},
    text,
};

/// A strict registry without templates.
pub fn blank() -> Handlebars<'static> {
    let mut handlebars = Handlebars::new();
    handlebars.set_strict_mode(true);
    // Or a partial on an indented line would put spaces into what people typed.
    handlebars.set_prevent_indent(true);
    handlebars
}

/// The same with our helpers.
pub fn registry(catalogue: &Arc<Catalogue>, locale: Locale) -> Handlebars<'static> {
    let mut handlebars = blank();
    handlebars.register_helper("t", Box::new(Translate(Arc::clone(catalogue), locale)));
    handlebars.register_helper("html", Box::new(html));
    handlebars.register_helper("csrf", Box::new(csrf));
    handlebars.register_helper("value", Box::new(FormPart("values")));
    handlebars.register_helper("error", Box::new(FormPart("errors")));
    handlebars.register_helper("has_error", Box::new(has_error));
    handlebars.register_helper("default", Box::new(or_default));
    handlebars.register_helper("selected", Box::new(Attribute("selected")));
    handlebars.register_helper("checked", Box::new(Attribute("checked")));
    handlebars.register_helper("asset", Box::new(asset));
    handlebars.register_helper("number", Box::new(Shown(locale, |v, l| v.as_i64().map(|n| text::number(n, l)))));
    handlebars.register_helper("date", Box::new(Shown(locale, |v, _| v.as_str().and_then(shown_date))));
    // What a form shows in a field for a day: as people write it, or what was typed where it is no day.
    handlebars.register_helper(
        "typed_day",
        Box::new(Shown(locale, |v, _| {
            let typed = v.as_str()?;
            Some(text::read_day(typed).map_or_else(|| typed.to_owned(), text::date))
        })),
    );
    handlebars.register_helper("datetime", Box::new(Shown(locale, |v, _| v.as_str().and_then(shown_time))));
    handlebars.register_helper("percent", Box::new(Percent(locale)));
    handlebars
}

fn wrong(helper: &'static str, what: &str) -> RenderError {
    RenderErrorReason::Other(format!("{helper}: {what}")).into()
}

/// `{{t "key" name=value}}`: a message, escaped like any other text. Also usable as a subexpression.
struct Translate(Arc<Catalogue>, Locale);

impl HelperDef for Translate {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let key = h.param(0).and_then(|p| p.value().as_str()).ok_or_else(|| wrong("t", "no key"))?;
        let locale = self.1;
        let args = h.hash().iter().map(|(name, value)| {
            let arg = match (value.value().as_i64(), value.value()) {
                (Some(n), _) => Arg::Number(n),
                (None, other) => Arg::Text(other.render()),
            };
            (*name, arg)
        });
        let text = self.0.find(locale, key, args).ok_or_else(|| wrong("t", &format!("no message {key}")))?;
        Ok(ScopedJson::Derived(Value::String(text)))
    }
}

fn html(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let safe = h.param(0).and_then(|p| p.value().get("$safe")).and_then(Value::as_str);
    out.write(safe.ok_or_else(|| wrong("html", "only what was made as SafeHtml is inserted"))?)?;
    Ok(())
}

fn csrf(
    _: &Helper<'_>,
    _: &Handlebars<'_>,
    context: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let token = context.data().pointer("/shell/csrf").and_then(Value::as_str).unwrap_or_default();
    // The token is base64 for addresses: it needs no escaping.
    out.write(&format!("<input type=\"hidden\" name=\"_csrf\" value=\"{token}\">"))?;
    Ok(())
}

/// `{{value form "name"}}` and `{{error form "name"}}`: empty where the form has none.
struct FormPart(&'static str);

impl HelperDef for FormPart {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let name = h.param(1).and_then(|p| p.value().as_str()).unwrap_or_default();
        let found = h.param(0).and_then(|p| p.value().get(self.0)).and_then(|m| m.get(name)).cloned();
        Ok(ScopedJson::Derived(found.unwrap_or_else(|| Value::String(String::new()))))
    }
}

#[expect(non_camel_case_types, reason = "helpers are named as templates call them")]
struct has_error;

impl HelperDef for has_error {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let name = h.param(1).and_then(|p| p.value().as_str()).unwrap_or_default();
        let found = h.param(0).and_then(|p| p.value().get("errors")).is_some_and(|m| m.get(name).is_some());
        Ok(ScopedJson::Derived(Value::Bool(found)))
    }
}

#[expect(non_camel_case_types, reason = "helpers are named as templates call them")]
struct or_default;

impl HelperDef for or_default {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let first = h.param(0).filter(|p| !p.is_value_missing()).map(|p| p.value().clone()).filter(|v| !v.is_null());
        let value = first.or_else(|| h.param(1).map(|p| p.value().clone())).unwrap_or(Value::Null);
        Ok(ScopedJson::Derived(value))
    }
}

/// `{{selected a b}}`: the attribute where both are equal.
struct Attribute(&'static str);

impl HelperDef for Attribute {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let text = |i| h.param(i).map(|p| p.value().render()).unwrap_or_default();
        if text(0) == text(1) {
            out.write(self.0)?;
        }
        Ok(())
    }
}

fn asset(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let name = h.param(0).and_then(|p| p.value().as_str()).unwrap_or_default();
    out.write(&embedded::url(name).ok_or_else(|| wrong("asset", &format!("there is no {name}")))?)?;
    Ok(())
}

/// A number or a date as the reader's language writes it.
struct Shown(Locale, fn(&Value, Locale) -> Option<String>);

impl HelperDef for Shown {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let value = h.param(0).map(|p| p.value().clone()).unwrap_or(Value::Null);
        let shown = if value.is_null() { Some(String::new()) } else { (self.1)(&value, self.0) };
        let shown = shown.ok_or_else(|| wrong("number or date", &format!("cannot show {value}")))?;
        Ok(ScopedJson::Derived(Value::String(shown)))
    }
}

/// A day, or the day of an instant.
fn shown_date(value: &str) -> Option<String> {
    let day = value.parse::<chrono::NaiveDate>().ok().map(text::date);
    day.or_else(|| value.parse::<chrono::DateTime<chrono::Utc>>().ok().map(text::date_of))
}

fn shown_time(value: &str) -> Option<String> {
    value.parse::<chrono::DateTime<chrono::Utc>>().ok().map(text::datetime)
}

/// `{{percent part whole}}`
struct Percent(Locale);

impl HelperDef for Percent {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let number =
            |i| h.param(i).and_then(|p| p.value().as_i64()).ok_or_else(|| wrong("percent", "needs two numbers"));
        out.write(&text::percent(number(0)?, number(1)?, self.0))?;
        Ok(())
    }
}
