//! The sessions of a class: for a learner with where they sit and whether they came, for those who run it with how far the lists are.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::{crumbs, kind_name, list_tag, state_tag};
use crate::{
    app::App,
    events::{
        model::{ListState, Mark, Session, SessionState},
        queries,
    },
    learning::{guards::VisitorOf, model::Phase},
    platform::{
        as_i64,
        error::{Error, Result},
        http::{Crumb, Page, Tag},
        i18n::Message,
        text::span,
    },
};

#[derive(Serialize)]
struct ListView {
    code: String,
    title: String,
    crumbs: Vec<Crumb>,
    rows: Vec<RowView>,
    can_plan: bool,
    /// How many must be attended, and how many this learner has attended.
    asked: Option<String>,
}

#[derive(Serialize)]
struct RowView {
    href: String,
    title: String,
    when: String,
    kind: String,
    sites: String,
    state: Tag,
    /// What the confirmed list says about this learner.
    mark: Option<Tag>,
    /// How far the lists are, for those who see the class.
    lists: Option<String>,
}

pub async fn show(app: web::Data<App>, page: Page, visitor: VisitorOf) -> Result<HttpResponse> {
    let VisitorOf { run, enrolment, rights, .. } = visitor;
    let sees = rights.see || rights.manage;
    if enrolment.is_none() && !sees {
        return Err(Error::Forbidden);
    }
    let (id, own) = (run.id, enrolment.as_ref().map(|enrolment| enrolment.id));
    let (sessions, sites, states, attended, marks) = app
        .db
        .read(move |c| {
            let sessions = queries::sessions(c, id)?;
            let ids: Vec<_> = sessions.iter().map(|session| session.id).collect();
            let sites = queries::sites_of(c, &ids)?;
            let site_ids: Vec<_> = sites.values().flatten().map(|site| site.id).collect();
            let states = queries::states(c, &site_ids)?;
            let attended = queries::attended_by(c, &ids)?;
            let marks = own.map(|own| queries::own_marks(c, own)).transpose()?.unwrap_or_default();
            Ok::<_, Error>((sessions, sites, states, attended, marks))
        })
        .await?;
    let row = |session: &Session| {
        let sites = sites.get(&session.id).map_or(&[][..], Vec::as_slice);
        let confirmed = sites.iter().filter(|site| states.get(&site.id) == Some(&ListState::Confirmed)).count();
        let counted = attended.get(&session.id).copied().unwrap_or_default();
        let lists = || {
            let said = Message::new("events-lists-state").with("confirmed", as_i64(confirmed));
            page.text(
                said.with("sites", as_i64(sites.len()))
                    .with("attended", counted.attended)
                    .with("listed", counted.listed),
            )
        };
        let waits = sites.iter().any(|site| states.get(&site.id) == Some(&ListState::Submitted));
        let state = match session.state {
            SessionState::Cancelled => state_tag(&page, session.state),
            _ if sees && waits => list_tag(&page, Some(ListState::Submitted)),
            state => state_tag(&page, state),
        };
        RowView {
            href: session.path(&run.code),
            title: session.title.clone(),
            when: span(session.starts_at.0, session.ends_at.0),
            kind: kind_name(&page, session.kind),
            sites: page.text(Message::new("events-sites-count").with("count", as_i64(sites.len()))),
            state,
            mark: marks.get(&session.id).map(|mark| mark_tag(&page, *mark)),
            lists: (sees && session.state != SessionState::Cancelled).then(lists),
        }
    };
    let asked = enrolment.as_ref().zip(run.sessions_owed()).map(|(enrolment, needed)| {
        page.text(Message::new("learning-attendance-owed").with("attended", enrolment.attended).with("needed", needed))
    });
    let view = ListView {
        crumbs: crumbs(&page, &run, false),
        rows: sessions.iter().map(row).collect(),
        can_plan: rights.manage && run.phase(app.now()) != Phase::Over,
        asked,
        code: run.code,
        title: run.title,
    };
    page.html("events/list", &view)
}

pub fn mark_tag(page: &Page, mark: Mark) -> Tag {
    let kind = match mark {
        Mark::Present => "good",
        Mark::Late => "info",
        Mark::Absent => "bad",
    };
    Tag { kind, text: page.text(Message::new(format!("events-mark-{mark}"))) }
}
