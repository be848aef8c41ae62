//! `/de-cu/{round}/duyet`: one decision about many nominations. Each is decided in a transaction of its own, so that one that cannot be
//! approved does not hold the others up; the units are told once, after all of them.

use actix_web::{HttpResponse, http::StatusCode, web};

use super::round::render;
use crate::{
    accounts::queries as accounts,
    app::App,
    platform::{
        db::DbConn,
        error::{Error, FieldErrors, Result},
        http::{Input, Page},
        i18n::Message,
        text,
    },
    programmes::{
        actions::{self, Approved, Told},
        guards::DeciderOf,
        model::{Nomination, NominationId},
        queries,
    },
};

/// So many nominations are decided at once.
const AT_ONCE: usize = 300;

pub async fn submit(app: web::Data<App>, page: Page, decider: DeciderOf, input: Input) -> Result<HttpResponse> {
    let ids: Vec<NominationId> =
        input.all("chon").filter_map(|id| id.parse().ok()).map(NominationId).take(AT_ONCE).collect();
    let (kind, reason) = (input.text("viec"), input.text("reason"));
    let mut errors = FieldErrors::default();
    if ids.is_empty() {
        errors.add("", "programmes-none-chosen");
    }
    if !["duyet", "tra-lai", "tu-choi"].contains(&kind.as_str()) {
        errors.add("", "programmes-no-decision");
    } else if kind != "duyet" && reason.is_empty() {
        errors.add("reason", "programmes-reason-missing");
    }
    if reason.chars().count() > 500 {
        errors.add("reason", "people-reason-long");
    }
    let mut done = Done::default();
    if errors.is_empty() {
        for id in ids {
            one(&app, &page, &decider, &kind, &reason, id, &mut done, &mut errors).await?;
        }
        tell(&app, &done).await?;
    }
    if errors.is_empty() {
        let count = |list: &Vec<Nomination>| text::number(i64::try_from(list.len()).unwrap_or(0), page.locale());
        let said = match kind.as_str() {
            "duyet" => Message::new("programmes-approved")
                .with("approved", count(&done.approved))
                .with("waiting", count(&done.waiting)),
            "tra-lai" => Message::new("programmes-returned").with("count", count(&done.returned)),
            _ => Message::new("programmes-rejected").with("count", count(&done.rejected)),
        };
        return Ok(page.go_saying(&format!("/de-cu/{}", decider.round.code), "good", said));
    }
    let form = page.form(&input, &errors);
    render(&app, &page, &decider.who, decider.round, "", StatusCode::UNPROCESSABLE_ENTITY, form).await
}

#[derive(Default)]
struct Done {
    approved: Vec<Nomination>,
    waiting: Vec<Nomination>,
    returned: Vec<Nomination>,
    rejected: Vec<Nomination>,
}

#[expect(
    clippy::too_many_arguments,
    reason = "one decision needs all that the form said, and two places to note what came of it"
)]
async fn one(
    app: &App,
    page: &Page,
    decider: &DeciderOf,
    kind: &str,
    reason: &str,
    id: NominationId,
    done: &mut Done,
    errors: &mut FieldErrors,
) -> Result<()> {
    let (now, by, round) = (app.now(), decider.who.actor(), decider.round.id);
    let (kind, reason) = (kind.to_owned(), reason.to_owned());
    let kind_done = kind.clone();
    // A nomination of another round does not exist here.
    let of_round = move |c: &mut DbConn| match queries::nomination(c, id)? {
        nomination if nomination.round_id == round => Ok(nomination),
        _ => Err(Error::NotFound),
    };
    let decided = app
        .db
        .write("programmes.decide", move |c| {
            let nomination = of_round(c)?;
            let outcome = match kind.as_str() {
                "duyet" => Some(actions::approve(c, &by, now, id)?),
                "tra-lai" => {
                    actions::give_back(c, &by, now, id, &reason)?;
                    None
                }
                _ => {
                    actions::reject(c, &by, now, id, &reason)?;
                    None
                }
            };
            Ok::<_, Error>((nomination, outcome))
        })
        .await;
    match decided {
        Ok((nomination, Some(Approved::Seated))) => done.approved.push(nomination),
        Ok((nomination, Some(Approved::Waiting))) => done.waiting.push(nomination),
        Ok((nomination, None)) if kind_done == "tra-lai" => done.returned.push(nomination),
        Ok((nomination, None)) => done.rejected.push(nomination),
        Err(Error::Refused(why)) => {
            let name = app
                .db
                .read(move |c| {
                    let person = queries::nomination(c, id)?.person_id;
                    Ok::<_, Error>(accounts::person(c, person)?.full_name())
                })
                .await?;
            let why = page.text(why);
            errors.add("", Message::new("programmes-refused-row").with("name", name).with("reason", why));
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

async fn tell(app: &App, done: &Done) -> Result<()> {
    let now = app.now();
    let lists = [
        (Told::Approved, done.approved.clone()),
        (Told::Waiting, done.waiting.clone()),
        (Told::Returned, done.returned.clone()),
        (Told::Rejected, done.rejected.clone()),
    ];
    app.db
        .write("programmes.tell", move |c| {
            for (what, list) in lists {
                actions::tell_unit(c, now, &list, what)?;
            }
            Ok(())
        })
        .await
}
