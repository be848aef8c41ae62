//! Classes held outside the system through their pages: entered with the signed roster, confirmed by somebody else, counted then.

use nongcot::{
    access::{Actor, Role},
    accounts::{actions as accounts, model::Person},
    targets::{actions, queries},
};
use reqwest::Method;

use crate::support::{self, Client, TestApp, classes, client::Reply};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";
const MULTIPART: (&str, &str) = ("content-type", "multipart/form-data; boundary=vach");

struct World {
    app: TestApp,
    first: Client,
    second: Client,
    elsewhere: Client,
    coordinator: Client,
    /// Two of P15 with user names an.mot and an.hai; one of P24, xa.ba.
    people: Vec<Person>,
}

async fn world() -> World {
    let app = support::app().await;
    let officer = app.person_as("Cán bộ Minh họa Một", Role::Officer, "P15-2025").await;
    let other = app.person_as("Cán bộ Minh họa Hai", Role::Officer, "P15-2025").await;
    let far = app.person_as("Cán bộ Minh họa Ba", Role::Officer, "P24-2025").await;
    let coordinator = app.person_as("Điều phối Minh họa", Role::Coordinator, "CDSQG").await;
    let now = app.app.now();
    app.write(move |c| {
        classes::bring_in(c, now, &classes::kt01())?;
        actions::seed_definitions(c, &Actor::system(), now)?;
        actions::seed_illustration(c, &Actor::system(), now, 20, &["KT-01"]).map(drop)
    })
    .await;
    let mut people = Vec::new();
    for (name, user, unit) in [
        ("Học viên An", "an.mot", "P15-2025"),
        ("Học viên Ánh", "an.hai", "P15-2025"),
        ("Học viên Xa", "xa.ba", "P24-2025"),
    ] {
        people.push(
            app.write(move |c| {
                let mut new = nongcot::accounts::model::NewPerson::named(name);
                new.user_name = Some(user.to_owned());
                let person = accounts::create_person(c, &Actor::system(), now, &new)?;
                let unit = support::unit_id(c, unit)?;
                let since = chrono::NaiveDate::from_ymd_opt(2025, 8, 1).expect("a day");
                let place = nongcot::accounts::model::NewMembership {
                    unit,
                    position: "Chuyên viên".to_owned(),
                    category: nongcot::access::Category::Technology,
                    from: since,
                };
                accounts::join_unit(c, &Actor::system(), now, person.id, &place)?;
                Ok(person)
            })
            .await,
        );
    }
    let (first, second, elsewhere, coordinator) = (
        app.sign_in(&officer).await,
        app.sign_in(&other).await,
        app.sign_in(&far).await,
        app.sign_in(&coordinator).await,
    );
    World { app, first, second, elsewhere, coordinator, people }
}

async fn send(browser: &mut Client, fields: &[(&str, &str)], file: Option<&[u8]>) -> Reply {
    let token = browser.token().await;
    let mut body = Vec::new();
    for (field, value) in [("_csrf", token.as_str())].iter().chain(fields) {
        body.extend(format!("--vach\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
    }
    let name = if file.is_some() { "danh-sach.pdf" } else { "" };
    body.extend(
        format!(
            "--vach\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/pdf\r\n\r\n"
        )
        .bytes(),
    );
    body.extend(file.unwrap_or_default());
    body.extend(b"\r\n--vach--\r\n");
    let headers = [MULTIPART, ("sec-fetch-site", "same-origin")];
    browser.send(Method::POST, "/lop-ngoai/moi", &headers, Some(body)).await
}

fn form<'a>(people: &'a str, organiser: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("course", "KT-01"),
        ("organiser", organiser),
        ("first_day", "05/10/2026"),
        ("last_day", "07/10/2026"),
        ("decision", "Quyết định số 12/QĐ-MH ngày 01/10/2026"),
        ("people", people),
    ]
}

async fn counted(app: &TestApp) -> i64 {
    app.read(|c| {
        let target = queries::by_code(c, "minh-hoa-2026")?;
        Ok(queries::split(c, target.id, target.period(), &queries::Scope::Nation)?.total.turns)
    })
    .await
}

