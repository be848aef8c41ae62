//! What is done with a list: decided, confirmed, thrown away, taken back, slips printed.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::{crumbs, work_now};
use crate::{
    access::Permission,
    accounts::{
        actions::{import as actions, office},
        guards::ImportInReach,
        links,
        model::{
            Person, Purpose,
            import::{RowChoice, Uses},
        },
        queries::imports as queries,
    },
    app::App,
    platform::{
        db::Moment,
        error::{Error, Result},
        http::{Crumb, Input, Page},
        i18n::Message,
        text,
    },
};

/// The fields of rows that may be doubles.
pub const FIELD: &str = "dong-";

pub async fn choose(app: web::Data<App>, page: Page, found: ImportInReach, input: Input) -> Result<HttpResponse> {
    let choice = |(name, value): (&str, &str)| {
        let number: i64 = name.strip_prefix(FIELD)?.parse().ok()?;
        Some((number, RowChoice::parse(value)?))
    };
    let choices: Vec<(i64, RowChoice)> = input.pairs().filter_map(choice).collect();
    let (now, by, import) = (app.now(), found.who.actor(), found.import.clone());
    let changed =
        app.db.write("accounts.import-choose", move |c| actions::choose(c, &by, now, &import, &choices)).await?;
    let said = Message::new("import-chosen").with("count", i64::try_from(changed).unwrap_or_default());
    Ok(page.go_saying(&format!("{}?xem=likely", found.import.path()), "good", said))
}

pub async fn check_again(
    app: web::Data<App>,
    uses: web::Data<Uses>,
    page: Page,
    found: ImportInReach,
    _: Input,
) -> Result<HttpResponse> {
    let (now, import) = (app.now(), found.import.clone());
    app.db.write("accounts.import-check", move |c| actions::check_again(c, now, &import)).await?;
    work_now(&app, &uses, &found.import).await?;
    Ok(page.go(&found.import.path()))
}

pub async fn confirm(
    app: web::Data<App>,
    uses: web::Data<Uses>,
    page: Page,
    found: ImportInReach,
    input: Input,
) -> Result<HttpResponse> {
    let (now, by, import) = (app.now(), found.who.actor(), found.import.clone());
    let invites = input.text("invites") == "1";
    app.db.write("accounts.import-confirm", move |c| actions::confirm(c, &by, now, &import, invites)).await?;
    work_now(&app, &uses, &found.import).await?;
    Ok(page.go(&found.import.path()))
}

pub async fn discard(app: web::Data<App>, page: Page, found: ImportInReach, _: Input) -> Result<HttpResponse> {
    let (now, by, import) = (app.now(), found.who.actor(), found.import.clone());
    app.db.write("accounts.import-discard", move |c| actions::discard(c, &by, now, &import)).await?;
    Ok(page.go_saying(super::UPLOAD, "good", "import-discarded"))
}

pub async fn undo(
    app: web::Data<App>,
    uses: web::Data<Uses>,
    page: Page,
    found: ImportInReach,
    _: Input,
) -> Result<HttpResponse> {
    let (now, by, import) = (app.now(), found.who.actor(), found.import.clone());
    app.db.write("accounts.import-undo", move |c| actions::undo(c, &by, now, &import)).await?;
    work_now(&app, &uses, &found.import).await?;
    Ok(page.go(&found.import.path()))
}

/// Slips of one page to print.
const SLIPS: i64 = 30;

#[derive(Serialize)]
struct SlipsView {
    crumbs: Vec<Crumb>,
    href: String,
    address: String,
    until: Moment,
    slips: Vec<SlipView>,
}

#[derive(Serialize)]
struct SlipView {
    id: String,
    name: String,
    birth_year: Option<i32>,
    user_name: Option<String>,
    phone: Option<String>,
    slip: String,
}

/// The slips of those who have no address, shown in the answer to the order and never again: their codes are kept as hashes only.
pub async fn slips(app: web::Data<App>, page: Page, found: ImportInReach, _: Input) -> Result<HttpResponse> {
    let (now, by, id) = (app.now(), found.who.actor(), found.import.id);
    let governs = found.who.may(Permission::ManageRoles);
    let made: Vec<(Person, String)> = app
        .db
        .write("accounts.import-slips", move |c| {
            let due = queries::slips_due(c, id, now, SLIPS)?;
            let slip = |person: Person| -> Result<_> {
                let code = office::print_slip(c, &by, now, governs, &person)?;
                Ok((person, code))
            };
            due.into_iter().map(slip).collect::<Result<Vec<_>, Error>>()
        })
        .await?;
    if made.is_empty() {
        return Ok(page.go_saying(&found.import.path(), "info", "import-slips-none"));
    }
    let view = SlipsView {
        crumbs: crumbs(&page, Some(&found.import)),
        href: found.import.path(),
        address: app.config.http.link("/phieu"),
        until: now + Purpose::Slip.lifetime(),
        slips: made
            .into_iter()
            .map(|(person, code)| SlipView {
                id: format!("ma-{}", person.id),
                name: person.full_name(),
                birth_year: person.birth_year,
                phone: person.phone.as_deref().map(text::phone_shown),
                user_name: person.user_name,
                slip: links::show_slip(&code),
            })
            .collect(),
    };
    page.html("accounts/import_slips", &view)
}
