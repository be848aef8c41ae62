//! Proofs about programmes, cohorts and experts. Programmes are known to whoever sees nominations; the people in them only within one's
//! own units.

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};

use crate::{
    access::{Permission, Reach, UnitId},
    accounts::{SignedIn, queries::directory},
    app::App,
    platform::{
        clock::local_day,
        error::{Error, Result},
        http::proof::{Proof, given, part, proven},
    },
    programmes::{
        model::programme::{Cohort, Member, Programme},
        queries::{members, programmes},
    },
};

/// A programme before somebody who sees nominations.
pub struct ProgrammeSeen {
    pub who: SignedIn,
    pub programme: Programme,
    /// The units whose people they see; `None` is everywhere.
    pub within: Option<Vec<UnitId>>,
    pub manages: bool,
}

/// The same, and the right to change it and to decide about its people: 403 for who only sees.
pub struct ManagedProgramme(pub ProgrammeSeen);

/// One of its cohorts.
pub struct CohortSeen {
    pub seen: ProgrammeSeen,
    pub cohort: Cohort,
}

/// Somebody in a programme before whoever sees the people of the unit they work in. Others do not exist for them.
pub struct ExpertSeen {
    pub who: SignedIn,
    pub member: Member,
    pub programme: Programme,
    pub manages: bool,
}

pub fn manages(who: &SignedIn) -> bool {
    who.authority().reach(Permission::DecideNominations) == Reach::Everywhere
}

fn parts(
    request: &HttpRequest,
    payload: &mut Payload,
    name: &str,
) -> (Result<web::Data<App>>, Result<SignedIn>, String) {
    let app = given::<App>(request);
    let who = SignedIn::from_request(request, payload).into_inner();
    (app, who, part(request, name))
}

fn prove<T, F>(request: &HttpRequest, payload: &mut Payload, proof: F) -> Proof<T>
where
    T: 'static,
    F: FnOnce(ProgrammeSeen, Option<Cohort>) -> Result<T> + 'static,
{
    let (app, who, code) = parts(request, payload, "programme");
    let cohort = request.match_info().get("cohort").map(str::to_owned);
    Box::pin(async move {
        let who = who?;
        let app = app?;
        let (today, reach) = (local_day(app.now().0), who.require(Permission::SeeNominations)?);
        let (programme, cohort, within) = app
            .db
            .read(move |c| {
                let programme = programmes::by_code(c, &code)?;
                let cohort = cohort.map(|code| programmes::cohort_by_code(c, programme.id, &code)).transpose()?;
                Ok::<_, Error>((programme, cohort, directory::units_within(c, &reach, today)?))
            })
            .await?;
        let manages = manages(&who);
        proof(ProgrammeSeen { who, programme, within, manages }, cohort)
    })
}

proven!(ProgrammeSeen, prove, |seen, _| Ok(seen));

proven!(ManagedProgramme, prove, |seen, _| if seen.manages { Ok(Self(seen)) } else { Err(Error::Forbidden) });

proven!(CohortSeen, prove, |seen, cohort| Ok(Self { seen, cohort: cohort.ok_or(Error::NotFound)? }));

impl FromRequest for ExpertSeen {
    type Error = Error;
    type Future = Proof<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (app, who, code) = parts(request, payload, "expert");
        Box::pin(async move {
            let who = who?;
            let app = app?;
            let (today, reach) = (local_day(app.now().0), who.authority().reach(Permission::SeeNominations));
            let (member, programme) = app
                .db
                .read(move |c| {
                    let member = members::by_code(c, &code)?;
                    if !directory::is_within(c, &reach, member.person_id, today)? {
                        return Err(Error::NotFound);
                    }
                    let programme = programmes::programme(c, member.programme_id)?;
                    Ok((member, programme))
                })
                .await?;
            let manages = manages(&who);
            Ok(Self { who, member, programme, manages })
        })
    }
}
