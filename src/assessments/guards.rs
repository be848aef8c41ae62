//! The proof that an attempt is the signed-in learner's.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};

use super::{model::Attempt, queries};
use crate::{
    accounts::SignedIn,
    app::App,
    courses::{package::Assessment, queries as courses},
    learning::{
        model::{Enrolment, EnrolmentState, Run},
        queries as learning,
    },
    platform::error::{Error, Result},
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
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let app = request.app_data::<web::Data<App>>().cloned();
        let who = SignedIn::from_request(request, payload).into_inner();
        let code = request.match_info().get("code").unwrap_or_default().to_owned();
        Box::pin(async move {
            let who = who?;
            let app = app.ok_or_else(|| Error::internal("a guard outside the program"))?;
            let person = who.id();
            let (attempt, assessment, enrolment, run) = app
                .db
                .read(move |c| {
                    let attempt = queries::by_code(c, &code)?;
                    let (enrolment, run) = learning::enrolment(c, attempt.enrolment_id)?;
                    if enrolment.person_id != person || enrolment.state != EnrolmentState::Active {
                        return Err(Error::NotFound);
                    }
                    let assessment = courses::assessment(c, attempt.version_id, &attempt.assessment_key)?;
                    Ok((attempt, assessment, enrolment, run))
                })
                .await?;
            Ok(Self { who, attempt, assessment, enrolment, run })
        })
    }
}
