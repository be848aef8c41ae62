//! The proof that an attempt is the signed-in learner's.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::{
    actions,
    model::{Attempt, Kept, Sent},
    queries,
};
use crate::{
    access::PersonId,
    accounts::SignedIn,
    app::App,
    courses::{Shelf, package::Assessment},
    learning::{
        model::{Enrolment, EnrolmentState, Run},
        queries as learning,
    },
    platform::error::{Error, Result},
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

/// Somebody signed in who sends an answer to an attempt that they say is theirs. Whether it is, is asked in the transaction that keeps the
/// answer, which is all that this is good for: people do it all the time while they sit a test, and asked before, it was a transaction more.
pub struct AnswerTo {
    person: PersonId,
    code: String,
}

impl AnswerTo {
    /// Keeps the answer; once this is `Ok` it is on the disk.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the attempt is somebody else's or nobody's, else as [`actions::save_answer`].
    pub async fn keep(self, app: &App, sent: Sent) -> Result<Kept> {
        let now = app.now();
        let Self { person, code } = self;
        app.db
            .write("assessments.answer", move |c| {
                let attempt = queries::own(c, &code, person)?;
                actions::save_read(c, now, &attempt, &sent)
            })
            .await
    }

    /// Only asks whose attempt it is, for who sent nothing that could be kept.
    ///
    /// # Errors
    /// [`Error::NotFound`] as above.
    pub async fn prove(self, app: &App) -> Result<()> {
        let Self { person, code } = self;
        app.db.glance(move |c| queries::own(c, &code, person).map(drop)).await
    }
}

impl FromRequest for AnswerTo {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let who = SignedIn::from_request(request, payload).into_inner();
        ready(who.map(|who| Self { person: who.id(), code: part(request, "code") }))
    }
}
