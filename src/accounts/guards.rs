//! The proof that somebody is signed in, and of what they may do; of other programs in [`api`].

mod api;

use std::rc::Rc;

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};

pub use self::api::ApiCall;
use super::{
    model::{
        Person,
        import::{Import, Uses},
    },
    queries,
    sessions::Signed,
};
use crate::{
    access::{Actor, Authority, Permission, PersonId, Reach},
    app::App,
    platform::{
        clock::local_day,
        error::{Error, Result},
        http::proof::{Proof, given, part},
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

/// A person that the one signed in may see. Anybody else does not exist for them.
pub struct PersonInReach {
    pub who: SignedIn,
    pub person: Person,
    /// May also change where the person works, invite them, print their slip.
    pub can_manage: bool,
}

/// A person whose affairs the one signed in may manage: 403 for those who only see them.
pub struct ManagedPerson {
    pub who: SignedIn,
    pub person: Person,
    pub reach: Reach,
}

/// A person whose roles and access the one signed in may change.
pub struct GovernedPerson {
    pub who: SignedIn,
    pub person: Person,
}

/// Loads the person of the address, in one read with the question of who may see and manage them.
fn person_of<T: 'static>(request: &HttpRequest, proof: impl FnOnce(PersonInReach) -> Result<T> + 'static) -> Proof<T> {
    let app = given::<App>(request);
    let who = signed_in(request).ok_or(Error::SignIn);
    let code = part(request, "code");
    Box::pin(async move {
        let (who, app) = (who?, app?);
        let today = local_day(app.now().0);
        let (sees, manages) =
            (who.authority().reach(Permission::SeePeople), who.authority().reach(Permission::ManagePeople));
        let (person, can_manage) = app
            .db
            .read(move |c| {
                let person = queries::person_by_code(c, &code)?.ok_or(Error::NotFound)?;
                if !queries::directory::is_within(c, &sees, person.id, today)? {
                    return Err(Error::NotFound);
                }
                let can_manage = queries::directory::is_within(c, &manages, person.id, today)?;
                Ok::<_, Error>((person, can_manage))
            })
            .await?;
        proof(PersonInReach { who, person, can_manage })
    })
}

impl FromRequest for PersonInReach {
    type Error = Error;
    type Future = Proof<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        person_of(request, Ok)
    }
}

impl FromRequest for ManagedPerson {
    type Error = Error;
    type Future = Proof<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        person_of(request, |seen| {
            if !seen.can_manage {
                return Err(Error::Forbidden);
            }
            let reach = seen.who.authority().reach(Permission::ManagePeople);
            Ok(Self { who: seen.who, person: seen.person, reach })
        })
    }
}

impl FromRequest for GovernedPerson {
    type Error = Error;
    type Future = Proof<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        person_of(request, |seen| {
            if !seen.who.may(Permission::ManageRoles) {
                return Err(Error::Forbidden);
            }
            Ok(Self { who: seen.who, person: seen.person })
        })
    }
}

/// A list of people for a unit whose people the one signed in may manage, and whose purpose is theirs. Other lists do not exist for
/// them.
pub struct ImportInReach {
    pub who: SignedIn,
    pub import: Import,
}

impl FromRequest for ImportInReach {
    type Error = Error;
    type Future = Proof<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let app = given::<App>(request);
        let who = signed_in(request).ok_or(Error::SignIn);
        let uses = given::<Uses>(request);
        let code = part(request, "import");
        Box::pin(async move {
            let (who, app) = (who?, app?);
            let uses = **uses?;
            let (now, authority) = (app.now(), who.authority().clone());
            let import = app
                .db
                .read(move |c| {
                    let import = queries::imports::by_code(c, &code)?.ok_or(Error::NotFound)?;
                    match queries::imports::may_work_on(c, &authority, now, &import, &uses)? {
                        true => Ok(import),
                        false => Err(Error::NotFound),
                    }
                })
                .await?;
            Ok(Self { who, import })
        })
    }
}
