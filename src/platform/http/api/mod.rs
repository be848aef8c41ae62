//! The interface for other programs, `/api/v1`: read-only, without cookies, without personal data.
//!
//! Each slice declares its operations in its `api.rs`, one [`Operation`] beside each handler. That declaration makes the route,
//! checks what a request asks for, and writes the OpenAPI document ([`Book`]), and the shape of an answer is that of the type the
//! handler returns ([`crate::record!`]): so the document cannot say anything else than the server does.
//!
//! The framework knows no token: who may ask is proved by `accounts`.

mod answer;
mod asked;
mod declared;
mod document;
mod limits;
pub mod problem;
mod schema;

pub use self::{
    answer::{Answer, Listed},
    asked::{Asked, Caller},
    declared::{AFTER, Declaration, FROM, Kind, LIMIT, ON, Operation, Parameter, TO},
    document::{Book, Entry, routes},
    limits::Limits,
    schema::{Described, Schemas},
};

/// Where the interface begins; a version that is not compatible would get another.
pub const ROOT: &str = "/api/v1";

/// The document of the interface, below [`ROOT`].
pub const DOCUMENT: &str = "/openapi.json";

/// Whether an address belongs to the interface: there no cookie is looked at, and every error is a problem document.
pub fn is_api(path: &str) -> bool {
    path.strip_prefix(ROOT).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::is_api;

    #[test]
    fn the_interface_is_known_by_whole_segments() {
        assert!(is_api("/api/v1") && is_api("/api/v1/targets"));
        assert!(!is_api("/api") && !is_api("/api/v10") && !is_api("/hoc/api/v1"));
    }
}
