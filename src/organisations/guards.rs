//! Who may look: everybody who is signed in.

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use crate::platform::{error::Error, http::visit};

/// Proof that somebody is signed in. Who it is does not matter here, and accounts stand above this slice: the composition
/// root has completed the visit before a handler runs.
pub struct Reader(());

impl FromRequest for Reader {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let signed_in = visit::of(request).is_some_and(|visit| visit.borrow().person.is_some());
        std::future::ready(signed_in.then_some(Self(())).ok_or(Error::SignIn))
    }
}
