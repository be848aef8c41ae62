//! Sessions that somebody is expected at, and the lists that they keep.

use serde::Serialize;

use crate::{
    events::queries::{Coming, Desk},
    platform::text::span,
};

#[derive(Serialize)]
pub struct ComingView {
    href: String,
    title: String,
    class: String,
    when: String,
    site: String,
    place: String,
    link: String,
}

impl ComingView {
    pub fn new(coming: Coming) -> Self {
        let Coming { run, run_title, session } = coming;
        Self {
            href: format!("/lop/{run}/buoi/{}", session.number),
            title: session.title,
            class: run_title,
            when: span(session.starts_at.0, session.ends_at.0),
            site: session.site,
            place: session.place,
            link: session.link,
        }
    }
}

#[derive(Serialize)]
pub struct ListView {
    href: String,
    label: String,
}

impl ListView {
    pub fn new(list: &Desk) -> Self {
        Self { href: list.href.clone(), label: format!("{}, {}", list.session, list.site) }
    }
}
