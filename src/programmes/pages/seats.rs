//! `/de-cu/{round}/{unit}`: what a unit has in a round, whom it nominated, and how to nominate more.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Holder, first_crumb, holder, state_tag, title};
use crate::{
    access::UnitId,
    accounts::{
        model::{Person, import::ImportPurpose},
        queries::{self as accounts, directory},
    },
    app::App,
    organisations::queries as organisations,
    platform::{
        as_i64,
        clock::local_day,
        db::DbConn,
        error::{Error, Result},
        http::{Crumb, FormView, Input, Page, Tag},
        i18n::Message,
        text,
    },
    programmes::{
        actions,
        guards::{NominatorOf, SeatsOf},
        model::{Nomination, NominationState, Nominee, quota_path},
        queries,
    },
    targets::model::quota::{Quota, QuotaRound},
};

/// So many people found are offered.
const FOUND: i64 = 15;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    tim: String,
}

#[derive(Serialize)]
struct SeatsView {
    crumbs: Vec<Crumb>,
    path: String,
    title: String,
    unit: String,
    is_open: bool,
    amount: i64,
    taken: i64,
    left: i64,
    waiting: i64,
    deadline: Option<NaiveDate>,
    is_late: bool,
    rules: Vec<String>,
    /// In the hands of the unit, and how many of them are more than there are seats.
    ready: i64,
    over: i64,
    rows: Vec<Row>,
    nominates: bool,
    form: FormView,
    searched: bool,
    found: Vec<FoundRow>,
    purpose: &'static str,
    subject: String,
    unit_code: String,
}

#[derive(Serialize)]
struct Row {
    href: String,
    name: String,
    birth_year: Option<i32>,
    position: String,
    unit: String,
    state: Tag,
    holder: Holder,
    reason: String,
}

/// Somebody found, and what speaks against nominating them.
#[derive(Serialize)]
struct FoundRow {
    code: String,
    name: String,
    birth_year: Option<i32>,
    position: String,
    unit: String,
    against: Vec<String>,
}

/// The order in which a unit has to do with its nominations.
fn order(state: NominationState) -> usize {
    use NominationState as S;
    let order = [
        S::Returned,
        S::Drafted,
        S::Submitted,
        S::Endorsed,
        S::Waiting,
        S::Approved,
        S::Rejected,
        S::Replaced,
        S::Withdrawn,
    ];
    order.iter().position(|known| *known == state).unwrap_or(order.len())
}

