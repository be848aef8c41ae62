//! The proof that an attempt is the signed-in learner's.

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::{model::Attempt, queries};
use crate::{
    accounts::SignedIn,
    app::App,
    courses::{Shelf, package::Assessment},
    learning::{
        model::{Enrolment, EnrolmentState, Run},
        queries as learning,
    },
    platform::error::Error,
    platform::http::proof::{Proof, given, part},
};

/// An attempt of the signed-in learner. Somebody else's does not exist for them.
pub struct AttemptOf {
    pub who: SignedIn,
    pub attempt: Attempt,
    pub assessment: Assessment,
    pub enrolment: Enrolment,
    pub run: Run,
}

impl FromRequest for AttemptOf {
    type Error = Error;
    type Future = Proof<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let app = given::<App>(request);
        let shelf = given::<Shelf>(request);
        let who = SignedIn::from_request(request, payload).into_inner();
        let code = part(request, "code");
        Box::pin(async move {
            let who = who?;
            let (app, shelf) = (app?, shelf?);
            let person = who.id();
            let (attempt, assessment, enrolment, run) = app
                .db
                .glance(move |c| {
                    let attempt = queries::by_code(c, &code)?;
                    let (enrolment, run) = learning::enrolment(c, attempt.enrolment_id)?;
                    if enrolment.person_id != person || enrolment.state != EnrolmentState::Active {
                        return Err(Error::NotFound);
                    }
                    let book = shelf.book(c, attempt.version_id)?;
                    let assessment = book.assessment(&attempt.assessment_key)?.clone();
                    Ok((attempt, assessment, enrolment, run))
                })
                .await?;
            Ok(Self { who, attempt, assessment, enrolment, run })
        })
    }
}

/// The same as far as saving one answer needs it, which people do all the time while they sit a test: one statement instead of four.
pub struct AnswerTo {
    pub attempt: Attempt,
}

impl FromRequest for AnswerTo {
    type Error = Error;
    type Future = Proof<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let app = given::<App>(request);
        let who = SignedIn::from_request(request, payload).into_inner();
        let code = part(request, "code");
        Box::pin(async move {
            let (who, app) = (who?, app?);
            let person = who.id();
            let attempt = app.db.glance(move |c| queries::own(c, &code, person)).await?;
            Ok(Self { attempt })
        })
    }
}
