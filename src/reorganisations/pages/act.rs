//! What is done with a change: confirmed, thrown away, taken back.

use actix_web::{HttpResponse, web};

use super::work_now;
use crate::{
    access::Permission,
    app::App,
    organisations::{actions::changes as tree, model::change::ChangeState, queries::changes},
    platform::{
        error::Result,
        http::{Input, Page},
    },
    reorganisations::{
        actions::{self, Confirmed},
        guards::ManagedChange,
    },
};

pub async fn confirm(app: web::Data<App>, page: Page, found: ManagedChange, input: Input) -> Result<HttpResponse> {
    let (now, by, id) = (app.now(), found.who.actor(), found.change.id);
    let basis = input.text("basis");
    // Roles are granted by those alone who may grant roles.
    let roles: Vec<i64> = match found.who.may(Permission::ManageRoles) {
        true => input.all("role").filter_map(|grant| grant.parse().ok()).collect(),
        false => Vec::new(),
    };
    let confirmed =
        app.db.write("reorganisations.confirm", move |c| actions::confirm(c, &by, now, id, &basis, &roles)).await?;
    if confirmed == Confirmed::Outdated {
        return Ok(page.go_saying(&found.change.path(), "warn", "changes-outdated"));
    }
    let change = app.db.read(move |c| changes::change(c, id)).await?;
    work_now(&app, &change).await?;
    let change = app.db.read(move |c| changes::change(c, id)).await?;
    Ok(match change.state {
        ChangeState::Done => page.go_saying(&change.path(), "good", "changes-done"),
        _ => page.go(&change.path()),
    })
}

pub async fn discard(app: web::Data<App>, page: Page, found: ManagedChange, _: Input) -> Result<HttpResponse> {
    let (now, by, change) = (app.now(), found.who.actor(), found.change);
    app.db.write("reorganisations.discard", move |c| tree::discard(c, &by, now, &change)).await?;
    Ok(page.go_saying(super::LIST, "good", "changes-discarded"))
}

pub async fn undo(app: web::Data<App>, page: Page, found: ManagedChange, _: Input) -> Result<HttpResponse> {
    let (now, by, id) = (app.now(), found.who.actor(), found.change.id);
    app.db.write("reorganisations.undo", move |c| actions::undo(c, &by, now, id)).await?;
    Ok(page.go_saying(&found.change.path(), "good", "changes-undone"))
}
