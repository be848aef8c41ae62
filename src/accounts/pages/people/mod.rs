//! The people of an agency: the list, a new person, one person and what can be done for them.

mod access;
mod create;
mod list;
mod place;
mod show;

use actix_web::web;
use chrono::NaiveDate;

use crate::{
    access::{Category, Reach, UnitId},
    accounts::{
        forms::{UnitAsked, UnitField},
        model::{Person, PersonState},
        queries::directory,
    },
    app::App,
    platform::{
        clock::local_day,
        db::DbConn,
        error::Result,
        http::{Choice, Crumb, Page, Tag},
        i18n::Message,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/nguoi").get(list::show))
        .service(web::resource("/nguoi/moi").get(create::form).post(create::submit))
        .service(web::resource("/nguoi/{code}").get(show::show))
        .service(web::resource("/nguoi/{code}/loi-moi").post(access::invite))
        .service(web::resource("/nguoi/{code}/phieu").post(access::slip))
        .service(web::resource("/nguoi/{code}/khoa").get(access::lock_form).post(access::lock))
        .service(web::resource("/nguoi/{code}/mo-khoa").post(access::unlock))
        .service(web::resource("/nguoi/{code}/vai-tro").get(access::role_form).post(access::grant))
        .service(web::resource("/nguoi/{code}/vai-tro/{grant}/ket-thuc").post(access::take))
        .service(web::resource("/nguoi/{code}/cong-tac").get(place::form).post(place::submit))
        .service(web::resource("/nguoi/{code}/cong-tac/{membership}/ket-thuc").get(place::end_form).post(place::end));
}

/// The list, and the person where the page is one of theirs.
fn crumbs(page: &Page, person: Option<&Person>) -> Vec<Crumb> {
    let list = Crumb::new(page.text("people-title"), "/nguoi");
    let person = person.map(|p| Crumb::new(p.full_name(), path(p)));
    std::iter::once(list).chain(person).collect()
}

fn path(person: &Person) -> String {
    format!("/nguoi/{}", person.code)
}

fn state_tag(page: &Page, state: PersonState) -> Tag {
    let (kind, key) = match state {
        PersonState::Invited => ("info", "people-state-invited"),
        PersonState::Active => ("good", "people-state-active"),
        PersonState::Disabled => ("bad", "people-state-disabled"),
    };
    Tag { kind, text: page.text(key) }
}

fn categories(page: &Page) -> Vec<Choice> {
    let label = |category: Category| page.text(Message::new(format!("accounts-category-{category}")));
    Category::ALL.iter().map(|category| Choice::new(category.as_str(), label(*category))).collect()
}

/// The fields for a unit within a reach, with what was typed so far.
async fn unit_field(app: &App, page: &Page, within: Within, asked: UnitAsked) -> Result<UnitField> {
    let (today, locale) = (local_day(app.now().0), page.locale());
    app.db
        .read(move |c| {
            let units = within.units(c, today)?;
            asked.field(c, units.as_deref(), today, locale)
        })
        .await
}

/// Where a unit may be chosen from.
#[derive(Clone)]
struct Within(Reach);

impl Within {
    fn units(&self, c: &mut DbConn, today: NaiveDate) -> Result<Option<Vec<UnitId>>> {
        directory::units_within(c, &self.0, today)
    }
}
