//! Proofs: that somebody may see the nominations of a unit, and what they may do with them; [`programmes`] is about programmes and experts.

pub mod programmes;

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::{
    model::{Nomination, quota_path},
    queries,
};
use crate::{
    access::{Permission, Reach},
    accounts::{SignedIn, queries::directory},
    app::App,
    organisations::model::Unit,
    platform::{
        clock::local_day,
        error::{Error, Result},
        http::proof::{Proof, given, part, proven},
    },
    targets::{
        model::quota::{Quota, QuotaRound},
        queries::quotas,
    },
};

/// What a unit has in a round, before somebody who may see its nominations. Other quotas do not exist for them.
pub struct SeatsOf {
    pub who: SignedIn,
    pub round: QuotaRound,
    pub quota: Quota,
    pub unit: Unit,
    /// May nominate, send up, withdraw and replace.
    pub nominates: bool,
    pub decides: bool,
}

impl SeatsOf {
    pub fn path(&self) -> String {
        quota_path(&self.round.code, &self.unit.code)
    }
}

/// The same, and the right to nominate: 403 for who only sees.
pub struct NominatorOf(pub SeatsOf);

/// One nomination of those seats.
pub struct NominationOf {
    pub seats: SeatsOf,
    pub nomination: Nomination,
}

/// A round before somebody who decides about its nominations.
pub struct DeciderOf {
    pub who: SignedIn,
    pub round: QuotaRound,
}

/// Loads the quota of the address, and the nomination where it names one, in one read with the question of rights.
fn prove<T, F>(request: &HttpRequest, payload: &mut Payload, proof: F) -> Proof<T>
where
    T: 'static,
    F: FnOnce(SeatsOf, Option<Nomination>) -> Result<T> + 'static,
{
    let app = given::<App>(request);
    let who = SignedIn::from_request(request, payload).into_inner();
    let part = |name| request.match_info().get(name).map(str::to_owned);
    let (round, unit) = (part("round").unwrap_or_default(), part("unit").unwrap_or_default());
    let code = part("nomination");
    Box::pin(async move {
        let who = who?;
        let app = app?;
        let (today, authority) = (local_day(app.now().0), who.authority().clone());
        let (round, quota, unit, rights, nomination) = app
            .db
            .read(move |c| {
                let (round, quota, unit) = queries::place(c, &round, &unit)?;
                let mut may = |permission| directory::covers(c, &authority.reach(permission), quota.unit_id, today);
                if !may(Permission::SeeNominations)? {
                    return Err(Error::NotFound);
                }
                let rights = (may(Permission::Nominate)?, may(Permission::DecideNominations)?);
                let nomination = code.map(|code| queries::by_code(c, quota.id, &code)).transpose()?;
                Ok((round, quota, unit, rights, nomination))
            })
            .await?;
        let (nominates, decides) = rights;
        proof(SeatsOf { who, round, quota, unit, nominates, decides }, nomination)
    })
}

proven!(SeatsOf, prove, |seats, _| Ok(seats));

proven!(NominatorOf, prove, |seats, _| if seats.nominates { Ok(Self(seats)) } else { Err(Error::Forbidden) });

proven!(NominationOf, prove, |seats, nomination| Ok(Self { seats, nomination: nomination.ok_or(Error::NotFound)? }));

impl FromRequest for DeciderOf {
    type Error = Error;
    type Future = Proof<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let app = given::<App>(request);
        let who = SignedIn::from_request(request, payload).into_inner();
        let code = part(request, "round");
        Box::pin(async move {
            let who = who?;
            let app = app?;
            let (today, reach) = (local_day(app.now().0), who.authority().reach(Permission::SeeNominations));
            let (round, sees) = app
                .db
                .read(move |c| {
                    let round = quotas::round_by_code(c, &code)?;
                    let sees = match directory::units_within(c, &reach, today)? {
                        None => true,
                        Some(units) => queries::has_seats(c, round.id, &units)?,
                    };
                    Ok::<_, Error>((round, sees))
                })
                .await?;
            match who.authority().reach(Permission::DecideNominations) {
                Reach::Everywhere => Ok(Self { who, round }),
                _ if sees => Err(Error::Forbidden),
                _ => Err(Error::NotFound),
            }
        })
    }
}
