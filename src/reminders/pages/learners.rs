//! Learners whose class ends soon or has ended, within what one may see.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{batch_path, chosen};
use crate::{
    access::{Permission, Reach},
    accounts::{SignedIn, queries::directory},
    app::App,
    platform::{
        clock::local_day,
        db::Moment,
        error::{Error, Result},
        http::{Input, Page, Pages, Tag, page_number},
        i18n::{Locale, Message},
    },
    reminders::{
        actions,
        model::{BatchKind, Late},
        queries::{self, A_PAGE},
    },
    targets::{
        model::{Metric, TargetState},
        queries as targets,
    },
};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    trang: Option<i64>,
}

#[derive(Serialize)]
struct LearnersView {
    as_of: Moment,
    /// The targets that are running, for those who remind agencies.
    targets: Vec<Link>,
    rows: Vec<RowView>,
    total: i64,
    people: i64,
    pages: Pages,
}

#[derive(Serialize)]
struct Link {
    href: String,
    label: String,
}

#[derive(Serialize)]
struct RowView {
    code: String,
    name: String,
    birth_year: Option<i32>,
    unit: String,
    category: String,
    course: String,
    class: String,
    last_day: NaiveDate,
    due: Tag,
    was_reminded: bool,
}

fn row(page: &Page, late: Late, today: NaiveDate) -> RowView {
    let days = (late.last_day - today).num_days();
    let due = match days {
        0.. => Tag { kind: "warn", text: page.text(Message::new("reminders-due-in").with("days", days)) },
        _ => Tag { kind: "bad", text: page.text(Message::new("reminders-over-since").with("days", -days)) },
    };
    RowView {
        code: late.code,
        name: late.name,
        birth_year: late.birth_year,
        unit: late.unit.map(|unit| unit.name(page.locale()).to_owned()).unwrap_or_default(),
        category: page.text(Message::new(format!("targets-category-{}", late.category))),
        course: late.course,
        class: late.title,
        last_day: late.last_day,
        due,
        was_reminded: late.was_reminded,
    }
}

pub async fn show(app: web::Data<App>, page: Page, who: SignedIn, asked: web::Query<Asked>) -> Result<HttpResponse> {
    let reach = who.require(Permission::Remind)?;
    let (now, number) = (app.now(), page_number(asked.trang));
    let today = local_day(now.0);
    let (running, (rows, total, people)) = app
        .db
        .read(move |c| {
            let mut running = match reach {
                Reach::Everywhere => targets::list(c, false)?,
                Reach::Under(_) | Reach::Nowhere => Vec::new(),
            };
            running.retain(|target| {
                target.state == TargetState::InForce
                    && target.period().contains(today)
                    && target.metric != Metric::Agencies
            });
            let within = directory::units_within(c, &reach, today)?;
            Ok::<_, Error>((running, queries::late(c, within.as_deref(), now, number)?))
        })
        .await?;
    let view = LearnersView {
        as_of: now,
        targets: running
            .into_iter()
            .map(|target| Link {
                href: format!("/don-doc/chi-tieu/{}", target.code),
                label: if page.locale() == Locale::Vi { target.title_vi } else { target.title_en },
            })
            .collect(),
        rows: rows.into_iter().map(|late| row(&page, late, today)).collect(),
        total,
        people,
        pages: Pages::of(&page, number, total, A_PAGE, |n| format!("/don-doc?trang={n}")),
    };
    page.html("reminders/learners", &view)
}

pub async fn send(app: web::Data<App>, page: Page, who: SignedIn, input: Input) -> Result<HttpResponse> {
    who.require(Permission::Remind)?;
    let Some(chosen) = chosen(&input) else {
        return Ok(page.go_saying("/don-doc", "warn", "reminders-none-chosen"));
    };
    let (now, by) = (app.now(), who.actor());
    let code =
        app.db.write("reminders.ask", move |c| actions::ask(c, &by, now, BatchKind::Learners, None, chosen)).await?;
    Ok(page.go(&batch_path(&code)))
}
