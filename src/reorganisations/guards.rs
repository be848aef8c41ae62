//! Who may change organisations, and who may see what was changed.

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use crate::{
    access::Permission,
    accounts::SignedIn,
    app::App,
    organisations::{
        model::change::{ChangeKind, ChangeState, UnitChange},
        queries::changes as queries,
    },
    platform::error::Error,
    platform::http::proof::{Proof, given, part},
};

/// Somebody who may change organisations.
pub struct Reorganiser(pub SignedIn);

impl FromRequest for Reorganiser {
    type Error = Error;
    type Future = Proof<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let who = SignedIn::from_request(request, payload);
        Box::pin(async move {
            let who = who.await?;
            who.require(Permission::ManageOrganisations)?;
            Ok(Self(who))
        })
    }
}

/// A change that the one signed in may see. What was done to units is for everybody; what is being prepared, and people who were
/// transferred, are for those who may do it.
pub struct SeenChange {
    pub who: SignedIn,
    pub change: UnitChange,
    pub manages: bool,
}

/// A change before somebody who may confirm it, throw it away or take it back.
pub struct ManagedChange {
    pub who: SignedIn,
    pub change: UnitChange,
}

impl FromRequest for SeenChange {
    type Error = Error;
    type Future = Proof<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let app = given::<App>(request);
        let who = SignedIn::from_request(request, payload);
        let code = part(request, "change");
        Box::pin(async move {
            let (who, app) = (who.await?, app?);
            let change = app.db.read(move |c| queries::by_code(c, &code)).await?;
            let manages = who.may(Permission::ManageOrganisations);
            let is_public =
                matches!(change.state, ChangeState::Done | ChangeState::Undone) && change.kind != ChangeKind::Transfer;
            if manages || is_public { Ok(Self { who, change, manages }) } else { Err(Error::NotFound) }
        })
    }
}

impl FromRequest for ManagedChange {
    type Error = Error;
    type Future = Proof<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let seen = SeenChange::from_request(request, payload);
        Box::pin(async move {
            let SeenChange { who, change, manages } = seen.await?;
            if manages { Ok(Self { who, change }) } else { Err(Error::Forbidden) }
        })
    }
}
