//! One session: when, where, what became of it; a learner chooses where to sit, those who run the class give seats and cancel.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;
use std::collections::BTreeMap;

use super::{crumbs, kind_name, list::mark_tag, list_tag, plan::told, sees_all, state_tag};
use crate::{
    access::PersonId,
    accounts::queries::{self as accounts, directory},
    app::App,
    events::{
        actions,
        guards::{SessionManager, SessionOf},
        model::{Happened, SessionState, Site},
        queries::{self, Event},
    },
    learning::{model::EnrolmentState, queries as learning},
    organisations::queries as organisations,
    platform::{
        db::Moment,
        error::{Error, FieldErrors, Result},
        http::{Choice, Crumb, FormView, Input, Page, Tag},
        i18n::Message,
        text::span,
    },
};

#[derive(Serialize)]
struct SessionView {
    crumbs: Vec<Crumb>,
    path: String,
    title: String,
    run: String,
    when: String,
    kind: String,
    state: Tag,
    cancelled: Option<String>,
    /// What the confirmed list says about this learner.
    mark: Option<Tag>,
    sites: Vec<SiteView>,
    /// Where this learner sits; they may choose another of the sites until it begins.
    seat: Option<String>,
    can_choose: bool,
    choices: Vec<Choice>,
    choose_form: FormView,
    can_manage: bool,
    is_open: bool,
    can_cancel: bool,
    can_give: bool,
    give_form: FormView,
    cancel_form: FormView,
    events: Vec<EventView>,
}

#[derive(Serialize)]
struct SiteView {
    number: i32,
    name: String,
    unit: String,
    place: String,
    /// Until the session is over.
    link: String,
    is_mine: bool,
    keeper: Option<String>,
    /// The page of its list, for those who see it.
    list: Option<String>,
    state: Option<Tag>,
}

#[derive(Serialize)]
struct EventView {
    what: String,
    at: Moment,
    by: String,
    reason: String,
    details: Vec<String>,
}

/// The forms of the page, of which one may have been refused.
#[derive(Default)]
struct Forms {
    choose: FormView,
    give: FormView,
    cancel: FormView,
}

pub async fn show(app: web::Data<App>, page: Page, seen: SessionOf) -> Result<HttpResponse> {
    render(&app, &page, &seen, StatusCode::OK, Forms::default()).await
}

async fn render(app: &App, page: &Page, seen: &SessionOf, status: StatusCode, forms: Forms) -> Result<HttpResponse> {
    let (now, session) = (app.now(), seen.session.clone());
    let asked = session.clone();
    let own = seen.enrolment.as_ref().map(|enrolment| (enrolment.id, enrolment.unit_id));
    let sites: Vec<_> = seen.sites.iter().map(|site| site.id).collect();
    let units: Vec<_> = seen.sites.iter().map(|site| site.unit_id).collect();
    let keepers: Vec<PersonId> = seen.sites.iter().map(|site| site.keeper).collect();
    let (states, units, seat, mark, events, names) = app
        .db
        .read(move |c| {
            let events = queries::events(c, asked.id)?;
            let who: Vec<PersonId> = keepers.into_iter().chain(events.iter().filter_map(|event| event.by)).collect();
            let names = directory::names(c, &who)?;
            let (seat, mark) = match own {
                Some((own, unit)) => {
                    let seating = queries::seating(c, &asked, &[unit])?;
                    let seat = seating.site_of(own, unit).map(|site| site.id);
                    (seat, queries::own_marks(c, own)?.get(&asked.id).copied())
                }
                None => (None, None),
            };
            let states = queries::states(c, &sites)?;
            Ok::<_, Error>((states, organisations::by_ids(c, &units)?, seat, mark, events, names))
        })
        .await?;
    let name = |id: PersonId| names.get(&id).map(|(_, name)| name.clone()).unwrap_or_default();
    let path = seen.path();
    let is_open = session.is_open(now);
    let view_site = |site: &Site| {
        let sees = seen.sees_list(site);
        SiteView {
            number: site.number,
            name: site.name.clone(),
            unit: units.get(&site.unit_id).map(|unit| unit.name(page.locale()).to_owned()).unwrap_or_default(),
            place: site.place.clone(),
            link: if now < session.ends_at { site.link.clone() } else { String::new() },
            is_mine: seat == Some(site.id),
            keeper: sees.then(|| name(site.keeper)),
            list: sees.then(|| site.path(&path)),
            state: sees.then(|| list_tag(page, states.get(&site.id).copied())),
        }
    };
    let cancelled = events.iter().find(|event| event.kind == Happened::Cancelled).map(|event| event.reason.clone());
    let tells = seen.rights.see || seen.rights.manage;
    let view = SessionView {
        crumbs: crumbs(page, &seen.run, sees_all(seen)),
        run: seen.run.title.clone(),
        when: span(session.starts_at.0, session.ends_at.0),
        kind: kind_name(page, session.kind),
        state: state_tag(page, session.state),
        cancelled,
        mark: mark.map(|mark| mark_tag(page, mark)),
        sites: seen.sites.iter().map(view_site).collect(),
        seat: seen.sites.iter().find(|site| Some(site.id) == seat).map(|site| site.name.clone()),
        can_choose: own.is_some() && is_open && seen.sites.len() > 1,
        choices: seen.sites.iter().map(|site| Choice::new(site.number.to_string(), site.name.clone())).collect(),
        choose_form: match (forms.choose, seen.sites.iter().find(|site| Some(site.id) == seat)) {
            (form, Some(site)) if form.values.is_empty() && form.errors.is_empty() => {
                FormView::with([("site", site.number.to_string())])
            }
            (form, _) => form,
        },
        can_manage: seen.rights.manage,
        is_open,
        can_cancel: seen.rights.manage && session.state == SessionState::Planned && states.is_empty(),
        can_give: seen.rights.manage && session.state != SessionState::Cancelled && seen.sites.len() > 1,
        give_form: forms.give,
        cancel_form: forms.cancel,
        events: events
            .into_iter()
            .filter(|_| tells)
            .map(|event| {
                let by = event.by.map(name).unwrap_or_default();
                event_view(page, event, by)
            })
            .collect(),
        title: session.title,
        path,
    };
    page.html_as(status, "events/session", &view)
}

