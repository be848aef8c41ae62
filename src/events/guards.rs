//! Proofs: that a session exists for somebody, and what they may do with the lists of its sites. A list that is not theirs to see does
//! not exist for them; one that they see and may not write is forbidden.

use std::collections::BTreeSet;

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::{
    model::{Session, Site, SiteId},
    queries,
};
use crate::{
    access::{Permission, Reach, UnitId},
    accounts::SignedIn,
    app::App,
    learning::{
        guards::{Rights, VisitorOf},
        model::{Enrolment, Run},
    },
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        error::{Error, Result},
        http::proof::{Proof, given, proven},
    },
};

/// A session before somebody who learns in its class, sees the class, keeps a list of it or looks after a unit that hosts it.
pub struct SessionOf {
    pub who: SignedIn,
    pub run: Run,
    pub session: Session,
    pub sites: Vec<Site>,
    pub enrolment: Option<Enrolment>,
    pub rights: Rights,
    /// The sites whose hosting units this person records trainings of.
    hosted: BTreeSet<SiteId>,
}

impl SessionOf {
    pub fn path(&self) -> String {
        self.session.path(&self.run.code)
    }

    /// Writes the list of a site: who keeps it, and who runs the class.
    pub fn enters(&self, site: &Site) -> bool {
        self.rights.manage || site.keeper == self.who.id()
    }

    /// May be the second person, as far as rights go: that they did not write the list and are not on it, the action proves.
    pub fn confirms(&self, site: &Site) -> bool {
        self.rights.manage || self.rights.decide || self.hosted.contains(&site.id)
    }

    pub fn sees_list(&self, site: &Site) -> bool {
        self.rights.see || self.enters(site) || self.confirms(site)
    }
}

/// The session in the hands of those who run the class.
pub struct SessionManager(pub SessionOf);

/// A site of the session before somebody who may see its list.
pub struct SiteOf {
    pub seen: SessionOf,
    pub site: Site,
}

impl SiteOf {
    pub fn path(&self) -> String {
        self.site.path(&self.seen.path())
    }
}

/// The list in the hands of who writes it.
pub struct SiteKeeper(pub SiteOf);

/// The list in the hands of who may be the second person.
pub struct SiteSecond(pub SiteOf);

fn prove<T, F>(request: &HttpRequest, payload: &mut Payload, proof: F) -> Proof<T>
where
    T: 'static,
    F: FnOnce(SessionOf) -> Result<T> + 'static,
{
    let app = given::<App>(request);
    let number = request.match_info().get("session").and_then(|text| text.parse::<i32>().ok());
    let visitor = VisitorOf::from_request(request, payload);
    Box::pin(async move {
        let VisitorOf { who, run, enrolment, rights, .. } = visitor.await?;
        let app = app?;
        let (id, number, today) = (run.id, number.ok_or(Error::NotFound)?, local_day(app.now().0));
        let reach = who.authority().reach(Permission::RecordOutside);
        let (session, sites, hosted) = app
            .db
            .read(move |c| {
                let session = queries::session(c, id, number)?;
                let sites = queries::sites(c, session.id)?;
                let hosted = match &reach {
                    Reach::Nowhere => BTreeSet::new(),
                    Reach::Everywhere => sites.iter().map(|site| site.id).collect(),
                    Reach::Under(roots) => {
                        let units: Vec<UnitId> = sites.iter().map(|site| site.unit_id).collect();
                        let under = organisations::nearest(c, &units, roots, today)?;
                        sites.iter().filter(|site| under.contains_key(&site.unit_id)).map(|site| site.id).collect()
                    }
                };
                Ok::<_, Error>((session, sites, hosted))
            })
            .await?;
        let seen = SessionOf { who, run, session, sites, enrolment, rights, hosted };
        let is_known = seen.enrolment.is_some() || seen.sites.iter().any(|site| seen.sees_list(site));
        if is_known || rights.see || rights.manage { proof(seen) } else { Err(Error::NotFound) }
    })
}

fn prove_site<T, F>(request: &HttpRequest, payload: &mut Payload, proof: F) -> Proof<T>
where
    T: 'static,
    F: FnOnce(SiteOf) -> Result<T> + 'static,
{
    let number = request.match_info().get("site").and_then(|text| text.parse::<i32>().ok());
    prove(request, payload, move |seen| {
        let site = seen.sites.iter().find(|site| Some(site.number) == number).cloned().ok_or(Error::NotFound)?;
        if seen.sees_list(&site) { proof(SiteOf { seen, site }) } else { Err(Error::NotFound) }
    })
}

proven!(SessionOf, prove, Ok);

proven!(SessionManager, prove, |seen| if seen.rights.manage { Ok(Self(seen)) } else { Err(Error::Forbidden) });

proven!(SiteOf, prove_site, Ok);

proven!(SiteKeeper, prove_site, |at| if at.seen.enters(&at.site) { Ok(Self(at)) } else { Err(Error::Forbidden) });

proven!(SiteSecond, prove_site, |at| if at.seen.confirms(&at.site) { Ok(Self(at)) } else { Err(Error::Forbidden) });
