//! `/de-cu/{round}`: all nominations of a round, for those who decide. A unit is led to its own.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::{Deserialize, Serialize};

use super::{Holder, first_crumb, holder, state_tag, title};
use crate::{
    access::Permission,
    accounts::{SignedIn, queries::directory},
    app::App,
    organisations::queries as organisations,
    platform::{
        clock::local_day,
        error::{Error, Result},
        http::{Crumb, FormView, Page, Tag},
        i18n::Message,
    },
    programmes::{
        model::{NominationState, quota_path},
        queries,
    },
    targets::{model::quota::QuotaRound, queries::quotas},
};

/// Nominations on one page; beyond that some are decided first.
const SHOWN: i64 = 300;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    xem: String,
}

#[derive(Serialize)]
struct RoundView {
    crumbs: Vec<Crumb>,
    path: String,
    title: String,
    is_open: bool,
    total: i64,
    approved: i64,
    waiting: i64,
    to_decide: i64,
    rules: Vec<String>,
    tabs: Vec<Tab>,
    xem: String,
    /// May say whom the round is for.
    rules_it: bool,
    /// The form is shown.
    decides: bool,
    rows: Vec<Row>,
    form: FormView,
}

#[derive(Serialize)]
struct Tab {
    href: String,
    label: String,
    is_current: bool,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    href: String,
    name: String,
    birth_year: Option<i32>,
    position: String,
    category: String,
    agency: String,
    agency_href: String,
    /// Free seats of the agency's quota.
    left: i64,
    letter: Option<LetterView>,
    state: Tag,
    holder: Holder,
    can_decide: bool,
}

#[derive(Serialize)]
struct LetterView {
    href: String,
    number: String,
    dated: chrono::NaiveDate,
}

/// What is shown: what waits for a decision first, then by state.
fn states(asked: &str) -> (Vec<NominationState>, &'static str) {
    use NominationState as S;
    match asked {
        "waiting" => (vec![S::Waiting], "waiting"),
        "approved" => (vec![S::Approved], "approved"),
        "unit" => (vec![S::Drafted, S::Returned], "unit"),
        "over" => (vec![S::Rejected, S::Withdrawn, S::Replaced], "over"),
        _ => (vec![S::Submitted, S::Endorsed], ""),
    }
}

pub async fn show(
    app: web::Data<App>,
    page: Page,
    who: SignedIn,
    round: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse> {
    let reach = who.require(Permission::SeeNominations)?;
    let (today, code) = (local_day(app.now().0), round.into_inner());
    let (round, own) = app
        .db
        .read(move |c| {
            let round = quotas::round_by_code(c, &code)?;
            let Some(within) = directory::units_within(c, &reach, today)? else { return Ok((round, None)) };
            let mut own = Vec::new();
            for (other, quota) in queries::quotas_within(c, Some(&within))? {
                if other.id == round.id {
                    own.push(organisations::unit(c, quota.unit_id)?.code);
                }
            }
            Ok::<_, Error>((round, Some(own)))
        })
        .await?;
    match own {
        None => {
            super::note_look_up(&app, &who, None, &round.code).await?;
            render(&app, &page, &who, round, &asked.xem, StatusCode::OK, FormView::default()).await
        }
        // A unit without seats in it knows of no such round.
        Some(units) => match units.as_slice() {
            [] => Err(Error::NotFound),
            [unit] => Ok(page.go(&quota_path(&round.code, unit))),
            _ => Ok(page.go("/de-cu")),
        },
    }
}

pub(super) async fn render(
    app: &App,
    page: &Page,
    who: &SignedIn,
    round: QuotaRound,
    asked: &str,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let (states, xem) = states(asked);
    let (id, locale) = (round.id, page.locale());
    let (counts, rules, rows) = app
        .db
        .read(move |c| {
            let counts = queries::counts_of_round(c, id)?;
            let rules = queries::rules(c, id)?;
            let list = queries::of_round(c, id, &states, None, SHOWN)?;
            let mut rows = Vec::with_capacity(list.len());
            for (nomination, person) in list {
                let quota = quotas::quota(c, nomination.quota_id)?;
                let unit = organisations::unit(c, quota.unit_id)?;
                let place = match nomination.state {
                    NominationState::Waiting => Some(queries::waiting_place(c, &nomination)?),
                    _ => None,
                };
                let letter = nomination.letter_id.map(|letter| queries::letter(c, quota.id, letter)).transpose()?;
                rows.push((nomination, person, quota, unit, place, letter));
            }
            Ok::<_, Error>((counts, rules, rows))
        })
        .await?;
    let of = |wanted: &[NominationState]| wanted.iter().filter_map(|state| counts.get(state)).sum::<i64>();
    use NominationState as S;
    let path = format!("/de-cu/{}", round.code);
    let tab = |value: &str, key: &'static str, wanted: &[S]| Tab {
        href: if value.is_empty() { path.clone() } else { format!("{path}?xem={value}") },
        label: page.text(Message::new(key).with("count", of(wanted))),
        is_current: value == xem,
    };
    let decides = who.may(Permission::DecideNominations) && round.is_open();
    let from = rules.decided_from();
    let view = RoundView {
        crumbs: vec![first_crumb(page)],
        title: title(page, &round),
        is_open: round.is_open(),
        total: round.total,
        approved: of(&[S::Approved]),
        waiting: of(&[S::Waiting]),
        to_decide: of(&[S::Submitted, S::Endorsed]),
        rules: super::rules::in_words(page, &rules),
        tabs: vec![
            tab("", "programmes-tab-decide", &[S::Submitted, S::Endorsed]),
            tab("waiting", "programmes-tab-waiting", &[S::Waiting]),
            tab("approved", "programmes-tab-approved", &[S::Approved]),
            tab("unit", "programmes-tab-unit", &[S::Drafted, S::Returned]),
            tab("over", "programmes-tab-over", &[S::Rejected, S::Withdrawn, S::Replaced]),
        ],
        xem: xem.to_owned(),
        rules_it: who.may(Permission::DecideNominations),
        decides: decides && xem.is_empty() && !rows.is_empty(),
        rows: rows
            .into_iter()
            .map(|(nomination, person, quota, unit, place, letter)| {
                let agency_href = quota_path(&round.code, &unit.code);
                let agency = unit.name(locale).to_owned();
                Row {
                    id: nomination.id.0,
                    href: format!("{agency_href}/ho-so/{}", nomination.code),
                    name: person.full_name(),
                    birth_year: person.birth_year,
                    category: page.text(Message::new(format!("accounts-category-{}", nomination.category))),
                    left: quota.left(),
                    letter: letter.map(|letter| LetterView {
                        href: format!("{agency_href}/cong-van/{}", letter.id),
                        number: letter.number,
                        dated: letter.dated,
                    }),
                    state: state_tag(page, nomination.state),
                    holder: holder(page, &nomination, &agency, place),
                    can_decide: nomination.state == from,
                    position: nomination.position,
                    agency,
                    agency_href,
                }
            })
            .collect(),
        form,
        path,
    };
    page.html_as(status, "programmes/round", &view)
}
