//! Proofs: that somebody sees the nation's figures of a target, and that they may sign for them; of rounds and quotas in
//! [`quotas`].

pub mod outside;
pub mod quotas;

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::{
    model::{
        Target,
        seal::{SealId, SealRow},
    },
    queries,
};
use crate::{
    access::{Permission, Reach},
    accounts::SignedIn,
    app::App,
    platform::error::{Error, Result},
    platform::http::proof::{Proof, given, part, proven},
};

/// A target before somebody who sees the whole country's figures. Who sees only an agency knows of the target, so it is 403.
pub struct NationOf {
    pub who: SignedIn,
    pub target: Target,
    pub can_manage: bool,
}

/// A seal of a target, before the same people.
pub struct SealOf {
    pub who: SignedIn,
    pub target: Target,
    pub row: SealRow,
    pub can_manage: bool,
}

/// A target in the hands of those who manage targets.
pub struct ManagedTarget {
    pub who: SignedIn,
    pub target: Target,
}

/// A seal in the hands of those who manage targets.
pub struct ManagedSeal {
    pub who: SignedIn,
    pub target: Target,
    pub row: SealRow,
}

fn target_of<T: 'static>(request: &HttpRequest, payload: &mut Payload, proof: fn(NationOf) -> Result<T>) -> Proof<T> {
    let app = given::<App>(request);
    let who = SignedIn::from_request(request, payload).into_inner();
    let code = part(request, "code");
    Box::pin(async move {
        let (who, app) = (who?, app?);
        if who.require(Permission::SeeTargets)? != Reach::Everywhere {
            return Err(Error::Forbidden);
        }
        let target = app.db.read(move |c| queries::by_code(c, &code)).await?;
        let can_manage = who.authority().reach(Permission::ManageTargets) == Reach::Everywhere;
        proof(NationOf { who, target, can_manage })
    })
}

fn seal_of<T: 'static>(request: &HttpRequest, payload: &mut Payload, proof: fn(SealOf) -> Result<T>) -> Proof<T> {
    let app = given::<App>(request);
    let id = request.match_info().get("seal").and_then(|text| text.parse::<i64>().ok());
    let target = target_of(request, payload, Ok);
    Box::pin(async move {
        let NationOf { who, target, can_manage } = target.await?;
        let (app, id) = (app?, id.ok_or(Error::NotFound)?);
        let row = app.db.read(move |c| queries::seal(c, SealId(id))).await?;
        if row.target_id != target.id {
            return Err(Error::NotFound);
        }
        proof(SealOf { who, target, row, can_manage })
    })
}

proven!(NationOf, target_of, Ok);

proven!(ManagedTarget, target_of, |seen| {
    if seen.can_manage { Ok(Self { who: seen.who, target: seen.target }) } else { Err(Error::Forbidden) }
});

proven!(SealOf, seal_of, Ok);

proven!(ManagedSeal, seal_of, |seen| {
    if !seen.can_manage {
        return Err(Error::Forbidden);
    }
    Ok(Self { who: seen.who, target: seen.target, row: seen.row })
});
