//! The OpenAPI document, written from the declarations; and the routes, made of the same.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde_json::{Map, Value, json};

use super::{
    ROOT,
    answer::tagged,
    declared::{Declaration, Operation},
    problem::{MEDIA_TYPE, Problem},
    schema::{Described, Schemas},
};

/// The statuses of every operation besides 200 and 304, with the sentence of the document.
const ERRORS: [(u16, &str); 8] = [
    (400, "A parameter is unknown, doubled or cannot be read."),
    (401, "No token, or one that does not work (any more)."),
    (403, "The token is not for this."),
    (404, "There is no such thing within the scope of the token."),
    (406, "Only JSON can be had here."),
    (429, "Too many requests with this token in a minute."),
    (500, "A fault of the server; the reference finds it in its log."),
    (503, "The server cannot answer just now."),
];

/// Everything the interface says of itself.
#[derive(Debug)]
pub struct Book {
    json: Vec<u8>,
    pub entries: Vec<Entry>,
}

/// An operation as the human page lists it.
pub type Entry = Arc<Declaration>;

impl Book {
    pub fn of(operations: &[Operation]) -> Self {
        let entries: Vec<Entry> = operations.iter().map(|operation| Arc::clone(&operation.declaration)).collect();
        let json = serde_json::to_vec(&document(&entries)).unwrap_or_default();
        Self { json, entries }
    }
}

/// The operations, the document, and 404 for everything else below the root.
pub fn routes(cfg: &mut web::ServiceConfig, operations: Vec<Operation>) {
    cfg.service(web::resource("/api/v1/openapi.json").get(show));
    for operation in operations {
        cfg.service(operation.resource());
    }
}

async fn show(request: HttpRequest, book: web::Data<Book>) -> HttpResponse {
    let mut response = tagged(&request, book.json.clone(), "public, max-age=300");
    // It is the same for everybody.
    response.headers_mut().remove(header::VARY);
    response
}

fn document(entries: &[Entry]) -> Value {
    let mut schemas = Schemas::default();
    let problem = Problem::schema(&mut schemas);
    let mut paths = Map::new();
    for entry in entries {
        paths.insert(entry.path.to_owned(), json!({ "get": operation(entry, &mut schemas) }));
    }
    let errors: Map<String, Value> =
        ERRORS.iter().map(|(status, said)| (format!("E{status}"), error(*status, said, &problem))).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Nòng Cốt",
            "version": "1",
            "description": "Figures of training for monitoring centres: read-only and without personal data. \
                Every answer has an ETag; If-None-Match is answered with 304 where nothing changed. \
                Fields may be added to answers; none is renamed or removed within version 1.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": ROOT }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "A token made under /tai-khoan/ma-api." }
            },
            "schemas": schemas.into_json(),
            "responses": errors,
        },
    })
}

fn operation(entry: &Declaration, schemas: &mut Schemas) -> Value {
    let tag = json!({ "ETag": { "required": true, "schema": { "type": "string" } } });
    let mut responses = Map::new();
    responses.insert(
        "200".to_owned(),
        json!({
            "description": "The answer.",
            "headers": tag,
            "content": { "application/json": { "schema": (entry.answer)(schemas) } },
        }),
    );
    responses.insert("304".to_owned(), json!({ "description": "As before.", "headers": tag }));
    for (status, _) in ERRORS {
        responses.insert(status.to_string(), json!({ "$ref": format!("#/components/responses/E{status}") }));
    }
    let parameters: Vec<Value> = entry
        .parameters
        .iter()
        .map(|parameter| {
            let in_path = entry.is_in_path(parameter);
            json!({
                "name": parameter.name,
                "in": if in_path { "path" } else { "query" },
                "required": in_path,
                "description": parameter.about,
                "schema": parameter.kind.schema(),
            })
        })
        .collect();
    json!({
        "operationId": entry.id,
        "tags": [entry.resource],
        "summary": entry.summary,
        "parameters": parameters,
        "responses": responses,
    })
}

fn error(status: u16, said: &str, problem: &Value) -> Value {
    let mut answer = json!({ "description": said, "content": { MEDIA_TYPE: { "schema": problem } } });
    let header = match status {
        401 => Some(("WWW-Authenticate", "string")),
        429 | 503 => Some(("Retry-After", "integer")),
        _ => None,
    };
    if let (Some((name, kind)), Some(answer)) = (header, answer.as_object_mut()) {
        answer.insert("headers".to_owned(), json!({ name: { "schema": { "type": kind } } }));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::super::DOCUMENT;

    #[test]
    fn the_document_lies_where_it_is_said_to() {
        assert_eq!(format!("{}{}", super::ROOT, DOCUMENT), "/api/v1/openapi.json");
    }
}
