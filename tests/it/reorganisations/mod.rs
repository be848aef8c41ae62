//! Changes of organisation through the pages: the preview, the change, the way back, and the history of 2025 and 2026 replayed.

mod far;
mod pages;
mod replay;
mod undo;

use chrono::NaiveDate;
use diesel::prelude::*;
use nongcot::{
    access::Role,
    accounts::model::Person,
    platform::db::schema::{memberships, role_grants, unit_placements, unit_successions, units},
};

use crate::support::{Client, Reply, TestApp};

/// The document that every change here goes by.
const DOCUMENT: [(&str, &str); 3] = [("number", "12/QĐ-MH"), ("dated", "01/10/2026"), ("issuer", "Cơ quan Minh họa")];

/// A change of that kind, prepared; the page of its preview.
pub async fn prepare(browser: &mut Client, kind: &str, on: &str, fields: &[(&str, &str)]) -> String {
    let reply = send(browser, kind, on, fields).await;
    reply.is(303);
    reply.location()
}

async fn send(browser: &mut Client, kind: &str, on: &str, fields: &[(&str, &str)]) -> Reply {
    let mut all = vec![("loai", kind), ("on", on)];
    all.extend(DOCUMENT.iter().filter(|(name, _)| !fields.iter().any(|(other, _)| other == name)));
    all.extend(fields);
    browser.post("/don-vi/thay-doi/moi", &all).await
}

/// What the preview asks to be confirmed.
fn basis(page: &str) -> String {
    let found = page.split("name=\"basis\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    found.unwrap_or_else(|| panic!("no preview in\n{page}")).to_owned()
}

async fn confirm(browser: &mut Client, path: &str, roles: &[&str]) -> Reply {
    let page = browser.get(path).await;
    page.is(200);
    let basis = basis(&page.text());
    let mut fields = vec![("basis", basis.as_str())];
    fields.extend(roles.iter().map(|role| ("role", *role)));
    browser.post(&format!("{path}/xac-nhan"), &fields).await
}

/// Prepared, confirmed and done.
async fn change(browser: &mut Client, kind: &str, on: &str, fields: &[(&str, &str)]) -> String {
    let path = prepare(browser, kind, on, fields).await;
    confirm(browser, &path, &[]).await.is(303);
    browser.get(&path).await.is(200).says("Đã thực hiện");
    path
}

async fn administrator(app: &TestApp) -> Client {
    let person = app.person_as("Quản trị Minh họa", Role::Administrator, "BKHCN-2025").await;
    app.sign_in(&person).await
}

type Row = Vec<String>;

/// Every row that a change of organisation may touch, as text.
async fn everything(app: &TestApp) -> Vec<Row> {
    app.read(|c| {
        let mut all: Vec<Row> = Vec::new();
        type UnitRow = (i64, String, String, String, String, Option<NaiveDate>, Option<NaiveDate>);
        let rows: Vec<UnitRow> = units::table
            .order(units::id)
            .select((
                units::id,
                units::code,
                units::name_vi,
                units::name_en,
                units::kind,
                units::valid_from,
                units::valid_to,
            ))
            .load(c)?;
        all.extend(rows.into_iter().map(|row| vec![format!("{row:?}")]));
        type Placed = (i64, i64, i64, Option<NaiveDate>, Option<NaiveDate>);
        let rows: Vec<Placed> = unit_placements::table.order(unit_placements::id).load(c)?;
        all.extend(rows.into_iter().map(|row| vec![format!("placement {row:?}")]));
        let rows: Vec<(i64, i64, i64, i32)> = unit_successions::table.order(unit_successions::id).load(c)?;
        all.extend(rows.into_iter().map(|row| vec![format!("succession {row:?}")]));
        type Member = (i64, i64, i64, String, String, NaiveDate, Option<NaiveDate>, Option<i64>, Option<i64>);
        let rows: Vec<Member> = memberships::table
            .order(memberships::id)
            .select((
                memberships::id,
                memberships::person_id,
                memberships::unit_id,
                memberships::position,
                memberships::category,
                memberships::valid_from,
                memberships::valid_to,
                memberships::change_id,
                memberships::continues_id,
            ))
            .load(c)?;
        all.extend(rows.into_iter().map(|row| vec![format!("membership {row:?}")]));
        let rows: Vec<(i64, i64, String, Option<i64>, bool)> = role_grants::table
            .order(role_grants::id)
            .select((
                role_grants::id,
                role_grants::person_id,
                role_grants::role,
                role_grants::unit_id,
                role_grants::ended_at.is_null(),
            ))
            .load(c)?;
        all.extend(rows.into_iter().map(|row| vec![format!("role {row:?}")]));
        Ok(all)
    })
    .await
}

/// Where somebody worked: the codes of units with the days.
async fn places(app: &TestApp, person: &Person) -> Vec<(String, String, Option<String>)> {
    let id = person.id;
    app.read(move |c| {
        let rows: Vec<(String, NaiveDate, Option<NaiveDate>)> = memberships::table
            .inner_join(units::table)
            .filter(memberships::person_id.eq(id))
            .order((memberships::valid_from.asc(), memberships::id.asc()))
            .select((units::code, memberships::valid_from, memberships::valid_to))
            .load(c)?;
        let text = |day: NaiveDate| day.to_string();
        Ok(rows.into_iter().map(|(unit, from, to)| (unit, text(from), to.map(text))).collect())
    })
    .await
}

fn place(unit: &str, from: &str, to: &str) -> (String, String, Option<String>) {
    (unit.to_owned(), from.to_owned(), Some(to.to_owned()).filter(|to| !to.is_empty()))
}
