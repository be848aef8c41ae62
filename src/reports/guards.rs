//! Proofs: that somebody may see a report, and that they may try it again.

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::{model::Report, queries};
use crate::{
    access::Permission,
    accounts::SignedIn,
    app::App,
    platform::{
        clock::local_day,
        error::{Error, Result},
        http::proof::{Proof, given, part, proven},
    },
};

/// A report that the one signed in may see. Others do not exist for them.
pub struct ReportInReach {
    pub who: SignedIn,
    pub report: Report,
    /// May also try it again.
    pub can_make: bool,
    /// May also see the list of names.
    pub sees_names: bool,
}

/// A report in the hands of those who may make it.
pub struct ManagedReport {
    pub who: SignedIn,
    pub report: Report,
}

fn report_of<T: 'static>(
    request: &HttpRequest,
    payload: &mut Payload,
    proof: fn(ReportInReach) -> Result<T>,
) -> Proof<T> {
    let app = given::<App>(request);
    let who = SignedIn::from_request(request, payload).into_inner();
    let code = part(request, "code");
    Box::pin(async move {
        let (who, app) = (who?, app?);
        let sees = who.require(Permission::SeeReports)?;
        let (makes, names) =
            [Permission::MakeReports, Permission::SeeNamedReports].map(|p| who.authority().reach(p)).into();
        let today = local_day(app.now().0);
        let (report, can_make, sees_names) = app
            .db
            .read(move |c| {
                let report = queries::by_code(c, &code)?;
                if !queries::covers(c, &sees, &report, today)? {
                    return Err(Error::NotFound);
                }
                let can_make = queries::covers(c, &makes, &report, today)?;
                let sees_names = queries::covers(c, &names, &report, today)?;
                Ok::<_, Error>((report, can_make, sees_names))
            })
            .await?;
        proof(ReportInReach { who, report, can_make, sees_names })
    })
}

proven!(ReportInReach, report_of, Ok);

proven!(ManagedReport, report_of, |seen| {
    if seen.can_make { Ok(Self { who: seen.who, report: seen.report }) } else { Err(Error::Forbidden) }
});