fn event_view(page: &Page, event: Event, by: String) -> EventView {
    let details: BTreeMap<String, String> = serde_json::from_str(&event.details).unwrap_or_default();
    let said = |(key, value): (&String, &String)| {
        page.text(Message::new(format!("events-detail-{key}")).with("value", value.clone()))
    };
    EventView {
        what: page.text(Message::new(format!("events-happened-{}", event.kind))),
        at: event.recorded_at,
        by,
        reason: event.reason,
        details: details.iter().map(said).collect(),
    }
}

pub async fn cancel(app: web::Data<App>, page: Page, manager: SessionManager, input: Input) -> Result<HttpResponse> {
    let seen = manager.0;
    let (now, by, run, number) = (app.now(), seen.who.actor(), seen.run.id, seen.session.number);
    let reason = input.text("reason");
    let write = move |c: &mut _| actions::cancel(c, now, &by, run, number, &reason);
    match app.db.write("events.cancel", write).await {
        Ok(()) => Ok(page.go_saying(&seen.path(), "good", "events-cancelled")),
        Err(error) => {
            let (status, errors) = told(error)?;
            let cancel = page.form(&input, &errors);
            render(&app, &page, &seen, status, Forms { cancel, ..Forms::default() }).await
        }
    }
}

/// The number of the site that a form names.
fn site_number(input: &Input) -> Result<i32> {
    input.text("site").parse().map_err(|_| FieldErrors::one("site", "events-seat-missing"))
}

/// A learner chooses where to sit.
pub async fn choose(app: web::Data<App>, page: Page, seen: SessionOf, input: Input) -> Result<HttpResponse> {
    let Some(enrolment) = seen.enrolment.clone() else { return Err(Error::Forbidden) };
    let (now, by, run, number) = (app.now(), seen.who.actor(), seen.run.id, seen.session.number);
    let chosen = match site_number(&input) {
        Ok(site) => {
            let write = move |c: &mut _| actions::choose(c, now, &by, run, (number, site), &enrolment);
            app.db.write("events.choose", write).await
        }
        Err(error) => Err(error),
    };
    match chosen {
        Ok(site) => {
            Ok(page.go_saying(&seen.path(), "good", Message::new("events-seat-chosen").with("name", site.name)))
        }
        Err(error) => {
            let (status, errors) = told(error)?;
            let choose = page.form(&input, &errors);
            render(&app, &page, &seen, status, Forms { choose, ..Forms::default() }).await
        }
    }
}

/// Those who run the class give somebody a seat at a site.
pub async fn give(app: web::Data<App>, page: Page, manager: SessionManager, input: Input) -> Result<HttpResponse> {
    let seen = manager.0;
    let (now, by, run, number) = (app.now(), seen.who.actor(), seen.run.id, seen.session.number);
    let typed = input.text("person");
    let given = match site_number(&input) {
        Ok(site) => {
            let write = move |c: &mut _| {
                let unknown = || FieldErrors::one("person", "events-seat-unknown");
                let (person, _) = accounts::by_identifier(c, &typed)?.ok_or_else(unknown)?;
                let enrolment = learning::enrolment_of(c, run, person.id)?;
                let enrolment = enrolment.filter(|of| of.state == EnrolmentState::Active).ok_or_else(unknown)?;
                let site = actions::choose(c, now, &by, run, (number, site), &enrolment)?;
                Ok((person.full_name(), site))
            };
            app.db.write("events.give", write).await
        }
        Err(error) => Err(error),
    };
    match given {
        Ok((name, site)) => {
            let said = Message::new("events-seat-given").with("name", name).with("site", site.name);
            Ok(page.go_saying(&seen.path(), "good", said))
        }
        Err(error) => {
            let (status, errors) = told(error)?;
            let give = page.form(&input, &errors);
            render(&app, &page, &seen, status, Forms { give, ..Forms::default() }).await
        }
    }
}
