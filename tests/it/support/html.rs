//! Enough of HTML to find the forms of our own pages: tags and their attributes, as the templates write them.

use std::collections::BTreeMap;

/// A form of a page.
#[derive(Debug, Clone)]
pub struct Form {
    pub method: String,
    pub action: String,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    /// `text`, `hidden`, `checkbox` …, or `textarea`, `select`, `button`.
    pub kind: String,
    /// What the page holds in it: of a choice the first that is offered.
    pub value: String,
}

impl Field {
    /// Whether a person types into it.
    pub fn is_typed(&self) -> bool {
        !matches!(self.kind.as_str(), "hidden" | "checkbox" | "radio" | "select" | "button" | "file")
    }
}

/// All forms of a page, in its order.
pub fn forms(page: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut within = false;
    for (at, _) in page.match_indices('<') {
        let tag = &page[at + 1..];
        let Some(end) = tag.find('>') else { break };
        let name = tag.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default();
        if !matches!(name, "form" | "/form" | "option" | "input" | "textarea" | "select" | "button") {
            continue;
        }
        let attributes = attributes(&tag[name.len()..end]);
        let attribute = |key: &str| attributes.get(key).cloned().unwrap_or_default();
        match name {
            "form" => {
                within = true;
                forms.push(Form { method: attribute("method"), action: attribute("action"), fields: Vec::new() });
            }
            "/form" => within = false,
            "option" if within => {
                let select = forms.last_mut().and_then(|form| form.fields.last_mut());
                if let Some(select) = select.filter(|field| field.kind == "select" && field.value.is_empty()) {
                    select.value = attribute("value");
                }
            }
            "input" | "textarea" | "select" | "button" if within && !attribute("name").is_empty() => {
                let kind = match name {
                    "input" => attributes.get("type").map_or("text", String::as_str).to_owned(),
                    other => other.to_owned(),
                };
                let field = Field { name: attribute("name"), kind, value: attribute("value") };
                let form = forms.last_mut().expect("a form");
                if !form.fields.iter().any(|known| known.name == field.name) {
                    form.fields.push(field);
                }
            }
            _ => {}
        }
    }
    forms
}

fn attributes(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut rest = text;
    while let Some(equals) = rest.find("=\"") {
        let name = rest[..equals].rsplit(char::is_whitespace).next().unwrap_or_default();
        let value = &rest[equals + 2..];
        let Some(end) = value.find('"') else { break };
        found.insert(name.to_owned(), unescape(&value[..end]));
        rest = &value[end + 1..];
    }
    found
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#x3D;", "=")
        .replace("&amp;", "&")
}
