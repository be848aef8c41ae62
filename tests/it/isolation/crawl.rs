//! Reaches everything that somebody can reach: the pages of the menus, what they link to, what their forms lead to. It knows no
//! page by name, so it finds new ones by itself.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use calamine::Reader;
use reqwest::Method;

use crate::{
    access,
    support::{
        Client, Reply,
        html::{Form, forms},
    },
};

/// How many addresses of one pattern are looked at, and how many more that ask it for something: of a hundred pages of units a few tell as
/// much.
const OF_A_PATTERN: usize = 6;

/// A page as it was answered, without what differs at every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub status: u16,
    pub location: String,
    pub body: String,
}

/// What somebody reaches: pages by address, and the forms on them that send.
#[derive(Debug, Default)]
pub struct Reached {
    pub pages: BTreeMap<String, Seen>,
    pub posts: BTreeMap<String, Form>,
}

/// The patterns of all routes, for telling addresses apart by what they lead to.
pub struct Patterns(Vec<String>);

impl Patterns {
    pub fn new() -> Self {
        Self(access::routes().into_iter().map(|(pattern, _)| pattern).collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// Those without a parameter: where a crawl begins.
    fn plain(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str).filter(|p| !p.contains('{') && !p.starts_with("/tinh"))
    }

    /// The pattern of a path, that with the fewest parameters; and the values of the parameters.
    pub fn of(&self, path: &str) -> Option<(&str, Vec<(String, String)>)> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let given: Vec<&str> = path.split('/').collect();
        let matches = |pattern: &&String| {
            let parts: Vec<&str> = pattern.split('/').collect();
            parts.len() == given.len() && parts.iter().zip(&given).all(|(p, g)| p.starts_with('{') || p == g)
        };
        let pattern = self.0.iter().filter(matches).min_by_key(|pattern| pattern.matches('{').count())?;
        let room = given.get(1).copied().unwrap_or_default();
        let values = pattern.split('/').zip(&given).filter(|(part, _)| part.starts_with('{'));
        Some((pattern, values.map(|(part, value)| (format!("{room} {part}"), (*value).to_owned())).collect()))
    }
}

/// Without request ids and tokens of forms.
pub fn seen(reply: &Reply) -> Seen {
    let reference = reply.header("x-request-id");
    let mut body =
        if reply.header("content-type").contains("spreadsheetml") { cells(&reply.bytes) } else { reply.text() };
    if !reference.is_empty() {
        body = body.replace(&reference, "");
    }
    let mut bare = String::with_capacity(body.len());
    let mut rest = body.as_str();
    while let Some(at) = rest.find("name=\"_csrf\" value=\"") {
        let from = at + "name=\"_csrf\" value=\"".len();
        bare.push_str(&rest[..from]);
        rest = rest[from..].split_once('"').map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    Seen { status: reply.status, location: reply.location(), body: bare }
}

/// What stands in a workbook: packed, nothing could be found in it, and the moment it was made differs each time.
fn cells(bytes: &[u8]) -> String {
    let Ok(mut book) = calamine::Xlsx::new(std::io::Cursor::new(bytes.to_vec())) else {
        return "no workbook".to_owned();
    };
    let mut text = String::new();
    for (name, sheet) in book.worksheets() {
        text.push_str(&name);
        for row in sheet.rows() {
            text.push('\n');
            text.extend(row.iter().map(|cell| format!("{cell}\t")));
        }
    }
    text
}

/// The addresses inside the site that a page leads to.
fn links(body: &str) -> impl Iterator<Item = String> + '_ {
    body.match_indices("href=\"/").map(|(at, start)| {
        let rest = &body[at + start.len() - 1..];
        let link = rest.split('"').next().unwrap_or_default().split('#').next().unwrap_or_default();
        link.replace("&amp;", "&").replace("&#x3D;", "=")
    })
}

/// A form that asks, as an address: what stands in its fields, or `typed` in those that are typed into.
pub fn asks(page: &str, form: &Form, typed: Option<&str>) -> String {
    let action = if form.action.is_empty() { page } else { &form.action };
    let pairs = form.fields.iter().filter(|field| field.kind != "button").map(|field| {
        let value = typed.filter(|_| field.is_typed()).unwrap_or(&field.value);
        (field.name.as_str(), value)
    });
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{}?{query}", action.split('?').next().unwrap_or_default())
}

/// Everything within reach of a browser.
pub async fn crawl(patterns: &Patterns, browser: &mut Client) -> Reached {
    let mut reached = Reached::default();
    let mut counts: BTreeMap<(String, bool), usize> = BTreeMap::new();
    let mut queue: VecDeque<String> = patterns.plain().map(str::to_owned).collect();
    let mut known: BTreeSet<String> = queue.iter().cloned().collect();
    while let Some(address) = queue.pop_front() {
        let Some((pattern, _)) = patterns.of(&address) else { continue };
        let count = counts.entry((pattern.to_owned(), address.contains('?'))).or_default();
        *count += 1;
        if *count > OF_A_PATTERN {
            continue;
        }
        let reply = browser.send(Method::GET, &address, &[], None).await;
        let page = seen(&reply);
        let mut found: Vec<String> = Vec::new();
        if reply.header("content-type").starts_with("text/html") {
            found.extend(links(&page.body));
            for form in forms(&page.body) {
                if form.method == "post" {
                    let action = if form.action.is_empty() { address.clone() } else { form.action.clone() };
                    reached.posts.entry(action.clone()).or_insert(Form { action, ..form });
                } else {
                    found.push(asks(&address, &form, None));
                }
            }
        }
        if page.location.starts_with('/') {
            found.push(page.location.clone());
        }
        reached.pages.insert(address, page);
        queue.extend(found.into_iter().filter(|link| known.insert(link.clone())));
    }
    reached
}