#[actix_web::test]
async fn a_class_counts_when_somebody_else_has_confirmed_it() {
    let mut w = world().await;
    let entered = send(&mut w.first, &form("an.mot\n\n an.hai ", "P15-2025"), Some(PDF)).await;
    entered.is(303);
    let path = entered.location();
    let page = w.first.get(&path).await;
    page.is(200).says("Học viên Ánh").says("Chờ xác nhận").says("Lớp chờ người thứ hai xác nhận");
    assert_eq!(counted(&w.app).await, 0);
    // The one who entered it is not the second person, and no other agency sees it.
    w.first.post(&format!("{path}/xac-nhan"), &[]).await.is(409);
    w.elsewhere.get(&path).await.is(404);
    w.elsewhere.get(&format!("{path}/danh-sach-ky")).await.is(404);
    w.elsewhere.post(&format!("{path}/xac-nhan"), &[]).await.is(404);
    w.elsewhere.get("/lop-ngoai").await.is(200).says("Chưa có lớp nào");
    assert_eq!(counted(&w.app).await, 0);
    // Whoever can be the second person is told, and nobody else.
    let waits = "cần người thứ hai xác nhận";
    w.second.get("/thong-bao").await.is(200).says("Tỉnh Lào Cai nhập một lớp").says(waits).says(&path);
    for browser in [&mut w.first, &mut w.elsewhere, &mut w.coordinator] {
        browser.get("/thong-bao").await.is(200).says_not(waits);
    }

    let roster = w.second.get(&format!("{path}/danh-sach-ky")).await;
    assert_eq!(roster.status, 303);
    w.second.get("/lop-ngoai?xem=cho").await.is(200).says("1 lớp");
    w.second.post(&format!("{path}/xac-nhan"), &[]).await.is(303);
    assert_eq!(counted(&w.app).await, 2);
    w.first.get("/thong-bao").await.is(200).says("đã được xác nhận và được tính");
    w.second.get(&path).await.is(200).says("Đã xác nhận").says("Hoàn thành").says_not("Chờ xác nhận");
    w.second.get("/lop-ngoai?xem=cho").await.is(200).says("Chưa có lớp nào");
    // A second click changes nothing.
    w.second.post(&format!("{path}/xac-nhan"), &[]).await.is(409);

    // One result is taken back by those who decide about records, with a reason; officers may not.
    let void = format!("{path}/huy?nguoi={}", w.people[0].code);
    w.second.get(&void).await.is(403);
    w.coordinator.get(&void).await.is(200).says("Học viên An");
    let code = w.people[0].code.clone();
    w.coordinator.post(&format!("{path}/huy"), &[("nguoi", &code), ("reason", " ")]).await.is(422).says("Ghi lý do");
    w.coordinator.post(&format!("{path}/huy"), &[("nguoi", &code), ("reason", "Vắng một ngày")]).await.is(303);
    assert_eq!(counted(&w.app).await, 1);
    w.coordinator.get(&path).await.is(200).says("Đã hủy");
    let faults = w.app.read(queries::verify).await;
    assert_eq!(faults, Vec::<String>::new());
}

#[actix_web::test]
async fn faults_stand_beside_their_fields_and_nothing_is_kept() {
    let mut w = world().await;
    // Whether somebody of another agency is known here is not said: line 2 is theirs, line 3 is nobody's.
    let refused = send(&mut w.first, &form("an.mot\nxa.ba\nkhong.co", "P15-2025"), Some(PDF)).await;
    refused.is(422).says("Dòng 2, 3: không có người này").says("12/QĐ-MH").says("an.mot");
    send(&mut w.first, &form("an.mot", "P24-2025"), Some(PDF)).await.is(422).says("Không có đơn vị nào có mã này");
    send(&mut w.first, &form("an.mot", "P15-2025"), None).await.is(422).says("05/10/2026");
    send(&mut w.first, &form("an.mot\nan.mot", "P15-2025"), Some(PDF)).await.is(422).says("đứng hai lần");
    send(&mut w.first, &form("", "P15-2025"), Some(PDF)).await.is(422).says("Danh sách chưa có ai");
    let mut late = form("an.mot", "P15-2025");
    late[3] = ("last_day", "31/12/2026");
    send(&mut w.first, &late, Some(PDF)).await.is(422).says("Lớp chưa kết thúc");
    w.first.get("/lop-ngoai").await.is(200).says("Chưa có lớp nào");
    let files: i64 = w
        .app
        .read(|c| {
            use diesel::prelude::*;
            use nongcot::platform::db::schema::files;
            Ok(files::table.filter(files::kind.eq("rosters")).count().get_result(c)?)
        })
        .await;
    assert_eq!(files, 0);
    // The coordinator names anybody; the same people twice on one day is the same class.
    send(&mut w.coordinator, &form("an.mot\nxa.ba", "CDSQG"), Some(PDF)).await.is(303);
    send(&mut w.first, &form("an.mot", "P15-2025"), Some(PDF)).await.is(422).says("đã có trong một lớp khác");
}

#[actix_web::test]
async fn a_refused_class_stays_on_record_with_its_reason() {
    let mut w = world().await;
    let path = send(&mut w.first, &form("an.mot", "P15-2025"), Some(PDF)).await.location();
    w.second.post(&format!("{path}/tu-choi"), &[("reason", "")]).await.is(422).says("Ghi lý do");
    w.second.post(&format!("{path}/tu-choi"), &[("reason", "Danh sách không khớp")]).await.is(303);
    w.first.get(&path).await.is(200).says("Không xác nhận").says("Danh sách không khớp");
    assert_eq!(counted(&w.app).await, 0);
    // Then it may be entered again, rightly.
    send(&mut w.first, &form("an.mot", "P15-2025"), Some(PDF)).await.is(303);
}
