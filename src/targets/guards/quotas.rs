//! Proofs about rounds and quotas. Who sees nothing of a round under their units gets 404; who sees but may not act, 403.

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use crate::{
    access::{Permission, Reach, UnitId},
    accounts::{SignedIn, queries::directory},
    app::App,
    organisations::{self, model::Unit},
    platform::{
        clock::local_day,
        error::{Error, Result},
        http::proof::{Proof, given, part, proven},
    },
    targets::{
        model::quota::{Quota, QuotaRound},
        queries,
    },
};

/// A round before somebody who sees all of it, or some quota in it.
pub struct RoundSeen {
    pub who: SignedIn,
    pub round: QuotaRound,
    /// The units whose quotas they see; `None` is all.
    pub within: Option<Vec<UnitId>>,
    pub can_manage: bool,
}

/// A round in the hands of those who hand seats to agencies.
pub struct ManagedRound {
    pub who: SignedIn,
    pub round: QuotaRound,
}

/// The quota of a unit before somebody who sees that unit.
pub struct QuotaSeen {
    pub who: SignedIn,
    pub round: QuotaRound,
    pub quota: Quota,
    pub unit: Unit,
    /// Speaks for the unit: answers, hands on, gives back.
    pub can_answer: bool,
    /// Speaks for who handed the seats out: grants, declines, moves them.
    pub can_settle: bool,
}

/// The quota in the hands of those who speak for its unit.
pub struct AnsweredQuota(pub QuotaSeen);

/// The quota in the hands of those who handed it out.
pub struct SettledQuota(pub QuotaSeen);

fn round_of<T: 'static>(request: &HttpRequest, payload: &mut Payload, proof: fn(RoundSeen) -> Result<T>) -> Proof<T> {
    let app = given::<App>(request);
    let who = SignedIn::from_request(request, payload).into_inner();
    let code = part(request, "code");
    Box::pin(async move {
        let (who, app) = (who?, app?);
        let reach = who.require(Permission::SeeQuotas)?;
        let today = local_day(app.now().0);
        let (round, within) = app
            .db
            .read(move |c| {
                let round = queries::quotas::round_by_code(c, &code)?;
                let within = directory::units_within(c, &reach, today)?;
                if let Some(units) = &within
                    && !queries::quotas::any_in(c, round.id, units)?
                {
                    return Err(Error::NotFound);
                }
                Ok::<_, Error>((round, within))
            })
            .await?;
        let can_manage = who.authority().reach(Permission::ManageQuotas) == Reach::Everywhere;
        proof(RoundSeen { who, round, within, can_manage })
    })
}

fn quota_of<T: 'static>(request: &HttpRequest, payload: &mut Payload, proof: fn(QuotaSeen) -> Result<T>) -> Proof<T> {
    let app = given::<App>(request);
    let who = SignedIn::from_request(request, payload).into_inner();
    let info = request.match_info();
    let (code, unit) =
        (info.get("code").unwrap_or_default().to_owned(), info.get("quota").unwrap_or_default().to_owned());
    Box::pin(async move {
        let (who, app) = (who?, app?);
        let sees = who.require(Permission::SeeQuotas)?;
        let manages = who.authority().reach(Permission::ManageQuotas);
        let today = local_day(app.now().0);
        let seen = app
            .db
            .read(move |c| {
                let round = queries::quotas::round_by_code(c, &code)?;
                let unit = organisations::queries::by_code(c, &unit)?.ok_or(Error::NotFound)?;
                let quota = queries::quotas::in_round(c, round.id, unit.id)?.ok_or(Error::NotFound)?;
                if !directory::covers(c, &sees, unit.id, today)? {
                    return Err(Error::NotFound);
                }
                let national = manages == Reach::Everywhere;
                let can_answer = !national && directory::covers(c, &manages, unit.id, today)?;
                let can_settle = match quota.parent_id {
                    None => national,
                    Some(_) if national => false,
                    Some(above) => {
                        let above = queries::quotas::quota(c, above)?;
                        directory::covers(c, &manages, above.unit_id, today)?
                    }
                };
                Ok::<_, Error>(QuotaFound { round, quota, unit, can_answer, can_settle })
            })
            .await?;
        let QuotaFound { round, quota, unit, can_answer, can_settle } = seen;
        proof(QuotaSeen { who, round, quota, unit, can_answer, can_settle })
    })
}

struct QuotaFound {
    round: QuotaRound,
    quota: Quota,
    unit: Unit,
    can_answer: bool,
    can_settle: bool,
}

proven!(RoundSeen, round_of, Ok);

proven!(ManagedRound, round_of, |seen| {
    if seen.can_manage { Ok(Self { who: seen.who, round: seen.round }) } else { Err(Error::Forbidden) }
});

proven!(QuotaSeen, quota_of, Ok);

proven!(AnsweredQuota, quota_of, |seen| if seen.can_answer { Ok(Self(seen)) } else { Err(Error::Forbidden) });

proven!(SettledQuota, quota_of, |seen| if seen.can_settle { Ok(Self(seen)) } else { Err(Error::Forbidden) });
