//! The templates: strict handlebars, compiled when the program starts, with the few helpers a page needs.

use std::sync::{Arc, OnceLock};

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonRender, Output, RenderContext, RenderError,
    RenderErrorReason, ScopedJson,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    embedded,
    fragments::{Fragments, HOLES, Part},
    spoken,
    visit::{NavItem, Visit},
};
use crate::platform::{
    error::Error,
    i18n::{Arg, Catalogue, Locale, Message},
    text,
};

/// So many entries are read at a glance; more of them get headings.
const SHORT_MENU: usize = 7;

/// HTML that was made safe where it was made (a rendered lesson, a chart). The only thing a template inserts unescaped, and
/// only through the helper `html`, which takes nothing else.
#[derive(Debug, Clone, Serialize)]
pub struct SafeHtml {
    #[serde(rename = "$safe")]
    html: String,
}

impl SafeHtml {
    /// The caller vouches that every text in it was escaped.
    pub fn vouched(html: String) -> Self {
        Self { html }
    }

    pub fn as_str(&self) -> &str {
        &self.html
    }
}

/// All templates and messages.
pub struct Templates {
    vi: Spoken,
    en: Spoken,
    catalogue: Arc<Catalogue>,
    fragments: Fragments,
}

/// The templates in one language.
struct Spoken {
    /// Pages and HTML parts of letters.
    pages: Handlebars<'static>,
    /// Plain text: nothing is escaped in it.
    texts: Handlebars<'static>,
}

impl Spoken {
    fn compile(catalogue: &Arc<Catalogue>, locale: Locale) -> Result<Self, String> {
        let mut pages = registry(catalogue, locale);
        let mut texts = registry(catalogue, locale);
        texts.register_escape_fn(handlebars::no_escape);
        for (name, source) in embedded::TEMPLATES {
            let registered = if let Some(plain) = name.strip_suffix(".hbs") {
                let said = spoken::fill(source, |key| catalogue.find(locale, key, []), handlebars::html_escape);
                pages.register_template_string(plain, said)
            } else if let Some(plain) = name.strip_suffix(".txt") {
                let said = spoken::fill(source, |key| catalogue.find(locale, key, []), handlebars::no_escape);
                texts.register_template_string(plain, said)
            } else {
                continue;
            };
            registered.map_err(|e| format!("{name}: {e}"))?;
        }
        Ok(Self { pages, texts })
    }
}

impl Templates {
    /// The embedded templates, compiled once in a process whatever is started in it: they never change, and compiling them
    /// takes longer than anything else at the start. The error names the one that is wrong.
    pub fn embedded() -> Result<Arc<Self>, String> {
        static COMPILED: OnceLock<Result<Arc<Templates>, String>> = OnceLock::new();
        COMPILED.get_or_init(|| Self::compile().map(Arc::new)).clone()
    }

    fn compile() -> Result<Self, String> {
        let catalogue = Arc::new(Catalogue::embedded()?);
        // Side by side, since the program answers nobody before.
        let (vi, en) = std::thread::scope(|scope| {
            let vi = scope.spawn(|| Spoken::compile(&catalogue, Locale::Vi));
            let en = Spoken::compile(&catalogue, Locale::En);
            (vi.join(), en)
        });
        let vi = vi.map_err(|_| "a panic while the templates were compiled".to_owned())??;
        Ok(Self { vi, en: en?, catalogue, fragments: Fragments::default() })
    }

    fn spoken(&self, locale: Locale) -> &Spoken {
        match locale {
            Locale::Vi => &self.vi,
            Locale::En => &self.en,
        }
    }

    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// A page: the view's fields at the top, the layout's under `shell`.
    pub fn render(&self, template: &str, view: &impl Serialize, visit: &Visit) -> Result<String, Error> {
        let shell = self.shell(visit)?;
        render_with(&self.spoken(visit.locale).pages, template, view, visit.locale, shell)
    }

    /// Plain text without a visit: a subject, the text of a letter.
    pub fn render_text(&self, template: &str, view: &impl Serialize, locale: Locale) -> Result<String, Error> {
        render_with(&self.spoken(locale).texts, template, view, locale, json!({}))
    }

    /// HTML without a visit: the other part of a letter.
    pub fn render_part(&self, template: &str, view: &impl Serialize, locale: Locale) -> Result<String, Error> {
        render_with(&self.spoken(locale).pages, template, view, locale, json!({}))
    }

    /// A part of a page that many visitors see alike, rendered once from its view and the language. The view holds nothing of one person,
    /// since what a part was made from is kept with it: what differs, and above all what somebody typed, stands in it as a sign of
    /// [`HOLES`], and is put there from `holes`. The last sign is the token of forms, which `{{csrf}}` writes.
    pub fn part(
        &self,
        template: &str,
        view: &impl Serialize,
        visit: &Visit,
        holes: &[&str],
    ) -> Result<SafeHtml, Error> {
        let [.., csrf] = HOLES;
        let from = format!("{template} {}", serde_json::to_string(view)?);
        let made = self.fragments.get(visit.locale, from, || {
            render_with(&self.spoken(visit.locale).pages, template, view, visit.locale, json!({ "csrf": csrf }))
        })?;
        Ok(filled(&made, holes, &visit.csrf))
    }

