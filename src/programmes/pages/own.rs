//! `/de-cu/cua-toi`: what became of one's own nominations, and who has them in their hands.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::{Holder, StepView, holder, state_tag, steps, title};
use crate::{
    access::UnitId,
    accounts::SignedIn,
    app::App,
    learning::queries as learning,
    organisations::{model::Unit, queries as organisations},
    platform::{
        error::{Error, Result},
        http::{Page, Tag},
    },
    programmes::{
        model::{Nomination, NominationState},
        queries,
    },
    targets::{model::quota::QuotaRound, queries::quotas},
};

#[derive(Serialize)]
struct OwnView {
    nominations: Vec<OwnRow>,
}

#[derive(Serialize)]
struct OwnRow {
    title: String,
    state: Tag,
    holder: Holder,
    steps: Vec<StepView>,
    /// The class, once there is a place in it.
    class: Option<String>,
}

type Found = (Nomination, QuotaRound, Unit, Option<i64>, Option<String>);

pub async fn show(app: web::Data<App>, page: Page, who: SignedIn) -> Result<HttpResponse> {
    let person = who.id();
    let found = app
        .db
        .read(move |c| {
            let mut found = Vec::new();
            for (nomination, round) in queries::of_person(c, person)? {
                let place = match nomination.state {
                    NominationState::Waiting => Some(queries::waiting_place(c, &nomination)?),
                    _ => None,
                };
                let unit: UnitId = quotas::quota(c, nomination.quota_id)?.unit_id;
                let unit = organisations::unit(c, unit)?;
                let class = match (round.run_id, nomination.state) {
                    (Some(run), NominationState::Approved) => Some(format!("/lop/{}", learning::run(c, run)?.code)),
                    _ => None,
                };
                found.push((nomination, round, unit, place, class));
            }
            Ok::<_, Error>(found)
        })
        .await?;
    let row = |(nomination, round, unit, place, class): Found| OwnRow {
        title: title(&page, &round),
        state: state_tag(&page, nomination.state),
        holder: holder(&page, &nomination, unit.name(page.locale()), place),
        steps: steps(&page, nomination.state),
        class,
    };
    page.html("programmes/own", &OwnView { nominations: found.into_iter().map(row).collect() })
}
