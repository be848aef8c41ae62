//! Proofs about classes held outside the system. Who sees nothing of the unit that held one gets 404.

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use crate::{
    access::Permission,
    accounts::{SignedIn, queries::directory},
    app::App,
    platform::{
        clock::local_day,
        error::{Error, Result},
        http::proof::{Proof, given, proven},
    },
    targets::{
        model::OutsideId,
        queries::{self, Outside, OutsidePerson},
    },
};

/// A class before somebody who sees the unit that held it.
pub struct OutsideSeen {
    pub who: SignedIn,
    pub class: Outside,
    pub people: Vec<OutsidePerson>,
    /// May give the second person's word: has the right, did not enter it, and is not in it.
    pub can_decide: bool,
    /// May take a person's result back.
    pub can_void: bool,
}

/// The class in the hands of somebody with the right to decide; that they are a second person, the action proves.
pub struct OutsideDecider(pub OutsideSeen);

/// The class in the hands of somebody who may void records.
pub struct OutsideVoider(pub OutsideSeen);

/// What somebody may do about a class that they see.
#[derive(Clone, Copy)]
struct Rights {
    record: bool,
    void: bool,
}

fn class_of<T: 'static>(
    request: &HttpRequest,
    payload: &mut Payload,
    proof: fn(OutsideSeen, Rights) -> Result<T>,
) -> Proof<T> {
    let app = given::<App>(request);
    let who = SignedIn::from_request(request, payload).into_inner();
    let id = request.match_info().get("id").and_then(|text| text.parse::<i64>().ok());
    Box::pin(async move {
        let (who, app) = (who?, app?);
        let sees = who.require(Permission::SeeTargets)?;
        let (records, voids) =
            (who.authority().reach(Permission::RecordOutside), who.authority().reach(Permission::DecideRecords));
        let (id, today) = (OutsideId(id.ok_or(Error::NotFound)?), local_day(app.now().0));
        let (class, people, rights) = app
            .db
            .read(move |c| {
                let class = queries::outside_class(c, id)?;
                if !directory::covers(c, &sees, class.organiser, today)? {
                    return Err(Error::NotFound);
                }
                let rights = Rights {
                    record: directory::covers(c, &records, class.organiser, today)?,
                    void: directory::covers(c, &voids, class.organiser, today)?,
                };
                Ok((class, queries::roster(c, id)?, rights))
            })
            .await?;
        let me = who.id();
        let is_second = class.entered_by != me && people.iter().all(|person| person.person != me);
        let seen = OutsideSeen {
            can_decide: rights.record && is_second && class.decided.is_none(),
            can_void: rights.void,
            who,
            class,
            people,
        };
        proof(seen, rights)
    })
}

proven!(OutsideSeen, class_of, |seen, _| Ok(seen));

proven!(OutsideDecider, class_of, |seen, rights| if rights.record { Ok(Self(seen)) } else { Err(Error::Forbidden) });

proven!(OutsideVoider, class_of, |seen, rights| if rights.void { Ok(Self(seen)) } else { Err(Error::Forbidden) });
