//! `/nguoi`: whom the one signed in may see, by given name, with a search that needs no marks.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::{path, state_tag};
use crate::{
    access::{Permission, Role},
    accounts::{SignedIn, actions::office, queries::directory},
    app::App,
    platform::{
        clock::local_day,
        error::Result,
        http::{FormView, Page, Pages, Tag, address},
        i18n::Message,
        text,
    },
};

const A_PAGE: i64 = 50;
/// Nobody turns more pages than this; a search is quicker.
const LAST_PAGE: i64 = 100_000;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    tim: String,
    trang: Option<i64>,
}

#[derive(Serialize)]
struct ListView {
    form: FormView,
    searched: bool,
    /// How many there are, in words.
    caption: String,
    people: Vec<Row>,
    pages: Pages,
    can_create: bool,
}

#[derive(Serialize)]
struct Row {
    href: String,
    name: String,
    birth_year: Option<i32>,
    unit: Option<String>,
    position: Option<String>,
    state: Tag,
}

pub async fn show(app: web::Data<App>, page: Page, who: SignedIn, asked: web::Query<Asked>) -> Result<HttpResponse> {
    let reach = who.require(Permission::SeePeople)?;
    let now = app.now();
    let today = local_day(now.0);
    let typed: String = text::tidy(&asked.tim).chars().take(100).collect();
    let number = asked.trang.unwrap_or(1).clamp(1, LAST_PAGE);
    // Each look-up of personal data by an auditor is itself in the log.
    if who.authority().has_role(Role::Auditor) {
        let (by, typed) = (who.actor(), typed.clone());
        app.db.write("accounts.look-up", move |c| office::note_look_up(c, &by, now, None, &typed)).await?;
    }
    let search = typed.clone();
    let (total, found) = app
        .db
        .read(move |c| {
            let within = directory::units_within(c, &reach, today)?;
            directory::list(c, within.as_deref(), today, &search, (number - 1) * A_PAGE, A_PAGE)
        })
        .await?;
    let row = |listed: directory::Listed| Row {
        href: path(&listed.person),
        name: listed.person.full_name(),
        birth_year: listed.person.birth_year,
        unit: listed.unit.map(|unit| unit.name(page.locale()).to_owned()),
        position: listed.position,
        state: state_tag(&page, listed.person.state),
    };
    let people: Vec<Row> = found.into_iter().map(row).collect();
    let shown = text::number(total, page.locale());
    let caption = Message::new(if typed.is_empty() { "people-count" } else { "people-found" }).with("count", shown);
    let view = ListView {
        form: FormView::with([("tim", typed.clone())]),
        searched: !typed.is_empty(),
        caption: page.text(caption),
        pages: pages(&page, &typed, number, total),
        people,
        can_create: who.may(Permission::ManagePeople),
    };
    page.html("accounts/people", &view)
}

fn pages(page: &Page, typed: &str, number: i64, total: i64) -> Pages {
    let to = |wanted: i64| address("/nguoi", &[("tim", typed), ("trang", &wanted.to_string())]);
    Pages::of(page, number, total, A_PAGE, to)
}
