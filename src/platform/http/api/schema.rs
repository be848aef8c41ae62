//! What a type looks like as JSON, in the words of OpenAPI 3.1 (JSON Schema 2020-12).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::platform::db::Moment;

/// The schemas that the document names, by name.
#[derive(Debug, Default)]
pub struct Schemas(BTreeMap<&'static str, Value>);

impl Schemas {
    /// An object with these fields, each of them always there; put down once under its name.
    pub fn object(
        &mut self,
        name: &'static str,
        about: &str,
        fields: impl FnOnce(&mut Self) -> Vec<(&'static str, &'static str, Value)>,
    ) -> Value {
        if !self.0.contains_key(name) {
            // The place is taken first, so that a type that holds itself ends.
            self.0.insert(name, Value::Null);
            let fields = fields(self);
            let mut schema = object(fields);
            if let Some(schema) = schema.as_object_mut() {
                schema.insert("description".to_owned(), about.trim().into());
            }
            self.0.insert(name, schema);
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    pub fn into_json(self) -> Value {
        json!(self.0)
    }
}

/// An object with these fields and no others.
pub fn object(fields: Vec<(&'static str, &'static str, Value)>) -> Value {
    let required: Vec<&str> = fields.iter().map(|(name, ..)| *name).collect();
    let mut properties = serde_json::Map::new();
    for (name, about, mut schema) in fields {
        if let (false, Some(schema)) = (about.trim().is_empty(), schema.as_object_mut()) {
            schema.insert("description".to_owned(), about.trim().into());
        }
        properties.insert(name.to_owned(), schema);
    }
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// A type that stands in answers.
pub trait Described {
    fn schema(known: &mut Schemas) -> Value;
}

macro_rules! plain {
    ($($kind:ty => $schema:tt),+ $(,)?) => {
        $(impl Described for $kind {
            fn schema(_: &mut Schemas) -> Value {
                json!($schema)
            }
        })+
    };
}

plain! {
    String => { "type": "string" },
    bool => { "type": "boolean" },
    i32 => { "type": "integer", "format": "int32" },
    i64 => { "type": "integer", "format": "int64" },
    NaiveDate => { "type": "string", "format": "date" },
    Moment => { "type": "string", "format": "date-time" },
}

impl<T: Described> Described for Option<T> {
    fn schema(known: &mut Schemas) -> Value {
        json!({ "anyOf": [T::schema(known), { "type": "null" }] })
    }
}

impl<T: Described> Described for Vec<T> {
    fn schema(known: &mut Schemas) -> Value {
        json!({ "type": "array", "items": T::schema(known) })
    }
}

/// A struct that is answered as a JSON object: its fields are the fields of the document, their comments what it says of them.
#[macro_export]
macro_rules! record {
    ($(#[doc = $about:literal])* $vis:vis struct $name:ident {
        $($(#[doc = $said:literal])* $field_vis:vis $field:ident: $kind:ty),* $(,)?
    }) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, serde::Serialize)]
        $vis struct $name { $($(#[doc = $said])* $field_vis $field: $kind),* }

        impl $crate::platform::http::api::Described for $name {
            fn schema(known: &mut $crate::platform::http::api::Schemas) -> serde_json::Value {
                known.object(stringify!($name), concat!($($about),*), |known| {
                    vec![$((
                        stringify!($field).trim_start_matches("r#"),
                        concat!($($said),*),
                        <$kind as $crate::platform::http::api::Described>::schema(known),
                    )),*]
                })
            }
        }
    };
}

/// Lets an enum made by `text_enum!` stand in answers.
#[macro_export]
macro_rules! described_enum {
    ($($kind:ty),+ $(,)?) => {
        $(impl $crate::platform::http::api::Described for $kind {
            fn schema(_: &mut $crate::platform::http::api::Schemas) -> serde_json::Value {
                let values: Vec<&str> = <$kind>::ALL.iter().map(|value| value.as_str()).collect();
                serde_json::json!({ "type": "string", "enum": values })
            }
        })+
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::record! {
        /// A place
        /// of some kind.
        struct Place {
            /// Its name.
            name: String,
            since: Option<NaiveDate>,
        }
    }

    #[test]
    fn a_record_is_described_by_its_own_fields() {
        let mut known = Schemas::default();
        assert_eq!(<Vec<Place>>::schema(&mut known)["items"]["$ref"], "#/components/schemas/Place");
        let all = known.into_json();
        let place = &all["Place"];
        assert_eq!(place["description"], "A place of some kind.");
        assert_eq!(place["required"], json!(["name", "since"]));
        assert_eq!(place["properties"]["name"]["description"], "Its name.");
        assert_eq!(place["properties"]["since"]["anyOf"][1]["type"], "null");
        assert_eq!(place["additionalProperties"], false);
        let answered = serde_json::to_value(Place { name: "An".into(), since: None }).unwrap();
        assert_eq!(answered, json!({ "name": "An", "since": null }));
    }
}
