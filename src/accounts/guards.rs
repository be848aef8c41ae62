//! The proof that somebody is signed in, and of what they may do.

use std::rc::Rc;

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};

use super::{model::Person, sessions::Signed};
use crate::{
    access::{Actor, Authority, Permission, PersonId, Reach},
    platform::{
        error::{Error, Result},
        http::visit,
    },
};

/// Somebody signed in. Without one the visitor is led to the sign-in page.
#[derive(Clone)]
pub struct SignedIn {
    signed: Rc<Signed>,
    actor: Actor,
}

impl SignedIn {
    pub fn id(&self) -> PersonId {
        self.signed.person.id
    }
    pub fn person(&self) -> &Person {
        &self.signed.person
    }
    pub fn authority(&self) -> &Authority {
        &self.signed.authority
    }
    pub fn signed(&self) -> &Signed {
        &self.signed
    }
    /// For the audit: this person, from here.
    pub fn actor(&self) -> Actor {
        self.actor.clone()
    }
    pub fn may(&self, permission: Permission) -> bool {
        self.signed.authority.may(permission)
    }
    /// How far the permission reaches, or 403 where it reaches nothing. For pages that everybody may know of.
    pub fn require(&self, permission: Permission) -> Result<Reach> {
        match self.signed.authority.reach(permission) {
            Reach::Nowhere => Err(Error::Forbidden),
            reach => Ok(reach),
        }
    }
}

fn signed_in(request: &HttpRequest) -> Option<SignedIn> {
    let signed = request.extensions().get::<Rc<Signed>>().cloned()?;
    let visit = visit::of(request)?;
    let visit = visit.borrow();
    let actor = Actor {
        person: Some(signed.person.id),
        address: Some(visit.address),
        request_id: Some(visit.request_id.clone()),
    };
    Some(SignedIn { signed, actor })
}

impl FromRequest for SignedIn {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(signed_in(request).ok_or(Error::SignIn))
    }
}

/// Somebody signed in, or a visitor.
#[derive(Clone)]
pub struct MaybeSignedIn(pub Option<SignedIn>);

impl FromRequest for MaybeSignedIn {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self(signed_in(request))))
    }
}

/// A visitor as the audit keeps them: an address and a request, no person yet.
pub struct Visitor(pub Actor);

impl FromRequest for Visitor {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let actor = signed_in(request).map(|s| s.actor).or_else(|| {
            let visit = visit::of(request)?;
            let visit = visit.borrow();
            Some(Actor { person: None, address: Some(visit.address), request_id: Some(visit.request_id.clone()) })
        });
        std::future::ready(actor.map(Self).ok_or_else(|| Error::internal("a visitor outside the guard")))
    }
}
