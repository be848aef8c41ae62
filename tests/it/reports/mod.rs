//! Reports: asked for on a page, made by a job, handed out as files that agree with each other and with the page.

mod compare;
mod faults;
mod files;
mod reach;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use nongcot::access::Role;

use crate::{
    support::{self, Client, TestApp},
    targets_example::{Told, tell},
};

/// What the form holds when nothing is changed in it, with some fields otherwise.
pub fn fields<'a>(others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all: BTreeMap<&str, &str> = [
        ("target", ""),
        ("seal", ""),
        ("kind", "year"),
        ("number", "1"),
        ("year", "2025"),
        ("unit", ""),
        ("view", "recorded"),
        ("superior", "Bộ Khoa học và Công nghệ"),
        ("issuer", "Cục Chuyển đổi số quốc gia"),
        ("place", "Hà Nội"),
        ("causes", "Một số đơn vị gửi danh sách muộn."),
        ("proposals", "Đề nghị các đơn vị hoàn thành trước ngày 15."),
        ("recipients", "Như trên\nLưu: VT"),
        ("signer_lines", "CỤC TRƯỞNG"),
        ("signer_name", "Người ký Minh họa"),
    ]
    .into();
    all.extend(others.iter().copied());
    all.into_iter().collect()
}

/// Asks for a report; its address.
pub async fn ask(browser: &mut Client, fields: &[(&str, &str)]) -> String {
    let asked = browser.post("/bao-cao/moi", fields).await;
    let place = asked.is(303).location();
    assert!(place.starts_with("/bao-cao/"), "{place}");
    place
}

/// The worked example in a running program, and a coordinator in it.
async fn example() -> (TestApp, Told, Client) {
    let app = support::app().await;
    let told = tell(&app.app.db).await;
    let coordinator = app.person_as("Điều phối viên Minh họa", Role::Coordinator, "CDSQG").await;
    let browser = app.sign_in(&coordinator).await;
    (app, told, browser)
}

/// A file of a report, wherever it comes from.
async fn file(browser: &mut Client, place: &str, kind: &str) -> Vec<u8> {
    let reply = browser.get(&format!("{place}/tep/{kind}")).await;
    match reply.status {
        303 => {
            let way = reply.location();
            let kept = browser.get(&way).await;
            kept.is(200);
            kept.bytes
        }
        _ => reply.is(200).bytes.clone(),
    }
}

/// The report of these fields, made.
async fn made(app: &TestApp, browser: &mut Client, others: &[(&str, &str)]) -> String {
    let place = ask(browser, &fields(others)).await;
    let waits = browser.get(&place).await;
    waits.is(200).says("Đang chờ lập");
    assert_eq!(waits.header("refresh"), "2", "the page looks again by itself");
    app.run_jobs().await;
    let done = browser.get(&place).await;
    done.is(200).says("Đã lập");
    assert_eq!(done.header("refresh"), "");
    place
}

fn later(app: &TestApp) {
    app.later(TimeDelta::minutes(10));
}
