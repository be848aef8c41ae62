//! Another program that asks: a token that works and may read what is asked for.

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};

use crate::{
    access::Reach,
    accounts::{actions::tokens, model::token::Resource, queries},
    app::App,
    platform::{
        clock::local_day,
        error::{Error, Result},
        http::{
            address::limit_address,
            api::{Asked, Caller, Limits},
            proof::{Proof, given},
            visit,
        },
    },
};

/// A request of another program, proved and read. Handlers of `/api/v1` take nothing else to know who asks.
pub struct ApiCall {
    pub asked: Asked,
    /// How far the token reaches: everywhere, or under a unit.
    pub reach: Reach,
}

impl ApiCall {
    /// For what is the nation's alone.
    pub fn require_nation(&self) -> Result<()> {
        if self.reach == Reach::Everywhere { Ok(()) } else { Err(Error::Forbidden) }
    }
}

impl Caller for ApiCall {
    fn asked(&self) -> &Asked {
        &self.asked
    }
}

impl FromRequest for ApiCall {
    type Error = Error;
    type Future = Proof<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let outside = || Error::internal("a guard outside the program");
        let app = given::<App>(request);
        let limits = given::<Limits>(request);
        let address = visit::of(request).map(|visit| visit.borrow().address).ok_or_else(outside);
        let token = bearer(request);
        let declared = Asked::declaration(request);
        // Read now, told later: who has no token learns nothing of what it would have been answered.
        let asked = declared.as_ref().map(|declared| Asked::read(request, declared));
        let wanted = declared.as_ref().map(|declared| Resource::parse(declared.resource)).ok().flatten();
        let asked = asked.map_err(|_| outside());
        Box::pin(async move {
            let (app, limits, address) = (app?, limits?, address?);
            let (now, wanted) = (app.now(), wanted.ok_or_else(|| Error::internal("an operation of no resource"))?);
            let token = token.ok_or(Error::SignIn)?;
            let Some(live) = app.db.read(move |c| queries::tokens::live(c, now, &token)).await? else {
                limits.take(&format!("address {}", limit_address(address)), now)?;
                return Err(Error::SignIn);
            };
            limits.take(&format!("token {}", live.id), now)?;
            if live.last_used_on != Some(local_day(now.0)) {
                let (db, id) = (app.db.clone(), live.id);
                // Nobody waits for this, and nothing is lost when it fails.
                tokio::spawn(async move { db.write("api.used", move |c| tokens::used(c, now, id)).await });
            }
            if !live.resources.contains(&wanted) {
                return Err(Error::Forbidden);
            }
            let reach = live.unit.map_or(Reach::Everywhere, |unit| Reach::Under(vec![unit]));
            Ok(Self { asked: asked??, reach })
        })
    }
}

/// What stands after `Authorization: Bearer`.
fn bearer(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    let sound = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= 200;
    sound.then(|| token.to_owned())
}
