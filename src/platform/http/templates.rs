//! Pages, letters and what they say: strict handlebars in both languages.

use std::sync::{Arc, OnceLock};

use handlebars::Context;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    compiled::{Compiled, Kind},
    embedded,
    fragments::{Fragments, HOLES, Part},
    visit::{NavItem, Visit},
};
use crate::platform::{
    error::Error,
    i18n::{Arg, Catalogue, Locale, Message},
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

/// The templates in one language.
struct Spoken {
    pages: Compiled,
    texts: Compiled,
}

/// All templates and messages.
pub struct Templates {
    vi: Spoken,
    en: Spoken,
    catalogue: Arc<Catalogue>,
    fragments: Fragments,
}

impl Templates {
    /// The embedded templates and messages, read once in a process whatever is started in it: they never change. Each template is
    /// compiled when it is first asked for. The error names the message that is wrong.
    pub fn embedded() -> Result<Arc<Self>, String> {
        static READ: OnceLock<Result<Arc<Templates>, String>> = OnceLock::new();
        READ.get_or_init(|| Self::read().map(Arc::new)).clone()
    }

    fn read() -> Result<Self, String> {
        let catalogue = Arc::new(Catalogue::embedded()?);
        let spoken = |locale| Spoken {
            pages: Compiled::none_yet(&catalogue, locale, Kind::Html),
            texts: Compiled::none_yet(&catalogue, locale, Kind::Text),
        };
        let (vi, en) = (spoken(Locale::Vi), spoken(Locale::En));
        Ok(Self { vi, en, catalogue, fragments: Fragments::default() })
    }

    /// Compiles what nobody has asked for yet, so that nobody waits for it later; the error names the template that is wrong.
    pub fn compile_rest(&self) -> Result<(), String> {
        [&self.vi, &self.en]
            .into_iter()
            .flat_map(|spoken| [&spoken.pages, &spoken.texts])
            .try_for_each(Compiled::compile_rest)
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
    templates: &Compiled,
    template: &str,
    view: &impl Serialize,
    locale: Locale,
    mut shell: Value,
) -> Result<String, Error> {
    let mut context = Context::wraps(view).map_err(|e| Error::internal(format!("{template}: {e}")))?;
    let fields = context.data_mut().as_object_mut().ok_or_else(|| Error::internal("a view is a struct"))?;
    if let Some(shell) = shell.as_object_mut() {
        shell.insert("locale".to_owned(), json!(locale.tag()));
    }
    fields.insert("shell".to_owned(), shell);
    templates.render(template, &context).map_err(Error::internal)
}

/// A message as text, for places that have no template.
pub fn say(templates: &Templates, locale: Locale, message: &Message) -> String {
    templates.catalogue().text(locale, message)
}
