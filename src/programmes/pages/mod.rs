//! `/de-cu`: nominations, for the units that send them up, for those who decide, and for the nominees. [`programme`] and [`experts`]
//! are about what they lead to.

mod decide;
mod experts;
mod list;
mod nomination;
mod own;
mod programme;
mod round;
mod rules;
mod seats;
mod submit;

use actix_web::web;
use serde::Serialize;

pub use self::programme::DECISION_UPLOAD;
use super::model::{Happened, Nomination, NominationState};
use crate::{
    access::{PersonId, Role},
    accounts::{SignedIn, actions::office},
    app::App,
    platform::{
        db::Moment,
        error::Result,
        http::{Crumb, Page, Tag},
        i18n::Message,
    },
};

/// How the address ends that takes the letter.
pub const UPLOAD: &str = "/trinh";

pub fn routes(cfg: &mut web::ServiceConfig) {
    programme::routes(cfg);
    experts::routes(cfg);
    cfg.service(web::resource("/de-cu").get(list::show))
        .service(web::resource("/de-cu/cua-toi").get(own::show))
        .service(web::resource("/de-cu/{round}").get(round::show))
        .service(web::resource("/de-cu/{round}/duyet").post(decide::submit))
        .service(web::resource("/de-cu/{round}/dieu-kien").get(rules::form).post(rules::submit))
        .service(web::resource("/de-cu/{round}/{unit}").get(seats::show))
        .service(web::resource("/de-cu/{round}/{unit}/them").post(seats::nominate))
        .service(web::resource("/de-cu/{round}/{unit}/trinh").get(submit::form).post(submit::submit))
        .service(web::resource("/de-cu/{round}/{unit}/cong-van/{letter}").get(submit::letter))
        .service(web::resource("/de-cu/{round}/{unit}/ho-so/{nomination}").get(nomination::show))
        .service(web::resource("/de-cu/{round}/{unit}/ho-so/{nomination}/rut").post(nomination::withdraw))
        .service(web::resource("/de-cu/{round}/{unit}/ho-so/{nomination}/thay").post(nomination::replace))
        .service(web::resource("/de-cu/{round}/{unit}/ho-so/{nomination}/dong-y").post(nomination::endorse));
}

fn first_crumb(page: &Page) -> Crumb {
    Crumb::new(page.text("programmes-title"), "/de-cu")
}

fn state_tag(page: &Page, state: NominationState) -> Tag {
    let kind = match state {
        NominationState::Drafted => "",
        NominationState::Submitted | NominationState::Endorsed => "info",
        NominationState::Approved => "good",
        NominationState::Waiting | NominationState::Returned => "warn",
        NominationState::Rejected => "bad",
        NominationState::Withdrawn | NominationState::Replaced => "",
    };
    Tag { kind, text: page.text(Message::new(format!("programmes-state-{state}"))) }
}

fn happened(page: &Page, kind: Happened) -> String {
    page.text(Message::new(format!("programmes-event-{kind}")))
}

/// Who has a nomination in their hands, and since when.
#[derive(Serialize)]
struct Holder {
    who: String,
    since: Moment,
}

fn holder(page: &Page, nomination: &Nomination, unit: &str, place: Option<i64>) -> Holder {
    let who = match nomination.state {
        NominationState::Drafted | NominationState::Returned => {
            page.text(Message::new("programmes-held-unit").with("unit", unit.to_owned()))
        }
        NominationState::Submitted | NominationState::Endorsed => page.text("programmes-held-deciders"),
        NominationState::Waiting => {
            page.text(Message::new("programmes-held-waiting").with("place", place.unwrap_or_default()))
        }
        NominationState::Approved => page.text("programmes-held-seat"),
        NominationState::Rejected | NominationState::Withdrawn | NominationState::Replaced => {
            page.text("programmes-held-nobody")
        }
    };
    Holder { who, since: nomination.changed_at }
}

/// The way a nomination goes, as steps: done, present, to come.
#[derive(Serialize)]
struct StepView {
    label: String,
    is_done: bool,
    is_current: bool,
}

fn steps(page: &Page, state: NominationState) -> Vec<StepView> {
    let at = match state {
        NominationState::Drafted | NominationState::Returned => 0,
        NominationState::Submitted | NominationState::Endorsed => 1,
        NominationState::Waiting => 2,
        NominationState::Approved => 4,
        NominationState::Rejected | NominationState::Withdrawn | NominationState::Replaced => return Vec::new(),
    };
    let keys = ["programmes-step-nominate", "programmes-step-decide", "programmes-step-seat", "programmes-step-class"];
    keys.into_iter()
        .enumerate()
        .map(|(place, key)| StepView { label: page.text(key), is_done: place < at, is_current: place == at })
        .collect()
}

/// Each look-up of personal data by an auditor is itself in the log.
async fn note_look_up(app: &App, who: &SignedIn, person: Option<PersonId>, what: &str) -> Result<()> {
    if !who.authority().has_role(Role::Auditor) {
        return Ok(());
    }
    let (by, now, what) = (who.actor(), app.now(), what.to_owned());
    app.db.write("programmes.look-up", move |c| office::note_look_up(c, &by, now, person, &what)).await
}

/// The title of a round in the reader's language.
fn title(page: &Page, round: &crate::targets::model::quota::QuotaRound) -> String {
    match page.locale() {
        crate::platform::i18n::Locale::Vi => round.title_vi.clone(),
        crate::platform::i18n::Locale::En => round.title_en.clone(),
    }
}