pub async fn show(app: web::Data<App>, page: Page, seats: SeatsOf, asked: web::Query<Asked>) -> Result<HttpResponse> {
    super::note_look_up(&app, &seats.who, None, &format!("{} {}", seats.round.code, seats.unit.code)).await?;
    let typed: String = text::tidy(&asked.tim).chars().take(100).collect();
    let (now, today, locale) = (app.now(), local_day(app.now().0), page.locale());
    let (round, quota, searched) = (seats.round.clone(), seats.quota.clone(), typed.clone());
    let may_search = seats.nominates && round.is_open() && !typed.is_empty();
    let (rows, rules, found) = app
        .db
        .read(move |c| {
            let mut rows = Vec::new();
            let list = queries::of_quota(c, quota.id)?;
            let units: Vec<UnitId> = list.iter().map(|(nomination, _)| nomination.unit_id).collect();
            let units = organisations::by_ids(c, &units)?;
            for (nomination, person) in list {
                let place = match nomination.state {
                    NominationState::Waiting => Some(queries::waiting_place(c, &nomination)?),
                    _ => None,
                };
                let reason = queries::history(c, nomination.id)?.pop().map(|event| event.reason).unwrap_or_default();
                let unit = units.get(&nomination.unit_id).map(|unit| unit.name(locale).to_owned());
                rows.push((nomination, person, place, reason, unit.unwrap_or_default()));
            }
            rows.sort_by_key(|(nomination, _, place, ..)| (order(nomination.state), *place));
            let rules = queries::rules(c, round.id)?;
            let found = match may_search {
                true => {
                    let within = organisations::subtree_ids(c, &[quota.unit_id], today)?;
                    directory::list(c, Some(&within), today, &searched, 0, FOUND)?.1
                }
                false => Vec::new(),
            };
            let found = found
                .into_iter()
                .map(|listed| {
                    let against = against(c, now, &round, &quota, &listed.person)?;
                    Ok((listed, against))
                })
                .collect::<Result<Vec<_>>>()?;
            Ok::<_, Error>((rows, rules, found))
        })
        .await?;
    let unit = seats.unit.name(locale).to_owned();
    let (ready, waiting) = (
        rows.iter().filter(|(nomination, ..)| nomination.state.is_with_unit()).count(),
        rows.iter().filter(|(nomination, ..)| nomination.state == NominationState::Waiting).count(),
    );
    let asked_for = rows.iter().filter(|(n, ..)| n.state.is_with_unit() || n.state.is_to_decide()).count();
    let path = seats.path();
    let row = |(nomination, person, place, reason, at): (Nomination, Person, Option<i64>, String, String)| Row {
        href: format!("{path}/ho-so/{}", nomination.code),
        name: person.full_name(),
        birth_year: person.birth_year,
        state: state_tag(&page, nomination.state),
        holder: holder(&page, &nomination, &unit, place),
        position: nomination.position,
        unit: at,
        reason,
    };
    let rows: Vec<Row> = rows.into_iter().map(row).collect();
    let deadline = seats.quota.deadline.or(seats.round.deadline);
    let left = seats.quota.left();
    let view = SeatsView {
        crumbs: crumbs(&page, &seats),
        title: title(&page, &seats.round),
        is_open: seats.round.is_open(),
        amount: seats.quota.amount - seats.quota.passed_on,
        taken: seats.quota.taken,
        left,
        waiting: as_i64(waiting),
        is_late: deadline.is_some_and(|day| day < today),
        deadline,
        rules: super::rules::in_words(&page, &rules),
        ready: as_i64(ready),
        over: (as_i64(asked_for) - left).max(0),
        rows,
        nominates: seats.nominates && seats.round.is_open(),
        form: FormView::with([("tim", typed.clone())]),
        searched: may_search,
        found: found
            .into_iter()
            .map(|(listed, against)| FoundRow {
                code: listed.person.code.clone(),
                name: listed.person.full_name(),
                birth_year: listed.person.birth_year,
                position: listed.position.unwrap_or_default(),
                unit: listed.unit.map(|unit| unit.name(locale).to_owned()).unwrap_or_default(),
                against: against.iter().map(|said| page.text(said.clone())).collect(),
            })
            .collect(),
        purpose: ImportPurpose::Nominate.as_str(),
        subject: format!("{}/{}", seats.round.code, seats.unit.code),
        unit_code: seats.unit.code.clone(),
        unit,
        path,
    };
    page.html("programmes/seats", &view)
}

/// The nominations, and the round for those who decide about it.
pub(super) fn crumbs(page: &Page, seats: &SeatsOf) -> Vec<Crumb> {
    let mut way = vec![first_crumb(page)];
    if seats.decides {
        way.push(Crumb::new(title(page, &seats.round), format!("/de-cu/{}", seats.round.code)));
    }
    way
}

fn against(
    c: &mut DbConn,
    now: crate::platform::db::Moment,
    round: &QuotaRound,
    quota: &Quota,
    person: &Person,
) -> Result<Vec<Message>> {
    let Some(place) = accounts::membership_on(c, person.id, local_day(now.0))? else {
        return Ok(vec![Message::new("programmes-not-of-unit")]);
    };
    let nominee =
        Nominee { person: Some(person.id), unit: place.unit_id, position: place.position, category: place.category };
    Ok(queries::against(c, now, round, quota, &nominee)?.iter().map(|reason| reason.message()).collect())
}

/// Nominates somebody who was found. Who is not of the unit does not exist for it.
pub async fn nominate(app: web::Data<App>, page: Page, nominator: NominatorOf, input: Input) -> Result<HttpResponse> {
    let seats = nominator.0;
    let (now, by, code) = (app.now(), seats.who.actor(), input.text("person"));
    let (round, quota) = (seats.round.clone(), seats.quota.clone());
    let person = app
        .db
        .write("programmes.nominate", move |c| {
            let person = accounts::person_by_code(c, &code)?.ok_or(Error::NotFound)?;
            let reach = crate::access::Reach::Under(vec![quota.unit_id]);
            if !directory::is_within(c, &reach, person.id, local_day(now.0))? {
                return Err(Error::NotFound);
            }
            actions::nominate(c, &by, now, &round, &quota, person.id)?;
            Ok(person)
        })
        .await?;
    let said = Message::new("programmes-nominated").with("name", person.full_name());
    Ok(page.go_saying(&quota_path(&seats.round.code, &seats.unit.code), "good", said))
}
