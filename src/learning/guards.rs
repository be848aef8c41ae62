//! Proofs: that somebody is in a run, that they may manage it.

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::{
    model::{Beside, Enrolment, EnrolmentState, Run},
    queries,
};
use crate::{
    access::{Permission, Reach},
    accounts::SignedIn,
    app::App,
    platform::{
        clock::local_day,
        db::{DbConn, Moment},
        error::{Error, Result},
        http::proof::{Proof, given, part, proven},
    },
};

/// A learner in a run of theirs. A run they are not in does not exist for them.
pub struct LearnerOf {
    pub who: SignedIn,
    pub run: Run,
    pub enrolment: Enrolment,
}

/// Somebody signed in before a run, with what they are to it. The page of a run is for everybody who is signed in: that is how
/// one comes in.
pub struct VisitorOf {
    pub who: SignedIn,
    pub run: Run,
    /// Only an active one.
    pub enrolment: Option<Enrolment>,
    pub rights: Rights,
    /// What the page shows of the slices above.
    pub beside: Beside,
}

/// What a person may do with a run, decided by its organising unit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rights {
    /// Put people on the list, see the class code.
    pub manage: bool,
    /// See who is in it and how far they are.
    pub see: bool,
    /// Accept or void completions.
    pub decide: bool,
}

/// Somebody who may manage the run: 403 for others, who know of it.
pub struct ManagerOf {
    pub who: SignedIn,
    pub run: Run,
}

/// Somebody who may decide about the records of the run.
pub struct DeciderOf {
    pub who: SignedIn,
    pub run: Run,
}

/// Loads the run of the address and asks what the signed-in person is to it.
fn prove<T, F>(request: &HttpRequest, payload: &mut Payload, proof: F) -> Proof<T>
where
    T: 'static,
    F: FnOnce(SignedIn, Found) -> Result<T> + 'static,
{
    let app = given::<App>(request);
    let beside = given::<Beside>(request);
    let who = SignedIn::from_request(request, payload).into_inner();
    let code = part(request, "code");
    Box::pin(async move {
        let who = who?;
        let (app, beside) = (app?, beside?);
        let (now, person, authority) = (app.now(), who.id(), who.authority().clone());
        let found = app
            .db
            .glance(move |c| {
                let (run, enrolment) = queries::run_with_enrolment(c, &code, person)?;
                let enrolment = enrolment.filter(|e| e.state == EnrolmentState::Active);
                let rights = rights(c, now, &run, |permission| authority.reach(permission))?;
                Ok::<_, Error>(Found { run, enrolment, rights, beside: **beside })
            })
            .await?;
        proof(who, found)
    })
}

struct Found {
    run: Run,
    enrolment: Option<Enrolment>,
    rights: Rights,
    beside: Beside,
}

fn rights(c: &mut DbConn, now: Moment, run: &Run, reach: impl Fn(Permission) -> Reach) -> Result<Rights> {
    let today = local_day(now.0);
    let mut may = |permission| queries::reaches(c, &reach(permission), run.unit_id, today);
    Ok(Rights {
        manage: may(Permission::ManageClasses)?,
        see: may(Permission::SeeClasses)?,
        decide: may(Permission::DecideRecords)?,
    })
}

proven!(LearnerOf, prove, |who, found| {
    let enrolment = found.enrolment.ok_or(Error::NotFound)?;
    Ok(Self { who, run: found.run, enrolment })
});

proven!(VisitorOf, prove, |who, found| {
    let Found { run, enrolment, rights, beside } = found;
    Ok(Self { who, run, enrolment, rights, beside })
});

proven!(ManagerOf, prove, |who, found| match found.rights.manage {
    true => Ok(Self { who, run: found.run }),
    false => Err(Error::Forbidden),
});

proven!(DeciderOf, prove, |who, found| match found.rights.decide {
    true => Ok(Self { who, run: found.run }),
    false => Err(Error::Forbidden),
});
