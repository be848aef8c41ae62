//! `/nguoi/{code}`: one person, where they work, what they may do, and what to do for them now.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::Serialize;

use super::{crumbs, state_tag};
use crate::{
    access::{Permission, Role},
    accounts::{
        actions::office,
        guards::PersonInReach,
        model::PersonState,
        queries::{directory, transfers},
    },
    app::App,
    organisations::{model::change::ChangeKind, queries::changes},
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, Result},
        http::{Crumb, Page, Tag},
        i18n::Message,
        text,
    },
};

#[derive(Serialize)]
struct PersonView {
    crumbs: Vec<Crumb>,
    code: String,
    name: String,
    birth_year: Option<i32>,
    state: Tag,
    is_locked: bool,
    has_come: bool,
    email: Option<String>,
    phone: Option<String>,
    user_name: Option<String>,
    memberships: Vec<PlaceRow>,
    roles: Vec<RoleRow>,
    can_manage: bool,
    can_invite: bool,
    can_print: bool,
    /// A slip of somebody with a role is the affair of those who grant roles.
    slip_elsewhere: bool,
    governs: bool,
    is_self: bool,
    audit: Option<String>,
}

#[derive(Serialize)]
struct PlaceRow {
    id: i64,
    unit: String,
    position: String,
    category: String,
    from: NaiveDate,
    to: Option<NaiveDate>,
    can_end: bool,
    /// By which document it began, and the change of organisation that brought it.
    decision: Option<String>,
    change: Option<String>,
}

#[derive(Serialize)]
struct RoleRow {
    grant: i64,
    label: String,
    unit: Option<String>,
    since: Moment,
}

pub async fn show(app: web::Data<App>, page: Page, seen: PersonInReach) -> Result<HttpResponse> {
    let PersonInReach { who, person, can_manage } = seen;
    let (now, id) = (app.now(), person.id);
    let today = local_day(now.0);
    if who.authority().has_role(Role::Auditor) {
        let by = who.actor();
        app.db.write("accounts.look-up", move |c| office::note_look_up(c, &by, now, Some(id), "")).await?;
    }
    let reach = who.authority().reach(Permission::ManagePeople);
    let (places, roles, decisions, changes) = app
        .db
        .read(move |c| {
            let within = directory::units_within(c, &reach, today)?;
            let places: Vec<_> = directory::history(c, id)?
                .into_iter()
                .map(|(m, unit)| {
                    let can_end = m.valid_to.is_none() && within.as_ref().is_none_or(|ids| ids.contains(&m.unit_id));
                    (m, unit, can_end)
                })
                .collect();
            let decisions = transfers::decisions(c, id)?;
            let named: Vec<_> = decisions.values().filter_map(|(change, _)| *change).collect();
            let changes = changes::by_ids(c, &named)?;
            Ok::<_, Error>((places, directory::roles(c, id)?, decisions, changes))
        })
        .await?;
    let locale = page.locale();
    let reorganises = who.may(Permission::ManageOrganisations);
    let governs = who.may(Permission::ManageRoles);
    let open = person.state != PersonState::Disabled;
    let may_print = governs || roles.is_empty();
    let view = PersonView {
        crumbs: crumbs(&page, None),
        name: person.full_name(),
        birth_year: person.birth_year,
        state: state_tag(&page, person.state),
        is_locked: !open,
        has_come: person.state == PersonState::Active,
        phone: person.phone.as_deref().map(text::phone_shown),
        memberships: places
            .into_iter()
            .map(|(m, unit, can_end)| {
                let (change, decision) = decisions.get(&m.id.0).cloned().unwrap_or_default();
                let change = change.and_then(|id| changes.get(&id));
                let decision = decision.or_else(|| change.map(|change| change.document.number.clone()));
                PlaceRow {
                    id: m.id.0,
                    unit: unit.map(|unit| unit.name(locale).to_owned()).unwrap_or_default(),
                    position: m.position,
                    category: page.text(Message::new(format!("accounts-category-{}", m.category))),
                    from: m.valid_from,
                    to: m.valid_to,
                    can_end: can_end && can_manage,
                    decision: decision.map(|text| page.text(Message::new("people-by-decision").with("decision", text))),
                    change: change
                        .filter(|change| reorganises || change.kind != ChangeKind::Transfer)
                        .map(|change| change.path()),
                }
            })
            .collect(),
        roles: roles
            .into_iter()
            .map(|held| RoleRow {
                grant: held.grant,
                label: page.text(Message::new(format!("accounts-role-{}", held.role))),
                unit: held.unit.map(|unit| unit.name(locale).to_owned()),
                since: held.since,
            })
            .collect(),
        can_manage,
        can_invite: can_manage && person.state == PersonState::Invited && person.email.is_some(),
        can_print: can_manage && open && may_print,
        slip_elsewhere: can_manage && open && !may_print,
        governs,
        is_self: who.id() == id,
        audit: who.may(Permission::SeeAudit).then(|| format!("/nhat-ky?loai=people&ma={id}")),
        code: person.code,
        email: person.email,
        user_name: person.user_name,
    };
    page.html("accounts/person", &view)
}
