//! The declaration of an operation: its route, what may be asked, what it answers.

use std::sync::Arc;

use actix_web::{FromRequest, Handler, HttpResponse, Resource, http::header, web};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Answer, Described, ROOT, Schemas};
use crate::platform::error::Error;

/// What one may say for a parameter.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// The code of something, such as a target or a unit.
    Code,
    /// A day, 2026-11-22.
    Day,
    /// A whole number within limits, both included.
    Number { least: i64, most: i64 },
    /// One of these words.
    Word(&'static [&'static str]),
}

/// How long a code may be.
pub(super) const LONGEST_CODE: usize = 64;

impl Kind {
    pub(super) fn schema(self) -> Value {
        match self {
            Self::Code => json!({ "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$" }),
            Self::Day => json!({ "type": "string", "format": "date" }),
            Self::Number { least, most } => json!({ "type": "integer", "minimum": least, "maximum": most }),
            Self::Word(words) => json!({ "type": "string", "enum": words }),
        }
    }
}

/// A parameter, in the path where that names it in braces, otherwise in the query.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    pub name: &'static str,
    pub kind: Kind,
    pub about: &'static str,
}

/// So many rows are answered where nothing else is asked for.
pub(super) const ROWS: i64 = 50;

pub const AFTER: Parameter = Parameter {
    name: "after",
    kind: Kind::Code,
    about: "Begin after this row: the value of `next` of the page before. Rows come in the order of their codes.",
};
pub const LIMIT: Parameter = Parameter {
    name: "limit",
    kind: Kind::Number { least: 1, most: 200 },
    about: "How many rows at most; 50 unless said.",
};
pub const FROM: Parameter = Parameter {
    name: "from",
    kind: Kind::Day,
    about: "First day of the part of the period that is asked for; the period's own unless said. Days outside the period count nothing.",
};
pub const TO: Parameter = Parameter { name: "to", kind: Kind::Day, about: "Last day of that part, included." };
pub const ON: Parameter = Parameter { name: "on", kind: Kind::Day, about: "The day; today unless said." };

/// What is known of an operation besides its handler.
#[derive(Debug)]
pub struct Declaration {
    /// Below [`ROOT`], with parameters in braces.
    pub path: &'static str,
    /// `operationId`, by which programs call it; the human page has a text `api-operation-…` of it.
    pub id: &'static str,
    /// What a token must be allowed to read.
    pub resource: &'static str,
    pub summary: &'static str,
    pub parameters: Vec<Parameter>,
    pub(super) answer: fn(&mut Schemas) -> Value,
}

impl Declaration {
    pub(super) fn is_in_path(&self, parameter: &Parameter) -> bool {
        self.path.contains(&format!("{{{}}}", parameter.name))
    }
}

/// An operation: always GET.
pub struct Operation {
    pub declaration: Arc<Declaration>,
    route: actix_web::Route,
}

impl Operation {
    /// `summary` is a sentence of the document. What the handler answers with is what the document says it answers.
    pub fn get<H, Args, T>(
        path: &'static str,
        id: &'static str,
        resource: &'static str,
        summary: &'static str,
        parameters: &[Parameter],
        handler: H,
    ) -> Self
    where
        H: Handler<Args, Output = Result<Answer<T>, Error>>,
        Args: FromRequest + 'static,
        T: Described + Serialize + 'static,
    {
        let declaration =
            Declaration { path, id, resource, summary, parameters: parameters.to_vec(), answer: T::schema };
        Self { declaration: Arc::new(declaration), route: web::get().to(handler) }
    }

    pub(super) fn resource(self) -> Resource {
        web::resource(format!("{ROOT}{}", self.declaration.path))
            .app_data(web::Data::from(self.declaration))
            .route(self.route)
            .default_service(web::to(only_reading))
    }
}

/// Nothing here is changed, by whatever method.
async fn only_reading() -> HttpResponse {
    HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, "GET, HEAD")).finish()
}