    /// What the layout shows of the visit.
    fn shell(&self, visit: &Visit) -> Result<Value, Error> {
        let flash = visit.flash.as_ref().and_then(|f| {
            let args = f.args.iter().map(|(n, v)| (n.as_str(), Arg::Text(v.clone())));
            let text = self.catalogue.find(visit.locale, &f.key, args)?;
            Some(json!({ "kind": f.kind, "text": text }))
        });
        let [request_id, ..] = HOLES;
        let footer = self.part("partials/footer", &json!({ "request_id": request_id }), visit, &[&visit.request_id])?;
        Ok(json!({
            "csrf": visit.csrf,
            "demo": visit.demo,
            "flash": flash,
            "header": self.header(visit)?,
            "footer": footer,
            "stylesheet": embedded::url("app.css").unwrap_or_default(),
            "script": embedded::url("app.js").unwrap_or_default(),
        }))
    }

    /// The head of the page. It is the same for everybody who has the same entries in the menu and stands at the same one, but for six texts;
    /// rendered anew each time, with its menu and its forms twice, it was a third of a lesson page.
    fn header(&self, visit: &Visit) -> Result<SafeHtml, Error> {
        let has_unit = visit.person.as_ref().is_some_and(|person| !person.unit.is_empty());
        let mut from = format!("header {} {has_unit} {}", visit.person.is_some(), visit.unread > 0);
        for item in &visit.nav {
            from.push_str(if item.holds(&visit.path) { " *" } else { " " });
            from.push_str(item.href);
        }
        // A short menu needs no headings.
        let is_grouped = visit.nav.len() > SHORT_MENU;
        let [next, name, unit, unread, .., csrf] = HOLES;
        let made = self.fragments.get(visit.locale, from, || {
            let person = json!({ "name": name, "unit": if has_unit { unit } else { "" } });
            let view = json!({
                "locale": visit.locale.tag(),
                "next": next,
                "person": if visit.person.is_some() { person } else { Value::Null },
                "unread": if visit.unread > 0 { json!(unread) } else { json!(0) },
                "nav": self.nav(visit, is_grouped),
                "nav_grouped": is_grouped,
            });
            let pages = &self.spoken(visit.locale).pages;
            render_with(pages, "partials/header", &view, visit.locale, json!({ "csrf": csrf }))
        })?;
        let next = if visit.query.is_empty() { visit.path.clone() } else { format!("{}?{}", visit.path, visit.query) };
        let (name, unit) = visit.person.as_ref().map_or(("", ""), |p| (p.name.as_str(), p.unit.as_str()));
        Ok(filled(&made, &[&next, name, unit, &visit.unread.to_string()], &visit.csrf))
    }

    /// The menu, each group under its heading if it is long.
    fn nav(&self, visit: &Visit, is_grouped: bool) -> Vec<Value> {
        visit
            .nav
            .chunk_by(|a, b| !is_grouped || a.group == b.group)
            .map(|items| {
                let key = items.first().map(|item| item.group).filter(|key| is_grouped && !key.is_empty());
                let label = key.map(|key| self.catalogue.plain(visit.locale, key));
                let link = |item: &NavItem| {
                    let label = self.catalogue.plain(visit.locale, item.label);
                    json!({ "label": label, "href": item.href, "current": item.holds(&visit.path) })
                };
                json!({ "label": label, "links": items.iter().map(link).collect::<Vec<_>>() })
            })
            .collect()
    }
}

/// A part with what differs between visitors put in, each text escaped.
fn filled(part: &Part, holes: &[&str], csrf: &str) -> SafeHtml {
    let mut texts = [const { String::new() }; HOLES.len()];
    for (text, hole) in texts.iter_mut().zip(holes) {
        *text = handlebars::html_escape(hole);
    }
    let [.., last] = &mut texts;
    *last = handlebars::html_escape(csrf);
    SafeHtml::vouched(part.filled(&texts))
}

fn render_with(
    handlebars: &Handlebars<'_>,
    template: &str,
    view: &impl Serialize,
    locale: Locale,
    mut shell: Value,
) -> Result<String, Error> {
    let failed = |e: RenderError| Error::internal(format!("{template}: {e}"));
    let mut context = Context::wraps(view).map_err(failed)?;
    let fields = context.data_mut().as_object_mut().ok_or_else(|| Error::internal("a view is a struct"))?;
    if let Some(shell) = shell.as_object_mut() {
        shell.insert("locale".to_owned(), json!(locale.tag()));
    }
    fields.insert("shell".to_owned(), shell);
    // With the context as it is; `render` would copy all of it.
    handlebars.render_with_context(template, &context).map_err(failed)
}

/// A strict registry with our helpers.
fn registry(catalogue: &Arc<Catalogue>, locale: Locale) -> Handlebars<'static> {
    let mut handlebars = Handlebars::new();
    handlebars.set_strict_mode(true);
    // Or a partial on an indented line would put spaces into what people typed.
    handlebars.set_prevent_indent(true);
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

/// A message as text, for places that have no template.
pub fn say(templates: &Templates, locale: Locale, message: &Message) -> String {
    templates.catalogue().text(locale, message)
}
