//! `/api`: what other programs may ask, for the people who write them. The list is that of the declarations.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::{
    access::Permission,
    accounts::MaybeSignedIn,
    app::App,
    platform::{
        as_i64,
        error::Result,
        http::{
            Page,
            api::{Book, DOCUMENT, ROOT},
        },
        i18n::Message,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/api").get(show));
}

#[derive(Serialize)]
struct ApiView {
    root: String,
    document: String,
    per_minute: i64,
    /// May make tokens.
    may_share: bool,
    groups: Vec<GroupView>,
    errors: Vec<ErrorView>,
}

#[derive(Serialize)]
struct GroupView {
    name: String,
    help: String,
    operations: Vec<OperationView>,
}

#[derive(Serialize)]
struct OperationView {
    path: String,
    about: String,
    parameters: Vec<&'static str>,
}

#[derive(Serialize)]
struct ErrorView {
    status: u16,
    title: String,
    sentence: String,
}

/// The errors that an asker can do something about.
const ERRORS: [u16; 6] = [401, 403, 404, 405, 406, 429];

/// `listTargets` is explained under `list-targets`.
fn key_of(id: &str) -> String {
    id.chars().fold(String::new(), |key, c| {
        if c.is_ascii_uppercase() { format!("{key}-{}", c.to_ascii_lowercase()) } else { format!("{key}{c}") }
    })
}

async fn show(app: web::Data<App>, page: Page, who: MaybeSignedIn, book: web::Data<Book>) -> Result<HttpResponse> {
    let mut groups: Vec<(&str, GroupView)> = Vec::new();
    for entry in &book.entries {
        let operation = OperationView {
            path: format!("{ROOT}{}", entry.path),
            about: page.text(Message::new(format!("api-operation-{}", key_of(entry.id)))),
            parameters: entry
                .parameters
                .iter()
                .filter(|p| !entry.path.contains(&format!("{{{}}}", p.name)))
                .map(|p| p.name)
                .collect(),
        };
        match groups.iter_mut().find(|(resource, _)| *resource == entry.resource) {
            Some((_, group)) => group.operations.push(operation),
            None => groups.push((
                entry.resource,
                GroupView {
                    name: page.text(Message::new(format!("api-resource-{}", entry.resource))),
                    help: page.text(Message::new(format!("api-resource-{}-help", entry.resource))),
                    operations: vec![operation],
                },
            )),
        }
    }
    let error = |status: u16| ErrorView {
        status,
        title: page.text(Message::new(format!("api-problem-{status}-title"))),
        sentence: page.text(Message::new(format!("api-problem-{status}"))),
    };
    let view = ApiView {
        root: app.config.http.link(ROOT),
        document: format!("{ROOT}{DOCUMENT}"),
        per_minute: as_i64(app.config.http.max_api_per_minute),
        may_share: who.0.is_some_and(|who| who.may(Permission::ShareFigures)),
        groups: groups.into_iter().map(|(_, group)| group).collect(),
        errors: ERRORS.into_iter().map(error).collect(),
    };
    page.html("home/api", &view)
}
